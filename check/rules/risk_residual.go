package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// ladder is the policy of examples that need scales.
const ladder = `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: serious
      - exploitability: medium
        severity: minor
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
`

var _ = add(check.Rule{
	Code: "T6104", Severity: diag.Error,
	Title:   "residual risk higher than initial risk",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "ig-nb.3.4"},
	Why:     "controls lower risk; a level that rises after control is a mistake in one of the two estimates, or a control that makes things worse",
	Fix:     "correct the level, or describe what the control makes worse as a risk of its own under `introduces:` of the control",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: medium
      severity: serious
    controls: [ct-tls]
    residual:
      exploitability: high # want T6104
      severity: serious
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			if after.At.Exploitability > before.At.Exploitability {
				p.Report(r, "residual.exploitability", "exploitability of risk %q is %s before controls and %s after them",
					r.ID, before.Exploitability, after.Exploitability).Relate(r, "initial.exploitability", "before controls")
			}
			if after.At.Severity > before.At.Severity {
				p.Report(r, "residual.severity", "severity of risk %q is %s before controls and %s after them",
					r.ID, r.Initial.Severity, r.Residual.Severity).Relate(r, "initial.severity", "before controls")
			}
		})
	},
})

// eachMove visits the risks that have both scores on the scales.
func eachMove(f *model.File, visit func(r *model.Risk, before, after risk.Rating)) {
	a := risk.Of(f)
	for _, r := range f.Risks {
		before, after := a.Rate(r.Initial), a.Rate(r.Residual)
		if before.At.Known() && after.At.Known() {
			visit(r, before, after)
		}
	}
}

var _ = add(check.Rule{
	Code: "T6105", Severity: diag.Warning,
	Title:   "controls that lower nothing",
	Clauses: []string{"ig-nb.3.7", "mdcg.3.2.i3"},
	Why:     "a reviewer asks what a control is for when the risk is the same with it as without it",
	Fix:     "correct the residual levels, name controls that do lower the risk, or take those away that do not belong to it",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: medium
      severity: serious
    controls: [ct-tls]
    residual:
      exploitability: medium # want T6105
      severity: serious
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: medium
      severity: serious
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			if before.At == after.At && len(r.Controls) > 0 {
				p.Report(r, "residual.exploitability", "risk %q is %s before its controls and after them", r.ID, before.Levels()).
					Relate(r, "controls", "controls that lower nothing")
			}
		})
	},
})

var _ = add(check.Rule{
	Code: "T6106", Severity: diag.Error,
	Title:   "risk lowered by nothing",
	Clauses: []string{"mdr.annex-i.3.d", "ivdr.annex-i.3.d", "ig-nb.3.7"},
	Why:     "a residual risk below the initial one without a control is a wish; the document would claim a reduction that nothing brings about",
	Fix:     "name the controls that lower it under `controls:`, set the residual levels back, or say `decision: avoid` if the cause was removed",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    residual:
      exploitability: low # want T6106
      severity: serious
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: serious
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			if after.At.Below(before.At) && len(r.Controls) == 0 && !flawed(p, r, "controls", "decision") && r.Decision != "avoid" {
				p.Report(r, lowerField(before, after), "risk %q falls from %s to %s without any control", r.ID, before.Levels(), after.Levels())
			}
		})
	},
})

// lowerField is the residual level that fell.
func lowerField(before, after risk.Rating) string {
	if after.At.Exploitability < before.At.Exploitability {
		return "residual.exploitability"
	}
	return "residual.severity"
}

var _ = add(check.Rule{
	Code: "T6107", Severity: diag.Note,
	Title:   "severity lowered without a reason",
	Clauses: []string{"ig-nb.3.4", "ig-nb.3.7"},
	Why: "most security controls make an attack harder and leave the harm as it is; where the severity falls as well, a reviewer " +
		"wants to read why the harm itself can no longer follow",
	Fix: "explain under `residual.rationale` what limits the harm, or leave the severity as it was",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: minor # want T6107
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: minor
      rationale: The hard limit of the therapy controller keeps any accepted rate below the harmful one.
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			if after.At.Severity < before.At.Severity && r.Residual.Rationale == "" && !flawed(p, r, "residual.rationale") && r.Decision != "avoid" {
				p.Report(r, "residual.severity", "severity of risk %q falls from %s to %s without a reason", r.ID, r.Initial.Severity, r.Residual.Severity)
			}
		})
	},
})

