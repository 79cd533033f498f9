package psirt

import (
	"strings"
	"testing"
)

func BenchmarkMailbox(b *testing.B) {
	box := []byte(strings.Repeat("From a Mon\n"+simpleMail+strings.Repeat("A line of a report.\n", 500)+"\n", 1000))
	b.SetBytes(int64(len(box)))
	for b.Loop() {
		if reports, _, err := ReadMailbox(box, nil); err != nil || len(reports) != 1000 {
			b.Fatal(len(reports), err)
		}
	}
}

func BenchmarkClocks(b *testing.B) {
	file := loadText(b, product+handling+"cases:\n  case-2026-001:\n    title: Example\n    source: incident\n    aware: 2026-11-02T14:30:00+01:00\n")
	now := moment(b, "2026-11-05T12:00:00Z").Time()
	for b.Loop() {
		if len(Clocks(file, file.Cases[0], now)) < 8 {
			b.Fatal("too few clocks")
		}
	}
}
