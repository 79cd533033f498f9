package techdoc

import (
	"strings"

	"theriac/approval"
	"theriac/document"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
)

// openPoint is something that the criteria ask for and that is not there.
type openPoint struct {
	text document.Text
	by   document.Source
}

// openPoints lists all of them.
func (b *riskBook) openPoints() (list []openPoint) {
	add := func(e model.Entity, field, text string, args ...any) {
		line := document.Text{}
		var source document.Source
		if e != nil {
			line = append(b.calledWithID(e), document.Span{Text: ": "})
			source = b.From(e)
			if field != "" {
				source = b.From(e, strings.Split(field, ".")...)
			}
		}
		list = append(list, openPoint{append(line, b.say(text, args...)...), source})
	}
	if n := len(b.derived.Undispositioned()); n > 0 {
		add(nil, "", "%s not dispositioned.", plural(n, "derived threat is", "derived threats are"))
	}
	for _, t := range b.File.Threats {
		if t.NotApplicable == "" && len(model.Users[*model.Risk](t, "threats")) == 0 {
			add(t, "", "The threat is neither treated by a risk nor set aside.")
		}
	}
	if !b.all.Scales.Judges() {
		add(b.policyEntity(), "risk", "The policy has no limits that can be read.")
	}
	if len(b.all.Risks) == 0 {
		add(nil, "", "The security file has no risks.")
	}
	for _, one := range b.all.Risks {
		b.openOf(one, add)
	}
	for _, c := range b.unshown(b.used()) {
		add(c, "", "The control is not shown to work: %s.", b.controlState(c).Words())
	}
	for _, c := range b.File.Controls {
		if mustJudge(c) && !c.SafetyEffect.Possible.Known() {
			add(c, "", "It is not stated whether the control can harm safety.")
		}
	}
	b.openJudgement(add)
	b.openApprovals(add)
	return list
}

// calledWithID is the title of an entity with its id; the id alone where it has no
// title, or is one of a kind.
func (b *riskBook) calledWithID(e model.Entity) document.Text {
	if base := model.Of(e); base.ID != "" && base.Title != "" {
		return b.Named(e)
	}
	return document.Text{{Text: idOf(e), Style: document.Mono, To: address(e)}}
}

// openJudgement is what is open in the judgement of the overall residual risk.
func (b *riskBook) openJudgement(add func(e model.Entity, field, text string, args ...any)) {
	j := b.policyJudgement()
	switch {
	case !j.Acceptable.Known():
		add(b.policyEntity(), "risk.judgement", "It is not stated what the judgement of the overall residual risk came to.")
	case j.Acceptable == model.No:
		add(b.policyEntity(), "risk.judgement", "The overall residual risk is judged not acceptable.")
	case strings.TrimSpace(j.Reason) == "" || strings.TrimSpace(j.By) == "" || j.Date.IsZero():
		add(b.policyEntity(), "risk.judgement", "The judgement of the overall residual risk does not say by whom, when and why.")
	}
	if b.Day.Before(j.Date) {
		add(b.policyEntity(), "risk.judgement.date", "The judgement of the overall residual risk has a date that is still to come.")
	}
}

// judgementLine says in one line how the overall residual risk was judged.
func (b *riskBook) judgementLine() document.Text {
	switch j := b.policyJudgement(); j.Acceptable {
	case model.Yes:
		return b.say("The overall residual risk is judged acceptable in view of the benefit (%s, %s).", orQuestion(j.By), orUnknown(j.Date))
	case model.No:
		return b.say("The overall residual risk is judged not acceptable (%s, %s).", orQuestion(j.By), orUnknown(j.Date))
	}
	return b.say("The overall residual risk is not judged.")
}

// policyJudgement is the judgement of the overall residual risk; the zero value where
// there is no policy.
func (b *riskBook) policyJudgement() model.RiskJudgement {
	if b.policy == nil {
		return model.RiskJudgement{}
	}
	return b.policy.Risk.Judgement
}

func orQuestion(s string) string {
	if strings.TrimSpace(s) == "" {
		return "?"
	}
	return s
}

