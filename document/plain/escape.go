package plain

import (
	"fmt"
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
func clean(s string) string { return strings.Map(cleanRune, s) }

func cleanRune(r rune) rune {
	switch {
	case r == '\u00a0' || r == joiner || r == nonJoiner:
		return r
	case unicode.IsSpace(r) || r == '\u2028' || r == '\u2029':
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	case !unicode.IsGraphic(r):
		return utf8.RuneError
	}
	return r
}

// escape makes a text of one line of which nothing is read as markup, wherever in a
// paragraph or cell it stands. Underscores inside of words are none.
func escape(s string) string {
	runes := []rune(clean(s))
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return 0 // another span, of any content
		}
		return runes[i]
	}
	var b strings.Builder
	for i, r := range runes {
		if special(r, at(i-1), at(i+1)) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// special reports whether a character between two others may be read as markup.
func special(r, before, after rune) bool {
	switch r {
	case '\\', '`', '*', '[', ']', '<', '|', '~', '$', '@':
		return true
	case '_':
		return !wordRune(before) || !wordRune(after)
	case '&':
		return wordRune(after) || after == '#' || after == 0
	case '!':
		return after == '[' || after == 0
	case ':': // of https:// and mailto:
		return after == '/' || before == 'o' && wordRune(after)
	case '.': // of www.
		return (before == 'w' || before == 'W') && wordRune(after)
	}
	return false
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// guard escapes what would make something else of a paragraph when it stands at its
// start: a heading, a list, a quotation, a rule.
func guard(line string) string {
	line = strings.TrimLeft(line, " ")
	if line == "" {
		return line
	}
	switch line[0] {
	case '#', '+', '-', '>', '=':
		return `\` + line
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < len(line) && (line[digits] == '.' || line[digits] == ')') && (digits+1 == len(line) || line[digits+1] == ' ') {
		return line[:digits] + `\` + line[digits:]
	}
	return line
}

// code is a text as a code span. A span cannot hold a pipe after a backslash in a
// cell of a table: it is a tag then.
func code(s string, inTable bool) string {
	s = clean(s)
	if strings.TrimSpace(s) == "" {
		return s
	}
	if inTable && strings.Contains(s, "|") {
		return "<code>" + escape(s) + "</code>"
	}
	fence := strings.Repeat("`", longest(s, '`')+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// longest is the length of the longest run of a byte.
func longest(s string, c byte) int {
	most, run := 0, 0
	for i := range len(s) {
		run++
		if s[i] != c {
			run = 0
		}
		most = max(most, run)
	}
	return most
}

// destination is an address as a link may have it.
func destination(to string) string {
	var b strings.Builder
	for i := range len(to) {
		c := to[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', strings.IndexByte("-._~:/?#@!$&+,;=%", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// marks are the signs that stand before the text of a badge.
var marks = map[document.Tone]string{document.Good: "✓ ", document.Partly: "◐ ", document.Bad: "✗ ", document.Neutral: "○ "}

// text is a line of text as Markdown.
func (p *markdown) text(t document.Text, inTable bool) string {
	var b strings.Builder
	for i, s := range t {
		if s.Tone != document.Plain && b.Len() > 0 && !strings.HasSuffix(b.String(), " ") && t[i-1].Tone != document.Plain {
			b.WriteByte(' ')
		}
		inner := p.look(s, inTable, neighbour(b.String(), ' '), next(t, i))
		if to := p.target(s.To); to != "" && strings.TrimSpace(s.Text) != "" {
			inner = "[" + inner + "](" + to + ")"
		}
		b.WriteString(inner)
	}
	return strings.TrimSpace(b.String())
}

// neighbour is the last character of a text, or another one where it is empty.
func neighbour(s string, otherwise rune) rune {
	if r, size := utf8.DecodeLastRuneInString(s); size > 0 {
		return r
	}
	return otherwise
}

// next is the first character behind a span.
func next(t document.Text, i int) rune {
	for _, s := range t[i+1:] {
		if s.To != "" || s.Style&document.Mono != 0 {
			return '[' // a mark
		}
		if r, size := utf8.DecodeRuneInString(s.Text); size > 0 {
			return r
		}
	}
	return ' '
}

// look is a span in its style, without its link.
func (p *markdown) look(s document.Span, inTable bool, before, after rune) string {
	whole := clean(s.Text)
	core := strings.TrimSpace(whole)
	if core == "" {
		return whole
	}
	lead := whole[:strings.Index(whole, core)]
	trail := whole[len(lead)+len(core):]
	inner := escape(marks[s.Tone] + core)
	if s.Style&document.Mono != 0 {
		inner = code(marks[s.Tone]+core, inTable)
	}
	if lead != "" || s.To != "" {
		before = ' '
	}
	if trail != "" || s.To != "" {
		after = ' '
	}
	if s.Style&document.Emphasis != 0 {
		inner = emphasise(inner, "*", "em", before, after)
	}
	if s.Style&document.Strong != 0 || s.Tone == document.Bad {
		inner = emphasise(inner, "**", "strong", before, after)
	}
	return lead + inner + trail
}

// emphasise puts marks around a text, or tags where marks would not be read as
// such: beside a letter they need one on the inner side as well.
func emphasise(inner, mark, tag string, before, after rune) string {
	first, _ := utf8.DecodeRuneInString(inner)
	last, _ := utf8.DecodeLastRuneInString(inner)
	opens := wordRune(first) || spaceOrMark(before)
	closes := wordRune(last) || spaceOrMark(after)
	if opens && closes && before != '*' && after != '*' && first != '*' && last != '*' {
		return mark + inner + mark
	}
	return "<" + tag + ">" + inner + "</" + tag + ">"
}

func spaceOrMark(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
}
