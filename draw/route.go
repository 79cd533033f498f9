package draw

import (
	"cmp"
	"slices"
)

// spot is a crossing of grid lines.
type spot struct{ x, y int32 }

// side is the side of a box, and the direction in which wires leave it.
type side int8

const (
	east side = iota
	south
	west
	north
)

var steps = [4]spot{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}

func (s side) flat() bool { return s == east || s == west }

func (s side) back() side { return (s + 2) % 4 }

// Costs of a wire, in halves of a grid unit.
const (
	costStep    = 2
	costShared  = 1  // along a wire of the same net
	costBend    = 9  // a corner
	costCross   = 10 // another wire
	costBeside  = 1  // right beside another wire
	costShy     = 8  // up or down where ports may be
	costForeign = 14 // through a zone or whole that neither end is in
	costForced  = 60 // on top of another wire or a border, where there is no other way
	costTop     = 10 // leaving a box upward or downward
	costTurn    = 6  // leaving a box on the side that looks away from the target
)

// What is at a spot.
const (
	solid    uint8 = 1 << iota // inside a box or a text
	edgeFlat                   // on the upper or lower border of a container
	edgeTall                   // on its left or right border
	shy                        // beside a box with ports
)

// router finds ways for wires on the grid.
type router struct {
	p       *plan
	w, h    int32
	x0, y0  int32 // of the grid, which is a little larger than the plan
	what    []uint8
	inside  []int32 // innermost container, plus one
	flat    []int32
	tall    []int32 // nets that run through a spot, plus one
	forced  int     // steps on top of others in the last routing
	search  search
	boxes   []*box
	allowed []bool // by container: an end of the current wire is inside
}

const rim = 4

func newRouter(p *plan) *router {
	r := &router{p: p, w: int32(p.w + 2*rim + 1), h: int32(p.h + 2*rim + 1), x0: -rim, y0: -rim}
	n := int(r.w * r.h)
	r.what, r.inside, r.flat, r.tall = make([]uint8, n), make([]int32, n), make([]int32, n), make([]int32, n)
	r.search.init(n)
	for _, z := range p.g.zones {
		r.container(z)
	}
	return r
}

func (r *router) index(s spot) int32 { return (s.y-r.y0)*r.w + s.x - r.x0 }

func (r *router) spotAt(i int32) spot { return spot{i%r.w + r.x0, i/r.w + r.y0} }

func (r *router) on(s spot) bool {
	return s.x >= r.x0 && s.y >= r.y0 && s.x < r.x0+r.w && s.y < r.y0+r.h
}

// container marks the border and the text of a container, and what it holds.
func (r *router) container(b *box) {
	r.boxes = append(r.boxes, b)
	n := int32(len(r.boxes))
	for y := b.y; y <= b.y+b.h; y++ {
		for x := b.x; x <= b.x+b.w; x++ {
			i := r.index(spot{int32(x), int32(y)})
			r.inside[i] = n
			if y == b.y || y == b.y+b.h {
				r.what[i] |= edgeFlat
			}
			if x == b.x || x == b.x+b.w {
				r.what[i] |= edgeTall
			}
		}
	}
	r.fill(b.x+1, b.y+1, b.x+min(b.w-1, b.textUnits()), b.y+b.head-1)
	for _, k := range b.kids {
		if k.leaf() {
			r.fill(k.x, k.y, k.x+k.w, k.y+k.h)
			r.keepClear(k)
		} else {
			r.container(k)
		}
	}
}

// keepClear keeps wires that run past a box with ports from where the tags will
// be.
func (r *router) keepClear(b *box) {
	if len(b.ports) == 0 {
		return
	}
	for n := 0; n <= b.h; n++ {
		for _, s := range []side{west, east} {
			if at := b.border(s, n, 1); r.on(at) {
				r.what[r.index(at)] |= shy
			}
		}
	}
}

