package change

import (
	"cmp"
	"fmt"
	"slices"

	"theriac/model"
	"theriac/risk"
)

var _ = add(interpretation{"risks", Risks, func(c *Comparison, say func(Item)) {
	earlier, later := byRisk(c.Before), byRisk(c.After)
	for r := range added[*model.Risk](c) {
		say(newRisk(later[r]))
	}
	for r := range removed[*model.Risk](c) {
		say(about(r, Neutral, "removed%s; it was %s", titled(r), earlier[r].Verdict).explains("*").signals(ControlChanged))
	}
	comparable := sameScales(c.Before.Risks.Scales, c.After.Risks.Scales)
	for was, is := range both[*model.Risk](c) {
		p := riskPair{was: earlier[was], is: later[is], scales: comparable, say: say}
		p.values()
		p.verdict()
		p.decisions()
	}
}})

func byRisk(v *View) map[*model.Risk]*risk.Assessed {
	m := map[*model.Risk]*risk.Assessed{}
	for _, a := range v.Risks.Risks {
		m[a.Risk] = a
	}
	return m
}

// sameScales reports whether a level means the same in both states.
func sameScales(a, b risk.Scales) bool {
	return slices.Equal(a.ExploitabilityLevels, b.ExploitabilityLevels) && slices.Equal(a.SeverityLevels, b.SeverityLevels)
}

func newRisk(a *risk.Assessed) Item {
	item := about(a.Risk, Neutral, "added%s: initial %s, residual %s, %s", titled(a.Risk), level(a.Initial), level(a.Residual), a.Verdict)
	item = item.explains("*").signals(RiskNew)
	switch a.Verdict {
	case risk.Above:
		item.Grade = Worse
	case risk.Unjudged:
		item.Grade = Worse
		item.Text += ": it has no residual value on the scales of the policy"
	}
	return item.details(labelled("threats", ids(a.Risk.Threats)), labelled("controls", ids(a.Risk.Controls)))
}

// level writes the two levels of a rating.
func level(r risk.Rating) string {
	if r.Exploitability == "" && r.Severity == "" {
		return "not scored"
	}
	return cmp.Or(r.Exploitability, "?") + "/" + cmp.Or(r.Severity, "?")
}

// riskPair is one risk in both states.
type riskPair struct {
	was, is *risk.Assessed
	scales  bool // are the same, so that levels can be compared
	say     func(Item)
}

func (p riskPair) values() {
	for _, v := range []struct {
		name, field string
		was, is     risk.Rating
	}{
		{"initial risk", "initial", p.was.Initial, p.is.Initial},
		{"risk after controls of the device", "post-control", p.was.PostControl, p.is.PostControl},
		{"residual risk", "residual", p.was.Residual, p.is.Residual},
	} {
		p.value(v.name, v.field, v.was, v.is)
	}
}

func (p riskPair) value(name, field string, was, is risk.Rating) {
	before, after := level(was), level(is)
	if before == after {
		return
	}
	item := about(p.is.Risk, Neutral, "").explains(field+".exploitability", field+".severity", field+".cvss").signals(RiskWorse)
	verb := "changed"
	switch {
	case !p.scales:
		verb = "changed, and so did the scales"
	case after == "not scored" || was.At.Known() && !is.At.Known():
		item.Grade, verb = Worse, "no longer known"
	case !was.At.Known() && is.At.Known():
		verb = "rated"
		item.Signals = nil
	case was.At.Below(is.At):
		item.Grade, verb = Worse, "raised"
	case is.At.Below(was.At):
		item.Grade, verb = Better, "lowered"
		item.Signals = []Signal{RiskBetter}
	}
	item.Text = fmt.Sprintf("%s %s: %s → %s", name, verb, before, after)
	if was.Estimate.Known && is.Estimate.Known && was.Estimate.Figure != is.Estimate.Figure {
		item = item.details(fmt.Sprintf("computed figure %s → %s", was.Estimate.Figure, is.Estimate.Figure))
	}
	p.say(item)
}

func (p riskPair) verdict() {
	if p.was.Verdict == p.is.Verdict {
		return
	}
	item := about(p.is.Risk, Neutral, "%s → %s", p.was.Verdict, p.is.Verdict)
	switch {
	case p.is.Verdict == risk.Above || p.is.Verdict == risk.Unjudged:
		item.Grade = Worse
		item = item.signals(RiskWorse)
	case p.was.Verdict == risk.Above || p.was.Verdict == risk.Unjudged:
		item.Grade = Better
		item = item.signals(RiskBetter)
	}
	p.say(item)
}

// decisions tells of what people decided about the risk.
func (p riskPair) decisions() {
	was, is := p.was.Risk, p.is.Risk
	if was.Decision != is.Decision {
		p.say(about(is, Neutral, "decision %s → %s", stated(string(was.Decision)), stated(string(is.Decision))).explains("decision").signals(ControlChanged))
	}
	fields := []string{"acceptance.by", "acceptance.date", "acceptance.until", "acceptance.reason"}
	none := model.Acceptance{}
	switch a, b := was.Acceptance, is.Acceptance; {
	case a == b:
	case b == none:
		p.say(about(is, Worse, "acceptance of %s by %s withdrawn", a.Date, stated(a.By)).explains(fields...).signals(RiskWorse))
	case a == none:
		p.say(about(is, Neutral, "accepted by %s on %s%s", stated(b.By), stated(b.Date.String()), until(b)).explains(fields...).signals(RiskWorse))
	default:
		p.say(about(is, Neutral, "acceptance changed: by %s on %s%s", stated(b.By), stated(b.Date.String()), until(b)).explains(fields...))
	}
	if p.is.Verdict == risk.Above && is.Acceptance == none && (p.was.Verdict != risk.Above || was.Acceptance != none) {
		p.say(about(is, Worse, "above the policy, and nobody accepted it").signals(RiskWorse))
	}
}

func until(a model.Acceptance) string {
	if a.Until.IsZero() {
		return ""
	}
	return " until " + a.Until.String()
}
