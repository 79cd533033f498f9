package attack

import "theriac/model"

// builder makes the graph of a file.
type builder struct {
	file       *model.File
	g          *graph
	live       []*model.Flow // flows that can happen in the shipped device
	guards     map[model.Entity][]*model.Control
	boundaries map[model.ZonePair]*model.Boundary
	content    map[*model.Asset]bool     // what arrives signed
	runs       map[*model.Component]bool // what is known to run code
}

func build(f *model.File) *graph {
	b := &builder{file: f, g: &graph{index: map[node]int32{}}, boundaries: f.BoundaryMap()}
	b.guards = guards(f)
	b.content = signedContent(f)
	b.runs = running(f)
	b.live = living(f)
	b.places()
	b.findTargets()
	b.findEntries()
	for _, i := range f.Interfaces {
		b.byInterface(i)
	}
	for _, flow := range b.live {
		b.byFlow(flow)
	}
	b.byParts()
	b.byStores()
	b.byZones()
	b.byOpenDebug()
	b.fed()
	b.g.finish(f.Controls)
	return b.g
}

// guards says which controls protect an element, by their own word or by that of
// the interface or boundary.
func guards(f *model.File) map[model.Entity][]*model.Control {
	found := map[model.Entity][]*model.Control{}
	for _, i := range f.Interfaces {
		for c := range model.Targets(i.Controls) {
			found[i] = append(found[i], c)
		}
	}
	for _, b := range f.Boundaries {
		for c := range model.Targets(b.EnforcedBy) {
			found[b] = append(found[b], c)
		}
	}
	for _, c := range f.Controls {
		for e := range model.Targets(c.Protects) {
			found[e] = append(found[e], c)
		}
	}
	return found
}

// signedContent are the assets that come by interfaces for updates, and all
// software.
func signedContent(f *model.File) map[*model.Asset]bool {
	found := map[*model.Asset]bool{}
	for _, a := range f.Assets {
		found[a] = a.Content == "software" || a.Content == "update"
	}
	for _, i := range f.Interfaces {
		for a := range model.Targets(i.Accepts) {
			found[a] = found[a] || i.Purpose == "update"
		}
	}
	return found
}

// running are the components that are known to run code: they say how they start,
// what they parse or where they listen, or have a part or an interface that
// takes code.
func running(f *model.File) map[*model.Component]bool {
	found := map[*model.Component]bool{}
	for _, c := range f.Components {
		found[c] = found[c] || c.Boot != (model.Boot{}) || len(c.Parses)+len(c.Listens) > 0
		if whole := c.PartOf.To; whole != nil && c.Type != "hardware" && c.Type != "device" {
			found[whole] = true
		}
	}
	for _, i := range f.Interfaces {
		if c := i.Component.To; c != nil && (i.Medium.Network() || i.Medium.Wireless() || i.Medium == "usb" || i.Medium == "debug") {
			found[c] = true
		}
	}
	return found
}

// living are the flows with both ends known and no interface switched off.
func living(f *model.File) []*model.Flow {
	var live []*model.Flow
	for _, flow := range f.Flows {
		_, off := model.First(flow.Over, func(i *model.Interface) bool { return !i.Used() })
		if !off && flow.From.OK() && flow.To.OK() {
			live = append(live, flow)
		}
	}
	return live
}

// places gives nodes to what an attacker can hold, in source order.
func (b *builder) places() {
	for _, c := range b.file.Components {
		b.g.node(c, holds)
	}
	for _, s := range b.file.Stores {
		b.g.node(s, holds)
	}
	for _, a := range b.file.Actors {
		b.g.node(a, holds)
	}
}

func (b *builder) edge(from, to int32, how verb, way *way, via ...model.Entity) {
	if from == to {
		return
	}
	b.g.edges = append(b.g.edges, edge{from: from, to: to, how: how, via: via, obstacles: way.list, content: way.content})
}

// byInterface lets strangers and peers in.
func (b *builder) byInterface(i *model.Interface) {
	c := i.Component.To
	if c == nil || !i.Used() {
		return
	}
	to := b.g.node(c, holds)
	if analogue(i) {
		to = b.g.node(c, feeds)
	}
	if outside(i) {
		from := b.g.node(i, reaches)
		for _, z := range b.around(i) {
			b.edge(from, to, connects, b.strange(i, z), i)
		}
	} else {
		b.inside(i, to)
	}
	for p := range model.Targets(i.Peers) {
		b.peer(i, p, to)
	}
}

// around are the zones from which strangers come to an interface: those of its
// peers outside and, for the internet, public ones behind a boundary. A nil zone
// is one that is not known, from which no boundary is crossed.
func (b *builder) around(i *model.Interface) []*model.Zone {
	home := model.ZoneOf(i)
	zones := newSet()
	for p := range model.Targets(i.Peers) {
		if z := model.ZoneOf(p); z == nil || z.Trust != "device" {
			zones.add(z)
		}
	}
	if i.Exposure == "internet" && home != nil {
		zones.drop(home)
		for _, z := range b.file.Zones {
			if z.Trust == "public" && z != home && b.boundaries[model.PairOf(z, home)] != nil {
				zones.add(z)
			}
		}
	}
	if len(zones.list) == 0 {
		zones.add(nil)
	}
	return zones.list
}

