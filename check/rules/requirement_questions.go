package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7901", Severity: diag.Open,
	Title: "no security requirement",
	Why:   "risk control becomes real through requirements; a reviewer follows each control to the requirement that makes it concrete",
	Fix:   "write requirements under `requirements:` and name the controls under their `implements:`",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
`,
	Good: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Questions: []string{"requirements.controls"},
	Needs:     []string{"T7001", "T7002", "T7003", "T7005"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		by := where(p.File.Requirements, func(r *model.Requirement) bool { return len(r.Implements) > 0 })
		return byList(by, "no requirement implements a control")
	},
})

var _ = add(check.Rule{
	Code: "T7902", Severity: diag.Open,
	Title: "no requirement on elements",
	Why: "a requirement has to say which parts of the device must meet it; otherwise nobody can tell whether the part in question " +
		"was meant",
	Fix: "name the elements under `for:` of the requirement, or under `protects:` of the control that it implements",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    for: [app-ui]
`,
	Questions: []string{"requirements.elements"},
	Needs:     []string{"T7002", "T6302"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := byList(where(p.File.Requirements, namesElements), "no requirement names an element that must meet it")
		if len(p.File.Requirements) == 0 {
			return elsewhere(a) // the question requirements.controls
		}
		return a
	},
})

// namesElements tells whether a requirement leads to elements, directly or through the
// controls that it makes concrete.
func namesElements(r *model.Requirement) bool {
	for c := range model.Targets(r.Implements) {
		if len(c.Protects) > 0 {
			return true
		}
	}
	return len(r.For) > 0
}
