package collect

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"theriac/model"
	"theriac/syntax"
)

// templater writes a form to fill in, from the types of the form.
type templater struct {
	kind formKind
	w    io.Writer
}

func (t *templater) write() {
	t.line("# Evidence form: %s (%s).", t.kind.kind, docOf(t.kind.kind))
	t.line("# Fill in each TBD. Of the lines behind a # take those that you need: what is not stated counts as unknown.")
	t.line("evidence-form: %s", formVersion)
	t.line("kind: %s", t.kind.kind)
	parts := map[string]bool{}
	for _, k := range formKinds {
		parts[k.part] = true
	}
	for f := range fields(reflect.TypeFor[form]()) {
		name := f.Tag.Get("yaml")
		if name == "evidence-form" || name == "kind" || parts[name] && name != t.kind.part {
			continue
		}
		t.line("")
		t.field(f, "", "", false)
	}
}

func (t *templater) line(format string, args ...any) { fmt.Fprintf(t.w, format+"\n", args...) }

func docOf(kind model.EvidenceKind) string {
	for _, v := range kind.Values() {
		if v.Name == string(kind) {
			return v.Doc
		}
	}
	return ""
}

// fields are those of a struct of a form.
func fields(t reflect.Type) func(func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); f.Tag.Get("yaml") != "" && !yield(f) {
				return
			}
		}
	}
}

// needed reports whether the field at a path must be filled in, or holds one
// that must.
func (t *templater) needed(f reflect.StructField, path string) bool {
	return f.Tag.Get("theriac") == "required" || slices.ContainsFunc(t.kind.required(), func(need string) bool {
		return need == path || strings.HasPrefix(need, path+".")
	})
}

// field writes a field. lead is what stands before its name, off whether the
// line is one that may be left out.
func (t *templater) field(f reflect.StructField, above, lead string, off bool) {
	name, doc := f.Tag.Get("yaml"), f.Tag.Get("doc")
	path := strings.TrimPrefix(above+"."+name, ".")
	off = off || !t.needed(f, path)
	if off {
		name = "# " + lead + name
	} else {
		name = lead + name
	}
	kind, indent := f.Type, strings.ReplaceAll(lead, "-", " ")
	if kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	switch {
	case path == "penetration.findings":
		t.line("%s: TBD # %s", name, doc)
		t.below(kind.Elem(), path, indent, "- ", true)
	case kind.Kind() == reflect.Slice && kind.Elem().Kind() == reflect.Struct:
		t.line("%s: # %s", name, doc)
		t.below(kind.Elem(), path, indent, "- ", off)
	case kind.Kind() == reflect.Slice:
		t.line("%s: [TBD] # %s", name, doc)
	case kind.Kind() == reflect.Struct && !isScalar(kind):
		t.line("%s: # %s", name, doc)
		t.below(kind, path, indent, "", off)
	default:
		t.line("%s: TBD # %s", name, doc)
	}
}

// below writes the fields of a struct that stands under a key, the first of
// them behind the dash of a list.
func (t *templater) below(kind reflect.Type, path, indent, dash string, off bool) {
	lead := indent + "  " + dash
	for f := range fields(kind) {
		t.field(f, path, lead, off)
		lead = strings.ReplaceAll(lead, "-", " ")
	}
}

func isScalar(t reflect.Type) bool {
	_, ok := reflect.New(t).Interface().(syntax.ScalarValue)
	return ok
}
