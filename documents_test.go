package theriac_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"theriac"
	"theriac/document"
	"theriac/model"
	"theriac/publish"
)

// documentation makes the documents of an example in English and German.
func documentation(t *testing.T, dir string) *theriac.Documentation {
	t.Helper()
	day, err := model.ParseDate("2026-10-05")
	if err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	var s theriac.Session
	d, err := s.Documents(t.Context(), dir, theriac.Options{Today: day, Files: root.FS()}, []string{"en", "de"}, time.Unix(1791158400, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestGermanWhole: documents and painters have German words for all that they say.
func TestGermanWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("paints all documents of both examples")
	}
	for _, dir := range []string{"examples/infusion-pump", "examples/pcr-analyser"} {
		set := documentation(t, dir).Set
		if _, err := publish.Digests(t.Context(), set, publish.Choice{}); err != nil {
			t.Fatal(err)
		}
		german := 0
		for _, d := range set.Documents {
			if d.Lang != "de" {
				continue
			}
			german++
			for _, m := range d.Words.Missing() {
				t.Errorf("%s: no German for %q (%s)", d.Name, m.Text, m.Context)
			}
		}
		if german == 0 {
			t.Errorf("%s has no document in German", dir)
		}
	}
}

// TestReleased: the documents of a release that was frozen and approved say so; those of
// a file that changed since are a draft and say why.
func TestReleased(t *testing.T) {
	if s := documentation(t, "examples/infusion-pump").Set.Stamp; !s.Approved || len(s.Why) != 2 || !strings.Contains(s.Why[0], "released on 2026-09-28") || !strings.HasPrefix(s.Why[1], "not covered by the approval: ") {
		t.Errorf("the released pump is approved: %v, %q", s.Approved, s.Why)
	}
	if testing.Short() {
		t.Skip("makes all documents several times")
	}
	for name, change := range map[string]func(t *testing.T, dir string){
		"a changed file":        func(t *testing.T, dir string) { appendTo(t, dir+"/operation.yaml", "\n# a remark\n") },
		"a changed translation": func(t *testing.T, dir string) { appendTo(t, dir+"/translations/de.po", "\n# a remark\n") },
		"no baseline":           func(t *testing.T, dir string) { remove(t, dir+"/baselines") },
		"another baseline":      func(t *testing.T, dir string) { appendTo(t, dir+"/baselines/release-1.4.0.zip", "x") },
		"no approval":           func(t *testing.T, dir string) { remove(t, dir+"/approvals/releases") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("examples/infusion-pump")); err != nil {
				t.Fatal(err)
			}
			change(t, dir)
			if s := documentation(t, dir).Set.Stamp; s.Approved || len(s.Why) == 0 {
				t.Errorf("approved: %v, %q", s.Approved, s.Why)
			}
		})
	}
}

func appendTo(t *testing.T, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
}

// TestReference: each entity of an example has a place that links lead to.
func TestReference(t *testing.T) {
	d := documentation(t, "examples/pcr-analyser")
	d.File.All(func(e model.Entity) {
		id := model.Of(e).ID
		if id == "" {
			id = model.Of(e).Kind().Name
		}
		if _, ok := d.Set.Find(document.Address("entity:"+id), nil); !ok {
			t.Errorf("%s has no page", id)
		}
	})
}
