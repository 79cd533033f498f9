package xlsx

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/document"
	"theriac/internal/lazyregexp"
)

// column is a column of a sheet: of the table, or one that the sheet adds.
type column struct {
	title string
	use   use
	index int // in the table; -1 for one that the sheet adds
	width float64
	cell  func(l line) (text string, to link) // of one that the sheet adds
}

// line is a row of a sheet.
type line struct {
	document.Row
	group string
}

// lines are the rows of a table with cells, each with the group that it is in.
func lines(t *document.Table) (list []line) {
	group := ""
	for _, r := range t.Rows {
		if r.Group != "" {
			group = r.Group
		}
		if len(r.Cells) > 0 {
			list = append(list, line{r, group})
		}
	}
	return list
}

var usesOf = map[document.ColumnKind]use{document.Code: asCode, document.Figure: asFigure, document.Date: asDate, document.State: asState}

// layout decides on the columns of a sheet.
func (b *book) layout(t *document.Table, rows []line) []column {
	var columns []column
	grouped, owned, sourced, most := false, false, false, len(t.Columns)
	for _, l := range rows {
		grouped = grouped || l.group != ""
		owned = owned || entityOf(l.Row) != "" && entityOf(l.Row) != sourceText(l.Source)
		sourced = sourced || sourceText(l.Source) != ""
		most = max(most, len(l.Cells))
	}
	if grouped {
		columns = append(columns, column{title: b.say("Group"), use: asGroup, index: -1, cell: func(l line) (string, link) { return clean(l.group), link{} }})
	}
	for i := range most {
		c := column{index: i}
		if i < len(t.Columns) {
			c.title, c.use = clean(t.Columns[i].Title), usesOf[t.Columns[i].Kind]
		}
		columns = append(columns, c)
	}
	if owned {
		columns = append(columns, column{title: b.say("Entity"), use: asOrigin, index: -1, cell: func(l line) (string, link) { return clean(entityOf(l.Row)), link{} }})
	}
	if sourced {
		columns = append(columns, column{title: b.say("Source"), use: asOrigin, index: -1, cell: func(l line) (string, link) {
			return sourceText(l.Source), link{to: string(b.set.Design.Line(l.Source))}
		}})
	}
	return columns
}

func entityOf(r document.Row) string {
	if r.Source.Entity != "" {
		return r.Source.Entity
	}
	return r.ID
}

// sourceText says where a row came from: a line of the security file, or else a
// clause or a piece of evidence.
func sourceText(s document.Source) string {
	switch {
	case s.Path != "" && s.Line > 0:
		return clean(s.Path) + ":" + strconv.Itoa(s.Line)
	case s.Path != "":
		return clean(s.Path)
	case s.Clause != "":
		return clean(s.Clause)
	}
	return clean(s.Evidence)
}

// writeTable writes the sheet of a table; n is its place in the workbook. What the
// stream of rows does not write itself is set before it begins.
func (b *book) writeTable(s *sheet, n int) error {
	rows := lines(s.table)
	s.columns = b.layout(s.table, rows)
	if len(rows) >= maxRows || len(s.columns) > maxColumns {
		return fmt.Errorf("%d rows and %d columns are more than a sheet holds", len(rows), len(s.columns))
	}
	if len(s.columns) == 0 {
		s.columns = []column{{index: -1, cell: func(line) (string, link) { return "", link{} }}}
	}
	b.measure(s, rows)
	if err := b.setUp(s); err != nil {
		return err
	}
	w, err := b.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, c := range s.columns {
		if err := w.SetColWidth(i+1, i+1, c.width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(s.panes()); err != nil {
		return err
	}
	if err := b.heads(w, s); err != nil {
		return err
	}
	for i, l := range rows {
		if err := b.row(w, s, n, i+2, l); err != nil {
			return fmt.Errorf("row %d: %w", i+2, err)
		}
	}
	return w.Flush()
}

// setUp sets filter, repeated headings and paper.
func (b *book) setUp(s *sheet) error {
	last, err := excelize.CoordinatesToCellName(len(s.columns), s.rows+1)
	if err != nil {
		return err
	}
	if err := b.AutoFilter(s.name, "A1:"+last, nil); err != nil {
		return err
	}
	if err := b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: quoted(s.name) + "!$1:$1", Scope: s.name}); err != nil {
		return err
	}
	return b.paper(s.name)
}

