package theriac_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFormatsListed: the list of formats names every page of the folder.
func TestFormatsListed(t *testing.T) {
	index := filepath.Join("docs", "formats", "README.md")
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, m := range mdLink.FindAllStringSubmatch(string(text), -1) {
		linked[m[1]] = true
	}
	pages, err := filepath.Glob("docs/formats/*.*")
	if err != nil || len(pages) < 40 {
		t.Fatalf("%d pages (%v)", len(pages), err)
	}
	for _, page := range pages {
		if name := filepath.Base(page); page != index && !linked[name] {
			t.Errorf("%s does not name %s", index, name)
		}
	}
}
