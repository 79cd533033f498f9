package techdoc

import (
	"cmp"
	"slices"

	"theriac/approval"
	"theriac/document"
	"theriac/model"
	"theriac/risk"
)

// reportResidual lists the risks that the policy alone does not accept.
func (b *riskBook) reportResidual() *document.Section {
	s := b.Section("residual", b.Say("Residual risks above the policy"))
	t := &document.Table{ID: "above", Caption: b.Say("Residual risks above the policy, the worst first"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Risk"), 3), columnOf(b.Say("Residual"), 1.6), columnOf(b.Say("Why the benefit outweighs it"), 5), columnOf(b.Say("Accepted"), 2.6), columnOf(b.Say("Reason of the acceptance"), 4), columnOf(b.Say("Users are told in"), 2.4)}}
	for _, r := range b.all.Ranked() {
		if r.Verdict != risk.Above {
			continue
		}
		s.Carries = append(s.Carries, r.Risk.ID)
		t.Rows = append(t.Rows, document.Row{Source: b.From(r.Risk), Cells: []document.Cell{
			b.riskLink(r.Risk), b.levelsCell(r.Residual), b.proseLines(r.Risk, "benefit-risk", r.Risk.BenefitRisk), b.acceptanceCell(r.Risk),
			b.proseLines(r.Risk, "acceptance.reason", r.Risk.Acceptance.Reason), orNotStated(b.Book, Names(b.Book, All(r.Risk.Information)))}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("No residual risk is known to be above the policy.")))
	if unknown := b.all.Unknown(); len(unknown) > 0 {
		u := &document.Table{ID: "unjudged", Caption: b.Say("Risks that are not judged"), Columns: []document.Column{columnOf(b.Say("Risk"), 5), columnOf(b.Say("Residual"), 3)}}
		for _, r := range unknown {
			u.Rows = append(u.Rows, document.Row{Source: b.From(r.Risk, "residual"), Cells: []document.Cell{b.riskLink(r.Risk), b.levelsCell(r.Residual)}})
		}
		s.Blocks = append(s.Blocks, b.Para("Nobody can tell of the risks below whether they are acceptable: a value, or the limit for it, is not known."), u)
	}
	return s
}

// riskLink is the title of a risk, which leads to its section, with its id.
func (b *riskBook) riskLink(r *model.Risk) document.Cell {
	return document.Lines(document.Text{document.Link(b.Title(r), document.Address("doc:"+riskReportName+"#"+b.sections[r]))}, document.Text{b.ID(r)})
}

// reportPriority counts controls in the order of priority of Annex I 4.
func (b *riskBook) reportPriority() *document.Section {
	s := b.Section("priority", b.Say("Order of priority"),
		b.cited(b.lawOf("4"), "Controls are chosen in this order: safe design and manufacture first, then protective measures, then information and training"))
	used := b.used()
	t := &document.Table{ID: "priority", Caption: b.Say("Controls by priority and by who provides them"), Columns: []document.Column{columnOf(b.Say("Priority"), 5)}}
	providers := model.Provider("").Values()
	for _, p := range providers {
		t.Columns = append(t.Columns, columnOf(sentenceCase(b.Say(p.Name)), 1.6, document.Figure))
	}
	t.Columns = append(t.Columns, columnOf(b.Say("All"), 1.2, document.Figure))
	for i, p := range model.ControlPriority("").Values() {
		clause := b.lawOf("4." + []string{"a", "b", "c"}[i])
		row := document.Row{Source: ByLaw(clause), Cells: []document.Cell{document.C(document.Span{Text: sentenceCase(b.Say(priorityWords[model.ControlPriority(p.Name)])) + ", "}, b.Clause(clause))}}
		all := 0
		for _, by := range providers {
			n := 0
			for _, c := range used {
				if c.Priority == model.ControlPriority(p.Name) && providerOf(c) == model.Provider(by.Name) {
					n++
				}
			}
			all += n
			row.Cells = append(row.Cells, document.N(n))
		}
		row.Cells = append(row.Cells, document.N(all))
		t.Rows = append(t.Rows, row)
	}
	s.Blocks = append(s.Blocks, t, b.firstPriority(), document.P(document.Source{}, document.Span{Text: b.Say("Each control is described in") + " "}, At("security-architecture", "controls"), document.Span{Text: "."}))
	return s
}

// priorityWords are the three steps of the order.
var priorityWords = map[model.ControlPriority]string{"design": "safe design and manufacture", "protective": "protective measures", "information": "information and training"}

// firstPriority counts risks by the best control that they have, and names those with
// information alone.
func (b *riskBook) firstPriority() document.Block {
	t := &document.Table{ID: "first", Caption: b.Say("Risks by the control of highest priority that lowers them"), Columns: []document.Column{columnOf(b.Say("Control of highest priority"), 5), columnOf(b.Say("Risks"), 1.2, document.Figure), columnOf(b.Say("Which, and why"), 6)}}
	of := map[model.ControlPriority][]*model.Risk{}
	for _, r := range b.File.Risks {
		p := bestPriority(r)
		of[p] = append(of[p], r)
	}
	for _, p := range []model.ControlPriority{"design", "protective", "information", ""} {
		list := of[p]
		name := b.Say("none: no control")
		if p != "" {
			name = b.Say(priorityWords[p])
		}
		row := document.Row{Cells: []document.Cell{document.W(sentenceCase(name)), document.N(len(list)), {}}}
		for _, r := range list {
			if p == "design" || p == "protective" {
				break
			}
			line := append(b.Named(r), document.Span{Text: ": "})
			switch {
			case r.Priority != "":
				line = append(line, document.MarkdownLine(b.Tell(r, "priority-justification", r.Priority))...)
			case p == "information":
				line = append(line, b.Or("").Lines[0]...)
			default:
				line = append(line, document.Span{Text: b.Say(string(cmp.Or(r.Decision, "no decision")))})
			}
			row.Cells[2].Lines = append(row.Cells[2].Lines, line)
		}
		t.Rows = append(t.Rows, row)
	}
	return withoutEmpty(t, 2)
}

// withoutEmpty is a table without a column in which no row says anything.
func withoutEmpty(t *document.Table, column int) *document.Table {
	if slices.ContainsFunc(t.Rows, func(r document.Row) bool { return r.Group == "" && len(r.Cells[column].Lines) > 0 }) {
		return t
	}
	t.Columns = slices.Delete(t.Columns, column, column+1)
	for i, r := range t.Rows {
		if r.Group == "" {
			t.Rows[i].Cells = slices.Delete(r.Cells, column, column+1)
		}
	}
	return t
}

// bestPriority is the highest priority among the controls of a risk; "" for none.
func bestPriority(r *model.Risk) model.ControlPriority {
	for _, p := range []model.ControlPriority{"design", "protective", "information"} {
		if _, found := model.First(r.Controls, func(c *model.Control) bool { return c.Priority == p }); found {
			return p
		}
	}
	return ""
}

// reportEffects says what controls can do to safety, and which risks they bring.
func (b *riskBook) reportEffects() *document.Section {
	s := b.Section("control-effects", b.Say("Effects of controls on safety, and risks that they bring"),
		b.cited("mdcg.3.3.i6", "Each control was looked at for what it can do to safety and performance: delay, lock out, change"))
	t := &document.Table{ID: "effects", Caption: b.Say("Controls that can touch safety or bring risks"), Columns: []document.Column{
		columnOf(b.Say("Control"), 4), columnOf(b.Say("Why"), 5.6), columnOf(b.Say("Hazardous situations that cover it"), 4.2), columnOf(b.Say("Brings risks"), 2.2)}}
	none := &document.Table{ID: "no-effects", Caption: b.Say("Controls without an effect on safety"), Columns: []document.Column{columnOf(b.Say("Control"), 4), columnOf(b.Say("Why"), 8)}}
	var unknown, outside []*model.Control
	for _, c := range b.File.Controls {
		e := c.SafetyEffect
		switch {
		case e.Possible == model.Yes || len(c.Introduces) > 0:
			t.Rows = append(t.Rows, document.Row{ID: c.ID, Source: b.From(c, "safety-effect"), Cells: []document.Cell{
				document.Lines(b.Named(c)), b.proseLines(c, "safety-effect.why", e.Why), b.situationCell(c), b.broughtCell(c)}})
		case e.Possible == model.No:
			none.Rows = append(none.Rows, document.Row{ID: c.ID, Source: b.From(c, "safety-effect"), Cells: []document.Cell{
				document.Lines(b.Named(c)), b.proseLines(c, "safety-effect.why", e.Why)}})
		case mustJudge(c):
			unknown = append(unknown, c)
		default:
			outside = append(outside, c)
		}
	}
	s.Blocks = append(s.Blocks, b.Para("%s can touch safety or bring risks of their own, %d cannot, and of %d it is not stated.", plural(len(t.Rows), "control", "controls"), len(none.Rows), len(unknown)+len(outside)))
	if len(outside) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("No function of the device, so that their effect on safety is not stated by itself:") + " "}}, append(joined(namesWithIDs(b.Book, outside), "; ").Lines[0], document.Span{Text: "."})...)...))
	}
	for _, table := range []*document.Table{t, none} {
		if len(table.Rows) > 0 {
			s.Blocks = append(s.Blocks, table)
		}
	}
	for _, c := range unknown {
		s.Blocks = append(s.Blocks, b.Gap(c, "safety-effect", b.Say("whether control %q can harm safety", b.Title(c))))
	}
	return s
}

