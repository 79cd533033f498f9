package draw

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf16"
)

// EMF writes a sheet of the drawing as an Enhanced Metafile, the vector format that
// word processors show and print, after [MS-EMF]. Its size is that of the sheet at
// 96 units per inch.
func EMF(w io.Writer, d *Drawing, sheet int) error {
	if sheet < 0 || sheet >= len(d.Sheets) {
		return fmt.Errorf("the drawing has %d sheets, not a sheet %d", len(d.Sheets), sheet+1)
	}
	s := d.Sheets[sheet]
	if !(s.Width > 0 && s.Width < emfMost && s.Height > 0 && s.Height < emfMost) {
		return errors.New("the sheet has no size that can be drawn")
	}
	p := emf{objects: map[string]uint32{}}
	p.begin(s)
	p.rect(&Rect{W: s.Width, H: s.Height, Role: "paper"})
	p.items(0, 0, s.Items)
	p.record(emrEOF, 0, 16, 20)
	_, err := w.Write(p.finish(d.Title, s))
	return err
}

// Lengths of a metafile.
const (
	emfFine = 20      // logical units for a unit of the sheet
	emfMost = 1 << 20 // units of a sheet
	emfDots = 4800    // width of the reference device, in units of the sheet; half as high
	emfWide = 1270    // and in millimetres: 96 dots per inch exactly
)

// The records that are written, by their numbers in [MS-EMF] 2.1.1.
const (
	emrHeader            = 1
	emrPolyBezierTo      = 5
	emrSetWindowExt      = 9
	emrSetWindowOrg      = 10
	emrSetViewportExt    = 11
	emrSetViewportOrg    = 12
	emrEOF               = 14
	emrSetMapMode        = 17
	emrSetBkMode         = 18
	emrSetPolyFillMode   = 19
	emrSetTextAlign      = 22
	emrSetTextColor      = 24
	emrMoveTo            = 27
	emrSelectObject      = 37
	emrCreateBrush       = 39
	emrLineTo            = 54
	emrBeginPath         = 59
	emrEndPath           = 60
	emrCloseFigure       = 61
	emrFillPath          = 62
	emrStrokeAndFillPath = 63
	emrStrokePath        = 64
	emrCreateFont        = 82
	emrExtTextOut        = 84
	emrCreatePen         = 95
)

// emf writes records. Pens, brushes and fonts are made once for each look.
type emf struct {
	bytes.Buffer
	records  uint32
	objects  map[string]uint32 // handles by what they are
	selected [3]uint32         // pen, brush and font
	align    uint32
	color    string
}

// record writes a record of 32-bit values.
func (p *emf) record(kind uint32, values ...uint32) {
	p.raw(kind, values, nil)
}

// raw writes a record of values and of what follows them, filled up to four bytes.
func (p *emf) raw(kind uint32, values []uint32, more []byte) {
	pad := (4 - len(more)%4) % 4
	all := append([]uint32{kind, uint32(8 + 4*len(values) + len(more) + pad)}, values...)
	for _, v := range all {
		p.Write(binary.LittleEndian.AppendUint32(nil, v))
	}
	p.Write(more)
	p.Write(make([]byte, pad))
	p.records++
}

// begin sets the coordinates: emfFine logical units are a unit of the sheet.
func (p *emf) begin(s Sheet) {
	p.record(emrSetMapMode, 8) // anisotropic
	p.record(emrSetWindowOrg, 0, 0)
	p.record(emrSetWindowExt, emfFine*1000, emfFine*1000)
	p.record(emrSetViewportOrg, 0, 0)
	p.record(emrSetViewportExt, 1000, 1000)
	p.record(emrSetBkMode, 1)       // transparent
	p.record(emrSetPolyFillMode, 2) // winding
	p.align = math.MaxUint32
}

