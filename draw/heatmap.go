package draw

import (
	"fmt"
	"strings"
)

// Heat is a table of states, such as what has been thought of for each element
// and kind of threat.
type Heat struct {
	Title   string
	Corner  string // what the rows are
	Columns []string
	Rows    []HeatRow
	Words   map[State]string // what the states mean here; empty keeps the usual words
	// Figures says that the cells hold figures of their own, so that to count
	// cells would mislead.
	Figures bool
}

// HeatRow is a row of states. Rows of the same Group stand under its name.
type HeatRow struct {
	Group, Label string
	Cells        []HeatCell
}

// HeatCell is a state with a short text, such as a count.
type HeatCell struct {
	State State
	Text  string
}

// State is the state of a cell.
type State byte

// The states.
const (
	Blank  State = iota // nothing to say: the row and column do not go together
	Done                // answered, covered
	Partly              // answered in part
	Open                // not answered
	Waived              // left out for a stated reason
)

var states = []State{Done, Partly, Open, Waived, Blank}

var stateLooks = map[State]struct {
	role  Role
	words string
}{
	Blank: {"empty", "does not apply"}, Done: {"good", "answered"}, Partly: {"partly", "answered in part"}, Open: {"bad", "open"}, Waived: {"out", "left out with a reason"},
}

func (h Heat) word(s State) string {
	if w := h.Words[s]; w != "" {
		return clean(w)
	}
	return stateLooks[s].words
}

// Sizes of the heat map.
const (
	heatLabel  = 220.0
	heatTotals = 74.0
	heatRow    = 18.0
	heatLeast  = 46.0 // narrowest column
	heatMost   = 110.0
)

// HeatMap draws a table of states. Columns that do not fit the width of a page
// continue below, with the labels of the rows again; rows that do not fit its
// height continue on the next sheet.
func HeatMap(h Heat) *Drawing {
	d := &Drawing{Title: clean(h.Title), Summary: h.summary()}
	g := heatPages{heat: h, drawing: d}
	g.open()
	across := g.across()
	for from := 0; from == 0 || from < len(h.Columns); from += across {
		g.block(from, min(from+across, len(h.Columns)))
	}
	g.shut()
	return d
}

// count tallies the states of cells.
func count(cells []HeatCell) map[State]int {
	n := map[State]int{}
	for _, c := range cells {
		n[c.State]++
	}
	return n
}

func (h Heat) cells() []HeatCell {
	var all []HeatCell
	for _, r := range h.Rows {
		all = append(all, r.padded(len(h.Columns))...)
	}
	return all
}

// padded has a cell for each column, blank where none is given.
func (r HeatRow) padded(columns int) []HeatCell {
	cells := make([]HeatCell, columns)
	copy(cells, r.Cells)
	return cells
}

// ratio writes how many of the cells that apply are done or left out.
func ratio(cells []HeatCell) string {
	n := count(cells)
	all := len(cells) - n[Blank]
	if all == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", n[Done]+n[Waived], all)
}

// said is a row in words: its ratio, or its figures.
func (h Heat) said(cells []HeatCell) string {
	if !h.Figures {
		return ratio(cells)
	}
	var parts []string
	for i, c := range cells {
		if c.Text != "" && i < len(h.Columns) {
			parts = append(parts, c.Text+" "+h.Columns[i])
		}
	}
	return strings.Join(parts, ", ")
}

func (h Heat) summary() string {
	if h.Figures {
		return fmt.Sprintf("Table of figures: %s by %s.", plural(len(h.Rows), "row", "rows"), plural(len(h.Columns), "column", "columns"))
	}
	n := count(h.cells())
	var parts []string
	for _, s := range states {
		if n[s] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[s], h.word(s)))
		}
	}
	text := fmt.Sprintf("Table of %s by %s: %s.", plural(len(h.Rows), "row", "rows"), plural(len(h.Columns), "column", "columns"), strings.Join(parts, ", "))
	var open []string
	for _, r := range h.Rows {
		if k := count(r.padded(len(h.Columns)))[Open]; k > 0 {
			open = append(open, fmt.Sprintf("%s (%d)", r.Label, k))
		}
	}
	if len(open) > 0 {
		text += " Open cells by row: " + list(open) + "."
	}
	return clean(text)
}

