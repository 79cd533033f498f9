package pdf

import (
	"strconv"
	"strings"

	"theriac/document"
)

// The gaps above blocks, in points.
const (
	blockGap   = 6.5
	tightGap   = 2.5
	headingGap = 4.0
	wideGap    = 11.0 // around tables and pictures
)

// minWidth is what a text deep inside of lists has at least.
const minWidth = 60.0

// place is where blocks stand.
type place struct {
	frame   frame
	width   float64
	depth   int               // of lists around
	ends    []document.Source // of what the blocks together are
	next    document.Source   // of what follows
	reserve float64           // height of what stands above on the same page
}

// inside is the place of blocks further in.
func (at place) inside(by float64) place {
	at.width = max(minWidth, at.width-by)
	at.ends, at.next, at.reserve = nil, document.Source{}, 0
	return at
}

// blocks are blocks, one below the other, in boxes.
func (p *painter) blocks(list []document.Block, at place) []box {
	var out []box
	for i, b := range list {
		here := at
		if i < len(list)-1 {
			here.ends, here.next = nil, sourceOf(list[i+1])
		}
		boxes := p.block(b, here)
		gap := blockGap
		if i > 0 && spacious(list[i-1]) {
			gap = wideGap
		}
		if i < len(list)-1 {
			boxes = leading(b, boxes)
		}
		out = append(out, spaced(boxes, max(gap, gapOf(boxes)))...)
	}
	return out
}

// leading keeps a paragraph that ends with a colon together with what it leads to.
func leading(b document.Block, boxes []box) []box {
	p, ok := b.(*document.Paragraph)
	if ok && len(boxes) > 0 && strings.HasSuffix(strings.TrimSpace(p.Text.String()), ":") {
		boxes[len(boxes)-1].keep = true
	}
	return boxes
}

// spacious reports whether a block stands off from the text around it.
func spacious(b document.Block) bool {
	switch b.(type) {
	case *document.Table, *document.Picture, *document.Callout, *document.Listing:
		return true
	}
	return false
}

// block is a block in boxes; the first has the gap above it.
func (p *painter) block(b document.Block, at place) []box {
	switch b := b.(type) {
	case *document.Paragraph:
		return p.paragraph(b, at)
	case *document.List:
		return p.list(b, at)
	case *document.Terms:
		return p.terms(b, at)
	case *document.Table:
		return spaced(append(p.table(b, at), p.markLine(at)...), wideGap)
	case *document.Picture:
		return spaced(p.picture(b, at), wideGap)
	case *document.Callout:
		return spaced(p.callout(b, at), blockGap+2)
	case *document.Listing:
		return spaced(p.listing(b, at), blockGap)
	}
	return nil
}

func (p *painter) paragraph(b *document.Paragraph, at place) []box {
	runs := append(p.runs(b.Text, bodyStyle), p.marks(at.next, append([]document.Source{b.Source}, at.ends...)...)...)
	return text(runs, at.width, bodyStyle)
}

// markLine is a line of source marks for blocks that have no text to end with.
func (p *painter) markLine(at place, sources ...document.Source) []box {
	s := style{size: markSize, line: markLine, ink: faint}
	return lineBoxes(breakLines(p.marks(at.next, append(sources, at.ends...)...), at.width), s)
}

// listIndent is how far the items of a list are set in.
const listIndent = 15.0

var bullets = [...]string{"•", "–", "▪"}

func (p *painter) list(b *document.List, at place) []box {
	indent := listIndent
	if b.Ordered {
		indent = max(indent, regular.width(strconv.Itoa(len(b.Items))+".", bodySize)+6)
	}
	var out []box
	for i, it := range b.Items {
		inner := at.inside(indent)
		inner.depth++
		inner.ends, inner.next = append([]document.Source{untold(it.Source, it.Blocks)}, at.ends...), at.next
		if i < len(b.Items)-1 {
			inner.ends, inner.next = inner.ends[:1], b.Items[i+1].Source
		}
		boxes := p.blocks(it.Blocks, inner)
		if len(boxes) == 0 {
			boxes = []box{{h: bodyLine}}
		}
		boxes = shifted(boxes, indent)
		sign := bullets[min(at.depth, len(bullets)-1)]
		if b.Ordered {
			sign = strconv.Itoa(i+1) + "."
		}
		boxes[0].over(func(c *canvas, x, y float64) {
			c.write(x+indent-5-regular.width(sign, bodySize), y+baseline(bodyLine, bodySize), regular, bodySize, black, sign)
		})
		boxes[0].gap = tightGap
		out = append(out, boxes...)
	}
	return spaced(out, blockGap)
}

