package draw

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// screenScale enlarges the picture on a screen, where the smallest text of a
// page would be too small. The viewBox keeps the units of the sheets.
const screenScale = 1.3

// sheetGap stands between the sheets of one picture.
const sheetGap = 24.0

// fonts are the families of which the first one installed is used. Their
// metrics are those that measure knows, or near.
const fonts = `"Helvetica Neue", Helvetica, Arial, "Liberation Sans", "Nimbus Sans", sans-serif`

// SVG writes the drawing as one SVG document, its sheets below each other.
func SVG(w io.Writer, d *Drawing) error {
	p := svg{}
	p.document(d)
	_, err := w.Write(p.Bytes())
	return err
}

type svg struct{ bytes.Buffer }

func (p *svg) document(d *Drawing) {
	width, height := d.size()
	fmt.Fprintf(p, `<svg xmlns="http://www.w3.org/2000/svg" class="theriac" role="img" aria-labelledby="title" aria-describedby="desc" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n",
		num(width*screenScale), num(height*screenScale), num(width), num(height))
	fmt.Fprintf(p, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", escape(d.Title), escape(d.Summary))
	fmt.Fprintf(p, "<style>\n%s</style>\n", styleSheet(used(d)))
	p.rect(&Rect{W: width, H: height, Role: "paper"})
	y := 0.0
	for _, s := range d.Sheets {
		p.moved(0, y, s.Items)
		y += s.Height + sheetGap
	}
	p.WriteString("</svg>\n")
}

func (d *Drawing) size() (w, h float64) {
	for i, s := range d.Sheets {
		w = max(w, s.Width)
		h += s.Height
		if i > 0 {
			h += sheetGap
		}
	}
	return w, h
}

func (p *svg) items(items []Item) {
	for _, it := range items {
		switch it := it.(type) {
		case *Group:
			p.group(it)
		case *Moved:
			p.moved(it.DX, it.DY, it.Items)
		case *Rect:
			p.rect(it)
		case *Path:
			p.path(it)
		case *Text:
			p.text(it)
		}
	}
}

func (p *svg) group(g *Group) {
	p.WriteString("<g>")
	if g.Label != "" {
		fmt.Fprintf(p, "<title>%s</title>", escape(g.Label))
	}
	p.WriteByte('\n')
	p.items(g.Items)
	p.WriteString("</g>\n")
}

func (p *svg) moved(dx, dy float64, items []Item) {
	fmt.Fprintf(p, `<g transform="translate(%s %s)">`+"\n", num(dx), num(dy))
	p.items(items)
	p.WriteString("</g>\n")
}

func (p *svg) rect(r *Rect) {
	fmt.Fprintf(p, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"`, r.Role, num(r.X), num(r.Y), num(r.W), num(r.H))
	if r.R > 0 {
		fmt.Fprintf(p, ` rx="%s"`, num(r.R))
	}
	p.WriteString("/>\n")
}

func (p *svg) path(path *Path) {
	fmt.Fprintf(p, `<path class="%s" d="`, path.Role)
	for _, s := range path.Steps {
		switch s.Kind {
		case Move:
			p.WriteString("M" + pair(s.P))
		case Line:
			p.WriteString("L" + pair(s.P))
		case Curve:
			p.WriteString("C" + pair(s.C1) + " " + pair(s.C2) + " " + pair(s.P))
		case Close:
			p.WriteString("Z")
		}
	}
	p.WriteString("\"/>\n")
}

func (p *svg) text(t *Text) {
	fmt.Fprintf(p, `<text class="%s" x="%s" y="%s" font-size="%s"`, t.Role, num(t.X), num(t.Y), num(t.Size))
	switch t.Anchor {
	case Middle:
		p.WriteString(` text-anchor="middle"`)
	case End:
		p.WriteString(` text-anchor="end"`)
	}
	if t.Bold {
		p.WriteString(` font-weight="700"`)
	}
	fmt.Fprintf(p, ">%s</text>\n", escape(t.Text))
}

func pair(p Point) string { return num(p.X) + " " + num(p.Y) }

// num writes a length with at most two decimals.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// escape cleans and escapes text of the user.
func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(clean(s))) //nolint:errcheck // a strings.Builder does not fail
	return b.String()
}

// used lists the roles that occur in a drawing, in order.
func used(d *Drawing) []Role {
	found := map[Role]bool{"paper": true}
	for _, s := range d.Sheets {
		walk(s.Items, func(it Item) {
			switch it := it.(type) {
			case *Rect:
				found[it.Role] = true
			case *Path:
				found[it.Role] = true
			case *Text:
				found[it.Role] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// walk visits items and what groups hold.
func walk(items []Item, visit func(Item)) {
	for _, it := range items {
		visit(it)
		switch it := it.(type) {
		case *Group:
			walk(it.Items, visit)
		case *Moved:
			walk(it.Items, visit)
		}
	}
}

// styleSheet is the style sheet of the roles. Each colour stands as itself first, for
// readers of SVG that know no custom properties.
func styleSheet(roles []Role) string {
	var b strings.Builder
	fmt.Fprintf(&b, "svg.theriac{font-family:%s;color-scheme:light dark;%s}\n", strings.ReplaceAll(fonts, `"`, `'`), properties(roles, false))
	fmt.Fprintf(&b, "@media screen and (prefers-color-scheme:dark){svg.theriac{%s}}\n", properties(roles, true))
	for _, r := range roles {
		l := looks[r]
		fmt.Fprintf(&b, ".theriac .%s{%s%s", r, paint("fill", l.Fill), paint("stroke", l.Line))
		if l.Width > 0 {
			fmt.Fprintf(&b, "stroke-width:%s;", num(l.Width))
		}
		if len(l.Dash) > 0 {
			b.WriteString("stroke-dasharray:" + dashes(l.Dash) + ";")
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func paint(property string, i Ink) string {
	if i == (Ink{}) {
		return property + ":none;"
	}
	return fmt.Sprintf("%s:#%s;%s:var(--t-%s);", property, i.Light, property, i.Name)
}

func properties(roles []Role, dark bool) string {
	inks := map[string]string{}
	for _, r := range roles {
		for _, i := range []Ink{looks[r].Fill, looks[r].Line} {
			if i != (Ink{}) {
				inks[i.Name] = i.Light
				if dark {
					inks[i.Name] = i.Dark
				}
			}
		}
	}
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(inks)) {
		fmt.Fprintf(&b, "--t-%s:#%s;", name, inks[name])
	}
	return b.String()
}

func dashes(d []float64) string {
	parts := make([]string, len(d))
	for i, v := range d {
		parts[i] = num(v)
	}
	return strings.Join(parts, " ")
}
