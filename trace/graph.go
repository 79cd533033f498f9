package trace

import (
	"maps"
	"slices"

	"theriac/model"
)

// Answers names, by clause, the entities that a check found to answer it.
type Answers map[string][]string

// Node is one thing on the chain.
type Node struct {
	ID     string
	Kind   string       // name of the entity's kind, Clauses or Code
	Entity model.Entity // nil for a clause and a code reference
	Up     []Edge       // towards the start of the chain
	Down   []Edge       // towards its end
}

// Edge is a link as seen from one of its ends.
type Edge struct {
	To       *Node
	Relation *Relation
	Link     Link // as it is stated
	Computed bool // a check found it; nobody stated it
	says     bool // seen from the entity that states it
}

// Words are how the edge is read from its node to the other one.
func (e Edge) Words() string {
	if e.says {
		return e.Relation.Says
	}
	return e.Relation.Heard
}

// Graph is the chain of one security file.
type Graph struct {
	File    *model.File
	nodes   []*Node
	named   map[string]*Node // entities
	clauses map[string]*Node
	code    map[string]*Node
}

// Build makes the graph of a file. Without answers it holds only what entities
// say themselves about clauses.
func Build(file *model.File, answers Answers) *Graph {
	g := &Graph{File: file, named: map[string]*Node{}, clauses: map[string]*Node{}, code: map[string]*Node{}}
	file.All(func(e model.Entity) {
		if _, ok := e.(*model.NotApplicable); ok {
			return // its id is that of a clause; it links nothing
		}
		b := model.Of(e)
		n := &Node{ID: b.ID, Kind: b.Kind().Name, Entity: e}
		g.nodes, g.named[b.ID] = append(g.nodes, n), n
	})
	for _, n := range slices.Clone(g.nodes) {
		g.stated(n)
	}
	g.computed(answers)
	return g
}

// stated adds the links that an entity states.
func (g *Graph) stated(n *Node) {
	Links(n.Entity, func(l Link, _ model.Entity, _ string) {
		if to := g.named[l.Target]; to != nil {
			g.link(n, to, relationOf[place{n.Kind, l.Field}], l, false)
		}
	})
	for _, ref := range once(CodeOf(n.Entity)) {
		g.link(n, g.outside(g.code, Code, ref), &coded, Link{n.ID, "code", ref}, false)
	}
	if d, ok := n.Entity.(*model.Document); ok {
		for _, id := range once(d.Items) {
			g.link(n, g.outside(g.clauses, Clauses, id), &contains, Link{n.ID, "items", id}, false)
		}
	}
	for _, id := range once(model.Of(n.Entity).Clauses) {
		g.link(n, g.outside(g.clauses, Clauses, id), &claims, Link{n.ID, "clauses", id}, false)
	}
}

// computed adds what a check found to answer a clause, where no entity says so
// itself.
func (g *Graph) computed(answers Answers) {
	for _, clause := range slices.Sorted(maps.Keys(answers)) {
		to := g.outside(g.clauses, Clauses, clause)
		known := map[*Node]bool{}
		for _, e := range to.Up {
			known[e.To] = true
		}
		for _, id := range answers[clause] {
			if n := g.named[id]; n != nil && !known[n] {
				known[n] = true
				g.link(n, to, &counts, Link{id, "", clause}, true)
			}
		}
	}
}

// outside is the node of something that is no entity.
func (g *Graph) outside(index map[string]*Node, kind, id string) *Node {
	if n := index[id]; n != nil {
		return n
	}
	n := &Node{ID: id, Kind: kind}
	g.nodes, index[id] = append(g.nodes, n), n
	return n
}

func (g *Graph) link(from, to *Node, r *Relation, l Link, computed bool) {
	there, back := Edge{to, r, l, computed, true}, Edge{from, r, l, computed, false}
	if r.Onward {
		from.Down, to.Up = append(from.Down, there), append(to.Up, back)
	} else {
		from.Up, to.Down = append(from.Up, there), append(to.Down, back)
	}
}

// Node finds an entity, else a clause, else a code reference.
func (g *Graph) Node(id string) *Node {
	for _, index := range []map[string]*Node{g.named, g.clauses, g.code} {
		if n := index[id]; n != nil {
			return n
		}
	}
	return nil
}

// Nodes lists the nodes of a kind: entities as they stand in the file, clauses
// and code references by their text.
func (g *Graph) Nodes(kind string) []*Node {
	var found []*Node
	for _, n := range g.nodes {
		if n.Kind == kind {
			found = append(found, n)
		}
	}
	if kind == Clauses || kind == Code {
		byID(found)
	}
	return found
}

// CodeOf lists the code references of an entity.
func CodeOf(e model.Entity) []string {
	switch e := e.(type) {
	case *model.Requirement:
		return e.Code
	case *model.Verification:
		return e.Code
	}
	return nil
}

// once drops repetitions and what is empty.
func once(list []string) []string {
	var kept []string
	for _, s := range list {
		if s != "" && !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}
