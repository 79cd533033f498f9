package document

import (
	"fmt"
	"strings"

	"theriac/locale"
)

// T is a plain text.
func T(format string, args ...any) Text {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return Text{{Text: format}}
}

// Bold is a strong span.
func Bold(s string) Span { return Span{Text: s, Style: Strong} }

// Literal is a monospaced span.
func Literal(s string) Span { return Span{Text: s, Style: Mono} }

// Badge is a state.
func Badge(tone Tone, s string) Span { return Span{Text: s, Tone: tone} }

// Link is a span that leads somewhere. An empty text is filled when the set is
// resolved.
func Link(text string, to Address) Span { return Span{Text: text, To: to} }

// P is a paragraph.
func P(source Source, text ...Span) *Paragraph { return &Paragraph{Text: text, Source: source} }

// Lines is a cell of one or more lines.
func Lines(lines ...Text) Cell { return Cell{Lines: lines} }

// C is a cell of one line.
func C(spans ...Span) Cell {
	if len(spans) == 0 {
		return Cell{}
	}
	return Cell{Lines: []Text{spans}}
}

// W is a cell of plain words; of none when they are "".
func W(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Lines: []Text{{{Text: s}}}}
}

// N is a cell with a figure.
func N(n int) Cell { return Cell{Lines: []Text{T("%d", n)}, Value: n} }

// On is a cell with a day, YYYY-MM-DD; an empty one for "".
func On(day string) Cell {
	if day == "" {
		return Cell{}
	}
	return Cell{Lines: []Text{T("%s", day)}, Value: day}
}

// String is the text without its looks.
func (t Text) String() string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(s.Text)
	}
	return b.String()
}

// String is the text of the cell, its lines divided by line breaks.
func (c Cell) String() string {
	var lines []string
	for _, l := range c.Lines {
		lines = append(lines, l.String())
	}
	return strings.Join(lines, "\n")
}

// Language says what painters say in the language of the document; in English where
// there are no words for it.
func (d *Document) Language() *locale.Language {
	if d.Words != nil {
		return d.Words
	}
	if l, err := locale.Open(strings.ToLower(d.Lang), nil); err == nil {
		return l
	}
	return locale.English()
}

// Section returns the section of the document with an id, at any depth, or nil.
func (d *Document) Section(id string) *Section {
	var found *Section
	d.Walk(func(s *Section, _ int) {
		if found == nil && s.ID == id {
			found = s
		}
	})
	return found
}

// Walk visits the sections in reading order, with their depth, from 1.
func (d *Document) Walk(visit func(s *Section, depth int)) { walk(d.Sections, 1, visit) }

func walk(list []*Section, depth int, visit func(*Section, int)) {
	for _, s := range list {
		visit(s, depth)
		walk(s.Sections, depth+1, visit)
	}
}

// Blocks calls visit for each block of a list and for those inside of them, the
// outer ones first.
func Blocks(list []Block, visit func(Block)) {
	for _, b := range list {
		visit(b)
		switch b := b.(type) {
		case *List:
			for _, it := range b.Items {
				Blocks(it.Blocks, visit)
			}
		case *Terms:
			for _, t := range b.Terms {
				Blocks(t.Blocks, visit)
			}
		case *Callout:
			Blocks(b.Blocks, visit)
		}
	}
}

// Sources yields the sources of a block, without those of blocks inside of it.
func Sources(b Block) []Source {
	var list []Source
	add := func(s Source) {
		if !s.IsZero() {
			list = append(list, s)
		}
	}
	switch b := b.(type) {
	case *Paragraph:
		add(b.Source)
	case *List:
		for _, it := range b.Items {
			add(it.Source)
		}
	case *Terms:
		for _, t := range b.Terms {
			add(t.Source)
		}
	case *Table:
		for _, r := range b.Rows {
			add(r.Source)
		}
	case *Picture:
		add(b.Source)
	case *Callout:
		add(b.Source)
	case *Listing:
		add(b.Source)
	}
	return list
}

// texts calls visit for each text of a block, without those of blocks inside of it.
func texts(b Block, visit func(Text)) {
	switch b := b.(type) {
	case *Paragraph:
		visit(b.Text)
	case *Table:
		for _, r := range b.Rows {
			for _, c := range r.Cells {
				for _, l := range c.Lines {
					visit(l)
				}
			}
		}
	case *Terms:
		for _, t := range b.Terms {
			visit(t.Name)
		}
	}
}
