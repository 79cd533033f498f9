package techdoc

import (
	"slices"
	"strconv"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/model"
)

const gsprName = "gspr-checklist"

var _ = add(Definition{
	Name: gsprName, Title: "General safety and performance requirements: checklist",
	About: "every clause of Annex I that bears on information security: applicability, method, standards, evidence, status",
	Group: Submission, Order: 10, Types: []model.DocumentType{"gspr-checklist"}, Forms: []Form{XLSX}, Late: true,
	Make: makeGSPR,
})

func makeGSPR(b *Book) ([]*document.Section, error) {
	rows := b.RowsOf(b.Law() + ".annex-i.")
	return []*document.Section{
		b.gsprScope(rows),
		b.gsprSummary(rows),
		b.gsprStandards(),
		b.gsprTables(rows),
		b.gsprOutside(rows),
		b.gsprOpen(rows),
	}, nil
}

func (b *Book) gsprScope(rows []check.Row) *document.Section {
	p := b.File.Product
	s := b.Section("scope", b.Say("Scope"),
		b.Para("This checklist goes through Annex I of %s as far as it bears on the information security of the device. For each clause it says whether it applies and why, how conformity is shown, by which standards and guidance, and where the evidence is.", regulationWords(p.Regulation)),
		b.Para("Texts of clauses are paraphrases. Applicability follows from what is stated of the product, status from what answers the clause in the security file and from the evidence: neither is typed. Evidence is named by the first 12 digits of the SHA-256 of its signed statement; the verification report lists it whole."))
	s.Blocks = append(s.Blocks, b.productTable())
	return s
}

func regulationWords(r model.Regulation) string {
	if r == model.IVDR {
		return "Regulation (EU) 2017/746 (IVDR)"
	}
	return "Regulation (EU) 2017/745 (MDR)"
}

// productTable identifies the product.
func (b *Book) productTable() *document.Terms {
	p := b.File.Product
	t := &document.Terms{}
	add := func(name, field, value string) {
		c := b.Or(value)
		t.Terms = append(t.Terms, document.Term{
			Name: document.T("%s", b.Say(name)), Source: b.From(p, strings.Split(field, ".")...),
			Blocks: []document.Block{&document.Paragraph{Text: c.Lines[0]}},
		})
	}
	add("Product", "name", p.Name)
	add("Manufacturer", "manufacturer.name", p.Manufacturer.Name)
	add("Risk class", "class", string(p.Class))
	add("Classification rule", "rule", p.Rule)
	add("UDI-DI", "udi-di", p.UDIDI)
	if b.Release != nil {
		t.Terms = append(t.Terms, document.Term{Name: document.T("%s", b.Say("Release")), Source: b.From(b.Release),
			Blocks: []document.Block{&document.Paragraph{Text: document.Text{{Text: b.Release.Version}}}}})
	}
	return t
}

// gsprSummary counts the clauses by chapter.
func (b *Book) gsprSummary(rows []check.Row) *document.Section {
	t := &document.Table{ID: "summary", Caption: b.Say("Clauses by chapter of Annex I"), Columns: []document.Column{
		{Title: b.Say("Chapter"), Width: 5}, {Title: b.Say("Applicable"), Width: 1.4, Kind: document.Figure}, {Title: b.Say("Fulfilled"), Width: 1.4, Kind: document.Figure},
		{Title: b.Say("In part"), Width: 1.4, Kind: document.Figure}, {Title: b.Say("Open"), Width: 1.4, Kind: document.Figure}, {Title: b.Say("Not applicable"), Width: 1.6, Kind: document.Figure},
	}}
	add := func(title string, rows []check.Row) {
		if len(rows) == 0 {
			return
		}
		n := countOf(rows)
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(title),
			document.N(n[check.Satisfied] + n[check.Partial] + n[check.Unanswered]), document.N(n[check.Satisfied]), document.N(n[check.Partial]),
			document.N(n[check.Unanswered]), document.N(n[check.NotApplicable])}})
	}
	for _, c := range chapters(b.Law()) {
		add(c.title, inChapter(rows, c))
	}
	add(b.Say("All"), rows)
	return b.Section("summary", b.Say("Summary"), t)
}

func countOf(rows []check.Row) map[check.Status]int {
	n := map[check.Status]int{}
	for _, r := range rows {
		n[r.Status]++
	}
	return n
}

