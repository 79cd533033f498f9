package edit

import (
	"bytes"
	"fmt"
	"slices"

	"theriac/format"
)

// place is where an entity or singleton stands, in whole lines. Edits read only
// these lines again, so that their cost does not grow with the file.
type place struct {
	keys       []string // from the root of the file
	above      []string // those of them that stand above the lines
	start, end int
	all        bool // the lines are the whole file
}

// find returns the place of an entity or singleton.
func (d *Doc) find(id string) (place, error) {
	if d.places == nil {
		if err := d.survey(); err != nil {
			return place{}, err
		}
	}
	found := -1
	for i, p := range d.places {
		if p.keys[len(p.keys)-1] != id {
			continue
		}
		if found >= 0 {
			return place{}, fmt.Errorf("%w: the id is given twice", ErrShape)
		}
		found = i
	}
	if found < 0 {
		return place{}, ErrNotFound
	}
	return d.places[found], nil
}

// survey finds the places of all entities and singletons.
func (d *Doc) survey() error {
	l, err := format.Read(d.text.src)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	d.places = []place{}
	for _, kind := range l.Root.Entries {
		lines := linesOf(l, kind)
		lines.keys = []string{kind.Key}
		if d.order(lines.keys) != nil {
			d.places = append(d.places, lines)
			continue
		}
		if kind.Value.Kind != format.MapValue {
			continue
		}
		for _, e := range kind.Value.Entries {
			p := lines
			if !kind.Value.Flow {
				p = linesOf(l, e)
				p.above = []string{kind.Key}
			}
			p.keys = []string{kind.Key, e.Key}
			d.places = append(d.places, p)
		}
	}
	return nil
}

// linesOf are the lines of an entry, and the blank and comment lines below it:
// what is written above them could take them in.
func linesOf(l *format.Layout, e *format.Entry) place {
	start, _ := l.Line(e.Start)
	_, end := l.Line(e.End)
	for end < len(l.Text) {
		_, next := l.Line(end + 1)
		if line := bytes.TrimLeft(l.Text[end+1:next], " \t"); len(line) > 0 && line[0] != '#' {
			break
		}
		end = next
	}
	return place{start: start, end: min(end+1, len(l.Text))}
}

// whole is the whole file as a place.
func (d *Doc) whole() place { return place{end: len(d.text.src), all: true} }

// of is a place for the keys of another one.
func (p place) of(q place) place {
	p.keys = q.keys
	return p
}

// part is what the lines of the place say when the file says want.
func (p place) part(want Map) Map {
	if p.all {
		return want
	}
	key := p.keys[len(p.above)]
	v, _ := get(want, append(slices.Clone(p.above), key))
	return Map{{key, v}}
}

// commit takes a changed text over. Places behind the change move; entities of
// a kind in brackets share their lines.
func (d *Doc) commit(p place, t text, want Map) {
	grown := len(t.src) - len(d.text.src)
	d.text, d.want = t, want
	if p.all {
		d.places = nil
		return
	}
	for i := range d.places {
		q := &d.places[i]
		if q.start > p.start {
			q.start += grown
		}
		if q.end >= p.end {
			q.end += grown
		}
	}
}

// blankAbove returns where the blank lines above a line start, but not before
// floor.
func blankAbove(src []byte, line, floor int) int {
	for line > floor {
		start := bytes.LastIndexByte(src[:line-1], '\n') + 1
		if start < floor || len(bytes.TrimSpace(src[start:line])) > 0 {
			break
		}
		line = start
	}
	return line
}

// blankBelow returns where the blank lines end that follow the end of a line.
func blankBelow(src []byte, at int) int {
	for at < len(src) {
		next := len(src)
		if i := bytes.IndexByte(src[at+1:], '\n'); i >= 0 {
			next = at + 1 + i
		}
		if len(bytes.TrimSpace(src[at:next])) > 0 {
			break
		}
		at = next
	}
	return at
}
