package trace

import "theriac/model"

// DerivedThreats is the kind of a node that is a threat which a pattern derives
// of an element.
const DerivedThreats = "derived threats"

var (
	derivedFrom = Relation{Kind: DerivedThreats, Field: "element", Says: "is derived from", Heard: "raises"}
	answeredBy  = Relation{Kind: DerivedThreats, Field: "patterns", Says: "is answered by", Heard: "answers", Onward: true}
)

// Derived is a node for a derived threat, between its element and the threats of
// the file that answer it. It is not part of the graph: nothing leads to it.
func (g *Graph) Derived(id string, element model.Element, by []*model.Threat) *Node {
	n := &Node{ID: id, Kind: DerivedThreats}
	n.Up = []Edge{g.edge(n, &derivedFrom, element)}
	for _, t := range by {
		n.Down = append(n.Down, g.edge(n, &answeredBy, t))
	}
	return n
}

func (g *Graph) edge(n *Node, r *Relation, to model.Entity) Edge {
	id := model.Of(to).ID
	return Edge{To: g.Node(id), Relation: r, Link: Link{Source: n.ID, Field: r.Field, Target: id}, Computed: true, says: true}
}
