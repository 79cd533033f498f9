package draw

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// fitting is how often the space between boxes is adapted to the wires.
const fitting = 4

// lead leads the wires of a plan, gives them the room they need, and places
// their labels. It gives up early on what would never fit a page, if asked.
func (p *plan) lead(mustFit bool) {
	best, kept := math.Inf(1), snapshot{}
	for i := range fitting {
		r := newRouter(p)
		r.run(1)
		r.idle()
		p.label()
		if c := p.flaws(r); c < best {
			best, kept = c, p.snapshot()
		}
		if mustFit && p.size() > 1.2-0.1*float64(min(i, 2)) || !p.adapt() {
			break
		}
	}
	p.back(kept)
	p.flawed = best
}

// flaws weighs what is wrong with a picture: wires on top of each other, size
// beyond the page, length and corners.
func (p *plan) flaws(r *router) float64 {
	length, corners := 0, 0
	for _, l := range p.g.bundles {
		length += l.length()
		corners += len(l.route)
	}
	hidden := 0.0
	for _, l := range slices.Concat(p.g.bundles, p.g.inner) {
		hidden += min(l.hides, 300)
	}
	return float64(r.forced)*40 + float64(length) + 3*float64(corners) + hidden + oversize(p.size())
}

// idle places ports that no wire uses where there is room: beside wires if need
// be, but not on another port.
func (r *router) idle() {
	for _, p := range r.p.g.ports {
		if !p.set {
			e := r.spare(p)
			r.place(p, e.at, e.out)
		}
	}
}

func (r *router) spare(p *port) exit {
	var list []exit
	for s := range side(4) {
		list = append(list, r.exitsOn(p.on, p, p.on, s, -1)...)
	}
	if len(list) == 0 {
		list = p.free()
	}
	if len(list) == 0 {
		return exit{at: p.on.border(west, p.on.h/2, 2), out: west}
	}
	return slices.MinFunc(list, func(a, b exit) int { return cmp.Compare(a.cost, b.cost) })
}

// free lists the places on the border of the box of a port that no other port
// covers.
func (p *port) free() []exit {
	var list []exit
	for s := range side(4) {
		length := p.on.h
		if !s.flat() {
			length = p.on.w
		}
		for n := 1; n < length; n++ {
			trial := port{on: p.on, at: p.on.border(s, n, 2), side: s}
			a := trial.area().grown(1)
			if !slices.ContainsFunc(p.on.ports, func(o *port) bool { return o.set && o.area().overlaps(a) }) {
				list = append(list, exit{at: trial.at, out: s, cost: costForced + int32(abs(2*n-length))})
			}
		}
	}
	return list
}

// size is how many pages the picture is wide or high.
func (p *plan) size() float64 {
	s := p.sheet("")
	return max(s.Width/PageWidth, s.Height/PageHeight)
}

// clear reports whether no label covers a box, another label or an arrowhead.
func (p *plan) clear() bool {
	return !slices.ContainsFunc(slices.Concat(p.g.bundles, p.g.inner), func(l *bundle) bool { return l.hides >= 60 })
}

// oversize weighs what does not fit a page: more than almost anything else.
func oversize(size float64) float64 {
	if size <= 1 {
		return 0
	}
	return 2000 + 10000*(size-1)
}

// paint draws the plan.
func (p *plan) paint() []Item {
	var items []Item
	for _, z := range p.g.zones {
		items = append(items, p.paintBox(z))
	}
	w := wiring{done: map[step]int{}}
	for _, l := range p.g.bundles {
		items = append(items, w.paint(l))
	}
	items = append(items, w.marks(p)...)
	for _, o := range p.g.ports {
		items = append(items, paintPort(o))
	}
	for _, l := range slices.Concat(p.g.bundles, p.g.inner) {
		items = append(items, paintLabel(l))
	}
	return items
}

