package techdoc

import (
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/draw"
	"theriac/model"
	"theriac/risk"
)

// planMethod says how risk is found and estimated.
func (b *riskBook) planMethod() *document.Section {
	s := b.Section("method", b.Say("Method"))
	if b.policy == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("a policy for security risk")))
	} else {
		s.Blocks = append(s.Blocks, b.Prose(b.policy, "risk.method", b.policy.Risk.Method, b.Say("how risk is estimated, and why that is fitting"))...)
	}
	s.Sections = append(s.Sections, b.planSteps(), b.planScales(), b.planScoring())
	return s
}

// planSteps are the steps of the process.
func (b *riskBook) planSteps() *document.Section {
	l := &document.List{Ordered: true}
	step := func(clause, text string, doc, section string) {
		line := document.Text{{Text: b.Say(text) + " ("}, b.Clause(clause)}
		if doc != "" {
			line = append(line, document.Span{Text: "; "}, At(doc, section))
		}
		l.Items = append(l.Items, document.Item{Source: ByLaw(clause), Blocks: []document.Block{&document.Paragraph{Text: append(line, document.Span{Text: ")."})}}})
	}
	step(b.lawOf("3.b"), "Threats are found for each element of the architecture: by the six STRIDE questions, by patterns of known attacks, by foreseeable misuse and by failures of the surroundings. Each is answered by a risk that treats it or by a reason why it does not apply", "threat-model", "method")
	step(b.lawOf("3.c"), "Each risk is estimated before controls: its exploitability, and the severity of the worst harm that its threats lead to through the hazardous situations of the safety file", riskReportName, "risks")
	step(b.lawOf("4"), "Controls are chosen in the order of priority: safe design, protective measures, information", riskReportName, "priority")
	step(b.lawOf("3.d"), "What remains is estimated after the controls of device and manufacturer alone, where surroundings or users contribute, and after all controls", riskReportName, "risks")
	step(b.lawOf("4"), "What remains is compared with the criteria, each risk by itself and all of them together", riskReportName, "overall")
	step("mdcg.3.3.i6", "Controls are looked at for what they can do to safety and for risks that they bring", riskReportName, "control-effects")
	return b.Section("steps", b.Say("Steps"), l)
}

// planScales lists the levels of the two scales.
func (b *riskBook) planScales() *document.Section {
	s := b.Section("scales", b.Say("Scales"))
	if b.policy == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("scales of exploitability and severity")))
		return s
	}
	p := b.policy.Risk
	computes := b.all.Method.Computes()
	t := &document.Table{ID: "exploitability", Caption: b.Say("Levels of exploitability, from the highest"), Columns: []document.Column{columnOf(b.Say("Rank"), 1, document.Figure), columnOf(b.Say("Level"), 2), columnOf(b.Say("Means"), 7)}}
	if computes {
		t.Columns = append(t.Columns, columnOf(b.figureName(), 2.4, document.Figure))
	}
	for i := len(p.Exploitability) - 1; i >= 0; i-- {
		row := document.Row{Source: b.From(b.policy, "risk", "exploitability"), Cells: []document.Cell{document.N(i + 1), document.W(p.Exploitability[i]), b.meansCell(p.Exploitability[i])}}
		if computes {
			row.Cells = append(row.Cells, b.levelFrom(p.Exploitability[i]))
		}
		t.Rows = append(t.Rows, row)
	}
	v := &document.Table{ID: "severity", Caption: b.Say("Levels of severity, from the highest"), Columns: []document.Column{columnOf(b.Say("Rank"), 1, document.Figure), columnOf(b.Say("Level"), 2), columnOf(b.Say("Means"), 5), columnOf(b.Say("Harms of the safety file on this level"), 5)}}
	for i := len(p.Severity) - 1; i >= 0; i-- {
		v.Rows = append(v.Rows, document.Row{Source: b.From(b.policy, "risk", "severity"), Cells: []document.Cell{document.N(i + 1), document.W(p.Severity[i]), b.meansCell(p.Severity[i]), Names(b.Book, b.harmsOn(p.Severity[i]))}})
	}
	s.Blocks = append(s.Blocks,
		withRows(t, b.Gap(b.policy, "risk.exploitability", b.Say("the levels of exploitability"))),
		withRows(v, b.Gap(b.policy, "risk.severity", b.Say("the levels of severity"))))
	if without := b.meaningless(); len(without) > 0 {
		s.Blocks = append(s.Blocks, b.Gap(b.policy, "risk.meanings", b.Say("what these levels mean, so that two people judge alike: %s", strings.Join(without, ", "))))
	}
	s.Blocks = append(s.Blocks, b.Para("Levels are ordered and never multiplied or averaged: several values together are as bad as the worst of them."))
	return s
}

