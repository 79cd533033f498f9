package rules

import (
	"slices"
	"strings"
	"testing"

	"theriac/check"
	"theriac/diag"
)

// marked is a security file whose lines say what a rule must find in them.
type marked struct {
	name, code, text string
}

// run applies the rule and compares the lines of its findings with the marks.
func (m marked) run(t *testing.T) {
	t.Run(m.code+" "+m.name, func(t *testing.T) {
		found := apply(t, Find(m.code), m.text)
		if got, want := lines(found), wanted(m.text, m.code); !slices.Equal(got, want) {
			t.Errorf("findings at lines %v, marked %v: %s", got, want, messages(found))
		}
	})
}

func messages(found diag.List) string {
	var all []string
	for _, f := range found {
		all = append(all, f.Message)
	}
	return strings.Join(all, " | ")
}

// asked is a security file with the answer that it must give to a question.
type asked struct {
	name, question, text string
	want                 check.Status
	missing              string // part of what is missing
	by                   int    // number of entities that answer, when not 0
	elsewhere            bool
}

func (q asked) run(t *testing.T) {
	t.Run(q.question+" "+q.name, func(t *testing.T) {
		a := ask(t, asking(t, q.question), q.question, q.text)
		if got := statusOf(a); got != q.want {
			t.Errorf("status %s, want %s; missing %q", got, q.want, a.Missing)
		}
		if missing := strings.Join(a.Missing, "; "); !strings.Contains(missing, q.missing) {
			t.Errorf("missing %q, want %q in it", missing, q.missing)
		}
		if q.by > 0 && len(a.By) != q.by {
			t.Errorf("answered by %d entities, want %d", len(a.By), q.by)
		}
		if a.Elsewhere != q.elsewhere {
			t.Errorf("reported elsewhere: %v", a.Elsewhere)
		}
		if len(a.Missing) > 0 && !a.Elsewhere && a.Entity != "" && !a.At.Valid() {
			t.Error("no place to mend it")
		}
	})
}

// statusOf is the status of an answer by itself, without the findings that
// other rules add to it.
func statusOf(a check.Answer) check.Status {
	switch {
	case len(a.By) == 0:
		return check.Unanswered
	case len(a.Missing) > 0:
		return check.Partial
	}
	return check.Satisfied
}

// asking finds the rule that puts a question.
func asking(t *testing.T, question string) *check.Rule {
	t.Helper()
	for _, r := range All() {
		if slices.Contains(r.Questions, question) {
			return r
		}
	}
	t.Fatalf("no rule asks %s", question)
	return nil
}

// device is a product with a regulation, a class and further lines.
func device(regulation, class string, more ...string) string {
	text := "product:\n  name: Example\n  regulation: " + regulation + "\n  class: " + class + "\n"
	for _, line := range more {
		text += "  " + line + "\n"
	}
	return text
}
