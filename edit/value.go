package edit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"theriac/format"
	"theriac/syntax"
)

// Value is what a field holds: Text, Number, Bool, List or Map. In what is
// read, nil is a value that nobody wrote.
type Value interface{ isValue() }

// The values.
type (
	Text   string
	Number int
	Bool   bool
	List   []Value
	Map    []Field // in the order in which new fields are written
)

// Field is a named value of a map.
type Field struct {
	Name  string
	Value Value
}

// Entity is a new entry of a kind.
type Entity struct {
	ID   string
	Body Map
}

func (Text) isValue()   {}
func (Number) isValue() {}
func (Bool) isValue()   {}
func (List) isValue()   {}
func (Map) isValue()    {}

// Texts is a list of texts, such as references.
func Texts(texts ...string) List {
	list := make(List, len(texts))
	for i, t := range texts {
		list[i] = Text(t)
	}
	return list
}

// Get returns the value of a field, and whether there is one.
func (m Map) Get(name string) (Value, bool) {
	if i := m.index(name); i >= 0 {
		return m[i].Value, true
	}
	return nil, false
}

func (m Map) index(name string) int {
	for i, f := range m {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// scalar returns the text of a value that stands on its own, and whether it is
// one.
func scalar(v Value) (string, bool) {
	switch v := v.(type) {
	case Text:
		return string(v), true
	case Number:
		return strconv.Itoa(int(v)), true
	case Bool:
		return strconv.FormatBool(bool(v)), true
	}
	return "", false
}

// same reports whether two values say the same. The order of fields is no part
// of it.
func same(a, b Value) bool {
	if s, ok := scalar(a); ok {
		t, ok := scalar(b)
		return ok && s == t
	}
	switch a := a.(type) {
	case List:
		b, ok := b.(List)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !same(a[i], b[i]) {
				return false
			}
		}
		return true
	case Map:
		b, ok := b.(Map)
		return ok && sameMap(a, b)
	}
	return a == nil && b == nil
}

// sameMap compares maps without a name given twice. Most often the order is the
// same, too.
func sameMap(a, b Map) bool {
	if len(a) != len(b) {
		return false
	}
	var at map[string]Value
	for i, f := range a {
		if at == nil && b[i].Name == f.Name {
			if !same(f.Value, b[i].Value) {
				return false
			}
			continue
		}
		if at == nil {
			at = make(map[string]Value, len(b))
			for _, g := range b {
				at[g.Name] = g.Value
			}
		}
		if v, ok := at[f.Name]; !ok || !same(f.Value, v) {
			return false
		}
	}
	return true
}

// sorted is a value with the fields of all maps in canonical order. Fields that
// the order does not name follow in the order they have.
func sorted(order Order, path []string, v Value) Value {
	switch v := v.(type) {
	case List:
		list := make(List, len(v))
		for i, item := range v {
			list[i] = sorted(order, path, item)
		}
		return list
	case Map:
		m := make(Map, len(v))
		for i, f := range v {
			m[i] = Field{f.Name, sorted(order, append(path[:len(path):len(path)], f.Name), f.Value)}
		}
		keys := order(path)
		slices.SortStableFunc(m, func(a, b Field) int { return cmp.Compare(rank(keys, a.Name), rank(keys, b.Name)) })
		return m
	}
	return v
}

// rank is the place of a key in an order; behind it, when it is not named.
func rank(keys []string, key string) int {
	if i := slices.Index(keys, key); i >= 0 {
		return i
	}
	return len(keys)
}

// valid says what cannot be written of a value that a caller gave.
func valid(v Value, depth int) error {
	if depth > syntax.MaxDepth {
		return fmt.Errorf("%w: nested more than %d levels deep", ErrValue, syntax.MaxDepth)
	}
	switch v := v.(type) {
	case Text:
		if !utf8.ValidString(string(v)) {
			return fmt.Errorf("%w: text %q is not UTF-8", ErrValue, string(v))
		}
	case Number, Bool:
	case List:
		for _, item := range v {
			if err := valid(item, depth+1); err != nil {
				return err
			}
		}
	case Map:
		return validMap(v, depth)
	default:
		return fmt.Errorf("%w: a value is missing", ErrValue)
	}
	return nil
}

func validMap(m Map, depth int) error {
	seen := make(map[string]bool, len(m))
	for _, f := range m {
		if f.Name == "" || len(f.Name) > longest || !utf8.ValidString(f.Name) || seen[f.Name] {
			return fmt.Errorf("%w: field name %q is empty, too long, not UTF-8 or given twice", ErrValue, f.Name)
		}
		seen[f.Name] = true
		if err := valid(f.Value, depth+1); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// read is the value that a layout shows.
func read(v format.Value) Value {
	switch v.Kind {
	case format.TextValue:
		return Text(strings.TrimSuffix(v.Text, "\n"))
	case format.ListValue:
		list := make(List, len(v.Entries))
		for i, e := range v.Entries {
			list[i] = read(e.Value)
		}
		return list
	case format.MapValue:
		m := make(Map, len(v.Entries))
		for i, e := range v.Entries {
			m[i] = Field{e.Key, read(e.Value)}
		}
		return m
	}
	return nil
}

// parsed is the value that package syntax reads. It is what the results are
// held against.
func parsed(n *syntax.Node) Value {
	switch {
	case n == nil:
		return Map{}
	case n.Null():
		return nil
	case n.Kind == syntax.Scalar:
		return Text(strings.TrimSuffix(n.Value, "\n"))
	case n.Kind == syntax.Sequence:
		list := make(List, n.Len())
		for i := range n.Children {
			list[i] = parsed(&n.Children[i])
		}
		return list
	}
	m := make(Map, n.Len())
	for i := range m {
		key, value := n.Entry(i)
		m[i] = Field{key.Value, parsed(value)}
	}
	return m
}

// describe names what stands where something else is needed.
func describe(v Value) string {
	switch v.(type) {
	case nil:
		return "nothing"
	case List:
		return "a list"
	case Map:
		return "a map"
	}
	return "a single value"
}
