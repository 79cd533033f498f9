package synthetic

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func TestBills(t *testing.T) {
	real := []string{"../../sbom/testdata/juice-shop-11.1.2.cdx.json", "../../sbom/testdata/guac-python.cdx.json"}
	var texts []string
	for range 2 {
		dir := t.TempDir()
		stats, err := Bills(dir, real, 3, 50)
		if err != nil || stats.Files != 3 || stats.Entities != 150 {
			t.Fatalf("%+v, %v", stats, err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "device-0001.cdx.json"))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("the same input gives other bytes")
	}
	bom := new(cdx.BOM)
	if err := cdx.NewBOMDecoder(strings.NewReader(texts[0]), cdx.BOMFileFormatJSON).Decode(bom); err != nil || len(*bom.Components) != 50 {
		t.Fatalf("%v", err)
	}
	for _, c := range *bom.Components {
		if !strings.HasPrefix(c.PackageURL, "pkg:npm/") {
			t.Errorf("%s is of another ecosystem", c.PackageURL)
		}
	}
}

func TestAdvisories(t *testing.T) {
	name := filepath.Join(t.TempDir(), "all.zip")
	record := json.RawMessage(`{"id": "A-1", "aliases": ["C-1"], "affected": [{"package": {"ecosystem": "npm", "name": "p"}}]}`)
	stats, err := Advisories(name, []json.RawMessage{record}, 3)
	if err != nil || stats.Entities != 3 {
		t.Fatalf("%+v, %v", stats, err)
	}
	archive, err := zip.OpenReader(name)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	var ids []string
	for _, f := range archive.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var r struct {
			ID       string
			Aliases  []string
			Affected []struct{ Package struct{ Name string } }
		}
		if err := json.NewDecoder(in).Decode(&r); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.ID+" "+r.Aliases[0]+" "+r.Affected[0].Package.Name)
	}
	if got, want := strings.Join(ids, ", "), "A-1 C-1 p, A-1-x1 C-1-x1 p-x1, A-1-x2 C-1-x2 p-x2"; got != want {
		t.Errorf("written %s, not %s", got, want)
	}
}