// termShare is the share of the width that names of terms have.
const termShare = 0.27

func (p *painter) terms(b *document.Terms, at place) []box {
	indent := at.width * termShare
	var out []box
	for i, t := range b.Terms {
		inner := at.inside(indent)
		inner.ends, inner.next = append([]document.Source{untold(t.Source, t.Blocks)}, at.ends...), at.next
		if i < len(b.Terms)-1 {
			inner.ends, inner.next = inner.ends[:1], b.Terms[i+1].Source
		}
		name := breakLines(p.runs(t.Name, bodyStyle.in(bold)), indent-10)
		boxes := p.blocks(t.Blocks, inner)
		if len(boxes) == 0 {
			boxes = []box{{h: bodyLine}}
		}
		boxes = beside(name, shifted(boxes, indent))
		boxes[0].gap = tightGap
		out = append(out, boxes...)
	}
	return spaced(out, blockGap)
}

// beside puts lines left of boxes that leave room for them.
func beside(lines []line, boxes []box) []box {
	need := float64(len(lines)) * bodyLine
	for i := range boxes {
		if need <= boxes[i].h {
			break
		}
		if i == len(boxes)-1 {
			boxes[i].h = need
			break
		}
		need -= boxes[i].h + boxes[i+1].gap
		boxes[i].keep = true
	}
	boxes[0].over(func(c *canvas, x, y float64) {
		for i, l := range lines {
			c.lineAt(l, x, y+float64(i)*bodyLine+baseline(bodyLine, bodySize))
		}
	})
	return boxes
}

// listingPad stands around a listing.
const listingPad = 6.0

// listing is preformatted text. What is longer than a line goes on in the next one,
// with a sign before it.
func (p *painter) listing(b *document.Listing, at place) []box {
	s := style{face: mono, size: codeSize / monoScale, line: codeLine, ink: black}
	var out []box
	for _, text := range listed(b.Text) {
		lines := breakLines(s.words(strings.ReplaceAll(text, " ", "\u00A0")), at.width-2*listingPad-6)
		if len(lines) == 0 {
			lines = []line{{}}
		}
		for i, l := range lines {
			for k := range l.pieces {
				l.pieces[k].text = strings.ReplaceAll(l.pieces[k].text, "\u00A0", " ")
			}
			out = append(out, box{h: codeLine, draw: func(c *canvas, x, y float64) {
				y += baseline(codeLine, codeSize)
				if i > 0 {
					c.write(x+listingPad-4, y, regular, codeSize, faint, "»")
				}
				c.lineAt(l, x+listingPad+4, y)
			}})
		}
	}
	out = unwidowed(grounded(out, at.width, listingPad, func(c *canvas, x, y, h float64) {
		c.area(x, y, at.width, h, 0, bandFill)
		c.area(x, y, 1.5, h, 0, hairline)
	}))
	return append(out, p.markLine(at, b.Source)...)
}

// grounded puts a ground under boxes, with a pad above and below them. Gaps between
// the boxes become part of them.
func grounded(boxes []box, width, pad float64, ground func(c *canvas, x, y, h float64)) []box {
	for i := range boxes {
		b := &boxes[i]
		above := 0.0
		if i > 0 {
			above = b.gap
		} else {
			above = pad
		}
		b.gap, b.h = 0, b.h+above
		if i == len(boxes)-1 {
			b.h += pad
		}
		draw, h := b.draw, b.h
		b.draw = func(c *canvas, x, y float64) {
			ground(c, x, y, h)
			if draw != nil {
				draw(c, x, y+above)
			}
		}
	}
	return boxes
}
