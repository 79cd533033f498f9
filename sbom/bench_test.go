package sbom

import (
	"bytes"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	spdxjson "github.com/spdx/tools-golang/json"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
	"github.com/spdx/tools-golang/tagvalue"
)

func BenchmarkRead(b *testing.B) {
	for _, name := range []string{
		"juice-shop-11.1.2.cdx.json", "guac-python.cdx.json", "postgres-stretch.cdx.xml",
		"debsbom-merge-full.spdx.json", "cve-bin-tool-py3.8.spdx", "bsi-v2.1-complete.spdx3.json",
	} {
		data := sample(b, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				mustRead(b, data)
			}
		})
	}
	b.Run("large", func(b *testing.B) {
		for b.Loop() {
			if _, err := Read(largeJSON(10_000), Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkLibraries reads the same files with the libraries of the formats.
func BenchmarkLibraries(b *testing.B) {
	for name, read := range map[string]func(in *bytes.Reader) error{
		"juice-shop-11.1.2.cdx.json": func(in *bytes.Reader) error {
			return cdx.NewBOMDecoder(in, cdx.BOMFileFormatJSON).Decode(new(cdx.BOM))
		},
		"postgres-stretch.cdx.xml": func(in *bytes.Reader) error {
			return cdx.NewBOMDecoder(in, cdx.BOMFileFormatXML).Decode(new(cdx.BOM))
		},
		"debsbom-merge-full.spdx.json": func(in *bytes.Reader) error { return spdxjson.ReadInto(in, new(v2_3.Document)) },
		"cve-bin-tool-py3.8.spdx":      func(in *bytes.Reader) error { return tagvalue.ReadInto(in, new(v2_3.Document)) },
	} {
		data := sample(b, name)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := read(bytes.NewReader(data)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
