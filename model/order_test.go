package model

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/syntax"
)

func TestFieldOrder(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"", ""},
		{"zones", ""},
		{"zones z1", "title trust notes clauses only-in override"},
		{"risks r1 initial", "exploitability severity cvss rubric feasibility rationale"},
		{"verifications v1 tester", "who independence skills"},
		{"processes p1 metrics", "name target"},
		{"product manufacturer", "name address srn prrc"},
		{"product laws", "law applies basis why"},
		{"zones z1 trust", ""},
		{"zones z1 trust deeper", ""},
		{"stores s1 on", ""},
		{"verifications v1 date", ""},
		{"ignore", ""},
		{"ignore x", ""},
		{"nothing z1", ""},
		{"risks r1 nothing", ""},
	} {
		if got := strings.Join(FieldOrder(strings.Fields(c.path)), " "); got != c.want {
			t.Errorf("%q: got %q, want %q", c.path, got, c.want)
		}
	}
}

// TestFieldOrderComplete: no key of any kind is forgotten, and the common keys
// stand where readers look for them.
func TestFieldOrderComplete(t *testing.T) {
	for _, k := range Kinds() {
		path := []string{k.Name}
		if !k.Single {
			path = append(path, "id")
		}
		got, want := FieldOrder(path), syntax.Fields(k.Type)
		if got[0] != "title" || !reflect.DeepEqual(got[len(got)-4:], []string{"notes", "clauses", "only-in", "override"}) {
			t.Errorf("%s: common keys misplaced: %v", k.Name, got)
		}
		sorted := slices.Sorted(slices.Values(got))
		slices.Sort(want)
		if !slices.Equal(sorted, want) {
			t.Errorf("%s: got %v, want %v", k.Name, sorted, want)
		}
	}
}
