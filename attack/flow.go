package attack

import "theriac/model"

// analogue reports whether an interface carries a quantity and no messages.
func analogue(i *model.Interface) bool { return i.Medium.Analogue() && i.Protocol == "" }

// byFlow adds the three ways of putting something into a flow: to be its sender,
// to change it where it can be reached from outside, and to pass it on.
func (b *builder) byFlow(f *model.Flow) {
	b.send(f, holds)
	for i := range model.Targets(f.Over) {
		if outside(i) && i.Component.OK() {
			b.alter(f, i)
		}
		b.relay(f, i)
	}
}

// send is the way of the sender, who is trusted by the receiver: only a
// signature of somebody else tells that the content is not what it was.
func (b *builder) send(f *model.Flow, s stand) {
	from, via := b.g.node(f.From.To, s), []model.Entity{f}
	for i := range model.Targets(f.Over) {
		via = append(via, i)
	}
	w := b.along(f).trusted()
	if signedByOther(f) && !w.signs() {
		w.prove("content of " + f.ID + " is signed")
	}
	if _, quantity := model.First(f.Over, analogue); quantity {
		s = feeds
	}
	b.deliver(f, from, s, sends, w, via...)
}

// alter is the way of somebody at an interface who changes what passes. What
// leaves the device is not behind the obstacles that guard the way into it.
func (b *builder) alter(f *model.Flow, i *model.Interface) {
	w, s := b.along(f), holds
	if model.OnDevice(f.From.To) && !model.OnDevice(f.To.To) {
		w = b.channel(f)
	}
	if analogue(i) {
		s = feeds
	}
	w.state(i)
	if f.Intact() == model.Yes && !w.gives("txig", "igau") {
		w.prove(f.ID + " is protected against change")
	}
	b.deliver(f, b.g.node(i, reaches), s, alters, w, f, i)
}

// relay is the way of a component between sender and receiver that offers an
// interface of the flow: protection of the channel ends there, that of the
// content does not.
func (b *builder) relay(f *model.Flow, i *model.Interface) {
	c := i.Component.To
	if c == nil || model.Entity(c) == f.From.To || model.Entity(c) == f.To.To {
		return
	}
	w := b.along(f).trusted()
	if (model.States(f.Integrity) == model.Yes || f.Authentication == "signed-content") && !w.signs() {
		w.prove("content of " + f.ID + " is signed or sealed")
	}
	b.deliver(f, b.g.node(c, holds), holds, passes, w, f, i)
}

// deliver leads to the receiver and, where the flow is a target, to the flow.
// What a person receives ends there.
func (b *builder) deliver(f *model.Flow, from int32, s stand, how verb, w *way, via ...model.Entity) {
	w.content = b.carriesContent(f.Carries)
	if leaf, ok := b.g.known(f, holds); ok {
		b.edge(from, leaf, how, w, via...)
	}
	if a, ok := f.To.To.(*model.Actor); ok && a.Type == "person" {
		return
	}
	b.edge(from, b.g.node(f.To.To, s), how, w, via...)
}

// along is what stands on the way of a flow from one end to the other.
func (b *builder) along(f *model.Flow) *way {
	w := b.into(f.To.To)
	w.guard(b.guards[f])
	for i := range model.Targets(f.Over) {
		w.guard(b.guards[i])
	}
	from, to := f.Zones()
	b.across(w, from, to)
	return w
}

// channel is what protects a flow that leaves the device on its way, and not its
// receiver: of the controls at the boundary only those that protect channels.
func (b *builder) channel(f *model.Flow) *way {
	w, border := &way{}, &way{}
	w.guard(b.guards[f])
	for i := range model.Targets(f.Over) {
		w.guard(b.guards[i])
	}
	from, to := f.Zones()
	b.across(border, from, to)
	for _, o := range border.list {
		if gives(o.Control, "naut", "txcf", "txig") && !w.has(o.Control) {
			w.add(o)
		}
	}
	return w
}

// signedByOther reports whether content is signed and the sender does not hold
// a signing key of the interfaces that it uses.
func signedByOther(f *model.Flow) bool {
	signed := f.Authentication == "signed-content"
	for i := range model.Targets(f.Over) {
		signed = signed || i.Authentication == "signed-content"
		if _, own := model.First(i.Keys, func(k *model.Key) bool { return ownSigning(k, f.From.To) }); own {
			return false
		}
	}
	return signed
}

// ownSigning reports whether a signing key is in the hands of an endpoint.
func ownSigning(k *model.Key, e model.Endpoint) bool {
	if k.Purpose != "signature" && k.Purpose != "code-signing" || !k.HeldIn.OK() {
		return false
	}
	if model.Entity(k.HeldIn.To) == model.Entity(e) {
		return true
	}
	keeper, host := model.HostOf(k.HeldIn.To), model.HostOf(e)
	return keeper != nil && host != nil && keeper.Within(host)
}
