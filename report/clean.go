package report

import (
	"fmt"
	"strings"
	"unicode"
)

// Zero-width joiner and non-joiner belong to the spelling of several scripts
// and, alone among the invisible characters, are shown as they are.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// Clean makes untrusted text safe for one line of a terminal; see clean.
func Clean(s string) string { return clean(s) }

// clean makes untrusted text safe for one line of a terminal: line breaks become
// blanks, and characters that show nothing or change how others are shown
// become escapes.
func clean(s string) string {
	if strings.IndexFunc(s, odd) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
			b.WriteByte(' ')
		default:
			b.WriteString(shown(r))
		}
	}
	return b.String()
}

// odd reports whether a character cannot be shown as it is.
func odd(r rune) bool {
	return !unicode.IsGraphic(r) && r != joiner && r != nonJoiner || r == unicode.ReplacementChar
}

// shown is one character of a source line as the terminal gets it. Tabs take
// four columns wherever they stand, so that the caret line can count them.
func shown(r rune) string {
	switch {
	case r == '\t':
		return "    "
	case r == unicode.ReplacementChar:
		return "?"
	case !odd(r):
		return string(r)
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u{%x}`, r)
}
