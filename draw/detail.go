package draw

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"theriac/model"
)

// detail is how much of a file a diagram draws. Each step draws less.
type detail int

const (
	full     detail = iota // SOUP by name in the box of its whole
	counted                // SOUP as a count, elements that nothing touches by name
	joined                 // actors with the same flows as one, stores without flows by name
	folded                 // parts in their whole, stores in their component
	crowds                 // elements of a zone by type
	overview               // zones alone
)

// builder makes the graph of a file.
type builder struct {
	file   *model.File
	kind   kind
	detail detail
	style  style
	near   map[model.Entity]bool // elements to draw; nil draws all
	about  *model.Asset          // asset to follow; nil follows all
	codes  map[*model.Interface]string
	assets map[*model.Asset]string

	g       *graph
	zones   map[*model.Zone]*box
	boxes   map[model.Entity]*box
	crowd   map[string]*box
	soup    map[*box][]string
	idle    map[*box][]string
	holds   map[*box][]string
	flowed  map[model.Entity]bool // a flow ends there
	peers   map[*model.Actor]string
	pairs   map[[4]any]*bundle
	folds   int
	apart   int // parts in another zone than their whole
	beside  int // parts drawn beside their whole
	within  int // flows inside a box
	tallied int // wires whose label counts flows
	unsure  int // flows without a known end
}

// style is what the label of a wire says.
type style byte

const (
	numbered style = iota // the numbers of the flows
	coded                 // and the codes of the assets
	titled                // and the titles of the flows
)

// titledWidth is the width of labels with titles, and fewFlows the number of
// flows up to which they are tried.
const (
	titledWidth = 96.0
	fewFlows    = 16
)

// kind is one of the two diagrams of the architecture.
type kind byte

const (
	architecture kind = iota
	dataFlow
)

// newBuilder names what pictures of the file refer to by code. The codes are the
// same in all pictures of a file.
func newBuilder(f *model.File, k kind) *builder {
	b := &builder{file: f, kind: k, codes: codes(f), assets: map[*model.Asset]string{}}
	for i, a := range f.Assets {
		b.assets[a] = fmt.Sprintf("A%d", i+1)
	}
	return b
}

// build makes the graph of what is to be drawn.
func (b *builder) build() *graph {
	b.g = &graph{style: b.style}
	b.folds, b.apart, b.beside, b.within, b.tallied, b.unsure = 0, 0, 0, 0, 0, 0
	b.zones, b.boxes, b.crowd = map[*model.Zone]*box{}, map[model.Entity]*box{}, map[string]*box{}
	b.soup, b.idle, b.holds, b.pairs = map[*box][]string{}, map[*box][]string{}, map[*box][]string{}, map[[4]any]*bundle{}
	b.flowed = b.ends()
	b.peers = b.peersOf()
	touched := b.touched()
	for _, a := range b.file.Actors {
		if b.draws(a, touched) {
			b.actor(a)
		}
	}
	for _, c := range b.file.Components {
		if b.draws(c, touched) {
			b.component(c, touched)
		}
	}
	for _, s := range b.file.Stores {
		if b.draws(s, touched) {
			b.store(s)
		}
	}
	if b.kind == architecture && b.detail < overview {
		b.interfaces()
	}
	b.links()
	b.finish()
	return b.g
}

// touched are the elements at which a flow ends, an interface is or data rest.
func (b *builder) touched() map[model.Entity]bool {
	t := maps.Clone(b.flowed)
	if b.kind == dataFlow {
		return t
	}
	for _, i := range b.file.Interfaces {
		if i.Component.OK() {
			t[i.Component.To] = true
		}
	}
	for _, s := range b.file.Stores {
		t[s] = true
		if s.Component.OK() {
			t[s.Component.To] = true
		}
	}
	return t
}

// ends are the elements at which a flow of the picture ends.
func (b *builder) ends() map[model.Entity]bool {
	t := map[model.Entity]bool{}
	for _, f := range b.file.Flows {
		if f.From.OK() && f.To.OK() && b.follows(f) {
			t[f.From.To], t[f.To.To] = true, true
		}
	}
	return t
}

