package threat

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/expr"
	"theriac/model"
)

// load reads a security file from text.
func load(t *testing.T, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("%s: %s\n%s", f.Code, f.Message, text)
	}
	return file
}

// surroundings is the text of testdata/hospital.yaml.
func surroundings(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/hospital.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// among adds an element called subject to the surroundings, and what the example
// names under `more:`, kind by kind.
func among(hospital string, p *Pattern, example string) string {
	fields, more, _ := strings.Cut("\n"+strings.TrimSpace(example), "\nmore:\n")
	text := under("\n"+hospital, p.kind.Name, "  subject:\n    title: Subject"+strings.ReplaceAll(fields, "\n", "\n    ")+"\n")
	var kind string
	for line := range strings.Lines(more + "\n") {
		line = strings.TrimPrefix(line, "  ")
		if name, heading := strings.CutSuffix(line, ":\n"); heading && !strings.HasPrefix(line, " ") {
			kind = name
		} else if strings.TrimSpace(line) != "" {
			text = under(text, kind, line)
		}
	}
	return text
}

// under inserts lines below the heading of a kind.
func under(text, kind, lines string) string {
	heading := "\n" + kind + ":\n"
	if !strings.Contains(text, heading) {
		return text + heading[1:] + lines
	}
	return strings.Replace(text, heading, heading+lines, 1)
}

// TestPatterns tries each pattern on the two elements that it names: one on
// which it fires and one on which it does not.
func TestPatterns(t *testing.T) {
	hospital := surroundings(t)
	for _, g := range Groups() {
		for _, p := range g.Patterns {
			if !p.Arises() {
				continue
			}
			for want, fields := range map[bool]string{true: p.Fires, false: p.Silent} {
				if fields == "" {
					continue // a base question that always arises
				}
				file := load(t, among(hospital, p, fields))
				subject := file.Lookup("subject").(model.Element)
				facts := newView(file).of(subject)
				switch value := p.condition.Eval(facts); {
				case value == expr.Undecided:
					t.Errorf("%s: undecided on an example: %s\n%s", p.ID, strings.Join(p.condition.Because(facts), ", "), fields)
				case (value == expr.True) != want:
					t.Errorf("%s: fires is %v, want %v, since %s\n%s", p.ID, !want, want, strings.Join(p.condition.Because(facts), ", "), fields)
				}
			}
		}
	}
}

// TestBase holds that each kind of element is asked each of the six questions
// once, so that the grid has no silent blank.
func TestBase(t *testing.T) {
	for kind := range asked() {
		for _, c := range Stride {
			n := 0
			for _, p := range loaded().patterns {
				if p.Base() && p.On == kind && p.Category == c {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d base questions about %s of %s, want 1", n, c, kind)
			}
		}
	}
}

// TestWords holds the patterns to what readers need.
func TestWords(t *testing.T) {
	names := References()
	titles := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(loaded().patterns)) {
		p := Find(id)
		if other := titles[p.Title]; other != "" {
			t.Errorf("%s has the title of %s", id, other)
		}
		titles[p.Title] = id
		if len(p.Title) > 90 || strings.HasSuffix(p.Title, ".") {
			t.Errorf("%s: title %q is long or ends in a full stop", id, p.Title)
		}
		if !p.Base() && (len(p.How) < 40 || len(p.Controls) < 20 || len(p.Effects) == 0 || len(p.Capabilities) == 0 || p.Agent == "") {
			t.Errorf("%s: how, controls, agent, effects or capabilities are thin", id)
		}
		for _, ref := range p.References {
			if names[ref] == "" {
				t.Errorf("%s: reference %s is not in references.yaml", id, ref)
			}
		}
	}
	if n := len(titles); n < 120 {
		t.Errorf("%d patterns, want at least 120", n)
	}
}
