package reference

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/check/rules"
)

var update = flag.Bool("update", false, "write the pages anew")

func TestPagesAreCurrent(t *testing.T) {
	for name, want := range Pages() {
		file := filepath.Join("../../docs", name)
		if *update {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the program says: go test ./internal/reference -update", file)
		}
	}
}

// TestEveryRuleHasAPlace: each code falls under exactly one heading.
func TestEveryRuleHasAPlace(t *testing.T) {
	page := Rules()
	for _, r := range rules.All() {
		if n := strings.Count(page, "### "+r.Code+":"); n != 1 {
			t.Errorf("%s stands %d times on the page", r.Code, n)
		}
	}
}

// TestRetiredCodes: the page of rules says what became of each retired code.
func TestRetiredCodes(t *testing.T) {
	page := Rules()
	for _, r := range rules.AllRetired() {
		if n := strings.Count(page, "| "+r.Code+" |"); n != 1 {
			t.Errorf("%s stands %d times on the page", r.Code, n)
		}
	}
}
