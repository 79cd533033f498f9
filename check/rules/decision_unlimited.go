package rules

import (
	"fmt"

	"theriac/check"
	"theriac/diag"
)

var _ = add(check.Rule{
	Code: "T8728", Severity: diag.Open,
	Title:   "vulnerabilities without a decision, and no time limit for it",
	Clauses: []string{"mdcg.3.8.i6", "62443-4-1.dm-2", "62443-4-1.dm-3", "81001-5-1.9.3", "81001-5-1.9.4"},
	Why: "a finding without a time limit is never late: nobody is reminded of it, and a reviewer asks by when the exposure of the " +
		"device is known",
	Fix:  "decide: theriac psirt decide; state limits under vulnerability-handling.time-limits (assess, by severity)",
	Bad:  recorded("", scanned+opensslMarked("T8728")),
	Good: recorded(assessLimits, scanned+opensslFound),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, s := range t.Scans {
			groups := byVulnerability(s.Verdicts)
			if len(groups) == 0 {
				continue
			}
			first := groups[0][0].Finding
			if limit, _ := assessLimit(p.File, first.Severity); !limit.IsZero() {
				continue
			}
			what := "1 vulnerability has no final decision"
			if n := len(groups); n > 1 {
				what = fmt.Sprintf("%d vulnerabilities have no final decision", n)
			}
			atRecord(p, t, s, first, "%s, and no time limit says until when", what)
		}
	},
})
