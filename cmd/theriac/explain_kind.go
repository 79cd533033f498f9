package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"theriac/model"
)

// explainKind shows the fields of a kind of entity.
func explainKind(p *page, k *model.Kind) {
	p.title("%s: %s", k.Name, k.Doc)
	p.line("")
	switch {
	case k.Type == nil:
		p.text(0, "Written as a list of texts at the top level of a file.")
		return
	case k.Single:
		p.text(0, fmt.Sprintf("Written once, as a map below `%s:` at the top level of a file.", k.Name))
	default:
		p.text(0, fmt.Sprintf("Written as a map keyed by id below `%s:` at the top level of a file.", k.Name))
	}
	p.heading("Fields")
	fields(p, k.Type, 2)
}

// fields lists the fields of a struct in the order in which they are written.
func fields(p *page, t reflect.Type, indent int) {
	for _, f := range model.Fields(t) {
		field(p, f, indent)
	}
}

func field(p *page, f reflect.StructField, indent int) {
	words, inner := typeWords(f.Type)
	if f.Tag.Get("theriac") == "required" {
		words += ", required"
	}
	p.item(indent, f.Tag.Get("yaml")+"  ", fmt.Sprintf("%s (%s)", f.Tag.Get("doc"), words))
	if inner != nil {
		fields(p, inner, indent+4)
	}
}

// typeWords says in words what a field holds. inner is the struct that it holds,
// if any.
func typeWords(t reflect.Type) (words string, inner reflect.Type) {
	if t.Kind() == reflect.Slice {
		words, inner = typeWords(t.Elem())
		return "list of " + words, inner
	}
	if values := valuesOf(t); len(values) > 0 {
		return "one of " + strings.Join(values, ", "), nil
	}
	switch t {
	case reflect.TypeFor[model.Answer]():
		return "true or false", nil
	case reflect.TypeFor[model.Date]():
		return "date as YYYY-MM-DD", nil
	case reflect.TypeFor[model.Duration]():
		return "number and unit, for example 5 minutes", nil
	}
	switch t.Kind() {
	case reflect.String:
		return "text", nil
	case reflect.Int:
		return "whole number", nil
	case reflect.Pointer:
		return typeWords(t.Elem())
	}
	if to, ok := t.FieldByName("To"); ok {
		return "id of " + targets(to.Type), nil
	}
	return "map", t
}

// targets names the kinds that a reference may lead to.
func targets(to reflect.Type) string {
	var list []string
	for _, k := range model.Kinds() {
		if k.Type != nil && reflect.PointerTo(k.Type).AssignableTo(to) {
			list = append(list, k.Singular)
		}
	}
	if len(list) > 12 {
		return "any entity"
	}
	return strings.Join(slices.Compact(list), ", ")
}

// valuesOf lists the names of an enumeration.
func valuesOf(t reflect.Type) []string {
	e, ok := reflect.Zero(t).Interface().(interface{ Values() model.Values })
	if !ok {
		return nil
	}
	var names []string
	for _, v := range e.Values() {
		names = append(names, v.Name)
	}
	return names
}
