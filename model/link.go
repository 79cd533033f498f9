package model

import (
	"bytes"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/syntax"
)

// Ids are short words that read well in a document and in a shell.
var idForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,63}$`)

// assemble puts the parts together: it merges overrides, indexes ids and
// resolves references.
func (a *assembly) assemble() {
	a.entities = map[string]Entity{}
	omitted := a.variant()
	merged := map[Entity]bool{}
	for _, f := range a.folders {
		for _, u := range f.units {
			a.findings = append(a.findings, u.findings...)
			a.file.incomplete = a.file.incomplete || u.broken
			for _, k := range kinds {
				for e := range entitiesOf(u.part, k) {
					e.base().from, e.base().users = f.from, nil
					if a.present(e, omitted) {
						a.add(e, merged)
					}
				}
			}
		}
	}
	a.collect(merged, omitted)
	a.resolve(omitted)
	if a.file.Product == nil && !a.file.incomplete {
		a.report("T0016", a.rootSpan(), "no product is described", "add `product:` with name, regulation and class")
	}
}

func (a *assembly) rootSpan() diag.Span {
	last := a.folders[len(a.folders)-1]
	for _, u := range last.units {
		if strings.HasSuffix(u.source.Path, RootFile) {
			return u.source.At(1, 1, 1)
		}
	}
	return diag.Span{}
}

// add enters an entity into the index, or says why it cannot stand.
func (a *assembly) add(e Entity, replaced map[Entity]bool) {
	b := e.base()
	a.form(e)
	known := a.entities[b.ID]
	switch {
	case known == nil && b.Override != "" && !b.kind.Single:
		a.report("T0106", b.At("override"), fmt.Sprintf("%s overrides nothing: no imported or base entity has this id", Label(e)), "correct the id, or remove `override`")
		fallthrough
	case known == nil:
		a.entities[b.ID] = e
	case b.Override != "":
		replaced[known], replaced[e] = true, true
		a.entities[b.ID] = a.override(known, e)
	case b.kind.Single:
		a.duplicate("T0015", b, known.base(), fmt.Sprintf("%q is given in two places", b.ID), "keep it in one place")
	default:
		replaced[e] = true
		a.duplicate("T0012", b, known.base(), fmt.Sprintf("id %q is used twice", b.ID), "give one of the two another id"+overrideHint(known.base()))
	}
}

func overrideHint(original *Base) string {
	if original.from != "" {
		return ", or say `override: <reason>` to change the imported entity"
	}
	return ""
}

func (a *assembly) duplicate(code string, b, first *Base, message, help string) {
	a.findings.Add(diag.Finding{Code: code, Severity: diag.Error, Span: b.Here(), Entity: b.ID, Message: message, Help: help,
		Related: []diag.Related{{Span: first.Here(), Message: "first used here"}}})
}

// form checks what all entities have in common.
func (a *assembly) form(e Entity) {
	b := e.base()
	if b.kind.Single || b.kind.Name == "not-applicable" {
		return
	}
	if !idForm.MatchString(b.ID) {
		a.report("T0011", b.Here(), fmt.Sprintf("%q cannot be an id", b.ID), "start with a letter; use letters, digits, dot, hyphen and underscore; at most 64 characters")
	}
	if b.Title == "" && !b.Has("title") && b.Override == "" && b.node.Kind == syntax.Mapping && b.kind.Titled() {
		a.findings.Add(diag.Finding{Code: syntax.CodeRequired, Severity: diag.Error, Span: b.Here(), Entity: b.ID,
			Message: fmt.Sprintf("%q lacks the required field \"title\"", b.ID), Help: "add `title: ...`, the name that readers of the documents will see"})
	}
}

// collect fills the file with what the index holds, in source order.
func (a *assembly) collect(replaced map[Entity]bool, omitted map[string]bool) {
	file := reflect.ValueOf(a.file).Elem()
	done := map[Entity]bool{}
	a.eachEntity(func(e Entity, _ folder) {
		b := e.base()
		if !a.present(e, omitted) {
			return
		}
		if replaced[e] {
			e = a.entities[b.ID]
			if done[e] || e.base().kind != b.kind {
				return
			}
			done[e] = true
		}
		field := file.Field(b.kind.field)
		if !b.kind.Single {
			field.Set(reflect.Append(field, reflect.ValueOf(e)))
		} else if field.IsNil() {
			field.Set(reflect.ValueOf(e))
		}
	})
	a.file.entities = a.entities
}

// resolve turns ids into pointers.
func (a *assembly) resolve(omitted map[string]bool) {
	for _, f := range a.folders {
		for _, u := range f.units {
			a.links = append(a.links, u.links...)
		}
	}
	for _, l := range a.links {
		l.ref.unbind()
		if a.entities[l.owner.base().ID] != l.owner {
			continue // replaced, or absent from this variant
		}
		a.link(l, omitted)
	}
}

func (a *assembly) link(l link, omitted map[string]bool) {
	target := a.entities[l.ref.id()]
	if target == nil {
		if omitted[l.ref.id()] || a.lost(l.ref.id()) {
			return
		}
		target = a.unresolved(l)
	} else if !l.ref.bind(target) {
		a.wrongKind(l, target)
		return
	}
	if target != nil {
		b := target.base()
		b.users = append(b.users, use{l.owner, l.field})
	}
}

// lost reports whether an id may stand in a part of a file that could not be
// read.
func (a *assembly) lost(id string) bool {
	if !a.file.incomplete {
		return false
	}
	for _, f := range a.folders {
		for _, u := range f.units {
			if u.broken && (len(u.source.Text) == 0 || bytes.Contains(u.source.Text, []byte(id+":"))) {
				return true
			}
		}
	}
	return false
}

// unresolved reports a reference that leads nowhere. Where one id is clearly
// meant, reading goes on as if it had been written, so that one misspelling is
// one finding.
func (a *assembly) unresolved(l link) Entity {
	id, wanted := l.ref.id(), l.ref.Targets()
	var candidates []string
	for name, e := range a.entities {
		if slices.Contains(wanted, e.base().kind) {
			candidates = append(candidates, name)
		}
	}
	slices.Sort(candidates)
	help := fmt.Sprintf("declare it under `%s:`, or correct the id", wanted[0].Name)
	if a.elsewhere(id) {
		help = "it exists only in another variant; mark this entity with `only-in` as well, or leave the reference out"
	}
	var meant Entity
	if s := diag.Suggest(id, candidates); s != "" && len(candidates) > 0 {
		help = fmt.Sprintf("did you mean %q?", s)
		meant = a.entities[s]
		l.ref.bind(meant)
	}
	a.findings.Add(diag.Finding{Code: "T0013", Severity: diag.Error, Span: l.node.Span(), Entity: l.owner.base().ID,
		Message: fmt.Sprintf("%s %q does not exist", kindNames(wanted), id), Help: help})
	a.mark(l)
	return meant
}

// elsewhere reports whether an id exists in a variant that is not loaded.
func (a *assembly) elsewhere(id string) bool {
	found := false
	a.eachEntity(func(e Entity, _ folder) { found = found || e.base().ID == id })
	return found
}

func (a *assembly) wrongKind(l link, target Entity) {
	a.findings.Add(diag.Finding{Code: "T0014", Severity: diag.Error, Span: l.node.Span(), Entity: l.owner.base().ID,
		Message: fmt.Sprintf("%q is a %s, expected %s", l.ref.id(), target.base().kind.Singular, kindNames(l.ref.Targets())),
		Help:    "refer to an entity of the right kind",
		Related: []diag.Related{{Span: target.base().Here(), Message: "declared here"}}})
	a.mark(l)
}

// mark remembers for this run that a field has a finding.
func (a *assembly) mark(l link) {
	if a.file.flaws == nil {
		a.file.flaws = map[flaw]bool{}
	}
	a.file.flaws[flaw{l.owner, l.field}] = true
}

func kindNames(kinds []*Kind) string {
	if len(kinds) == len(Kinds()) {
		return "entity"
	}
	var names []string
	for _, k := range kinds {
		names = append(names, k.Singular)
	}
	last := len(names) - 1
	if last < 2 {
		return strings.Join(names, " or ")
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
