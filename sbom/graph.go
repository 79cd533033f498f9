package sbom

import (
	"cmp"
	"slices"
	"strings"
)

// nodeKind says what a reference stands for.
type nodeKind uint8

const (
	isUnknown   nodeKind = iota // only mentioned
	isComponent                 // a component, a service or the subject
	isOther                     // a file, a person, a licence ...
)

// graph holds which component depends on which, by number of the reference.
type graph struct {
	ids   map[string]int32
	nodes []node
	edges []edge
	over  int  // edges beyond the limit
	full  bool // not every reference could be noted
}

type node struct {
	ref    string
	line   int
	kind   nodeKind
	listed bool // what it depends on is said, even if that is nothing
}

type edge struct {
	from, to int32
	line     int32
}

func (g *graph) id(ref string) int32 {
	if n, ok := g.ids[ref]; ok {
		return n
	}
	if g.ids == nil {
		g.ids = map[string]int32{}
	}
	n := int32(len(g.nodes))
	g.ids[ref] = n
	g.nodes = append(g.nodes, node{ref: ref})
	return n
}

// room reports whether a reference is known or can be noted.
func (r *reading) room(ref string) bool {
	g := &r.graph
	if len(g.nodes) < r.limits.Components+r.limits.Dependencies {
		return true
	}
	_, known := g.ids[ref]
	g.full = g.full || !known
	return known
}

// define gives a reference its meaning; it returns the line where it has one, or -1.
func (g *graph) define(ref string, line int, kind nodeKind) int {
	n := &g.nodes[g.id(ref)]
	if n.kind != isUnknown {
		return n.line
	}
	n.kind, n.line = kind, line
	return -1
}

func (g *graph) kind(ref string) nodeKind {
	if n, ok := g.ids[ref]; ok {
		return g.nodes[n].kind
	}
	return isUnknown
}

func (g *graph) knows(ref string) bool { return g.kind(ref) != isUnknown }

// depends notes that one component depends on another.
func (r *reading) depends(from, to string, line int) {
	if from == "" || to == "" {
		return
	}
	if len(r.graph.edges) >= r.limits.Dependencies || !r.room(from) || !r.room(to) {
		r.graph.over++
		return
	}
	r.graph.edges = append(r.graph.edges, edge{r.graph.id(from), r.graph.id(to), int32(min(line, 1<<31-1))})
}

// listed notes that the file says what a component depends on.
func (r *reading) listed(from string, line int) {
	if from == "" || !r.room(from) {
		return
	}
	n := &r.graph.nodes[r.graph.id(from)]
	if n.listed {
		r.problem(line, "the dependencies of %q stand twice; both count", from)
	}
	n.listed = true
}

// resolve makes BOM.Depends of the edges, and names those that lead nowhere and those
// that lead in a circle.
func (r *reading) resolve() {
	g := &r.graph
	if g.over > 0 {
		r.lost(0, "the file has more than %d dependencies; %d were not read", r.limits.Dependencies, g.over)
	}
	sound := g.edges[:0]
	for _, e := range g.edges {
		e.from, e.to = r.meant(e.from, e.line), r.meant(e.to, e.line)
		if from, to := g.nodes[e.from].kind, g.nodes[e.to].kind; from == isComponent && to == isComponent {
			sound = append(sound, e)
		}
	}
	slices.SortStableFunc(sound, func(a, b edge) int { return cmp.Compare(a.from, b.from) })
	sound = slices.CompactFunc(sound, func(a, b edge) bool { return a.from == b.from && a.to == b.to })
	g.edges = sound
	r.fillDepends()
	g.circles(func(e edge, through []int32) {
		names := make([]string, 0, 3)
		for _, n := range through[:min(len(through), 3)] {
			names = append(names, clip(g.nodes[n].ref))
		}
		switch rest := len(through) - len(names); {
		case len(through) == 0:
			r.problem(int(e.line), "%q depends on itself", g.nodes[e.from].ref)
		case rest > 0:
			r.problem(int(e.line), "%q depends on itself, in a circle with %q and %d more", g.nodes[e.from].ref, names, rest)
		default:
			r.problem(int(e.line), "%q depends on itself, in a circle with %q", g.nodes[e.from].ref, names)
		}
	})
}

