package model

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"theriac/syntax"
)

// Field is one stated value of an entity.
type Field struct {
	// Path is the names of fields and the places in ordered lists, joined by
	// dots: initial.severity, laws.0.basis. Members of a set share its path.
	Path string
	// Value is the value as text; "" for a list or map that is stated empty.
	Value string
}

// ContentOf is what an entity says, flattened in canonical order: its fields in
// the order of the language, members of sets sorted and without repetitions,
// items of other lists in their order. Lists of references, of clauses and of
// enumerated values are sets. In prose, blanks and line breaks count as one
// blank each, however many stand there.
//
// What is left out says nothing about the device: notes, the variants in which
// it exists, and why it overrides another entity. Formatting, comments, the
// file in which it stands and the order of entries do not reach the content.
func ContentOf(e Entity) []Field {
	b := e.base()
	c := content{fields: make([]Field, 0, 16)}
	c.structure(reflect.ValueOf(e).Elem(), b.node, "")
	return c.fields
}

// digestLength is the number of hexadecimal digits of a digest. 128 bits keep a
// line of a review file readable, and no change goes unseen: the chance that one
// keeps the digest is 1 in 2^128.
const digestLength = 32

// Digest identifies the content of an entity: the first 32 hexadecimal digits of
// the SHA-256 of "theriac content 1", kind, id, and path and value of each
// field, in the order of ContentOf. Each of these texts is hashed as its length in
// bytes in decimal, a colon, its bytes, and a comma, so that no two contents
// give the same bytes. A field that a later version of the language adds does
// not change the digests of entities that do not state it.
func Digest(e Entity) string {
	b := e.base()
	buf := make([]byte, 0, 1024)
	put := func(s string) { buf = AppendText(buf, s) }
	put("theriac content 1")
	put(b.kind.Name)
	put(b.ID)
	for _, f := range ContentOf(e) {
		put(f.Path)
		put(f.Value)
	}
	sum := sha256.Sum256(buf)
	return hex.EncodeToString(sum[:])[:digestLength]
}

// AppendText appends a text as Digest hashes it: its length in bytes in decimal, a
// colon, its bytes, and a comma.
func AppendText(buf []byte, s string) []byte {
	buf = strconv.AppendInt(buf, int64(len(s)), 10)
	return append(append(append(buf, ':'), s...), ',')
}

// silent are the fields that are no part of the content.
var silent = []string{"notes", "only-in", "override"}

// shape says how the value of a field becomes text.
type shape uint8

const (
	prose   shape = iota
	word          // an enumerated value
	scalar        // a value with a form of its own
	pointer       // a reference
	number        // this and the shapes below can be stated and yet be zero
	record
	list
	set
)

// part is a field of a type of the language as ContentOf needs it.
type part struct {
	name  string
	index []int
	shape shape
	item  shape // of a list
}

var layouts sync.Map // reflect.Type to []part

// layout lists the fields of a type, worked out once.
func layout(t reflect.Type) []part {
	if known, ok := layouts.Load(t); ok {
		return known.([]part)
	}
	var parts []part
	for _, f := range Fields(t) {
		name := f.Tag.Get("yaml")
		if slices.Contains(silent, name) {
			continue
		}
		at, _ := t.FieldByName(f.Name) // with the way through an embedded struct
		p := part{name: name, index: at.Index, shape: shapeOf(f.Type)}
		if f.Type.Kind() == reflect.Slice {
			p.item = shapeOf(f.Type.Elem())
			if p.item == pointer || p.item == word || name == "clauses" {
				p.shape = set
			}
		}
		parts = append(parts, p)
	}
	layouts.Store(t, parts)
	return parts
}

func shapeOf(t reflect.Type) shape {
	switch to := reflect.PointerTo(t); {
	case to.Implements(reflect.TypeFor[reference]()):
		return pointer
	case t == reflect.TypeFor[Decimal]():
		return number
	case to.Implements(reflect.TypeFor[syntax.ScalarValue]()):
		return scalar
	}
	switch t.Kind() {
	case reflect.Int:
		return number
	case reflect.Struct:
		return record
	case reflect.Slice:
		return list
	case reflect.String:
		if _, ok := t.MethodByName("Values"); ok {
			return word
		}
		return prose
	}
	panic("model: no text for " + t.String())
}

// content collects the fields of an entity.
type content struct{ fields []Field }

func (c *content) add(path, value string) { c.fields = append(c.fields, Field{path, value}) }

// structure adds the fields of a struct that stands at a path. The node tells
// what is stated where the value alone does not: zero, and an empty list or map.
func (c *content) structure(v reflect.Value, node *syntax.Node, path string) {
	for _, p := range layout(v.Type()) {
		field := v.FieldByIndex(p.index)
		at := join(path, p.name)
		before := len(c.fields)
		switch p.shape {
		case record:
			_, below := node.Get(p.name)
			c.structure(field, below, at)
		case list:
			c.list(field, node, p, at)
		case set:
			c.set(field, p.item, at)
		default:
			c.single(field, p.shape, at)
		}
		if before == len(c.fields) && p.shape >= number && stated(node, p, field) {
			c.add(at, zero(field))
		}
	}
}

// stated reports whether a field without content is there all the same.
func stated(node *syntax.Node, p part, v reflect.Value) bool {
	if v.Kind() == reflect.Slice {
		return !v.IsNil()
	}
	_, below := node.Get(p.name)
	return below != nil
}

// zero is the text of a stated field without content.
func zero(v reflect.Value) string {
	if v.Kind() == reflect.Struct || v.Kind() == reflect.Slice {
		return ""
	}
	return text(v, number)
}

func (c *content) single(v reflect.Value, s shape, path string) {
	if v.IsZero() {
		return
	}
	if value := text(v, s); value != "" {
		c.add(path, value)
	}
}

// set adds the members of a list without order.
func (c *content) set(v reflect.Value, item shape, path string) {
	if v.Len() == 0 {
		return
	}
	members := make([]string, v.Len())
	for i := range members {
		members[i] = text(v.Index(i), item)
	}
	slices.Sort(members)
	for _, m := range slices.Compact(members) {
		if m != "" {
			c.add(path, m)
		}
	}
}

// list adds the items of a list in their order.
func (c *content) list(v reflect.Value, node *syntax.Node, p part, path string) {
	_, items := node.Get(p.name)
	for i := range v.Len() {
		at := join(path, strconv.Itoa(i))
		if p.item != record {
			c.add(at, text(v.Index(i), p.item))
			continue
		}
		var below *syntax.Node
		if items != nil && i < len(items.Children) {
			below = &items.Children[i]
		}
		c.structure(v.Index(i), below, at)
	}
}

// text is a single value as text.
func text(v reflect.Value, s shape) string {
	switch s {
	case pointer:
		return v.Addr().Interface().(reference).id()
	case word:
		return v.String()
	case prose:
		return oneBlank(v.String())
	case number:
		if d, ok := v.Interface().(Decimal); ok {
			return d.String()
		}
		return strconv.FormatInt(v.Int(), 10)
	}
	return v.Interface().(fmt.Stringer).String()
}

// oneBlank writes one blank for each run of blanks and line breaks, and none at
// the ends.
func oneBlank(s string) string {
	if !strings.ContainsAny(s, "\n\r\t\u00a0\u0085") && !strings.Contains(s, "  ") && s == strings.TrimSpace(s) {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}
