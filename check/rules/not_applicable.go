package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2011", Severity: diag.Error,
	Title: "clause declared not applicable is not in the catalogue",
	Why:   "the declaration takes nothing out of the coverage, and the clause that was meant stays open",
	Fix:   "correct the id as the finding proposes, or remove the entry",
	Bad: `
not-applicable:
  mdcg.cap.plock: # want T2011
    reason: The device is a web service; there are no parts that a visitor could open.
`,
	Good: `
not-applicable:
  mdcg.cap.plok:
    reason: The device is a web service; there are no parts that a visitor could open.
`,
	Run: func(p *check.Pass) {
		for _, n := range p.File.NotApplicable {
			if p.Catalog.Entry(n.ID) == nil {
				proposeClause(p.Report(n, "", "clause %q is declared not applicable, and is not in the catalogue", n.ID), p.Catalog, n.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2012", Severity: diag.Note,
	Title: "clause declared not applicable was outside already",
	Why:   "what follows from the product facts, or asks nothing, needs no reason; a long list of reasons hides the few that matter",
	Fix:   "remove the entry",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    mobile: false
not-applicable:
  mdr.annex-i.17.3: # want T2012
    reason: The pump has no software for phones or tablets.
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    mobile: false
`,
	Run: func(p *check.Pass) {
		if factsUnknown(p) {
			return
		}
		facts := check.Facts{Product: p.File.Product}
		for _, n := range p.File.NotApplicable {
			e := p.Catalog.Entry(n.ID)
			switch {
			case e == nil:
			case e.Condition().Eval(facts) == catalog.False:
				p.Report(n, "", "%s is outside already: it applies when %s; %s", n.ID, e.Condition(), strings.Join(e.Condition().Because(facts), ", "))
			case e.Role == catalog.Context:
				p.Report(n, "", "%s is outside already: it is there for orientation and asks nothing", n.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T2013", Severity: diag.Error,
	Title:   "clause that binds every device declared not applicable",
	Clauses: []string{"mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why: "the general requirements and the duties of each manufacturer carry no condition; a declaration that they do not apply is " +
		"the first thing that a reviewer strikes out",
	Fix: "remove the entry and answer the clause",
	Bad: `
not-applicable:
  mdr.annex-i.3: # want T2013
    reason: Security risks are treated by the IT department of the operator.
`,
	Good: `
not-applicable:
  mdcg.cap.plok:
    reason: The device is a web service; there are no parts that a visitor could open.
`,
	Run: func(p *check.Pass) {
		for _, n := range p.File.NotApplicable {
			if e := p.Catalog.Entry(n.ID); undeniable(p, e) {
				p.Report(n, "", "%s (%s) binds every device and cannot be declared not applicable", n.ID, e.Title).Cite(e.ID, "mdr.annex-ii.4", "ivdr.annex-ii.4")
			}
		}
	},
})

// undeniable tells whether an entry binds every device under the regulation of
// the product.
func undeniable(p *check.Pass, e *catalog.Entry) bool {
	return e != nil && e.BindsAll() && regulationOf(e.ID) == p.File.Product.Regulation
}

var _ = add(check.Rule{
	Code: "T2014", Severity: diag.Error,
	Title:   "clause declared not applicable is answered elsewhere in the file",
	Clauses: []string{"mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why:     "a clause cannot both not apply and be fulfilled; the documents would say the one in one place and the other elsewhere",
	Fix:     "remove the entry under `not-applicable:`, or the claim",
	Bad: `
controls:
  ct-seal:
    title: Sealed housing
    priority: protective
    capabilities: [plok]
not-applicable:
  mdcg.cap.plok: # want T2014
    reason: The device stands in a locked room of the operator.
`,
	Good: `
controls:
  ct-seal:
    title: Sealed housing
    priority: protective
    capabilities: [plok]
`,
	Run: func(p *check.Pass) {
		if len(p.File.NotApplicable) == 0 {
			return
		}
		claims := map[string]claim{}
		eachClaim(p, func(c claim) {
			if _, known := claims[c.entry.ID]; !known {
				claims[c.entry.ID] = c
			}
		})
		for _, n := range p.File.NotApplicable {
			by, field := answering(p, n.ID, claims)
			// Where the clause cannot be declared so at all, T2013 speaks.
			if by != nil && by != model.Entity(n) && !undeniable(p, p.Catalog.Entry(n.ID)) {
				p.Report(n, "", "%s is declared not applicable, and %s answers it", n.ID, model.Label(by)).Relate(by, field, "answered here")
			}
		}
	},
})

// answering returns an entity that answers an entry by its own word: by a
// claim, a capability, a feature or an item of a document.
func answering(p *check.Pass, id string, claims map[string]claim) (model.Entity, string) {
	if c, ok := claims[id]; ok {
		return c.by, c.field
	}
	if code, ok := strings.CutPrefix(id, "mdcg.cap."); ok {
		for _, c := range p.File.Controls {
			if slices.Contains(c.Capabilities, model.Capability(code)) {
				return c, "capabilities"
			}
		}
	}
	if name, ok := strings.CutPrefix(id, "sota.feature."); ok {
		for _, c := range p.File.Controls {
			if slices.Contains(c.Features, model.Feature(name)) {
				return c, "features"
			}
		}
	}
	for _, d := range p.File.Documents {
		if at := slices.Index(d.Items, id); at >= 0 {
			return d, "items." + itoa(at)
		}
	}
	return nil, ""
}

// A reason shorter than this names no property of the product.
const shortReason = 20

var _ = add(check.Rule{
	Code: "T2015", Severity: diag.Warning,
	Title:   "reason why a clause does not apply says too little",
	Clauses: []string{"mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why: "the technical documentation has to say for each requirement why it does not apply; the reason must rest on what the " +
		"product is or does",
	Fix: "say which property of the product takes the clause away",
	Bad: `
not-applicable:
  mdcg.cap.plok:
    reason: not needed # want T2015
`,
	Good: `
not-applicable:
  mdcg.cap.plok:
    reason: The device is a web service; there are no parts that a visitor could open.
`,
	Run: func(p *check.Pass) {
		for _, n := range p.File.NotApplicable {
			if r := strings.TrimSpace(n.Reason); r != "" && utf8.RuneCountInString(r) < shortReason {
				p.Report(n, "reason", "%q is no reason why %s does not apply", r, n.ID)
			}
		}
	},
})
