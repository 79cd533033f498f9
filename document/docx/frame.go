package docx

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// addFrames gives both kinds of pages their headers and footers: those of the template,
// and ours where it has none. A template that does not say what state the document is
// of gets our line in its footers.
func (w *writer) addFrames(says bool) {
	var theirs []reference
	has := map[string]bool{}
	for _, n := range w.base.sect.kids {
		if n.name == "w:headerReference" || n.name == "w:footerReference" {
			r := reference{strings.TrimPrefix(n.name, "w:"), n.attr("w:type"), n.attr("r:id")}
			if r.kind == "" {
				r.kind = "default"
			}
			theirs = append(theirs, r)
			has[r.name+" "+r.kind] = true
		}
	}
	if !says {
		w.stampFooters(theirs)
	}
	for _, turned := range []bool{false, true} {
		list := theirs
		if !has["headerReference default"] {
			list = append(list[:len(list):len(list)], reference{"headerReference", "default", w.running("header", turned)})
		}
		if !has["footerReference default"] {
			list = append(list[:len(list):len(list)], reference{"footerReference", "default", w.running("footer", turned)})
		}
		w.frames[turned] = list
	}
}

// stampFooters adds our line to footers of the template.
func (w *writer) stampFooters(list []reference) {
	for _, ref := range list {
		for _, r := range w.base.document().relations {
			p := w.base.parts[r.target]
			if ref.name == "footerReference" && r.id == ref.id && p != nil && p.root != nil {
				p.root.kids = append(p.root.kids, markup(w.paragraph("footer", "", w.plainRun(w.stampLine(), "")+w.plainRun(" · ", "")+w.statusRun())))
			}
		}
	}
}

// running adds our header or footer for pages upright or in landscape, and gives the id
// of its relation.
func (w *writer) running(kind string, turned bool) string {
	room := w.page.room(turned)
	name, root, content := kind+"-portrait.xml", "w:hdr", ""
	if turned {
		name = kind + "-landscape.xml"
	}
	if kind == "header" {
		content = w.header(room)
	} else {
		root, content = "w:ftr", w.footer(room)
	}
	data := xmlHead + `<` + root + ` xmlns:w="` + nsMain + `" xmlns:r="` + nsRelations + `">` + content + `</` + root + `>`
	return w.base.add(kind, name, &part{kind: contentWord + kind + "+xml", data: []byte(data)})
}

// header names the product on the left and the document on the right.
func (w *writer) header(room int) string {
	const letter = 92 // twips, about
	width := min(max(utf8.RuneCountInString(w.set.Stamp.Product)*letter, room/5), room/2)
	left := w.runningCell(width, "left", w.plainRun(w.set.Stamp.Product, `<w:b/>`))
	right := w.runningCell(room-width, "right", w.plainRun(w.identity(), ""))
	return w.runningRow("bottom", left, right) + w.paragraph("Table End", "", "")
}

// identity is the title of the document with its number and revision.
func (w *writer) identity() string {
	parts := []string{w.d.Title}
	if w.d.Number != "" {
		parts = append(parts, w.d.Number)
	}
	if w.d.Revision != "" {
		parts = append(parts, w.say.Say("Revision")+" "+w.d.Revision)
	}
	return strings.Join(parts, " · ")
}

// footer says the state on the left, whether it is a draft in the middle, and the page
// on the right.
func (w *writer) footer(room int) string {
	side := room * 2 / 5
	left := w.runningCell(side, "left", w.plainRun(w.stampLine(), ""))
	middle := w.runningCell(room-2*side, "center", w.statusRun())
	right := w.runningCell(side, "right", w.pageOfPages())
	return w.paragraph("Table End", "", "") + w.runningRow("top", left, middle, right) + w.paragraph("Table End", "", "")
}

// stampLine is the release with the first digits of the baseline.
func (w *writer) stampLine() string {
	var parts []string
	if r := w.set.Stamp.Release; r != "" {
		parts = append(parts, w.say.Say("Release")+" "+r)
	}
	if b := w.set.Stamp.Baseline; b != "" {
		parts = append(parts, w.say.Say("Baseline")+" "+short(b))
	}
	return strings.Join(parts, " · ")
}

func (w *writer) status() string { return w.say.Say(w.set.Stamp.Standing()) }

func (w *writer) statusRun() string {
	colour := "B3261E"
	if w.set.Stamp.Approved {
		colour = "1C5D3A"
	}
	return w.plainRun(w.status(), `<w:b/><w:color w:val="`+colour+`"/>`)
}

// pageOfPages counts pages, in the order of the language.
func (w *writer) pageOfPages() string {
	var b strings.Builder
	for _, p := range pieces(w.say.Say("Page %d of %d")) {
		switch p.arg {
		case 1:
			b.WriteString(field("PAGE", "1", ""))
		case 2:
			b.WriteString(field("NUMPAGES", "1", ""))
		default:
			b.WriteString(w.plainRun(p.text, ""))
		}
	}
	return b.String()
}

func (w *writer) runningRow(side string, cells ...string) string {
	return `<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:` + side + ` w:val="single" w:sz="4" w:space="0" w:color="` + rule + `"/></w:tblBorders>` +
		`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="0" w:type="dxa"/><w:bottom w:w="40" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>` +
		grid(cells) + `<w:tr>` + strings.Join(cells, "") + `</w:tr></w:tbl>`
}

// grid is the columns of a row of running cells, from the widths that they state.
func grid(cells []string) string {
	var b strings.Builder
	b.WriteString(`<w:tblGrid>`)
	for _, c := range cells {
		_, rest, _ := strings.Cut(c, `<w:tcW w:w="`)
		width, _, _ := strings.Cut(rest, `"`)
		b.WriteString(`<w:gridCol w:w="` + width + `"/>`)
	}
	b.WriteString(`</w:tblGrid>`)
	return b.String()
}

func (w *writer) runningCell(width int, side, runs string) string {
	return fmt.Sprintf(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>%s</w:tc>`, width, w.paragraph("header", `<w:jc w:val="`+side+`"/>`, runs))
}

// piece is a piece of a sentence: a text, or the place of an argument, from 1.
type piece struct {
	text string
	arg  int
}

// pieces divides a sentence of fmt at its arguments, %d or %[2]d.
func pieces(format string) []piece {
	var list []piece
	next := 1
	for {
		before, after, found := strings.Cut(format, "%")
		if before != "" {
			list = append(list, piece{text: before})
		}
		if !found {
			return list
		}
		arg := next
		if number, rest, ok := strings.Cut(after, "]"); ok && strings.HasPrefix(number, "[") {
			if n, err := strconv.Atoi(number[1:]); err == nil {
				arg, after = n, rest
			}
		}
		next = arg + 1
		list = append(list, piece{arg: arg})
		format = strings.TrimPrefix(after, "d")
	}
}
