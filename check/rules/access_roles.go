package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// typed reports whether the proof is something that a person types and that can
// therefore be guessed.
func typed(a model.Authentication) bool { return a == "password" || a == "pin" }

var _ = add(check.Rule{
	Code: "T4001", Severity: diag.Open,
	Title:   "role is not fully described",
	Clauses: []string{"mdr.annex-i.18.8", "mdcg.2.6.3.i5", "62443-4-2.cr-1.1"},
	Why:     "for each role a reviewer asks how its holder proves who they are, whether each person has an account, and whether it works from afar",
	Fix:     "state the missing fields; `authentication: none` and `shared: true` are answers, though not good ones",
	Bad: `
roles:
  role-nurse: # want T4001
    title: Ward nurse
    type: user
    remote: false
`,
	Good: `
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge-and-pin
    shared: false
    remote: false
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			l := lacks(p, r)
			l.unless(r.Authentication != "", "authentication")
			l.unless(r.Shared.Known() || r.Type == "node" || r.Type == "emergency", "shared")
			l.unless(r.Remote.Known(), "remote")
			if l.any() {
				p.Report(r, "", "role %q does not state %s", r.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4003", Severity: diag.Error,
	Title:   "critical rights without authentication",
	Clauses: []string{"mdr.annex-i.18.8", "mdcg.cap.paut", "mdcg.cap.auth", "62443-4-2.cr-1.1"},
	Why:     "a right whose abuse can harm a patient or the device is open to everybody when nobody is asked who they are",
	Fix:     "authenticate the role, take the right from it, or make it an emergency role that leaves a record",
	Bad: `
permissions:
  pm-limits:
    title: Change alarm limits
    critical: true
roles:
  role-anyone:
    title: Anyone at the device
    type: user
    authentication: none # want T4003
    permissions: [pm-limits]
`,
	Good: `
permissions:
  pm-limits:
    title: Change alarm limits
    critical: true
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge-and-pin
    permissions: [pm-limits]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			if r.Authentication != "none" || r.Type == "emergency" {
				continue
			}
			if pm, path, ok := firstOf("permissions", r.Permissions, critical); ok {
				p.Report(r, "authentication", "role %q has the critical right %q, and nobody is asked who they are", r.ID, pm.ID).
					Relate(r, path, "given here")
			}
		}
	},
})

func critical(pm *model.Permission) bool { return pm.Critical == model.Yes }