// finish puts the header in front of the records.
func (p *emf) finish(title string, s Sheet) []byte {
	about := utf16.Encode([]rune("theriac\x00" + clean(title) + "\x00\x00"))
	const fixed = 108
	h := emf{}
	head := []uint32{
		0, 0, uint32(math.Ceil(s.Width)), uint32(math.Ceil(s.Height)), // bounds, in dots
		0, 0, hundredths(s.Width), hundredths(s.Height), // frame
		0x464d4520, 0x10000, // " EMF", version
		0, p.records + 1,
		uint32(len(p.objects)+1) & 0xffff, // handles; the high half is reserved
		uint32(len(about)), fixed, 0,      // description, palette
		emfDots, emfDots / 2, emfWide, emfWide / 2,
		0, 0, 0, // pixel format, OpenGL
		emfWide * 1000, emfWide * 500,
	}
	h.raw(emrHeader, head, wide(about))
	b := append(h.Bytes(), p.Bytes()...)
	binary.LittleEndian.PutUint32(b[48:], uint32(len(b)))
	return b
}

// hundredths is a length in hundredths of a millimetre.
func hundredths(units float64) uint32 { return uint32(math.Ceil(units * 2540 / 96)) }

func wide(s []uint16) []byte {
	var b []byte
	for _, u := range s {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// at is a length in logical units.
func at(units float64) uint32 {
	v := math.Round(units * emfFine)
	if !(math.Abs(v) < math.MaxInt32) {
		v = 0
	}
	return uint32(int32(v))
}

func (p *emf) items(dx, dy float64, items []Item) {
	for _, it := range items {
		switch it := it.(type) {
		case *Group:
			p.items(dx, dy, it.Items)
		case *Moved:
			p.items(dx+it.DX, dy+it.DY, it.Items)
		case *Rect:
			p.rect(&Rect{it.X + dx, it.Y + dy, it.W, it.H, it.R, it.Role})
		case *Path:
			p.path(dx, dy, it)
		case *Text:
			p.text(dx, dy, it)
		}
	}
}

// rect draws a rectangle, its corners as cubic curves.
func (p *emf) rect(r *Rect) {
	x1, y1, x2, y2 := r.X, r.Y, r.X+r.W, r.Y+r.H
	c := min(r.R, r.W/2, r.H/2)
	if c <= 0 {
		p.path(0, 0, polygon(r.Role, Point{x1, y1}, Point{x2, y1}, Point{x2, y2}, Point{x1, y2}))
		return
	}
	k := c * 0.5523 // of a quarter of a circle
	line := func(x, y float64) Step { return Step{Kind: Line, P: Point{x, y}} }
	bow := func(c1x, c1y, c2x, c2y, x, y float64) Step {
		return Step{Kind: Curve, C1: Point{c1x, c1y}, C2: Point{c2x, c2y}, P: Point{x, y}}
	}
	p.path(0, 0, &Path{Role: r.Role, Steps: []Step{
		{Kind: Move, P: Point{x1 + c, y1}},
		line(x2-c, y1), bow(x2-c+k, y1, x2, y1+c-k, x2, y1+c),
		line(x2, y2-c), bow(x2, y2-c+k, x2-c+k, y2, x2-c, y2),
		line(x1+c, y2), bow(x1+c-k, y2, x1, y2-c+k, x1, y2-c),
		line(x1, y1+c), bow(x1, y1+c-k, x1+c-k, y1, x1+c, y1),
		{Kind: Close},
	}})
}

func (p *emf) path(dx, dy float64, path *Path) {
	l := looks[path.Role]
	filled, lined := l.Fill != (Ink{}), l.Line != (Ink{}) && l.Width > 0
	if !filled && !lined || len(path.Steps) == 0 {
		return
	}
	if filled {
		p.brush(l.Fill)
	}
	if lined {
		p.pen(l)
	}
	switch {
	case !lined:
		p.steps(dx, dy, path.Steps, emrFillPath)
	case len(l.Dash) > 0:
		if filled {
			p.steps(dx, dy, path.Steps, emrFillPath)
		}
		p.steps(dx, dy, dashed(path.Steps, l.Dash), emrStrokePath)
	case filled:
		p.steps(dx, dy, path.Steps, emrStrokeAndFillPath)
	default:
		p.steps(dx, dy, path.Steps, emrStrokePath)
	}
}

// steps writes a path and what is done with it.
func (p *emf) steps(dx, dy float64, steps []Step, kind uint32) {
	p.record(emrBeginPath)
	for _, s := range steps {
		p.step(dx, dy, s)
	}
	p.record(emrEndPath)
	p.record(kind, 0, 0, math.MaxUint32, math.MaxUint32) // bounds: empty
}

func (p *emf) step(dx, dy float64, s Step) {
	x, y := at(s.P.X+dx), at(s.P.Y+dy)
	switch s.Kind {
	case Move:
		p.record(emrMoveTo, x, y)
	case Line:
		p.record(emrLineTo, x, y)
	case Curve:
		p.record(emrPolyBezierTo, 0, 0, math.MaxUint32, math.MaxUint32, 3, // bounds: empty
			at(s.C1.X+dx), at(s.C1.Y+dy), at(s.C2.X+dx), at(s.C2.Y+dy), x, y)
	case Close:
		p.record(emrCloseFigure)
	}
}

// The kinds of objects, by their place in emf.selected.
const (
	emfPen = iota
	emfBrush
	emfFont
)

// object selects an object, and makes it where it is new.
func (p *emf) object(kind int, key string, create func(handle uint32)) {
	h, known := p.objects[key]
	if !known {
		h = uint32(len(p.objects) + 1)
		p.objects[key] = h
		create(h)
	}
	if p.selected[kind] != h {
		p.selected[kind] = h
		p.record(emrSelectObject, h)
	}
}

func (p *emf) brush(i Ink) {
	p.object(emfBrush, "brush "+i.Light, func(h uint32) { p.record(emrCreateBrush, h, 0, colorref(i), 0) })
}

// pen selects a geometric pen with flat ends and mitred corners. Dashes are lines of
// their own: readers differ in what they make of pens with dashes.
func (p *emf) pen(l Look) {
	p.object(emfPen, "pen "+l.Line.Light+" "+num(l.Width), func(h uint32) {
		p.record(emrCreatePen, h, 0, 0, 0, 0, 0x10000|0x200|0x2000, at(l.Width), 0, colorref(l.Line), 0, 0)
	})
}

// mostDashes bounds the dashes of a path.
const mostDashes = 20000

// dashed divides a path into its dashes.
func dashed(steps []Step, dash []float64) []Step {
	var out []Step
	left, on, part := dash[0], true, 0
	lines := flat(steps)
	for i, s := range lines {
		if s.Kind == Move {
			left, on, part = dash[0], true, 0
			out = append(out, s)
			continue
		}
		if i == 0 {
			continue
		}
		from := lines[i-1].P
		for length := distance(from, s.P); length > 0 && len(out) < mostDashes; {
			way := min(left, length)
			from = towards(from, s.P, way)
			length -= way
			if on {
				out = append(out, Step{Kind: Line, P: from})
			}
			if left -= way; left <= 0 {
				part = (part + 1) % len(dash)
				left, on = max(dash[part], 0.1), !on
				if on {
					out = append(out, Step{Kind: Move, P: from})
				}
			}
		}
	}
	return out
}

// flat is a path of straight lines alone, near enough to its curves.
func flat(steps []Step) []Step {
	const parts = 8
	var out []Step
	var start, now Point
	for _, s := range steps {
		switch s.Kind {
		case Move:
			start = s.P
			out = append(out, s)
		case Curve:
			for i := 1; i <= parts; i++ {
				out = append(out, Step{Kind: Line, P: bezier(now, s, float64(i)/parts)})
			}
		case Close:
			s.P = start
			out = append(out, Step{Kind: Line, P: start})
		default:
			out = append(out, s)
		}
		now = s.P
	}
	return out
}

// bezier is the point of a curve at t from 0 to 1.
func bezier(from Point, s Step, t float64) Point {
	u := 1 - t
	a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return Point{a*from.X + b*s.C1.X + c*s.C2.X + d*s.P.X, a*from.Y + b*s.C1.Y + c*s.C2.Y + d*s.P.Y}
}

// font selects Arial, whose metrics are those of Helvetica, in a size and weight.
func (p *emf) font(size float64, bold bool) {
	p.object(emfFont, fmt.Sprint("font ", num(size), bold), func(h uint32) {
		weight := uint32(400)
		if bold {
			weight = 700
		}
		values := []uint32{h, -at(size), 0, 0, 0, weight, 1 << 24, 0x22 << 24} // default charset; swiss, variable pitch
		face := make([]uint16, 32)
		copy(face, utf16.Encode([]rune("Arial")))
		p.raw(emrCreateFont, values, append(wide(face), make([]byte, 228)...)) // full name, style and Panose are empty
	})
}

// colorref is the light colour of an ink as 0x00BBGGRR.
func colorref(i Ink) uint32 {
	v, err := strconv.ParseUint(i.Light, 16, 24)
	if err != nil {
		return 0
	}
	return uint32(v>>16 | v&0xff00 | v&0xff<<16)
}

// emfLongest is the most characters of a text; sheets hold far less on a line.
const emfLongest = 4096

func (p *emf) text(dx, dy float64, t *Text) {
	runes := []rune(clean(t.Text))
	runes = runes[:min(len(runes), emfLongest)]
	l := looks[t.Role]
	if len(runes) == 0 || l.Fill == (Ink{}) || at(t.Size) == 0 {
		return
	}
	p.font(t.Size, t.Bold)
	if p.color != l.Fill.Light {
		p.color = l.Fill.Light
		p.record(emrSetTextColor, colorref(l.Fill))
	}
	align := uint32(24) // baseline
	switch t.Anchor {
	case Middle:
		align |= 6
	case End:
		align |= 2
	}
	if p.align != align {
		p.align = align
		p.record(emrSetTextAlign, align)
	}
	p.textOut(at(t.X+dx), at(t.Y+dy), runes, spacing(runes, t.Size, t.Bold))
}

// textOut writes a text, with the way from each character to the next where it is
// known; readers measure it themselves where it is not.
func (p *emf) textOut(x, y uint32, runes []rune, ways []uint32) {
	const first = 76 // bytes before the text
	units := utf16.Encode(runes)
	text := wide(units)
	text = append(text, make([]byte, (4-len(text)%4)%4)...)
	offset := uint32(0)
	if len(ways) == len(units) {
		offset = uint32(first + len(text))
		for _, v := range ways {
			text = binary.LittleEndian.AppendUint32(text, v)
		}
	}
	p.raw(emrExtTextOut, []uint32{
		0, 0, math.MaxUint32, math.MaxUint32, // bounds: empty
		2, math.Float32bits(1), math.Float32bits(1), // advanced graphics mode
		x, y, uint32(len(units)), first, 0, 0, 0, math.MaxUint32, math.MaxUint32, offset,
	}, text)
}

// spacing is the way from each character to the next in logical units; nil where a
// character is not in the tables. Rounding does not add up.
func spacing(runes []rune, size float64, bold bool) []uint32 {
	face := arial
	if bold {
		face = arialBold
	}
	ways := make([]uint32, len(runes))
	sum, before := 0.0, uint32(0)
	for i, r := range runes {
		w := face.advance(r)
		if w == 0 {
			return nil
		}
		sum += float64(w) * size / 1000
		ways[i] = at(sum) - before
		before = at(sum)
	}
	return ways
}

// typeface is the widths of characters in thousandths of the type size, by ranges;
// 0 is unknown.
type typeface []struct {
	first  rune
	widths []uint16
}

func (f typeface) advance(r rune) uint16 {
	for _, part := range f {
		if i := int(r - part.first); i >= 0 && i < len(part.widths) {
			return part.widths[i]
		}
	}
	return 0
}

// Widths from the font metrics of Liberation Sans, which are those of Arial.
var (
	arial = typeface{
		{' ', advances[:]},
		{0xa0, []uint16{
			278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333, 333, 333, 576, 537, 333,
			333, 333, 365, 556, 834, 834, 834, 611, 667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
			722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 500,
			556, 556, 556, 556, 278, 278, 278, 278, 556, 556, 556, 556, 556, 556, 556, 549, 611, 556, 556, 556, 556, 500, 556, 500,
			667, 556, 667, 556, 667, 556, 722, 500, 722, 500, 722, 500, 722, 500, 722, 615, 722, 556, 667, 556, 667, 556, 667, 556,
			667, 556, 667, 556, 778, 556, 778, 556, 778, 556, 778, 556, 722, 556, 722, 556, 278, 278, 278, 278, 278, 278, 278, 222,
			278, 278, 735, 444, 500, 222, 667, 500, 500, 556, 222, 556, 222, 556, 292, 556, 334, 556, 222, 722, 556, 722, 556, 722,
			556, 604, 723, 556, 778, 556, 778, 556, 778, 556, 1000, 944, 722, 333, 722, 333, 722, 333, 667, 500, 667, 500, 667, 500,
			667, 500, 611, 278, 611, 375, 611, 278, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 944, 722, 667, 500,
			667, 611, 500, 611, 500, 611, 500, 222,
		}},
		{0x2010, []uint16{333, 0, 556, 556, 1000, 1000, 413, 552, 222, 222, 222, 222, 333, 333, 333, 333, 556, 556, 350, 0, 0, 0, 1000, 0}},
		{0x2190, []uint16{1000, 500, 1000, 500}},
	}
	arialBold = typeface{
		{' ', []uint16{
			278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
			556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833, 722, 778,
			667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611,
			611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
		}},
		{0xa0, []uint16{
			278, 333, 556, 556, 556, 556, 280, 556, 333, 737, 370, 556, 584, 333, 737, 552, 400, 549, 333, 333, 333, 576, 556, 333,
			333, 333, 365, 556, 834, 834, 834, 611, 722, 722, 722, 722, 722, 722, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278,
			722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, 556, 556, 556, 556, 556, 556, 889, 556,
			556, 556, 556, 556, 278, 278, 278, 278, 611, 611, 611, 611, 611, 611, 611, 549, 611, 611, 611, 611, 611, 556, 611, 556,
			722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 556, 722, 719, 722, 611, 667, 556, 667, 556, 667, 556,
			667, 556, 667, 556, 778, 611, 778, 611, 778, 611, 778, 611, 722, 611, 722, 611, 278, 278, 278, 278, 278, 278, 278, 278,
			278, 278, 785, 556, 556, 278, 722, 556, 556, 611, 278, 611, 278, 611, 385, 611, 479, 611, 278, 722, 611, 722, 611, 722,
			611, 709, 723, 611, 778, 611, 778, 611, 778, 611, 1000, 944, 722, 389, 722, 389, 722, 389, 667, 556, 667, 556, 667, 556,
			667, 556, 611, 333, 611, 479, 611, 333, 722, 611, 722, 611, 722, 611, 722, 611, 722, 611, 722, 611, 944, 778, 667, 556,
			667, 611, 500, 611, 500, 611, 500, 278,
		}},
		{0x2010, []uint16{333, 0, 556, 556, 1000, 1000, 498, 552, 278, 278, 278, 278, 500, 500, 500, 500, 556, 556, 350, 0, 0, 0, 1000, 0}},
		{0x2190, []uint16{1000, 500, 1000, 500}},
	}
)
