package strictjson

import (
	"reflect"
	"strconv"
)

// number reads a number and returns its text.
func (d *decoder) number() ([]byte, error) {
	from := d.pos
	if d.peek() == '-' {
		d.pos++
	}
	if d.peek() == '0' {
		d.pos++
	} else if !d.digits() {
		return nil, d.fail("no digit behind the sign")
	}
	if d.peek() == '.' {
		if d.pos++; !d.digits() {
			return nil, d.fail("no digit behind the point")
		}
	}
	if c := d.peek(); c == 'e' || c == 'E' {
		d.pos++
		if c := d.peek(); c == '+' || c == '-' {
			d.pos++
		}
		if !d.digits() {
			return nil, d.fail("no digit in the exponent")
		}
	}
	return d.data[from:d.pos], nil
}

func (d *decoder) digits() bool {
	from := d.pos
	for c := d.peek(); '0' <= c && c <= '9'; c = d.peek() {
		d.pos++
	}
	return d.pos > from
}

func readNumber(d *decoder, v reflect.Value) error {
	if c := d.peek(); c != '-' && (c < '0' || c > '9') {
		return d.wrong("a number")
	}
	start := d.pos
	text, err := d.number()
	if err != nil {
		return err
	}
	if err := setNumber(v, string(text)); err != nil {
		d.pos = start
		return d.fail("the number does not fit: want %s", fits(v.Kind()))
	}
	return nil
}

func setNumber(v reflect.Value, text string) error {
	bits := v.Type().Bits()
	switch {
	case v.CanInt():
		n, err := strconv.ParseInt(text, 10, bits)
		v.SetInt(n)
		return err
	case v.CanUint():
		n, err := strconv.ParseUint(text, 10, bits)
		v.SetUint(n)
		return err
	}
	n, err := strconv.ParseFloat(text, bits)
	v.SetFloat(n)
	return err
}

func fits(k reflect.Kind) string {
	switch k {
	case reflect.Float32, reflect.Float64:
		return "one of floating point in range"
	}
	return "a whole number in the range of " + k.String()
}
