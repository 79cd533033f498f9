package html

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"theriac/document"
)

// page writes one page.
type page struct {
	writer
	site   *site
	doc    *document.Document // nil for index.html
	base   string             // from this page to Folder
	single bool               // one file for printing
	words  words

	anchors map[*document.Section]string
	rows    map[string]bool // anchors of rows that are not written yet
	taken   map[string]bool
	section string // id of the section that is being written

	tables, figures int
	sheets          map[*document.Picture][][]byte
	alone           map[*document.Picture]string // the file of a drawing, below Folder
	drawings        map[string][]byte            // by that name
	trusted         []string                     // digests of styles for the policy
}

func (s *site) page(d *document.Document) *page {
	return &page{site: s, doc: d, words: wordsOf(d)}
}

// document writes the page of a document.
func (p *page) document() []byte {
	p.name()
	p.paint()
	stamp := p.site.set.Stamp
	p.head(p.doc.Lang, p.doc.Title+" · "+of(stamp))
	if p.single {
		p.alonePage()
	} else {
		p.sitePage()
	}
	p.put("</html>\n")
	return p.Bytes()
}

// of names the product and its release.
func of(s document.Stamp) string { return strings.TrimSpace(s.Product + " " + s.Release) }

func (p *page) sitePage() {
	p.put("<body>\n")
	p.bar()
	p.put(`<div class="frame">` + "\n")
	p.navigation()
	p.put(`<main id="_main" tabindex="-1"`)
	if p.doc.Reference {
		p.put(` class="reference"`)
	}
	p.put(">\n")
	p.title()
	p.sections(p.doc.Sections, 1)
	p.turn()
	p.put("</main>\n</div>\n")
	p.footer()
	p.put("</body>\n")
}

// alonePage is the body of a document that is one file.
func (p *page) alonePage() {
	if p.doc.Brief {
		p.put(`<body class="alone brief">`+"\n", icons)
	} else {
		p.put(`<body class="alone">`+"\n", icons)
	}
	p.put(`<main id="_main"`)
	if p.doc.Reference {
		p.put(` class="reference"`)
	}
	p.put(">\n")
	p.title()
	if !p.doc.Brief && len(p.doc.Sections) > 0 {
		p.put(`<nav class="contents" aria-labelledby="_contents"><p class="list" id="_contents">`)
		p.label("Contents")
		p.put("</p>\n")
		p.contents(p.doc.Sections, 1)
		p.put("</nav>\n")
	}
	p.sections(p.doc.Sections, 1)
	p.put("</main>\n</body>\n")
}

// head writes all up to the body. The policy lets the page load the files of the site
// and nothing else; file: is for browsers to which files of one folder are strangers.
func (p *page) head(lang, title string) {
	p.put("<!DOCTYPE html>\n<html")
	if lang != "" {
		p.attr("lang", lang)
	}
	p.put(">\n<head>\n" + `<meta charset="utf-8">` + "\n")
	styles := strings.Join(p.trusted, " ")
	policy := "default-src 'none'; style-src 'self' file: " + styles + "; script-src 'self' file:; img-src 'self' file:; base-uri 'none'; form-action 'none'"
	css := ""
	if p.single {
		css = "\n" + asset("style.css") + pageBoxes(p.site.set, p.doc)
		p.trust([]byte(css))
		policy = "default-src 'none'; style-src " + strings.Join(p.trusted, " ") + "; img-src data:; base-uri 'none'; form-action 'none'"
	}
	p.put(`<meta http-equiv="Content-Security-Policy"`)
	p.attr("content", policy)
	p.put(">\n" + `<meta name="viewport" content="width=device-width, initial-scale=1">` + "\n" +
		`<meta name="color-scheme" content="light dark">` + "\n" + `<meta name="referrer" content="no-referrer">` + "\n<title>")
	p.text(title)
	p.put("</title>\n")
	if p.single {
		p.put("<style>", markup(css), "</style>\n") // CSS of ours, and cssString
	} else {
		p.put(`<link rel="stylesheet"`)
		p.attr("href", p.base+"assets/style.css")
		p.put(">\n<script defer")
		p.attr("src", p.base+"assets/site.js")
		p.put("></script>\n")
	}
	p.put("</head>\n")
}

