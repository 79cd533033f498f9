package draw

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// advances are the widths of ASCII 32 to 126 in thousandths of the type size,
// from the font metrics of Helvetica, which Arial and Liberation Sans share.
var advances = [...]uint16{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// Other fonts of the family list are wider than Helvetica, and bold is wider
// than regular: measures are taken with a margin.
const (
	margin     = 1.05
	boldMargin = 1.09
)

// measure is the width of a text as painters may draw it, on the safe side.
func measure(s string, size float64, bold bool) float64 {
	sum := 0
	for _, r := range s {
		sum += advance(r)
	}
	w := float64(sum) * size / 1000 * margin
	if bold {
		w *= boldMargin
	}
	return w
}

func advance(r rune) int {
	switch {
	case r >= ' ' && r <= '~':
		return int(advances[r-' '])
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case r >= 0x1100 && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Punct):
		return 1000
	case unicode.IsUpper(r):
		return 830
	}
	return 640
}

// clean makes untrusted text fit for one line: no control characters, no line
// breaks, no characters that turn the direction of what follows, no runes that
// XML forbids.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r):
			return -1
		case r == utf8.RuneError || unicode.Is(unicode.Noncharacter_Code_Point, r):
			return '�'
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// wrap breaks a text into at most lines lines no wider than width. What does
// not fit ends with an ellipsis. Words that are too long are broken, where
// possible after a hyphen or slash.
func wrap(s string, width, size float64, bold bool, lines int) []string {
	var out []string
	for rest := clean(s); rest != ""; {
		if len(out) == lines-1 {
			return append(out, fit(rest, width, size, bold))
		}
		var line string
		line, rest = breakLine(rest, width, size, bold)
		out = append(out, line)
	}
	return out
}

// breakLine takes the first line off a text.
func breakLine(s string, width, size float64, bold bool) (line, rest string) {
	if measure(s, size, bold) <= width {
		return s, ""
	}
	n := prefix(s, width, size, bold)
	if n < len(s) && s[n] == ' ' {
		return s[:n], s[n+1:]
	}
	if i := strings.LastIndexByte(s[:n], ' '); i > 0 {
		return s[:i], s[i+1:]
	}
	if i := strings.LastIndexAny(s[:n], "-/_."); i > 2 {
		return s[:i+1], s[i+1:]
	}
	return s[:n], s[n:]
}

// prefix is the length in bytes of the longest part at the front of s that fits
// into width, at least one rune.
func prefix(s string, width, size float64, bold bool) int {
	limit := width * 1000 / size / margin
	if bold {
		limit /= boldMargin
	}
	sum := 0
	for i, r := range s {
		if sum += advance(r); float64(sum) > limit && i > 0 {
			return i
		}
	}
	return len(s)
}

// fit shortens a text with an ellipsis where it is wider than width.
func fit(s string, width, size float64, bold bool) string {
	s = clean(s)
	if measure(s, size, bold) <= width {
		return s
	}
	room := width - measure("…", size, bold)
	if room <= 0 {
		return "…"
	}
	return strings.TrimRight(s[:prefix(s, room, size, bold)], " ") + "…"
}

// widest is the width of the widest line.
func widest(lines []string, size float64, bold bool) float64 {
	w := 0.0
	for _, l := range lines {
		w = max(w, measure(l, size, bold))
	}
	return w
}
