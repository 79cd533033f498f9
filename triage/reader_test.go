package triage

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"theriac/model"
)

// TestReader: a record is parsed again once its text changed, and no sooner.
func TestReader(t *testing.T) {
	dir := t.TempDir()
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("theriac.yaml", "product: {name: Pump, regulation: MDR, class: IIb}\n")
	file, _, err := new(model.Loader).Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	var reader Reader
	read := func() *Record {
		t.Helper()
		r, err := reader.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if r := read(); !r.Empty() || len(r.Findings) > 0 {
		t.Errorf("without a file: %+v", r)
	}
	first := recordHeader + "\nday {\"date\":\"2026-10-05\"}\n"
	put(RecordFile, first)
	one := read()
	if one.Day.String() != "2026-10-05" || read() != one {
		t.Errorf("day %s, or parsed twice", one.Day)
	}
	put(RecordFile, strings.Replace(first, "10-05", "10-06", 1))
	if two := read(); two.Day.String() != "2026-10-06" || one.Day.String() != "2026-10-05" {
		t.Errorf("after a change: %s, before: %s", two.Day, one.Day)
	}
	put(RecordFile, strings.ReplaceAll(first, "\n", "\r\n"))
	if three := read(); three.Day != one.Day || read() != three {
		t.Errorf("with other line ends: %s, or parsed twice", three.Day)
	}
	if err := os.Remove(filepath.Join(dir, RecordFile)); err != nil {
		t.Fatal(err)
	}
	if r := read(); !r.Empty() {
		t.Errorf("after it is gone: %+v", r)
	}
}

// TestApplyAlike: what a judge remembers of one finding changes no other verdict.
func TestApplyAlike(t *testing.T) {
	file, _, err := new(model.Loader).Load(t.Context(), "../examples/infusion-pump")
	if err != nil {
		t.Fatal(err)
	}
	record, err := ReadRecord(file)
	if err != nil {
		t.Fatal(err)
	}
	today, err := model.ParseDate("2026-10-05")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, s := range record.Scans {
		all := NewJudge(file, today).Apply(s.Release, s.Found)
		for i := 0; i < len(all); i += 7 {
			compared++
			if alone := NewJudge(file, today).Apply(s.Release, s.Found[i:i+1])[0]; !reflect.DeepEqual(alone, all[i]) {
				t.Errorf("%s in %s: %+v alone, %+v among all", all[i].Finding.ID, all[i].Finding.Component, alone, all[i])
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d", compared)
	}
}

// FuzzFolded: ids are folded alike where they differ in case only.
func FuzzFolded(f *testing.F) {
	for _, s := range [][2]string{{"CVE-2024-1", "cve-2024-1"}, {"K", "\u212a"}, {"s", "\u017f"}, {"\xff", "\xfe"}, {"a", "b"}, {"ß", "ẞ"}} {
		f.Add(s[0], s[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if (folded(a) == folded(b)) != strings.EqualFold(a, b) {
			t.Errorf("%q and %q: %q, %q", a, b, folded(a), folded(b))
		}
	})
}