// bar writes the top of a page of the site: what all of it is about, and the search.
func (p *page) bar() {
	stamp := p.site.set.Stamp
	p.put(`<a class="skip" href="#_main">`)
	p.label("Skip to the text")
	p.put("</a>\n", icons, `<header class="bar"`)
	p.labelled()
	p.put(">\n")
	if p.doc != nil {
		p.put(`<button type="button" class="menu" popovertarget="_nav">`)
		p.label("Contents")
		p.put("</button>\n")
	}
	p.put(`<a class="home"`)
	p.attr("href", p.root()+"index.html")
	p.put(">")
	p.logo()
	p.put("<strong>")
	p.text(stamp.Product)
	p.put("</strong>")
	if stamp.Release != "" {
		p.put(" <span>")
		p.text(stamp.Release)
		p.put("</span>")
	}
	p.put("</a>\n")
	p.state()
	p.search()
	p.put("</header>\n")
}

// root is the way from this page to the folder of index.html.
func (p *page) root() string {
	if p.doc == nil {
		return ""
	}
	return "../"
}

// labelled gives the language of our labels where it is not that of the page.
func (p *page) labelled() {
	if p.doc != nil && p.words.lang != p.doc.Lang {
		p.attr("lang", p.words.lang)
	}
}

// state is the badge of the whole set.
func (p *page) state() {
	tone := document.Partly
	if p.site.set.Stamp.Approved {
		tone = document.Good
	}
	p.badge(tone, p.words.say(p.site.set.Stamp.Standing()))
	p.put("\n")
}

func (p *page) search() {
	p.put(`<form class="search" role="search" hidden`)
	p.attr("data-base", p.base)
	p.attr("data-none", p.words.say("Nothing found"))
	p.attr("data-some", p.words.say("%d found"))
	p.attr("data-many", p.words.say("%d found, the first %d shown"))
	p.put(`><label class="hide" for="_search">`)
	p.label("Search sections, entities and clauses")
	p.put(`</label><input id="_search" type="search" autocomplete="off" spellcheck="false" aria-controls="_found"`)
	p.attr("placeholder", p.words.say("Search"))
	p.put(`><kbd aria-hidden="true">/</kbd><div class="results" hidden><p role="status" aria-live="polite"></p><ul id="_found"></ul></div></form>` + "\n")
}

// logo writes the picture of the manufacturer, which is decoration beside the name.
func (p *page) logo() {
	logo := p.site.set.Design.Logo
	kind := logoKind(logo)
	if kind == "" {
		return
	}
	src := p.base + "assets/logo." + kind
	if p.single {
		src = "data:" + mediaTypes[kind] + ";base64," + base64.StdEncoding.EncodeToString(logo)
	}
	p.put(`<img class="logo" alt=""`)
	p.attr("src", src)
	p.put(">")
}

// footer says on every page what it is of.
func (p *page) footer() {
	s := p.site.set.Stamp
	p.put("<footer")
	p.labelled()
	p.put("><p>")
	for i, part := range []string{s.Manufacturer, of(s)} {
		if i > 0 && part != "" {
			p.put(" · ")
		}
		p.text(part)
	}
	p.put("</p><p>")
	if s.Baseline != "" {
		p.label("Baseline")
		p.put(" ")
		p.baseline()
		p.put(" · ")
	}
	p.label("judged on %s", s.Day)
	p.put(" · ")
	p.label("made from the security file by theriac")
	p.put("</p></footer>\n")
}

// baseline is the beginning of the digest of the security file.
func (p *page) baseline() {
	digest := p.site.set.Stamp.Baseline
	p.put("<code")
	p.attr("title", digest)
	p.put(">")
	p.text(digest[:min(len(digest), 12)])
	p.put("</code>")
}

