package sbom

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	cdx "github.com/CycloneDX/cyclonedx-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

type realFile struct {
	file, form                string
	components, listed, purls int
	depends                   int // components of which the dependencies are said
	subject                   string
	problems, lost            int
}

// real are the files of testdata with what is in them. Package URLs as listed and as
// distinct agree with an independent count, but for the SPDX 3 file, which calls
// externalIdentifier by a wrong name that a strict reader passes over.
var real = []realFile{
	{"bad-purls.cdx.xml", "CycloneDX 1.4", 15, 14, 12, 0, "alpine:latest", 2, 1},
	{"broken-docker.2-2.spdx", "SPDX 2.2", 126, 0, 0, 67, "github.com/docker/compose/v2", 54, 2},
	{"bsi-v2.1-complete.spdx3.json", "SPDX 3.0.1", 3, 3, 3, 2, "PrimaryPackage", 5, 0},
	{"bsi-v2.1-compliant-1.6.cdx.json", "CycloneDX 1.6", 2, 2, 2, 3, "acme-app", 0, 0},
	{"cdx-1.6-invalid.cdx.json", "CycloneDX 1.6", 21, 20, 14, 22, "Final product", 0, 0},
	{"cern-vdm-editor.cdx.xml", "CycloneDX 1.2", 43, 43, 43, 0, "lhc-vdm-editor", 0, 0},
	{"cve-bin-tool-py3.8.spdx", "SPDX 2.3", 76, 76, 76, 34, "cve-bin-tool", 0, 0},
	{"debsbom-merge-full.cdx.json", "CycloneDX 1.6", 89, 89, 89, 90, "full", 0, 0},
	{"debsbom-merge-full.spdx.json", "SPDX 2.3", 90, 89, 89, 1, "full", 0, 0},
	{"dropwizard-1.3.15.cdx.json", "CycloneDX 1.2", 167, 167, 167, 167, "dropwizard-parent", 0, 0},
	{"dt-issue4455.cdx.json", "CycloneDX 1.6", 23, 22, 21, 24, "trivy-test-image", 0, 0},
	{"dt-valid-1.5.cdx.xml", "CycloneDX 1.5", 3, 3, 3, 0, "Acme Application", 0, 0},
	{"guac-consul.cdx.json", "CycloneDX 1.4", 192, 191, 191, 0, "docker.io/library/consul:latest", 0, 0},
	{"guac-nginx.cdx.json", "CycloneDX 1.4", 144, 143, 143, 0, "docker.io/library/nginx:latest", 0, 0},
	{"guac-python.cdx.json", "CycloneDX 1.4", 431, 430, 430, 0, "docker.io/library/python:latest", 0, 0},
	{"guac-vault.cdx.json", "CycloneDX 1.4", 384, 383, 383, 0, "docker.io/library/vault:latest", 0, 0},
	{"juice-shop-11.1.2.cdx.json", "CycloneDX 1.2", 840, 840, 840, 0, "juice-shop", 0, 0},
	{"laravel-7.12.0-1.2.cdx.xml", "CycloneDX 1.2", 62, 62, 62, 63, "cyclonedx-php-composer-demo", 0, 0},
	{"laravel-7.12.0-1.3.cdx.json", "CycloneDX 1.3", 62, 62, 62, 63, "cyclonedx-php-composer-demo", 0, 0},
	{"meddev-narrow.cdx.json", "CycloneDX 1.4", 55, 55, 55, 56, "REDACTED", 0, 0},
	{"postgres-stretch.cdx.xml", "CycloneDX 1.4", 137, 136, 136, 0, "postgres:11.15-stretch", 0, 0},
	{"proton-bridge-1.6.3.cdx.json", "CycloneDX 1.2", 201, 201, 201, 202, "github.com/ProtonMail/proton-bridge", 1, 0},
	{"sbomqs-photon.spdx.json", "SPDX 2.2", 38, 0, 0, 2, "photon", 0, 0},
	{"spdx-appbomination.spdx.json", "SPDX 2.2", 7, 4, 4, 2, "App-BOM-ination", 0, 0},
	{"trivy-celery-3.1.cdx.json", "CycloneDX 1.4", 123, 122, 122, 89, "celery:3.1", 2, 0},
	{"wild-flux.spdx", "SPDX 2.2", 244, 244, 189, 0, "", 0, 0},
	{"wild-flux.spdx.json", "SPDX 2.2", 244, 244, 189, 0, "", 0, 0},
	{"wild-julia.spdx", "SPDX 2.2", 34, 0, 0, 1, "Julia", 0, 0},
	{"wild-microsoft-sbom-tool.spdx.json", "SPDX 2.2", 123, 122, 122, 1, "SBOMTool", 0, 0},
	{"wild-usbutils.spdx", "SPDX 2.1", 0, 0, 0, 0, "", 1, 0},
	{"with-duplicates.cdx.xml", "CycloneDX 1.4", 18, 16, 14, 0, "alpine:latest", 2, 0},
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustRead(t testing.TB, data []byte) *BOM {
	t.Helper()
	bom, err := Read(bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return bom
}

func TestReal(t *testing.T) {
	for _, want := range real {
		t.Run(want.file, func(t *testing.T) {
			data := sample(t, want.file)
			bom := mustRead(t, data)
			listed, purls := 0, map[string]bool{}
			for _, c := range bom.Components {
				if c.PURL != "" {
					listed++
					purls[c.PURL] = true
				}
			}
			got := want
			got.form, got.components, got.listed, got.purls = bom.Format+" "+bom.Version, len(bom.Components), listed, len(purls)
			got.depends, got.problems, got.lost, got.subject = len(bom.Depends), len(bom.Problems)+bom.Unlisted, bom.Lost, ""
			if bom.Subject != nil {
				got.subject = bom.Subject.Name
			}
			if got != want {
				t.Errorf("got  %v\nwant %v\nproblems %v", got, want, bom.Problems)
			}
			for _, c := range bom.Components {
				if line := lineOf(data, c.Line); !strings.Contains(line, "{") && !strings.Contains(line, "<component") && !strings.HasPrefix(line, "PackageName") {
					t.Errorf("component %q is said to begin in line %d, which is %q", c.Name, c.Line, line)
				}
			}
		})
	}
	var told []string // files of which the README tells source and licence
	for line := range strings.Lines(string(sample(t, "README.md"))) {
		if cells := strings.Split(line, "|"); len(cells) == 6 && !strings.Contains(cells[1], "File") && !strings.Contains(cells[1], "---") && len(strings.TrimSpace(cells[4])) > 2 {
			told = append(told, strings.TrimSpace(cells[1]))
		}
	}
	slices.Sort(told)
	if !slices.EqualFunc(told, real, func(name string, row realFile) bool { return name == row.file }) {
		t.Errorf("the README tells of %q", told)
	}
}

func lineOf(data []byte, line int) string {
	lines := bytes.SplitN(data, []byte("\n"), line+1)
	if line < 1 || len(lines) < line {
		return ""
	}
	return string(lines[line-1])
}

// TestPieces reads files in small pieces: what is read must not depend on where a buffer ends.
func TestPieces(t *testing.T) {
	for _, want := range real {
		data := sample(t, want.file)
		whole := mustRead(t, data)
		for name, r := range map[string]io.Reader{"one byte": iotest.OneByteReader(bytes.NewReader(data)), "data and error": iotest.DataErrReader(bytes.NewReader(data))} {
			pieces, err := Read(r, Limits{})
			if err != nil || !reflect.DeepEqual(whole, pieces) {
				t.Errorf("%s by %s: another list, %v", want.file, name, err)
			}
		}
	}
}

// TestLibraryCyclone compares what the library of the format reads.
func TestLibraryCyclone(t *testing.T) {
	for _, want := range real {
		form := cdx.BOMFileFormatJSON
		if strings.HasSuffix(want.file, ".xml") {
			form = cdx.BOMFileFormatXML
		}
		var theirs cdx.BOM
		data := sample(t, want.file)
		if !strings.HasPrefix(want.form, "CycloneDX") || cdx.NewBOMDecoder(bytes.NewReader(data), form).Decode(&theirs) != nil {
			continue
		}
		var list []cdx.Component
		var flatten func(in *[]cdx.Component)
		flatten = func(in *[]cdx.Component) {
			if in != nil {
				for _, c := range *in {
					list = append(list, c)
					flatten(c.Components)
				}
			}
		}
		flatten(theirs.Components)
		ours := mustRead(t, data).Components
		if want.file == "bad-purls.cdx.xml" { // it has a component without any identity, which we leave out
			list = slices.DeleteFunc(list, func(c cdx.Component) bool { return c.Name == "" && c.PackageURL == "" })
		}
		if len(list) != len(ours) {
			t.Errorf("%s: %d components, the library has %d", want.file, len(ours), len(list))
			continue
		}
		for i, c := range list {
			sameComponent(t, want.file, &ours[i], &c)
		}
	}
}

func sameComponent(t *testing.T, file string, our *Component, their *cdx.Component) {
	t.Helper()
	ours := []any{our.Ref, our.Type, our.Group, our.Name, our.Version, our.PURL, strings.Join(our.CPEs, " "), our.Scope,
		our.Description, our.Copyright, our.Patched, len(our.Hashes), len(our.Links), len(our.Properties), len(our.Licences) + len(our.Declared)}
	theirs := []any{their.BOMRef, string(their.Type), their.Group, their.Name, their.Version, their.PackageURL, their.CPE, string(their.Scope),
		strings.TrimSpace(their.Description), their.Copyright, their.Pedigree != nil, length(their.Hashes), withAddress(their.ExternalReferences), length(their.Properties), length((*[]cdx.LicenseChoice)(their.Licenses))}
	if strings.HasSuffix(file, ".json") {
		theirs[8] = their.Description
	}
	if !reflect.DeepEqual(ours, theirs) {
		t.Errorf("%s, line %d\n got %q\nthe library has %q", file, our.Line, ours, theirs)
	}
}

// withAddress counts references that lead somewhere.
func withAddress(list *[]cdx.ExternalReference) (n int) {
	if list != nil {
		for _, r := range *list {
			if r.URL != "" {
				n++
			}
		}
	}
	return n
}

func length[T any](list *[]T) int {
	if list == nil {
		return 0
	}
	return len(*list)
}

// TestLibrarySPDX compares what the library of the format reads of the files that it accepts.
func TestLibrarySPDX(t *testing.T) {
	accepted := 0
	for _, want := range real {
		if !strings.HasPrefix(want.form, "SPDX 2") || !strings.HasSuffix(want.file, ".json") {
			continue
		}
		data := sample(t, want.file)
		var theirs v2_3.Document
		if spdxjson.ReadInto(bytes.NewReader(data), &theirs) != nil {
			continue
		}
		accepted++
		ours := mustRead(t, data).Components
		if len(ours) != len(theirs.Packages) {
			t.Errorf("%s: %d packages, the library has %d", want.file, len(ours), len(theirs.Packages))
			continue
		}
		for i, p := range theirs.Packages {
			our := ours[i]
			if our.Ref != spdxPrefix+string(p.PackageSPDXIdentifier) || our.Name != p.PackageName || our.Version != asserted(p.PackageVersion) || len(our.Hashes) != len(p.PackageChecksums) {
				t.Errorf("%s: %+v, the library has %+v", want.file, our, p)
			}
		}
	}
	if accepted < 3 {
		t.Errorf("the library accepts only %d files", accepted)
	}
}

// TestTwins reads the same content in two forms.
func TestTwins(t *testing.T) {
	for _, pair := range [][2]string{{"wild-flux.spdx", "wild-flux.spdx.json"}, {"laravel-7.12.0-1.2.cdx.xml", "laravel-7.12.0-1.3.cdx.json"}} {
		var lists [2][]string
		for i, name := range pair {
			for _, c := range mustRead(t, sample(t, name)).Components {
				lists[i] = append(lists[i], strings.Join([]string{c.Group, c.Name, c.Version, c.PURL, strings.Join(c.CPEs, " "), strings.Join(c.Licences, " ")}, "|"))
			}
			slices.Sort(lists[i])
		}
		if !slices.Equal(lists[0], lists[1]) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
}

// TestCut reads files that end anywhere: what was listed stays listed, and what is
// missing is told.
func TestCut(t *testing.T) {
	for _, name := range []string{"bsi-v2.1-compliant-1.6.cdx.json", "dt-valid-1.5.cdx.xml", "spdx-appbomination.spdx.json", "bsi-v2.1-complete.spdx3.json"} {
		data := bytes.TrimRight(sample(t, name), "\n\r \t")
		whole := mustRead(t, data)
		last := 0
		for n := 0; n < len(data); n += 7 {
			bom, err := Read(bytes.NewReader(data[:n]), Limits{})
			if err != nil {
				continue
			}
			if len(bom.Components) < last {
				t.Fatalf("%s: %d components of %d bytes, %d of fewer", name, len(bom.Components), n, last)
			}
			if last = len(bom.Components); bom.Lost == 0 || !hasProblem(bom, "ends in the middle") {
				t.Fatalf("%s: the end after %d bytes is not told: %v", name, n, bom.Problems)
			}
			for i, c := range bom.Components {
				if w := whole.Components[i]; c.Line != w.Line || c.Name != "" && c.Name != w.Name || c.PURL != "" && c.PURL != w.PURL {
					t.Fatalf("%s after %d bytes: component %+v, whole %+v", name, n, c, w)
				}
			}
		}
		if last != len(whole.Components) {
			t.Errorf("%s: %d components at the end, %d in all", name, last, len(whole.Components))
		}
	}
}

func hasProblem(b *BOM, text string) bool {
	return slices.ContainsFunc(b.Problems, func(p Problem) bool { return strings.Contains(p.What, text) })
}
