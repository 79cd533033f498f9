package main

import (
	"fmt"
	"testing"
	"time"
)

// TestCaseIDs: a new case gets the number above the highest of its year, also where
// somebody wrote one that nothing is above of, and many get theirs in time.
func TestCaseIDs(t *testing.T) {
	ids := caseIDs{map[string]bool{"case-2026-007": true, "case-2026-9223372036854775807": true, "case-2026--1": true, "case-2025-044": true, "case-2027-1": true}, time.UTC, map[string]int{}}
	in := func(year int) time.Time { return time.Date(year, 5, 1, 0, 0, 0, 0, time.UTC) }
	for _, want := range []string{"case-2026-008", "case-2026-009"} {
		if got := ids.next(in(2026)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := ids.next(in(2027)); got != "case-2027-002" {
		t.Errorf("got %s", got)
	}
	start := time.Now()
	for n := range 50_000 {
		if got, want := ids.next(in(2025)), fmt.Sprintf("case-2025-%03d", 45+n); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
