package rules

import (
	"fmt"
	"reflect"
	"sync"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T0018", Severity: diag.Warning,
	Title: "list names the same thing twice",
	Why:   "a repetition is usually a slip of copying, and the second entry was meant to be something else",
	Fix:   "remove the repetition, or write what was meant",
	Bad: `
assets:
  as-orders:
    title: Orders
    type: data
    affects: [therapy, therapy] # want T0018
`,
	Good: `
assets:
  as-orders:
    title: Orders
    type: data
    affects: [therapy, privacy]
`,
	Run: func(p *check.Pass) {
		p.File.All(func(e model.Entity) {
			v := reflect.ValueOf(e).Elem()
			for _, l := range listsOf(v.Type()) {
				items := v.FieldByIndex(l.index)
				if l.name == "between" {
					continue // T3102 speaks of a zone on both sides
				}
				if at, text := repeated(items, l.ref); at >= 0 {
					p.Report(e, fmt.Sprintf("%s.%d", l.name, at), "%s names %q twice under %q", model.Label(e), text, l.name)
				}
			}
		})
	},
})

// listField is a field that holds a list of words or references.
type listField struct {
	name  string
	index []int
	ref   bool // items are references, which bear the id in a field
}

var listFields sync.Map // reflect.Type to []listField

func listsOf(t reflect.Type) []listField {
	if known, ok := listFields.Load(t); ok {
		return known.([]listField)
	}
	var lists []listField
	for _, f := range reflect.VisibleFields(t) {
		name := f.Tag.Get("yaml")
		if name == "" || name == "-" || f.Type.Kind() != reflect.Slice {
			continue
		}
		item := f.Type.Elem()
		_, ref := reflect.PointerTo(item).MethodByName("OK")
		if ref || item.Kind() == reflect.String {
			lists = append(lists, listField{name, f.Index, ref})
		}
	}
	listFields.Store(t, lists)
	return lists
}

// repeated returns the place and text of the first item that occurred before,
// or -1.
func repeated(items reflect.Value, ref bool) (int, string) {
	if items.Len() < 2 {
		return -1, ""
	}
	seen := make(map[string]bool, items.Len())
	for i := range items.Len() {
		item := items.Index(i)
		if ref {
			item = item.FieldByName("ID")
		}
		if seen[item.String()] {
			return i, item.String()
		}
		seen[item.String()] = true
	}
	return -1, ""
}
