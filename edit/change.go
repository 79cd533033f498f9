package edit

import (
	"slices"
	"strings"

	"theriac/format"
)

// editor makes splices for one layout.
type editor struct {
	*format.Layout
	order Order
	above []string // keys above the layout's root
	done  int      // steps of the same edit before this one
	lines bool     // text must stay on one line
}

// cursor is an entry in a list or map.
type cursor struct {
	parent *format.Value
	at     int
	up     *cursor  // the entry whose value the parent is; nil at the root
	path   []string // of keys to the parent
}

func (c cursor) entry() *format.Entry { return c.parent.Entries[c.at] }

// outer is the innermost entry outside of brackets.
func (c cursor) outer() cursor {
	for c.parent.Flow {
		c = *c.up
	}
	return c
}

// inside is the cursor of an entry of the value.
func (c cursor) inside(at int) cursor {
	return cursor{&c.entry().Value, at, &c, c.pathTo()}
}

// pathTo is the path of keys to the value. Items have the path of their list.
func (c cursor) pathTo() []string {
	if c.parent.Kind == format.ListValue {
		return c.path
	}
	return append(c.path[:len(c.path):len(c.path)], c.entry().Key)
}

// find returns the place of a step among the entries of a value, or -1.
func find(v *format.Value, step string) int {
	if v.Kind == format.ListValue {
		if i, ok := make(List, len(v.Entries)).at(step); ok {
			return i
		}
		return -1
	}
	return slices.IndexFunc(v.Entries, func(e *format.Entry) bool { return e.Key == step })
}

// walk goes down a path as far as it leads and returns the steps that are left.
// The first step always leads somewhere.
func (e editor) walk(steps []string) (cursor, []string) {
	c := cursor{parent: &e.Root, at: find(&e.Root, steps[0]), path: e.above}
	for i, step := range steps[1:] {
		at := find(&c.entry().Value, step)
		if at < 0 {
			return c, steps[i+1:]
		}
		c = c.inside(at)
	}
	return c, nil
}

// set makes one step towards a value at a path; none when it is there.
func (e editor) set(steps []string, v Value) []splice {
	c, rest := e.walk(steps)
	if len(rest) == 0 {
		return e.change(c, v)
	}
	if in := &c.entry().Value; in.Kind == format.MapValue && len(in.Entries) > 0 {
		return e.add(c, rest[0], nested(rest[1:], v))
	}
	return e.change(c, nested(rest, v))
}

// maxEntries is how long lists and maps may be to be changed entry by entry,
// which takes time by the square of it. Longer ones are written anew.
const maxEntries = 400

// change makes one step from the value of an entry to another value.
func (e editor) change(c cursor, v Value) []splice {
	old := &c.entry().Value
	if same(read(*old), v) {
		return nil
	}
	list, isList := v.(List)
	m, isMap := v.(Map)
	alike := isList && old.Kind == format.ListValue || isMap && old.Kind == format.MapValue
	switch {
	case alike && isMap && e.sameKeys(old, m):
		return e.changeFields(c, m)
	case alike && isList && old.Flow && len(old.Entries) == len(list):
		return e.changeItem(c, list)
	case c.parent.Flow || alike && old.Flow:
		return e.inPlace(c, e.flow(c.pathTo(), old, v))
	case len(old.Entries)+size(v) > maxEntries:
		return e.replace(c, v)
	case alike && isMap && len(m) > 0:
		return e.changeMap(c, m)
	case alike && isList && len(list) > 0:
		return e.changeList(c, list)
	case old.Start < old.End && !old.Body && (old.Flow || size(read(*old)) == 0):
		if text := e.write(c, "", v); !strings.Contains(text, "\n") {
			return e.inPlace(c, strings.TrimLeft(text[len(e.mark(c)):], " "))
		}
	}
	return e.replace(c, v)
}

// sameKeys reports whether a map that is not empty has the fields of another.
func (e editor) sameKeys(old *format.Value, m Map) bool {
	return len(old.Entries) > 0 && len(old.Entries) == len(m) &&
		!slices.ContainsFunc(m, func(f Field) bool { return find(old, f.Name) < 0 })
}

// changeFields makes one step in a map whose fields stay.
func (e editor) changeFields(c cursor, m Map) []splice {
	for _, f := range m {
		if s := e.change(c.inside(find(&c.entry().Value, f.Name)), f.Value); s != nil {
			return s
		}
	}
	return nil
}

// changeItem makes one step in a list whose length stays.
func (e editor) changeItem(c cursor, list List) []splice {
	for i, item := range list {
		if s := e.change(c.inside(i), item); s != nil {
			return s
		}
	}
	return nil
}

// changeMap makes one step in a map: a field less, or a field more.
func (e editor) changeMap(c cursor, m Map) []splice {
	old := &c.entry().Value
	for _, f := range m {
		if find(old, f.Name) < 0 {
			return e.add(c, f.Name, f.Value)
		}
	}
	for i, o := range old.Entries {
		if m.index(o.Key) < 0 {
			return e.cut(c.inside(i))
		}
	}
	return nil
}

// changeList makes one step in a list: it goes on where the two first differ.
// What stands in both, further on, is kept with its comments.
func (e editor) changeList(c cursor, list List) []splice {
	old := read(c.entry().Value).(List)
	i := 0
	for i < len(old) && i < len(list) && same(old[i], list[i]) {
		i++
	}
	switch {
	case i == len(old):
		return e.addItem(c, i, list[i])
	case i == len(list):
		return e.cut(c.inside(i))
	}
	stays, known := contains(list[i:], old[i]), contains(old[i:], list[i])
	switch {
	case !stays && !known:
		return e.change(c.inside(i), list[i])
	case !known:
		return e.addItem(c, i, list[i])
	}
	return e.cut(c.inside(i))
}

// addItem adds an item to a list that is not empty.
func (e editor) addItem(c cursor, at int, item Value) []splice {
	l := &c.entry().Value
	return e.insert(l, at-1, e.writer(c).item(sorted(e.order, c.pathTo(), item), l.Column), false)
}

func contains(list List, v Value) bool {
	return slices.ContainsFunc(list, func(item Value) bool { return same(item, v) })
}

// add adds a field to a map that is not empty, at its canonical place.
func (e editor) add(c cursor, name string, v Value) []splice {
	m, path := &c.entry().Value, c.pathTo()
	if m.Flow {
		return e.inPlace(c, e.flow(path, m, append(read(*m).(Map), Field{name, v})))
	}
	v = sorted(e.order, append(slices.Clone(path), name), v)
	return e.insert(m, e.place(m, path, name), e.writer(c).entry(key(name), "", v, m.Column), false)
}

// place returns behind which entry of a map a new one stands; -1 when it is the
// first.
func (e editor) place(m *format.Value, path []string, name string) int {
	keys := e.order(path)
	at, best := -1, -1
	for i, o := range m.Entries {
		if r := rank(keys, o.Key); r <= rank(keys, name) && r >= best {
			at, best = i, r
		}
	}
	return at
}
