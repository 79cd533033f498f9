package report

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
)

// summary closes the report: how far the clauses are answered, how many
// findings there are, and what that means.
func (t *text) summary() {
	if t.in.Product != nil {
		t.printf("%s", t.bold(clean(t.in.Product.Name)))
		if r, c := t.in.Product.Regulation, t.in.Product.Class; r != "" && c != "" {
			t.printf(", %s class %s", r, c)
		}
		if t.in.Variant != "" {
			t.printf(", variant %s", clean(t.in.Variant))
		}
		t.printf("\n")
	}
	if len(t.in.Coverage) > 0 {
		t.table(check.Tallies(t.in.Coverage))
	}
	t.showing()
	s := t.in.Findings.Summary()
	t.printf("%s\n%s\n", counts(s), t.verdict(s))
}

// showing says in a line what signed evidence shows of the release.
func (t *text) showing() {
	s := t.in.Showing
	if s == nil || s.Release == nil {
		return
	}
	excused := ""
	if s.Excused > 0 {
		excused = fmt.Sprintf(" (%d with a failure whose risk is accepted)", s.Excused)
	}
	t.printf("release %s: %d of %s passed%s, %d of %s shown by signed evidence\n", clean(s.Release.Version),
		s.Verifications[evidence.Passed], count(s.Total(), "verification", "verifications"), excused, s.Met(), count(len(s.Requirements), "requirement", "requirements"))
}

func counts(s diag.Summary) string {
	return strings.Join([]string{
		count(s.Errors, "error", "errors"), fmt.Sprintf("%d open", s.Open), count(s.Warnings, "warning", "warnings"),
		count(s.Notes, "note", "notes"), fmt.Sprintf("%d waived", s.Waived),
	}, ", ")
}

// verdict says in one line what to do next.
func (t *text) verdict(s diag.Summary) string {
	tail := ""
	if len(t.in.Coverage) == 0 {
		tail = "; no clause was judged, because the file has no product or could not be read in full"
	}
	switch {
	case s.Errors > 0:
		code, _ := frequent(t.in.Findings, diag.Error)
		return fmt.Sprintf("mend the errors first (theriac explain %s)%s", code, tail)
	case s.Open > 0:
		code, n := frequent(t.in.Findings, diag.Open)
		return fmt.Sprintf("no errors; %s open, most often %s, %s (theriac explain %s)%s",
			count(s.Open, "question is", "questions are"), code, count(n, "time", "times"), code, tail)
	case s.Warnings > 0:
		return "no errors and no open questions; a reviewer will ask about the warnings" + tail
	}
	if n := unfinished(t.in.Coverage); n > 0 {
		return fmt.Sprintf("no errors and no open questions; %s not answered in full", count(n, "clause is", "clauses are"))
	}
	return "no errors and no open questions" + tail
}

// unfinished counts the clauses that apply and are not satisfied.
func unfinished(rows []check.Row) int {
	n := 0
	for _, r := range rows {
		if r.Status == check.Partial || r.Status == check.Unanswered {
			n++
		}
	}
	return n
}

// table shows the coverage by source; parts are shown of law alone, unless more
// is wanted.
func (t *text) table(tallies []check.Tally) {
	lines := group(tallies, t.detailed())
	width := len("clauses")
	for _, l := range lines {
		width = max(width, lipgloss.Width(l.label))
	}
	heads := []string{"apply", "satisfied", "partly", "open", "not applicable"}
	t.printf("\n%s", t.faint(pad("clauses", width)))
	for _, h := range heads {
		t.printf("  %s", t.faint(h))
	}
	t.printf("\n")
	for _, l := range lines {
		t.printf("%s", pad(l.label, width))
		for i, n := range []int{l.Applicable, l.Satisfied, l.Partial, l.Open, l.Outside} {
			t.printf("  %*d", len(heads[i]), n)
		}
		t.printf("\n")
	}
	t.printf("\n")
}

// detailed tells of which sources, by title, parts are shown.
func (t *text) detailed() map[string]bool {
	titles := map[string]bool{}
	for _, r := range t.in.Coverage {
		if t.in.Verbose || r.Entry.Source.Kind == "law" {
			titles[r.Entry.Source.Title] = true
		}
	}
	return titles
}

// line is one line of the table.
type line struct {
	label string
	check.Tally
}

// group puts a line with the sums above the parts of each source, and the sum
// of all at the end. A source of one part has one line.
func group(tallies []check.Tally, detailed map[string]bool) []line {
	var lines []line
	total := line{label: "all"}
	for len(tallies) > 0 {
		n := 1
		for n < len(tallies) && tallies[n].Source == tallies[0].Source {
			n++
		}
		head := line{label: clean(tallies[0].Source)}
		var parts []line
		for _, part := range tallies[:n] {
			add(&head.Tally, part)
			parts = append(parts, line{"  " + clean(part.Part), part})
		}
		add(&total.Tally, head.Tally)
		lines = append(lines, head)
		if n > 1 && detailed[tallies[0].Source] {
			lines = append(lines, parts...)
		}
		tallies = tallies[n:]
	}
	return append(lines, total)
}

func add(sum *check.Tally, t check.Tally) {
	sum.Applicable += t.Applicable
	sum.Satisfied += t.Satisfied
	sum.Partial += t.Partial
	sum.Open += t.Open
	sum.Outside += t.Outside
}

func pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-lipgloss.Width(s))) }
