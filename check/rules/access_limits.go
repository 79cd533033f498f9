package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

// bareNo is a statement that something does not exist, without the reason for
// it that would make it an answer.
var bareNo = lazyregexp.New(`(?i)^\s*(none|no|never|not (possible|provided|planned|available|supported|implemented)|nothing|-)\s*[.!]?\s*$`)

// guessed returns a role whose holder is known by something that can be
// guessed, or nil.
func guessed(f *model.File) *model.Role {
	for _, r := range f.Roles {
		if typed(r.Authentication) || r.Authentication == "badge-and-pin" {
			return r
		}
	}
	return nil
}

var _ = add(check.Rule{
	Code: "T4022", Severity: diag.Warning,
	Title:   "storage of passwords is of no recognised kind",
	Clauses: []string{"sota.password-strength", "62443-4-2.cr-1.5"},
	Why:     "a general-purpose hash, salted or not, is guessed at billions of tries a second; a reviewer looks for a function that is made to be slow",
	Fix: "use argon2id, scrypt, bcrypt or PBKDF2 and name it under `storage:`; or say that the device stores none, because a directory " +
		"or a secure element checks them",
	Bad: `
policy:
  password:
    storage: sha-256 of the password with a salt # want T4022
`,
	Good: `
policy:
  password:
    storage: argon2id, 19 MiB, 2 passes
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		s := p.File.Policy.Password.Storage
		if s != "" && !slowStorage.MatchString(s) && !storedElsewhere.MatchString(s) && recoverable(s) == "" {
			p.Report(p.File.Policy, "password.storage", "storage of passwords names no slow function that is made for them: %q", s)
		}
	},
})

var (
	// slowStorage are the functions made for passwords, in the spellings in use.
	slowStorage = lazyregexp.New(`(?i)(argon2|scrypt|bcrypt|pbkdf2|balloon|sha-?(256|512)[-_ ]?crypt)`)
	// storedElsewhere says that no verifier lies in the device's own storage, or
	// that it is of a protocol that needs none.
	storedElsewhere = lazyregexp.New(`(?i)\b(not (stored|kept)|no (passwords?|verifiers?)|director(y|ies)|ldap|kerberos|radius|identity (provider|service)|oidc|openid|saml|single sign-on|sso|secure element|tpm|hsm|smart ?cards?|srp|opaque|spake2)\b`)
	// reversible is what can be undone to give the password back.
	reversible = lazyregexp.New(`(?i)\b(encrypt(s|ed|ion)?|decrypt(s|ed|ion)?|aes|obfuscated?|scrambled?|xor|(read|read it|read them) back)\b`)
	denial     = lazyregexp.New(`(?i)\bcannot\b`)
)

// recoverable names what makes stored passwords recoverable, or "".
func recoverable(storage string) string {
	statements := model.Assertions(storage)
	for _, s := range statements {
		if m := weakVerifier.FindString(s); m != "" && !slowStorage.MatchString(s) {
			return m
		}
	}
	if slowStorage.MatchString(storage) || storedElsewhere.MatchString(storage) {
		return "" // what is encrypted is a verifier, or lies elsewhere
	}
	for _, s := range statements {
		if m := reversible.FindString(s); m != "" && !denial.MatchString(s) {
			return m
		}
	}
	return ""
}

var _ = add(check.Rule{
	Code: "T4023", Severity: diag.Error,
	Title:   "passwords and PINs can be guessed without limit",
	Clauses: []string{"sota.login-throttling", "62443-4-2.cr-1.11"},
	Why:     "a PIN of four digits falls in an afternoon by hand and in minutes by program when nothing slows the tries down",
	Fix: "slow down or bar further tries after a few failures, in a way that leaves essential functions usable, and describe it under " +
		"`lockout:`",
	Bad: `
policy:
  password:
    lockout: none # want T4023
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: pin
`,
	Good: `
policy:
  password:
    lockout: No lock-out; each failure doubles the wait before the next try. The stop key is never barred.
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: pin
`,
	Run: func(p *check.Pass) {
		pol, r := p.File.Policy, guessed(p.File)
		if pol != nil && r != nil && bareNo.MatchString(pol.Password.Lockout) {
			p.Report(pol, "password.lockout", "nothing limits failed logins").
				Relate(r, "authentication", "role %q logs in by %s", r.ID, r.Authentication)
		}
	},
})

// longestIdle is the idle time after which reviewers ask why a session is still
// open. No clause names a figure; recognised practice stays well below it.
var longestIdle = model.MustDuration("30 minutes")

var _ = add(check.Rule{
	Code: "T4024", Severity: diag.Warning,
	Title:   "idle sessions stay open for long",
	Clauses: []string{"sota.session-lock", "mdcg.cap.alof", "62443-4-2.cr-2.5"},
	Why:     "an open session is used by whoever comes by; half an hour is long at a bedside and in a laboratory, and a reviewer asks what speaks against less",
	Fix:     "shorten the limit, or say under `justification:` of the role why its use needs the time",
	Bad: `
policy:
  session:
    idle-limit: 8 hours # want T4024
`,
	Good: `
policy:
  session:
    idle-limit: 10 minutes
`,
	Run: func(p *check.Pass) {
		if idleLimit(p).Longer(longestIdle) {
			p.Report(p.File.Policy, "session.idle-limit", "the policy lets sessions stay open for %s of idle time", idleLimit(p))
		}
		if !idleLimit(p).IsZero() {
			return // what is longer than the limit is another finding
		}
		for _, r := range p.File.Roles {
			if r.AutoLogoff.Longer(longestIdle) && logsIn(r) {
				p.Report(r, "auto-logoff", "role %q stays logged in for %s of idle time", r.ID, r.AutoLogoff).Justify(r.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4025", Severity: diag.Error,
	Title:   "idle time of zero",
	Clauses: []string{"mdcg.cap.alof", "sota.session-lock", "62443-4-2.cr-2.5"},
	Why:     "nobody can work in a session that ends at once; in most products zero switches the limit off, and the reader cannot tell which is meant",
	Fix:     "state the idle time, for example `5 minutes`; for a role whose session never ends leave the field out and give a `justification`",
	Bad: `
policy:
  session:
    idle-limit: 0 minutes # want T4025
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 0 seconds # want T4025
`,
	Good: `
policy:
  session:
    idle-limit: 10 minutes
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: badge
    auto-logoff: 5 minutes
`,
	Run: func(p *check.Pass) {
		zero := func(d model.Duration) bool { return !d.IsZero() && d.Span() == 0 }
		if zero(idleLimit(p)) {
			p.Report(p.File.Policy, "session.idle-limit", "idle time after which sessions end is zero")
		}
		for _, r := range p.File.Roles {
			if zero(r.AutoLogoff) {
				p.Report(r, "auto-logoff", "idle time after which the session of role %q ends is zero", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4026", Severity: diag.Warning,
	Title:   "emergency access that asks for what may not be at hand",
	Clauses: []string{"mdcg.cap.emrg", "mdcg.2.2.i3", "sota.emergency-access"},
	Why: "emergency access is for staff who have forgotten a secret, have no account, or stand before a device that has lost its network; " +
		"a login that needs the same is none",
	Fix: "let presence at the device open it and record each use, or say under `justification:` how the secret is at hand in an emergency",
	Bad: `
roles:
  role-emergency:
    title: Emergency access
    type: emergency
    authentication: multi-factor # want T4026
`,
	Good: `
roles:
  role-emergency:
    title: Emergency access
    type: emergency
    authentication: physical-presence
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			if r.Type == "emergency" && personal(r.Authentication) {
				p.Report(r, "authentication", "emergency role %q logs in by %s", r.ID, r.Authentication).Justify(r.Justification)
			}
		}
	},
})

