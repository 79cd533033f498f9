package rules

import (
	"slices"

	"theriac/model"
)

// depth is how many independent controls a way in must have. No more are
// collected, so that the work stays linear in the size of the file.
const depth = 2

// wayIn is an interface through which somebody outside can change what care
// depends on, with the first controls that stand in the way.
type wayIn struct {
	to     *model.Interface
	layers []*model.Control
}

// waysIn finds the ways in.
func waysIn(f *model.File) []wayIn {
	on := controlsOn(f)
	at := boundaryControls(f)
	var ways []wayIn
	for _, i := range f.Interfaces {
		if _, _, ok := firstOf("accepts", i.Accepts, (*model.Asset).Care); !ok || !i.Used() || !i.Exposure.External() {
			continue
		}
		w := wayIn{to: i}
		collect := func(controls []*model.Control) {
			for _, c := range controls {
				if len(w.layers) == depth {
					return
				}
				if !slices.Contains(w.layers, c) {
					w.layers = append(w.layers, c)
				}
			}
		}
		collect(ownControls(i.Controls))
		collect(on[i])
		for part := range i.Component.To.Whole() {
			collect(on[part])
		}
		for r := range model.Targets(i.Peers) {
			if from, to := model.ZoneOf(r), model.ZoneOf(i); from != nil && to != nil && from != to {
				collect(at[model.PairOf(from, to)])
			}
		}
		ways = append(ways, w)
	}
	return ways
}

// controlsOn lists controls by the elements that have them.
func controlsOn(f *model.File) map[model.Element][]*model.Control {
	on := map[model.Element][]*model.Control{}
	for _, c := range f.Controls {
		if !ownControl(c) {
			continue
		}
		for e := range model.Targets(c.Protects) {
			on[e] = append(on[e], c)
		}
	}
	return on
}

// boundaryControls lists, by pair of zones, the controls at the boundary.
func boundaryControls(f *model.File) map[model.ZonePair][]*model.Control {
	at := map[model.ZonePair][]*model.Control{}
	on := controlsOn(f)
	for pair, b := range f.BoundaryMap() {
		at[pair] = append(ownControls(b.EnforcedBy), on[b]...)
	}
	return at
}

// ownControl reports whether a control is a layer of the device: one of the
// operator's surroundings or of the user's behaviour is not (MDCG 2019-16
// section 3.6).
func ownControl(c *model.Control) bool {
	return c.By == "" || c.By == "device" || c.By == "manufacturer"
}

func ownControls(refs []model.Ref[*model.Control]) []*model.Control {
	var own []*model.Control
	for c := range model.Targets(refs) {
		if ownControl(c) {
			own = append(own, c)
		}
	}
	return own
}
