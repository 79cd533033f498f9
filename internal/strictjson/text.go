package strictjson

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string. The result may share the memory of the input.
func (d *decoder) text() ([]byte, error) {
	from := d.pos + 1
	end := plain(d.data, from)
	for end < len(d.data) && d.data[end] >= utf8.RuneSelf {
		end = plain(d.data, end+1)
	}
	switch {
	case end < len(d.data) && d.data[end] == '\\':
		return d.escaped(from, end)
	case end == len(d.data) || d.data[end] != '"':
		return nil, d.broken(end)
	}
	return d.closed(d.data[from:end], end)
}

// closed ends a string at its closing quote.
func (d *decoder) closed(text []byte, end int) ([]byte, error) {
	if !utf8.Valid(text) {
		return nil, d.fail("text is not valid UTF-8")
	}
	d.pos = end + 1
	return text, nil
}

func (d *decoder) broken(end int) error {
	d.pos = end
	if end >= len(d.data) {
		return d.fail("string has no end")
	}
	return d.fail("control character 0x%02x in a string", d.data[end])
}

// plain is the index of the first byte from i on that is not plain ASCII text: a
// quote, a backslash, a control character, or part of a longer character. It
// looks at eight bytes at a time; the low bits of a sum that overflows only ever
// mark bytes above the first hit.
func plain(data []byte, i int) int {
	const low, high = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		quote, slash := w^(low*'"'), w^(low*'\\')
		if (w|(w-low*' ')&^w|(quote-low)&^quote|(slash-low)&^slash)&high != 0 {
			break
		}
	}
	for i < len(data) && data[i] >= ' ' && data[i] < utf8.RuneSelf && data[i] != '"' && data[i] != '\\' {
		i++
	}
	return i
}

// escaped reads a string from its first backslash on.
func (d *decoder) escaped(from, i int) ([]byte, error) {
	text := bytes.Clone(d.data[from:i])
	for i < len(d.data) {
		switch c := d.data[i]; {
		case c == '"':
			return d.closed(text, i)
		case c < ' ':
			return nil, d.broken(i)
		case c == '\\':
			r, n := escape(d.data[i:])
			if n == 0 {
				d.pos = i
				return nil, d.fail("no valid escape")
			}
			text = utf8.AppendRune(text, r)
			i += n
		default:
			text = append(text, c)
			i++
		}
	}
	return nil, d.broken(i)
}

var short = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads an escape and says how long it is; 0 when it is none.
func escape(s []byte) (rune, int) {
	if len(s) < 2 {
		return 0, 0
	}
	if r, ok := short[s[1]]; ok {
		return r, 2
	}
	r, ok := unit(s)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(r):
		return r, 6
	}
	second, ok := unit(s[6:])
	if pair := utf16.DecodeRune(r, second); ok && pair != utf8.RuneError {
		return pair, 12
	}
	return 0, 0
}

// unit reads \uXXXX.
func unit(s []byte) (rune, bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	return rune(n), err == nil
}

// binary reads bytes in base64.
func (d *decoder) binary() ([]byte, error) {
	if d.peek() != '"' {
		return nil, d.wrong("a string")
	}
	start := d.pos
	text, err := d.text()
	if err != nil {
		return nil, err
	}
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	// The decoder of the library skips line breaks.
	n, err := base64.StdEncoding.Strict().Decode(out, text)
	if err != nil || bytes.ContainsAny(text, "\r\n") {
		d.pos = start
		return nil, d.fail("not base64 in its canonical form")
	}
	return out[:n], nil
}
