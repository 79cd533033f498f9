package techdoc_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac"
	"theriac/check"
	"theriac/check/rules"
	"theriac/diag"
	"theriac/document"
	"theriac/model"
)

// minimal is a product without anything else.
const minimal = `
product:
  name: Example device
  regulation: MDR
  class: IIa
`

// documentsOf makes the documents of a security file that stands in one text.
func documentsOf(t *testing.T, text string, languages ...string) *theriac.Documentation {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return documentsIn(t, dir, languages...)
}

func documentsIn(t *testing.T, dir string, languages ...string) *theriac.Documentation {
	t.Helper()
	var l model.Loader
	file, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	root, err := check.FolderOf(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	day, err := model.ParseDate("2026-10-05")
	if err != nil {
		t.Fatal(err)
	}
	var s theriac.Session
	d, err := s.Documents(t.Context(), dir, theriac.Options{Today: day, Files: root.FS()}, languages, time.Unix(1791158400, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	if d.Set == nil {
		t.Fatal("the file gave no documents")
	}
	return d
}

// TestExamples runs the examples of the rules whose findings are made here: each must
// point at exactly the marked lines of the bad one, and at nothing in the good one.
func TestExamples(t *testing.T) {
	ran := 0
	for _, r := range rules.All() {
		if !r.Elsewhere {
			continue
		}
		ran++
		t.Run(r.Code, func(t *testing.T) {
			var marked []int
			for i, line := range strings.Split(minimal+r.Bad, "\n") {
				if strings.Contains(line, "# want "+r.Code) {
					marked = append(marked, i+1)
				}
			}
			if got := linesOf(documentsOf(t, minimal+r.Bad, languagesIn(r.Bad)...).Wording, r.Code); !slices.Equal(got, marked) {
				t.Errorf("bad example: findings at lines %v, marked %v", got, marked)
			}
			if found := documentsOf(t, minimal+r.Good, languagesIn(r.Good)...).Wording; len(found) > 0 {
				t.Errorf("good example: %s", found[0].Message)
			}
		})
	}
	if ran == 0 {
		t.Fatal("no rule has its check here")
	}
}

func languagesIn(text string) []string {
	if strings.Contains(text, "[en, de]") {
		return []string{"en", "de"}
	}
	return []string{"en"}
}

// linesOf are the lines of the findings with a code; those of sentences of our own that
// stand at the product are left out.
func linesOf(found diag.List, code string) (lines []int) {
	for _, f := range found {
		if f.Code == code && f.Entity != "" && !slices.Contains(lines, f.Span.Line) {
			lines = append(lines, f.Span.Line)
		}
	}
	slices.Sort(lines)
	return lines
}

// sectionOf is a section of a document of a set.
func sectionOf(t *testing.T, set *document.Set, doc, section string) *document.Section {
	t.Helper()
	for _, d := range set.Documents {
		if d.Name == doc {
			if s := d.Section(section); s != nil {
				return s
			}
		}
	}
	t.Fatalf("%s has no section %s", doc, section)
	return nil
}

func TestWording(t *testing.T) {
	d := documentsOf(t, minimal+`
publication:
  wording:
    - document: gspr-checklist
      title: Our checklist
    - document: gspr-checklist
      section: standards
      title: What we follow
      before: Read this *first*.
      after: And this last.
      follows: first
    - document: ifu-security
      section: privacy
      omit: true
`)
	if len(d.Wording) > 0 {
		t.Fatal(d.Wording[0].Message)
	}
	i := slices.IndexFunc(d.Set.Documents, func(d *document.Document) bool { return d.Name == "gspr-checklist" })
	doc := d.Set.Documents[i]
	if doc.Title != "Our checklist" {
		t.Errorf("the title is %q", doc.Title)
	}
	first := doc.Sections[0]
	if first.ID != "standards" || first.Title != "What we follow" || first.Number != "1" {
		t.Errorf("the first section is %s %s %q", first.Number, first.ID, first.Title)
	}
	if p := first.Blocks[0].(*document.Paragraph); p.Text.String() != "Read this first." || p.Source.Entity != "publication" {
		t.Errorf("before: %q from %+v", p.Text, p.Source)
	}
	if p := first.Blocks[len(first.Blocks)-1].(*document.Paragraph); p.Text.String() != "And this last." {
		t.Errorf("after: %q", p.Text)
	}
	i = slices.IndexFunc(d.Set.Documents, func(d *document.Document) bool { return d.Name == "ifu-security" })
	if d.Set.Documents[i].Section("privacy") != nil {
		t.Error("a section that was left out is still there")
	}
}

// TestWordingForgesNothing: what is counted and judged for the notified body cannot be
// worded away, and a placeholder that puts nothing is no silence.
func TestWordingForgesNothing(t *testing.T) {
	for name, c := range map[string]struct{ wording, code string }{
		"replaced":   {"document: gspr-checklist\n      section: summary\n      text: All clauses are answered.", "T8602"},
		"omitted":    {"document: gspr-checklist\n      section: open\n      omit: true", "T8602"},
		"kept":       {"document: gspr-checklist\n      section: summary\n      text: |\n        Read on.\n\n        {{generated}}", ""},
		"before":     {"document: gspr-checklist\n      section: summary\n      before: Read on.", ""},
		"nothing":    {"document: ifu-security\n      section: privacy\n      text: |\n        {{no-such-thing}}", "T8601"},
		"in a list":  {"document: ifu-security\n      section: privacy\n      text: |\n        - {{generated}}", "T8601"},
		"a document": {"document: gspr\n      title: x", "T8601"},
	} {
		found := documentsOf(t, minimal+"\npublication:\n  wording:\n    - "+c.wording+"\n").Wording
		switch {
		case c.code == "" && len(found) > 0:
			t.Errorf("%s: %s", name, found[0].Message)
		case c.code != "" && (len(found) == 0 || found[0].Code != c.code):
			t.Errorf("%s: got %v, want %s", name, found, c.code)
		}
	}
}

func TestWordingKeepsWhatMustBeTold(t *testing.T) {
	good := rules.Find("T8602").Good
	s := sectionOf(t, documentsOf(t, minimal+good).Set, "ifu-security", "environment-network")
	if p, ok := s.Blocks[0].(*document.Paragraph); !ok || p.Text.String() != "Talk to your network administrator first." {
		t.Errorf("the own text is not first: %+v", s.Blocks[0])
	}
	told := false
	document.Blocks(s.Blocks[1:], func(b document.Block) {
		for _, source := range document.Sources(b) {
			told = told || source.Entity == "env-segment"
		}
	})
	if !told {
		t.Error("the placeholder put nothing")
	}
	for name, text := range map[string]string{
		"left out":      strings.Replace(good, "{{env-segment}}", "", 1),
		"omitted whole": strings.Replace(good, "section: environment-network\n", "section: environment-network\n      omit: true\n", 1),
		"parent":        strings.Replace(strings.Replace(good, "section: environment-network\n", "section: environment\n      omit: true\n", 1), "environment:\n  env", "environment:\n  env", 1),
	} {
		found := documentsOf(t, minimal+text).Wording
		if len(found) != 1 || found[0].Code != "T8602" || !strings.Contains(found[0].Message, "env-segment") {
			t.Errorf("%s: got %v", name, found)
		}
	}
}

// TestToldNowhere: a section in the manufacturer's own words alone is not named as the
// place where something required is told; with all that is generated in it, it is.
func TestToldNowhere(t *testing.T) {
	names := func(text string) (named bool) {
		dir := withoutProof(t, "infusion-pump")
		appended(t, filepath.Join(dir, "documents.yaml"), "  wording:\n    - document: ifu-security\n      section: alert-failsafe\n      text: "+text+"\n")
		told := sectionOf(t, documentsIn(t, dir, "en").Set, "ifu-security", "told")
		for _, s := range append(told.Sections, told) {
			document.Blocks(s.Blocks, func(b document.Block) {
				if table, ok := b.(*document.Table); ok {
					for _, r := range table.Rows {
						for _, c := range r.Cells {
							named = named || strings.Contains(c.String(), "What keeps working")
						}
					}
				}
			})
		}
		return named
	}
	if names("All is well.") {
		t.Error("a section that was replaced is said to tell what is required")
	}
	if !names("'{{generated}}'") {
		t.Error("a section with all that is generated is not named")
	}
}

func appended(t *testing.T, name, text string) {
	t.Helper()
	was, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, append(was, text...), 0o644); err != nil {
		t.Fatal(err)
	}
}
