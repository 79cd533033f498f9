package rules

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// today is the day on which examples are judged.
var today = must(model.ParseDate("2026-11-22"))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// base is the product of examples that do not bring their own.
const base = `product:
  name: Example device
  regulation: MDR
  class: IIb
  facts:
    software: true
    connected: true
    personal-data: true
    active: true
`

// load reads an example as a security file.
func load(t testing.TB, text string) (*model.File, diag.List) {
	t.Helper()
	dir := t.TempDir()
	if parts := split(text); len(parts) > 0 {
		unpack(t, dir, parts)
	} else if !strings.Contains(text, "product:") {
		write(t, filepath.Join(dir, "theriac.yaml"), base)
		write(t, filepath.Join(dir, "example.yaml"), text)
	} else {
		write(t, filepath.Join(dir, "theriac.yaml"), text)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	signParts(t, file, split(text))
	return file, findings
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// apply checks an example with one rule. The example must be sound in form.
func apply(t *testing.T, rule *check.Rule, text string) diag.List {
	t.Helper()
	file, findings := load(t, text)
	if !strings.HasPrefix(rule.Code, "T0") {
		for _, f := range findings {
			t.Errorf("example is not sound: %s %s %s", f.Span, f.Code, f.Message)
		}
		findings = nil
	}
	set := []*check.Rule{rule}
	if rule.After != nil {
		set = All() // it looks at what the others found
	}
	findings = append(findings, check.Run(input(t, file, set...)).Findings...)
	// What the file justifies is only noted; TestJustify is about that.
	findings = slices.DeleteFunc(findings, func(f diag.Finding) bool { return f.Code != rule.Code || f.Justification != "" })
	relocate(findings, text)
	findings.Sort()
	return findings
}

var wantMark = regexp.MustCompile(`# want (T\d{4})`)

// wanted lists the lines that an example marks for a rule.
func wanted(text, code string) []int {
	var lines []int
	for i, line := range strings.Split(text, "\n") {
		if m := wantMark.FindStringSubmatch(line); m != nil && m[1] == code {
			lines = append(lines, i+1)
		}
	}
	return lines
}

func lines(findings diag.List) []int {
	var lines []int
	for _, f := range findings {
		lines = append(lines, f.Span.Line)
	}
	slices.Sort(lines)
	return lines
}

// TestExamples runs the bad and the good example of each rule: the rule must
// point at exactly the marked lines of the one and at nothing in the other.
func TestExamples(t *testing.T) {
	for _, r := range All() {
		t.Run(r.Code, func(t *testing.T) {
			if r.Bad == "" || r.Good == "" {
				t.Fatal("a rule needs a bad and a good example")
			}
			if r.Ask != nil {
				askExamples(t, r)
				return
			}
			want := wanted(r.Bad, r.Code)
			if len(want) == 0 {
				t.Fatal("the bad example marks no line")
			}
			if r.Elsewhere {
				return // techdoc runs these
			}
			if got := lines(apply(t, r, r.Bad)); !slices.Equal(got, want) {
				t.Errorf("bad example: findings at lines %v, marked %v", got, want)
			}
			if got := apply(t, r, r.Good); len(got) > 0 {
				t.Errorf("good example: %s", got[0].Message)
			}
		})
	}
}

// TestJustify: what the file justifies is still shown, as a note with the
// reason, and does not count as a fault.
func TestJustify(t *testing.T) {
	rule := Find("T3203")
	file, _ := load(t, strings.Replace(rule.Bad, "    exposure: physical\n", "    exposure: physical\n    justification: |\n      The room\n      is locked.\n", 1))
	found := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{rule}, Today: today}).Findings
	if len(found) != 1 || found[0].Severity != diag.Note || found[0].Justification != "The room is locked." {
		t.Errorf("got %+v", found)
	}
}

// askExamples puts the first question of a rule to both examples.
func askExamples(t *testing.T, r *check.Rule) {
	t.Helper()
	if a := ask(t, r, r.Questions[0], r.Bad); len(a.Missing) == 0 {
		t.Error("bad example: nothing is missing")
	}
	a := ask(t, r, r.Questions[0], r.Good)
	if len(a.Missing) > 0 || len(a.By) == 0 {
		t.Errorf("good example: answered by %d entities, missing %q", len(a.By), a.Missing)
	}
}

// ask puts one question to an example.
func ask(t *testing.T, r *check.Rule, question, text string) check.Answer {
	t.Helper()
	file, findings := load(t, text)
	for _, f := range findings {
		t.Errorf("example is not sound: %s %s %s", f.Span, f.Code, f.Message)
	}
	return r.Ask(check.NewPass(input(t, file)), question)
}

// TestEveryQuestionIsAsked: each question that a clause names is put by a rule.
func TestEveryQuestionIsAsked(t *testing.T) {
	asked := map[string]bool{}
	for _, r := range All() {
		for _, q := range r.Questions {
			asked[q] = true
		}
	}
	named := map[string]bool{}
	for _, s := range catalog.Load().Sources {
		for _, e := range s.Entries {
			for _, q := range e.AnsweredBy {
				named[q] = true
				if !asked[q] {
					t.Errorf("%s is answered by %s, which no rule asks", e.ID, q)
				}
			}
		}
	}
	if len(named) < 100 {
		t.Errorf("only %d questions", len(named))
	}
	t.Logf("%d questions", len(named))
}

// TestDeclarations checks what all rules have in common.
func TestDeclarations(t *testing.T) {
	codes, questions := map[string]bool{}, map[string]string{}
	for _, r := range All() {
		if !regexp.MustCompile(`^T\d{4}$`).MatchString(r.Code) || codes[r.Code] {
			t.Errorf("%s: malformed or used twice", r.Code)
		}
		codes[r.Code] = true
		if r.Severity == 0 || r.Title == "" || r.Why == "" || r.Fix == "" {
			t.Errorf("%s: severity, title, why and fix must be given", r.Code)
		}
		for _, c := range r.Clauses {
			if catalog.Load().Entry(c) == nil {
				t.Errorf("%s: no clause %s in the catalogue", r.Code, c)
			}
		}
		for _, q := range r.Questions {
			if other := questions[q]; other != "" {
				t.Errorf("%s: question %s is already asked by %s", r.Code, q, other)
			}
			questions[q] = r.Code
		}
		if (r.Ask != nil) != (len(r.Questions) > 0) {
			t.Errorf("%s: Ask and Questions go together", r.Code)
		}
	}
	for _, r := range All() {
		for _, code := range r.Needs {
			if !codes[code] {
				t.Errorf("%s: needs %s, which does not exist", r.Code, code)
			}
		}
	}
}
