package html

import (
	"theriac/document"
)

// navigation writes the documents of the site, with the contents of this one.
func (p *page) navigation() {
	p.put(`<nav id="_nav" popover`)
	p.attr("aria-label", p.words.say("Documents"))
	p.labelled()
	p.put(">\n")
	if len(p.doc.Sections) > 0 {
		p.put(`<p class="list">`)
		p.label("In this document")
		p.put("</p>\n" + `<div class="contents"`)
		if p.words.lang != p.doc.Lang {
			p.attr("lang", p.doc.Lang)
		}
		p.put(">\n")
		p.contents(p.doc.Sections, 1)
		p.put("</div>\n")
	}
	for g := range groups {
		p.navigationOf(g)
	}
	p.put("</nav>\n")
}

// navigationOf writes the documents of a group; those to look things up are folded
// away unless this is one of them.
func (p *page) navigationOf(g int) {
	var list []*document.Document
	for _, d := range p.site.reading(p.doc.Lang) {
		if group(d) == g {
			list = append(list, d)
		}
	}
	if len(list) == 0 {
		return
	}
	p.put("<details")
	if g == group(p.doc) || g == 0 {
		p.put(" open")
	}
	p.put("><summary>")
	p.label(groups[g].title)
	p.count(len(list))
	p.put("</summary>\n<ul>\n")
	for _, d := range list {
		p.put("<li><a")
		p.attr("href", p.base+p.site.files[d])
		if d == p.doc {
			p.put(` aria-current="page"`)
		}
		if d.Lang != p.words.lang {
			p.attr("lang", d.Lang)
			p.attr("hreflang", d.Lang)
		}
		p.put(">")
		p.text(d.Title)
		p.put("</a></li>\n")
	}
	p.put("</ul></details>\n")
}

// title writes what stands above the text of a document: its title, what it is of,
// whether it is a draft, and who signed it.
func (p *page) title() {
	d := p.doc
	p.put(`<header class="title">` + "\n")
	if p.single {
		p.put(`<p class="product">`)
		p.logo()
		p.text(of(p.site.set.Stamp))
		p.put("</p>\n")
	}
	p.put("<h1>")
	p.text(d.Title)
	p.put("</h1>\n")
	if d.Subtitle != "" {
		p.put(`<p class="subtitle">`)
		p.text(d.Subtitle)
		p.put("</p>\n")
	}
	p.facts()
	p.standing()
	p.otherLanguages()
	if len(d.Signatures) > 0 {
		p.signatures()
	} else if !d.Reference {
		p.put(`<p class="unsigned">`)
		p.label("Nobody has signed this document.")
		p.put("</p>\n")
	}
	p.put("</header>\n")
}

// facts says of what the document is, and which it is.
func (p *page) facts() {
	s, d := p.site.set.Stamp, p.doc
	p.put(`<dl class="facts">` + "\n")
	p.fact("Product", s.Product)
	p.fact("Manufacturer", s.Manufacturer)
	p.fact("Release", s.Release)
	p.fact("Document number", d.Number)
	p.fact("Revision", d.Revision)
	p.fact("Judged on", s.Day)
	if s.Baseline != "" {
		p.put("<div><dt>")
		p.label("Baseline")
		p.put("</dt><dd>")
		p.baseline()
		p.put("</dd></div>\n")
	}
	p.put("</dl>\n")
}

func (p *page) fact(name, value string) {
	if value == "" {
		return
	}
	p.put("<div><dt>")
	p.label(name)
	p.put("</dt><dd>")
	p.text(value)
	p.put("</dd></div>\n")
}

// standing says whether the documents are a draft, and why, or who approved them.
func (p *page) standing() {
	s := p.site.set.Stamp
	class := markup("draft")
	if s.Approved {
		class = "approved"
	}
	p.put(`<div role="note" class="standing `, class, `"><p class="label">`)
	if s.Approved {
		p.icon("_good")
	} else {
		p.icon("_partly")
	}
	p.label(s.Standing())
	p.put("</p>")
	if len(s.Why) > 0 {
		p.put("<ul>")
		for _, w := range s.Reasons(p.words.language) {
			p.put("<li>")
			p.text(w)
			p.put("</li>")
		}
		p.put("</ul>")
	}
	p.put("</div>\n")
}

// otherLanguages leads to the same document in other languages.
func (p *page) otherLanguages() {
	same := p.site.langs[p.doc.Name]
	if len(same) < 2 || p.single {
		return
	}
	p.put(`<p class="languages">`)
	p.label("Also in")
	for _, d := range same {
		if d != p.doc {
			p.put(" ")
			p.inLanguage(d)
		}
	}
	p.put("</p>\n")
}

func (p *page) inLanguage(d *document.Document) {
	p.put("<a")
	p.attr("href", p.base+p.site.files[d])
	p.attr("lang", d.Lang)
	p.attr("hreflang", d.Lang)
	p.put(">")
	p.text(endonym(d.Lang))
	p.put("</a>")
}

// signatures lists who signed the document.
func (p *page) signatures() {
	p.put(`<div class="scroll" role="region" tabindex="0" aria-labelledby="_signatures"><table class="signatures">` + "\n" + `<caption id="_signatures">`)
	p.label(document.ApprovalsTitle)
	p.put("</caption>\n<thead><tr>")
	for _, c := range []string{"Meaning", "Name", "Role", "Date", "Approval", "State"} {
		p.put(`<th scope="col">`)
		p.label(c)
		p.put("</th>")
	}
	p.put("</tr></thead>\n<tbody>\n")
	for _, s := range p.doc.Signatures {
		p.put("<tr>")
		meaning := s.Meaning
		if meaning != "" {
			meaning = p.words.say(meaning)
		}
		for _, v := range []string{meaning, s.Name, s.Role} {
			p.put("<td>")
			p.text(v)
			p.put("</td>")
		}
		p.put(`<td class="date">`)
		p.text(s.Date)
		p.put("</td><td><code>")
		p.text(s.ID)
		p.put("</code></td><td>")
		if s.Valid {
			p.badge(document.Good, p.words.say("valid"))
		} else {
			p.badge(document.Bad, p.words.say("changed since"))
		}
		p.put("</td></tr>\n")
	}
	p.put("</tbody></table></div>\n")
}

// turn leads to the documents before and after this one.
func (p *page) turn() {
	list := p.site.reading(p.doc.Lang)
	for i, d := range list {
		if d.Name != p.doc.Name {
			continue
		}
		p.put(`<nav class="turn"`)
		p.attr("aria-label", p.words.say("Neighbouring documents"))
		p.labelled()
		p.put(">")
		if i > 0 {
			p.neighbour("prev", "Previous", list[i-1])
		}
		if i+1 < len(list) {
			p.neighbour("next", "Next", list[i+1])
		}
		p.put("</nav>\n")
		return
	}
}

func (p *page) neighbour(rel markup, what string, d *document.Document) {
	p.put(`<a class="`, rel, `" rel="`, rel, `"`)
	p.attr("href", p.base+p.site.files[d])
	p.put("><span>")
	p.label(what)
	p.put("</span> <strong")
	if d.Lang != p.words.lang {
		p.attr("lang", d.Lang)
	}
	p.put(">")
	p.text(d.Title)
	p.put("</strong></a>\n")
}
