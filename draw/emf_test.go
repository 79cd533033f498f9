package draw

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// metafile is a metafile taken apart.
type metafile struct {
	kinds []uint32
	data  [][]byte // of the records, without kind and size
}

// emfOf writes a sheet, and checks what holds for all metafiles: records are whole, the
// header tells their number and size, objects are made before they are used, and paths
// are closed.
func emfOf(t testing.TB, d *Drawing, sheet int) metafile {
	t.Helper()
	var b bytes.Buffer
	if err := EMF(&b, d, sheet); err != nil {
		t.Fatal(err)
	}
	all, m := b.Bytes(), metafile{}
	for rest := all; len(rest) > 0; {
		size := binary.LittleEndian.Uint32(rest[4:])
		if size < 8 || size%4 != 0 || int(size) > len(rest) {
			t.Fatalf("record %d has %d bytes of %d", len(m.kinds), size, len(rest))
		}
		m.kinds, m.data = append(m.kinds, binary.LittleEndian.Uint32(rest)), append(m.data, rest[8:size])
		rest = rest[size:]
	}
	head := m.data[0]
	for what, pair := range map[string][2]uint32{
		"signature": {word(head, 8), 0x464d4520}, "bytes": {word(head, 10), uint32(len(all))}, "records": {word(head, 11), uint32(len(m.kinds))},
		"first record": {m.kinds[0], emrHeader}, "last record": {m.kinds[len(m.kinds)-1], emrEOF},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %#x, want %#x", what, pair[0], pair[1])
		}
	}
	m.objects(t, word(head, 12)&0xffff)
	return m
}

func word(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }

func (m metafile) objects(t testing.TB, handles uint32) {
	t.Helper()
	made, open := map[uint32]bool{}, false
	for i, k := range m.kinds {
		switch k {
		case emrCreatePen, emrCreateBrush, emrCreateFont:
			made[word(m.data[i], 0)] = true
		case emrSelectObject:
			if h := word(m.data[i], 0); !made[h] || h >= handles {
				t.Errorf("object %d of %d is selected and was not made", h, handles)
			}
		case emrBeginPath, emrEndPath:
			if open == (k == emrBeginPath) {
				t.Error("paths begin and end out of turn")
			}
			open = k == emrBeginPath
		}
	}
}

// texts are the texts of the metafile with the widths that it states, in logical units.
func (m metafile) texts() (list []string, widths []int) {
	for i, k := range m.kinds {
		if k != emrExtTextOut {
			continue
		}
		b := m.data[i]
		n, from, ways := int(word(b, 9)), int(word(b, 10))-8, int(word(b, 16))-8
		var units []uint16
		width := 0
		for j := range n {
			units = append(units, binary.LittleEndian.Uint16(b[from+2*j:]))
			if ways > 0 {
				width += int(binary.LittleEndian.Uint32(b[ways+4*j:]))
			}
		}
		list, widths = append(list, string(utf16.Decode(units))), append(widths, width)
	}
	return list, widths
}

func TestEMF(t *testing.T) {
	f := small(t)
	for _, d := range []*Drawing{must(t)(Architecture(f, Options{})), must(t)(DataFlow(f, Options{})), AttackPath(longAttack(4)), RiskMatrix(someMatrix()), HeatMap(someHeat(4, 4))} {
		for i, s := range d.Sheets {
			m := emfOf(t, d, i)
			var want []string
			walk(s.Items, func(it Item) {
				if text, ok := it.(*Text); ok && clean(text.Text) != "" {
					want = append(want, clean(text.Text))
				}
			})
			if got, _ := m.texts(); !slices.Equal(got, want) {
				t.Errorf("%s: texts %q, want %q", d.Title, got, want)
			}
			if w, h := word(m.data[0], 6), word(m.data[0], 7); math.Abs(float64(w)-s.Width*2540/96) > 1 || math.Abs(float64(h)-s.Height*2540/96) > 1 {
				t.Errorf("%s: %d by %d hundredths of a millimetre for a sheet of %v by %v", d.Title, w, h, s.Width, s.Height)
			}
			if again := emfOf(t, d, i); !slices.EqualFunc(again.data, m.data, bytes.Equal) {
				t.Errorf("%s: other bytes the second time", d.Title)
			}
		}
	}
}

func TestEMFErrors(t *testing.T) {
	d := &Drawing{Sheets: []Sheet{{Width: math.NaN(), Height: 1}, {Width: 1, Height: 0}, {Width: math.Inf(1), Height: 1}}}
	for i := range 4 {
		if err := EMF(&bytes.Buffer{}, d, i); err == nil {
			t.Errorf("sheet %d: no error", i)
		}
	}
}

