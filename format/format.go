package format

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const (
	maxSize  = 16 << 20
	maxDepth = 100
	step     = 2 // blanks per level
)

// ErrTooLarge says that a file has more bytes than the limit, as it is or in
// canonical form.
var ErrTooLarge = errors.New("format: file is larger than 16 MB")

// ErrRefused says that formatting would have changed what the file says.
var ErrRefused = errors.New("format: refusing to rewrite")

// SyntaxError says that a text is not YAML. Line and column count from 1;
// column counts characters.
type SyntaxError struct {
	Line, Column int
	Message      string
	err          error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("format: line %d, column %d: %s", e.Line, e.Column, e.Message)
}

func (e *SyntaxError) Unwrap() error { return e.err }

// UnsupportedError says that a text uses a part of YAML that security files
// leave out. Line and column count from 1; column counts characters.
type UnsupportedError struct {
	Line, Column int
	What         string // for example "anchor"
	Twice        string // the key that is given twice, where that is the reason
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("format: line %d, column %d: cannot format: %s", e.Line, e.Column, e.What)
}

// Source returns the canonical form of one YAML file of a security file.
//
// Order gives the canonical order of the keys of the mapping at a path of keys,
// or nil to keep the order. The root has the empty path; the items of a list
// have the path of the list. Keys that it does not name follow the ones it
// names. A nil order keeps every order.
func Source(text []byte, order func(path []string) []string) ([]byte, error) {
	if len(text) > maxSize {
		return nil, ErrTooLarge
	}
	before, err := read(text)
	if err != nil {
		return nil, err
	}
	if order == nil {
		order = func([]string) []string { return nil }
	}
	root, err := arrange(before, order)
	if err != nil {
		return nil, err
	}
	out := render(before.src, root)
	if len(out) > maxSize {
		return nil, ErrTooLarge
	}
	if err := verify(before, out); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrRefused, err)
	}
	return out, nil
}

// document is a text with its nodes and its tokens.
type document struct {
	src  []byte     // the text with LF line ends and without byte order mark
	root *yaml.Node // the root mapping; nil when the text has no content
	toks []token
}

func read(text []byte) (*document, error) {
	src, err := normalise(text)
	if err != nil {
		return nil, err
	}
	root, err := parse(src)
	if err != nil {
		return nil, err
	}
	leaves, err := survey(root)
	if err != nil {
		return nil, err
	}
	toks, err := scan(src, leaves)
	if err != nil {
		return nil, err
	}
	return &document{src, root, toks}, nil
}

// normalise makes LF the only line end. A CR is a line break wherever it
// stands, so this never changes a value (YAML 1.2.2, 5.4). The separators that
// only YAML 1.1 counts as line breaks are refused: readers differ on them.
func normalise(text []byte) ([]byte, error) {
	src := bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n"))
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n"))
	}
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			line, col := position(src, i)
			return nil, &SyntaxError{Line: line, Column: col, Message: "invalid UTF-8"}
		case r == '\u0085', r == '\u2028', r == '\u2029', r == '\ufeff':
			line, col := position(src, i)
			return nil, &UnsupportedError{Line: line, Column: col, What: fmt.Sprintf("character %U", r)}
		}
		i += size
	}
	return src, nil
}

func position(src []byte, i int) (line, col int) {
	start := bytes.LastIndexByte(src[:i], '\n') + 1
	return 1 + bytes.Count(src[:i], []byte("\n")), 1 + utf8.RuneCount(src[start:i])
}

func parse(src []byte) (*yaml.Node, error) {
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	if err != nil {
		return nil, fmt.Errorf("format: start YAML loader: %w", err)
	}
	var doc, more yaml.Node
	if err := loader.Load(&doc); err == io.EOF {
		return nil, nil
	} else if err != nil {
		return nil, syntaxError(err)
	}
	if err := loader.Load(&more); err == nil {
		return nil, &UnsupportedError{Line: more.Line, Column: more.Column, What: "more than one document"}
	} else if err != io.EOF {
		return nil, syntaxError(err)
	}
	if len(doc.Content) == 0 || absent(doc.Content[0]) {
		return nil, nil
	}
	return doc.Content[0], nil
}

func syntaxError(err error) error {
	if le, ok := errors.AsType[*yaml.LoadError](err); ok {
		return &SyntaxError{max(1, le.Mark.Line), max(1, le.Mark.Column), le.Message, err}
	}
	return &SyntaxError{1, 1, err.Error(), err}
}

// absent reports whether a node is a value that nobody wrote, as in "key:".
func absent(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Style == 0 && n.Value == ""
}
