package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// cause is something in the file that makes an event possible.
type cause struct {
	event model.SecurityEvent
	by    model.Entity
	field string
	what  string
}

// unrecorded reports events that are possible and that the log leaves out.
// Where nothing is recorded at all, logging.events speaks.
func unrecorded(p *check.Pass, causes []cause) {
	log := p.File.Logging
	if log == nil || len(log.Records) == 0 {
		return
	}
	told := map[model.SecurityEvent]bool{}
	for _, c := range causes {
		if c.by == nil || told[c.event] || slices.Contains(log.Records, c.event) {
			continue
		}
		told[c.event] = true
		p.Report(log, "records", "events of kind %q are not recorded, although %s %s", c.event, model.Label(c.by), c.what).
			Relate(c.by, c.field, "%s", c.what)
	}
}

// firstWhere returns the first of a list for which the condition holds, as an
// entity, or nil.
func firstWhere[T model.Entity](list []T, holds func(T) bool) model.Entity {
	if at := slices.IndexFunc(list, holds); at >= 0 {
		return list[at]
	}
	return nil
}

func roleOfType(t model.RoleType) func(*model.Role) bool {
	return func(r *model.Role) bool { return r.Type == t }
}

// mustLogIn reports whether holders of a role prove who they are.
func mustLogIn(r *model.Role) bool {
	return r.Authentication != "" && r.Authentication != "none" && r.Authentication != "physical-presence" && r.Type != "node"
}

var _ = add(check.Rule{
	Code: "T8301", Severity: diag.Error,
	Title:   "use of an exceptional right leaves no record",
	Clauses: []string{"mdcg.cap.audt", "sota.audit-events"},
	Why: "emergency access, service sessions, updates and failed logins are where an attack shows; a right that passes the ordinary " +
		"checks is bearable only if each use is on record",
	Fix: "record the event and add it under `logging.records`, or remove the way that makes it possible",
	Bad: `
roles:
  role-emergency:
    title: Emergency operation
    type: emergency
logging:
  records: [login, login-failure] # want T8301
`,
	Good: `
roles:
  role-emergency:
    title: Emergency operation
    type: emergency
logging:
  records: [login, login-failure, emergency-access]
`,
	Run: func(p *check.Pass) {
		f := p.File
		unrecorded(p, []cause{
			{"emergency-access", firstWhere(f.Roles, roleOfType("emergency")), "type", "gives access in an emergency"},
			{"service-access", firstWhere(f.Roles, roleOfType("service")), "type", "is for service staff"},
			{"login-failure", firstWhere(f.Roles, mustLogIn), "authentication", "has to log in"},
			{"update", policyOf(f), "", "lets software be replaced"},
		})
	},
})

// policyOf is the update policy as an entity, nil where there is none.
func policyOf(f *model.File) model.Entity {
	if f.UpdatePolicy == nil {
		return nil
	}
	return f.UpdatePolicy
}

var _ = add(check.Rule{
	Code: "T8302", Severity: diag.Warning,
	Title:   "event that the architecture makes possible is not recorded",
	Clauses: []string{"mdcg.cap.audt", "sota.audit-events"},
	Why: "after an incident the record must show who logged in, what was read, what was changed and by which way data came; a reviewer " +
		"compares the list of events with the interfaces and data of the device",
	Fix: "record the event and add it under `logging.records`, or waive the finding with the reason why no record is needed",
	Bad: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-ntp:
    title: Time service
    component: co-gateway
    medium: ethernet
    purpose: time
    exposure: site
logging:
  records: [update, start-stop] # want T8302
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-ntp:
    title: Time service
    component: co-gateway
    medium: ethernet
    purpose: time
    exposure: site
logging:
  records: [update, start-stop, time-change]
`,
	Run: func(p *check.Pass) {
		f := p.File
		unrecorded(p, []cause{
			{"login", firstWhere(f.Roles, mustLogIn), "authentication", "has to log in"},
			{"account-change", firstWhere(f.Roles, roleOfType("administrator")), "type", "administers the device"},
			{"time-change", firstWhere(f.Interfaces, setsTime), "purpose", "sets the clock"},
			{"media", firstWhere(f.Interfaces, takesMedia), "medium", "takes removable media"},
			{"data-access", firstWhere(f.Stores, holdsPersonal), "holds", "holds personal data"},
			{"integrity-failure", firstWhere(f.Components, func(c *model.Component) bool { return c.Boot.Verified == model.Yes }), "boot", "is checked when it starts"},
			{"therapy-change", firstWhere(f.Permissions, changesTherapy), "allows", "lets therapy be changed"},
			{"key-event", firstWhere(f.Keys, func(k *model.Key) bool { return k.Rotation != "" }), "rotation", "is renewed"},
		})
	},
})

func setsTime(i *model.Interface) bool {
	return i.Purpose == "time" && i.State != "disabled" && i.Exposure.External()
}

func takesMedia(i *model.Interface) bool {
	return i.Medium == "removable-media" && i.State != "disabled"
}

func holdsPersonal(s *model.Store) bool {
	for a := range model.Targets(s.Holds) {
		if a.PersonalData == "personal" || a.PersonalData == "health" {
			return true
		}
	}
	return false
}

func changesTherapy(permission *model.Permission) bool {
	for a := range model.Targets(permission.Allows) {
		if slices.Contains(a.Affects, "therapy") {
			return true
		}
	}
	return false
}
