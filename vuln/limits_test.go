package vuln

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// TestRecordsAtTheLimits: a record that cannot be kept is refused alone, when it is added, and
// what is kept can be read.
func TestRecordsAtTheLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	packages := func(ecosystem, name string) []Affected { return []Affected{{Ecosystem: ecosystem, Name: name}} }
	var many []string
	for i := range 20_000 {
		many = append(many, fmt.Sprintf("%s-%d", long(250), i))
	}
	var affected []Affected
	for i := range 10_000 {
		affected = append(affected, Affected{Ecosystem: "npm", Name: fmt.Sprintf("%s-%d", long(180), i)})
	}
	for name, c := range map[string]struct {
		record Record
		kept   bool
	}{
		"longest names":          {Record{ID: "A" + long(511), Source: long(512), Affected: packages(long(512), long(1024))}, false},
		"long name":              {Record{ID: "A" + long(399), Source: "osv", Affected: packages(long(512), long(1024))}, true},
		"many aliases":           {Record{ID: "A", Source: "osv", Aliases: many}, false},
		"long address":           {Record{ID: "A", Source: "osv", URLs: []string{long(5 << 20)}}, false},
		"aliases and packages":   {Record{ID: "A", Source: "osv", Aliases: many[:12_000], Affected: affected}, false},
		"many packages":          {Record{ID: "A", Source: "osv", Affected: affected}, true},
		"long source and record": {Record{ID: long(512), Source: long(512)}, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "vuln.db")
			b, err := NewBuilder(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Add(&c.record); c.kept != (err == nil) || err != nil && !errors.Is(err, ErrRecord) {
				t.Errorf("added: %v", err)
			}
			if err := b.Add(&Record{ID: "B", Source: "osv", Affected: packages("npm", "b")}); err != nil {
				t.Fatal(err)
			}
			built, err := b.Finish(t.Context())
			if want := 1 + count(c.kept); err != nil || built.Records != want {
				t.Fatalf("%v, %d records, want %d", err, built.Records, want)
			}
			db, err := Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if err := db.Verify(t.Context()); err != nil {
				t.Error(err)
			}
			list, err := db.Records(c.record.ID)
			if err != nil || len(list) != count(c.kept) {
				t.Errorf("%d records, %v", len(list), err)
			}
		})
	}
}
