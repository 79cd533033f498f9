package techdoc

import (
	"cmp"
	"slices"
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/trace"
)

const traceabilityName = "traceability-matrix"

var _ = add(Definition{
	Name: traceabilityName, Title: "Traceability matrix",
	About: "from what deserves protection to the evidence and to the clause, and back; what leads nowhere; what changed since it was reviewed",
	Group: Submission, Order: 51, Forms: []Form{XLSX}, Late: true,
	Make: func(b *Book) ([]*document.Section, error) {
		t := newTracing(b)
		return []*document.Section{t.forward(), t.backward(), t.orphans(), t.suspect(), t.told()}, nil
	},
})

// tracing makes the traceability matrix.
type tracing struct {
	*Book
	graph  *trace.Graph
	pieces map[*model.Verification][]*evidence.Piece
}

func newTracing(b *Book) *tracing {
	answers := trace.Answers{}
	for _, row := range b.Coverage {
		for _, e := range row.By {
			answers[row.Entry.ID] = append(answers[row.Entry.ID], idOf(e))
		}
	}
	t := &tracing{Book: b, graph: trace.Build(b.File, answers), pieces: map[*model.Verification][]*evidence.Piece{}}
	for _, v := range b.File.Verifications {
		t.pieces[v] = b.Pieces([]*model.Verification{v})
	}
	return t
}

// piecesOf are the pieces by which verifications stand, each once.
func (t *tracing) piecesOf(list []*model.Verification) (all []*evidence.Piece) {
	seen := map[*evidence.Piece]bool{}
	for _, v := range list {
		for _, p := range t.pieces[v] {
			if !seen[p] {
				seen[p] = true
				all = append(all, p)
			}
		}
	}
	return all
}

// forward leads from assets and threats over risks to controls and requirements, and
// from there to code, verification, evidence and clauses.
func (t *tracing) forward() *document.Section {
	s := t.Section("forward", t.Say("From protection needs to evidence"),
		t.Para("The tables follow each other: from assets and elements of the architecture over threats to risks; from risks over controls to requirements; from each requirement to code, verification, evidence and the clauses that it answers; from what the surroundings provide to the documents that tell of it. What stands at the end of one table begins a row of the next. A state is that of the evidence behind it."))
	s.Sections = []*document.Section{t.threatTable(), t.riskTable(), t.requirementTable(), t.surroundingsTable()}
	return s
}

func (t *tracing) threatTable() *document.Section {
	s := t.Section("forward-threats", t.Say("Assets, threats and risks"))
	table := &document.Table{ID: "threat-table", Caption: t.Say("From assets over threats to risks"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Assets that it endangers"), Width: 3.4}, {Title: t.Say("What it aims at"), Width: 3.2}, {Title: t.Say("Threat"), Width: 3.4},
		{Title: t.Say("Hazardous situations"), Width: 3}, {Title: t.Say("Risk, or why there is none"), Width: 3.4},
	}}
	for _, threat := range t.File.Threats {
		risks := titledIDs(t.Book, model.Users[*model.Risk](threat, "threats"), 2*few)
		switch {
		case len(risks.Lines) > 0:
		case threat.NotApplicable != "":
			risks = document.Lines(append(document.Text{document.Badge(document.Neutral, t.Say("needs none")), {Text: " "}}, document.MarkdownLine(t.Tell(threat, "not-applicable", threat.NotApplicable))...))
		default:
			risks = document.C(document.Badge(document.Bad, t.Say("no risk")))
		}
		table.Rows = append(table.Rows, document.Row{ID: threat.ID, Source: t.From(threat), Cells: []document.Cell{
			t.ids(asEntities(All(threat.Assets))), t.ids(asEntities(All(threat.Targets))), document.Lines(t.titledID(threat)), t.ids(asEntities(All(threat.LeadsTo))), risks}})
	}
	t.tableOr(s, table, "The security file has no threat.")
	return s
}

