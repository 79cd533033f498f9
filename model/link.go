package model

import (
	"bytes"
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/syntax"
)

// IDPattern is the form of ids: short words that read well in a document and in
// a shell.
const IDPattern = `^[A-Za-z][A-Za-z0-9._-]{0,63}$`

var idForm = lazyregexp.New(IDPattern)

// assemble puts the parts together: it merges overrides, indexes ids and
// resolves references.
func (a *assembly) assemble() {
	a.entities = map[string]Entity{}
	omitted := a.variant()
	merged := map[Entity]bool{}
	for _, f := range a.folders {
		a.enter(f, omitted, merged)
	}
	a.collect(merged, omitted)
	a.resolve(omitted)
	if a.file.Product == nil && !a.file.incomplete {
		a.report("T0016", a.rootSpan(), "no product is described", "add `product:` with name, regulation and class")
	}
}

// enter adds the entities of a folder, and then what changes them, in whatever
// file it stands.
func (a *assembly) enter(f folder, omitted map[string]bool, replaced map[Entity]bool) {
	var changes []Entity
	for _, u := range f.units {
		a.findings = append(a.findings, u.findings...)
		a.file.incomplete = a.file.incomplete || u.broken
		for _, k := range kinds {
			for e := range entitiesOf(u.part, k) {
				e.base().from, e.base().users = f.from, nil
				switch {
				case !a.present(e, omitted):
				case e.base().Override != "":
					changes = append(changes, e)
				default:
					a.add(e, replaced)
				}
			}
		}
	}
	for _, e := range changes {
		a.add(e, replaced)
	}
}

func (a *assembly) rootSpan() diag.Span {
	last := a.folders[len(a.folders)-1]
	for _, u := range last.units {
		if path.Base(u.source.Path) == RootFile {
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
	case known == nil && b.Override != "":
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
	if strings.TrimSpace(b.Title) == "" && !a.file.Flawed(e, "title") && !b.Has("override") && b.node.Kind == syntax.Mapping && b.kind.Titled() {
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
		}
		if done[e] || e.base().kind != b.kind {
			return
		}
		done[e] = true
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
		switch {
		case a.lost(l.ref.id()):
			return
		case omitted[l.ref.id()] && a.elsewhere(l.ref.id()):
			a.leftOut(l)
			return
		}
		target = a.unresolved(l)
	} else if !l.ref.bind(target) {
		a.wrongKind(l, target)
		return
	}
	if target != nil {
		b := target.base()
		field, _, _ := strings.Cut(l.path, ".")
		b.users = append(b.users, use{l.owner, field})
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
			text := u.source.Text
			if u.broken && (len(text) == 0 || bytes.Contains(text, []byte(id+":")) || bytes.Contains(text, []byte("id: "+id))) {
				return true
			}
		}
	}
	return false
}

// leftOut reports a reference to something that the variant omits, where an
// entity cannot be without it. In lists and optional fields it drops out.
func (a *assembly) leftOut(l link) {
	owner := l.owner.base()
	for _, f := range Fields(owner.kind.Type) {
		if f.Tag.Get("yaml") == l.path && f.Tag.Get("theriac") == "required" && f.Type.Kind() != reflect.Slice {
			a.findings.Add(diag.Finding{Code: "T0013", Severity: diag.Error, Span: l.node.Span(), Entity: owner.ID,
				Message: fmt.Sprintf("%s needs %q, which variant %q omits", Label(l.owner), l.ref.id(), a.file.variant),
				Help:    fmt.Sprintf("let the variant omit %s as well, or override its `%s` there", owner.ID, l.path)})
			a.mark(l)
		}
	}
}

// maxSuggestions bounds the search for what was meant, which compares with all
// ids. A file with more references that lead nowhere lacks a part.
const maxSuggestions = 200

// unresolved reports a reference that leads nowhere. Where one id is clearly
// meant, reading goes on as if it had been written, so that one misspelling is
// one finding.
func (a *assembly) unresolved(l link) Entity {
	if a.tooMany(l) {
		return nil
	}
	id, wanted := l.ref.id(), l.ref.Targets()
	help := fmt.Sprintf("declare it under `%s:`, or correct the id", wanted[0].Name)
	var meant Entity
	if a.elsewhere(id) {
		help = "it exists only in another variant; mark this entity with `only-in` as well, or leave the reference out"
	} else if s := a.nearest(id, wanted); s != "" {
		help = fmt.Sprintf("did you mean %q?", s)
		meant = a.entities[s]
		l.ref.bind(meant)
	}
	a.findings.Add(diag.Finding{Code: "T0013", Severity: diag.Error, Span: l.node.Span(), Entity: l.owner.base().ID,
		Message: fmt.Sprintf("%s %q does not exist", kindNames(wanted), id), Help: help})
	return meant
}

// tooMany marks a reference that leads nowhere, and reports whether so many do
// that the rest is not listed.
func (a *assembly) tooMany(l link) bool {
	a.mark(l)
	if a.dangling++; a.dangling == syntax.MaxFindings+1 {
		a.report(syntax.CodeLimit, l.node.Span(), fmt.Sprintf("more than %d references lead nowhere; the rest is not listed", syntax.MaxFindings),
			"a part of the security file is missing, or its ids were changed; begin with the references listed")
	}
	return a.dangling > syntax.MaxFindings
}

// nearest is the id of one of the kinds that was meant by a misspelt one, or "".
func (a *assembly) nearest(id string, wanted []*Kind) string {
	if a.dangling > maxSuggestions {
		return ""
	}
	var candidates []string
	for name, e := range a.entities {
		if slices.Contains(wanted, e.base().kind) {
			candidates = append(candidates, name)
		}
	}
	slices.Sort(candidates)
	return diag.Suggest(id, candidates)
}

// elsewhere reports whether an id that is not known here exists in another
// variant.
func (a *assembly) elsewhere(id string) bool {
	if a.written == nil {
		a.written = map[string]bool{}
		a.eachEntity(func(e Entity, _ folder) { a.written[e.base().ID] = true })
	}
	return a.written[id]
}

// others are the ids that exist in another variant alone; nil when there are none.
func (a *assembly) others() map[string]bool {
	var ids map[string]bool
	a.eachEntity(func(e Entity, _ folder) {
		if id := e.base().ID; a.entities[id] == nil {
			if ids == nil {
				ids = map[string]bool{}
			}
			ids[id] = true
		}
	})
	return ids
}

func (a *assembly) wrongKind(l link, target Entity) {
	if a.tooMany(l) {
		return
	}
	a.findings.Add(diag.Finding{Code: "T0014", Severity: diag.Error, Span: l.node.Span(), Entity: l.owner.base().ID,
		Message: fmt.Sprintf("%q is a %s, expected %s", l.ref.id(), target.base().kind.Singular, kindNames(l.ref.Targets())),
		Help:    "refer to an entity of the right kind",
		Related: []diag.Related{{Span: target.base().Here(), Message: "declared here"}}})
}

// mark remembers for this run that a field has a finding.
func (a *assembly) mark(l link) {
	if a.file.flaws == nil {
		a.file.flaws = map[Entity][]string{}
	}
	a.file.flaws[l.owner] = append(a.file.flaws[l.owner], l.path)
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
