package pdf

import (
	"strconv"
	"strings"

	"theriac/document"
)

// maxContents is how deep the table of contents goes.
const maxContents = 3

// The table of contents: where numbers begin, by depth, and the room for the number
// of a page.
var (
	numberAt = [maxContents]float64{0, 20, 44}
	titleAt  = [maxContents]float64{20, 44, 78}
)

const pageRoom = 30.0

// contents is the table of contents, in boxes.
func (p *painter) contents(width float64) []box {
	h := headings[0]
	out := lineBoxes(breakLines(h.words(p.lang.Say("Contents")), width), h.style)
	out[0].h += 8
	out[0].keep = true
	p.doc.Walk(func(s *document.Section, depth int) {
		if depth <= maxContents {
			out = append(out, p.entry(s, depth, width)...)
		}
	})
	return out
}

// entry is a line of the table of contents, or more where the title is long. The
// number of the page is found when it is painted.
func (p *painter) entry(s *document.Section, depth int, width float64) []box {
	st := style{size: 9.5, line: 13.5, ink: black}
	gap := 0.0
	if depth == 1 {
		st.face, st.ink, gap = bold, accent, 5
	}
	from, at := numberAt[depth-1], titleAt[depth-1]
	number := breakLines(st.words(s.Number), 1e9)
	if len(number) == 0 {
		at = from
	} else {
		at = max(at, from+number[0].w+6)
	}
	title := breakLines(st.words(s.Title), max(minWidth, width-at-pageRoom))
	if len(title) == 0 {
		title = []line{{}}
	}
	boxes := shifted(lineBoxes(title, st), at)
	last := title[len(title)-1]
	boxes[len(boxes)-1].over(func(c *canvas, x, y float64) {
		page := strconv.Itoa(p.front + p.spots[s.ID].page + 1)
		y += baseline(st.line, st.size)
		c.leaders(x+at+last.w+5, x+width-pageRoom+8, y)
		c.write(x+width-st.face.width(page, st.size), y, st.face, st.size, st.ink, page)
	})
	boxes[0].over(func(c *canvas, x, y float64) {
		for _, l := range number {
			c.lineAt(l, x+from, y+baseline(st.line, st.size))
		}
	})
	for i := range boxes {
		boxes[i].over(func(c *canvas, x, y float64) { c.link(x, y, width, st.line, target{anchor: s.ID}) })
	}
	return spaced(together(boxes), gap)
}

// leaders paints dots between two places, on a raster that all lines share.
func (c *canvas) leaders(from, to, y float64) {
	const pitch = 5.0
	n := int((to - from) / pitch)
	if n < 2 {
		return
	}
	dots := strings.TrimRight(strings.Repeat(". ", n), " ")
	size := pitch / regular.width(". ", 1)
	c.write(to-float64(n)*pitch, y, regular, size, hairline, dots)
}
