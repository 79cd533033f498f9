package pdf

import (
	"fmt"
	"math"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationmonobold"
	"github.com/go-fonts/liberation/liberationmonoregular"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansbolditalic"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is one of the fonts.
type face byte

const (
	regular face = iota
	bold
	italic
	boldItalic
	mono
	monoBold
	faces
)

// fontData holds the fonts by face. Only those that a document uses go into it.
var fontData = [faces][]byte{
	regular: liberationsansregular.TTF, bold: liberationsansbold.TTF,
	italic: liberationsansitalic.TTF, boldItalic: liberationsansbolditalic.TTF,
	mono: liberationmonoregular.TTF, monoBold: liberationmonobold.TTF,
}

// family is the name by which a font is known in the file.
func (f face) family() string {
	return [faces]string{"liberationsans", "liberationsansbold", "liberationsansitalic", "liberationsansbolditalic", "liberationmono", "liberationmonobold"}[f]
}

// metrics holds the advances of the characters of a font, in thousandths of its
// size; -1 for one that it lacks. A font in a file has none above U+FFFF.
type metrics [1 << 16]int16

var measured = [faces]func() *metrics{
	regular: measureOnce(regular), bold: measureOnce(bold), italic: measureOnce(italic),
	boldItalic: measureOnce(boldItalic), mono: measureOnce(mono), monoBold: measureOnce(monoBold),
}

func measureOnce(f face) func() *metrics {
	return sync.OnceValue(func() *metrics { return measure(fontData[f]) })
}

// measure reads the advances out of a font, rounded as they are written into files.
// The fonts are part of the program: one that cannot be read is a mistake of ours.
func measure(ttf []byte) *metrics {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic(fmt.Sprintf("pdf: a font cannot be read: %s", err))
	}
	var (
		m   metrics
		buf sfnt.Buffer
		em  = fixed.I(int(f.UnitsPerEm()))
	)
	for r := range m {
		m[r] = -1
		glyph, err := f.GlyphIndex(&buf, rune(r))
		if err != nil || glyph == 0 && r != replacement {
			continue // the glyph 0 is the box that stands for a replacement
		}
		if a, err := f.GlyphAdvance(&buf, glyph, em, font.HintingNone); err == nil {
			m[r] = int16(math.Round(float64(a) / float64(em) * 1000))
		}
	}
	return &m
}

// replacement stands for a character that no font has. It is shown as a box.
const replacement = '\uFFFD'

// set is the face and the character by which a character is shown: in the face
// itself, in the regular one, or as a replacement.
func (f face) set(r rune) (face, rune) {
	switch {
	case f.has(r):
		return f, r
	case regular.has(r):
		return regular, r
	}
	return f, replacement
}

func (f face) has(r rune) bool { return r >= 0 && r <= 0xFFFF && measured[f]()[r] >= 0 }

// advance is the width of a character that the face has, at size 1.
func (f face) advance(r rune) float64 { return float64(measured[f]()[r]) / 1000 }

// width is the width of a text of which the face has all characters.
func (f face) width(s string, size float64) float64 {
	sum, m := 0, measured[f]()
	for _, r := range s {
		sum += int(m[r&0xFFFF])
	}
	return float64(sum) * size / 1000
}

// load gives the font to a file.
func (f face) load(pdf *fpdf.Fpdf) { pdf.AddUTF8FontFromBytes(f.family(), "", fontData[f]) }