// TestEMFMoved checks where items stand, in twentieths of a unit.
func TestEMFMoved(t *testing.T) {
	d := &Drawing{Sheets: []Sheet{{Width: 50, Height: 50, Items: []Item{&Moved{10, 5, []Item{&Group{Items: []Item{&Moved{1, 1, []Item{
		polyline("rule", Point{1, 2}, Point{3, 4}), &Text{X: 7, Y: 8, Size: 10, Role: "text", Text: "ab"},
	}}}}}}}}}}
	m := emfOf(t, d, 0)
	last := map[uint32][]byte{}
	for i, k := range m.kinds {
		last[k] = m.data[i]
	}
	if x, y := word(last[emrMoveTo], 0), word(last[emrMoveTo], 1); x != 240 || y != 160 {
		t.Errorf("the line starts at %d %d", x, y)
	}
	if x, y := word(last[emrExtTextOut], 7), word(last[emrExtTextOut], 8); x != 360 || y != 280 {
		t.Errorf("the text stands at %d %d", x, y)
	}
	if _, widths := m.texts(); !slices.Equal(widths, []int{222}) {
		t.Errorf("the text is %v wide, want 10 * (556 + 556) / 1000 units", widths)
	}
}

// TestEMFWidths checks that no text is wider than its layout thought, and that texts
// with characters of unknown width state none.
func TestEMFWidths(t *testing.T) {
	for _, bold := range []bool{false, true} {
		for _, s := range []string{"Interface engine of the ward", "WWWW iiii", "Prüfgerät – “Ω”", "日本語", "a→b"} {
			d := &Drawing{Sheets: []Sheet{{Width: 900, Height: 50, Items: []Item{&Text{Size: 10, Bold: bold, Role: "text", Text: s}}}}}
			_, widths := emfOf(t, d, 0).texts()
			known := !strings.ContainsAny(s, "Ω日")
			if w := float64(widths[0]) / emfFine; known != (w > 0) || w > measure(s, 10, bold) {
				t.Errorf("%q is %v wide, its layout took %v", s, w, measure(s, 10, bold))
			}
		}
	}
}

// TestEMFTables compares the widths of characters with those of the font.
func TestEMFTables(t *testing.T) {
	for _, c := range []struct {
		face typeface
		ttf  []byte
	}{{arial, liberationsansregular.TTF}, {arialBold, liberationsansbold.TTF}} {
		f, err := sfnt.Parse(c.ttf)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		checked := 0
		for r := rune(' '); r < 0x2300; r++ {
			w := c.face.advance(r)
			if w == 0 {
				continue
			}
			g, err := f.GlyphIndex(&b, r)
			if err != nil || g == 0 {
				t.Fatalf("%q: glyph %d, %v", r, g, err)
			}
			a, err := f.GlyphAdvance(&b, g, fixed.I(1000), font.HintingNone)
			if err != nil || a.Round() != int(w) {
				t.Errorf("%q is %d wide, in the font %d, %v", r, w, a.Round(), err)
			}
			checked++
		}
		if checked < 300 {
			t.Errorf("%d characters are known", checked)
		}
	}
}

func TestDashed(t *testing.T) {
	square := polygon("zone-site", Point{0, 0}, Point{20, 0}, Point{20, 20}, Point{0, 20}).Steps
	on, from := 0.0, Point{}
	for _, s := range dashed(square, []float64{6, 4}) {
		if s.Kind == Line {
			on += distance(from, s.P)
		}
		from = s.P
	}
	if math.Abs(on-48) > 1e-6 {
		t.Errorf("dashes are %v long, want 6 of each 10 of 80", on)
	}
	long := polyline("zone-site", Point{0, 0}, Point{1e9, 0}).Steps
	if n := len(dashed(long, []float64{3, 2})); n > mostDashes+1 {
		t.Errorf("%d dashes", n)
	}
	curve := []Step{{Kind: Move}, {Kind: Curve, C1: Point{0, 5}, C2: Point{5, 10}, P: Point{10, 10}}}
	if got := flat(curve); len(got) != 9 || got[8].P != (Point{10, 10}) {
		t.Errorf("the curve becomes %v", got)
	}
}

func FuzzEMF(f *testing.F) {
	for _, s := range []string{"", "plain", "a\x00b\ufffe\u202e", "\xff\xfe", strings.Repeat("W", 5000), "日本語の題名 😀"} {
		f.Add(s, 3.0, -4.0)
	}
	f.Fuzz(func(t *testing.T, s string, x, y float64) {
		for _, d := range hostile(s) {
			for i := range d.Sheets {
				emfOf(t, d, i)
			}
		}
		items := []Item{&Rect{x, y, y, x, 3, "zone-site"}, &Text{X: x, Y: y, Size: x, Role: "text", Text: s}, &Path{Role: "shield-none", Steps: []Step{{Kind: Close}, {Kind: Line, P: Point{x, y}}, {Kind: Curve, P: Point{y, x}}}}}
		emfOf(t, &Drawing{Title: s, Sheets: []Sheet{{Width: 100, Height: 100, Items: items}}}, 0)
	})
}
