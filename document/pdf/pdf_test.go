package pdf

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"theriac/document"
)

// valid checks a file against the specification. The library writes annotations into
// their pages, not as objects of their own: strict readers would tell.
func valid(t testing.TB, file []byte) {
	t.Helper()
	api.DisableConfigDir()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	if err := api.Validate(bytes.NewReader(file), c); err != nil {
		t.Error(err)
	}
}

// needs skips a test where a program is missing, but not in CI.
func needs(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is not installed", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// textOf is the text of each page of a file, as a reader finds it.
func textOf(t testing.TB, file []byte) []string {
	t.Helper()
	needs(t, "pdftotext")
	name := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
}

func infoOf(t testing.TB, file []byte) *pdfcpu.PDFInfo {
	t.Helper()
	api.DisableConfigDir()
	info, err := api.PDFInfo(bytes.NewReader(file), "file.pdf", nil, true, model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	return info
}

func TestValid(t *testing.T) {
	brief := kinds(t)
	brief.Brief = true
	empty := &document.Document{Name: "empty", Lang: "en"}
	german := docOf(riskTable(30))
	german.Lang = "de"
	for name, d := range map[string]*document.Document{"kinds": kinds(t), "brief": brief, "empty": empty, "german": german} {
		for _, paper := range []document.Paper{document.A4, document.Letter} {
			t.Run(name+" "+string(paper), func(t *testing.T) {
				s := setOf(t, d)
				s.Design = document.Design{Paper: paper, Logo: logoPNG(t), SourceLink: "https://git.example.org/{commit}/{path}#L{line}", Commit: "0a1b"}
				valid(t, written(t, s, d))
			})
		}
	}
}

func TestProperties(t *testing.T) {
	d := kinds(t)
	s := setOf(t, d)
	file := written(t, s, d)
	info := infoOf(t, file)
	if info.Title != d.Title || info.Author != stamp.Manufacturer || info.Creator != "theriac" {
		t.Errorf("title %q, author %q, creator %q", info.Title, info.Author, info.Creator)
	}
	if !strings.HasPrefix(info.Subject, stamp.Product) || !slices.ContainsFunc(info.Keywords, func(k string) bool { return strings.Contains(k, stamp.Baseline) }) {
		t.Errorf("subject %q, keywords %q", info.Subject, info.Keywords)
	}
	if !strings.HasPrefix(info.CreationDate, "D:20261122100000") {
		t.Errorf("created %s", info.CreationDate)
	}
	if len(info.Fonts) < 4 {
		t.Errorf("%d fonts", len(info.Fonts))
	}
	for _, f := range info.Fonts {
		if !f.Embedded {
			t.Errorf("%s is not embedded", f.Name)
		}
	}
	if !bytes.Contains(file, []byte("/Lang (en)")) {
		t.Error("the language is missing")
	}
}

// flat lists bookmarks in reading order, as "page depth title".
func flat(list []pdfcpu.Bookmark, depth int) []string {
	var out []string
	for _, b := range list {
		out = append(out, strconv.Itoa(b.PageFrom)+" "+strconv.Itoa(depth)+" "+b.Title)
		out = append(out, flat(b.Kids, depth+1)...)
	}
	return out
}

// TestOutline: each section is a bookmark that leads to the page which the contents
// name, and on which the heading stands.
func TestOutline(t *testing.T) {
	d := kinds(t)
	file := written(t, setOf(t, d), d)
	api.DisableConfigDir()
	bookmarks, err := api.Bookmarks(bytes.NewReader(file), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	pages := textOf(t, file)
	got := flat(bookmarks, 1)
	i := 0
	d.Walk(func(s *document.Section, depth int) {
		title := s.Number + " " + s.Title
		if i >= len(got) {
			t.Fatalf("no bookmark for %s", title)
		}
		page, rest, _ := strings.Cut(got[i], " ")
		i++
		if rest != strconv.Itoa(depth)+" "+title {
			t.Errorf("bookmark %q for %q at depth %d", rest, title, depth)
		}
		n, err := strconv.Atoi(page)
		if err != nil || !strings.Contains(squeezed(pages[n-1]), title) {
			t.Errorf("%s is not on page %s", title, page)
		}
		if depth <= maxContents && !slices.ContainsFunc(strings.Split(pages[1], "\n"), func(l string) bool {
			l = squeezed(l)
			return strings.HasPrefix(l, title) && strings.HasSuffix(l, " "+page)
		}) {
			t.Errorf("the contents do not say that %s is on page %s", title, page)
		}
	})
	if i != len(got) {
		t.Errorf("%d bookmarks for %d sections", len(got), i)
	}
}

// squeezed is a text with single spaces.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestText(t *testing.T) {
	d := kinds(t)
	pages := textOf(t, written(t, setOf(t, d), d))
	all := squeezed(strings.Join(pages, " "))
	for _, want := range []string{
		"Halden Medical GmbH", "DRAFT", "the approval of the release (released) is missing", "HM-TD-0417", stamp.Baseline, "Dr. Jonas Achterberg", "changed since", "valid",
		"Table 1 — Risks with their controls", "Zone A (continued)", "rsk-7", "Table 2 — Chain of evidence", "Figure 1 — ", "(sheet 1 of ",
		"Warning: Risk of wrong dose", "Caution", "Open", "product: residual-policy", "type filter hook input priority 0; policy drop;", "theriac.yaml:14", "risks.yaml:10", "fulfilled", "in part",
		"2. then the rest.", "Intended environment", "Inner item two.", "Release 3.2.0 · Baseline 0123456789ab",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for i, p := range pages[1:] {
		if want := "Page " + strconv.Itoa(i+2) + " of " + strconv.Itoa(len(pages)); !strings.Contains(p, want) || !strings.Contains(p, "Rev. C") {
			t.Errorf("page %d has no %q", i+2, want)
		}
	}
	if strings.Contains(pages[0], "Page 1") {
		t.Error("the cover has a footer")
	}
}

func TestApproved(t *testing.T) {
	d := docOf(document.P(document.Source{}, document.Span{Text: "words"}))
	s := setOf(t, d)
	s.Stamp.Approved, s.Stamp.Why = true, []string{"released on 2026-11-20 by Mara Lindqvist, PRRC"}
	all := strings.Join(textOf(t, written(t, s, d)), " ")
	if !strings.Contains(all, "APPROVED") || strings.Contains(all, "DRAFT") || !strings.Contains(all, "by Mara Lindqvist, PRRC") {
		t.Errorf("status in %q", all)
	}
}

func TestBrief(t *testing.T) {
	d := docOf(document.P(document.Source{}, document.Span{Text: "words"}))
	d.Brief = true
	pages := textOf(t, written(t, setOf(t, d), d))
	if len(pages) != 1 || strings.Contains(pages[0], "Contents") || !strings.Contains(pages[0], "DRAFT") || !strings.Contains(squeezed(pages[0]), "1 Only section") {
		t.Errorf("%d pages: %q", len(pages), pages)
	}
}

func TestGerman(t *testing.T) {
	d := docOf(riskTable(3))
	d.Lang = "de"
	all := squeezed(strings.Join(textOf(t, written(t, setOf(t, d), d)), " "))
	for _, want := range []string{"Inhalt", "Tabelle 1 — ", "Seite 2 von 3", "ENTWURF"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in %q", want, all)
		}
	}
	d.Lang = "tlh"
	if all := squeezed(strings.Join(textOf(t, written(t, setOf(t, d), d)), " ")); !strings.Contains(all, "Contents") {
		t.Error("a document in a language without words does not fall back to English")
	}
}

// TestSameBytes: two files of one document are equal, even when they are made at the
// same time, and without a time of its own the clock is not asked.
func TestSameBytes(t *testing.T) {
	d := kinds(t)
	s := setOf(t, d)
	s.Design.Logo = logoPNG(t)
	s.Stamp.Time = time.Time{}
	want := written(t, s, d)
	got := make([][]byte, 4)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			if b, err := Write(s, d); err == nil {
				got[i] = b
			}
		})
	}
	wg.Wait()
	for i := range got {
		if !bytes.Equal(got[i], want) {
			t.Errorf("file %d differs", i)
		}
	}
}