// meansCell is what a level means.
func (b *riskBook) meansCell(level string) document.Cell {
	for i, m := range b.policy.Risk.Meanings {
		if m.Level == level {
			return b.proseLines(b.policy, fmt.Sprintf("risk.meanings.%d.means", i), m.Means)
		}
	}
	return b.Or("")
}

// meaningless lists the levels of both scales of which it is not stated what they mean,
// each once.
func (b *riskBook) meaningless() (levels []string) {
	for _, level := range slices.Concat(b.policy.Risk.Exploitability, b.policy.Risk.Severity) {
		stated := slices.ContainsFunc(b.policy.Risk.Meanings, func(m model.LevelMeaning) bool { return m.Level == level && strings.TrimSpace(m.Means) != "" })
		if !stated && !slices.Contains(levels, level) {
			levels = append(levels, level)
		}
	}
	return levels
}

func (b *riskBook) harmsOn(level string) (list []*model.Harm) {
	for _, h := range b.File.Harms {
		if h.Severity == level {
			list = append(list, h)
		}
	}
	return list
}

// figureName says what the method computes.
func (b *riskBook) figureName() string {
	if b.all.Method.Name() == "feasibility" {
		return b.Say("Points of attack feasibility, from")
	}
	return b.Say("CVSS score, from")
}

func (b *riskBook) levelFrom(level string) document.Cell {
	for _, l := range b.policy.Risk.Levels {
		if l.Level == level {
			return document.Cell{Lines: []document.Text{document.T("%s", b.figureOf(l.From))}, Value: float64(l.From) / 10}
		}
	}
	return b.Or("")
}

// scoringWords explain the methods of scoring.
var scoringWords = map[model.Scoring]string{
	"judged":      "People choose the level of exploitability on the scale and say why. A CVSS vector beside it supports the judgement and computes nothing.",
	"cvss-3.1":    "The level of exploitability follows from the score of a CVSS v3.1 vector, with environmental metrics where there are some. The score is that of a weakness, no medical risk: it never gives the severity of harm, which comes from the safety file (MDCG 2019-16 names CVSS as support for likelihood).",
	"cvss-4.0":    "The level of exploitability follows from the score of a CVSS v4.0 vector. The score is that of a weakness, no medical risk: it never gives the severity of harm, which comes from the safety file (MDCG 2019-16 names CVSS as support for likelihood).",
	"feasibility": "The level of exploitability follows from what an attack takes: five factors have points, and their sum is compared with the figures from which each level begins. More points mean that an attack takes more, so that the exploitability is lower.",
}

// planScoring explains how exploitability is found.
func (b *riskBook) planScoring() *document.Section {
	s := b.Section("scoring", b.Say("How exploitability is found"))
	var source document.Source
	if b.policy != nil {
		source = b.From(b.policy, "risk", "scoring")
	}
	s.Blocks = append(s.Blocks, document.P(source, document.Span{Text: b.Say(scoringWords[b.all.Method.Name()])}))
	if b.all.Method.Computes() {
		s.Blocks = append(s.Blocks, b.Para("Where a level is typed and computed and the two differ, the worse one counts. Where the input of the method is missing, nothing is known, and the risk counts neither as acceptable nor as above the policy."))
	}
	if b.all.Method.Name() == "feasibility" {
		s.Blocks = append(s.Blocks, b.factorTable())
	}
	if b.usesRubric() {
		r := risk.MedicalRubric()
		s.Blocks = append(s.Blocks, b.Para("Questions and answers of the %s (%s) lead to the base metrics of the vectors; the answers stand with each risk.", r.Title, r.Edition))
	}
	return s
}

func (b *riskBook) usesRubric() bool {
	for _, r := range b.File.Risks {
		if len(r.Initial.Rubric)+len(r.PostControl.Rubric)+len(r.Residual.Rubric) > 0 {
			return true
		}
	}
	return false
}

// factorTable is the points of attack feasibility.
func (b *riskBook) factorTable() *document.Table {
	t := &document.Table{ID: "factors", Caption: b.Say("Points of attack feasibility"), Columns: []document.Column{columnOf(b.Say("Factor"), 3), columnOf(b.Say("Value"), 3), columnOf(b.Say("Points"), 1, document.Figure)}}
	for _, f := range risk.Factors() {
		for i, p := range f.Points {
			name := document.Cell{}
			if i == 0 {
				name = document.W(f.Title)
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{name, document.W(spaced(p.Value)), document.N(p.Points)}})
		}
	}
	return t
}

