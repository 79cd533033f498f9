package techdoc

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
	"theriac/sbom"
	"theriac/triage"
)

// fieldSection is the section of the vulnerability management plan that reports on the
// releases in the field, to which other documents point.
const fieldSection = "field"

// fieldReport tells of all releases that devices have: how they stand, which
// vulnerabilities are known in them, and what is open.
type fieldReport struct {
	*lifeBook
	record *check.Triaged
	inUse  []fieldRelease // in the order of their days
	others []fieldRelease // withdrawn, or not out yet
	names  *vulnerabilityNames
}

// fieldRelease is a release with how it stands and what was found in it.
type fieldRelease struct {
	*model.Release
	at    model.Standing
	scans []check.TriagedScan
}

func newFieldReport(b *lifeBook) *fieldReport {
	r := &fieldReport{lifeBook: b, record: b.recordOf(), names: b.vulnerabilityNames()}
	for _, rel := range b.File.Releases {
		one := fieldRelease{Release: rel, at: rel.Standing(b.Day)}
		for _, s := range r.record.Scans {
			if s.Release == rel.Version {
				one.scans = append(one.scans, s)
			}
		}
		if one.at.State.InUse() {
			r.inUse = append(r.inUse, one)
		} else {
			r.others = append(r.others, one)
		}
	}
	for _, list := range [][]fieldRelease{r.inUse, r.others} {
		slices.SortStableFunc(list, func(a, b fieldRelease) int { return cmp.Compare(a.at.Since.String(), b.at.Since.String()) })
	}
	return r
}

// releasesInField is the report on the releases in the field.
func (b *lifeBook) releasesInField() *document.Section {
	r := newFieldReport(b)
	s := b.Section(fieldSection, b.Say("Releases in the field and their vulnerabilities"),
		b.cited(b.article(b.byRegulation("Art. 83", "Art. 78")), "Devices are watched as long as they are used, with every release that they have. This section reports how each of these releases stands on %s", b.Day))
	s.Blocks = append(s.Blocks, b.livingRecord()...)
	if len(r.inUse) == 0 {
		s.Blocks = append(s.Blocks, b.Para("On %s no release is in the field.", b.Day))
	}
	if len(r.inUse)+len(r.others) > 0 {
		s.Blocks = append(s.Blocks, r.releaseTable())
	}
	if len(r.inUse) == 0 {
		return s
	}
	if why := r.unknown(); why != "" {
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: b.Say("Not known"), Blocks: []document.Block{b.Para(why, triage.RecordFile)}})
		return s
	}
	s.Blocks = append(s.Blocks, r.dataAge(), r.vulnerabilityTable())
	s.Sections = append(s.Sections, r.openSection(), r.unwatchedSection(), r.cyclesSection(), r.changesSection())
	return s
}

// unknown says why nothing can be told of vulnerabilities; "" where it can.
func (r *fieldReport) unknown() string {
	switch t := r.record; {
	case t.Err != nil:
		return "The record of findings (%s) cannot be read."
	case len(t.Record.Findings) > 0:
		return "Part of the record of findings (%s) cannot be read; none of it is told here."
	case t.Record.Empty():
		return "No comparison of components with advisories is recorded (%s). Which vulnerabilities the releases have is not known."
	case len(t.Scans) == 0:
		return "The record (%s) holds no comparison that could be judged."
	}
	return ""
}

// releaseTable lists the releases, those in use first.
func (r *fieldReport) releaseTable() *document.Table {
	t := &document.Table{ID: "field-releases", Caption: r.Say("Releases, as of %s", r.Day), Wide: true, Columns: []document.Column{
		columnOf(r.Say("Release"), 2.2), columnOf(r.Say("In the field since"), 1.6, document.Date), columnOf(r.Say("State"), 2.6, document.State), columnOf(r.Say("Support until"), 1.6, document.Date),
		columnOf(r.Say("Devices"), 1.8), columnOf(r.Say("Countries"), 1.5), columnOf(r.Say("Components"), 1.6, document.Figure), columnOf(r.Say("Bill of materials"), 4.4, document.Code),
	}}
	for _, part := range []struct {
		title string
		list  []fieldRelease
	}{{r.Say("In the field"), r.inUse}, {r.Say("Not in the field"), r.others}} {
		if len(part.list) > 0 && len(r.others) > 0 {
			t.Rows = append(t.Rows, document.Row{Group: part.title})
		}
		for _, one := range part.list {
			t.Rows = append(t.Rows, r.releaseRow(one))
		}
	}
	return t
}

