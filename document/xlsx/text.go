package xlsx

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/document"
)

// Zero-width joiner and non-joiner belong to the spelling of several scripts.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// clean is a text of one line: space of any kind is a blank, what only changes how
// other characters are shown is left out, and a control character is U+FFFD.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == joiner || r == nonJoiner:
			return r
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		case !unicode.IsGraphic(r):
			return utf8.RuneError
		}
		return r
	}, s)
}

// maxText is what a cell holds, in UTF-16 units.
const maxText = 32767

// textOf is the text of a cell, its lines divided by line breaks.
func textOf(c document.Cell) string {
	lines := make([]string, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = clean(l.String())
	}
	return bounded(strings.Join(lines, "\n"))
}

func bounded(s string) string {
	if len(s) <= maxText || units(s) <= maxText {
		return s
	}
	return cutUnits(s, maxText-1) + "…"
}

// formula reports whether a program may take a text for a formula when somebody
// edits the cell, or when the sheet goes through a file of comma-separated values.
func formula(s string) bool {
	return s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0
}

// printed is a header or footer of three parts. Excel takes 255 characters at most.
func printed(left, centre, right string) string {
	part := func(code, s string) string {
		if s = shorten(strings.Join(strings.Fields(clean(s)), " "), 60); s == "" {
			return ""
		}
		if s[0] >= '0' && s[0] <= '9' {
			s = " " + s // not a type size
		}
		return code + shortenDoubled(strings.ReplaceAll(s, "&", "&&"), 70)
	}
	return part("&L", left) + part("&C", centre) + part("&R", right)
}

// shortenDoubled cuts a text without parting a doubled ampersand.
func shortenDoubled(s string, most int) string {
	if units(s) <= most {
		return s
	}
	s = cutUnits(s, most)
	if n := len(s) - len(strings.TrimRight(s, "&")); n%2 == 1 {
		s = s[:len(s)-1]
	}
	return s
}
