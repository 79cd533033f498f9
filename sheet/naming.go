package sheet

import (
	"fmt"
	"slices"
	"strings"

	"theriac/model"
)

// numbers knows which entity each number of the team means.
type numbers struct {
	file    *model.File
	mapping *Mapping
	known   map[string]map[string][]string // kind, number, ids
	called  map[string]string              // id, number
}

func numbersOf(f *model.File, m *Mapping) *numbers {
	n := &numbers{f, m, map[string]map[string][]string{}, map[string]string{}}
	for _, rule := range m.IDs {
		if rule.Match == "" {
			continue
		}
		column, found := columnOf(rule.Name, rule.Match), map[string][]string{}
		for _, e := range entities(f, rule.Name) {
			if v := column.Of(e); !v.Empty() {
				number := oneLine(v.Items[0][0])
				found[number] = append(found[number], model.Of(e).ID)
			}
		}
		n.known[rule.Name] = found
		for number, ids := range found {
			if len(ids) == 1 {
				n.called[ids[0]] = number
			}
		}
	}
	return n
}

// entities are those of one kind, in source order.
func entities(f *model.File, kind string) []model.Entity {
	return slices.Collect(f.Of(model.KindOf(kind)))
}

// id is the id that a number stands for.
func (n *numbers) id(kind, number string) (string, error) {
	number = oneLine(number)
	rule := n.mapping.naming(kind)
	if rule == nil {
		return number, nil
	}
	switch ids := n.known[kind][number]; {
	case len(ids) == 1:
		return ids[0], nil
	case len(ids) > 1:
		return "", fmt.Errorf("%q is the number of several %s: %s", number, kind, strings.Join(ids, ", "))
	}
	if e := n.file.Lookup(number); e != nil && model.Of(e).Kind().Name == kind {
		return number, nil
	}
	return rule.make(number), nil
}

// make turns a number into an id: the prefix and the number in small letters,
// with a hyphen for each run of characters that an id cannot have.
func (r *Naming) make(number string) string {
	var b strings.Builder
	gap := false
	for _, c := range strings.ToLower(number) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(c)
		default:
			gap = true
		}
	}
	return r.Prefix + strings.TrimPrefix(b.String(), strings.ToLower(r.Prefix))
}

// number is how the team calls an entity: its matching field, else its id.
func (n *numbers) number(id string) string {
	if number := n.called[id]; number != "" {
		return number
	}
	return id
}
