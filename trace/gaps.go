package trace

import (
	"fmt"
	"slices"

	"theriac/model"
)

// Gap is a place where the chain breaks off.
type Gap struct {
	Entity  model.Entity
	Missing string // what should come next, as a short statement
}

// gapFor says what the chain lacks behind an entity, or "".
var gapFor = map[string]func(n *Node) string{
	"assets":        assetGap,
	"threats":       threatGap,
	"hazards":       hazardGap,
	"risks":         riskGap,
	"controls":      controlGap,
	"environment":   environmentGap,
	"requirements":  requirementGap,
	"verifications": verificationGap,
}

// Gaps lists where the chain breaks off, in the order of the chain.
func (g *Graph) Gaps() []Gap {
	var gaps []Gap
	for _, kind := range order {
		look := gapFor[kind]
		if look == nil {
			continue
		}
		for _, n := range g.Nodes(kind) {
			if missing := look(n); missing != "" {
				gaps = append(gaps, Gap{n.Entity, missing})
			}
		}
	}
	return gaps
}

// has reports whether a node is linked to one of a kind, in either direction,
// by a relation that is followed.
func (n *Node) has(kind string) bool {
	linked := func(e Edge) bool { return e.To.Kind == kind && !e.Relation.Aside }
	return slices.ContainsFunc(n.Down, linked) || slices.ContainsFunc(n.Up, linked)
}

func assetGap(n *Node) string {
	a := n.Entity.(*model.Asset)
	needs := slices.ContainsFunc([]model.Need{a.Confidentiality, a.Integrity, a.Availability}, func(need model.Need) bool {
		return need != "" && need != "none"
	})
	if needs && !n.has("threats") {
		return "no threat endangers it, although it needs protection"
	}
	return ""
}

func threatGap(n *Node) string {
	if n.Entity.(*model.Threat).NotApplicable == "" && !n.has("risks") {
		return "no risk treats it, and nothing says why none is needed"
	}
	return ""
}

func hazardGap(n *Node) string {
	if !n.has("situations") {
		return "no hazardous situation arises from it"
	}
	return ""
}

func riskGap(n *Node) string {
	switch r := n.Entity.(*model.Risk); {
	case r.Decision == "reduce" && !n.has("controls"):
		return "no control lowers it, although the decision is to reduce it"
	case r.Decision == "":
		return "nothing says what is done about it"
	}
	return ""
}

// controlGap asks of what the surroundings or users provide that they are told,
// and of all else that a requirement makes it concrete.
func controlGap(n *Node) string {
	switch c := n.Entity.(*model.Control); {
	case c.By == "environment" || c.By == "user":
		if !n.has("environment") && !n.has("requirements") {
			return fmt.Sprintf("no environment requirement asks the %s for it", c.By)
		}
	case !n.has("requirements"):
		return "no requirement makes it concrete"
	}
	return ""
}

func environmentGap(n *Node) string {
	if !n.has("documents") {
		return "no document tells the operator"
	}
	return ""
}

func requirementGap(n *Node) string {
	if !n.has("verifications") {
		return "no verification shows that it is met"
	}
	return ""
}

func verificationGap(n *Node) string {
	if !n.has("requirements") && len(n.Entity.(*model.Verification).Covers) == 0 {
		return "it verifies no requirement and covers nothing"
	}
	return ""
}

// linkable are the kinds that are of no use by themselves.
var linkable = []string{
	"zones", "boundaries", "components", "stores", "actors", "interfaces", "flows", "roles", "permissions", "keys",
	"hazards", "assets", "threats", "situations", "risks", "harms", "controls", "environment", "requirements",
	"verifications", "releases", "documents",
}

// Orphans lists the entities that nothing names and that lead nowhere on the
// chain, in the order of the chain. One that says which clause it answers is
// none, and neither is a document that a check found to answer one: documents
// exist for that, while a check counts every component. A waiver about an
// entity, or a variant that leaves it out, is no use of it.
func (g *Graph) Orphans() []model.Entity {
	var orphans []model.Entity
	for _, kind := range order {
		if !slices.Contains(linkable, kind) {
			continue
		}
		for _, n := range g.Nodes(kind) {
			if g.alone(n) {
				orphans = append(orphans, n.Entity)
			}
		}
	}
	return orphans
}

func (g *Graph) alone(n *Node) bool {
	counts := func(e Edge) bool { return e.To.Kind != "waivers" && (!e.Computed || n.Kind == "documents") }
	if slices.ContainsFunc(n.Up, counts) || slices.ContainsFunc(n.Down, counts) {
		return false
	}
	return !slices.ContainsFunc(model.Users[model.Entity](n.Entity), func(by model.Entity) bool {
		kind := model.Of(by).Kind().Name
		return kind != "waivers" && kind != "variants"
	})
}
