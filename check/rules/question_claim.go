package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2316", Severity: diag.Open,
	Title: "clause that only a process or document can answer, and none does",
	Why: "some duties leave no trace in the architecture: that an electronic manual follows its rules, that a build server is protected, " +
		"which measure of the guidance's list is asked of the operator; here the file says which process, document, control or " +
		"environment requirement answers them",
	Fix: "add the clause under `clauses:` of the entity that fulfils it, or say under `not-applicable:` why it does not apply",
	Bad: `
processes:
  pr-implementation:
    title: Secure implementation
    practice: secure-implementation
`,
	Good: `
processes:
  pr-implementation:
    title: Secure implementation
    practice: secure-implementation
    clauses: [mdr.annex-i.23.1.f]
`,
	Questions: []string{check.ClaimQuestion},
	// Whether a clause is claimed is judged clause by clause in package check;
	// here the claims are gathered.
	Ask: func(p *check.Pass, _ string) check.Answer {
		var a check.Answer
		p.File.All(func(e model.Entity) {
			if len(model.Of(e).Clauses) > 0 {
				a.By = append(a.By, e)
			}
		})
		if len(a.By) == 0 {
			a.Missing = []string{"no entity names a clause under `clauses:`"}
		}
		return a
	},
})
