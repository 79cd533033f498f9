// Package model is the security file: the types of its language, and the
// loader that turns a folder of YAML into one linked value.
//
// # Format
//
// A folder whose theriac.yaml holds the product, and any other .yaml files
// below it. Top-level keys are the fields of File; kinds with many entries are
// maps keyed by id. Ids are unique in the whole file.
//
// # Values
//
// An absent value is unknown, never a default that would pass a check. Slices
// keep source order: files by path, entries by place. Every value can be traced
// to its place with Base.At.
//
// # Concurrency
//
// A File is read-only after Load and safe for concurrent use. A Loader is not.
//
// # Sources
//
// Names follow MDR, IVDR, ISO 14971, IEC 62304 and MDCG 2019-16.
package model

import (
	"iter"
	"reflect"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/syntax"
)

// Value is one value of an enumeration with its meaning.
type Value struct{ Name, Doc string }

// Values lists the values of an enumeration in order.
type Values []Value

// Entity is anything in the security file that has an id.
type Entity interface {
	base() *Base
}

// Base is what all entities have.
type Base struct {
	ID string `yaml:"-"`

	Title    string   `yaml:"title" doc:"short name, as a reader of the documents will see it"`
	Notes    string   `yaml:"notes" doc:"anything a colleague should know (Markdown)"`
	Clauses  []string `yaml:"clauses" doc:"clauses of the catalogue that this answers, for example mdr.annex-i.17.2"`
	OnlyIn   []string `yaml:"only-in" doc:"variants in which alone it exists"`
	Override string   `yaml:"override" doc:"why it replaces fields of the imported or base entity with the same id"`

	kind  *Kind
	key   *syntax.Node
	node  *syntax.Node
	users []use
	flaws []string // paths of fields with a finding about their form
	// from tells where the entity came from when not from the file itself.
	from string
}

// use is a reference to an entity from a field of another.
type use struct {
	by    Entity
	field string
}

func (b *Base) base() *Base { return b }

// SetKey implements syntax.Keyed.
func (b *Base) SetKey(key, node *syntax.Node) { b.ID, b.key, b.node = key.Value, key, node }

// Of returns the Base of an entity.
func Of(e Entity) *Base { return e.base() }

// Kind returns the kind of the entity.
func (b *Base) Kind() *Kind { return b.kind }

// From returns the import path of the library that the entity came from, or "".
func (b *Base) From() string { return b.from }

// Label is the entity as a message names it: its kind and id.
func Label(e Entity) string {
	b := e.base()
	if b.kind == nil || b.kind.Single {
		return b.ID
	}
	return b.kind.Singular + " " + b.ID
}

// Here is the place of the entity's id.
func (b *Base) Here() diag.Span {
	if b.key == nil {
		return diag.Span{}
	}
	return b.key.Span()
}

// At is the place of a value inside the entity, given by field names and list
// indices. Where the path leads nowhere it is the place of the nearest value
// that exists, and at last that of the id.
func (b *Base) At(path ...any) diag.Span {
	node, place := b.node, b.key
	for _, step := range path {
		var next *syntax.Node
		switch s := step.(type) {
		case string:
			_, next = node.Get(s)
		case int:
			if node != nil && node.Kind == syntax.Sequence && s < len(node.Children) {
				next = &node.Children[s]
			}
		}
		if next == nil {
			break
		}
		node, place = next, next
	}
	if place == nil {
		return diag.Span{}
	}
	return place.Span()
}

// Key is the place of a field's name inside the entity, or of the id.
func (b *Base) Key(field string) diag.Span {
	if key, _ := b.node.Get(field); key != nil {
		return key.Span()
	}
	return b.Here()
}

// Has reports whether the entity states the field.
func (b *Base) Has(field string) bool {
	key, _ := b.node.Get(field)
	return key != nil
}

// Ref is a reference by id to an entity of type T.
type Ref[T Entity] struct {
	ID string
	To T // nil when the id does not resolve
	ok bool
}

