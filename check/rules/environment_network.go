package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8008", Severity: diag.Open,
	Title:   "open port that no requirement on the network mentions",
	Clauses: []string{"mdcg.secdoc.firewall-rules", "mdcg.3.6.i3"},
	Why: "an operator who sets up the firewall must know each port on which the device listens; one that nobody mentions stays open " +
		"to everybody or is blocked",
	Fix: "name the interface under `interfaces` of an environment requirement of category firewall or network",
	Bad: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-orders:
    title: Orders from the ward server
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575 # want T8008
    direction: in
    exposure: site
  if-results:
    title: Results to the ward server
    component: co-gateway
    medium: ethernet
    exposure: site
environment:
  env-firewall:
    title: Firewall rules
    category: firewall
    interfaces: [if-results]
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-orders:
    title: Orders from the ward server
    component: co-gateway
    medium: ethernet
    transport: tcp
    port: 2575
    direction: in
    exposure: site
environment:
  env-firewall:
    title: Firewall rules
    category: firewall
    interfaces: [if-orders]
`,
	Run: func(p *check.Pass) {
		if !slices.ContainsFunc(p.File.Environment, aboutNetwork) {
			return // environment.network asks for them
		}
		if flawedIn(p, p.File.Environment, "interfaces", "category") {
			return
		}
		for _, i := range p.File.Interfaces {
			if listensOnSite(i) && !slices.ContainsFunc(model.Users[*model.EnvironmentRequirement](i, "interfaces"), aboutNetwork) {
				p.Report(i, "port", "interface %q listens on port %s, and no requirement on firewall or network names it", i.ID, portOf(i))
			}
		}
	},
})

// portOf is the port as firewall rules name it, for example tcp/2575.
func portOf(i *model.Interface) string {
	if i.Transport == "" {
		return itoa(i.Port)
	}
	return string(i.Transport) + "/" + itoa(i.Port)
}

// listensOnSite reports whether peers on the operator's network can connect to
// a port of the device. Cellular links and interfaces of cloud parts do not
// pass the operator's firewall.
func listensOnSite(i *model.Interface) bool {
	reachable := i.Exposure == "site" || i.Exposure == "internet"
	passes := i.Medium == "ethernet" || i.Medium == "wifi"
	return reachable && passes && i.Port > 0 && i.State != "disabled" && (i.Direction == "in" || i.Direction == "both")
}

func aboutNetwork(e *model.EnvironmentRequirement) bool {
	return e.Category == "firewall" || e.Category == "network"
}

var _ = add(check.Rule{
	Code: "T8009", Severity: diag.Open,
	Title:   "firewall requirement without interfaces",
	Clauses: []string{"mdcg.secdoc.firewall-rules"},
	Why:     "firewall rules are ports, directions and partners; without the interfaces the operator cannot write them",
	Fix:     "name the interfaces that the rules are about under `interfaces`",
	Bad: `
environment:
  env-firewall: # want T8009
    title: Firewall rules
    category: firewall
    text: A firewall protects the device.
`,
	Good: `
components:
  co-gateway:
    title: Gateway
    type: application
interfaces:
  if-orders:
    title: Orders from the ward server
    component: co-gateway
    medium: ethernet
    exposure: site
environment:
  env-firewall:
    title: Firewall rules
    category: firewall
    text: A firewall admits the ward server alone.
    interfaces: [if-orders]
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			if e.Category == "firewall" && len(e.Interfaces) == 0 {
				p.ReportAbsent(e, []string{"interfaces"}, "firewall requirement %q names no interfaces", e.ID)
			}
		}
	},
})
