package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7412", Severity: diag.Warning,
	Title:   "result that is typed where evidence decides",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "a file that lists signers has its results from signed evidence; a word beside it counts for nothing and can only disagree",
	Fix:     "remove `result`, `date` and `release` from the verification; `theriac evidence list` shows how it came out",
	Bad: proven + `    result: passed # want T7412
-- evidence/lock.json (signed by test-lead) --
{}
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) {
		if !p.Proven() {
			return
		}
		for _, v := range p.File.Verifications {
			for _, field := range []string{"result", "date", "release"} {
				if model.Of(v).Has(field) {
					p.Report(v, field, "%s of verification %q is typed, and signed evidence decides", field, v.ID)
					break
				}
			}
		}
	},
})