// meant is the node that a reference stands for. Some SPDX writers leave its prefix out;
// what the file has nowhere is a problem, unless it is in another document.
func (r *reading) meant(n, line int32) int32 {
	found := r.graph.nodes[n]
	switch {
	case found.kind != isUnknown || saysNothing(found.ref):
		return n
	case external(found.ref):
		r.lost(int(line), "%q is in another document, which is not read", found.ref)
		return n
	}
	if r.refLabel == "SPDXID" {
		if id, ok := r.graph.ids[spdxPrefix+found.ref]; ok && r.graph.nodes[id].kind != isUnknown {
			if r.first("prefix") {
				r.problem(int(line), "%q has no %s; it is taken as meant", found.ref, spdxPrefix)
			}
			return id
		}
	}
	if r.graph.full || r.dropped > 0 { // it may be one of those that were not noted
		return n
	}
	r.problem(int(line), "%s %q of a dependency is not in the file", r.refLabel, found.ref)
	return n
}

// external reports whether a reference leads to another document (CycloneDX BOM-Link;
// SPDX 2.3, 11.1).
func external(ref string) bool {
	return strings.HasPrefix(ref, "urn:cdx:") || strings.HasPrefix(ref, "DocumentRef-")
}

// saysNothing reports whether SPDX names no element, or the document itself.
func saysNothing(ref string) bool { return asserted(ref) == "" || ref == spdxDocument }

// fillDepends expects edges sorted by where they begin.
func (r *reading) fillDepends() {
	g := &r.graph
	all := make([]string, len(g.edges))
	depends := map[string][]string{}
	seen := make([]int32, len(g.nodes)) // the last node, plus one, that was found to depend on it
	for i := 0; i < len(g.edges); {
		from, start, end := g.edges[i].from, i, i
		for ; i < len(g.edges) && g.edges[i].from == from; i++ {
			if to := g.edges[i].to; seen[to] != from+1 {
				seen[to] = from + 1
				all[end] = g.nodes[to].ref
				end++
			}
		}
		depends[g.nodes[from].ref] = all[start:end:end]
	}
	for _, n := range g.nodes {
		if _, some := depends[n.ref]; n.listed && !some && n.kind == isComponent {
			depends[n.ref] = []string{}
		}
	}
	if len(depends) > 0 {
		r.bom.Depends = depends
	}
}

// circles calls found for each set of nodes of which each leads to each other: with an
// edge inside of it, and the other nodes. It is Tarjan's algorithm without recursion.
func (g *graph) circles(found func(e edge, others []int32)) {
	t := tarjan{graph: g, first: make([]int32, len(g.nodes)+1), index: make([]int32, len(g.nodes)), low: make([]int32, len(g.nodes)), on: make([]bool, len(g.nodes)), found: found}
	for _, e := range g.edges {
		t.first[e.from+1]++
	}
	for i := range g.nodes {
		t.first[i+1] += t.first[i]
	}
	for i := range g.nodes {
		if t.index[i] == 0 && t.first[i] < t.first[i+1] {
			t.walk(int32(i))
		}
	}
}

type tarjan struct {
	graph      *graph
	first      []int32 // edges of node n are those from first[n] to first[n+1]
	index, low []int32
	on         []bool
	stack      []int32
	next       int32
	found      func(e edge, others []int32)
}

func (t *tarjan) walk(start int32) {
	type frame struct{ node, edge int32 }
	enter := func(n int32) frame {
		t.next++
		t.index[n], t.low[n], t.on[n] = t.next, t.next, true
		t.stack = append(t.stack, n)
		return frame{n, t.first[n]}
	}
	frames := []frame{enter(start)}
	for len(frames) > 0 {
		f := &frames[len(frames)-1]
		if f.edge < t.first[f.node+1] {
			to := t.graph.edges[f.edge].to
			f.edge++
			if t.index[to] == 0 {
				frames = append(frames, enter(to))
			} else if t.on[to] {
				t.low[f.node] = min(t.low[f.node], t.index[to])
			}
			continue
		}
		n := f.node
		frames = frames[:len(frames)-1]
		if len(frames) > 0 {
			up := frames[len(frames)-1].node
			t.low[up] = min(t.low[up], t.low[n])
		}
		if t.low[n] == t.index[n] {
			t.pop(n)
		}
	}
}

// pop takes the set that ends with n off the stack.
func (t *tarjan) pop(n int32) {
	i := len(t.stack) - 1
	for t.stack[i] != n {
		i--
	}
	set, mark := t.stack[i:], -t.index[n]
	t.stack = t.stack[:i]
	for _, m := range set {
		t.on[m], t.low[m] = false, mark
	}
	for _, e := range t.graph.edges[t.first[n]:t.first[n+1]] {
		if t.low[e.to] == mark && (e.to != n || len(set) == 1) {
			t.found(e, set[1:])
			return
		}
	}
}
