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
