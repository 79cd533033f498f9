package xlsx

import (
	"strings"
	"unicode/utf8"
)

// face is what the size of a column is reckoned with: the least and the greatest
// width, in units of spreadsheets, and how many units a character takes.
type face struct{ least, most, char float64 }

var faces = map[use]face{
	asWords: {8, 60, 0.86}, asCode: {8, 36, 0.92}, asFigure: {8, 14, 1}, asDate: {12, 12, 1}, asState: {10, 24, 0.95},
	asGroup: {12, 24, 0.95}, asOrigin: {10, 32, 0.84}, asHead: {8, 30, 1},
}

// pageWidth is how wide a sheet may be to be read when it is printed on one page;
// narrow is how far columns of words shrink for that. Both are in units of
// spreadsheets.
const (
	pageWidth = 210.0
	narrow    = 15.0
)

// measure gives each column the width of its longest line, within bounds, and
// narrows columns of words where the sheet would not fit a page.
func (b *book) measure(s *sheet, rows []line) {
	total := 0.0
	load := make([]float64, len(s.columns)) // characters of a column
	for i := range s.columns {
		c := &s.columns[i]
		longest := 0
		for _, l := range rows {
			text := b.shown(c, l)
			load[i] += float64(len(text))
			longest = max(longest, longestLine(text))
		}
		f, title := faces[c.use], faces[asHead]
		head := min(float64(longestWord(c.title))*title.char+4, title.most) // with the button of the filter
		c.width = max(min(float64(longest)*f.char+1.5, f.most), f.least, head)
		total += c.width
	}
	if total > pageWidth {
		squeeze(s.columns, load, total-pageWidth)
	}
}

// squeeze narrows columns of words. Each keeps a least width, and of the rest as
// much as its share of all characters.
func squeeze(columns []column, load []float64, excess float64) {
	natural := make([]float64, len(columns))
	free := -excess
	for i := range columns {
		if c := &columns[i]; c.use == asWords && c.width > narrow {
			natural[i] = c.width
			free += c.width - narrow
			c.width = narrow
		}
	}
	for free > 1 { // each round but the last one fills a column
		sum, given := 0.0, 0.0
		for i := range columns {
			if columns[i].width < natural[i] {
				sum += load[i]
			}
		}
		if sum == 0 {
			return
		}
		for i := range columns {
			if c := &columns[i]; c.width < natural[i] {
				more := min(free*load[i]/sum, natural[i]-c.width)
				c.width += more
				given += more
			}
		}
		if free -= given; given == 0 {
			return
		}
	}
}

// shown is the text that a column shows in a row.
func (b *book) shown(c *column, l line) string {
	if c.index < 0 {
		text, _ := c.cell(l)
		return text
	}
	if c.index < len(l.Cells) {
		return textOf(l.Cells[c.index])
	}
	return ""
}

// Heights in points: of a line of text, around the text, and what programs allow.
const (
	lineHeight = 12.75
	padding    = 3.0
	maxHeight  = 409.0
)

// height is that of a row which holds so many lines. Not all programs work it out by
// themselves.
func height(lines int) float64 { return min(float64(max(lines, 1))*lineHeight+padding, maxHeight) }

// wrapped is how many lines a text takes in a column.
func wrapped(s string, c column) int {
	f, ok := faces[c.use]
	if !ok {
		return 1
	}
	room := max(int((c.width-1)/f.char), 1)
	lines := 0
	for l := range strings.SplitSeq(s, "\n") {
		lines += wrap(l, room)
	}
	return lines
}

// wrap is how many lines of so many characters a line of text takes.
func wrap(s string, room int) int {
	if len(s) <= room {
		return 1
	}
	lines, used := 1, 0
	for w := range strings.FieldsSeq(s) {
		n := utf8.RuneCountInString(w)
		if used > 0 && used+1+n > room {
			lines, used = lines+1, 0
		}
		if used > 0 {
			used++
		}
		used += n
		if used > room { // a word that is longer than the line
			lines += (used - 1) / room
			used = (used-1)%room + 1
		}
	}
	return lines
}

func longestLine(s string) int {
	most := 0
	for l := range strings.SplitSeq(s, "\n") {
		most = max(most, utf8.RuneCountInString(l))
	}
	return most
}

func longestWord(s string) int {
	most := 0
	for w := range strings.FieldsSeq(s) {
		most = max(most, utf8.RuneCountInString(w))
	}
	return most
}
