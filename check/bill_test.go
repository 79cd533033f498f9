package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"theriac/model"
)

// billOf loads a security file with a bill of materials and joins the two.
func billOf(t *testing.T, components, list string) (*model.File, *Bill) {
	t.Helper()
	dir := t.TempDir()
	sum := sha256.Sum256([]byte(list))
	text := "product: {name: P, regulation: MDR, class: IIa}\nreleases:\n  rel: {title: R, version: \"1.0\", sbom: {path: ./list.json, digest: \"sha256:" + hex.EncodeToString(sum[:]) + "\"}}\ncomponents:\n" + components
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, findings, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	return file, ReadBill(file, file.Releases[0], fstest.MapFS{"list.json": {Data: []byte(list)}})
}

// parts writes components of CycloneDX, one for each package URL.
func parts(purls ...string) string {
	var list []string
	for i, purl := range purls {
		name, version := packageOf(purl)
		list = append(list, fmt.Sprintf(`{"type":"library","bom-ref":"r%d","name":%q,"version":%q,"purl":%q}`, i, name[strings.LastIndexByte(name, '/')+1:], version, purl))
	}
	return `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[` + strings.Join(list, ",\n") + `]}`
}

// TestBillOwners: the most specific component stands for an entry.
func TestBillOwners(t *testing.T) {
	file, b := billOf(t, `  debian: {title: Debian, type: soup, version: "12.11", packages: ["pkg:deb/debian/*"]}
  python: {title: Python, type: soup, packages: ["pkg:deb/debian/python3*", "pkg:deb/debian/libpython3.11"]}
  tls: {title: OpenSSL, type: soup, version: 3.0.17, purl: "pkg:deb/debian/openssl@3.0.17-1~deb12u2"}
  zlib: {title: zlib, type: soup, version: "1.3", purl: "pkg:generic/zlib@1.3"}
  zlib-old: {title: zlib of the motor board, type: soup, version: "1.2", purl: "pkg:generic/zlib@1.2"}
  gone: {title: Gone, type: soup, purl: "pkg:generic/gone@1"}
  board: {title: curl, type: hardware, version: "8", purl: "pkg:deb/debian/curl@8"}
`, parts("pkg:deb/debian/openssl@3.0.17-1~deb12u2?arch=arm64&distro=debian-12", "pkg:deb/debian/libssl3@3.0.17-1~deb12u2?upstream=openssl%403.0.17-1", "pkg:deb/debian/python3.11@3.11.2",
		"pkg:deb/debian/libpython3.11@3.11.2?upstream=python3.11", "pkg:deb/debian/curl@8", "pkg:generic/zlib@1.2", "pkg:generic/zlib@1.3", "pkg:generic/zlib@1.4", "pkg:npm/left-pad@1.0.0"))
	if b.State != BillWhole {
		t.Fatal(b.Why)
	}
	want := []string{"tls", "tls", "python", "python", "debian", "zlib-old", "zlib", "", ""}
	var got []string
	for _, i := range b.Entries() {
		id := ""
		if c := b.Owner(i); c != nil {
			id = c.ID
		}
		got = append(got, id)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, c := range file.Components {
		if b.Contradicts(c) {
			t.Errorf("%s contradicts %q", c.ID, b.Versions(c))
		}
		if missing := len(b.Parts(c)) == 0; missing != (c.ID == "gone" || c.ID == "board") {
			t.Errorf("%s has %d entries", c.ID, len(b.Parts(c)))
		}
	}
	if n := len(b.Uncovered()); n != 2 {
		t.Errorf("%d entries that nobody stands for", n)
	}
}

// TestBillVersions: a component contradicts the list when it has other versions alone.
func TestBillVersions(t *testing.T) {
	for _, c := range []struct {
		component, purl string
		want            bool
	}{
		{`version: 3.5.4, purl: "pkg:generic/openssl@3.5.4"`, "pkg:generic/openssl@3.5.1", true},
		{`version: 3.5.4, packages: ["pkg:generic/openssl"]`, "pkg:generic/openssl@3.5.1", true},
		{`version: 3.5.4, packages: ["pkg:generic/open*"]`, "pkg:generic/openssl@3.5.1", false},
		{`version: 3.5.1, packages: ["pkg:generic/openssl@3.0.0"]`, "pkg:generic/openssl@3.5.1", false},
		{`version: "1:9.2p1-2", purl: "pkg:generic/openssl"`, "pkg:generic/openssl@1%3A9.2p1-2", false},
		{`version: 9.2p1, purl: "pkg:generic/openssl"`, "pkg:generic/openssl@1%3A9.2p1-2", false},
		{`purl: "pkg:generic/openssl"`, "pkg:generic/openssl@3.5.1", false},
		{`version: 3.5.1, purl: "pkg:deb/debian/openssl@3.5.1"`, "pkg:deb/debian/libssl3@3.6.0?upstream=openssl", true},
	} {
		file, b := billOf(t, "  tls: {title: TLS, type: soup, "+c.component+"}\n", parts(c.purl))
		if got := b.Contradicts(file.Components[0]); got != c.want || len(b.Parts(file.Components[0])) != 1 {
			t.Errorf("%s against %s: %v, %d entries", c.component, c.purl, got, len(b.Parts(file.Components[0])))
		}
	}
}

// TestBillWithoutIdentity: what has neither package URL nor CPE is known by name, a CPE
// by the whole name, and what is no software of the product is left aside.
func TestBillWithoutIdentity(t *testing.T) {
	file, b := billOf(t, `  motor: {title: Motor firmware, type: firmware, version: "2.0"}
  rtos: {title: RTOS, type: soup, cpe: "cpe:2.3:o:maker:rtos:7.1:*:*:*:*:*:*:*"}
`, `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
 {"type":"firmware","name":"motor firmware","version":"2.1"},
 {"type":"operating-system","name":"kernel","version":"7.1","cpe":"cpe:2.3:o:Maker:RTOS:7.1:*:*:*:*:*:*:*"},
 {"type":"file","name":"/etc/passwd"}, {"type":"library","name":"test-tool","version":"1","scope":"excluded"}]}`)
	if n := len(b.Entries()); n != 2 || len(b.Uncovered()) != 0 {
		t.Fatalf("%d entries, %d that nobody stands for", n, len(b.Uncovered()))
	}
	if !b.Contradicts(file.Components[0]) || b.Contradicts(file.Components[1]) {
		t.Errorf("versions %q, %q", b.Versions(file.Components[0]), b.Versions(file.Components[1]))
	}
}

// TestBillIdle: a pattern that means nothing is told.
func TestBillIdle(t *testing.T) {
	file, b := billOf(t, "  a: {title: A, type: soup, packages: [\"pkg:npm/a*\", \"pkg:npm/b*\", \"pkg:npm/left-pad\", \"pkg:npm/@x/*\", \"pkg:npm/%40scope/*\"]}\n", parts("pkg:npm/ab@1", "pkg:npm/left-pad@1", "pkg:npm/%40scope/c@1"))
	if got := b.Idle(file.Components[0]); !slices.Equal(got, []int{1, 3}) {
		t.Errorf("got %v", got)
	}
}

// TestBillStates: what is not the list of the release is used for nothing; one of which
// part was not understood says so.
func TestBillStates(t *testing.T) {
	whole := parts("pkg:npm/a@1")
	file, _ := billOf(t, "  a: {title: A, type: soup}\n", whole)
	r := file.Releases[0]
	for name, c := range map[string]struct {
		release *model.Release
		files   fstest.MapFS
		want    BillState
		why     string
	}{
		"no release": {nil, fstest.MapFS{}, BillAbsent, "no release"},
		"none named": {&model.Release{}, fstest.MapFS{}, BillAbsent, "names none"},
		"outside":    {&model.Release{SBOM: model.Artefact{Path: "../list.json"}}, fstest.MapFS{"list.json": {Data: []byte(whole)}}, BillAbsent, "not in the folder"},
		"gone":       {r, fstest.MapFS{}, BillAbsent, "is not there"},
		"altered":    {r, fstest.MapFS{"list.json": {Data: []byte(whole + " ")}}, BillAltered, "not the file"},
		"no list":    {withDigest("{}"), fstest.MapFS{"list.json": {Data: []byte("{}")}}, BillUnread, "cannot be read"},
		"a folder":   {r, fstest.MapFS{"list.json/x": {}}, BillUnread, "not a file"},
		"cut":        {withDigest(whole[:len(whole)-4]), fstest.MapFS{"list.json": {Data: []byte(whole[:len(whole)-4])}}, BillPartial, "could not be read whole"},
	} {
		b := ReadBill(file, c.release, c.files)
		if b.State != c.want || !strings.Contains(b.Why, c.why) || b.Usable() != (c.want >= BillPartial) {
			t.Errorf("%s: state %d, %q", name, b.State, b.Why)
		}
	}
}

func withDigest(text string) *model.Release {
	sum := sha256.Sum256([]byte(text))
	return &model.Release{SBOM: model.Artefact{Path: "list.json", Digest: "sha256:" + hex.EncodeToString(sum[:])}}
}

// TestBillLarge: many entries against many patterns are joined in bounded time.
func TestBillLarge(t *testing.T) {
	var purls []string
	for i := range 50_000 {
		purls = append(purls, fmt.Sprintf("pkg:npm/package-%d@1.%d", i, i))
	}
	var components strings.Builder
	for i := range 200 {
		fmt.Fprintf(&components, "  c%d: {title: C, type: soup, packages: [\"pkg:npm/package-%d7*\", \"pkg:*/*-%d\"]}\n", i, i, i)
	}
	_, b := billOf(t, components.String(), parts(purls...))
	if n, open := len(b.Entries()), len(b.Uncovered()); n != 50_000 || open == 0 || open == n {
		t.Errorf("%d entries, %d that nobody stands for", n, open)
	}
}
