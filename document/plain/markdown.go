package plain

import (
	"slices"
	"strings"

	"theriac/document"
)

// markdown writes one document.
type markdown struct {
	set  *document.Set
	doc  *document.Document
	say  func(text string, args ...any) string
	ids  map[string]bool // anchors that were set
	at   string          // id of the section that is written
	line string          // and of the row
}

// Markdown is a document as Markdown.
func Markdown(set *document.Set, d *document.Document) ([]byte, error) {
	p := &markdown{set: set, doc: d, say: words(d).Say, ids: map[string]bool{}}
	out := p.head()
	if !d.Brief && !d.Reference && len(d.Sections) > 1 {
		out = append(out, "## "+p.say("Contents"))
		out = append(out, strings.Join(p.contents(d.Sections, 1), "\n"))
	}
	d.Walk(func(s *document.Section, depth int) {
		p.at = s.ID
		out = append(out, p.heading(s, depth))
		out = append(out, p.blocks(s.Blocks)...)
	})
	return []byte(strings.Join(out, "\n\n") + "\n"), nil
}

// head is the title and what identifies the document.
func (p *markdown) head() []string {
	d, stamp := p.doc, p.set.Stamp
	out := []string{"# " + escape(strings.TrimSpace(clean(d.Title)))}
	if sub := strings.TrimSpace(clean(d.Subtitle)); sub != "" {
		out = append(out, guard(escape(sub)))
	}
	rows := [][]string{{p.say("Product"), escape(stamp.Product)}}
	add := func(name, text string) {
		if strings.TrimSpace(text) != "" {
			rows = append(rows, []string{name, text})
		}
	}
	add(p.say("Manufacturer"), escape(stamp.Manufacturer))
	add(p.say("Release"), escape(stamp.Release))
	add(p.say("Document number"), escape(d.Number))
	add(p.say("Revision"), escape(d.Revision))
	add(p.say("Status"), p.status())
	if stamp.Baseline != "" {
		add(p.say("Baseline"), code(stamp.Baseline, true))
	}
	add(p.say("Date"), escape(stamp.Day))
	out = append(out, grid([]string{"---", "---"}, rows))
	if len(d.Signatures) > 0 {
		out = append(out, p.signatures())
	}
	return out
}

// status says whether the release is approved, and why.
func (p *markdown) status() string {
	words := "**" + p.say(p.set.Stamp.Standing()) + "**"
	for i, why := range p.set.Stamp.Reasons(p.doc.Language()) {
		if i == 0 {
			words += ": "
		} else {
			words += "; "
		}
		words += escape(why)
	}
	return words
}

func (p *markdown) signatures() string {
	t := p.doc.Approvals()
	var heads []string
	for _, c := range t.Columns {
		heads = append(heads, escape(c.Title))
	}
	rows := [][]string{heads}
	for i, r := range t.Rows {
		var cells []string
		for k, c := range r.Cells {
			switch {
			case t.Columns[k].Kind == document.Code:
				cells = append(cells, code(p.doc.Signatures[i].ID, true))
			case len(c.Lines) == 0:
				cells = append(cells, "")
			default:
				cells = append(cells, p.text(c.Lines[0], true))
			}
		}
		rows = append(rows, cells)
	}
	return grid(slices.Repeat([]string{"---"}, len(heads)), rows)
}

// heading is the title of a section; the first two depths of a document are its
// title and its chapters.
func (p *markdown) heading(s *document.Section, depth int) string {
	line := strings.Repeat("#", min(depth+1, 6)) + " " + p.title(s)
	if s.ID != "" {
		line += " " + p.anchor(s.ID)
	}
	return line
}

func (p *markdown) title(s *document.Section) string {
	title := strings.TrimSpace(escape(s.Title))
	if strings.HasSuffix(title, "#") { // not the end of the mark of a heading
		title = title[:len(title)-1] + `\#`
	}
	if s.Number != "" {
		return escape(s.Number) + " " + title
	}
	return guard(title)
}

// anchor makes a place for links; "" where there is one of this name.
func (p *markdown) anchor(id string) string {
	if id == "" || p.ids[id] {
		return ""
	}
	p.ids[id] = true
	return `<a id="` + destination(id) + `"></a>`
}

// contents lists chapters and their parts, two levels deep.
func (p *markdown) contents(list []*document.Section, depth int) []string {
	var lines []string
	for _, s := range list {
		title := p.title(s)
		if s.ID != "" {
			title = "[" + title + "](#" + destination(s.ID) + ")"
		}
		lines = append(lines, strings.Repeat("  ", depth-1)+"- "+title)
		if depth < 2 {
			lines = append(lines, p.contents(s.Sections, depth+1)...)
		}
	}
	return lines
}

// target is where a link leads from this file; "" for nowhere, and for the section or
// row that is written.
func (p *markdown) target(to document.Address) string {
	if to == "" {
		return ""
	}
	if to.Outside() {
		return destination(string(to))
	}
	if anchor, ok := p.set.Within(to, p.doc); ok && anchor != "" {
		if anchor == p.at || anchor == p.line {
			return ""
		}
		return "#" + destination(anchor)
	}
	at, ok := p.set.Find(to, p.doc)
	if ok && at.Document.Reference && !p.doc.Reference {
		at, ok = p.told(to)
	}
	if !ok {
		return ""
	}
	link := destination(p.set.FileName(at.Document)) + ".md"
	if a := at.Anchor(); a != "" {
		link += "#" + destination(a)
	}
	return link
}

// told is where a document that is read tells an entity or clause: in a row of its
// own, or else in a section. Documents to look things up are not written as Markdown
// beside the others.
func (p *markdown) told(to document.Address) (document.Place, bool) {
	_, id, _ := strings.Cut(string(to), ":")
	for _, d := range p.set.Documents {
		if d.Reference || d.Lang != p.doc.Lang {
			continue
		}
		if at, ok := p.set.Find(document.Address("doc:"+d.Name+"#"+id), d); ok && at.Document == d {
			return at, true
		}
	}
	for _, at := range p.set.Told(id) {
		if at.Document.Lang == p.doc.Lang {
			return at, true
		}
	}
	return document.Place{}, false
}

// grid is a table of which the first row is the head.
func grid(align []string, rows [][]string) string {
	var b strings.Builder
	for i, r := range rows {
		b.WriteString("| " + strings.Join(r, " | ") + " |\n")
		if i == 0 {
			b.WriteString("| " + strings.Join(align, " | ") + " |\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
