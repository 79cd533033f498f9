package main

import (
	"reflect"
	"testing"

	"theriac/sbom"
)

// TestMergeInto: the whole depends on what stands alone in its parts, and keeps what a
// part says of it.
func TestMergeInto(t *testing.T) {
	part := func(subject *sbom.Component) *sbom.BOM {
		b := &sbom.BOM{Subject: subject, Components: []sbom.Component{{Ref: "a", Name: "a", Parent: -1}, {Ref: "b", Name: "b", Parent: 0}, {Ref: "c", Name: "c", Parent: -1}}}
		b.Depends = map[string][]string{"a": {"c"}}
		if subject != nil {
			b.Depends[subject.Ref] = []string{"a"}
		}
		return b
	}
	const whole = "urn:theriac:whole"
	for _, c := range []struct {
		name    string
		subject *sbom.Component
		depends map[string][]string
		parents []int
	}{
		{"of nothing that is said", nil, map[string][]string{whole: {"a"}, "a": {"c"}}, []int{-1, 0, -1}},
		{"of something else", &sbom.Component{Ref: "fw", Name: "firmware"}, map[string][]string{whole: {"fw"}, "fw": {"a"}, "a": {"c"}}, []int{-1, -1, 1, -1}},
		{"of the whole", &sbom.Component{Ref: "p", Name: "pump", Version: "1"}, map[string][]string{whole: {"a"}, "a": {"c"}}, []int{-1, 0, -1}},
	} {
		got := mergeInto([]*sbom.BOM{part(c.subject)}, "pump", "1")
		var parents []int
		for _, p := range got.Components {
			parents = append(parents, p.Parent)
		}
		if got.Subject == nil || got.Subject.Ref != whole || !reflect.DeepEqual(got.Depends, c.depends) || !reflect.DeepEqual(parents, c.parents) {
			t.Errorf("%s: of %+v, depends %v, parents %v", c.name, got.Subject, got.Depends, parents)
		}
	}
}
