package sbom

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
)

// declaration tells of a document type, which may declare entities.
func (x *xmlBOM) declaration() {
	x.problem(x.in.line, "a document type declaration is not read, and what it declares is not known")
}

// attribute is the value of an attribute without a name space.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// next gives the next token; nil at the end.
func (x *xmlBOM) next() xml.Token {
	for !x.ended {
		x.line = x.in.line
		x.in.left = x.limits.Text + 4096
		token, err := x.tokens.RawToken()
		switch {
		case err == nil:
			return token
		case x.in.ended:
			x.ended = true
			x.lost(x.in.line, "the file ends in the middle; what came before was read")
			return nil
		case x.in.left < 0:
			x.lost(x.line, "a text is longer than %d bytes; it is left out", x.limits.Text)
		default:
			x.lost(x.in.line, "no well-formed XML (%s); reading goes on with the next tag", reason(err))
		}
		x.wounds++
		x.in.resume()
		x.tokens = xml.NewDecoder(x.in)
	}
	return nil
}

// reason is an error of the XML reader without its line, which is of its own count.
func reason(err error) string {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Msg
	}
	return err.Error()
}

// children calls child for each element inside of the one that is open; child reads up
// to its end, with children or text.
func (x *xmlBOM) children(child func(e xml.StartElement)) {
	depth := len(x.open)
	for {
		switch token := x.next().(type) {
		case nil:
			return
		case xml.Directive:
			x.declaration()
		case xml.StartElement:
			x.enter(token, child)
		case xml.EndElement:
			if x.leave(token, depth) {
				return
			}
		case xml.CharData:
			if text := bytes.TrimSpace(token); len(text) > 0 {
				x.lost(x.line, "the text %q stands where elements stand", string(text))
			}
		}
		if len(x.open) < depth { // an end tag has closed this one as well
			return
		}
	}
}

// few is children for what a component has a few of.
func (x *xmlBOM) few(child func(e xml.StartElement)) {
	line, n := x.line, 0
	x.children(func(e xml.StartElement) {
		if n++; n <= mostEntries {
			child(e)
			return
		}
		if n == mostEntries+1 {
			x.lost(line, "a list has more than %d entries; the rest is left out", mostEntries)
		}
		x.skip()
	})
}

// enter goes into an element. What is of another name space, or too deep, is skipped.
func (x *xmlBOM) enter(e xml.StartElement, child func(e xml.StartElement)) {
	x.open = append(x.open, e.Name.Local)
	switch {
	case len(x.open) > x.limits.Depth:
		x.lost(x.line, "something is more than %d levels deep; it is left out", x.limits.Depth)
		x.skip()
	case e.Name.Space != x.prefix:
		x.skip()
	default:
		child(e)
	}
}

// leave takes the end tag that is to close the element at a depth; it is true when it
// closes that or one around it.
func (x *xmlBOM) leave(end xml.EndElement, depth int) bool {
	const most = 64 // of elements without an end that one end tag closes
	for i := len(x.open) - 1; i >= max(0, len(x.open)-most); i-- {
		if x.open[i] != end.Name.Local {
			continue
		}
		if i != len(x.open)-1 {
			x.lost(x.line, "</%s> is missing before </%s>", x.open[len(x.open)-1], end.Name.Local)
		}
		x.open = x.open[:i]
		return i < depth
	}
	x.problem(x.line, "</%s> closes nothing", end.Name.Local)
	return false
}

// skip goes behind the element that is open.
func (x *xmlBOM) skip() {
	depth := len(x.open)
	for len(x.open) >= depth {
		switch token := x.next().(type) {
		case nil:
			return
		case xml.StartElement:
			if len(x.open) > 100*x.limits.Depth {
				x.ended = true
				x.lost(x.line, "something is more than %d levels deep; reading ends", 100*x.limits.Depth)
				return
			}
			x.open = append(x.open, token.Name.Local)
		case xml.EndElement:
			x.leave(token, depth)
		}
	}
}

// text reads the text of the element that is open.
func (x *xmlBOM) text() string {
	depth, wounds := len(x.open), x.wounds
	var all []byte
	for len(x.open) >= depth {
		switch token := x.next().(type) {
		case nil:
			return "" // it may not be whole
		case xml.StartElement:
			x.lost(x.line, "<%s> stands inside of a text", token.Name.Local)
			x.open = append(x.open, token.Name.Local)
			x.skip()
		case xml.EndElement:
			x.leave(token, depth)
		case xml.CharData:
			all = append(all, token...)
		}
		if len(all) > x.limits.Text {
			x.lost(x.line, "a text is longer than %d bytes; it is left out", x.limits.Text)
			x.skip()
			return ""
		}
	}
	if x.wounds != wounds {
		return "" // some of it is missing
	}
	return x.word(bytes.TrimSpace(all))
}

// xmlSource gives the bytes of a file one by one, and counts lines. A token may take
// left bytes, and no more.
type xmlSource struct {
	in    *bufio.Reader
	last  byte // that was given
	again bool // last is to be given again
	line  int
	left  int
	ended bool
}

// errToken ends a token that is too long.
var errToken = errors.New("a token is too long")

// ReadByte implements io.ByteReader, with which the XML reader takes no byte too many.
func (s *xmlSource) ReadByte() (byte, error) {
	if s.left--; s.left < 0 {
		return 0, errToken
	}
	if s.again {
		s.again = false
		return s.last, nil
	}
	c, err := s.in.ReadByte()
	if err != nil {
		s.ended = true
		return 0, err
	}
	if s.last = c; c == '\n' {
		s.line++
	}
	return c, nil
}

// Read is not used by the XML reader; it makes the source an io.Reader.
func (s *xmlSource) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := s.ReadByte()
	if err != nil {
		return 0, io.EOF
	}
	p[0] = c
	return 1, nil
}

// resume goes to the next tag, which may have begun.
func (s *xmlSource) resume() {
	s.left = math.MaxInt
	for s.last != '<' {
		if _, err := s.ReadByte(); err != nil {
			return
		}
	}
	s.again = true
}
