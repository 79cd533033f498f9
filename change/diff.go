package change

import (
	"iter"
	"strings"

	"theriac/model"
)

// Change is an entity that the two states do not both have, or not with the same
// content.
type Change struct {
	Kind          *model.Kind
	Before, After model.Entity // nil when added or removed
	Fields        []FieldChange
	Variant       string // the only variant in which it is so, or ""
}

// Status of a change.
type Status string

// The statuses. A renamed entity may have changed as well.
const (
	Added   Status = "added"
	Removed Status = "removed"
	Renamed Status = "renamed"
	Changed Status = "changed"
)

// Status says what happened to the entity.
func (c *Change) Status() Status {
	switch {
	case c.Before == nil:
		return Added
	case c.After == nil:
		return Removed
	case model.Of(c.Before).ID != model.Of(c.After).ID:
		return Renamed
	}
	return Changed
}

// Entity is the later one of the two, or the earlier where it is gone.
func (c *Change) Entity() model.Entity {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// ID is the id of Entity.
func (c *Change) ID() string { return model.Of(c.Entity()).ID }

// Touches reports whether one of the fields, or something inside it, differs.
func (c *Change) Touches(fields ...string) bool {
	return len(c.paths(fields...)) > 0
}

// paths lists the differences in some fields and inside them.
func (c *Change) paths(fields ...string) []string {
	var list []string
	for _, f := range c.Fields {
		for _, name := range fields {
			if f.Path == name || strings.HasPrefix(f.Path, name+".") {
				list = append(list, f.Path)
			}
		}
	}
	return list
}

// Field is the difference in one field, or the zero value.
func (c *Change) Field(path string) FieldChange {
	for _, f := range c.Fields {
		if f.Path == path {
			return f
		}
	}
	return FieldChange{}
}

// Comparison is the difference between two states.
type Comparison struct {
	Before, After *View
	Changes       []*Change // kind by kind, in the order of the later state, what is gone last
	Items         []Item    // by section; see Sections
	Significance  Significance

	was map[model.Entity]model.Entity // later to earlier
	is  map[model.Entity]model.Entity // earlier to later
	of  map[model.Entity]*Change      // by both

	threats *derivedChanges // see derived
}

// Compare finds what differs between two loaded states and what it means.
func Compare(before, after *View) *Comparison {
	c := &Comparison{
		Before: before, After: after,
		was: map[model.Entity]model.Entity{}, is: map[model.Entity]model.Entity{}, of: map[model.Entity]*Change{},
	}
	c.pair()
	c.interpret()
	c.Significance = c.judge()
	return c
}

// key identifies an entity; ids of clauses under not-applicable are those of no
// other entity, but may be spelt like one.
type key struct {
	kind *model.Kind
	id   string
}

func keyOf(e model.Entity) key { return key{model.Of(e).Kind(), model.Of(e).ID} }

// Of is the change of an entity of either state; nil where both say the same.
func (c *Comparison) Of(e model.Entity) *Change { return c.of[e] }

// Earlier is an entity of the later state as it was; nil where it is new.
func (c *Comparison) Earlier(e model.Entity) model.Entity { return c.was[e] }

// Later is an entity of the earlier state as it is; nil where it is gone.
func (c *Comparison) Later(e model.Entity) model.Entity { return c.is[e] }

// pair finds which entities of the two states are the same, and how they differ.
func (c *Comparison) pair() {
	earlier := map[key]model.Entity{}
	c.Before.File.All(func(e model.Entity) { earlier[keyOf(e)] = e })
	gone, fresh := map[*model.Kind][]model.Entity{}, map[*model.Kind][]model.Entity{}
	c.After.File.All(func(e model.Entity) {
		if was := earlier[keyOf(e)]; was != nil {
			c.same(was, e)
		} else {
			k := model.Of(e).Kind()
			fresh[k] = append(fresh[k], e)
		}
	})
	c.Before.File.All(func(e model.Entity) {
		if c.is[e] == nil {
			k := model.Of(e).Kind()
			gone[k] = append(gone[k], e)
		}
	})
	r := &renames{to: map[string]string{}, fields: map[string]map[string]bool{}}
	for after, before := range r.find(gone, fresh) {
		c.same(before, after)
	}
	c.list(r)
}

func (c *Comparison) same(before, after model.Entity) { c.was[after], c.is[before] = before, after }

// list lists the changes.
func (c *Comparison) list(r *renames) {
	byKind := map[*model.Kind][]*Change{}
	add := func(one *Change) { byKind[one.Kind] = append(byKind[one.Kind], one) }
	c.After.File.All(func(e model.Entity) {
		one := &Change{Kind: model.Of(e).Kind(), Before: c.was[e], After: e}
		if one.Before != nil {
			one.Fields = fieldChanges(one.Kind, r.content(one.Before), model.ContentOf(e))
		}
		if len(one.Fields) > 0 || one.Status() != Changed {
			add(one)
		}
	})
	c.Before.File.All(func(e model.Entity) {
		if c.is[e] == nil {
			add(&Change{Kind: model.Of(e).Kind(), Before: e})
		}
	})
	for _, k := range model.Kinds() {
		c.Changes = append(c.Changes, byKind[k]...)
	}
	for _, one := range c.Changes {
		for _, e := range []model.Entity{one.Before, one.After} {
			if e != nil {
				c.of[e] = one
			}
		}
	}
}

// now is the id that an id of the earlier state has in the later one.
func (c *Comparison) now(id string) string {
	if e := c.Before.File.Lookup(id); e != nil && c.is[e] != nil {
		return model.Of(c.is[e]).ID
	}
	return id
}

// nows is now for several ids.
func (c *Comparison) nows(ids []string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = c.now(id)
	}
	return list
}

// both yields the entities of a type that both states have, earlier and later.
func both[T model.Entity](c *Comparison) iter.Seq2[T, T] {
	return func(yield func(T, T) bool) {
		for is := range every[T](c.After) {
			if was, ok := c.was[is].(T); ok && !yield(was, is) {
				return
			}
		}
	}
}

// added yields the entities of a type that only the later state has.
func added[T model.Entity](c *Comparison) iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := range every[T](c.After) {
			if c.was[e] == nil && !yield(e) {
				return
			}
		}
	}
}

// removed yields the entities of a type that only the earlier state has.
func removed[T model.Entity](c *Comparison) iter.Seq[T] {
	return func(yield func(T) bool) {
		for e := range every[T](c.Before) {
			if c.is[e] == nil && !yield(e) {
				return
			}
		}
	}
}

// every yields the entities of a type in a state.
func every[T model.Entity](v *View) iter.Seq[T] {
	return func(yield func(T) bool) {
		more := true
		v.File.All(func(e model.Entity) {
			if t, ok := e.(T); ok && more {
				more = yield(t)
			}
		})
	}
}
