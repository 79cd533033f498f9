package draw

import (
	"cmp"
	"math"
	"slices"
)

const (
	pillHeight = 12.0
	pillPad    = 3.0
)

// labeller finds places for the labels of wires.
type labeller struct {
	solid []area // boxes, texts, ports
	tags  []area // ports alone
	wires []wireLeg
	done  []area
}

// wireLeg is a straight part of a wire.
type wireLeg struct {
	of   *bundle
	a, b Point
}

// label puts the label of each wire where it hides nothing: on a leg that the
// wire has for itself, near its middle. Wires with the least choice come first.
func (p *plan) label() {
	l := &labeller{}
	l.obstacles(p)
	for _, w := range p.g.bundles {
		l.legs(w)
	}
	order := slices.Clone(p.g.bundles)
	slices.SortStableFunc(order, func(a, b *bundle) int { return cmp.Compare(a.length(), b.length()) })
	for _, w := range order {
		l.put(w)
	}
	for _, w := range p.g.inner {
		l.corner(w)
	}
}

// corner puts the label of a flow between a box and one inside it on the upper
// border of the inner one.
func (l *labeller) corner(w *bundle) {
	in := w.b
	w.arrow = "↓ "
	forth, back := w.forth, w.back
	if w.a.within(w.b) {
		in, forth, back = w.a, back, forth
	}
	switch {
	case len(forth) == 0:
		w.arrow = "↑ "
	case len(back) > 0:
		w.arrow = "↕ "
	}
	a := in.area()
	width, height := w.size()
	place := area{a.x + a.w - width - 4, a.y - 3, width, height}
	for l.covered(place) && place.x > a.x+8 {
		place.x -= 8
	}
	w.label, w.hides = place, 0
	if l.covered(place) {
		w.hides = 300
	}
	l.done = append(l.done, place)
}

// covered reports whether another label or a port is in the way of a label on a
// border.
func (l *labeller) covered(a area) bool {
	hit := func(o area) bool { return a.grown(1).overlaps(o) }
	return slices.ContainsFunc(l.done, hit) || slices.ContainsFunc(l.tags, hit)
}

func (l *bundle) length() int {
	n := 0
	for i := 1; i < len(l.route); i++ {
		n += abs(int(l.route[i].x-l.route[i-1].x)) + abs(int(l.route[i].y-l.route[i-1].y))
	}
	return n
}

// point is a spot on the sheet.
func point(s spot) Point { return Point{float64(s.x) * grid, float64(s.y) * grid} }

func (b *box) area() area {
	return area{float64(b.x) * grid, float64(b.y) * grid, float64(b.w) * grid, float64(b.h) * grid}
}

func (l *labeller) obstacles(p *plan) {
	for _, z := range p.g.zones {
		l.container(z)
	}
	for _, o := range p.g.ports {
		l.solid = append(l.solid, o.area())
		l.tags = append(l.tags, o.area())
	}
}

func (l *labeller) container(b *box) {
	if b.leaf() {
		l.solid = append(l.solid, b.area())
		return
	}
	a := b.area()
	l.solid = append(l.solid, area{a.x, a.y, float64(b.textUnits()) * grid, float64(b.head) * grid})
	for _, k := range b.kids {
		l.container(k)
	}
}

func (l *labeller) legs(w *bundle) {
	pts := w.points()
	for i := 1; i < len(pts); i++ {
		l.wires = append(l.wires, wireLeg{w, pts[i-1], pts[i]})
	}
}

// size is the width and height of the label of a wire.
func (l *bundle) size() (w, h float64) {
	for i := range l.words {
		w = max(w, measure(l.line(i), minText, false))
	}
	return w + 2*pillPad, float64(len(l.words)-1)*(lineHeight-1) + pillHeight
}

// line is a line of the label.
func (l *bundle) line(i int) string {
	if i == 0 {
		return l.arrow + l.words[0]
	}
	return l.words[i]
}