// mustJudge reports whether the effect of a control on safety must be stated: it is a
// function of the device.
func mustJudge(c *model.Control) bool {
	return providerOf(c) == "device" && c.Priority != "information"
}

func (b *riskBook) situationCell(c *model.Control) document.Cell {
	var cell document.Cell
	for s := range model.Targets(c.SafetyEffect.Situations) {
		cell.Lines = append(cell.Lines, joined(b.numbered(s, s.SafetyFile), " ").Lines...)
	}
	if c.SafetyEffect.Possible == model.Yes {
		return orNotStated(b.Book, cell)
	}
	return cell
}

// broughtCell lists the risks that a control brings, with what became of them.
func (b *riskBook) broughtCell(c *model.Control) document.Cell {
	var cell document.Cell
	for r := range model.Targets(c.Introduces) {
		cell.Lines = append(cell.Lines, b.riskLink(r).Lines[0])
		if one := b.of[r]; one != nil {
			cell.Lines = append(cell.Lines, document.Text{b.verdictBadge(one.Verdict)})
		}
	}
	return cell
}

// reportSafety is the link between the two files, from the side of the safety file.
func (b *riskBook) reportSafety() *document.Section {
	s := b.Section("safety-link", b.Say("Link to the safety risk management file"),
		b.cited("mdcg.3.2.i4", "Security risks that can harm people are passed to the safety risk management process by the hazardous situations to which their threats lead"))
	t := &document.Table{ID: "situations", Caption: b.Say("Hazardous situations with their security causes"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Hazardous situation"), 2.8), columnOf(b.Say("Hazard"), 2.2), columnOf(b.Say("Harms"), 3), columnOf(b.Say("Threats that lead to it"), 6.4), columnOf(b.Say("Security risks"), 5.4), columnOf(b.Say("Worst residual"), 1.5), columnOf(b.Say("Controls that can cause it"), 2.6)}}
	for _, st := range b.File.Situations {
		threats := model.Users[*model.Threat](st, "leads-to")
		risks := b.risksOf(threats)
		t.Rows = append(t.Rows, document.Row{ID: st.ID, Source: b.From(st), Cells: []document.Cell{
			b.numbered(st, st.SafetyFile), b.hazardCell(st), b.harmLines(All(st.Harms)), b.noneIfEmpty(nameCell(b.Book, threats)), b.noneIfEmpty(b.riskNames(risks)),
			b.worstOf(risks), nameCell(b.Book, model.Users[*model.Control](st, "safety-effect.situations"))}})
	}
	if alone := b.harmless(); len(alone) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, append(document.Text{{Text: b.Say("Risks from which nobody can come to harm, so that they stay in this file alone:") + " "}}, append(joined(namesWithIDs(b.Book, alone), "; ").Lines[0], document.Span{Text: "."})...)...))
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(nil, "", b.Say("hazardous situations of the safety file"))))
	return s
}

