package main

import (
	"fmt"
	"testing"
	"time"

	"theriac/sbom"
)

// TestSoupIDs: no two entries get one id, however many names come down to one, and in
// time.
func TestSoupIDs(t *testing.T) {
	const many = 20_000
	var parts []*sbom.Component
	for n := range many {
		parts = append(parts, &sbom.Component{Name: fmt.Sprintf("\u5305%c%c", rune(0x4e00+n/200), rune(0x4e00+n%200))})
	}
	taken := map[string]bool{"soup-item-2": true}
	start := time.Now()
	entries := soupEntries(parts, "package", taken)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		seen[e.ID] = true
	}
	if len(entries) != many || len(seen) != many || entries[0].ID != "soup-item" || entries[1].ID != "soup-item-3" || !taken[entries[many-1].ID] {
		t.Errorf("%d entries with %d ids, %s, %s", len(entries), len(seen), entries[0].ID, entries[1].ID)
	}
}
