package sheet

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/diag"
	"theriac/model"
)

// fuzzFile is a security file to import into.
func fuzzFile(f *testing.F) *model.File {
	f.Helper()
	dir := f.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte("product: {name: P, regulation: MDR, class: IIb}\n"+ownFile), 0o666); err != nil {
		f.Fatal(err)
	}
	file, _, err := (&model.Loader{}).Load(f.Context(), dir)
	if err != nil {
		f.Fatal(err)
	}
	return file
}

// FuzzCSV reads any text as CSV, imports it, and reads back what it writes.
func FuzzCSV(f *testing.F) {
	file := fuzzFile(f)
	for _, tt := range importTests {
		f.Add(tt.sheet, []byte(tt.csv))
	}
	f.Fuzz(func(t *testing.T, sheet string, data []byte) {
		book, findings := ReadCSV("x.csv", sheet, data)
		if findings.Worst(diag.Error) {
			return
		}
		plan, _ := Import(file, book, OwnMapping(), nil)
		_ = plan.Text()
		for _, row := range texted(book) {
			if slices.ContainsFunc(row, func(text string) bool { return strings.Contains(text, "\r") }) {
				return // import refuses it, and no export has it
			}
		}
		var out bytes.Buffer
		if err := WriteCSV(&out, book.Sheets[0], false); err != nil {
			t.Fatal(err)
		}
		if separated, _ := separator(out.Bytes()); separated != ',' {
			return // a header of semicolons reads as another file
		}
		again, findings := ReadCSV("x.csv", sheet, out.Bytes())
		if len(findings) > 0 {
			t.Fatalf("%v", messages(findings))
		}
		if !slices.EqualFunc(texted(book), texted(again), slices.Equal[[]string]) {
			t.Errorf("%q reads back as %q", texted(book), texted(again))
		}
	})
}

// texted are the cells of a book without empty rows, which mean nothing.
func texted(b *Book) [][]string {
	var rows [][]string
	for _, row := range b.Sheets[0].Rows {
		var texts []string
		for _, c := range row {
			texts = append(texts, c.Text)
		}
		if len(texts) > 1 || len(texts) == 1 && texts[0] != "" {
			rows = append(rows, texts)
		}
	}
	return rows
}

// FuzzXLSX reads any bytes as a workbook.
func FuzzXLSX(f *testing.F) {
	file := fuzzFile(f)
	plain := plainBook(f)
	f.Add(plain)
	f.Add(replaced(f, plain, sheet1, open+`<row r="1"><c r="A1" t="e"><f>A9/0</f><v>#DIV/0!</v></c></row>`+shut))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, findings := ReadXLSX("x.xlsx", data)
		if !findings.Worst(diag.Error) {
			Import(file, book, OwnMapping(), nil)
		}
	})
}

// FuzzWorksheet reads any text as the worksheet of a workbook.
func FuzzWorksheet(f *testing.F) {
	file := fuzzFile(f)
	plain := plainBook(f)
	f.Add(open + `<row r="1"><c r="A1" t="s"><v>0</v></c></row>` + shut)
	f.Add(open + `<row><c t="d"><v>2026-01-02</v></c><c><f>A1</f></c></row></sheetData><mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>`)
	f.Fuzz(func(t *testing.T, text string) {
		book, findings := ReadXLSX("x.xlsx", replaced(t, plain, sheet1, text))
		if !findings.Worst(diag.Error) {
			Import(file, book, OwnMapping(), nil)
		}
	})
}

// FuzzMapping reads any text as a mapping and uses it.
func FuzzMapping(f *testing.F) {
	file := fuzzFile(f)
	text, err := os.ReadFile("testdata/safety-file.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, tt := range mappingTests {
		f.Add([]byte(tt.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, findings := ReadMapping("m.yaml", data)
		if findings.Worst(diag.Error) {
			return
		}
		book, findings := Export(file, m)
		if findings.Worst(diag.Error) {
			return
		}
		Import(file, book, m, nil)
	})
}

// FuzzCell reads back every list and record that it writes.
func FuzzCell(f *testing.F) {
	f.Add("a", "b", "c")
	f.Add("\"a\" | b", "a\nb", " answer: x")
	list, records := columnOf("threats", "references"), columnOf("risks", "initial.rubric")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, text := range []string{a, b, c} {
			if unfit(text) != "" || text == "" {
				return
			}
		}
		for _, tt := range []struct {
			column *Column
			value  Value
		}{{list, Value{[][]string{{a}, {b}, {c}}}}, {records, Value{[][]string{{a, b, c}, {c, a, b}}}}} {
			cell := tt.column.cellText(tt.value)
			got, err := tt.column.parse(cell)
			if err != nil || !got.Equal(tt.value) {
				t.Errorf("%q is written as %q and read as %q (%v)", tt.value, cell, got, err)
			}
		}
	})
}
