package rules

import (
	"testing"

	"theriac/check"
)

func TestAccessRules(t *testing.T) {
	role := func(fields string) string { return "roles:\n  role-a:\n    title: A\n" + fields }
	const rights = "permissions:\n  pm-a:\n    title: P\n    critical: true\n"
	const idle = "policy:\n  session:\n    idle-limit: 10 minutes\n"
	panel := func(fields string) string {
		return exampleSides + "interfaces:\n  if-a:\n    title: I\n    component: co-gateway\n    roles: [role-a]\n" + fields
	}
	for _, m := range []marked{
		{"machines do not share", "T4001", role("    type: node\n    authentication: mutual-tls\n    remote: true\n")},
		{"emergency role without authentication", "T4001", "roles:\n  role-a: # want T4001\n    title: A\n    type: emergency\n    remote: false\n"},
		{"emergency", "T4003", rights + role("    type: emergency\n    authentication: none\n    permissions: [pm-a]\n")},
		{"not known is not none", "T4003", rights + role("    type: user\n    permissions: [pm-a]\n")},
		{"right not known to be critical", "T4003", "permissions:\n  pm-a:\n    title: P\n" + role("    type: user\n    authentication: none\n    permissions: [pm-a]\n")},
		{"forced change", "T4004", role("    type: user\n    authentication: password\n    default-credential: forced-change\n")},
		{"certificates have no default", "T4006", role("    type: node\n    authentication: mutual-tls\n")},
		{"PIN", "T4006", "roles:\n  role-a: # want T4006\n    title: A\n    type: user\n    authentication: pin\n"},
		{"as long as the limit", "T4007", idle + role("    type: user\n    auto-logoff: 10 minutes\n")},
		{"other unit", "T4007", idle + role("    type: user\n    auto-logoff: 1 hour # want T4007\n")},
		{"no limit", "T4007", role("    type: user\n    auto-logoff: 1 hour\n")},
		{"limit for all", "T4008", idle + role("    type: user\n    authentication: badge\n")},
		{"machine", "T4008", role("    type: node\n    authentication: mutual-tls\n")},
		{"nobody logs in", "T4008", role("    type: patient\n    authentication: physical-presence\n")},
		{"local", "T4009", role("    type: service\n    authentication: password\n    remote: false\n")},
		{"harmless viewer", "T4009", role("    type: user\n    authentication: password\n    remote: true\n")},
		{"viewer of personal data", "T4009", exampleAssets + "permissions:\n  pm-a:\n    title: P\n    allows: [as-patient]\n" +
			role("    type: user\n    authentication: password # want T4009\n    remote: true\n    permissions: [pm-a]\n")},
		{"justified", "T4009", role("    type: service\n    authentication: pin\n    remote: true\n    justification: Only over a tunnel with certificates.\n")},
		{"need not stated is another finding", "T4010", "permissions:\n  pm-a:\n    title: P\n" + role("    type: user\n    permissions: [pm-a]\n")},
		{"second of two rights", "T4010", "permissions:\n  pm-a:\n    title: P\n    needed-by: [role-a]\n  pm-b:\n    title: Q\n    needed-by: [role-b]\n" +
			role("    type: user\n    permissions:\n      - pm-a\n      - pm-b # want T4010\n") + "  role-b:\n    title: B\n    type: service\n    permissions: [pm-b]\n"},
		{"listed at an interface alone", "T4014", panel("    medium: screen\n    exposure: physical\n") + role("    type: user\n")},
		{"no actors or interfaces at all", "T4014", role("    type: user\n")},
		{"roles that need no login", "T4015", panel("    medium: screen\n    exposure: physical\n    authentication: none\n") + role("    type: user\n    authentication: none\n")},
		{"justified exception", "T4015", panel("    medium: screen\n    exposure: physical\n    authentication: none\n    justification: Stop key.\n") + role("    type: user\n    authentication: pin\n")},
		{"a stranger can command the device", "T4015", exampleAssets + panel("    medium: screen\n    exposure: physical\n    authentication: none\n    accepts: [as-dose]\n") + role("    type: user\n    authentication: pin\n")},
		{"certificate of a person", "T4016", role("    type: service\n    authentication: certificate\n")},
		{"machine with a shared key", "T4016", role("    type: node\n    authentication: pre-shared-key\n")},
		{"outward interface", "T4017", panel("    medium: ethernet\n    direction: out\n    exposure: site\n") + role("    type: service\n    remote: false\n")},
		{"not known", "T4017", panel("    medium: ethernet\n    direction: in\n    exposure: site\n") + role("    type: service\n")},
		{"touch", "T4017", panel("    medium: usb\n    direction: in\n    exposure: physical\n") + role("    type: service\n    remote: false\n")},
		{"eight", "T4018", "policy:\n  password:\n    min-length: 8\n"},
		{"not stated", "T4018", "policy:\n  password:\n    lockout: yes\n"},
		{"eleven", "T4019", "policy:\n  password:\n    min-length: 11 # want T4019\n"},
		{"seven is another finding", "T4019", "policy:\n  password:\n    min-length: 7\n"},
		{"no policy", "T4020", role("    type: user\n    authentication: pin # want T4020\n")},
		{"PIN needs no length", "T4020", "policy:\n  password:\n    lockout: Three failures.\n    storage: scrypt\n" + role("    type: user\n    authentication: badge-and-pin\n")},
		{"nothing to guess", "T4020", role("    type: user\n    authentication: badge\n")},
		{"PBKDF2 on SHA-1 is slow", "T4021", "policy:\n  password:\n    storage: pbkdf2 with hmac-sha1, 1300000 rounds\n"},
		{"denied", "T4021", "policy:\n  password:\n    storage: argon2id, never in clear\n"},
		{"plain", "T4021", "policy:\n  password:\n    storage: Plain text # want T4021\n"},
		{"SHA-1", "T4021", "policy:\n  password:\n    storage: salted SHA-1 # want T4021\n"},
	} {
		m.run(t)
	}
}

