package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/document"
)

const hostile = "=HYPERLINK(\"https://evil.example\",\"x\") <b>&amp;</b> ]]> _x0041_ \x00\x1b[31m\u202egnp.exe\ufeff \xff'\"\r\n\ttab"

// sample is a set with one document that holds each kind of cell, and hostile texts.
func sample(t testing.TB) (*document.Set, *document.Document) {
	t.Helper()
	risks := &document.Table{ID: "risks", Caption: "Risks", Columns: []document.Column{
		{Title: "Risk", Kind: document.Code}, {Title: "What"}, {Title: "Score", Kind: document.Figure}, {Title: "Due", Kind: document.Date},
		{Title: "State", Kind: document.State}, {Title: "Controls"},
	}}
	from := func(id string, line int) document.Source {
		return document.Source{Entity: id, Path: "risks & more.yaml", Line: line}
	}
	risks.Rows = []document.Row{
		{Group: "Network"},
		{ID: "rk-a", Source: from("rk-a", 3), Cells: []document.Cell{
			document.C(document.Span{Text: "rk-a", Style: document.Mono, To: "entity:rk-a"}), document.W("Joins a false network"), document.N(12),
			document.On("2026-11-22"), document.C(document.Badge(document.Good, "accepted")), document.C(document.Link("Lock", "entity:ct-lock")),
		}},
		{ID: "rk-b", Source: from("rk-b", 9), Cells: []document.Cell{
			document.W("rk-b"), document.Lines(document.T("one"), document.T("two")), {Lines: []document.Text{document.T("2.5")}, Value: 2.5},
			document.W("later"), document.C(document.Badge(document.Bad, "open")), document.C(document.Link("Lock", "entity:ct-lock"), document.Link("Risk", "entity:rk-a")),
		}},
		{Group: hostile},
		{ID: "rk-c", Cells: []document.Cell{
			document.W(hostile), document.W("-1+1"), {Lines: []document.Text{document.T("many")}, Value: math.NaN()}, {Lines: []document.Text{document.T("soon")}, Value: "2026-02-30"},
			document.C(document.Badge(document.Good, "a"), document.Badge(document.Partly, "b")), document.C(document.Link("site", "https://pump.example/a b?x=\"<1>\"")),
		}},
	}
	controls := &document.Table{Caption: "Controls", Columns: []document.Column{{Title: "Control"}}, Rows: []document.Row{
		{ID: "ct-lock", Cells: []document.Cell{document.C(document.Link("See risks", "doc:plan#risks-section"))}},
	}}
	d := &document.Document{
		Name: "plan", Title: "Plan & \"report\"", Lang: "en", Number: "QM-1", Revision: "B",
		Signatures: []document.Signature{{Meaning: "approved", Role: "Regulatory affairs", Name: "A. Person", Date: "2026-09-28", ID: "ap-1", Valid: true}},
		Sections: []*document.Section{
			{ID: "risks-section", Title: "Risks", Blocks: []document.Block{risks}},
			{ID: "rest", Title: "Rest", Blocks: []document.Block{&document.Callout{Kind: document.Note, Blocks: []document.Block{controls}}, &document.Table{Columns: []document.Column{{Title: "Unnamed"}}}}},
			{ID: "names", Title: "Names", Blocks: []document.Block{
				&document.Table{ID: "empty", Caption: "Nothing here", Columns: []document.Column{{Title: "A"}}},
				&document.Table{Caption: "RISKS"}, &document.Table{Caption: "a/b:c?[d]*\\'e'"}, &document.Table{Caption: hostile}, &document.Table{Caption: "History"},
				&document.Table{ID: "short-id", Caption: strings.Repeat("long caption ", 9)}, &document.Table{Caption: strings.Repeat("😀", 40)}, &document.Table{Caption: "\x00"},
			}},
		},
	}
	set := &document.Set{
		Stamp: document.Stamp{
			Product: "Pump & Co", Manufacturer: "Works GmbH", Release: "1.4.0", Baseline: strings.Repeat("ab12", 16), Why: []string{"=not frozen"},
			Day: "2026-11-22", Time: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		},
		Design:    document.Design{Paper: document.A4, SourceLink: "https://git.example/pump/blob/{commit}/{path}#L{line}", Commit: "c0ffee"},
		Documents: []*document.Document{d, {Name: "model", Title: "Model", Lang: "en", Reference: true, Sections: []*document.Section{{ID: "rk-a", Title: "A"}, {ID: "ct-lock", Title: "Lock"}}}},
	}
	set.Number(document.Decimal)
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
	return set, d
}

