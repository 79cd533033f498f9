package edit

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkSet changes one field of each entity in files of two sizes: the time
// for one edit must grow with the file only as fast as copying it does.
func BenchmarkSet(b *testing.B) {
	for _, n := range []int{100, 1600} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var text strings.Builder
			text.WriteString("threats:\n")
			for i := range n {
				fmt.Fprintf(&text, "  t%d:\n    title: x # c\n    category: spoofing\n    targets: [a, b, c]\n    initial:\n      severity: low\n\n", i)
			}
			d, err := File("f.yaml", []byte(text.String()), testOrder)
			if err != nil {
				b.Fatal(err)
			}
			for i := 0; b.Loop(); i++ {
				if err := d.Set(fmt.Sprintf("t%d", i%n), []string{"initial", "severity"}, Number(i)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkAppend adds many entities at once.
func BenchmarkAppend(b *testing.B) {
	var entities []Entity
	for i := range 1000 {
		entities = append(entities, Entity{fmt.Sprintf("t%d", i), Map{{"title", Text("Title")}, {"targets", Texts("a", "b")}, {"notes", Text(strings.Repeat("word ", 40) + "end")}}})
	}
	for b.Loop() {
		d, err := File("f.yaml", nil, testOrder)
		if err != nil {
			b.Fatal(err)
		}
		if err := d.Append("threats", entities...); err != nil {
			b.Fatal(err)
		}
		if _, err := d.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
