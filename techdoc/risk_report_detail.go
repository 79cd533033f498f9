package techdoc

import (
	"strings"

	"theriac/approval"
	"theriac/document"
	"theriac/model"
	"theriac/risk"
)

// riskSection is all that is known of one risk.
func (b *riskBook) riskSection(one *risk.Assessed) *document.Section {
	r := one.Risk
	s := b.Section(b.sections[r], b.Title(r), b.riskLine(one))
	s.Carries = []string{r.ID}
	f := b.factsOf(r)
	f.prose(b.Say("Impact"), "impact", r.Impact)
	f.inline(b.Say("Threats"), "threats", orNotStated(b.Book, namesWithIDs(b.Book, All(r.Threats))))
	f.inline(b.Say("Harms"), "harms", b.harmsCell(one))
	f.inline(b.Say("Safety file"), "threats", b.safetyCell(r))
	f.inline(b.Say("Controls"), "controls", b.controlsCell(r))
	b.riskDecision(f, one)
	s.Blocks = append(s.Blocks, f.terms)
	if len(r.Controls) == 0 && (r.Decision == "reduce" || r.Decision == "") {
		s.Blocks = append(s.Blocks, b.Gap(r, "controls", b.Say("controls that lower this risk")))
	}
	s.Blocks = append(s.Blocks, b.scoreTable(one))
	s.Blocks = append(s.Blocks, b.scoreRemarks(one)...)
	s.Blocks = append(s.Blocks, b.rubricTables(r)...)
	return s
}

// riskLine is the id of a risk, what the policy says of it, and what was decided.
func (b *riskBook) riskLine(one *risk.Assessed) *document.Paragraph {
	r := one.Risk
	line := document.Text{{Text: b.Say("Risk") + " "}, b.ID(r), {Text: ". "}, b.verdictBadge(one.Verdict), {Text: ". " + b.Say("Decision") + ": "}}
	line = append(line, b.Or(decisionWords(r.Decision)).Lines[0]...)
	return document.P(b.From(r), append(line, document.Span{Text: "."})...)
}

// orNotStated is a cell, or the mark of what is not stated where it is empty.
func orNotStated(b *Book, c document.Cell) document.Cell {
	if len(c.Lines) == 0 {
		return b.Or("")
	}
	return c
}

func (b *riskBook) harmsCell(one *risk.Assessed) document.Cell {
	var c document.Cell
	for _, h := range risk.Harms(one.Risk) {
		line := b.Named(h)
		line = append(line, document.Span{Text: ", " + h.Severity})
		c.Lines = append(c.Lines, line)
	}
	if len(c.Lines) == 0 {
		return document.W(b.Say("None: nobody can come to harm."))
	}
	return c
}

// scoreTable has a row for each value of a risk. It stands with its risk, and has no
// number.
func (b *riskBook) scoreTable(one *risk.Assessed) *document.Table {
	t := &document.Table{Columns: []document.Column{
		columnOf(b.Say("When"), 2.6), columnOf(b.Say("Exploitability / severity"), 2.4), columnOf(b.Say("Policy"), 1.5, document.State), columnOf(b.Say("Rationale and basis"), 8)}}
	for _, v := range []struct {
		name, field string
		r           risk.Rating
		must        bool
	}{
		{"Before controls", "initial", one.Initial, true}, {"After device and manufacturer", "post-control", one.PostControl, fromBoth(one.Risk)},
		{"After all controls", "residual", one.Residual, one.Verdict != risk.Avoided},
	} {
		if !risk.Stated(v.r.Score) && !v.must {
			continue
		}
		policy := document.C(b.policyBadge(v.r.At))
		if !v.r.At.Known() {
			policy = document.C(document.Badge(document.Bad, b.Say("not known")))
		}
		why := b.proseLines(one.Risk, v.field+".rationale", v.r.Score.Rationale)
		why.Lines = append(why.Lines, b.basisLines(v.r)...)
		t.Rows = append(t.Rows, document.Row{Source: b.From(one.Risk, v.field), Cells: []document.Cell{
			document.W(b.Say(v.name)), joined(b.levelsCell(v.r), " "), policy, why}})
	}
	return t
}

// fromBoth reports whether device or manufacturer and surroundings or users lower a
// risk together, so that what the former achieve alone must be stated. Information
// lowers no level by itself.
func fromBoth(r *model.Risk) bool {
	inside, outside := false, false
	for c := range model.Targets(r.Controls) {
		if c.Priority != "information" {
			inside, outside = inside || !risk.Outside(c), outside || risk.Outside(c)
		}
	}
	return inside && outside
}

