package html

import (
	"fmt"
	"strconv"

	"theriac/document"
)

// index writes the page on which a reader begins.
func (s *site) index() []byte {
	p := &page{site: s, base: Folder + "/", words: english()}
	stamp := s.set.Stamp
	p.head("en", of(stamp)+" · "+p.words.say("Documentation"))
	p.put("<body>\n")
	p.bar()
	p.put(`<main id="_main" class="index" tabindex="-1">` + "\n" + `<header class="title">` + "\n<h1>")
	p.text(stamp.Product)
	p.put("</h1>\n" + `<p class="subtitle">`)
	p.label("Technical documentation of security")
	if stamp.Release != "" {
		p.put(", ")
		p.label("release %s", stamp.Release)
	}
	p.put("</p>\n")
	p.indexFacts()
	p.standing()
	p.put("</header>\n")
	open := s.gaps()
	p.begin(open)
	p.catalogue(0)
	p.catalogue(1)
	p.machine()
	p.reference(2)
	p.reference(3)
	p.openPoints(open)
	p.put("</main>\n")
	p.footer()
	p.put("</body>\n</html>\n")
	return p.Bytes()
}

func (p *page) indexFacts() {
	s := p.site.set.Stamp
	p.put(`<dl class="facts">` + "\n")
	p.fact("Manufacturer", s.Manufacturer)
	p.fact("Release", s.Release)
	p.fact("Judged on", s.Day)
	p.put(`<div class="whole"><dt>`)
	p.label("Baseline")
	p.put("</dt><dd><code>")
	p.text(s.Baseline)
	p.put("</code></dd></div>\n</dl>\n")
}

// gap is something that no document could tell.
type gap struct {
	place document.Place
	text  string
}

// gaps lists what is open, by document in reading order.
func (s *site) gaps() []gap {
	var list []gap
	for _, d := range s.set.Documents {
		if d.Reference || s.langs[d.Name][0] != d {
			continue
		}
		d.Walk(func(sec *document.Section, _ int) {
			document.Blocks(sec.Blocks, func(b document.Block) {
				c, ok := b.(*document.Callout)
				if !ok || c.Kind != document.Gap {
					return
				}
				g := gap{place: document.Place{Document: d, Section: sec}}
				for _, inner := range c.Blocks {
					if para, ok := inner.(*document.Paragraph); ok && g.text == "" {
						g.text = para.Text.String()
					}
				}
				list = append(list, g)
			})
		})
	}
	return list
}

// begin says where to begin.
func (p *page) begin(open []gap) {
	p.put(`<section class="begin"><h2>`)
	p.label("Where to begin")
	p.put("</h2>\n<ul>\n")
	for _, d := range p.site.set.Documents {
		if d.Reference {
			continue
		}
		p.put("<li>")
		p.label("To read all of it in order:")
		p.put(" ")
		p.link(p.base+p.site.files[d], d.Title)
		p.put("</li>\n")
		break
	}
	p.put(`<li class="scripted">`)
	p.label("To find an entity, section or clause: press / and type its id or words of its title.")
	p.put("</li>\n")
	if len(open) > 0 {
		p.put("<li>")
		p.label("To see what the documents leave open:")
		p.put(" ")
		p.link("#_open", p.words.say("gaps (%d)", len(open)))
		p.put("</li>\n")
	}
	if len(p.site.set.Files) > 0 {
		p.put("<li>")
		p.label("To set up firewalls, scanners and inventories:")
		p.put(" ")
		p.link("#_machine", p.words.say("files for machines (%d)", len(p.site.set.Files)))
		p.put("</li>\n")
	}
	p.put("</ul></section>\n")
}

// catalogue lists the documents of a group.
func (p *page) catalogue(g int) {
	begun := false
	for _, d := range p.site.set.Documents {
		if group(d) != g || p.site.langs[d.Name][0] != d {
			continue
		}
		if !begun {
			begun = true
			p.groupHeading(g)
			p.put(`<div class="scroll" role="region" tabindex="0"`)
			p.attr("aria-labelledby", "_of-"+groups[g].id)
			p.put(`><table class="documents"><colgroup><col class="w60"><col class="w22"><col class="w18"></colgroup><thead><tr>`)
			for _, c := range []string{"Document", "Number", "Signatures"} {
				p.put(`<th scope="col">`)
				p.label(c)
				p.put("</th>")
			}
			p.put("</tr></thead>\n<tbody>\n")
		}
		p.catalogued(d)
	}
	if begun {
		p.put("</tbody></table></div></section>\n")
	}
}

