package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/document"
)

// look is how a piece of text is set.
type look struct {
	face face
	size float64
	ink  ink
	tone document.Tone // of a badge
	to   target
	firm bool // not broken, as long as it fits on a line
}

// run is a text of one look.
type run struct {
	text string
	look look
}

// piece is a part of a line with one look, at X from the start of the line.
type piece struct {
	text string
	x, w float64
	look look
}

// line is a line of text.
type line struct {
	pieces []piece
	w      float64
}

// size is the size of the largest type of the line.
func (l line) size() float64 {
	size := 0.0
	for _, p := range l.pieces {
		size = max(size, p.look.size)
	}
	return size
}

// badgePad stands left and right of the text of a badge, in parts of its size.
const badgePad = 0.4

func (l look) pad() float64 {
	if l.tone == document.Plain {
		return 0
	}
	return l.size * badgePad
}

// token is a part of a text that a line break does not divide.
type token struct {
	text  string
	w     float64
	look  look
	space bool // may vanish at the end of a line, where the line may be broken
	after bool // the line may be broken after it
}

// breakLines breaks a text into lines no wider than width. A line is broken at
// spaces, after hyphens between letters and after slashes and dashes; within what is
// wider than a line anywhere, if possible after a mark of punctuation. A line has at
// least one character.
func breakLines(runs []run, width float64) []line {
	b := breaker{width: width}
	tokens := tokensOf(runs)
	for i := 0; i < len(tokens); {
		if tokens[i].space {
			b.gap(tokens[i])
			i++
			continue
		}
		n, w := unit(tokens[i:])
		b.unit(tokens[i:i+n], w)
		i += n
	}
	b.end()
	return b.lines
}

// unit is how many tokens at the front stand together, and how wide they are.
func unit(tokens []token) (n int, w float64) {
	for n < len(tokens) && !tokens[n].space {
		w += tokens[n].w
		n++
		if tokens[n-1].after {
			break
		}
	}
	return n, w
}

// breaker fills lines.
type breaker struct {
	width   float64
	lines   []line
	current line
	spaces  []token // after what stands on the line
}

func (b *breaker) gap(t token) {
	if len(b.current.pieces) > 0 && len(b.spaces) == 0 {
		b.spaces = append(b.spaces, t)
	}
}

func (b *breaker) unit(tokens []token, w float64) {
	before := 0.0
	for _, s := range b.spaces {
		before += s.w
	}
	if len(b.current.pieces) > 0 && b.current.w+before+w > b.width+slack {
		b.next()
	}
	for _, s := range b.spaces {
		b.put(s)
	}
	b.spaces = b.spaces[:0]
	for _, t := range tokens {
		if w > b.width+slack {
			b.divide(t)
		} else {
			b.put(t)
		}
	}
}

// slack is what lines may be too wide by, for sums of rounded widths.
const slack = 0.01

func (b *breaker) next() {
	b.lines = append(b.lines, b.current)
	b.current = line{}
	b.spaces = b.spaces[:0]
}

func (b *breaker) end() {
	if len(b.current.pieces) > 0 {
		b.next()
	}
}

// put appends a token to the line, joined to the piece before where that looks alike.
func (b *breaker) put(t token) {
	if n := len(b.current.pieces); n > 0 && b.current.pieces[n-1].look == t.look && t.look.tone == document.Plain {
		b.current.pieces[n-1].text += t.text
		b.current.pieces[n-1].w += t.w
	} else {
		b.current.pieces = append(b.current.pieces, piece{text: t.text, x: b.current.w, w: t.w, look: t.look})
	}
	b.current.w += t.w
}