func (p *plan) paintBox(b *box) Item {
	g := &Group{Label: b.label}
	a := b.area()
	switch b.shape {
	case zoneShape:
		g.Items = append(g.Items, &Rect{a.x, a.y, a.w, a.h, 6, b.role})
		g.Items = append(g.Items, zoneText(b, a)...)
	case storeShape:
		g.Items = append(g.Items, storeFrame(a, p.kind)...)
		g.Items = append(g.Items, boxText(b, a, textPad, 7)...)
	case actorShape:
		g.Items = append(g.Items, &Rect{a.x, a.y, a.w, a.h, 0, b.role}, actorSign(b.person, a.x+5, a.y+5))
		g.Items = append(g.Items, boxText(b, a, textPad+12, 0)...)
	case crowdShape:
		g.Items = append(g.Items, &Rect{a.x + 3, a.y + 3, a.w - 3, a.h - 3, 3, "whole"}, &Rect{a.x, a.y, a.w - 3, a.h - 3, 3, b.role})
		g.Items = append(g.Items, boxText(b, a, b.textPad(), 0)...)
	default:
		role, r := b.role, 3.0
		if !b.leaf() {
			role = "whole"
		}
		if p.kind == dataFlow {
			r = 14
		}
		g.Items = append(g.Items, &Rect{a.x, a.y, a.w, a.h, min(r, a.h/2), role})
		g.Items = append(g.Items, boxText(b, a, b.textPad(), 0)...)
	}
	for _, kid := range b.kids {
		g.Items = append(g.Items, p.paintBox(kid))
	}
	return g
}

func (b *box) textPad() float64 {
	if len(b.ports) > 0 {
		return portPad
	}
	return textPad
}

// zoneText writes title and trust of a zone.
func zoneText(b *box, a area) []Item {
	var items []Item
	y := a.y + 15
	for _, t := range b.text {
		items = append(items, &Text{X: a.x + textPad, Y: y, Size: textSize, Bold: true, Role: "text", Text: t})
		y += lineHeight
	}
	below := b.below
	if b.oneLine {
		items = append(items, &Text{X: a.x + a.w - textPad, Y: a.y + 15, Size: textSize, Anchor: End, Role: "text", Text: below[0]})
		below = below[1:]
	}
	for i, t := range below {
		role := Role("text")
		if i > 0 || b.oneLine {
			role = "faint"
		}
		items = append(items, &Text{X: a.x + textPad, Y: y, Size: textSize, Role: role, Text: t})
		y += lineHeight
	}
	return items
}

// boxText writes the lines of a box, in the middle of a leaf and at the top of
// a container.
func boxText(b *box, a area, pad, down float64) []Item {
	lines := float64(len(b.text) + len(b.below))
	y := a.y + 3 + 0.5*down
	if b.leaf() {
		y = a.y + down/2 + (a.h-lines*lineHeight)/2
	}
	y += 9.5
	var items []Item
	for i, t := range b.text {
		x := a.x + pad
		if rest, ok := strings.CutPrefix(t, b.tag+" "); i == 0 && b.tag != "" && (ok || t == b.tag) {
			items = append(items, &Text{X: x, Y: y, Size: textSize, Bold: true, Role: "faint", Text: b.tag})
			x += measure(b.tag+" ", textSize, true) / margin
			t = rest
		}
		items = append(items, &Text{X: x, Y: y, Size: textSize, Role: "text", Text: t})
		y += lineHeight
	}
	for _, t := range b.below {
		items = append(items, &Text{X: a.x + pad, Y: y, Size: textSize, Role: "faint", Text: t})
		y += lineHeight
	}
	return items
}

