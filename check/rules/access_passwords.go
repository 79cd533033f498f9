package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T4018", Severity: diag.Error,
	Title:   "passwords shorter than eight characters",
	Clauses: []string{"sota.password-strength", "62443-4-2.cr-1.7"},
	Why:     "shorter passwords are guessed offline within hours, whatever characters they are made of",
	Fix:     "ask for at least eight characters, better twelve, and refuse common passwords",
	Bad: `
policy:
  password:
    min-length: 6 # want T4018
`,
	Good: `
policy:
  password:
    min-length: 12
`,
	Run: func(p *check.Pass) {
		if pol := p.File.Policy; pol != nil && pol.Password.MinLength > 0 && pol.Password.MinLength < 8 {
			p.Report(pol, "password.min-length", "passwords may be as short as %d characters", pol.Password.MinLength)
		}
	},
})

var _ = add(check.Rule{
	Code: "T4019", Severity: diag.Note,
	Title:   "passwords shorter than twelve characters",
	Clauses: []string{"sota.password-strength", "62443-4-2.cr-1.7"},
	Why:     "eight characters hold only with lock-out and a slow verifier; many operators ask for twelve",
	Fix:     "raise `min-length:`, or be ready to explain why eight are enough",
	Bad: `
policy:
  password:
    min-length: 8 # want T4019
`,
	Good: `
policy:
  password:
    min-length: 12
`,
	Run: func(p *check.Pass) {
		if pol := p.File.Policy; pol != nil && pol.Password.MinLength >= 8 && pol.Password.MinLength < 12 {
			p.Report(pol, "password.min-length", "passwords may be as short as %d characters", pol.Password.MinLength)
		}
	},
})

var _ = add(check.Rule{
	Code: "T4020", Severity: diag.Open,
	Title:   "rules for passwords and PINs are not stated",
	Clauses: []string{"sota.password-strength", "sota.login-throttling", "62443-4-2.cr-1.7", "62443-4-2.cr-1.11"},
	Why:     "a PIN has ten thousand values, a password as many as people choose; without lock-out and slow verifiers both are guessed",
	Fix:     "state the missing fields under `policy.password`",
	Bad: `
policy:
  password:
    min-length: 12 # want T4020
    blocklist: true
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: password
`,
	Good: `
policy:
  password:
    min-length: 12
    blocklist: true
    lockout: Five failures lock the account for five minutes.
    storage: argon2id
roles:
  role-nurse:
    title: Ward nurse
    type: user
    authentication: password
`,
	Run: func(p *check.Pass) {
		var guessable, password *model.Role
		for _, r := range p.File.Roles {
			if guessable == nil && (typed(r.Authentication) || r.Authentication == "badge-and-pin") {
				guessable = r
			}
			if password == nil && r.Authentication == "password" {
				password = r
			}
		}
		if guessable == nil {
			return
		}
		policy := p.File.Policy
		if policy == nil {
			policy = &model.Policy{}
		}
		rules, l := policy.Password, lacks(p, policy)
		l.in = "password."
		l.unless(rules.MinLength > 0 || password == nil, "min-length")
		l.unless(rules.Blocklist.Known() || password == nil, "blocklist")
		l.unless(rules.Lockout != "", "lockout")
		l.unless(rules.Storage != "", "storage")
		switch {
		case !l.any():
		case p.File.Policy != nil:
			p.Report(p.File.Policy, "password", "the rules for passwords and PINs do not state %s", l).
				Relate(guessable, "authentication", "role %q logs in by %s", guessable.ID, guessable.Authentication)
		default:
			p.Report(guessable, "authentication", "role %q logs in by %s, and no rules state %s", guessable.ID, guessable.Authentication, l)
		}
	},
})

var weakVerifier = lazyregexp.New(`(?i)\b(plain|plaintext|clear|cleartext|base64|reversible|reversibly|unsalted|md4|md5|sha-?1|ntlm|lm hash|des-?crypt)\b`)

var _ = add(check.Rule{
	Code: "T4021", Severity: diag.Error,
	Title:   "passwords are stored so that they can be recovered",
	Clauses: []string{"sota.password-strength", "62443-4-2.cr-1.5"},
	Why:     "whoever gets the file of verifiers gets the passwords, and with them the accounts of the same people elsewhere",
	Fix:     "store only salted verifiers of a slow function such as argon2id, scrypt, bcrypt or PBKDF2",
	Bad: `
policy:
  password:
    storage: md5 # want T4021
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
		if m := recoverable(p.File.Policy.Password.Storage); m != "" {
			p.Report(p.File.Policy, "password.storage", "storage of passwords can be undone or is quickly guessed: %q", m)
		}
	},
})
