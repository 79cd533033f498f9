package edit

import (
	"strings"

	"theriac/format"
)

// remove takes the entry at a path away.
func (e editor) remove(steps []string) []splice {
	c, _ := e.walk(steps)
	return e.cut(c)
}

// cut takes an entry away. Its comments stay.
func (e editor) cut(c cursor) []splice {
	if c.parent.Flow {
		return e.cutFlow(c)
	}
	o := c.entry()
	start, _ := e.Line(o.Start)
	_, end := e.Line(o.End)
	beside := len(strings.TrimSpace(string(e.Text[start:o.Start]))) > 0 // of the dash of an item
	kept := strings.TrimRight(e.rescue(c, o.Start, o.End, format.Comment{}), " \n")
	switch {
	case kept != "" && beside:
		return []splice{{o.Start, blankBelow(e.Text, end), kept}}
	case kept != "":
		return []splice{{o.Start, end, kept}}
	case beside && c.at+1 < len(c.parent.Entries):
		return []splice{{o.Start, e.startBelow(c), ""}}
	}
	return e.cutLines(c, start, end)
}

// startBelow is where the first comment or entry below an entry starts.
func (e editor) startBelow(c cursor) int {
	next := c.parent.Entries[c.at+1]
	for _, list := range [][]format.Comment{c.entry().Tail, next.Head} {
		if len(list) > 0 {
			return list[0].Start
		}
	}
	return next.Start
}

// cutLines takes the lines of an entry away, with the blank lines that only it
// made necessary.
func (e editor) cutLines(c cursor, start, end int) []splice {
	o, n := c.entry(), len(c.parent.Entries)
	floor, keep := 0, false
	if c.at > 0 && len(o.Head) == 0 {
		before := c.parent.Entries[c.at-1]
		if keep = keeps(before.Value) && len(before.Tail) == 0; keep {
			floor = start
		}
	}
	above, below := blankAbove(e.Text, start, floor), blankBelow(e.Text, end)
	first := c.at == 0 && len(c.parent.Top)+len(o.Head) == 0
	last := c.at == n-1 && len(o.Tail)+len(c.parent.Foot) == 0
	switch {
	case keep, first && !last:
		end = below
	case last, above < start && below > end:
		start = above
	}
	switch {
	case end < len(e.Text):
		end++
	case start > 0:
		start--
	}
	return []splice{{start, end, ""}}
}
