package model

import (
	"reflect"
	"strconv"
)

// Reference is one id that an entity names.
type Reference struct {
	Field string // names of fields joined by dots: safety-effect.situations
	At    string // the same with the place in a list, for Base.At: safety-effect.situations.0
	ID    string // as written
	To    Entity // nil when it leads nowhere
}

// References lists what an entity refers to by id, in the order of its fields
// and lists. Clauses and other names of the catalogue are not among them.
func References(e Entity) []Reference {
	var list []Reference
	references(reflect.ValueOf(e).Elem(), "", "", &list)
	return list
}

// ReferenceFields lists the fields of a kind that hold references, as
// Reference.Field gives them.
func ReferenceFields(k *Kind) []string {
	var list []string
	referenceFields(k.Type, "", &list)
	return list
}

func references(v reflect.Value, field, at string, list *[]Reference) {
	for _, p := range layout(v.Type()) {
		value := v.FieldByIndex(p.index)
		field, at := join(field, p.name), join(at, p.name)
		switch {
		case p.shape == pointer:
			refer(value, field, at, list)
		case p.shape == record:
			references(value, field, at, list)
		case p.item == pointer && value.Kind() == reflect.Slice:
			for i := range value.Len() {
				refer(value.Index(i), field, join(at, strconv.Itoa(i)), list)
			}
		case p.item == record && value.Kind() == reflect.Slice:
			for i := range value.Len() {
				references(value.Index(i), field, join(at, strconv.Itoa(i)), list)
			}
		}
	}
}

func refer(v reflect.Value, field, at string, list *[]Reference) {
	r := v.Addr().Interface().(reference)
	if r.id() != "" {
		*list = append(*list, Reference{field, at, r.id(), r.target()})
	}
}

func referenceFields(t reflect.Type, field string, list *[]string) {
	for _, p := range layout(t) {
		inner, shape := t.FieldByIndex(p.index).Type, p.shape
		if inner.Kind() == reflect.Slice {
			inner, shape = inner.Elem(), p.item
		}
		switch shape {
		case pointer:
			*list = append(*list, join(field, p.name))
		case record:
			referenceFields(inner, join(field, p.name), list)
		}
	}
}

// join puts a step behind a path of steps joined by dots.
func join(path, step string) string {
	if path == "" {
		return step
	}
	return path + "." + step
}
