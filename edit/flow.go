package edit

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"theriac/format"
)

// flow is a value in brackets with another content, on one line. What stays
// keeps its text.
func (e editor) flow(path []string, old *format.Value, v Value) string {
	if now := read(*old); same(now, v) && old.Start < old.End {
		if source := e.Text[old.Start:old.End]; bytes.IndexByte(source, '\n') < 0 {
			return string(source)
		}
	}
	var parts []string
	switch v := v.(type) {
	case List:
		for _, item := range v {
			parts = append(parts, e.flowItem(path, old, item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, f := range e.arranged(path, old, v) {
			parts = append(parts, e.flowField(path, old, f))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return brackets(sorted(e.order, path, v))
}

// flowItem is an item as it stands in the old list, if it does.
func (e editor) flowItem(path []string, old *format.Value, item Value) string {
	if old.Kind == format.ListValue {
		for _, o := range old.Entries {
			if same(read(o.Value), item) {
				return e.flow(path, &o.Value, item)
			}
		}
	}
	return brackets(sorted(e.order, path, item))
}

// flowField is a field with what stays of the old one.
func (e editor) flowField(path []string, old *format.Value, f Field) string {
	if i := find(old, f.Name); old.Kind == format.MapValue && i >= 0 {
		o := old.Entries[i]
		key := string(e.Text[o.Start:o.MarkEnd])
		if strings.Contains(key, "\n") {
			key = format.Quote(f.Name, true)
		}
		return key + ": " + e.flow(append(slices.Clone(path), f.Name), &o.Value, f.Value)
	}
	return format.Quote(f.Name, true) + ": " + brackets(sorted(e.order, append(slices.Clone(path), f.Name), f.Value))
}

// arranged is a map in the order of the old one, with new fields at their
// canonical places.
func (e editor) arranged(path []string, old *format.Value, m Map) Map {
	if old.Kind != format.MapValue {
		return m
	}
	view := format.Value{Kind: format.MapValue}
	for _, o := range old.Entries {
		if m.index(o.Key) >= 0 {
			view.Entries = append(view.Entries, o)
		}
	}
	for _, f := range m {
		if find(&view, f.Name) < 0 {
			at := e.place(&view, path, f.Name) + 1
			view.Entries = slices.Insert(view.Entries, at, &format.Entry{Key: f.Name})
		}
	}
	all := make(Map, len(m))
	for i, o := range view.Entries {
		v, _ := m.Get(o.Key)
		all[i] = Field{o.Key, v}
	}
	return all
}

// cutFlow takes an entry in brackets away.
func (e editor) cutFlow(c cursor) []splice {
	step := c.entry().Key
	if c.parent.Kind == format.ListValue {
		step = strconv.Itoa(c.at)
	}
	v := drop(read(*c.parent), []string{step})
	return e.inPlace(*c.up, e.flow(c.path, c.parent, v))
}