// gsprStandards lists the standards applied.
func (b *Book) gsprStandards() *document.Section {
	p := b.File.Product
	t := &document.Table{ID: "standards", Caption: b.Say("Standards and guidance applied"), Columns: []document.Column{
		{Title: b.Say("Standard or guidance"), Width: 5}, {Title: b.Say("Edition"), Width: 3}, {Title: b.Say("Clauses fulfilled"), Width: 2, Kind: document.Figure},
	}}
	for _, src := range b.Catalog.Sources {
		if src.Kind == "law" {
			continue
		}
		rows := b.RowsOf(src.ID + ".")
		if len(rows) == 0 {
			continue
		}
		n := countOf(rows)
		all := n[check.Satisfied] + n[check.Partial] + n[check.Unanswered]
		t.Rows = append(t.Rows, document.Row{Source: b.From(p, "standards"), Cells: []document.Cell{
			document.W(src.Title), document.W(src.Edition), {Lines: []document.Text{document.T("%s", b.Say("%d of %d", n[check.Satisfied], all))}, Value: n[check.Satisfied]}}})
	}
	for i, o := range p.OtherStandards {
		t.Rows = append(t.Rows, document.Row{Source: b.From(p, "other-standards", strconv.Itoa(i)), Cells: []document.Cell{document.W(o), {}, document.W(b.Say("not in the catalogue"))}})
	}
	return b.Section("standards", b.Say("Standards and guidance"), t,
		b.Para("Which of them are harmonised is listed in the Official Journal of the European Union; none is claimed here to give presumption of conformity."))
}

// gsprTables has a table for each chapter.
func (b *Book) gsprTables(rows []check.Row) *document.Section {
	s := b.Section("clauses", b.Say("Clauses of Annex I"))
	for _, c := range chapters(b.Law()) {
		in := inChapter(rows, c)
		if len(in) == 0 {
			continue
		}
		t := &document.Table{ID: "clauses-" + c.id, Caption: c.title, Wide: true, Columns: []document.Column{
			{Title: b.Say("Clause"), Width: 1.5}, {Title: b.Say("What it asks"), Width: 4.4}, {Title: b.Say("Applies"), Width: 2.6},
			{Title: b.Say("Method of conformity"), Width: 2.6}, {Title: b.Say("Standards, guidance"), Width: 2.4},
			{Title: b.Say("Where it is shown"), Width: 4}, {Title: b.Say("Evidence"), Width: 2.6}, {Title: b.Say("Status"), Width: 1.5, Kind: document.State},
		}}
		for _, r := range in {
			t.Rows = append(t.Rows, b.gsprRow(r))
		}
		s.Sections = append(s.Sections, b.Section(c.id, c.title, t))
	}
	return s
}

func (b *Book) gsprRow(r check.Row) document.Row {
	e := r.Entry
	clause := document.Lines(document.Text{document.Link(strings.TrimPrefix(e.Clause, "Annex I "), document.Address("clause:"+e.ID))})
	asks := document.Lines(document.Text{document.Bold(e.Title)}, document.T("%s", e.Text))
	applies := document.Lines(b.appliesWords(r)...)
	row := document.Row{ID: e.ID, Source: ByLaw(e.ID), Cells: []document.Cell{clause, asks, applies, {}, {}, {}, {}, document.C(b.Status(r.Status))}}
	if r.Status == check.NotApplicable {
		return row
	}
	row.Cells[3] = document.Lines(b.methods(r.By)...)
	row.Cells[4] = document.Lines(b.guidance(e)...)
	places := b.PlaceLines(b.Places(r.By, e.ID, gsprName), few)
	for _, d := range Kept(r.By) {
		places = append(places, b.DocumentLine(d))
	}
	row.Cells[5] = document.Cell{Lines: places}
	row.Cells[6] = document.Cell{Lines: b.PieceLines(b.EvidenceFor(r.By), few)}
	return row
}

// appliesWords says whether a clause applies, and why.
func (b *Book) appliesWords(r check.Row) []document.Text {
	switch r.Applicable {
	case catalog.False:
		return append([]document.Text{{document.Bold(b.Say("No."))}}, b.reasons(r)...)
	case catalog.Undecided:
		return append([]document.Text{{document.Badge(document.Bad, b.Say("undecided"))}}, b.reasons(r)...)
	}
	yes := document.Text{document.Bold(b.Say("Yes."))}
	if r.Entry.Applies != "" {
		if because := strings.Join(r.Entry.Condition().Because(check.Facts{Product: b.File.Product}), ", "); because != "" {
			return []document.Text{append(yes, document.Span{Text: " " + because})}
		}
	}
	return []document.Text{append(yes, document.Span{Text: " " + b.Say("It binds every device.")})}
}

func (b *Book) reasons(r check.Row) (lines []document.Text) {
	for _, why := range r.Reasons {
		lines = append(lines, document.Text{{Text: why}})
	}
	return lines
}

