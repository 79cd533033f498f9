package rules

import (
	"theriac/check"
	"theriac/diag"
)

var _ = add(check.Rule{
	Code: "T7411", Severity: diag.Note,
	Title:   "file among the evidence that belongs to nothing",
	Clauses: []string{"mdr.annex-ii", "ivdr.annex-ii"},
	Why:     "a report that lies beside the evidence and is named by no statement looks like evidence to a reader and is none",
	Fix:     "make it evidence with `theriac evidence add`, or remove it; `theriac evidence gc` removes inputs that no statement names",
	Bad: proven + `-- evidence/lock.json (signed by test-lead) --
{}
-- evidence/lock.pdf --
report # want T7411
`,
	Good: proven + `-- evidence/lock.json (signed by test-lead) --
{}
`,
	Run: func(p *check.Pass) {
		store := p.Proof().Evidence
		for _, name := range store.Stray {
			p.ReportFile(name, "", "%s is neither a signed statement nor one of their inputs", name)
		}
		for _, name := range store.Unused {
			p.ReportFile(name, "", "input %s is named by no statement", name)
		}
		for _, name := range store.Stamps {
			p.ReportFile(name, "", "time stamp %s has no statement beside it", name)
		}
		for _, name := range p.Proof().Approvals.Stray {
			p.ReportFile(name, "", "%s is no approval", name)
		}
	},
})
