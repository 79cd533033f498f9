package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3001", Severity: diag.Error,
	Title:   "component that is part of itself",
	Clauses: []string{"ig-nb.2.1"},
	Why:     "nothing can contain itself; zone, controls and vulnerabilities of the parts cannot be derived from a circle",
	Fix:     "remove `part-of` from the outermost component of the circle",
	Bad: `
components:
  os-base:
    title: Operating system
    type: operating-system
    part-of: soup-kernel # want T3001
  soup-kernel:
    title: Kernel
    type: soup
    part-of: os-base
`,
	Good: `
components:
  os-base:
    title: Operating system
    type: operating-system
  soup-kernel:
    title: Kernel
    type: soup
    part-of: os-base
`,
	Run: func(p *check.Pass) {
		walk := map[*model.Component]int{}
		for n, c := range p.File.Components {
			w := c
			for w != nil && walk[w] == 0 {
				walk[w] = n + 1
				w = w.PartOf.To
			}
			if w != nil && walk[w] == n+1 {
				f := p.Report(w, "part-of", "component %q is part of itself by way of %q", w.ID, w.PartOf.ID)
				if w.PartOf.To != w {
					f.Relate(w.PartOf.To, "part-of", "and this is part of %q again in the end", w.ID)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3002", Severity: diag.Open,
	Title:   "component without a zone",
	Clauses: []string{"ig-nb.2.2", "62443-4-1.sd-1"},
	Why:     "a trust boundary can only be drawn around what has a place; flows to and from this component are not checked against any boundary",
	Fix:     "state `zone:`, or `part-of:` a component that has one",
	Bad: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
  svc-print: # want T3002
    title: Print service
    type: service
`,
	Good: exampleZones + `
components:
  co-gateway:
    title: Communication board
    type: hardware
    zone: z-device
  svc-print:
    title: Print service
    type: service
    part-of: co-gateway
`,
	Run: func(p *check.Pass) {
		if len(p.File.Zones) == 0 {
			return
		}
		for _, c := range p.File.Components {
			if c.PartOf.ID == "" && c.Zone.ID == "" {
				p.ReportAbsent(c, []string{"zone", "part-of"}, "component %q is in no zone", c.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3003", Severity: diag.Open,
	Title:   "actor without a zone",
	Clauses: []string{"ig-nb.2.2", "62443-4-1.sd-1"},
	Why:     "from where somebody deals with the device decides what stands in between; without a zone no boundary is checked",
	Fix:     "state `zone:`, for example the ward, the workshop or the internet",
	Bad: exampleZones + `
actors:
  ac-nurse: # want T3003
    title: Nurse
    type: person
`,
	Good: exampleZones + `
actors:
  ac-nurse:
    title: Nurse
    type: person
    zone: z-ward
`,
	Run: func(p *check.Pass) {
		if len(p.File.Zones) == 0 {
			return
		}
		for _, a := range p.File.Actors {
			if a.Zone.ID == "" {
				p.ReportAbsent(a, []string{"zone"}, "actor %q is in no zone", a.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3004", Severity: diag.Warning,
	Title:   "safety-relevant component in a public zone",
	Clauses: []string{"mdcg.2.3.i3", "sota.segmentation"},
	Why:     "what therapy, results or alarms depend on should not stand where anybody can reach it; the guidance asks for a design in layers",
	Fix:     "move the safety-relevant part into a zone of the device, or split it so that the public part cannot touch care",
	Bad: `
zones:
  z-net:
    title: Internet
    trust: public
components:
  app-bolus:
    title: Bolus remote control
    type: mobile
    zone: z-net # want T3004
    safety: true
`,
	Good: `
zones:
  z-net:
    title: Internet
    trust: public
components:
  app-view:
    title: Viewer for the history
    type: mobile
    zone: z-net
    safety: false
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if z := c.InZone(); c.Safety == model.Yes && z != nil && z.Trust == "public" {
				field := "safety"
				if c.Zone.ID != "" {
					field = "zone"
				}
				p.Report(c, field, "component %q takes part in care and stands in the public zone %q", c.ID, z.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3005", Severity: diag.Warning,
	Title:   "privileged program parses input from a network",
	Clauses: []string{"sota.process-privileges", "60601-4-5.4.4"},
	Why:     "an error in a parser hands the rights of its program to the attacker; here they are administrative, and no control confines them",
	Fix:     "let the parser run with rights of its own, or name the control that confines the program (`protects:` the component)",
	Bad: exampleZones + `
components:
  svc-hl7:
    title: HL7 service
    type: service
    zone: z-device
    privileged: true # want T3005
    parses: [hl7-v2]
interfaces:
  if-hl7:
    title: HL7 orders
    component: svc-hl7
    medium: ethernet
    exposure: site
`,
	Good: exampleZones + `
components:
  svc-hl7:
    title: HL7 service
    type: service
    zone: z-device
    privileged: false
    parses: [hl7-v2]
interfaces:
  if-hl7:
    title: HL7 orders
    component: svc-hl7
    medium: ethernet
    exposure: site
`,
	Run: func(p *check.Pass) {
		reached := map[*model.Component]*model.Interface{}
		for _, i := range p.File.Interfaces {
			if c := i.Component.To; c != nil && i.Used() && i.Exposure.Remote() && reached[c] == nil {
				reached[c] = i
			}
		}
		for _, c := range p.File.Components {
			i := reached[c]
			program := c.Type == "application" || c.Type == "service"
			if i == nil || !program || c.Privileged != model.Yes || len(c.Parses) == 0 || len(model.Users[*model.Control](c, "protects")) > 0 {
				continue
			}
			p.Report(c, "privileged", "component %q parses %s from outside with administrative rights", c.ID, c.Parses[0]).
				Relate(i, "exposure", "reached through this interface")
		}
	},
})
