package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T1016", Severity: diag.Warning,
	Title: "judgement on the AI Act does not fit the product",
	Why:   "whether the act applies turns on machine learning in the product, and the file answers that in two ways; a reviewer asks which of them was judged",
	Fix:   "correct `applies:` or `facts.ai`; where the two do fit, correct the fact and say in `why:` what decides",
	Bad: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  facts:
    ai: true
  laws:
    - law: ai-act
      applies: false # want T1016
      why: Results are computed by a fixed procedure.
`,
	Good: `
product:
  name: Example analyser
  regulation: IVDR
  class: C
  facts:
    ai: true
  laws:
    - law: ai-act
      applies: true
      basis: Art. 6(1)
      why: The classifier of the curves is trained on data, and the class needs a notified body.
`,
	Run: func(p *check.Pass) {
		d := p.File.Product
		for i, l := range d.Laws {
			switch field := indexed("laws", i) + ".applies"; {
			case l.Law != "ai-act":
			case l.Applies == model.Yes && d.Facts.AI == model.No:
				p.Report(d, field, "the AI Act is judged to apply, and the product uses no machine learning").Relate(d, "facts.ai", "stated here")
			case l.Applies == model.No && d.Facts.AI == model.Yes:
				p.Report(d, field, "the AI Act is judged not to apply, and the product uses machine learning").Relate(d, "facts.ai", "stated here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T1017", Severity: diag.Warning,
	Title: "Radio Equipment Directive judged not to apply to a device with a radio",
	Why:   "the directive holds for medical devices that send or receive by radio as well, beside the regulation; the declaration of conformity would be incomplete",
	Fix:   "set `applies: true` and say how its essential requirements are met, or correct the interface; a radio that is not fitted is `state: disabled`",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  laws:
    - law: red
      applies: false # want T1017
      why: The pump is a medical device.
` + exampleSides + `
interfaces:
  if-wifi:
    title: Ward wireless network
    component: co-gateway
    medium: wifi
    exposure: local
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  laws:
    - law: red
      applies: true
      why: The radio module makes the pump radio equipment.
` + exampleSides + `
interfaces:
  if-wifi:
    title: Ward wireless network
    component: co-gateway
    medium: wifi
    exposure: local
`,
	Run: func(p *check.Pass) {
		radio := radioOf(p.File)
		if radio == nil {
			return
		}
		d := p.File.Product
		for i, l := range d.Laws {
			if l.Law == "red" && l.Applies == model.No {
				p.Report(d, indexed("laws", i)+".applies", "the Radio Equipment Directive is judged not to apply, and interface %q is a radio", radio.ID).
					Relate(radio, "medium", "%s", radio.Medium)
			}
		}
	},
})

// radioOf returns the first radio inside the device, or nil.
func radioOf(f *model.File) *model.Interface {
	for _, i := range f.Interfaces {
		if i.Medium.Wireless() && i.Used() && model.OnDevice(i) {
			return i
		}
	}
	return nil
}
