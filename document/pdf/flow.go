package pdf

import (
	"theriac/document"
)

// item is a heading or block of a section, while pages are not filled yet.
type item struct {
	heading int  // depth of the section, from 1; 0 for a block
	wide    bool // stands on pages in landscape
	fixed   bool // a table or picture, which does not follow others into landscape
	picture bool
	make    func(at place) []box
}

// items are the sections of a document, flat.
func (p *painter) items() []*item {
	var list []*item
	p.doc.Walk(func(s *document.Section, depth int) {
		list = append(list, &item{heading: depth, make: func(at place) []box { return p.heading(s, depth, at.width) }})
		for i, b := range s.Blocks {
			it := &item{}
			switch b := b.(type) {
			case *document.Table:
				it.wide, it.fixed = b.Wide, true
			case *document.Picture:
				it.fixed, it.picture = true, true
				it.wide = b.Drawing != nil && broad(b.Drawing, p.upright, p.across)
			}
			gap := blockGap
			if i > 0 && spacious(s.Blocks[i-1]) {
				gap = wideGap
			}
			it.make = func(at place) []box {
				if i+1 < len(s.Blocks) {
					at.next = sourceOf(s.Blocks[i+1])
				}
				boxes := p.block(b, at)
				if i+1 < len(s.Blocks) {
					boxes = leading(b, boxes)
				}
				if i == 0 {
					return spaced(boxes, headingGap)
				}
				return spaced(boxes, max(gap, gapOf(boxes)))
			}
			list = append(list, it)
		}
	})
	return list
}

// headings are the styles of headings by depth, with the gaps above and below them.
var headings = [...]struct {
	style
	above, below float64
}{
	{style{face: bold, size: 16, line: 20.5, ink: accent}, 26, 5},
	{style{face: bold, size: 12.5, line: 16.5, ink: accent}, 18, 2.5},
	{style{face: bold, size: 10.5, line: 14.5, ink: black}, 13, 1},
	{style{face: boldItalic, size: 9.5, line: 13, ink: black}, 10, 0},
}

func (p *painter) heading(s *document.Section, depth int, width float64) []box {
	h := headings[min(depth, len(headings))-1]
	indent := 0.0
	if s.Number != "" {
		indent = min(width/3, max(2.2, 0.55*float64(len(s.Number))+0.9)*h.size)
	}
	lines := breakLines(h.words(s.Title), width-indent)
	if len(lines) == 0 {
		lines = []line{{}}
	}
	boxes := shifted(together(lineBoxes(lines, h.style)), indent)
	number := breakLines(h.words(s.Number), 1e9)
	boxes[0].over(func(c *canvas, x, y float64) {
		for _, l := range number {
			c.lineAt(l, x, y+baseline(h.line, h.size))
		}
	})
	boxes[0].title, boxes[0].depth = oneLine(s.Number+" "+s.Title), depth
	last := &boxes[len(boxes)-1]
	last.keep = true
	last.h += h.below
	if depth == 1 {
		last.h += 3
		top := h.line + 3
		last.over(func(c *canvas, x, y float64) { c.rule(x, y+top, x+width, y+top, accent, 0.6) })
	}
	return first(spaced(boxes, h.above), anchorsOf(s.ID)...)
}

// The height of text, as a part of the room of a page in landscape, that goes along
// with a table or picture onto such pages.
const (
	alongTable   = 0.3
	alongPicture = 0.2
)

// turn decides what stands on pages in landscape: beside what asks for it, a short
// text between the heading of its section and it, and one between two of them.
func (p *painter) turn(items []*item) {
	for i, it := range items {
		if it.fixed && it.wide {
			for j := p.along(items, i); j < i; j++ {
				items[j].wide = true
			}
		}
	}
}

// along is the first of the items that go along with one to pages in landscape: back
// to the heading of its section, or of the one around, as far as there is room.
func (p *painter) along(items []*item, i int) int {
	room := alongTable * p.across.height()
	if items[i].picture {
		room = alongPicture * p.across.height()
	}
	first := i
	for first > 0 && items[first-1].heading > 0 { // a heading never stands alone
		first--
	}
	for j := i - 1; j >= 0 && !items[j].fixed && !items[j].wide; j-- {
		boxes := items[j].make(p.place(p.across))
		if room -= space(boxes) + gapOf(boxes); room < 0 {
			break
		}
		if j == 0 || items[j-1].wide || items[j].heading > 0 && items[j-1].heading == 0 {
			first = min(first, j)
		}
		if items[j].heading == 1 {
			break
		}
	}
	return first
}

func gapOf(boxes []box) float64 {
	if len(boxes) == 0 {
		return 0
	}
	return boxes[0].gap
}

// place is where the blocks of sections stand on pages of a format.
func (p *painter) place(f frame) place { return place{frame: f, width: f.width()} }

// flow fills pages with the sections.
func (p *painter) flow(f *filler) {
	items := p.items()
	p.turn(items)
	for start := 0; start < len(items); {
		end := start + 1
		for end < len(items) && items[end].wide == items[start].wide {
			end++
		}
		fr := p.upright
		if items[start].wide {
			fr = p.across
		}
		f.fill(fr, p.boxes(items[start:end], fr))
		start = end
	}
}

// boxes are the boxes of items that stand on pages of one format.
func (p *painter) boxes(items []*item, f frame) []box {
	var out []box
	for i, it := range items {
		at := p.place(f)
		if above := out[kept(out):]; len(above) > 0 {
			at.reserve = space(above) + wideGap
		}
		boxes := it.make(at)
		if it.wide && !it.fixed && i < len(items)-1 && items[i+1].heading == 0 {
			boxes = together(boxes)
			if len(boxes) > 0 {
				boxes[len(boxes)-1].keep = true
			}
		}
		out = append(out, boxes...)
	}
	return out
}

// kept is where the boxes at the end begin that stand on one page with what follows.
func kept(boxes []box) int {
	i := len(boxes)
	for i > 0 && boxes[i-1].keep {
		i--
	}
	return i
}
