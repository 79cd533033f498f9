package docx

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"theriac/document"
)

// paragraph is a paragraph of a style, with further properties and with runs.
func (w *writer) paragraph(style, properties, runs string) string {
	return `<w:p><w:pPr><w:pStyle w:val="` + w.id(style) + `"/>` + properties + `</w:pPr>` + runs + `</w:p>`
}

// id is the id of a style, for an attribute.
func (w *writer) id(style string) string { return esc(w.style[strings.ToLower(style)]) }

// plainRun is a run of text with properties. Line breaks and tabs are kept.
func (w *writer) plainRun(text, properties string) string {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	return `<w:r>` + properties + textMarkup(text) + `</w:r>`
}

// textMarkup is what is in a run.
func textMarkup(text string) string {
	var b strings.Builder
	from := 0
	text = clean(text)
	put := func(s string) {
		if s != "" {
			b.WriteString(`<w:t xml:space="preserve">`)
			escapeTo(&b, s)
			b.WriteString(`</w:t>`)
		}
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			put(text[from:i])
			b.WriteString(`<w:br/>`)
			from = i + 1
		case '\t':
			put(text[from:i])
			b.WriteString(`<w:tab/>`)
			from = i + 1
		}
	}
	put(text[from:])
	return b.String()
}

func (w *writer) character(style string) string { return `<w:rStyle w:val="` + w.id(style) + `"/>` }

// runs are the spans of a text. In columns of code all is monospaced.
func (w *writer) runs(t document.Text, code bool) string {
	var b strings.Builder
	for _, s := range t {
		if s.Text == "" {
			continue
		}
		if code && s.Tone == document.Plain {
			s.Style |= document.Mono
		}
		open, style, end := w.link(s.To)
		run := w.plainRun(s.Text, w.look(s, style))
		if s.Tone != document.Plain {
			run = w.plainRun("\u00a0"+s.Text+"\u00a0", w.look(s, style))
		}
		b.WriteString(open + run + end)
	}
	return b.String()
}

// look is the properties of a span. A run has one style: that of its tone or link comes
// before the others, which are then stated.
func (w *writer) look(s document.Span, link string) string {
	name, stated := link, ""
	if int(s.Tone) < len(badges) && s.Tone != document.Plain {
		name = badges[s.Tone].name
	}
	fonts, colour := "", ""
	if s.Style&document.Mono != 0 {
		if name == "" {
			name = "Code Text"
		} else {
			fonts = mono
		}
	}
	if s.Style&document.Faint != 0 {
		if name == "" {
			name = "Faint"
		} else if link == "" && s.Tone == document.Plain {
			colour = `<w:color w:val="` + faint + `"/>`
		}
	}
	if s.Style&document.Strong != 0 {
		stated += `<w:b/>`
	}
	if s.Style&document.Emphasis != 0 {
		stated += `<w:i/>`
	}
	if name != "" {
		name = w.character(name)
	}
	return name + fonts + stated + colour
}

// link is what stands around a run that leads somewhere, and the style of the run.
func (w *writer) link(to document.Address) (open, style, end string) {
	if to == "" {
		return "", "", ""
	}
	if to.Outside() {
		id := w.outside(string(to))
		if id == "" {
			return "", "", ""
		}
		return `<w:hyperlink r:id="` + exact(id) + `" w:history="1">`, "Hyperlink", `</w:hyperlink>`
	}
	anchor, ok := w.set.Within(to, w.d)
	mark := w.anchors[anchor]
	if !ok || mark == "" {
		return "", "", ""
	}
	return `<w:hyperlink w:anchor="` + mark + `" w:history="1">`, "Cross Reference", `</w:hyperlink>`
}

// outside is the relation to an address; "" where it is none that may be followed.
func (w *writer) outside(address string) string {
	address = webAddress(address)
	if address == "" {
		return ""
	}
	if w.links[address] == "" {
		w.links[address] = w.base.document().relate("hyperlink", address, true)
	}
	return w.links[address]
}

// longestAddress is what word processors can follow.
const longestAddress = 2000

