package format

import (
	"bytes"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// Layout says where the values and comments of a text stand, for packages that
// change a text in place. All offsets count bytes in Text.
type Layout struct {
	Text []byte // with LF line ends and without byte order mark
	Root Value  // a map; without entries when the text has no content

	Comments []Comment // all of them, in the order of the text
}

// ValueKind is the shape of a value.
type ValueKind int

// The shapes. A null is written as nothing, ~ or null.
const (
	NullValue ValueKind = 1
	TextValue ValueKind = 2
	ListValue ValueKind = 3
	MapValue  ValueKind = 4
)

// Value is a value with its place. A value that nobody wrote has Start == End.
type Value struct {
	Kind       ValueKind
	Text       string // of a text, as YAML reads it
	Start, End int
	Body       bool     // a text in a block scalar; Start is at its header
	Keep       bool     // a text in a block scalar that keeps the blank lines below it
	Flow       bool     // a list or map in brackets
	Column     int      // of a list or map without brackets: characters left of its keys or dashes
	Entries    []*Entry // of a list or map
	Top, Foot  []Comment
}

// Entry is a key or a dash with its value. In brackets an entry of a list is
// its value alone, and comments are not listed.
type Entry struct {
	Key        string // "" in a list
	Start, End int    // from key or dash to the end of the value and of what is listed beside and in it
	MarkEnd    int    // end of key or dash
	Blank      bool   // blank lines stand above it and its Head
	Value      Value

	Head  []Comment // lines above
	Note  []Comment // beside the key or dash of a value on the next line, and lines that continue it
	Lead  []Comment // lines between the key or dash and the value
	After []Comment // beside the value, and lines that continue it
	Tail  []Comment // lines below
}

// Comment is a comment from its # to the end of the line.
type Comment struct {
	Start, End int
	Blank      bool // blank lines stand above it
}

// Read returns the layout of a text. It refuses what Source refuses.
func Read(text []byte) (*Layout, error) {
	if len(text) > maxSize {
		return nil, ErrTooLarge
	}
	d, err := read(text)
	if err != nil {
		return nil, err
	}
	root, err := arrange(d, func([]string) []string { return nil })
	if err != nil {
		return nil, err
	}
	l := &Layout{Text: d.src, Comments: commentsOf(slices.DeleteFunc(slices.Clone(d.toks), func(t token) bool { return t.kind != comment }))}
	if d.root == nil {
		l.Root = Value{Kind: MapValue, Foot: commentsOf(root.foot)}
		return l, nil
	}
	l.Root, err = valueOf(root, d.root)
	return l, err
}

func commentsOf(toks []token) []Comment {
	var list []Comment
	for _, t := range toks {
		list = append(list, Comment{t.start, t.end, t.blank})
	}
	return list
}

// valueOf is the value of a block collection.
func valueOf(b *block, n *yaml.Node) (Value, error) {
	v := Value{Kind: ListValue, Column: b.col, Top: commentsOf(b.top), Foot: commentsOf(b.foot)}
	if n.Kind == yaml.MappingNode {
		v.Kind = MapValue
	}
	for _, it := range b.items {
		e, err := entryOf(it)
		if err != nil {
			return v, err
		}
		v.Entries = append(v.Entries, e)
		v.End = max(e.End, endOf(e.Tail))
	}
	v.Start, v.End = v.Entries[0].Start, max(v.End, endOf(v.Foot))
	return v, nil
}

func endOf(list []Comment) int {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].End
}

func entryOf(it *item) (*Entry, error) {
	e := &Entry{
		Start: it.mark.start, MarkEnd: it.mark.end, Blank: it.blank,
		Head: commentsOf(it.head), Note: commentsOf(it.note), Lead: commentsOf(it.lead),
		After: commentsOf(it.after), Tail: commentsOf(it.tail),
	}
	end := it.mark.end
	if it.mark.kind == scalar {
		e.Key = it.mark.node.Value
		end = it.colon
	}
	var err error
	switch {
	case it.child != nil:
		e.Value, err = valueOf(it.child, it.node)
	case len(it.value) == 0:
		e.Value = Value{Kind: NullValue, Start: end, End: end}
	default:
		f := flowReader{toks: it.value}
		e.Value, err = f.value(it.node)
	}
	e.End = max(end, e.Value.End, endOf(e.Note), endOf(e.Lead), endOf(e.After))
	return e, err
}

