package pdf

import (
	"strings"

	"theriac/document"
)

// The pads of cells, in points.
const (
	cellPadX = 4.0
	cellPadY = 2.6
)

// manyColumns is from how many columns on there is no room for source marks.
const manyColumns = 12

// maxRow is the part of a page that a row may have that is not divided between pages.
const maxRow = 0.35

// grid is a table while it is laid out.
type grid struct {
	p      *painter
	at     place
	t      *document.Table
	n      int // columns
	widths []float64
	head   *running
}

// cell is a cell in lines, the last of which may be a source mark.
type cell struct {
	lines  []line
	marked bool
	right  bool // set to the right
}

func (c cell) height() float64 {
	h := float64(len(c.lines)) * cellLine
	if c.marked {
		h -= cellLine - markLine
	}
	return h
}

// table is a table with its caption, in boxes. The head is repeated on each page.
func (p *painter) table(t *document.Table, at place) []box {
	g := &grid{p: p, at: at, t: t, n: len(t.Columns)}
	for _, r := range t.Rows {
		g.n = max(g.n, len(r.Cells)) // nothing is left out, not even what has no column
	}
	if g.n == 0 {
		return nil
	}
	g.widths = columnWidths(g.columns(), at.width)
	out := p.caption("Table %d", t.Number, t.Caption, at.width, document.Source{}, at)
	for i := range out {
		out[i].keep = true
	}
	head := g.headRow()
	g.head = &running{head}
	out = append(out, head...)
	group := g.head
	for i, r := range t.Rows {
		if len(r.Cells) == 0 && r.Group != "" {
			heading, again := g.group(r.Group), g.group(r.Group+" ("+p.lang.Say("continued")+")")
			heading[0].head = g.head
			heading = first(heading, anchorsOf(r.ID)...)
			out = append(out, heading...)
			group = &running{append(append([]box(nil), head...), again...)}
			continue
		}
		out = append(out, g.row(r, g.next(i), group)...)
	}
	if len(t.Rows) == 0 {
		out = append(out, g.row(document.Row{Cells: []document.Cell{document.W("—")}}, document.Source{}, g.head)...)
	}
	out[len(out)-1].keep = false
	return first(out, anchorsOf(t.ID)...)
}

func anchorsOf(ids ...string) []string {
	var list []string
	for _, id := range ids {
		if id != "" {
			list = append(list, id)
		}
	}
	return list
}

// next is the source of the row after one.
func (g *grid) next(i int) document.Source {
	if i+1 < len(g.t.Rows) {
		return g.t.Rows[i+1].Source
	}
	return document.Source{}
}

// columns finds out what the columns need.
func (g *grid) columns() []column {
	list := make([]column, g.n)
	for i, c := range g.t.Columns {
		whole, word := natural(headStyle.words(c.Title))
		list[i] = column{share: max(0, c.Width), whole: whole, word: word, kind: c.Kind}
	}
	for _, r := range g.t.Rows {
		for i, c := range r.Cells {
			for _, l := range c.Lines {
				whole, word := natural(g.p.runs(l, g.style(i, "")))
				list[i].whole, list[i].word = max(list[i].whole, whole), max(list[i].word, word)
			}
		}
	}
	for _, r := range g.t.Rows { // so that at least the name of the file is seen
		if m := mark(r.Source); m != "" && len(m) < maxMark && g.n < manyColumns && !g.p.doc.Quiet {
			list[0].word = max(list[0].word, regular.width(regularOnly(fileOf(oneLine(m))), markSize))
		}
	}
	for i := range list {
		list[i].whole += 2*cellPadX + slack
		list[i].word += 2*cellPadX + slack
	}
	return list
}

func (g *grid) kind(i int) document.ColumnKind {
	if i < len(g.t.Columns) {
		return g.t.Columns[i].Kind
	}
	return document.Words
}

// style is how the cells of a column are set.
func (g *grid) style(i int, self string) style {
	s := cellStyle
	s.self = self
	if g.kind(i) == document.Code {
		s.face = mono
	}
	return s
}

var headStyle = style{face: bold, size: 7.8, line: 10.2, ink: accent}

func (g *grid) headRow() []box {
	cells := make([]cell, g.n)
	h, titled := 0.0, false
	for i, c := range g.t.Columns {
		cells[i] = cell{lines: breakLines(headStyle.words(c.Title), g.room(i)), right: c.Kind == document.Figure}
		h = max(h, float64(len(cells[i].lines))*headStyle.line)
		titled = titled || strings.TrimSpace(c.Title) != ""
	}
	if !titled {
		return []box{{h: 0.8, keep: true, draw: func(c *canvas, x, y float64) { c.rule(x, y+0.4, x+g.at.width, y+0.4, accent, 0.8) }}}
	}
	h += 2*cellPadY + 1
	return []box{{h: h, keep: true, draw: func(c *canvas, x, y float64) {
		c.area(x, y, g.at.width, h, 0, headFill)
		c.rule(x, y, x+g.at.width, y, accent, 0.8)
		c.rule(x, y+h, x+g.at.width, y+h, accent, 0.5)
		for i, cell := range cells {
			top := y + h - cellPadY - 0.5 - float64(len(cell.lines))*headStyle.line
			for k, l := range cell.lines {
				c.lineAt(l, g.left(x, i, cell, l), top+float64(k)*headStyle.line+baseline(headStyle.line, headStyle.size))
			}
			x += g.widths[i]
		}
	}}}
}

// room is the width of the text of a column.
func (g *grid) room(i int) float64 { return g.widths[i] - 2*cellPadX }

// left is where a line of a cell begins.
func (g *grid) left(x float64, i int, c cell, l line) float64 {
	if c.right {
		return x + g.widths[i] - cellPadX - l.w
	}
	return x + cellPadX
}

