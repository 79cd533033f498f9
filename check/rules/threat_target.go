package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6004", Severity: diag.Open,
	Title:   "threat that aims at nothing or endangers nothing",
	Clauses: []string{"mdcg.3.4.i2", "ig-nb.3.3"},
	Why: "threat modelling finds attack vectors and assets; a threat without its target cannot be followed into the " +
		"architecture, and without an asset or a hazardous situation nobody can say what it would cost",
	Fix: "name the interfaces, flows, components or roles under `targets:`, and what is lost under `assets:` or `leads-to:`",
	Bad: `
threats:
  th-forged-order: # want T6004
    title: Forged order
    category: spoofing
`,
	Good: `
components:
  gateway:
    title: Communication module
    type: hardware
interfaces:
  if-hl7:
    title: HL7 orders
    component: gateway
    medium: ethernet
    exposure: site
assets:
  order:
    title: Order
    type: data
    integrity: high
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    targets: [if-hl7]
    assets: [order]
`,
	Run: func(p *check.Pass) {
		for _, t := range p.File.Threats {
			if lacks := aimless(p, t); len(lacks) > 0 && t.NotApplicable == "" {
				p.Report(t, "", "threat %q names %s", t.ID, strings.Join(lacks, " and "))
			}
		}
	},
})

func aimless(p *check.Pass, t *model.Threat) []string {
	var lacks []string
	if len(t.Targets) == 0 && !flawed(p, t, "targets") {
		lacks = append(lacks, "no target")
	}
	if len(t.Assets) == 0 && len(t.LeadsTo) == 0 && !flawed(p, t, "assets", "leads-to") {
		lacks = append(lacks, "neither an asset nor a hazardous situation")
	}
	return lacks
}

var _ = add(check.Rule{
	Code: "T6005", Severity: diag.Open,
	Title:   "external interface that no threat aims at",
	Clauses: []string{"mdcg.3.4.i2", "ig-nb.3.2", "ig-nb.3.3"},
	Why: "a threat model counts as complete when each way into the device has been looked at; an interface without a single " +
		"threat was forgotten, or nobody wrote down why it is harmless",
	Fix: "describe what could happen through the interface as a threat with the interface, or a flow over it, under `targets:`; " +
		"a threat that cannot come true is set aside with a reason under `not-applicable:`",
	Bad: `
components:
  gateway:
    title: Communication module
    type: hardware
interfaces:
  if-hl7:
    title: HL7 results
    component: gateway
    medium: ethernet
    exposure: site
  if-service: # want T6005
    title: Service port
    component: gateway
    medium: usb
    exposure: physical
threats:
  th-sniffing:
    title: Results read on the network
    category: disclosure
    targets: [if-hl7]
`,
	Good: `
components:
  gateway:
    title: Communication module
    type: hardware
actors:
  lis:
    title: Laboratory information system
    type: system
interfaces:
  if-hl7:
    title: HL7 results
    component: gateway
    medium: ethernet
    exposure: site
  if-bus:
    title: Bus to the motor board
    component: gateway
    medium: internal
    exposure: internal
flows:
  fl-results:
    title: Results to the laboratory
    from: gateway
    to: lis
    over: [if-hl7]
threats:
  th-sniffing:
    title: Results read on the network
    category: disclosure
    targets: [fl-results]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Threats) == 0 || flawedIn(p, p.File.Threats, "targets") || flawedIn(p, p.File.Flows, "over") {
			return
		}
		aimed := aimedAt(p.File)
		for _, i := range p.File.Interfaces {
			if external(i) && !aimed[i] {
				p.Report(i, "", "no threat aims at interface %q (%s) or at a flow over it", i.ID, i.Exposure)
			}
		}
	},
})

// external tells whether somebody outside the device can reach the interface.
func external(i *model.Interface) bool { return i.Exposure != "internal" && i.State != "disabled" }

// aimedAt is the set of elements that threats aim at. Who aims at a flow aims
// at the interfaces that it uses.
func aimedAt(f *model.File) map[model.Element]bool {
	aimed := map[model.Element]bool{}
	for _, t := range f.Threats {
		for e := range model.Targets(t.Targets) {
			aimed[e] = true
			if flow, ok := e.(*model.Flow); ok && len(flow.Over) > 0 {
				for i := range model.Targets(flow.Over) {
					aimed[i] = true
				}
			}
		}
	}
	return aimed
}

var _ = add(check.Rule{
	Code: "T6006", Severity: diag.Warning,
	Title:   "asset with high need that no threat endangers",
	Clauses: []string{"mdcg.3.4.i2", "ig-nb.3.3"},
	Why: "an asset whose loss can harm people is what an attacker or an accident must be kept away from; without a threat " +
		"against it the model has a hole, or the need is set too high",
	Fix: "name the asset under `assets:` of the threats that endanger it, or correct its need",
	Bad: `
assets:
  rate:
    title: Infusion rate
    type: data
    integrity: high # want T6006
  order:
    title: Order
    type: data
    integrity: high
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    assets: [order]
`,
	Good: `
assets:
  rate:
    title: Infusion rate
    type: data
    integrity: high
  theme:
    title: Colours of the screen
    type: data
    integrity: low
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
    assets: [rate]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Threats) == 0 || flawedIn(p, p.File.Threats, "assets") {
			return
		}
		for _, a := range p.File.Assets {
			if need := highNeed(a); need != "" && len(model.Users[*model.Threat](a, "assets")) == 0 {
				p.Report(a, need, "no threat endangers asset %q, whose need for %s is high", a.ID, need)
			}
		}
	},
})

// highNeed names the first property of which the asset has a high need.
func highNeed(a *model.Asset) string {
	switch {
	case a.Integrity == "high":
		return "integrity"
	case a.Availability == "high":
		return "availability"
	case a.Confidentiality == "high":
		return "confidentiality"
	}
	return ""
}