func TestAccessQuestions(t *testing.T) {
	const user = "roles:\n  role-a:\n    title: A\n    type: user\n"
	const node = "roles:\n  role-a:\n    title: A\n    type: node\n"
	acute := func(answer string) string { return device("MDR", "IIb", "facts:", "  acute-care: "+answer) }
	for _, q := range []asked{
		{name: "empty", question: "access.roles", text: exampleNobody, want: check.Unanswered, missing: "no role"},
		{name: "empty", question: "access.permissions", text: user, want: check.Unanswered, missing: "no permission"},
		{name: "empty", question: "access.authentication", text: exampleNobody, want: check.Unanswered, missing: "no role", elsewhere: true},
		{name: "not known", question: "access.emergency", text: user, want: check.Unanswered, missing: "acute-care", elsewhere: true},
		{name: "acute without", question: "access.emergency", text: acute("true") + user, want: check.Unanswered, missing: "no role gives", elsewhere: true},
		{name: "not acute", question: "access.emergency", text: acute("false") + user, want: check.Satisfied, by: 1},
		{name: "empty", question: "access.sessions", text: exampleNobody, want: check.Unanswered, missing: "no role", elsewhere: true},
		{name: "nothing stated", question: "access.sessions", text: user, want: check.Unanswered, missing: "nothing states", elsewhere: true},
		{name: "machines only", question: "access.sessions", text: node, want: check.Satisfied, by: 1},
		{name: "policy", question: "access.sessions", text: "policy:\n  session:\n    idle-limit: 5 minutes\n" + user, want: check.Satisfied, by: 1},
	} {
		q.run(t)
	}
	for _, name := range []string{"access.roles", "access.permissions", "access.authentication", "access.emergency", "access.sessions"} {
		asked{name: "good example", question: name, text: asking(t, name).Good, want: check.Satisfied}.run(t)
	}
}
