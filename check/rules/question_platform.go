package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3612", Severity: diag.Open,
	Title: "protection of the start cannot be shown",
	Why:   "all software controls rest on the code that starts; firmware and operating system have to be in the model with what verifies them",
	Fix:   "describe firmware and operating system under `components:` with `boot:`, or state `facts.is-software: true`",
	Bad:   exampleSides,
	Good:  exampleBoot,

	Questions: []string{"platform.boot"},
	Needs:     []string{"T3006", "T3007", "T3008"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		if p.File.Product.Facts.IsSoftware == model.Yes {
			return check.Answer{By: []model.Entity{p.File.Product}}
		}
		starting := where(p.File.Components, func(c *model.Component) bool { return starts(c) && mayBeOnDevice(c) })
		return byList(starting, "no firmware or operating system of the device is described")
	},
})

var _ = add(check.Rule{
	Code: "T3613", Severity: diag.Open,
	Title: "hardening of the platform cannot be shown",
	Why:   "unneeded services, open ports, excess rights and unprotected memory are what attackers use first; a reviewer asks what was done against each",
	Fix:   "describe interfaces with their `state:`, list open ports under `listens:`, and add a control with capability `sahd` or feature `hardening`",
	Bad:   exampleSides,
	Good: exampleSides + `
interfaces:
  if-jtag:
    title: JTAG header
    component: co-gateway
    medium: debug
    exposure: physical
    state: disabled
controls:
  ct-hardening:
    title: Hardened system image
    priority: design
    features: [hardening]
`,
	Questions: []string{"platform.hardening"},
	Needs:     []string{"T3005", "T3008", "T3213", "T3221", "T3222", "T3224"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := check.Answer{By: where(p.File.Controls, func(c *model.Control) bool {
			return slices.Contains(c.Capabilities, "sahd") || slices.Contains(c.Features, "hardening")
		})}
		if len(a.By) == 0 {
			a.Missing = append(a.Missing, "no control hardens the system (capability `sahd` or feature `hardening`)")
		}
		if len(p.File.Interfaces) == 0 {
			a.Missing = append(a.Missing, "no interface is described, so nothing shows that debug and service access are closed")
		}
		return elsewhere(a) // the capability SAHD and the question for interfaces report it
	},
})
