package rules

import (
	"fmt"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T0017", Severity: diag.Error,
	Title: "claim on a clause that the catalogue does not know",
	Why:   "a clause that does not exist answers nothing, and a reviewer who looks it up will doubt the rest",
	Fix:   "correct the id as the finding proposes, or remove it",
	Bad: `
documents:
  doc-threat-model:
    title: Threat model
    type: threat-model
    clauses: [mdcg.3.4.i2, mdr.anex-i.17.2] # want T0017
`,
	Good: `
documents:
  doc-threat-model:
    title: Threat model
    type: threat-model
    clauses: [mdcg.3.4.i2, mdr.annex-i.17.2]
`,
	Run: func(p *check.Pass) {
		p.File.All(func(e model.Entity) {
			for i, c := range model.Of(e).Clauses {
				if p.Catalog.Entry(c) == nil {
					f := p.Report(e, fmt.Sprintf("clauses.%d", i), "%s names clause %q, which is not in the catalogue", model.Label(e), c)
					proposeClause(f, p.Catalog, c)
				}
			}
		})
	},
})

// proposeClause names the entry that is clearly meant, if any.
func proposeClause(f *check.Finding, cat *catalog.Catalog, id string) {
	if s := cat.Nearest(id); s != "" {
		f.Fix("did you mean %q (%s)?", s, cat.Entry(s).Title)
	}
}
