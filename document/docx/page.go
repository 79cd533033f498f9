package docx

import (
	"fmt"
	"strconv"
	"strings"
)

// page is a page, in twentieths of a point.
type page struct {
	width, height   int
	upright, across margins // of pages as they are, and of those in landscape
}

type margins struct{ top, right, bottom, left int }

// ownAcross are our margins in landscape, which leave room for pictures.
var ownAcross = margins{1134, 1020, 964, 1020}

// page reads the page of the last section; what it does not say, or says beyond reason, is
// that of A4.
func (b *base) page() page {
	size, margin := b.sect.kid("w:pgSz"), b.sect.kid("w:pgMar")
	p := page{width: measure(size, "w:w", 2835, 31680, 11906), height: measure(size, "w:h", 2835, 31680, 16838)}
	m := margins{
		top: measure(margin, "w:top", -7000, 7000, 1361), right: measure(margin, "w:right", 0, 7000, 1134),
		bottom: measure(margin, "w:bottom", -7000, 7000, 1191), left: measure(margin, "w:left", 0, 7000, 1247) + measure(margin, "w:gutter", 0, 3000, 0),
	}
	m.top, m.bottom = max(m.top, -m.top), max(m.bottom, -m.bottom)
	if p.width-m.left-m.right < 1440 {
		m.left, m.right = 0, max(0, p.width-1440)
	}
	p.upright, p.across = m, m
	if b.own {
		p.across = ownAcross
	}
	return p
}

func measure(n *node, name string, least, most, otherwise int) int {
	v, err := strconv.Atoi(n.attr(name))
	if err != nil || v < least || v > most {
		return otherwise
	}
	return v
}

// turns reports whether a page in landscape is wider than this one.
func (p page) turns() bool { return p.height > p.width }

// room is the width of the text.
func (p page) room(turned bool) int {
	if turned && p.turns() {
		return p.height - p.across.left - p.across.right
	}
	return p.width - p.upright.left - p.upright.right
}

// high is the height of the text.
func (p page) high(turned bool) int {
	if turned && p.turns() {
		return p.width - p.across.top - p.across.bottom
	}
	return p.height - p.upright.top - p.upright.bottom
}

// reference leads from a section to a header or footer.
type reference struct{ name, kind, id string }

// turn changes to landscape or back; the text before ends with its own section.
func (w *writer) turn(wide, first bool) {
	if first {
		w.turned = wide && w.page.turns()
		return
	}
	if wide == w.turned || !w.page.turns() {
		return
	}
	w.endSection()
	w.turned = wide
}

// endSection ends a section of pages. The space behind a table carries the mark, where
// the text ends with one.
func (w *writer) endSection() {
	w.space = false
	w.WriteString(w.paragraph("Table End", w.section(w.turned), ""))
	w.sections++
}

// flush writes the space behind a table that came before.
func (w *writer) flush() {
	if w.space {
		w.space = false
		w.WriteString(w.paragraph("Table End", "", ""))
	}
}

// section is the properties of a section of pages: those of the template, turned where
// asked.
func (w *writer) section(turned bool) string {
	n := must(`<w:sectPr/>`)
	for _, f := range w.frames[turned] {
		n.kids = append(n.kids, must(fmt.Sprintf(`<w:%s w:type="%s" r:id="%s"/>`, f.name, exact(f.kind), exact(f.id))))
	}
	placed := false
	for _, k := range w.base.sect.kids {
		switch k.name {
		case "w:headerReference", "w:footerReference", "w:type", "w:cols", "w:printerSettings", "w:sectPrChange":
			continue
		case "w:titlePg", "w:pgNumType":
			if w.sections > 0 || k.name == "w:titlePg" && w.base.own && w.d.Brief {
				continue
			}
		case "w:pgSz":
			k = w.size(turned)
		case "w:pgMar":
			if m := w.page.across; turned && w.base.own {
				k = must(fmt.Sprintf(`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="397" w:gutter="0"/>`, m.top, m.right, m.bottom, m.left))
			}
		}
		if !placed && k.name != "w:footnotePr" && k.name != "w:endnotePr" {
			placed = true
			n.kids = append(n.kids, must(`<w:type w:val="nextPage"/>`))
		}
		n.kids = append(n.kids, k)
	}
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (w *writer) size(turned bool) *node {
	p := w.page
	if turned && p.turns() {
		return must(fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d" w:orient="landscape"/>`, p.height, p.width))
	}
	orient := ""
	if p.width > p.height {
		orient = ` w:orient="landscape"`
	}
	return must(fmt.Sprintf(`<w:pgSz w:w="%d" w:h="%d"%s/>`, p.width, p.height, orient))
}
