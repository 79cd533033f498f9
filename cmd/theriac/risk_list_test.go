package main

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestRiskJSONDocumented holds docs/formats/risk-json.md against what is written:
// its example has the fields of the types, and each field is explained.
func TestRiskJSONDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats/risk-json.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	if m == nil {
		t.Fatal("the specification shows no example")
	}
	d := json.NewDecoder(bytes.NewReader(m[1]))
	d.DisallowUnknownFields()
	var example risksJSON
	if err := d.Decode(&example); err != nil || len(example.Risks) == 0 {
		t.Fatalf("the example: %v", err)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[risksJSON](), reflect.TypeFor[rowJSON](), reflect.TypeFor[cellOfRisk]()} {
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if !bytes.Contains(m[1], []byte(`"`+name+`":`)) || !bytes.Contains(text, []byte("`"+name+"`")) {
				t.Errorf("field %q of %s is not in the example or not explained", name, typ.Name())
			}
		}
	}
}
