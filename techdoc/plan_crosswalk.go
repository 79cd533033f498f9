package techdoc

import (
	"slices"

	"theriac/check"
	"theriac/document"
	"theriac/model"
)

// crosswalk goes through the clauses of a standard of the catalogue: what each asks,
// what answers it, and how far; nil where the product does not claim the standard.
func (b *lifeBook) crosswalk(source, name string) *document.Section {
	rows := b.RowsOf(source + ".")
	if len(rows) == 0 {
		return nil
	}
	s := b.Section("crosswalk-"+source, b.Say("%s: checklist", name),
		b.Para("Texts are paraphrases; compare them with your copy of the standard."),
		b.Para("Status follows from what answers the clause in the security file. The standard is used as state of the art; no presumption of conformity is claimed."),
		b.crosswalkSummary(source, name, rows))
	for i, part := range partsOf(rows) {
		t := &document.Table{ID: "crosswalk-" + source + "-" + partID(i), Caption: name + ", " + part, Wide: true, Columns: []document.Column{
			columnOf(b.Say("Clause"), 1.3), columnOf(b.Say("What it asks"), 4), columnOf(b.Say("Answered by"), 3.2, document.Code), columnOf(b.Say("Told in"), 4), columnOf(b.Say("Status"), 1.5, document.State),
		}}
		for _, r := range rows {
			if r.Entry.Part == part {
				t.Rows = append(t.Rows, b.crosswalkRow(r))
			}
		}
		s.Sections = append(s.Sections, b.Section("crosswalk-"+source+"-part-"+partID(i), partTitle(part), t))
	}
	return s
}

// partTitle is a heading for a part: one that begins with the number of a clause says
// so, that it is not taken for a number of the document.
func partTitle(part string) string {
	if part != "" && part[0] >= '0' && part[0] <= '9' {
		return "Clause " + part
	}
	return part
}

func partID(i int) string { return string(rune('a' + i%26)) }

// partsOf are the parts of a source in order.
func partsOf(rows []check.Row) (parts []string) {
	for _, r := range rows {
		if !slices.Contains(parts, r.Entry.Part) {
			parts = append(parts, r.Entry.Part)
		}
	}
	return parts
}

// crosswalkSummary counts the clauses by part.
func (b *lifeBook) crosswalkSummary(source, name string, rows []check.Row) *document.Table {
	t := &document.Table{ID: "crosswalk-" + source + "-summary", Caption: b.Say("%s: clauses by part", name), Columns: []document.Column{
		columnOf(b.Say("Part"), 5), columnOf(b.Say("Applicable"), 1.4, document.Figure), columnOf(b.Say("Fulfilled"), 1.4, document.Figure), columnOf(b.Say("In part"), 1.4, document.Figure), columnOf(b.Say("Open"), 1.4, document.Figure),
	}}
	add := func(title string, rows []check.Row) {
		n := countOf(rows)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(title), document.N(len(rows) - n[check.NotApplicable]),
			document.N(n[check.Satisfied]), document.N(n[check.Partial]), document.N(n[check.Unanswered])}})
	}
	for _, part := range partsOf(rows) {
		add(part, slices.DeleteFunc(slices.Clone(rows), func(r check.Row) bool { return r.Entry.Part != part }))
	}
	add(b.Say("All"), rows)
	return t
}

func (b *lifeBook) crosswalkRow(r check.Row) document.Row {
	e := r.Entry
	row := document.Row{ID: e.ID, Source: ByLaw(e.ID), Cells: []document.Cell{
		document.C(document.Link(e.Clause, document.Address("clause:"+e.ID))),
		document.Lines(document.Text{document.Bold(e.Title)}, document.T("%s", e.Text)),
		b.fewIDs(r.By), {Lines: b.tellingPlaces(r)}, document.C(b.Status(r.Status))}}
	if r.Status == check.Partial || r.Status == check.Unanswered {
		row.Cells[4].Lines = append(row.Cells[4].Lines, b.reasons(r)...)
	}
	return row
}

// tellingSections are where the documents tell each kind of entity.
var tellingSections = []struct{ kind, at string }{
	{"requirements", "security-requirements"}, {"controls", "security-architecture#controls"}, {"threats", "threat-model#threats"},
	{"risks", "risk-report#risks"}, {"verifications", "verification-report#verifications"}, {"interfaces", "security-architecture#interfaces"},
	{"flows", "security-architecture#flows"}, {"stores", "security-architecture#stores"}, {"keys", "security-architecture#cryptography"},
	{"roles", "security-architecture#privileges"}, {"components", "sbom#components"}, {"assets", "threat-model#assets"}, {"boundaries", "threat-model#boundaries"},
	{"policy", "risk-plan#acceptance"}, {"environment", "ifu-security#environment"}, {"update-policy", "ifu-security#updates"}, {"logging", "ifu-security#logging"},
	{"vulnerability-handling", postMarketName + "#handling"}, {"post-market", postMarketName + "#surveillance"}, {"product", "security-architecture"},
}

// tellingPlaces are the documents that tell what answers a clause: our own by kind of
// entity, and those of the manufacturer.
func (b *lifeBook) tellingPlaces(r check.Row) (lines []document.Text) {
	kinds := map[string]bool{}
	for _, e := range r.By {
		kinds[model.Of(e).Kind().Name] = true
		if pr, ok := e.(*model.Process); ok && meaningOf(pr.Practice.Values(), string(pr.Practice)) != "" {
			lines = append(lines, document.Text{document.Link(b.practiceTitle(pr.Practice), document.Address("doc:"+planName+"#"+practiceID(pr.Practice)))})
		}
	}
	if slices.Contains(r.Entry.AnsweredBy, "pms.change-control") {
		lines = append(lines, b.changePlaces()...)
		if len(r.Entry.AnsweredBy) == 1 {
			delete(kinds, "post-market") // answers by its change control alone
		}
	}
	for _, t := range tellingSections {
		if kinds[t.kind] {
			lines = append(lines, document.Text{document.Link("", document.Address("doc:"+t.at))})
		}
	}
	for _, d := range Kept(r.By) {
		lines = append(lines, b.DocumentLine(d))
	}
	return slices.Clip(lines)
}

// changePlaces are where the documents tell of change control, of releases and of what
// freezes them.
func (b *lifeBook) changePlaces() []document.Text {
	lines := []document.Text{{At(planName, "change-control")}, {At(postMarketName, "change-control")}}
	if len(b.File.Releases) > 0 {
		lines = append(lines, document.Text{document.Link(b.Say("Releases and baselines"), "doc:"+planName+"#releases")})
	}
	return lines
}
