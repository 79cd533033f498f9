package oscal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// nothing stands where OSCAL wants a text and there is none to show.
const nothing = "not stated"

// Zero-width joiner and non-joiner belong to the spelling of several scripts.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// Plain is a text as a string of OSCAL: one line, without space around it, without
// characters that only change how others are shown. A control character is U+FFFD.
func Plain(s string) string {
	s = strings.Join(strings.Fields(strings.Map(cleanRune, s)), " ")
	if s == "" {
		return nothing
	}
	return s
}

func cleanRune(r rune) rune {
	switch {
	case r == joiner || r == nonJoiner:
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	case !unicode.IsGraphic(r):
		return utf8.RuneError
	}
	return r
}

// Line is a plain text as a line of markup: nothing in it is read as Markdown,
// wherever it stands.
func Line(s string) string {
	runes := []rune(Plain(s))
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	number := 0 // digits at the start
	for unicode.IsDigit(at(number)) {
		number++
	}
	var b strings.Builder
	for i, r := range runes {
		switch {
		case strings.ContainsRune("\\`*[]<&~", r),
			r == '_' && !(word(at(i-1)) && word(at(i+1))),
			i == 0 && strings.ContainsRune("#+-=>|", r),
			i == number && number > 0 && (r == '.' || r == ')') && at(i+1) == ' ':
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// Prose is a Markdown text as markup of several lines. HTML in it is shown and not
// read.
func Prose(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = strings.Map(cleanRune, l)
		lines[i] = strings.TrimRight(strings.ReplaceAll(l, "<", `\<`), " ")
	}
	s = strings.Trim(strings.Join(lines, "\n"), "\n")
	if strings.TrimSpace(s) == "" {
		return nothing
	}
	return s
}

// List is plain texts as a list in markup; "" for none.
func List(items []string) string {
	var b strings.Builder
	for i, it := range items {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("- " + Line(it))
	}
	return b.String()
}

// Token is a name as an id of OSCAL, which begins with a letter or '_' and goes on
// with letters, digits, '.', '-' and '_'. Names that are none begin with '_', and
// have '_' for other characters.
func Token(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.IsLetter(r):
			b.WriteRune(r)
		case unicode.IsNumber(r) || r == '.' || r == '-':
			if b.Len() == 0 {
				b.WriteByte('_')
			}
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if b.Len() == 0 {
		return "_"
	}
	return b.String()
}
