package html

import (
	"slices"
	"strconv"

	"theriac/document"
)

// sections writes sections and those below them. Depth is 1 for chapters, which are
// h2 under the title of the document.
func (p *page) sections(list []*document.Section, depth int) {
	for _, s := range list {
		p.section = s.ID
		p.put("<section")
		p.attr("id", p.anchors[s])
		if p.doc.Reference {
			p.put(` class="entry"`)
		}
		p.put(">")
		p.heading(s, depth)
		p.blocks(s.Blocks, document.Source{})
		p.told(s)
		p.sections(s.Sections, depth+1)
		p.put("</section>\n")
	}
}

var levels = [...]markup{"h2", "h3", "h4", "h5", "h6"}

// heading writes the title of a section. Its number leads to itself, so that the
// address can be copied; documents to look things up have the id there.
func (p *page) heading(s *document.Section, depth int) {
	level := levels[min(depth, len(levels))-1]
	p.put("<", level, ">")
	switch {
	case p.doc.Reference:
		p.text(s.Title)
		if s.ID != s.Title {
			p.put(` <a class="id"`)
			p.attr("href", "#"+p.anchors[s])
			p.put(">")
			p.text(s.ID)
			p.put("</a>")
		}
	case s.Number != "":
		p.put(`<a class="number"`)
		p.attr("href", "#"+p.anchors[s])
		p.put(">")
		p.text(s.Number)
		p.put("</a> ")
		p.text(s.Title)
	default:
		p.text(s.Title)
	}
	p.put("</", level, ">\n")
}

// maxTold bounds how many places are named in which an entity is told.
const maxTold = 40

// told lists where the documents tell what a section of a reference is about.
func (p *page) told(s *document.Section) {
	if !p.doc.Reference || p.single {
		return
	}
	var places []document.Place
	for _, t := range p.site.set.Told(s.ID) {
		if p.site.langs[t.Document.Name][0] == t.Document {
			places = append(places, t)
		}
	}
	if len(places) == 0 {
		return
	}
	p.put(`<p class="told">`)
	p.label("Told in")
	p.put(`</p><ul class="told">`)
	for _, t := range places[:min(len(places), maxTold)] {
		p.put("<li>")
		p.link(p.hrefOf(t), t.Words())
		p.put("</li>")
	}
	if more := len(places) - maxTold; more > 0 {
		p.put("<li>")
		p.label("and %d more", more)
		p.put("</li>")
	}
	p.put("</ul>\n")
}

// blocks writes blocks. Within is the source of what they are in, which is not marked
// again.
func (p *page) blocks(list []document.Block, within document.Source) {
	for _, b := range list {
		p.block(b, within)
		p.put("\n")
	}
}

func (p *page) block(b document.Block, within document.Source) {
	switch b := b.(type) {
	case *document.Paragraph:
		p.put("<p>")
		p.paragraph(b, within)
		p.put("</p>")
	case *document.List:
		p.list(b)
	case *document.Terms:
		p.terms(b)
	case *document.Table:
		p.table(b)
	case *document.Picture:
		p.picture(b)
	case *document.Callout:
		p.callout(b, within)
	case *document.Listing:
		p.listing(b, within)
	}
}

func (p *page) listing(b *document.Listing, within document.Source) {
	p.put(`<div class="listing"><pre><code>`)
	p.text(b.Text)
	p.put("</code></pre>")
	if b.Source != within && !b.Source.IsZero() && !p.single && !p.doc.Quiet {
		p.put(`<p class="from">`)
		p.mark(b.Source)
		p.put("</p>")
	}
	p.put("</div>")
}

func (p *page) paragraph(b *document.Paragraph, within document.Source) {
	p.line(b.Text)
	if b.Source != within {
		p.mark(b.Source)
	}
}

// inside writes the blocks of an item, a paragraph that is alone as its text, and says
// where the item came from.
func (p *page) inside(list []document.Block, source document.Source) {
	if len(list) == 1 {
		if only, ok := list[0].(*document.Paragraph); ok {
			p.paragraph(only, source)
			p.mark(source)
			return
		}
	}
	if len(list) > 0 {
		if first, ok := list[0].(*document.Paragraph); ok {
			p.put("<p>")
			p.paragraph(first, source)
			p.mark(source)
			p.put("</p>")
			p.blocks(list[1:], source)
			return
		}
	}
	p.mark(source)
	p.blocks(list, source)
}

func (p *page) list(l *document.List) {
	if len(l.Items) == 0 {
		return
	}
	element := markup("ul")
	if l.Ordered {
		element = "ol"
	}
	p.put("<", element, ">\n")
	for _, it := range l.Items {
		p.put("<li>")
		p.inside(it.Blocks, it.Source)
		p.put("</li>\n")
	}
	p.put("</", element, ">")
}

// terms writes names with what is said of them; a name that comes again at once is
// written once.
func (p *page) terms(t *document.Terms) {
	if len(t.Terms) == 0 {
		return
	}
	p.put("<dl>\n")
	for i, it := range t.Terms {
		if i == 0 || !slices.Equal(it.Name, t.Terms[i-1].Name) {
			if i > 0 {
				p.put("</div>\n")
			}
			p.put("<div><dt>")
			p.line(it.Name)
			p.put("</dt>")
		}
		p.put("<dd>")
		p.inside(it.Blocks, it.Source)
		p.put("</dd>")
	}
	p.put("</div>\n</dl>")
}

// callouts are the labels and looks of the callouts.
var callouts = map[document.CalloutKind]struct {
	look
	label string
}{
	document.Warning: {look{"warning", "_warning"}, "Warning"},
	document.Caution: {look{"caution", "_caution"}, "Caution"},
	document.Note:    {look{"note", "_note"}, "Note"},
	document.Gap:     {look{"gap", "_gap"}, "Open"},
}

func (p *page) callout(c *document.Callout, within document.Source) {
	kind, known := callouts[c.Kind]
	if !known {
		kind = callouts[document.Note]
	}
	label := p.words.say(kind.label)
	p.put(`<div role="note" class="callout `, kind.class, `"><p class="label">`)
	p.icon(kind.icon)
	p.text(label)
	if c.Title != "" && c.Title != label {
		p.put(`: <span class="about">`)
		p.text(c.Title)
		p.put("</span>")
	}
	if c.Source != within {
		p.mark(c.Source)
	}
	p.put("</p>\n")
	p.blocks(c.Blocks, c.Source)
	p.put("</div>")
}

// link writes a link of ours.
func (p *page) link(href, text string) {
	p.put("<a")
	p.attr("href", href)
	p.put(">")
	p.text(text)
	p.put("</a>")
}

// label writes a label of ours.
func (p *page) label(text string, args ...any) { p.text(p.words.say(text, args...)) }

// name chooses the anchors of a page: that of a section is its id; where an id comes
// twice, the first keeps it, as document.Set.Find has it.
func (p *page) name() {
	p.rows = map[string]bool{}
	p.anchors = map[*document.Section]string{}
	taken := map[string]bool{}
	p.doc.Walk(func(s *document.Section, _ int) {
		a := anchor(s.ID)
		for n := 2; a == "" || taken[a]; n++ {
			a = anchor(s.ID) + "~" + strconv.Itoa(n)
		}
		taken[a], p.anchors[s] = true, a
		document.Blocks(s.Blocks, func(b document.Block) {
			if t, ok := b.(*document.Table); ok {
				for _, r := range t.Rows {
					if a := anchor(r.ID); a != "" && !taken[a] {
						taken[a], p.rows[a] = true, true
					}
				}
			}
		})
	})
	p.taken = taken
}
