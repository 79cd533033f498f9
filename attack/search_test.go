package attack

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"theriac/model"
)

// drawGraph draws a small graph: nodes are components, and the entries start at
// some of them.
func drawGraph(t *rapid.T) *graph {
	g := &graph{index: map[node]int32{}}
	nodes := rapid.IntRange(2, 6).Draw(t, "nodes")
	for n := range nodes {
		c := &model.Component{Base: model.Base{ID: fmt.Sprintf("c%d", n)}}
		g.targets = append(g.targets, &Target{Entity: c, nodes: []int32{g.node(c, holds)}})
	}
	// One target that is reached at two nodes, as fed components are.
	g.targets = append(g.targets, &Target{Entity: g.nodes[0].entity, nodes: []int32{0, int32(nodes - 1)}})
	var controls []*model.Control
	for n := range rapid.IntRange(0, 4).Draw(t, "controls") {
		s := rapid.SampledFrom([]model.Strength{"", "basic", "moderate", "high"}).Draw(t, "strength")
		controls = append(controls, &model.Control{Base: model.Base{ID: fmt.Sprintf("ct%d", n)}, Strength: s})
	}
	for range rapid.IntRange(0, 14).Draw(t, "edges") {
		g.edges = append(g.edges, drawEdge(t, nodes, controls))
	}
	for n := range nodes {
		if c := rapid.SampledFrom([]Class{"", Internet, Physical, SupplyChain}).Draw(t, "class"); c != "" {
			g.entries = append(g.entries, &Entry{c, g.nodes[n].entity, int32(n)})
		}
	}
	g.finish(controls)
	return g
}

func drawEdge(t *rapid.T, nodes int, controls []*model.Control) edge {
	w := &way{content: rapid.Bool().Draw(t, "content")}
	if rapid.Bool().Draw(t, "declared") {
		w.add(declared("something"))
	}
	for _, c := range controls {
		if rapid.IntRange(0, 2).Draw(t, c.ID) == 0 {
			o := obstacleOf(c)
			o.genuine = rapid.Bool().Draw(t, "genuine")
			w.add(o)
		}
	}
	end := rapid.IntRange(0, nodes-1)
	return edge{from: int32(end.Draw(t, "from")), to: int32(end.Draw(t, "to")), how: sends, obstacles: w.list, content: w.content}
}

// route is a path without circles, found the slow way.
type route struct {
	effort, steps int
	controls      []string
}

// routes lists all paths without circles from an entry to a target, with a
// control gone or none.
func routes(g *graph, e *Entry, t *Target, gone *model.Control) []route {
	var list []route
	seen := make([]bool, len(g.nodes))
	var visit func(n int32, so route)
	visit = func(n int32, so route) {
		if so.steps > 0 && slices.Contains(t.nodes, n) {
			list = append(list, so)
		}
		seen[n] = true
		for _, edge := range g.edges {
			if edge.from == n && !seen[edge.to] {
				visit(edge.to, so.after(edge, e.Class == SupplyChain, gone))
			}
		}
		seen[n] = false
	}
	visit(e.node, route{effort: e.Class.Cost()})
	return list
}

func (r route) after(e edge, genuine bool, gone *model.Control) route {
	var costs []int
	rest := 0
	r.controls = slices.Clone(r.controls)
	for _, o := range e.obstacles {
		if genuine && e.content && o.genuine || gone != nil && o.Control == gone {
			continue
		}
		if o.Control != nil {
			r.controls = append(r.controls, o.Control.ID)
		}
		if o.Control != nil && o.Control.Strength != "" {
			costs = append(costs, map[model.Strength]int{"basic": 2, "moderate": 5, "high": 10}[o.Control.Strength])
		} else {
			rest++
		}
	}
	costs = append(costs, min(rest, 2))
	r.effort, r.steps = r.effort+1, r.steps+1
	for share := 1; len(costs) > 0; share *= 2 {
		n := slices.Index(costs, slices.Max(costs))
		r.effort += costs[n] / share
		costs = slices.Delete(costs, n, n+1)
	}
	return r
}

func leastOf(list []route) route {
	return slices.MinFunc(list, func(a, b route) int { return cmp.Or(a.effort-b.effort, a.steps-b.steps) })
}