// textUnits is how far the text in the head of a container reaches.
func (b *box) textUnits() int {
	if b.oneLine {
		return b.w
	}
	return units(max(widest(b.text, textSize, b.shape == zoneShape), widest(b.below, textSize, false)) + textPad + 2)
}

func (r *router) fill(x1, y1, x2, y2 int) {
	for y := y1; y <= y2; y++ {
		for x := x1; x <= x2; x++ {
			if s := (spot{int32(x), int32(y)}); r.on(s) {
				r.what[r.index(s)] |= solid
			}
		}
	}
}

// nets gives wires that share a port a common number, so that they may share
// their way.
func (g *graph) number() {
	for _, p := range g.ports {
		p.net, p.set = 0, false
	}
	var spreadNet func(p *port, n int)
	spreadNet = func(p *port, n int) {
		if p == nil || p.net != 0 {
			return
		}
		p.net = n
		for _, l := range p.ends {
			l.net = n
			spreadNet(l.pa, n)
			spreadNet(l.pb, n)
		}
	}
	g.nets = 0
	for _, l := range g.bundles {
		l.net = 0
	}
	for _, l := range g.bundles {
		if l.net != 0 {
			continue
		}
		g.nets++
		l.net = g.nets
		spreadNet(l.pa, g.nets)
		spreadNet(l.pb, g.nets)
	}
}

// run finds ways for all wires: short ones first, then each net again with the
// others in place.
func (r *router) run(again int) {
	g := r.p.g
	g.number()
	order := slices.Clone(g.bundles)
	slices.SortStableFunc(order, func(a, b *bundle) int {
		return cmp.Or(cmp.Compare(a.reach(), b.reach()), cmp.Compare(a.net, b.net))
	})
	for _, l := range order {
		r.wire(l)
	}
	for range again {
		for n := g.nets; n >= 1; n-- {
			r.redo(n, order)
		}
	}
	r.forced = 0
	for _, l := range g.bundles {
		r.forced += r.overlaps(l)
	}
}

// reach is how far apart the ends of a wire are.
func (l *bundle) reach() int {
	dx := max(l.a.x-l.b.x-l.b.w, l.b.x-l.a.x-l.a.w, 0)
	dy := max(l.a.y-l.b.y-l.b.h, l.b.y-l.a.y-l.a.h, 0)
	return dx + dy
}

// redo takes up the wires of a net and lays them anew.
func (r *router) redo(net int, order []*bundle) {
	var own []*bundle
	for _, l := range order {
		if l.net == net {
			own = append(own, l)
			r.clear(l)
		}
	}
	for _, l := range own {
		for _, p := range []*port{l.pa, l.pb} {
			if p != nil && p.set {
				r.unset(p)
			}
		}
	}
	for _, l := range own {
		r.wire(l)
	}
}

// wire finds a way for one wire and marks it.
func (r *router) wire(l *bundle) {
	r.admit(l)
	starts := r.exits(l.a, l.pa, l.b, l.net)
	goals := r.exits(l.b, l.pb, l.a, l.net)
	states := r.find(l, starts, goals)
	l.route = r.corners(states)
	l.sa = side(states[0] % 4)
	l.sb = side(states[len(states)-1] % 4).back()
	r.place(l.pa, l.route[0], l.sa)
	r.place(l.pb, l.route[len(l.route)-1], l.sb)
	r.mark(l, states)
}

// admit notes which containers the wire may run through.
func (r *router) admit(l *bundle) {
	r.allowed = r.allowed[:0]
	for _, b := range r.boxes {
		r.allowed = append(r.allowed, l.a.within(b) || l.b.within(b))
	}
}

// place fixes a port where the first of its wires leaves.
func (r *router) place(p *port, at spot, s side) {
	if p == nil || p.set {
		return
	}
	p.at, p.side, p.set = at, s, true
	r.block(p, solid)
}

func (r *router) unset(p *port) {
	p.set = false
	r.unblock(p)
}

