package rules

import (
	"fmt"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6135", Severity: diag.Warning,
	Title:   "threat of a risk that no control of the risk comes near",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdcg.3.2.i3", "ig-nb.3.3"},
	Why: "a control lowers a risk only where the threat passes; a low residual value that rests on controls elsewhere in the " +
		"device is a hope, and a reviewer who follows the threat to its target finds nothing there",
	Fix: "name a control that stands at a target of the threat, its component, zone or boundary, or on its way; say under `protects:` " +
		"of the control what it covers; or move the threat to the risk whose controls meet it",
	Bad: nearbyParts + `
threats:
  th-radio:
    title: Commands forged by radio
    category: spoofing
    targets: [if-radio]
risks:
  rk-commands:
    title: Forged commands
    threats: [th-radio] # want T6135
    controls: [ct-login]
    residual: {exploitability: low, severity: serious, rationale: Nobody gets in.}
    decision: reduce
`,
	Good: nearbyParts + `
threats:
  th-screen:
    title: Commands given by a stranger at the screen
    category: spoofing
    targets: [if-screen]
risks:
  rk-commands:
    title: Forged commands
    threats: [th-screen]
    controls: [ct-login]
    residual: {exploitability: low, severity: serious, rationale: Nobody gets in.}
    decision: reduce
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Controls, "protects") || flawedIn(p, p.File.Risks, "controls") || flawedIn(p, p.File.Threats, "targets") {
			return
		}
		for _, r := range p.File.Risks {
			cover := coverage(r)
			if cover == nil {
				continue
			}
			for i, ref := range r.Threats {
				if ref.OK() && len(ref.To.Targets) > 0 && !meets(cover, ref.To) {
					p.Report(r, fmt.Sprintf("threats.%d", i), "no control of risk %q stands at or near a target of threat %q", r.ID, ref.ID).
						Relate(ref.To, "targets", "the targets")
				}
			}
		}
	},
})

// nearbyParts are two ways into a device, of which one is guarded.
const nearbyParts = `
zones:
  z-device:
    title: Device
    trust: device
components:
  co-radio:
    title: Radio module
    type: hardware
    zone: z-device
  co-screen:
    title: Screen
    type: hardware
    zone: z-device
interfaces:
  if-radio:
    title: Radio
    component: co-radio
    medium: bluetooth
    exposure: local
  if-screen:
    title: Screen
    component: co-screen
    medium: screen
    exposure: physical
controls:
  ct-login:
    title: Login at the screen
    priority: design
    protects: [co-screen]
`

// coverage is what the controls of a risk protect; nil where that decides
// nothing: without controls, or with one that says not what it protects, or that
// acts through people and surroundings.
func coverage(r *model.Risk) map[model.Element]bool {
	cover := map[model.Element]bool{}
	for c := range model.Targets(r.Controls) {
		if len(c.Protects) == 0 || c.By == "manufacturer" || c.By == "environment" || c.By == "user" || c.Priority == "information" {
			return nil
		}
		for e := range model.Targets(c.Protects) {
			cover[e] = true
		}
		for _, b := range model.Users[*model.Boundary](c, "enforced-by") {
			cover[b] = true
		}
		for _, i := range model.Users[*model.Interface](c, "controls") {
			cover[i] = true
		}
	}
	if len(cover) == 0 {
		return nil
	}
	return cover
}

// meets reports whether something that is covered lies at or near a target.
func meets(cover map[model.Element]bool, t *model.Threat) bool {
	for target := range model.Targets(t.Targets) {
		near := false
		around(target, func(e model.Element) { near = near || cover[e] })
		if near {
			return true
		}
	}
	return false
}

// around visits an element and what stands around it: what it is part of and what
// is part of it, its interfaces and stores, the ends and the interfaces of its
// flows, its zone, and the boundaries of that.
func around(e model.Element, visit func(model.Element)) {
	hosts := []*model.Component{model.HostOf(e)}
	visit(e)
	switch e := e.(type) {
	case *model.Flow:
		hosts = ends(e, visit)
	case *model.Interface:
		for _, f := range model.Users[*model.Flow](e, "over") {
			visit(f)
			hosts = append(hosts, ends(f, visit)...)
		}
	case *model.Actor, *model.Component, *model.Store:
		for _, f := range model.Users[*model.Flow](e, "from", "to") {
			visit(f)
			hosts = append(hosts, ends(f, visit)...)
		}
		for _, i := range model.Users[*model.Interface](e, "peers") {
			visit(i)
			hosts = append(hosts, i.Component.To)
		}
	case *model.Role:
		for _, i := range model.Users[*model.Interface](e, "roles") {
			visit(i)
			hosts = append(hosts, i.Component.To)
		}
		for _, a := range model.Users[*model.Actor](e, "role") {
			visit(a)
		}
	case *model.Key:
		if e.HeldIn.OK() {
			hosts = append(hosts, model.HostOf(e.HeldIn.To))
			if s, ok := e.HeldIn.To.(*model.Store); ok {
				visit(s)
			}
		}
		hosts = append(hosts, e.HardwareIn.To)
	case *model.Boundary:
		for z := range model.Targets(e.Between) {
			visit(z)
		}
	}
	for _, h := range hosts {
		aroundHost(h, visit)
	}
	if z := model.ZoneOf(e); z != nil {
		aroundZone(z, visit)
	}
}

// ends visits the ends and the interfaces of a flow, and returns the components
// at its ends.
func ends(f *model.Flow, visit func(model.Element)) []*model.Component {
	var hosts []*model.Component
	for _, end := range []model.Ref[model.Endpoint]{f.From, f.To} {
		if end.OK() {
			hosts = append(hosts, model.HostOf(end.To))
			if e, ok := end.To.(model.Element); ok {
				visit(e)
			}
		}
	}
	for i := range model.Targets(f.Over) {
		visit(i)
		hosts = append(hosts, i.Component.To)
	}
	return hosts
}

func aroundHost(c *model.Component, visit func(model.Element)) {
	if c == nil {
		return
	}
	for w := range c.Whole() {
		visit(w)
	}
	for _, part := range model.Users[*model.Component](c, "part-of") {
		visit(part)
	}
	for _, i := range model.Users[*model.Interface](c, "component") {
		visit(i)
	}
	for _, s := range model.Users[*model.Store](c, "component") {
		visit(s)
	}
	for _, f := range model.Users[*model.Flow](c, "from", "to") {
		visit(f)
	}
	if z := c.InZone(); z != nil {
		aroundZone(z, visit)
	}
}

func aroundZone(z *model.Zone, visit func(model.Element)) {
	visit(z)
	for _, b := range model.Users[*model.Boundary](z, "between") {
		visit(b)
	}
}