// panes keep the headings in sight, and the columns by which people know a row where
// they are narrow.
func (s *sheet) panes() *excelize.Panes {
	keep, width := 0, 0.0
	for keep < len(s.columns)-1 && keep < 2 {
		if width += s.columns[keep].width; width > 45 {
			break
		}
		keep++
		if s.columns[keep-1].use != asGroup {
			break
		}
	}
	corner, _ := excelize.CoordinatesToCellName(keep+1, 2) // numbers from 1 are no error
	pane := "bottomLeft"
	if keep > 0 {
		pane = "bottomRight"
	}
	return &excelize.Panes{Freeze: true, XSplit: keep, YSplit: 1, TopLeftCell: corner, ActivePane: pane}
}

func (b *book) heads(w *excelize.StreamWriter, s *sheet) error {
	style, err := b.style(look{use: asHead})
	if err != nil {
		return err
	}
	cells, high := make([]any, len(s.columns)), 1
	for i, c := range s.columns {
		cells[i] = excelize.Cell{StyleID: style, Value: c.title}
		high = max(high, wrapped(c.title, column{use: asHead, width: c.width - 3}))
	}
	return w.SetRow("A1", cells, excelize.RowOpts{Height: height(high) + 4})
}

// row writes a row of a sheet.
func (b *book) row(w *excelize.StreamWriter, s *sheet, n, at int, l line) error {
	cells, high := make([]any, len(s.columns)), 1
	for i, c := range s.columns {
		lk, value, to := look{use: c.use}, any(nil), link{}
		switch {
		case c.index < 0:
			value, to = c.cell(l)
		case c.index < len(l.Cells):
			cell := l.Cells[c.index]
			value, lk.use = valueOf(cell, c.use)
			lk.unit = b.unitOf(cell)
			lk.tone = toneOf(cell)
			to = b.linkOf(cell, location{s.name, at})
		}
		if text, ok := value.(string); ok {
			lk.quoted = formula(text)
			high = max(high, wrapped(text, c))
		}
		if b.link(n, i+1, at, to) {
			lk.linked = true
		}
		style, err := b.style(lk)
		if err != nil {
			return err
		}
		cells[i] = excelize.Cell{StyleID: style, Value: value}
	}
	return w.SetRow("A"+strconv.Itoa(at), cells, excelize.RowOpts{Height: height(high)})
}

// valueOf is what a cell holds: a number, a day, or its text.
func valueOf(c document.Cell, in use) (any, use) {
	switch v := c.Value.(type) {
	case int:
		return v, asFigure
	case float64:
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return v, asFigure
		}
	case string:
		// Spreadsheets know no days before 1900-03-01 that all of them agree on.
		if day, err := time.Parse(time.DateOnly, v); err == nil && day.Year() > 1900 {
			return day, asDate
		}
	}
	if text := textOf(c); text != "" {
		return text, in
	}
	return nil, in
}

// unit is what people read behind a number, where a format may say it.
var unit = lazyregexp.New(`^ ?[a-z0-9%.,/ ]{1,16}$`)

// maxUnits bounds the formats of a workbook.
const maxUnits = 1000

// unitOf is what the text of a cell says behind its number: " of 12", " %". The number
// stays one to count with.
func (b *book) unitOf(c document.Cell) string {
	n, ok := c.Value.(int)
	if !ok {
		return ""
	}
	rest, ok := strings.CutPrefix(textOf(c), strconv.Itoa(n))
	if !ok || !unit.MatchString(rest) || rest[0] >= '0' && rest[0] <= '9' || rest[0] == '.' || rest[0] == ',' {
		return ""
	}
	if !b.units[rest] {
		if len(b.units) >= maxUnits {
			return ""
		}
		b.units[rest] = true
	}
	return rest
}

var rank = [...]int{document.Plain: 0, document.Neutral: 1, document.Good: 2, document.Partly: 3, document.Bad: 4}

// toneOf is the worst tone of a cell.
func toneOf(c document.Cell) document.Tone {
	worst := document.Plain
	for _, l := range c.Lines {
		for _, s := range l {
			if int(s.Tone) < len(rank) && rank[s.Tone] > rank[worst] {
				worst = s.Tone
			}
		}
	}
	return worst
}
