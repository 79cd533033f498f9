package attack

import (
	"cmp"
	"slices"

	"theriac/model"
)

// Standing says how much a control holds. The numbers are of pairs of entry and
// target.
type Standing struct {
	Control *model.Control
	Least   int // the control stands on the path of least effort
	Sole    int // it is the only control on that path
	Every   int // it stands on every path, so that nothing goes around it
}

// Singles are the single points of defence: controls that are the only one on
// some path of least effort, those of most paths first.
func (a *Analysis) Singles() []*Standing {
	return a.standing(func(s *Standing) int { return s.Sole })
}

// Bearers are the controls that no path goes around for some pair, those of most
// pairs first.
func (a *Analysis) Bearers() []*Standing {
	return a.standing(func(s *Standing) int { return s.Every })
}

func (a *Analysis) standing(by func(*Standing) int) []*Standing {
	list := slices.DeleteFunc(slices.Clone(a.Controls), func(s *Standing) bool { return by(s) == 0 })
	slices.SortStableFunc(list, func(x, y *Standing) int {
		return cmp.Or(cmp.Compare(by(y), by(x)), cmp.Compare(y.Every, x.Every), cmp.Compare(y.Least, x.Least))
	})
	return list
}

// tally counts, entry by entry, which controls the paths meet.
type tally struct {
	words int
	tree  []uint64 // by node: controls on the path of least effort
	must  []uint64 // by node: controls on every path
	open  []bool   // by node: some path meets no control
	queue []int32
	in    []bool // nodes in the queue
	both  []uint64
	found map[*Target][]*Entry
}

func newTally(a *Analysis) *tally {
	n, words := len(a.graph.nodes), a.graph.words()
	return &tally{
		words: words, tree: make([]uint64, n*words), must: make([]uint64, n*words), open: make([]bool, n), in: make([]bool, n), both: make([]uint64, words),
		found: map[*Target][]*Entry{},
	}
}

func (t *tally) treeOf(n int32) []uint64 { return t.tree[int(n)*t.words : (int(n)+1)*t.words] }
func (t *tally) mustOf(n int32) []uint64 { return t.must[int(n)*t.words : (int(n)+1)*t.words] }

// begin looks at the search that has just been run.
func (t *tally) begin(a *Analysis, v *view) {
	start := a.search.order[0]
	t.grow(a, v)
	t.narrow(a.graph, v, a.search.order)
	t.walk(a.graph, v, start)
}

// grow collects the controls along the paths of least effort.
func (t *tally) grow(a *Analysis, v *view) {
	for _, n := range a.search.order {
		set, e := t.treeOf(n), a.search.via[n]
		if e < 0 {
			clear(set)
			continue
		}
		before := t.treeOf(a.graph.edges[e].from)
		for w, on := range v.of(int(e)) {
			set[w] = before[w] | on
		}
	}
}

// narrow computes the controls on every path as the greatest solution of: what
// is on every path to a node is what, for each edge into it, is on the edge or on
// every path to its start.
func (t *tally) narrow(g *graph, v *view, order []int32) {
	for _, n := range order {
		for w := range t.words {
			t.mustOf(n)[w] = ^uint64(0)
		}
	}
	clear(t.mustOf(order[0]))
	t.queue = append(t.queue[:0], order...)
	for _, n := range order {
		t.in[n] = true
	}
	for next := 0; next < len(t.queue); next++ {
		n := t.queue[next]
		t.in[n] = false
		for _, e := range g.outgoing[n] {
			to := g.edges[e].to
			if t.meet(t.mustOf(to), t.mustOf(n), v.of(int(e))) && !t.in[to] {
				t.in[to] = true
				t.queue = append(t.queue, to)
			}
		}
	}
}

// meet keeps in a set what is in one of two others and reports a change.
func (t *tally) meet(set, before, on []uint64) (changed bool) {
	for w := range set {
		if kept := set[w] & (before[w] | on[w]); kept != set[w] {
			set[w], changed = kept, true
		}
	}
	return changed
}

// walk marks what can be reached without meeting a control.
func (t *tally) walk(g *graph, v *view, start int32) {
	clear(t.open)
	t.open[start] = true
	t.queue = append(t.queue[:0], start)
	for next := 0; next < len(t.queue); next++ {
		for _, e := range g.outgoing[t.queue[next]] {
			if to := g.edges[e].to; v.bare[e] && !t.open[to] {
				t.open[to] = true
				t.queue = append(t.queue, to)
			}
		}
	}
}

// count counts one pair whose path ends at a node of the target.
func (t *tally) count(a *Analysis, e *Entry, target *Target, n int32) {
	each(t.treeOf(n), func(bit int) { a.Controls[bit].Least++ })
	if bit, ok := single(t.treeOf(n)); ok {
		a.Controls[bit].Sole++
	}
	each(t.shared(a.search, target), func(bit int) { a.Controls[bit].Every++ })
	if slices.ContainsFunc(target.nodes, func(n int32) bool { return t.open[n] && a.search.via[n] >= 0 }) {
		t.found[target] = append(t.found[target], e)
	}
}

// shared are the controls on every path to any node of a target.
func (t *tally) shared(s *search, target *Target) []uint64 {
	for w := range t.both {
		t.both[w] = ^uint64(0)
	}
	for _, n := range target.nodes {
		if s.via[n] < 0 {
			continue // not reached, or the start
		}
		for w, on := range t.mustOf(n) {
			t.both[w] &= on
		}
	}
	return t.both
}

// close lists the openings in the order of targets.
func (t *tally) close(a *Analysis) {
	for _, target := range a.Targets {
		for _, e := range t.found[target] {
			a.Open = append(a.Open, Opening{e, target})
		}
	}
}
