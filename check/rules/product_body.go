package rules

import (
	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
)

var _ = add(check.Rule{
	Code: "T1005", Severity: diag.Warning,
	Title:   "notified body for a class that needs none",
	Clauses: []string{"mdr.art.52"},
	Why: "the manufacturer of a class I device declares conformity alone unless the device is sterile, measures, or is a " +
		"reusable surgical instrument; a body on record suggests that the class is wrong",
	Fix: "correct the class (Is, Im, Ir where a body is involved), or remove `notified-body`",
	Bad: `
product:
  name: Example viewer
  regulation: MDR
  class: I
  notified-body:
    name: Example Notified Body # want T1005
    number: "0000"
`,
	Good: `
product:
  name: Example thermometer
  regulation: MDR
  class: Im
  notified-body:
    name: Example Notified Body
    number: "0000"
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		// Class A of the IVDR is left alone: sterile devices of that class
		// have a body (Art. 48(10)), and the class does not tell them apart.
		if d.Class == "I" && (d.NotifiedBody.Name != "" || d.NotifiedBody.Number != "") {
			p.Report(d, "notified-body", "class I needs no notified body, and one is named").Relate(d, "class", "class stated here")
		}
	},
})

var bodyNumber = lazyregexp.New(`^[0-9]{4}$`)

var _ = add(check.Rule{
	Code: "T1006", Severity: diag.Error,
	Title: "number of the notified body is not four digits",
	Why:   "the number stands beside the CE mark and in the certificate; with a digit missing it names another body or none",
	Fix:   "write the four-digit number in quotes, with leading zeros, for example \"0123\"",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  notified-body:
    name: Example Notified Body
    number: "123" # want T1006
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  notified-body:
    name: Example Notified Body
    number: "0123"
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		if n := d.NotifiedBody.Number; n != "" && !bodyNumber.MatchString(n) {
			p.Report(d, "notified-body.number", "%q is not the four-digit number of a notified body", n)
		}
	},
})

// needsBody tells whether the class of the product needs a notified body.
func needsBody(p *check.Pass) bool {
	return check.Facts{Product: p.File.Product}.Fact("notified-body") == catalog.True
}