// OK reports whether the reference resolves.
func (r Ref[T]) OK() bool { return r.ok }

// SetScalar implements syntax.ScalarValue.
func (r *Ref[T]) SetScalar(n *syntax.Node) error {
	r.ID = n.Value
	return nil
}

// reference is a Ref of any type.
type reference interface {
	syntax.ScalarValue
	id() string
	target() Entity
	bind(e Entity) bool
	unbind()
	Targets() []*Kind
}

func (r *Ref[T]) id() string { return r.ID }

func (r *Ref[T]) target() Entity {
	if !r.ok {
		return nil
	}
	return r.To
}

func (r *Ref[T]) unbind() {
	var none T
	r.To, r.ok = none, false
}

func (r *Ref[T]) bind(e Entity) bool {
	t, ok := e.(T)
	if ok {
		r.To, r.ok = t, true
	}
	return ok
}

// Targets lists the kinds of entities that the reference may point to.
func (r *Ref[T]) Targets() []*Kind {
	var kinds []*Kind
	want := reflect.TypeFor[T]()
	for _, k := range Kinds() {
		if reflect.PointerTo(k.Type).AssignableTo(want) || want.Kind() == reflect.Interface && reflect.PointerTo(k.Type).Implements(want) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// Targets yields what a list of references points to, leaving out what does
// not resolve.
func Targets[T Entity](refs []Ref[T]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, r := range refs {
			if r.ok && !yield(r.To) {
				return
			}
		}
	}
}

// Refers reports whether the list points to the entity.
func Refers[T Entity](refs []Ref[T], id string) bool {
	return slices.ContainsFunc(refs, func(r Ref[T]) bool { return r.ID == id })
}

// Users returns the entities of type T that refer to e, in source order; with
// fields, only through one of those fields.
func Users[T Entity](e Entity, fields ...string) []T {
	var found []T
	for _, u := range e.base().users {
		t, ok := u.by.(T)
		if !ok || len(fields) > 0 && !slices.Contains(fields, u.field) {
			continue
		}
		if n := len(found); n == 0 || any(found[n-1]) != any(t) {
			found = append(found, t)
		}
	}
	return found
}

// Kind is a kind of entity: a top-level key of the security file.
type Kind struct {
	Name     string // key, for example interfaces
	Singular string // in messages, for example interface
	Doc      string
	Type     reflect.Type // struct type of an entity
	Single   bool         // at most one entity, without ids
	field    int          // index in File
}

// Titled reports whether entities of the kind must have a title. Entities that
// readers of the documents never see by name need none.
func (k *Kind) Titled() bool {
	switch k.Name {
	case "waivers", "imports", "approvals", "not-applicable", "deployments":
		return false
	}
	return !k.Single
}

var kinds = func() []*Kind {
	var all []*Kind
	t := reflect.TypeFor[File]()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Tag.Get("yaml") == "" {
			continue
		}
		k := &Kind{Name: f.Tag.Get("yaml"), Doc: f.Tag.Get("doc"), field: i}
		switch f.Type.Kind() {
		case reflect.Pointer:
			k.Type, k.Single = f.Type.Elem(), true
		case reflect.Slice:
			if f.Type.Elem().Kind() != reflect.Pointer {
				continue
			}
			k.Type = f.Type.Elem().Elem()
		}
		k.Singular = singular(k)
		all = append(all, k)
	}
	return all
}()

// Kinds lists the kinds in the order of File.
func Kinds() []*Kind { return kinds }

// KindOf finds a kind by its key.
func KindOf(name string) *Kind {
	for _, k := range kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}

func singular(k *Kind) string {
	switch n := k.Name; {
	case k.Single:
		return n
	case n == "environment":
		return "environment requirement"
	case n == "not-applicable":
		return "statement"
	case strings.HasSuffix(n, "ies"):
		return strings.TrimSuffix(n, "ies") + "y"
	case strings.HasSuffix(n, "sses"):
		return strings.TrimSuffix(n, "es")
	default:
		return strings.TrimSuffix(n, "s")
	}
}