// openOf are the open points of one risk.
func (b *riskBook) openOf(one *risk.Assessed, add func(e model.Entity, field, text string, args ...any)) {
	r := one.Risk
	switch {
	case one.Verdict == risk.Unjudged:
		add(r, "residual", "The residual risk is not judged.")
	case one.Verdict == risk.Above && r.BenefitRisk == "":
		add(r, "", "It is above the policy, and nothing says why the benefit outweighs it.")
	}
	switch {
	case one.Verdict == risk.Above && r.Acceptance == (model.Acceptance{}):
		add(r, "", "It is above the policy, and nobody accepted it.")
	case b.overdue(r):
		add(r, "acceptance", "The acceptance had to be looked at again by %s.", r.Acceptance.Until)
	}
	if one.Understated {
		add(r, "initial", "The severity before controls is below that of the worst harm.")
	}
	if b.informationOnly(r) && r.Priority == "" {
		add(r, "", "Only information lowers it, and nothing says why.")
	}
}

// openApprovals are the signatures under risks that the policy asks for and that are
// not given, or no longer fit.
func (b *riskBook) openApprovals(add func(e model.Entity, field, text string, args ...any)) {
	if b.Proof == nil {
		return
	}
	needs, err := b.Proof.Needs(b.File)
	if err != nil {
		return // the findings speak of it
	}
	for _, n := range needs {
		if n.Of == "risks" && n.State != approval.Given {
			add(n.Entity, "", "The approval of the decision (%s) is %s.", string(n.Meaning), string(n.State))
		}
	}
}

// reportConclusion says what is accepted and what is open.
func (b *riskBook) reportConclusion() *document.Section {
	s := b.Section("conclusion", b.Say("Conclusion"))
	v, tally := b.verdicts(), tallyOf(b.derived)
	answered := tally[threat.AsRisk] + tally[threat.NotApplicable]
	above := b.all.AbovePolicy()
	accepted := 0
	for _, r := range above {
		if r.Risk.BenefitRisk != "" && r.Risk.Acceptance != (model.Acceptance{}) && !b.overdue(r.Risk) {
			accepted++
		}
	}
	used := b.used()
	must := len(used) - len(notOurs(used))
	s.Blocks = append(s.Blocks, bullets([]document.Text{
		b.say("%d of %d derived threats are treated by a risk or set aside with a reason.", answered, len(b.derived.Threats)),
		b.say("%d of %d risks are acceptable by the policy or were avoided.", v[risk.Acceptable]+v[risk.Avoided], len(b.all.Risks)),
		b.say("Risks above the policy: %d. Of these it is stated why the benefit outweighs them, and they are accepted for a time that has not ended: %d.", len(above), accepted),
		b.say("%d of %d controls that the manufacturer has to show are shown by passed verifications.", must-len(b.unshown(used)), must),
		b.judgementLine(),
	}, document.Source{}))
	s.Blocks = append(s.Blocks, b.clauseLine())
	if len(b.open) == 0 {
		s.Blocks = append(s.Blocks, b.Para("No point is open: by the criteria of the manufacturer each residual security risk is acceptable, or accepted with reasons by those who may, and so is the overall residual risk."))
		return s
	}
	l := &document.List{}
	for _, o := range b.open {
		l.Items = append(l.Items, document.Item{Source: o.by, Blocks: []document.Block{&document.Paragraph{Text: o.text}}})
	}
	s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: b.Say("Open points"), Blocks: []document.Block{b.Para("The residual security risk cannot be called acceptable as long as these are open:"), l}})
	return s
}

// clauseLine says how the clauses on risk management stand.
func (b *riskBook) clauseLine() document.Block {
	t := &document.Table{ID: "clauses", Caption: b.Say("Clauses on risk management"), Columns: []document.Column{columnOf(b.Say("Clause"), 3), columnOf(b.Say("What it asks"), 6), columnOf(b.Say("Status"), 1.6, document.State)}}
	for _, place := range []string{"1", "2", "3", "4", "8"} {
		for _, r := range b.Coverage {
			if id := r.Entry.ID; id == b.lawOf(place) || place == "4" && len(id) == len(b.lawOf("4.a")) && id[:len(id)-1] == b.lawOf("4.") {
				t.Rows = append(t.Rows, document.Row{Source: ByLaw(id), Cells: []document.Cell{document.C(b.Clause(id)), document.W(r.Entry.Title), document.C(b.Status(r.Status))}})
			}
		}
	}
	return withRows(t, b.Para("No clause of Annex I on risk management is known."))
}
