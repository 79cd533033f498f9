package syntax

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"theriac/diag"
	"theriac/internal/lazyregexp"
)

// Keyed is implemented by pointers to structs that stand in a map keyed by id:
// a Go slice of them is written as a mapping.
type Keyed interface {
	// SetKey tells the entry its key and where key and value stand.
	SetKey(key, value *Node)
}

// ScalarValue is implemented by pointers to values with a form of their own:
// dates, durations, references. The error says what is expected.
type ScalarValue interface {
	SetScalar(n *Node) error
}

// Decoder fills Go structs from nodes, strictly: an unknown key, a value of the
// wrong shape or a missing required key is a finding, and decoding goes on.
//
// Struct tags: `yaml:"name"` gives the key ("-" leaves the field alone),
// `theriac:"required"` makes it required. Embedded structs are flattened.
// A type with a method Values is an enumeration of their names.
type Decoder struct {
	Findings diag.List
	// Visit is called for each decoded ScalarValue with the Keyed owner, the
	// path of the owner's field in which it stands, and its node. A path is the
	// names of fields joined by dots, without the places in lists.
	Visit func(owner Keyed, path string, v ScalarValue, n *Node)
	// Flaw is called with the path of each field of an owner that has a finding.
	Flaw func(owner Keyed, path string)
	// Partial names the key whose presence in an entity says that it changes
	// another one, so that required fields may be absent.
	Partial string
	// Lost is set when text outside of any owner was left out: a section with an
	// unknown name or of the wrong shape, or given a second time.
	Lost bool

	owner Keyed
	id    string
	path  string
}

// Decode fills the struct that target points to from a mapping.
func (d *Decoder) Decode(n *Node, target any) {
	if n != nil {
		d.structure(n, reflect.ValueOf(target).Elem(), nil)
	}
}

// Entity fills one keyed entry.
func (d *Decoder) Entity(key, value *Node, target Keyed) {
	owner, id, path := d.owner, d.id, d.path
	d.owner, d.id, d.path = target, key.Value, ""
	target.SetKey(key, value)
	d.structure(value, reflect.ValueOf(target).Elem(), key)
	d.owner, d.id, d.path = owner, id, path
}

func (d *Decoder) report(code string, at *Node, message, help string) {
	f := diag.Finding{Code: code, Severity: diag.Error, Span: at.Span(), Message: message, Help: help, Entity: d.id}
	addLimited(&d.Findings, f)
	d.Lost = d.Lost || d.owner == nil
	d.flaw(d.path)
}

func (d *Decoder) flaw(path string) {
	if d.Flaw != nil && d.owner != nil {
		d.Flaw(d.owner, path)
	}
}

// below is the path of a field inside the one at path.
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// structure fills a struct. key is the place to blame for missing fields; nil
// blames the mapping itself.
func (d *Decoder) structure(n *Node, v reflect.Value, key *Node) {
	if n.Kind != Mapping {
		if n.null && key != nil {
			d.report(CodeEmpty, key, fmt.Sprintf("%q has no content", key.Value), "give it its fields, or remove it")
		} else {
			d.report(CodeShape, n, fmt.Sprintf("expected a map, found %s", describe(n)), "write `field: value` lines below the key")
		}
		return
	}
	plan := planOf(v.Type())
	given := make([]bool, len(plan.fields))
	meant := map[string]bool{} // by a misspelt name
	path := d.path
	for i := range n.Len() {
		name, value := n.Entry(i)
		if name.Kind != Scalar || name.null {
			continue // reported by the parser
		}
		at, known := plan.index[name.Value]
		d.path = below(path, name.Value)
		switch {
		case !known:
			meant[d.unknown(name, path, plan)] = true
		case !given[at]:
			field := v.FieldByIndex(plan.fields[at].index)
			d.value(value, field, name)
			given[at] = !hollow(value, field)
		default:
			d.Lost = d.Lost || d.owner == nil // a duplicate, reported by the parser
		}
		d.path = path
	}
	if change, _ := n.Get(d.Partial); change != nil && key != nil {
		return
	}
	for i, f := range plan.fields {
		if f.required && !given[i] && !meant[f.name] {
			d.missing(n, key, f.name)
		}
	}
}

// hollow reports whether a value that was read without a finding gives nothing:
// an empty list, or text of blanks.
func hollow(n *Node, v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice:
		return n.Kind == Sequence && n.Len() == 0
	case reflect.String:
		return v.Len() > 0 && strings.TrimSpace(v.String()) == ""
	}
	return false
}

