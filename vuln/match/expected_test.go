package match

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"theriac/sbom"
)

// expectation is a file of testdata/expected.
type expectation struct {
	SBOM     string
	Findings int
	Expected map[string][]string // advisories by package URL as written
	// Either are packages with and without findings.
	Either struct {
		Components map[string][]string
	} `json:"accept_either_way"`
}

func expectations(tb testing.TB) []expectation {
	tb.Helper()
	files, err := filepath.Glob("testdata/expected/*.json")
	if err != nil || len(files) < 31 {
		tb.Fatalf("%d files of expected findings: %v", len(files), err)
	}
	list := make([]expectation, len(files))
	for i, name := range files {
		data, err := os.ReadFile(name)
		if err == nil {
			err = json.Unmarshal(data, &list[i])
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	return list
}

func readBOM(tb testing.TB, name string) *sbom.BOM {
	tb.Helper()
	f, err := os.Open(filepath.Join("../../sbom/testdata", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	bom, err := sbom.Read(f, sbom.Limits{})
	if err != nil {
		tb.Fatal(err)
	}
	return bom
}

// TestExpected compares what is found in real bills of materials with what two other
// scanners and a reference agreed on; see testdata/README.md.
func TestExpected(t *testing.T) {
	m := NewMatcher(advisories(t, "testdata/osv"), Options{})
	total := 0
	for _, e := range expectations(t) {
		t.Run(e.SBOM, func(t *testing.T) {
			result, err := m.Match(readBOM(t, e.SBOM))
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]string{}
			for _, f := range result.Findings {
				got[f.PURL] = append(append(got[f.PURL], f.ID), f.Aliases...)
			}
			for purl, ids := range e.Expected {
				if e.Either.Components[purl] != nil {
					continue
				}
				for _, id := range ids {
					total++
					if !slices.Contains(got[purl], id) {
						t.Errorf("%s lacks %s", purl, id)
					}
				}
			}
			for _, purl := range slices.Sorted(maps.Keys(got)) {
				if e.Expected[purl] == nil && e.Either.Components[purl] == nil {
					t.Errorf("%s should have no finding, and has %v", purl, got[purl])
				}
			}
		})
	}
	if total < 700 {
		t.Errorf("only %d findings were compared", total)
	}
}