// nameCell lists entities by title on one line; an empty cell for none.
func nameCell[E model.Entity](b *Book, list []E) document.Cell {
	return joined(Names(b, list), "; ")
}

// riskNames lists risks by title, each of which leads to its section, on one line.
func (b *riskBook) riskNames(list []*model.Risk) document.Cell {
	var c document.Cell
	for _, r := range list {
		c.Lines = append(c.Lines, b.riskLink(r).Lines[0])
	}
	return joined(c, "; ")
}

func (b *riskBook) noneIfEmpty(c document.Cell) document.Cell {
	if len(c.Lines) == 0 {
		return document.W(b.Say("none"))
	}
	return c
}

// risksOf are the risks that treat some threats, in the order of the file.
func (b *riskBook) risksOf(threats []*model.Threat) (list []*model.Risk) {
	treats := map[*model.Risk]bool{}
	for _, t := range threats {
		for _, r := range model.Users[*model.Risk](t, "threats") {
			treats[r] = true
		}
	}
	if len(treats) == 0 {
		return nil
	}
	for _, r := range b.File.Risks {
		if treats[r] {
			list = append(list, r)
		}
	}
	return list
}

// worstOf is the value that is at least as bad as the residual values of some risks.
func (b *riskBook) worstOf(risks []*model.Risk) document.Cell {
	var points []risk.Point
	for _, r := range risks {
		if one := b.of[r]; one.Verdict != risk.Avoided && one.Residual.At.Known() {
			points = append(points, one.Residual.At)
		}
	}
	return b.pointCell(risk.Worst(points...))
}

