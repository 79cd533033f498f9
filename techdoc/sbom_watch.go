package techdoc

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/evidence"
	"theriac/model"
)

// watch says how new vulnerabilities are found, and what is to be done next.
func (r *softwareReport) watch() *document.Section {
	s := r.Section("watch", r.Say("Watch and next steps"))
	v := r.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, r.Gap(nil, "", r.Say("how vulnerabilities are found and handled")))
	} else {
		s.Blocks = append(s.Blocks, r.watchTerms(v), r.limitTable(v))
	}
	t := &document.Table{ID: "steps", Caption: r.Say("Next steps, as of %s", r.Day), Columns: []document.Column{
		{Title: r.Say("What"), Width: 6}, {Title: r.Say("By"), Width: 2, Kind: document.Date}, {Title: r.Say("Who"), Width: 2.4}, {Title: r.Say("State"), Width: 1.6, Kind: document.State},
	}}
	for _, step := range r.steps() {
		t.Rows = append(t.Rows, r.stepRow(step))
	}
	r.tableOr(s, t, "Nothing is to be done that follows from what is known.")
	return s
}

func (r *softwareReport) watchTerms(v *model.VulnerabilityHandling) *document.Terms {
	terms := &document.Terms{}
	add := func(name, field string, blocks ...document.Block) {
		terms.Terms = append(terms.Terms, document.Term{Name: document.T("%s", r.Say(name)), Source: r.From(v, field), Blocks: blocks})
	}
	word := func(s string) document.Block { return &document.Paragraph{Text: r.Or(s).Lines[0]} }
	sources := []document.Block{word("")}
	if len(v.Sources) > 0 {
		l := &document.List{}
		for i, text := range v.Sources {
			source := r.From(v, "sources", strconv.Itoa(i))
			l.Items = append(l.Items, document.Item{Source: source, Blocks: []document.Block{document.P(source, document.Span{Text: r.Tell(v, "sources."+strconv.Itoa(i), text)})}})
		}
		sources = []document.Block{l}
	}
	add("What is watched", "sources", sources...)
	add("How often components are compared with new advisories", "interval", word(v.Interval.String()))
	add("Who answers for it", "owner", word(v.Owner))
	add("How severity is judged", "scoring", r.Prose(v, "scoring", v.Scoring, r.Say("how severity is judged"))...)
	add("How the bill of materials is kept", "sbom", r.Prose(v, "sbom", v.SBOM, r.Say("how the bill of materials is kept"))...)
	if v.Plan.OK() {
		add("Plan", "plan", &document.Paragraph{Text: r.DocumentLine(v.Plan.To)})
	}
	return terms
}

// limitTable lists the manufacturer's own time limits.
func (r *softwareReport) limitTable(v *model.VulnerabilityHandling) document.Block {
	if len(v.TimeLimits) == 0 {
		return r.Gap(v, "time-limits", r.Say("time limits for vulnerabilities"))
	}
	t := &document.Table{ID: "limits", Caption: r.Say("Own time limits by severity"), Columns: []document.Column{
		{Title: r.Say("Severity"), Width: 2}, {Title: r.Say("Until the finder has an answer"), Width: 3}, {Title: r.Say("Until exposure is known"), Width: 3}, {Title: r.Say("Until a fix or mitigation is out"), Width: 3},
	}}
	for i, l := range v.TimeLimits {
		t.Rows = append(t.Rows, document.Row{Source: r.From(v, "time-limits", strconv.Itoa(i)), Cells: []document.Cell{
			document.W(l.Severity), r.Or(l.Acknowledge.String()), r.Or(l.Assess.String()), r.Or(l.Fix.String())}})
	}
	return t
}

// nextStep is something that is to be done.
type nextStep struct {
	what   document.Text
	by     model.Date     // zero where no day follows
	every  model.Duration // of what is done again and again
	who    string
	source document.Source
}

// steps follow from support that ends, records with gaps, findings that are open, and
// differences; those with the earliest day come first.
func (r *softwareReport) steps() (list []nextStep) {
	list = append(list, r.supportSteps()...)
	list = append(list, r.findingSteps()...)
	if j := r.joined; j.Usable() {
		if n := len(j.unseen) + len(j.Uncovered()) + len(j.other); n > 0 {
			list = append(list, nextStep{what: document.T("%s", r.Say("bring security file and bill of materials together: %s", plural(n, "difference", "differences"))), who: r.watcher()})
		}
	}
	if v := r.File.VulnerabilityHandling; v != nil && !v.Interval.IsZero() {
		words := r.Say("compare the components with new advisories; no comparison is kept as evidence that counts")
		if last := r.lastComparison(); !last.IsZero() {
			words = r.Say("compare the components with new advisories; last comparison kept as evidence: %s; later comparisons leave no evidence in this file", last)
		}
		list = append(list, nextStep{what: document.T("%s", words), every: v.Interval, who: r.watcher(), source: r.From(v, "interval")})
	}
	slices.SortStableFunc(list, func(a, b nextStep) int { return cmp.Compare(a.rank(), b.rank()) })
	return list
}