func (r *fieldReport) releaseRow(one fieldRelease) document.Row {
	source := r.From(one.Release)
	until, units, countries := r.Or(""), r.Or(""), r.Or("")
	if d := one.at.By; d != nil {
		source = r.From(d)
		if !d.SupportUntil.IsZero() {
			until = document.On(d.SupportUntil.String())
		}
		if d.Units > 0 {
			units = document.W(strconv.Itoa(d.Units))
			if !d.Counted.IsZero() {
				units.Lines = append(units.Lines, document.T("%s", r.Say("counted on %s", d.Counted)))
			}
		}
		if len(d.Countries) > 0 {
			countries = document.W(clipped(strings.Join(d.Countries, ", ")))
		}
	}
	if !one.at.State.InUse() {
		until, units, countries = document.Cell{}, document.Cell{}, document.Cell{}
	}
	count, bill := r.billCells(one.Release)
	return document.Row{ID: "field-" + one.ID, Source: source, Cells: []document.Cell{
		document.Lines(document.Text{document.Bold(clipped(one.Version))}, document.Text{r.ID(one.Release)}), r.day(one.at.Since), r.stateCell(one.at), until, units, countries, count, bill}}
}

// stateCell says where a release is in its life, and since when.
func (r *fieldReport) stateCell(at model.Standing) document.Cell {
	switch at.State {
	case model.InField:
		return document.C(document.Badge(document.Good, r.Say("in the field")))
	case model.Superseded:
		return document.Lines(document.Text{document.Badge(document.Neutral, r.Say("superseded"))}, document.T("%s", at.By.Superseded.String()))
	case model.Unsupported:
		return document.C(document.Badge(document.Bad, r.Say("without support")))
	case model.Withdrawn:
		c := document.Lines(document.Text{document.Badge(document.Neutral, r.Say("withdrawn"))}, document.T("%s", at.By.Withdrawn.String()))
		c.Lines = append(c.Lines, r.proseLines(at.By, "reason", at.By.Reason).Lines...)
		return c
	}
	return document.C(document.Badge(document.Neutral, r.Say("not out yet")))
}

// billCells are the number of components of a release, and its bill of materials with
// its digest.
func (r *fieldReport) billCells(rel *model.Release) (count, bill document.Cell) {
	if rel.SBOM.Path == "" {
		return document.Cell{}, r.Or("")
	}
	bill = document.Lines(document.Text{document.Literal(clipped(rel.SBOM.Path))}, document.Text{document.Literal(clipped(rel.SBOM.Digest))})
	if r.Pass == nil || r.Pass.Proof().Files == nil {
		return document.Cell{}, bill
	}
	bom, err := check.OpenBill(rel.SBOM, r.Pass.Proof().Files, sbom.Limits{})
	if err != nil {
		bill.Lines = append(bill.Lines, document.Text{document.Badge(document.Bad, r.Say("cannot be read"))})
		return document.Cell{}, bill
	}
	return document.N(len(bom.Components)), bill
}

// dataAge says of which day the comparison is, and how old its data are.
func (r *fieldReport) dataAge() document.Block {
	record := r.record.Record
	text := document.Text{{Text: r.Say("The components of the releases were last compared with advisories on %s, %s before this report.", record.Day, days(record.Day, r.Day)) + " "}}
	var old, undated []string
	for _, source := range record.Sources {
		if day, err := model.ParseDate(source.Date); err == nil {
			old = append(old, r.Say("%s of %s (%s old)", clipped(source.Name), day, days(day, r.Day)))
		} else {
			undated = append(undated, clipped(source.Name))
		}
	}
	if len(old) > 0 {
		text = append(text, document.Span{Text: r.Say("Its data: %s.", strings.Join(old, ", ")) + " "})
	}
	if len(undated) > 0 {
		text = append(text, document.Span{Text: r.Say("Of no known age: %s.", strings.Join(undated, ", ")) + " "})
	}
	if len(record.Sources) == 0 {
		text = append(text, document.Span{Text: r.Say("Which data it rests on is not recorded.") + " "})
	}
	text = append(text, document.Span{Text: r.Say("What was published later is not known here. The findings of the release of this documentation stand one by one in") + " "}, At(sbomName, triageSection), document.Span{Text: "."})
	return document.P(document.Source{Path: triage.RecordFile, Line: 1}, text...)
}