// TestAgainstBruteForce compares paths and counts with those of all paths.
func TestAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		a := analyse(g, Options{})
		pairs, every, open := 0, map[string]int{}, 0
		for _, target := range a.Targets {
			for _, e := range a.Entries {
				all := routes(g, e, target, nil)
				p, ok := a.Path(e, target)
				if ok != (len(all) > 0) {
					t.Fatalf("path %v, want %v", ok, all)
				}
				if !ok {
					continue
				}
				pairs++
				samePath(t, p, leastOf(all), target)
				for _, s := range a.Controls {
					if !slices.ContainsFunc(all, func(r route) bool { return !slices.Contains(r.controls, s.Control.ID) }) {
						every[s.Control.ID]++
					}
				}
				if slices.ContainsFunc(all, func(r route) bool { return len(r.controls) == 0 }) {
					open++
				}
			}
		}
		if a.Pairs != pairs || len(a.Open) != open {
			t.Fatalf("%d pairs, %d open; want %d, %d", a.Pairs, len(a.Open), pairs, open)
		}
		for _, s := range a.Controls {
			if s.Every != every[s.Control.ID] {
				t.Fatalf("%s stands on every path of %d pairs, want %d", s.Control.ID, s.Every, every[s.Control.ID])
			}
		}
	})
}

func samePath(t *rapid.T, p Path, want route, target *Target) {
	if p.Effort != want.effort {
		t.Fatalf("effort %d, want %d", p.Effort, want.effort)
	}
	if len(target.nodes) == 1 && len(p.Steps) != want.steps {
		t.Fatalf("%d steps, want %d", len(p.Steps), want.steps)
	}
	sum, at := p.Entry.Class.Cost(), p.Entry.At
	for _, s := range p.Steps {
		if s.From != at {
			t.Fatalf("step from %s does not follow", model.Of(s.From).ID)
		}
		sum, at = sum+s.Effort, s.To
	}
	if sum != p.Effort {
		t.Fatalf("steps sum up to %d, not %d", sum, p.Effort)
	}
}

// TestReach checks that the lists of targets agree with the paths, and that a
// limit keeps their beginnings.
func TestReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		a := analyse(g, Options{})
		var full [][]Reach
		for _, target := range a.Targets {
			full = append(full, target.Reach)
			for n, r := range target.Reach {
				if p, ok := a.Path(r.Entry, target); !ok || p.Effort != r.Effort {
					t.Fatalf("effort %d, path %v", r.Effort, p)
				}
				if n > 0 && !before(a.Entries, target.Reach[n-1], r) {
					t.Fatal("not sorted")
				}
			}
			target.Reach = nil
		}
		analyse(g, Options{Keep: 2})
		for n, target := range g.targets {
			if want := full[n][:min(2, len(full[n]))]; !slices.Equal(target.Reach, want) {
				t.Fatalf("kept %v, want %v", target.Reach, want)
			}
		}
	})
}

// before orders by effort, then by entry.
func before(entries []*Entry, x, y Reach) bool {
	return x.Effort < y.Effort || x.Effort == y.Effort && slices.Index(entries, x.Entry) < slices.Index(entries, y.Entry)
}

// TestHeldAgainstBruteForce compares what a control holds with what opens once
// it is gone.
func TestHeldAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		a := analyse(g, Options{})
		for _, s := range a.Controls {
			held, ok := a.Held(s.Control.ID)
			if !ok || len(held) != s.Least {
				t.Fatalf("%d held, want %d", len(held), s.Least)
			}
			for _, h := range held {
				without := leastOf(routes(g, h.Entry, h.Target, s.Control)).effort
				with := leastOf(routes(g, h.Entry, h.Target, nil)).effort
				if h.Without != without || h.Effort != with || h.Without > h.Effort {
					t.Fatalf("effort %d without %d, want %d and %d", h.Effort, h.Without, with, without)
				}
			}
		}
	})
}

// TestBareAgainstBruteForce checks that the shown path of an opening has no
// control and takes the least effort of those.
func TestBareAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGraph(t)
		a := analyse(g, Options{})
		for _, o := range a.Open {
			p, ok := a.Bare(o)
			all := slices.DeleteFunc(routes(g, o.Entry, o.Target, nil), func(r route) bool { return len(r.controls) > 0 })
			if !ok || len(p.Controls()) > 0 || p.Effort != leastOf(all).effort {
				t.Fatalf("path %v, want one of %v", p, all)
			}
		}
	})
}