var _ = add(check.Rule{
	Code: "T6108", Severity: diag.Warning,
	Title:   "decision that does not fit what is done",
	Clauses: []string{"mdr.annex-i.3.d", "ivdr.annex-i.3.d", "mdcg.3.2.i3"},
	Why:     "the decision says what is done about a risk; a reviewer who reads `reduce` without a control, or `accept` with controls that lower it, asks which of the two holds",
	Fix:     "say `reduce` where controls lower the risk, `accept` where it stays as it is",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: minor
    decision: accept # want T6108
  rk-replay:
    title: Old order is carried out again
    threats: [th-forged-order]
    initial:
      exploitability: low
      severity: minor
    residual:
      exploitability: low
      severity: minor
    decision: reduce # want T6108
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: minor
    decision: reduce
  rk-replay:
    title: Old order is carried out again
    threats: [th-forged-order]
    initial:
      exploitability: low
      severity: minor
    residual:
      exploitability: low
      severity: minor
    decision: accept
`,
	Run: func(p *check.Pass) {
		eachMove(p.File, func(r *model.Risk, before, after risk.Rating) {
			switch {
			case r.Decision == "accept" && len(r.Controls) > 0 && after.At.Below(before.At):
				p.Report(r, "decision", "risk %q is accepted as it is, and its controls lower it", r.ID).Relate(r, "controls", "controls that lower it")
			case r.Decision == "reduce" && len(r.Controls) == 0 && !flawed(p, r, "controls") && !after.At.Below(before.At):
				p.Report(r, "decision", "risk %q is to be reduced, and no control does so", r.ID)
			case r.Decision == "avoid" && len(r.Controls) > 0 && after.At.Exploitability > 1:
				p.Report(r, "decision", "cause of risk %q is said to be removed, and what remains after its controls is %s", r.ID, after.Levels()).
					Relate(r, "residual", "what remains").Fix("say `reduce` where controls lower the risk and something remains")
			case r.Decision == "transfer" && len(r.Controls) > 0 && after.At.Below(before.At) && keptAlone(r):
				p.Report(r, "decision", "risk %q is said to be carried by another party, and only the device and the manufacturer lower it", r.ID).
					Relate(r, "controls", "controls that lower it").Fix("say `reduce`, or name the control of the surroundings through which the other party carries it")
			}
		})
	},
})

// keptAlone tells whether all controls of a risk are provided by the device
// or the manufacturer.
func keptAlone(r *model.Risk) bool {
	for _, c := range r.Controls {
		if !c.OK() || c.To.By == "environment" || c.To.By == "user" {
			return false
		}
	}
	return true
}

var _ = add(check.Rule{
	Code: "T6109", Severity: diag.Open,
	Title:   "risk avoided without saying how",
	Clauses: []string{"mdr.annex-i.3.d", "ivdr.annex-i.3.d", "mdr.annex-i.4.a", "ivdr.annex-i.4.a"},
	Why:     "to remove a cause is the best of all measures, and the only one that leaves no control to look at; the file has to say what was removed",
	Fix:     "say under `residual.rationale` or `notes` what was removed from the design, or name the control that did it under `controls:`",
	Bad: ladder + `
risks:
  rk-radio:
    title: Attack over the radio
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    decision: avoid # want T6109
`,
	Good: ladder + `
risks:
  rk-radio:
    title: Attack over the radio
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    residual:
      rationale: The radio was left out with board revision C.
    decision: avoid
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if r.Decision == "avoid" && len(r.Controls) == 0 && r.Residual.Rationale == "" && r.Notes == "" && !flawed(p, r, "controls", "residual.rationale", "notes") {
				p.Report(r, "decision", "cause of risk %q is said to be removed, and nothing says how", r.ID)
			}
		}
	},
})
