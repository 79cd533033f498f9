package rules

import (
	"slices"
	"strconv"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

func itoa(i int) string { return strconv.Itoa(i) }

var _ = add(check.Rule{
	Code: "T1011", Severity: diag.Warning,
	Title:   "data protection law judged not to apply although personal data are processed",
	Clauses: []string{"mdcg.1.4.i1"},
	Why: "the guidance tells manufacturers to know their duties under privacy law; even where the " +
		"GDPR binds the operator alone, the device has to let the operator comply, and a reviewer asks how",
	Fix: "set `applies: true` and say who is controller and who is processor, or correct `facts.personal-data`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    personal-data: true
  laws:
    - law: gdpr
      applies: false # want T1011
      why: The manufacturer does not see the data.
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  facts:
    personal-data: true
  laws:
    - law: gdpr
      applies: true
      basis: Art. 32
      why: The health institution is controller; the pump gives it the means to fulfil its duties.
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		for i, l := range d.Laws {
			if l.Law == "gdpr" && l.Applies == model.No && p.Fact("personal-data") {
				p.Report(d, "laws."+itoa(i)+".applies", "the GDPR is judged not to apply, and the product processes personal data").
					Relate(d, "facts.personal-data", "stated here")
			}
		}
	},
})

// Points of CRA Art. 2(2) that exempt the product, by regulation.
const (
	craMDR  = "2(2)(a)"
	craIVDR = "2(2)(b)"
)

var _ = add(check.Rule{
	Code: "T1012", Severity: diag.Error,
	Title:   "Cyber Resilience Act judged wrongly",
	Clauses: []string{"cra.art.2.2"},
	Why: "products under the MDR and the IVDR are outside the scope of the Cyber Resilience Act, each by a point of its own; a " +
		"wrong point, or a claim that the act applies, shows that the text was not read",
	Fix: "write `applies: false` with `basis: Art. 2(2)(a)` under the MDR or `basis: Art. 2(2)(b)` under the IVDR; parts sold by " +
		"themselves that are no device belong in a file of their own",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  laws:
    - law: cra
      applies: false
      basis: Art. 2(2)(a) # want T1012
      why: In vitro diagnostics are outside the scope.
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  laws:
    - law: cra
      applies: false
      basis: Art. 2(2)(b)
      why: In vitro diagnostics are outside the scope.
`,
	Run: func(p *check.Pass) {
		right, wrong := craMDR, craIVDR
		if p.IVDR() {
			right, wrong = wrong, right
		}
		d := p.File.Product
		for i, l := range d.Laws {
			basis := strings.ReplaceAll(l.Basis, " ", "")
			switch {
			case l.Law != "cra" || d.Regulation == "":
			case l.Applies == model.Yes:
				p.Report(d, "laws."+itoa(i)+".applies", "the Cyber Resilience Act is judged to apply, and products under the %s are outside its scope (Art. %s)", d.Regulation, right)
			case strings.Contains(basis, wrong) && !strings.Contains(basis, right):
				p.Report(d, "laws."+itoa(i)+".basis", "Art. %s of the Cyber Resilience Act is for the other regulation; a product under the %s is exempt by Art. %s", wrong, d.Regulation, right)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T1013", Severity: diag.Error,
	Title:   "IEC TR 60601-4-5 applied to an in vitro diagnostic device",
	Clauses: []string{"60601-4-5.not-ivd"},
	Why:     "the report says of itself that it is not for in vitro diagnostic devices; naming it as applied would be untrue",
	Fix:     "remove it from `standards`; IEC 81001-5-1 and IEC 62443-4-2 cover the subject for IVDs",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  standards: [iec-81001-5-1, iec-tr-60601-4-5] # want T1013
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  standards: [iec-81001-5-1, iec-62443-4-2]
`,
	Run: func(p *check.Pass) {
		if at := slices.Index(p.File.Product.Standards, "iec-tr-60601-4-5"); at >= 0 && p.IVDR() {
			p.Report(p.File.Product, "standards."+itoa(at), "IEC TR 60601-4-5 is not for in vitro diagnostic devices, and the product is under the IVDR")
		}
	},
})
