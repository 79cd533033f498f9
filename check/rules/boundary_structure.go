package rules

import (
	"slices"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3101", Severity: diag.Open,
	Title:   "flow crosses zones where no boundary is declared",
	Clauses: []string{"ig-nb.2.2", "62443-4-1.sd-1"},
	Why:     "where data pass from one degree of trust to another, something has to check them; without a boundary nobody has said what",
	Fix:     "declare a boundary `between:` the two zones with the controls that enforce it",
	Bad: exampleSides + `  ac-nurse:
    title: Nurse at the bedside
    type: person
    zone: z-bedside
boundaries:
  b-panel:
    title: Front panel
    between: [z-device, z-bedside]
flows:
  fl-orders:
    title: Orders
    from: ac-ward
    to: co-gateway # want T3101
  fl-results:
    title: Results, over the same missing boundary
    from: co-gateway
    to: ac-ward
`,
	Good: exampleSides + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
    enforced-by: [ct-firewall]
controls:
  ct-firewall:
    title: Packet filter
    priority: protective
flows:
  fl-orders:
    title: Orders
    from: ac-ward
    to: co-gateway
`,
	Run: func(p *check.Pass) {
		if len(p.File.Boundaries) == 0 {
			return // the question for boundaries speaks
		}
		declared, meant := p.File.BoundaryMap(), faultyBoundaries(p)
		reported := map[model.ZonePair]bool{}
		for _, f := range p.File.Flows {
			if !f.Crosses() {
				continue
			}
			from, to := f.Zones()
			if pair := model.PairOf(from, to); declared[pair] == nil && !reported[pair] && !meant.mayBe(pair) {
				reported[pair] = true
				p.Report(f, "to", "flow %q crosses from zone %q to zone %q, and no boundary stands between them", f.ID, from.ID, to.ID).
					Fix("declare a boundary `between: [%s, %s]` with the controls that enforce it", from.ID, to.ID)
			}
		}
	},
})

// faulty are boundaries that do not say between which two zones they stand, with
// the zones that they do name. They have findings of their own.
type faulty []map[*model.Zone]bool

func faultyBoundaries(p *check.Pass) faulty {
	var all faulty
	for _, b := range p.File.Boundaries {
		if _, ok := b.Zones(); ok {
			continue
		}
		named := map[*model.Zone]bool{}
		for z := range model.Targets(b.Between) {
			named[z] = true
		}
		all = append(all, named)
	}
	return all
}

// mayBe tells whether one of the boundaries may have been meant to stand between
// two zones: it names both, or one and none other.
func (f faulty) mayBe(pair model.ZonePair) bool {
	return slices.ContainsFunc(f, func(named map[*model.Zone]bool) bool {
		a, b := named[pair.A], named[pair.B]
		return a && b || len(named) == 0 || len(named) == 1 && (a || b)
	})
}

var _ = add(check.Rule{
	Code: "T3102", Severity: diag.Error,
	Title:   "boundary not between two different zones",
	Clauses: []string{"62443-4-1.sd-1"},
	Why:     "a trust boundary separates exactly two zones; flows are matched to it by the two",
	Fix:     "name two different zones under `between:`; write one boundary for each pair",
	Bad: exampleZones + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-device] # want T3102
`,
	Good: exampleZones + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
`,
	Run: func(p *check.Pass) {
		for _, b := range p.File.Boundaries {
			switch n := len(b.Between); {
			case n != 2:
				p.Report(b, "between", "boundary %q names %d zones, not two", b.ID, n)
			case b.Between[0].OK() && b.Between[0].To == b.Between[1].To:
				p.Report(b, "between", "boundary %q has zone %q on both sides", b.ID, b.Between[0].ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3103", Severity: diag.Warning,
	Title:   "boundary that no flow crosses",
	Clauses: []string{"ig-nb.2.2"},
	Why:     "either the boundary is a leftover, or the flows across it are missing from the model and with them their threats",
	Fix:     "add the flows that cross it, or remove the boundary",
	Bad: exampleSides + `
boundaries:
  b-ward: # want T3103
    title: Network side of the device
    between: [z-device, z-ward]
flows:
  fl-inside:
    title: Within the device
    from: co-gateway
    to: co-gateway
`,
	Good: exampleSides + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
flows:
  fl-orders:
    title: Orders
    from: ac-ward
    to: co-gateway
`,
	Run: func(p *check.Pass) {
		if len(p.File.Flows) == 0 || flawedIn(p, p.File.Flows, "from", "to") || flawedIn(p, p.File.Components, "zone", "part-of") || flawedIn(p, p.File.Actors, "zone") {
			return
		}
		crossed := map[model.ZonePair]bool{}
		for _, f := range p.File.Flows {
			if f.Crosses() {
				crossed[model.PairOf(f.Zones())] = true
			}
		}
		for _, b := range p.File.Boundaries {
			pair, ok := b.Zones()
			// What passes between two zones outside need not be in the model.
			if ok && !crossed[pair] && (pair.A.Trust == "device" || pair.B.Trust == "device") {
				p.Report(b, "", "no flow crosses boundary %q between %q and %q", b.ID, pair.A.ID, pair.B.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3104", Severity: diag.Warning,
	Title:   "two boundaries between the same zones",
	Clauses: []string{"62443-4-1.sd-1"},
	Why:     "a reader cannot tell which controls stand at which; only the first is used when flows are checked",
	Fix:     "join the two, or split the zone if there are truly two places to cross",
	Bad: exampleZones + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
  b-wire:
    title: The same, seen from the ward
    between: [z-ward, z-device] # want T3104
`,
	Good: exampleZones + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
`,
	Run: func(p *check.Pass) {
		first := p.File.BoundaryMap()
		for _, b := range p.File.Boundaries {
			if pair, ok := b.Zones(); ok && first[pair] != b {
				p.Report(b, "between", "boundary %q stands between the same zones as %q", b.ID, first[pair].ID).
					Relate(first[pair], "between", "the first one")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3105", Severity: diag.Open,
	Title:   "boundary that nothing enforces",
	Clauses: []string{"sota.segmentation", "62443-4-1.sd-1"},
	Why:     "a boundary is only a line until controls decide what may pass; a reviewer asks for them by name",
	Fix:     "name the controls that stand at the boundary under `enforced-by:`",
	Bad: exampleZones + `
boundaries:
  b-ward: # want T3105
    title: Network side of the device
    between: [z-device, z-ward]
`,
	Good: exampleZones + `
boundaries:
  b-ward:
    title: Network side of the device
    between: [z-device, z-ward]
    enforced-by: [ct-firewall]
controls:
  ct-firewall:
    title: Packet filter
    priority: protective
`,
	Run: func(p *check.Pass) {
		for _, b := range p.File.Boundaries {
			if len(b.EnforcedBy) == 0 {
				p.ReportAbsent(b, []string{"enforced-by"}, "no control enforces boundary %q", b.ID)
			}
		}
	},
})
