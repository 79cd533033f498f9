package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8004", Severity: diag.Warning,
	Title:   "essential function left to the surroundings without a reason",
	Clauses: []string{"mdcg.3.6.i7", "mdcg.3.6.i9"},
	Why: "the guidance wants the device as self-reliant as possible; where it does rely on the surroundings for an important control, " +
		"the technical documentation has to say why",
	Fix: "write under `rationale` why the device cannot or should not do it itself, or add a control of the device",
	Bad: `
environment:
  env-segment:
    title: Separate network
    category: network
    essential: true # want T8004
`,
	Good: `
environment:
  env-segment:
    title: Separate network
    category: network
    essential: true
    rationale: The analysers in the field speak a protocol without encryption, which a gateway of the laboratory wraps.
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			if e.Essential == model.Yes && e.Rationale == "" && !flawed(p, e, "rationale") {
				p.Report(e, "essential", "environment requirement %q carries an essential function, and no reason is given", e.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8005", Severity: diag.Warning,
	Title:   "risk lowered by the surroundings alone",
	Clauses: []string{"mdcg.2.3.i3", "mdcg.3.6.i9"},
	Why: "measures in the surroundings do not make up for missing controls of the device unless that is well justified; defence in " +
		"depth asks for a layer in the device itself",
	Fix: "add a control of the device, or say under `justification` of the control, or `rationale` of the environment requirement, why " +
		"the surroundings must carry the risk",
	Bad: `
threats:
  th-lan:
    title: Flood of packets
    category: denial-of-service
controls:
  ct-firewall:
    title: Firewall of the hospital
    priority: protective
    by: environment
risks:
  ri-lan:
    title: Loss of the network link
    threats: [th-lan]
    controls: [ct-firewall] # want T8005
`,
	Good: `
threats:
  th-lan:
    title: Flood of packets
    category: denial-of-service
controls:
  ct-firewall:
    title: Firewall of the hospital
    priority: protective
    by: environment
  ct-rate-limit:
    title: Limit on the rate of packets
    priority: design
    by: device
risks:
  ri-lan:
    title: Loss of the network link
    threats: [th-lan]
    controls: [ct-firewall, ct-rate-limit]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if c := reliedOn(r); c != nil {
				p.Report(r, "controls", "risk %q is lowered only from outside the device, among others by %q", r.ID, c.ID).
					Relate(c, "by", "provided here")
			}
		}
	},
})

// reliedOn returns a control of the surroundings that lowers a risk without a
// control of device or manufacturer beside it and without a reason, or nil.
// Information from the manufacturer is no such control.
func reliedOn(r *model.Risk) *model.Control {
	var outside *model.Control
	for c := range model.Targets(r.Controls) {
		switch {
		case c.Priority == "information" && c.By != "environment" && c.By != "user":
			continue // telling somebody is no layer of the device
		case c.By != "environment" && c.By != "user":
			return nil
		case c.Justification != "" || argued(c):
			return nil
		}
		outside = c
	}
	return outside
}

// argued reports whether an environment requirement of the control says why
// the device does not do it itself.
func argued(c *model.Control) bool {
	for e := range model.Targets(c.Environment) {
		if e.Rationale != "" {
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T8006", Severity: diag.Open,
	Title:   "control of the surroundings that nobody is required to provide",
	Clauses: []string{"mdcg.3.6.i1", "mdcg.3.6.i3"},
	Why:     "a risk counts on something outside the device, and nothing makes it a requirement that the operator is told",
	Fix:     "add an entry under `environment:` and name it under `environment` of the control",
	Bad: `
controls:
  ct-firewall:
    title: Firewall of the hospital
    priority: protective
    by: environment # want T8006
`,
	Good: `
environment:
  env-firewall:
    title: Firewall rules
    category: firewall
controls:
  ct-firewall:
    title: Firewall of the hospital
    priority: protective
    by: environment
    environment: [env-firewall]
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Controls {
			if c.By == "environment" && len(c.Environment) == 0 && !flawed(p, c, "environment") {
				p.Report(c, "by", "control %q is provided by the surroundings, and no environment requirement asks for it", c.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8007", Severity: diag.Error,
	Title:   "requirement on the surroundings addressed to the manufacturer",
	Clauses: []string{"mdcg.3.6.i1"},
	Why: "requirements on the surroundings are what the design of the product could not provide; what the manufacturer does is a " +
		"control or a process, and telling the operator about it as a duty misleads",
	Fix: "address it to operator, integrator or user, or make it a control `by: manufacturer`",
	Bad: `
environment:
  env-updates:
    title: Updates of the operating system
    category: third-party-software
    responsible: manufacturer # want T8007
`,
	Good: `
environment:
  env-updates:
    title: Updates of the workstation
    category: third-party-software
    responsible: operator
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			if e.Responsible == "manufacturer" {
				p.Report(e, "responsible", "environment requirement %q is addressed to the manufacturer", e.ID)
			}
		}
	},
})
