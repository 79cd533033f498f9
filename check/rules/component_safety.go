package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3009", Severity: diag.Warning,
	Title:   "component said to have no part in care takes in what care depends on",
	Clauses: []string{"mdcg.2.2.i1"},
	Why: "a peer can change therapy, a result or an alarm through it; called harmless, it is left out where risks to patients are " +
		"looked for",
	Fix: "state `safety: true`, or correct `accepts:`; where the component only passes signed content on, state `authentication: signed-content`",
	Bad: exampleZones + exampleAssets + `
components:
  co-gateway:
    title: Communication board
    type: application
    zone: z-device
    safety: false # want T3009
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    accepts: [as-dose]
`,
	Good: exampleZones + exampleAssets + `
components:
  co-gateway:
    title: Communication board
    type: application
    zone: z-device
    safety: true
interfaces:
  if-orders:
    title: Orders
    component: co-gateway
    medium: ethernet
    exposure: site
    accepts: [as-dose]
`,
	Run: func(p *check.Pass) {
		reported := map[*model.Component]bool{}
		for _, i := range p.File.Interfaces {
			c := i.Component.To
			if !i.Component.OK() || c.Safety != model.No || !i.Used() || i.Authentication == "signed-content" || reported[c] {
				continue
			}
			if a, path, ok := firstOf("accepts", i.Accepts, (*model.Asset).Care); ok {
				reported[c] = true
				p.Report(c, "safety", "component %q is said to have no part in care, and its interface %q accepts %s", c.ID, i.ID, a.ID).
					Relate(i, path, "accepted here")
			}
		}
	},
})
