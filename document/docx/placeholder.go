package docx

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"theriac/internal/lazyregexp"
)

// placeholder is what stands for something in a template.
var placeholder = lazyregexp.New(`\{\{\s*([A-Za-z][A-Za-z-]{0,30})\s*\}\}`)

// placeholders are the values of placeholders in headers and footers. In the body the
// baseline is told in full.
func (w *writer) placeholders() (running, body map[string]string) {
	s := w.set.Stamp
	running = map[string]string{
		"product": s.Product, "release": s.Release, "title": w.d.Title, "number": w.d.Number, "revision": w.d.Revision,
		"status": w.status(), "baseline": short(s.Baseline), "date": s.Day,
	}
	body = maps.Clone(running)
	body["baseline"] = s.Baseline
	return running, body
}

// short is the first digits of a digest, enough to tell two apart.
func short(digest string) string { return digest[:min(12, len(digest))] }

// replace fills the placeholders of the template.
func (b *base) replace(running, body map[string]string) error {
	for _, list := range [][]*node{b.front, b.back} {
		for _, n := range list {
			if err := fill(n, body); err != nil {
				return fmt.Errorf("the template cannot be used: its body %w", err)
			}
		}
	}
	for _, r := range b.document().relations {
		if p := b.parts[r.target]; (r.is("header") || r.is("footer")) && !r.outside && p != nil && p.root != nil {
			if err := fill(p.root, running); err != nil {
				return fmt.Errorf("the template cannot be used: %s %w", r.target, err)
			}
		}
	}
	return nil
}

// fill replaces the placeholders in all paragraphs below a node.
func fill(n *node, values map[string]string) error {
	var bad error
	n.each(func(p *node) {
		if p.name == "w:p" && bad == nil {
			bad = fillParagraph(p, values)
		}
	})
	return bad
}

// textsOf lists the texts of a paragraph, without those of paragraphs in boxes in it.
func textsOf(p *node) []*node {
	var list []*node
	for _, k := range p.kids {
		switch k.name {
		case "w:p":
		case "w:t":
			list = append(list, k)
		default:
			list = append(list, textsOf(k)...)
		}
	}
	return list
}

func (n *node) content() string {
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(k.text)
	}
	return b.String()
}

// textOf is the text of a paragraph.
func textOf(p *node) string {
	var b strings.Builder
	for _, t := range textsOf(p) {
		b.WriteString(t.content())
	}
	return b.String()
}

func hasPlaceholder(n *node) bool {
	found := false
	n.each(func(p *node) { found = found || p.name == "w:p" && placeholder.MatchString(textOf(p)) })
	return found
}

// fillParagraph replaces the placeholders of a paragraph, the last one first. Its text
// may be divided anywhere, as word processors do.
func fillParagraph(p *node, values map[string]string) error {
	all, texts := textOf(p), textsOf(p)
	found := placeholder.Get().FindAllStringSubmatchIndex(all, -1)
	for _, m := range slices.Backward(found) {
		name := strings.ToLower(all[m[2]:m[3]])
		value, known := values[name]
		if !known {
			return fmt.Errorf("has the placeholder {{%s}}; known are %s", name, strings.Join(slices.Sorted(maps.Keys(values)), ", "))
		}
		put(texts, m[0], m[1], clean(value))
	}
	return nil
}

// put replaces a part of what texts say together.
func put(texts []*node, from, to int, value string) {
	at := 0
	for _, t := range texts {
		s := t.content()
		a, b := max(from-at, 0), min(to-at, len(s))
		at += len(s)
		if a >= b {
			continue
		}
		t.kids = []*node{{text: s[:a] + value + s[b:]}}
		t.set("xml:space", "preserve")
		value = ""
	}
}

// saysState reports whether the headers and footers of the template say what state the
// document is of.
func (b *base) saysState() bool {
	says := false
	for _, r := range b.document().relations {
		if p := b.parts[r.target]; (r.is("header") || r.is("footer")) && !r.outside && p != nil && p.root != nil {
			p.root.each(func(n *node) {
				if n.name == "w:p" {
					text := textOf(n)
					for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
						says = says || strings.EqualFold(m[1], "status") || strings.EqualFold(m[1], "baseline")
					}
				}
			})
		}
	}
	return says
}
