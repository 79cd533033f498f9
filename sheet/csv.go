package sheet

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"theriac/diag"
)

const mark = "\xef\xbb\xbf" // byte order mark

// WriteCSV writes one sheet as CSV (RFC 4180, CRLF, UTF-8). With bom it begins
// with a byte order mark, by which Excel knows UTF-8.
func WriteCSV(w io.Writer, s *Sheet, bom bool) error {
	if bom {
		if _, err := io.WriteString(w, mark); err != nil {
			return err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range s.Rows {
		fields := make([]string, max(len(row), 1))
		for i, c := range row {
			fields[i] = guard(c.Text)
		}
		if err := out.Write(fields); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// starters are the characters with which a spreadsheet program takes a cell of a
// CSV file for a formula.
const starters = "=+-@\t\r"

// declares is how a line begins that names the separator, as Excel understands it.
const declares = "sep="

// special reports whether a program would take a text for something else.
func special(text string) bool {
	return text != "" && strings.ContainsRune(starters, rune(text[0])) || strings.HasPrefix(text, declares)
}

// guard puts an apostrophe before a text that a spreadsheet program would take
// for a formula or for a declaration, and before one that unguard would shorten.
func guard(text string) string {
	if special(text) || text != unguard(text) {
		return "'" + text
	}
	return text
}

// unguard takes away the apostrophe that guard puts there.
func unguard(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && (special(rest) || strings.HasPrefix(rest, "'")) {
		return rest
	}
	return text
}

// ReadCSV reads a CSV file as a book with one sheet. Fields may be separated by
// comma, semicolon or tab. The book is only to be used when no finding is an
// error.
func ReadCSV(name, sheet string, data []byte) (*Book, diag.List) {
	s := &Sheet{Name: sheet}
	book := &Book{Name: name, Sheets: []*Sheet{s}}
	fail := func(message, help string) (*Book, diag.List) {
		return book, diag.List{whole(name, "the file cannot be read: "+message, help)}
	}
	if len(data) > MaxFile {
		return fail(fmt.Sprintf("it has more than %d MB", MaxFile>>20), "split it")
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return fail("it is a workbook (XLSX)", "give it a name that ends in .xlsx")
	}
	data = bytes.TrimPrefix(data, []byte(mark))
	if what := unfit(strings.ReplaceAll(string(data), "\r", "")); what != "" {
		return fail("it contains "+article(what), "save it as CSV (UTF-8)")
	}
	comma, data := separator(data)
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord, in.Comma = -1, comma
	cells, from := 0, int64(0)
	for {
		record, err := in.Read()
		if err == io.EOF {
			return book, nil
		}
		if err != nil {
			return fail(err.Error(), "put fields that contain quotes, separators or line ends into double quotes, and double the quotes in them")
		}
		line, _ := in.FieldPos(0)
		for range emptyLines(data[from:in.InputOffset()]) {
			s.Rows = append(s.Rows, nil)
		}
		from = in.InputOffset()
		if cells += len(record); len(record) > maxColumns || len(s.Rows) >= maxRows || cells > maxArea {
			return fail(fmt.Sprintf("line %d: it has more than %d rows, %d columns or %d cells", line, maxRows, maxColumns, maxArea), "split it")
		}
		s.Rows = append(s.Rows, cellsOfCSV(record))
	}
}

func article(what string) string {
	if what == "invalid UTF-8" {
		return what
	}
	return "a " + what
}

func cellsOfCSV(record []string) []Cell {
	row := make([]Cell, len(record))
	for i, text := range record {
		row[i].Text = unguard(strings.ReplaceAll(text, "\r\n", "\n"))
	}
	return row
}

// emptyLines counts the empty lines that a text begins with. The reader passes
// over them, but they are rows.
func emptyLines(text []byte) int {
	n := 0
	for ; len(text) > 0; text = text[1:] {
		switch text[0] {
		case '\n':
			n++
		case '\r':
		default:
			return n
		}
	}
	return n
}

// separator is the character that separates fields: the one that a line sep=
// names, as Excel understands it, else the one that occurs most in the first
// line with text, since spreadsheet programs of some countries write a
// semicolon. It returns the text without the line sep=.
func separator(data []byte) (rune, []byte) {
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	if name, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte(declares)); ok && len(name) == 1 && strings.Contains(",;\t", string(name)) {
		return rune(name[0]), rest
	}
	line, _, _ = bytes.Cut(bytes.TrimLeft(data, "\r\n"), []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(line, []byte(string(c))) > bytes.Count(line, []byte(string(best))) {
			best = c
		}
	}
	return best, data
}