// divide puts a token on as many lines as it needs.
func (b *breaker) divide(t token) {
	pad := 2 * t.look.pad()
	for t.text != "" {
		room := b.width - b.current.w - pad
		n, w := t.prefix(room)
		if n < len(t.text) && len(b.current.pieces) > 0 && w > room+slack {
			b.next()
			continue
		}
		if n < len(t.text) {
			if cut := strings.LastIndexAny(t.text[:n], "-/_.:,;=@&? ") + 1; cut > n/3 {
				n, w = cut, t.look.face.width(t.text[:cut], t.look.size)
			}
		}
		if w > room+slack && len(b.current.pieces) > 0 {
			b.next()
			continue
		}
		b.put(token{text: t.text[:n], w: w + pad, look: t.look})
		if t.text = t.text[n:]; t.text != "" {
			b.next()
		}
	}
}

// prefix is the length in bytes of the longest part at the front of the token that
// fits into width, at least one character, and how wide it is.
func (t token) prefix(width float64) (n int, w float64) {
	for i, r := range t.text {
		a := t.look.face.advance(r) * t.look.size
		if i > 0 && w+a > width {
			return i, w
		}
		w += a
	}
	return len(t.text), w
}

// tokensOf divides texts where lines may be broken, and where the face changes
// because one lacks a character.
func tokensOf(runs []run) []token {
	var out []token
	spaced := true // before, or at the start
	for _, r := range runs {
		text := clean(r.text)
		if r.look.tone != document.Plain {
			if text = strings.Join(strings.Fields(text), " "); text != "" {
				out = append(out, badge(text, r.look)...)
				spaced = false
			}
			continue
		}
		for text != "" {
			if text[0] == ' ' {
				text = strings.TrimLeft(text, " ")
				if !spaced {
					out = append(out, token{text: " ", w: r.look.face.width(" ", r.look.size), look: r.look, space: true})
				}
				spaced = true
				continue
			}
			n := opportunity(text, r.look)
			out = append(out, faced(text[:n], r.look)...)
			out[len(out)-1].after = n < len(text) && text[n] != ' '
			text, spaced = text[n:], false
		}
	}
	return out
}

// badge is a badge: one token where the face has all of its characters.
func badge(text string, l look) []token {
	var b strings.Builder
	for _, r := range text {
		if !l.face.has(r) {
			r = replacement
		}
		b.WriteRune(r)
	}
	text = b.String()
	return []token{{text: text, w: l.face.width(text, l.size) + 2*l.pad(), look: l}}
}

// opportunity is the length in bytes of the part at the front of a text after which
// a line may be broken: at the next space, or after a hyphen, slash or dash.
func opportunity(s string, l look) int {
	firm := l.firm || l.face == mono || l.face == monoBold
	before := rune(0)
	for i, r := range s {
		if r == ' ' {
			return i
		}
		end := i + utf8.RuneLen(r)
		if i == 0 || end >= len(s) {
			before = r
			continue
		}
		after, _ := utf8.DecodeRuneInString(s[end:])
		switch {
		case firm:
		case r == '-' && unicode.IsLetter(before) && unicode.IsLetter(after),
			r == '/' && unicode.IsLetter(before) && unicode.IsLetter(after),
			(r == '–' || r == '—') && after != ' ':
			return end
		}
		before = r
	}
	return len(s)
}

// faced divides a word where its face changes.
func faced(word string, l look) []token {
	var out []token
	start, current, replaced := 0, l.face, false
	flush := func(end int) {
		if end == start {
			return
		}
		text := word[start:end]
		if replaced {
			text = strings.Repeat(string(replacement), utf8.RuneCountInString(text))
		}
		set := l
		set.face = current
		out = append(out, token{text: text, w: current.width(text, l.size), look: set})
		start = end
	}
	for i, r := range word {
		f, shown := l.face.set(r)
		if f != current || (shown != r) != replaced {
			flush(i)
			current, replaced = f, shown != r
		}
	}
	flush(len(word))
	return out
}

// natural is the width of a text on one line, and that of the widest part of it
// which no line break divides.
func natural(runs []run) (whole, word float64) {
	tokens := tokensOf(runs)
	for i := 0; i < len(tokens); {
		if tokens[i].space {
			whole += tokens[i].w
			i++
			continue
		}
		n, w := unit(tokens[i:])
		whole += w
		word = max(word, w)
		i += n
	}
	return whole, word
}