// inside lets whoever has a foothold in the zone of a peer come to an interface
// inside the device, as a stranger.
func (b *builder) inside(i *model.Interface, to int32) {
	zones := newSet()
	for p := range model.Targets(i.Peers) {
		if z := model.ZoneOf(p); z != nil && z != model.ZoneOf(i) {
			zones.add(z)
		}
	}
	for _, z := range zones.list {
		b.edge(b.g.node(z, holds), to, connects, b.strange(i, z), i)
	}
}

// strange is the way of a stranger in a zone to the component behind an
// interface.
func (b *builder) strange(i *model.Interface, z *model.Zone) *way {
	w := b.into(i.Component.To)
	w.guard(b.guards[i])
	b.across(w, z, model.ZoneOf(i))
	w.state(i)
	if i.Direction == "out" && i.Medium.Network() {
		w.add(declared("the device opens the connection of " + i.ID))
	}
	if i.Authentic() == model.Yes && i.Authentication != "physical-presence" && !w.gives("naut", "paut") {
		w.prove("authentication " + string(i.Authentication) + " of " + i.ID)
	}
	w.content = i.Purpose == "update" || b.carriesContent(i.Accepts)
	return w
}

// peer is the way of a rightful peer: it has the credentials, so what tells
// peers from strangers does not hinder it. Where the device opens the connection
// or either side may, the way back is open as well.
func (b *builder) peer(i *model.Interface, p model.Endpoint, to int32) {
	w := b.into(i.Component.To)
	w.guard(b.guards[i])
	b.across(w, model.ZoneOf(p), model.ZoneOf(i))
	w.state(i)
	w.content = b.carriesContent(i.Accepts)
	b.edge(b.g.node(p, holds), to, uses, w.trusted(), i)
	c, ok := p.(*model.Component)
	if !ok || i.Direction == "in" || analogue(i) {
		return
	}
	back := b.into(c)
	back.guard(b.guards[i])
	b.across(back, model.ZoneOf(i), model.ZoneOf(c))
	back.state(i)
	b.edge(to, b.g.node(c, holds), answers, back.trusted(), i)
}

// byParts joins a part and its whole: code in a part acts with the rights of the
// whole, and who has the whole has its parts.
func (b *builder) byParts() {
	for _, c := range b.file.Components {
		if whole := c.PartOf.To; whole != nil {
			part, all := b.g.node(c, holds), b.g.node(whole, holds)
			b.edge(part, all, belongs, b.into(whole))
			b.edge(all, part, contains, b.into(c))
		}
	}
}

// byStores joins a store with the component that holds it. Changing a store by
// its holder, and not by a flow into it, has to get past its integrity.
func (b *builder) byStores() {
	for _, s := range b.file.Stores {
		c := s.Component.To
		if c == nil {
			continue
		}
		store := b.g.node(s, holds)
		b.edge(b.g.node(c, holds), store, keeps, b.storing(s))
		b.edge(store, b.g.node(c, holds), read, b.into(c))
		if s.Removable == model.Yes {
			b.edge(b.g.node(s, reaches), store, takes, b.storing(s))
		}
	}
}

func (b *builder) storing(s *model.Store) *way {
	w := b.into(s)
	if model.States(s.Integrity) == model.Yes && !w.gives("igau", "stcf") {
		w.add(declared("integrity of " + s.ID))
	}
	return w
}

// byZones lets an attacker go on to other components of the same zone. The zone
// is a node of its own, so that a zone of many components has few edges. A
// library that is part of a program falls with the program and not beside it.
func (b *builder) byZones() {
	for _, c := range b.file.Components {
		if z := c.InZone(); z != nil && !(c.Type == "soup" && c.PartOf.OK()) {
			here, zone := b.g.node(c, holds), b.g.node(z, holds)
			leave := &way{}
			leave.add(Obstacle{Text: "no declared way leads on", Cost: b.lateral(c), Stated: true})
			b.edge(here, zone, spreads, leave)
			w := b.into(c)
			w.guard(b.guards[z])
			b.edge(zone, here, moves, w)
		}
	}
}

func (b *builder) byOpenDebug() {
	for _, c := range b.file.Components {
		if c.Boot.Debug == "open" {
			b.edge(b.g.node(c, reaches), b.g.node(c, holds), debugs, b.into(c))
		}
	}
}

// fed lets values that came by a sensor or a power contact go on along declared
// flows.
func (b *builder) fed() {
	sent := map[model.Entity][]*model.Flow{}
	for _, f := range b.live {
		sent[f.From.To] = append(sent[f.From.To], f)
	}
	for n := 0; n < len(b.g.nodes); n++ {
		if b.g.nodes[n].stand != feeds {
			continue
		}
		for _, f := range sent[b.g.nodes[n].entity] {
			b.send(f, feeds)
		}
	}
	for _, t := range b.g.targets {
		if n, ok := b.g.known(t.Entity, feeds); ok {
			t.nodes = append(t.nodes, n)
		}
	}
}

// set keeps zones in the order in which they were added.
type set struct{ list []*model.Zone }

func newSet() *set { return &set{} }

func (s *set) add(z *model.Zone) {
	s.drop(z)
	s.list = append(s.list, z)
}

func (s *set) drop(z *model.Zone) {
	for n, have := range s.list {
		if have == z {
			s.list = append(s.list[:n], s.list[n+1:]...)
			return
		}
	}
}