// riskTable has a line for each risk with its controls, and then one for each control,
// so that what many risks share is told once.
func (t *tracing) riskTable() *document.Section {
	s := t.Section("forward-risks", t.Say("Risks, controls and requirements"))
	risks := &document.Table{ID: "risk-table", Caption: t.Say("From risks to controls"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Risk"), Width: 4}, {Title: t.Say("Controls"), Width: 9, Kind: document.Code},
	}}
	lowering := map[*model.Control]bool{}
	for _, r := range t.File.Risks {
		controls := All(r.Controls)
		for _, c := range controls {
			lowering[c] = true
		}
		cell := document.Lines(t.idList(asEntities(controls), 6*few))
		if len(controls) == 0 {
			cell = t.bareRisk(r)
		}
		risks.Rows = append(risks.Rows, document.Row{ID: r.ID, Source: t.From(r), Cells: []document.Cell{document.Lines(t.titledID(r)), cell}})
	}
	controls := &document.Table{ID: "chain-table", Caption: t.Say("From controls to requirements"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Control"), Width: 5}, {Title: t.Say("Provided by"), Width: 1.4}, {Title: t.Say("Requirements"), Width: 5, Kind: document.Code},
		{Title: t.Say("Pieces of evidence"), Width: 1.3, Kind: document.Figure}, {Title: t.Say("State"), Width: 1.5, Kind: document.State},
	}}
	var rest []document.Row
	for _, c := range t.File.Controls {
		if lowering[c] {
			controls.Rows = append(controls.Rows, t.controlRow(c))
		} else {
			rest = append(rest, t.controlRow(c))
		}
	}
	if len(rest) > 0 {
		controls.Rows = append(append(controls.Rows, document.Row{Group: t.Say("Controls that lower no risk")}), rest...)
	}
	t.tableOr(s, risks, "The security file has no risk.")
	t.tableOr(s, controls, "The security file has no control.")
	return s
}

// bareRisk says that no control lowers a risk.
func (t *tracing) bareRisk(r *model.Risk) document.Cell {
	if r.Decision != "" && r.Decision != "reduce" {
		return document.C(document.Badge(document.Neutral, t.Say("decision: %s", r.Decision)))
	}
	return document.C(document.Badge(document.Bad, t.Say("no control")))
}

// controlRow is the line of a control with the requirements, also those on the
// surroundings, that make it concrete.
func (t *tracing) controlRow(c *model.Control) document.Row {
	by := cmp.Or(c.By, "device")
	requirements, around := model.Users[*model.Requirement](c, "implements"), All(c.Environment)
	list := VerificationsOf(c)
	ids := t.idList(append(asEntities(requirements), asEntities(around)...), 6*few)
	row := document.Row{ID: c.ID, Source: t.From(c), Cells: []document.Cell{document.Lines(t.titledID(c)), document.W(string(by)), document.Lines(ids), document.N(len(t.piecesOf(list))), {}}}
	switch {
	case len(requirements) > 0 && t.Showing != nil:
		row.Cells[4] = document.C(t.State(t.Showing.Judged.Control(c)))
	case len(requirements) > 0:
		row.Cells[4] = document.C(t.statedResult(worstResult(list)))
	case len(around) > 0:
		row.Cells[4] = document.C(t.toldBadge(c))
	default:
		row.Cells[2] = document.C(document.Badge(document.Bad, t.Say("none")))
	}
	return row
}

// idList are entities by id on one line. Of more than a limit the first few are named,
// and the rest is counted.
func (t *tracing) idList(list []model.Entity, limit int) document.Text {
	if len(list) <= limit {
		return IDs(t.Book, list)
	}
	return append(IDs(t.Book, list[:few]), append(document.Text{{Text: " "}}, t.more(len(list)-few)...)...)
}