// basisLines say what a level of exploitability rests on, where it is more than the
// judgement of people.
func (b *riskBook) basisLines(r risk.Rating) (lines []document.Text) {
	if r.Estimate.Known {
		lines = append(lines, document.T("%s: %s", r.Estimate.Basis, b.figureOf(r.Estimate.Figure)))
	}
	if r.Score.CVSS != "" {
		lines = append(lines, document.Text{document.Literal(r.Score.CVSS)})
	}
	if f := r.Score.Feasibility; f != (model.Feasibility{}) {
		var parts []string
		for _, p := range []struct{ name, value string }{{"time", spaced(f.Time)}, {"expertise", spaced(f.Expertise)}, {"knowledge", spaced(f.Knowledge)}, {"opportunity", spaced(f.Opportunity)}, {"equipment", spaced(f.Equipment)}} {
			if p.value != "" {
				parts = append(parts, b.Say(p.name)+": "+p.value)
			}
		}
		lines = append(lines, document.Text{{Text: strings.Join(parts, "; ")}})
	}
	for _, p := range r.Estimate.Problems {
		lines = append(lines, document.Text{document.Badge(document.Bad, b.Say("%s", strings.ReplaceAll(string(p.Fault), "-", " "))), {Text: " " + p.Text}})
	}
	return lines
}

// figureOf is a figure of the scoring method as people write it: points without decimals.
func (b *riskBook) figureOf(d model.Decimal) string {
	if b.all.Method.Name() == "feasibility" {
		return strings.TrimSuffix(d.String(), ".0")
	}
	return d.String()
}

// scoreRemarks are what a reader must know of the values.
func (b *riskBook) scoreRemarks(one *risk.Assessed) (blocks []document.Block) {
	if one.Understated {
		blocks = append(blocks, &document.Callout{Kind: document.Gap, Title: b.Say("Open"), Source: b.From(one.Risk, "initial"), Blocks: []document.Block{
			b.Para("The severity before controls is below that of the worst harm, %s (%s).", b.Title(one.Harm), one.Harm.Severity)}})
	}
	for _, v := range []struct {
		field string
		r     risk.Rating
	}{{"initial", one.Initial}, {"post-control", one.PostControl}, {"residual", one.Residual}} {
		if v.r.Disagrees() {
			blocks = append(blocks, document.P(b.From(one.Risk, v.field), document.Span{Text: b.Say("The level that is typed (%s) and the one that is computed (%s) differ; the worse one counts.", v.r.Score.Exploitability, v.r.Estimate.Level)}))
		}
	}
	return blocks
}

// rubricTables are the answers to the rubric, where a score has some.
func (b *riskBook) rubricTables(r *model.Risk) (blocks []document.Block) {
	for _, v := range []struct {
		name, field string
		answers     []model.RubricAnswer
	}{{"Answers to the rubric, before controls:", "initial", r.Initial.Rubric}, {"Answers to the rubric, after device and manufacturer:", "post-control", r.PostControl.Rubric},
		{"Answers to the rubric, after all controls:", "residual", r.Residual.Rubric}} {
		if len(v.answers) == 0 {
			continue
		}
		t := &document.Table{Columns: []document.Column{columnOf(b.Say("Question"), 1.3, document.Code), columnOf(b.Say("Asks"), 5), columnOf(b.Say("Answer"), 1.2), columnOf(b.Say("Reasoning"), 4)}}
		for _, a := range v.answers {
			asks := ""
			if q := risk.MedicalRubric().Question(a.Question); q != nil {
				asks = q.Asks
			}
			t.Rows = append(t.Rows, document.Row{Source: b.From(r, v.field, "rubric"), Cells: []document.Cell{document.W(a.Question), b.Or(asks), b.Or(a.Answer), document.W(a.Why)}})
		}
		blocks = append(blocks, b.Para(v.name), t)
	}
	return blocks
}

// controlsCell lists what lowers a risk: each control with its priority, and who
// provides it where it is not the device.
func (b *riskBook) controlsCell(r *model.Risk) document.Cell {
	var cell document.Cell
	for _, c := range All(r.Controls) {
		kind := b.Say(string(c.Priority))
		if by := providerOf(c); by != "device" {
			kind += ", " + b.Say(string(by))
		}
		cell.Lines = append(cell.Lines, document.Text{b.Name(c), {Text: " (" + kind + ")"}})
	}
	return cell
}