// around are the spots that the tag of a port covers, outside its box.
func (r *router) around(p *port) []spot {
	in := steps[p.side.back()]
	a := spot{p.at.x + in.x, p.at.y + in.y}
	across := steps[(p.side+1)%4]
	list := []spot{a, {a.x + across.x, a.y + across.y}, {a.x - across.x, a.y - across.y}}
	return slices.DeleteFunc(list, func(s spot) bool { return !r.on(s) })
}

func (r *router) block(p *port, bit uint8) {
	for _, s := range r.around(p) {
		r.what[r.index(s)] |= bit
	}
}

// unblock frees the spots of a tag, but not those of a neighbour's.
func (r *router) unblock(p *port) {
	for _, s := range r.around(p) {
		r.what[r.index(s)] &^= solid
	}
	for _, o := range p.on.ports {
		if o.set {
			r.block(o, solid)
		}
	}
}

// exit is a spot beside a box at which a wire can begin.
type exit struct {
	at   spot
	out  side
	cost int32
}

// exits lists the spots at which a wire of the net may leave the box towards
// the other.
func (r *router) exits(b *box, p *port, to *box, net int) []exit {
	if p != nil && p.set {
		return []exit{{p.at, p.side, 0}}
	}
	var list []exit
	for s := range side(4) {
		if p != nil && !s.flat() {
			continue
		}
		list = append(list, r.exitsOn(b, p, to, s, net)...)
	}
	if len(list) == 0 && p != nil { // in the way of wires, but not of other ports
		list = p.free()
	}
	if len(list) == 0 { // full: share a spot
		d := 1
		if p != nil {
			d = 2
		}
		for _, s := range []side{west, east} {
			list = append(list, exit{b.border(s, b.h/2, d), s, costForced})
		}
	}
	return list
}

// border is the spot at distance d outside the side of a box, along it by n.
func (b *box) border(s side, n, d int) spot {
	switch s {
	case east:
		return spot{int32(b.x + b.w + d), int32(b.y + n)}
	case west:
		return spot{int32(b.x - d), int32(b.y + n)}
	case south:
		return spot{int32(b.x + n), int32(b.y + b.h + d)}
	default:
		return spot{int32(b.x + n), int32(b.y - d)}
	}
}

func (r *router) exitsOn(b *box, p *port, to *box, s side, net int) []exit {
	length, d := b.h, 1
	if !s.flat() {
		length = b.w
	}
	if p != nil {
		d = 2
	}
	base := turn(b, to, s)
	var list []exit
	for n := 1; n < length; n++ {
		at := b.border(s, n, d)
		if !r.on(at) || !r.free(b, p, s, n, net) {
			continue
		}
		off := int32(abs(2*n-length)) / 4
		if !s.flat() {
			off += costTop
		}
		list = append(list, exit{at, s, base + off + r.crowded(b, s, n, net)})
	}
	return list
}

// turn is the cost of leaving on a side that looks away from the target.
func turn(b, to *box, s side) int32 {
	away := false
	switch s {
	case east:
		away = to.x+to.w <= b.x
	case west:
		away = to.x >= b.x+b.w
	case south:
		away = to.y+to.h <= b.y
	case north:
		away = to.y >= b.y+b.h
	}
	if away {
		return costTurn
	}
	return 0
}

// free reports whether a wire or a port of the net fits at the place on a
// border.
func (r *router) free(b *box, p *port, s side, n, net int) bool {
	i := r.index(b.border(s, n, 1))
	if r.what[i]&solid != 0 || r.taken(i, s, net) {
		return false
	}
	if p == nil {
		return true
	}
	length := b.h
	if n < 2 && length > 3 || n > length-2 && length > 3 {
		return false
	}
	for _, m := range []int{n - 1, n, n + 1} {
		j := r.index(b.border(s, m, 1))
		k := r.index(b.border(s, m, 2))
		if r.what[j]&solid != 0 || m == n && r.what[k]&solid != 0 || r.taken(j, s, net) || m == n && r.taken(k, s, net) || r.tall[j] != 0 {
			return false
		}
	}
	return true
}

