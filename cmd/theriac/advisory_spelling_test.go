package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"theriac/csaf"
)

// TestHunspell uses a program that behaves as hunspell does.
func TestHunspell(t *testing.T) {
	program := filepath.Join(t.TempDir(), "hunspell")
	script := `#!/bin/sh
[ "$1 $2 $3 $4" = "-l -i utf-8 -d" ] || exit 3
case "$5" in
de_AT) tr ' ' '\n' | grep x ;;
*) echo "Can't open affix or dictionary files for dictionary named \"$5\"." >&2; exit 1 ;;
esac
`
	if err := os.WriteFile(program, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	spell := hunspell(t.Context(), program)
	words, err := spell("de_AT", "ax b ax -x")
	if err != nil || !slices.Equal(words, []string{"-x", "ax"}) {
		t.Errorf("got %q, %v", words, err)
	}
	for _, language := range []string{"fr", "fr", "../de"} {
		if _, err := spell(language, "x"); !errors.Is(err, csaf.ErrNoDictionary) {
			t.Errorf("%s: %v", language, err)
		}
	}
}
