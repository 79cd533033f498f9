package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3106", Severity: diag.Error,
	Title:   "flow over an interface that belongs to neither end",
	Clauses: []string{"ig-nb.2.2", "mdcg.secdoc.data-flow-matrix"},
	Why:     "the flow takes its protection from its interfaces; an interface that neither end offers or reaches lends it protection that it does not have",
	Fix:     "name an interface of one of the two ends, or add the end to the `peers:` of the interface",
	Bad: exampleSides + `  ac-workshop:
    title: Workshop laptop
    type: system
    zone: z-ward
interfaces:
  if-service:
    title: Service port
    component: co-gateway
    medium: usb
    exposure: physical
flows:
  fl-logs:
    title: Logs
    from: ac-ward
    to: ac-workshop
    over: [if-service] # want T3106
`,
	Good: exampleSides + `
interfaces:
  if-service:
    title: Service port
    component: co-gateway
    medium: usb
    exposure: physical
flows:
  fl-logs:
    title: Logs
    from: co-gateway
    to: ac-ward
    over: [if-service]
`,
	Run: func(p *check.Pass) {
		peers := map[reach]bool{}
		for _, i := range p.File.Interfaces {
			for peer := range model.Targets(i.Peers) {
				peers[reach{i, peer}] = true
			}
		}
		for _, f := range p.File.Flows {
			if !f.From.OK() || !f.To.OK() {
				continue
			}
			has := func(i *model.Interface, end model.Endpoint) bool { return peers[reach{i, end}] || offers(i, end) }
			i, path, found := firstOf("over", f.Over, func(i *model.Interface) bool {
				return i.Component.OK() && !flawed(p, i, "component", "peers") && !has(i, f.From.To) && !has(i, f.To.To)
			})
			if found {
				p.Report(f, path, "flow %q goes over interface %q, which neither %q nor %q offers or reaches", f.ID, i.ID, f.From.ID, f.To.ID).
					Relate(i, "component", "it is on %q", i.Component.ID)
			}
		}
	},
})

// reach is an interface with somebody at its other end.
type reach struct {
	to   *model.Interface
	from model.Endpoint
}

// offers reports whether an endpoint has the interface, itself or through its
// whole or a part.
func offers(i *model.Interface, end model.Endpoint) bool {
	c := model.HostOf(end)
	return c != nil && (c.Within(i.Component.To) || i.Component.To.Within(c))
}

var _ = add(check.Rule{
	Code: "T3111", Severity: diag.Error,
	Title:   "flow over an interface that is switched off",
	Clauses: []string{"ig-nb.2.2", "sota.least-functionality"},
	Why:     "one of the two is untrue: either data go through the interface, or it is off in the shipped device",
	Fix:     "correct the `state` of the interface, or the way that the flow takes",
	Bad: exampleSides + `
interfaces:
  if-radio:
    title: Bluetooth
    component: co-gateway
    medium: bluetooth
    exposure: local
    state: disabled
flows:
  fl-status:
    title: Status
    from: co-gateway
    to: ac-ward
    over: [if-radio] # want T3111
`,
	Good: exampleSides + `
interfaces:
  if-radio:
    title: Bluetooth
    component: co-gateway
    medium: bluetooth
    exposure: local
    state: enabled
flows:
  fl-status:
    title: Status
    from: co-gateway
    to: ac-ward
    over: [if-radio]
`,
	Run: func(p *check.Pass) {
		for _, f := range p.File.Flows {
			if i, path, ok := firstOf("over", f.Over, func(i *model.Interface) bool { return i.State == "disabled" }); ok {
				p.Report(f, path, "flow %q goes over interface %q, which is switched off", f.ID, i.ID).Relate(i, "state", "off here")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3112", Severity: diag.Open,
	Title:   "flow that carries nothing",
	Clauses: []string{"ig-nb.2.2", "mdcg.secdoc.data-flow-matrix"},
	Why:     "what moves decides what protection it needs; a flow without assets passes every check of protection by saying nothing",
	Fix:     "name the assets under `carries:`",
	Bad: exampleSides + `
flows:
  fl-status: # want T3112
    title: Status
    from: co-gateway
    to: ac-ward
`,
	Good: exampleLink + `
flows:
  fl-status:
    title: Status
    from: co-gateway
    to: ac-ward
    carries: [as-patient]
`,
	Run: func(p *check.Pass) {
		for _, f := range p.File.Flows {
			if len(f.Carries) == 0 {
				p.ReportAbsent(f, []string{"carries"}, "flow %q does not say what it carries", f.ID)
			}
		}
	},
})
