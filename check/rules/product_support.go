package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T1014", Severity: diag.Warning,
	Title:   "security support ends before the device's lifetime",
	Clauses: []string{"sota.end-of-support"},
	Why: "a unit sold on the last day would be used without security support for the rest of its life; a reviewer asks what " +
		"the operator is to do then",
	Fix: "promise support for the whole lifetime, or say under `update-policy.end-of-support` how the device is used safely " +
		"without it, and waive the finding with that reason",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
  support-period: 5 years # want T1014
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  lifetime: 10 years
  support-period: 10 years
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		// Compared on the calendar, where 12 months are a year.
		ends, worn := p.Today.Add(d.SupportPeriod), p.Today.Add(d.Lifetime)
		if !d.Lifetime.IsZero() && !d.SupportPeriod.IsZero() && ends.Before(worn) {
			p.Report(d, "support-period", "security support lasts %s, and the device is expected to last %s", d.SupportPeriod, d.Lifetime).
				Relate(d, "lifetime", "lifetime stated here")
		}
	},
})

// rolesFor lists the types of role that serve a group of users.
var rolesFor = map[model.User][]model.RoleType{
	"professional": {"user"}, "laboratory": {"user"}, "lay": {"user", "patient"}, "patient": {"patient", "user"},
	"service": {"service"}, "it": {"administrator", "service"},
}

var _ = add(check.Rule{
	Code: "T1015", Severity: diag.Warning,
	Title:   "intended users without a role",
	Clauses: []string{"sota.role-based-access"},
	Why: "users for whom no role was designed will borrow one that allows too much; roles should mirror who the instructions " +
		"for use say may use the device",
	Fix: "add a role for the group, or remove the group from `intended-users`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  intended-users: [professional, service] # want T1015
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
  intended-users: [professional, service]
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge-and-pin
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
`,
	Run: func(p *check.Pass) {
		if len(p.File.Roles) == 0 || flawedIn(p, p.File.Roles, "type") {
			return // access.roles, or a finding about form, asks for them
		}
		d := p.File.Product
		for i, u := range d.IntendedUsers {
			types := rolesFor[u]
			if !slices.ContainsFunc(p.File.Roles, func(r *model.Role) bool { return slices.Contains(types, r.Type) }) {
				p.Report(d, "intended-users."+itoa(i), "%q are among the intended users, and no role is of type %s", u, either(types))
			}
		}
	},
})
