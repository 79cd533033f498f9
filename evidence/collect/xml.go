package collect

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
)

// xmlTokens reads XML token by token, strictly: UTF-8, one root, nested at most
// maxDepth deep, and no document type definition other than a name, because
// definitions may declare entities and load files. It implements
// xml.TokenReader.
type xmlTokens struct {
	d     *xml.Decoder
	depth int
	roots int
}

func newXML(data []byte) *xmlTokens {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	x := &xmlTokens{d: xml.NewDecoder(bytes.NewReader(data))}
	x.d.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		if strings.EqualFold(label, "us-ascii") || strings.EqualFold(label, "ascii") {
			return r, nil
		}
		return nil, malformed(1, "the encoding %s is not read, only UTF-8", clean(label))
	}
	return x
}

// line is the line of the last token's end.
func (x *xmlTokens) line() int {
	line, _ := x.d.InputPos()
	return line
}

// Token returns the next token, and io.EOF after a complete document.
func (x *xmlTokens) Token() (xml.Token, error) {
	token, err := x.d.Token()
	if err == nil {
		err = x.check(token)
	}
	if err != nil {
		return nil, x.failed(err) // without the token: xml.Decoder goes on when it gets one
	}
	return token, nil
}

func (x *xmlTokens) check(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return x.open(t)
	case xml.EndElement:
		x.depth--
	case xml.CharData:
		if x.depth == 0 && len(bytes.TrimSpace(t)) > 0 {
			return malformed(x.line(), "text outside of the root element")
		}
	case xml.Directive:
		return x.directive(t)
	}
	return nil
}

func (x *xmlTokens) open(t xml.StartElement) error {
	if x.depth == 0 {
		x.roots++
	}
	x.depth++
	switch {
	case x.roots > 1:
		return malformed(x.line(), "a second root element <%s>", clean(t.Name.Local))
	case x.depth > maxDepth:
		return malformed(x.line(), "elements are nested more than %d deep", maxDepth)
	}
	return x.attributes(t.Attr)
}

// attributes refuses an attribute that stands twice, which is not well-formed
// and which the decoder lets pass.
func (x *xmlTokens) attributes(list []xml.Attr) error {
	if len(list) < 2 {
		return nil
	}
	seen := make(map[xml.Name]bool, len(list))
	for _, a := range list {
		if seen[a.Name] {
			return malformed(x.line(), "the attribute %s stands twice", clean(a.Name.Local))
		}
		seen[a.Name] = true
	}
	return nil
}

// directive accepts <!DOCTYPE name SYSTEM "...">, which is never loaded.
func (x *xmlTokens) directive(t xml.Directive) error {
	name, _, _ := bytes.Cut(bytes.TrimSpace(t), []byte(" "))
	if string(name) != "DOCTYPE" || bytes.ContainsAny(t, "[<") {
		return malformed(x.line(), "declarations in the document type are refused")
	}
	return nil
}

// failed gives an error of the decoder its place.
func (x *xmlTokens) failed(err error) error {
	if bad, ok := errors.AsType[*Malformed](err); ok {
		return bad
	}
	if err == io.EOF {
		if x.roots == 0 {
			return malformed(x.line(), "no XML element")
		}
		return io.EOF
	}
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return malformed(syntax.Line, "not well-formed XML: %s", clean(syntax.Msg))
	}
	return malformed(x.line(), "%s", clean(err.Error()))
}

// decodeXML fills v from a document whose root has one of the names, to the end
// of the document.
func decodeXML(data []byte, v any, roots ...string) error {
	x := newXML(data)
	d := xml.NewTokenDecoder(x)
	for {
		token, err := d.Token()
		if err != nil {
			return x.failed(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(roots, start.Name.Local) {
			return malformed(x.line(), "the root element is <%s>, not <%s>", clean(start.Name.Local), strings.Join(roots, "> or <"))
		}
		if err := d.DecodeElement(v, &start); err != nil {
			return x.failed(err)
		}
		return drain(d, x)
	}
}

// drain reads what stands after the root element: nothing may.
func drain(d *xml.Decoder, x *xmlTokens) error {
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return x.failed(err)
		}
	}
}

// rootXML returns the first element of a document of which perhaps only the head
// is there.
func rootXML(head []byte) (xml.StartElement, bool) {
	if first := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\ufeff")), " \t\r\n"); len(first) == 0 || first[0] != '<' {
		return xml.StartElement{}, false
	}
	x := newXML(head)
	for {
		token, err := x.Token()
		if err != nil {
			return xml.StartElement{}, false
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, true
		}
	}
}

// attribute returns the value of an attribute, or "".
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
