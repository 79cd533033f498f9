package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/trust"
)

var _ = add(check.Rule{
	Code: "T7501", Severity: diag.Error,
	Title:   "key of a signer that cannot be used",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "signatures by a key that cannot be read, or that two signers share, cannot be told to be anybody's",
	Fix:     "enter the public key as PEM (ECDSA P-256 or Ed25519), one for each signer; `theriac keys new` makes one",
	Bad: proven + `-- more.yaml --
signers:
  tester-2:
    title: Second test lead
    type: person
    roles: [Test lead]
    keys:
      - public: a665a459 # want T7501
`,
	Good: proven,
	Run: func(p *check.Pass) {
		for _, f := range p.Proof().Roster.Faults {
			field := indexed("keys", f.Index) + ".public"
			switch {
			case f.Demo != "":
				continue // T7504
			case f.Twin != nil:
				p.Report(f.Signer, field, "key of signer %q is also that of %q, so its signatures are nobody's", f.Signer.ID, f.Twin.Signer.ID).
					Relate(f.Twin.Signer, indexed("keys", f.Twin.Index)+".public", "the same key")
			default:
				p.Report(f.Signer, field, "key of signer %q cannot be used: %s", f.Signer.ID, f.Err)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7502", Severity: diag.Error,
	Title:   "time of a key that contradicts itself",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "whether a signature counts depends on when its key did; with dates that exclude each other it never does, or always",
	Fix:     "correct `from`, `until` and `revoked`; give a `reason` with `revoked` (compromised, superseded or retired), and none without",
	Bad:     strings.Replace(proven, "verifications:", "        from: 2026-05-01\n        until: 2026-04-01 # want T7502\nverifications:", 1),
	Good:    strings.Replace(proven, "verifications:", "        from: 2026-04-01\n        until: 2028-04-01\nverifications:", 1),
	Run: func(p *check.Pass) {
		for _, s := range p.File.Signers {
			for i, k := range s.Keys {
				keyTimes(p, s, indexed("keys", i), k)
			}
		}
	},
})

func keyTimes(p *check.Pass, s *model.Signer, field string, k model.SignerKey) {
	switch {
	case !k.From.IsZero() && !k.Until.IsZero() && k.Until.Before(k.From):
		p.Report(s, field+".until", "key of signer %q counts until %s, before it begins on %s", s.ID, k.Until, k.From)
	case !k.Revoked.IsZero() && k.Reason == "":
		p.Report(s, field+".revoked", "key of signer %q was revoked, and no reason says what its signatures are worth", s.ID)
	case k.Revoked.IsZero() && k.Reason != "":
		p.Report(s, field+".reason", "key of signer %q has a reason for being revoked, and no day", s.ID)
	}
}

var _ = add(check.Rule{
	Code: "T7503", Severity: diag.Note,
	Title:   "revoked key whose signatures no longer count",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "to revoke a key is also to decide what it signed; evidence and approvals that fall with it have to be made again",
	Fix:     "let what it lists be signed again by a key that counts; what has a time stamp from before the revocation stands",
	Bad: strings.Replace(proven, "verifications:", "        revoked: 2026-07-01 # want T7503\n        reason: compromised\nverifications:", 1) + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Good: strings.Replace(proven, "verifications:", "        revoked: 2026-07-01\n        reason: retired\nverifications:", 1) + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Signers {
			for i, k := range s.Keys {
				if lost := fallen(p, s, i); !k.Revoked.IsZero() && len(lost) > 0 {
					p.Report(s, indexed("keys", i)+".revoked", "key of signer %q was revoked on %s; what it signed no longer counts: %s", s.ID, k.Revoked, fewIDs(lost))
				}
			}
		}
	},
})

// fallen lists what was signed by a key and does not count because of its times.
func fallen(p *check.Pass, s *model.Signer, key int) (ids []string) {
	for _, piece := range p.Proof().Evidence.Pieces {
		for _, by := range piece.Signed {
			if by.By.Signer == s && by.By.Index == key && piece.Statement != nil && by.By.Counts(piece.Statement.Recorded, by.Stamped, p.Today) != nil {
				ids = append(ids, "evidence "+piece.ID)
			}
		}
	}
	for _, a := range p.Proof().Approvals.Approvals {
		if a.By != nil && a.By.Signer == s && a.By.Index == key && a.Readable && a.By.Counts(a.Signed, a.Stamped, p.Today) != nil {
			ids = append(ids, "approval "+a.ID)
		}
	}
	return ids
}

var _ = add(check.Rule{
	Code: "T7504", Severity: diag.Error,
	Title:   "demonstration key outside a demonstration",
	Clauses: []string{"mdr.annex-i.17.4", "ivdr.annex-i.16.4", "mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "everybody has the demonstration keys; whatever they sign is worth nothing",
	Fix:     "make a key of your own with `theriac keys new`; only an invented product may say `demonstration: true`",
	Bad:     strings.Replace(strings.Replace(proven, "  demonstration: true\n", "", 1), "- public: |\n", "- public: | # want T7504\n", 1),
	Good:    proven,
	Run: func(p *check.Pass) {
		if flawed(p, p.File.Product, "demonstration") {
			return
		}
		for _, f := range p.Proof().Roster.Faults {
			if f.Demo != "" {
				p.Report(f.Signer, indexed("keys", f.Index)+".public", "key of signer %q is the demonstration key %s, which everybody has", f.Signer.ID, f.Demo)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7505", Severity: diag.Open,
	Title:   "kind of evidence that nobody may sign",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "81001-5-1.5.7.5"},
	Why:     "evidence of a kind that the policy does not mention, or gives to a role that nobody on the roster holds, never counts",
	Fix:     "name the kind and the roles under `policy.evidence.signers`, and give a signer the role",
	Bad:     strings.Replace(proven, "roles: [Test lead]\nreleases:", "roles: [Test manager] # want T7505\nreleases:", 1),
	Good:    proven,
	Run: func(p *check.Pass) {
		if !p.Proven() || rosterUnknown(p) || p.File.Policy != nil && flawed(p, p.File.Policy, "evidence") {
			return
		}
		if p.File.Policy == nil || len(p.File.Policy.Evidence.Signers) == 0 {
			p.Report(p.File.Signers[0], "", "signers are listed, and `policy.evidence.signers` does not say who may sign what")
			return
		}
		for i, line := range p.File.Policy.Evidence.Signers {
			if !held(p, line.Roles) {
				p.Report(p.File.Policy, indexed("evidence.signers", i)+".roles", "no signer holds %s, who alone may sign %s", strings.Join(line.Roles, " or "), kindsOf(line))
			}
		}
	},
})

func kindsOf(line model.EvidenceSigners) string {
	var names []string
	for _, k := range line.Kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// held tells whether a signer holds one of the roles.
func held(p *check.Pass, roles []string) bool {
	return slices.ContainsFunc(p.File.Signers, func(s *model.Signer) bool { return trust.Holds(s, roles) })
}

var _ = add(check.Rule{
	Code: "T7506", Severity: diag.Warning,
	Title:   "kind of evidence with two lines in the policy",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "only the first line for a kind counts; a reader of the second believes in a rule that is not there",
	Fix:     "join the two lines",
	Bad: strings.Replace(proven, "releases:", `      - kinds: [static-analysis, test-result] # want T7506
        roles: [Test lead]
releases:`, 1),
	Good: proven,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		seen := map[model.EvidenceKind]bool{}
		for i, line := range p.File.Policy.Evidence.Signers {
			for _, k := range line.Kinds {
				if seen[k] {
					p.Report(p.File.Policy, indexed("evidence.signers", i)+".kinds", "evidence of kind %s has a line of the policy above", k)
				}
				seen[k] = true
			}
		}
	},
})
