package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/model"
	"theriac/triage"
)

// changesSection tells what is new: since the comparison before the last, since the last,
// and in the period of the report.
func (r *fieldReport) changesSection() *document.Section {
	s := r.Section("field-changes", r.Say("What changed"))
	record := r.record.Record
	t := &document.Table{ID: "field-changes-table", Caption: r.Say("Changes, as of %s", r.Day), Columns: []document.Column{
		columnOf(r.Say("What"), 5), columnOf(r.Say("Figure"), 1.4, document.Figure), columnOf(r.Say("Which"), 5, document.Code),
	}}
	add := func(text string, which *names) {
		t.Rows = append(t.Rows, document.Row{Source: document.Source{Path: triage.RecordFile, Line: 1}, Cells: []document.Cell{
			document.W(text), document.N(len(which.list)), r.counted(which)}})
	}
	var last, period, again names
	kept := 0
	for _, g := range vulnerabilitiesOf(r.scansInUse()) {
		first, name := earliest(g.all), r.names.name(g.first.Finding.ID)
		if slices.ContainsFunc(g.all, func(v triage.Verdict) bool { return keptBack(r.names.embargo, v) != nil }) {
			kept++
			name = r.Say("under embargo (%d)", kept)
		}
		if first == record.Day {
			last.add(name)
		}
		if r.inPeriod(first) {
			period.add(name)
		}
		if standings[g.state].name == "open again" {
			again.add(name)
		}
	}
	var decided, since names
	for _, d := range r.File.Decisions {
		if r.inPeriod(d.Date) {
			decided.add(d.ID)
		}
		if record.Day.Before(d.Date) && !r.Day.Before(d.Date) {
			since.add(d.ID)
		}
	}
	add(r.Say("Vulnerabilities that the last comparison, of %s, was the first to find", record.Day), &last)
	add(r.Say("Vulnerabilities first found in the %s up to %s", r.period(), r.Day), &period)
	add(r.Say("Vulnerabilities of which a decision no longer holds"), &again)
	add(r.Say("Decisions made in the %s up to %s", r.period(), r.Day), &decided)
	add(r.Say("Decisions made after the last comparison"), &since)
	r.releaseChanges(add)
	s.Blocks = append(s.Blocks, t, r.Para("What is no longer found leaves the record of findings (%s). Its former versions, kept under version control, show what that was.", triage.RecordFile))
	return s
}

// releaseChanges tells which releases changed their state in the period.
func (r *fieldReport) releaseChanges(add func(string, *names)) {
	var begun, superseded, ended, withdrawn names
	for _, rel := range r.File.Releases {
		at := rel.Standing(r.Day)
		if r.inPeriod(at.Since) {
			begun.add(rel.Version)
		}
		d := at.By
		if d == nil {
			continue
		}
		if r.inPeriod(d.Superseded) {
			superseded.add(rel.Version)
		}
		if !d.SupportUntil.IsZero() && r.inPeriod(d.SupportUntil.Add(model.MustDuration("1 day"))) {
			ended.add(rel.Version)
		}
		if r.inPeriod(d.Withdrawn) {
			withdrawn.add(rel.Version)
		}
	}
	add(r.Say("Releases that came into the field in the %s up to %s", r.period(), r.Day), &begun)
	add(r.Say("Releases that were superseded in that time"), &superseded)
	add(r.Say("Releases of which support ended in that time"), &ended)
	add(r.Say("Releases that were withdrawn in that time"), &withdrawn)
}

// supportedShare is the share of devices that have a supported release: to be filled in,
// where the file does not count the devices of each release in the field.
func (b *lifeBook) supportedShare() document.Row {
	row := document.Row{Cells: []document.Cell{document.W(b.Say("Share of devices on a supported release")), {}, {}}}
	all, supported := 0, 0
	for _, rel := range b.File.InUse(b.Day) {
		at := rel.Standing(b.Day)
		if at.By == nil || at.By.Units <= 0 {
			return row
		}
		row.Source = b.From(at.By, "units")
		if all += at.By.Units; at.State != model.Unsupported {
			supported += at.By.Units
		}
	}
	if all > 0 {
		row.Cells[1] = document.W(b.Say("%d of %d (%d %%)", supported, all, int(100*float64(supported)/float64(all))))
	}
	return row
}
