package strictjson

import (
	"fmt"
	"reflect"
	"strings"
)

// field is a field of a struct, or of a struct embedded in it.
type field struct {
	name  string
	index []int
	plan  *plan
}

// fillStruct collects the fields of a struct. Those of embedded structs count as
// its own; two with one name are a mistake of the program, where encoding/json
// has rules of precedence.
func (m maker) fillStruct(p *plan, t reflect.Type) {
	p.byName = map[string]int{}
	m.collect(p, t, nil)
	for i, f := range p.fields {
		if _, ok := p.byName[f.name]; ok {
			panic(fmt.Sprintf("strictjson: %s has two fields %q", t, f.name))
		}
		p.byName[f.name] = i
	}
}

func (m maker) collect(p *plan, t reflect.Type, outer []int) {
	for f := range t.Fields() {
		tag, tagged := f.Tag.Lookup("json")
		name, options, _ := strings.Cut(tag, ",")
		index := append(outer[:len(outer):len(outer)], f.Index...)
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct:
			m.collect(p, f.Type, index)
		case f.Anonymous && name == "":
			panic(fmt.Sprintf("strictjson: %s embeds %s", t, f.Type))
		case strings.Contains(options, "string"):
			panic(fmt.Sprintf("strictjson: %s.%s has the option string", t, f.Name))
		case f.IsExported():
			if !tagged || name == "" {
				name = f.Name
			}
			p.fields = append(p.fields, field{name, index, m.plan(f.Type)})
		}
	}
}

// readStruct reads an object. Texts mostly hold the fields in their order, so
// the field behind the last one is tried first.
func (p *plan) readStruct(d *decoder, v reflect.Value) error {
	seen := make([]bool, len(p.fields))
	guess := 0
	return d.members(func(key []byte) error {
		i, err := p.find(d, key, guess)
		if err != nil {
			return err
		}
		f := &p.fields[i]
		if seen[i] {
			return d.twice(f.name)
		}
		seen[i], guess = true, i+1
		if err := f.plan.read(d, f.of(v)); err != nil {
			return under(err, f.name)
		}
		return nil
	})
}

// of is the field in a struct.
func (f *field) of(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	return v.FieldByIndex(f.index)
}

func (p *plan) find(d *decoder, key []byte, guess int) (int, error) {
	if guess < len(p.fields) && p.fields[guess].name == string(key) {
		return guess, nil
	}
	if i, ok := p.byName[string(key)]; ok {
		return i, nil
	}
	for _, f := range p.fields {
		if strings.EqualFold(f.name, string(key)) {
			return 0, d.fail("field %s is written %q", shown(string(key)), f.name)
		}
	}
	return 0, d.fail("unknown field %s", shown(string(key)))
}
