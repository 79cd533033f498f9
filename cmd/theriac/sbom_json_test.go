package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestSBOMJSONIsDescribed: docs/formats/sbom-json.md names every member that is written,
// and the section of each command those of its own.
func TestSBOMJSONIsDescribed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "formats", "sbom-json.md"))
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(string(text), "\n## theriac sbom ")
	for i, written := range [][]any{
		{sbomJSON{}, sbomComponentJSON{}, sbomHashJSON{}, sbomLinkJSON{}, sbomPropertyJSON{}, sbomProblemJSON{}},
		{sbomChangeJSON{}, sbomFieldJSON{}},
		{sbomQualityJSON{}, sbomScoreJSON{}, sbomTallyJSON{}, sbomFindingJSON{}},
	} {
		if len(sections) != 4 {
			t.Fatalf("%d sections", len(sections))
		}
		for _, value := range written {
			for _, field := range reflect.VisibleFields(reflect.TypeOf(value)) {
				name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if name == "" || !strings.Contains(sections[i+1], "`"+name+"`") {
					t.Errorf("%T: member %q is not described", value, name)
				}
			}
		}
	}
}
