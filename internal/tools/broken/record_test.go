package main

import (
	"strings"
	"testing"
)

func TestLineOf(t *testing.T) {
	const text = "day\nfinding A-1\nfinding A-12\n"
	if n, err := lineOf(text, "A-12"); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for holds, want := range map[string]string{"A-1": "lines 2 and 3", "A-2": "no line"} {
		if n, err := lineOf(text, holds); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d, %v", holds, n, err)
		}
	}
}
