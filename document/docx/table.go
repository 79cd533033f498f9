package docx

import (
	"fmt"
	"strings"

	"theriac/document"
)

// mostColumns is how many columns word processors take.
const mostColumns = 63

// table writes a table with its caption above.
func (w *writer) table(t *document.Table, room int) {
	n := len(t.Columns)
	for _, r := range t.Rows {
		n = max(n, len(r.Cells))
	}
	if n > mostColumns {
		w.rowsAsText(t)
		return
	}
	anchor := t.ID
	if t.Caption != "" {
		w.caption("Table", t.Number, t.Caption, `<w:keepNext/>`, anchor)
		anchor = ""
	}
	if n == 0 {
		return
	}
	widths := w.columnWidths(t, n, room)
	marked := markColumn(t, widths)
	w.WriteString(tableStart(w.id("Record Table"), widths, t.Caption))
	w.headerRow(t, widths, anchor)
	for i := range t.Rows {
		w.row(t, &t.Rows[i], widths, marked)
	}
	if len(t.Rows) == 0 {
		w.WriteString(`<w:tr>` + cell(sum(widths), spanProperty(n), w.paragraph("Table Text", "", w.plainRun(w.say.Say("None"), w.character("Faint")))) + `</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
	w.space = true
}

// tableStart opens a table of a style with columns.
func tableStart(style string, widths []int, caption string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/><w:tblLayout w:type="fixed"/>`, style, sum(widths))
	b.WriteString(`<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>`)
	if caption != "" {
		b.WriteString(`<w:tblCaption w:val="` + esc(shortened(caption, 250)) + `"/>`)
	}
	b.WriteString(`</w:tblPr><w:tblGrid>`)
	for _, width := range widths {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, width)
	}
	b.WriteString(`</w:tblGrid>`)
	return b.String()
}

func sum(list []int) int {
	n := 0
	for _, v := range list {
		n += v
	}
	return n
}

func spanProperty(n int) string { return fmt.Sprintf(`<w:gridSpan w:val="%d"/>`, n) }

func cell(width int, properties, paragraphs string) string {
	return fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>%s</w:tcPr>%s</w:tc>`, width, properties, paragraphs)
}

// headerRow writes the names of the columns, which are repeated on each page.
func (w *writer) headerRow(t *document.Table, widths []int, anchor string) {
	w.WriteString(`<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>`)
	for i, width := range widths {
		title, kind := "", document.Words
		if i < len(t.Columns) {
			title, kind = t.Columns[i].Title, t.Columns[i].Kind
		}
		runs := w.plainRun(title, "")
		if i == 0 && anchor != "" {
			runs = w.at(runs, anchor)
		}
		w.WriteString(cell(width, `<w:vAlign w:val="bottom"/>`, w.paragraph("Table Heading", alignment(kind), runs)))
	}
	w.WriteString(`</w:tr>`)
}

func alignment(k document.ColumnKind) string {
	if k == document.Figure {
		return `<w:jc w:val="right"/>`
	}
	return ""
}

// longRow is how many lines a row may have before it may be divided between pages.
const longRow = 12

// rowLines is about how many lines a row has.
func rowLines(r *document.Row, widths []int) int {
	const letter = 85 // twips, about
	most := 0
	for i, c := range r.Cells {
		n := 0
		for _, l := range c.Lines {
			n += 1 + len(l.String())*letter/max(widths[i]-cellPadding, letter)
		}
		most = max(most, n)
	}
	return most
}

// row writes a row, or the heading over those below it.
func (w *writer) row(t *document.Table, r *document.Row, widths []int, marked int) {
	if r.Group != "" && len(r.Cells) == 0 {
		runs := w.plainRun(r.Group, `<w:b/>`) + w.mark(r.Source)
		w.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>` + cell(sum(widths), spanProperty(len(widths))+`<w:shd w:val="clear" w:color="auto" w:fill="F5F7F9"/>`,
			w.paragraph("Table Text", `<w:keepNext/>`, w.at(runs, anchorsIn(r)...))) + `</w:tr>`)
		return
	}
	w.WriteString(`<w:tr>`)
	if rowLines(r, widths) <= longRow {
		w.WriteString(`<w:trPr><w:cantSplit/></w:trPr>`)
	}
	for i, width := range widths {
		var c document.Cell
		if i < len(r.Cells) {
			c = r.Cells[i]
		}
		kind := document.Words
		if i < len(t.Columns) {
			kind = t.Columns[i].Kind
		}
		w.WriteString(cell(width, "", w.cellText(c, kind, i == marked, i == 0, r)))
	}
	w.WriteString(`</w:tr>`)
}

