package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6133", Severity: diag.Warning,
	Title:   "control that brings a worse risk than it lowers",
	Clauses: []string{"mdr.annex-i.2", "ivdr.annex-i.2", "ig-nb.3.7"},
	Why: "lowering risk as far as possible ends where it makes the balance of benefit and risk worse; what remains of the risk that " +
		"this control brings is worse than each risk that it lowers was before",
	Fix: "lower the risk that it brings, choose another control, or correct the estimates",
	Bad: ladder + `  ct-lockout:
    title: Device locks for an hour after failed logins
    priority: protective
    introduces: [rk-lockout] # want T6133
risks:
  rk-guess:
    title: Password guessed
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
    controls: [ct-lockout]
    residual:
      exploitability: low
      severity: minor
  rk-lockout:
    title: Staff locked out in an emergency
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    residual:
      exploitability: high
      severity: critical
`,
	Good: ladder + `  ct-lockout:
    title: Device locks for an hour after failed logins
    priority: protective
    introduces: [rk-lockout]
  ct-stop-key:
    title: Stop key works without login
    priority: design
risks:
  rk-guess:
    title: Password guessed
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
    controls: [ct-lockout]
    residual:
      exploitability: low
      severity: minor
  rk-lockout:
    title: Staff locked out in an emergency
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-stop-key]
    residual:
      exploitability: low
      severity: minor
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, c := range p.File.Controls {
			worst, known := worstLowered(a, c)
			if !known {
				continue
			}
			for i, ref := range c.Introduces {
				if !ref.OK() {
					continue
				}
				if left := a.Rate(ref.To.Residual); left.At.Known() && a.Scales.Compare(left.At, worst.Initial) > 0 {
					p.Report(c, indexed("introduces", i), "control %q brings risk %q, of which %s remains; the worst that it lowers, %q, was %s",
						c.ID, ref.ID, left.Levels(), worst.risk.ID, worst.levels).
						Relate(ref.To, "residual", "what remains of the risk that it brings")
				}
			}
		}
	},
})

// loweredRisk is a risk with its value before controls.
type loweredRisk struct {
	risk    *model.Risk
	Initial risk.Point
	levels  string
}

// worstLowered is the worst of the risks that a control lowers, before controls.
// It is known where all of them are, and there is one.
func worstLowered(a risk.Assessor, c *model.Control) (worst loweredRisk, known bool) {
	for _, r := range model.Users[*model.Risk](c, "controls") {
		before := a.Rate(r.Initial)
		if !before.At.Known() {
			return worst, false
		}
		if worst.risk == nil || a.Scales.Compare(before.At, worst.Initial) > 0 {
			worst = loweredRisk{r, before.At, before.Levels()}
		}
	}
	return worst, worst.risk != nil
}
