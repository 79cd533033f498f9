package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3601", Severity: diag.Open,
	Title: "components are not described",
	Why:   "the system diagram and everything derived from it start with the parts: hardware, firmware, operating system, programs, third-party software, cloud",
	Fix:   "describe the parts under `components:`, each with its type and zone",
	Bad: `
zones:
  z-device:
    title: Inside the device
    trust: device
`,
	Good:      exampleSides,
	Questions: []string{"architecture.components"},
	Needs:     []string{"T3001", "T3002"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Components, "no component is described")
	},
})

// listed answers a question by all entities of a kind.
func listed[T model.Entity](list []T, missing string) check.Answer {
	return byList(entities(list), missing)
}

var _ = add(check.Rule{
	Code: "T3602", Severity: diag.Open,
	Title: "interfaces are not described",
	Why:   "every way to the device is an attack vector and an interface to its IT environment; reviewers ask for the whole list, radio, ports, media and service access included",
	Fix:   "describe each place where the device can be reached under `interfaces:`; what is fitted but switched off belongs there too",
	Bad:   exampleSides,
	Good: exampleSides + `
interfaces:
  if-hl7:
    title: HL7 results
    component: co-gateway
    medium: ethernet
    exposure: site
`,
	Questions: []string{"architecture.interfaces"},
	Needs:     []string{"T3202", "T3205", "T3211", "T3212", "T3213", "T3214"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Interfaces, "no interface is described")
	},
})

var _ = add(check.Rule{
	Code: "T3603", Severity: diag.Open,
	Title: "data flows are not described",
	Why:   "what moves from where to where shows which boundaries data cross and what protects them; operators get the same table as a matrix of data streams",
	Fix:   "describe under `flows:` what moves, from where to where, over which interfaces",
	Bad:   exampleSides,
	Good: exampleSides + `
flows:
  fl-results:
    title: Results
    from: co-gateway
    to: ac-ward
`,
	Questions: []string{"architecture.flows"},
	Needs:     []string{"T3106", "T3111", "T3112"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Flows, "no flow is described")
	},
})

var _ = add(check.Rule{
	Code: "T3604", Severity: diag.Open,
	Title: "zones and trust boundaries are not described",
	Why:   "where trust changes, controls have to stand; without zones and boundaries nobody can tell whether each crossing is guarded",
	Fix:   "describe `zones:`, put components and actors into them, and declare a boundary for each pair of zones between which data flow",
	Bad:   exampleSides,
	Good: exampleSides + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
`,
	Questions: []string{"architecture.boundaries"},
	Needs:     []string{"T3001", "T3002", "T3003", "T3101", "T3102", "T3105"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		if len(p.File.Zones) == 0 {
			return check.Answer{Missing: []string{"no zone is described"}}
		}
		return listed(p.File.Boundaries, "no trust boundary is described")
	},
})

var _ = add(check.Rule{
	Code: "T3605", Severity: diag.Open,
	Title: "assets are not described",
	Why:   "threats aim at something: data, functions and credentials; their needs for protection are where risk analysis and data protection start",
	Fix:   "describe under `assets:` what deserves protection, with its needs and what its loss touches",
	Bad:   exampleSides,
	Good: exampleSides + `
assets:
  as-results:
    title: Results
    type: data
`,
	Questions: []string{"architecture.assets"},
	Needs:     []string{"T3301", "T3302", "T3303", "T3305"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		return listed(p.File.Assets, "no asset is described")
	},
})

var _ = add(check.Rule{
	Code: "T3606", Severity: diag.Open,
	Title: "third-party software is not described",
	Why:   "hardly any device is without software of others; what is not listed is not watched for vulnerabilities",
	Fix:   "describe each item as a component of `type: soup`, standard libraries included",
	Bad:   exampleSides,
	Good: `
components:
  soup-tls:
    title: TLS library
    type: soup
`,
	Questions: []string{"architecture.soup"},
	Needs:     []string{"T3401", "T3402"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		soup := where(p.File.Components, func(c *model.Component) bool { return c.Type == "soup" })
		return byList(soup, "no component of type soup is described")
	},
})

var _ = add(check.Rule{
	Code: "T3607", Severity: diag.Open,
	Title: "layers of defence cannot be shown",
	Why:   "the guidance asks for defence in depth, so that the device does not depend on its surroundings; the layers are counted on each way from outside to what care depends on",
	Fix:   "describe the interfaces with what they accept, and the controls on them and at the boundaries",
	Bad:   exampleSides,
	Good: exampleLink + `
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
  ct-limits:
    title: Hard limits on every command
    priority: design
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    accepts: [as-dose]
    controls: [ct-tls, ct-limits]
`,
	Questions: []string{"architecture.defence-in-depth"},
	Needs:     []string{"T3207"},
	Ask: func(p *check.Pass, _ string) check.Answer {
		var a check.Answer
		seen := map[*model.Control]bool{}
		ways := waysIn(p.File)
		for _, way := range ways {
			for _, c := range way.layers {
				if !seen[c] {
					seen[c] = true
					a.By = append(a.By, c)
				}
			}
		}
		if len(ways) == 0 {
			// No peer outside can change what care depends on: nothing to layer.
			return elsewhere(listed(p.File.Interfaces, "no interface is described, so no layers can be counted"))
		}
		if len(a.By) == 0 {
			a.Missing = []string{"no control guards any way in from outside"}
		}
		return elsewhere(a) // T3207 speaks of each way in
	},
})
