package draw

// headSize is the length of an arrowhead.
const headSize = 7.0

// wiring draws wires. Where wires of one net share their way it is drawn once,
// with a dot where they join.
type wiring struct {
	done map[step]int // nets by the steps drawn
}

// step is the way from a spot to the next one right of it or below.
type step struct {
	at   spot
	down bool
}

func stepOf(a, b spot) step {
	if a.x == b.x {
		return step{spot{a.x, min(a.y, b.y)}, true}
	}
	return step{spot{min(a.x, b.x), a.y}, false}
}

// paint draws a wire with its arrowheads, as far as it has not been drawn.
func (w *wiring) paint(l *bundle) Item {
	g := &Group{Label: l.caption()}
	spots := l.spots()
	first := 0
	for i := 1; i <= len(spots); i++ {
		if i < len(spots) && w.done[stepOf(spots[i-1], spots[i])] != l.net {
			continue
		}
		if i-1 > first || len(spots) == 1 {
			g.Items = append(g.Items, l.part(spots, first, i-1)...)
		}
		first = i
	}
	for i := 1; i < len(spots); i++ {
		w.done[stepOf(spots[i-1], spots[i])] = l.net
	}
	g.Items = append(g.Items, l.heads()...)
	return g
}

// spots are all spots of a wire in order.
func (l *bundle) spots() []spot {
	list := []spot{l.route[0]}
	for _, b := range l.route[1:] {
		for a := list[len(list)-1]; a != b; {
			a.x += sign32(b.x - a.x)
			a.y += sign32(b.y - a.y)
			list = append(list, a)
		}
	}
	return list
}

func sign32(n int32) int32 { return max(-1, min(1, n)) }

// part draws the way between two spots of a wire, with a dot at an end that is
// not an end of the wire.
func (l *bundle) part(spots []spot, from, to int) []Item {
	var pts []Point
	if from == 0 {
		pts = append(pts, l.end(true))
	}
	for _, s := range spots[from : to+1] {
		pts = append(pts, point(s))
	}
	if to == len(spots)-1 {
		pts = append(pts, l.end(false))
	}
	items := []Item{rounded("wire", 5, straight(pts)...)}
	for i, at := range []spot{spots[from], spots[to]} {
		if i == 0 && from > 0 || i == 1 && to < len(spots)-1 {
			c := point(at)
			items = append(items, &Rect{c.X - 2.2, c.Y - 2.2, 4.4, 4.4, 2.2, "wire-head"})
		}
	}
	return items
}

// end is where the line of a wire ends: at the border or tag, or at the back of
// the arrowhead.
func (l *bundle) end(first bool) Point {
	b, at, out, p, headed := l.b, l.route[len(l.route)-1], l.sb, l.pb, len(l.forth) > 0
	if first {
		b, at, out, p, headed = l.a, l.route[0], l.sa, l.pa, len(l.back) > 0
	}
	pt := b.touch(at, out, p)
	if headed {
		d := steps[out]
		pt.X += float64(d.x) * headSize * 0.8
		pt.Y += float64(d.y) * headSize * 0.8
	}
	return pt
}

// heads are the arrowheads of a wire.
func (l *bundle) heads() []Item {
	var items []Item
	if len(l.back) > 0 {
		d := steps[l.sa]
		items = append(items, arrowhead("wire-head", l.a.touch(l.route[0], l.sa, l.pa), -float64(d.x), -float64(d.y), headSize))
	}
	if len(l.forth) > 0 {
		d := steps[l.sb]
		items = append(items, arrowhead("wire-head", l.b.touch(l.route[len(l.route)-1], l.sb, l.pb), -float64(d.x), -float64(d.y), headSize))
	}
	return items
}

// marks are the places at which wires cross the border of a zone.
func (w *wiring) marks(p *plan) []Item {
	var items []Item
	seen := map[spot]bool{}
	for _, l := range p.g.bundles {
		if l.a.zone() == l.b.zone() {
			continue
		}
		for _, s := range l.spots() {
			if !seen[s] && (l.a.zone().rim(s) || l.b.zone().rim(s)) {
				seen[s] = true
				c := point(s)
				items = append(items, polygon("mark", Point{c.X - 4, c.Y}, Point{c.X, c.Y - 4}, Point{c.X + 4, c.Y}, Point{c.X, c.Y + 4}))
			}
		}
	}
	return items
}

// rim reports whether a spot is on the border of the box.
func (b *box) rim(s spot) bool {
	x, y := int(s.x), int(s.y)
	return (x == b.x || x == b.x+b.w) && y >= b.y && y <= b.y+b.h || (y == b.y || y == b.y+b.h) && x >= b.x && x <= b.x+b.w
}
