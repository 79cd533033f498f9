package sbom

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/tagvalue"
)

func written(t *testing.T, b *BOM, form Form) (text []byte, lost []string) {
	t.Helper()
	var out bytes.Buffer
	problems, err := Write(&out, b, form)
	if err != nil {
		t.Fatalf("%s: %v", form, err)
	}
	for _, p := range problems {
		lost = append(lost, p.What)
	}
	return out.Bytes(), lost
}

// samples are lists of every kind, by name of their file.
func samples(t *testing.T) map[string]*BOM {
	t.Helper()
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*BOM{"made by hand": firmware()}
	all["made by hand"].Tools = []string{"builder 1.0", "builder 1.0"}
	all["made by hand"].Created = "2026-01-02T03:04:05Z"
	for _, name := range names {
		if name = filepath.Base(name); !strings.HasSuffix(name, ".md") {
			b := readFile(t, name)
			if b.Created == "" {
				b.Created = "2026-01-02T03:04:05Z"
			}
			all[name] = b
		}
	}
	if len(all) < 30 {
		t.Fatalf("%d samples", len(all))
	}
	return all
}

// TestRoundTrip: what is written is read as it was, as far as the form has a place for it.
func TestRoundTrip(t *testing.T) {
	for name, b := range samples(t) {
		for _, form := range Forms() {
			text, _ := written(t, b, form)
			again, _ := written(t, b, form)
			if !bytes.Equal(text, again) {
				t.Errorf("%s as %s is written in two ways", name, form)
			}
			back, err := Read(bytes.NewReader(text), Limits{})
			if err != nil {
				t.Errorf("%s as %s: %v", name, form, err)
				continue
			}
			for _, p := range back.Problems {
				if p.Lost {
					t.Errorf("%s as %s: line %d: %s", name, form, p.Line, p.What)
				}
			}
			if got, want := identities(back), identities(b); !slices.Equal(got, want) {
				t.Errorf("%s as %s: %d identities, want %d:\n%q\n%q", name, form, len(got), len(want), got[:min(len(got), 5)], want[:min(len(want), 5)])
			}
		}
	}
}

// identities are what components are known by, sorted.
func identities(b *BOM) []string {
	var list []string
	for i := range b.Components {
		c := &b.Components[i]
		if b.isSubject(i) {
			continue
		}
		cpe := ""
		if len(c.CPEs) > 0 {
			cpe = c.CPEs[0]
		}
		title := oneLine(c.Title())
		if title == nothing { // SPDX wants a name
			title = ""
		}
		list = append(list, strings.Join([]string{title, oneLine(c.Version), oneLine(c.PURL), oneLine(cpe)}, "|"))
	}
	slices.Sort(list)
	return list
}

// TestCycloneDXRoundTrip compares all that CycloneDX has a place for.
func TestCycloneDXRoundTrip(t *testing.T) {
	b := readFile(t, "bsi-v2.1-compliant-1.6.cdx.json")
	for _, form := range []Form{CycloneDX16JSON, CycloneDX16XML, CycloneDX17JSON, CycloneDX17XML} {
		text, lost := written(t, b, form)
		if len(lost) > 0 {
			t.Errorf("%s: %q", form, lost)
		}
		back, err := Read(bytes.NewReader(text), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(back.Problems) > 0 {
			t.Errorf("%s: %v", form, back.Problems)
		}
		for i := range back.Components {
			got, want := back.Components[i], b.Components[i]
			got.Line, want.Line = 0, 0
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: component\n%+v\nwant\n%+v", form, got, want)
			}
		}
		if !reflect.DeepEqual(back.Depends, b.Depends) || !reflect.DeepEqual(back.Aggregates, b.Aggregates) || back.Created != b.Created {
			t.Errorf("%s: depends %v, aggregates %v, created %s", form, back.Depends, back.Aggregates, back.Created)
		}
		if q := judged(t, back, nil, BSI); len(q.Findings) > 0 {
			t.Errorf("%s: findings %q", form, findings(q))
		}
	}
}

// TestCycloneDXSchema: what is written is valid, whatever was read.
func TestCycloneDXSchema(t *testing.T) {
	schema := cycloneSchema(t)
	for name, b := range samples(t) {
		text, lost := written(t, b, CycloneDX16JSON)
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name == "made by hand" && !slices.Contains(lost, "hash that is none of its algorithm (1 times)") {
			t.Errorf("lost %q", lost)
		}
	}
}