// planMatrix is the matrix as a table and as a picture.
func (b *riskBook) planMatrix() (*document.Section, error) {
	s := b.Section("matrix", b.Say("Risk matrix"))
	m, err := MatrixOf(b.all)
	if err != nil || !b.all.Scales.Judges() {
		s.Blocks = append(s.Blocks, b.Gap(b.policyEntity(), "risk.acceptable", b.Say("scales and acceptable combinations that can be read")))
		return s, nil
	}
	m.Title, m.Risks = b.Say("Security risks: line of acceptance"), nil
	source := b.From(b.policy, "risk", "acceptable")
	drawing := draw.RiskMatrix(m).Only(0)
	drawing.Summary = b.matrixSummary()
	s.Blocks = append(s.Blocks,
		b.Para("Each combination of exploitability and severity is either acceptable without further reasoning or above the policy. The matrix applies to each risk by itself, before and after controls."),
		b.matrixTable("matrix", b.Say("Risk matrix: what the policy says of each combination"), source, func(p risk.Point) document.Cell {
			return document.C(b.policyBadge(p))
		}),
		&document.Picture{ID: "matrix-picture", Caption: b.Say("Risk matrix with the line of acceptance, which is the same before and after controls"), Drawing: drawing, Source: source})
	return s, nil
}

// matrixSummary tells the limits of the policy to those who do not see the picture.
func (b *riskBook) matrixSummary() string {
	up, across := len(b.all.Scales.ExploitabilityLevels), len(b.all.Scales.SeverityLevels)
	acceptable, above := 0, 0
	for i := range up {
		for j := range across {
			switch p := (risk.Point{Exploitability: i + 1, Severity: j + 1}); {
			case b.all.Scales.Accepts(p):
				acceptable++
			case b.all.Scales.Above(p):
				above++
			}
		}
	}
	return b.Say("Limits of the policy: of %d combinations of %d levels of exploitability and %d levels of severity, %d are acceptable without further reasoning and %d are above the line of acceptance.",
		up*across, up, across, acceptable, above)
}

// policyBadge is what the policy says of a point.
func (b *riskBook) policyBadge(p risk.Point) document.Span {
	switch {
	case b.all.Scales.Accepts(p):
		return document.Badge(document.Good, b.Say("acceptable"))
	case b.all.Scales.Above(p):
		return document.Badge(document.Bad, b.Say("above"))
	}
	return document.Badge(document.Neutral, b.Say("no limit"))
}

// matrixTable has a row for each level of exploitability, the highest first, and a
// column for each severity.
func (b *riskBook) matrixTable(id, caption string, source document.Source, cell func(risk.Point) document.Cell) *document.Table {
	up, across := b.all.Scales.ExploitabilityLevels, b.all.Scales.SeverityLevels
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{columnOf(b.Say("Exploitability / severity"), 2)}}
	for _, l := range across {
		t.Columns = append(t.Columns, columnOf(l, 2, document.State))
	}
	for i := len(up) - 1; i >= 0; i-- {
		row := document.Row{Source: source, Cells: []document.Cell{document.C(document.Bold(up[i]))}}
		for j := range across {
			row.Cells = append(row.Cells, cell(risk.Point{Exploitability: i + 1, Severity: j + 1}))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// planAcceptance states the criteria for single risks.
func (b *riskBook) planAcceptance() *document.Section {
	s := b.Section("acceptance", b.Say("Acceptance criteria"),
		b.cited(b.lawOf("2"), "A risk below the line of acceptance is lowered further as long as that is possible without making the ratio of benefit and risk worse"))
	if b.policy == nil || len(b.policy.Risk.Acceptable) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(b.policyEntity(), "risk.acceptable", b.Say("which risks are acceptable")))
		return s
	}
	t := &document.Table{ID: "acceptance", Caption: b.Say("Highest acceptable severity"), Columns: []document.Column{columnOf(b.Say("Exploitability"), 3), columnOf(b.Say("Highest severity that is acceptable without further reasoning"), 6)}}
	for i := len(b.policy.Risk.Exploitability) - 1; i >= 0; i-- {
		level := b.policy.Risk.Exploitability[i]
		t.Rows = append(t.Rows, document.Row{Source: b.From(b.policy, "risk", "acceptable"), Cells: []document.Cell{document.W(level), b.highest(level)}})
	}
	s.Blocks = append(s.Blocks, t, b.planAbove())
	return s
}

func (b *riskBook) highest(level string) document.Cell {
	var highest []string
	for _, a := range b.policy.Risk.Acceptable {
		if a.Exploitability == level {
			highest = append(highest, a.Severity)
		}
	}
	if len(highest) == 0 {
		return document.W(b.Say("none: nothing is acceptable on this level"))
	}
	return document.W(strings.Join(highest, ", "))
}

