package pdf

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"theriac/document"
	"theriac/draw"
	"theriac/locale"
)

// laidOut is a document on pages.
func laidOut(t testing.TB, d *document.Document) (*painter, []*page) {
	t.Helper()
	l, err := locale.Open(d.Lang, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &painter{set: setOf(t, d), doc: d, lang: l}
	p.upright, p.across = frames(document.A4)
	return p, p.pages()
}

// TestPages: nothing stands below the room of a page, no heading stands last on one,
// and no page is empty, wherever a table begins and however long it is.
func TestPages(t *testing.T) {
	for rows := 1; rows < 45; rows += 2 {
		d := &document.Document{Name: "sample", Lang: "en"}
		for i := range rows {
			d.Sections = append(d.Sections, &document.Section{ID: "s" + strconv.Itoa(i), Title: "Section", Blocks: []document.Block{
				document.P(document.Source{}, document.Span{Text: strings.Repeat(lorem, 1+i%4)}), riskTable(rows - i)}})
		}
		_, pages := laidOut(t, d)
		for n, pg := range pages[1:] {
			if len(pg.boxes) == 0 {
				t.Fatalf("%d rows: page %d is empty", rows, n+2)
			}
			for _, b := range pg.boxes {
				if b.y+b.h > pg.frame.height()+2*slack {
					t.Fatalf("%d rows: page %d holds %g of %g", rows, n+2, b.y+b.h, pg.frame.height())
				}
			}
			if last := pg.boxes[len(pg.boxes)-1]; last.keep {
				t.Fatalf("%d rows: page %d ends with what belongs to the next (%q)", rows, n+2, last.title)
			}
		}
	}
}

func boxesOf(heights ...float64) []box {
	var out []box
	for _, h := range heights {
		out = append(out, box{h: h, gap: 10})
	}
	return out
}

func TestFill(t *testing.T) {
	fr := frame{w: 100, h: 100}
	fill := func(boxes []box) [][]float64 {
		var f filler
		f.fill(fr, boxes)
		var out [][]float64
		for _, p := range f.pages {
			var ys []float64
			for _, b := range p.boxes {
				ys = append(ys, b.y)
			}
			out = append(out, ys)
		}
		return out
	}
	kept := boxesOf(60, 20, 20)
	kept[1].keep = true
	headed := boxesOf(60, 50, 50)
	headed[2].head = &running{boxesOf(15)}
	headed[1].head = headed[2].head
	for name, c := range map[string]struct {
		boxes []box
		want  [][]float64
	}{
		"in a row":               {boxesOf(20, 20, 20), [][]float64{{0, 30, 60}}},
		"gap at the top":         {boxesOf(95, 95), [][]float64{{0}, {0}}},
		"exactly full":           {boxesOf(45, 45), [][]float64{{0, 55}}},
		"kept with the next":     {kept, [][]float64{{0}, {0, 30}}},
		"head again":             {headed, [][]float64{{0}, {0, 25}, {0, 25}}},
		"larger than a page":     {boxesOf(20, 300, 20), [][]float64{{0}, {0}, {0}}},
		"a chain over the pages": {together(boxesOf(60, 60, 60)), [][]float64{{0}, {0}, {0}}},
	} {
		if got := fill(c.boxes); !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: %v, not %v", name, got, c.want)
		}
	}
}

func TestColumnWidths(t *testing.T) {
	for name, c := range map[string]struct {
		columns []column
		want    []float64
	}{
		"by share":             {[]column{{share: 1, word: 10}, {share: 3, word: 10}}, []float64{100, 300}},
		"0 counts as 1":        {[]column{{share: 0}, {share: 3}}, []float64{100, 300}},
		"room for words":       {[]column{{share: 1, word: 120}, {share: 9, word: 20}}, []float64{120, 280}},
		"all fits":             {[]column{{word: 50, whole: 50, kind: document.Code}, {word: 20, whole: 100}}, []float64{50, 350}},
		"nothing at all":       {[]column{{}, {}}, []float64{200, 200}},
		"figures only":         {[]column{{whole: 50, kind: document.Figure}, {whole: 150, kind: document.Figure}}, []float64{100, 300}},
		"long lines":           {[]column{{word: 50, whole: 60}, {word: 50, whole: 5000}}, []float64{57, 343}},
		"a word too long":      {[]column{{word: 4000, whole: 4000, kind: document.Code}, {word: 50, whole: 900}}, []float64{173, 227}},
		"words without room":   {[]column{{word: 130}, {word: 130}, {word: 130}, {word: 130}}, []float64{100, 100, 100, 100}},
		"the longest divided":  {[]column{{word: 130}, {word: 135}, {word: 40}, {word: 130}}, []float64{120, 120, 40, 120}},
		"shares without room":  {[]column{{share: 5, word: 130}, {share: 1, word: 130}, {word: 130}, {word: 130}}, []float64{100, 100, 100, 100}},
		"a column of no words": {[]column{{word: 0, whole: 0}, {word: 20, whole: 3000}}, []float64{0, 400}},
	} {
		got := columnWidths(c.columns, 400)
		sum := 0.0
		for _, w := range got {
			sum += w
		}
		for i := range got {
			if math.Abs(got[i]-c.want[i]) > 0.5 {
				t.Errorf("%s: %v, not %v", name, got, c.want)
				break
			}
		}
		if math.Abs(sum-400) > 0.5 {
			t.Errorf("%s: the columns are %g wide", name, sum)
		}
	}
}

