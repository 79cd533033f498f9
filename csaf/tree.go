package csaf

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// MaxSize is the largest document that is read, in bytes.
	MaxSize = 32 << 20
	// maxDepth is how many values may stand inside each other. Branches may be 30
	// deep (CSAF 2.0 section 3.1.2) and take two values each.
	maxDepth = 128
	// maxValues is how many values a document holds. Advisories as they are published
	// have a value in 40 bytes or more; without it, lists of nothing take gigabytes.
	maxValues = 1_000_000
	// maxDigits is how long a number may be. The schema is checked with exact
	// fractions, for which a large exponent is a large number.
	maxDigits = 40
)

type kind int

const (
	object kind = iota
	list
	text
	number
	boolean
	null
)

// node is a value of a JSON text that knows its place. The methods work on nil,
// which is a value that is not there.
type node struct {
	up      *node
	key     string // in the object above, or the index in the list
	kind    kind
	value   string // of a text, number or boolean
	names   []string
	members map[string]*node
	list    []*node
}

// parse reads a JSON text. Names that stand twice in an object are returned; the
// last value counts.
func parse(data []byte) (root *node, twice []*node, err error) {
	switch {
	case len(data) > MaxSize:
		return nil, nil, fmt.Errorf("larger than %d bytes", MaxSize)
	case !utf8.Valid(data):
		return nil, nil, errors.New("not UTF-8")
	}
	p := parser{Decoder: json.NewDecoder(bytes.NewReader(data))}
	p.UseNumber()
	if root, err = p.read(nil, "", 0); err == nil {
		if _, rest := p.Token(); rest != io.EOF {
			err = errors.New("more text behind the value")
		}
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		line := 1 + bytes.Count(data[:min(int(p.InputOffset()), len(data))], []byte("\n"))
		return nil, nil, fmt.Errorf("line %d: %w", line, err)
	}
	return root, p.twice, nil
}

type parser struct {
	*json.Decoder
	twice  []*node
	values int
}

func (p *parser) read(up *node, key string, depth int) (*node, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("more than %d values inside each other", maxDepth)
	}
	if p.values++; p.values > maxValues {
		return nil, fmt.Errorf("more than %d values", maxValues)
	}
	token, err := p.Token()
	if err != nil {
		return nil, err
	}
	n := &node{up: up, key: key}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			err = p.object(n, depth)
		} else {
			err = p.items(n, depth)
		}
		if err == nil {
			_, err = p.Token() // the closing bracket
		}
	case string:
		n.kind, n.value = text, t
	case json.Number:
		n.kind, n.value = number, t.String()
		if f, wrong := t.Float64(); wrong != nil || len(n.value) > maxDigits || f != 0 && (math.Abs(f) < 1e-99 || math.Abs(f) > 1e99) {
			err = fmt.Errorf("the number %.40s is beyond what advisories hold", n.value)
		}
	case bool:
		n.kind, n.value = boolean, strconv.FormatBool(t)
	default:
		n.kind = null
	}
	return n, err
}

func (p *parser) object(n *node, depth int) error {
	n.kind, n.members = object, map[string]*node{}
	for p.More() {
		token, err := p.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder lets nothing else through
		member, err := p.read(n, name, depth+1)
		if err != nil {
			return err
		}
		if n.members[name] != nil {
			p.twice = append(p.twice, member)
		} else {
			n.names = append(n.names, name)
		}
		n.members[name] = member
	}
	return nil
}

func (p *parser) items(n *node, depth int) error {
	n.kind = list
	for p.More() {
		item, err := p.read(n, strconv.Itoa(len(n.list)), depth+1)
		if err != nil {
			return err
		}
		n.list = append(n.list, item)
	}
	return nil
}

// get follows names of members.
func (n *node) get(names ...string) *node {
	for _, name := range names {
		if n == nil {
			return nil
		}
		n = n.members[name]
	}
	return n
}

// all are the items of the list under a path of names, or none.
func (n *node) all(names ...string) []*node {
	if n = n.get(names...); n == nil {
		return nil
	}
	return n.list
}

// text is the string under a path of names, empty where there is none.
func (n *node) text(names ...string) string {
	if n = n.get(names...); n == nil || n.kind != text {
		return ""
	}
	return n.value
}

// number is the number under a path of names.
func (n *node) number(names ...string) (float64, bool) {
	if n = n.get(names...); n == nil || n.kind != number {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.value, 64)
	return f, err == nil
}

// texts are the items of a list that are strings.
func (n *node) texts(names ...string) []*node {
	var found []*node
	for _, item := range n.all(names...) {
		if item.kind == text {
			found = append(found, item)
		}
	}
	return found
}

var escapePointer = strings.NewReplacer("~", "~0", "/", "~1")

// pointer is the place as RFC 6901 writes it.
func (n *node) pointer() string {
	if n == nil || n.up == nil {
		return ""
	}
	return n.up.pointer() + "/" + escapePointer.Replace(n.key)
}

// plain is the value as encoding/json would hold it.
func (n *node) plain() any {
	switch n.kind {
	case object:
		m := make(map[string]any, len(n.members))
		for name, member := range n.members {
			m[name] = member.plain()
		}
		return m
	case list:
		l := make([]any, len(n.list))
		for i, item := range n.list {
			l[i] = item.plain()
		}
		return l
	case text:
		return n.value
	case number:
		return json.Number(n.value)
	case boolean:
		return n.value == "true"
	}
	return nil
}

// walk visits a value and everything in it, in the order of the text.
func (n *node) walk(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, name := range n.names {
		n.members[name].walk(visit)
	}
	for _, item := range n.list {
		item.walk(visit)
	}
}
