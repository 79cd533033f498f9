package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// clean makes a text fit for lines: control characters and line breaks become
// spaces; characters that turn the direction of what follows, and others without a
// shape, are left out; letters with marks are put together as fonts have them.
func clean(s string) string {
	if plain(s) {
		return s
	}
	return norm.NFC.String(strings.Map(shaped, s))
}

// plain reports whether a text needs no cleaning.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func shaped(r rune) rune {
	switch {
	case r == '\u00A0' || r == '\u202F' || r == '\u2007':
		return '\u00A0' // spaces at which no line is broken
	case r == '\u2010' || r == '\u2011':
		return '-'
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		return -1
	case r == utf8.RuneError || r > 0xFFFF || unicode.Is(unicode.Co, r):
		return replacement
	}
	return r
}

// oneLine is a text without line breaks and runs of spaces.
func oneLine(s string) string { return strings.Join(strings.Fields(clean(s)), " ") }

// tabs is how far apart the stops of tabulators are in a listing, in characters.
const tabs = 4

// listed is the lines of a listing: spaces stay, tabulators are filled up.
func listed(s string) []string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		if strings.ContainsRune(l, '\t') {
			l = untabbed(l)
		}
		lines[i] = strings.TrimRight(clean(l), " ")
	}
	return lines
}

func untabbed(l string) string {
	var b strings.Builder
	column := 0
	for _, r := range l {
		if r != '\t' {
			b.WriteRune(r)
			column++
			continue
		}
		n := tabs - column%tabs
		b.WriteString("        "[:n])
		column += n
	}
	return b.String()
}