// storeFrame is a cylinder, or in a data flow diagram two lines.
func storeFrame(a area, k kind) []Item {
	if k == dataFlow {
		return []Item{
			&Rect{a.x, a.y, a.w, a.h, 0, "band"},
			polyline("sign", Point{a.x, a.y}, Point{a.x + a.w, a.y}), polyline("sign", Point{a.x, a.y + a.h}, Point{a.x + a.w, a.y + a.h}),
		}
	}
	const e = 4.0 // half the height of the ellipse
	l, r, t, b := a.x, a.x+a.w, a.y+e, a.y+a.h-e
	bow := func(from, to Point, dy float64) Step {
		return Step{Kind: Curve, P: to, C1: Point{from.X + (to.X-from.X)*0.06, from.Y + dy}, C2: Point{to.X - (to.X-from.X)*0.06, to.Y + dy}}
	}
	body := &Path{Role: "store", Steps: []Step{
		{Kind: Move, P: Point{l, t}}, bow(Point{l, t}, Point{r, t}, -e*1.33), {Kind: Line, P: Point{r, b}}, bow(Point{r, b}, Point{l, b}, e*1.33), {Kind: Close},
	}}
	lid := &Path{Role: "rule", Steps: []Step{{Kind: Move, P: Point{l, t}}, bow(Point{l, t}, Point{r, t}, e*1.33)}}
	return []Item{body, lid}
}

// actorSign is a figure for a person and a screen for a system.
func actorSign(person bool, x, y float64) Item {
	if !person {
		return &Path{Role: "sign", Steps: []Step{
			{Kind: Move, P: Point{x, y + 1}}, {Kind: Line, P: Point{x + 10, y + 1}}, {Kind: Line, P: Point{x + 10, y + 8}}, {Kind: Line, P: Point{x, y + 8}}, {Kind: Close},
			{Kind: Move, P: Point{x + 5, y + 8}}, {Kind: Line, P: Point{x + 5, y + 11}}, {Kind: Move, P: Point{x + 2, y + 11}}, {Kind: Line, P: Point{x + 8, y + 11}},
		}}
	}
	const k = 1.35
	cx, cy := x+5, y+2.5
	return &Path{Role: "sign", Steps: []Step{
		{Kind: Move, P: Point{cx, cy - 2.4}},
		{Kind: Curve, P: Point{cx, cy + 2.4}, C1: Point{cx + 2.4*k, cy - 2.4}, C2: Point{cx + 2.4*k, cy + 2.4}},
		{Kind: Curve, P: Point{cx, cy - 2.4}, C1: Point{cx - 2.4*k, cy + 2.4}, C2: Point{cx - 2.4*k, cy - 2.4}},
		{Kind: Move, P: Point{x, y + 12}},
		{Kind: Curve, P: Point{x + 10, y + 12}, C1: Point{x, y + 5}, C2: Point{x + 10, y + 5}},
		{Kind: Close},
	}}
}

// paintPort draws the tag of an interface.
func paintPort(p *port) Item {
	a := p.area()
	text := Role("text")
	if p.role == "port-site" || p.role == "port-internet" {
		text = "on-dark"
	}
	r := 2.0
	if p.role == "port-internet" || p.role == "port-local" {
		r = portHeight / 2
	}
	return &Group{Label: p.label, Items: []Item{
		&Rect{a.x, a.y, a.w, a.h, r, p.role},
		&Text{X: a.x + a.w/2, Y: a.y + 10, Size: textSize, Anchor: Middle, Bold: true, Role: text, Text: p.code},
	}}
}

// caption names the flows of a wire.
func (l *bundle) caption() string {
	var parts []string
	if len(l.forth) > 0 {
		parts = append(parts, fmt.Sprintf("%s → %s: %s", l.a.title, l.b.title, numbers(l.forth)))
	}
	if len(l.back) > 0 {
		parts = append(parts, fmt.Sprintf("%s → %s: %s", l.b.title, l.a.title, numbers(l.back)))
	}
	return strings.Join(parts, "; ")
}

func numbers(list []int) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, ", ")
}

// paintLabel draws the label of a wire over it.
func paintLabel(l *bundle) Item {
	a := l.label
	g := &Group{Items: []Item{&Rect{a.x, a.y, a.w, a.h, min(a.h/2, 5), "pill"}}}
	for i := range l.words {
		g.Items = append(g.Items, &Text{X: a.x + a.w/2, Y: a.y + 9.5 + float64(i)*(lineHeight-1), Size: minText, Anchor: Middle, Role: "text", Text: l.line(i)})
	}
	return g
}
