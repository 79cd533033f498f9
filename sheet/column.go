package sheet

import (
	"reflect"
	"slices"
	"strings"
	"sync"

	"theriac/model"
	"theriac/syntax"
)

// Kinds are the kinds of entities that have a sheet, in the order of the sheets.
func Kinds() []string {
	return []string{"hazards", "situations", "harms", "threats", "risks", "controls"}
}

// Shape is what a field holds.
type Shape int

// The shapes.
const (
	Text    Shape = 1 // one value
	List    Shape = 2 // several values
	Records Shape = 3 // several groups of values
)

// Column is a field of a kind that has a column of its own: a field of an entity
// or of a struct inside it.
type Column struct {
	Name     string   // its path with dots, for example initial.severity
	Path     []string // the same in steps
	Shape    Shape
	Required bool
	Doc      string

	leaf  reflect.Type // of the value or of one item
	parts []*Column    // of a record
	field []string     // Go names of the path
}

var scalarType = reflect.TypeFor[syntax.ScalarValue]()

// Columns returns the columns of a kind in canonical order. It panics on a kind
// whose type has a field without a form in a cell, which a test would see.
func Columns(kind string) []*Column {
	if known, ok := columns.Load(kind); ok {
		return known.([]*Column)
	}
	k := model.KindOf(kind)
	list := gather(k.Type, nil, nil)
	for _, c := range list {
		if c.Name == "title" {
			c.Required = k.Titled()
		}
	}
	columns.Store(kind, list)
	return list
}

var columns sync.Map // kind to []*Column

func gather(t reflect.Type, path, field []string) []*Column {
	var list []*Column
	for _, f := range model.Fields(t) {
		p := append(slices.Clone(path), f.Tag.Get("yaml"))
		g := append(slices.Clone(field), f.Name)
		if f.Type.Kind() == reflect.Struct && !scalar(f.Type) {
			list = append(list, gather(f.Type, p, g)...)
			continue
		}
		c := &Column{Name: strings.Join(p, "."), Path: p, Shape: Text, Doc: f.Tag.Get("doc"),
			Required: f.Tag.Get("theriac") == "required" && len(path) == 0, leaf: f.Type, field: g}
		if f.Type.Kind() == reflect.Slice {
			c.Shape, c.leaf = List, f.Type.Elem()
			if c.leaf.Kind() == reflect.Struct && !scalar(c.leaf) {
				c.Shape, c.parts = Records, gather(c.leaf, nil, nil)
			}
		}
		c.mustFit()
		list = append(list, c)
	}
	return list
}

func scalar(t reflect.Type) bool { return reflect.PointerTo(t).Implements(scalarType) }

// mustFit panics when a cell has no form for the values of the column, or an
// empty cell could not be told from one of them.
func (c *Column) mustFit() {
	fit := c.leaf.Kind() == reflect.String || c.refers()
	switch c.leaf {
	case reflect.TypeFor[model.Answer](), reflect.TypeFor[model.Date](), reflect.TypeFor[model.Duration]():
		fit = true
	}
	if c.Shape == Records {
		fit = !slices.ContainsFunc(c.parts, func(p *Column) bool { return p.Shape != Text })
	}
	if !fit {
		panic("sheet: no form for field " + c.Name + " of type " + c.leaf.String())
	}
}

// pointing is a reference to an entity, of any type.
type pointing interface{ Targets() []*model.Kind }

func (c *Column) refers() bool {
	return reflect.PointerTo(c.leaf).Implements(reflect.TypeFor[pointing]())
}

// targets are the kinds that a reference may point to, or nil.
func (c *Column) targets() []*model.Kind {
	if !c.refers() {
		return nil
	}
	return reflect.New(c.leaf).Interface().(pointing).Targets()
}

// values are those of an enumeration, or nil.
func (c *Column) values() model.Values {
	if e, ok := reflect.Zero(c.leaf).Interface().(interface{ Values() model.Values }); ok {
		return e.Values()
	}
	return nil
}

func (c *Column) date() bool   { return c.leaf == reflect.TypeFor[model.Date]() }
func (c *Column) answer() bool { return c.leaf == reflect.TypeFor[model.Answer]() }

// prose reports whether the column holds free text, in which blanks count.
func (c *Column) prose() bool {
	return c.Shape == Text && c.leaf.Kind() == reflect.String && c.values() == nil && !c.scale()
}

// scale reports whether the column holds a level of a scale of policy.risk.
func (c *Column) scale() bool {
	name := c.Path[len(c.Path)-1]
	return c.Shape == Text && (name == "severity" || name == "exploitability")
}

// partNames are the names of the values of a record.
func (c *Column) partNames() []string {
	var names []string
	for _, p := range c.parts {
		names = append(names, p.Name)
	}
	return names
}

// Value is what a field holds: no item when it is absent, one for Text, and one
// for each entry of the others. An item has as many texts as the record has
// values, else one.
type Value struct {
	Items [][]string
}

// Empty reports whether the field is absent.
func (v Value) Empty() bool { return len(v.Items) == 0 }

// Equal reports whether two values say the same.
func (v Value) Equal(other Value) bool {
	return slices.EqualFunc(v.Items, other.Items, slices.Equal[[]string])
}

// one is the value of a Text.
func one(text string) Value {
	if strings.TrimSpace(text) == "" {
		return Value{}
	}
	return Value{[][]string{{text}}}
}

// Of returns what an entity has in the column.
func (c *Column) Of(e model.Entity) Value {
	v := reflect.ValueOf(e).Elem()
	for _, name := range c.field {
		v = v.FieldByName(name)
	}
	if c.Shape == Text {
		return one(leafText(v))
	}
	var value Value
	for i := range v.Len() {
		item := c.item(v.Index(i))
		if strings.TrimSpace(strings.Join(item, "")) != "" {
			value.Items = append(value.Items, item)
		}
	}
	return value
}

func (c *Column) item(v reflect.Value) []string {
	if c.Shape != Records {
		return []string{leafText(v)}
	}
	var texts []string
	for _, p := range c.parts {
		texts = append(texts, leafText(v.FieldByName(p.field[0])))
	}
	return texts
}

// leafText is a single value as it is written in a security file; "" when it is
// absent.
func leafText(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return v.String()
	}
	if v.IsZero() {
		return ""
	}
	if s, ok := v.Interface().(interface{ String() string }); ok {
		return s.String()
	}
	return v.FieldByName("ID").String() // a reference
}
