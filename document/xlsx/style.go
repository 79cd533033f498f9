package xlsx

import (
	"github.com/xuri/excelize/v2"

	"theriac/document"
)

// look is what tells the styles of cells apart.
type look struct {
	use    use
	tone   document.Tone
	linked bool
	quoted bool // a text that begins as a formula does
	bare   bool // without lines around
	unit   string
}

// use is what a cell is for.
type use byte

const (
	asWords use = iota
	asCode
	asFigure
	asDate
	asState
	asGroup
	asOrigin
	asHead
	asTitle
	asLabel
	asNote // words beyond the width of the column
)

// colours are the fill and the text of a tone, with a contrast of 7 or more.
var colours = map[document.Tone][2]string{
	document.Good: {"E3F2E6", "14532D"}, document.Partly: {"FFF3D6", "5C4000"}, document.Bad: {"FBE3E1", "7F1D1D"}, document.Neutral: {"ECEFF2", "374151"},
}

const (
	family     = "Calibri"
	monospaced = "Consolas"
	linkColour = "0B4F8A"
	dayFormat  = "yyyy-mm-dd"
)

// style is the number of a style, made when it is first asked for.
func (b *book) style(l look) (int, error) {
	if id, ok := b.looks[l]; ok {
		return id, nil
	}
	id, err := b.NewStyle(l.style())
	if err != nil {
		return 0, err
	}
	if l.quoted {
		id = b.quote(id)
	}
	b.looks[l] = id
	return id, nil
}

// quote copies a style with the mark that its cells hold text whatever they begin
// with, which excelize has no option for.
func (b *book) quote(id int) int {
	yes, all := true, b.Styles.CellXfs
	xf := all.Xf[id]
	xf.QuotePrefix = &yes
	all.Xf = append(all.Xf, xf)
	all.Count = len(all.Xf)
	return all.Count - 1
}

func (l look) style() *excelize.Style {
	s := &excelize.Style{
		Font:      &excelize.Font{Family: family, Size: 10},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
		Border:    []excelize.Border{{Type: "bottom", Color: "D0D5DB", Style: 1}, {Type: "right", Color: "D0D5DB", Style: 1}},
	}
	switch l.use {
	case asCode:
		s.Font.Family, s.Font.Size = monospaced, 9
	case asFigure:
		s.Alignment.Horizontal, s.Alignment.Indent = "right", 1
	case asDate:
		format := dayFormat
		s.CustomNumFmt, s.Alignment.Horizontal = &format, "left"
	case asState:
		s.Font.Bold = l.tone != document.Plain
	case asGroup:
		s.Font.Bold, s.Fill = true, fill("EEF2F6")
	case asOrigin:
		s.Font.Family, s.Font.Size, s.Font.Color = monospaced, 8, "4B5563"
	case asHead:
		s.Font.Bold, s.Font.Color, s.Fill, s.Alignment.Vertical = true, "FFFFFF", fill("2F4A63"), "center"
	case asTitle:
		s.Font.Bold, s.Font.Size, s.Alignment.WrapText = true, 16, false
	case asLabel:
		s.Font.Bold = true
	case asNote:
		s.Alignment.WrapText = false
	}
	if l.unit != "" {
		format := `0"` + l.unit + `"`
		s.CustomNumFmt = &format
	}
	if l.bare {
		s.Border = nil
	}
	if c, ok := colours[l.tone]; ok {
		s.Fill, s.Font.Color = fill(c[0]), c[1]
	}
	if l.linked {
		s.Font.Color, s.Font.Underline = linkColour, "single"
	}
	return s
}

func fill(colour string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
}
