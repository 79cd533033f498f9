package attack

import "theriac/model"

// Entry is where a path begins.
type Entry struct {
	Class Class
	At    model.Entity // interface, actor, component or store

	node int32
}

// findEntries lists the entries in the order of the file: interfaces with their
// supply chains, peers, then what can be taken out or opened.
func (b *builder) findEntries() {
	for _, i := range b.file.Interfaces {
		if !outside(i) {
			continue
		}
		n := b.g.node(i, reaches)
		b.enter(Class(i.Exposure), i, n)
		if i.Purpose == "update" {
			b.enter(SupplyChain, i, n)
		}
	}
	b.peers()
	for _, c := range b.file.Components {
		if c.Boot.Debug == "open" {
			b.enter(Physical, c, b.g.node(c, reaches))
		}
	}
	for _, s := range b.file.Stores {
		if s.Removable == model.Yes {
			b.enter(Physical, s, b.g.node(s, reaches))
		}
	}
}

func (b *builder) enter(c Class, at model.Entity, node int32) {
	b.g.entries = append(b.g.entries, &Entry{c, at, node})
}

// outside reports whether somebody outside can get at the interface.
func outside(i *model.Interface) bool { return i.Used() && i.Exposure.External() }

// peers are the actors and components outside the device that it deals with.
func (b *builder) peers() {
	known := map[model.Entity]bool{}
	for _, i := range b.file.Interfaces {
		if !outside(i) {
			continue
		}
		for p := range model.Targets(i.Peers) {
			known[p] = true
		}
	}
	for _, f := range b.live {
		_, actor := f.From.To.(*model.Actor)
		known[f.From.To] = known[f.From.To] || actor || overOutside(f)
	}
	for _, a := range b.file.Actors {
		if known[a] {
			b.enter(peerClass(a), a, b.g.node(a, holds))
		}
	}
	for _, c := range b.file.Components {
		if known[c] && !model.OnDevice(c) {
			b.enter(Peer, c, b.g.node(c, holds))
		}
	}
}

func peerClass(a *model.Actor) Class {
	if a.Type == "person" {
		return Insider
	}
	return Peer
}

func overOutside(f *model.Flow) bool {
	_, found := model.First(f.Over, outside)
	return found
}