func anchorsIn(r *document.Row) []string {
	if r.ID == "" {
		return nil
	}
	return []string{r.ID}
}

// cellText is the lines of a cell; the mark of the row stands behind the last one.
func (w *writer) cellText(c document.Cell, kind document.ColumnKind, marked, first bool, r *document.Row) string {
	lines := c.Lines
	if len(lines) == 0 {
		lines = []document.Text{nil}
	}
	var b strings.Builder
	for i, l := range lines {
		runs := w.runs(l, kind == document.Code)
		if marked && i == len(lines)-1 {
			runs += w.mark(r.Source)
		}
		if first && i == 0 {
			runs = w.at(runs, anchorsIn(r)...)
		}
		b.WriteString(w.paragraph("Table Text", alignment(kind), runs))
	}
	return b.String()
}

// rowsAsText writes a table that has more columns than word processors take, a
// paragraph for each row.
func (w *writer) rowsAsText(t *document.Table) {
	if t.Caption != "" {
		w.caption("Table", t.Number, t.Caption, `<w:keepNext/>`, t.ID)
	}
	var head []string
	for _, c := range t.Columns {
		head = append(head, c.Title)
	}
	w.WriteString(w.paragraph("Table Text", "", w.at(w.plainRun(strings.Join(head, " | "), `<w:b/>`), t.ID)))
	for i := range t.Rows {
		r := &t.Rows[i]
		runs := w.plainRun(r.Group, `<w:b/>`)
		for j, c := range r.Cells {
			if j > 0 {
				runs += w.plainRun(" | ", "")
			}
			for _, l := range c.Lines {
				runs += w.runs(l, false)
			}
		}
		w.WriteString(w.paragraph("Table Text", "", w.at(runs, anchorsIn(r)...)+w.mark(r.Source)))
	}
}

// caption writes the caption of a table or figure, which counts itself.
func (w *writer) caption(kind string, number int, text, properties, anchor string) {
	w.WriteString(w.paragraph("caption", properties, w.at(w.captionRuns(kind, number, "")+w.plainRun(": "+oneLine(text), ""), anchor)))
}

// captionRuns is "Table 3", with a field for the number.
func (w *writer) captionRuns(kind string, number int, more string) string {
	list := pieces(w.say.Say(kind + " %d"))
	name := kind
	if len(list) > 0 && list[0].arg == 0 && isWord(strings.TrimSpace(list[0].text)) {
		name = strings.TrimSpace(list[0].text) // as lists of tables look for it
	}
	runs := ""
	for _, p := range list {
		if p.arg > 0 {
			runs += field("SEQ "+name+more+` \* ARABIC`, fmt.Sprint(number), "")
			continue
		}
		runs += w.plainRun(p.text, "")
	}
	return runs
}

// isWord reports whether a text can name a sequence.
func isWord(s string) bool {
	return s != "" && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

func shortened(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

// markColumn is the column in which the sources of rows stand: the widest one of words.
func markColumn(t *document.Table, widths []int) int {
	best := -1
	for i, width := range widths {
		if i < len(t.Columns) && t.Columns[i].Kind != document.Words {
			continue
		}
		if best < 0 || width >= widths[best] {
			best = i
		}
	}
	return max(best, 0)
}