// pointCell writes a point on the scales; nothing where it is not known.
func (b *riskBook) pointCell(p risk.Point) document.Cell {
	if !p.Known() {
		return document.Cell{}
	}
	return document.Lines(document.T("%s /", b.all.Scales.ExploitabilityLevels[p.Exploitability-1]), document.T("%s", b.all.Scales.SeverityLevels[p.Severity-1]))
}

// harmless lists the risks without harm to people.
func (b *riskBook) harmless() (list []*model.Risk) {
	for _, r := range b.File.Risks {
		if len(risk.Harms(r)) == 0 {
			list = append(list, r)
		}
	}
	return list
}

// reportOverall judges all risks together, as far as that can be computed.
func (b *riskBook) reportOverall() *document.Section {
	s := b.Section("overall", b.Say("Overall residual risk"))
	criterion := b.Section("criterion", b.Say("Criterion of the manufacturer"))
	if b.policy == nil {
		criterion.Blocks = append(criterion.Blocks, b.Gap(nil, "", b.Say("how overall residual risk is judged")))
	} else {
		criterion.Blocks = append(criterion.Blocks, b.Prose(b.policy, "risk.overall", b.policy.Risk.Overall, b.Say("how overall residual risk is judged"))...)
	}
	s.Sections = append(s.Sections, criterion, b.overallFacts(), b.overallCauses(), b.overallJudgement())
	return s
}

