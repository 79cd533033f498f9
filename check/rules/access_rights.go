package rules

import (
	"fmt"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// grant is a right in the hands of a role.
type grant struct {
	right *model.Permission
	role  *model.Role
}

var _ = add(check.Rule{
	Code: "T4010", Severity: diag.Warning,
	Title:   "role has a right that its tasks do not need",
	Clauses: []string{"sota.role-based-access", "62443-4-2.cr-2.1", "mdcg.cap.auth"},
	Why:     "least privilege: a stolen account is worth what its role may do",
	Fix:     "take the right from the role, or add the role to `needed-by:` of the right if its tasks need it",
	Bad: `
permissions:
  pm-accounts:
    title: Manage accounts
    needed-by: [role-admin]
roles:
  role-admin:
    title: Administrator
    type: administrator
    permissions: [pm-accounts]
  role-nurse:
    title: Ward nurse
    type: user
    permissions: [pm-accounts] # want T4010
`,
	Good: `
permissions:
  pm-accounts:
    title: Manage accounts
    needed-by: [role-admin]
roles:
  role-admin:
    title: Administrator
    type: administrator
    permissions: [pm-accounts]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Permissions, "needed-by") {
			return
		}
		needed := map[grant]bool{}
		for _, pm := range p.File.Permissions {
			for r := range model.Targets(pm.NeededBy) {
				needed[grant{pm, r}] = true
			}
		}
		for _, r := range p.File.Roles {
			for n, ref := range r.Permissions {
				if ref.OK() && len(ref.To.NeededBy) > 0 && !needed[grant{ref.To, r}] && !unfit(p, r, ref.To) {
					p.Report(r, fmt.Sprintf("permissions.%d", n), "role %q has the right %q, which its tasks do not need", r.ID, ref.ID).
						Relate(ref.To, "needed-by", "the roles that need it")
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4011", Severity: diag.Note,
	Title:   "right that no role has",
	Clauses: []string{"62443-4-2.cr-2.1"},
	Why:     "either the function is dead and should be removed, or a role is missing the right",
	Fix:     "give it to a role, or remove it",
	Bad: `
permissions:
  pm-export: # want T4011
    title: Export the history
`,
	Good: `
permissions:
  pm-export:
    title: Export the history
roles:
  role-admin:
    title: Administrator
    type: administrator
    permissions: [pm-export]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Roles, "permissions") {
			return
		}
		for _, pm := range p.File.Permissions {
			if len(model.Users[*model.Role](pm, "permissions")) == 0 {
				p.Report(pm, "", "no role has the right %q", pm.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4012", Severity: diag.Open,
	Title:   "need for a right is not stated",
	Clauses: []string{"sota.role-based-access", "62443-4-2.cr-2.1"},
	Why:     "least privilege can only be shown where it is said which tasks need a right and how bad its abuse would be",
	Fix:     "state `needed-by:` and `critical:`",
	Bad: `
permissions:
  pm-export: # want T4012
    title: Export the history
    critical: false
`,
	Good: `
permissions:
  pm-export:
    title: Export the history
    needed-by: [role-admin]
    critical: false
roles:
  role-admin:
    title: Administrator
    type: administrator
    permissions: [pm-export]
`,
	Run: func(p *check.Pass) {
		for _, pm := range p.File.Permissions {
			l := lacks(p, pm)
			l.unless(len(pm.NeededBy) > 0, "needed-by")
			l.unless(pm.Critical.Known(), "critical")
			if l.any() {
				p.Report(pm, "", "right %q does not state %s", pm.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4013", Severity: diag.Warning,
	Title:   "emergency role has rights that care does not need",
	Clauses: []string{"mdcg.cap.emrg", "sota.role-based-access"},
	Why:     "emergency access asks nobody who they are; it should open what the patient needs at once and nothing else",
	Fix:     "take administrative rights from the emergency role",
	Bad: `
assets:
  as-accounts:
    title: Accounts
    type: data
    affects: [security]
permissions:
  pm-accounts:
    title: Manage accounts
    allows: [as-accounts]
    critical: true
roles:
  role-emergency:
    title: Emergency operation
    type: emergency
    permissions: [pm-accounts] # want T4013
`,
	Good: `
assets:
  as-dose:
    title: Dose
    type: function
    affects: [therapy]
permissions:
  pm-dose:
    title: Start and stop
    allows: [as-dose]
    critical: true
roles:
  role-emergency:
    title: Emergency operation
    type: emergency
    permissions: [pm-dose]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			for n, ref := range r.Permissions {
				if ref.OK() && unfit(p, r, ref.To) {
					p.Report(r, fmt.Sprintf("permissions.%d", n), "emergency role %q has the right %q, which touches no care", r.ID, ref.ID)
				}
			}
		}
	},
})

// unfit reports whether the right has no place in the hands of an emergency role.
func unfit(p *check.Pass, r *model.Role, pm *model.Permission) bool {
	return r.Type == "emergency" && critical(pm) && len(pm.Allows) > 0 && !clinical(pm) && !flawed(p, pm, "allows")
}

// clinical reports whether care can depend on the use of a right.
func clinical(pm *model.Permission) bool {
	_, _, ok := firstOf("allows", pm.Allows, func(a *model.Asset) bool { return a.Care() || a.Bears("availability-of-care") })
	return ok
}