// taken reports whether a wire of another net runs there in the direction.
func (r *router) taken(i int32, s side, net int) bool {
	n := r.flat[i]
	if !s.flat() {
		n = r.tall[i]
	}
	return n != 0 && n != int32(net)
}

// crowded is the cost of leaving right beside another wire.
func (r *router) crowded(b *box, s side, n, net int) int32 {
	c := int32(0)
	for _, m := range []int{n - 1, n + 1} {
		at := b.border(s, m, 1)
		if r.on(at) && r.taken(r.index(at), s, net) {
			c += 3
		}
	}
	return c
}

func abs(n int) int { return max(n, -n) }

// corners are the ends and bends of a way.
func (r *router) corners(states []int32) []spot {
	points := []spot{r.spotAt(states[0] / 4)}
	for i := 1; i < len(states); i++ {
		if states[i]/4 == states[i-1]/4 {
			continue
		}
		at := r.spotAt(states[i] / 4)
		if n := len(points); n >= 2 && inLine(points[n-2], points[n-1], at) {
			points[n-1] = at
		} else {
			points = append(points, at)
		}
	}
	return points
}

func inLine(a, b, c spot) bool { return a.x == b.x && b.x == c.x || a.y == b.y && b.y == c.y }

// mark notes which net runs where.
func (r *router) mark(l *bundle, states []int32) {
	for _, s := range states {
		i, d := s/4, side(s%4)
		if d.flat() {
			r.flat[i] = int32(l.net)
		} else {
			r.tall[i] = int32(l.net)
		}
	}
	// The stub between the first spot and the border counts as well.
	r.stub(l.route[0], l.sa, l.net)
	r.stub(l.route[len(l.route)-1], l.sb, l.net)
	r.bends(l)
}

func (r *router) stub(at spot, s side, net int) {
	i := r.index(at)
	if s.flat() {
		r.flat[i] = int32(net)
	} else {
		r.tall[i] = int32(net)
	}
}

// bends closes corners to wires in both directions.
func (r *router) bends(l *bundle) {
	for _, at := range l.route {
		i := r.index(at)
		if r.flat[i] == 0 {
			r.flat[i] = int32(l.net)
		}
		if r.tall[i] == 0 {
			r.tall[i] = int32(l.net)
		}
	}
}

// clear removes a wire, leaving those of other nets.
func (r *router) clear(l *bundle) {
	r.along(l, func(at spot, _ bool) {
		i := r.index(at)
		if r.flat[i] == int32(l.net) {
			r.flat[i] = 0
		}
		if r.tall[i] == int32(l.net) {
			r.tall[i] = 0
		}
	})
}

// along visits the spots of a wire and tells whether it runs flat there.
func (r *router) along(l *bundle, visit func(at spot, flat bool)) {
	if len(l.route) == 1 {
		visit(l.route[0], l.sa.flat())
	}
	for i := 1; i < len(l.route); i++ {
		a, b := l.route[i-1], l.route[i]
		flat := a.y == b.y
		dx, dy := int32(cmp.Compare(b.x, a.x)), int32(cmp.Compare(b.y, a.y))
		for at := a; ; at.x, at.y = at.x+dx, at.y+dy {
			visit(at, flat)
			if at == b {
				break
			}
		}
	}
}

// overlaps counts the spots at which a wire lies on one of another net or runs
// through something solid.
func (r *router) overlaps(l *bundle) int {
	n := 0
	r.along(l, func(at spot, flat bool) {
		i := r.index(at)
		if flat && r.flat[i] != int32(l.net) || !flat && r.tall[i] != int32(l.net) {
			n++
		}
	})
	return n
}
