package attack

import (
	"math/bits"

	"theriac/model"
)

// stand is how an attacker stands to an entity.
type stand uint8

const (
	holds   stand = iota // can act with it
	feeds                // can only put values into it; components fed by a sensor or by power
	reaches              // stands before it, outside
)

// node is an entity and how an attacker stands to it.
type node struct {
	entity model.Entity
	stand  stand
}

// edge is a step that an attacker can take.
type edge struct {
	from, to  int32
	how       verb
	via       []model.Entity
	obstacles []Obstacle
	content   bool // carries software or other content that arrives signed
}

// graph is the architecture as attackers see it. Nodes and edges are in an order
// that follows from the file alone.
type graph struct {
	nodes    []node
	edges    []edge
	index    map[node]int32
	outgoing [][]int32 // edges by node
	controls []*model.Control
	entries  []*Entry
	targets  []*Target
}

func (g *graph) node(e model.Entity, s stand) int32 {
	key := node{e, s}
	if n, ok := g.index[key]; ok {
		return n
	}
	n := int32(len(g.nodes))
	g.nodes = append(g.nodes, key)
	g.index[key] = n
	return n
}

func (g *graph) known(e model.Entity, s stand) (int32, bool) {
	n, ok := g.index[node{e, s}]
	return n, ok
}

// finish sorts edges by where they start and numbers the controls on them.
func (g *graph) finish(controls []*model.Control) {
	g.outgoing = make([][]int32, len(g.nodes))
	standing := map[*model.Control]bool{}
	for i, e := range g.edges {
		g.outgoing[e.from] = append(g.outgoing[e.from], int32(i))
		for _, o := range e.obstacles {
			if o.Control != nil {
				standing[o.Control] = true
			}
		}
	}
	bit := map[*model.Control]int{}
	for _, c := range controls {
		if standing[c] {
			bit[c] = len(g.controls)
			g.controls = append(g.controls, c)
		}
	}
	for _, e := range g.edges {
		for j, o := range e.obstacles {
			e.obstacles[j].bit = bit[o.Control]
		}
	}
}

// words is how many words a set of controls takes.
func (g *graph) words() int { return (len(g.controls) + 63) / 64 }

// view is the graph with the effort of each edge. There are two: as it stands,
// and for content that is tampered with and yet rightly signed.
type view struct {
	words   int
	weight  []int32
	mask    []uint64 // controls on each edge
	bare    []bool   // edges without a control
	widest  int32    // greatest weight
	genuine bool
}

func (g *graph) view(genuine bool) *view {
	v := &view{words: g.words(), genuine: genuine, weight: make([]int32, len(g.edges)), bare: make([]bool, len(g.edges))}
	v.mask = make([]uint64, len(g.edges)*v.words)
	for i := range g.edges {
		list := v.obstacles(&g.edges[i])
		v.weight[i], v.bare[i] = int32(effortOf(list)), true
		for _, o := range list {
			if o.Control != nil {
				v.bare[i] = false
				v.of(i)[o.bit/64] |= 1 << (o.bit % 64)
			}
		}
		v.widest = max(v.widest, v.weight[i])
	}
	return v
}

// of is the set of controls on an edge.
func (v *view) of(edge int) []uint64 { return v.mask[edge*v.words : (edge+1)*v.words] }

// obstacles are those that stand in this view.
func (v *view) obstacles(e *edge) []Obstacle {
	if !v.genuine || !e.content {
		return e.obstacles
	}
	var list []Obstacle
	for _, o := range e.obstacles {
		if !o.genuine {
			list = append(list, o)
		}
	}
	return list
}

// single is the only member of a set.
func single(set []uint64) (bit int, ok bool) {
	n := 0
	for w, word := range set {
		if word != 0 {
			n += bits.OnesCount64(word)
			bit = w*64 + bits.TrailingZeros64(word)
		}
	}
	return bit, n == 1
}

// each calls visit for each member of a set.
func each(set []uint64, visit func(bit int)) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			visit(w*64 + bits.TrailingZeros64(word))
		}
	}
}
