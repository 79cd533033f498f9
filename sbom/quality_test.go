package sbom

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readFile reads a list of testdata.
func readFile(t testing.TB, name string) *BOM {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	bom, err := Read(f, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return bom
}

func judged(t *testing.T, b *BOM, support func(*Component) Support, schemes ...Scheme) *Assessment {
	t.Helper()
	out, err := Quality(b, support, schemes...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func findings(a *Assessment) (list []string) {
	for _, f := range a.Findings {
		list = append(list, fmt.Sprintf("%s|%s|%d|%s", f.Scheme, f.Title, f.Line, f.What))
	}
	return list
}

// TestQualityOfReal: what real lists hold, as counted by hand or by their makers.
func TestQualityOfReal(t *testing.T) {
	for _, c := range []struct {
		name   string
		scheme Scheme
		score  string // held of asked, whole of components
	}{
		{"bsi-v2.1-compliant-1.6.cdx.json", BSI, "34/34 3/3"}, // its name says so
		{"bsi-v2.1-compliant-1.6.cdx.json", NTIA, "18/18 3/3"},
		{"bsi-v2.1-complete.spdx3.json", NTIA, "18/18 3/3"},
		{"meddev-narrow.cdx.json", SOUP, "219/276 0/55"},
		{"wild-usbutils.spdx", NTIA, "2/3 0/0"}, // files alone
	} {
		s := judged(t, readFile(t, c.name), nil, c.scheme).Scores[0]
		if got := fmt.Sprintf("%d/%d %d/%d", s.Held, s.Of, s.Whole, s.Components); got != c.score {
			t.Errorf("%s by %s: %s, want %s", c.name, c.scheme, got, c.score)
		}
	}
}

// TestQualityOfSPDX: what may stand where nothing is read is no pass, and no claim either.
func TestQualityOfSPDX(t *testing.T) {
	unread := 0
	for _, f := range judged(t, readFile(t, "bsi-v2.1-complete.spdx3.json"), nil, BSI).Findings {
		if strings.HasSuffix(f.What, "for the package; files of SPDX, which may state it, are not read") {
			unread++
		} else if f.What != "it is not stated what it depends on" {
			t.Errorf("finding %+v", f)
		}
	}
	if unread != 15 { // five elements of three packages
		t.Errorf("%d findings about files", unread)
	}
}

// TestQualityOfSupport: support may come from the list or from elsewhere.
func TestQualityOfSupport(t *testing.T) {
	b := &BOM{Components: []Component{
		{Name: "a", Version: "1", Supplier: "S", Properties: []Property{{"vendor:End-of-Support", "2030-01-31"}, {"Level of Support", "active"}}, Parent: -1, Line: 3},
		{Name: "b", Version: "2", Manufacturer: "M", Properties: []Property{{"supportLevel", "none"}, {"eol", "soon"}}, Parent: -1, Line: 9},
		{Name: "c", Version: "unknown", Parent: -1, Line: 12},
		{Name: "tool", Scope: "excluded", Parent: -1},
		{Name: "f.c", Type: "FILE", Parent: -1},
	}}
	known := func(c *Component) Support {
		if c.Name == "c" {
			return Support{Level: "security only", End: "2027-06-30"}
		}
		return Support{End: "1999-01-01"} // the list goes first
	}
	want := []string{
		"soup|b 2|9|the end of its support is not a day",
		"soup|c unknown|12|the manufacturer is not stated", "soup|c unknown|12|the version is not stated",
	}
	a := judged(t, b, known, SOUP)
	if got := findings(a); !slices.Equal(got, want) {
		t.Errorf("findings\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := a.Scores[0]; s.Held != 13 || s.Of != 16 || s.Whole != 1 || s.Components != 3 {
		t.Errorf("score %d/%d, %d/%d", s.Held, s.Of, s.Whole, s.Components)
	}
}

// TestQualityElements takes one thing after the other away from a list that has all.
func TestQualityElements(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*BOM)
		scheme Scheme
		want   string
	}{
		{"author", func(b *BOM) { b.Authors = nil }, NTIA, "the document|nobody is named as author of the list"},
		{"author's address", func(b *BOM) { b.Authors = []string{"Jane Roe"} }, BSI, "the document|no author has an e-mail address or a URL"},
		{"time", func(b *BOM) { b.Created = "" }, NTIA, "the document|it is not stated when the list was made"},
		{"form of time", func(b *BOM) { b.Created = "yesterday" }, BSI, "the document|the time at which the list was made is not in the form of RFC 3339"},
		{"format", func(b *BOM) { b.Version = "1.5" }, BSI, "the document|CycloneDX 1.5 is none of the formats that the guideline takes"},
		{"supplier", func(b *BOM) { b.Components[0].Supplier, b.Components[0].Manufacturer = "NOASSERTION", "" }, NTIA, "acme-library 1.0.0|the supplier is not stated"},
		{"version", func(b *BOM) { b.Components[0].Version = "" }, NTIA, "acme-library|the version is not stated"},
		{"identifiers", func(b *BOM) { b.Components[0].PURL, b.Components[0].CPEs = "", nil }, NTIA, "acme-library 1.0.0|there is neither a package URL nor a CPE"},
		{"relations", func(b *BOM) { b.Depends = map[string][]string{"comp-2": {b.Subject.Ref}} }, NTIA, "acme-library 1.0.0|no relation to any other component is stated"},
		{"maker", func(b *BOM) { b.Components[0].Contact = "ask the front desk" }, BSI, "acme-library 1.0.0|there is no e-mail address or URL of who made it"},
		{"file", func(b *BOM) { set(&b.Components[0], "filename", "lib/acme.jar") }, BSI, "acme-library 1.0.0|the name of its file has a folder before it"},
		{"no file", func(b *BOM) { set(&b.Components[0], "filename", "") }, BSI, "acme-library 1.0.0|the name of its file is not stated"},
		{"property", func(b *BOM) { set(&b.Components[0], "archive", "maybe") }, BSI, "acme-library 1.0.0|the property archive has a value that means nothing"},
		{"completeness", func(b *BOM) { b.Aggregates = map[string]string{"comp-2": "complete", b.Subject.Ref: "complete"} }, BSI, "acme-library 1.0.0|it is not stated whether the list of what it depends on is complete"},
		{"dependencies", func(b *BOM) { delete(b.Depends, "comp-1") }, BSI, "acme-library 1.0.0|it is not stated what it depends on"},
		{"licences", func(b *BOM) { b.Components[0].Licences, b.Components[0].Declared = nil, nil }, BSI, "acme-library 1.0.0|the licences under which it is delivered are not stated"},
		{"hash", func(b *BOM) { b.Components[0].Links[2].Hashes[1].Value = "00" }, BSI, "acme-library 1.0.0|there is no SHA-512 of the file that is delivered"},
		{"all", func(b *BOM) { b.Components, b.Subject = nil, nil }, NTIA, "the document|the list has no component that could be judged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := readFile(t, "bsi-v2.1-compliant-1.6.cdx.json")
			c.change(b)
			var got []string
			for _, f := range judged(t, b, nil, c.scheme).Findings {
				got = append(got, f.Title+"|"+f.What)
				if f.Reference == "" || f.Remedy == "" || f.Name == "" || !f.Secondary {
					t.Errorf("finding without a place, a remedy or a mark: %+v", f)
				}
			}
			if !slices.Equal(got, []string{c.want}) {
				t.Errorf("findings %q, want %q", got, c.want)
			}
		})
	}
}

// set changes a property of the taxonomy of the BSI.
func set(c *Component, name, value string) {
	for i := range c.Properties {
		if c.Properties[i].Name == "bsi:component:"+name {
			c.Properties[i].Value = value
		}
	}
}

func TestQualityOfUnknownScheme(t *testing.T) {
	if _, err := Quality(&BOM{}, nil, "iso"); err == nil {
		t.Error("an unknown scheme is known")
	}
}

// TestQualityIsBounded: of one element so many findings are listed, the others are
// counted, and no component that lacks something counts as whole.
func TestQualityIsBounded(t *testing.T) {
	b := &BOM{}
	for range maxFindings + 3 {
		b.Components = append(b.Components, Component{Name: "a", Version: "1", Parent: -1})
	}
	a := judged(t, b, nil, SOUP)
	s := a.Scores[0]
	if s.Whole != 0 || len(a.Findings) != 3*maxFindings { // manufacturer, level and end of support
		t.Errorf("%d whole, %d findings", s.Whole, len(a.Findings))
	}
	for _, e := range s.Elements {
		lacking := e.Of - e.Held
		if want := max(0, lacking-maxFindings); e.Unlisted != want || lacking != 0 && lacking != maxFindings+3 {
			t.Errorf("%s: %d of %d, %d not listed", e.Name, e.Held, e.Of, e.Unlisted)
		}
	}
}
