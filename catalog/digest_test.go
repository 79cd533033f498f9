package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

func TestDataFiles(t *testing.T) {
	sources, files := map[string]bool{}, DataFiles()
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("data", f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); f.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: digest is %s", f.Name, f.SHA256)
		}
		if f.Source == "" != (f.Name == "tables.yaml") {
			t.Errorf("%s: source is %q", f.Name, f.Source)
		}
		sources[f.Source] = true
	}
	for _, s := range Load().Sources {
		if !sources[s.ID] {
			t.Errorf("no file of %s", s.ID)
		}
	}
	if want := len(Load().Sources) + 1; len(files) != want {
		t.Errorf("%d files, want %d", len(files), want)
	}
}
