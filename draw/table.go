package draw

// column is a column of a table.
type column struct {
	name  string
	width float64
	bold  bool
}

// table is a list that explains what a picture abbreviates.
type table struct {
	title   string
	columns []column
	rows    [][]string
}

const (
	tableLine = 12.5
	cellPad   = 4.0
	cellMost  = 4 // lines
)

// pager sets tables on sheets.
type pager struct {
	title  string
	sheets []Sheet
	items  []Item
	y      float64
	width  float64
}

// add sets a table below what is there, over several sheets where it must be.
func (g *pager) add(t table) {
	if len(t.rows) == 0 {
		return
	}
	if g.items == nil || g.y+80 > PageHeight-sheetMargin {
		g.next()
	} else {
		g.y += 16
	}
	g.head(t, "")
	for i, r := range t.rows {
		cells, h := t.cells(r)
		if g.y+h > PageHeight-sheetMargin {
			g.next()
			g.head(t, ", continued")
		}
		if i%2 == 1 {
			g.put(&Rect{sheetMargin, g.y, g.width, h, 0, "band"})
		}
		g.row(t, cells, h)
	}
	g.put(polyline("rule", Point{sheetMargin, g.y}, Point{sheetMargin + g.width, g.y}))
}

func (g *pager) put(it Item) { g.items = append(g.items, it) }

func (g *pager) next() {
	g.flush()
	g.items, g.y = []Item{}, sheetMargin+14
	g.put(&Text{X: sheetMargin, Y: g.y, Size: 14, Bold: true, Role: "text", Text: fit(g.title, g.width, 14, true)})
	g.y += 14
}

// flush ends the current sheet.
func (g *pager) flush() {
	if g.items != nil {
		g.sheets = append(g.sheets, Sheet{Name: "list", Width: PageWidth, Height: g.y + sheetMargin, Items: g.items})
	}
	g.items = nil
}

func (g *pager) head(t table, more string) {
	g.y += 14
	g.put(&Text{X: sheetMargin, Y: g.y, Size: 12, Bold: true, Role: "text", Text: t.title + more})
	g.y += 18
	x := sheetMargin
	for _, c := range t.columns {
		g.put(&Text{X: x + cellPad, Y: g.y, Size: textSize, Bold: true, Role: "faint", Text: c.name})
		x += c.width
	}
	g.y += 5
	g.put(polyline("rule", Point{sheetMargin, g.y}, Point{sheetMargin + g.width, g.y}))
}

// cells breaks the texts of a row.
func (t table) cells(row []string) (cells [][]string, height float64) {
	most := 1
	for i, s := range row {
		lines := wrap(s, t.columns[i].width-2*cellPad, textSize, t.columns[i].bold, cellMost)
		cells = append(cells, lines)
		most = max(most, len(lines))
	}
	return cells, float64(most)*tableLine + 3
}

func (g *pager) row(t table, cells [][]string, h float64) {
	x := sheetMargin
	for i, lines := range cells {
		for j, s := range lines {
			g.put(&Text{X: x + cellPad, Y: g.y + 11 + float64(j)*tableLine, Size: textSize, Bold: t.columns[i].bold, Role: "text", Text: s})
		}
		x += t.columns[i].width
	}
	g.y += h
}
