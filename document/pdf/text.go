package pdf

import (
	"theriac/document"
)

// The sizes of type, and the heights of their lines, in points.
const (
	bodySize, bodyLine       = 9.5, 13.0
	cellSize, cellLine       = 8.0, 10.4
	captionSize, captionLine = 8.5, 11.5
	markSize, markLine       = 6.0, 7.6
	codeSize, codeLine       = 7.6, 9.8
)

// Monospaced characters look larger than others of the same size.
const monoScale = 0.92

// style is how a text is set where its spans say nothing else.
type style struct {
	face       face
	size, line float64
	ink        ink
	self       string // anchor of the place where the text stands: nothing links to itself
}

var (
	bodyStyle    = style{size: bodySize, line: bodyLine, ink: black}
	cellStyle    = style{size: cellSize, line: cellLine, ink: black}
	captionStyle = style{size: captionSize, line: captionLine, ink: black}
)

func (s style) in(f face) style {
	s.face = f
	return s
}

// look is the look of a text without a look of its own.
func (s style) look() look {
	l := look{face: s.face, size: s.size, ink: s.ink}
	if s.face == mono || s.face == monoBold {
		l.size *= monoScale
	}
	return l
}

// words are runs of a plain text.
func (s style) words(text string) []run { return []run{{text, s.look()}} }

// runs are the spans of a text as they are set.
func (p *painter) runs(t document.Text, s style) []run {
	list := make([]run, 0, len(t))
	for _, span := range t {
		set := s
		set.face = faceOf(s.face, span.Style)
		l := set.look()
		if span.Style&document.Faint != 0 {
			l.ink = faint
		}
		if span.Tone != document.Plain {
			l.tone = span.Tone
			l.size *= 0.9
			if l.face == regular {
				l.face = bold
			}
		}
		if to := p.target(span.To); to != (target{}) && (to.anchor == "" || to.anchor != s.self) {
			l.to = to
			l.ink = linked
		}
		list = append(list, run{span.Text, l})
	}
	return list
}

// faceOf is the face of a span in a text of another face.
func faceOf(base face, s document.Style) face {
	strong := s&document.Strong != 0 || base == bold || base == boldItalic || base == monoBold
	slanted := s&document.Emphasis != 0 || base == italic || base == boldItalic
	switch {
	case s&document.Mono != 0 || base == mono || base == monoBold:
		if strong {
			return monoBold
		}
		return mono
	case strong && slanted:
		return boldItalic
	case strong:
		return bold
	case slanted:
		return italic
	}
	return regular
}

// target is where a link leads, as far as it can be followed from this file.
func (p *painter) target(to document.Address) target {
	if to == "" {
		return target{}
	}
	if to.Outside() {
		return target{url: webAddress(string(to))}
	}
	if anchor, ok := p.set.Within(to, p.doc); ok {
		return target{anchor: anchor}
	}
	return target{}
}

// baseline is how far below the top of a line of a height its baseline is, where
// type of a size stands in the middle of the line.
func baseline(line, size float64) float64 { return line/2 + 0.3465*size }

// lineBoxes are the lines of a text in boxes. A line of nothing but source marks is
// as low as they are.
func lineBoxes(lines []line, s style) []box {
	boxes := make([]box, len(lines))
	for i, l := range lines {
		h := s.line
		if size := l.size(); size > 0 && size <= markSize {
			h = markLine
		}
		boxes[i] = box{h: h, draw: func(c *canvas, x, y float64) { c.lineAt(l, x, y+baseline(h, min(s.size, h))) }}
	}
	return boxes
}

// text is a text in boxes.
func text(runs []run, width float64, s style) []box {
	return unwidowed(lineBoxes(breakLines(runs, width), s))
}