// flowReader reads a scalar, or a collection in brackets, from its tokens.
type flowReader struct {
	toks []token
	end  int // of the last token that was read
}

// next is the kind of the next token that is no comment; 0 at the end.
func (f *flowReader) next() byte {
	for len(f.toks) > 0 && f.toks[0].kind == comment {
		f.toks = f.toks[1:]
	}
	if len(f.toks) == 0 {
		return 0
	}
	return f.toks[0].kind
}

func (f *flowReader) take() token {
	t := f.toks[0]
	f.toks, f.end = f.toks[1:], t.end
	return t
}

// accept takes the next token when it has the kind.
func (f *flowReader) accept(kind byte) bool {
	if f.next() != kind {
		return false
	}
	f.take()
	return true
}

func (f *flowReader) value(n *yaml.Node) (Value, error) {
	switch {
	case absent(n):
		return Value{Kind: NullValue, Start: f.end, End: f.end}, nil
	case n.Kind == yaml.ScalarNode:
		return f.scalar(n)
	}
	return f.collection(n)
}

func (f *flowReader) scalar(n *yaml.Node) (Value, error) {
	if f.next() != scalar || f.toks[0].node != n {
		return Value{}, errLayout(n)
	}
	t := f.take()
	v := Value{Kind: TextValue, Text: n.Value, Start: t.start, End: t.end}
	if n.Style == 0 && n.ShortTag() == "!!null" {
		v.Kind = NullValue
	}
	if t.body != nil {
		v.Body, v.End = true, max(t.end, t.body.last)
		v.Keep = t.keep
	}
	return v, nil
}

func errLayout(n *yaml.Node) error {
	return fmt.Errorf("%w: line %d, column %d: layout differs from value", ErrRefused, n.Line, n.Column)
}

// collection reads a list or a map in brackets, or the pair of a list like
// [a: b], which has none of its own.
func (f *flowReader) collection(n *yaml.Node) (Value, error) {
	v, open, shut, width := Value{Kind: ListValue, Flow: true}, byte('['), byte(']'), 1
	if n.Kind == yaml.MappingNode {
		v.Kind, open, shut, width = MapValue, '{', '}', 2
	}
	pair := f.next() != open
	if pair && (width == 1 || len(n.Content) != width) || len(f.toks) == 0 {
		return v, errLayout(n)
	}
	v.Start = f.toks[0].start
	if !pair {
		f.take()
	}
	for i := 0; i < len(n.Content); i += width {
		e, err := f.entry(n.Content[i : i+width])
		if err != nil {
			return v, err
		}
		v.Entries = append(v.Entries, e)
		if !pair {
			f.accept(',')
		}
	}
	if !pair && !f.accept(shut) {
		return v, errLayout(n)
	}
	v.End = f.end
	return v, nil
}

// entry reads an item, or a key with its value.
func (f *flowReader) entry(nodes []*yaml.Node) (*Entry, error) {
	e := &Entry{}
	if len(nodes) == 2 {
		key, err := f.value(nodes[0])
		if err != nil {
			return e, err
		}
		e.Key, e.Start, e.MarkEnd = key.Text, key.Start, key.End
		f.accept(':')
	}
	var err error
	e.Value, err = f.value(nodes[len(nodes)-1])
	if len(nodes) == 1 {
		e.Start, e.MarkEnd = e.Value.Start, e.Value.Start
	}
	e.End = max(e.MarkEnd, e.Value.End)
	return e, err
}

// Line returns the start and the end of the line at an offset, without its line
// end.
func (l *Layout) Line(at int) (start, end int) {
	start = bytes.LastIndexByte(l.Text[:at], '\n') + 1
	if i := bytes.IndexByte(l.Text[at:], '\n'); i >= 0 {
		return start, at + i
	}
	return start, len(l.Text)
}
