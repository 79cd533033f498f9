package draw

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// hostile makes pictures whose every text is the same.
func hostile(s string) []*Drawing {
	h := Heat{Title: s, Corner: s, Columns: []string{s}, Rows: []HeatRow{{s, s, []HeatCell{{Open, s}}}}, Words: map[State]string{Open: s}}
	a := Attack{s, s, s, []AttackStep{{s, s, s, s, s, s, []string{s}}, {s, s, s, s, s, s, nil}}}
	m := Matrix{Title: s, Across: Scale{s, []string{s}}, Up: Scale{s, []string{s}}, Risks: []Placed{{s, s, &Cell{}, &Cell{}}}}
	g := graph{}
	z := &box{shape: zoneShape, role: "zone-site", title: s, label: s, subs: []string{s, s}, rank: 3}
	for _, shape := range []shape{componentShape, storeShape, actorShape, crowdShape} {
		k := &box{shape: shape, role: "box", title: s, label: s, subs: []string{s}}
		z.adopt(k)
		g.boxes = append(g.boxes, k)
	}
	g.zones = []*box{z}
	l := &bundle{a: g.boxes[0], b: g.boxes[1], forth: []int{1}, words: []string{s}}
	g.bundles = []*bundle{l}
	attach(l, l.a, nil)
	attach(l, l.b, nil)
	p := best(&g, architecture, false)
	return []*Drawing{HeatMap(h), AttackPath(a), RiskMatrix(m), {Title: s, Summary: s, Sheets: []Sheet{p.sheet(s)}}}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "</text><script>alert(1)</script>", `"onload="x`, "a\x00b\ufffe\u202e", "]]>&amp;<!--", "\xff\xfe", strings.Repeat("W", 5000), "日本語の題名"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, d := range hostile(s) {
			var b bytes.Buffer
			if err := SVG(&b, d); err != nil {
				t.Fatal(err)
			}
			wellFormed(t, "hostile", b.Bytes())
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		" a\tb\nc ": "a b c", "a\u202eb\u2066c": "abc", "x\x00y\x1bz": "x y z", "a\xffb": "a�b", "soft\u00adhyphen": "softhyphen",
		"Prüfgerät “A” – 5 µm": "Prüfgerät “A” – 5 µm",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := rapid.String().Draw(r, "text")
		width := rapid.Float64Range(20, 200).Draw(r, "width")
		lines := wrap(s, width, textSize, false, rapid.IntRange(1, 5).Draw(r, "lines"))
		for _, l := range lines {
			if !utf8.ValidString(l) {
				t.Errorf("%q is cut within a character", l)
			}
			if utf8.RuneCountInString(l) > 1 && measure(l, textSize, false) > width+1e-9 {
				t.Errorf("%q is wider than %v", l, width)
			}
		}
		if all := wrap(s, width, textSize, false, math.MaxInt); strings.ReplaceAll(strings.Join(all, ""), " ", "") != strings.ReplaceAll(clean(s), " ", "") {
			t.Errorf("%q lost something: %q", s, all)
		}
	})
}

// TestMeasure checks widths against the sums of the font metrics of Helvetica.
func TestMeasure(t *testing.T) {
	for s, want := range map[string]float64{"Hello": 722 + 556 + 222 + 222 + 556, "W i": 944 + 278 + 222, "": 0} {
		if got := measure(s, 1000, false) / margin; math.Abs(got-want) > 1e-6 {
			t.Errorf("measure(%q) = %v, want %v", s, got, want)
		}
	}
}

// TestContrast checks the colours: 4.5:1 between text and all it may stand on
// (WCAG 2.2, 1.4.3), 3:1 between lines that carry meaning and what they stand on
// (1.4.11), in light and dark.
func TestContrast(t *testing.T) {
	fills := []Ink{paperInk, boxInk, partInk, deviceInk, managedInk, siteInk, publicInk, unknownInk, goodInk, partlyInk, badInk, emptyInk, outInk, portInk}
	for _, text := range []Ink{textInk, faintInk} {
		for _, fill := range fills {
			contrast(t, text, fill, 4.5)
		}
	}
	for _, fill := range []Ink{paperInk, deviceInk, managedInk, siteInk, publicInk, unknownInk} {
		contrast(t, shieldInk, fill, 4.5)
		contrast(t, crossInk, fill, 4.5)
		contrast(t, lineInk, fill, 3)
		contrast(t, edgeInk, fill, 3)
	}
	contrast(t, counterInk, darkInk, 4.5)
	contrast(t, counterInk, alertInk, 4.5)
}

func contrast(t *testing.T, a, b Ink, least float64) {
	t.Helper()
	for _, pair := range [][2]string{{a.Light, b.Light}, {a.Dark, b.Dark}} {
		x, y := luminance(t, pair[0]), luminance(t, pair[1])
		if c := (max(x, y) + 0.05) / (min(x, y) + 0.05); c < least {
			t.Errorf("%s on %s: #%s on #%s has %.2f:1, want %v:1", a.Name, b.Name, pair[0], pair[1], c, least)
		}
	}
}

// luminance is the relative luminance of WCAG 2.2.
func luminance(t *testing.T, rgb string) float64 {
	t.Helper()
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(rgb[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// TestRoles checks that each role that a picture uses has a look.
func TestRoles(t *testing.T) {
	pictures := append(hostile("text"), AttackPath(longAttack(9)), RiskMatrix(someMatrix()), HeatMap(someHeat(4, 4)))
	f := small(t)
	pictures = append(pictures, must(t)(Architecture(f, Options{})), must(t)(DataFlow(f, Options{})))
	for _, d := range pictures {
		for _, r := range used(d) {
			if _, known := looks[r]; !known {
				t.Errorf("role %q has no look", r)
			}
		}
	}
}