// heatPages sets blocks of columns on sheets.
type heatPages struct {
	heat    Heat
	drawing *Drawing
	items   []Item
	y       float64
}

func (g *heatPages) put(items ...Item) { g.items = append(g.items, items...) }

func (g *heatPages) open() {
	g.items, g.y = nil, sheetMargin+12
	g.put(&Text{X: sheetMargin, Y: g.y, Size: 14, Bold: true, Role: "text", Text: fit(g.heat.Title, PageWidth-2*sheetMargin, 14, true)})
	g.y += 16
}

func (g *heatPages) shut() {
	g.y += 8
	signs, y := setSigns(g.signs(), sheetMargin, g.y, PageWidth-2*sheetMargin)
	g.put(signs...)
	g.drawing.Sheets = append(g.drawing.Sheets, Sheet{Name: fmt.Sprintf("table %d", len(g.drawing.Sheets)+1), Width: PageWidth, Height: y + sheetMargin, Items: g.items})
}

func (g *heatPages) signs() []sign {
	n := count(g.heat.cells())
	var list []sign
	for _, s := range states {
		if n[s] > 0 {
			word := g.heat.word(s)
			if !g.heat.Figures {
				word += fmt.Sprintf(": %d", n[s])
			}
			list = append(list, sign{24, func(x, y float64) []Item { return stateItems(HeatCell{State: s}, area{x, y - 6, 24, 12}) }, word})
		}
	}
	return list
}

// across is how many columns fit beside the labels.
func (g *heatPages) across() int {
	room := PageWidth - 2*sheetMargin - heatLabel - heatTotals
	return max(1, min(len(g.heat.Columns), int(room/heatLeast)))
}

// columnWidth shares the width among the columns of a block.
func columnWidth(n int) float64 {
	room := PageWidth - 2*sheetMargin - heatLabel - heatTotals
	return min(heatMost, room/float64(max(1, n)))
}

// block draws all rows for some of the columns.
func (g *heatPages) block(from, to int) {
	w := columnWidth(to - from)
	last := to == len(g.heat.Columns)
	if g.y+120 > PageHeight {
		g.shut()
		g.open()
	}
	g.head(from, to, w, last)
	group := ""
	for i, r := range g.heat.Rows {
		need := heatRow
		if r.Group != group {
			need += heatRow
		}
		if g.y+need > PageHeight-2*sheetMargin-40 {
			g.shut()
			g.open()
			g.head(from, to, w, last)
			group = ""
		}
		if r.Group != group {
			g.group(r.Group)
			group = r.Group
		}
		g.row(i, from, to, w, last)
	}
	g.totals(from, to, w)
	g.y += 14
}

// head writes the names of the columns, standing on the first row.
func (g *heatPages) head(from, to int, w float64, last bool) {
	most := 1
	for _, c := range g.heat.Columns[from:to] {
		most = max(most, len(wrap(c, w-4, textSize, true, 4)))
	}
	base := g.y + float64(most)*lineHeight
	g.put(&Text{X: sheetMargin, Y: base - 2, Size: textSize, Bold: true, Role: "faint", Text: fit(g.heat.Corner, heatLabel, textSize, true)})
	for i, c := range g.heat.Columns[from:to] {
		lines := wrap(c, w-4, textSize, true, 4)
		for j, t := range lines {
			g.put(&Text{X: sheetMargin + heatLabel + (float64(i)+0.5)*w, Y: base - 2 - float64(len(lines)-1-j)*lineHeight, Size: textSize, Anchor: Middle, Bold: true, Role: "text", Text: t})
		}
	}
	if last && !g.heat.Figures {
		g.put(&Text{X: sheetMargin + heatLabel + float64(to-from)*w + heatTotals, Y: base - 2, Size: textSize, Anchor: End, Bold: true, Role: "faint", Text: "answered"})
	}
	g.y = base + 3
}

