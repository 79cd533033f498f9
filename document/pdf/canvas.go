package pdf

import (
	"codeberg.org/go-pdf/fpdf"

	"theriac/document"
)

// target is where a link leads: to an anchor of the document or to a URL. The zero
// target leads nowhere.
type target struct{ anchor, url string }

// canvas paints on the pages of a file. Lengths are points from the top left corner.
type canvas struct {
	pdf   *fpdf.Fpdf
	links map[string]int // by anchor
	known [faces]bool    // in the file

	// What was set last on this page.
	face       face
	size       float64
	text, fill ink
	line       ink
	width      float64
	fresh      bool // nothing was set
}

// page starts a page.
func (c *canvas) page(f frame) {
	orientation, size := "P", fpdf.SizeType{Wd: f.w, Ht: f.h}
	if f.landscape {
		orientation, size = "L", fpdf.SizeType{Wd: f.h, Ht: f.w}
	}
	c.pdf.AddPageFormat(orientation, size)
	c.fresh = true
}

func rgb(i ink) (r, g, b int) { return int(i >> 16), int(i >> 8 & 0xff), int(i & 0xff) }

func (c *canvas) setFace(f face, size float64) {
	if !c.known[f] {
		f.load(c.pdf)
		c.known[f] = true
	}
	if c.fresh || c.face != f || c.size != size {
		c.pdf.SetFont(f.family(), "", size)
		c.face, c.size = f, size
	}
}

func (c *canvas) setFill(i ink) {
	if c.fresh || c.fill != i {
		c.pdf.SetFillColor(rgb(i))
		c.fill = i
	}
}

func (c *canvas) setLine(i ink, width float64) {
	if c.fresh || c.line != i {
		c.pdf.SetDrawColor(rgb(i))
		c.line = i
	}
	if c.fresh || c.width != width {
		c.pdf.SetLineWidth(width)
		c.width = width
	}
}

// begin sets all of the state that a page has to start with.
func (c *canvas) begin() {
	c.setFace(regular, bodySize)
	c.setFill(black)
	c.setLine(black, 0.5)
	c.pdf.SetTextColor(rgb(black))
	c.text, c.fresh = black, false
}

// write paints a text on its baseline. The face has all of its characters.
func (c *canvas) write(x, y float64, f face, size float64, i ink, s string) {
	c.setFace(f, size)
	if c.text != i {
		c.pdf.SetTextColor(rgb(i))
		c.text = i
	}
	if c.fill != i { // a text in the colour of areas needs no colour of its own
		c.setFill(i)
	}
	c.pdf.Text(x, y, s)
}

// area paints a rectangle, with rounded corners of a radius.
func (c *canvas) area(x, y, w, h, r float64, i ink) {
	c.setFill(i)
	if r > 0 {
		c.pdf.RoundedRect(x, y, w, h, r, "1234", "F")
		return
	}
	c.pdf.Rect(x, y, w, h, "F")
}

// framed paints a rectangle with a border.
func (c *canvas) framed(x, y, w, h, r float64, fill, edge ink, width float64) {
	c.setFill(fill)
	c.setLine(edge, width)
	if r > 0 {
		c.pdf.RoundedRect(x, y, w, h, r, "1234", "FD")
		return
	}
	c.pdf.Rect(x, y, w, h, "FD")
}

// rule paints a line.
func (c *canvas) rule(x1, y1, x2, y2 float64, i ink, width float64) {
	c.setLine(i, width)
	c.pdf.Line(x1, y1, x2, y2)
}

// link makes an area lead somewhere.
func (c *canvas) link(x, y, w, h float64, to target) {
	switch {
	case to.url != "":
		c.pdf.LinkString(x, y, w, h, to.url)
	case to.anchor != "":
		if id, ok := c.links[to.anchor]; ok {
			c.pdf.Link(x, y, w, h, id)
		}
	}
}

// lineAt paints a line of text on its baseline.
func (c *canvas) lineAt(l line, x, y float64) {
	for _, p := range l.pieces {
		c.piece(p, x+p.x, y)
	}
}

func (c *canvas) piece(p piece, x, y float64) {
	ink, size := p.look.ink, p.look.size
	if p.look.tone != document.Plain {
		s := shadesOf(p.look.tone)
		ink = s.text
		c.framed(x+0.4, y-size*0.86, p.w-0.8, size*1.16, size*0.28, s.fill, s.edge, 0.4)
	}
	c.write(x+p.look.pad(), y, p.look.face, size, ink, p.text)
	if p.look.to != (target{}) {
		c.link(x, y-size*0.85, p.w, size*1.15, p.look.to)
	}
}
