// Package reference writes the reference pages of the documentation from the
// types, rules and catalogue themselves, so that the pages cannot drift. The
// package's test compares them with what is committed; -update writes them.
package reference

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/check/rules"
	"theriac/model"
	"theriac/schema"
)

// Pages are the generated pages by their path below docs.
func Pages() map[string]string {
	return map[string]string{
		"reference/language.md":  Language(),
		"reference/rules.md":     Rules(),
		"reference/catalogue.md": Catalogue(),
		"reference/threats.md":   Threats(),
	}
}

const generated = "<!-- Generated from the program by `go test ./internal/reference -update`; do not edit. -->\n\n"

// page builds Markdown.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func cell(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`)
}

// Language describes every key of the security file.
func Language() string {
	p := &page{}
	p.WriteString(generated)
	p.line("# The security file language\n")
	p.line("Top-level keys may stand in any `.yaml` file below the folder of `theriac.yaml`, in any order and split over any")
	p.line("number of files; `product`, `imports` and `ignore` stand in `theriac.yaml` itself. An absent value is unknown.")
	p.line("Durations are a whole number and a unit (`5 minutes`, `1 year`), dates are `YYYY-MM-DD`, answers are `true` or `false`.\n")
	p.line("Fields marked * are required. Every entity may also have `notes`, `clauses`, `only-in` and `override`.\n")
	d := describer{page: p, done: map[reflect.Type]bool{}}
	for _, f := range schema.Fields(reflect.TypeFor[model.File]()) {
		k := model.KindOf(f.Name)
		p.line("## %s\n", f.Name)
		switch {
		case f.Shape == schema.List:
			p.line("%s. Written as a list of texts.\n", upper(f.Doc))
			continue
		case k.Single:
			p.line("%s. Written once, as a map.\n", upper(f.Doc))
		default:
			p.line("%s. Written as a map keyed by id.\n", upper(f.Doc))
		}
		d.fields(k.Type)
	}
	return p.String()
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// describer writes tables of fields and, once each, those of nested structs.
type describer struct {
	*page
	done map[reflect.Type]bool
}

func (d *describer) fields(t reflect.Type) {
	var nested []reflect.Type
	d.line("| Field | Form | Meaning |")
	d.line("| --- | --- | --- |")
	for _, f := range schema.Fields(t) {
		if slices.Contains([]string{"notes", "clauses", "only-in", "override"}, f.Name) {
			continue
		}
		star := ""
		if f.Required {
			star = " *"
		}
		d.line("| `%s`%s | %s | %s |", f.Name, star, cell(form(f)), cell(upper(f.Doc)))
		inner := f
		if f.Item != nil {
			inner = *f.Item
		}
		if inner.Shape == schema.Struct && !d.done[inner.Type] {
			nested = append(nested, inner.Type)
		}
	}
	d.line("")
	d.choices(t)
	for _, n := range nested {
		if d.done[n] {
			continue
		}
		d.done[n] = true
		d.line("### %s\n", n.Name())
		d.fields(n)
	}
}

// choices lists the values of enumerations with their meaning.
func (d *describer) choices(t reflect.Type) {
	for _, f := range schema.Fields(t) {
		if len(f.Values) == 0 {
			continue
		}
		var parts []string
		for _, v := range f.Values {
			parts = append(parts, fmt.Sprintf("`%s` (%s)", v.Name, v.Doc))
		}
		d.line("`%s`: %s.\n", f.Name, strings.Join(parts, ", "))
	}
}

// form says how a field is written.
func form(f schema.Field) string {
	switch f.Shape {
	case schema.List:
		return "list of " + form(*f.Item)
	case schema.Reference:
		var names []string
		for _, k := range f.Targets {
			names = append(names, k.Singular)
		}
		if len(names) > 6 {
			names = []string{"any entity"}
		}
		return "id of " + strings.Join(names, ", ")
	case schema.Struct:
		return "map, see " + f.Type.Name()
	case schema.Choice:
		return "choice, see below"
	}
	return string(f.Shape)
}

// Rules describes every rule with its examples.
func Rules() string {
	p := &page{}
	p.WriteString(generated)
	p.line("# Rules\n")
	p.line("Severities: **error** (the file says something wrong or contradictory, or a document would be untrue), **open** (a")
	p.line("question that nothing answers yet), **warning** (a reviewer will ask), **note**. `theriac explain CODE` shows the same.\n")
	for _, s := range check.Subjects {
		p.line("## %s\n", s.Title)
		for _, r := range rules.All() {
			if check.SubjectOf(r.Code) == s {
				p.rule(r)
			}
		}
	}
	p.retired()
	return p.String()
}

// retired lists the codes of rules that are gone.
func (p *page) retired() {
	p.line("## Retired codes\n")
	p.line("Rules that are gone; no other rule gets their codes.\n")
	p.line("| Code | Rule | Instead |")
	p.line("| --- | --- | --- |")
	for _, r := range rules.AllRetired() {
		p.line("| %s | %s | %s |", r.Code, cell(upper(r.Title)), cell(upper(r.Instead)))
	}
}

func (p *page) rule(r *check.Rule) {
	p.line("### %s: %s\n", r.Code, r.Title)
	p.line("*%s*. %s.\n", r.Severity, upper(strings.TrimSuffix(r.Why, ".")))
	p.line("How to mend it: %s.\n", strings.TrimSuffix(r.Fix, "."))
	if len(r.Clauses) > 0 {
		p.line("Clauses: `%s`.\n", strings.Join(r.Clauses, "`, `"))
	}
	if len(r.Questions) > 0 {
		p.line("Questions: `%s`.\n", strings.Join(r.Questions, "`, `"))
	}
	p.line("<details><summary>Example</summary>\n\nWrong:\n\n```yaml\n%s\n```\n", example(r.Bad))
	p.line("Right:\n\n```yaml\n%s\n```\n\n</details>\n", example(r.Good))
}

func example(text string) string {
	return strings.ReplaceAll(strings.TrimSpace(text), "# want ", "# <- ")
}

// Catalogue lists every entry of every source.
func Catalogue() string {
	c := catalog.Load()
	p := &page{}
	p.WriteString(generated)
	p.line("# The catalogue\n")
	p.line("Paraphrases are ours and are not the legal text. *Verified* says how an entry was checked: primary (in the text")
	p.line("itself), secondary (in published descriptions), memory (not checked; treat as a lead). Entries of role *context*")
	p.line("are for orientation and ask nothing of a security file. `theriac explain ID` shows an entry in full.\n")
	for _, s := range c.Sources {
		p.line("## %s\n", s.Title)
		p.line("`%s`, %s, edition: %s. %d entries.\n", s.ID, s.Kind, s.Edition, len(s.Entries))
		if s.Notes != "" {
			p.line("%s\n", s.Notes)
		}
		p.line("| Entry | Clause | Title | Applies when | Role | Verified |")
		p.line("| --- | --- | --- | --- | --- | --- |")
		for _, e := range s.Entries {
			p.line("| `%s` | %s | %s | %s | %s | %s |", e.ID, cell(e.Clause), cell(e.Title), cell(e.Condition().String()), e.Role, e.Verified)
		}
		p.line("")
	}
	return p.String()
}