// safetyCell names the hazardous situations of the safety file to which the threats of
// a risk lead; the section on the link to it has all of them in full.
func (b *riskBook) safetyCell(r *model.Risk) document.Cell {
	var cell document.Cell
	for _, s := range b.situationsOf(r) {
		line := document.Text{b.Name(s)}
		if s.SafetyFile != "" {
			line = append(line, document.Span{Text: " (" + s.SafetyFile + ")"})
		}
		cell.Lines = append(cell.Lines, line)
	}
	switch {
	case len(cell.Lines) > 0:
		return cell
	case len(risk.Harms(r)) > 0:
		return document.C(document.Badge(document.Bad, b.Say("not stated")), document.Span{Text: " " + b.Say("through which hazardous situations its threats lead to harm")})
	}
	return document.W(b.Say("None of the threats leads to a hazardous situation."))
}

// situationsOf are the hazardous situations to which the threats of a risk lead, each
// once.
func (b *riskBook) situationsOf(r *model.Risk) (list []*model.Situation) {
	seen := map[*model.Situation]bool{}
	for t := range model.Targets(r.Threats) {
		for s := range model.Targets(t.LeadsTo) {
			if !seen[s] {
				seen[s] = true
				list = append(list, s)
			}
		}
	}
	return list
}

// numbered is the name of an entity of the safety file with its number there.
func (b *Book) numbered(e model.Entity, number string) document.Cell {
	if number == "" {
		return document.C(b.Name(e))
	}
	return document.Lines(document.Text{b.Name(e)}, document.Text{{Text: number, Style: document.Faint}})
}

func (b *Book) hazardCell(s *model.Situation) document.Cell {
	if !s.Hazard.OK() {
		return b.Or("")
	}
	return b.numbered(s.Hazard.To, s.Hazard.To.SafetyFile)
}

func (b *Book) harmLines(harms []*model.Harm) document.Cell {
	var c document.Cell
	for _, h := range harms {
		text := ", " + h.Severity
		if h.SafetyFile != "" {
			text += " (" + h.SafetyFile + ")"
		}
		c.Lines = append(c.Lines, document.Text{b.Name(h), {Text: text}})
	}
	return orNotStated(b, c)
}

// riskDecision adds why a risk may stay as it is, who accepted it, and who is told.
func (b *riskBook) riskDecision(f *factTerms, one *risk.Assessed) {
	r := one.Risk
	if b.informationOnly(r) || r.Priority != "" {
		f.prose(b.Say("Why no safer design or protective measure was taken"), "priority-justification", r.Priority)
	}
	if one.Verdict == risk.Above || r.BenefitRisk != "" {
		f.prose(b.Say("Benefit and risk"), "benefit-risk", r.BenefitRisk)
	}
	if one.Verdict == risk.Above || r.Acceptance != (model.Acceptance{}) {
		f.add(b.Say("Acceptance"), "acceptance", joined(b.acceptanceCell(r), ", "))
		f.prose(b.Say("Reason of the acceptance"), "acceptance.reason", r.Acceptance.Reason)
	}
	if one.Verdict == risk.Above || len(r.Information) > 0 {
		f.inline(b.Say("Users are told in"), "information", orNotStated(b.Book, Names(b.Book, All(r.Information))))
	}
	if lines := signatureLines(b.signaturesOf(approval.Target{Of: "risks", ID: r.ID, Entity: r})); len(lines) > 0 {
		f.add(b.Say("Signed approvals"), "", document.Cell{Lines: lines})
	}
}

func decisionWords(d model.RiskDecision) string {
	if doc := meaningOf(d.Values(), string(d)); doc != "" {
		return string(d) + ": " + doc
	}
	return string(d)
}

// acceptanceCell says who accepted a risk, when, and until when.
func (b *riskBook) acceptanceCell(r *model.Risk) document.Cell {
	a := r.Acceptance
	if a == (model.Acceptance{}) {
		return b.Or("")
	}
	c := document.Lines(b.Or(a.By).Lines[0])
	line := document.Text{{Text: b.Say("on %s", orUnknown(a.Date))}}
	if !a.Until.IsZero() {
		line = append(line, document.Span{Text: ", " + b.Say("until %s", a.Until)})
		if b.overdue(r) {
			line = append(line, document.Span{Text: " "}, document.Badge(document.Bad, b.Say("overdue")))
		}
	}
	c.Lines = append(c.Lines, line)
	return c
}

func orUnknown(d model.Date) string {
	if d.IsZero() {
		return "?"
	}
	return d.String()
}

// overdue reports whether an acceptance should have been looked at again.
func (b *riskBook) overdue(r *model.Risk) bool {
	return !r.Acceptance.Until.IsZero() && r.Acceptance.Until.Before(b.Day)
}

// informationOnly reports whether nothing but information lowers a risk.
func (b *riskBook) informationOnly(r *model.Risk) bool {
	any := false
	for c := range model.Targets(r.Controls) {
		if c.Priority != "information" {
			return false
		}
		any = true
	}
	return any
}
