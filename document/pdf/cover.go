package pdf

import (
	"theriac/document"
)

// The styles of the cover.
var (
	coverTitle    = style{face: bold, size: 27, line: 33, ink: accent}
	coverSubtitle = style{size: 13, line: 18, ink: faint}
	coverProduct  = style{face: bold, size: 14, line: 19, ink: black}
	coverMaker    = style{size: 11, line: 15, ink: faint}
	briefTitle    = style{face: bold, size: 19, line: 24, ink: accent}
	briefSubtitle = style{size: 10.5, line: 14, ink: faint}
)

// cover is the title page, in boxes: what the document is, of what, and whether it
// counts.
func (p *painter) cover(width float64) []box {
	out := []box{p.logo()}
	out = append(out, text(coverMaker.words(p.set.Stamp.Manufacturer), width, coverMaker)...)
	out = append(out, spaced(text(coverProduct.words(p.set.Stamp.Product), width, coverProduct), 3)...)
	out = append(out, spaced(text(coverTitle.words(p.doc.Title), width, coverTitle), 26)...)
	out = append(out, spaced(text(coverSubtitle.words(p.doc.Subtitle), width, coverSubtitle), 5)...)
	out = append(out, box{h: 3, gap: 14, draw: func(c *canvas, x, y float64) { c.area(x, y, 72, 3, 0, accent) }})
	out = append(out, spaced(p.statusPanel(width), 30)...)
	out = append(out, spaced(p.table(p.facts(), place{width: width}), 20)...)
	if len(p.doc.Signatures) > 0 {
		out = append(out, spaced(text(coverProduct.words(p.lang.Say(document.ApprovalsTitle)), width, coverProduct), 24)...)
		out[len(out)-1].keep = true
		out = append(out, spaced(p.table(p.doc.Approvals(), place{width: width}), 5)...)
	}
	return out
}

// coverTop is where the text of the cover begins at least, below the logo.
const coverTop = 118.0

func (p *painter) logo() box {
	b := box{h: coverTop}
	if p.brand == nil {
		return b
	}
	w, h := p.brand.fit(190, 64)
	b.draw = func(c *canvas, x, y float64) { c.image(p.brand, x, y, w, h) }
	return b
}

// statusPanel says whether the set is approved, and why it is not or by whom.
func (p *painter) statusPanel(width float64) []box {
	word, tone := p.status()
	shades := shadesOf(tone)
	st := style{face: bold, size: 12, line: 16, ink: shades.text}
	reason := style{size: 9, line: 12.5, ink: black}
	boxes := text(st.words(word), width-28, st)
	for _, why := range p.set.Stamp.Reasons(p.lang) {
		lines := shifted(text(reason.words(why), width-40, reason), 12)
		if len(lines) == 0 {
			continue
		}
		lines[0].over(func(c *canvas, x, y float64) {
			c.write(x, y+baseline(reason.line, reason.size), regular, reason.size, black, "•")
		})
		boxes = append(boxes, spaced(lines, 1.5)...)
	}
	return together(grounded(shifted(boxes, 14), width, 9, func(c *canvas, x, y, h float64) {
		c.area(x, y, width, h, 0, shades.fill)
		c.area(x, y, 3, h, 0, shades.edge)
	}))
}

// facts is what identifies the document.
func (p *painter) facts() *document.Table {
	t := &document.Table{Columns: []document.Column{{Width: 27}, {Width: 73}}}
	add := func(name string, value document.Text) {
		if value.String() != "" {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(document.Bold(name)), document.C(value...)}})
		}
	}
	s, plain := p.set.Stamp, func(v string) document.Text { return document.Text{{Text: v}} }
	add(p.lang.Say("Product"), plain(s.Product))
	add(p.lang.Say("Manufacturer"), plain(s.Manufacturer))
	add(p.lang.Say("Release"), plain(s.Release))
	add(p.lang.Say("Document number"), plain(p.doc.Number))
	add(p.lang.Say("Revision"), plain(p.doc.Revision))
	add(p.lang.Say("Judged on"), plain(s.Day))
	add(p.lang.Say("Baseline (SHA-256)"), document.Text{document.Literal(s.Baseline)})
	return t
}

// title is what stands over a document without a cover.
func (p *painter) title(width float64) []box {
	out := text(briefTitle.words(p.doc.Title), width, briefTitle)
	out = append(out, spaced(text(briefSubtitle.words(p.doc.Subtitle), width, briefSubtitle), 2)...)
	word, tone := p.status()
	st := style{size: 9, line: 13, ink: black}
	runs := []run{{word, look{face: bold, size: 8, tone: tone}}}
	for _, why := range p.set.Stamp.Reasons(p.lang) {
		runs = append(runs, run{"  " + why + ";", st.look()})
	}
	if n := len(runs) - 1; n > 0 {
		runs[n].text = runs[n].text[:len(runs[n].text)-1]
	}
	out = append(out, spaced(text(runs, width, st), 6)...)
	return append(together(out), box{h: 3, gap: 6, draw: func(c *canvas, x, y float64) { c.rule(x, y, x+width, y, accent, 1) }})
}