func (g *heatPages) group(name string) {
	if name == "" {
		return
	}
	g.put(&Text{X: sheetMargin, Y: g.y + 13, Size: textSize, Bold: true, Role: "text", Text: fit(name, PageWidth-2*sheetMargin, textSize, true)})
	g.y += heatRow
}

func (g *heatPages) row(i, from, to int, w float64, last bool) {
	r := g.heat.Rows[i]
	cells := r.padded(len(g.heat.Columns))
	row := &Group{Label: r.Label + ": " + g.heat.said(cells)}
	row.Items = append(row.Items, &Text{X: sheetMargin + 6, Y: g.y + 13, Size: textSize, Role: "text", Text: fit(r.Label, heatLabel-14, textSize, false)})
	for j, c := range cells[from:to] {
		row.Items = append(row.Items, stateItems(c, area{sheetMargin + heatLabel + float64(j)*w, g.y, w, heatRow})...)
	}
	if last && !g.heat.Figures {
		row.Items = append(row.Items, &Text{X: sheetMargin + heatLabel + float64(to-from)*w + heatTotals, Y: g.y + 13, Size: textSize, Anchor: End, Role: "text", Text: ratio(cells)})
	}
	g.put(row)
	g.y += heatRow
}

// totals writes the ratio of each column.
func (g *heatPages) totals(from, to int, w float64) {
	if g.heat.Figures {
		return
	}
	g.put(&Text{X: sheetMargin + 6, Y: g.y + 13, Size: textSize, Bold: true, Role: "faint", Text: "answered"})
	for j := from; j < to; j++ {
		var cells []HeatCell
		for _, r := range g.heat.Rows {
			cells = append(cells, r.padded(len(g.heat.Columns))[j])
		}
		g.put(&Text{X: sheetMargin + heatLabel + (float64(j-from)+0.5)*w, Y: g.y + 13, Size: textSize, Anchor: Middle, Role: "faint", Text: ratio(cells)})
	}
	g.y += heatRow
}

// stateItems draws a cell: colour, sign and text.
func stateItems(c HeatCell, a area) []Item {
	items := []Item{&Rect{a.x, a.y, a.w, a.h, 0, stateLooks[c.State].role}}
	s := stateSign(c.State, a.x+11, a.y+a.h/2)
	text := clean(c.Text)
	if text == "" {
		s = stateSign(c.State, a.x+a.w/2, a.y+a.h/2)
	}
	items = append(items, s...)
	if text != "" {
		x := a.x + 20
		items = append(items, &Text{X: x, Y: a.y + a.h/2 + 3.5, Size: textSize, Role: "text", Text: fit(text, a.w-23, textSize, false)})
	}
	return items
}

// stateSign is a full disc, a half one, a ring, or a dash.
func stateSign(s State, x, y float64) []Item {
	const r = 4.0
	ring := &Rect{x - r, y - r, 2 * r, 2 * r, r, "sign"}
	switch s {
	case Done:
		return []Item{&Rect{x - r, y - r, 2 * r, 2 * r, r, "disc"}}
	case Partly:
		half := &Path{Role: "disc", Steps: []Step{
			{Kind: Move, P: Point{x, y - r}}, {Kind: Curve, P: Point{x, y + r}, C1: Point{x - r*1.35, y - r}, C2: Point{x - r*1.35, y + r}}, {Kind: Close},
		}}
		return []Item{ring, half}
	case Open:
		return []Item{ring}
	case Waived:
		return []Item{polyline("sign", Point{x - r, y}, Point{x + r, y})}
	}
	return nil
}
