package rules

import "testing"

func TestAccessLimits(t *testing.T) {
	role := func(fields string) string { return "roles:\n  role-a:\n    title: A\n" + fields }
	stored := func(how string) string { return "policy:\n  password:\n    storage: " + how + "\n" }
	const pin = "    type: user\n    authentication: pin\n"
	dose := func(kind, effect string) string {
		return "assets:\n  as-a:\n    title: A\n    type: " + kind + "\n    affects: [" + effect + "]\npermissions:\n  pm-a:\n    title: P\n    allows: [as-a]\n    critical: false"
	}
	for _, m := range []marked{
		{"encrypted", "T4021", stored("encrypted with aes-256 so that support can read it back # want T4021")},
		{"read back", "T4021", stored("service staff can read it back # want T4021")},
		{"verifier in an encrypted database", "T4021", stored("argon2id, in a database encrypted with aes-256-gcm")},
		{"encrypted in a chip", "T4021", stored("AES key wrap in the secure element")},
		{"nothing to decrypt", "T4021", stored("a hash that cannot be decrypted")},
		{"slow function on SHA-1", "T4021", stored("PBKDF2_SHA1")},
		{"fast hash", "T4022", stored("sha-256 of the password # want T4022")},
		{"unknown words", "T4022", stored("in a safe way # want T4022")},
		{"recoverable is another finding", "T4022", stored("md5")},
		{"underscore", "T4022", stored("PBKDF2_SHA256")},
		{"crypt of the operating system", "T4022", stored("sha512crypt in /etc/shadow")},
		{"directory", "T4022", stored("not stored, the hospital's directory checks them")},
		{"chip", "T4022", stored("counter and verifier in the secure element")},
		{"not stated", "T4022", "policy:\n  password:\n    min-length: 12\n"},
		{"reason given", "T4023", "policy:\n  password:\n    lockout: None, since each try takes four seconds.\n" + role(pin)},
		{"full stop", "T4023", "policy:\n  password:\n    lockout: None. # want T4023\n" + role(pin)},
		{"nothing to guess", "T4023", "policy:\n  password:\n    lockout: none\n" + role("    type: user\n    authentication: badge\n")},
		{"half an hour", "T4024", "policy:\n  session:\n    idle-limit: 30 minutes\n"},
		{"more than half an hour", "T4024", "policy:\n  session:\n    idle-limit: 31 minutes # want T4024\n"},
		{"role without a policy", "T4024", role("    type: user\n    authentication: badge\n    auto-logoff: 2 hours # want T4024\n")},
		{"role with a reason", "T4024", role("    type: user\n    authentication: badge\n    auto-logoff: 2 hours\n    justification: Screen in the operating theatre.\n")},
		{"above the policy is another finding", "T4024", "policy:\n  session:\n    idle-limit: 5 minutes\n" + role("    type: user\n    auto-logoff: 2 hours\n")},
		{"machine", "T4024", role("    type: node\n    authentication: mutual-tls\n    auto-logoff: 1 day\n")},
		{"zero policy is no limit to exceed", "T4007", "policy:\n  session:\n    idle-limit: 0 minutes\n" + role("    type: user\n    auto-logoff: 5 minutes\n")},
		{"other unit", "T4025", role("    type: user\n    auto-logoff: 0 hours # want T4025\n")},
		{"not stated", "T4025", role("    type: user\n")},
		{"badge everybody wears", "T4026", role("    type: emergency\n    authentication: badge\n")},
		{"envelope", "T4026", role("    type: emergency\n    authentication: password\n    justification: In a sealed envelope at the ward desk.\n")},
		{"other role", "T4026", role(pin)},
		{"other role from afar", "T4027", role("    type: service\n    remote: true\n")},
		{"not known", "T4027", role("    type: emergency\n")},
		{"data may only be seen", "T4028", dose("data", "result") + "\n"},
		{"function", "T4028", dose("function", "alarm") + " # want T4028\n"},
		{"function that care does not depend on", "T4028", dose("function", "privacy") + "\n"},
		{"right that nobody has", "T4029", "permissions:\n  pm-a:\n    title: P\n    needed-by: [role-a]\n" + role("    type: user\n")},
	} {
		m.run(t)
	}
}
