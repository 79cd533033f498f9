package attack

import (
	"cmp"
	"slices"
)

// Held is a pair of entry and target on whose path of least effort a control
// stands. Analysis.Path gives the path.
type Held struct {
	Entry   *Entry
	Target  *Target
	Effort  int
	Without int // effort once the control is gone, and with it what it stood for
}

// Held lists what a control holds, in the order of targets, then entries; ok is
// false when no such control stands anywhere.
func (a *Analysis) Held(id string) (list []Held, ok bool) {
	bit := slices.IndexFunc(a.Controls, func(s *Standing) bool { return s.Control.ID == id })
	if bit < 0 {
		return nil, false
	}
	normal, signed := a.graph.without(a.normal, bit), a.graph.without(a.signed, bit)
	t := newTally(a)
	for _, e := range a.Entries {
		with, without := a.viewOf(e), normal
		if with.genuine {
			without = signed
		}
		found := a.held(t, e, with, bit)
		if len(found) > 0 {
			a.search.run(without, e.node, nil)
		}
		for _, h := range found {
			h.Without = e.Class.Cost() + int(a.search.dist[a.search.nearest(h.Target)])
			list = append(list, h)
		}
	}
	rank := map[*Target]int{}
	for n, target := range a.Targets {
		rank[target] = n
	}
	slices.SortStableFunc(list, func(x, y Held) int { return cmp.Compare(rank[x.Target], rank[y.Target]) })
	return list, true
}

// held are the targets of one entry on whose path a control stands.
func (a *Analysis) held(t *tally, e *Entry, v *view, bit int) (found []Held) {
	a.search.run(v, e.node, nil)
	t.grow(a, v)
	for _, target := range a.Targets {
		if n := a.search.nearest(target); n >= 0 && t.treeOf(n)[bit/64]&(1<<(bit%64)) != 0 {
			found = append(found, Held{Entry: e, Target: target, Effort: e.Class.Cost() + int(a.search.dist[n])})
		}
	}
	return found
}

// without is a view from which a control is gone. Only weights differ.
func (g *graph) without(v *view, bit int) *view {
	gone := *v
	gone.weight = slices.Clone(v.weight)
	for e := range gone.weight {
		if v.of(e)[bit/64]&(1<<(bit%64)) != 0 {
			rest := slices.DeleteFunc(slices.Clone(v.obstacles(&g.edges[e])), func(o Obstacle) bool { return o.Control == g.controls[bit] })
			gone.weight[e] = int32(effortOf(rest))
		}
	}
	return &gone
}
