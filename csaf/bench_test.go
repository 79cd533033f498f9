package csaf

import (
	"os"
	"testing"
)

func BenchmarkValidate(b *testing.B) {
	text, err := os.ReadFile("testdata/icsma/icsma-24-249-01.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Validate(text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
