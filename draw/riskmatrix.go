package draw

import (
	"fmt"
	"slices"
	"strings"
)

// Matrix is risks on two scales, before and after controls.
type Matrix struct {
	Title  string
	Across Scale // severity, from the lowest level to the highest
	Up     Scale // exploitability or likelihood, likewise
	// Verdicts says for each level of Up, and in it for each level of Across,
	// what the manufacturer's limits make of a risk there.
	Verdicts [][]Verdict
	Risks    []Placed
}

// Scale is a named scale with its levels.
type Scale struct {
	Name   string
	Levels []string
}

// Verdict is what becomes of a risk in a cell.
type Verdict byte

// The verdicts.
const (
	Unjudged Verdict = iota
	Acceptable
	Conditional // acceptable with a reason
	Unacceptable
)

// Placed is a risk with its cells; nil where it has not been estimated.
type Placed struct {
	ID, Title     string
	Before, After *Cell
}

// Cell is a place in a matrix, counted from 0 at the lowest levels.
type Cell struct{ Across, Up int }

var verdicts = map[Verdict]struct {
	role  Role
	words string
}{
	Unjudged: {"empty", "no limit stated"}, Acceptable: {"good", "acceptable"}, Conditional: {"partly", "acceptable with reasons"}, Unacceptable: {"bad", "not acceptable"},
}

// RiskMatrix draws the risks before controls beside those after controls.
func RiskMatrix(m Matrix) *Drawing {
	d := &Drawing{Title: clean(m.Title), Summary: m.summary()}
	d.Sheets = append(d.Sheets, m.sheet())
	pages := pager{title: m.Title, width: PageWidth - 2*sheetMargin}
	pages.add(m.table())
	pages.flush()
	d.Sheets = append(d.Sheets, pages.sheets...)
	return d
}

// in lists the risks of a cell.
func (m Matrix) in(c Cell, after bool) []string {
	var ids []string
	for _, r := range m.Risks {
		if at := r.at(after); at != nil && *at == c {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func (r Placed) at(after bool) *Cell {
	if after {
		return r.After
	}
	return r.Before
}

// has reports whether a cell is on the scales.
func (m Matrix) has(c *Cell) bool {
	return c != nil && c.Across >= 0 && c.Up >= 0 && c.Across < len(m.Across.Levels) && c.Up < len(m.Up.Levels)
}

func (m Matrix) verdict(c Cell) Verdict {
	if c.Up < len(m.Verdicts) && c.Across < len(m.Verdicts[c.Up]) {
		return m.Verdicts[c.Up][c.Across]
	}
	return Unjudged
}

// tally counts the risks per verdict; those without a cell come under none.
func (m Matrix) tally(after bool) (counts map[Verdict]int, unplaced int) {
	counts = map[Verdict]int{}
	for _, r := range m.Risks {
		if c := r.at(after); m.has(c) {
			counts[m.verdict(*c)]++
		} else {
			unplaced++
		}
	}
	return counts, unplaced
}

func (m Matrix) summary() string {
	var s strings.Builder
	fmt.Fprintf(&s, "Risk matrix of %s: %s against %s.", plural(len(m.Risks), "risk", "risks"), m.Up.Name, m.Across.Name)
	for _, after := range []bool{false, true} {
		fmt.Fprintf(&s, " %s: %s.", heading(after), m.counts(after))
	}
	return clean(s.String())
}

// counts writes the tally of one side.
func (m Matrix) counts(after bool) string {
	counts, unplaced := m.tally(after)
	var parts []string
	for _, v := range []Verdict{Unacceptable, Conditional, Acceptable, Unjudged} {
		if counts[v] > 0 || v == Unacceptable {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], verdicts[v].words))
		}
	}
	if unplaced > 0 {
		parts = append(parts, fmt.Sprintf("%d not estimated", unplaced))
	}
	return strings.Join(parts, ", ")
}

func heading(after bool) string {
	if after {
		return "After controls"
	}
	return "Before controls"
}

// Sizes of the matrix.
const (
	axisWidth  = 70.0
	axisHeight = 44.0
	matrixGap  = 24.0
)

