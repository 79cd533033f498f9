package techdoc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/draw"
)

// Sizes of the small matrix, and the most levels that it shows.
const (
	boardWidth  = 640.0
	boardLabel  = 96.0  // least width of the names of rows
	boardWidest = 180.0 // most width of them
	boardGap    = 28.0
	boardCell   = 17.0
	boardTop    = 22.0
	boardBottom = 20.0
	boardLine   = 10.0 // of names of columns
	boardLevels = 7
)

// Sizes of the names of levels, and the width of a letter in them, which few letters
// pass.
const (
	boardLargest  = 10.0
	boardSmallest = 6.5
	boardLetter   = 0.56
)

// boardMatrix draws how many risks stand in each cell before and after measures; nil
// where the policy has no scales, or too many levels for a small picture.
func (b *lifeBook) boardMatrix() *draw.Drawing {
	m, err := MatrixOf(b.risks)
	if err != nil || len(m.Up.Levels) > boardLevels || len(m.Across.Levels) > boardLevels {
		return nil
	}
	label := min(max(boardLabel, boardLargest*boardLetter*float64(longestLevel(m.Up.Levels))+8), boardWidest)
	names := boardNames(m.Across.Levels, boardWidth-label)
	wide := names.column * float64(len(m.Across.Levels))
	height := boardTop + boardCell*float64(len(m.Up.Levels)) + boardBottom + boardLine*float64(names.lines-1)
	s := draw.Sheet{Name: "matrix", Width: boardWidth, Height: height}
	size := levelSize(m.Up.Levels, label-8, boardLargest)
	for i, level := range m.Up.Levels {
		y := boardTop + boardCell*(float64(len(m.Up.Levels)-1-i)+0.5)
		s.Items = append(s.Items, &draw.Text{X: label - 6, Y: y + 3.5, Size: size, Anchor: draw.End, Role: "text", Text: shortLevel(level, label-8, size)})
	}
	summary := []string{}
	for side, name := range []string{b.Say("Before measures"), b.Say("After measures")} {
		x := label + float64(side)*(wide+names.gap)
		items, counts := boardGrid(m, side == 1, x, wide, names)
		s.Items = append(s.Items, &draw.Text{X: x, Y: boardTop - 8, Size: 11, Bold: true, Role: "text", Text: name}, items)
		summary = append(summary, name+": "+counts)
	}
	return &draw.Drawing{Title: b.Say("Risks before and after measures"), Summary: strings.Join(summary, ". ") + ".", Sheets: []draw.Sheet{s}}
}

// boardGrid draws one side, and counts its risks by what the policy says of them.
func boardGrid(m draw.Matrix, after bool, x, wide float64, names levelNames) (draw.Item, string) {
	columns, rows := len(m.Across.Levels), len(m.Up.Levels)
	cw := wide / float64(columns)
	counts := map[draw.Cell]int{}
	for _, r := range m.Risks {
		at := r.Before
		if after {
			at = r.After
		}
		if at != nil {
			counts[*at]++
		}
	}
	g := &draw.Group{}
	total, above := 0, 0
	for up := range rows {
		for across := range columns {
			n, v := counts[draw.Cell{Across: across, Up: up}], m.Verdicts[up][across]
			total += n
			if v == draw.Unacceptable {
				above += n
			}
			g.Items = append(g.Items, boardBox(n, v, x+cw*float64(across), boardTop+boardCell*float64(rows-1-up), cw))
		}
	}
	for across, level := range m.Across.Levels {
		y := boardTop + boardCell*float64(rows) + 12 + boardLine*float64(across%names.lines)
		g.Items = append(g.Items, &draw.Text{X: x + cw*(float64(across)+0.5), Y: y, Size: names.size, Anchor: draw.Middle, Role: "text", Text: shortLevel(level, names.width, names.size)})
	}
	g.Label = fmt.Sprintf("%d risks, %d above the policy", total, above)
	return g, g.Label
}

// boardBox is a cell with its count. What the policy does not accept is marked by a
// sign as well as by colour.
func boardBox(n int, v draw.Verdict, x, y, w float64) draw.Item {
	role := map[draw.Verdict]draw.Role{draw.Acceptable: "good", draw.Unacceptable: "bad", draw.Conditional: "partly"}[v]
	if role == "" {
		role = "empty"
	}
	g := &draw.Group{Items: []draw.Item{&draw.Rect{X: x, Y: y, W: w, H: boardCell, Role: role}}}
	if v == draw.Unacceptable {
		g.Items = append(g.Items, &draw.Text{X: x + 4, Y: y + 12, Size: 9, Role: "faint", Text: "×"})
	}
	if n > 0 {
		g.Items = append(g.Items, &draw.Text{X: x + w/2, Y: y + 12.8, Size: 12, Anchor: draw.Middle, Bold: true, Role: "text", Text: strconv.Itoa(n)})
	}
	return g
}

// levelNames is how the names of columns are set: on one line, or on two in turn where
// they are too long to stand beside each other.
type levelNames struct {
	size, width float64
	lines       int
	column, gap float64 // width of a column, and between the two sides
}

// boardNames sets names under the columns of both sides, which share a width. Names on
// two lines stand out by half a column, for which there is room at all ends.
func boardNames(levels []string, total float64) levelNames {
	const largest = 9.0
	n := float64(len(levels))
	column := (total - boardGap) / (2 * n)
	if size := levelSize(levels, column-2, largest); size > boardSmallest {
		return levelNames{size, column - 2, 1, column, boardGap}
	}
	column = total / (2*n + 1.5)
	return levelNames{levelSize(levels, 2*column-4, largest), 2*column - 4, 2, column, column}
}

// longestLevel is the length of the longest name in letters.
func longestLevel(levels []string) (n int) {
	for _, level := range levels {
		n = max(n, utf8.RuneCountInString(printable(level)))
	}
	return n
}

// levelSize is the size in which all names fit into a width; the smallest where none
// does.
func levelSize(levels []string, width, largest float64) float64 {
	n := max(1, longestLevel(levels))
	return max(boardSmallest, min(largest, width/(boardLetter*float64(n))))
}

func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
}

// shortLevel is the name of a level in a width, cut where even the smallest size is
// too large for it.
func shortLevel(name string, width, size float64) string {
	runes := []rune(printable(name))
	if most := int(width/(boardLetter*size) + 0.001); len(runes) > most {
		return string(runes[:max(1, most-1)]) + "…"
	}
	return string(runes)
}
