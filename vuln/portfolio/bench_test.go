package portfolio

import (
	"os"
	"path/filepath"
	"testing"

	"theriac/internal/synthetic"
	"theriac/sbom"
	"theriac/vuln"
	"theriac/vuln/feed"
	"theriac/vuln/match"
)

// benchFleet are 100 bills of 500 components each, made of real ones.
func benchFleet(b *testing.B) []Source {
	b.Helper()
	var real []string
	for _, name := range []string{"juice-shop-11.1.2", "guac-python", "guac-vault", "guac-consul", "dropwizard-1.3.15", "proton-bridge-1.6.3"} {
		real = append(real, filepath.Join("../../sbom/testdata", name+".cdx.json"))
	}
	dir := b.TempDir()
	if _, err := synthetic.Bills(dir, real, 100, 500); err != nil {
		b.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 100 {
		b.Fatal(names, err)
	}
	var list []Source
	for _, name := range names {
		list = append(list, Source{Product: filepath.Base(name), SBOM: "bom.json", Open: func() (*sbom.BOM, error) {
			f, err := os.Open(name)
			if err != nil {
				return nil, err
			}
			defer f.Close()
			return sbom.Read(f, sbom.Limits{})
		}})
	}
	return list
}

// benchData are the recorded advisories and ends of support.
func benchData(b *testing.B) *vuln.DB {
	b.Helper()
	name := filepath.Join(b.TempDir(), "vuln.db")
	builder, err := vuln.NewBuilder(name, vuln.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := feed.OSV(b.Context(), "../match/testdata/osv", builder.Add); err != nil {
		b.Fatal(err)
	}
	if _, err := feed.EOL(b.Context(), "../feed/testdata/eol", builder.AddCycle); err != nil {
		b.Fatal(err)
	}
	if _, err := builder.Finish(b.Context()); err != nil {
		b.Fatal(err)
	}
	db, err := vuln.Open(name)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// BenchmarkScan says where the time of a portfolio goes. "read" looks nothing up. "distinct"
// looks each distinct component up, one time and from nothing known, without reading a
// bill: the most that a run could save that knew which answers did not change.
func BenchmarkScan(b *testing.B) {
	sources, db := benchFleet(b), benchData(b)
	run := func(b *testing.B, sources []Source, matcher func() *match.Matcher) *State {
		var s *State
		for b.Loop() {
			var err error
			if s, err = Scan(sources, matcher(), nil); err != nil {
				b.Fatal(err)
			}
		}
		return s
	}
	matcher := func() *match.Matcher { return match.NewMatcher(Once(db), match.Options{}) }
	b.Run("whole", func(b *testing.B) {
		if s := run(b, sources, matcher); len(s.Findings) == 0 {
			b.Error("nothing was found")
		}
	})
	var all *State
	b.Run("read", func(b *testing.B) {
		all = run(b, sources, func() *match.Matcher { return nil })
	})
	b.Run("distinct", func(b *testing.B) {
		bom := &sbom.BOM{}
		for i := range all.Components {
			bom.Components = append(bom.Components, all.Components[i].entry())
		}
		one := Source{Product: "all", Open: func() (*sbom.BOM, error) { return bom, nil }}
		if s := run(b, []Source{one}, matcher); len(s.Findings) == 0 {
			b.Error("nothing was found")
		}
		b.ReportMetric(float64(len(bom.Components)), "components")
	})
}