// overallFacts are figures over all risks.
func (b *riskBook) overallFacts() *document.Section {
	s := b.Section("facts", b.Say("All risks together"))
	v := b.verdicts()
	if p := b.all.WorstResidual(); p.Known() {
		s.Blocks = append(s.Blocks, b.Para("The value that is at least as bad as each known residual risk in both dimensions is %s exploitability and %s severity. No single risk need have it.",
			b.all.Scales.ExploitabilityLevels[p.Exploitability-1], b.all.Scales.SeverityLevels[p.Severity-1]))
	}
	s.Blocks = append(s.Blocks, b.Para("%d of %d risks are acceptable by the policy, %d are above it; before controls %d were above it.", v[risk.Acceptable], len(b.all.Risks), v[risk.Above], b.aboveBefore()))
	t := &document.Table{ID: "by-harm", Caption: b.Say("Residual risks by the gravest harm"), Columns: []document.Column{columnOf(b.Say("Gravest harm"), 5), columnOf(b.Say("Severity"), 2), columnOf(b.Say("Risks"), 1.2, document.Figure), columnOf(b.Say("Above the policy"), 1.6, document.Figure)}}
	for _, h := range b.File.Harms {
		n, above := 0, 0
		for _, one := range b.all.Risks {
			if one.Harm == h && one.Verdict != risk.Avoided {
				n++
				if one.Verdict == risk.Above {
					above++
				}
			}
		}
		if n > 0 {
			t.Rows = append(t.Rows, document.Row{Source: b.From(h), Cells: []document.Cell{document.C(b.Name(h)), b.Or(h.Severity), document.N(n), document.N(above)}})
		}
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	return s
}

// mostCauses is how many shared causes are listed.
const mostCauses = 10

// overallCauses lists what many risks have in common: controls on which they rest,
// and elements at which their threats aim.
func (b *riskBook) overallCauses() *document.Section {
	s := b.Section("shared-causes", b.Say("What risks have in common"),
		b.Para("Risks that share a control fail together when it fails; risks that aim at one element share the way to it."))
	var controls []common
	for _, c := range b.used() {
		controls = append(controls, common{c, len(b.withControl(c))})
	}
	t := &document.Table{ID: "shared-controls", Caption: b.Say("Controls on which most risks rest"), Columns: []document.Column{columnOf(b.Say("Control"), 5), columnOf(b.Say("Risks"), 1.2, document.Figure), columnOf(b.Say("Strength"), 2), columnOf(b.Say("Evidence"), 2, document.State)}}
	for _, c := range mostCommon(controls) {
		k := c.of.(*model.Control)
		t.Rows = append(t.Rows, document.Row{Source: b.From(k), Cells: []document.Cell{document.Lines(b.Named(k)), document.N(c.n), b.Or(string(k.Strength)), document.C(b.controlBadge(k))}})
	}
	e := &document.Table{ID: "shared-elements", Caption: b.Say("Elements at which most risks aim"), Columns: []document.Column{columnOf(b.Say("Element"), 5), columnOf(b.Say("Kind"), 2), columnOf(b.Say("Risks"), 1.2, document.Figure)}}
	for _, c := range mostCommon(b.aimedAt()) {
		e.Rows = append(e.Rows, document.Row{Source: b.From(c.of), Cells: []document.Cell{document.Lines(b.Named(c.of)), document.W(model.Of(c.of).Kind().Singular), document.N(c.n)}})
	}
	for _, table := range []*document.Table{t, e} {
		if len(table.Rows) > 0 {
			s.Blocks = append(s.Blocks, table)
		}
	}
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("Controls that stand alone on a way into the device are in") + " "}, At(threatModelName, "defence-in-depth"), document.Span{Text: "."}))
	return s
}

// common is an entity with the number of risks that have it in common.
type common struct {
	of model.Entity
	n  int
}

// mostCommon keeps those of most risks, of two or more, in that order.
func mostCommon(list []common) []common {
	list = slices.DeleteFunc(list, func(c common) bool { return c.n < 2 })
	slices.SortStableFunc(list, func(x, y common) int { return y.n - x.n })
	return list[:min(len(list), mostCauses)]
}

// withControl are the risks that a control lowers.
func (b *riskBook) withControl(c *model.Control) []*model.Risk {
	return model.Users[*model.Risk](c, "controls")
}

