package docx

import (
	"theriac/document"
)

// unit is a heading or a block, as it stands on its page.
type unit struct {
	section *document.Section
	depth   int
	block   document.Block  // nil for a heading
	wide    bool            // on a page in landscape
	lines   int             // about as many as it takes
	follows document.Source // of the next statement
	lead    int             // height of the text since the last new page or picture, in twips, about
}

// units are the headings and blocks of the document in reading order.
func (w *writer) units() []unit {
	var list []unit
	w.d.Walk(func(s *document.Section, depth int) {
		list = append(list, unit{section: s, depth: depth, lines: 3})
		for i, b := range s.Blocks {
			u := unit{section: s, depth: depth, block: b, wide: w.wide(b), lines: lines(b, 0)}
			if i+1 < len(s.Blocks) {
				u.follows = firstSource(s.Blocks[i+1])
			}
			list = append(list, u)
		}
	})
	settle(list)
	leads(list)
	return list
}

// leads measures the text in front of each unit.
func leads(list []unit) {
	sum := 0
	for i, u := range list {
		if i > 0 && u.wide != list[i-1].wide {
			sum = 0
		}
		list[i].lead = sum
		switch u.block.(type) {
		case nil:
			sum += headingHigh
		case *document.Picture:
			sum = 0
		default:
			sum += u.lines*lineHigh + 120
		}
	}
}

// Heights of headings and lines, in twips, with the space around.
const (
	headingHigh = 850
	lineHigh    = 275
)

// wide reports whether a block needs a page in landscape.
func (w *writer) wide(b document.Block) bool {
	switch b := b.(type) {
	case *document.Table:
		return b.Wide
	case *document.Picture:
		return w.pictureTurns(b)
	}
	return false
}

// Lines that are not worth a change of the page.
const (
	fewLines = 14 // before or behind pages in landscape
	someLine = 24 // between two of them
)

// settle puts headings on the page of what follows them, and short texts beside what is
// in landscape on the same pages.
func settle(list []unit) {
	for i := len(list) - 2; i >= 0; i-- {
		if list[i].block == nil {
			list[i].wide = list[i+1].wide
		}
	}
	for from := 0; from < len(list); {
		if list[from].wide {
			from++
			continue
		}
		to, sum := from, 0
		for to < len(list) && !list[to].wide {
			sum += list[to].lines
			to++
		}
		most := fewLines
		if from > 0 && to < len(list) {
			most = someLine
		}
		first := from
		if sum > most || from == 0 && to == len(list) {
			first = leading(list, from, to)
		}
		for i := first; i < to; i++ {
			list[i].wide = true
		}
		from = to
	}
}

// leading is where the few lines begin, at a heading, that lead to what is in landscape
// at an index; the index itself where there are none.
func leading(list []unit, from, to int) int {
	if to == len(list) {
		return to
	}
	first, sum, section := to, 0, list[to].section
	for i := to - 1; i >= from; i-- {
		if s := list[i].section; s != section && (len(s.Sections) == 0 || s.Sections[0] != section) {
			break
		}
		section = list[i].section
		if sum += list[i].lines; sum > fewLines {
			break
		}
		if list[i].block == nil {
			first = i
		}
	}
	return first
}

// lineLength is how many characters are on a line, about.
const lineLength = 95

// lines is about how many lines a block takes.
func lines(b document.Block, depth int) int {
	if depth > maxNesting {
		return 1
	}
	of := func(list []document.Block) int {
		n := 0
		for _, b := range list {
			n += lines(b, depth+1)
		}
		return n
	}
	n := 1
	switch b := b.(type) {
	case *document.Paragraph:
		n = 1 + len(b.Text.String())/lineLength
	case *document.List:
		for _, it := range b.Items {
			n += of(it.Blocks)
		}
	case *document.Terms:
		for _, t := range b.Terms {
			n += 1 + of(t.Blocks)
		}
	case *document.Callout:
		n += 1 + of(b.Blocks)
	case *document.Table:
		n += 2 + 2*len(b.Rows)
	case *document.Picture:
		n = 25
	case *document.Listing:
		n += len(b.Text) / 40
	}
	return n
}

// firstSource is the source of the first statement of a block.
func firstSource(b document.Block) document.Source {
	switch b := b.(type) {
	case *document.Paragraph:
		return b.Source
	case *document.Listing:
		return b.Source
	case *document.List:
		if len(b.Items) > 0 {
			return b.Items[0].Source
		}
	}
	return document.Source{}
}
