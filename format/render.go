package format

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// writer writes lines. Lines are closed by the line that follows, so that an
// item can decide late whether its value stands beside it.
type writer struct {
	src    []byte
	out    bytes.Buffer
	start  int  // offset of the present line
	beside bool // the next line goes on in the present one, behind a dash
	sealed bool // a blank line here would become part of a block scalar
}

// render writes a root block in canonical form.
func render(src []byte, root *block) []byte {
	w := &writer{src: src}
	w.out.Grow(len(src) + len(src)/8)
	w.block(root, 0)
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
	return w.out.Bytes()
}

// line starts a line.
func (w *writer) line(indent int) {
	if w.beside {
		w.beside = false
		return
	}
	if w.out.Len() > 0 {
		w.out.WriteByte('\n')
	}
	w.start, w.sealed = w.out.Len(), false
	w.pad(indent)
}

// pad indents. It stops at the limit of size, since many short lines that stand
// deep could make a small file very large.
func (w *writer) pad(n int) {
	for range n {
		if w.out.Len() > maxSize {
			return
		}
		w.out.WriteByte(' ')
	}
}

// space leaves a blank line before the next line.
func (w *writer) space() {
	if w.out.Len() > 0 && !w.sealed {
		w.out.WriteByte('\n')
		w.sealed = true // one is enough
	}
}

func (w *writer) block(b *block, indent int) {
	w.lines(b.top, indent, false)
	var before *item
	for _, it := range b.items {
		if w.apart(b, before, it) {
			w.space()
		}
		w.lines(it.head, indent, false)
		if it.gap {
			w.space()
		}
		w.line(indent)
		w.item(it, indent)
		w.lines(it.tail, indent, false)
		before = it
	}
	w.lines(b.foot, indent, len(b.items) > 0)
}

// apart reports whether a blank line stands between two items of a block, or
// before the first one.
func (w *writer) apart(b *block, before, it *item) bool {
	switch {
	case before == nil:
		return len(b.top) > 0
	case b.root, len(before.tail) > 0, it.blank:
		return true
	}
	return b.entities && (w.tall(before) || w.tall(it))
}

// lines writes comments on lines of their own. Blank lines between them stay;
// spaced says whether one before the first may stay, too.
func (w *writer) lines(comments []token, indent int, spaced bool) {
	for i, c := range comments {
		if c.blank && (spaced || i > 0) {
			w.space()
		}
		w.line(indent)
		w.text(c)
	}
}

func (w *writer) text(t token) { w.out.Write(w.src[t.start:t.end]) }

// aside writes a comment at the end of the line, and the lines that continue it
// in its column.
func (w *writer) aside(comments []token) {
	if len(comments) == 0 {
		return
	}
	w.out.WriteByte(' ')
	col := utf8.RuneCount(w.out.Bytes()[w.start:])
	w.text(comments[0])
	w.lines(comments[1:], col, false)
}

func (w *writer) item(it *item, indent int) {
	w.text(it.mark)
	if it.mark.kind == scalar {
		w.out.WriteByte(':')
	}
	w.aside(it.note)
	switch {
	case it.child != nil:
		if it.mark.kind == '-' && len(it.note) == 0 && it.child.startsAtOnce() {
			w.out.WriteByte(' ')
			w.beside = true
		}
		w.block(it.child, indent+step)
	default:
		// Without a blank line a comment here could read on from the note.
		w.lines(it.lead, indent+step, len(it.note) > 0)
		w.inline(it, indent)
	}
}

// startsAtOnce reports whether no comment stands above the first item.
func (b *block) startsAtOnce() bool {
	return len(b.top) == 0 && len(b.items[0].head) == 0
}

// inline writes a scalar or a flow collection, if there is one.
func (w *writer) inline(it *item, indent int) {
	if len(it.value) == 0 {
		return
	}
	base := indent
	if it.below || it.mark.kind == '-' {
		base += step
	}
	if it.below {
		w.line(base)
	} else {
		w.out.WriteByte(' ')
	}
	switch first := it.value[0]; {
	case first.body != nil:
		w.blockScalar(it, indent+step)
	case first.kind == scalar:
		w.scalar(first, indent+step)
		w.aside(it.after)
	default:
		w.flow(it.value, base)
		w.aside(it.after)
	}
}

// scalar writes a plain or quoted scalar; its further lines start at indent.
func (w *writer) scalar(t token, indent int) {
	text := w.src[t.start:t.end]
	if bytes.IndexByte(text, '\n') < 0 {
		w.out.Write(text)
		return
	}
	for i, l := range foldedLines(string(text), t.node.Style&yaml.DoubleQuotedStyle != 0) {
		if i > 0 {
			w.out.WriteByte('\n')
			w.start = w.out.Len()
			if l != "" {
				w.pad(indent)
			}
		}
		w.out.WriteString(l)
	}
}

func (w *writer) blockScalar(it *item, indent int) {
	header, lines := blockLines(w.src, it.value[0])
	w.out.WriteString(header)
	w.aside(it.after)
	for _, l := range lines {
		w.out.WriteByte('\n')
		if l != "" {
			w.pad(indent)
		}
		w.out.WriteString(l)
	}
	w.sealed = strings.HasSuffix(header, "+")
}

// flow writes a flow collection. Its further lines are indented from base by
// the brackets that are open at their start.
func (w *writer) flow(toks []token, base int) {
	depth := 0
	for i, t := range toks {
		switch {
		case i == 0:
		case t.first:
			if t.blank && !opens(toks[i-1]) {
				w.space()
			}
			w.line(base + step*(depth-closing(toks[i:])))
		case spaced(toks[i-1], t):
			w.out.WriteByte(' ')
		}
		if opens(t) {
			depth++
		} else if closes(t) {
			depth--
		}
		if t.kind == scalar {
			w.scalar(t, base+step*(depth+1))
		} else {
			w.text(t)
		}
	}
}

func opens(t token) bool  { return t.kind == '[' || t.kind == '{' }
func closes(t token) bool { return t.kind == ']' || t.kind == '}' }

// closing counts the closing brackets that a line starts with.
func closing(toks []token) int {
	for i, t := range toks {
		if !closes(t) || i > 0 && t.first {
			return i
		}
	}
	return len(toks)
}

// spaced reports whether a blank stands between two tokens of a flow
// collection.
func spaced(before, t token) bool {
	switch {
	case t.kind == comment, before.kind == ':', before.kind == ',' && !closes(t):
		return true
	case opens(before), closes(t), t.kind == ',', t.kind == ':':
		return false
	}
	return true
}

// tall reports whether an item takes more than one line, comments above and
// below it aside.
func (w *writer) tall(it *item) bool {
	if it.child != nil || it.below || len(it.lead) > 0 || len(it.note) > 1 || len(it.after) > 1 {
		return true
	}
	for i, t := range it.value {
		if i > 0 && t.first || t.body != nil || bytes.IndexByte(w.src[t.start:t.end], '\n') >= 0 {
			return true
		}
	}
	return false
}
