package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3608", Severity: diag.Open,
	Title: "protection of data in transit cannot be shown",
	Why:   "confidentiality, integrity and authenticity on the way are judged flow by flow; without flows and what they carry there is nothing to judge",
	Fix:   "describe under `flows:` what moves over which interfaces, with the protection of either",
	Bad:   exampleLink,
	Good: exampleLink + `
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
    carries: [as-patient]
    encryption: tls-1.3
    authentication: mutual-tls
`,
	Questions: []string{"data.in-transit"},
	Needs:     []string{"T3002", "T3003", "T3107", "T3108", "T3109", "T3110", "T3112", "T3224", "T5001", "T5004", "T5005"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		sensitive := where(p.File.Flows, func(f *model.Flow) bool {
			_, _, ok := firstOf("carries", f.Carries, func(a *model.Asset) bool { return private(a) || a.Care() })
			return ok
		})
		if len(sensitive) == 0 {
			return elsewhere(listed(p.File.Flows, "no flow is described, so protection in transit cannot be shown"))
		}
		a := check.Answer{By: sensitive}
		if len(p.File.Zones) == 0 {
			a.Missing = []string{"no zone is described, so nothing shows which flows leave the device"}
		}
		return elsewhere(a) // the question for boundaries reports it
	},
})

var _ = add(check.Rule{
	Code: "T3609", Severity: diag.Open,
	Title: "protection of stored data cannot be shown",
	Why:   "what a lost, lent or opened device gives away depends on where data rest and how they are protected there",
	Fix:   "describe under `stores:` where data rest: disks, flash, databases, key stores, removable media, cloud",
	Bad:   exampleLink,
	Good:  exampleStore,

	Questions: []string{"data.at-rest"},
	Needs:     []string{"T3311", "T3312", "T3313", "T5001"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return stores(p, func(a *model.Asset) bool { return private(a) || a.Care() })
	},
})

const exampleStore = exampleLink + `
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-patient]
    encryption: aes-256-xts
    integrity: hmac-sha-256 per record
    retention: 90 days
    erasure: The key is destroyed.
    backup: None; the data are in the ward server.
`

// The question for data at rest reports that no store is described; the other
// two do not repeat it.

// stores answers by the stores that hold certain assets; where there are none,
// by all, since they show that nothing of the sort is kept.
func stores(p *check.Pass, of func(*model.Asset) bool) check.Answer {
	concerned := where(p.File.Stores, func(s *model.Store) bool {
		_, _, ok := firstOf("holds", s.Holds, of)
		return ok
	})
	if len(concerned) == 0 {
		return listed(p.File.Stores, "no store is described")
	}
	return check.Answer{By: concerned}
}

var _ = add(check.Rule{
	Code: "T3610", Severity: diag.Open,
	Title: "erasure of data cannot be shown",
	Why:   "personal data, credentials and settings must be removable for good before a unit changes hands; that is judged store by store",
	Fix:   "describe `stores:` with `retention:` and `erasure:`",
	Bad:   exampleLink,
	Good:  exampleStore,

	Questions: []string{"data.erasure"},
	Needs:     []string{"T3313", "T3314"},
	Ask:       func(p *check.Pass, _ string) check.Answer { return elsewhere(stores(p, private)) },
})

var _ = add(check.Rule{
	Code: "T3611", Severity: diag.Open,
	Title: "backup and restoration cannot be shown",
	Why:   "whether care can go on after loss of data or an attack depends on what can be restored; that is judged store by store",
	Fix:   "describe `stores:` with `backup:`",
	Bad:   exampleLink,
	Good:  exampleStore,

	Questions: []string{"data.backup"},
	Needs:     []string{"T3315"},
	Ask:       func(p *check.Pass, _ string) check.Answer { return elsewhere(stores(p, needsBackup)) },
})
