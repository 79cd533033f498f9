package docx

import (
	"slices"
	"strings"
	"unicode/utf8"

	"theriac/document"
)

// Widths of text in tables, in twips.
const (
	cellPadding = 170
	wordMost    = 0.22 // of the room, that a column gets for its longest word
	codeMost    = 0.34
	shareMost   = 1.3  // of what a column asked for, that long words get where others lack room
	shareLeast  = 0.7  // and that a column of words keeps then
	little      = 0.25 // of the room, below which a column of words lacks it
	otherFont   = 1.18 // how much wider than Arial the font of a template may be
)

// columnWidths divides the room by the shares of the columns, so that the words of
// headings and the codes of cells are not broken as far as there is room.
func (w *writer) columnWidths(t *document.Table, n, room int) []int {
	wider := 1.0
	if !w.base.own {
		wider = otherFont
	}
	widths, least := make([]float64, n), make([]float64, n)
	for i := range n {
		widths[i] = 1
		if i < len(t.Columns) {
			if v := t.Columns[i].Width; v > 0 && v < 1e6 {
				widths[i] = v
			}
			least[i] = min(longestWord(t.Columns[i].Title, true, false)*wider+cellPadding, wordMost*float64(room))
		}
	}
	for i, all := 0, total(widths); i < n; i++ {
		widths[i] *= float64(room) / all
	}
	named := slices.Clone(least)
	for _, r := range t.Rows {
		for i, c := range r.Cells {
			kind, most := document.Words, wordMost
			if i < len(t.Columns) {
				kind = t.Columns[i].Kind
			}
			if kind == document.Code {
				most = codeMost
			}
			least[i] = max(least[i], min(longestIn(c, kind)*wider+cellPadding, most*float64(room)))
		}
	}
	raised := raise(widths, least, float64(room))
	if squeezed(t, widths, raised, little*float64(room)) {
		for i := range least {
			least[i] = min(least[i], max(named[i], shareMost*widths[i]))
			if isWords(t, i) {
				least[i] = max(least[i], shareLeast*widths[i])
			}
		}
		raised = raise(widths, least, float64(room))
	}
	return whole(raised, room)
}

// squeezed reports whether long words and codes left a column of words little, and far
// less than it asked for.
func squeezed(t *document.Table, widths, raised []float64, little float64) bool {
	for i := range widths {
		if raised[i] < little && raised[i] < 0.75*widths[i] && isWords(t, i) {
			return true
		}
	}
	return false
}

func isWords(t *document.Table, i int) bool {
	return i >= len(t.Columns) || t.Columns[i].Kind == document.Words
}

// longestIn is the width of the longest word of a cell.
func longestIn(c document.Cell, kind document.ColumnKind) float64 {
	longest := 0.0
	for _, l := range c.Lines {
		for _, s := range l {
			text := s.Text
			if kind == document.Date || kind == document.Code {
				text = strings.ReplaceAll(text, "-", "0") // does not part there
			}
			word := longestWord(text, s.Tone != document.Plain, kind == document.Code || s.Style&document.Mono != 0)
			if s.Tone != document.Plain {
				word += longestWord("II", true, false) // the space around
			}
			longest = max(longest, word)
		}
	}
	return longest
}

// raise gives columns what they need at least, at the expense of those that have more.
func raise(widths, least []float64, room float64) []float64 {
	out := slices.Clone(widths)
	if need := total(least); need >= room {
		for i, v := range least {
			out[i] = max(v, room/float64(8*len(least)))
		}
		return out
	}
	for range out {
		lack, spare := 0.0, 0.0
		for i := range out {
			lack += max(0, least[i]-out[i])
			spare += max(0, out[i]-least[i])
		}
		if lack < 1 {
			break
		}
		for i := range out {
			if out[i] < least[i] {
				out[i] = least[i]
			} else if spare > 0 {
				out[i] -= (out[i] - least[i]) * min(1, lack/spare)
			}
		}
	}
	return out
}

func total(list []float64) float64 {
	sum := 0.0
	for _, v := range list {
		sum += v
	}
	return sum
}

// whole rounds widths so that their sum is the room.
func whole(widths []float64, room int) []int {
	all := total(widths)
	list := make([]int, len(widths))
	for i, v := range widths {
		list[i] = max(60, int(v/all*float64(room)))
	}
	list[slices.Index(list, slices.Max(list))] += max(room-sum(list), -60)
	return list
}

// longestWord is the width of the longest word of a text in a table, in twips; of a
// text in Arial or in a monospaced font, of 8.5 points. Words part behind hyphens.
func longestWord(s string, bold, mono bool) float64 {
	longest, at := 0.0, 0.0
	size := 170.0
	if bold {
		size *= 1.08
	}
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		s = s[n:]
		switch {
		case r == ' ' || r == '\n' || r == '\t':
			at = 0
			continue
		case mono:
			at += 0.61 * size
		case strings.ContainsRune("ijlt.,:;'|!()[]fr-/I ", r):
			at += 0.32 * size
		case r >= 'A' && r <= 'Z' || r == 'm' || r == 'w' || r > 0x2fff:
			at += 0.75 * size
		default:
			at += 0.56 * size
		}
		longest = max(longest, at)
		if r == '-' {
			at = 0
		}
	}
	return longest
}