// TestLandscape: wide tables stand on pages in landscape with the heading of their
// section; what follows is upright again.
func TestLandscape(t *testing.T) {
	p, pages := laidOut(t, kinds(t))
	on := func(anchor string) *page { return pages[p.front+p.spots[anchor].page] }
	if !on("wide").frame.landscape || on("scope").frame.landscape || on("last").frame.landscape {
		t.Error("landscape is not where it should be")
	}
	if on("view-a") != on("pic-a") || !on("pic-a").frame.landscape {
		t.Error("a large picture stands on its own page in landscape, without its heading")
	}
	small := &draw.Drawing{Sheets: []draw.Sheet{{Width: 300, Height: 200}}}
	if broad(small, p.upright, p.across) {
		t.Error("a small picture needs no page in landscape")
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct{ w, h, want float64 }{{100, 100, maxScale}, {1000, 10, 0.4}, {10, 1000, 0.3}, {0, 10, maxScale}, {1e9, 1, 0.01}} {
		if got := scale(draw.Sheet{Width: c.w, Height: c.h}, 400, 300); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%g by %g: %g, not %g", c.w, c.h, got, c.want)
		}
	}
}

// TestDestinations: bookmarks and links lead to a place on their page, upright or in
// landscape.
func TestDestinations(t *testing.T) {
	d := kinds(t)
	_, pages := laidOut(t, d)
	found := regexp.MustCompile(`/Dest \[(\d+) 0 R /XYZ 0 (-?[\d.]+) null\]`).FindAllSubmatch(written(t, setOf(t, d), d), -1)
	if len(found) < 20 {
		t.Fatalf("%d destinations", len(found))
	}
	for _, m := range found {
		object, err := strconv.Atoi(string(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		y, err := strconv.ParseFloat(string(m[2]), 64)
		if err != nil {
			t.Fatal(err)
		}
		f := pages[(object-3)/2].frame
		if y <= f.bottom || y > f.h-f.top+above+0.01 {
			t.Errorf("page %d, %g high: %g", (object-3)/2+1, f.h, y)
		}
	}
}

// TestCalloutsStayWhole: a short statement that must not be missed is on one page.
func TestCalloutsStayWhole(t *testing.T) {
	p, _ := laidOut(t, docOf())
	short := p.callout(calloutBlocks()[0].(*document.Callout), p.place(p.upright))
	if n := chain(short); n != len(short) {
		t.Errorf("%d of %d boxes stay together", n, len(short))
	}
	long := &document.Callout{Kind: document.Note}
	for range 30 {
		long.Blocks = append(long.Blocks, document.P(document.Source{}, document.Span{Text: lorem}))
	}
	if boxes := p.callout(long, p.place(p.upright)); chain(boxes) == len(boxes) {
		t.Error("a callout longer than a page is one")
	}
}

// TestLeading: what a text leads to with a colon begins on the same page.
func TestLeading(t *testing.T) {
	p, _ := laidOut(t, docOf())
	words := func(s string) *document.Paragraph { return document.P(document.Source{}, document.Span{Text: s}) }
	for text, want := range map[string]bool{"These are: ": true, "These are all.": false} {
		boxes := p.blocks([]document.Block{words(text), &document.List{Items: []document.Item{{Blocks: []document.Block{words("one")}}}}}, p.place(p.upright))
		if len(boxes) != 2 || boxes[0].keep != want {
			t.Errorf("%q: kept %v, of %d boxes", text, boxes[0].keep, len(boxes))
		}
	}
}

func TestHung(t *testing.T) {
	s := cellStyle
	for _, c := range []struct {
		cell document.Cell
		want bool
	}{
		{document.C(document.Span{Text: "one"}), false},
		{document.Lines(document.T("one"), document.T("two")), true},
		{document.Lines(document.Text{document.Bold("title")}, document.T("what is said of it")), false},
	} {
		if got := enumerated(c.cell); got != c.want {
			t.Errorf("%q: %v", c.cell.String(), got)
		}
	}
	lines := hung(s.words(lorem), 100, true)
	if lines[0].pieces[0].x != 0 || lines[1].pieces[0].x != hang {
		t.Errorf("lines begin at %g and %g", lines[0].pieces[0].x, lines[1].pieces[0].x)
	}
	for _, l := range lines {
		if l.w > 100+slack {
			t.Errorf("a line is %g wide", l.w)
		}
	}
}