var groupStyle = style{face: bold, size: 8.2, line: 10.6, ink: accent}

// group is a heading over rows.
func (g *grid) group(title string) []box {
	lines := breakLines(groupStyle.words(title), g.at.width-2*cellPadX)
	h := float64(len(lines))*groupStyle.line + 2*cellPadY + 1
	return []box{{h: h, keep: true, draw: func(c *canvas, x, y float64) {
		c.area(x, y, g.at.width, h, 0, bandFill)
		c.rule(x, y+h, x+g.at.width, y+h, hairline, 0.5)
		for k, l := range lines {
			c.lineAt(l, x+cellPadX, y+cellPadY+0.5+float64(k)*groupStyle.line+baseline(groupStyle.line, groupStyle.size))
		}
	}}}
}

// row is a row, in one box or, where it is long, in one for each of its lines.
func (g *grid) row(r document.Row, next document.Source, head *running) []box {
	cells := make([]cell, g.n)
	h, most := cellLine, 1
	for i := range cells {
		cells[i] = cell{right: g.kind(i) == document.Figure}
		if i < len(r.Cells) {
			several := enumerated(r.Cells[i]) && !cells[i].right
			for _, l := range r.Cells[i].Lines {
				cells[i].lines = append(cells[i].lines, hung(g.p.runs(l, g.style(i, r.ID)), g.room(i), several)...)
			}
		}
		if i == 0 {
			g.mark(&cells[i], r.Source, next)
		}
		h, most = max(h, cells[i].height()), max(most, len(cells[i].lines))
	}
	var out []box
	if h <= maxRow*max(g.at.frame.height(), minRoom) {
		out = []box{g.slice(cells, 0, most, h, true, true)}
	} else {
		for k := range most {
			out = append(out, g.slice(cells, k, k+1, cellLine, k == 0, k == most-1))
		}
		out = joined(out, 3)
	}
	for i := range out {
		out[i].head = head
	}
	return first(out, anchorsOf(r.ID)...)
}

// enumerated reports whether the lines of a cell are of one kind, and not a title
// with what is said of it.
func enumerated(c document.Cell) bool {
	for _, l := range c.Lines {
		if len(l) > 0 && l[0].Style&document.Strong != 0 {
			return false
		}
	}
	return len(c.Lines) > 1
}

// hang is how far a line of a cell goes in where it goes on with one of several.
const hang = 6.0

// hung breaks one of the lines of a cell.
func hung(runs []run, width float64, several bool) []line {
	lines := breakLines(runs, width)
	if len(lines) < 2 || !several || width < 8*hang {
		return lines
	}
	lines = breakLines(runs, width-hang)
	for i := 1; i < len(lines); i++ {
		for k := range lines[i].pieces {
			lines[i].pieces[k].x += hang
		}
		lines[i].w += hang
	}
	return lines
}

// mark appends the source mark of a row to its first cell.
func (g *grid) mark(c *cell, source, next document.Source) {
	runs := g.p.marks(next, source)
	if len(runs) == 0 {
		return
	}
	r := runs[len(runs)-1]
	r.text = fitted(r.text, r.look.size, g.room(0))
	c.lines = append(c.lines, breakLines([]run{r}, g.room(0))...)
	c.marked = true
}

// fitted shortens a source mark from the left, where it is wider than width: to the
// name of the file, and then to its end.
func fitted(s string, size, width float64) string {
	fits := func(s string) bool { return regular.width(regularOnly(s), size) <= width }
	if fits(s) {
		return s
	}
	if name := fileOf(s); fits(name) {
		return name
	}
	runes := []rune(s)
	for i := range runes {
		if rest := "…" + string(runes[i+1:]); len(runes)-i < maxMark && fits(rest) {
			return rest
		}
	}
	return "…"
}

// maxMark bounds the characters of a source mark that was shortened.
const maxMark = 64

// fileOf is a source mark without the folders.
func fileOf(s string) string {
	if cut := strings.LastIndexByte(s, '/'); cut >= 0 {
		return "…" + s[cut:]
	}
	return s
}

// regularOnly is a text as the regular face can show it.
func regularOnly(s string) string {
	return strings.Map(func(r rune) rune {
		_, r = regular.set(r)
		return r
	}, s)
}

// slice is lines of a row from one to before another, in a box.
func (g *grid) slice(cells []cell, from, to int, h float64, top, bottom bool) box {
	above := 0.0
	if top {
		above = cellPadY
	}
	if h += above; bottom {
		h += cellPadY
	}
	return box{h: h, draw: func(c *canvas, x, y float64) {
		if bottom {
			c.rule(x, y+h, x+g.at.width, y+h, hairline, 0.5)
		}
		for i, cell := range cells {
			at := y + above
			for k := from; k < min(to, len(cell.lines)); k++ {
				l, height := cell.lines[k], cellLine
				if cell.marked && k == len(cell.lines)-1 {
					height = markLine
				}
				c.lineAt(l, g.left(x, i, cell, l), at+baseline(height, l.size()))
				at += cellLine
			}
			x += g.widths[i]
		}
	}}
}

// caption is the number and caption over a table or below a picture; none where
// both are missing.
func (p *painter) caption(format string, number int, caption string, width float64, source document.Source, at place) []box {
	var runs []run
	if number > 0 {
		runs = captionStyle.in(bold).words(p.lang.Say(format, number))
		if caption != "" {
			runs = append(runs, captionStyle.words(" — ")...)
		}
	}
	runs = append(runs, captionStyle.words(caption)...)
	runs = append(runs, p.marks(at.next, append([]document.Source{source}, at.ends...)...)...)
	boxes := together(text(runs, width, captionStyle))
	if len(boxes) > 0 {
		boxes[len(boxes)-1].h += 3
	}
	return boxes
}
