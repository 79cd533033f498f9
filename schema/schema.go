// Package schema describes the language of the security file for editors and
// readers, from the Go types alone, so that neither can drift from them.
//
// # Format
//
// JSON Schema, draft 2020-12. One schema serves theriac.yaml and every other
// file of a security file.
//
// # Values
//
// The schema knows shapes, names and enumerations. It cannot know whether an
// id exists or a statement is true; that is what check is for. What check
// refuses in form, the schema refuses as well, but for ids.
package schema

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"theriac/model"
)

// ID names the schema for editors.
const ID = "urn:theriac:security-file"

// Patterns of values with a form of their own.
const (
	clausePattern   = `^[a-z0-9][a-z0-9.-]*$`
	datePattern     = `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`
	momentPattern   = `^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$`
	durationPattern = `^[0-9]+ (second|minute|hour|day|week|month|year)s?$`
)

// JSON returns the schema as indented JSON.
func JSON() []byte {
	text, err := json.MarshalIndent(file(), "", "  ")
	if err != nil {
		panic(err) // the types are ours
	}
	return append(text, '\n')
}

// file is the schema of one file of a security file.
func file() *jsonschema.Schema {
	b := builder{defs: jsonschema.Definitions{}}
	s := b.object(reflect.TypeFor[model.File]())
	s.Version, s.ID, s.Title = jsonschema.Version, ID, "Security file of a medical device"
	s.Description = "A folder of YAML files; theriac.yaml marks its root and holds the product."
	b.defs["text"] = &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string", MinLength: &one}, {Type: "number"}, {Type: "boolean"}}}
	s.Definitions = b.defs
	return s
}

var one uint64 = 1

// builder gathers definitions of struct types by name.
type builder struct{ defs jsonschema.Definitions }

// object is the schema of a struct.
func (b *builder) object(t reflect.Type) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, f := range Fields(t) {
		p := b.value(f)
		p.Description = description(f)
		s.Properties.Set(f.Name, p)
		if f.Required {
			s.Required = append(s.Required, f.Name)
			if f.Shape == List {
				p.MinItems = &one // an empty list gives nothing
			}
		}
	}
	return s
}

// description is a field's documentation, with the values it may have.
func description(f Field) string {
	text := strings.ToUpper(f.Doc[:1]) + f.Doc[1:] + "."
	for _, v := range f.Values {
		text += "\n- " + v.Name + ": " + v.Doc
	}
	return text
}

// define returns a reference to the definition of a struct type.
func (b *builder) define(t reflect.Type) *jsonschema.Schema {
	if b.defs[t.Name()] == nil {
		b.defs[t.Name()] = &jsonschema.Schema{} // stops recursion
		b.defs[t.Name()] = b.object(t)
	}
	return &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
}

// entity is define, with the required fields that an entity need not repeat
// when it overrides another.
func (b *builder) entity(k *model.Kind) *jsonschema.Schema {
	ref := b.define(k.Type)
	def := b.defs[k.Type.Name()]
	if def.Title == "" && !k.Single {
		def.Title = k.Singular
		required := def.Required
		if k.Titled() {
			required = append([]string{"title"}, required...)
		}
		def.Required = nil
		def.AnyOf = []*jsonschema.Schema{{Required: []string{"override"}}, {Required: required}}
		if len(required) == 0 {
			def.AnyOf = nil
		}
	}
	return ref
}

// value is the schema of a field's value.
func (b *builder) value(f Field) *jsonschema.Schema {
	switch f.Shape {
	case Answer:
		return &jsonschema.Schema{Type: "boolean"}
	case Number:
		return &jsonschema.Schema{Type: "integer", Minimum: "0"}
	case Date:
		return &jsonschema.Schema{Type: "string", Pattern: datePattern}
	case Duration:
		return &jsonschema.Schema{Type: "string", Pattern: durationPattern, Examples: []any{"5 minutes", "1 year"}}
	case Moment:
		return &jsonschema.Schema{Type: "string", Pattern: momentPattern, Examples: []any{"2026-11-02T14:30:00+01:00"}}
	case Decimal:
		return &jsonschema.Schema{Type: "number", Minimum: "0", Maximum: "1000", MultipleOf: "0.1"}
	case Reference:
		return &jsonschema.Schema{Type: "string", Pattern: model.IDPattern}
	case Choice:
		s := &jsonschema.Schema{}
		for _, v := range f.Values {
			s.Enum = append(s.Enum, v.Name)
		}
		return s
	case Struct:
		return b.define(f.Type)
	case List:
		item := *f.Item
		return &jsonschema.Schema{Type: "array", Items: b.value(item)}
	case Entities, Singleton:
		return b.kind(model.KindOf(f.Name))
	}
	return &jsonschema.Schema{Ref: "#/$defs/text"}
}

// kind is the schema of a top-level key.
func (b *builder) kind(k *model.Kind) *jsonschema.Schema {
	if k.Single {
		return b.entity(k)
	}
	pattern := model.IDPattern
	if k.Name == "not-applicable" {
		pattern = clausePattern
	}
	// A heading without entries yet is fine.
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "null"}, {
		Type: "object", PatternProperties: map[string]*jsonschema.Schema{pattern: b.entity(k)}, AdditionalProperties: jsonschema.FalseSchema,
	}}}
}
