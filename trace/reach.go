package trace

import (
	"cmp"
	"slices"
)

// Reach lists what of a kind a node leads to along the chain, nearest first:
// downwards when the kind is nearer the end of the chain, else upwards. From a
// clause the way leads first to what answers it, and from there on in the same
// manner; a clause is reached from what answers it, and from all that stands
// above and below that.
func (g *Graph) Reach(from *Node, kind string) []*Node {
	if from.Kind == Clauses {
		return g.fromClause(from, kind)
	}
	if kind != Clauses {
		return ofKind(walk(from, slices.Index(order, kind) > slices.Index(order, from.Kind)), kind)
	}
	found := newCollection()
	for _, n := range slices.Concat([]*Node{from}, walk(from, true), walk(from, false)) {
		found.addEdges(n.Down, Clauses)
	}
	byID(found.list)
	return found.list
}

func (g *Graph) fromClause(clause *Node, kind string) []*Node {
	found := newCollection()
	for _, e := range clause.Up {
		switch {
		case e.To.Kind == kind:
			found.add(e.To)
		case kind != Clauses:
			for _, n := range g.Reach(e.To, kind) {
				found.add(n)
			}
		}
	}
	return found.list
}

// walk lists what a node leads to in one direction, breadth first and without
// the node itself. Clauses are not on the way: they end every branch.
func walk(from *Node, down bool) []*Node {
	seen := map[*Node]bool{from: true}
	queue := []*Node{from}
	for i := 0; i < len(queue); i++ {
		for _, e := range queue[i].edges(down) {
			if !e.Relation.Aside && e.To.Kind != Clauses && !seen[e.To] {
				seen[e.To] = true
				queue = append(queue, e.To)
			}
		}
	}
	return queue[1:]
}

func (n *Node) edges(down bool) []Edge {
	if down {
		return n.Down
	}
	return n.Up
}

// Path is the shortest way from a node to another one in one direction, with
// both ends; nil when there is none.
func Path(from, to *Node, down bool) []*Node {
	before := map[*Node]*Node{from: nil}
	queue := []*Node{from}
	for i := 0; i < len(queue) && queue[i] != to; i++ {
		for _, e := range queue[i].edges(down) {
			if _, seen := before[e.To]; !seen && !e.Relation.Aside {
				before[e.To] = queue[i]
				queue = append(queue, e.To)
			}
		}
	}
	if _, found := before[to]; !found {
		return nil
	}
	var path []*Node
	for n := to; n != nil; n = before[n] {
		path = append(path, n)
	}
	slices.Reverse(path)
	return path
}

// collection is a list without repetitions.
type collection struct {
	list []*Node
	seen map[*Node]bool
}

func newCollection() *collection { return &collection{seen: map[*Node]bool{}} }

func (c *collection) add(n *Node) {
	if !c.seen[n] {
		c.seen[n] = true
		c.list = append(c.list, n)
	}
}

func (c *collection) addEdges(edges []Edge, kind string) {
	for _, e := range edges {
		if e.To.Kind == kind {
			c.add(e.To)
		}
	}
}

func ofKind(nodes []*Node, kind string) []*Node {
	return slices.DeleteFunc(nodes, func(n *Node) bool { return n.Kind != kind })
}

func byID(nodes []*Node) {
	slices.SortFunc(nodes, func(a, b *Node) int { return cmp.Compare(a.ID, b.ID) })
}
