package draw

import (
	"cmp"
	"math"
	"slices"
)

// What fits on a page beside title, legend and notes, in grid units.
const (
	roomWide = 158 // PageWidth less the margins
	roomHigh = 96  // PageHeight less margins, title and legend
)

// bigGraph is the number of boxes beyond which only few ways are tried.
const bigGraph = 150

// arrange finds the ways of laying out a graph that promise to fit a page best,
// at most n of them.
func arrange(g *graph, k kind, n int) []setting {
	var found []setting
	for _, columns := range ways(g) {
		for _, slim := range slims {
			found = append(found, widen(g, setting{columns: columns, kind: k, slim: slim}))
		}
	}
	slices.SortStableFunc(found, func(a, b setting) int { return cmp.Compare(a.score, b.score) })
	found = slices.CompactFunc(found, func(a, b setting) bool { return a.score == b.score })
	return found[:min(n, len(found))]
}

// slims are the widths that boxes without children may have, in grid units.
var slims = []int{17, 15}

// ways are the ways of putting zones into columns: trust never falls from left
// to right; neighbouring degrees of trust may share a column, and one degree may
// have two, first those zones that more flows from outside enter.
func ways(g *graph) [][][]*box {
	degrees := byTrust(g.zones)
	var all [][][]*box
	for mask := range 1 << (len(degrees) - 1) {
		columns := [][]*box{degrees[0]}
		for i, d := range degrees[1:] {
			if mask>>i&1 == 1 {
				columns = append(columns, d)
			} else {
				columns[len(columns)-1] = slices.Concat(columns[len(columns)-1], d)
			}
		}
		all = append(all, columns)
		if len(g.boxes) <= bigGraph {
			all = append(all, divided(columns)...)
		}
	}
	return all
}

// divided divides the last column, whose zones are the most trusted, in two.
func divided(columns [][]*box) [][][]*box {
	last := columns[len(columns)-1]
	front := columns[:len(columns)-1]
	var all [][][]*box
	for n := 1; n < len(last) && n <= 4; n++ {
		outer := slices.Clone(last)
		slices.SortStableFunc(outer, func(a, b *box) int {
			return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(foreign(b, last), foreign(a, last)))
		})
		all = append(all, append(slices.Clone(front), outer[:n], outer[n:]))
	}
	return all
}

// foreign counts the wires of a zone to zones that are not in the list.
func foreign(z *box, zones []*box) int {
	n := 0
	z.visit(func(l *bundle) {
		if !slices.Contains(zones, l.other(z).zone()) {
			n++
		}
	})
	return n
}

// byTrust sorts zones into degrees of trust, the lowest first.
func byTrust(zones []*box) [][]*box {
	sorted := slices.Clone(zones)
	slices.SortStableFunc(sorted, func(a, b *box) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.order, b.order))
	})
	var degrees [][]*box
	for i, z := range sorted {
		if i == 0 || z.rank != sorted[i-1].rank {
			degrees = append(degrees, nil)
		}
		degrees[len(degrees)-1] = append(degrees[len(degrees)-1], z)
	}
	return degrees
}

// widen gives more columns of boxes to the tallest column of zones as long as
// that may pay.
func widen(g *graph, s setting) setting {
	s.wide = slices.Repeat([]int{1}, len(s.columns))
	best := setting{score: math.Inf(1)}
	for range 3 * len(s.columns) {
		p := newPlan(g, s, 3)
		if s.score = p.score(); s.score < best.score-1e-9 {
			best = s
		}
		if p.w > roomWide*5/4 {
			break
		}
		s.wide = slices.Clone(s.wide)
		s.wide[p.tallest()]++
	}
	return best
}

func (p *plan) tallest() int {
	n, h := 0, -1
	for i, c := range p.columns {
		if s := stacked(c.boxes); s > h {
			n, h = i, s
		}
	}
	return n
}

// scale is how many pages wide or high the plan is.
func (p *plan) scale() float64 {
	return max(float64(p.w)/float64(roomWide), float64(p.h)/float64(roomHigh))
}

// score is low for plans that fit a page and have short wires.
func (p *plan) score() float64 {
	s := p.scale()
	wires := p.cost() / float64(1+len(p.g.bundles))
	return wires + 40*s + 600*max(0, s-0.92)
}
