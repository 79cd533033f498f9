package format

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	scalar  = 's'
	comment = '#'
)

// token is a scalar, a comment or an indicator.
type token struct {
	kind       byte // scalar, comment, or the indicator itself
	first      bool // nothing but blanks stands before it on its line
	blank      bool // blank lines stand between it and the token before
	line, col  int  // line from 1, column from 0 in characters
	next       int  // column of the next token that is no comment; -1 at the end
	start, end int  // its bytes; a block scalar's header only
	node       *yaml.Node
	body       *blockText // of a block scalar
	keep       bool       // a block scalar that keeps the empty lines below it
}

type scanner struct {
	src      []byte
	toks     []token
	pos      int  // offset of the next byte
	line     int  // its line, from 1
	col      int  // its column, from 0
	tab      bool // a tab stands between the start of the line and pos
	lastLine int  // line where the last token ends
}

// scan splits a text into tokens. The leaves say where scalars start; between
// them there are only blanks, comments and indicators.
func scan(src []byte, leaves []leaf) ([]token, error) {
	s := &scanner{src: src, line: 1}
	for _, l := range leaves {
		start, ok := s.locate(l.node)
		if !ok {
			return nil, s.mismatch()
		}
		if err := s.gap(start); err != nil {
			return nil, err
		}
		// No scalar starts like this: the node starts at its properties.
		if c := src[start]; c == '!' || c == '&' {
			return nil, s.unsupported(nameOf(c))
		}
		if !s.scalar(l) {
			return nil, s.mismatch()
		}
	}
	if err := s.gap(len(src)); err != nil {
		return nil, err
	}
	next := -1
	for i := len(s.toks) - 1; i >= 0; i-- {
		s.toks[i].next = next
		if s.toks[i].kind != comment {
			next = s.toks[i].col
		}
	}
	return s.toks, nil
}

// mismatch says that nodes and text disagree on where a scalar is.
func (s *scanner) mismatch() error {
	return fmt.Errorf("%w: line %d, column %d: text and value of a scalar differ", ErrRefused, s.line, s.col+1)
}

func (s *scanner) unsupported(what string) error {
	return &UnsupportedError{Line: s.line, Column: s.col + 1, What: what}
}

// locate finds the offset of a node at or after pos. It counts on from pos, so
// that all calls together read the text at most twice.
func (s *scanner) locate(n *yaml.Node) (int, bool) {
	at, col := s.pos, s.col
	for line := s.line; line < n.Line; line++ {
		i := bytes.IndexByte(s.src[at:], '\n')
		if i < 0 {
			return 0, false
		}
		at, col = at+i+1, 0
	}
	for ; col < n.Column-1 && at < len(s.src); col++ {
		_, size := utf8.DecodeRune(s.src[at:])
		at += size
	}
	return at, col == n.Column-1 && at < len(s.src) && s.line <= n.Line
}

// gap reads from pos to the offset where the next scalar starts.
func (s *scanner) gap(to int) error {
	for s.pos < to {
		switch c := s.src[s.pos]; c {
		case ' ', '\t':
			s.tab = s.tab || c == '\t'
			s.pos, s.col = s.pos+1, s.col+1
		case '\n':
			s.newline(s.pos + 1)
		case '#':
			if err := s.comment(); err != nil {
				return err
			}
		case '-', ':', ',', '[', ']', '{', '}':
			if s.marker() {
				continue
			}
			s.add(token{kind: c, start: s.pos, end: s.pos + 1})
			s.pos, s.col = s.pos+1, s.col+1
		default:
			return s.unsupported(nameOf(c))
		}
	}
	if s.pos != to {
		return s.mismatch()
	}
	return nil
}

func nameOf(c byte) string {
	switch c {
	case '&':
		return "anchor"
	case '*':
		return "alias"
	case '!':
		return "tag"
	case '?':
		return "complex key"
	case '%':
		return "directive"
	case '.':
		return "document marker"
	}
	return fmt.Sprintf("character %q", c)
}

func (s *scanner) newline(pos int) {
	s.pos, s.line, s.col, s.tab = pos, s.line+1, 0, false
}

// add records a token that starts at the present position.
func (s *scanner) add(t token) {
	t.line, t.col = s.line, s.col
	t.first = s.line > s.lastLine
	t.blank = s.line > s.lastLine+1
	s.lastLine = s.line
	s.toks = append(s.toks, t)
}

func (s *scanner) comment() error {
	if s.tab && s.line > s.lastLine {
		return s.unsupported("comment indented with a tab")
	}
	end := s.lineEnd(s.pos)
	s.add(token{kind: comment, start: s.pos, end: s.pos + len(bytes.TrimRight(s.src[s.pos:end], " \t"))})
	s.pos = end
	return nil
}

func (s *scanner) lineEnd(from int) int {
	if i := bytes.IndexByte(s.src[from:], '\n'); i >= 0 {
		return from + i
	}
	return len(s.src)
}

// marker skips the line "---" before the first content. Other document markers
// end in an error elsewhere: they come with a second document or with a dash
// that no list has.
func (s *scanner) marker() bool {
	if s.col != 0 || !bytes.HasPrefix(s.src[s.pos:], []byte("---")) {
		return false
	}
	end := s.lineEnd(s.pos)
	if len(bytes.TrimRight(s.src[s.pos:end], " \t")) != len("---") {
		return false
	}
	for _, t := range s.toks {
		if t.kind != comment {
			return false
		}
	}
	s.pos = end
	return true
}
