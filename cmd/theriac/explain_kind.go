package main

import (
	"fmt"
	"strings"

	"theriac/model"
	"theriac/schema"
)

// explainKind shows the fields of a kind of entity.
func explainKind(p *page, k *model.Kind) {
	p.title("%s: %s", k.Name, k.Doc)
	p.line("")
	if k.Single {
		p.text(0, fmt.Sprintf("Written once, as a map below `%s:` at the top level of a file.", k.Name))
	} else {
		p.text(0, fmt.Sprintf("Written as a map keyed by id below `%s:` at the top level of a file.", k.Name))
	}
	p.heading("Fields")
	for _, f := range schema.Fields(k.Type) {
		showField(p, f, 2)
	}
	p.line("")
	p.text(0, fmt.Sprintf("theriac explain %s.FIELD says what the values of a field mean.", k.Name))
}

// showField shows a field with the fields inside it.
func showField(p *page, f schema.Field, indent int) {
	p.item(indent, f.Name+"  ", fmt.Sprintf("%s (%s)", f.Doc, form(f)))
	for _, inner := range inside(f) {
		showField(p, inner, indent+4)
	}
}

// form says in words how a field is written.
func form(f schema.Field) string {
	var words string
	switch f.Shape {
	case schema.Choice:
		words = "one of " + strings.Join(valueNames(f), ", ")
	case schema.Reference:
		words = "id of " + targets(f)
	case schema.List:
		words = "list of " + strings.TrimPrefix(form(*f.Item), "one of ")
	case schema.Date:
		words = "date as YYYY-MM-DD"
	case schema.Duration:
		words = "number and unit, for example 5 minutes"
	case schema.Moment:
		words = "time with its offset from UTC, for example 2026-11-02T14:30:00+01:00"
	default:
		words = string(f.Shape)
	}
	if f.Required {
		words += "; required"
	}
	return words
}

func valueNames(f schema.Field) []string {
	var names []string
	for _, v := range f.Values {
		names = append(names, v.Name)
	}
	return names
}

// targets names the kinds that a reference may lead to.
func targets(f schema.Field) string {
	const most = 12
	if len(f.Targets) > most {
		return "any entity"
	}
	var names []string
	for _, k := range f.Targets {
		names = append(names, k.Singular)
	}
	return strings.Join(names, " or ")
}

// inside lists the fields of the struct that a field, or each item of it, holds.
func inside(f schema.Field) []schema.Field {
	if f.Shape == schema.List {
		f = *f.Item
	}
	if f.Shape != schema.Struct {
		return nil
	}
	return schema.Fields(f.Type)
}

// explainField explains a field by its path, kind.field or deeper. It reports
// whether there is one.
func explainField(p *page, path string) bool {
	names := strings.Split(path, ".")
	k := model.KindOf(names[0])
	if k == nil || len(names) < 2 {
		return false
	}
	fields := schema.Fields(k.Type)
	var found schema.Field
	for _, name := range names[1:] {
		at := -1
		for i := range fields {
			if fields[i].Name == name {
				at = i
			}
		}
		if at < 0 {
			return false
		}
		found = fields[at]
		fields = inside(found)
	}
	p.title("%s: %s", path, found.Doc)
	p.line("")
	p.field("written as", form(found))
	if len(found.Values) > 0 {
		p.heading("Values")
		for _, v := range found.Values {
			p.item(2, v.Name+"  ", v.Doc)
		}
	}
	if len(fields) > 0 {
		p.heading("Fields")
		for _, f := range fields {
			showField(p, f, 2)
		}
	}
	return true
}
