package strictjson

import (
	"encoding"
	"encoding/json"
	"reflect"
)

func readString(d *decoder, v reflect.Value) error {
	if d.peek() != '"' {
		return d.wrong("a string")
	}
	text, err := d.text()
	if err != nil {
		return err
	}
	v.SetString(string(text))
	return nil
}

func readBool(d *decoder, v reflect.Value) error {
	switch {
	case d.word("true"):
		v.SetBool(true)
	case !d.word("false"):
		return d.wrong("true or false")
	}
	return nil
}

func readBinary(d *decoder, v reflect.Value) error {
	if d.word("null") {
		return nil
	}
	b, err := d.binary()
	if err != nil {
		return err
	}
	v.SetBytes(b)
	return nil
}

func readPointer(elem *plan) func(*decoder, reflect.Value) error {
	return func(d *decoder, v reflect.Value) error {
		if d.word("null") {
			return nil
		}
		target := reflect.New(v.Type().Elem())
		v.Set(target)
		return elem.read(d, target.Elem())
	}
}

func readList(elem *plan) func(*decoder, reflect.Value) error {
	return func(d *decoder, v reflect.Value) error {
		if d.word("null") {
			return nil
		}
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		return d.items(func(i int) error {
			if i == v.Cap() {
				v.Grow(1)
			}
			v.SetLen(i + 1)
			return elem.read(d, v.Index(i))
		})
	}
}

func readMap(t reflect.Type, elem *plan) func(*decoder, reflect.Value) error {
	return func(d *decoder, v reflect.Value) error {
		if d.word("null") {
			return nil
		}
		v.Set(reflect.MakeMap(t))
		name, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		return d.members(func(key []byte) error {
			name.SetString(string(key))
			if v.MapIndex(name).IsValid() {
				return d.twice(name.String())
			}
			value.SetZero()
			if err := elem.read(d, value); err != nil {
				return under(err, name.String())
			}
			v.SetMapIndex(name, value)
			return nil
		})
	}
}

// readRaw keeps a copy: the text belongs to the caller.
func readRaw(d *decoder, v reflect.Value) error {
	raw, err := d.skip()
	if err != nil {
		return err
	}
	v.SetBytes(append(json.RawMessage{}, raw...))
	return nil
}

// readOwn leaves the value to its type. A null would be no value there, silently.
func readOwn(d *decoder, v reflect.Value) error {
	if d.peek() == 'n' {
		return d.wrong("a value")
	}
	return d.own(func(raw []byte) error { return v.Addr().Interface().(json.Unmarshaler).UnmarshalJSON(raw) })
}

func readOwnText(d *decoder, v reflect.Value) error {
	if d.peek() != '"' {
		return d.wrong("a string")
	}
	return d.own(func(raw []byte) error {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		return v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text))
	})
}

// readAny is for values whose form nobody knows.
func readAny(d *decoder, v reflect.Value) error {
	return d.own(func(raw []byte) error { return json.Unmarshal(raw, v.Addr().Interface()) })
}

// own checks a value and hands its text to another decoder.
func (d *decoder) own(decode func(raw []byte) error) error {
	start := d.pos
	raw, err := d.skip()
	if err != nil {
		return err
	}
	if err := decode(raw); err != nil {
		return &Error{Offset: start, Reason: err.Error(), Err: err}
	}
	return nil
}
