package attack

import (
	"slices"

	"theriac/model"
)

// way collects the obstacles of an edge, each once.
type way struct {
	list    []Obstacle
	content bool
}

func (w *way) add(o Obstacle) { w.list = append(w.list, o) }

// guard adds controls that hinder.
func (w *way) guard(controls []*model.Control) {
	for _, c := range controls {
		if hinders(c) && !w.has(c) {
			o := obstacleOf(c)
			o.genuine = proves(c) || signs(c)
			w.add(o)
		}
	}
}

// prove adds what an element states about itself to tell peers from strangers.
func (w *way) prove(text string) {
	o := declared(text)
	o.genuine = true
	w.add(o)
}

func (w *way) has(c *model.Control) bool {
	return slices.ContainsFunc(w.list, func(o Obstacle) bool { return o.Control == c })
}

// gives reports whether a control on the way gives a capability, so that what
// the element states about itself is counted with it.
func (w *way) gives(capabilities ...model.Capability) bool {
	return slices.ContainsFunc(w.list, func(o Obstacle) bool { return o.Control != nil && gives(o.Control, capabilities...) })
}

func (w *way) signs() bool {
	return slices.ContainsFunc(w.list, func(o Obstacle) bool { return o.Control != nil && (signs(o.Control) || gives(o.Control, "igau")) })
}

// state adds that an interface is not open in ordinary operation.
func (w *way) state(i *model.Interface) {
	if !i.Open() {
		w.add(declared(i.ID + " is " + string(i.State)))
	}
}

// trusted takes away what does not hinder a rightful peer.
func (w *way) trusted() *way {
	w.list = slices.DeleteFunc(w.list, func(o Obstacle) bool { return o.Control != nil && proves(o.Control) })
	return w
}

// into is the way into an element: what protects it stands there.
func (b *builder) into(e model.Entity) *way {
	w := &way{}
	w.guard(b.guards[e])
	return w
}

// across adds what stands between two zones and at the zone that is entered.
func (b *builder) across(w *way, from, to *model.Zone) {
	if to == nil || from == to {
		return
	}
	w.guard(b.guards[to])
	if from == nil {
		return
	}
	if boundary := b.boundaries[model.PairOf(from, to)]; boundary != nil {
		w.guard(b.guards[boundary])
	}
}

func (b *builder) carriesContent(assets []model.Ref[*model.Asset]) bool {
	_, found := model.First(assets, func(a *model.Asset) bool { return b.content[a] })
	return found
}