// aimedAt counts the risks that aim at each element, in the order in which the risks
// name them.
func (b *riskBook) aimedAt() (list []common) {
	at := map[model.Element]int{}
	for _, r := range b.File.Risks {
		seen := map[model.Element]bool{}
		for t := range model.Targets(r.Threats) {
			for e := range model.Targets(t.Targets) {
				if seen[e] {
					continue
				}
				seen[e] = true
				if _, known := at[e]; !known {
					at[e] = len(list)
					list = append(list, common{e, 0})
				}
				list[at[e]].n++
			}
		}
	}
	return list
}

// overallJudgement is what the judgement of the whole came to, by whom and when.
func (b *riskBook) overallJudgement() *document.Section {
	s := b.Section("judgement", b.Say("Judgement"), b.Para("The judgement of the whole is that of people; the figures above are what it rests on."))
	if !b.policyJudgement().Acceptable.Known() {
		s.Blocks = append(s.Blocks, b.Gap(b.policyEntity(), "risk.judgement", b.Say("what the judgement of the overall residual risk came to")))
	} else {
		s.Blocks = append(s.Blocks, b.judgementBlocks()...)
	}
	listed := b.Listed(Find(riskReportName))
	if listed == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("this report among its documents, so that nobody can approve it")))
		return s
	}
	lines := signatureLines(b.Signatures(listed))
	if len(lines) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(listed, "", b.Say("an approval of this report")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Signed approvals of this report:"), bullets(lines, b.From(listed)))
	return s
}

// judgementBlocks tell a judgement that was made.
func (b *riskBook) judgementBlocks() []document.Block {
	j := b.policy.Risk.Judgement
	result, tone := b.Say("acceptable in view of the benefit"), document.Good
	if j.Acceptable == model.No {
		result, tone = b.Say("not acceptable"), document.Bad
	}
	f := b.factsOf(b.policy)
	f.add(b.Say("Judged by"), "risk.judgement.by", b.Or(j.By))
	f.add(b.Say("On"), "risk.judgement.date", b.Or(j.Date.String()))
	f.prose(b.Say("Reason"), "risk.judgement.reason", j.Reason)
	return []document.Block{document.P(b.From(b.policy, "risk", "judgement", "acceptable"),
		document.Span{Text: b.Say("The overall residual risk is judged") + " "}, document.Badge(tone, result), document.Span{Text: "."}), f.terms}
}

// reportAcceptances lists who accepted what, with signatures.
func (b *riskBook) reportAcceptances() *document.Section {
	s := b.Section("acceptances", b.Say("Acceptances"))
	t := &document.Table{ID: "acceptances", Caption: b.Say("Accepted risks"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Risk"), 3.4), columnOf(b.Say("Verdict"), 1.8, document.State), columnOf(b.Say("Accepted by"), 3), columnOf(b.Say("On"), 1.4, document.Date), columnOf(b.Say("Until"), 1.4, document.Date), columnOf(b.Say("Reason"), 5), columnOf(b.Say("Signed approvals"), 4)}}
	for _, one := range b.all.Risks {
		r := one.Risk
		signed := signatureLines(b.signaturesOf(approval.Target{Of: "risks", ID: r.ID, Entity: r}))
		if r.Acceptance == (model.Acceptance{}) && len(signed) == 0 {
			continue
		}
		until := document.On(r.Acceptance.Until.String())
		if b.overdue(r) {
			until.Lines = append(until.Lines, document.Text{document.Badge(document.Bad, b.Say("overdue"))})
		}
		sig := document.Cell{Lines: signed}
		if len(signed) == 0 && b.riskApproval() {
			sig = document.C(document.Badge(document.Bad, b.Say("not signed")))
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(r, "acceptance"), Cells: []document.Cell{
			b.riskLink(r), document.C(b.verdictBadge(one.Verdict)), b.Or(r.Acceptance.By), document.On(r.Acceptance.Date.String()), until, b.proseLines(r, "acceptance.reason", r.Acceptance.Reason), sig}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Para("No risk needed an acceptance of its own, and none was given.")))
	return s
}
