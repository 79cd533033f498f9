package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3311", Severity: diag.Error,
	Title:   "personal data or credentials stored in clear",
	Clauses: []string{"mdcg.cap.stcf", "mdcg.2.1.i5", "gdpr.32", "62443-4-2.cr-4.1", "sota.storage-encryption"},
	Why:     "a stolen device, a removed medium or a board sent for repair gives away what it holds",
	Fix:     "encrypt the store with a key bound to the unit, or do not keep the data there",
	Bad: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    encryption: none # want T3311
`,
	Good: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    encryption: aes-256-xts
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if model.States(s.Encryption) != model.No {
				continue
			}
			if a, path, ok := firstOf("holds", s.Holds, private); ok {
				kind := "store"
				if s.Removable == model.Yes {
					kind = "removable store"
				}
				p.Report(s, "encryption", "%s %q keeps %s %s in clear", kind, s.ID, nature(a), a.ID).Relate(s, path, "kept here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3312", Severity: diag.Error,
	Title:   "data that care depends on are stored unprotected against change",
	Clauses: []string{"mdcg.2.1.i5", "62443-4-2.cr-3.4", "ig-nb.3.8"},
	Why:     "changed therapy data, results, software or calibration harm patients, and nothing would show the change",
	Fix:     "detect change by a signature, a keyed checksum or a verified file system, and state it under `integrity:`",
	Bad: exampleLink + `
stores:
  st-orders:
    title: Orders
    component: co-gateway
    holds: [as-dose]
    integrity: none # want T3312
`,
	Good: exampleLink + `
stores:
  st-orders:
    title: Orders
    component: co-gateway
    holds: [as-dose]
    integrity: hmac-sha-256 per record
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if model.States(s.Integrity) != model.No {
				continue
			}
			if a, path, ok := firstOf("holds", s.Holds, (*model.Asset).Care); ok {
				p.Report(s, "integrity", "store %q keeps %s without protection against change", s.ID, a.ID).Relate(s, path, "kept here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3313", Severity: diag.Open,
	Title:   "protection of a store is not stated",
	Clauses: []string{"mdcg.2.1.i5", "ig-nb.3.8"},
	Why:     "protection at rest is asked for wherever personal data, credentials or data that care depends on are kept; here nothing answers it",
	Fix:     "state the missing fields; write `none` where there is none",
	Bad: exampleLink + `
stores:
  st-data: # want T3313
    title: Database
    component: co-gateway
    holds: [as-patient]
  st-attic: # want T3313
    title: Spare partition
    component: co-gateway
`,
	Good: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    encryption: aes-256-xts
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			_, _, secret := firstOf("holds", s.Holds, private)
			_, _, care := firstOf("holds", s.Holds, (*model.Asset).Care)
			l := lacks(p, s)
			l.unless(len(s.Holds) > 0, "holds")
			l.unless(!secret || s.Encryption != "", "encryption")
			l.unless(!care || s.Integrity != "", "integrity")
			if l.any() {
				p.Report(s, "", "store %q does not state %s", s.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3314", Severity: diag.Open,
	Title:   "erasure of personal data is not stated",
	Clauses: []string{"sota.decommissioning", "sota.data-minimisation", "62443-4-2.cr-4.2"},
	Why:     "devices are lent, sold, repaired and scrapped; the operator has to know how long data stay and how they are removed for good",
	Fix:     "state `retention:` and `erasure:` of the store",
	Bad: exampleLink + `
stores:
  st-data: # want T3314
    title: Database
    component: co-gateway
    holds: [as-patient]
    retention: 90 days
`,
	Good: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    retention: 90 days
    erasure: The key in the secure element is destroyed.
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			a, _, ok := firstOf("holds", s.Holds, private)
			if !ok {
				continue
			}
			l := lacks(p, s)
			l.unless(s.Retention != "", "retention")
			l.unless(s.Erasure != "", "erasure")
			if l.any() {
				p.Report(s, "", "store %q keeps %s and does not state %s", s.ID, a.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3315", Severity: diag.Open,
	Title:   "backup of a store is not stated",
	Clauses: []string{"mdcg.cap.dtbk", "62443-4-2.cr-7.3", "sota.backup-restore"},
	Why:     "after ransomware, a broken disk or a wrong click, care goes on only if data and configuration can be restored; what needs no backup needs a reason",
	Fix:     "state under `backup:` how the content is saved and restored, or why it need not be",
	Bad: exampleSides + `
assets:
  as-config:
    title: Configuration
    type: data
    availability: high
stores:
  st-config: # want T3315
    title: Configuration
    component: co-gateway
    holds: [as-config]
`,
	Good: exampleSides + `
assets:
  as-config:
    title: Configuration
    type: data
    availability: high
stores:
  st-config:
    title: Configuration
    component: co-gateway
    holds: [as-config]
    backup: Exported encrypted by the administrator; restored from the same file.
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if a, _, ok := firstOf("holds", s.Holds, needsBackup); ok && s.Backup == "" {
				p.ReportAbsent(s, []string{"backup"}, "store %q keeps %s and does not state how it is backed up, or why not", s.ID, a.ID)
			}
		}
	},
})

// needsBackup reports whether losing the asset may matter; an unknown need may.
func needsBackup(a *model.Asset) bool { return a.Availability != "none" && a.Availability != "low" }
