package draw

import (
	"cmp"
	"math"
	"slices"
)

// plan is a graph with places: zones stand in columns from the least trusted on
// the left to the device on the right.
type plan struct {
	g       *graph
	kind    kind
	columns []strip
	w, h    int
	shrinks bool    // takes space away where wires do not need it
	flawed  float64 // what is wrong with it, once the wires are led
}

// Free space between columns to begin with. Routing asks for more where wires
// need it.
const (
	columnGap = 7
	innerGap  = 5
	zoneGap   = 3
)

// setting is one way of laying out a graph.
type setting struct {
	columns [][]*box // zones by column
	wide    []int    // columns of boxes inside the zones of each column
	kind    kind
	roomy   int // extra space between columns, for labels
	slim    int // width of a box without children
	score   float64
}

// newPlan lays out the graph by a setting.
func newPlan(g *graph, s setting, rounds int) *plan {
	p := &plan{g: g, kind: s.kind}
	for _, list := range [][]*box{g.zones, g.boxes} {
		for _, b := range list {
			b.slim = s.slim
		}
	}
	for i, zones := range s.columns {
		st := strip{boxes: slices.Clone(zones), gap: columnGap + s.roomy}
		for _, z := range zones {
			p.fill(z, s.wide[i], s)
		}
		p.columns = append(p.columns, st)
	}
	p.dress()
	p.sweep(rounds)
	return p
}

// fill distributes the children of a container over columns.
func (p *plan) fill(b *box, wide int, s setting) {
	b.cols, b.shelf, b.room = nil, nil, 0
	var live []*box
	for _, k := range b.kids {
		p.fill(k, wide, s)
		if k.inert() {
			b.shelf = append(b.shelf, k)
		} else {
			live = append(live, k)
		}
	}
	live = banded(b, live)
	n := min(wide, (len(live)+2)/3)
	if b.shape == componentShape && len(live) <= 4 {
		n = min(n, 1)
	}
	if n == 0 {
		return
	}
	pulls := pulls(live, s)
	slices.SortStableFunc(live, func(x, y *box) int {
		return cmp.Or(cmp.Compare(pulls[x], pulls[y]), cmp.Compare(x.order, y.order))
	})
	b.cols = cut(live, n, innerGap+s.roomy)
}

// banded puts the small ones among children side by side where another is
// several boxes wide.
func banded(b *box, live []*box) []*box {
	for _, k := range b.kids {
		k.parent = b
	}
	room := 0
	var small, rest []*box
	for _, k := range live {
		room = max(room, len(k.cols))
		if len(k.cols) > 1 {
			rest = append(rest, k)
		} else {
			small = append(small, k)
		}
	}
	if room < 2 || len(small) < 2 {
		return live
	}
	band := &box{shape: bandShape, slim: b.slim, parent: b, order: small[0].order, kids: small}
	for _, k := range small {
		k.parent = band
	}
	band.cols = cut(small, min(room, len(small)), innerGap)
	return append(rest, band)
}

// pulls says for each child of a container where the flows draw it: 0 to the
// left, 1 to the right.
func pulls(live []*box, s setting) map[*box]float64 {
	at := map[*box]float64{}
	if len(live) == 0 {
		return at
	}
	column := map[*box]int{}
	for i, zones := range s.columns {
		for _, z := range zones {
			column[z] = i
		}
	}
	home := live[0].zone()
	for _, k := range live {
		at[k] = 0.5
	}
	for range 6 {
		for _, k := range live {
			sum, n := 0.5, 1.0
			k.visit(func(l *bundle) {
				o := l.other(k)
				switch oz := o.zone(); {
				case oz != home && column[oz] < column[home]:
					sum += 0
				case oz != home && column[oz] > column[home]:
					sum += 1
				default:
					sum += siblingAt(at, o, k)
				}
				n++
			})
			at[k] = sum / n
		}
	}
	return at
}

// siblingAt is the pull of the sibling of k that holds o.
func siblingAt(at map[*box]float64, o, k *box) float64 {
	for ; o != nil; o = o.parent {
		if o.parent == k.parent {
			return at[o]
		}
	}
	return 0.5
}

// visit calls f for each bundle that leaves the box.
func (b *box) visit(f func(*bundle)) {
	b.visitFrom(b, f)
}

func (b *box) visitFrom(top *box, f func(*bundle)) {
	for _, l := range b.ends {
		if !(l.a.within(top) && l.b.within(top)) {
			f(l)
		}
	}
	for _, k := range b.kids {
		k.visitFrom(top, f)
	}
}

