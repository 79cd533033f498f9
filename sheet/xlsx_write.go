package sheet

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"theriac/internal/lazyregexp"
)

// Names of the sheets that explain the others.
const (
	readMe = "Read me"
	lists  = "Lists"
)

// About is what the first sheet of a workbook says of its origin.
type About struct {
	Product string // name of the product
	Tool    string // name and version of the program
}

// WriteXLSX writes a workbook that was exported: its sheets, one before them
// that explains them, and one behind them with the values to choose from. The
// same book gives the same bytes.
func WriteXLSX(w io.Writer, b *Book, about About) error {
	f := excelize.NewFile()
	defer f.Close()
	x := &xlsxWriter{File: f, book: b, listed: map[string]string{}}
	if err := x.styles(); err != nil {
		return err
	}
	if err := x.all(about); err != nil {
		return err
	}
	f.SetActiveSheet(0)
	_, err := f.WriteTo(w)
	return err
}

type xlsxWriter struct {
	*excelize.File
	book   *Book
	listed map[string]string // choices to the range that holds them
	lists  int               // rows of the sheet of lists

	head, key, text, title, note int // styles
}

func (x *xlsxWriter) all(about About) error {
	if err := x.SetSheetName("Sheet1", readMe); err != nil {
		return err
	}
	for _, s := range x.book.Sheets {
		if _, err := x.NewSheet(s.Name); err != nil {
			return fmt.Errorf("sheet %q: %w", s.Name, err)
		}
	}
	if _, err := x.NewSheet(lists); err != nil {
		return err
	}
	for _, s := range x.book.Sheets {
		if err := x.sheet(s); err != nil {
			return fmt.Errorf("sheet %q: %w", s.Name, err)
		}
	}
	if x.lists == 0 {
		if err := x.DeleteSheet(lists); err != nil {
			return err
		}
	}
	if err := x.readMe(about); err != nil {
		return err
	}
	return x.SetDocProps(&excelize.DocProperties{Title: "Risk file of " + about.Product, Creator: about.Tool,
		Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}) // fixed: the same file gives the same bytes
}

func (x *xlsxWriter) styles() error {
	line := []excelize.Border{{Type: "bottom", Color: "D0D5DB", Style: 1}, {Type: "right", Color: "D0D5DB", Style: 1}}
	top := &excelize.Alignment{Vertical: "top", WrapText: true}
	const asText = 49 // "@": nothing that is typed becomes a number, a date or a formula
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&x.head, excelize.Style{Font: &excelize.Font{Family: family, Bold: true, Color: "FFFFFF", Size: 10}, Fill: fill("2F4A63"), Border: line, NumFmt: asText, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}},
		{&x.key, excelize.Style{Font: &excelize.Font{Family: family, Bold: true, Size: 10}, Fill: fill("EEF2F6"), Border: line, NumFmt: asText, Alignment: top}},
		{&x.text, excelize.Style{Font: &excelize.Font{Family: family, Size: 10}, Border: line, NumFmt: asText, Alignment: top}},
		{&x.title, excelize.Style{Font: &excelize.Font{Family: family, Bold: true, Size: 14}, NumFmt: asText}},
		{&x.note, excelize.Style{Font: &excelize.Font{Family: family, Size: 10}, NumFmt: asText, Alignment: top}},
	} {
		id, err := x.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

const family = "Calibri"

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}

func (x *xlsxWriter) sheet(s *Sheet) error {
	for i, row := range s.Rows {
		for j, c := range row {
			if err := x.put(s.Name, i+1, j+1, c.Text, x.styleOf(s, i+1, j+1)); err != nil {
				return err
			}
		}
	}
	if err := x.heights(s); err != nil {
		return err
	}
	last := letters(len(s.Layout))
	for i, l := range s.Layout {
		if err := x.column(s, i+1, l); err != nil {
			return err
		}
	}
	if err := x.SetPanes(s.Name, &excelize.Panes{Freeze: true, XSplit: 1, YSplit: s.Header, TopLeftCell: fmt.Sprintf("B%d", s.Header+1), ActivePane: "bottomRight"}); err != nil {
		return err
	}
	if err := x.AutoFilter(s.Name, fmt.Sprintf("A%d:%s%d", s.Header, last, max(len(s.Rows), s.Header)), nil); err != nil {
		return err
	}
	return x.paper(s)
}

