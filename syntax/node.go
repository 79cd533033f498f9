// Package syntax reads YAML as the security file uses it: a strict subset, in
// which every value keeps its place and nothing is skipped in silence.
//
// # Format
//
// One YAML 1.2 document per file, UTF-8, LF or CRLF, an optional byte order
// mark. Mappings, sequences and scalars only: anchors, aliases, merge keys,
// tags and further documents are refused, because reuse in a security file is
// by id and a reader must see what stands where. Keys are unique. Scalars keep
// their source text: 1.10 stays 1.10.
//
// # Values
//
// Limits: MaxFile bytes per file, MaxDepth levels of nesting. Positions count
// from 1; columns count Unicode code points.
//
// # Errors
//
// Everything wrong with a text is a finding with its place; reading goes on at
// the next entry, so one run reports all of it.
package syntax

import (
	"bytes"
	"unicode/utf8"

	"theriac/diag"
)

// Kind is the shape of a node.
type Kind uint8

// The shapes.
const (
	Scalar   Kind = 1
	Sequence Kind = 2
	Mapping  Kind = 3
)

func (k Kind) String() string {
	switch k {
	case Scalar:
		return "a single value"
	case Sequence:
		return "a list"
	case Mapping:
		return "a map"
	}
	return "nothing"
}

// style is how a scalar or collection was written.
type style uint8

const (
	plain style = iota
	singleQuoted
	doubleQuoted
	block
	flow
)

// Node is a value with its place. The Children of a mapping are its keys and
// values in turn.
type Node struct {
	Source   *diag.Source
	Value    string
	Children []Node
	Line     int32
	Column   int32
	Kind     Kind
	style    style
	null     bool // written as nothing or as null
}

// Len is the number of entries of a mapping or items of a sequence.
func (n *Node) Len() int {
	if n.Kind == Mapping {
		return len(n.Children) / 2
	}
	return len(n.Children)
}

// Entry returns key and value i of a mapping.
func (n *Node) Entry(i int) (key, value *Node) { return &n.Children[2*i], &n.Children[2*i+1] }

// Null reports whether the node is written as nothing or as null.
func (n *Node) Null() bool { return n.null }

// Get returns key and value of the entry called name, or nil.
func (n *Node) Get(name string) (key, value *Node) {
	if n == nil || n.Kind != Mapping {
		return nil, nil
	}
	for i := 0; i < len(n.Children); i += 2 {
		if n.Children[i].Value == name {
			return &n.Children[i], &n.Children[i+1]
		}
	}
	return nil, nil
}

// Span returns the place of the node. A collection or a text of several lines
// is represented by its first line.
func (n *Node) Span() diag.Span {
	line, column := int(n.Line), int(n.Column)
	rest := bytes.TrimRight(n.Source.Tail(line, column), " \t")
	width := utf8.RuneCount(rest)
	switch {
	case n.Kind == Scalar && n.style == plain && bytes.HasPrefix(rest, []byte(n.Value)):
		width = utf8.RuneCountInString(n.Value)
	case n.Kind == Scalar && (n.style == singleQuoted || n.style == doubleQuoted):
		width = quotedWidth(rest)
	case n.style == flow:
		width = flowWidth(rest)
	case n.Kind == Mapping && len(n.Children) > 0:
		return n.Children[0].Span()
	}
	return n.Source.At(line, column, width)
}

// quotedWidth is the number of runes up to the closing quote, or to the end of
// the line when the text goes on below.
func quotedWidth(text []byte) int {
	if len(text) == 0 {
		return 1
	}
	quote, width := text[0], 1
	for i := 1; i < len(text); width++ {
		c := text[i]
		_, size := utf8.DecodeRune(text[i:])
		i += size
		switch {
		case c == '\\' && quote == '"' && i < len(text):
			_, size = utf8.DecodeRune(text[i:])
			i += size
			width++
		case c == quote && quote == '\'' && i < len(text) && text[i] == quote:
			i++
			width++
		case c == quote:
			return width + 1
		}
	}
	return width
}

// flowWidth is the number of runes up to the bracket that closes the first
// one, or to the end of the line.
func flowWidth(text []byte) int {
	depth, width := 0, 0
	for i := 0; i < len(text); {
		switch text[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		}
		_, size := utf8.DecodeRune(text[i:])
		i += size
		width++
		if depth == 0 {
			return width
		}
	}
	return width
}
