package model

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	file := load(t, `
situations:
  hs: { title: Overdose, hazard: hz }
hazards:
  hz: { title: Energy }
controls:
  ct:
    title: Lock
    priority: design
    safety-effect: { situations: [lost, hs] }
    introduces: []
`)
	var got []string
	for _, r := range References(file.Lookup("ct")) {
		got = append(got, fmt.Sprintf("%s %s %s %v", r.Field, r.At, r.ID, r.To == file.Lookup("hs")))
	}
	want := "safety-effect.situations safety-effect.situations.0 lost false; safety-effect.situations safety-effect.situations.1 hs true"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, "; "), want)
	}
}

// TestReferenceFields: an entity that states everything has a reference in each
// of the fields, and in no other.
func TestReferenceFields(t *testing.T) {
	total := 0
	for _, k := range Kinds() {
		seen := map[string]bool{}
		for _, r := range References(filled(k, func(string, reflect.Value, func(int)) {})) {
			seen[r.Field] = true
		}
		fields := ReferenceFields(k)
		total += len(fields)
		if len(seen) != len(fields) {
			t.Errorf("%s: references in %v, fields %v", k.Name, seen, fields)
		}
		for _, f := range fields {
			if !seen[f] {
				t.Errorf("%s: no reference in %s", k.Name, f)
			}
		}
	}
	if total < 60 {
		t.Errorf("only %d fields", total)
	}
}