// cycloneSchema is the schema of CycloneDX 1.6.
func cycloneSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json"} {
		f, err := os.Open(filepath.Join("..", "techdoc", "testdata", "cyclonedx", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		value, err := jsonschema.UnmarshalJSON(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, value); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestSPDXByLibrary: the library reads what is written, in both forms alike.
func TestSPDXByLibrary(t *testing.T) {
	for name, b := range samples(t) {
		text, _ := written(t, b, SPDX23JSON)
		doc, err := spdxjson.Read(bytes.NewReader(text))
		if err != nil {
			t.Errorf("%s as JSON: %v", name, err)
			continue
		}
		tags, _ := written(t, b, SPDX23Tag)
		other, err := tagvalue.Read(bytes.NewReader(tags))
		if err != nil {
			t.Errorf("%s as tags: %v", name, err)
			continue
		}
		want := len(b.Components)
		if b.Subject != nil {
			want++
			for i := range b.Components {
				if b.isSubject(i) {
					want--
				}
			}
		}
		if len(doc.Packages) != want || len(other.Packages) != want {
			t.Errorf("%s: %d packages as JSON, %d as tags, want %d", name, len(doc.Packages), len(other.Packages), want)
		}
		if doc.DocumentNamespace == other.DocumentNamespace || !strings.HasPrefix(doc.DocumentNamespace, "urn:uuid:") {
			t.Errorf("%s: name spaces %s and %s", name, doc.DocumentNamespace, other.DocumentNamespace)
		}
	}
}

func TestSPDXFields(t *testing.T) {
	b := &BOM{
		Created: "2026-05-06T09:08:07+02:00", Authors: []string{"Jane Roe <jane@example.org>"}, Tools: []string{"builder 1.0"},
		Subject: &Component{Ref: "pump", Name: "pump", Version: "1.4.0", Type: "device"},
		Components: []Component{{
			Ref: "a/b", Name: "openssl\nPackageName: evil", Version: "3.0", PURL: "pkg:generic/openssl@3.0", CPEs: []string{"cpe:/a:openssl:openssl:3.0"}, Supplier: "OpenSSL", Contact: "security@example.org",
			Description: "<text>open", Licences: []string{"MIT OR Apache-2.0", "Own Licence"}, Declared: []string{"MIT"}, Hashes: []Hash{{"SHA-256", "AB"}, {"Streebog-256", "cd"}},
			Links: []Link{{Kind: "website", URL: "https://www.openssl.org"}, {Kind: "vcs", URL: "https://example.org/x y"}}, Type: "machine-learning-model", Patched: true, Parent: -1,
		}},
		Depends: map[string][]string{"pump": {"a/b", "nowhere"}, "gone": {"pump"}},
	}
	text, lost := written(t, b, SPDX23JSON)
	var doc struct {
		CreationInfo struct {
			Created  string
			Creators []string
		}
		Packages []struct {
			SPDXID, Name, Supplier, LicenseConcluded, LicenseDeclared, Description, Homepage, PrimaryPackagePurpose string
			Checksums                                                                                               []struct{ Algorithm, ChecksumValue string }
			ExternalRefs                                                                                            []struct{ ReferenceCategory, ReferenceType, ReferenceLocator string }
		}
		HasExtractedLicensingInfos []struct{ LicenseID, ExtractedText string }
		Relationships              []struct{ SPDXElementID, RelationshipType, RelatedSPDXElement string }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	p := doc.Packages[1]
	if p.SPDXID != "SPDXRef-a-b" || p.Name != "openssl PackageName: evil" || p.Supplier != "Organization: OpenSSL (security@example.org)" ||
		p.LicenseConcluded != "(MIT OR Apache-2.0) AND LicenseRef-1" || p.LicenseDeclared != "MIT" || p.Description != "[text]open" || p.PrimaryPackagePurpose != "OTHER" || p.Homepage != "https://www.openssl.org" {
		t.Errorf("package %+v", p)
	}
	if len(p.Checksums) != 1 || p.Checksums[0].Algorithm != "SHA256" || p.Checksums[0].ChecksumValue != "ab" {
		t.Errorf("checksums %v", p.Checksums)
	}
	if len(p.ExternalRefs) != 2 || p.ExternalRefs[0].ReferenceType != "purl" || p.ExternalRefs[1].ReferenceType != "cpe22Type" {
		t.Errorf("references %v", p.ExternalRefs)
	}
	if doc.CreationInfo.Created != "2026-05-06T07:08:07Z" || !slices.Equal(doc.CreationInfo.Creators, []string{"Person: Jane Roe (jane@example.org)", "Tool: builder 1.0"}) {
		t.Errorf("creation %+v", doc.CreationInfo)
	}
	if len(doc.Relationships) != 2 || doc.Relationships[1].RelatedSPDXElement != "SPDXRef-a-b" {
		t.Errorf("relationships %v", doc.Relationships)
	}
	want := []string{
		"hash by an algorithm that SPDX does not know (1 times)", "mark that a component was changed (1 times)", "reference with blanks in it (1 times)",
		"type that SPDX does not know, written as OTHER (1 times)", "dependency on a component that is not in the list (1 times)", "dependencies of a component that is not in the list (1 times)",
	}
	slices.Sort(want)
	slices.Sort(lost)
	if !slices.Equal(lost, want) {
		t.Errorf("lost %q, want %q", lost, want)
	}
	if tags, _ := written(t, b, SPDX23Tag); strings.Contains(string(tags), "\nPackageName: evil") || strings.Contains(string(tags), "<text>") {
		t.Errorf("a value broke out of its line:\n%s", tags)
	}
}

func TestSPDXWantsTime(t *testing.T) {
	for _, created := range []string{"", "yesterday"} {
		if _, err := Write(&bytes.Buffer{}, &BOM{Created: created}, SPDX23JSON); err == nil {
			t.Errorf("SPDX of time %q is written", created)
		}
	}
	if _, err := Write(&bytes.Buffer{}, &BOM{}, "spdx-9"); err == nil {
		t.Error("an unknown form is written")
	}
}

// TestCycloneDXNesting: what stands in others does so again, at any depth, and circles end.
func TestCycloneDXNesting(t *testing.T) {
	b := &BOM{Components: []Component{
		{Ref: "c", Name: "c", Parent: 1}, {Ref: "b", Name: "b", Parent: 2}, {Ref: "a", Name: "a", Parent: -1},
		{Ref: "x", Name: "x", Parent: 4}, {Ref: "y", Name: "y", Parent: 3}, {Ref: "a", Name: "a2", Parent: 77},
	}}
	text, _ := written(t, b, CycloneDX16JSON)
	var doc cdx.BOM
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	var lines []string
	var walk func(list *[]cdx.Component, depth int)
	walk = func(list *[]cdx.Component, depth int) {
		if list == nil {
			return
		}
		for _, c := range *list {
			lines = append(lines, strings.Repeat(" ", depth)+c.Name+"="+c.BOMRef)
			walk(c.Components, depth+1)
		}
	}
	walk(doc.Components, 0)
	if want := []string{"a=a", " b=b", "  c=c", "y=y", " x=x", "a2=a#2"}; !slices.Equal(lines, want) {
		t.Errorf("components %q, want %q", lines, want)
	}
}

func FuzzWrite(f *testing.F) {
	f.Add("a", "1\n2", "pkg:npm/a@1", "MIT OR", "x <y>")
	f.Add("</text>", "<text>", "urn:x", "\x00\xff", "SPDXRef-")
	f.Add(" ", "<text>", "", "", "NOASSERTION")
	f.Fuzz(func(t *testing.T, name, version, purl, licence, other string) {
		b := &BOM{
			Name: other, Created: "2026-01-02T03:04:05Z", Authors: []string{other}, Tools: []string{name + " " + version},
			Components: []Component{
				{Ref: other, Name: name, Version: version, PURL: purl, Licences: []string{licence}, Declared: []string{other}, Supplier: other, Contact: purl, Author: name,
					Properties: []Property{{name, version}}, Links: []Link{{Kind: other, URL: purl}}, Hashes: []Hash{{"SHA-1", other}}, Type: licence, Parent: 1},
				{Ref: name, Name: "n", Parent: -1},
			},
			Depends: map[string][]string{other: {name}},
		}
		for _, form := range Forms() {
			var out bytes.Buffer
			if _, err := Write(&out, b, form); err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			back, err := Read(bytes.NewReader(out.Bytes()), Limits{})
			if err != nil {
				t.Fatalf("%s: %v\n%s", form, err, out.Bytes())
			}
			// A component whose name and package URL are blank cannot be told from another: the reader leaves it out, and says so.
			left := hasProblem(back, "a component has neither name nor package URL nor CPE; it is left out")
			if n := len(back.Components); n != 2 && !(n == 1 && left && back.Lost > 0) {
				t.Fatalf("%s: %d components\n%s", form, n, out.Bytes())
			}
		}
	})
}

// TestWriteIsBounded: a list that the libraries could hold only in gigabytes is refused.
func TestWriteIsBounded(t *testing.T) {
	on := make([]string, maxWritten)
	for i := range on {
		on[i] = "b"
	}
	b := &BOM{Created: "2026-01-02T03:04:05Z", Components: []Component{{Ref: "a", Name: "a", Parent: -1}, {Ref: "b", Name: "b", Parent: -1}}, Depends: map[string][]string{"a": on}}
	for _, form := range Forms() {
		var out bytes.Buffer
		_, err := Write(&out, b, form)
		if err == nil || err.Error() != "the list has 1000002 components and dependencies; at most 1000000 are written" || out.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", form, err, out.Len())
		}
	}
}
