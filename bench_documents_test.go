package theriac_test

import (
	"os"
	"testing"
	"time"

	"theriac"
	"theriac/model"
	"theriac/publish"
)

// BenchmarkDocuments makes the documents of an example, without painting them.
func BenchmarkDocuments(b *testing.B) {
	make, done := documents(b)
	defer done()
	for b.Loop() {
		make()
	}
}

// BenchmarkPaint paints the documents of an example in all forms.
func BenchmarkPaint(b *testing.B) {
	make, done := documents(b)
	defer done()
	set := make().Set
	for b.Loop() {
		if _, err := publish.Digests(b.Context(), set, publish.Choice{}); err != nil {
			b.Fatal(err)
		}
	}
}

// documents makes the documents of an example, again and again.
func documents(b *testing.B) (make func() *theriac.Documentation, done func() error) {
	dir := "examples/infusion-pump"
	day, err := model.ParseDate("2026-10-05")
	if err != nil {
		b.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	var s theriac.Session
	return func() *theriac.Documentation {
		d, err := s.Documents(b.Context(), dir, theriac.Options{Today: day, Files: root.FS()}, []string{"en", "de"}, time.Unix(0, 0))
		if err != nil {
			b.Fatal(err)
		}
		return d
	}, root.Close
}
