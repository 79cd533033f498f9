package sheet

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"theriac/diag"
	"theriac/model"
)

// load writes a security file of one YAML file and loads it.
func load(t *testing.T, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	const product = "product:\n  name: Example pump\n  regulation: MDR\n  class: IIb\n"
	for name, content := range map[string]string{model.RootFile: product, "risks.yaml": text} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return loadFolder(t, dir)
}

func loadFolder(t *testing.T, dir string) *model.File {
	t.Helper()
	f, findings, err := (&model.Loader{}).Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if findings.Worst(diag.Error) {
		t.Fatalf("the security file has faults: %v", messages(findings))
	}
	return f
}

func messages(list diag.List) []string {
	var all []string
	for _, f := range list {
		all = append(all, f.Severity.String()+" "+f.Code+" "+f.Message)
	}
	return all
}

func export(t *testing.T, f *model.File, m *Mapping) *Book {
	t.Helper()
	book, findings := Export(f, m)
	if len(findings) > 0 {
		t.Fatalf("export: %v", messages(findings))
	}
	return book
}

func xlsx(t *testing.T, b *Book) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := WriteXLSX(&out, b, About{"Example pump", "theriac"}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var examples = []string{"../examples/infusion-pump", "../examples/pcr-analyser"}

// TestExamplesRoundTrip exports the examples and finds nothing to import, by
// either format.
func TestExamplesRoundTrip(t *testing.T) {
	for _, dir := range examples {
		f := loadFolder(t, dir)
		book := export(t, f, OwnMapping())
		var rows int
		for _, s := range book.Sheets {
			rows += len(s.Rows) - 1
		}
		if rows < 50 {
			t.Fatalf("%s: only %d rows were exported", dir, rows)
		}
		back, findings := ReadXLSX("risks.xlsx", xlsx(t, book))
		unchanged(t, dir, f, back, findings)
		for _, s := range book.Sheets {
			for _, bom := range []bool{false, true} {
				var out bytes.Buffer
				if err := WriteCSV(&out, s, bom); err != nil {
					t.Fatal(err)
				}
				back, findings := ReadCSV(s.Name+".csv", s.Name, out.Bytes())
				unchanged(t, dir+" "+s.Name, f, back, findings)
			}
		}
	}
}

func unchanged(t *testing.T, what string, f *model.File, b *Book, findings diag.List) {
	t.Helper()
	plan, more := Import(f, b, OwnMapping(), nil)
	if findings = append(findings, more...); len(findings) > 0 {
		t.Fatalf("%s: %v", what, messages(findings))
	}
	if !plan.Empty() || len(plan.Gone) > 0 {
		t.Fatalf("%s: the round trip changes something:\n%s", what, plan.Text())
	}
}

// TestSameBytes writes a workbook twice.
func TestSameBytes(t *testing.T) {
	f := loadFolder(t, examples[0])
	first := xlsx(t, export(t, f, OwnMapping()))
	for range 3 {
		if !bytes.Equal(first, xlsx(t, export(t, loadFolder(t, examples[0]), OwnMapping()))) {
			t.Fatal("the same security file gave other bytes")
		}
	}
}

// TestColumnsCoverTypes walks through the types of the kinds and misses no leaf.
func TestColumnsCoverTypes(t *testing.T) {
	for _, kind := range Kinds() {
		var want []string
		leaves(model.KindOf(kind).Type, "", &want)
		got := fieldNames(kind)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: columns %v, fields %v", kind, got, want)
		}
		if len(want) < 6 {
			t.Errorf("%s: only fields %v", kind, want)
		}
	}
}

// leaves finds the fields by the tags alone, apart from the code under test.
func leaves(t reflect.Type, path string, found *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("yaml")
		switch {
		case f.Anonymous && tag == "":
			leaves(f.Type, path, found)
		case tag == "" || tag == "-":
		case f.Type.Kind() == reflect.Struct && f.Type.NumField() > 0 && f.Type.Field(0).Tag.Get("yaml") != "":
			leaves(f.Type, path+tag+".", found)
		default:
			*found = append(*found, path+tag)
		}
	}
}

func TestLetters(t *testing.T) {
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA", 702: "ZZ", 703: "AAA"} {
		if got := letters(n); got != want {
			t.Errorf("column %d is %s, want %s", n, got, want)
		}
	}
	if got := (&Sheet{Name: "Risk file"}).place(3, 2); got != "'Risk file'!B3" {
		t.Errorf("got %s", got)
	}
}

func TestGuard(t *testing.T) {
	for _, text := range []string{"", "a", "=1+1", "+x", "-x", "@x", "\tx", "\rx", "'", "''", "'=x", "''=x", "'a", "'''-", "'@"} {
		cell := guard(text)
		if cell != "" && strings.ContainsAny(cell[:1], starters) {
			t.Errorf("%q is written as %q, which is a formula", text, cell)
		}
		if got := unguard(cell); got != text {
			t.Errorf("%q is read back as %q", text, got)
		}
	}
}
