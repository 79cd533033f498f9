package csaf

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestPublishedAdvisories compares with what the reference validator says of
// advisories as they were published.
func TestPublishedAdvisories(t *testing.T) {
	expected, err := os.ReadFile("testdata/icsma/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	documents := 0
	for line := range strings.Lines(string(expected)) {
		name, numbers, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			t.Fatalf("line without tab: %q", line)
		}
		documents++
		text, err := os.ReadFile(filepath.Join("testdata/icsma", name))
		if err != nil {
			t.Fatal(err)
		}
		result, err := Validate(text, Options{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var failed []string
		for _, f := range result.Findings {
			failed = append(failed, f.Test)
		}
		slices.Sort(failed)
		want := strings.Fields(numbers)
		slices.Sort(want)
		if failed = slices.Compact(failed); !slices.Equal(failed, want) {
			t.Errorf("%s: got %v, want %v", name, failed, want)
		}
		if !result.Valid() {
			t.Errorf("%s: not valid: %v", name, result.Findings[0])
		}
	}
	if documents != 96 {
		t.Errorf("%d documents, want 96", documents)
	}
}