// unknown reports a name that is not part of the language, and returns the one
// that was meant, or "".
func (d *Decoder) unknown(name *Node, path string, plan *plan) string {
	help := "known here: " + list(plan.names)
	meant := diag.Suggest(name.Value, plan.names)
	if meant != "" {
		help = fmt.Sprintf("did you mean %q?", meant)
		d.flaw(below(path, meant))
	}
	d.report(CodeUnknown, name, fmt.Sprintf("unknown field %q", name.Value), help)
	return meant
}

func (d *Decoder) missing(n, key *Node, name string) {
	at := key
	if at == nil {
		at = n
	}
	path := d.path
	d.path = below(path, name)
	subject := "missing required field"
	if d.id != "" && key != nil {
		subject = fmt.Sprintf("%q lacks the required field", d.id)
	}
	d.report(CodeRequired, at, fmt.Sprintf("%s %q", subject, name), fmt.Sprintf("add `%s: ...`", name))
	d.path = path
}

// value fills any value. key is the key under which it stands.
func (d *Decoder) value(n *Node, v reflect.Value, key *Node) {
	if n.null && v.Kind() != reflect.Slice && v.Kind() != reflect.Pointer {
		d.report(CodeEmpty, key, fmt.Sprintf("%q has no value", key.Value), "give a value, or leave the line out: what is absent counts as unknown")
		return
	}
	if s, ok := v.Addr().Interface().(ScalarValue); ok {
		d.scalarValue(n, s)
		return
	}
	switch v.Kind() {
	case reflect.String:
		d.text(n, v)
	case reflect.Int:
		d.number(n, v)
	case reflect.Bool:
		d.boolean(n, v)
	case reflect.Struct:
		d.structure(n, v, nil)
	case reflect.Slice:
		d.slice(n, v, key)
	case reflect.Pointer:
		d.pointer(n, v, key)
	default:
		panic("syntax: cannot decode into " + v.Type().String())
	}
}

func (d *Decoder) scalarValue(n *Node, s ScalarValue) {
	if n.Kind != Scalar {
		d.report(CodeShape, n, "expected a single value, found "+describe(n), "write one value on the line of its key")
		return
	}
	if err := s.SetScalar(n); err != nil {
		d.report(CodeScalar, n, err.Error(), "write it in the form that the message names")
		return
	}
	if d.Visit != nil {
		d.Visit(d.owner, d.path, s, n)
	}
}

func (d *Decoder) text(n *Node, v reflect.Value) {
	if n.Kind != Scalar {
		d.report(CodeShape, n, "expected text, found "+describe(n), "write text on the line of its key, or in a block (`|`); quote text that starts with [ or {")
		return
	}
	if n.Value == "" {
		d.report(CodeEmpty, n, "text without content", "write the text, or leave the line out: what is absent counts as unknown")
		return
	}
	names := enumeration(v.Type())
	if names == nil && pending.MatchString(n.Value) {
		d.pend(n)
		return
	}
	if names == nil {
		v.SetString(strings.TrimSuffix(n.Value, "\n"))
		return
	}
	if !slices.Contains(names, n.Value) {
		help := "one of " + list(names)
		if s := diag.Suggest(n.Value, names); s != "" {
			help = fmt.Sprintf("did you mean %q? (one of %s)", s, list(names))
		}
		d.report(CodeEnum, n, fmt.Sprintf("%q is not a value of this field", n.Value), help)
		return
	}
	v.SetString(n.Value)
}

// pending is what people write where something is still to be written.
var pending = lazyregexp.New(`(?i)^\s*(tbd|tbc|tba|todo|to[- ]do|fixme|to be (done|written|defined|decided|determined|confirmed)|x{3,8}|\?+|\.{3,}|…)\s*([:.!(\[-].*)?$`)

// pend reports a text that only holds a place. It counts as not stated.
func (d *Decoder) pend(n *Node) {
	addLimited(&d.Findings, diag.Finding{Code: CodePending, Severity: diag.Open, Span: n.Span(), Entity: d.id,
		Message: fmt.Sprintf("%s only holds the place of a text that is still to be written", describe(n)),
		Help:    "write the text, or remove the line: both leave it open until then"})
	d.flaw(d.path)
}

