package psirt

import (
	"slices"
	"strings"
	"time"

	"theriac/model"
)

// State is where a clock stands.
type State string

// The states. A clock that is running may have no number of days: then it is due
// without delay and never overdue.
const (
	Overdue       State = "overdue"        // the time is over and nothing is recorded
	DueSoon       State = "due-soon"       // the last quarter of the time has begun
	Unanswered    State = "unanswered"     // nobody said whether the duty applies; it runs as if it did
	Running       State = "running"        // in time
	Late          State = "late"           // done, too late
	Met           State = "met"            // done in time
	NotApplicable State = "not-applicable" // the file says why
)

// Clock is a time limit of a case.
type Clock struct {
	Case *model.Case
	Key  string // what it is for, one of each in a case: serious-incident.reported, own.fixed
	Name string // what is to be done, in words
	Duty model.Duty
	Step model.StepKind // what stops it

	Clause string   // as a reader cites it, for example MDR Art. 87(3); "" for the manufacturer's own limit
	Law    []string // ids of catalogue entries

	From     time.Time
	Due      time.Time // last second that is in time; zero where the text sets no number
	Extended time.Time // where Regulation 1182/71 would end it later; zero where not
	Done     model.Moment
	State    State
	Open     bool   // something is left to do, or to wait for
	Asked    bool   // the duty is not answered yet
	How      string // how it was counted, in a sentence
}

// Clocks lists the clocks of a case, in the order of the law and then the
// manufacturer's own. A case without awareness has none.
func Clocks(file *model.File, c *model.Case, now time.Time) []Clock {
	if c.Aware.IsZero() {
		return nil
	}
	r := newRun(file, c, now)
	r.vigilance()
	r.fieldAction()
	r.trend()
	r.entity()
	r.resilience()
	r.breach()
	r.own()
	r.embargo()
	return r.clocks
}

// OpenCases are the cases that are not closed, in the order of the file.
func OpenCases(file *model.File) []*model.Case {
	return slices.DeleteFunc(slices.Clone(file.Cases), func(c *model.Case) bool { return !c.Closed.IsZero() })
}

// Agenda lists the clocks with something left to do, what is due next first and what
// has no number last.
func Agenda(clocks []Clock) []Clock {
	open := slices.DeleteFunc(slices.Clone(clocks), func(c Clock) bool { return !c.Open })
	slices.SortStableFunc(open, Clock.compare)
	return open
}

// compare orders clocks by what is due next.
func (c Clock) compare(other Clock) int {
	switch {
	case c.Due.IsZero() != other.Due.IsZero():
		if c.Due.IsZero() {
			return 1
		}
		return -1
	case !c.Due.Equal(other.Due):
		return c.Due.Compare(other.Due)
	}
	return strings.Compare(c.Case.ID+" "+c.Key, other.Case.ID+" "+other.Key)
}

// run makes the clocks of one case.
type run struct {
	file   *model.File
	c      *model.Case
	now    time.Time
	zone   *time.Location
	hand   model.VulnerabilityHandling // empty where the file has none
	ivdr   bool
	clocks []Clock
}

func newRun(file *model.File, c *model.Case, now time.Time) *run {
	r := &run{file: file, c: c, now: now, zone: time.UTC}
	if file.VulnerabilityHandling != nil {
		r.hand = *file.VulnerabilityHandling
		r.zone = r.hand.TimeZone.Location()
	}
	r.ivdr = file.Product != nil && file.Product.Regulation == model.IVDR
	return r
}

// Zone is the time zone in which days are counted; UTC where the file names none.
func Zone(file *model.File) *time.Location {
	if v := file.VulnerabilityHandling; v != nil {
		return v.TimeZone.Location()
	}
	return time.UTC
}

// answer is what the case says of a duty; the last entry counts.
func (r *run) answer(d model.Duty) (model.Reportable, bool) {
	for _, a := range slices.Backward(r.c.Reporting) {
		if a.Duty == d {
			return a, true
		}
	}
	return model.Reportable{Duty: d}, false
}

// aware is when the manufacturer became aware of what has to be reported.
func (r *run) aware(d model.Duty) time.Time {
	if a, ok := r.answer(d); ok && !a.Aware.IsZero() {
		return a.Aware.Time()
	}
	return r.c.Aware.Time()
}

// first is the earliest step of one of the kinds that speaks of one of the duties;
// no duties means any.
func (r *run) first(duties []model.Duty, kinds ...model.StepKind) model.Moment {
	var found model.Moment
	for _, s := range r.c.Steps {
		if !slices.Contains(kinds, s.Step) || s.At.IsZero() || len(duties) > 0 && !slices.Contains(duties, s.Duty) {
			continue
		}
		if found.IsZero() || s.At.Time().Before(found.Time()) {
			found = s.At
		}
	}
	return found
}

// limited is a clock with a number of days, hours or months from a moment.
func (r *run) limited(k Clock, p Period, extends bool) Clock {
	k.Due = p.End(k.From, r.zone)
	k.How = told(p, k.From, r.zone)
	if extends {
		if later := p.Extended(k.From, r.zone, r.hand.Holidays); later.After(k.Due) {
			k.Extended = later
		}
	}
	return k
}

func told(p Period, from time.Time, zone *time.Location) string {
	switch {
	case !p.calendar():
		return p.String() + " of elapsed time from " + Show(from, zone)
	case p.SameDay:
		return "until the end of " + from.In(zone).Format("2006-01-02") + " in " + zone.String()
	}
	count := "calendar days"
	if p.Months > 0 {
		count = "calendar months"
	}
	return p.String() + " from " + from.In(zone).Format("2006-01-02") + ", which is not counted; " + count + " in " + zone.String()
}

// add enters a clock and finds out where it stands.
func (r *run) add(k Clock) {
	k.Case = r.c
	if k.State == "" {
		k.State, k.Open = r.state(k)
	}
	if k.Asked && k.Open {
		k.How = join(k.How, "nobody has said whether the duty applies, so it runs as if it did")
	}
	r.clocks = append(r.clocks, k)
}

func (r *run) state(k Clock) (state State, open bool) {
	done := k.Done.Time()
	switch {
	case !k.Done.IsZero() && !k.Due.IsZero() && done.After(k.Due):
		return Late, false
	case !k.Done.IsZero():
		return Met, false
	case !k.Due.IsZero() && r.now.After(k.Due):
		return Overdue, true
	case !k.Due.IsZero() && !r.now.Before(k.Due.Add(-k.Due.Sub(k.From)/4)):
		return DueSoon, true
	case k.Asked:
		return Unanswered, true
	}
	return Running, true
}

func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// NeedsDuty tells whether a step counts only with the duty that it meets.
func NeedsDuty(step model.StepKind) bool {
	return slices.Contains([]model.StepKind{"early-warning", "reported", "follow-up", "final-report"}, step)
}
