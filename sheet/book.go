package sheet

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"theriac/diag"
	"theriac/model"
)

// Limits. A risk file is kept by people; these leave an order of magnitude.
const (
	MaxFile     = 16 << 20
	maxUnzipped = 64 << 20
	maxRows     = 50_000
	maxColumns  = 1_000
	maxArea     = 2_000_000
	maxCell     = 32_767 // UTF-16 units, Excel
	maxFaults   = 200    // findings about one workbook
)

// Book is a workbook as text.
type Book struct {
	Name   string // of the file, as shown to the user
	Sheets []*Sheet
}

// Sheet is a table of cells. Rows[0] is row 1; rows may differ in length.
type Sheet struct {
	Name   string
	Header int // row of the header, from 1; 0 in a book that was read
	Rows   [][]Cell
	Layout []Layout // of the columns, for writers; nil in a book that was read
}

// Layout is what a writer should know about a column.
type Layout struct {
	Field   string // path of the field in the security file
	Doc     string
	Width   int      // in characters
	Choices []Choice // what a cell may hold; nil for anything
	Of      string   // kind whose ids the cell may hold, or ""
	Unused  bool     // no row has a value
}

// Choice is one of the values that a cell may hold.
type Choice struct{ Name, Doc string }

// Cell is what a cell shows.
type Cell struct {
	Text  string
	Day   model.Date // of a cell that holds a number, as a day
	Fault string     // why the cell shows nothing usable, or ""
}

// Sheet returns the sheet with the name, or nil.
func (b *Book) Sheet(name string) *Sheet {
	for _, s := range b.Sheets {
		if s.Name == name {
			return s
		}
	}
	return nil
}

func (b *Book) names() []string {
	var names []string
	for _, s := range b.Sheets {
		names = append(names, s.Name)
	}
	return names
}

// cell returns a cell by row and column, from 1; the zero Cell outside.
func (s *Sheet) cell(row, column int) Cell {
	if row < 1 || row > len(s.Rows) || column < 1 || column > len(s.Rows[row-1]) {
		return Cell{}
	}
	return s.Rows[row-1][column-1]
}

// letters is the name of a column: 1 is A, 27 is AA.
func letters(column int) string {
	var name string
	for ; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// place names a cell as spreadsheets do: risks!D7.
func (s *Sheet) place(row, column int) string {
	name := s.Name
	if strings.ContainsAny(name, " '!") {
		name = "'" + strings.ReplaceAll(name, "'", "''") + "'"
	}
	return fmt.Sprintf("%s!%s%d", name, letters(column), row)
}

// fault makes a finding about a cell. Line and column of its span are row and
// column of the cell.
func (b *Book) fault(code string, s *Sheet, row, column int, message, help string) diag.Finding {
	source := &diag.Source{Path: b.Name}
	return diag.Finding{Code: code, Severity: diag.Error, Span: source.At(row, column, 1), Message: s.place(row, column) + ": " + message, Help: help}
}

// whole makes a finding about a workbook.
func whole(name, message, help string) diag.Finding {
	source := &diag.Source{Path: name}
	return diag.Finding{Severity: diag.Error, Span: source.At(1, 1, 1), Message: message, Help: help}
}

// unfit says why a text can stand neither in a spreadsheet nor in a security
// file, or "". The second refuses what hides or reorders text.
func unfit(text string) string {
	if !utf8.ValidString(text) {
		return "invalid UTF-8"
	}
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t':
		case r < 0x20 || r >= 0x7f && r < 0xa0:
			return fmt.Sprintf("control character U+%04X", r)
		case r == 0x2028 || r == 0x2029:
			return fmt.Sprintf("line separator U+%04X", r)
		case r == 0xfeff:
			return "byte order mark inside the text"
		case r == 0xfffe || r == 0xffff:
			return fmt.Sprintf("non-character U+%04X", r)
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return fmt.Sprintf("bidirectional control U+%04X", r)
		}
	}
	return ""
}

// units is the length of a text as Excel counts it.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// oneLine joins the words of a text by single blanks: names of columns are
// compared so, since people break them to fit.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