var _ = add(check.Rule{
	Code: "T4004", Severity: diag.Error,
	Title:   "same factory credential on every unit",
	Clauses: []string{"sota.default-credentials", "62443-4-2.cr-1.5", "mdcg.cap.paut"},
	Why:     "fixed credentials are found once, in a manual or in firmware, and then open every unit in the world",
	Fix:     "give each unit its own credential (`unique`), force a change before first use (`forced-change`), or ship without (`none`)",
	Bad: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: password
    default-credential: fixed # want T4004
`,
	Good: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: password
    default-credential: unique
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			if r.Default == "fixed" {
				p.Report(r, "default-credential", "role %q has the same credential on every unit, and it stays", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4006", Severity: diag.Open,
	Title:   "state of factory credentials is not known",
	Clauses: []string{"sota.default-credentials", "62443-4-2.cr-1.5", "mdcg.cap.paut"},
	Why:     "default passwords are the first thing an attacker tries and one of the first that a reviewer asks about",
	Fix:     "state `default-credential:`: none, unique, forced-change or fixed",
	Bad: `
roles:
  role-admin: # want T4006
    title: Administrator
    type: administrator
    authentication: password
`,
	Good: `
roles:
  role-admin:
    title: Administrator
    type: administrator
    authentication: password
    default-credential: forced-change
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			secret := typed(r.Authentication) || r.Authentication == "badge-and-pin" || r.Authentication == "api-key" || r.Authentication == "pre-shared-key"
			if secret && r.Default == "" {
				p.ReportAbsent(r, []string{"default-credential"}, "role %q logs in by %s and does not state what is set in the factory", r.ID, r.Authentication)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4009", Severity: diag.Warning,
	Title:   "remote role with a single factor",
	Clauses: []string{"sota.multi-factor", "mds2.paut", "mds2.rmot"},
	Why:     "from afar nobody sees who types; one stolen or guessed password is enough to reach critical functions or personal data",
	Fix:     "ask for a second factor or a certificate, or give a `justification`",
	Bad: `
roles:
  role-remote:
    title: Remote service
    type: service
    authentication: password # want T4009
    remote: true
`,
	Good: `
roles:
  role-remote:
    title: Remote service
    type: service
    authentication: multi-factor
    remote: true
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			single := typed(r.Authentication) || r.Authentication == "badge" || r.Authentication == "biometric"
			if r.Remote == model.Yes && single && powerful(r) {
				p.Report(r, "authentication", "role %q reaches the device from afar with a %s alone", r.ID, r.Authentication).Justify(r.Justification).
					Relate(r, "remote", "usable from outside the room")
			}
		}
	},
})

// powerful reports whether the abuse of a role matters: it maintains the device,
// has a critical right, or sees personal data.
func powerful(r *model.Role) bool {
	if r.Type == "service" || r.Type == "administrator" {
		return true
	}
	_, _, ok := firstOf("permissions", r.Permissions, func(pm *model.Permission) bool {
		_, _, personal := firstOf("allows", pm.Allows, (*model.Asset).Personal)
		return critical(pm) || personal
	})
	return ok
}

var _ = add(check.Rule{
	Code: "T4014", Severity: diag.Warning,
	Title:   "role that nobody takes",
	Clauses: []string{"sota.least-functionality", "62443-4-2.cr-1.3"},
	Why:     "an account that nobody needs is one that nobody watches; or an actor or interface is missing from the model",
	Fix:     "name the role at an actor (`role:`) or at an interface (`roles:`), or remove it",
	Bad: exampleZones + `
actors:
  ac-nurse:
    title: Nurse
    type: person
    zone: z-bedside
roles:
  role-factory: # want T4014
    title: Factory account
    type: service
    authentication: password
`,
	Good: exampleZones + `
actors:
  ac-nurse:
    title: Nurse
    type: person
    zone: z-bedside
    role: role-nurse
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
`,
	Run: func(p *check.Pass) {
		if len(p.File.Actors)+len(p.File.Interfaces) == 0 || flawedIn(p, p.File.Actors, "role") || flawedIn(p, p.File.Interfaces, "roles") {
			return
		}
		for _, r := range p.File.Roles {
			if len(model.Users[*model.Actor](r, "role"))+len(model.Users[*model.Interface](r, "roles")) == 0 {
				p.Report(r, "", "no actor takes role %q, and no interface lists it", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4015", Severity: diag.Error,
	Title:   "interface asks nobody and lists roles that log in",
	Clauses: []string{"mdcg.cap.paut", "62443-4-2.cr-2.1"},
	Why:     "if nobody is asked who they are, everybody has the rights of these roles there; one of the two statements is untrue",
	Fix:     "state how the interface authenticates, or remove the roles from it; a `justification` explains an exception",
	Bad: exampleSides + `
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
interfaces:
  if-panel:
    title: Front panel
    component: co-gateway
    medium: screen
    exposure: physical
    authentication: none # want T4015
    roles: [role-nurse]
`,
	Good: exampleSides + `
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
interfaces:
  if-panel:
    title: Front panel
    component: co-gateway
    medium: screen
    exposure: physical
    authentication: badge
    roles: [role-nurse]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			// Where a stranger can also change something that matters, T3201 or T3203 speaks.
			_, _, worse := firstOf("accepts", i.Accepts, matters)
			if i.Authentication != "none" || !i.Used() || worse {
				continue
			}
			r, path, ok := firstOf("roles", i.Roles, func(r *model.Role) bool { return r.Authentication != "" && r.Authentication != "none" })
			if ok {
				p.Report(i, "authentication", "interface %q asks nobody who they are and lists role %q, which logs in by %s", i.ID, r.ID, r.Authentication).Justify(i.Justification).
					Relate(i, path, "listed here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4016", Severity: diag.Warning,
	Title:   "proof of identity does not suit the kind of role",
	Clauses: []string{"mdcg.2.6.3.i5", "mdcg.cap.paut", "mdcg.cap.naut"},
	Why:     "a person cannot keep a machine's key secret from colleagues, and a machine that logs in with a password keeps it in a file",
	Fix:     "use passwords, badges or factors for people, and keys or certificates for machines; or give a `justification`",
	Bad: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: pre-shared-key # want T4016
  role-lis:
    title: Laboratory information system
    type: node
    authentication: password # want T4016
`,
	Good: `
roles:
  role-service:
    title: Service technician
    type: service
    authentication: multi-factor
  role-lis:
    title: Laboratory information system
    type: node
    authentication: mutual-tls
`,
	Run: func(p *check.Pass) {
		machine := []model.Authentication{"api-key", "pre-shared-key", "server-tls", "pairing", "wpa2-personal", "wpa3-personal"}
		person := []model.Authentication{"password", "pin", "badge", "badge-and-pin", "biometric", "physical-presence"}
		for _, r := range p.File.Roles {
			unsuited := machine
			if r.Type == "node" {
				unsuited = person
			}
			if slices.Contains(unsuited, r.Authentication) {
				p.Report(r, "authentication", "role %q of type %s logs in by %s", r.ID, r.Type, r.Authentication).Justify(r.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4017", Severity: diag.Error,
	Title:   "role said to be local can log in from a network",
	Clauses: []string{"mds2.rmot", "62443-4-2.ndr-1.13"},
	Why:     "rules for remote access, such as a second factor, pass this role by, although an interface lets it in from the network",
	Fix:     "state `remote: true` and protect the role accordingly, or remove it from the interface",
	Bad: exampleSides + `
roles:
  role-admin:
    title: Administrator
    type: administrator
    authentication: password
    remote: false
interfaces:
  if-web:
    title: Administration page
    component: co-gateway
    medium: ethernet
    direction: in
    exposure: site
    roles: [role-admin] # want T4017
`,
	Good: exampleSides + `
roles:
  role-admin:
    title: Administrator
    type: administrator
    authentication: multi-factor
    remote: true
interfaces:
  if-web:
    title: Administration page
    component: co-gateway
    medium: ethernet
    direction: in
    exposure: site
    roles: [role-admin]
`,
	Run: func(p *check.Pass) {
		for _, i := range p.File.Interfaces {
			reached := i.Exposure == "site" || i.Exposure == "internet"
			if !reached || !i.Used() || i.Direction != "in" && i.Direction != "both" {
				continue
			}
			if r, path, ok := firstOf("roles", i.Roles, func(r *model.Role) bool { return r.Remote == model.No }); ok {
				p.Report(i, path, "interface %q lets role %q in from the network, and the role is said not to be remote", i.ID, r.ID).
					Relate(r, "remote", "said here")
			}
		}
	},
})