// days is how many days lie between two days, in words.
func days(from, to model.Date) string {
	n, ok := daysBetween(from, to).Value.(int)
	if !ok {
		return "an unknown time"
	}
	return plural(n, "day", "days")
}

// vulnerabilityTable counts the vulnerabilities of each release by how they stand: each
// once, however many components have it.
func (r *fieldReport) vulnerabilityTable() *document.Table {
	t := &document.Table{ID: "field-vulnerabilities", Caption: r.Say("Known vulnerabilities of each release by how they stand, each counted once"), Wide: true, Columns: []document.Column{
		columnOf(r.Say("Release"), 1.4), columnOf(r.Say("Compared"), 1.8, document.State),
	}}
	for _, s := range standings {
		t.Columns = append(t.Columns, columnOf(r.Say(capitalised(s.name)), 1.4, document.Figure))
	}
	t.Columns = append(t.Columns, columnOf(r.Say("Gravest that is not settled"), 1.6), columnOf(r.Say("Not settled, known to be exploited (KEV)"), 1.8, document.Figure), columnOf(r.Say("Components that nobody monitors"), 1.8, document.Figure))
	for _, one := range r.inUse {
		t.Rows = append(t.Rows, r.vulnerabilityRow(one, len(t.Columns)))
	}
	return t
}

func (r *fieldReport) vulnerabilityRow(one fieldRelease, columns int) document.Row {
	row := document.Row{Source: document.Source{Path: triage.RecordFile, Line: 1}, Cells: make([]document.Cell, columns)}
	row.Cells[0] = document.C(document.Bold(clipped(one.Version)))
	if len(one.scans) == 0 {
		row.Source = r.From(one.Release)
		row.Cells[1] = document.C(document.Badge(document.Bad, r.Say("not compared")))
		return row
	}
	row.Cells[1] = r.comparedCell(one)
	count, gravest, exploited, blind := make([]int, len(standings)), -1, 0, 0
	for _, g := range vulnerabilitiesOf(one.scans) {
		count[g.state]++
		if g.state > standingAffected {
			continue
		}
		if at := slices.Index(recordedSeverities, g.first.Finding.Severity); at >= 0 && (gravest < 0 || at < gravest) {
			gravest = at
		}
		if g.exploited {
			exploited++
		}
	}
	for i, n := range count {
		row.Cells[2+i] = document.N(n)
	}
	for _, s := range one.scans {
		blind += len(s.Unmonitored)
	}
	row.Cells[columns-3] = r.orNone(document.Cell{})
	if gravest >= 0 {
		row.Cells[columns-3] = document.W(r.Say(cmp.Or(recordedSeverities[gravest], "not rated")))
	}
	row.Cells[columns-2], row.Cells[columns-1] = document.N(exploited), document.N(blind)
	return row
}

// comparedCell says how completely a release was compared.
func (r *fieldReport) comparedCell(one fieldRelease) document.Cell {
	order, tones := []string{"complete", "gaps", "failed"}, []document.Tone{document.Good, document.Partly, document.Bad}
	worst, other := 0, false
	for _, s := range one.scans {
		worst = max(worst, slices.Index(order, s.Status))
		d := strings.TrimPrefix(one.SBOM.Digest, "sha256:")
		other = other || s.Digest != "" && d != "" && !strings.EqualFold(strings.TrimPrefix(s.Digest, "sha256:"), d)
	}
	c := document.Lines(document.Text{document.Badge(tones[worst], r.Say(scanWords[order[worst]]))})
	if other {
		c.Lines = append(c.Lines, document.Text{document.Badge(document.Bad, r.Say("another bill of materials"))})
	}
	return c
}
