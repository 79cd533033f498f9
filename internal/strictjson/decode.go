package strictjson

import (
	"fmt"
	"reflect"
)

// MaxDepth is how many values may stand inside each other.
const MaxDepth = 64

// Decode reads the only value of a text into what v points to.
func Decode(data []byte, v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() {
		panic(fmt.Sprintf("strictjson: %T is not a pointer to a value", v))
	}
	target = target.Elem()
	target.SetZero()
	d := decoder{data: data}
	if err := d.whole(target); err != nil {
		target.SetZero()
		return err
	}
	return nil
}

// decoder reads a text from left to right, once.
type decoder struct {
	data  []byte
	pos   int
	depth int
}

func (d *decoder) whole(target reflect.Value) error {
	d.space()
	if err := planOf(target.Type()).read(d, target); err != nil {
		return err
	}
	d.space()
	if d.pos < len(d.data) {
		return d.fail("more text behind the value")
	}
	return nil
}

func (d *decoder) fail(format string, args ...any) error {
	return &Error{Offset: d.pos, Reason: fmt.Sprintf(format, args...)}
}

// wrong says that another kind of value stands where one is wanted.
func (d *decoder) wrong(want string) error {
	return d.fail("want %s, found %s", want, found(d.peek()))
}

func found(c byte) string {
	switch {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a string"
	case c == 't' || c == 'f':
		return "true or false"
	case c == 'n':
		return "null"
	case c == '-' || '0' <= c && c <= '9':
		return "a number"
	case c == 0:
		return "the end"
	}
	return "something else"
}

// peek is the next byte, or 0 at the end; a byte 0 is never valid either.
func (d *decoder) peek() byte {
	if d.pos < len(d.data) {
		return d.data[d.pos]
	}
	return 0
}

func (d *decoder) space() {
	for d.pos < len(d.data) {
		switch d.data[d.pos] {
		case ' ', '\n', '\t', '\r':
			d.pos++
		default:
			return
		}
	}
}

// word reads true, false or null.
func (d *decoder) word(w string) bool {
	if len(d.data)-d.pos < len(w) || string(d.data[d.pos:d.pos+len(w)]) != w {
		return false
	}
	d.pos += len(w)
	return true
}

func (d *decoder) enter() error {
	if d.depth++; d.depth > MaxDepth {
		return d.fail("more than %d values inside each other", MaxDepth)
	}
	d.pos++
	d.space()
	return nil
}

// members reads an object and calls member at the value of each key. The key is
// only valid until member returns.
func (d *decoder) members(member func(key []byte) error) error {
	if d.peek() != '{' {
		return d.wrong("an object")
	}
	if err := d.enter(); err != nil {
		return err
	}
	for first := true; ; first = false {
		if done, err := d.next('}', first); done || err != nil {
			return err
		}
		key, err := d.key()
		if err != nil {
			return err
		}
		if err := member(key); err != nil {
			return err
		}
	}
}

// key reads a key and the colon behind it.
func (d *decoder) key() ([]byte, error) {
	if d.peek() != '"' {
		return nil, d.wrong("a key")
	}
	key, err := d.text()
	if err != nil {
		return nil, err
	}
	d.space()
	if d.peek() != ':' {
		return nil, under(d.fail("no colon behind the key"), string(key))
	}
	d.pos++
	d.space()
	return key, nil
}

// items reads a list and calls item at each of its values.
func (d *decoder) items(item func(i int) error) error {
	if d.peek() != '[' {
		return d.wrong("a list")
	}
	if err := d.enter(); err != nil {
		return err
	}
	for i := 0; ; i++ {
		if done, err := d.next(']', i == 0); done || err != nil {
			return err
		}
		if err := item(i); err != nil {
			return at(err, i)
		}
	}
}

// next goes to the next part of an object or list, or past its end.
func (d *decoder) next(end byte, first bool) (done bool, err error) {
	d.space()
	switch c := d.peek(); {
	case c == end:
		d.pos++
		d.depth--
		return true, nil
	case first:
		return false, nil
	case c != ',':
		return false, d.fail("want a comma or %q, found %s", end, found(c))
	}
	d.pos++
	d.space()
	return false, nil
}