// groupHeading begins a part of the first page.
func (p *page) groupHeading(g int) {
	p.put("<section><h2")
	p.attr("id", "_of-"+groups[g].id)
	p.put(">")
	p.label(groups[g].heading)
	p.put("</h2>\n")
}

func (p *page) catalogued(d *document.Document) {
	p.put(`<tr><th scope="row">`)
	p.link(p.base+p.site.files[d], d.Title)
	for _, other := range p.site.langs[d.Name][1:] {
		p.put(` <span class="languages">`)
		p.inLanguage(other)
		p.put("</span>")
	}
	if d.Subtitle != "" {
		p.put(`<span class="subtitle">`)
		p.text(d.Subtitle)
		p.put("</span>")
	}
	p.put("</th><td>")
	p.text(joined(", ", d.Number, revision(p.words, d)))
	p.put("</td><td>")
	valid := 0
	for _, s := range d.Signatures {
		if s.Valid {
			valid++
		}
	}
	switch {
	case len(d.Signatures) == 0:
		p.put(`<span class="faint">`)
		p.label("none")
		p.put("</span>")
	case valid == len(d.Signatures):
		p.badge(document.Good, p.words.say("%d signed", valid))
	default:
		p.badge(document.Bad, p.words.say("%d of %d count", valid, len(d.Signatures)))
	}
	p.put("</td></tr>\n")
}

// machine lists the files for machines.
func (p *page) machine() {
	files := p.site.set.Files
	if len(files) == 0 {
		return
	}
	p.put(`<section><h2 id="_machine">`)
	p.label("Files for machines")
	p.put("</h2>\n" + `<div class="scroll" role="region" tabindex="0" aria-labelledby="_machine"><table class="documents"><thead><tr>`)
	for _, c := range []string{"File", "What it is"} {
		p.put(`<th scope="col">`)
		p.label(c)
		p.put("</th>")
	}
	p.put(`<th scope="col" class="figure">`)
	p.label("Size")
	p.put("</th></tr></thead>\n<tbody>\n")
	for _, f := range files {
		p.put(`<tr><th scope="row">`)
		p.link("machine/"+escapePath(f.Name), f.Name)
		p.put("</th><td>")
		p.text(f.Title)
		p.put(`</td><td class="figure">`)
		p.text(size(len(f.Bytes)))
		p.put("</td></tr>\n")
	}
	p.put("</tbody></table></div></section>\n")
}

// size is a number of bytes as people say it.
func size(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n) + " B"
	case n < 1000_000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// reference lists the documents of a group to look things up in.
func (p *page) reference(g int) {
	begun := false
	for _, d := range p.site.set.Documents {
		if group(d) != g || p.site.langs[d.Name][0] != d {
			continue
		}
		if !begun {
			begun = true
			p.groupHeading(g)
			p.put(`<ul class="tiles">` + "\n")
		}
		p.put("<li>")
		p.link(p.base+p.site.files[d], d.Title)
		p.count(len(d.Sections))
		p.put("</li>\n")
	}
	if begun {
		p.put("</ul></section>\n")
	}
}

// maxOpen bounds how many open points are listed one by one.
const maxOpen = 200

func (p *page) openPoints(open []gap) {
	if len(open) == 0 {
		return
	}
	p.put(`<section><h2 id="_open">`)
	p.label("Gaps")
	p.put("</h2>\n<ul class=\"gaps\">\n")
	for _, g := range open[:min(len(open), maxOpen)] {
		p.put("<li>")
		p.text(g.text)
		p.put(` <span class="faint">`)
		p.link(p.hrefOf(g.place), g.place.Words())
		p.put("</span></li>\n")
	}
	if more := len(open) - maxOpen; more > 0 {
		p.put("<li>")
		p.label("and %d more", more)
		p.put("</li>\n")
	}
	p.put("</ul></section>\n")
}