// methodWords say how entities of a kind show conformity.
var methodWords = []struct{ kind, words string }{
	{"product", "description and intended purpose"}, {"policy", "policy of the manufacturer"}, {"risks", "security risk management"},
	{"threats", "threat modelling"}, {"controls", "security controls of the device and its surroundings"}, {"requirements", "security requirements"},
	{"verifications", "verification and validation"}, {"interfaces", "design of interfaces"}, {"flows", "design of data flows"},
	{"components", "design of components"}, {"stores", "protection of stored data"}, {"roles", "roles and access"}, {"keys", "management of keys"},
	{"environment", "requirements on the operating environment"}, {"documents", "information supplied or kept"}, {"processes", "processes of the quality management system"},
	{"update-policy", "update management"}, {"logging", "security event logging"}, {"vulnerability-handling", "vulnerability handling"},
	{"post-market", "post-market surveillance and vigilance"}, {"situations", "safety risk management"}, {"hazards", "safety risk management"},
	{"harms", "safety risk management"}, {"releases", "release and configuration management"}, {"assets", "protection needs of assets"},
	{"zones", "security architecture"}, {"boundaries", "security architecture"}, {"actors", "security architecture"}, {"permissions", "roles and access"},
}

// methods says how conformity is shown, from what answers the clause.
func (b *Book) methods(by []model.Entity) (lines []document.Text) {
	kinds := map[string]bool{}
	for _, e := range by {
		kinds[model.Of(e).Kind().Name] = true
	}
	var said []string
	for _, m := range methodWords {
		if kinds[m.kind] && !slices.Contains(said, m.words) {
			said = append(said, m.words)
			lines = append(lines, document.Text{{Text: b.Say(m.words)}})
		}
	}
	return lines
}

// guidance lists what the catalogue relates to a clause, of standards and guidance
// that the product follows: each source with its clauses.
func (b *Book) guidance(e *catalog.Entry) (lines []document.Text) {
	for _, src := range b.Catalog.Sources {
		if src.Kind == "law" || len(b.RowsOf(src.ID+".")) == 0 {
			continue
		}
		var line document.Text
		seen := map[string]bool{}
		for _, o := range src.Entries {
			related := slices.Contains(e.See, o.ID) || slices.Contains(o.See, e.ID)
			if !related || seen[o.Clause] {
				continue
			}
			seen[o.Clause] = true
			switch {
			case len(line) == 0:
				line = document.Text{b.Clause(o.ID)}
			default:
				line = append(line, document.Span{Text: ", "}, document.Link(o.Clause, document.Address("clause:"+o.ID)))
			}
		}
		if len(line) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// gsprOutside names the chapters of the annex of which no clause bears on information
// security, so that nobody thinks that they were forgotten.
func (b *Book) gsprOutside(rows []check.Row) *document.Section {
	t := &document.Table{ID: "outside", Caption: b.Say("Chapters without a clause on information security"), Columns: []document.Column{
		{Title: b.Say("Chapter"), Width: 4}, {Title: b.Say("Where it is answered"), Width: 6},
	}}
	where := b.Say("Part of the checklist about the whole device.")
	for _, c := range chapters(b.Law()) {
		if len(inChapter(rows, c)) == 0 {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(c.title), document.W(where)}})
		}
	}
	s := b.Section("outside", b.Say("What this checklist leaves to others"),
		b.Para("The catalogue relates no clause of the chapters below, and none of the clauses of other chapters that are not listed above, to information security. Whether one of them bears on it for this device is for the manufacturer to decide; they are answered in the part of the checklist that is about the whole device."))
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if listed := b.Listed(Find(gsprName)); listed != nil {
		s.Blocks = append(s.Blocks, document.P(b.From(listed), append(document.Text{{Text: b.Say("This part belongs to") + " "}}, b.DocumentLine(listed)...)...))
	}
	return s
}

// gsprOpen lists what is missing, clause by clause.
func (b *Book) gsprOpen(rows []check.Row) *document.Section {
	t := &document.Table{ID: "open", Caption: b.Say("Open points"), Columns: []document.Column{
		{Title: b.Say("Clause"), Width: 2}, {Title: b.Say("Status"), Width: 1.3, Kind: document.State}, {Title: b.Say("What is missing"), Width: 7},
	}}
	for _, r := range rows {
		if r.Status != check.Partial && r.Status != check.Unanswered {
			continue
		}
		t.Rows = append(t.Rows, document.Row{Source: ByLaw(r.Entry.ID), Cells: []document.Cell{
			document.C(b.Clause(r.Entry.ID)), document.C(b.Status(r.Status)), {Lines: b.reasons(r)}}})
	}
	s := b.Section("open", b.Say("Open points"))
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Para("No clause has an open point."))
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}
