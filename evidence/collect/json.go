package collect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// decodeJSON decodes an input that is one JSON value, after having looked that
// it is nothing else: no member is named twice in its object (readers differ on
// which one counts, RFC 8259 section 4), and nothing follows. Members that the
// target does not know are left out.
func decodeJSON(data []byte, into any) error {
	n := 0
	err := eachJSON(data, func(line int, value json.RawMessage) error {
		if n++; n > 1 {
			return malformed(line, "something follows the JSON value")
		}
		return intoJSON(line, value, into)
	})
	if err == nil && n == 0 {
		return malformed(0, "the input is empty")
	}
	return err
}

// eachJSON hands over the JSON values of an input one by one: those of JSON
// Lines, or of a stream of indented values. It gives the line on which each
// begins.
func eachJSON(data []byte, take func(line int, value json.RawMessage) error) error {
	lines := lineCounter{data: data}
	pos := bomLength(data)
	for {
		pos += len(data[pos:]) - len(bytes.TrimLeft(data[pos:], " \t\r\n"))
		if pos == len(data) {
			return nil
		}
		size, err := valueSize(data, pos)
		if err != nil {
			return err
		}
		if err := take(lines.at(pos), data[pos:pos+size]); err != nil {
			return err
		}
		pos += size
	}
}

// intoJSON decodes a value that begins on a line of an input.
func intoJSON(line int, value json.RawMessage, into any) error {
	err := json.Unmarshal(value, into)
	if err == nil {
		return nil
	}
	wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		return malformed(line, "%s", clean(strings.TrimPrefix(err.Error(), "json: ")))
	}
	where := "the value"
	if wrong.Field != "" {
		where = clean(wrong.Field)
	}
	return malformed(line-1+lineAt(value, int(wrong.Offset)), "%s is a JSON %s, which does not belong there", where, clean(wrong.Value))
}

// valueSize checks the JSON value that begins at a place and returns how many
// bytes it takes.
func valueSize(data []byte, pos int) (int, error) {
	dec := json.NewDecoder(bytes.NewReader(data[pos:]))
	dec.UseNumber()
	var open objects
	for {
		token, err := dec.Token()
		if err != nil {
			return 0, wrongJSON(data, pos+int(dec.InputOffset()), err)
		}
		if problem := open.see(token); problem != "" {
			return 0, malformed(lineAt(data, pos+int(dec.InputOffset())), "%s", problem)
		}
		if len(open) == 0 {
			return int(dec.InputOffset()), nil
		}
	}
}

func wrongJSON(data []byte, pos int, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return malformed(lineAt(data, len(data)), "the input ends in the middle of a JSON value")
	}
	return malformed(lineAt(data, pos), "not JSON: %s", clean(err.Error()))
}

// objects are the objects and lists that are open, from the outermost on.
type objects []object

// object is an open object, or a list where names is nil.
type object struct {
	names map[string]bool
	value bool // a name was read, its value comes next
}

// see takes the next token, and says what is wrong with it.
func (o *objects) see(token json.Token) (problem string) {
	switch token {
	case json.Delim('{'), json.Delim('['):
		o.filled()
		if len(*o) == maxDepth {
			return fmt.Sprintf("the values are nested more than %d deep", maxDepth)
		}
		inner := object{}
		if token == json.Delim('{') {
			inner.names = map[string]bool{}
		}
		*o = append(*o, inner)
		return ""
	case json.Delim('}'), json.Delim(']'):
		*o = (*o)[:len(*o)-1]
		return ""
	}
	if len(*o) == 0 {
		return ""
	}
	top := &(*o)[len(*o)-1]
	if top.names == nil || top.value {
		top.value = false
		return ""
	}
	name := token.(string)
	if top.names[name] {
		return "the member \"" + clean(name) + "\" stands twice in one object"
	}
	top.names[name], top.value = true, true
	return ""
}

// filled notes that the value of the name that was read last begins.
func (o objects) filled() {
	if len(o) > 0 {
		o[len(o)-1].value = false
	}
}

// head is what the beginning of a JSON input shows.
type head struct {
	List bool // the input is a list; the members are those of its first object
	// Members has the names of the object that the head reaches, with the value
	// where that is a text.
	Members map[string]string
}

// has tells whether all names are members.
func (h head) has(names ...string) bool {
	for _, n := range names {
		if _, ok := h.Members[n]; !ok {
			return false
		}
	}
	return true
}

// headOf reads the first object of a JSON input as far as its head goes. An
// input that is not JSON has no members.
func headOf(data []byte) head {
	dec := json.NewDecoder(bytes.NewReader(data[bomLength(data):]))
	dec.UseNumber()
	h := head{Members: map[string]string{}}
	token, _ := dec.Token()
	if token == json.Delim('[') {
		h.List = true
		token, _ = dec.Token()
	}
	if token != json.Delim('{') {
		return h
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			break
		}
		text, err := skipValue(dec)
		h.Members[name.(string)] = text
		if err != nil {
			break
		}
	}
	return h
}

// skipValue passes over a value, and returns it where it is a text.
func skipValue(dec *json.Decoder) (text string, err error) {
	for depth := 0; ; {
		token, err := dec.Token()
		if err != nil {
			return "", err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			text, _ := token.(string)
			return text, nil
		}
	}
}

// startsJSON tells whether an input begins as an object or a list.
func startsJSON(data []byte) bool {
	text := bytes.TrimLeft(data[bomLength(data):], " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// bomLength is the length of a byte order mark in UTF-8, which some tools write
// though RFC 8259 section 8.1 tells them not to.
func bomLength(data []byte) int {
	if bytes.HasPrefix(data, []byte("\uFEFF")) {
		return len("\uFEFF")
	}
	return 0
}
