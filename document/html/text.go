package html

import (
	"net/url"
	"strconv"
	"unicode/utf8"

	"theriac/document"
)

// line writes a line of text.
func (p *page) line(t document.Text) {
	for _, s := range t {
		p.span(s)
	}
}

func (p *page) span(s document.Span) {
	href, outside := p.href(s.To)
	if href != "" {
		p.put("<a")
		p.attr("href", href)
		if outside {
			p.put(` rel="external noreferrer"`)
		}
		p.put(">")
	}
	if s.Tone != document.Plain {
		p.badge(s.Tone, s.Text)
	} else {
		p.styled(s)
	}
	if href != "" {
		p.put("</a>")
	}
}

// styles are the elements of the styles, from the outside.
var styles = []struct {
	style      document.Style
	start, end markup
}{
	{document.Strong, "<strong>", "</strong>"},
	{document.Emphasis, "<em>", "</em>"},
	{document.Mono, "<code>", "</code>"},
	{document.Faint, `<span class="faint">`, "</span>"},
}

func (p *page) styled(s document.Span) {
	for _, e := range styles {
		if s.Style&e.style != 0 {
			p.put(e.start)
		}
	}
	p.text(s.Text)
	for i := len(styles) - 1; i >= 0; i-- {
		if s.Style&styles[i].style != 0 {
			p.put(styles[i].end)
		}
	}
}

// look is a class and the shape that goes with it.
type look struct{ class, icon markup }

var tones = map[document.Tone]look{
	document.Good: {"good", "_good"}, document.Partly: {"partly", "_partly"},
	document.Bad: {"bad", "_bad"}, document.Neutral: {"neutral", "_neutral"},
}

// maxBadge is the length of the text of a badge that stays on one line, in characters.
const maxBadge = 30

// badge writes a state: shape, colour and text.
func (p *page) badge(tone document.Tone, text string) {
	l, known := tones[tone]
	if !known {
		l = tones[document.Neutral]
	}
	p.put(`<span class="badge `, l.class)
	if utf8.RuneCountInString(text) > maxBadge {
		p.put(" long")
	}
	p.put(`">`)
	p.icon(l.icon)
	p.text(text)
	p.put("</span>")
}

func (p *page) icon(name markup) {
	p.put(`<svg class="icon" aria-hidden="true"><use href="#`, name, `"/></svg>`)
}

// href is where an address leads as seen from this page; "" for nowhere.
func (p *page) href(to document.Address) (href string, outside bool) {
	switch {
	case to == "":
		return "", false
	case to.Outside():
		if u, err := url.Parse(clean(string(to))); err == nil {
			return u.String(), true
		}
		return "", false
	case p.doc == nil:
		return "", false
	}
	if p.single {
		if a, ok := p.site.set.Within(to, p.doc); ok {
			return "#" + anchor(a), false
		}
		return "", false
	}
	if place, ok := p.site.set.Find(to, p.doc); ok {
		return p.hrefOf(place), false
	}
	return "", false
}

// hrefOf is the way to a place from this page.
func (p *page) hrefOf(to document.Place) string {
	a := anchor(to.Anchor())
	switch {
	case to.Document != p.doc && a == "":
		return p.base + p.site.files[to.Document]
	case to.Document != p.doc:
		return p.base + p.site.files[to.Document] + "#" + a
	case a == "":
		return "#_main"
	}
	return "#" + a
}

// mark writes where a statement came from: a sign that leads to the entity or clause,
// with the line of the security file.
func (p *page) mark(s document.Source) {
	if s.IsZero() || p.single || p.doc.Quiet {
		return
	}
	name, href := p.origin(s)
	if p.doc.Reference && name == p.section {
		p.at(s)
		return
	}
	p.put("\u00a0", `<span class="src">`)
	if href != "" {
		p.put("<a")
		p.attr("href", href)
		p.put(">")
	}
	p.put(`<span class="hide">`)
	p.text(p.words.say("Source") + ": " + name)
	p.put("</span>")
	if href != "" {
		p.put("</a>")
	}
	p.put(`<span class="tip"><span aria-hidden="true">`)
	p.text(name)
	if s.Path != "" {
		p.put(" · </span>")
		p.where(s)
	} else {
		p.put("</span>")
	}
	p.put("</span></span>")
}

// origin names what a source is about, and the way to it; "" where no page has it.
func (p *page) origin(s document.Source) (name, href string) {
	switch {
	case s.Entity != "":
		href, _ = p.href(document.Address("entity:" + s.Entity))
		return s.Entity, href
	case s.Clause != "":
		href, _ = p.href(document.Address("clause:" + s.Clause))
		return s.Clause, href
	case s.Evidence != "":
		return s.Evidence, ""
	}
	return s.Path, ""
}

// at writes the line of the security file beside what stands on it.
func (p *page) at(s document.Source) {
	if s.Path == "" {
		return
	}
	p.put(` <span class="at">`)
	p.where(s)
	p.put("</span>")
}

// where writes a place in the security file, linked where the design says how.
func (p *page) where(s document.Source) {
	text := s.Path
	if s.Line > 0 {
		text += ":" + strconv.Itoa(s.Line)
	}
	href := string(p.site.set.Design.Line(s))
	if href == "" {
		p.text(text)
		return
	}
	p.put("<a")
	p.attr("href", href)
	p.put(` rel="external noreferrer">`)
	p.text(text)
	p.put("</a>")
}
