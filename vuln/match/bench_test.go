package match

import (
	"testing"

	"theriac/sbom"
)

// BenchmarkMatch matches a bill of materials of 840 npm packages from nothing known.
func BenchmarkMatch(b *testing.B) {
	db, bom := advisories(b, "testdata/osv"), readBOM(b, "juice-shop-11.1.2.cdx.json")
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Match(bom, db, Options{}); err != nil || len(r.Findings) == 0 {
			b.Fatalf("%+v, %v", r, err)
		}
	}
}

// BenchmarkPortfolio matches the same bill of materials again, as in a portfolio.
func BenchmarkPortfolio(b *testing.B) {
	db, bom := advisories(b, "testdata/osv"), readBOM(b, "juice-shop-11.1.2.cdx.json")
	m := NewMatcher(db, Options{})
	b.ReportAllocs()
	for b.Loop() {
		if r, err := m.Match(bom); err != nil || len(r.Findings) == 0 {
			b.Fatalf("%+v, %v", r, err)
		}
	}
}

// BenchmarkDebian matches an image of 430 packages.
func BenchmarkDebian(b *testing.B) {
	db, bom := advisories(b, "testdata/osv"), readBOM(b, "guac-python.cdx.json")
	b.ReportAllocs()
	for b.Loop() {
		if r, err := Match(bom, db, Options{}); err != nil || len(r.Findings) == 0 {
			b.Fatalf("%+v, %v", r, err)
		}
	}
}

func BenchmarkIdentify(b *testing.B) {
	c := sbom.Component{PURL: "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&upstream=openssl&distro=debian-11"}
	b.ReportAllocs()
	for b.Loop() {
		if id := identify(&c); len(id.targets) != 1 {
			b.Fatal(id)
		}
	}
}
