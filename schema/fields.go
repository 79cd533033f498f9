package schema

import (
	"reflect"

	"theriac/model"
)

// Shape is how a field is written.
type Shape string

// The shapes, as the reference names them.
const (
	Text      Shape = "text"
	Number    Shape = "number"
	Answer    Shape = "true or false"
	Date      Shape = "date"
	Duration  Shape = "duration"
	Moment    Shape = "time"
	Decimal   Shape = "decimal number"
	Choice    Shape = "one of"
	Reference Shape = "id of"
	List      Shape = "list of"
	Struct    Shape = "map"
	Entities  Shape = "map keyed by id"
	Singleton Shape = "entity"
)

// Field is a key of the language.
type Field struct {
	Name     string
	Doc      string
	Required bool
	Shape    Shape
	Type     reflect.Type
	Item     *Field        // of a list
	Values   model.Values  // of a choice, or of the choices in a list
	Targets  []*model.Kind // of a reference, or of the references in a list
}

// Fields lists the keys of a struct type in their canonical order.
func Fields(t reflect.Type) []Field {
	var fields []Field
	for _, f := range model.Fields(t) {
		field := describe(f.Type)
		field.Name, field.Doc, field.Required = f.Tag.Get("yaml"), f.Tag.Get("doc"), f.Tag.Get("theriac") == "required"
		fields = append(fields, field)
	}
	return fields
}

// describe finds the shape of a type.
func describe(t reflect.Type) Field {
	f := Field{Type: t}
	zero := reflect.New(t).Interface()
	switch v := zero.(type) {
	case *model.Answer:
		f.Shape = Answer
	case *model.Date:
		f.Shape = Date
	case *model.Duration:
		f.Shape = Duration
	case *model.Moment:
		f.Shape = Moment
	case *model.TimeZone:
		f.Shape = Text
	case *model.Decimal:
		f.Shape = Decimal
	case interface{ Targets() []*model.Kind }:
		f.Shape, f.Targets = Reference, v.Targets()
	case interface{ Values() model.Values }:
		f.Shape, f.Values = Choice, v.Values()
	default:
		return composite(f)
	}
	return f
}

func composite(f Field) Field {
	switch t := f.Type; {
	case t.Kind() == reflect.Int:
		f.Shape = Number
	case t.Kind() == reflect.Pointer:
		f.Shape = Singleton
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Pointer:
		f.Shape = Entities
	case t.Kind() == reflect.Slice:
		item := describe(t.Elem())
		f.Shape, f.Item, f.Values, f.Targets = List, &item, item.Values, item.Targets
	case t.Kind() == reflect.Struct:
		f.Shape = Struct
	default:
		f.Shape = Text
	}
	return f
}