// peersOf writes for each actor with what it has flows, and over what, so that
// actors with the same flows can be found.
func (b *builder) peersOf() map[*model.Actor]string {
	peers := map[*model.Actor][]string{}
	note := func(e, other model.Entity, f *model.Flow) {
		if a, ok := e.(*model.Actor); ok {
			over := ""
			for i := range model.Targets(f.Over) {
				over += "/" + i.ID
			}
			peers[a] = append(peers[a], model.Of(other).ID+over)
		}
	}
	for _, f := range b.file.Flows {
		if f.From.OK() && f.To.OK() && b.follows(f) {
			note(f.From.To, f.To.To, f)
			note(f.To.To, f.From.To, f)
		}
	}
	joined := map[*model.Actor]string{}
	for a, list := range peers {
		slices.Sort(list)
		joined[a] = strings.Join(slices.Compact(list), " ")
	}
	return joined
}

// follows reports whether the flow belongs into the picture.
func (b *builder) follows(f *model.Flow) bool {
	if b.near != nil && (!b.near[f.From.To] || !b.near[f.To.To] || !b.near[f]) {
		return false
	}
	return b.about == nil || model.Refers(f.Carries, b.about.ID)
}

// draws reports whether an element belongs into the picture. A data flow
// diagram shows what data touch.
func (b *builder) draws(e model.Entity, touched map[model.Entity]bool) bool {
	if b.near != nil && !b.near[e] {
		return false
	}
	return b.kind == architecture || touched[e]
}

// zone is the box of a zone.
func (b *builder) zone(z *model.Zone) *box {
	if have := b.zones[z]; have != nil {
		return have
	}
	n := &box{shape: zoneShape, role: "zone-unknown", title: "No zone stated", subs: []string{"trust not known"}, label: "Elements whose zone is not stated"}
	if z != nil {
		n.id, n.title, n.label, n.subs = z.ID, titleOf(z), fmt.Sprintf("Zone %s: %s (trust: %s)", z.ID, titleOf(z), z.Trust), []string{"trust: " + string(z.Trust)}
		if r := ranks[z.Trust]; r > 0 {
			n.rank, n.role = r, Role("zone-"+string(z.Trust))
		}
		n.order = slices.Index(b.file.Zones, z)
	}
	b.zones[z] = n
	b.g.zones = append(b.g.zones, n)
	return n
}

func (b *builder) add(e model.Entity, n *box, in *box) *box {
	n.id, n.order = model.Of(e).ID, len(b.g.boxes)
	n.title = titleOf(e)
	n.label = model.Label(e) + ": " + n.title
	b.boxes[e] = n
	in.adopt(n)
	b.g.boxes = append(b.g.boxes, n)
	return n
}

func (b *builder) actor(a *model.Actor) {
	z := b.zone(model.ZoneOf(a))
	if b.detail >= crowds {
		word := [2]string{"system", "systems"}
		if a.Type == "person" {
			word = [2]string{"person", "people"}
		}
		b.join(a, z, "actor/"+string(a.Type), "", word)
		return
	}
	if b.detail >= counted && !b.flowed[a] {
		b.list(b.idle, z, a)
		return
	}
	if b.detail >= joined {
		key := z.id + "/" + string(a.Type) + "/" + b.peers[a]
		if n := b.crowd[key]; n != nil {
			n.title += "; " + titleOf(a)
			n.count++
			n.label += "\n" + model.Label(a) + ": " + titleOf(a)
			b.boxes[a] = n
			return
		}
		defer func() { b.crowd[key] = b.boxes[a] }()
	}
	b.add(a, &box{shape: actorShape, person: a.Type == "person", role: "actor"}, z)
}

// list names an element in the box of another.
func (b *builder) list(in map[*box][]string, host *box, e model.Entity) {
	in[host] = append(in[host], titleOf(e))
	b.boxes[e] = host
}

// join puts an element into the crowd of its type in its zone.
func (b *builder) join(e model.Entity, z *box, key, tag string, words [2]string) {
	if b.detail == overview {
		key, tag, words = "all", "", [2]string{"element", "elements"}
	}
	key = z.id + "/" + key
	n := b.crowd[key]
	if n == nil {
		n = &box{shape: crowdShape, tag: tag, role: "box", order: len(b.g.boxes), id: key}
		b.crowd[key] = n
		z.adopt(n)
		b.g.boxes = append(b.g.boxes, n)
	}
	n.count++
	n.title = plural(n.count, words[0], words[1])
	n.label = n.title + " in " + z.title
	b.boxes[e] = n
}

