package edit

import (
	"strings"
	"unicode/utf8"

	"theriac/format"
)

const (
	longest = 120 // characters of a line with prose; longer ones are folded
	paper   = 88  // characters of a folded line
	step    = 2   // blanks per level, where the file does not say otherwise
)

// writer writes new entries.
type writer struct {
	step  int  // blanks per level of maps
	lines bool // no block scalars
}

// entry is an entry at a column: its lines, the first of them without
// indentation. Mark is the key with its colon, or the dash; aside, a comment beside it.
func (w writer) entry(mark, aside string, v Value, column int) string {
	head := mark
	var text, below string
	switch v := v.(type) {
	case nil:
	case List:
		text, below = w.list(v, column+w.step)
	case Map:
		text, below = w.fields(v, column+w.step)
	default:
		s, _ := scalar(v)
		text, below = w.text(v, s, column, column+utf8.RuneCountInString(head)+1)
	}
	if mark == "-" && aside == "" && text == "" && below != "" {
		return w.item(v, column)
	}
	for _, part := range []string{text, aside} {
		if part != "" {
			head += " " + part
		}
	}
	return head + below
}

// text is a scalar whose key stands at a column and which would begin at from.
func (w writer) text(v Value, s string, column, from int) (text, below string) {
	line := plain(v)
	if w.lines || !strings.Contains(s, "\n") && from+utf8.RuneCountInString(line) <= longest {
		return line, ""
	}
	header, lines, ok := format.Paragraphs(s, max(paper-column-2, paper/2))
	if !ok {
		return line, ""
	}
	for _, l := range lines {
		below += "\n"
		if l != "" {
			below += pad(column+2) + l
		}
	}
	return header, below
}

// plain is a scalar on one line, outside of brackets.
func plain(v Value) string {
	if t, ok := v.(Text); ok {
		return format.Quote(t.source(), false)
	}
	s, _ := scalar(v)
	return s
}

// source is what must be written for the text to be read: readers drop the last
// line end.
func (t Text) source() string {
	if strings.HasSuffix(string(t), "\n") {
		return string(t) + "\n"
	}
	return string(t)
}

// list is a list in brackets, or items at a column.
func (w writer) list(l List, column int) (text, below string) {
	if short(l) {
		return brackets(l), ""
	}
	for _, item := range l {
		below += "\n" + pad(column) + w.item(item, column)
	}
	return "", below
}

// item is an item of a list. Its fields or items start beside the dash.
func (w writer) item(v Value, column int) string {
	inner := writer{2, w.lines} // what stands beside a dash stands two blanks behind it
	var below string
	switch v := v.(type) {
	case List:
		_, below = inner.list(v, column+2)
	case Map:
		_, below = inner.fields(v, column+2)
	}
	if below == "" {
		return inner.entry("-", "", v, column)
	}
	return "- " + strings.TrimLeft(below, "\n ")
}

// short reports whether a list is written in brackets: all items are on one
// line by themselves.
func short(l List) bool {
	for _, item := range l {
		s, ok := scalar(item)
		if !ok || strings.Contains(s, "\n") || utf8.RuneCountInString(s) > longest {
			return false
		}
	}
	return true
}

// fields are the fields of a map at a column.
func (w writer) fields(m Map, column int) (text, below string) {
	if len(m) == 0 {
		return "{}", ""
	}
	for _, f := range m {
		below += "\n" + pad(column) + w.entry(key(f.Name), "", f.Value, column)
	}
	return "", below
}

func key(name string) string { return format.Quote(name, false) + ":" }

// brackets is a value on one line, as it stands in brackets.
func brackets(v Value) string {
	var parts []string
	switch v := v.(type) {
	case nil:
		return "null"
	case Text:
		return format.Quote(v.source(), true)
	case List:
		for _, item := range v {
			parts = append(parts, brackets(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, f := range v {
			parts = append(parts, format.Quote(f.Name, true)+": "+brackets(f.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	s, _ := scalar(v)
	return s
}

func pad(n int) string { return strings.Repeat(" ", n) }