// heights gives each row the height that its text needs: not all programs work
// it out by themselves.
func (x *xlsxWriter) heights(s *Sheet) error {
	const line, most = 13.5, 400 // points; Excel allows 409
	for i, row := range s.Rows {
		n := 1
		if i+1 == s.Header {
			n = 2
		}
		for j, c := range row {
			n = max(n, linesOf(c.Text, s.Layout[j].Width))
		}
		if err := x.SetRowHeight(s.Name, i+1, min(line*float64(n)+3, most)); err != nil {
			return err
		}
	}
	return nil
}

// linesOf is how many lines a text takes in a column, about.
func linesOf(text string, width int) int {
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n += max(1, (utf8.RuneCountInString(line)+width-3)/(width-2))
	}
	return n
}

func (x *xlsxWriter) styleOf(s *Sheet, row, col int) int {
	switch {
	case row == s.Header:
		return x.head
	case col == 1:
		return x.key
	}
	return x.text
}

func (x *xlsxWriter) put(sheet string, row, col int, text string, style int) error {
	cell := fmt.Sprintf("%s%d", letters(col), row)
	switch {
	case strings.Contains(text, "_x005F_"):
		// The library would confuse it with another text: it keys its table of
		// texts by what it has escaped once more.
		return fmt.Errorf("cell %s: the text contains _x005F_, which a workbook cannot hold; write CSV", cell)
	case text != "":
		if err := x.SetCellStr(sheet, cell, escaped(text)); err != nil {
			return err
		}
	}
	return x.SetCellStyle(sheet, cell, cell, style)
}

var escape = lazyregexp.New(`^_x[0-9A-Fa-f]{4}_`)

// escaped writes texts such as _x0041_ so that they are not taken for the
// character with this number (ECMA-376 22.9.2.19); the library leaves that open.
func escaped(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if text[i] == '_' && escape.MatchString(text[i:]) {
			b.WriteString("_x005F")
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// column gives a column its width and says what its cells may hold. Columns that
// no row uses are folded away.
func (x *xlsxWriter) column(s *Sheet, col int, l Layout) error {
	name := letters(col)
	if err := x.SetColWidth(s.Name, name, name, float64(l.Width)); err != nil {
		return err
	}
	if l.Unused && len(s.Rows) > s.Header {
		if err := x.SetColOutlineLevel(s.Name, name, 1); err != nil {
			return err
		}
		if err := x.SetColVisible(s.Name, name, false); err != nil {
			return err
		}
	}
	return x.restrict(s, name, l)
}

// spare is how many empty rows below the last one can be filled with the same
// help.
const spare = 200

// restrict offers the values of a column. Levels and words are the only ones
// that the security file knows; ids may be new ones.
func (x *xlsxWriter) restrict(s *Sheet, name string, l Layout) error {
	var from string
	style := excelize.DataValidationErrorStyleStop
	switch of := x.ids(l.Of); {
	case len(l.Choices) > 0:
		var err error
		if from, err = x.list(l); err != nil {
			return err
		}
	case of != "":
		from, style = of, excelize.DataValidationErrorStyleWarning
	default:
		return nil
	}
	v := excelize.NewDataValidation(true)
	v.SetSqref(fmt.Sprintf("%s%d:%s%d", name, s.Header+1, name, len(s.Rows)+spare))
	v.SetSqrefDropList(from)
	v.SetError(style, l.Field, "Choose a value from the list.")
	return x.AddDataValidation(s.Name, v)
}

// ids is the range that holds the ids of a kind, or "".
func (x *xlsxWriter) ids(kind string) string {
	if kind == "" {
		return ""
	}
	for _, s := range x.book.Sheets {
		if s.Name == kind && len(s.Rows) > s.Header {
			return fmt.Sprintf("%s!$A$%d:$A$%d", quote(s.Name), s.Header+1, len(s.Rows)+spare)
		}
	}
	return ""
}

// list writes the choices of a column to the sheet of lists, once, and returns
// the range.
func (x *xlsxWriter) list(l Layout) (string, error) {
	var names []string
	for _, c := range l.Choices {
		names = append(names, c.Name)
	}
	key := strings.Join(names, "\n")
	if known := x.listed[key]; known != "" {
		return known, nil
	}
	if x.lists == 0 {
		if err := x.startLists(); err != nil {
			return "", err
		}
	}
	first := x.lists + 1
	for _, c := range l.Choices {
		x.lists++
		for i, text := range []string{l.Field, c.Name, c.Doc} {
			if err := x.put(lists, x.lists, i+1, text, x.text); err != nil {
				return "", err
			}
		}
	}
	from := fmt.Sprintf("%s!$B$%d:$B$%d", quote(lists), first, x.lists)
	x.lists++ // an empty row
	x.listed[key] = from
	return from, nil
}

func (x *xlsxWriter) startLists() error {
	for i, head := range []Layout{{Field: "first used for", Width: 32}, {Field: "value", Width: 24}, {Field: "meaning", Width: 90}} {
		if err := x.put(lists, 1, i+1, head.Field, x.head); err != nil {
			return err
		}
		if err := x.SetColWidth(lists, letters(i+1), letters(i+1), float64(head.Width)); err != nil {
			return err
		}
	}
	x.lists = 1
	return x.fit(lists)
}

// paper prepares printing: landscape, as wide as the page, the header on each.
func (x *xlsxWriter) paper(s *Sheet) error {
	if err := x.fit(s.Name); err != nil {
		return err
	}
	return x.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.Name,
		RefersTo: fmt.Sprintf("%s!$A:$A,%s!$%d:$%d", quote(s.Name), quote(s.Name), s.Header, s.Header)})
}

