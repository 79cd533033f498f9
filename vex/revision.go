package vex

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"theriac/csaf"
	"theriac/model"
)

// maxChanges is how many changes the summary of a revision names.
const maxChanges = 20

// note keeps that something in the document changed on a day.
func (x *export) note(day model.Date, what string) {
	if day.IsZero() || x.Today.Before(day) {
		return
	}
	if x.days == nil {
		x.days = map[string][]string{}
	}
	if on := day.String(); !slices.Contains(x.days[on], what) {
		x.days[on] = append(x.days[on], what)
	}
}

// changed notes the days on which what is told of a decision changed: when it was made,
// when it expired or was opened again, and when the version with its fix came out.
func (x *export) changed(d *model.Decision, s Statement, reopened []string) {
	c := x.ever.OfDecision(d)
	if c == nil {
		c = x.ever.Of(append([]string{s.Vulnerability}, s.Aliases...)...)
	}
	for _, day := range []model.Date{d.Since, d.Date} {
		if c != nil && !day.IsZero() {
			day = laterOf(day, model.DateOf(c.Embargo.Time().UTC())) // when it was told
		}
		x.note(day, s.Vulnerability+" was decided.")
	}
	switch {
	case len(reopened) > 0 && !d.Expires.IsZero() && d.Expires.Before(x.Today):
		x.note(dayAfter(d.Expires), s.Vulnerability+" is looked at again.")
	case len(reopened) > 0:
		x.note(s.Day, s.Vulnerability+" is looked at again.")
	case s.Fix != "" && !s.Planned:
		x.note(csaf.PlannedDay(x.File.Releases, s.Fix), "A fix is out with version "+s.Fix+".")
	}
}

func laterOf(a, b model.Date) model.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func dayAfter(d model.Date) model.Date {
	t, _ := time.Parse(time.DateOnly, d.String()) // a Date is one
	return model.DateOf(t.AddDate(0, 0, 1))
}

// history are the versions of the document that follow from the days on which what it
// tells was decided, so that a document of a later day supersedes one of an earlier.
func (x *export) history() (all []Revision) {
	if len(x.days) == 0 {
		return nil
	}
	first := slices.Min(slices.Collect(maps.Keys(x.days)))
	for _, release := range x.Releases {
		if r := x.release(release); r != nil && r.Date.String() > first {
			x.note(r.Date, "Version "+release+" is out.")
		}
	}
	for _, on := range slices.Sorted(maps.Keys(x.days)) {
		slices.Sort(x.days[on])
		day, _ := model.ParseDate(on) // the form is that of String
		all = append(all, Revision{len(all) + 1, day, summary(x.days[on])})
	}
	return all
}

// summary are changes as one text.
func summary(changes []string) string {
	if more := len(changes) - maxChanges; more > 0 {
		changes = append(slices.Clone(changes[:maxChanges]), fmt.Sprintf("And %d more.", more))
	}
	return strings.Join(changes, " ")
}

// Continue writes a CSAF VEX document as the next version of one that was written
// before: it gets the name, the history and the first day of that one, and a revision of
// its own. Where nothing changed the text is previous itself.
func Continue(d *Document, previous []byte) ([]byte, error) {
	now, err := advisoryOf(d)
	if err != nil {
		return nil, err
	}
	old, last, err := before(now, previous)
	if err != nil {
		return nil, fmt.Errorf("the document before: %w", err)
	}
	was, mine := old.Document.Tracking, now.Document.Tracking
	now.Document.Tracking = was
	text, err := csaf.Encode(now)
	if err != nil || bytes.Equal(text, previous) {
		return previous, err
	}
	// Revisions do not go back in time.
	at, number := max(d.Day.String()+"T00:00:00.000Z", deref(was.CurrentReleaseDate)), gocsaf.RevisionNumber(strconv.Itoa(last+1))
	next := *was
	next.Status, next.Generator, next.CurrentReleaseDate, next.Version = mine.Status, mine.Generator, &at, &number
	next.RevisionHistory = append(slices.Clone(was.RevisionHistory), &gocsaf.Revision{Date: &at, Number: &number, Summary: ptr(summary(differences(old, now)))})
	now.Document.Tracking = &next
	return sound(now)
}

// before reads the document before and the number of its version. It has to be valid and
// of the same publisher.
func before(now *gocsaf.Advisory, previous []byte) (old *gocsaf.Advisory, last int, err error) {
	if err := valid(previous); err != nil {
		return nil, 0, err
	}
	if old, err = csaf.Decode(previous); err != nil {
		return nil, 0, err
	}
	if ns := deref(old.Document.Publisher.Namespace); ns != deref(now.Document.Publisher.Namespace) {
		return nil, 0, fmt.Errorf("it is of %s, another publisher", ns)
	}
	if category := deref(old.Document.Category); category != deref(now.Document.Category) {
		return nil, 0, fmt.Errorf("it is of category %s and no VEX", string(category))
	}
	version := string(deref(old.Document.Tracking.Version))
	if last, err = strconv.Atoi(version); err != nil || last < 0 || last >= maxRevisions {
		return nil, 0, fmt.Errorf("its version %q is no number to count on from", version)
	}
	return old, last, nil
}

// maxRevisions is how many versions a document has at most.
const maxRevisions = 1_000_000

// differences names the vulnerabilities of which two documents say something else.
func differences(old, now *gocsaf.Advisory) (list []string) {
	was, is := said(old), said(now)
	for _, v := range now.Vulnerabilities {
		switch id := idOf(v); {
		case was[id] == "":
			list = append(list, id+" is new.")
		case was[id] != is[id]:
			list = append(list, id+" changed.")
		}
	}
	for _, v := range old.Vulnerabilities {
		if id := idOf(v); is[id] == "" {
			list = append(list, id+" is no longer told.")
		}
	}
	if len(list) == 0 {
		return []string{"The products changed."}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// said is what a document says, by vulnerability.
func said(a *gocsaf.Advisory) map[string]string {
	all := map[string]string{}
	for _, v := range a.Vulnerabilities {
		text, err := json.Marshal(v)
		if err == nil {
			all[idOf(v)] += string(text)
		}
	}
	return all
}

// idOf is the id by which a vulnerability is told.
func idOf(v *gocsaf.Vulnerability) string {
	switch {
	case v == nil:
		return ""
	case v.CVE != nil:
		return string(*v.CVE)
	case len(v.IDs) > 0 && v.IDs[0] != nil:
		return deref(v.IDs[0].Text)
	}
	return ""
}
