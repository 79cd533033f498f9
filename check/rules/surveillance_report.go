package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// reporting is the report on post-market surveillance that a class needs.
type reporting struct {
	document model.DocumentType
	cycle    model.Duration // longest time between two; none where the law sets none
	clause   string
}

// reportingOf finds the report for the product's class in the catalogue (MDR
// Art. 85 and 86, IVDR Art. 80 and 81). A class of the other regulation has
// none.
func reportingOf(p *check.Pass) (r reporting, ok bool) {
	product := p.File.Product
	for _, row := range p.Catalog.Tables.PSURCycle {
		if row.Regulation != string(product.Regulation) || !slices.Contains(row.Classes, string(product.Class)) {
			continue
		}
		r = reporting{document: model.DocumentType(row.Document)}
		article, _, _ := strings.Cut(row.Clause, "(")
		r.clause = clauseID(strings.ToLower(row.Regulation), article)
		if row.Months > 0 {
			r.cycle = months(row.Months)
		}
		return r, true
	}
	return reporting{}, false
}

// months writes whole years as years, since that is how cycles are written and
// how they compare.
func months(n int) model.Duration {
	if n%12 == 0 {
		return model.MustDuration(fmt.Sprintf("%d years", n/12))
	}
	return model.MustDuration(fmt.Sprintf("%d months", n))
}

var _ = add(check.Rule{
	Code: "T9211", Severity: diag.Error,
	Title:   "safety update report later than the class allows",
	Clauses: []string{"mdr.art.86", "ivdr.art.81"},
	Why: "the periodic safety update report is updated at least every year for MDR classes IIb and III and for IVDR classes C and D, " +
		"and at least every two years for MDR class IIa",
	Fix: "set `cycle:` to at most the time for the class",
	Bad: `
post-market:
  cycle: 2 years # want T9211
`,
	Good: `
post-market:
  cycle: 1 year
`,
	Run: func(p *check.Pass) {
		m := p.File.PostMarket
		if m == nil {
			return
		}
		if r, ok := reportingOf(p); ok && !r.cycle.IsZero() && m.Cycle.Longer(r.cycle) {
			p.Report(m, "cycle", "safety update report every %s, and class %s needs one at least every %s", m.Cycle, p.File.Product.Class, r.cycle).
				Cite(r.clause).Relate(p.File.Product, "class", "class of the product")
		}
	},
})

var _ = add(check.Rule{
	Code: "T9212", Severity: diag.Error,
	Title:   "report that the class does not have",
	Clauses: []string{"mdr.art.85", "mdr.art.86", "ivdr.art.80", "ivdr.art.81"},
	Why: "MDR class I and IVDR classes A and B have a post-market surveillance report; the higher classes have a periodic safety " +
		"update report, with more content and a fixed cycle",
	Fix: "refer to a document of type `psur` for MDR IIa, IIb, III and IVDR C, D, and of type `pms-report` for MDR I and IVDR A, B",
	Bad: `
documents:
  doc-pms-report:
    title: Post-market surveillance report
    type: pms-report
post-market:
  report: doc-pms-report # want T9212
`,
	Good: `
documents:
  doc-psur:
    title: Periodic safety update report
    type: psur
post-market:
  report: doc-psur
`,
	Run: func(p *check.Pass) {
		m := p.File.PostMarket
		if m == nil || !m.Report.OK() || m.Report.To.Type == "" {
			return
		}
		if r, ok := reportingOf(p); ok && m.Report.To.Type != r.document {
			p.Report(m, "report", "report %q is of type %s, and class %s needs a %s", m.Report.ID, m.Report.To.Type, p.File.Product.Class, r.document).
				Cite(r.clause).Relate(m.Report.To, "type", "type of the document")
		}
	},
})

var _ = add(check.Rule{
	Code: "T9213", Severity: diag.Error,
	Title:   "surveillance plan that is another sort of document",
	Clauses: []string{"mdr.art.84", "ivdr.art.79"},
	Why:     "post-market surveillance rests on its plan; the documents would refer to something that is none",
	Fix:     "refer to the post-market surveillance plan, or correct the type of the document",
	Bad: `
documents:
  doc-risk-plan:
    title: Risk management plan
    type: risk-plan
post-market:
  plan: doc-risk-plan # want T9213
`,
	Good: `
documents:
  doc-pms-plan:
    title: Post-market surveillance plan
    type: pms-plan
post-market:
  plan: doc-pms-plan
`,
	Run: func(p *check.Pass) {
		if m := p.File.PostMarket; m != nil {
			ofType(p, m, "plan", m.Plan, "pms-plan")
		}
	},
})