func (d *Decoder) number(n *Node, v reflect.Value) {
	i, err := strconv.ParseInt(n.Value, 10, 32)
	if n.Kind != Scalar || err != nil || i < 0 {
		d.report(CodeScalar, n, fmt.Sprintf("expected a whole number, found %s", describe(n)), "write digits only")
		return
	}
	v.SetInt(i)
}

func (d *Decoder) boolean(n *Node, v reflect.Value) {
	if n.Kind != Scalar || n.Value != "true" && n.Value != "false" {
		d.report(CodeScalar, n, fmt.Sprintf("expected true or false, found %s", describe(n)), "write true or false")
		return
	}
	v.SetBool(n.Value == "true")
}

func (d *Decoder) pointer(n *Node, v reflect.Value, key *Node) {
	e := reflect.New(v.Type().Elem())
	if k, ok := e.Interface().(Keyed); ok {
		d.Entity(key, n, k)
	} else {
		d.structure(n, e.Elem(), key)
	}
	v.Set(e)
}

var keyedType = reflect.TypeFor[Keyed]()

func (d *Decoder) slice(n *Node, v reflect.Value, key *Node) {
	if v.Type().Elem().Implements(keyedType) {
		d.entities(n, v, key)
		return
	}
	if n.Kind != Sequence {
		d.report(CodeShape, n, fmt.Sprintf("%q expects a list, found %s", key.Value, describe(n)), "write a list, for example `[a, b]`")
		return
	}
	items := reflect.MakeSlice(v.Type(), n.Len(), n.Len())
	for i := range n.Children {
		if item := &n.Children[i]; item.null {
			d.report(CodeEmpty, item, "empty list item", "remove the dash or write the item")
		} else {
			d.value(item, items.Index(i), key)
		}
	}
	v.Set(items)
}

// entities fills a slice of entities from a map keyed by id.
func (d *Decoder) entities(n *Node, v reflect.Value, key *Node) {
	if n.null {
		return // a heading without entries yet
	}
	if n.Kind != Mapping {
		d.report(CodeShape, n, fmt.Sprintf("%q expects a map keyed by id, found %s", key.Value, describe(n)), "write each entry under its id: `my-id:` and its fields below")
		return
	}
	items := reflect.MakeSlice(v.Type(), 0, n.Len())
	elem := v.Type().Elem().Elem()
	seen := make(map[string]bool, n.Len())
	for i := range n.Len() {
		id, value := n.Entry(i)
		if id.Kind != Scalar || id.null || seen[id.Value] {
			continue // reported by the parser
		}
		seen[id.Value] = true
		e := reflect.New(elem)
		d.Entity(id, value, e.Interface().(Keyed))
		items = reflect.Append(items, e)
	}
	v.Set(items)
}

func describe(n *Node) string {
	switch {
	case n.null:
		return "nothing"
	case n.Kind == Scalar && n.style == block:
		return "a block of text"
	case n.Kind == Scalar:
		return strconv.Quote(n.Value)
	}
	return n.Kind.String()
}

func list(names []string) string { return strings.Join(names, ", ") }

// plan is the layout of a struct as the decoder needs it.
type plan struct {
	fields []field
	index  map[string]int
	names  []string
}

type field struct {
	name     string
	index    []int
	required bool
}

var plans, enums sync.Map // reflect.Type to *plan, reflect.Type to []string

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p := &plan{index: map[string]int{}}
	p.collect(t, nil)
	for i, f := range p.fields {
		p.index[f.name] = i
		p.names = append(p.names, f.name)
	}
	plans.Store(t, p)
	return p
}

func (p *plan) collect(t reflect.Type, prefix []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		index := append(slices.Clone(prefix), i)
		name := f.Tag.Get("yaml")
		switch {
		case f.Anonymous && name == "":
			p.collect(f.Type, index)
		case name != "" && name != "-":
			p.fields = append(p.fields, field{name, index, f.Tag.Get("theriac") == "required"})
		}
	}
}

// Fields returns the keys of a struct type in the order of the type.
func Fields(t reflect.Type) []string { return slices.Clone(planOf(t).names) }

// enumeration returns the names of an enumeration type, or nil.
func enumeration(t reflect.Type) []string {
	if names, ok := enums.Load(t); ok {
		return names.([]string)
	}
	var names []string
	if m, ok := t.MethodByName("Values"); ok {
		values := m.Func.Call([]reflect.Value{reflect.Zero(t)})[0]
		for i := range values.Len() {
			names = append(names, values.Index(i).FieldByName("Name").String())
		}
	}
	enums.Store(t, names)
	return names
}
