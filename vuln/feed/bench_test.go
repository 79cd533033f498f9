package feed

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"theriac/vuln"
)

// BenchmarkNVD reads a feed of a thousand records of the old version.
func BenchmarkNVD(b *testing.B) {
	data, err := os.ReadFile("testdata/nvd/nvdcve-1.1-2017-extract.json")
	must(b, err)
	head, items, _ := strings.Cut(string(data), `"CVE_Items": [`)
	items = items[:strings.LastIndexByte(items, ']')]
	page := head + `"CVE_Items": [` + items + strings.Repeat(","+items, 150) + "]}"
	dir := written(b, map[string][]byte{"page.json": []byte(page)})
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		stats, err := NVD(b.Context(), dir, func(*vuln.Record) error { return nil })
		if err != nil || stats.Records != 7*151 {
			b.Fatal(stats.Records, err)
		}
	}
}

// BenchmarkCSAF reads a document of each supplier.
func BenchmarkCSAF(b *testing.B) {
	for _, name := range []string{"icsma-21-294-01", "rhsa-2024_4546"} {
		b.Run(name, func(b *testing.B) {
			file := fmt.Sprintf("testdata/csaf/%s.json", name)
			info, err := os.Stat(file)
			must(b, err)
			b.SetBytes(info.Size())
			for b.Loop() {
				if _, err := CSAF(b.Context(), file, func(*vuln.Record) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkEPSS reads a table of a hundred thousand scores.
func BenchmarkEPSS(b *testing.B) {
	var table strings.Builder
	table.WriteString("#score_date:2026-08-22T00:00:00+0000\ncve,epss,percentile\n")
	for i := range 100_000 {
		fmt.Fprintf(&table, "CVE-2020-%d,0.04919,0.91446\n", 10_000+i)
	}
	dir := written(b, map[string][]byte{"epss.csv": []byte(table.String())})
	b.SetBytes(int64(table.Len()))
	for b.Loop() {
		if stats, err := EPSS(b.Context(), dir, func(vuln.Likelihood) error { return nil }); err != nil || stats.Records != 100_000 {
			b.Fatal(stats.Records, err)
		}
	}
}