// rank orders steps by day; those without one come last.
func (s nextStep) rank() string {
	if s.by.IsZero() {
		return "~"
	}
	return s.by.String()
}

// supportSteps are the components whose makers end their support soon, and those of
// which what IEC 62304 8.1.2 asks for is not stated.
func (r *softwareReport) supportSteps() (list []nextStep) {
	for _, c := range r.soup() {
		var lacking []string
		for _, f := range []struct{ name, value string }{
			{"manufacturer", c.Manufacturer}, {"version", c.Version}, {"end of support", c.SupportUntil.String()}, {"who watches it", c.Owner},
		} {
			if f.value == "" {
				lacking = append(lacking, r.Say(f.name))
			}
		}
		if len(lacking) > 0 {
			list = append(list, nextStep{what: document.Text{{Text: r.Say("state of ")}, r.Name(c), {Text: ": " + strings.Join(lacking, ", ")}}, who: c.Owner, source: r.From(c)})
		}
		if !c.SupportUntil.IsZero() && c.SupportUntil.Before(r.Day.Add(soupSoon)) {
			list = append(list, nextStep{what: document.Text{{Text: r.Say("replace, or take over the maintenance of") + " "}, r.Name(c)}, by: c.SupportUntil, who: c.Owner, source: r.From(c, "support-until")})
		}
	}
	return list
}

// findingSteps are the findings that are open, being analysed, or accepted for a while.
// Time limits count from the day of the scan, since that is when they were known.
func (r *softwareReport) findingSteps() (list []nextStep) {
	for _, f := range r.found {
		if len(list) == maxScanRows {
			break // the table of findings has the rest
		}
		day, limit := firstSeen(f), r.limitOf(f.Severity)
		next := nextStep{what: document.Text{{Text: r.Say("fix or mitigate") + " "}, document.Literal(clipped(f.ID))}, who: r.watcher(), source: document.Source{Evidence: f.by[0].piece.ID}}
		switch f.fate {
		case fateOpen:
			next.by = after(day, limit.Fix)
		case fateTriage:
			next.what[0].Text = r.Say("find out whether the device is exposed to") + " "
			next.by = after(day, limit.Assess)
		case fateAccepted:
			next.what[0].Text = r.Say("look again at the accepted risk of") + " "
			next.by, next.who = f.risk.Acceptance.Until, f.risk.Acceptance.By
		default:
			continue
		}
		list = append(list, next)
	}
	return list
}

// firstSeen is the day of the earliest scan that found something.
func firstSeen(f foundVulnerability) model.Date {
	first := model.DateOf(f.by[0].piece.Statement.Finished)
	for _, s := range f.by[1:] {
		if day := model.DateOf(s.piece.Statement.Finished); day.Before(first) {
			first = day
		}
	}
	return first
}

func (r *softwareReport) watcher() string {
	if v := r.File.VulnerabilityHandling; v != nil {
		return v.Owner
	}
	return ""
}

// after is a day some time later; none where no time is stated.
func after(day model.Date, limit model.Duration) model.Date {
	if limit.IsZero() {
		return model.Date{}
	}
	return day.Add(limit)
}

// limitOf is the manufacturer's time limit for a severity.
func (r *softwareReport) limitOf(s evidence.Severity) model.TimeLimit {
	if v := r.File.VulnerabilityHandling; v != nil {
		for _, l := range v.TimeLimits {
			if strings.EqualFold(l.Severity, string(s)) {
				return l
			}
		}
	}
	return model.TimeLimit{}
}

// lastComparison is the day of the newest scan of components that is kept as evidence;
// zero where none is. That none is newer does not say that nobody compared since.
func (r *softwareReport) lastComparison() (last model.Date) {
	for _, s := range r.scans {
		if day := model.DateOf(s.piece.Statement.Finished); s.ofComponents() && last.Before(day) {
			last = day
		}
	}
	return last
}

func (r *softwareReport) stepRow(s nextStep) document.Row {
	s.what[0].Text = capitalised(s.what[0].Text)
	row := document.Row{Source: s.source, Cells: []document.Cell{{Lines: []document.Text{s.what}}, r.orNone(document.On(s.by.String())), r.Or(s.who), {}}}
	switch {
	case !s.every.IsZero():
		row.Cells[1] = document.W(r.Say("every %s", s.every))
		row.Cells[3] = document.C(document.Badge(document.Neutral, r.Say("goes on")))
	case s.by.IsZero():
		row.Cells[3] = document.C(document.Badge(document.Partly, r.Say("to do")))
	case s.by.Before(r.Day):
		row.Cells[3] = document.C(document.Badge(document.Bad, r.Say("overdue")))
	default:
		row.Cells[3] = document.C(document.Badge(document.Neutral, r.Say("planned")))
	}
	return row
}
