package edit

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/format"
)

// insert writes an entry behind another one of a value, or before the first.
// Apart asks for a blank line between them.
func (e editor) insert(v *format.Value, behind int, text string, apart bool) []splice {
	if behind < 0 {
		return e.insertFirst(v, text+strings.Repeat("\n", lines(apart)))
	}
	before := v.Entries[behind]
	at, below := before.End, before.Tail
	if behind == len(v.Entries)-1 {
		below = slices.Concat(below, touching(v.Foot))
	}
	// Without a blank line, comments of the entry above would seem to speak of
	// the new one.
	if len(below) > 0 {
		at, apart = below[len(below)-1].End, true
	} else if keeps(before.Value) {
		apart = false
	}
	_, end := e.Line(at)
	return []splice{{end, end, strings.Repeat("\n", lines(apart)) + pad(v.Column) + text}}
}

// insertFirst writes lines before the first entry and the comments above it.
func (e editor) insertFirst(v *format.Value, text string) []splice {
	first := v.Entries[0]
	if len(first.Head) > 0 {
		start, _ := e.Line(first.Head[0].Start)
		return []splice{{start, start, pad(v.Column) + text}}
	}
	return []splice{{first.Start, first.Start, text + pad(v.Column)}}
}

func lines(apart bool) int {
	if apart {
		return 2
	}
	return 1
}

// touching are the comments at the end of a block that no blank line parts from
// the last entry.
func touching(foot []format.Comment) []format.Comment {
	for i, c := range foot {
		if c.Blank {
			return foot[:i]
		}
	}
	return foot
}

// keeps reports whether a blank line behind a value would be part of it.
func keeps(v format.Value) bool {
	if len(v.Entries) == 0 || v.Flow || len(v.Foot) > 0 || len(v.Entries[len(v.Entries)-1].Tail) > 0 {
		return v.Keep
	}
	return keeps(v.Entries[len(v.Entries)-1].Value)
}

// writer writes with the indentation that is used around an entry.
func (e editor) writer(c cursor) writer {
	if v := c.entry().Value; v.Kind == format.MapValue && !v.Flow && len(v.Entries) > 0 && c.parent.Kind == format.MapValue {
		return writer{v.Column - c.parent.Column, e.lines}
	}
	return writer{stepIn(&e.Root), e.lines}
}

// stepIn is the indentation of the first map inside a map.
func stepIn(v *format.Value) int {
	for _, e := range v.Entries {
		if in := e.Value; in.Kind == format.MapValue && !in.Flow {
			return in.Column - v.Column
		}
	}
	return step
}

// mark is the key with its colon, or the dash, of an entry outside of brackets.
func (e editor) mark(c cursor) string {
	if c.parent.Kind == format.ListValue {
		return "-"
	}
	return string(e.Text[c.entry().Start:c.entry().MarkEnd]) + ":"
}

// write is an entry outside of brackets with another value.
func (e editor) write(c cursor, aside string, v Value) string {
	return e.writer(c).entry(e.mark(c), aside, sorted(e.order, c.pathTo(), v), c.parent.Column)
}

// replace writes an entry outside of brackets anew. One comment beside it stays
// there; the others move above it.
func (e editor) replace(c cursor, v Value) []splice {
	o := c.entry()
	if below, ok := strings.CutPrefix(e.write(c, "", v), e.mark(c)+"\n"); ok && o.Value.Start == o.Value.End && c.parent.Kind == format.MapValue {
		return e.fill(o, "\n"+below)
	}
	var aside format.Comment
	for _, beside := range [][]format.Comment{o.Note, o.After} {
		if len(beside) == 1 {
			aside = beside[0]
		}
	}
	text := e.rescue(c, o.Start, o.End, aside) + e.write(c, e.say(aside), v)
	return []splice{{o.Start, o.End, text}}
}

// fill writes entries below a key that has none.
func (e editor) fill(o *format.Entry, text string) []splice {
	if len(o.Lead) > 0 {
		text = "\n" + text
	}
	_, end := e.Line(o.End)
	return []splice{{end, end, text}}
}

func (e editor) say(c format.Comment) string { return string(e.Text[c.Start:c.End]) }

// rescue is the comments in a stretch of text, except one, as lines above the
// entry.
func (e editor) rescue(c cursor, start, end int, except format.Comment) string {
	var b strings.Builder
	for _, comment := range e.Comments {
		if comment.Start >= start && comment.Start < end && comment != except {
			b.WriteString(e.say(comment) + "\n" + pad(c.parent.Column))
		}
	}
	return b.String()
}

// inPlace replaces a value that stands on its own or in brackets. Comments in it
// move above the entry; lines that continue the comment beside it stay aligned.
func (e editor) inPlace(c cursor, text string) []splice {
	old, outer := c.entry().Value, c.outer()
	o := outer.entry()
	end := old.End
	if old.Start == old.End { // a key in brackets, with or without its colon
		if text = " " + text; old.Start == c.entry().MarkEnd {
			text = ":" + text
		}
		end += len(e.Text[end:]) - len(bytes.TrimLeft(e.Text[end:], " "))
	}
	splices := []splice{{old.Start, end, text}}
	if above := e.rescue(outer, old.Start, old.End, format.Comment{}); above != "" {
		splices = slices.Insert(splices, 0, splice{o.Start, o.Start, above})
	}
	if len(o.After) < 2 {
		return splices
	}
	start, _ := e.Line(old.Start)
	line := string(e.Text[start:old.Start]) + text + string(e.Text[end:o.After[0].Start])
	column := utf8.RuneCountInString(line[strings.LastIndexByte(line, '\n')+1:])
	for _, next := range o.After[1:] {
		start, _ := e.Line(next.Start)
		splices = append(splices, splice{start, next.Start, pad(column)})
	}
	return splices
}
