package rules

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2001", Severity: diag.Error,
	Title: "claim on a clause of the other regulation",
	Why: "the two regulations number their clauses differently, and the same number often means another subject; a claim copied from " +
		"one to the other proves nothing",
	Fix: "name the clause of the product's own regulation",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
processes:
  pr-management:
    title: Security management
    practice: security-management
    clauses: [mdr.annex-i.17.2] # want T2001
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
processes:
  pr-management:
    title: Security management
    practice: security-management
    clauses: [ivdr.annex-i.16.2]
`,
	Run: func(p *check.Pass) {
		eachClaim(p, func(c claim) {
			if !c.foreign || shared(c) {
				return
			}
			f := p.Report(c.by, c.field, "%s claims %s, and the product is under the %s", model.Label(c.by), c.entry.ID, p.File.Product.Regulation)
			if c.entry.Parallel != "" {
				f.Fix("write %q, its counterpart in the %s", c.entry.Parallel, p.File.Product.Regulation)
			} else {
				f.Fix("remove it: the %s has no counterpart to %s %s", p.File.Product.Regulation, regulationOf(c.entry.ID), c.entry.Clause)
			}
		})
	},
})

var _ = add(check.Rule{
	Code: "T2002", Severity: diag.Note,
	Title: "claim on an entry that asks nothing",
	Why:   "entries for orientation are in no summary; the claim does no harm, but it answers no clause",
	Fix:   "remove it, or name the clause that the entity answers",
	Bad: `
documents:
  doc-training:
    title: Training for operators
    type: training
    clauses: [mdcg.2.5.i8] # want T2002
`,
	Good: `
documents:
  doc-training:
    title: Training for operators
    type: training
    clauses: [mdr.annex-i.4.c]
`,
	Run: func(p *check.Pass) {
		eachClaim(p, func(c claim) {
			if c.foreign || c.entry.Role != catalog.Context {
				return
			}
			f := p.Report(c.by, c.field, "%s claims %s (%s), which is there for orientation", model.Label(c.by), c.entry.ID, c.entry.Title)
			meantByNumber(f, p.Catalog, c.entry)
		})
	},
})

var _ = add(check.Rule{
	Code: "T2003", Severity: diag.Warning,
	Title: "claim on a clause that does not apply to the product",
	Why:   "the clause is outside the coverage, so either the claim or a fact about the product is wrong",
	Fix:   "remove the claim, or correct the fact on which the clause depends",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    personal-data: false
controls:
  ct-erase:
    title: Removal of names before export
    priority: design
    clauses: [mdcg.cap.didt] # want T2003
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    personal-data: true
controls:
  ct-erase:
    title: Removal of names before export
    priority: design
    clauses: [mdcg.cap.didt]
`,
	Run: func(p *check.Pass) {
		if factsUnknown(p) {
			return
		}
		facts := check.Facts{Product: p.File.Product}
		eachClaim(p, func(c claim) {
			condition := c.entry.Condition()
			if c.foreign || c.entry.Role == catalog.Context || condition.Eval(facts) != catalog.False {
				return
			}
			f := p.Report(c.by, c.field, "%s claims %s, which applies when %s; %s", model.Label(c.by), c.entry.ID, condition,
				strings.Join(condition.Because(facts), ", "))
			meantByNumber(f, p.Catalog, c.entry)
		})
	},
})

// shared reports whether a claim on a clause of the other regulation is made on
// purpose: in a library, which serves products of both, or beside a claim on
// the counterpart.
func shared(c claim) bool {
	b := model.Of(c.by)
	return b.From() != "" || c.entry.Parallel != "" && slices.Contains(b.Clauses, c.entry.Parallel)
}

// claim is an entity's word that it answers an entry of the catalogue.
type claim struct {
	by      model.Entity
	field   string
	entry   *catalog.Entry
	foreign bool // the entry belongs to the other regulation
}

// eachClaim calls visit for each claim on a known entry.
func eachClaim(p *check.Pass, visit func(claim)) {
	own := p.File.Product.Regulation
	p.File.All(func(e model.Entity) {
		for i, id := range model.Of(e).Clauses {
			if entry := p.Catalog.Entry(id); entry != nil {
				of := regulationOf(id)
				visit(claim{e, "clauses." + itoa(i), entry, of != "" && own != "" && of != own})
			}
		}
	})
}

// regulationOf reports the regulation that an entry is a clause of, or "".
func regulationOf(id string) model.Regulation {
	switch {
	case strings.HasPrefix(id, "mdr."):
		return model.MDR
	case strings.HasPrefix(id, "ivdr."):
		return model.IVDR
	}
	return ""
}

// sameNumber returns the entry with the same clause number in the other
// regulation, or nil.
func sameNumber(cat *catalog.Catalog, id string) *catalog.Entry {
	if rest, ok := strings.CutPrefix(id, "mdr."); ok {
		return cat.Entry("ivdr." + rest)
	}
	if rest, ok := strings.CutPrefix(id, "ivdr."); ok {
		return cat.Entry("mdr." + rest)
	}
	return nil
}

// meantByNumber says which clause may have been meant, where the number seems
// to have been taken from the other regulation and means something else there.
func meantByNumber(f *check.Finding, cat *catalog.Catalog, e *catalog.Entry) {
	other := sameNumber(cat, e.ID)
	switch {
	case other == nil || other.Parallel == e.ID || other.Role == catalog.Context:
	case other.Parallel != "":
		f.Fix("in the %s this number means %q, whose counterpart here is %s", regulationOf(other.ID), other.Title, other.Parallel)
	default:
		f.Fix("in the %s this number means %q, which has no counterpart here", regulationOf(other.ID), other.Title)
	}
}

// factsUnknown reports whether something from which it follows which clauses apply
// has a finding about its form.
func factsUnknown(p *check.Pass) bool {
	return flawed(p, p.File.Product, "regulation", "class", "facts", "intended-users", "standards")
}
