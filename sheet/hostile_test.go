package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"theriac/diag"
)

// workbook writes a workbook with cells set by a function.
func workbook(t testing.TB, set func(f *excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if err := set(f); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// replaced is a workbook with one part exchanged.
func replaced(t testing.TB, data []byte, name, text string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		part, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == name {
			_, err = io.WriteString(part, text)
		} else {
			var r io.ReadCloser
			if r, err = f.Open(); err == nil {
				_, err = io.Copy(part, r)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	sheet1 = "xl/worksheets/sheet1.xml"
	open   = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	shut   = `</sheetData></worksheet>`
)

func plainBook(t testing.TB) []byte {
	return workbook(t, func(f *excelize.File) error { return f.SetCellStr("Sheet1", "A1", "id") })
}

// TestHostileWorkbooks reads nothing that would take more memory or time than
// the limits allow, and says why.
func TestHostileWorkbooks(t *testing.T) {
	plain := plainBook(t)
	wide := open
	for row := 1; row <= 4000; row++ {
		wide += fmt.Sprintf(`<row r="%d"><c r="ZZ%d"><v>1</v></c></row>`, row, row)
	}
	merged := open + `<row r="1"><c r="A1"><v>1</v></c></row><row r="50000"><c r="A50000"><v>1</v></c></row></sheetData><mergeCells>` +
		strings.Repeat(`<mergeCell ref="A1:A50000"/>`, 10_000) + `</mergeCells></worksheet>`
	tests := []struct {
		name string
		data []byte
		want string
	}{
		{"merged over and over", replaced(t, plain, sheet1, merged), "it has more than"},
		{"no workbook", []byte("id,title\n"), "it is not a workbook"},
		{"empty", nil, "it is not a workbook"},
		{"old form", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "encrypted, or in the form of Excel before 2007"},
		{"too long", make([]byte, MaxFile+1), "it has more than 16 MB"},
		{"cut short", plain[:len(plain)/2], "it is not a workbook"},
		{"last row", replaced(t, plain, sheet1, open+`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`+shut), "it has more than"},
		{"last column", replaced(t, plain, sheet1, open+`<row r="1"><c r="XFD1"><v>1</v></c></row>`+shut), "it has more than"},
		{"wide rows", replaced(t, plain, sheet1, wide+shut), "it has more than"},
		{"odd cell", replaced(t, plain, sheet1, open+`<row r="1"><c r="1A"><v>1</v></c></row>`+shut), "cannot be read"},
		{"not XML", replaced(t, plain, sheet1, open), ""},
		{"other encoding", replaced(t, plain, sheet1, `<?xml version="1.0" encoding="UTF-16"?>`+open+shut), "encoding"},
		{"bomb", replaced(t, plain, "xl/styles.xml", strings.Repeat(" ", maxUnzipped+1)), "its parts take more than"},
		{"no relations", replaced(t, plain, "xl/_rels/workbook.xml.rels", `<Relationships/>`), "cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, findings := ReadXLSX("x.xlsx", tt.data)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 || time.Since(start) > 20*time.Second {
				t.Errorf("took %d MB and %s", used>>20, time.Since(start))
			}
			if tt.want == "" {
				return // anything but a crash
			}
			if got := strings.Join(messages(findings), "\n"); !findings.Worst(diag.Error) || !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestCells reads what cells show: dates in any form, numbers with their zeros,
// results of formulas; and refuses what shows no value.
func TestCells(t *testing.T) {
	data := workbook(t, func(f *excelize.File) error {
		style, err := f.NewStyle(&excelize.Style{NumFmt: 15}) // d-mmm-yy
		if err != nil {
			return err
		}
		for cell, v := range map[string]any{"A1": "id", "B1": "acceptance.date", "C1": "impact", "D1": "acceptance.reason", "E1": "benefit-risk",
			"A2": "rk-a", "B2": time.Date(2026, 9, 25, 13, 0, 0, 0, time.UTC), "C2": 1.5, "D2": true} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				return err
			}
		}
		if err := f.SetCellStyle("Sheet1", "B2", "B2", style); err != nil {
			return err
		}
		return f.SetSheetName("Sheet1", "risks")
	})
	book, findings := ReadXLSX("x.xlsx", data)
	f := load(t, ownFile)
	plan, more := Import(f, book, OwnMapping(), nil)
	if findings = append(findings, more...); len(findings) > 0 {
		t.Fatal(messages(findings))
	}
	for _, want := range []string{"acceptance.date: 2026-09-25 ", "impact: Something → 1.5 ", "acceptance.reason: TRUE "} {
		if !strings.Contains(plan.Text(), want) {
			t.Errorf("got %s, want %s", plan.Text(), want)
		}
	}
	faulty := replaced(t, data, sheet1, open+`<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>impact</t></is></c><c r="C1" t="inlineStr"><is><t>acceptance.date</t></is></c><c r="D1" t="inlineStr"><is><t>benefit-risk</t></is></c></row>`+
		`<row r="2"><c r="A2" t="inlineStr"><is><t>rk-a</t></is></c><c r="B2"><f>A1</f></c><c r="C2"><v>2026</v></c><c r="D2" t="e"><f>A9/0</f><v>#DIV/0!</v></c></row>`+shut)
	book, findings = ReadXLSX("x.xlsx", faulty)
	_, more = Import(f, book, OwnMapping(), nil)
	got := strings.Join(messages(append(findings, more...)), "\n")
	for _, want := range []string{"risks!B2: the cell holds a formula whose result was not stored", `risks!C2: expected a date as YYYY-MM-DD, found "2026"`, "risks!D2: the cell shows the error #DIV/0!"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// TestBook1904 reads days that count from 1904.
func TestBook1904(t *testing.T) {
	data := workbook(t, func(f *excelize.File) error {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			return err
		}
		style, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		if err != nil {
			return err
		}
		if err := f.SetCellValue("Sheet1", "A1", 44828); err != nil {
			return err
		}
		return f.SetCellStyle("Sheet1", "A1", "A1", style)
	})
	book, findings := ReadXLSX("x.xlsx", data)
	if len(findings) > 0 {
		t.Fatal(messages(findings))
	}
	if got := book.Sheets[0].cell(1, 1).Day.String(); got != "2026-09-25" {
		t.Errorf("got %s from a cell that shows %s", got, book.Sheets[0].cell(1, 1).Text)
	}
}

func TestHostileCSV(t *testing.T) {
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"workbook", plainBook(t), "it is a workbook"},
		{"Latin-1", []byte("id,title\nrk-a,Ma\xdfe\n"), "invalid UTF-8"},
		{"NUL", []byte("id\nrk-\x00\n"), "control character U+0000"},
		{"quote", []byte("id,title\nrk-a,a\"b\n"), "line 2"},
		{"open quote", []byte("id,title\nrk-a,\"a\n"), "line"},
		{"too wide", []byte(strings.Repeat(",", maxColumns+1)), "it has more than"},
		{"too long", bytes.Repeat([]byte("a\n"), maxRows+2), "it has more than"},
		{"too large", bytes.Repeat([]byte("a"), MaxFile+1), "more than 16 MB"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := ReadCSV("x.csv", "risks", tt.data)
			if got := strings.Join(messages(findings), "\n"); !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestManyFaults lists no more faults than somebody reads.
func TestManyFaults(t *testing.T) {
	book, _ := ReadCSV("x.csv", "risks", []byte("id,title,threats\n"+strings.Repeat("1,a,b\n", 5000)))
	_, findings := Import(load(t, ownFile), book, OwnMapping(), nil)
	if len(findings) != maxFaults+1 {
		t.Errorf("got %d findings", len(findings))
	}
}

// TestEscapeOfEscape refuses the one text that the library would confuse with
// another.
func TestEscapeOfEscape(t *testing.T) {
	s := &Sheet{Name: "risks", Header: 1, Rows: [][]Cell{{{Text: "id"}}, {{Text: "a _x005F_x0041_"}}}, Layout: []Layout{{Field: "id", Width: 10}}}
	err := WriteXLSX(io.Discard, &Book{Sheets: []*Sheet{s}}, About{"Example pump", "theriac"})
	if err == nil || !strings.Contains(err.Error(), `sheet "risks": cell A2: the text contains _x005F_`) {
		t.Errorf("got %v", err)
	}
}
