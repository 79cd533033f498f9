package model

import (
	"path/filepath"
	"testing"

	"theriac/internal/synthetic"
)

// BenchmarkLoad reads and links 10,000 entities from a cold start.
func BenchmarkLoad(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "file")
	if _, err := synthetic.Write(dir, 10000); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		var l Loader
		file, findings, err := l.Load(b.Context(), dir)
		if err != nil || len(findings) > 0 || len(file.Requirements) == 0 {
			b.Fatal(err, findings)
		}
	}
}