// icons are the shapes of states and callouts, for all places of the page.
const icons markup = `<svg class="icons" aria-hidden="true" focusable="false">
<symbol id="_good" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="currentColor"/><path d="m4.7 8.3 2.3 2.3 4.3-4.9" fill="none" class="on" stroke-width="1.8"/></symbol>
<symbol id="_partly" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 1.8a6.2 6.2 0 0 1 0 12.4z" fill="currentColor"/></symbol>
<symbol id="_bad" viewBox="0 0 16 16"><path d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z" fill="currentColor"/><path d="m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2" fill="none" class="on" stroke-width="1.8"/></symbol>
<symbol id="_neutral" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M5 8h6" stroke="currentColor" stroke-width="1.6"/></symbol>
<symbol id="_warning" viewBox="0 0 16 16"><path d="M8 .8 15.7 15H.3z" fill="currentColor"/><path d="M8 5.6v4.6m0 1.4v1.6" fill="none" class="on" stroke-width="1.7"/></symbol>
<symbol id="_caution" viewBox="0 0 16 16"><path d="M8 1.8 14.8 14.3H1.2z" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/><path d="M8 5.8v4.4m0 1.2v1.4" stroke="currentColor" stroke-width="1.5"/></symbol>
<symbol id="_note" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.7" fill="none" stroke="currentColor" stroke-width="1.4"/><path d="M8 7v4.6M8 4.2v1.7" stroke="currentColor" stroke-width="1.6"/></symbol>
<symbol id="_gap" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.7" fill="none" stroke="currentColor" stroke-width="1.4" stroke-dasharray="2.6 1.6"/><path d="M5.9 6.3a2.1 2.1 0 1 1 2.9 2c-.6.3-.8.6-.8 1.4m0 1v1.4" fill="none" stroke="currentColor" stroke-width="1.4"/></symbol>
</svg>
`

// pageBoxes is the CSS of printed pages: what stands above and below the text, on each
// of them.
func pageBoxes(set *document.Set, d *document.Document) string {
	s := set.Stamp
	w := english()
	left := ""
	if d != nil {
		w = wordsOf(d)
		left = joined(" · ", d.Title, d.Number, revision(w, d))
	}
	state := w.say(s.Standing())
	size := "A4"
	if set.Design.Paper == document.Letter {
		size = "letter"
	}
	return "\n@page{size:" + size + ";margin:22mm 18mm 20mm;font:8pt 'Helvetica Neue',Arial,'Liberation Sans',sans-serif;color:#4a525c" +
		";@top-left{content:" + cssString(of(s)) + "}" +
		"@top-right{content:" + cssString(joined(" · ", state, s.Baseline[:min(len(s.Baseline), 12)])) + "}" +
		"@bottom-left{content:" + cssString(joined(" · ", left, s.Manufacturer)) + "}" +
		"@bottom-right{content:" + counters(w) + "}}\n" +
		"@page wide{size:" + size + " landscape;margin:18mm 10mm 16mm}\n"
}

// counters says in CSS which page of how many it is.
func counters(w words) string {
	const page, pages = -1, -2 // stand for what the browser counts
	before, rest, ok := strings.Cut(w.say("Page %d of %d", page, pages), "-1")
	between, after, also := strings.Cut(rest, "-2")
	if !ok || !also {
		return `counter(page) "/" counter(pages)`
	}
	return cssString(before) + " counter(page) " + cssString(between) + " counter(pages) " + cssString(after)
}

// revision names the revision of a document; "" where it has none.
func revision(w words, d *document.Document) string {
	if d.Revision == "" {
		return ""
	}
	return w.say("revision %s", d.Revision)
}

// joined puts something between those texts that are not empty.
func joined(between string, parts ...string) string {
	var b bytes.Buffer
	for _, s := range parts {
		if s == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between)
		}
		b.WriteString(s)
	}
	return b.String()
}

// contents lists sections as links, three levels of them.
func (p *page) contents(list []*document.Section, depth int) {
	if len(list) == 0 || depth > 3 {
		return
	}
	p.put("<ul>\n")
	for _, s := range list {
		p.put("<li><a")
		p.attr("href", "#"+p.anchors[s])
		p.put(">")
		if s.Number != "" && !p.doc.Reference {
			p.put(`<span class="number">`)
			p.text(s.Number)
			p.put("</span> ")
		}
		p.text(s.Title)
		p.put("</a>")
		p.contents(s.Sections, depth+1)
		p.put("</li>\n")
	}
	p.put("</ul>\n")
}

func (p *page) count(n int) {
	p.put(` <span class="count">`)
	p.text(strconv.Itoa(n))
	p.put("</span>")
}
