package model

import (
	"slices"
	"testing"
)

func TestIgnore(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"ignore: [deploy/, '*.local.yaml']\nproduct: {}\n", []string{"deploy/", "*.local.yaml"}},
		{"product:\n  name: x\n", nil},
		{"ignore: word\n", nil},
		{"ignore: [a\n", nil},
		{"\x00", nil},
		{"", nil},
	} {
		if got := IgnorePatterns([]byte(c.text)); !slices.Equal(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	patterns := []string{"deploy/", "*.local.yaml"}
	for name, want := range map[string]bool{"deploy/a/b.yaml": true, "deploy.yaml": false, "x.local.yaml": true, "sub/x.local.yaml": false, "a.yaml": false} {
		if Ignored(patterns, name) != want {
			t.Errorf("%s: got %v", name, !want)
		}
	}
}