// cut distributes boxes in order over columns of about the same height.
func cut(boxes []*box, n, gap int) []strip {
	total := 0
	for _, b := range boxes {
		total += b.bulk()
	}
	cols := make([]strip, n)
	sum, i := 0, 0
	for j, b := range boxes {
		left := len(boxes) - j
		for i < n-1 && len(cols[i].boxes) > 0 && (sum+b.bulk()/2 > total*(i+1)/n || left <= n-1-i) {
			i++
		}
		cols[i].boxes = append(cols[i].boxes, b)
		sum += b.bulk()
	}
	for i := range cols {
		cols[i].gap = gap
	}
	return cols
}

// bulk is a guess at the height of a box.
func (b *box) bulk() int {
	n := 5
	for _, k := range b.kids {
		n += k.bulk() * 3 / 4
	}
	return max(n, 2*len(b.ports)+1)
}

// dress sets the sizes of all boxes.
func (p *plan) dress() {
	for i := range p.columns {
		c := &p.columns[i]
		c.w = 0
		for _, z := range c.boxes {
			z.widths()
			c.w = max(c.w, z.w)
		}
		for _, z := range c.boxes {
			z.stretch(c.w)
			z.heights()
		}
	}
	p.w, p.h = 0, 0
	for i, c := range p.columns {
		if i > 0 {
			p.w += c.gap
		}
		p.w += c.w
		p.h = max(p.h, stacked(c.boxes))
	}
}

func stacked(boxes []*box) int {
	h := 0
	for i, b := range boxes {
		if i > 0 {
			h += b.above()
		}
		h += b.h
	}
	return h
}

// settle gives every box its place, from the outside in.
func (p *plan) settle() {
	x := 0
	for i, c := range p.columns {
		if i > 0 {
			x += c.gap
		}
		p.stack(c.boxes, x, 0, p.h)
		x += c.w
	}
}

// stack places boxes below each other between top and bottom, each as near as
// can be to where it wants to be, and their children in them.
func (p *plan) stack(boxes []*box, x, top, bottom int) {
	ys := spread(boxes, top, bottom)
	for i, b := range boxes {
		b.x, b.y = x, ys[i]
		p.inner(b)
	}
}

func (p *plan) inner(b *box) {
	if b.leaf() {
		return
	}
	tallest := 0
	for _, c := range b.cols {
		tallest = max(tallest, stacked(c.boxes))
	}
	shelf := b.shelfHeight(tallest > 0)
	x := b.x + b.pad()
	for i, c := range b.cols {
		if i > 0 {
			x += c.gap
		}
		p.stack(c.boxes, x, b.y+b.head, b.y+b.h-b.foot()-shelf)
		x += c.w
	}
	y := b.y + b.h - b.foot() - shelf
	if tallest > 0 {
		y++
	}
	p.shelve(b, y)
}

// shelve places the children that nothing touches in rows at the bottom.
func (p *plan) shelve(b *box, y int) {
	for at := 0; at < len(b.shelf); at += b.shelfCols {
		h := b.rowHeight(at)
		x := b.x + b.pad()
		for _, k := range b.shelf[at:min(at+b.shelfCols, len(b.shelf))] {
			k.x, k.y, k.h = x, y, h
			p.inner(k)
			x += k.w + 1
		}
		y += h + 1
	}
}

// spread finds places in order that come nearest to the wanted ones (least
// squares): boxes that would overlap form a block that stands at the mean of
// their wishes.
func spread(boxes []*box, top, bottom int) []int {
	type block struct {
		first, n int
		sum      float64 // of wishes, each less the offset in the block
		h        int
	}
	var blocks []block
	for i, b := range boxes {
		blocks = append(blocks, block{i, 1, b.want, b.h})
		for len(blocks) > 1 {
			u, v := &blocks[len(blocks)-2], blocks[len(blocks)-1]
			gap := boxes[v.first].above()
			if u.sum/float64(u.n)+float64(u.h+gap) <= v.sum/float64(v.n) {
				break
			}
			u.sum += v.sum - float64(v.n)*float64(u.h+gap)
			u.n += v.n
			u.h += gap + v.h
			blocks = blocks[:len(blocks)-1]
		}
	}
	ys := make([]int, len(boxes))
	for _, k := range blocks {
		y := int(math.Round(k.sum / float64(k.n)))
		for i := k.first; i < k.first+k.n; i++ {
			if i > k.first {
				y += boxes[i].above()
			}
			ys[i] = y
			y += boxes[i].h
		}
	}
	return clamp(boxes, ys, top, bottom)
}

// clamp pushes places into the bounds, keeping order and distances.
func clamp(boxes []*box, ys []int, top, bottom int) []int {
	least := top
	for i, b := range boxes {
		if i > 0 {
			least += b.above()
		}
		ys[i] = max(ys[i], least)
		least = ys[i] + b.h
	}
	most := bottom
	for i := len(boxes) - 1; i >= 0; i-- {
		ys[i] = min(ys[i], most-boxes[i].h)
		most = ys[i] - boxes[i].above()
	}
	return ys
}

// middle is the height at which wires leave the box.
func (b *box) middle() float64 { return float64(b.y) + float64(b.h)/2 }

