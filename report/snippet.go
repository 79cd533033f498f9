package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"charm.land/lipgloss/v2"

	"theriac/diag"
)

// thick is the most code points that are shown for a column: letters with
// several marks fit in, a line made of nothing but marks does not get through.
const thick = 4

// room is how many columns of a source line are shown when the terminal does
// not say how many it has.
const room = 120

// snippet shows the line before a span, its first line, and carets below it.
func (t *text) snippet(s diag.Span) {
	if !s.Valid() || s.Source.Line(s.Line) == nil {
		return
	}
	if above := s.Source.Line(s.Line - 1); strings.TrimSpace(string(above)) != "" {
		v := clip(above, 1, 2, t.columns())
		t.printf("%s\n", strings.TrimRight(t.faint(number(s.Line-1))+" "+v.text, " "))
	}
	end := s.EndColumn
	if s.EndLine > s.Line {
		end = utf8.RuneCount(s.Source.Line(s.Line)) + 1
	}
	v := clip(s.Source.Line(s.Line), s.Column, end, t.columns())
	t.printf("%s\n", strings.TrimRight(t.faint(number(s.Line))+" "+v.text, " "))
	t.printf("%s %s%s\n", t.faint("      |"), strings.Repeat(" ", v.before), t.accent(strings.Repeat("^", v.under)))
}

func number(line int) string { return fmt.Sprintf("%5d |", line) }

func (t *text) columns() int {
	if t.in.Width > 40 {
		return t.in.Width - len(number(0)) - 1
	}
	return room
}

// view is a source line as it is shown, with the columns of the terminal that
// stand before the marked part and under it.
type view struct {
	text          string
	before, under int
}

// clip shows the part of a line around the code points from column start up to
// column end, at most width columns of it.
func clip(line []byte, start, end, width int) view {
	runes := []rune(string(line))
	start = min(max(start, 1), len(runes)+1)
	end = min(max(end, start), len(runes)+1)
	from, to := 0, len(runes)
	if len(runes) > thick*width || measure(runes) > width {
		from, to = window(runes, start-1, end-1, width-2)
	}
	v := view{before: measure(runes[from:max(from, start-1)])}
	v.under = max(1, measure(runes[start-1:max(start-1, min(end-1, to))]))
	v.text = show(runes[from:to])
	if from > 0 {
		v.text = "…" + v.text
		v.before++
	}
	if to < len(runes) {
		v.text += "…"
	}
	return v
}

// window chooses the part of a long line that is shown: a third of the room
// goes to what stands before the mark.
func window(runes []rune, start, end, width int) (from, to int) {
	least, most := max(0, start-thick*width/2), min(len(runes), start+thick*width/2)
	from = start
	for from > least && measure(runes[from-1:start]) <= width/3 {
		from--
	}
	to = from
	for to < most && measure(runes[from:to+1]) <= width {
		to++
	}
	for from > least && to == len(runes) && measure(runes[from-1:to]) <= width {
		from--
	}
	return from, max(to, min(end, start+1))
}

func show(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		b.WriteString(shown(r))
	}
	return b.String()
}

// measure is the number of columns that runes take in a terminal.
func measure(runes []rune) int { return lipgloss.Width(show(runes)) }
