package schema

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"theriac/model"
)

var update = flag.Bool("update", false, "write generated files anew")

const committed = "../docs/schema/security-file.schema.json"

func TestCommitted(t *testing.T) {
	if *update {
		if err := os.WriteFile(committed, JSON(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, JSON()) {
		t.Errorf("%s is not what the types say: go test ./schema -update", committed)
	}
}

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSON()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(ID, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// instance reads YAML as an editor's validator sees it: by the core schema of
// YAML 1.2, in which dates are text.
func instance(t *testing.T, text []byte) any {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Load(text, &doc); err != nil {
		t.Fatal(err)
	}
	return plain(t, doc.Content[0])
}

func plain(t *testing.T, n *yaml.Node) any {
	t.Helper()
	switch {
	case n.Kind == yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = plain(t, n.Content[i+1])
		}
		return m
	case n.Kind == yaml.SequenceNode:
		list := []any{}
		for _, c := range n.Content {
			list = append(list, plain(t, c))
		}
		return list
	case n.Tag == "!!int" || n.Tag == "!!float" || n.Tag == "!!bool" || n.Tag == "!!null":
		var v any
		if err := n.Load(&v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	return n.Value
}

// TestExamples: the schema accepts what the compiler accepts.
func TestExamples(t *testing.T) {
	s := compile(t)
	count := 0
	for _, example := range []string{"infusion-pump", "pcr-analyser"} {
		err := filepath.WalkDir(filepath.Join("../examples", example), func(name string, d os.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, ".yaml") {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			count++
			if err := s.Validate(instance(t, text)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 10 {
		t.Errorf("only %d files were validated", count)
	}
}

func TestRefuses(t *testing.T) {
	s := compile(t)
	const product = "product: {name: x, regulation: MDR, class: I}\n"
	for name, tt := range map[string]struct {
		text string
		ok   bool
	}{
		"minimal":              {product, true},
		"unknown key":          {product + "zonse: {}\n", false},
		"unknown field":        {"zones:\n  z: {title: a, trust: device, trusted: true}\n", false},
		"unknown value":        {"zones:\n  z: {title: a, trust: devise}\n", false},
		"missing title":        {"zones:\n  z: {trust: device}\n", false},
		"override needs none":  {"zones:\n  z: {override: because, notes: x}\n", true},
		"list where text":      {"zones:\n  z: {title: [a], trust: device}\n", false},
		"number where text":    {"components:\n  c: {title: a, type: soup, version: 1.10}\n", true},
		"duration":             {"product: {name: x, regulation: MDR, class: I, lifetime: 10 years}\n", true},
		"bad duration":         {"product: {name: x, regulation: MDR, class: I, lifetime: long}\n", false},
		"bad id":               {"zones:\n  1z: {title: a, trust: device}\n", false},
		"clause as id":         {"not-applicable:\n  mdr.annex-i.22.1: {reason: professional use only}\n", true},
		"heading without rows": {"zones:\n", true},
		"empty text":           {"zones:\n  z: {title: '', trust: device}\n", false},
		"empty required list":  {"risks:\n  r: {title: a, threats: []}\n", false},
		"empty list":           {"risks:\n  r: {title: a, threats: [t], harms: []}\n", true},
	} {
		if err := s.Validate(instance(t, []byte(tt.text))); (err == nil) != tt.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDocumented: every key of the language says what it is for.
func TestDocumented(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type)
	walk = func(typ reflect.Type) {
		if seen[typ] {
			return
		}
		seen[typ] = true
		for _, f := range Fields(typ) {
			if len(f.Doc) < 3 {
				t.Errorf("%s.%s has no doc tag", typ, f.Name)
			}
			if f.Shape == Struct {
				walk(f.Type)
			}
			if f.Item != nil && f.Item.Shape == Struct {
				walk(f.Item.Type)
			}
		}
	}
	walk(reflect.TypeFor[model.File]())
	for _, k := range model.Kinds() {
		walk(k.Type)
	}
	if len(seen) < 40 {
		t.Errorf("only %d types", len(seen))
	}
}