// component puts a component into the box of its whole, or into its zone.
func (b *builder) component(c *model.Component, touched map[model.Entity]bool) {
	if b.boxes[c] != nil {
		return
	}
	b.boxes[c] = &box{} // a circle of parts ends here
	whole := b.whole(c, touched)
	switch {
	case b.kind == architecture && c.Type == "soup" && !touched[c] && whole != nil && b.near == nil:
		b.list(b.soup, whole, c)
	case b.detail >= crowds:
		delete(b.boxes, c)
		b.crowdOf(c)
	case whole != nil && b.detail >= folded && b.kind == architecture:
		b.folds++
		b.boxes[c] = whole
	case b.detail >= counted && !touched[c] && !b.hasParts(c):
		in := whole
		if in == nil {
			in = b.zone(c.InZone())
		}
		b.list(b.idle, in, c)
	default:
		b.componentBox(c, whole)
	}
}

func (b *builder) componentBox(c *model.Component, whole *box) {
	in := whole
	if in == nil {
		in = b.zone(c.InZone())
	}
	n := b.add(c, &box{shape: componentShape, tag: tags[c.Type], role: "box"}, in)
	if c.Type != "" {
		n.label += " (" + string(c.Type) + ")"
	}
	if whole == nil && c.PartOf.OK() && b.kind == architecture && c.InZone() != c.PartOf.To.InZone() {
		n.label += "\npart of " + titleOf(c.PartOf.To)
		if b.detail == full {
			n.subs = append(n.subs, "part of "+titleOf(c.PartOf.To))
		} else {
			b.apart++
		}
	}
}

func (b *builder) crowdOf(c *model.Component) {
	word := strings.ReplaceAll(string(c.Type), "-", " ")
	many := word + "s"
	switch c.Type {
	case "soup":
		word, many = "SOUP item", "SOUP items"
	case "hardware", "firmware":
		word, many = word+" part", word+" parts"
	case "cloud", "mobile":
		word, many = word+" part", word+" parts"
	case "":
		word, many = "component", "components"
	}
	b.join(c, b.zone(c.InZone()), string(c.Type), tags[c.Type], [2]string{word, many})
}

// whole is the box that contains the component, nil when it stands in its zone
// by itself.
func (b *builder) whole(c *model.Component, touched map[model.Entity]bool) *box {
	w := c.PartOf.To
	if w == nil || b.kind == dataFlow || b.detail >= crowds || !b.draws(w, touched) || w.InZone() != c.InZone() {
		return nil
	}
	if b.detail >= folded && touched[c] && b.crowded(w, touched) {
		b.beside++
		return nil
	}
	b.component(w, touched)
	n := b.boxes[w]
	if n.parent == nil { // on the way round a circle
		return nil
	}
	return n
}

// crowded reports whether a component has so many parts worth drawing that its
// box would hide too much if it stood for them.
func (b *builder) crowded(w *model.Component, touched map[model.Entity]bool) bool {
	n := 0
	for _, part := range model.Users[*model.Component](w, "part-of") {
		if b.draws(part, touched) && (touched[part] || b.hasParts(part)) {
			n++
		}
	}
	return n > 3
}

func (b *builder) hasParts(c *model.Component) bool {
	return len(model.Users[*model.Component](c, "part-of")) > 0
}

func (b *builder) store(s *model.Store) {
	host := b.boxes[s.Component.To]
	if !s.Component.OK() {
		host = nil
	}
	switch {
	case host != nil && (b.detail >= folded && b.kind == architecture || b.detail >= crowds):
		b.folds++
		b.boxes[s] = host
	case host != nil && b.detail >= joined && !b.flowed[s] && b.kind == architecture:
		b.list(b.holds, host, s)
	case host != nil && b.kind == architecture:
		b.add(s, &box{shape: storeShape, role: "store"}, host)
	case b.detail >= crowds:
		b.join(s, b.zone(model.ZoneOf(s)), "store", "", [2]string{"store", "stores"})
	default:
		n := b.add(s, &box{shape: storeShape, role: "store"}, b.zone(model.ZoneOf(s)))
		if s.Component.OK() {
			n.label += " in " + titleOf(s.Component.To)
		}
	}
}

// interfaces puts the interfaces on the borders of what is drawn.
func (b *builder) interfaces() {
	joined := map[*box]map[string]*port{}
	for _, i := range b.file.Interfaces {
		on := b.boxes[i.Component.To]
		if !i.Component.OK() || on == nil {
			continue
		}
		b.g.ifaces = append(b.g.ifaces, ifaceNo{b.codes[i], i})
		p := &port{code: b.codes[i], label: fmt.Sprintf("%s %s (%s; exposure: %s)", b.codes[i], titleOf(i), i.Medium, i.Exposure), role: portRole(i), on: on}
		if b.detail >= crowds {
			key := p.code[:1]
			if joined[on] == nil {
				joined[on] = map[string]*port{}
			}
			if have := joined[on][key]; have != nil {
				have.label += "\n" + p.label
				b.boxes[i] = on
				continue
			}
			p.code = key
			joined[on][key] = p
		}
		on.ports = append(on.ports, p)
		b.g.ports = append(b.g.ports, p)
	}
}

