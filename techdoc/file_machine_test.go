package techdoc

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/catalog"
	"theriac/change"
	"theriac/check"
	"theriac/check/rules"
	"theriac/evidence"
	"theriac/model"
)

// machineDay is the day on which the examples are judged.
const machineDay = "2026-11-22"

// machineBook reads and checks a security file, and gives the Book from which its
// files for machines are made.
func machineBook(t *testing.T, dir string) *Book {
	t.Helper()
	day, err := model.ParseDate(machineDay)
	if err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || file.Product == nil {
		t.Fatal(err, findings)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	proof, err := check.ReadProof(t.Context(), file, root.FS(), day, &evidence.Hashes{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := change.Collect(t.Context(), dir)
	if err != nil {
		text = &change.Files{} // of a file with faults of form
	}
	in := check.Input{File: file, Catalog: catalog.Load(), Rules: rules.All(), Today: day, Proof: proof}
	checked := check.Run(in)
	m, err := newMaker(Input{
		File: file, Catalog: in.Catalog, Findings: append(findings, checked.Findings...), Coverage: checked.Coverage, Showing: checked.Showing,
		Proof: proof, Pass: check.NewPass(in), Release: check.CurrentRelease(file, day), Day: day,
		Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), Text: text, Files: root.FS(),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m.book(m.languages[0])
}

// exampleBook is the Book of an example.
func exampleBook(t *testing.T, name string) *Book {
	t.Helper()
	return machineBook(t, filepath.Join("..", "examples", name))
}

// writtenBook is a security file of a product with what is added to it.
func writtenBook(t *testing.T, more string) *Book {
	t.Helper()
	return machineBook(t, writtenFile(t, more))
}

func writtenFile(t *testing.T, more string) string {
	t.Helper()
	dir := t.TempDir()
	text := "product:\n  name: Pump\n  regulation: MDR\n  class: IIb\n  manufacturer: {name: Maker}\n" + more
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// machineFile makes a file for machines, twice, and fails where the two differ.
func machineFile(t *testing.T, b *Book, name string) []byte {
	t.Helper()
	for _, d := range FileDefinitions() {
		if d.Name != name {
			continue
		}
		first, err := d.Make(b)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := d.Make(b); err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: made twice, it differs (%v)", name, err)
		}
		return first
	}
	t.Fatalf("no file %s", name)
	return nil
}

// machineJSON decodes JSON.
func machineJSON(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// everyObject calls visit for each object in a JSON value.
func everyObject(v any, visit func(map[string]any)) {
	switch v := v.(type) {
	case map[string]any:
		visit(v)
		for _, x := range v {
			everyObject(x, visit)
		}
	case []any:
		for _, x := range v {
			everyObject(x, visit)
		}
	}
}

// machineSchema compiles a schema that may refer to others in its folder.
func machineSchema(t *testing.T, file string, ids map[string]string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for id, name := range ids {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(id, machineJSON(t, text)); err != nil {
			t.Fatal(err)
		}
	}
	s, err := c.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// showsNoFolder fails where a text shows the folder of the security file.
func showsNoFolder(t *testing.T, b *Book, text []byte) {
	t.Helper()
	abs, err := filepath.Abs(b.File.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{abs, b.File.Dir() + "/"} {
		if strings.Contains(string(text), filepath.ToSlash(dir)) {
			t.Errorf("the folder %s is shown", dir)
		}
	}
}

// machineHostile is a security file whose texts try to be something else.
const machineHostile = `  udi-di: "\u202e<script>"
  intended-purpose: "<script>alert(1)</script>\n\n- [x](javascript:alert(1))\u0007"
  demonstration: true
components:
  c-1: {title: "  \u200f\u202e ", type: soup, version: "1\n2", purl: "pkg:x/<y>", manufacturer: "\t", notes: "\u2028# <b>\u0085"}
  c-2: {title: "%s %d {{x}}", type: application, part-of: c-1}
controls:
  x_x: {title: "*a* <b> [c](d) ` + "`e`" + ` & \\", priority: design, description: "<img src=x onerror=y>"}
requirements:
  rq-1: {title: "1. one", text: "\u0000-like \ufeff text", implements: [x_x], clauses: [mdr.annex-i.17.2]}
risks:
  rk-1: {title: "| a |", threats: [], impact: "\n\n", controls: [x_x, x_x], clauses: [mdr.annex-i.17.2]}
releases:
  r-1: {title: R, version: "1.0/../\"<x>\"", sbom: {path: ../../etc/passwd, digest: "sha256:00"}}
`

// TestHostile: whatever the security file says, each JSON file for machines is
// well-formed and shows no control or direction character.
func TestHostileMachineFiles(t *testing.T) {
	b := writtenBook(t, strings.ReplaceAll(machineHostile, `\u0000`, `\u0001`))
	for _, name := range []string{"oscal-component-definition.json", "oscal-assessment-results.json", "sbom.cdx.json", "attestations.cdx.json"} {
		text := machineFile(t, b, name)
		showsNoFolder(t, b, text)
		if !json.Valid(text) {
			t.Errorf("%s is no JSON", name)
		}
		if strings.ContainsAny(string(text), "\u202e\u200f\u0007\u0001\u2028") || strings.Contains(string(text), `\u202e`) {
			t.Errorf("%s shows characters that should not show", name)
		}
	}
}

// TestLocal: places count from the folder of the security file, and nothing else
// changes.
func TestLocalPlaces(t *testing.T) {
	b := writtenBook(t, "")
	dir := filepath.ToSlash(b.File.Dir())
	for text, want := range map[string]string{
		"T1 at " + dir + "/a/b.yaml:3:4: x":          "T1 at a/b.yaml:3:4: x",
		dir + "/a.yaml":                              "a.yaml",
		filepath.Dir(dir) + "/lib/a.yaml and /etc/x": "../lib/a.yaml and /etc/x",
		"see doc" + dir + "/a":                       "see doc" + dir + "/a",
	} {
		if got := local(b.File, text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestPlaceless: where the security file lies makes no difference.
func TestPlaceless(t *testing.T) {
	here := exampleBook(t, "broken")
	dir := filepath.Join(t.TempDir(), "architecture") // a name that paths of the file begin with
	if err := os.CopyFS(dir, os.DirFS(here.File.Dir())); err != nil {
		t.Fatal(err)
	}
	there := machineBook(t, dir)
	for _, name := range []string{
		"oscal-component-definition.json", "oscal-assessment-results.json", "sbom.cdx.json", "attestations.cdx.json", "findings.sarif", "security.txt",
	} {
		a, b := machineFile(t, here, name), machineFile(t, there, name)
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s differs in another folder", name)
		}
	}
}
