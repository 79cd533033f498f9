package docx

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Limits of a part of a template.
const (
	mostNodes = 1 << 20
	mostDepth = 200
)

// node is an element with its prefix as it stands, a text, or markup that is ready.
type node struct {
	name  string // "" for a text
	attrs []attr
	kids  []*node
	text  string
	ready bool // text is markup
}

type attr struct{ name, value string }

// parse reads a part. What follows is refused: document types, other encodings than
// UTF-8, and what exceeds the limits.
func parse(data []byte) (*node, error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	top := &node{}
	path := []*node{top}
	for count := 0; ; count++ {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		switch {
		case err != nil:
			return nil, err
		case count > mostNodes:
			return nil, fmt.Errorf("has more than %d elements and texts", mostNodes)
		}
		at := path[len(path)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if len(path) > mostDepth {
				return nil, fmt.Errorf("is nested deeper than %d", mostDepth)
			}
			n, err := element(t)
			if err != nil {
				return nil, err
			}
			at.kids = append(at.kids, n)
			path = append(path, n)
		case xml.EndElement:
			if len(path) == 1 || at.name != full(t.Name) {
				return nil, fmt.Errorf("the end of <%s> does not fit its beginning", full(t.Name))
			}
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) > 1 {
				at.kids = append(at.kids, &node{text: string(t)})
			}
		case xml.Directive:
			return nil, errors.New("declares a document type")
		}
	}
	if len(path) > 1 || len(top.kids) != 1 {
		return nil, errors.New("is not one whole element")
	}
	return top.kids[0], nil
}

func element(t xml.StartElement) (*node, error) {
	n := &node{name: full(t.Name)}
	for _, a := range t.Attr {
		name := full(a.Name)
		if n.has(name) {
			return nil, fmt.Errorf("<%s> has %s twice", n.name, name)
		}
		n.attrs = append(n.attrs, attr{name, a.Value})
	}
	return n, nil
}

func full(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// write adds the markup of a node.
func (n *node) write(b *strings.Builder) {
	switch {
	case n.ready:
		b.WriteString(n.text)
		return
	case n.name == "":
		escapeTo(b, n.text)
		return
	}
	b.WriteString("<" + n.name)
	for _, a := range n.attrs {
		b.WriteString(" " + a.name + `="`)
		escapeTo(b, a.value)
		b.WriteByte('"')
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteByte('>')
	for _, k := range n.kids {
		k.write(b)
	}
	b.WriteString("</" + n.name + ">")
}

// part is the node as a part of a package.
func (n *node) part() []byte {
	var b strings.Builder
	b.WriteString(xmlHead)
	n.write(&b)
	return []byte(b.String())
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// markup is a node of markup that is ready.
func markup(s string) *node { return &node{text: s, ready: true} }

// must parses markup of ours.
func must(s string) *node {
	n, err := parse([]byte(s))
	if err != nil {
		panic("docx: " + err.Error() + " in " + s) // the markup is ours
	}
	return n
}

func (n *node) has(name string) bool {
	for _, a := range n.attrs {
		if a.name == name {
			return true
		}
	}
	return false
}

// attr is the value of an attribute; "" for none.
func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// set gives an attribute a value.
func (n *node) set(name, value string) {
	for i := range n.attrs {
		if n.attrs[i].name == name {
			n.attrs[i].value = value
			return
		}
	}
	n.attrs = append(n.attrs, attr{name, value})
}

// kid is the first child of a name, or nil.
func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// val is the w:val of the child of a name; "" for none.
func (n *node) val(name string) string { return n.kid(name).attr("w:val") }

// each visits a node and all below it, outer ones first.
func (n *node) each(visit func(*node)) {
	visit(n)
	for _, k := range n.kids {
		k.each(visit)
	}
}

// drop removes the children that match.
func (n *node) drop(match func(*node) bool) {
	var kept []*node
	for _, k := range n.kids {
		if !match(k) {
			kept = append(kept, k)
		}
	}
	n.kids = kept
}

// insert puts a child in front of the first child with one of the names, or last.
func (n *node) insert(k *node, before ...string) {
	for i, old := range n.kids {
		for _, name := range before {
			if old.name == name {
				n.kids = append(n.kids[:i:i], append([]*node{k}, n.kids[i:]...)...)
				return
			}
		}
	}
	n.kids = append(n.kids, k)
}

// first puts a child in front of all others.
func (n *node) first(k *node) { n.kids = append([]*node{k}, n.kids...) }

// clean takes out of a text what XML forbids and what turns the direction of what
// follows.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return -1
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfeff:
			return -1
		case r == utf8.RuneError || r == 0xfffe || r == 0xffff:
			return utf8.RuneError
		}
		return r
	}, s)
}

// esc cleans and escapes a text for one line: of an attribute or of a run.
func esc(s string) string {
	var b strings.Builder
	escapeTo(&b, oneLine(s))
	return b.String()
}

// exact escapes a text and keeps every space.
func exact(s string) string {
	var b strings.Builder
	escapeTo(&b, s)
	return b.String()
}

func escapeTo(b *strings.Builder, s string) {
	xml.EscapeText(b, []byte(s)) //nolint:errcheck // a strings.Builder does not fail
}