// put finds the cheapest place along the wire.
func (l *labeller) put(w *bundle) {
	width, height := w.size()
	best, at := math.Inf(1), area{}
	pts := w.points()
	half := float64(w.length()) * grid / 2
	done := 0.0
	for i := 1; i < len(pts); i++ {
		a, b := pts[i-1], pts[i]
		long := distance(a, b)
		for d := 0.0; d <= long; d += grid / 2 {
			c := towards(a, b, d)
			place := area{c.X - width/2, c.Y - height/2, width, height}
			cost := math.Abs(done+d-half) / 40
			if room := long - 2*min(d, long-d); a.Y == b.Y && (d < width/2+8 || long-d < width/2+8) {
				cost += 3 + room/200
			}
			if a.Y != b.Y && (d < height/2+8 || long-d < height/2+8) {
				cost += 3
			}
			if cost < best {
				cost += l.cost(w, place, best-cost)
			}
			if cost < best-1e-9 {
				best, at = cost, place
			}
		}
		done += long
	}
	w.label, w.hides = at, l.cost(w, at, math.Inf(1))
	l.done = append(l.done, at)
}

// cost is what a label hides. It is exact only below the limit.
func (l *labeller) cost(w *bundle, a area, limit float64) float64 {
	c := 0.0
	for _, o := range l.solid {
		if a.grown(1).overlaps(o) {
			c += 300
		}
	}
	for _, o := range l.done {
		if a.grown(2).overlaps(o) {
			c += 400
		}
	}
	for _, tip := range w.tips() {
		if a.overlaps(tip) {
			c += 60
		}
	}
	if c >= limit {
		return c
	}
	for _, leg := range l.wires {
		if leg.of != w && leg.hits(a) {
			c += 20
			if leg.of.net == w.net {
				c += 10 // on a shared part it would speak for all of them
			}
		}
	}
	return c
}

// tips are the arrowheads of a wire.
func (l *bundle) tips() []area {
	var list []area
	if len(l.route) == 0 {
		return nil
	}
	tip := func(b *box, at spot, out side, p *port) {
		end, d := b.touch(at, out, p), steps[out]
		mid := Point{end.X + float64(d.x)*headSize/2, end.Y + float64(d.y)*headSize/2}
		list = append(list, area{mid.X - headSize/2, mid.Y - headSize/2, headSize, headSize})
	}
	if len(l.back) > 0 {
		tip(l.a, l.route[0], l.sa, l.pa)
	}
	if len(l.forth) > 0 {
		tip(l.b, l.route[len(l.route)-1], l.sb, l.pb)
	}
	return list
}

func (g wireLeg) hits(a area) bool {
	x1, x2 := min(g.a.X, g.b.X), max(g.a.X, g.b.X)
	y1, y2 := min(g.a.Y, g.b.Y), max(g.a.Y, g.b.Y)
	return x1 < a.x+a.w+1 && a.x-1 < x2 && y1 < a.y+a.h+1 && a.y-1 < y2 || // crossing
		x1 <= a.x+a.w && a.x <= x2 && y1 <= a.y+a.h && a.y <= y2
}

// points are the corners of a wire on the sheet, from border to border or tag
// to tag.
func (l *bundle) points() []Point {
	pts := make([]Point, 0, len(l.route)+2)
	pts = append(pts, l.a.touch(l.route[0], l.sa, l.pa))
	for _, s := range l.route {
		pts = append(pts, point(s))
	}
	pts = append(pts, l.b.touch(l.route[len(l.route)-1], l.sb, l.pb))
	return straight(pts)
}

// touch is where a wire that leaves at a spot meets the box or its port.
func (b *box) touch(s spot, out side, p *port) Point {
	pt, d := point(s), steps[out]
	back := grid
	if p != nil {
		back = 2*grid - portWidth/2
	}
	return Point{pt.X - float64(d.x)*back, pt.Y - float64(d.y)*back}
}

// straight drops points on straight lines.
func straight(pts []Point) []Point {
	out := pts[:0:0]
	for _, p := range pts {
		for len(out) >= 2 && (out[len(out)-2].X == out[len(out)-1].X && out[len(out)-1].X == p.X || out[len(out)-2].Y == out[len(out)-1].Y && out[len(out)-1].Y == p.Y) {
			out = out[:len(out)-1]
		}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// area is the tag of a port on the sheet.
func (p *port) area() area {
	d := steps[p.side]
	c := point(p.at)
	c.X -= float64(d.x) * 2 * grid
	c.Y -= float64(d.y) * 2 * grid
	return area{c.X - portWidth/2, c.Y - portHeight/2, portWidth, portHeight}
}
