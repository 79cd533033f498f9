package techdoc_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/document"
	"theriac/document/plain"
	"theriac/model"
)

// withoutProof copies an example without what is signed and what was reviewed, which
// any change of the file would unsettle, so that only the change itself shows.
func withoutProof(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "examples", name))); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"evidence", "approvals", "baselines", "signers.yaml", "theriac.reviews"} {
		if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// told is what a set says, by document and file, without what stands on every page.
func told(t *testing.T, dir string) map[string]string {
	t.Helper()
	set := documentsIn(t, dir, "en", "de").Set
	baseline := set.Stamp.Baseline
	set.Stamp.Baseline = strings.Repeat("0", 64)
	texts := map[string]string{}
	for _, d := range set.Documents {
		text, err := plain.JSON(set, d)
		if err != nil {
			t.Fatal(err)
		}
		texts[set.FileName(d)] = string(text)
	}
	for _, f := range set.Files {
		texts[f.Name] = string(uuids.ReplaceAll(bytes.ReplaceAll(f.Bytes, []byte(baseline), []byte("-")), []byte("-")))
	}
	return texts
}

// uuids identify a file of a state of the security file.
var uuids = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

// differing names the documents and files that are not the same.
func differing(a, b map[string]string) (names []string) {
	for name, text := range a {
		if b[name] != text {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestOnePort: a port that changes is another one in the instructions for use, the
// MDS2, the packet filters, the MUD file, the diagrams and the threat model, and
// nothing else changes with it.
func TestOnePort(t *testing.T) {
	dir := withoutProof(t, "infusion-pump")
	before := told(t, dir)
	file := filepath.Join(dir, "architecture", "interfaces.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := regexp.MustCompile(`(?m)^    port: 2576$`).ReplaceAll(text, []byte("    port: 47111"))
	if bytes.Equal(changed, text) {
		t.Fatal("the example has no port 2576")
	}
	if err := os.WriteFile(file, changed, 0o644); err != nil {
		t.Fatal(err)
	}
	after := told(t, dir)
	want := []string{
		"firewall-segment.nft", "firewall.csv", "firewall.ip6tables", "firewall.iptables", "firewall.nft", "mud.json",
		"hospital-extract", "hospital-extract.de", "ifu-security", "ifu-security.de", "mds2", "model-interfaces",
		"security-architecture", "threat-model",
	}
	slices.Sort(want)
	if got := differing(before, after); !slices.Equal(got, want) {
		t.Errorf("changed are\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		for _, name := range got {
			if !slices.Contains(want, name) {
				t.Logf("%s: %s", name, firstDifference(before[name], after[name]))
			}
		}
	}
	for _, name := range want {
		if !strings.Contains(after[name], "47111") {
			t.Errorf("%s does not name the new port", name)
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d: %.120q, was %.120q", i+1, y[i], x[i])
		}
	}
	return "one is longer"
}

// TestSources: each statement that names an entity, a line or a clause names one that
// exists; and every entity of an example is told somewhere.
func TestSources(t *testing.T) {
	for _, name := range examples {
		d := example(t, name)
		dir := filepath.Join("..", "examples", name)
		lines := map[string]int{}
		seen := map[string]bool{}
		for _, doc := range d.Set.Documents {
			doc.Walk(func(s *document.Section, _ int) {
				document.Blocks(s.Blocks, func(b document.Block) {
					for _, src := range document.Sources(b) {
						if src.Entity != "" && d.File.Lookup(src.Entity) == nil && model.KindOf(src.Entity) == nil {
							t.Errorf("%s: %s#%s speaks of %q, which does not exist", name, doc.Name, s.ID, src.Entity)
						}
						if src.Clause != "" && d.Catalog.Entry(src.Clause) == nil {
							t.Errorf("%s: %s#%s cites %q, which does not exist", name, doc.Name, s.ID, src.Clause)
						}
						if src.Path != "" {
							if _, known := lines[src.Path]; !known {
								text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(src.Path)))
								if err != nil {
									t.Fatalf("%s#%s: %v", doc.Name, s.ID, err)
								}
								lines[src.Path] = bytes.Count(text, []byte("\n")) + 1
							}
							if src.Line < 1 || src.Line > lines[src.Path] {
								t.Errorf("%s: %s#%s names %s:%d", name, doc.Name, s.ID, src.Path, src.Line)
							}
						}
						if !doc.Reference {
							seen[src.Entity] = true
						}
					}
				})
			})
		}
		for _, kind := range []string{"interfaces", "risks", "threats", "controls", "requirements", "verifications", "roles", "keys", "environment", "components", "stores", "flows", "zones", "boundaries", "assets", "documents", "processes"} {
			for e := range d.File.Of(model.KindOf(kind)) {
				if id := model.Of(e).ID; !seen[id] {
					t.Errorf("%s: no document tells %s", name, id)
				}
			}
		}
	}
}
