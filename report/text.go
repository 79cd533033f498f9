package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/diag"
)

// text writes a report for people. Its methods build on bufio.Writer, which
// remembers the first error.
type text struct {
	*bufio.Writer
	in    Input
	whys  map[string]bool // codes whose reason has been given
	fixes map[string]bool // codes with remedies of open questions that have been given
	brief bool            // the last finding took no blank line behind it
}

// writeText writes findings and a summary.
func writeText(w io.Writer, in Input) error {
	t := newText(w, in)
	t.findings()
	t.waived()
	t.clauses()
	t.summary()
	return t.Flush()
}

// Findings writes the findings that are not waived as text, without a summary.
func Findings(w io.Writer, in Input) error {
	t := newText(w, in)
	t.findings()
	return t.Flush()
}

func newText(w io.Writer, in Input) *text {
	return &text{Writer: bufio.NewWriter(w), in: in, whys: map[string]bool{}, fixes: map[string]bool{}}
}

// findings are shown in full where something is wrong, and in short where a
// question is open, so that a young file stays readable. The graver stand
// nearer to the end, where a reader of a terminal looks first.
func (t *text) findings() {
	for _, s := range []diag.Severity{diag.Note, diag.Open, diag.Warning, diag.Error} {
		for _, f := range t.in.Findings {
			switch {
			case f.Waiver != nil || f.Severity != s:
			case t.in.Verbose || s == diag.Error || s == diag.Warning:
				t.full(f)
			default:
				t.short(f)
			}
		}
	}
	if t.brief {
		t.printf("\n")
	}
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t.Writer, format, args...) }

// full shows a finding with its source line, reason and remedy. The reason is
// given with the first finding of a code only.
func (t *text) full(f diag.Finding) {
	if t.brief {
		t.printf("\n")
		t.brief = false
	}
	t.head(f)
	t.snippet(f.Span)
	first := !t.whys[f.Code]
	t.why(f)
	t.field("since", f.Justification)
	t.field("fix", f.Help)
	for _, r := range f.Related {
		t.field("see", place(r.Span)+r.Message)
	}
	if first {
		t.field("more", "theriac explain "+f.Code)
	}
	t.printf("\n")
}

// why gives the reason with the first finding of a code, and the clauses with
// each.
func (t *text) why(f diag.Finding) {
	if t.whys[f.Code] {
		t.field("asks", cited("", f.Clauses))
		return
	}
	t.whys[f.Code] = true
	t.field("why", f.Why+cited(f.Why, f.Clauses))
}

// short shows a finding without its source line, with the remedy below the
// first of its kind.
func (t *text) short(f diag.Finding) {
	t.head(f)
	t.why(f)
	t.field("since", f.Justification)
	if key := f.Code + f.Help; !t.fixes[key] {
		t.fixes[key] = true
		t.field("fix", f.Help)
	}
	for _, r := range f.Related {
		t.field("see", place(r.Span)+r.Message)
	}
	t.brief = true
}

func (t *text) head(f diag.Finding) {
	variant := ""
	if f.Variant != "" {
		variant = fmt.Sprintf(" [variant %s]", clean(f.Variant))
	}
	t.printf("%s%s %s: %s%s\n", t.bold(place(f.Span)), t.severity(f.Severity), clean(f.Code), t.bold(clean(f.Message)), variant)
}

// place is a position with a colon and a blank, ready for what is said about it.
func place(s diag.Span) string {
	if !s.Valid() {
		return ""
	}
	return clean(s.String()) + ": "
}

// cited is the tail of a reason that names the clauses.
func cited(why string, clauses []string) string {
	const shown = 4
	if len(clauses) == 0 {
		return ""
	}
	ids := strings.Join(clauses[:min(shown, len(clauses))], ", ")
	if n := len(clauses) - shown; n > 0 {
		ids += fmt.Sprintf(" and %d more", n)
	}
	if why == "" {
		return ids
	}
	return " (" + ids + ")"
}

// field writes a labelled line, broken to the width of the terminal.
func (t *text) field(label, value string) {
	const indent = 8
	if value = clean(value); value == "" {
		return
	}
	if t.in.Width > 40 {
		value = strings.Join(Wrap(value, t.in.Width-indent), "\n"+strings.Repeat(" ", indent))
	}
	t.printf("  %s %s\n", t.faint(fmt.Sprintf("%-5s", label)), value)
}

// Wrap breaks text at blanks into lines of at most width columns; a longer word
// has a line of its own. Words are never broken, since ids contain hyphens.
func Wrap(text string, width int) []string {
	lines := []string{""}
	for word := range strings.FieldsSeq(text) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = word
		case lipgloss.Width(*last)+1+lipgloss.Width(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, word)
		}
	}
	return lines
}

// waived lists the findings that the file lets stand.
func (t *text) waived() {
	any := false
	for _, f := range t.in.Findings {
		if w := f.Waiver; w != nil {
			any = true
			t.printf("%s%s %s: %s\n", t.bold(place(f.Span)), t.faint("waived"), clean(f.Code), clean(f.Message))
			t.field("by", fmt.Sprintf("%s until %s (%s): %s", w.Owner, w.Expires, w.ID, w.Reason))
		}
	}
	if any {
		t.printf("\n")
	}
}

func (t *text) style(s lipgloss.Style, value string) string {
	if !t.in.Color || value == "" {
		return value
	}
	return s.Render(value)
}

func (t *text) bold(s string) string  { return t.style(lipgloss.NewStyle().Bold(true), s) }
func (t *text) faint(s string) string { return t.style(lipgloss.NewStyle().Faint(true), s) }
func (t *text) accent(s string) string {
	return t.style(lipgloss.NewStyle().Foreground(lipgloss.Cyan), s)
}

func (t *text) severity(s diag.Severity) string {
	colour := map[diag.Severity]lipgloss.Style{
		diag.Error:   lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Red),
		diag.Open:    lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Magenta),
		diag.Warning: lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Yellow),
		diag.Note:    lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Blue),
	}
	return t.style(colour[s], s.String())
}

// count is a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// frequent is the code that most unwaived findings of a severity have; the
// smallest of several.
func frequent(findings diag.List, s diag.Severity) (code string, n int) {
	counts := map[string]int{}
	var codes []string
	for _, f := range findings {
		if f.Severity == s && f.Waiver == nil {
			if counts[f.Code]++; counts[f.Code] == 1 {
				codes = append(codes, f.Code)
			}
		}
	}
	slices.Sort(codes)
	for _, c := range codes {
		if counts[c] > n {
			code, n = c, counts[c]
		}
	}
	return code, n
}