// requirementTable has a line for each requirement.
func (t *tracing) requirementTable() *document.Section {
	s := t.Section("forward-requirements", t.Say("Requirements, code, verification, evidence and clauses"))
	table := &document.Table{ID: "requirement-table", Caption: t.Say("From requirements to evidence and clauses"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Requirement"), Width: 3}, {Title: t.Say("Makes concrete"), Width: 2.2, Kind: document.Code}, {Title: t.Say("Code"), Width: 2.6, Kind: document.Code},
		{Title: t.Say("Verification"), Width: 2.8, Kind: document.Code}, {Title: t.Say("Evidence"), Width: 3}, {Title: t.Say("Clauses"), Width: 2.2}, {Title: t.Say("State"), Width: 1.3, Kind: document.State},
	}}
	for _, r := range t.File.Requirements {
		controls, list := All(r.Implements), VerificationsOf(r)
		claims := claimedBy(append(asEntities(controls), r)...)
		table.Rows = append(table.Rows, document.Row{ID: r.ID, Source: t.From(r), Cells: []document.Cell{
			document.Lines(t.titledID(r)), t.orNone(idLines(t.Book, controls, 2*few)), t.orNone(document.Cell{Lines: t.codeLines(r.Code, 2*few)}), t.orNone(t.verificationLines(list, 2*few)),
			t.orNone(document.Cell{Lines: t.digestLines(t.piecesOf(list), few)}), {Lines: t.clauseLines(claims, few)}, document.C(t.stateOfRequirement(r))}})
	}
	t.tableOr(s, table, "The security file has no security requirement.")
	return s
}

// surroundingsTable leads from what the surroundings provide to the documents that
// tell of it.
func (t *tracing) surroundingsTable() *document.Section {
	s := t.Section("forward-surroundings", t.Say("Requirements on the surroundings and where they are told"))
	table := &document.Table{ID: "surroundings-table", Caption: t.Say("From requirements on the surroundings to documents"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Requirement on the surroundings"), Width: 3.4}, {Title: t.Say("Controls"), Width: 2.4, Kind: document.Code}, {Title: t.Say("Told in"), Width: 5},
		{Title: t.Say("Clauses"), Width: 2.2}, {Title: t.Say("State"), Width: 1.3, Kind: document.State},
	}}
	for _, e := range t.File.Environment {
		controls := model.Users[*model.Control](e, "environment")
		table.Rows = append(table.Rows, document.Row{ID: e.ID, Source: t.From(e), Cells: []document.Cell{
			document.Lines(t.titledID(e)), t.orNone(idLines(t.Book, controls, 2*few)), {Lines: t.toldLines(e)},
			{Lines: t.clauseLines(claimedBy(append(asEntities(controls), e)...), few)}, document.C(t.toldBadge(e))}})
	}
	t.tableOr(s, table, "The security file has no requirement on the surroundings.")
	return s
}

// backward leads from clauses to what answers them, and from evidence over
// verification, requirement, control and risk to threats.
func (t *tracing) backward() *document.Section {
	s := t.Section("backward", t.Say("From clauses and evidence back"))
	s.Sections = []*document.Section{t.clauseTable(), t.evidenceTable()}
	return s
}

// chainKinds are the kinds of what answers a clause, in the order of the chain.
var chainKinds = []string{"risks", "controls", "environment", "requirements", "verifications"}

func (t *tracing) clauseTable() *document.Section {
	s := t.Section("backward-clauses", t.Say("From clauses to what answers them"),
		t.Para("A clause that a requirement answers, or a control that requirements make concrete, is shown by verifications and listed with them. Other clauses are shown by documents and processes, or by what the security file states, and are only counted. Of long lists the first are named and the rest is counted."),
		t.clausePlaces())
	counts, rows := t.clauseCounts()
	if len(counts.Rows) > 0 {
		s.Blocks = append(s.Blocks, counts)
	}
	table := &document.Table{ID: "clause-table", Caption: t.Say("From clauses to evidence"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Clause"), Width: 3.4}, {Title: t.Say("Risks, controls, requirements"), Width: 4}, {Title: t.Say("Other entries"), Width: 2.8}, {Title: t.Say("Verifications"), Width: 2.8},
		{Title: t.Say("Evidence"), Width: 3}, {Title: t.Say("Status"), Width: 1.3, Kind: document.State},
	}}
	source := ""
	for _, r := range rows {
		if id := r.Entry.Source.ID; id != source {
			source = id
			table.Rows = append(table.Rows, document.Row{Group: r.Entry.Source.Title})
		}
		table.Rows = append(table.Rows, t.clauseRow(r))
	}
	t.tableOr(s, table, "No clause that applies has to be shown by verifications.")
	return s
}

