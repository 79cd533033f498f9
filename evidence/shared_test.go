package evidence

import (
	"maps"
	"testing"
)

// TestSharedKeepsWhatDiffers: only what is equal is shared, also where somebody
// gives different content the same digest.
func TestSharedKeepsWhatDiffers(t *testing.T) {
	made := func(owner, artefact string) *Statement {
		s := &Statement{Subjects: []Subject{{Name: artefact, SHA256: "00"}}}
		s.Basis = []Basis{{ID: "co-a", Digest: "11", Fields: map[string]string{"owner": owner}}}
		return s
	}
	var k shared
	first, same, other := made("a", "x.img"), made("a", "x.img"), made("b", "y.img")
	for _, s := range []*Statement{first, same, other} {
		k.replace(s)
	}
	same.Basis[0].Fields["owner"] = "seen in both"
	if first.Basis[0].Fields["owner"] != "seen in both" || &first.Subjects[0] != &same.Subjects[0] {
		t.Error("what is equal is kept twice")
	}
	if !maps.Equal(other.Basis[0].Fields, map[string]string{"owner": "b"}) || other.Subjects[0].Name != "y.img" {
		t.Errorf("got %v and %v of another statement", other.Basis[0].Fields, other.Subjects)
	}
	k.replace(&Statement{})
}
