package edit

import (
	"strings"

	"theriac/format"
)

// appendTo writes new entities at the end of a kind.
func (e editor) appendTo(kind string, body Map) []splice {
	at := find(&e.Root, kind)
	body = sorted(e.order, []string{kind}, body).(Map)
	if at < 0 {
		return e.addKind(kind, body)
	}
	c := cursor{parent: &e.Root, at: at}
	v := &c.entry().Value
	switch {
	case v.Kind == format.MapValue && v.Flow && len(v.Entries) > 0:
		return e.inPlace(c, e.flow(c.pathTo(), v, append(read(*v).(Map), body...)))
	case v.Kind != format.MapValue || v.Flow:
		return e.replace(c, body)
	}
	w := writer{stepIn(v), e.lines}
	return e.insert(v, len(v.Entries)-1, w.entities(body, v.Column), true)
}

// entities are entries set apart by blank lines, the first without indentation.
func (w writer) entities(m Map, column int) string {
	var list []string
	for _, f := range m {
		list = append(list, w.entry(key(f.Name), "", f.Value, column))
	}
	return strings.Join(list, "\n\n"+pad(column))
}

// addKind writes a new kind with its entities.
func (e editor) addKind(kind string, body Map) []splice {
	w := writer{stepIn(&e.Root), e.lines}
	column := e.Root.Column
	text := key(kind) + "\n" + pad(column+w.step) + w.entities(body, column+w.step)
	if len(e.Root.Entries) > 0 {
		splices := e.insert(&e.Root, e.place(&e.Root, nil, kind), text, true)
		if s := &splices[0]; s.start == len(e.Text) {
			s.text += "\n"
		}
		return splices
	}
	head := strings.TrimRight(string(e.Text), " \t\n")
	if head != "" {
		text = "\n\n" + text
	}
	return []splice{{len(head), len(e.Text), text + "\n"}}
}
