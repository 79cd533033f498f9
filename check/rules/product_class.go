package rules

import (
	"slices"
	"strconv"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T1001", Severity: diag.Error,
	Title:   "class of the other regulation",
	Clauses: []string{"mdr.annex-ii.1.1", "ivdr.annex-ii.1.1"},
	Why: "the two regulations have separate classes; which clauses apply, which body assesses and how often a report is due " +
		"all follow from the class",
	Fix: "use I, Is, Im, Ir, IIa, IIb or III under the MDR, and A, B, C or D under the IVDR",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: IIb # want T1001
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		if of := d.Class.Of(); d.Regulation != "" && of != "" && of != d.Regulation {
			p.Report(d, "class", "class %s is one of the %s, and the product is under the %s", d.Class, of, d.Regulation)
		}
	},
})

// Number of classification rules in Annex VIII of each regulation.
const (
	mdrRules  = 22
	ivdrRules = 7
)

var _ = add(check.Rule{
	Code: "T1002", Severity: diag.Error,
	Title:   "classification rule that the regulation does not have",
	Clauses: []string{"mdr.annex-ii.1.1", "ivdr.annex-ii.1.1"},
	Why: "the device description names the rule of Annex VIII that gave the class; a number taken from the other regulation " +
		"shows that the device was classified by the wrong text",
	Fix: "write the number of the rule, 1 to 22 under the MDR or 1 to 7 under the IVDR; the IVDR has no rule for software",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  rule: "11" # want T1002
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  rule: "3"
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		if d.Rule == "" || d.Regulation == "" {
			return
		}
		last := mdrRules
		if p.IVDR() {
			last = ivdrRules
		}
		if n, ok := ruleNumber(d.Rule); !ok || n < 1 || n > last {
			p.Report(d, "rule", "Annex VIII of the %s has no rule %q; its rules are 1 to %d", d.Regulation, d.Rule, last)
		}
	},
})

// ruleNumber reads a rule as people write it: 11, rule 11, 4(a).
func ruleNumber(s string) (int, bool) {
	s = strings.TrimSpace(strings.TrimPrefix(strings.ToLower(s), "rule"))
	digits := strings.TrimRight(s, "abcdefghijklm() ")
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

var _ = add(check.Rule{
	Code: "T1003", Severity: diag.Error,
	Title:   "classification rule cannot give the class",
	Clauses: []string{"mdr.annex-ii.1.1", "ivdr.annex-ii.1.1"},
	Why:     "class and rule stand side by side in the device description, and a reviewer compares them first",
	Fix:     "correct the class or the rule; where several rules apply, name the one that gives the highest class",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C # want T1003
  rule: "5"
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  rule: "3"
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		n, ok := ruleNumber(d.Rule)
		if !ok || d.Class.Of() != d.Regulation {
			return // reported by another rule
		}
		can := classesBy(p, n)
		if len(can) > 0 && !slices.Contains(can, string(d.Class)) {
			p.Report(d, "class", "rule %d of the %s gives class %s, and the product is of class %s", n, d.Regulation, either(can), d.Class).
				Relate(d, "rule", "rule named here")
		}
	},
})

// classesBy lists the classes that a rule of Annex VIII can give. Of the MDR
// the catalogue knows the rules on software; the others turn on properties that
// a security file does not hold, and nothing is said about them.
func classesBy(p *check.Pass, rule int) []string {
	table := p.Catalog.Tables.MDRRules
	if p.IVDR() {
		table = p.Catalog.Tables.IVDRRules
		// Rule 4 holds for self-tests; near-patient tests are classified in
		// their own right.
		if rule == 4 && p.File.Product.Facts.NearPatient != model.No {
			return nil
		}
	}
	for _, r := range table {
		if r.Rule == rule {
			return r.Classes
		}
	}
	return nil
}

// either lists words as alternatives.
func either[T ~string](words []T) string {
	var b strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			b.WriteString(" or ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(w))
	}
	return b.String()
}

var _ = add(check.Rule{
	Code: "T1004", Severity: diag.Warning,
	Title:   "rule for software, and the product is not software",
	Clauses: []string{"mdr.annex-viii.rule-11", "mdr.annex-viii.3.3"},
	Why: "rule 11 speaks of software; hardware is classified by another rule, and software that only drives it takes the class of " +
		"the hardware",
	Fix: "name the rule that classifies the device, or set `facts.is-software: true` if the software itself is the device",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  rule: "11" # want T1004
  facts:
    software: true
    is-software: false
`,
	Good: `
product:
  name: Example dose calculator
  regulation: MDR
  class: IIb
  rule: "11"
  facts:
    software: true
    is-software: true
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		if n, ok := ruleNumber(d.Rule); !ok || n != 11 || !p.MDR() {
			return
		}
		switch model.No {
		case d.Facts.Software:
			p.Report(d, "rule", "rule 11 is about software, and the product contains none").Relate(d, "facts.software", "stated here")
		case d.Facts.IsSoftware:
			p.Report(d, "rule", "rule 11 classifies software, and the product itself is not software").
				Relate(d, "facts.is-software", "stated here")
		}
	},
})
