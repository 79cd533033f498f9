package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6301", Severity: diag.Warning,
	Title:   "control that lowers no risk",
	Clauses: []string{"mdcg.3.3.i1", "mdcg.3.3.i2"},
	Why: "security capabilities are chosen by risk management; a control without a risk is either superfluous, or shows that a " +
		"risk was not written down",
	Fix: "name the control under `controls:` of the risks that it lowers, or remove it",
	Bad: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
  ct-lock: # want T6301
    title: Screen locks when idle
    priority: protective
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    controls: [ct-tls]
`,
	Good: `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    controls: [ct-tls]
`,
	Run: func(p *check.Pass) {
		idle := where(p.File.Controls, func(c *model.Control) bool { return !lowersRisk(c) })
		if len(idle) == len(p.File.Controls) {
			return // the question risk.controls says so
		}
		if flawedIn(p, p.File.Risks, "controls") {
			return // one of them may have been meant
		}
		for _, c := range idle {
			p.Report(c, "", "control %q lowers no risk", model.Of(c).ID)
		}
	},
})

func lowersRisk(c *model.Control) bool { return len(model.Users[*model.Risk](c, "controls")) > 0 }

var _ = add(check.Rule{
	Code: "T6302", Severity: diag.Open,
	Title:   "control of the device that is on nothing",
	Clauses: []string{"mdr.annex-ii.5", "ivdr.annex-ii.5"},
	Why: "the file has to show the solutions that were chosen; without the elements that have the control nobody can find it in " +
		"the architecture, test it, or see what stays unprotected",
	Fix: "name the components, interfaces, flows or other elements that have it under `protects:`",
	Bad: `
controls:
  ct-lock: # want T6302
    title: Screen locks when idle
    priority: protective
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
    protects: [app-ui]
  ct-training:
    title: Training of administrators
    priority: information
    by: manufacturer
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			if onDevice(c) && c.Priority != "information" && len(c.Protects) == 0 {
				p.ReportAbsent(c, []string{"protects"}, "control %q of the device is on no element", c.ID)
			}
		}
	},
})

// onDevice tells whether the device itself provides the control; that is the
// meaning of an absent `by`.
func onDevice(c *model.Control) bool { return c.By == "" || c.By == "device" }
