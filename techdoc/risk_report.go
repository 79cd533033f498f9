package techdoc

import (
	"slices"

	"theriac/document"
	"theriac/draw"
	"theriac/evidence"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

const riskReportName = "risk-report"

var _ = add(Definition{
	Name: riskReportName, Title: "Security risk management report",
	About: "all security risks with controls, evidence, residual risk and acceptance, and the overall residual risk",
	Group: Submission, Order: 31, Types: []model.DocumentType{"security-risk-report"},
	Make: makeRiskReport,
})

func makeRiskReport(book *Book) ([]*document.Section, error) {
	b := newRiskBook(book)
	b.derived, b.sections, b.of = b.derivation(), sectionIDs(b.File.Risks), map[*model.Risk]*risk.Assessed{}
	for _, one := range b.all.Risks {
		b.of[one.Risk] = one
	}
	b.open = b.openPoints()
	return []*document.Section{
		b.reportSummary(), b.reportMatrix(), b.reportThreats(), b.reportRisks(), b.reportResidual(), b.reportPriority(),
		b.reportEffects(), b.reportSafety(), b.reportOverall(), b.reportAcceptances(), b.reportConclusion(),
	}, nil
}

// figure is a row of a table of figures.
type figure struct {
	name string
	n    int
}

func (b *Book) figureTable(id, caption string, list []figure) *document.Table {
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{columnOf(b.Say("Figure"), 7), columnOf(b.Say("Number"), 1.4, document.Figure)}}
	for _, f := range list {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(b.Say(f.name)), document.N(f.n)}})
	}
	return t
}

// verdicts counts the risks by what the policy says of their residual value.
func (b *riskBook) verdicts() map[risk.Verdict]int {
	n := map[risk.Verdict]int{}
	for _, r := range b.all.Risks {
		n[r.Verdict]++
	}
	return n
}

// aboveBefore counts the risks that were above the policy before controls.
func (b *riskBook) aboveBefore() (n int) {
	for _, r := range b.all.Risks {
		if b.all.Scales.Above(r.Initial.At) {
			n++
		}
	}
	return n
}

// used lists the controls that risks name, in the order of the file.
func (b *riskBook) used() (list []*model.Control) {
	for _, c := range b.File.Controls {
		if len(model.Users[*model.Risk](c, "controls")) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// unshown lists the controls of a list of which the manufacturer has to show that they
// work, and has not.
func (b *Book) unshown(controls []*model.Control) (list []*model.Control) {
	for _, c := range controls {
		if ours(c) && b.controlState(c) != evidence.Passed {
			list = append(list, c)
		}
	}
	return list
}

// reportSummary gives the result and the figures behind it.
func (b *riskBook) reportSummary() *document.Section {
	s := b.Section("summary", b.Say("Summary"), b.verdictCallout())
	s.Blocks = append(s.Blocks, b.productTable())
	tally, v := tallyOf(b.derived), b.verdicts()
	used := b.used()
	answered := tally[threat.AsRisk] + tally[threat.NotApplicable]
	s.Blocks = append(s.Blocks,
		b.figureTable("threat-figures", b.Say("Threats considered"), []figure{
			{"Threats derived from the architecture", len(b.derived.Threats)}, {"of these treated by a risk", tally[threat.AsRisk]},
			{"of these set aside with a reason", tally[threat.NotApplicable]}, {"of these still to be answered or judged anew", len(b.derived.Threats) - answered},
			{"Threats that the team stated", len(b.File.Threats)}, {"of these treated by a risk", b.threatsIn(true)}, {"of these set aside with a reason", b.threatsIn(false)},
		}),
		b.figureTable("risk-figures", b.Say("Risks and controls"), []figure{
			{"Security risks", len(b.all.Risks)}, {"Above the policy before controls", b.aboveBefore()}, {"Acceptable after controls", v[risk.Acceptable]},
			{"Above the policy after controls", v[risk.Above]}, {"Avoided: the cause was removed", v[risk.Avoided]}, {"Not judged: value or limit not known", v[risk.Unjudged]},
			{"Controls on which risks rest", len(used)}, {"Controls that the manufacturer has to show to work", len(used) - len(notOurs(used))},
			{"of these shown by passed verifications", len(used) - len(notOurs(used)) - len(b.unshown(used))},
		}))
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("Method, scales and criteria are those of") + " "}, At(riskPlanName, ""), document.Span{Text: "."}))
	return s
}

func notOurs(controls []*model.Control) []*model.Control {
	return slices.DeleteFunc(slices.Clone(controls), ours)
}

// threatsIn counts the threats of the file that a risk treats, or that are set aside
// with a reason and treated by none.
func (b *riskBook) threatsIn(treated bool) (n int) {
	for _, t := range b.File.Threats {
		risks := len(model.Users[*model.Risk](t, "threats")) > 0
		if risks == treated && (treated || t.NotApplicable != "") {
			n++
		}
	}
	return n
}

