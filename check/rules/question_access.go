package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

const exampleRole = `
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 5 minutes
`

const exampleNobody = `
assets:
  as-dose:
    title: Dose command
    type: data
`

var _ = add(check.Rule{
	Code: "T4601", Severity: diag.Open,
	Title:     "roles are not described",
	Why:       "who may use the device, how each proves who they are and what they may do is the core of protection against unauthorised access",
	Fix:       "describe users, service, administrators, machines and emergency use under `roles:`",
	Bad:       exampleNobody,
	Good:      exampleRole,
	Questions: []string{"access.roles"},
	Needs:     []string{"T4001", "T4002", "T4014", "T4016", "T4017"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Roles, "no role is described")
	},
})

var _ = add(check.Rule{
	Code: "T4602", Severity: diag.Open,
	Title: "rights of roles are not described",
	Why:   "least privilege can only be shown right by right: what each allows, which tasks need it, and who has it",
	Fix:   "describe `permissions:` with what they allow and who needs them, and give them to roles",
	Bad:   exampleRole,
	Good: `
permissions:
  pm-dose:
    title: Start and stop
roles:
  role-nurse:
    title: Ward nurse
    type: user
    permissions: [pm-dose]
`,
	Questions: []string{"access.permissions"},
	Needs:     []string{"T4003", "T4010", "T4012", "T4013"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Permissions, "no permission is described")
	},
})

var _ = add(check.Rule{
	Code: "T4603", Severity: diag.Open,
	Title:     "authentication cannot be shown",
	Why:       "authentication is judged role by role and interface by interface; without roles there is nothing to judge",
	Fix:       "describe `roles:` with `authentication:`, and `authentication:` of each interface",
	Bad:       exampleNobody,
	Good:      exampleRole,
	Questions: []string{"access.authentication"},
	Needs:     []string{"T3201", "T3202", "T4001", "T4002", "T4003", "T4004", "T4006", "T4015", "T4018", "T4020", "T4021"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return elsewhere(listed(p.File.Roles, "no role is described, so nothing shows how people and machines prove who they are"))
	},
})

var _ = add(check.Rule{
	Code: "T4604", Severity: diag.Open,
	Title: "emergency access is not settled",
	Why:   "in acute care, controls that are too strict harm; a reviewer asks how staff get in when nobody can log in, or why that cannot happen",
	Fix:   "add a role of `type: emergency`, or state `facts.acute-care: false` if the device is never used where seconds count",
	Bad:   exampleRole,
	Good: `
roles:
  role-emergency:
    title: Emergency operation
    type: emergency
    authentication: physical-presence
`,
	Questions: []string{"access.emergency"},
	Needs:     []string{"T4005", "T4013"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		a := check.Answer{By: where(p.File.Roles, func(r *model.Role) bool { return r.Type == "emergency" })}
		acute := p.File.Product.Facts.AcuteCare
		switch {
		case len(a.By) > 0:
		case acute == model.No:
			a.By = []model.Entity{p.File.Product}
		case acute == model.Unknown:
			a.Missing = []string{"no role gives emergency access, and `facts.acute-care` is not stated"}
		default:
			a.Missing = []string{"no role gives emergency access"}
		}
		return elsewhere(a) // T4005 and the questions for roles and facts report it
	},
})

var _ = add(check.Rule{
	Code: "T4605", Severity: diag.Open,
	Title: "end of sessions cannot be shown",
	Why:   "sessions that end or lock when idle keep others from acting in somebody's name; that is judged role by role",
	Fix:   "describe `roles:` with `auto-logoff:`, or `policy.session`",
	Bad:   exampleNobody,
	Good:  exampleRole,

	Questions: []string{"access.sessions"},
	Needs:     []string{"T4007", "T4008"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		var a check.Answer
		if !idleLimit(p).IsZero() {
			a.By = append(a.By, p.File.Policy)
		}
		asked := false
		for _, r := range p.File.Roles {
			asked = asked || logsIn(r)
			if logsIn(r) && (!r.AutoLogoff.IsZero() || r.Justification != "") {
				a.By = append(a.By, r)
			}
		}
		if len(a.By) == 0 && !asked {
			return elsewhere(listed(p.File.Roles, "no role is described, so nothing shows when sessions end"))
		}
		if len(a.By) == 0 {
			a.Missing = []string{"nothing states when a session ends"}
		}
		return elsewhere(a) // T4008 speaks of each role
	},
})