// planAbove says what becomes of other risks.
func (b *riskBook) planAbove() *document.List {
	lines := []document.Text{
		b.say("A risk above the line is lowered by controls, in the order of priority. What stays above it is accepted only with a reason why the benefit outweighs it, by a named role, for a stated time, and users are told."),
		b.say("A risk whose value or limit is not known counts as not judged, never as acceptable."),
		b.say("A risk whose cause was removed is avoided, and nothing remains to be judged."),
	}
	if b.riskApproval() {
		for _, a := range b.policy.Approvals {
			if a.Of == "risks" {
				lines = append(lines, b.say("Decisions about risks are signed (%s) by: %s.", spaced(a.Meaning), strings.Join(a.Roles, ", ")))
			}
		}
	}
	return bullets(lines, document.Source{})
}

// planOverall is the criterion for all risks together.
func (b *riskBook) planOverall() *document.Section {
	s := b.Section("overall-criterion", b.Say("Criterion for overall residual risk"),
		b.cited(b.lawOf("4"), "Beside each risk the overall residual risk is judged"))
	if b.policy == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how overall residual risk is judged")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Prose(b.policy, "risk.overall", b.policy.Risk.Overall, b.Say("how overall residual risk is judged"))...)
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("The facts for that judgement are computed in") + " "}, At(riskReportName, "overall"), document.Span{Text: "."}))
	return s
}

// planSafety says how the security file and the safety file work together.
func (b *riskBook) planSafety() *document.Section {
	s := b.Section("safety-file", b.Say("Link to the safety risk management file"),
		b.cited("mdcg.3.2.i4", "A security risk that can harm people goes to the safety risk management process"),
		b.cited("mdcg.3.2.i5", "A safety control that opens a way for attacks comes back as a security risk"))
	s.Blocks = append(s.Blocks, b.Para("Hazards, hazardous situations and harms are those of the safety file, with its numbers. Threats name the hazardous situations to which they lead, situations the harms; the severity of a security risk is that of the worst harm on these ways, on the scale of the safety file. Controls name the situations in which they themselves can be a cause."))
	l := &document.List{}
	for _, d := range b.listedTypes("safety-risk-file") {
		l.Items = append(l.Items, document.Item{Source: b.From(d), Blocks: []document.Block{&document.Paragraph{Text: b.DocumentLine(d)}}})
	}
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("the safety risk management file among its documents")))
	} else {
		s.Blocks = append(s.Blocks, l)
	}
	t := &document.Table{ID: "harms", Caption: b.Say("Harms of the safety file"), Columns: []document.Column{columnOf(b.Say("Harm"), 5), columnOf(b.Say("Severity"), 2), columnOf(b.Say("Number in the safety file"), 3)}}
	for _, h := range b.File.Harms {
		t.Rows = append(t.Rows, document.Row{ID: h.ID, Source: b.From(h), Cells: []document.Cell{document.C(b.Name(h)), b.Or(h.Severity), b.Or(h.SafetyFile)}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("harms, so that no risk can be linked to safety"))))
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("All links are in") + " "}, At(riskReportName, "safety-link"), document.Span{Text: "."}))
	return s
}

// riskStandards are the parts of standards and guidance that ask for management of
// security risk, by the beginning of their ids.
var riskStandards = []string{"14971.", "aami.", "81001-5-1.4.2", "81001-5-1.7.", "mdcg.3.2"}

// planStandards lists the standards applied, clause by clause.
func (b *riskBook) planStandards() *document.Section {
	s := b.Section("standards", b.Say("Standards and guidance applied"))
	t := &document.Table{ID: "standards", Caption: b.Say("Clauses on the management of security risk"), Columns: []document.Column{
		columnOf(b.Say("Clause"), 3), columnOf(b.Say("What it asks"), 7), columnOf(b.Say("Status"), 1.6, document.State)}}
	for _, prefix := range riskStandards {
		for _, r := range b.RowsOf(prefix) {
			t.Rows = append(t.Rows, document.Row{Source: ByLaw(r.Entry.ID), Cells: []document.Cell{document.C(b.Clause(r.Entry.ID)), document.W(r.Entry.Title), document.C(b.Status(r.Status))}})
		}
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(b.File.Product, "standards", b.Say("standards for the management of security risk"))))
	if list := b.File.Product.OtherStandards; len(list) > 0 {
		var lines []document.Text
		for _, o := range list {
			lines = append(lines, document.T("%s", o))
		}
		s.Blocks = append(s.Blocks, b.Para("Further standards that the manufacturer applies:"), bullets(lines, b.From(b.File.Product, "other-standards")))
	}
	return s
}
