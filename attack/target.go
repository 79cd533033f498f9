package attack

import (
	"slices"

	"theriac/model"
)

// findTargets lists what the patient depends on: components that take part in
// therapy, measurement, results or alarms, and stores and flows with assets
// whose loss touches them.
func (b *builder) findTargets() {
	b.targetComponents()
	for _, s := range b.file.Stores {
		if assets := care(s.Holds); len(assets) > 0 {
			b.target(s, assets)
		}
	}
	for _, f := range b.live {
		if assets := care(f.Carries); len(assets) > 0 {
			b.target(f, assets)
		}
	}
}

func (b *builder) targetComponents() {
	known := map[*model.Component][]*model.Asset{}
	touch := func(e model.Entity, refs []model.Ref[*model.Asset]) {
		if c, ok := e.(*model.Component); ok && c != nil {
			known[c] = append(known[c], care(refs)...)
		}
	}
	for _, i := range b.file.Interfaces {
		touch(i.Component.To, i.Accepts)
	}
	for _, s := range b.file.Stores {
		touch(s.Component.To, s.Holds)
	}
	for _, f := range b.live {
		touch(f.To.To, f.Carries)
		touch(f.From.To, f.Carries)
	}
	for _, c := range b.file.Components {
		if c.Safety == model.Yes {
			b.target(c, inOrder(b.file.Assets, known[c]))
		}
	}
}

func (b *builder) target(e model.Entity, assets []*model.Asset) {
	b.g.targets = append(b.g.targets, &Target{Entity: e, Assets: assets, nodes: []int32{b.g.node(e, holds)}})
}

// care are the assets on which therapy, a result or an alarm depends.
func care(refs []model.Ref[*model.Asset]) []*model.Asset {
	var list []*model.Asset
	for a := range model.Targets(refs) {
		if a.Care() && !slices.Contains(list, a) {
			list = append(list, a)
		}
	}
	return list
}

// inOrder are the assets of a list, each once, in source order.
func inOrder(all, list []*model.Asset) []*model.Asset {
	var sorted []*model.Asset
	for _, a := range all {
		if slices.Contains(list, a) {
			sorted = append(sorted, a)
		}
	}
	return sorted
}
