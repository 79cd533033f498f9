package csaf

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/gocsaf/csaf/v3/csaf"
)

// Encode writes a document: names in order of the alphabet, indented by two blanks,
// a line feed at the end.
//
// Two names and one value of the library's types are not those of the schema, in
// version 3.7.0: acknowledgements, and hashes, which are a list.
func Encode(a *csaf.Advisory) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return nil, err
	}
	root, _, err := parse(b.Bytes())
	if err != nil {
		return nil, err
	}
	b.Reset()
	e.SetIndent("", "  ")
	err = e.Encode(canonical(root))
	return b.Bytes(), err
}

// Decode reads a document into the library's type, which has no place for more than the
// first of the hashes of a product; Validate tells what is wrong with a document.
func Decode(text []byte) (*csaf.Advisory, error) {
	root, _, err := parse(text)
	if err != nil {
		return nil, err
	}
	root.mend()
	plain, err := json.Marshal(root.open())
	if err != nil {
		return nil, err
	}
	a := &csaf.Advisory{}
	return a, json.Unmarshal(plain, a)
}

// open is a value as encoding/json has it.
func (n *node) open() any {
	switch n.kind {
	case object:
		o := map[string]any{}
		for name, member := range n.members {
			if name == "acknowledgments" {
				name = "acknowledgements"
			}
			o[name] = member.open()
		}
		return o
	case list:
		items := make([]any, len(n.list))
		for i, item := range n.list {
			items[i] = item.open()
		}
		return items
	}
	return n.plain()
}

// mend makes lists of hashes what the library expects: objects.
func (n *node) mend() {
	for _, one := range n.list {
		one.mend()
	}
	for name, one := range n.members {
		if name == "hashes" && one.kind == list {
			if len(one.list) == 0 {
				one = &node{kind: null}
			} else {
				one = one.list[0]
			}
			n.members[name] = one
		}
		one.mend()
	}
}

// canonical is a value with its faults mended, as a value that encodes in order.
func canonical(n *node) any {
	switch n.kind {
	case object:
		var o ordered
		for _, name := range n.names {
			value := canonical(n.members[name])
			switch {
			case n.members[name].kind == null:
				continue
			case name == "acknowledgements":
				name = "acknowledgments"
			case name == "hashes" && n.members[name].kind == object:
				value = []any{value}
			}
			o = append(o, member{name, value})
		}
		slices.SortFunc(o, func(a, b member) int { return strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)) })
		return o
	case list:
		items := make([]any, len(n.list))
		for i, item := range n.list {
			items[i] = canonical(item)
		}
		return items
	}
	return n.plain()
}

type member struct {
	name  string
	value any
}

// ordered is a JSON object whose members keep their order.
type ordered []member

// MarshalJSON implements json.Marshaler.
func (o ordered) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := e.Encode(m.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := e.Encode(m.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