func written(t testing.TB, set *document.Set, d *document.Document) []byte {
	t.Helper()
	b, err := Write(set, d)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func open(t testing.TB, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// at is the text of a cell as a person sees it.
func at(t *testing.T, f *excelize.File, sheet, cell string) string {
	t.Helper()
	v, err := f.GetCellValue(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestCells(t *testing.T) {
	set, d := sample(t)
	f := open(t, written(t, set, d))
	for cell, want := range map[string]string{
		"A1": "Group", "B1": "Risk", "G1": "Controls", "H1": "Entity", "I1": "Source",
		"A2": "Network", "B2": "rk-a", "D2": "12", "E2": "2026-11-22", "F2": "accepted", "H2": "rk-a", "I2": "risks & more.yaml:3",
		"A3": "Network", "C3": "one\ntwo", "D3": "2.5", "E3": "later",
		"C4": "-1+1", "D4": "many", "E4": "soon", "F4": "ab", "H4": "rk-c", "I4": "",
	} {
		if got := at(t, f, "Risks", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	for cell, want := range map[string]excelize.CellType{
		"B2": excelize.CellTypeInlineString, "D2": excelize.CellTypeUnset, "D3": excelize.CellTypeUnset, "E2": excelize.CellTypeUnset,
		"E3": excelize.CellTypeInlineString, "D4": excelize.CellTypeInlineString, "B4": excelize.CellTypeInlineString, "C4": excelize.CellTypeInlineString,
	} {
		if got, err := f.GetCellType("Risks", cell); err != nil || got != want {
			t.Errorf("%s is of type %v, want %v (%v)", cell, got, want, err)
		}
	}
	raw, err := f.GetCellValue("Risks", "E2", excelize.Options{RawCellValue: true})
	if err != nil || raw != "46348" {
		t.Errorf("2026-11-22 is stored as %q (%v)", raw, err)
	}
}

// TestUnits: a number that people read with words behind it keeps both.
func TestUnits(t *testing.T) {
	for _, c := range []struct{ text, want, raw string }{
		{"12 of 40", "12 of 40", "12"}, {"12 %", "12 %", "12"}, {"12", "12", "12"},
		{"128", "12", "12"}, {"12.5", "12", "12"}, {"12\"x", "12", "12"}, {"about 12", "12", "12"}, {"12 [Red]", "12", "12"},
	} {
		set, d := sample(t)
		d.Sections[0].Blocks = []document.Block{&document.Table{ID: "n", Caption: "N", Rows: []document.Row{{Cells: []document.Cell{{Lines: []document.Text{document.T("%s", c.text)}, Value: 12}}}}}}
		f := open(t, written(t, set, d))
		raw, err := f.GetCellValue("N", "A2", excelize.Options{RawCellValue: true})
		if got := at(t, f, "N", "A2"); got != c.want || raw != c.raw || err != nil {
			t.Errorf("%q is shown as %q and stored as %q, want %q and %q (%v)", c.text, got, raw, c.want, c.raw, err)
		}
	}
}

// TestWidths: columns have the width of their texts, within bounds, and the sheet fits
// a page.
func TestWidths(t *testing.T) {
	short, long := document.W("ab"), document.W(strings.Repeat("words and more ", 40))
	for _, c := range []struct {
		name  string
		cells []document.Cell
		want  []float64
	}{
		{"bounds", []document.Cell{short, long}, []float64{8, 60}},
		{"squeezed", []document.Cell{short, long, long, long, long, long}, []float64{8, 40.4, 40.4, 40.4, 40.4, 40.4}},
		{"too many", slices.Repeat([]document.Cell{long}, 20), slices.Repeat([]float64{15}, 20)},
	} {
		b := &book{}
		s := &sheet{}
		for i := range c.cells {
			s.columns = append(s.columns, column{index: i})
		}
		b.measure(s, []line{{Row: document.Row{Cells: c.cells}}})
		for i, col := range s.columns {
			if math.Abs(col.width-c.want[i]) > 0.1 {
				t.Errorf("%s: column %d is %.1f wide, want %.1f", c.name, i, col.width, c.want[i])
			}
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		room  int
		lines int
	}{{"", 5, 1}, {"abc", 5, 1}, {"abc de", 5, 2}, {"ab cd ef", 5, 2}, {"abcdefghijk", 5, 3}, {"a abcdefghij", 5, 3}, {"äöü", 3, 1}} {
		if got := wrap(c.text, c.room); got != c.lines {
			t.Errorf("%q in %d: %d lines, want %d", c.text, c.room, got, c.lines)
		}
	}
}

// TestHostile: texts stay texts, without what programs or readers would take for
// something else.
func TestHostile(t *testing.T) {
	set, d := sample(t)
	f := open(t, written(t, set, d))
	want := "=HYPERLINK(\"https://evil.example\",\"x\") <b>&amp;</b> ]]> _x0041_ \ufffd\ufffd[31mgnp.exe \ufffd'\"   tab"
	for _, cell := range []string{"A4", "B4"} {
		if got := at(t, f, "Risks", cell); got != want {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	for cell, quoted := range map[string]bool{"A4": true, "B4": true, "C4": true, "D4": false, "B2": false} {
		id, err := f.GetCellStyle("Risks", cell)
		if err != nil {
			t.Fatal(err)
		}
		if xf := f.Styles.CellXfs.Xf[id]; (xf.QuotePrefix != nil && *xf.QuotePrefix) != quoted {
			t.Errorf("%s: marked as text: %v, want %v", cell, !quoted, quoted)
		}
		if formula, err := f.GetCellFormula("Risks", cell); err != nil || formula != "" {
			t.Errorf("%s holds the formula %q (%v)", cell, formula, err)
		}
	}
}

func TestLinks(t *testing.T) {
	set, d := sample(t)
	f := open(t, written(t, set, d))
	for _, c := range []struct{ sheet, cell, want string }{
		{"Risks", "B2", ""}, // its own row
		{"Risks", "G2", "'Controls'!A2"},
		{"Risks", "G3", ""}, // leads to two places
		{"Risks", "G4", "https://pump.example/a%20b?x=%22%3C1%3E%22"},
		{"Risks", "I2", "https://git.example/pump/blob/c0ffee/risks%20&%20more.yaml#L3"},
		{"Risks", "I4", ""},
		{"Controls", "A2", "'Risks'!A1"},
		{"About", "A14", ""},
	} {
		is, to, err := f.GetCellHyperLink(c.sheet, c.cell)
		if err != nil || to != c.want || is != (c.want != "") {
			t.Errorf("%s!%s leads to %q, want %q (%v)", c.sheet, c.cell, to, c.want, err)
		}
	}
	listed := 0
	for row := 1; row < 60; row++ {
		if is, to, _ := f.GetCellHyperLink("About", fmt.Sprintf("A%d", row)); is {
			listed++
			if name := strings.Trim(strings.TrimSuffix(to, "!A1"), "'"); !slices.Contains(f.GetSheetList(), name) {
				t.Errorf("the list of sheets leads to %q, which is not there", to)
			}
		}
	}
	if want := len(f.GetSheetList()) - 1; listed != want {
		t.Errorf("%d sheets are listed, want %d", listed, want)
	}
}

func TestNames(t *testing.T) {
	set, d := sample(t)
	f := open(t, written(t, set, d))
	want := []string{
		"About", "Risks", "Controls", "Nothing here", "RISKS (2)", "a b c d ’e’", "=HYPERLINK(\"https…", "History (2)", "long caption long caption…",
		strings.Repeat("😀", 15) + "…", "\ufffd",
	}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets are\n%q, want\n%q", got, want)
	}
}

// TestSetUp: filter, frozen headings, repeated headings and paper are those asked
// for after the rows were streamed.
func TestSetUp(t *testing.T) {
	set, d := sample(t)
	b := written(t, set, d)
	f := open(t, b)
	text := string(part(t, b, "xl/worksheets/sheet2.xml"))
	for _, want := range []string{`<autoFilter ref="$A$1:$I$4"`, `fitToPage="true"`, `orientation="landscape"`, `paperSize="9"`, `fitToHeight="0"`, `topLeftCell="B2"`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in the sheet", want)
		}
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Name+" "+n.Scope] = n.RefersTo
	}
	if names["_xlnm.Print_Titles Risks"] != "'Risks'!$1:$1" || names["_xlnm._FilterDatabase Risks"] != "'Risks'!$A$1:$I$4" {
		t.Errorf("names are %v", names)
	}
	head, err := f.GetHeaderFooter("Risks")
	if err != nil {
		t.Fatal(err)
	}
	if want := `&LPump && Co&CPlan && "report"&RQM-1 / B`; head.OddHeader != want {
		t.Errorf("header is %q, want %q", head.OddHeader, want)
	}
	if want := `&L 1.4.0 · ab12ab12ab12&CDraft · &A&R&P / &N`; head.OddFooter != want {
		t.Errorf("footer is %q, want %q", head.OddFooter, want)
	}
	set.Stamp.Product, d.Title = strings.Repeat("&", 300), strings.Repeat("long ", 100)
	if head, err = open(t, written(t, set, d)).GetHeaderFooter("Risks"); err != nil || len(head.OddHeader) > 255 || strings.Count(head.OddHeader, "&")%2 == 0 { // three of them start the parts
		t.Errorf("header is %q (%v)", head.OddHeader, err)
	}
	set.Design.Paper = document.Letter
	if text := string(part(t, written(t, set, d), "xl/worksheets/sheet2.xml")); !strings.Contains(text, `paperSize="1"`) {
		t.Error("the paper is not Letter")
	}
}

func TestProperties(t *testing.T) {
	set, d := sample(t)
	p, err := open(t, written(t, set, d)).GetDocProps()
	if err != nil {
		t.Fatal(err)
	}
	got := []string{p.Title, p.Creator, p.Subject, p.Identifier, p.Version, p.Created, p.Modified}
	want := []string{`Plan & "report"`, "Works GmbH", "Pump & Co", "QM-1", "1.4.0", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z"}
	if !slices.Equal(got, want) {
		t.Errorf("properties are %q, want %q", got, want)
	}
}

func TestAbout(t *testing.T) {
	set, d := sample(t)
	rows, err := open(t, written(t, set, d)).GetRows("About")
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, r := range rows {
		text = append(text, strings.Join(r, "|"))
	}
	for _, want := range []string{
		`Plan & "report"`, "Product|Pump & Co", "Release|1.4.0", "Document number|QM-1", "Revision|B", "Status|Draft", "|=not frozen",
		"Baseline|" + strings.Repeat("ab12", 16), "Date|2026-11-22", "approved|A. Person|Regulatory affairs|2026-09-28|ap-1|valid",
		"Risks|1  Risks|1 Risks|3", "Nothing here|3  Nothing here|3 Names|0",
	} {
		if !slices.Contains(text, want) {
			t.Errorf("no row %q in\n%s", want, strings.Join(text, "\n"))
		}
	}
}

// part reads a part of a workbook.
func part(t testing.TB, b []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := readPart(z, name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func readPart(z *zip.Reader, name string) ([]byte, error) {
	r, err := z.Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// TestSameBytes: the same set gives the same archive, of well-formed parts with one
// time.
func TestSameBytes(t *testing.T) {
	set, d := sample(t)
	b := written(t, set, d)
	for range 5 {
		if !bytes.Equal(b, written(t, set, d)) {
			t.Fatal("two runs differ")
		}
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if z.File[0].Name != "[Content_Types].xml" {
		t.Errorf("the first part is %s", z.File[0].Name)
	}
	for _, p := range z.File {
		if !p.Modified.Equal(set.Stamp.Time) {
			t.Errorf("%s is of %s", p.Name, p.Modified)
		}
		text, err := readPart(z, p.Name)
		if err != nil {
			t.Fatal(err)
		}
		for dec := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", p.Name, err)
			}
		}
	}
	set.Stamp.Time = time.Time{}
	open(t, written(t, set, d))
}

func TestTooLarge(t *testing.T) {
	set, d := sample(t)
	long := &document.Table{ID: "long", Caption: "Long", Rows: slices.Repeat([]document.Row{{Cells: []document.Cell{{}}}}, maxRows)}
	d.Sections[0].Blocks = []document.Block{long}
	if _, err := Write(set, d); err == nil || !strings.Contains(err.Error(), "more than a sheet holds") {
		t.Errorf("error is %v", err)
	}
}

func TestLongText(t *testing.T) {
	set, d := sample(t)
	row := document.Row{Cells: []document.Cell{document.W(strings.Repeat("😀a", 20000))}}
	d.Sections[0].Blocks = []document.Block{&document.Table{ID: "long", Caption: "Long", Columns: []document.Column{{Title: "A"}}, Rows: []document.Row{row}}}
	got := at(t, open(t, written(t, set, d)), "Long", "A2")
	if units(got) > maxText || units(got) < maxText-2 || !strings.HasSuffix(got, "…") {
		t.Errorf("a cell of %d units that ends in %q", units(got), got[len(got)-9:])
	}
}

// TestLibreOffice: another program opens the workbook and finds its texts.
func TestLibreOffice(t *testing.T) {
	program, err := exec.LookPath("libreoffice")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("libreoffice is not installed, and CI is set")
		}
		t.Skip("libreoffice is not installed")
	}
	dir := t.TempDir()
	set, d := sample(t)
	name := filepath.Join(dir, "plan.xlsx")
	if err := os.WriteFile(name, written(t, set, d), 0o600); err != nil {
		t.Fatal(err)
	}
	// The third sheet, as text: what the program read.
	cmd := exec.CommandContext(t.Context(), program, "-env:UserInstallation=file://"+dir+"/profile", "--headless", "--convert-to",
		"csv:Text - txt - csv (StarCalc):124,34,76,1,,0,false,true,false,false,false,2", "--outdir", dir, name)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(found) != 1 {
		t.Fatalf("converted files are %q (%v)", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Group|Risk|What|Score|Due|State|Controls|Entity|Source", "Network|rk-a|Joins a false network|12|2026-11-22|accepted|Lock|rk-a|risks & more.yaml:3", "|-1+1|many|soon|"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// BenchmarkWrite writes a table of 10,000 rows and 12 columns.
func BenchmarkWrite(b *testing.B) {
	set, d := large(b, 10000)
	for b.Loop() {
		written(b, set, d)
	}
}

// large is a set with one table.
func large(t testing.TB, rows int) (*document.Set, *document.Document) {
	table := &document.Table{ID: "t", Caption: "Large"}
	for i := range 12 {
		table.Columns = append(table.Columns, document.Column{Title: fmt.Sprintf("Column %d", i)})
	}
	for i := range rows {
		r := document.Row{ID: fmt.Sprintf("rk-%d", i), Source: document.Source{Entity: fmt.Sprintf("rk-%d", i), Path: "risks.yaml", Line: i + 1}}
		for j := range 11 {
			r.Cells = append(r.Cells, document.W(fmt.Sprintf("Text of the cell in row %d and column %d", i, j)))
		}
		r.Cells = append(r.Cells, document.C(document.Link("next", document.Address(fmt.Sprintf("doc:plan#rk-%d", (i+1)%rows)))))
		table.Rows = append(table.Rows, r)
	}
	set, d := sample(t)
	d.Sections[0].Blocks = []document.Block{table}
	if err := set.Resolve(); err != nil {
		t.Fatal(err)
	}
	return set, d
}

func TestLarge(t *testing.T) {
	set, d := large(t, 3000)
	f := open(t, written(t, set, d))
	if got := at(t, f, "Large", "A3001"); got != "Text of the cell in row 2999 and column 0" {
		t.Errorf("the last row begins with %q", got)
	}
	if _, to, err := f.GetCellHyperLink("Large", "L3001"); err != nil || to != "'Large'!A2" {
		t.Errorf("the last row leads to %q (%v)", to, err)
	}
	if _, to, err := f.GetCellHyperLink("Large", "N3001"); err != nil || !strings.HasSuffix(to, "risks.yaml#L3000") {
		t.Errorf("the source of the last row is %q (%v)", to, err)
	}
}
