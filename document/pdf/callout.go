package pdf

import (
	"codeberg.org/go-pdf/fpdf"

	"theriac/document"
)

// The measures of a callout: its symbol, its text, and the pad around both.
const (
	calloutIndent = 34.0
	calloutPad    = 6.0
	symbolSize    = 15.0
)

// maxCallout is the part of a page that a callout may have that is not divided.
const maxCallout = 0.4

// word is the word for a kind of callout.
func (p *painter) word(k document.CalloutKind) string {
	switch k {
	case document.Warning:
		return p.lang.Say("Warning")
	case document.Caution:
		return p.lang.Say("Caution")
	case document.Gap:
		return p.lang.Say("Open")
	}
	return p.lang.Say("Note")
}

func (p *painter) callout(b *document.Callout, at place) []box {
	s, ok := callouts[b.Kind]
	if !ok {
		s = callouts[document.Note]
	}
	inner := at.inside(calloutIndent + calloutPad)
	inner.ends, inner.next = append([]document.Source{untold(b.Source, b.Blocks)}, at.ends...), at.next
	heading := bodyStyle.in(bold)
	heading.ink = s.text
	word := p.word(b.Kind)
	if b.Title != "" && b.Title != word {
		word += ": " + b.Title
	}
	boxes := text(heading.words(word), inner.width, heading)
	if len(b.Blocks) > 0 {
		boxes = together(boxes)
		boxes[len(boxes)-1].keep = true
		boxes = append(boxes, spaced(p.blocks(b.Blocks, inner), 1.5)...)
	} else {
		boxes = append(boxes, p.markLine(inner)...)
	}
	if h := space(boxes); h < symbolSize {
		boxes[len(boxes)-1].h += symbolSize - h
	}
	shifted(boxes, calloutIndent)
	boxes[0].over(func(c *canvas, x, y float64) { c.symbol(b.Kind, x+11, y-0.5, s) })
	if space(boxes) <= maxCallout*max(at.frame.height(), minRoom) {
		together(boxes)
	}
	return grounded(boxes, at.width, calloutPad, func(c *canvas, x, y, h float64) {
		c.area(x, y, at.width, h, 0, s.fill)
		c.area(x, y, 3, h, 0, s.edge)
	})
}

// symbol paints the sign of a callout into a square: a triangle that is filled for a
// warning and open for a caution, a disc for a note, a diamond for a gap.
func (c *canvas) symbol(k document.CalloutKind, x, y float64, s shades) {
	const a = symbolSize
	sign, on, size := "!", white, 10.0
	c.setLine(s.edge, 1)
	c.setFill(s.edge)
	low := 0.86
	switch k {
	case document.Warning:
		c.polygon(x, y, a, 0.5, 0.02, 1, 0.94, 0, 0.94)
	case document.Caution:
		c.setFill(white)
		on = s.text
		c.polygon(x, y, a, 0.5, 0.02, 1, 0.94, 0, 0.94)
	case document.Gap:
		sign, low = "?", 0.74
		c.polygon(x, y, a, 0.5, 0, 1, 0.5, 0.5, 1, 0, 0.5)
	default:
		sign, low = "i", 0.74
		c.pdf.Circle(x+a/2, y+a/2, a*0.46, "FD")
	}
	c.write(x+a/2-bold.width(sign, size)/2, y+a*low, bold, size, on, sign)
}

// polygon fills and outlines a polygon, whose corners are given as parts of a square.
func (c *canvas) polygon(x, y, side float64, corners ...float64) {
	var points []fpdf.PointType
	for i := 0; i < len(corners); i += 2 {
		points = append(points, fpdf.PointType{X: x + corners[i]*side, Y: y + corners[i+1]*side})
	}
	c.pdf.Polygon(points, "FD")
}
