package techdoc

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/document/html"
	"theriac/document/plain"
	"theriac/model"
)

// TestEmbargo puts cases of an example under embargo, one after the other, and looks for
// their words, and those of the decisions that they keep, in all that is made.
func TestEmbargo(t *testing.T) {
	source := filepath.Join("..", "examples", "infusion-pump")
	for _, name := range []string{"case-2026-001", "case-2026-002", "case-fsca-2026-01"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
				t.Fatal(err)
			}
			insertAfter(t, filepath.Join(dir, "cases.yaml"), "  "+name+":\n", "    embargo: 2027-02-01T00:00:00+01:00\n")
			b := machineBook(t, dir)
			kept := b.File.Lookup(name).(*model.Case)
			for d := range model.Targets(kept.Decisions) { // so that the check finds it changed since it was approved
				insertAfter(t, filepath.Join(dir, "decisions.yaml"), "  "+d.ID+":\n    title: ", "Reworded ")
			}
			b = machineBook(t, dir)
			secrets := secretsOf(b.File, b.File.Lookup(name).(*model.Case))
			if len(secrets) < 10 {
				t.Fatalf("the case keeps too little to look for: %q", secrets)
			}
			for made, content := range allMade(t, b) {
				for _, secret := range secrets {
					if at := bytes.Index(content, []byte(secret)); at >= 0 {
						t.Errorf("%s tells %q: …%s…", made, secret, content[max(0, at-100):min(len(content), at+100)])
						break
					}
				}
			}
		})
	}
}

// insertAfter writes something into a file behind a place that must be in it.
func insertAfter(t *testing.T, path, place, what string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), place)
	if !found {
		t.Fatalf("%s has no %q", path, place)
	}
	if err := os.WriteFile(path, []byte(before+place+what+after), 0o600); err != nil {
		t.Fatal(err)
	}
}

// secretsOf are texts of a case and its decisions that no other entity states.
func secretsOf(file *model.File, c *model.Case) (secrets []string) {
	kept := []model.Entity{c}
	for d := range model.Targets(c.Decisions) {
		kept = append(kept, d)
	}
	var public strings.Builder
	for _, k := range model.Kinds() {
		for e := range file.Of(k) {
			for _, f := range model.ContentOf(e) {
				if !slices.Contains(kept, e) {
					public.WriteString(f.Value + "\n")
				}
			}
		}
	}
	add := func(secret string) {
		if !strings.Contains(public.String(), secret) && !slices.Contains(secrets, secret) {
			secrets = append(secrets, secret)
		}
	}
	for _, e := range kept {
		if e != model.Entity(c) {
			add(model.Of(e).ID)
		}
		addContent(e, add)
	}
	return secrets
}

// addContent adds the ids of vulnerabilities and the beginnings of texts, which a
// document does not break or escape.
func addContent(e model.Entity, add func(string)) {
	for _, f := range model.ContentOf(e) {
		words := strings.Fields(f.Value)
		if strings.HasPrefix(f.Value, "CVE-") {
			add(f.Value)
		} else if len(words) > 5 {
			add(strings.Join(words[:5], " "))
		}
	}
}

// allMade is all that is made of a Book, by name: documents as pages, Markdown and JSON,
// the index of the search, and files for machines.
func allMade(t *testing.T, b *Book) map[string][]byte {
	t.Helper()
	set, _, err := Make(t.Context(), b.Input, []string{"en", "de"})
	if err != nil {
		t.Fatal(err)
	}
	all, err := html.Site(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range set.Documents {
		name := d.Name + "." + d.Lang
		if all[name+".md"], err = plain.Markdown(set, d); err != nil {
			t.Fatal(err)
		}
		if all[name+".json"], err = plain.JSON(set, d); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range set.Files {
		all[f.Name] = f.Bytes
	}
	return all
}