// hostile texts have broken writers of PDF before, or could.
var hostile = []string{
	"", " ", "\x00\x01\x1f\x7f", "(unbalanced \\ ) parenthesis ((", "\\)\\(", "BT /F1 12 Tf ET endstream endobj", "<<>> % comment \r\n trailer",
	"\u202Etxet desrever\u202C", "\u200B\u200D\uFEFF\u00AD", "emoji 😀 and 𝕏 and 漢字 and \U0010FFFF", "\uFFFF\uFFFE\uD7FF", "bad \xff\xfe\xc0 utf-8", "\u010A\u0A0D\u0D0A\u2028\u285C\u5C28",
	strings.Repeat("a", 5000), strings.Repeat("漢", 500), strings.Repeat("e\u0301\u0302", 300), strings.Repeat("\u0301", 100), strings.Repeat("\u00A0", 300), strings.Repeat("-/", 400), "a\tb\tc", "</w:t><script>", "%d %s %!",
}

// everywhere is a document with a text in all places.
func everywhere(s string) *document.Document {
	src := document.Source{Entity: s, Path: s + "/x.yaml", Line: -3}
	text := document.Text{{Text: s}, {Text: s, Style: document.Mono | document.Strong}, {Text: s, Tone: document.Bad}, {Text: s, Tone: 77}, {Text: s, To: document.Address("https://" + s)}, {Text: s, To: "entity:x"}}
	para := document.P(src, text...)
	sec := &document.Section{ID: s, Title: s, Number: s, Blocks: []document.Block{
		para,
		&document.List{Ordered: true, Items: []document.Item{{Blocks: []document.Block{para}, Source: src}, {}}},
		&document.Terms{Terms: []document.Term{{Name: text, Blocks: []document.Block{para}, Source: src}, {Name: text}, {}}},
		&document.Table{ID: s, Caption: s, Number: 1, Columns: []document.Column{{Title: s, Kind: document.Code}, {Title: s}, {Title: s, Kind: document.Figure, Width: 3}}, Rows: []document.Row{
			{Group: s}, {ID: s, Cells: []document.Cell{document.C(text...), document.C(text...), document.Lines(text, text), document.C(text...)}, Source: src}, {}}},
		&document.Table{Wide: true, Columns: []document.Column{{Title: s}}},
		&document.Table{},
		&document.Picture{Caption: s}, &document.List{}, &document.Terms{}, &document.Callout{},
		&document.Callout{Kind: document.Warning, Title: s, Blocks: []document.Block{para, &document.List{Items: []document.Item{{Blocks: []document.Block{para}}}}}, Source: src},
		&document.Callout{Kind: "other", Title: s}, &document.Listing{Text: s + "\r\n\n" + s, Source: src}, &document.Listing{},
	}}
	return &document.Document{Name: "hostile", Title: s, Subtitle: s, Number: s, Revision: s, Lang: "en", Sections: []*document.Section{sec, {}},
		Signatures: []document.Signature{{Meaning: s, Role: s, Name: s, Date: s, ID: s}}}
}