func (m Matrix) sheet() Sheet {
	s := Sheet{Name: "matrix", Width: PageWidth}
	width := PageWidth - 2*sheetMargin
	s.Items = append(s.Items, &Text{X: sheetMargin, Y: sheetMargin + 12, Size: 14, Bold: true, Role: "text", Text: fit(m.Title, width, 14, true)})
	w := (width - matrixGap) / 2
	cw := (w - axisWidth) / float64(max(1, len(m.Across.Levels)))
	ch := m.cellHeight(cw)
	top := sheetMargin + 60
	bottom := top + ch*float64(len(m.Up.Levels))
	for i, after := range []bool{false, true} {
		x := sheetMargin + float64(i)*(w+matrixGap)
		s.Items = append(s.Items, m.grid(after, x+axisWidth, top, cw, ch))
		s.Items = append(s.Items, m.axes(after, x, top, cw, ch)...)
	}
	y := bottom + axisHeight + 8
	s.Items = append(s.Items, polyline("hair", Point{sheetMargin, y}, Point{PageWidth - sheetMargin, y}))
	signs, y := setSigns(m.signs(), sheetMargin, y+4, width)
	s.Items = append(s.Items, signs...)
	s.Height = y + sheetMargin
	return s
}

// cellHeight gives cells the room of the fullest one, within the page.
func (m Matrix) cellHeight(cw float64) float64 {
	most := 0
	for _, after := range []bool{false, true} {
		m.each(func(c Cell) { most = max(most, len(idLines(m.in(c, after), cw))) })
	}
	limit := (PageHeight - 2*sheetMargin - 60 - axisHeight - 60) / float64(max(1, len(m.Up.Levels)))
	return min(limit, max(56, float64(most)*lineHeight+30))
}

func (m Matrix) each(visit func(Cell)) {
	for up := range m.Up.Levels {
		for across := range m.Across.Levels {
			visit(Cell{across, up})
		}
	}
}

// idLines sets ids in the width of a cell.
func idLines(ids []string, cw float64) []string {
	return wrap(strings.Join(ids, ", "), cw-18, textSize, false, 1000)
}

// grid draws the cells of one side and the line of acceptance.
func (m Matrix) grid(after bool, x, y, cw, ch float64) Item {
	g := &Group{Label: heading(after) + ": " + m.counts(after)}
	n := len(m.Up.Levels)
	var limits []Item
	m.each(func(c Cell) {
		a := area{x + float64(c.Across)*cw, y + float64(n-1-c.Up)*ch, cw, ch}
		g.Items = append(g.Items, m.cell(c, after, a))
		limits = append(limits, m.limits(c, a)...)
	})
	g.Items = append(g.Items, limits...)
	return g
}

func (m Matrix) cell(c Cell, after bool, a area) Item {
	v := m.verdict(c)
	ids := m.in(c, after)
	g := &Group{Label: fmt.Sprintf("%s %s, %s %s: %d, %s", m.Up.Name, m.Up.Levels[c.Up], m.Across.Name, m.Across.Levels[c.Across], len(ids), verdicts[v].words)}
	g.Items = append(g.Items, &Rect{a.x, a.y, a.w, a.h, 0, verdicts[v].role})
	g.Items = append(g.Items, strip8(v, a)...)
	if len(ids) == 0 {
		return g
	}
	g.Items = append(g.Items, &Text{X: a.x + a.w - 6, Y: a.y + 17, Size: 15, Anchor: End, Bold: true, Role: "text", Text: fmt.Sprint(len(ids))})
	lines := idLines(ids, a.w)
	room := int((a.h - 24) / lineHeight)
	if len(lines) > room {
		lines = append(lines[:max(0, room-1)], "… see list")
	}
	for i, t := range lines {
		g.Items = append(g.Items, &Text{X: a.x + 13, Y: a.y + 30 + float64(i)*lineHeight, Size: textSize, Role: "text", Text: t})
	}
	return g
}

// strip8 is the pattern at the left of a cell that tells verdicts apart without
// colour.
func strip8(v Verdict, a area) []Item {
	in := area{a.x + 1, a.y + 1, 8, a.h - 2}
	switch v {
	case Unacceptable:
		return []Item{hatch("shade", in, 4)}
	case Conditional:
		return []Item{hatch("tint", in, 9)}
	}
	return nil
}