// clausePlaces says where the clauses are that are only counted.
func (t *tracing) clausePlaces() *document.Paragraph {
	return document.P(document.Source{}, document.Span{Text: t.Say("The others stand with what answers them, as far as they are clauses of Annex I, in") + " "}, At(gsprName, ""),
		document.Span{Text: "; " + t.Say("those of IEC 81001-5-1 and IEC 62443-4-1 in") + " "}, At(planName, ""),
		document.Span{Text: ". " + t.Say("The web pages of this documentation list all. Clauses that do not apply are left out; the checklist of Annex I says why they do not.")})
}

// clauseFigures count clauses that apply: those that verifications show, those that
// lack them, and of the others those that are answered and those that are not.
type clauseFigures struct{ tested, lacking, told, open int }

func (f clauseFigures) row(title document.Span) document.Row {
	return document.Row{Cells: []document.Cell{document.C(title), document.N(f.tested + f.lacking + f.told + f.open), document.N(f.tested), document.N(f.lacking), document.N(f.told), document.N(f.open)}}
}

// clauseCounts counts the clauses that apply by source and by what shows them, and gives
// those of which verifications are expected.
func (t *tracing) clauseCounts() (*document.Table, []check.Row) {
	table := &document.Table{ID: "clause-counts", Caption: t.Say("Clauses by what shows them"), Columns: []document.Column{
		{Title: t.Say("Source"), Width: 5}, {Title: t.Say("Applicable"), Width: 1.4, Kind: document.Figure}, {Title: t.Say("With verifications"), Width: 1.5, Kind: document.Figure},
		{Title: t.Say("Verification missing"), Width: 1.5, Kind: document.Figure}, {Title: t.Say("Shown by documents"), Width: 1.5, Kind: document.Figure}, {Title: t.Say("Open or in part"), Width: 1.4, Kind: document.Figure},
	}}
	var rows []check.Row
	var sources []string
	titles, figures, sum := map[string]string{}, map[string]*clauseFigures{}, clauseFigures{}
	for _, r := range t.Coverage {
		if r.Status == check.NotApplicable {
			continue
		}
		source := r.Entry.Source
		if figures[source.ID] == nil {
			sources, titles[source.ID], figures[source.ID] = append(sources, source.ID), source.Title, &clauseFigures{}
		}
		for _, f := range []*clauseFigures{figures[source.ID], &sum} {
			switch {
			case len(gathered(r.By, VerificationsOf)) > 0:
				f.tested++
			case slices.ContainsFunc(r.By, needsVerification):
				f.lacking++
			case r.Status == check.Satisfied:
				f.told++
			default:
				f.open++
			}
		}
		if slices.ContainsFunc(r.By, func(e model.Entity) bool { return needsVerification(e) || len(VerificationsOf(e)) > 0 }) {
			rows = append(rows, r)
		}
	}
	for _, id := range sources {
		table.Rows = append(table.Rows, figures[id].row(document.Span{Text: titles[id]}))
	}
	if len(sources) > 0 {
		table.Rows = append(table.Rows, sum.row(document.Bold(t.Say("All"))))
	}
	return table, rows
}

// needsVerification tells whether a clause that an entity answers is to be shown by
// verifications: it is a requirement, or a control that has some.
func needsVerification(e model.Entity) bool {
	switch e := e.(type) {
	case *model.Requirement:
		return true
	case *model.Control:
		return len(model.Users[*model.Requirement](e, "implements")) > 0
	}
	return false
}

func (t *tracing) clauseRow(r check.Row) document.Row {
	var chain, other []model.Entity
	for _, e := range r.By {
		switch kind := model.Of(e).Kind().Name; {
		case kind == "verifications":
		case slices.Contains(chainKinds, kind):
			chain = append(chain, e)
		default:
			other = append(other, e)
		}
	}
	list := gathered(r.By, VerificationsOf)
	verifications := t.ids(asEntities(list))
	if len(list) == 0 {
		verifications = document.C(document.Badge(document.Bad, t.Say("missing")))
	}
	return document.Row{ID: r.Entry.ID, Source: ByLaw(r.Entry.ID), Cells: []document.Cell{
		document.Lines(document.Text{t.Clause(r.Entry.ID)}, document.Text{{Text: r.Entry.Title, Style: document.Faint}}),
		t.ids(chain), t.ids(other), verifications, t.pieceIDs(t.piecesOf(list)), document.C(t.Status(r.Status))}}
}