func TestHostileTexts(t *testing.T) {
	for i, text := range hostile {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			d := everywhere(text)
			s := &document.Set{Documents: []*document.Document{d}}
			s.Number(document.Unnumbered)
			s.Stamp = document.Stamp{Product: text, Manufacturer: text, Release: text, Baseline: text, Day: text, Why: []string{text, text}}
			s.Design.SourceLink, s.Design.Commit = "https://example.org/{path}?{commit}"+text, text
			for _, brief := range []bool{false, true} {
				d.Brief = brief
				valid(t, written(t, s, d))
			}
		})
	}
}

func TestDirectionMarksAreLeftOut(t *testing.T) {
	d := docOf(document.P(document.Source{}, document.Span{Text: "safe\u202Eelif\u2066\u200Fend 漢 x\U0001F600"}))
	all := strings.Join(textOf(t, written(t, setOf(t, d), d)), " ")
	if !strings.Contains(all, "safeelifend \uFFFD x\uFFFD") {
		t.Errorf("%q", all)
	}
}

// TestLongTable: a table of 5,000 rows loses none, and is made in time.
func TestLongTable(t *testing.T) {
	tab := &document.Table{Caption: "Long", Columns: []document.Column{{Title: "Number", Kind: document.Code}, {Title: "Words"}, {Title: "More"}, {Title: "State", Kind: document.State}}}
	for i := range 5000 {
		tab.Rows = append(tab.Rows, document.Row{ID: "row-" + strconv.Itoa(i), Source: at("a.yaml", i+1), Cells: []document.Cell{
			document.W("n" + strconv.Itoa(i)), document.W(lorem), document.W("some words"), document.C(document.Badge(document.Good, "passed"))}})
	}
	d := docOf(tab)
	s := setOf(t, d)
	start := time.Now()
	file := written(t, s, d)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
	pages := textOf(t, file)
	all := " " + squeezed(strings.Join(pages, " ")) + " "
	for i := range 5000 {
		if !strings.Contains(all, " n"+strconv.Itoa(i)+" ") {
			t.Fatalf("row %d is missing", i)
		}
	}
	for i, p := range pages[2:] {
		if !strings.Contains(p, "Number") || !strings.Contains(p, "Words") {
			t.Errorf("page %d has no head of the table", i+3)
		}
	}
}

func TestHugeWord(t *testing.T) {
	d := docOf(document.P(document.Source{}, document.Span{Text: strings.Repeat("x", 200_000)}), &document.Table{Rows: []document.Row{{Cells: []document.Cell{document.W("a"), document.W(strings.Repeat("y", 50_000))}}}})
	all := strings.Join(textOf(t, written(t, setOf(t, d), d)), "")
	if x, y := strings.Count(all, "x"), strings.Count(all, "y"); x < 200_000 || y < 50_000 {
		t.Errorf("%d and %d characters", x, y)
	}
}

// TestManyColumns: more columns than a page has room for still become pages.
func TestManyColumns(t *testing.T) {
	row := document.Row{}
	for i := range 300 {
		row.Cells = append(row.Cells, document.W("cell "+strconv.Itoa(i)))
	}
	d := docOf(&document.Table{Rows: []document.Row{row}})
	valid(t, written(t, setOf(t, d), d))
}

func BenchmarkKinds(b *testing.B) {
	d := kinds(b)
	s := setOf(b, d)
	b.ReportAllocs()
	for b.Loop() {
		written(b, s, d)
	}
}