// webAddress is an address as it must be written, in ASCII; "" where it is not one of
// the web or of mail.
func webAddress(address string) string {
	address = strings.TrimSpace(address)
	u, err := url.Parse(address)
	if err != nil || strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' }) {
		return ""
	}
	switch u.Scheme {
	case "https", "http":
		if u.Host == "" {
			return ""
		}
	case "mailto":
		if u.Host != "" || !strings.Contains(u.Opaque, "@") {
			return ""
		}
	default:
		return ""
	}
	if address = escapeAddress(address); len(address) > longestAddress {
		return ""
	}
	return address
}

// escapeAddress escapes what may not stand in an address, byte by byte.
func escapeAddress(s string) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		_, err := hex.DecodeString(s[min(i+1, len(s)):min(i+3, len(s))])
		if c <= ' ' || c > '~' || strings.IndexByte("\"<>\\^{|}`", c) >= 0 || c == '%' && (err != nil || i+2 >= len(s)) {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// mark is the place that a statement came from, small and linked to the line; nothing
// for one that is no statement of the security file, and for readers who have none.
func (w *writer) mark(s document.Source) string {
	text := ""
	switch {
	case w.d.Quiet:
		return ""
	case s.Path != "" && s.Line > 0:
		text = s.Path + ":" + strconv.Itoa(s.Line)
	case s.Path != "":
		text = s.Path
	case s.Evidence != "":
		text = s.Evidence
	default:
		return "" // ours, or of a clause, which the text names
	}
	open, end := "", ""
	if id := w.outside(string(w.set.Design.Line(s))); s.Path != "" && id != "" {
		open, end = `<w:hyperlink r:id="`+exact(id)+`" w:history="1">`, `</w:hyperlink>`
	}
	return w.plainRun(" ", "") + open + w.plainRun("["+text+"]", w.character("Source Mark")) + end
}

// anchorsOf gives each place of a document that links may lead to a bookmark.
func anchorsOf(d *document.Document) map[string]string {
	names, used := map[string]string{}, map[string]bool{}
	add := func(anchor string) {
		if _, known := names[anchor]; known {
			return
		}
		name := bookmark(anchor, used)
		used[strings.ToLower(name)] = true
		names[anchor] = name
	}
	add("")
	d.Walk(func(s *document.Section, _ int) {
		add(s.ID)
		document.Blocks(s.Blocks, func(b document.Block) {
			switch b := b.(type) {
			case *document.Table:
				add(b.ID)
				for _, r := range b.Rows {
					add(r.ID)
				}
			case *document.Picture:
				add(b.ID)
			}
		})
	})
	return names
}

// bookmark is the name of a bookmark: at most 40 letters, digits and underscores, the
// first one a letter.
func bookmark(anchor string, used map[string]bool) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, anchor)
	if name == "" {
		name = "document"
	}
	if c := name[0]; c >= '0' && c <= '9' || c == '_' {
		name = "s" + name
	}
	if len(name) > 40 || used[strings.ToLower(name)] {
		sum := sha256.Sum256([]byte(anchor))
		name = name[:min(len(name), 31)] + "_" + hex.EncodeToString(sum[:4])
	}
	return name
}

// at puts the bookmarks of anchors around runs, of each where it is first.
func (w *writer) at(runs string, anchors ...string) string {
	for _, a := range anchors {
		if a != "" {
			runs = w.bookmarked(runs, a)
		}
	}
	return runs
}

// atTop is runs at the top of the document.
func (w *writer) atTop(runs string) string { return w.bookmarked(runs, "") }

func (w *writer) bookmarked(runs, anchor string) string {
	name := w.anchors[anchor]
	if name == "" || w.placed[anchor] {
		return runs
	}
	w.placed[anchor] = true
	w.marks++
	return fmt.Sprintf(`<w:bookmarkStart w:id="%d" w:name="%s"/>%s<w:bookmarkEnd w:id="%[1]d"/>`, markBase+w.marks, name, runs)
}

// markBase is above the numbers of bookmarks that a template may have.
const markBase = 100000

// field is a field with the result that stands until it is updated.
func field(instruction, result, properties string) string {
	if properties != "" {
		properties = `<w:rPr>` + properties + `</w:rPr>`
	}
	char := func(kind string) string {
		return `<w:r>` + properties + `<w:fldChar w:fldCharType="` + kind + `"/></w:r>`
	}
	return char("begin") + `<w:r>` + properties + `<w:instrText xml:space="preserve"> ` + esc(instruction) + ` </w:instrText></w:r>` + char("separate") +
		`<w:r>` + properties + textMarkup(result) + `</w:r>` + char("end")
}