func (x *xlsxWriter) fit(sheet string) error {
	landscape, a3, wide, high, yes := "landscape", 8, 1, 0, true
	if err := x.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	return x.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, Size: &a3, FitToWidth: &wide, FitToHeight: &high})
}

// quote is the name of a sheet in a formula.
func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

// readMe writes the sheet that explains the others.
func (x *xlsxWriter) readMe(about About) error {
	if err := x.put(readMe, 1, 1, "Risk file of "+about.Product, x.title); err != nil {
		return err
	}
	row := 2
	for _, text := range rules(about.Tool) {
		if err := x.put(readMe, row, 1, text, x.note); err != nil {
			return err
		}
		if err := x.MergeCell(readMe, fmt.Sprintf("A%d", row), fmt.Sprintf("D%d", row)); err != nil {
			return err
		}
		if err := x.SetRowHeight(readMe, row, 18); err != nil {
			return err
		}
		row++
	}
	for i, width := range []float64{18, 32, 32, 100} {
		if err := x.SetColWidth(readMe, letters(i+1), letters(i+1), width); err != nil {
			return err
		}
	}
	if err := x.fit(readMe); err != nil {
		return err
	}
	return x.legend(row + 1)
}

// legend lists the columns of the sheets.
func (x *xlsxWriter) legend(row int) error {
	lines := [][4]string{{"sheet", "column", "field", "what it holds"}}
	for _, s := range x.book.Sheets {
		for i, l := range s.Layout {
			lines = append(lines, [4]string{s.Name, s.Rows[s.Header-1][i].Text, l.Field, l.Doc})
		}
	}
	style := x.head
	for _, line := range lines {
		for i, text := range line {
			if err := x.put(readMe, row, i+1, text, style); err != nil {
				return err
			}
		}
		style, row = x.text, row+1
	}
	return nil
}

// rules are the sentences on the first sheet.
func rules(tool string) []string {
	return []string{
		"Written by " + tool + " from the security file. Changes made here reach the security file with `theriac risk import`; until then they are notes.",
		"The first column of each sheet is the id of the row. Do not change an id: other rows, sheets and files refer to it. A row with a new id is a new entity.",
		"A cell with several ids or texts has one on each line (Alt+Enter). An empty cell means that nothing is said. A row that is deleted here stays in the security file.",
		"Columns that no row uses are folded away; the plus sign above the columns opens them. The sheet Lists holds the values to choose from.",
	}
}
