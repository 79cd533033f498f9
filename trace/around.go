package trace

import (
	"fmt"

	"theriac/model"
)

// Ground is an entity by which the target of a link is judged: the target itself,
// or what it does not state and is judged by all the same.
type Ground struct {
	Entity model.Entity
	Says   string // what of it counts, as a text
}

// Grounds lists the entities by which the target of a link of the file is judged.
// When a link becomes suspect, one of these says something else than before.
func Grounds(file *model.File, s State) []Ground {
	switch {
	case s.Whole():
		var all []Ground
		for e := range file.Of(model.KindOf(s.Target)) {
			all = append(all, Ground{e, model.Digest(e)})
		}
		return all
	case s.To == nil:
		return nil
	case s.Field == aims:
		return append(own(s.To), surroundings(s.To)...)
	}
	return own(s.To)
}

// own is what an entity states, and what belongs to a component and is stated
// elsewhere.
func own(e model.Entity) []Ground {
	all := []Ground{{e, model.Digest(e)}}
	if c, ok := e.(*model.Component); ok {
		for _, u := range parts(c) {
			all = append(all, Ground{u, model.Of(u).ID})
		}
	}
	return all
}

// parts are what a component offers and holds.
func parts(c *model.Component) []model.Entity {
	return model.Users[model.Entity](c, "component", "part-of")
}

// surroundings are what a threat to an element is judged by and the element does
// not state itself: a port does not say in which zone its component stands, which
// flows run over it, or how much is lost with what they carry. Each is a text;
// docs/formats/reviews.md lists them.
func surroundings(e model.Entity) []Ground {
	around := zonesAround(e)
	switch e := e.(type) {
	case *model.Store:
		around = append(around, stakes(e.Holds)...)
	case *model.Interface:
		for _, f := range model.Users[*model.Flow](e, "over") {
			around = append(around, Ground{f, "flow " + model.Digest(f)})
			around = append(around, stakes(f.Carries)...)
		}
		around = append(around, stakes(e.Accepts)...)
		around = append(around, stakes(e.Shows)...)
	case *model.Flow:
		around = append(around, stakes(e.Carries)...)
	case *model.Role:
		for p := range model.Targets(e.Permissions) {
			around = append(around, Ground{p, "permission " + model.Digest(p)})
		}
	}
	return around
}

// zonesAround are the zones in which an element is, or at whose border it stands,
// with how far they are trusted.
func zonesAround(e model.Entity) []Ground {
	var around []Ground
	add := func(z *model.Zone) {
		if z != nil {
			around = append(around, Ground{z, "zone " + z.ID + " " + string(z.Trust)})
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
func stakes(refs []model.Ref[*model.Asset]) []Ground {
	var all []Ground
	for a := range model.Targets(refs) {
		say := func(format string, args ...any) { all = append(all, Ground{a, fmt.Sprintf(format, args...)}) }
		say("asset %s %s %s %s %s %s %s", a.ID, a.Type, a.Content, a.Confidentiality, a.Integrity, a.Availability, a.PersonalData)
		for _, effect := range a.Affects {
			say("asset %s %s", a.ID, effect)
		}
	}
	return all
}