// sweep orders the boxes of each column by the mean place of what they are tied
// to, again and again, and keeps the best order met.
func (p *plan) sweep(rounds int) {
	p.start()
	p.settle()
	best, kept := math.Inf(1), p.orders()
	for range rounds {
		p.wish()
		p.sort()
		p.settle()
		for range 2 {
			p.wish()
			p.settle()
		}
		if c := p.cost(); c < best-1e-9 {
			best, kept = c, p.orders()
		}
	}
	p.restore(kept)
	p.align()
}

// improve swaps neighbours in columns as long as that makes wires better.
func (p *plan) improve() {
	best := p.cost()
	for range 3 {
		better := false
		p.each(func(boxes []*box) {
			for i := 1; i < len(boxes); i++ {
				boxes[i-1], boxes[i] = boxes[i], boxes[i-1]
				p.align()
				if c := p.cost(); c < best-1e-9 {
					best, better = c, true
				} else {
					boxes[i-1], boxes[i] = boxes[i], boxes[i-1]
				}
			}
		})
		p.align()
		if !better {
			return
		}
	}
}

// align straightens wires while the order stays.
func (p *plan) align() {
	for range 4 {
		p.wish()
		p.settle()
	}
}

// start puts everything in the order of the file.
func (p *plan) start() {
	p.each(func(boxes []*box) {
		slices.SortStableFunc(boxes, func(a, b *box) int { return cmp.Compare(a.order, b.order) })
		for i, b := range boxes {
			b.want = float64(i * 6)
		}
	})
}

// each visits all columns of boxes, the outer ones first.
func (p *plan) each(visit func([]*box)) {
	var down func(b *box)
	down = func(b *box) {
		for _, c := range b.cols {
			visit(c.boxes)
			for _, k := range c.boxes {
				down(k)
			}
		}
	}
	for _, c := range p.columns {
		visit(c.boxes)
		for _, z := range c.boxes {
			down(z)
		}
	}
}

// wish sets for each box the place at which its wires would be straight.
func (p *plan) wish() {
	p.each(func(boxes []*box) {
		for _, b := range boxes {
			sum, n := 0.0, 0.0
			b.visit(func(l *bundle) {
				own, far := l.a, l.b
				if l.b.within(b) {
					own, far = l.b, l.a
				}
				weight := 1.0
				if far.zone() == b.zone() {
					weight = 1.5
				}
				sum += weight * (far.middle() - (own.middle() - float64(b.y)))
				n += weight
			})
			if n > 0 {
				b.want = sum / n
			} else {
				b.want = float64(b.y)
			}
		}
	})
}

func (p *plan) sort() {
	p.each(func(boxes []*box) {
		slices.SortStableFunc(boxes, func(a, b *box) int {
			return cmp.Compare(a.want+float64(a.h)/2, b.want+float64(b.h)/2)
		})
	})
}

// cost is what the wires make of the places: their length, and each crossing
// that the order of the ends makes certain.
func (p *plan) cost() float64 {
	c := 0.0
	for _, l := range p.g.bundles {
		dx := math.Abs(float64(l.a.x + l.a.w/2 - l.b.x - l.b.w/2))
		dy := math.Abs(l.a.middle() - l.b.middle())
		c += dx + dy
	}
	return c + 4*float64(p.crossings())
}

// crossings counts pairs of wires between the same two columns whose ends stand
// in opposite order.
func (p *plan) crossings() int {
	type wire struct{ x1, x2, y1, y2 int }
	var wires []wire
	for _, l := range p.g.bundles {
		a, b := l.a, l.b
		if a.x > b.x {
			a, b = b, a
		}
		if a.x+a.w <= b.x {
			wires = append(wires, wire{a.x + a.w, b.x, 2*a.y + a.h, 2*b.y + b.h})
		}
	}
	if len(wires) > 400 {
		return 0 // too dear, and no order would help
	}
	n := 0
	for i, u := range wires {
		for _, v := range wires[i+1:] {
			if u.x1 < v.x2 && v.x1 < u.x2 && (u.y1-v.y1)*(u.y2-v.y2) < 0 {
				n++
			}
		}
	}
	return n
}

// orders remembers the order in every column.
func (p *plan) orders() [][]*box {
	var all [][]*box
	p.each(func(boxes []*box) { all = append(all, slices.Clone(boxes)) })
	return all
}

// restore brings back a remembered order.
func (p *plan) restore(orders [][]*box) {
	var put func(b *box)
	i := 0
	put = func(b *box) {
		for j := range b.cols {
			b.cols[j].boxes = orders[i]
			i++
			for _, k := range b.cols[j].boxes {
				put(k)
			}
		}
	}
	for j := range p.columns {
		p.columns[j].boxes = orders[i]
		i++
		for _, z := range p.columns[j].boxes {
			put(z)
		}
	}
}
