package docx

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // logos
	_ "image/png"
	"strings"

	"theriac/document"
)

// front writes what comes before the sections: the first page and the contents, or the
// title alone.
func (w *writer) front() error {
	for _, n := range w.base.front {
		n.write(&w.Builder)
	}
	switch {
	case w.d.Brief && len(w.base.front) == 0:
		w.title()
		return nil
	case w.d.Brief:
		return nil
	}
	if len(w.base.front) == 0 {
		if err := w.cover(); err != nil {
			return err
		}
	}
	w.contents()
	if len(w.d.Sections) > 0 {
		w.endSection()
	}
	return nil
}

// behind writes what the template has behind our text, and the last section of pages.
func (w *writer) behind() {
	if len(w.base.back) > 0 {
		w.flush()
		if w.turned {
			w.endSection()
			w.turned = false
		}
		for _, n := range w.base.back {
			n.write(&w.Builder)
		}
	}
	w.flush()
	w.WriteString(w.section(w.turned))
}

func (w *writer) title() {
	w.WriteString(w.paragraph("Title", "", w.atTop(w.plainRun(w.d.Title, ""))))
	if w.d.Subtitle != "" {
		w.WriteString(w.paragraph("Subtitle", "", w.plainRun(w.d.Subtitle, "")))
	}
}

// cover writes the first page.
func (w *writer) cover() error {
	if err := w.logo(); err != nil {
		return err
	}
	w.WriteString(w.paragraph("Normal", `<w:spacing w:before="1700" w:after="0"/>`, ""))
	w.title()
	w.facts()
	w.approvals()
	w.WriteString(w.paragraph("Table End", "", `<w:r><w:br w:type="page"/></w:r>`))
	return nil
}

// fact is a line of the first page.
type fact struct{ name, runs string }

// facts tells what the document is of, and what state it has.
func (w *writer) facts() {
	s := w.set.Stamp
	status := w.plainRun(w.status(), w.character("Badge Partly"))
	if s.Approved {
		status = w.plainRun(w.status(), w.character("Badge Good"))
	}
	for _, why := range s.Reasons(w.say) {
		status += `<w:r><w:br/></w:r>` + w.plainRun(why, "")
	}
	list := []fact{
		{"Product", w.plainRun(s.Product, "")}, {"Manufacturer", w.plainRun(s.Manufacturer, "")}, {"Release", w.plain(s.Release)},
		{"Document number", w.plain(w.d.Number)}, {"Revision", w.plain(w.d.Revision)}, {"Status", status},
		{"Baseline (SHA-256)", w.plainRun(s.Baseline, w.character("Code Text")+`<w:sz w:val="16"/><w:szCs w:val="16"/>`)}, {"As judged on", w.plain(s.Day)},
	}
	widths := []int{2835, w.page.room(false) - 2835}
	w.WriteString(tableStart(w.id("Fact Table"), widths, ""))
	for _, f := range list {
		if f.runs == "" {
			f.runs = w.plainRun("–", "")
		}
		w.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>` + cell(widths[0], "", w.paragraph("Normal", "", w.plainRun(w.say.Say(f.name), w.character("Faint")))) +
			cell(widths[1], "", w.paragraph("Normal", "", f.runs)) + `</w:tr>`)
	}
	w.WriteString(`</w:tbl>`)
}

// plain is a run, or nothing for "".
func (w *writer) plain(s string) string {
	if s == "" {
		return ""
	}
	return w.plainRun(s, "")
}

// approvals lists who approved the document.
func (w *writer) approvals() {
	w.WriteString(w.paragraph("Normal", `<w:keepNext/><w:spacing w:before="480" w:after="80"/>`, w.plainRun(w.say.Say(document.ApprovalsTitle), `<w:b/><w:color w:val="`+deep+`"/>`)))
	if len(w.d.Signatures) == 0 {
		w.WriteString(w.paragraph("Body Text", "", w.plainRun(w.say.Say("No approval of this document is on record."), "")))
		return
	}
	w.table(w.d.Approvals(), w.page.room(false))
	w.flush()
}

// Measures of logos, in EMU.
const (
	emuPoint = 12700
	emuTwip  = emuPoint / 20
	logoWide = 170 * emuPoint
	logoHigh = 70 * emuPoint
)

// logo writes the picture of the manufacturer.
func (w *writer) logo() error {
	data := w.set.Design.Logo
	if len(data) == 0 {
		return nil
	}
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("the logo is no PNG or JPEG that can be read: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > 1<<15 || c.Height > 1<<15 {
		return fmt.Errorf("the logo has %d by %d pixels", c.Width, c.Height)
	}
	scale := min(float64(logoWide)/float64(c.Width), float64(logoHigh)/float64(c.Height))
	id := w.base.add("image", "media/logo."+format, &part{kind: "image/" + format, data: data})
	w.WriteString(w.paragraph("Normal", "", w.inline(id, int(float64(c.Width)*scale), int(float64(c.Height)*scale), "logo", w.set.Stamp.Manufacturer)))
	return nil
}

// contents writes the contents as a field, filled but for the page numbers.
func (w *writer) contents() {
	depth := w.contentsDepth()
	var entries []string
	var walk func(list []*document.Section, level int)
	walk = func(list []*document.Section, level int) {
		if level > depth {
			return
		}
		for _, s := range list {
			entries = append(entries, w.entry(s, level))
			walk(s.Sections, level+1)
		}
	}
	walk(w.d.Sections, 1)
	if len(entries) == 0 {
		return
	}
	w.WriteString(`<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>`)
	w.WriteString(w.paragraph("TOC Heading", unnumbered+`<w:outlineLvl w:val="9"/>`, w.plainRun(w.say.Say("Contents"), "")))
	begin := `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-` + fmt.Sprint(depth) + `" \h \z \u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>`
	entries[0] = strings.Replace(entries[0], `</w:pPr>`, `</w:pPr>`+begin, 1)
	for _, e := range entries {
		w.WriteString(e)
	}
	w.WriteString(w.paragraph("Normal", "", `<w:r><w:fldChar w:fldCharType="end"/></w:r>`))
	w.WriteString(`</w:sdtContent></w:sdt>`)
	w.base.updateFields()
}

// mostEntries is how many entries the contents may have before they list one level less.
const mostEntries = 160

func (w *writer) contentsDepth() int {
	var count [contentsDepth + 1]int
	w.d.Walk(func(_ *document.Section, depth int) {
		for i := depth; i <= contentsDepth; i++ {
			count[i]++
		}
	})
	depth := contentsDepth
	for depth > 1 && count[depth] > mostEntries {
		depth--
	}
	return depth
}

func (w *writer) entry(s *document.Section, level int) string {
	text := w.plainRun(s.Title, "")
	if s.Number != "" {
		text = w.plainRun(s.Number+"\t"+s.Title, "")
	}
	mark := w.anchors[s.ID]
	return w.paragraph(fmt.Sprintf("toc %d", level), contentsTabs(level, w.page),
		`<w:hyperlink w:anchor="`+mark+`" w:history="1">`+text+`<w:r><w:tab/></w:r>`+field("PAGEREF "+mark+` \h`, "", "")+`</w:hyperlink>`)
}
