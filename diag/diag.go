// Package diag holds what theriac says about the user's files: findings with
// a place, a reason and a remedy, and their forms for people and machines.
//
// # Format
//
// A finding points at a span of a source file. Lines and columns start at 1;
// columns count Unicode code points, not bytes. The end column is the first
// column behind the span.
//
// # Values
//
// Severities, from grave to light: error (the file says something wrong or a
// document would be untrue), open (a question that nothing answers yet),
// warning (a reviewer will ask), note. Order of findings is by file, line,
// column, code and message, and never depends on map order or timing.
package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"sync"
	"unicode/utf8"
)

// Severity says how much a finding weighs. Smaller is graver.
type Severity int

// The severities. The zero value is not a severity.
const (
	Error   Severity = 1
	Open    Severity = 2
	Warning Severity = 3
	Note    Severity = 4
)

var severityNames = map[Severity]string{Error: "error", Open: "open", Warning: "warning", Note: "note"}

func (s Severity) String() string { return severityNames[s] }

// ParseSeverity reads a severity by its name.
func ParseSeverity(name string) (Severity, error) {
	for s, n := range severityNames {
		if n == name {
			return s, nil
		}
	}
	return 0, fmt.Errorf("unknown severity %q (one of error, open, warning, note)", name)
}

// Source is a text that findings point into. Text has LF line ends and no byte
// order mark.
type Source struct {
	Path string // slash path as shown to the user
	Text []byte

	once  sync.Once
	lines []int // byte offset of each line's start
}

// Line returns the text of line n without its end, or nil.
func (s *Source) Line(n int) []byte {
	s.once.Do(func() {
		s.lines = append(s.lines, 0)
		for i, c := range s.Text {
			if c == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	})
	if n < 1 || n > len(s.lines) {
		return nil
	}
	start, end := s.lines[n-1], len(s.Text)
	if n < len(s.lines) {
		end = s.lines[n] - 1
	}
	return s.Text[start:end]
}

// Tail returns the text of a line from a column on.
func (s *Source) Tail(line, column int) []byte {
	text := s.Line(line)
	for ; column > 1 && len(text) > 0; column-- {
		_, size := utf8.DecodeRune(text)
		text = text[size:]
	}
	return text
}

// Span is a stretch of a source.
type Span struct {
	Source             *Source
	Line, Column       int
	EndLine, EndColumn int
}

// At returns a span of width columns on one line.
func (s *Source) At(line, column, width int) Span {
	return Span{s, line, column, line, column + max(width, 1)}
}

// LineSpan returns the span of a line without its indentation and end.
func (s *Source) LineSpan(line int) Span {
	text := s.Line(line)
	trimmed := bytes.TrimLeft(text, " \t")
	indent := utf8.RuneCount(text) - utf8.RuneCount(trimmed)
	return s.At(line, indent+1, utf8.RuneCount(bytes.TrimRight(trimmed, " \t")))
}

// Path is the path of the span's source.
func (s Span) Path() string {
	if s.Source == nil {
		return ""
	}
	return s.Source.Path
}

// Valid reports whether the span points anywhere.
func (s Span) Valid() bool { return s.Source != nil && s.Line > 0 }

func (s Span) String() string { return fmt.Sprintf("%s:%d:%d", s.Path(), s.Line, s.Column) }

// Finding is one thing to say about the user's files.
type Finding struct {
	Code     string
	Severity Severity
	Message  string // names the thing and states the fact; lower case, no full stop
	Span     Span
	Entity   string   // id of the entity it is about, if any
	Clauses  []string // catalogue ids
	Why      string   // why a reviewer would ask
	Help     string   // how to mend it
	Related  []Related
	Variant  string  // variant in which alone it occurs
	Waiver   *Waiver // set when the file waives it
	// Justification is what the file says in defence; the finding is then a note.
	Justification string
}

// Related is another place that belongs to a finding.
type Related struct {
	Span    Span
	Message string
}

// Waiver says who lets a finding stand, why and until when.
type Waiver struct {
	ID, Owner, Reason, Expires string
}

// List is a set of findings.
type List []Finding

// Add appends a finding.
func (l *List) Add(f Finding) { *l = append(*l, f) }

// Sort puts findings into their stable order and drops exact repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Span.Path(), b.Span.Path()), cmp.Compare(a.Span.Line, b.Span.Line),
			cmp.Compare(a.Span.Column, b.Span.Column), cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message), cmp.Compare(a.Variant, b.Variant))
	})
	*l = slices.CompactFunc(*l, func(a, b Finding) bool {
		return a.Code == b.Code && a.Message == b.Message && a.Span == b.Span && a.Variant == b.Variant
	})
}

// Summary counts findings by severity; waived ones are counted apart.
type Summary struct {
	Errors   int `json:"errors"`
	Open     int `json:"open"`
	Warnings int `json:"warnings"`
	Notes    int `json:"notes"`
	Waived   int `json:"waived"`
}

// Summary counts the list.
func (l List) Summary() Summary {
	var s Summary
	for _, f := range l {
		switch {
		case f.Waiver != nil:
			s.Waived++
		case f.Severity == Error:
			s.Errors++
		case f.Severity == Open:
			s.Open++
		case f.Severity == Warning:
			s.Warnings++
		default:
			s.Notes++
		}
	}
	return s
}

// Worst reports whether an unwaived finding is at least as grave as limit.
func (l List) Worst(limit Severity) bool {
	return slices.ContainsFunc(l, func(f Finding) bool { return f.Waiver == nil && f.Severity <= limit })
}
