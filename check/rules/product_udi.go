package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var gtin = lazyregexp.New(`^[0-9]{14}$`)

var _ = add(check.Rule{
	Code: "T1007", Severity: diag.Error,
	Title:   "UDI-DI with a wrong check digit",
	Clauses: []string{"mdr.art.27", "ivdr.art.24"},
	Why:     "scanners refuse a number whose check digit does not fit, and a mistyped number identifies another product",
	Fix:     "copy the UDI-DI from the registration again",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  udi-di: "09521234543214" # want T1007
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  udi-di: "09521234543213"
`,
	Run: func(p *check.Pass) {
		judge := func(e model.Entity, udi string) {
			if gtin.MatchString(udi) && !checkDigit(udi) {
				p.Report(e, "udi-di", "the check digit of UDI-DI %q is wrong for a GTIN", udi)
			}
		}
		judge(p.File.Product, p.File.Product.UDIDI)
		for _, v := range p.File.Variants {
			judge(v, v.UDIDI)
		}
	},
})

// checkDigit reports whether the last digit of a GTIN fits the others (GS1
// General Specifications 7.9: weights 3 and 1 from the right).
func checkDigit(digits string) bool {
	sum := 0
	for i := range len(digits) {
		n := int(digits[i] - '0')
		if (len(digits)-i)%2 == 0 {
			n *= 3
		}
		sum += n
	}
	return sum%10 == 0
}