// verdictCallout says in one place whether anything is open.
func (b *riskBook) verdictCallout() *document.Callout {
	c := &document.Callout{Kind: document.Note, Title: b.Say("Result")}
	v := b.verdicts()
	c.Blocks = append(c.Blocks, b.Para("Of %s, %d are acceptable by the policy, %d are above it and %d are not judged; %d were avoided.", plural(len(b.all.Risks), "security risk", "security risks"), v[risk.Acceptable], v[risk.Above], v[risk.Unjudged], v[risk.Avoided]))
	if len(b.open) == 0 {
		c.Blocks = append(c.Blocks, b.Para("By the criteria of the manufacturer no point is open."))
		return c
	}
	c.Kind = document.Gap
	c.Blocks = append(c.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("%s: see", plural(len(b.open), "point is open", "points are open")) + " "}, At(riskReportName, "conclusion"), document.Span{Text: "."}))
	return c
}

// reportMatrix shows the risks on the scales before and after controls.
func (b *riskBook) reportMatrix() *document.Section {
	s := b.Section("matrix", b.Say("Risks before and after controls"))
	m, err := MatrixOf(b.all)
	if err != nil {
		s.Blocks = append(s.Blocks, b.Gap(b.policyEntity(), "risk", b.Say("scales on which risks can be placed")))
		return s
	}
	m.Title = b.Say("Security risks before and after controls")
	source := b.From(b.policy, "risk")
	s.Blocks = append(s.Blocks, &document.Picture{ID: "matrix-picture", Caption: b.Say("Security risks before and after controls. What is above the line is accepted only with reasons (see the residual risks above the policy)"), Drawing: draw.RiskMatrix(m).Only(0), Source: source},
		b.matrixTable("before", b.Say("Number of risks before controls"), source, b.countCell(b.all.Before)),
		b.matrixTable("after", b.Say("Number of risks after controls"), source, b.countCell(b.all.After)))
	if n, k := b.all.Before.Unknown, b.all.After.Unknown; n+k > 0 {
		s.Blocks = append(s.Blocks, b.Para("Without a place on the scales: %d before controls, %d after controls.", n, k))
	}
	return s
}

// countCell shows the number of risks at a point, with what the policy says of it.
func (b *riskBook) countCell(g risk.Grid) func(risk.Point) document.Cell {
	return func(p risk.Point) document.Cell {
		n := g.At(p)
		if n == 0 {
			return document.Cell{}
		}
		c := document.N(n)
		c.Lines = append(c.Lines, document.Text{b.policyBadge(p)})
		return c
	}
}

// reportThreats says how completely threats were looked for.
func (b *riskBook) reportThreats() *document.Section {
	s := b.Section("threats", b.Say("Threats considered"),
		b.cited(b.lawOf("3.b"), "Threats were looked for on every element of the architecture. The grid has no silent blank: each cell holds derived threats with their answer, or there is a reason why the question does not arise"))
	h := HeatOf(b.derived)
	h.Title = b.Say("Threats by element and category")
	if len(h.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("an architecture from which threats could be derived")))
		return s
	}
	heat, left := b.heatPicture(h)
	s.Blocks = append(s.Blocks, b.coverageTable(),
		document.P(document.Source{}, document.Span{Text: b.Say("Each derived threat with its answer is in") + " "}, At(threatModelName, "derivation"), document.Span{Text: "."}))
	if left > 0 {
		s.Blocks = append(s.Blocks, b.Para("The picture shows the first %d of %d elements; the table above counts all of them.", len(h.Rows)-left, len(h.Rows)))
	}
	s.Blocks = append(s.Blocks, heat)
	return s
}

// mostHeatRows bounds the picture of the grid: some ten pages.
const mostHeatRows = 400

// heatPicture draws the grid, and says how many rows it leaves out.
func (b *Book) heatPicture(h draw.Heat) (p *document.Picture, left int) {
	left = max(0, len(h.Rows)-mostHeatRows)
	h.Rows = h.Rows[:len(h.Rows)-left]
	return &document.Picture{ID: "grid", Caption: b.Say("Derived threats by element and category, with the worst state of the cell"), Drawing: draw.HeatMap(h)}, left
}

