package docx

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/document"
	"theriac/draw"
)

func write(t testing.TB, set *document.Set, d *document.Document) []byte {
	t.Helper()
	b, err := Write(set, d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSample(t *testing.T) {
	set, d := sample(t)
	w := open(t, write(t, set, d))

	var want []string
	d.Walk(func(s *document.Section, _ int) { want = append(want, s.Number+" "+s.Title) })
	if got := w.numbers(); !slices.Equal(got, want) {
		t.Errorf("headings %q, want %q", got, want)
	}
	if got, want := w.texts("caption"), []string{
		"Table 1: Risks by severity", "Table 2: Nothing here", "Table 3: Controls with their requirements and verification", "Figure 1: Coverage [risks.yaml:300]", "Figure 2: The shortest path",
	}; !slices.Equal(got, want) {
		t.Errorf("captions %q, want %q", got, want)
	}
	all := strings.Join(w.texts(""), "\n")
	for _, want := range []string{
		"TD-0412", digest, "the approval of the release (released) is missing", "A. Weiß", "approval-77c2", "changed since", "See Security risk management report, 2.1 Overall residual risk, the guidance. [risks.yaml:12]",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(string(w.files["word/document.xml"]), "<w:tblHeader/>"); n != 4 {
		t.Errorf("%d header rows are repeated, want those of three tables and of the approvals", n)
	}
	if !strings.Contains(string(w.files["word/settings.xml"]), "w:updateFields") {
		t.Error("the contents are not filled when the file is opened")
	}
}

// TestContents checks that the contents list the sections in order.
func TestContents(t *testing.T) {
	set, d := sample(t)
	w := open(t, write(t, set, d))
	var got []string
	for i := range contentsDepth {
		got = append(got, w.texts(fmt.Sprintf("toc %d", i+1))...)
	}
	want := 0
	d.Walk(func(s *document.Section, depth int) {
		if depth <= contentsDepth {
			want++
			if !slices.Contains(got, s.Number+s.Title) {
				t.Errorf("%s is not in the contents %q", s.Title, got)
			}
		}
	})
	if len(got) != want {
		t.Errorf("%d entries, want %d", len(got), want)
	}
}

// TestLinks checks what text becomes a link, and where it leads.
func TestLinks(t *testing.T) {
	set, d := sample(t)
	w := open(t, write(t, set, d))
	body, links := string(w.files["word/document.xml"]), string(w.files["word/_rels/document.xml.rels"])
	for _, want := range []string{`w:anchor="overall"`, `w:anchor="risk_dose_00"`, `w:name="risk_dose_39"`, `w:name="risk_table"`, `w:name="document"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the document has no %s", want)
		}
	}
	for _, want := range []string{`Target="https://health.ec.europa.eu/a%20b?x=1&amp;y=%C3%BC"`, `Target="https://git.example/pump/blob/0a1b2c3/risks.yaml#L12"`} {
		if !strings.Contains(links, want) {
			t.Errorf("no relation has %s in %.3000s", want, links)
		}
	}
	for _, address := range []string{"javascript:alert(1)", "file:///etc/passwd", "https://", "https://bücher.example/", "mailto:", "mailto:nobody", "https://a.example/%zz", "https://a.example/" + strings.Repeat("x", longestAddress)} {
		if got := webAddress(address); got != "" {
			t.Errorf("%.60q becomes the address %.60q", address, got)
		}
	}
	for address, want := range map[string]string{"mailto:psirt@a.example?subject=a b": "mailto:psirt@a.example?subject=a%20b", "https://a.example/?q=50%": "https://a.example/?q=50%25", `https://a.example/?"<>`: "https://a.example/?%22%3C%3E"} {
		if got := webAddress(address); got != want {
			t.Errorf("%q becomes %q, want %q", address, got, want)
		}
	}
}

// TestPages checks which parts are in landscape.
func TestPages(t *testing.T) {
	set, d := sample(t)
	w := open(t, write(t, set, d))
	var got []string
	w.body.each(func(n *node) {
		if n.name == "w:sectPr" {
			orient := n.kid("w:pgSz").attr("w:orient")
			if orient == "" {
				orient = "portrait"
			}
			got = append(got, orient)
			if n.kid("w:headerReference") == nil || n.kid("w:footerReference") == nil {
				t.Error("a section has no header or footer")
			}
		}
	})
	if want := []string{"portrait", "portrait", "landscape", "portrait"}; !slices.Equal(got, want) {
		t.Errorf("sections are %v, want %v: first pages, text, annex, conclusion", got, want)
	}
	set.Design.Paper = document.Letter
	if w := open(t, write(t, set, d)); !strings.Contains(string(w.files["word/document.xml"]), `<w:pgSz w:w="12240" w:h="15840"`) {
		t.Error("the paper is not Letter")
	}
}

func TestSettle(t *testing.T) {
	a := &document.Section{ID: "a"}
	b := &document.Section{ID: "b"}
	parent := &document.Section{ID: "p", Sections: []*document.Section{b}}
	text := func(s *document.Section, lines int) unit {
		return unit{section: s, block: &document.Paragraph{}, lines: lines}
	}
	head := func(s *document.Section) unit { return unit{section: s, lines: 3} }
	wide := func(s *document.Section) unit { return unit{section: s, block: &document.Table{}, wide: true} }
	for name, c := range map[string]struct {
		units []unit
		want  string
	}{
		"text alone":          {[]unit{head(a), text(a, 5)}, "||"},
		"heading goes along":  {[]unit{text(a, 40), head(b), wide(b)}, "|--"},
		"chapter goes along":  {[]unit{text(a, 40), head(parent), text(parent, 2), head(b), wide(b)}, "|----"},
		"other chapter stays": {[]unit{head(a), text(a, 12), head(parent), head(b), wide(b)}, "||---"},
		"short text between":  {[]unit{wide(a), head(b), text(b, 5), wide(b)}, "----"},
		"long text between":   {[]unit{wide(a), head(b), text(b, 50), wide(b)}, "-||-"},
		"short end":           {[]unit{wide(a), text(a, 3)}, "--"},
	} {
		settle(c.units)
		got := ""
		for _, u := range c.units {
			got += map[bool]string{true: "-", false: "|"}[u.wide]
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestBrief(t *testing.T) {
	set, d := sample(t)
	d.Brief = true
	w := open(t, write(t, set, d))
	if got := w.texts("Title"); len(got) != 1 || got[0] != d.Title {
		t.Errorf("titles %q", got)
	}
	if len(w.texts("toc 1")) > 0 || strings.Contains(strings.Join(w.texts(""), ""), digest) || strings.Contains(string(w.files["word/document.xml"]), "w:titlePg") {
		t.Error("an extract has a first page or contents")
	}
}

// TestQuiet: readers who have no security file see no places in it.
func TestQuiet(t *testing.T) {
	set, d := sample(t)
	for _, quiet := range []bool{false, true} {
		d.Quiet = quiet
		text := strings.Join(open(t, write(t, set, d)).texts(""), "\n")
		if strings.Contains(text, "risks.yaml") == quiet || len(text) < 100 {
			t.Errorf("quiet %v: %s", quiet, text)
		}
	}
}

func TestUnnumbered(t *testing.T) {
	set, d := sample(t)
	resolve(t, set, document.Unnumbered)
	w := open(t, write(t, set, d))
	if got := w.numbers(); got[0] != "Scope and method" {
		t.Errorf("headings %q", got)
	}
}

func TestStatus(t *testing.T) {
	set, d := sample(t)
	for _, approved := range []bool{false, true} {
		set.Stamp.Approved = approved
		w := open(t, write(t, set, d))
		footer := allText(w.trees["word/footer-portrait.xml"])
		if want := map[bool]string{false: "Draft", true: "Approved"}[approved]; footer != "Release 2.1.0 · Baseline 3f9a1c0b7de2"+want+"Page 1 of 1" {
			t.Errorf("the footer says %q", footer)
		}
	}
	if header := allText(open(t, write(t, set, d)).trees["word/header-landscape.xml"]); header != "Infusion pump IP-200Security risk management report · TD-0412 · Revision C" {
		t.Errorf("the header says %q", header)
	}
}

func TestLanguages(t *testing.T) {
	set, d := sample(t)
	d.Lang = "de"
	resolve(t, set, document.Decimal)
	w := open(t, write(t, set, d))
	if got := w.texts("caption"); got[0] != "Tabelle 1: Risks by severity" {
		t.Errorf("captions %q", got)
	}
	if got := w.texts("TOC Heading"); !slices.Equal(got, []string{"Inhalt"}) {
		t.Errorf("contents %q", got)
	}
	for _, want := range []string{`SEQ Tabelle \* ARABIC`, `SEQ Abbildung \* ARABIC`} {
		if !strings.Contains(string(w.files["word/document.xml"]), want) {
			t.Errorf("no field %s", want)
		}
	}
	for lang, want := range map[string]string{"de": "de-DE", "pt-br": "pt-BR", "en": "en-GB", "zh-hant": "zh-hant", "": "en-GB", `x"y`: "en-GB", "rm": "rm"} {
		if got := tag(lang); got != want {
			t.Errorf("tag(%q) = %q, want %q", lang, got, want)
		}
	}
	if !strings.Contains(string(w.files["word/styles.xml"]), `<w:lang w:val="de-DE"/>`) {
		t.Error("the language is not stated")
	}
}

func TestPieces(t *testing.T) {
	for format, want := range map[string][]piece{
		"Page %d of %d":         {{text: "Page "}, {arg: 1}, {text: " of "}, {arg: 2}},
		"%[2]d pages, no %[1]d": {{arg: 2}, {text: " pages, no "}, {arg: 1}},
		"Table %d":              {{text: "Table "}, {arg: 1}},
		"plain":                 {{text: "plain"}},
		"":                      nil,
	} {
		if got := pieces(format); !slices.Equal(got, want) {
			t.Errorf("pieces(%q) = %v, want %v", format, got, want)
		}
	}
}

func TestDeterministic(t *testing.T) {
	set, d := sample(t)
	first := write(t, set, d)
	for range 3 {
		if !bytes.Equal(first, write(t, set, d)) {
			t.Fatal("the same set gives other bytes")
		}
	}
	again, e := sample(t)
	if !bytes.Equal(first, write(t, again, e)) {
		t.Error("an equal set gives other bytes")
	}
}

// TestManyRows bounds the time for a table of 2,000 rows; it takes a small part of it.
func TestManyRows(t *testing.T) {
	set, d := sample(t)
	table := d.Section("risks").Blocks[1].(*document.Table)
	for i := len(table.Rows); i < 2000; i++ {
		r := table.Rows[1]
		r.ID, r.Source.Line = fmt.Sprintf("more-%d", i), i
		table.Rows = append(table.Rows, r)
	}
	resolve(t, set, document.Decimal)
	start := time.Now()
	b := write(t, set, d)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if n := len(regexp.MustCompile(`w:name="more_\d+"`).FindAllString(string(open(t, b).files["word/document.xml"]), -1)); n != 2000-44 {
		t.Errorf("%d bookmarks of rows", n)
	}
}

// TestManyColumns checks tables that word processors do not take as such.
func TestManyColumns(t *testing.T) {
	table := &document.Table{Caption: "Broad"}
	row := document.Row{ID: "only", Source: from(3)}
	for i := range mostColumns + 1 {
		table.Columns = append(table.Columns, document.Column{Title: fmt.Sprint("c", i)})
		row.Cells = append(row.Cells, document.N(i))
	}
	table.Rows = []document.Row{row, {Cells: row.Cells[:2]}}
	set, d := one(t, table)
	w := open(t, write(t, set, d))
	if got := w.texts("Table Text"); len(got) != 3 || !strings.HasSuffix(got[1], "| 63 [risks.yaml:3]") || got[2] != "0 | 1" {
		t.Errorf("rows %q", got)
	}
}

// one is a set with a document of one section.
func one(t testing.TB, blocks ...document.Block) (*document.Set, *document.Document) {
	t.Helper()
	d := &document.Document{Name: "d", Title: "D", Lang: "en", Sections: []*document.Section{{ID: "s", Title: "S", Blocks: blocks}}}
	set := &document.Set{Documents: []*document.Document{d}, Stamp: document.Stamp{Baseline: digest}}
	resolve(t, set, document.Decimal)
	return set, d
}

// TestUneven checks tables with too few and too many cells, and without any.
func TestUneven(t *testing.T) {
	set, d := one(t,
		&document.Table{Columns: []document.Column{{Title: "a"}}, Rows: []document.Row{{Cells: []document.Cell{document.W("1"), document.W("2")}}, {}, {Group: "g"}}},
		&document.Table{}, &document.Table{Caption: "empty"}, &document.Table{Columns: []document.Column{{Title: "b", Width: -1}, {Width: 1e300}}})
	w := open(t, write(t, set, d))
	if all := strings.Join(w.texts(""), "|"); !strings.Contains(all, "a||1|2|||g") || !strings.Contains(all, "Table 1: empty") {
		t.Errorf("texts %q", all)
	}
	w.body.each(func(n *node) {
		if n.name != "w:tbl" {
			return
		}
		columns := len(n.kid("w:tblGrid").kids)
		for _, r := range n.kids {
			cells := 0
			for _, c := range r.kids {
				if c.name == "w:tc" {
					cells++
					if span := c.kid("w:tcPr").val("w:gridSpan"); span != "" {
						cells = columns
					}
				}
			}
			if r.name == "w:tr" && cells != columns {
				t.Errorf("a row has %d cells in %d columns", cells, columns)
			}
		}
	})
}

func TestColumnWidths(t *testing.T) {
	set, d := one(t)
	b := ownBase(document.A4)
	w, err := newWriter(set, d, b)
	if err != nil {
		t.Fatal(err)
	}
	long := document.C(document.Literal("sw-pump-controller-firmware"))
	table := &document.Table{Columns: []document.Column{{Title: "Id", Width: 1, Kind: document.Code}, {Title: "Text", Width: 9}, {Title: "Confidentiality", Width: 1}},
		Rows: []document.Row{{Cells: []document.Cell{long, document.W("short"), document.W("high")}}}}
	got := w.columnWidths(table, 3, 9000)
	if sum(got) != 9000 || float64(got[0]) < longestWord("sw0pump0controller0firmware", false, true)+cellPadding-1 || float64(got[2]) < longestWord("Confidentiality", true, false) || got[1] < got[0] {
		t.Errorf("widths %v", got)
	}
	crowded := &document.Table{Columns: []document.Column{{Title: "Id", Width: 2, Kind: document.Code}, {Title: "Text", Width: 3}, {Title: "More", Width: 2, Kind: document.Code}, {Title: "Else", Width: 2, Kind: document.Code}},
		Rows: []document.Row{{Cells: []document.Cell{long, document.W("words that need room"), long, long}}}}
	if got := w.columnWidths(crowded, 4, 9000); sum(got) != 9000 || got[1] < 9000/5 {
		t.Errorf("widths %v leave little for words", got)
	}
	for _, n := range []int{1, 7, mostColumns} {
		got := w.columnWidths(&document.Table{Rows: []document.Row{{Cells: slices.Repeat([]document.Cell{document.W(strings.Repeat("W", 4000))}, n)}}}, n, 9000)
		if sum(got) != 9000 || slices.Min(got) < 60 {
			t.Errorf("%d columns have widths %v", n, got)
		}
	}
}

// TestPictures checks sizes, captions and alternative texts of the sheets of a drawing.
func TestPictures(t *testing.T) {
	sheet := draw.Sheet{Width: draw.PageWidth, Height: draw.PageHeight}
	d := &draw.Drawing{Title: "Title", Summary: "what it shows & more", Sheets: []draw.Sheet{sheet, sheet, {Width: 100, Height: 50}}}
	set, doc := one(t, document.P(document.Source{}, document.Span{Text: "It leads to the picture."}), &document.Picture{ID: "p", Caption: "Architecture", Drawing: d}, &document.Picture{Caption: "Nothing"})
	w := open(t, write(t, set, doc))
	if got, want := w.texts("caption"), []string{"Figure 1: Architecture (sheet 1 of 3)", "Figure 1: Architecture (sheet 2 of 3)", "Figure 1: Architecture (sheet 3 of 3)", "Figure 2: Nothing"}; !slices.Equal(got, want) {
		t.Errorf("captions %q, want %q", got, want)
	}
	var sizes []int
	var texts []string
	w.body.each(func(n *node) {
		if n.name == "wp:extent" {
			sizes = append(sizes, measure(n, "cx", 1, 1<<30, 0), measure(n, "cy", 1, 1<<30, 0))
		}
		if n.name == "wp:docPr" {
			texts = append(texts, n.attr("descr"))
		}
	})
	p := ownBase(document.A4).page()
	if tall := (p.high(true) - below) * emuTwip; len(sizes) != 6 || sizes[1] >= sizes[3] || sizes[3] > tall || sizes[3] < tall*9/10 || float64(sizes[0])/emuPixel/draw.PageWidth < leastScale {
		t.Errorf("sizes %v, a page has %d", sizes, tall)
	}
	if sizes[4] != int(100*emuPixel*enlarged) {
		t.Errorf("a small sheet is %d wide", sizes[4])
	}
	if !slices.Equal(texts, []string{"what it shows & more", "Title", "Title"}) {
		t.Errorf("alternative texts %q", texts)
	}
	if w.types["word/media/picture-3.emf"] != "image/x-emf" {
		t.Errorf("types %v", w.types)
	}
	d.Sheets[1].Width = 0
	if _, err := Write(set, doc); err == nil || !strings.Contains(err.Error(), "picture p") {
		t.Errorf("error %v", err)
	}
}

// TestMarks checks where the sources of statements are named: once for what has the
// same, in the widest column of words of a table, and not for clauses.
func TestMarks(t *testing.T) {
	text := document.Span{Text: "x"}
	item := func(line int) document.Item {
		return document.Item{Blocks: []document.Block{document.P(document.Source{}, text)}, Source: from(line)}
	}
	table := &document.Table{Columns: []document.Column{{Title: "a", Width: 9, Kind: document.Code}, {Title: "b", Width: 5}, {Title: "c"}},
		Rows: []document.Row{{Source: from(5), Cells: []document.Cell{document.W("1"), document.W("2"), document.W("3")}}, {Group: "g", Source: from(6)}}}
	set, d := one(t, document.P(from(1), text), document.P(from(1), text), document.P(from(2), text), &document.List{Items: []document.Item{item(3), item(3), item(4)}}, table,
		document.P(document.Source{Clause: "mdr-1"}, text), document.P(document.Source{Evidence: "ev-1"}, text), &document.Terms{Terms: []document.Term{{Name: document.T("t"), Blocks: []document.Block{document.P(document.Source{}, text)}, Source: from(7)}}},
		&document.Callout{Kind: document.Gap, Blocks: []document.Block{document.P(document.Source{}, text)}, Source: from(8)})
	all := strings.Join(open(t, write(t, set, d)).texts(""), "|")
	if want := "|S|x|x [risks.yaml:1]|x [risks.yaml:2]|x|x [risks.yaml:3]|x [risks.yaml:4]|a|b|c|1|2 [risks.yaml:5]|3|g [risks.yaml:6]||x|x [ev-1]|t|x [risks.yaml:7]||x [risks.yaml:8]"; !strings.HasSuffix(all, want) {
		t.Errorf("texts %q, want %q", all, want)
	}
}

// TestDeep checks sections and blocks that are nested deeper than word processors go.
func TestDeep(t *testing.T) {
	var blocks []document.Block
	for i := range 40 {
		blocks = []document.Block{document.P(document.Source{}, document.Span{Text: fmt.Sprint("level ", i)}), &document.List{Ordered: i%2 == 0, Items: []document.Item{{Blocks: blocks}}},
			&document.Callout{Kind: document.Gap, Blocks: []document.Block{&document.Terms{Terms: []document.Term{{Name: document.T("t"), Blocks: []document.Block{&document.Listing{Text: "x\ny"}}}}}}}}
	}
	set, d := one(t, blocks...)
	at := d.Sections[0]
	for i := range 14 {
		next := &document.Section{ID: fmt.Sprint("deep-", i), Title: fmt.Sprint("Deep ", i)}
		at.Sections = []*document.Section{next}
		at = next
	}
	resolve(t, set, document.Decimal)
	w := open(t, write(t, set, d))
	if got := w.texts("Term"); !slices.Contains(got, "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1 Deep 13") {
		t.Errorf("deep headings %q", got)
	}
	if got := w.numbers(); got[8] != "1.1.1.1.1.1.1.1.1 Deep 7" {
		t.Errorf("headings %q", got)
	}
}

func TestBookmark(t *testing.T) {
	used := map[string]bool{"a_b": true}
	for anchor, want := range map[string]string{"risk": "risk", "a-b": "a_b_d44362d6", "": "document", "2fa": "s2fa", "_x": "s_x", strings.Repeat("x", 60): strings.Repeat("x", 31) + "_"} {
		if got := bookmark(anchor, used); !strings.HasPrefix(got, want[:min(len(want), 32)]) || len(got) > 40 {
			t.Errorf("bookmark(%q) = %q, want %q", anchor, got, want)
		}
	}
}

func TestBadLogo(t *testing.T) {
	set, d := sample(t)
	set.Design.Logo = []byte("GIF89a")
	if _, err := Write(set, d); err == nil || !strings.Contains(err.Error(), "logo") {
		t.Errorf("error %v", err)
	}
}

// FuzzText writes a document whose every text is the same.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "</w:t></w:r><script>alert(1)</script>", `"/><w:p>`, "a\x00b\ufffe\u202e", "]]>&amp;<!--", "\xff\xfe", strings.Repeat("W", 5000), "日本語の題名", "a\r\nb\tc", "{{title}}", " TOC \\o ", "https://x/\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		set, d := hostile(s)
		set.Number(document.Decimal)
		if err := set.Resolve(); err != nil {
			t.Skip() // a link within the set that leads nowhere
		}
		w := open(t, write(t, set, d))
		for name, data := range w.files {
			if bytes.ContainsRune(data, '\u202e') {
				t.Errorf("%s turns the direction of what follows", name)
			}
		}
	})
}

func hostile(s string) (*document.Set, *document.Document) {
	source := document.Source{Entity: s, Path: s, Line: 1, Evidence: s}
	text := document.Text{{Text: s, To: document.Address(s)}, {Text: s, To: "https://example.org/" + document.Address(s), Tone: document.Bad, Style: 15}}
	blocks := []document.Block{
		document.P(source, text...), &document.Listing{Text: s, Source: source},
		&document.List{Items: []document.Item{{Blocks: []document.Block{document.P(source, text...)}, Source: source}}},
		&document.Terms{Terms: []document.Term{{Name: text, Source: source}}},
		&document.Callout{Kind: document.CalloutKind(s), Title: s, Source: source, Blocks: []document.Block{document.P(source, text...)}},
		&document.Table{ID: s, Caption: s, Columns: []document.Column{{Title: s}, {Title: s, Kind: document.Code}}, Rows: []document.Row{{ID: s, Group: s}, {ID: s + "x", Source: source, Cells: []document.Cell{document.Lines(text, text), document.W(s)}}}},
		&document.Picture{ID: s, Caption: s, Source: source, Drawing: draw.HeatMap(draw.Heat{Title: s, Corner: s, Columns: []string{s}, Rows: []draw.HeatRow{{Group: s, Label: s, Cells: []draw.HeatCell{{Text: s}}}}})},
	}
	d := &document.Document{Name: s, Title: s, Subtitle: s, Lang: s, Number: s, Revision: s, Signatures: []document.Signature{{Meaning: s, Role: s, Name: s, Date: s, ID: s}},
		Sections: []*document.Section{{ID: s, Title: s, Blocks: blocks, Sections: []*document.Section{{ID: s, Title: s}}}}}
	return &document.Set{Stamp: document.Stamp{Product: s, Manufacturer: s, Release: s, Baseline: s, Day: s, Why: []string{s}}, Design: document.Design{SourceLink: "https://example.org/{path}" + s, Commit: s, Paper: document.Paper(s)},
		Documents: []*document.Document{d}}, d
}