// personal reports whether the proof is a secret or account that one person has
// and another at the device has not. A badge everybody wears is no obstacle.
func personal(a model.Authentication) bool {
	switch a {
	case "password", "pin", "badge-and-pin", "multi-factor", "token", "certificate", "mutual-tls", "challenge-response", "api-key", "pre-shared-key":
		return true
	}
	return false
}

var _ = add(check.Rule{
	Code: "T4027", Severity: diag.Warning,
	Title:   "emergency access from afar",
	Clauses: []string{"mdcg.cap.emrg", "sota.emergency-access"},
	Why:     "emergency access does without the ordinary login because somebody stands at the patient and is seen; open to a network, it is a way around all logins",
	Fix:     "state `remote: false` and keep the role off network interfaces, or say under `justification:` who uses it from afar and how that is bounded",
	Bad: `
roles:
  role-emergency:
    title: Emergency access
    type: emergency
    authentication: physical-presence
    remote: true # want T4027
`,
	Good: `
roles:
  role-emergency:
    title: Emergency access
    type: emergency
    authentication: physical-presence
    remote: false
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Roles {
			if r.Type == "emergency" && r.Remote == model.Yes {
				p.Report(r, "remote", "emergency role %q can be used from outside the room", r.ID).Justify(r.Justification)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4028", Severity: diag.Warning,
	Title:   "right over care that is not called critical",
	Clauses: []string{"sota.role-based-access", "62443-4-2.cr-2.1", "mdcg.cap.auth"},
	Why:     "whoever can use a function on which therapy, results or alarms depend can harm a patient with it; rules for critical rights pass this one by",
	Fix:     "state `critical: true`, or correct `allows:` of the right or `affects:` of the asset",
	Bad: `
assets:
  as-delivery:
    title: Delivery of the drug
    type: function
    affects: [therapy]
permissions:
  pm-start:
    title: Start and stop
    allows: [as-delivery]
    critical: false # want T4028
`,
	Good: `
assets:
  as-delivery:
    title: Delivery of the drug
    type: function
    affects: [therapy]
permissions:
  pm-start:
    title: Start and stop
    allows: [as-delivery]
    critical: true
`,
	Run: func(p *check.Pass) {
		for _, pm := range p.File.Permissions {
			if pm.Critical != model.No {
				continue
			}
			// A right to data may be one to look at them, which harms nobody.
			a, path, ok := firstOf("allows", pm.Allows, func(a *model.Asset) bool { return a.Type == "function" && a.Care() })
			if ok {
				p.Report(pm, "critical", "right %q is said not to be critical, and it allows %s, on which care depends", pm.ID, a.ID).
					Relate(pm, path, "allowed here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T4029", Severity: diag.Warning,
	Title:   "role lacks a right that its tasks need",
	Clauses: []string{"sota.role-based-access", "62443-4-2.cr-2.1"},
	Why:     "a role that cannot do its tasks borrows the account of one that can; or the statement of need is out of date, and with it the reason why others have the right",
	Fix:     "give the role the right under its `permissions:`, or take it from `needed-by:`",
	Bad: `
permissions:
  pm-accounts:
    title: Manage accounts
    needed-by: [role-admin, role-service] # want T4029
roles:
  role-admin:
    title: Administrator
    type: administrator
    permissions: [pm-accounts]
  role-service:
    title: Service technician
    type: service
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
  role-service:
    title: Service technician
    type: service
`,
	Run: func(p *check.Pass) {
		given := map[grant]bool{}
		for _, r := range p.File.Roles {
			for pm := range model.Targets(r.Permissions) {
				given[grant{pm, r}] = true
			}
		}
		for _, pm := range p.File.Permissions {
			if len(model.Users[*model.Role](pm, "permissions")) == 0 {
				continue // a right that no role has is another finding
			}
			for n, ref := range pm.NeededBy {
				if ref.OK() && !given[grant{pm, ref.To}] && !flawed(p, ref.To, "permissions") {
					p.Report(pm, indexed("needed-by", n), "tasks of role %q need the right %q, and the role does not have it", ref.ID, pm.ID).
						Relate(ref.To, "permissions", "the rights of the role")
				}
			}
		}
	},
})
