package pdf

import (
	"strconv"

	"theriac/document"
	"theriac/draw"
)

// Points for a unit of a drawing: its smallest text, of 10 units, is set at 8 points
// at most; below goodScale it is hard to read, and gets a page in landscape where
// that is larger.
const (
	maxScale  = 0.8
	goodScale = 0.68
)

// captionRoom is left below a picture for its caption.
const captionRoom = 2*captionLine + 6

// scale is the scale at which a sheet fits into a width and a height.
func scale(s draw.Sheet, width, height float64) float64 {
	if s.Width <= 0 || s.Height <= 0 {
		return maxScale
	}
	return max(0.01, min(maxScale, width/s.Width, height/s.Height))
}

// broad reports whether a drawing is larger on pages in landscape.
func broad(d *draw.Drawing, upright, across frame) bool {
	for _, s := range d.Sheets {
		up := scale(s, upright.width(), upright.height()-captionRoom-60)
		if up < goodScale && scale(s, across.width(), across.height()-captionRoom) > up*1.05 {
			return true
		}
	}
	return false
}

// picture is the sheets of a drawing, each with its caption below it.
func (p *painter) picture(b *document.Picture, at place) []box {
	if b.Drawing == nil {
		return nil
	}
	var out []box
	for i, s := range b.Drawing.Sheets {
		caption := b.Caption
		if caption == "" {
			caption = b.Drawing.Title
		}
		if n := len(b.Drawing.Sheets); n > 1 {
			caption += " (" + p.lang.Say("sheet %d of %d", i+1, n)
			if s.Name != "" {
				caption += ": " + s.Name
			}
			caption += ")"
		}
		last := at
		if i < len(b.Drawing.Sheets)-1 {
			last.ends, last.next = nil, b.Source
		}
		boxes := []box{p.sheet(s, at)}
		boxes = append(boxes, p.caption("Figure %d", b.Number, caption, at.width, b.Source, last)...)
		at.reserve = 0
		out = append(out, spaced(together(boxes), wideGap)...)
	}
	return first(out, anchorsOf(b.ID)...)
}

// sheet is a sheet of a drawing in a box, in the middle of the width.
func (p *painter) sheet(s draw.Sheet, at place) box {
	k := scale(s, at.width, at.frame.height()-captionRoom-at.reserve)
	return box{h: s.Height*k + 5, draw: func(c *canvas, x, y float64) {
		v := viewer{c: c, k: k, x: x + (at.width-s.Width*k)/2, y: y}
		v.items(s.Items, 0)
		c.pdf.SetDashPattern(nil, 0)
	}}
}

// viewer paints the items of a drawing at a scale and a place.
type viewer struct {
	c       *canvas
	k, x, y float64
}

// maxGroups bounds how deep items may be in groups.
const maxGroups = 64

func (v viewer) items(items []draw.Item, depth int) {
	if depth > maxGroups {
		return
	}
	for _, it := range items {
		switch it := it.(type) {
		case *draw.Group:
			v.items(it.Items, depth+1)
		case *draw.Moved:
			moved := v
			moved.x += it.DX * v.k
			moved.y += it.DY * v.k
			moved.items(it.Items, depth+1)
		case *draw.Rect:
			v.rect(it)
		case *draw.Path:
			v.path(it)
		case *draw.Text:
			v.text(it)
		}
	}
}

func inkOf(i draw.Ink) ink {
	n, err := strconv.ParseUint(i.Light, 16, 24)
	if err != nil {
		return black
	}
	return ink(n)
}

// prepare sets colours and lines for a role, and says what to do with a shape; ""
// where the role paints nothing.
func (v viewer) prepare(r draw.Role) string {
	look := r.Look()
	op := ""
	if look.Fill != (draw.Ink{}) {
		v.c.setFill(inkOf(look.Fill))
		op = "F"
	}
	if look.Line != (draw.Ink{}) {
		v.c.setLine(inkOf(look.Line), max(0.25, look.Width*v.k))
		dashes := make([]float64, len(look.Dash))
		for i, d := range look.Dash {
			dashes[i] = d * v.k
		}
		v.c.pdf.SetDashPattern(dashes, 0)
		op += "D"
	}
	return op
}

func (v viewer) rect(r *draw.Rect) {
	op := v.prepare(r.Role)
	if op == "" || r.W <= 0 || r.H <= 0 {
		return
	}
	x, y, w, h := v.x+r.X*v.k, v.y+r.Y*v.k, r.W*v.k, r.H*v.k
	if radius := min(r.R*v.k, w/2, h/2); radius > 0 {
		v.c.pdf.RoundedRect(x, y, w, h, radius, "1234", op)
		return
	}
	v.c.pdf.Rect(x, y, w, h, op)
}

func (v viewer) path(p *draw.Path) {
	op := v.prepare(p.Role)
	if op == "" || len(p.Steps) == 0 {
		return
	}
	at := func(q draw.Point) (x, y float64) { return v.x + q.X*v.k, v.y + q.Y*v.k }
	for i, s := range p.Steps {
		x, y := at(s.P)
		switch {
		case s.Kind == draw.Close:
			v.c.pdf.ClosePath()
		case s.Kind == draw.Move || i == 0:
			v.c.pdf.MoveTo(x, y)
		case s.Kind == draw.Line:
			v.c.pdf.LineTo(x, y)
		case s.Kind == draw.Curve:
			x1, y1 := at(s.C1)
			x2, y2 := at(s.C2)
			v.c.pdf.CurveBezierCubicTo(x1, y1, x2, y2, x, y)
		}
	}
	v.c.pdf.DrawPath(op)
}

func (v viewer) text(t *draw.Text) {
	f := regular
	if t.Bold {
		f = bold
	}
	size := t.Size * v.k
	lines := breakLines([]run{{oneLine(t.Text), look{face: f, size: size, ink: inkOf(t.Role.Look().Fill)}}}, 1e9)
	if len(lines) == 0 || size <= 0 {
		return
	}
	x := v.x + t.X*v.k
	switch t.Anchor {
	case draw.Middle:
		x -= lines[0].w / 2
	case draw.End:
		x -= lines[0].w
	}
	v.c.lineAt(lines[0], x, v.y+t.Y*v.k)
}
