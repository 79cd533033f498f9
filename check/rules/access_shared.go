package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T4002", Severity: diag.Error,
	Title:   "several people use one account",
	Clauses: []string{"mdcg.cap.paut", "mdcg.cap.audt"},
	Why:     "a record of who did what is worth nothing when the account belongs to several people, and nobody can be shut out alone",
	Fix:     "give each person an account, or make the role an emergency role that leaves a record",
	Bad: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: password
    shared: true # want T4002
`,
	Good: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
    shared: false
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			if r.Shared == model.Yes && r.Type != "emergency" {
				p.Report(r, "shared", "role %q shares one account among several people", r.ID)
			}
		}
	},
})
