package rules

import (
	"theriac/check"
	"theriac/diag"
)

var _ = add(check.Rule{
	Code: "T3316", Severity: diag.Error,
	Title:   "personal data or credentials that cannot be erased",
	Clauses: []string{"sota.decommissioning", "62443-4-2.cr-4.2", "mds2.sgud"},
	Why:     "devices are lent, sold, repaired and scrapped; whoever has the unit next has the data of the patients and the secrets of the operator",
	Fix:     "give the operator a way to remove them for good and describe it under `erasure:`; where none is needed, say why (content is gone at power-off, belongs to nobody)",
	Bad: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    erasure: none # want T3316
`,
	Good: exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    erasure: The key in the secure element is destroyed.
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if !bareNo.MatchString(s.Erasure) {
				continue
			}
			if a, path, ok := firstOf("holds", s.Holds, private); ok {
				p.Report(s, "erasure", "store %q keeps %s %s, which cannot be erased", s.ID, nature(a), a.ID).Relate(s, path, "kept here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3317", Severity: diag.Warning,
	Title:   "no backup, and no reason why none is needed",
	Clauses: []string{"mdcg.cap.dtbk", "62443-4-2.cr-7.3", "sota.backup-restore"},
	Why:     "a reviewer asks what happens to the content after ransomware or a broken disk; that it exists elsewhere or is made anew is an answer, `none` is not",
	Fix:     "say under `backup:` why none is needed, or how the content is saved and restored",
	Bad: exampleSides + `
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
    backup: none # want T3317
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
    backup: None; the configuration is pushed again by the management server at the first start.
`,
	Run: func(p *check.Pass) {
		for _, s := range p.File.Stores {
			if a, path, ok := firstOf("holds", s.Holds, needsBackup); ok && bareNo.MatchString(s.Backup) {
				p.Report(s, "backup", "store %q keeps %s, has no backup and gives no reason", s.ID, a.ID).Relate(s, path, "kept here")
			}
		}
	},
})
