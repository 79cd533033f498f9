package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// surrounded is a policy with controls of the device and of the surroundings.
const surrounded = ladder + `  ct-segment:
    title: Own network segment
    priority: protective
    by: environment
    environment: [env-segment]
`

var _ = add(check.Rule{
	Code: "T6130", Severity: diag.Open,
	Title:   "risk that does not say what the device alone achieves",
	Clauses: []string{"mdcg.3.6.i7", "mdcg.3.6.i9", "ig-nb.3.6"},
	Why: "the device is to be as self-reliant as possible, and its surroundings do not make up for its missing controls; where both " +
		"lower a risk, a reviewer asks what is left when the surroundings fail",
	Fix: "state the levels after the controls of device and manufacturer alone under `post-control:`",
	Bad: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
risks:
  rk-order: # want T6130
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls, ct-segment]
    residual:
      exploitability: low
      severity: serious
`,
	Good: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls, ct-segment]
    post-control:
      exploitability: low
      severity: serious
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			if outside := fromBoth(r); outside != nil && after.At.Below(before.At) && !risk.Stated(r.PostControl) {
				p.ReportAbsent(r, []string{"post-control", "controls"}, "risk %q is lowered from within and from outside, among others by %q, and does not say what the device alone achieves", r.ID, outside.ID)
			}
		})
	},
})

// fromBoth returns a control of the surroundings or of users that lowers a risk
// beside a control of device or manufacturer, or nil. Information lowers no level
// by itself; where the surroundings stand alone, T8005 speaks.
func fromBoth(r *model.Risk) *model.Control {
	var outside *model.Control
	inside := false
	for c := range model.Targets(r.Controls) {
		switch {
		case c.Priority == "information":
		case !risk.Outside(c):
			inside = true
		case outside == nil:
			outside = c
		}
	}
	if !inside {
		return nil
	}
	return outside
}

var _ = add(check.Rule{
	Code: "T6131", Severity: diag.Error,
	Title:   "score after the device's own controls out of order",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "ig-nb.3.4"},
	Why: "the controls of the device lower a risk, and those of the surroundings lower it further; a level between the two that is " +
		"higher than before, or lower than after, is a mistake in one of the estimates",
	Fix: "correct the level, or describe what a control makes worse as a risk of its own under `introduces:` of the control",
	Bad: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
    controls: [ct-tls, ct-segment]
    post-control:
      exploitability: low
      severity: serious # want T6131
    residual:
      exploitability: medium # want T6131
      severity: minor
`,
	Good: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls, ct-segment]
    post-control:
      exploitability: medium
      severity: serious
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			before, between, after := a.Rate(r.Initial), a.Rate(r.PostControl), a.Rate(r.Residual)
			noHigher(p, r, "post-control", between, "initial", before)
			if after.At.AtMost(before.At) { // else T6104
				noHigher(p, r, "residual", after, "post-control", between)
			}
		}
	},
})

// noHigher reports the levels of a score that are higher than those of the one
// before it. What is not known is not higher.
func noHigher(p *check.Pass, r *model.Risk, in string, s risk.Rating, earlier string, before risk.Rating) {
	report := func(dimension, level, was string, rank, limit int) {
		if limit > 0 && rank > limit {
			p.Report(r, in+"."+dimension, "%s %s of risk %q is %s, and %s it was %s", in, dimension, r.ID, level, earlier, was).
				Relate(r, earlier+"."+dimension, "level before")
		}
	}
	report("exploitability", s.Exploitability, before.Exploitability, s.At.Exploitability, before.At.Exploitability)
	report("severity", s.Severity, before.Severity, s.At.Severity, before.At.Severity)
}

var _ = add(check.Rule{
	Code: "T6132", Severity: diag.Warning,
	Title:   "risk that only the surroundings make acceptable",
	Clauses: []string{"mdcg.3.6.i9", "mdcg.3.6.i7"},
	Why: "where the device relies on its surroundings for an important control, the technical documentation says so; this risk is " +
		"above the policy without them, and no requirement on them is marked as essential",
	Fix: "set `essential: true` with a `rationale` on the environment requirement that the control rests on, or add a control of the device",
	Bad: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls, ct-segment]
    post-control:
      exploitability: medium
      severity: serious # want T6132
    residual:
      exploitability: low
      severity: serious
`,
	Good: surrounded + `environment:
  env-segment:
    title: Own network segment
    category: network
    essential: true
    rationale: Analysers in the field speak a protocol without encryption.
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls, ct-segment]
    post-control:
      exploitability: medium
      severity: serious
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			alone, all := a.Rate(r.PostControl), a.Rate(r.Residual)
			if c := unmarked(p, r); c != nil && reliedOn(r) == nil && // else T8005
				a.Scales.Above(alone.At) && a.Scales.Accepts(all.At) {
				p.Report(r, "post-control.severity", "risk %q is %s by the controls of the device alone, above the acceptance policy, and %q makes it acceptable",
					r.ID, alone.Levels(), c.ID).Relate(c, "environment", "requirements on the surroundings that it rests on")
			}
		}
	},
})

// unmarked returns a control of the surroundings that lowers a risk, where none of
// them rests on an essential requirement, or nil.
func unmarked(p *check.Pass, r *model.Risk) *model.Control {
	var first *model.Control
	for c := range model.Targets(r.Controls) {
		if c.By != "environment" {
			continue
		}
		for e := range model.Targets(c.Environment) {
			if e.Essential == model.Yes || flawed(p, e, "essential") {
				return nil
			}
		}
		if flawed(p, c, "environment") {
			return nil
		}
		if first == nil {
			first = c
		}
	}
	return first
}
