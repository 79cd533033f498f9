package draw

import (
	"slices"
)

// adapt makes the space between columns, and between the boxes of a column, as
// wide as the wires in it need. It reports whether anything changed.
func (p *plan) adapt() bool {
	u := p.usage()
	p.shrinks = p.size() > 1
	changed := false
	for i := 1; i < len(p.columns); i++ {
		c := &p.columns[i]
		x := c.boxes[0].x
		need := max(u.upright(x-c.gap, x, -rim, p.h+rim)+2, p.labels(x-c.gap, x))
		changed = p.regap(c, need) || changed
	}
	for _, b := range p.containers() {
		for i := 1; i < len(b.cols); i++ {
			c := &b.cols[i]
			x := c.boxes[0].x
			need := u.upright(x-c.gap, x, b.y, b.y+b.h) + 1 + sticking(b.cols[i-1].boxes, east) + sticking(c.boxes, west)
			changed = p.regap(c, max(need, p.labels(x-c.gap, x))) || changed
		}
	}
	p.each(func(boxes []*box) {
		for i := 1; i < len(boxes); i++ {
			changed = p.reroom(boxes[i], u.level(boxes[i-1], boxes[i])) || changed
		}
	})
	changed = p.spaceOut() || changed
	changed = p.uncover() || changed
	if changed {
		p.dress()
		p.settle()
		p.align()
	}
	return changed
}

// leastGap leaves one way between columns.
const leastGap = 3

// regap sets the space left of a column. Where the plan fits the page, space is
// only added.
func (p *plan) regap(s *strip, gap int) bool {
	gap = max(gap, leastGap)
	old := s.gap
	if p.shrinks || gap > old {
		s.gap = gap
	}
	return s.gap != old
}

// reroom sets the space above a box for a number of wires.
func (p *plan) reroom(b *box, wires int) bool {
	old := b.above()
	room := wires + 1
	if b.parent == nil {
		room = max(room, 2)
	}
	if p.shrinks || room > old {
		b.room = room
	}
	return b.above() != old
}

// spaceOut gives room to wires that run straight between two boxes one above
// the other, for arrowhead and label.
func (p *plan) spaceOut() bool {
	changed := false
	for _, l := range p.g.bundles {
		if l.sa.flat() || l.sb.flat() || l.a.parent != l.b.parent {
			continue
		}
		lower := l.a
		if l.b.y > l.a.y {
			lower = l.b
		}
		_, h := l.size()
		if need := units(h + 2*headSize + 4); lower.room < need {
			lower.room, changed = need, true
		}
	}
	return changed
}

// uncover widens the space between columns for labels that found no free place.
func (p *plan) uncover() bool {
	changed := false
	for _, l := range p.g.bundles {
		if l.hides < 60 {
			continue
		}
		if s := p.crossed(l); s != nil {
			w, _ := l.size()
			s.gap += units(w)/2 + 1
			changed = true
		}
	}
	return changed
}

// crossed is the innermost space between columns that the label of a wire is
// near.
func (p *plan) crossed(l *bundle) *strip {
	mid := int((l.label.x + l.label.w/2) / grid)
	near := func(s *strip) bool {
		x := s.boxes[0].x
		return mid >= x-s.gap-3 && mid <= x+3
	}
	for _, b := range p.containers() {
		if !l.a.within(b) && !l.b.within(b) {
			continue
		}
		for i := 1; i < len(b.cols); i++ {
			if near(&b.cols[i]) {
				return &b.cols[i]
			}
		}
	}
	for i := 1; i < len(p.columns); i++ {
		if near(&p.columns[i]) {
			return &p.columns[i]
		}
	}
	return nil
}

// labels is the space that labels of wires need that run straight across.
func (p *plan) labels(x1, x2 int) int {
	need := 0
	for _, l := range p.g.bundles {
		if len(l.route) != 2 || l.route[0].y != l.route[1].y {
			continue
		}
		from, to := int(min(l.route[0].x, l.route[1].x)), int(max(l.route[0].x, l.route[1].x))
		if from <= x1+2 && from >= x1-2 && to >= x2-2 && to <= x2+2 {
			w, _ := l.size()
			need = max(need, units(w+2*headSize+6)-(from-x1)-(x2-to)+2)
		}
	}
	return need
}

// sticking is the space that ports on a side of the boxes take.
func sticking(boxes []*box, s side) int {
	for _, b := range boxes {
		for _, p := range b.ports {
			if p.side == s {
				return 1
			}
		}
	}
	return 0
}

// containers lists the boxes with columns of boxes inside.
func (p *plan) containers() []*box {
	var all []*box
	p.each(func(boxes []*box) {
		for _, b := range boxes {
			if len(b.cols) > 1 {
				all = append(all, b)
			}
		}
	})
	return all
}

// run is a straight part of a wire: at a line, from one line to another.
type run struct{ at, from, to int32 }

// usage is where wires run.
type usage struct{ tall, flat []run }

func (p *plan) usage() usage {
	var u usage
	for _, l := range p.g.bundles {
		for i := 1; i < len(l.route); i++ {
			a, b := l.route[i-1], l.route[i]
			if a.x == b.x {
				u.tall = append(u.tall, run{a.x, min(a.y, b.y), max(a.y, b.y)})
			} else {
				u.flat = append(u.flat, run{a.y, min(a.x, b.x), max(a.x, b.x)})
			}
		}
	}
	return u
}

// lines counts the lines between two that are used within a range.
func lines(runs []run, after, before, from, to int) int {
	var at []int32
	for _, r := range runs {
		if int(r.at) > after && int(r.at) < before && int(r.to) > from && int(r.from) < to {
			at = append(at, r.at)
		}
	}
	slices.Sort(at)
	return len(slices.Compact(at))
}

// upright counts wires side by side that run up or down between two lines.
func (u usage) upright(x1, x2, y1, y2 int) int { return lines(u.tall, x1, x2, y1, y2) }

// level counts wires that run between two boxes one above the other.
func (u usage) level(above, below *box) int {
	return lines(u.flat, above.y+above.h, below.y, below.x, below.x+below.w)
}
