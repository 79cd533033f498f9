package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7121", Severity: diag.Open,
	Title:   "parser reachable from outside that is not fuzz tested",
	Clauses: []string{"mdcg.3.7.i3", "sota.fuzzing", "62443-4-1.svv-3", "81001-5-1.5.7.3"},
	Why: "code that takes formats from outside apart is where most weaknesses that can be exploited sit; malformed and random " +
		"input is the test method named for it",
	Fix: "name the component, or the interface whose input it parses, under `covers:` of a fuzz test",
	Bad: `
components:
  gateway:
    title: Communication module
    type: hardware
  parser:
    title: HL7 parser
    type: application
    part-of: gateway
    parses: [hl7-v2] # want T7121
  images:
    title: Image reader
    type: soup
    part-of: gateway
    parses: [png]
interfaces:
  if-hl7:
    title: HL7 orders
    component: gateway
    medium: ethernet
    exposure: site
verifications:
  vf-fuzz:
    title: Fuzz test of images
    method: fuzz-test
    covers: [images]
`,
	Good: gates + `
verifications:
  vf-fuzz:
    title: Fuzz test of HL7 orders
    method: fuzz-test
    covers: [if-hl7]
`,
	Run: func(p *check.Pass) {
		covered := coveredBy(p.File, "fuzz-test")
		if covered == nil {
			return // the question verification.fuzz says so
		}
		if scopeUnknown(p, "fuzz-test") {
			return
		}
		w := waysOf(p.File, covered)
		for _, c := range p.File.Components {
			if len(c.Parses) == 0 || covered[c] {
				continue
			}
			if in := w.into(c); in.first != nil && !in.covered {
				p.Report(c, "parses", "no fuzz test covers component %q, which parses %s from outside (%s)",
					c.ID, strings.Join(c.Parses, ", "), model.Label(in.first)).
					Relate(in.first, "", "way in from outside")
			}
		}
	},
})

// ways knows the external interfaces and flows through which input comes into
// components: their own, and those of the components that contain them.
type ways struct {
	known map[*model.Component]*way
}

// way is the first way into a component and whether any way is covered.
type way struct {
	first   model.Element
	covered bool
	whole   bool // those of the containing component are included
}

func waysOf(f *model.File, covered map[model.Element]bool) ways {
	w := ways{map[*model.Component]*way{}}
	for _, i := range f.Interfaces {
		if i.Component.OK() && external(i) {
			w.add(i.Component.To, i, covered[i])
		}
	}
	for _, flow := range f.Flows {
		if c, ok := flow.To.To.(*model.Component); ok && fromOutside(flow) {
			w.add(c, flow, covered[flow])
		}
	}
	return w
}

func (w ways) add(c *model.Component, e model.Element, covered bool) {
	at := w.known[c]
	if at == nil {
		at = &way{first: e}
		w.known[c] = at
	}
	at.covered = at.covered || covered
}

// into returns the ways into a component. A component that contains itself ends
// the walk.
func (w ways) into(c *model.Component) way {
	at := w.known[c]
	if at == nil {
		at = &way{}
		w.known[c] = at
	}
	if !at.whole {
		at.whole = true
		if c.PartOf.OK() {
			outer := w.into(c.PartOf.To)
			at.covered = at.covered || outer.covered
			if at.first == nil {
				at.first = outer.first
			}
		}
	}
	return *at
}

// fromOutside tells whether a flow comes from an actor or over an external
// interface.
func fromOutside(flow *model.Flow) bool {
	if _, actor := flow.From.To.(*model.Actor); actor {
		return true
	}
	for i := range model.Targets(flow.Over) {
		if external(i) {
			return true
		}
	}
	return false
}
