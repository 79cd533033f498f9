package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"theriac/diag"
	"theriac/model"
)

// ReadXLSX reads a workbook. The book is only to be used when no finding is an
// error.
func ReadXLSX(name string, data []byte) (*Book, diag.List) {
	book := &Book{Name: name}
	if err := book.readXLSX(data); err != nil {
		return book, diag.List{whole(name, "the workbook cannot be read: "+oneLine(err.Error()), "save it as .xlsx without a password, or as CSV (UTF-8)")}
	}
	return book, nil
}

func (b *Book) readXLSX(data []byte) (err error) {
	if len(data) > MaxFile {
		return fmt.Errorf("it has more than %d MB", MaxFile>>20)
	}
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")) {
		return fmt.Errorf("it is encrypted, or in the form of Excel before 2007")
	}
	parts, err := scan(data)
	if err != nil {
		return err
	}
	// The library was not written for hostile input. What makes it stumble is
	// no workbook.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it is damaged (%v)", r)
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
	if err != nil {
		return err
	}
	defer f.Close()
	props, err := f.GetWorkbookProps()
	if err != nil {
		return err
	}
	for _, name := range f.GetSheetList() {
		if parts[name] == nil {
			return fmt.Errorf("the part of sheet %q is missing", name)
		}
		s, err := readSheet(f, name, props.Date1904 != nil && *props.Date1904)
		if err != nil {
			return fmt.Errorf("sheet %q: %w", name, err)
		}
		s.note(parts[name])
		b.Sheets = append(b.Sheets, s)
	}
	return nil
}

// readSheet reads what the cells show, and beside it what they hold.
func readSheet(f *excelize.File, name string, old bool) (*Sheet, error) {
	s := &Sheet{Name: name}
	shown, err := f.Rows(name)
	if err != nil {
		return nil, err
	}
	defer shown.Close()
	held, err := f.Rows(name)
	if err != nil {
		return nil, err
	}
	defer held.Close()
	for shown.Next() && held.Next() {
		texts, err := shown.Columns()
		if err != nil {
			return nil, err
		}
		raw, err := held.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, err
		}
		s.Rows = append(s.Rows, cellsOf(texts, raw, old))
	}
	return s, shown.Error()
}

func cellsOf(texts, raw []string, old bool) []Cell {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i].Text = strings.ReplaceAll(text, "\r\n", "\n")
		if slices.Contains(mistakes, text) {
			row[i].Fault = "the cell shows the error " + text
		}
		if i < len(raw) {
			row[i].Day = day(text, raw[i], old)
		}
	}
	return row
}

// mistakes are what cells show when their formula fails.
var mistakes = []string{"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}

// day is the day of a cell that holds a number and shows a date. A number that
// shows as a number is none: 2026 is a year to its reader, not a day of 1905.
func day(text, raw string, old bool) model.Date {
	serial, err := strconv.ParseFloat(raw, 64)
	if err != nil || !(serial >= 1 && serial < 2_958_466) { // 31 December 9999
		return model.Date{}
	}
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		return model.Date{}
	}
	t, err := excelize.ExcelDateToTime(float64(int(serial)), old)
	if err != nil {
		return model.Date{}
	}
	return model.DateOf(t)
}

// note enters what the rows do not tell: each row of a merged area has the value
// of its first cell, and a formula without a stored result shows nothing.
func (s *Sheet) note(p *part) {
	for at := range p.bare {
		s.reach(at[0], at[1]).Fault = "the cell holds a formula whose result was not stored; open and save the file in a spreadsheet program"
	}
	for _, m := range p.merged {
		from := s.cell(m.row, m.col)
		if from.Text == "" && from.Fault == "" {
			continue
		}
		for row := m.row + 1; row <= min(m.endRow, len(s.Rows)); row++ {
			*s.reach(row, m.col) = from
		}
	}
}

// reach is a cell, made where it is missing.
func (s *Sheet) reach(row, col int) *Cell {
	for len(s.Rows) < row {
		s.Rows = append(s.Rows, nil)
	}
	for len(s.Rows[row-1]) < col {
		s.Rows[row-1] = append(s.Rows[row-1], Cell{})
	}
	return &s.Rows[row-1][col-1]
}