// coverageTable counts derived threats by category and state.
func (b *riskBook) coverageTable() *document.Table {
	t := &document.Table{ID: "coverage", Caption: b.Say("Derived threats by category and answer"), Columns: []document.Column{columnOf(b.Say("Category"), 3), columnOf(b.Say("Derived"), 1.5, document.Figure)}}
	for _, st := range statuses {
		t.Columns = append(t.Columns, columnOf(sentenceCase(b.Say(dispositions[st])), 2, document.Figure))
	}
	count := map[model.ThreatCategory]map[threat.Status]int{}
	sum := map[threat.Status]int{}
	for _, d := range b.derived.Threats {
		if count[d.Pattern.Category] == nil {
			count[d.Pattern.Category] = map[threat.Status]int{}
		}
		count[d.Pattern.Category][d.Status]++
		sum[d.Status]++
	}
	row := func(name document.Span, n map[threat.Status]int) {
		r := document.Row{Cells: []document.Cell{document.C(name), document.N(total(n))}}
		for _, st := range statuses {
			r.Cells = append(r.Cells, document.N(n[st]))
		}
		t.Rows = append(t.Rows, r)
	}
	for _, c := range threat.Categories() {
		row(document.Span{Text: sentenceCase(spaced(c))}, count[c])
	}
	row(document.Bold(b.Say("All")), sum)
	return t
}

// priorityLetters stand for the order of priority where there is little room.
var priorityLetters = map[model.ControlPriority]string{"design": "D", "protective": "P", "information": "I"}

// reportRisks lists all risks, and has a section for each.
func (b *riskBook) reportRisks() *document.Section {
	s := b.Section("risks", b.Say("Risks"))
	if len(b.all.Risks) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("security risks")))
		return s
	}
	t := &document.Table{ID: "register", Caption: b.Say("All risks. Values: exploitability / severity. Controls: D safe design, P protective measure, I information; * provided by the surroundings or users"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Risk"), 3.4), columnOf(b.Say("Threats"), 4.8), columnOf(b.Say("Harms"), 2.4), columnOf(b.Say("Before controls"), 1.4), columnOf(b.Say("Controls"), 5.2),
		columnOf(b.Say("After device and manufacturer"), 1.8), columnOf(b.Say("After all controls"), 1.4), columnOf(b.Say("Decision, verdict, acceptance"), 2.2, document.State)}}
	for _, r := range b.all.Risks {
		t.Rows = append(t.Rows, b.riskRow(r))
		s.Sections = append(s.Sections, b.riskSection(r))
	}
	s.Blocks = append(s.Blocks,
		document.P(document.Source{}, document.Span{Text: b.Say("The table names threats, harms and controls by id; their titles are in the sections on each risk below, where controls are those of the device unless another provider is named. Requirements, verifications and evidence of each control are in") + " "},
			At("traceability-matrix", "forward"), document.Span{Text: "; " + b.Say("hazardous situations of the safety file with hazards and harms in") + " "}, At(riskReportName, "safety-link"), document.Span{Text: "."}), t)
	return s
}

func (b *riskBook) riskRow(r *risk.Assessed) document.Row {
	var controls document.Cell
	for _, c := range All(r.Risk.Controls) {
		mark := "\u00a0" + priorityLetters[c.Priority]
		if risk.Outside(c) {
			mark += "*"
		}
		controls.Lines = append(controls.Lines, document.Text{b.ID(c), {Text: mark}})
	}
	var post document.Cell
	if risk.Stated(r.Risk.PostControl) {
		post = b.levelsCell(r.PostControl)
	}
	after := b.levelsCell(r.Residual)
	if r.Verdict == risk.Avoided {
		after = document.Cell{}
	}
	verdict := document.Lines(document.T("%s", spaced(r.Risk.Decision)), document.Text{b.verdictBadge(r.Verdict)})
	if a := r.Risk.Acceptance; a != (model.Acceptance{}) {
		verdict.Lines = append(verdict.Lines, b.acceptanceCell(r.Risk).Lines...)
	}
	return document.Row{Source: b.From(r.Risk), Cells: []document.Cell{
		document.Lines(document.Text{document.Link(b.Title(r.Risk), document.Address("doc:"+riskReportName+"#"+b.sections[r.Risk]))}, document.Text{b.ID(r.Risk)}),
		idCell(b.Book, All(r.Risk.Threats)), idCell(b.Book, risk.Harms(r.Risk)), b.levelsCell(r.Initial), joined(controls, ", "), post, after, verdict}}
}

// reportSections are the ids of the report's own sections, which no risk may take.
var reportSections = []string{"summary", "matrix", "threats", "risks", "residual", "priority", "control-effects", "safety-link", "overall", "acceptances", "conclusion"}

// sectionIDs gives each risk the id of its section: its own, made different where a
// section of the report has the same.
func sectionIDs(risks []*model.Risk) map[*model.Risk]string {
	taken := map[string]bool{}
	for _, id := range reportSections {
		taken[id] = true
	}
	for _, r := range risks {
		taken[r.ID] = true
	}
	ids := map[*model.Risk]string{}
	for _, r := range risks {
		id := r.ID
		for slices.Contains(reportSections, r.ID) && taken[id] {
			id = "risk-" + id
		}
		taken[id], ids[r] = true, id
	}
	return ids
}
