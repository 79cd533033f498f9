package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6601", Severity: diag.Error,
	Title:   "risk plan or report that is another sort of document",
	Clauses: []string{"mdr.annex-i.3.a", "ivdr.annex-i.3.a", "mdr.annex-ii.5", "ivdr.annex-ii.5"},
	Why:     "a reviewer who opens the plan must find a plan; the documents would refer to the wrong one",
	Fix:     "refer to the risk management plan under `plan:` and to the risk management report under `report:`, or correct the type of the document",
	Bad: `
documents:
  doc-test-report:
    title: Verification report
    type: verification-report
policy:
  risk:
    plan: doc-test-report # want T6601
    report: doc-test-report # want T6601
`,
	Good: `
documents:
  doc-risk-plan:
    title: Risk management plan
    type: risk-plan
  doc-risk-report:
    title: Security risk management report
    type: security-risk-report
policy:
  risk:
    plan: doc-risk-plan
    report: doc-risk-report
`,
	Run: func(p *check.Pass) {
		if policy := p.File.Policy; policy != nil {
			ofType(p, policy, "risk.plan", policy.Risk.Plan, "risk-plan")
			ofType(p, policy, "risk.report", policy.Risk.Report, "security-risk-report", "safety-risk-file")
		}
	},
})

// ofType reports a reference to a document of a type that does not fit.
func ofType(p *check.Pass, e model.Entity, field string, doc model.Ref[*model.Document], types ...model.DocumentType) {
	if !doc.OK() || doc.To.Type == "" || slices.Contains(types, doc.To.Type) {
		return
	}
	wanted := make([]string, len(types))
	for i, t := range types {
		wanted[i] = string(t)
	}
	p.Report(e, field, "%s is document %q, of type %s, expected %s", field, doc.ID, doc.To.Type, strings.Join(wanted, " or ")).
		Relate(doc.To, "type", "type of the document")
}
