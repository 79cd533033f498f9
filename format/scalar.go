package format

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const blockStyle = yaml.LiteralStyle | yaml.FoldedStyle

// blockText is the content of a block scalar as it stands in the source.
type blockText struct {
	start, end int // from the line after the header to the last line of content
	last       int // the end of its last line, blank lines that it keeps included
	indent     int // blanks that belong to the indentation
}

// scalar reads the scalar that starts at pos and reports whether the text
// agrees with the node.
func (s *scanner) scalar(l leaf) bool {
	if l.node.Style&blockStyle != 0 {
		return s.block(l)
	}
	var end int
	switch {
	case l.node.Style&yaml.DoubleQuotedStyle != 0:
		end = endOfDouble(s.src, s.pos)
	case l.node.Style&yaml.SingleQuotedStyle != 0:
		end = endOfSingle(s.src, s.pos)
	default:
		end = endOfPlain(s.src, s.pos, l.node.Value)
	}
	if end < 0 {
		return false
	}
	s.add(token{kind: scalar, start: s.pos, end: end, node: l.node})
	text := s.src[s.pos:end]
	if breaks := bytes.Count(text, []byte("\n")); breaks > 0 {
		s.line, s.col = s.line+breaks, 0
		text = text[bytes.LastIndexByte(text, '\n')+1:]
		s.lastLine = s.line
	}
	s.pos, s.col = end, s.col+utf8.RuneCount(text)
	return true
}

func endOfDouble(src []byte, start int) int {
	if src[start] != '"' {
		return -1
	}
	for i := start + 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}

func endOfSingle(src []byte, start int) int {
	if src[start] != '\'' {
		return -1
	}
	for i := start + 1; i < len(src); i++ {
		if src[i] != '\'' {
			continue
		}
		if i+1 == len(src) || src[i+1] != '\'' {
			return i + 1
		}
		i++
	}
	return -1
}

// endOfPlain reads a plain scalar by its value: its text is its value, except
// that a run of blanks with n line breaks reads as one blank (n = 1) or as n-1
// line breaks (YAML 1.2.2, 6.5).
func endOfPlain(src []byte, start int, value string) int {
	i := start
	for value != "" {
		run := i
		for run < len(src) && strings.IndexByte(" \t\n", src[run]) >= 0 {
			run++
		}
		want := fold(src[i:run])
		switch {
		case run > i && strings.HasPrefix(value, want):
			i, value = run, value[len(want):]
		case run == i && i < len(src) && src[i] == value[0]:
			i, value = i+1, value[1:]
		default:
			return -1
		}
	}
	return i
}

func fold(blanks []byte) string {
	switch n := bytes.Count(blanks, []byte("\n")); n {
	case 0:
		return string(blanks)
	case 1:
		return " "
	default:
		return strings.Repeat("\n", n-1)
	}
}

// block reads a block scalar. Its header becomes a token, a comment beside the
// header another; the content belongs to the first.
func (s *scanner) block(l leaf) bool {
	head := s.pos + 1
	digit := 0
	for ; head < len(s.src) && bytes.IndexByte([]byte("+-123456789"), s.src[head]) >= 0; head++ {
		if c := s.src[head]; c >= '1' {
			digit = int(c - '0')
		}
	}
	at := len(s.toks)
	s.add(token{kind: scalar, start: s.pos, end: head, node: l.node})
	end := s.lineEnd(head)
	s.col += head - s.pos
	s.pos = head
	if err := s.gap(end); err != nil || len(s.toks) > at+2 {
		return false
	}
	b := &blockText{start: min(end+1, len(s.src)), indent: max(l.parent, 0) + digit}
	if digit == 0 {
		b.indent = s.detect(b.start, l.parent)
	}
	keep := bytes.IndexByte(s.src[s.toks[at].start:head], '+') >= 0
	s.content(b, keep)
	b.last = s.pos
	s.toks[at].body, s.toks[at].keep = b, keep
	return true
}

// detect finds the indentation of a block scalar without an indicator: the
// deepest of its leading empty lines and its first line with text, and always
// deeper than the collection around it.
func (s *scanner) detect(from, parent int) int {
	indent := max(parent+1, 1)
	for from < len(s.src) {
		end := s.lineEnd(from)
		blanks := leading(s.src[from:end])
		indent = max(indent, blanks)
		if from+blanks < end {
			break
		}
		from = end + 1
	}
	return indent
}

func leading(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

// content finds the last line of a block scalar and moves behind it; behind
// the empty lines that follow, too, when they are part of the value.
func (s *scanner) content(b *blockText, keep bool) {
	line := s.line
	b.end = b.start
	for at := b.start; at < len(s.src); {
		end := s.lineEnd(at)
		blanks := leading(s.src[at:end])
		empty := blanks == end-at && blanks <= b.indent
		if !empty && blanks < b.indent {
			break
		}
		at, line = min(end+1, len(s.src)), line+1
		if !empty {
			b.end = at
		}
		if !empty || keep {
			s.pos, s.line, s.col, s.lastLine = end, line, end-at, line
		}
	}
}

// foldedLines are the lines of a scalar that is not a block scalar, without the
// blanks that folding drops.
func foldedLines(text string, double bool) []string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		if i > 0 {
			lines[i] = strings.TrimLeft(lines[i], " \t")
		}
		if i < len(lines)-1 {
			lines[i] = trimRight(lines[i], double)
		}
	}
	return lines
}

// trimRight drops the blanks at the end of a line. In double quotes, a blank
// behind a backslash is an escape and stays.
func trimRight(line string, double bool) string {
	short := strings.TrimRight(line, " \t")
	slashes := len(short) - len(strings.TrimRight(short, `\`))
	if double && slashes%2 == 1 && len(short) < len(line) {
		return line[:len(short)+1]
	}
	return short
}

// blockLines are the header and the lines of a block scalar without
// indentation. The header follows from the value: see the package comment.
func blockLines(src []byte, t token) (header string, lines []string) {
	if text := string(src[t.body.start:t.body.end]); text != "" {
		lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	}
	for i, l := range lines {
		lines[i] = l[min(t.body.indent, leading([]byte(l))):]
	}
	header = string(src[t.start : t.start+1])
	if needsIndicator(lines) {
		header += string(rune('0' + step))
	}
	trailing := len(t.node.Value) - len(strings.TrimRight(t.node.Value, "\n"))
	switch {
	case len(lines) == 0 && trailing == 0:
		header += strings.Trim(string(src[t.start+1:t.end]), "123456789")
	case len(lines) == 0, trailing > 1:
		header += "+"
		lines = append(lines, make([]string, trailing-min(1, len(lines)))...)
	case trailing == 0:
		header += "-"
	}
	return header, lines
}

// needsIndicator reports whether a reader would take blanks at the start of the
// content for indentation.
func needsIndicator(lines []string) bool {
	for _, l := range lines {
		if l != "" {
			return l[0] == ' ' || l[0] == '\t'
		}
	}
	return false
}
