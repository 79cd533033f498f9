package rules

import (
	"theriac/check"
	"theriac/diag"
)

var _ = add(check.Rule{
	Code: "T4005", Severity: diag.Warning,
	Title:   "device for acute care without emergency access",
	Clauses: []string{"mdcg.cap.emrg", "mdcg.2.2.i3", "sota.emergency-access"},
	Why: "restrictive security can harm as well: where seconds count, staff must reach the functions they need even when " +
		"nobody can log in, and such use must leave a record",
	Fix: "add a role of `type: emergency` with the permissions that care needs and `emergency-access` under `logging.records`, " +
		"or state `facts.acute-care: false` if the device is never used there",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    acute-care: true # want T4005
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge-and-pin
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    acute-care: true
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge-and-pin
  role-emergency:
    title: Emergency operation without login
    type: emergency
    authentication: physical-presence
`,
	Run: func(p *check.Pass) {
		if !p.Fact("acute-care") || len(p.File.Roles) == 0 || flawedIn(p, p.File.Roles, "type") {
			return
		}
		for _, r := range p.File.Roles {
			if r.Type == "emergency" {
				return
			}
		}
		p.Report(p.File.Product, "facts.acute-care", "product is used in acute care, and no role gives emergency access")
	},
})
