package model

import (
	"reflect"

	"theriac/syntax"
)

// Fields returns the fields of a struct type of the language in the order in
// which they are written: the title, the type's own fields, then the other
// fields that all entities have.
func Fields(t reflect.Type) []reflect.StructField {
	var first, own, last []reflect.StructField
	for i := range t.NumField() {
		f := t.Field(i)
		switch name := f.Tag.Get("yaml"); {
		case f.Anonymous && name == "":
			common := Fields(f.Type)
			first, last = common[:1], common[1:]
		case name != "" && name != "-":
			own = append(own, f)
		}
	}
	return append(append(first[:len(first):len(first)], own...), last...)
}

// FieldOrder returns the canonical order of the keys of the mapping at a path of
// keys, for package format: nil where the order is the author's, as for the
// entries of a kind. Items of a list have the path of the list.
func FieldOrder(path []string) []string {
	t := typeAt(path)
	if t == nil {
		return nil
	}
	var names []string
	for _, f := range Fields(t) {
		names = append(names, f.Tag.Get("yaml"))
	}
	return names
}

// typeAt is the struct type of the mapping at a path, or nil.
func typeAt(path []string) reflect.Type {
	if len(path) == 0 {
		return nil
	}
	k := KindOf(path[0])
	if k == nil {
		return nil
	}
	path = path[1:]
	if !k.Single {
		if len(path) == 0 {
			return nil
		}
		path = path[1:] // the id
	}
	t := k.Type
	for _, name := range path {
		if t = fieldType(t, name); t == nil {
			return nil
		}
	}
	return t
}

// fieldType is the struct type that a field, or each item of it, holds, or nil.
func fieldType(t reflect.Type, name string) reflect.Type {
	for _, f := range Fields(t) {
		if f.Tag.Get("yaml") != name {
			continue
		}
		inner := f.Type
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && !reflect.PointerTo(inner).Implements(reflect.TypeFor[syntax.ScalarValue]()) {
			return inner
		}
	}
	return nil
}
