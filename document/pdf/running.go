package pdf

import (
	"strings"

	"theriac/document"
)

// runningSize is the size of the type of headers and footers.
const runningSize = 7.5

// runningLines paints the header and footer of a page.
func (p *painter) runningLines(c *canvas, f frame, page, pages int) {
	left, right := f.left, f.w-f.right
	y := f.top - 26
	c.pair(left, right, y, oneLine(p.set.Stamp.Product), p.named())
	c.rule(left, y+6, right, y+6, hairline, 0.5)

	y = f.h - f.bottom + 24
	c.rule(left, y-11, right, y-11, hairline, 0.5)
	number := p.lang.Say("Page %d of %d", page, pages)
	c.write(right-regular.width(number, runningSize), y, regular, runningSize, faint, number)
	x := left
	word, shades := p.status()
	c.piece(piece{text: word, w: bold.width(word, 6.8) + 2*6.8*badgePad, look: look{face: bold, size: 6.8, tone: shades}}, x, y)
	x += bold.width(word, 6.8) + 2*6.8*badgePad + 6
	c.write(x, y, regular, runningSize, faint, cut(p.origin(), right-x-80, regular, runningSize))
}

// status is the word for what the set is, and its tone.
func (p *painter) status() (string, document.Tone) {
	tone := document.Partly
	if p.set.Stamp.Approved {
		tone = document.Good
	}
	return shownIn(bold, strings.ToUpper(p.lang.Say(p.set.Stamp.Standing()))), tone
}

// named is the title of the document with its number and revision.
func (p *painter) named() string {
	name := p.doc.Title
	if p.doc.Number != "" {
		name += " · " + p.doc.Number
	}
	if p.doc.Revision != "" {
		name += " · " + p.lang.Say("Rev. %s", p.doc.Revision)
	}
	return oneLine(name)
}

// digits is how much of the baseline stands on each page.
const digits = 12

// origin is of what the page is: the release and the baseline.
func (p *painter) origin() string {
	var parts []string
	s := p.set.Stamp
	if s.Release != "" {
		parts = append(parts, p.lang.Say("Release %s", s.Release))
	}
	if b := []rune(s.Baseline); len(b) > 0 {
		parts = append(parts, p.lang.Say("Baseline %s", string(b[:min(digits, len(b))])))
	}
	if s.Day != "" {
		parts = append(parts, s.Day)
	}
	return oneLine(strings.Join(parts, " · "))
}

// pair paints a text on the left and one on the right of a line, shortened where
// they would meet.
func (c *canvas) pair(left, right, y float64, a, b string) {
	room := right - left - 20
	b = cut(b, room*0.65, bold, runningSize)
	a = cut(a, room-bold.width(b, runningSize), regular, runningSize)
	c.write(left, y, regular, runningSize, faint, a)
	c.write(right-bold.width(b, runningSize), y, bold, runningSize, faint, b)
}

// shownIn is a text with the characters that a face lacks replaced.
func shownIn(f face, s string) string {
	return strings.Map(func(r rune) rune {
		if !f.has(r) {
			return replacement
		}
		return r
	}, clean(s))
}

// cut is a text as a face can show it, shortened to a width.
func cut(s string, width float64, f face, size float64) string {
	s = shownIn(f, s)
	if f.width(s, size) <= width {
		return s
	}
	w := f.width("…", size)
	for i, r := range s {
		if w += f.advance(r) * size; w > width {
			return strings.TrimRight(s[:i], " ·") + "…"
		}
	}
	return s
}
