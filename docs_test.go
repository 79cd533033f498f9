package theriac_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"theriac/check"
	"theriac/diag"
	"theriac/threat"
)

var tourBlock = regexp.MustCompile("(?s)```yaml\n# file: (\\S+)\n(.*?)```")

// TestTour builds the file of the tour step by step, as a reader would: no step
// has an error, and in the end only questions are open.
func TestTour(t *testing.T) {
	text, err := os.ReadFile("docs/tour.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	blocks := tourBlock.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 5 {
		t.Fatalf("only %d blocks", len(blocks))
	}
	for _, b := range blocks {
		if err := os.WriteFile(filepath.Join(dir, b[1]), []byte(b[2]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := checked(t, dir)
	for _, f := range r.Findings {
		if f.Severity == diag.Error || f.Severity == diag.Warning {
			t.Errorf("%s %s %s", f.Span, f.Code, f.Message)
		}
	}
	if r.Findings.Summary().Waived != 1 {
		t.Error("the waiver of the tour waives nothing")
	}
}

var shownFinding = regexp.MustCompile(`(?m)^(examples/\S+): (error|open|warning|note) (T\d{4}): (.*)$`)

// TestReadme: the findings that the first screen shows are real.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]bool{}
	broken := checked(t, "examples/broken")
	rows(t, string(text), broken.Coverage)
	for _, f := range broken.Findings {
		said[fmt.Sprintf("%s: %s %s: %s", f.Span, f.Severity, f.Code, f.Message)] = true
	}
	shown := shownFinding.FindAllString(string(text), -1)
	if len(shown) == 0 {
		t.Error("README shows no finding")
	}
	for _, line := range shown {
		if !said[line] {
			t.Errorf("not a finding of the example: %s", line)
		}
	}
}

// rows compares the rows of the coverage table that the page shows.
func rows(t *testing.T, page string, coverage []check.Row) {
	t.Helper()
	shown := 0
	for _, tally := range check.Tallies(coverage) {
		numbers := fmt.Sprintf(`\s+%d\s+%d\s+%d\s+%d\s+%d\n`, tally.Applicable, tally.Satisfied, tally.Partial, tally.Open, tally.Outside)
		if tally.Source == "Regulation (EU) 2017/745 on medical devices (MDR)" && tally.Part == "Annex I" {
			shown++
			if !regexp.MustCompile(`  Annex I` + numbers).MatchString(page) {
				t.Errorf("the row of Annex I should say %s", numbers)
			}
		}
	}
	if shown != 1 {
		t.Error("no row of Annex I")
	}
}

var mdLink = regexp.MustCompile(`\]\(([^)#:]+)\)`)

// TestLinks: every relative link in the documentation leads somewhere.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, _ := filepath.Glob("docs/*/*.md")
	root, _ := filepath.Glob("*.md")
	links := 0
	for _, page := range append(append(pages, more...), root...) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mdLink.FindAllStringSubmatch(string(text), -1) {
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil && !strings.HasPrefix(m[1], "http") {
				t.Errorf("%s: link to %s leads nowhere", page, m[1])
			}
		}
	}
	if links < 20 {
		t.Errorf("only %d links", links)
	}
}

// TestPatternCount: README and CHANGELOG say how many patterns there are.
func TestPatternCount(t *testing.T) {
	n := 0
	for _, g := range threat.Groups() {
		for _, p := range g.Patterns {
			if !p.Base() {
				n++
			}
		}
	}
	for _, name := range []string{"README.md", "CHANGELOG.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("%d patterns of", n); !strings.Contains(string(text), want) {
			t.Errorf("%s does not say %q", name, want)
		}
	}
}
