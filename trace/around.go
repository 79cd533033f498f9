package trace

import (
	"fmt"

	"theriac/model"
)

// surroundings are what a threat to an element is judged by and the element does
// not state itself: a port does not say in which zone its component stands, which
// flows run over it, or how much is lost with what they carry. Each is a text;
// docs/formats/reviews.md lists them.
func surroundings(e model.Entity) []string {
	around := zonesAround(e)
	switch e := e.(type) {
	case *model.Store:
		around = append(around, stakes(e.Holds)...)
	case *model.Interface:
		for _, f := range model.Users[*model.Flow](e, "over") {
			around = append(around, "flow "+model.Digest(f))
			around = append(around, stakes(f.Carries)...)
		}
		around = append(around, stakes(e.Accepts)...)
		around = append(around, stakes(e.Shows)...)
	case *model.Flow:
		around = append(around, stakes(e.Carries)...)
	case *model.Role:
		for p := range model.Targets(e.Permissions) {
			around = append(around, "permission "+model.Digest(p))
		}
	}
	return around
}

// zonesAround are the zones in which an element is, or at whose border it stands,
// with how far they are trusted.
func zonesAround(e model.Entity) []string {
	var around []string
	add := func(z *model.Zone) {
		if z != nil {
			around = append(around, "zone "+z.ID+" "+string(z.Trust))
		}
	}
	switch e := e.(type) {
	case *model.Component, *model.Store, *model.Actor, *model.Interface:
		add(model.ZoneOf(e))
	case *model.Flow:
		from, to := e.Zones()
		add(from)
		add(to)
	case *model.Boundary:
		for z := range model.Targets(e.Between) {
			add(z)
		}
	case *model.Key:
		if e.HeldIn.OK() {
			add(model.ZoneOf(e.HeldIn.To))
		}
	}
	return around
}

// stakes say of assets what their loss would mean: of these it depends which
// threats matter. Their other words do not reach the elements that bear them.
func stakes(refs []model.Ref[*model.Asset]) []string {
	var all []string
	for a := range model.Targets(refs) {
		all = append(all, fmt.Sprintf("asset %s %s %s %s %s %s %s", a.ID, a.Type, a.Content, a.Confidentiality, a.Integrity, a.Availability, a.PersonalData))
		for _, effect := range a.Affects {
			all = append(all, fmt.Sprintf("asset %s %s", a.ID, effect))
		}
	}
	return all
}
