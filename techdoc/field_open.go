package techdoc

import (
	"cmp"
	"slices"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
	"theriac/triage"
)

// standingAffected is the last of standings of which something is left to do.
const standingAffected = 3

// vulnerability is a vulnerability in components of one or more releases, by how it
// stands where it stands worst.
type vulnerability struct {
	standing
	state     int // index of standings
	exploited bool
	releases  []string
	ids       names
}

// fieldVerdict is how a finding stands in a release.
type fieldVerdict struct {
	triage.Verdict
	release string
}

// vulnerabilitiesOf are the vulnerabilities of scans, each once, what is urgent first.
func vulnerabilitiesOf(scans []check.TriagedScan) (list []*vulnerability) {
	at := map[string]*vulnerability{}
	var all []fieldVerdict
	var order []string // of releases
	for _, s := range scans {
		order = append(order, s.Release)
		for _, v := range s.Verdicts {
			all = append(all, fieldVerdict{v, s.Release})
		}
	}
	slices.SortStableFunc(all, func(a, b fieldVerdict) int { return triage.Urgency(a.Verdict, b.Verdict) })
	for _, v := range all {
		key, state := strings.ToLower(v.Finding.ID), standingOf(v.Verdict)
		g := at[key]
		if g == nil {
			g = &vulnerability{standing: standing{first: v.Verdict}, state: state}
			g.ids.add(v.Finding.ID)
			at[key] = g
			list = append(list, g)
		}
		g.all, g.state, g.exploited = append(g.all, v.Verdict), min(g.state, state), g.exploited || v.Finding.KEV
		if !slices.Contains(g.releases, v.release) {
			g.releases = append(g.releases, v.release)
		}
	}
	for _, g := range list {
		slices.SortFunc(g.releases, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
	}
	return list
}

// byDecision folds what affects the same releases by the same decisions into one.
func byDecision(all []*vulnerability) (list []*vulnerability) {
	at := map[string]*vulnerability{}
	for _, g := range all {
		if g.state != standingAffected {
			list = append(list, g)
			continue
		}
		key := strings.Join(g.releases, "\x00")
		for _, d := range decisionsOf(g.all) {
			key += "\x00" + d.ID
		}
		one := at[key]
		if one == nil {
			at[key] = g
			list = append(list, g)
			continue
		}
		one.ids.add(g.first.Finding.ID)
		one.all, one.exploited = append(one.all, g.all...), one.exploited || g.exploited
	}
	return list
}

// scansInUse are those of the releases in use.
func (r *fieldReport) scansInUse() (list []check.TriagedScan) {
	for _, one := range r.inUse {
		list = append(list, one.scans...)
	}
	return list
}

// openSection lists what is not settled in any release in use, with who has to act and
// until when.
func (r *fieldReport) openSection() *document.Section {
	s := r.Section("field-open", r.Say("What is open"),
		r.Para("These vulnerabilities wait for a decision, are looked into, or affect a release. The day follows from the manufacturer's own time limit for the severity, counted from the day on which the finding was first seen: until exposure is known, and where a release is affected, until a correction or mitigation is out. What the same decision says is affected stands in one row. Clocks of cases stand with the open cases."))
	t := &document.Table{ID: "field-open-table", Caption: r.Say("Vulnerabilities that are not settled, what is urgent first"), Wide: true, Columns: []document.Column{
		columnOf(r.Say("Vulnerability"), 2.4, document.Code), columnOf(r.Say("Component"), 3.4, document.Code), columnOf(r.Say("Releases"), 1.6), columnOf(r.Say("Severity"), 1.6), columnOf(r.Say("Exploitation"), 2.4),
		columnOf(r.Say("First seen"), 1.5, document.Date), columnOf(r.Say("How it stands"), 2.2, document.State), columnOf(r.Say("Who"), 2), columnOf(r.Say("Until"), 1.7, document.State),
	}}
	open := slices.DeleteFunc(vulnerabilitiesOf(r.scansInUse()), func(g *vulnerability) bool { return g.state > standingAffected })
	all := len(open)
	open = slices.DeleteFunc(open, func(g *vulnerability) bool {
		return slices.ContainsFunc(g.all, func(v triage.Verdict) bool { return keptBack(r.names.embargo, v) != nil })
	})
	if n := all - len(open); n > 0 {
		s.Blocks = append(s.Blocks, r.Para("Kept back until an embargo ends: %s.", plural(n, "vulnerability", "vulnerabilities")))
	}
	untold := r.inNoCase(open)
	open = byDecision(open)
	for i, g := range open {
		if i == maxScanRows {
			t.Rows = append(t.Rows, document.Row{Cells: append([]document.Cell{document.Lines(r.more(len(open) - i))}, make([]document.Cell, len(t.Columns)-1)...)})
			break
		}
		t.Rows = append(t.Rows, r.openRow(g))
	}
	if len(open) > 0 || all == 0 {
		r.tableOr(s, t, "Each finding in the releases in the field is settled: not affected, fixed, or taken back by its advisory.")
	}
	if len(untold) > 0 {
		s.Blocks = append(s.Blocks, r.Para("Affects a release and is in no case, and so in no advisory that a case names: %s.", strings.Join(untold, ", ")))
	}
	return s
}

// inNoCase are the names of vulnerabilities that affect a release and that no case names,
// itself or by the decision.
func (r *fieldReport) inNoCase(open []*vulnerability) []string {
	ids, decisions := map[string]bool{}, map[*model.Decision]bool{}
	for _, c := range r.File.Cases {
		for _, id := range c.Vulnerabilities {
			ids[strings.ToLower(id)] = true
		}
		for d := range model.Targets(c.Decisions) {
			decisions[d] = true
		}
	}
	var list names
	for _, g := range open {
		known := slices.ContainsFunc(g.all, func(v triage.Verdict) bool {
			return decisions[v.Decision] || slices.ContainsFunc(v.Finding.IDs(), func(id string) bool { return ids[strings.ToLower(id)] })
		})
		if g.state == standingAffected && !known {
			list.add(r.names.name(g.first.Finding.ID))
		}
	}
	return list.list
}

func (r *fieldReport) openRow(g *vulnerability) document.Row {
	f, state := g.first.Finding, standings[g.state]
	var components names
	for _, v := range g.all {
		components.add(v.Finding.Component.String())
	}
	stands := document.C(document.Badge(state.tone, r.Say(state.name)))
	for _, d := range decisionsOf(g.all) {
		stands.Lines = append(stands.Lines, document.Text{r.ID(d)})
		if day := r.plannedDay(d.Fix); d.Fix != "" && r.releaseWith(d.Fix) == nil && !day.IsZero() {
			stands.Lines = append(stands.Lines, document.T("%s", r.Say("%s planned for %s", clipped(d.Fix), day)))
		} else if d.Fix != "" && r.releaseWith(d.Fix) == nil {
			stands.Lines = append(stands.Lines, document.T("%s", r.Say("%s planned, day not stated", clipped(d.Fix))))
		}
	}
	f.KEV = g.exploited
	return document.Row{Source: document.Source{Path: triage.RecordFile, Line: r.lineOf(g)}, Cells: []document.Cell{
		r.counted(&g.ids), r.counted(&components), document.W(clipped(strings.Join(g.releases, ", "))), document.W(r.Say(cmp.Or(gravest(g.all), "not rated"))), r.exploitation(f),
		r.day(earliest(g.all)), stands, r.whoActs(g), r.dueCell(g)}}
}

// lineOf is the line of the record with the most urgent finding of a vulnerability.
func (r *fieldReport) lineOf(g *vulnerability) int {
	for _, s := range r.scansInUse() {
		if line := r.record.Record.LineOf(s.Scan, g.first.Finding); line > 0 {
			return line
		}
	}
	return 1
}

// decisionsOf are the decisions about findings, the first few, each once.
func decisionsOf(all []triage.Verdict) (list []*model.Decision) {
	for _, v := range all {
		if v.Decision != nil && !slices.Contains(list, v.Decision) && len(list) < few {
			list = append(list, v.Decision)
		}
	}
	return list
}

// whoActs is who watches the components, else who answers for vulnerabilities.
func (r *fieldReport) whoActs(g *vulnerability) document.Cell {
	var names []string
	for _, v := range g.all {
		for _, c := range triage.ComponentsOf(r.File, v.Finding.Component) {
			if c.Owner != "" && !slices.Contains(names, c.Owner) && len(names) < few {
				names = append(names, c.Owner)
			}
		}
	}
	if v := r.File.VulnerabilityHandling; len(names) == 0 && v != nil {
		return r.Or(v.Owner)
	}
	return r.Or(clipped(strings.Join(names, ", ")))
}

// gravest is the gravest severity that somebody gave to findings; "" where nobody did.
func gravest(all []triage.Verdict) string {
	best := len(recordedSeverities) - 1
	for _, v := range all {
		if at := slices.Index(recordedSeverities, v.Finding.Severity); at >= 0 {
			best = min(best, at)
		}
	}
	return recordedSeverities[best]
}

// dueDay is the day until which something is to be done, by the manufacturer's own limit;
// zero where none says when.
func (r *fieldReport) dueDay(g *vulnerability) (due model.Date) {
	v, first := r.File.VulnerabilityHandling, earliest(g.all)
	if v == nil || first.IsZero() {
		return due
	}
	of := func(l model.TimeLimit) model.Duration { return l.Assess }
	if g.state == standingAffected {
		of = func(l model.TimeLimit) model.Duration { return l.Fix }
	}
	severity := gravest(g.all)
	if g.state == standingAffected && severity == "" {
		return due // nobody rated it, so no limit says when
	}
	limit := limitFor(v, severity, of)
	if limit.IsZero() {
		return due
	}
	return first.Add(limit)
}

// dueCell is that day, with a badge where it has passed.
func (r *fieldReport) dueCell(g *vulnerability) document.Cell {
	due := r.dueDay(g)
	if due.IsZero() {
		return r.Or("")
	}
	c := document.On(due.String())
	if due.Before(r.Day) {
		c.Lines = append(c.Lines, document.Text{document.Badge(document.Bad, r.Say("overdue"))})
	}
	return c
}

// limitFor is the time limit for a severity; the shortest where nobody rated it. Zero
// where none is stated.
func limitFor(v *model.VulnerabilityHandling, severity string, of func(model.TimeLimit) model.Duration) (limit model.Duration) {
	if i := limitOf(v, severity); i >= 0 {
		return of(v.TimeLimits[i])
	}
	for _, l := range v.TimeLimits {
		if d := of(l); severity == "" && !d.IsZero() && (limit.IsZero() || limit.Longer(d)) {
			limit = d
		}
	}
	return limit
}