// evidenceTable has a line for each verification of which a piece of evidence speaks;
// where signatures decide nothing, for each verification.
func (t *tracing) evidenceTable() *document.Section {
	s := t.Section("backward-evidence", t.Say("From evidence to threats"))
	table := &document.Table{ID: "back-table", Caption: t.Say("From evidence over verifications to risks and threats"), Wide: true, Columns: []document.Column{
		{Title: t.Say("Evidence"), Width: 2.4}, {Title: t.Say("Verification"), Width: 2.2}, {Title: t.Say("Requirements"), Width: 2.8},
		{Title: t.Say("Controls"), Width: 2.8}, {Title: t.Say("Risks"), Width: 3}, {Title: t.Say("Threats"), Width: 3.2},
	}}
	if t.Showing == nil {
		s.Blocks = append(s.Blocks, t.unsigned())
		for _, v := range t.File.Verifications {
			table.Rows = append(table.Rows, t.backRow(v, t.orNone(document.Cell{}), t.stateOfVerification(v), t.From(v)))
		}
		t.tableOr(s, table, "The security file has no verification.")
		return s
	}
	for _, v := range t.Showing.Judged.Verdicts {
		if v.Of == nil {
			continue // an orphan
		}
		table.Rows = append(table.Rows, t.backRow(v.Of, document.Lines(t.digestLine(v.Piece)...), t.State(v.State), document.Source{Evidence: v.Piece.ID, Entity: v.Of.ID}))
	}
	t.tableOr(s, table, "No piece of evidence speaks of a verification of the security file.")
	return s
}

// backRow leads from a verification back to the threats.
func (t *tracing) backRow(v *model.Verification, proof document.Cell, state document.Span, source document.Source) document.Row {
	requirements := All(v.Verifies)
	controls := gathered(requirements, func(r *model.Requirement) []*model.Control { return All(r.Implements) })
	risks := gathered(controls, func(c *model.Control) []*model.Risk { return model.Users[*model.Risk](c, "controls") })
	threats := gathered(risks, func(r *model.Risk) []*model.Threat { return All(r.Threats) })
	verification := document.Lines(t.titledID(v), document.Text{state})
	var covers document.Cell
	if len(requirements) == 0 && len(v.Covers) > 0 {
		covers = document.Lines(append(document.Text{{Text: t.Say("covers") + " "}}, t.idList(asEntities(All(v.Covers)), manyIDs)...))
	} else {
		covers = t.ids(asEntities(requirements))
	}
	return document.Row{Source: source, Cells: []document.Cell{proof, verification, covers,
		t.ids(asEntities(controls)), t.ids(asEntities(risks)), t.ids(asEntities(threats))}}
}

// manyIDs is how many ids a cell holds; of more the first few are named.
const manyIDs = 8

// ids are entities by id as a cell.
func (t *tracing) ids(list []model.Entity) document.Cell {
	if len(list) == 0 {
		return t.orNone(document.Cell{})
	}
	return document.Lines(t.idList(list, manyIDs))
}

// pieceIDs are pieces of evidence by id as a cell.
func (t *tracing) pieceIDs(list []*evidence.Piece) document.Cell {
	var line document.Text
	for i, p := range list {
		if i == few && len(list) > manyIDs {
			line = append(append(line, document.Span{Text: " "}), t.more(len(list)-i)...)
			break
		}
		if i > 0 {
			line = append(line, document.Span{Text: ", "})
		}
		line = append(line, t.pieceLink(p))
	}
	if len(line) == 0 {
		return t.orNone(document.Cell{})
	}
	return document.Lines(line)
}

// gathered is what some entities lead to, each once.
func gathered[A any, B comparable](from []A, to func(A) []B) (all []B) {
	seen := map[B]bool{}
	for _, a := range from {
		for _, b := range to(a) {
			if !seen[b] {
				seen[b] = true
				all = append(all, b)
			}
		}
	}
	return all
}

// kindWords is a kind of the language in the singular, as people read it.
func kindWords(e model.Entity) string {
	return strings.ReplaceAll(model.Of(e).Kind().Singular, "-", " ")
}
