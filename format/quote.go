package format

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"theriac/internal/lazyregexp"
)

// Quote returns text as a scalar on one line: plain where no reader of YAML 1.1
// or 1.2 takes it for anything else, otherwise in double quotes. A date stays
// plain, as security files write dates. Characters that do not print are
// escaped. The text must be valid UTF-8. Flow says that the scalar stands in
// brackets.
func Quote(text string, flow bool) string {
	if isPlain(text, flow) {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		b.WriteString(escape(r))
	}
	b.WriteByte('"')
	return b.String()
}

func escape(r rune) string {
	switch {
	case r == '"', r == '\\':
		return `\` + string(r)
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case prints(r):
		return string(r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02X`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04X`, r)
	}
	return fmt.Sprintf(`\U%08X`, r)
}

// prints reports whether a character may stand in a text as it is. Characters
// that nobody sees, or that turn the direction of text, may not.
func prints(r rune) bool { return unicode.IsGraphic(r) }

var (
	// words are the values of YAML 1.1 and 1.2 that are words (yaml.org/type).
	words = lazyregexp.New(`^(?i:y|n|yes|no|on|off|true|false|null|[-+]?\.(inf|nan))$`)
	// numbers are the integers and floats of YAML 1.1 and 1.2, those to base 60
	// included.
	numbers = lazyregexp.New(`^[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|([0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?)$`)
)

func isPlain(text string, flow bool) bool {
	switch {
	case text == "", strings.ContainsAny(text[:1], "-?:,[]{}#&*!|>'\"%@`~=<"), strings.HasPrefix(text, "..."):
		return false
	case strings.Contains(text, ": "), strings.Contains(text, " #"), strings.HasSuffix(text, ":"):
		return false
	case flow && strings.ContainsAny(text, ",[]{}"):
		return false
	}
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	if unicode.IsSpace(first) || unicode.IsSpace(last) {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool { return !prints(r) }) < 0 && !words.MatchString(text) && !numbers.MatchString(text)
}

// Paragraphs returns text as a block scalar: its header, and its lines without
// indentation, which must stand two blanks under the key or dash. Text of one
// line is folded at blanks to the width; text of several lines keeps them. Read
// back, the text has one line end more. It reports false where a block scalar
// would not say the same or would hide something: lines end in blanks, or
// characters do not print.
func Paragraphs(text string, width int) (header string, lines []string, ok bool) {
	if strings.IndexFunc(text, func(r rune) bool { return r != '\n' && !prints(r) }) >= 0 {
		return "", nil, false
	}
	if !strings.Contains(text, "\n") {
		lines = wrap(text, width)
		return ">", lines, len(lines) > 1 && text[0] != ' ' && text[len(text)-1] != ' '
	}
	lines = strings.Split(text, "\n")
	for _, l := range lines {
		if strings.HasSuffix(l, " ") {
			return "", nil, false
		}
	}
	header = "|"
	if needsIndicator(lines) {
		header += string(rune('0' + step))
	}
	return header, lines, lines[len(lines)-1] != ""
}

// wrap breaks a text at single blanks, each of which reads back as a line break
// that was folded.
func wrap(text string, width int) []string {
	var lines []string
	start, last := 0, -1 // of the line; last place where it may break
	column := 0
	for i, r := range text {
		if column++; column > width && last > start {
			lines = append(lines, text[start:last])
			start, column = last+1, utf8.RuneCountInString(text[last+1:i])+1
		}
		if r == ' ' && i > 0 && i+1 < len(text) && text[i-1] != ' ' && text[i+1] != ' ' {
			last = i
		}
	}
	return append(lines, text[start:])
}
