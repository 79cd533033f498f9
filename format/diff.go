package format

import "github.com/rogpeppe/go-internal/diff"

// Diff returns the changes between two states of a file in unified format; ""
// when there are none.
func Diff(name string, before, after []byte) string {
	return string(diff.Diff(name, before, name, after))
}