// limits draws the parts of the line of acceptance on the border of a cell.
func (m Matrix) limits(c Cell, a area) []Item {
	over := func(c Cell) bool { return m.verdict(c) == Unacceptable }
	var items []Item
	if right := (Cell{c.Across + 1, c.Up}); m.has(&right) && over(right) != over(c) {
		items = append(items, polyline("limit", Point{a.x + a.w, a.y}, Point{a.x + a.w, a.y + a.h}))
	}
	if up := (Cell{c.Across, c.Up + 1}); m.has(&up) && over(up) != over(c) {
		items = append(items, polyline("limit", Point{a.x, a.y}, Point{a.x + a.w, a.y}))
	}
	return items
}

// axes writes heading, scales and counts of one side.
func (m Matrix) axes(after bool, x, y, cw, ch float64) []Item {
	n := len(m.Up.Levels)
	left, bottom := x+axisWidth, y+ch*float64(n)
	width := cw * float64(len(m.Across.Levels))
	items := []Item{
		&Text{X: left, Y: y - 22, Size: 12, Bold: true, Role: "text", Text: heading(after)},
		&Text{X: left + width, Y: y - 22, Size: textSize, Anchor: End, Role: "faint", Text: fit(m.counts(after), width-110, textSize, false)},
		&Text{X: x, Y: y - 7, Size: textSize, Bold: true, Role: "faint", Text: fit(m.Up.Name+" ↑", axisWidth+width, textSize, true)},
		&Text{X: left + width, Y: bottom + axisHeight - 4, Size: textSize, Anchor: End, Bold: true, Role: "faint", Text: fit(m.Across.Name+" →", width, textSize, true)},
	}
	for i, l := range m.Up.Levels {
		lines := wrap(l, axisWidth-8, textSize, false, 4)
		for j, t := range lines {
			ty := bottom - (float64(i)+0.5)*ch + 3.5 + (float64(j)-float64(len(lines)-1)/2)*lineHeight
			items = append(items, &Text{X: left - 6, Y: ty, Size: textSize, Anchor: End, Role: "text", Text: t})
		}
	}
	for i, l := range m.Across.Levels {
		for j, t := range wrap(l, cw-4, textSize, false, 2) {
			items = append(items, &Text{X: left + (float64(i)+0.5)*cw, Y: bottom + 13 + float64(j)*lineHeight, Size: textSize, Anchor: Middle, Role: "text", Text: t})
		}
	}
	return items
}

func (m Matrix) signs() []sign {
	var list []sign
	for _, v := range []Verdict{Unacceptable, Conditional, Acceptable, Unjudged} {
		if !m.uses(v) {
			continue
		}
		list = append(list, sign{24, func(x, y float64) []Item {
			a := area{x, y - 6, 24, 12}
			return append([]Item{&Rect{a.x, a.y, a.w, a.h, 0, verdicts[v].role}}, strip8(v, a)...)
		}, verdicts[v].words})
	}
	return append(list, sign{24, func(x, y float64) []Item { return []Item{polyline("limit", Point{x, y}, Point{x + 24, y})} }, "line of acceptance"},
		sign{0, nil, "large number: risks in the cell, with their ids below"})
}

func (m Matrix) uses(v Verdict) bool {
	found := false
	m.each(func(c Cell) { found = found || m.verdict(c) == v })
	return found
}

// table lists the risks with both places.
func (m Matrix) table() table {
	t := table{title: "Risks", columns: []column{{"Risk", 130, true}, {"Title", 377, false}, {"Before controls", 220, false}, {"After controls", 220, false}, {"Verdict", 150, false}}}
	place := func(c *Cell) string {
		if !m.has(c) {
			return "not estimated"
		}
		return m.Up.Levels[c.Up] + " × " + m.Across.Levels[c.Across]
	}
	risks := slices.Clone(m.Risks)
	for _, r := range risks {
		verdict := "not estimated"
		if m.has(r.After) {
			verdict = verdicts[m.verdict(*r.After)].words
		}
		t.rows = append(t.rows, []string{r.ID, r.Title, place(r.Before), place(r.After), verdict})
	}
	return t
}
