package draw

import (
	"errors"
	"fmt"

	"theriac/model"
)

// ErrFocus says that a focus names nothing that could be drawn.
var ErrFocus = errors.New("focus names no zone, component, store, actor, interface, flow or asset")

// focus restricts the picture to what an id names and what it has flows with.
func (b *builder) focus(id string) error {
	if id == "" {
		return nil
	}
	centre := b.file.Lookup(id)
	b.near = map[model.Entity]bool{}
	switch c := centre.(type) {
	case *model.Asset:
		b.about = c
		b.aroundAsset(c)
	case *model.Flow:
		b.take(c)
	case *model.Zone, *model.Component, *model.Store, *model.Actor, *model.Interface:
		b.around(c)
	default:
		return fmt.Errorf("%w: %q", ErrFocus, id)
	}
	return nil
}

// take draws a flow with its ends.
func (b *builder) take(f *model.Flow) {
	if f.From.OK() && f.To.OK() {
		b.near[f] = true
		b.keep(f.From.To)
		b.keep(f.To.To)
	}
}

// keep draws an element with what contains it.
func (b *builder) keep(e model.Entity) {
	b.near[e] = true
	if c := model.HostOf(e); c != nil {
		for w := range c.Whole() {
			b.near[w] = true
		}
	}
}

// around draws what belongs to the centre, its flows and their other ends.
func (b *builder) around(centre model.Entity) {
	b.keep(centre)
	all := []model.Entity{}
	for _, a := range b.file.Actors {
		all = append(all, a)
	}
	for _, c := range b.file.Components {
		all = append(all, c)
	}
	for _, s := range b.file.Stores {
		all = append(all, s)
	}
	for _, e := range all {
		if belongs(e, centre) {
			b.keep(e)
		}
	}
	for _, f := range b.file.Flows {
		if f.From.OK() && f.To.OK() && (belongs(f.From.To, centre) || belongs(f.To.To, centre) || uses(f, centre)) {
			b.take(f)
		}
	}
}

// belongs reports whether an element is the centre of the picture or in it.
func belongs(e, centre model.Entity) bool {
	switch c := centre.(type) {
	case *model.Zone:
		return model.ZoneOf(e) == c
	case *model.Component:
		host := model.HostOf(e)
		return host != nil && host.Within(c)
	}
	return e == centre
}

func uses(f *model.Flow, centre model.Entity) bool {
	i, ok := centre.(*model.Interface)
	return ok && model.Refers(f.Over, i.ID)
}

// aroundAsset draws the flows that carry an asset and the stores that hold it.
func (b *builder) aroundAsset(a *model.Asset) {
	for _, f := range b.file.Flows {
		if model.Refers(f.Carries, a.ID) {
			b.take(f)
		}
	}
	for _, s := range b.file.Stores {
		if model.Refers(s.Holds, a.ID) {
			b.keep(s)
		}
	}
}