func portRole(i *model.Interface) Role {
	if letters[i.Exposure] == "" {
		return "port-internal"
	}
	return Role("port-" + string(i.Exposure))
}

// portOf finds the port through which a flow reaches the box.
func (b *builder) portOf(f *model.Flow, on *box) *port {
	for i := range model.Targets(f.Over) {
		code := b.codes[i]
		if b.boxes[i.Component.To] != on {
			continue
		}
		for _, p := range on.ports {
			if p.code == code || b.detail >= crowds && p.code == code[:1] {
				return p
			}
		}
	}
	return nil
}

// links bundles the flows.
func (b *builder) links() {
	for n, f := range b.file.Flows {
		if !f.From.OK() || !f.To.OK() {
			b.unsure++
			continue
		}
		from, to := b.boxes[f.From.To], b.boxes[f.To.To]
		if from == nil || to == nil || !b.follows(f) {
			continue
		}
		b.g.flows = append(b.g.flows, flowNo{n + 1, f})
		if from == to {
			b.within++
			continue
		}
		b.bundle(from, to, f, n+1)
	}
}

func (b *builder) bundle(from, to *box, f *model.Flow, n int) {
	pf, pt := b.portOf(f, from), b.portOf(f, to)
	if l := b.pairs[[4]any{to, from, pt, pf}]; l != nil {
		l.back = append(l.back, n)
		b.word(l, f, n)
		return
	}
	key := [4]any{from, to, pf, pt}
	l := b.pairs[key]
	if l == nil {
		l = &bundle{a: from, b: to, pa: pf, pb: pt, crosses: f.Crosses()}
		b.pairs[key] = l
		if l.loop() {
			b.g.inner = append(b.g.inner, l)
		} else {
			b.g.bundles = append(b.g.bundles, l)
			attach(l, from, pf)
			attach(l, to, pt)
		}
	}
	l.forth = append(l.forth, n)
	b.word(l, f, n)
}

func attach(l *bundle, on *box, p *port) {
	on.ends = append(on.ends, l)
	if p != nil {
		p.ends = append(p.ends, l)
	}
}

// word adds a flow to the label of its bundle.
func (b *builder) word(l *bundle, f *model.Flow, n int) {
	line := fmt.Sprint(n)
	switch b.style {
	case titled:
		l.words = append(l.words, wrap(line+" "+titleOf(f)+b.load(f), titledWidth, minText, false, 4)...)
		return
	case coded:
		line += b.load(f)
	}
	l.words = append(l.words, line)
}

// load is the codes of the assets that a flow carries, for a data flow diagram.
func (b *builder) load(f *model.Flow) string {
	s := ""
	if b.kind == dataFlow {
		for a := range model.Targets(f.Carries) {
			s += " " + b.assets[a]
		}
	}
	return s
}

// mostNumbers is how many numbers of flows the label of a wire holds.
const mostNumbers = 6

// finish writes what stands in boxes for what is not drawn by itself.
func (b *builder) finish() {
	for _, l := range slices.Concat(b.g.bundles, b.g.inner) {
		if n := len(l.forth) + len(l.back); n > mostNumbers && b.style == numbered {
			l.words = []string{plural(n, "flow", "flows")}
			b.tallied++
		}
	}
	soup := 0
	for n, names := range b.soup {
		soup += len(names)
		if b.detail == full {
			n.subs = append(n.subs, "SOUP: "+strings.Join(names, ", "))
		} else {
			n.subs = append(n.subs, "+ "+plural(len(names), "SOUP item", "SOUP items"))
		}
		n.label += "\nSOUP: " + strings.Join(names, ", ")
	}
	idle := 0
	for n, names := range b.idle {
		idle += len(names)
		n.subs = append(n.subs, "also: "+strings.Join(names, ", "))
		n.label += "\nalso: " + strings.Join(names, ", ")
	}
	for n, names := range b.holds {
		idle += len(names)
		n.subs = append(n.subs, "holds: "+strings.Join(names, ", "))
		n.label += "\nholds: " + strings.Join(names, ", ")
	}
	b.notes(soup, idle)
	b.drop()
}

// drop takes out zones in which nothing is drawn.
func (b *builder) drop() {
	b.g.zones = slices.DeleteFunc(b.g.zones, func(z *box) bool { return len(z.kids) == 0 && len(z.subs) < 2 })
}
