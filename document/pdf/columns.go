package pdf

import (
	"cmp"
	"math"
	"slices"

	"theriac/document"
)

// column is what a column needs, in points, with its pads.
type column struct {
	share float64 // of the width, as the document asks for
	word  float64 // the widest part that no line break divides
	whole float64 // the widest line
	kind  document.ColumnKind
}

// maxWord is the part of the width of a table above which a word is divided, so that
// one digest does not press the other columns.
const maxWord = 0.34

// columnWidths are the widths of columns: those that the document asks for, or by
// content where it asks for none; in both cases wide enough for words, as far as
// there is room.
func columnWidths(columns []column, width float64) []float64 {
	asked := 0.0
	for i := range columns {
		asked += columns[i].share
		if columns[i].word > width*maxWord {
			columns[i].word = width * maxWord
			columns[i].whole = min(columns[i].whole, width/2)
		}
		columns[i].whole = max(columns[i].whole, columns[i].word)
	}
	if asked == 0 {
		return byContent(columns, width)
	}
	wanted := make([]float64, len(columns))
	sum := 0.0
	for i, c := range columns {
		if c.share <= 0 {
			c.share = 1
		}
		wanted[i] = c.share
		sum += c.share
	}
	for i := range wanted {
		wanted[i] *= width / sum
	}
	return withWords(wanted, columns, width)
}

// withWords widens columns that are too narrow for their words, at the cost of those
// that have more than they need.
func withWords(wanted []float64, columns []column, width float64) []float64 {
	words := 0.0
	for _, c := range columns {
		words += c.word
	}
	if words > width {
		return levelled(columns, width)
	}
	over, spare := -width, 0.0
	for i, c := range columns {
		wanted[i] = max(wanted[i], c.word)
		over += wanted[i]
		spare += wanted[i] - c.word
	}
	if spare > 0 && over > 0 {
		for i, c := range columns {
			wanted[i] -= over * (wanted[i] - c.word) / spare
		}
	}
	return wanted
}

// levelled gives each column its widest word but for those with the widest, which share
// what the others leave: where not all words fit, the longest are divided and no other.
func levelled(columns []column, width float64) []float64 {
	widths := make([]float64, len(columns))
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(columns[a].word, columns[b].word) })
	for n, i := range order {
		widths[i] = min(columns[i].word, width/float64(len(order)-n))
		width -= widths[i]
	}
	return widths
}

// byContent are widths by content. Where all lines fit, what is left goes to the
// columns of words; otherwise each column has its widest word, and of the rest the
// more the longer its lines are, but not more than those.
func byContent(columns []column, width float64) []float64 {
	widths := make([]float64, len(columns))
	words, whole, prose := 0.0, 0.0, 0.0
	for _, c := range columns {
		words += c.word
		whole += c.whole
		if c.kind == document.Words {
			prose += c.whole
		}
	}
	switch {
	case words >= width:
		return levelled(columns, width)
	case whole <= width:
		for i, c := range columns {
			widths[i] = c.whole
			switch {
			case prose == 0 && whole > 0:
				widths[i] += (width - whole) * c.whole / whole
			case prose == 0:
				widths[i] += width / float64(len(columns))
			case c.kind == document.Words:
				widths[i] += (width - whole) * c.whole / prose
			}
		}
		return widths
	}
	return poured(columns, width-words)
}

// poured gives each column its widest word, and pours the rest over those that have
// longer lines.
func poured(columns []column, rest float64) []float64 {
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = c.word
	}
	weight := func(i int) float64 { return math.Pow(max(0, columns[i].whole-columns[i].word), 0.6) }
	for range columns { // each time at least one column is full
		sum := 0.0
		for i, c := range columns {
			if widths[i] < c.whole {
				sum += weight(i)
			}
		}
		if sum == 0 || rest < slack {
			break
		}
		left := 0.0
		for i, c := range columns {
			if widths[i] < c.whole {
				w := widths[i] + rest*weight(i)/sum
				left += max(0, w-c.whole)
				widths[i] = min(w, c.whole)
			}
		}
		rest = left
	}
	return widths
}
