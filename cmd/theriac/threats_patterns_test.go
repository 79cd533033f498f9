package main

import (
	"slices"
	"testing"

	"theriac/model"
	"theriac/threat"
)

// TestPatternKinds: the kinds that the help names are those that patterns look at.
func TestPatternKinds(t *testing.T) {
	var kinds []string
	for _, k := range model.Kinds() {
		if threat.VocabularyOf(k.Singular) != nil {
			kinds = append(kinds, k.Singular)
		}
	}
	if !slices.Equal(kinds, patternKinds) {
		t.Errorf("the kinds are %q, and the help names %q", kinds, patternKinds)
	}
}
