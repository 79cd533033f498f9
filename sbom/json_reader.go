package sbom

import (
	"bytes"
	"hash/maphash"
	"io"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonReader walks through JSON as it comes, and holds one text at a time. It goes on
// after a mistake: a text ends at the end of its line, a comma may be missing, and a
// bracket that closes the wrong thing closes what is open.
//
// What it reads is standard JSON (RFC 8259) and no more; only its patience is its own,
// which the standard library does not have.
type jsonReader struct {
	*reading
	in        io.Reader
	buf       []byte
	pos, end  int
	line      int
	ended     bool // in has no more
	truncated bool // and that was told

	depth          int
	lists, objects int // that are open
	scratch, name  []byte
	names          []uint64 // hashes of the names in open objects
	seed           maphash.Seed
}

func newJSONReader(r *reading, in io.Reader) *jsonReader {
	return &jsonReader{reading: r, in: in, buf: make([]byte, 64<<10), line: 1, seed: maphash.MakeSeed()}
}

// garbage stands for a byte that JSON does not know.
const garbage = 0x7f

// fill reads on; what stands from pos on is kept. It is false at the end.
func (j *jsonReader) fill() bool {
	if j.ended {
		return false
	}
	copy(j.buf, j.buf[j.pos:j.end])
	j.end -= j.pos
	j.pos = 0
	if j.end == len(j.buf) {
		j.buf = append(j.buf, make([]byte, len(j.buf))...)
	}
	for range 100 {
		n, err := j.in.Read(j.buf[j.end:])
		j.end += n
		if err != nil {
			j.ended = true
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	j.ended = true
	return false
}

// peek goes to the next value or mark and gives its first byte; 0 at the end.
func (j *jsonReader) peek() byte {
	for {
		for j.pos < j.end {
			switch c := j.buf[j.pos]; c {
			case ' ', '\t', '\r':
			case '\n':
				j.line++
			case 0:
				return garbage
			default:
				return c
			}
			j.pos++
		}
		if !j.fill() {
			return 0
		}
	}
}

// cutShort tells that the file ends too early.
func (j *jsonReader) cutShort() {
	if !j.truncated {
		j.truncated = true
		j.lost(j.line, "the file ends in the middle; what came before was read")
	}
}

// text reads a text at its opening quote. What it gives holds until the next one. It is
// false where the text is not there as a whole.
func (j *jsonReader) text() (text []byte, ok bool) {
	j.pos++
	escaped, wide := false, false
	for n := 0; ; {
		window := j.buf[j.pos:j.end]
		for n < len(window) {
			c := window[n]
			if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
				n++
				continue
			}
			if c == '"' {
				j.pos += n + 1
				return j.sound(window[:n], escaped, wide)
			}
			switch {
			case n > j.limits.Text:
				goto more
			case c == '\n' || c == '\r':
				j.lost(j.line, "a text is not closed at the end of its line")
				j.pos += n
				return nil, false
			case c == '\\':
				escaped = true
				if n+1 < len(window) && window[n+1] != '\n' {
					n++
				} else if n+1 >= len(window) && !j.ended {
					goto more
				}
			case c < ' ':
				j.problem(j.line, "a text has a control character (%#02x)", c)
			default:
				wide = true
			}
			n++
		}
	more:
		if n > j.limits.Text {
			j.skipText()
			j.tooLong()
			return nil, false
		}
		if !j.fill() {
			j.pos = j.end
			j.cutShort()
			return nil, false
		}
	}
}

func (j *jsonReader) tooLong() {
	j.lost(j.line, "a text is longer than %d bytes; it is left out", j.limits.Text)
}

// sound makes of a text as it is written the text that is meant.
func (j *jsonReader) sound(text []byte, escaped, wide bool) ([]byte, bool) {
	if len(text) > j.limits.Text {
		j.tooLong()
		return nil, false
	}
	if escaped {
		text = j.unescape(text)
	}
	if wide && !utf8.Valid(text) {
		j.problem(j.line, "a text is not UTF-8; what is not has been replaced")
		text = bytes.ToValidUTF8(text, []byte("\uFFFD"))
	}
	return text, true
}

var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (j *jsonReader) unescape(text []byte) []byte {
	out := j.scratch[:0]
	for i := 0; i < len(text); {
		c := text[i]
		i++
		if c != '\\' || i == len(text) {
			out = append(out, c)
			continue
		}
		c = text[i]
		i++
		switch {
		case escapes[c] != 0:
			out = append(out, escapes[c])
		case c == 'u':
			r, n := hex4(text[i:])
			if i += n; utf16.IsSurrogate(r) && bytes.HasPrefix(text[i:], []byte(`\u`)) {
				low, m := hex4(text[i+2:])
				if pair := utf16.DecodeRune(r, low); m > 0 && pair != utf8.RuneError {
					r, i = pair, i+2+m
				}
			}
			if n == 0 || utf16.IsSurrogate(r) {
				j.problem(j.line, "a text has a character code that is none")
				r = utf8.RuneError
			}
			out = utf8.AppendRune(out, r)
		default:
			j.problem(j.line, "a text has the escape \\%c, which JSON does not know", c)
			out = append(out, c)
		}
	}
	j.scratch = out
	return out
}

// hex4 reads four hexadecimal digits; n is 0 where they are not there.
func hex4(b []byte) (r rune, n int) {
	if len(b) < 4 {
		return 0, 0
	}
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			r = r<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, 0
		}
	}
	return r, 4
}

// skipText goes behind the next quote, or to the end of the line.
func (j *jsonReader) skipText() {
	escaped := false
	for {
		window := j.buf[j.pos:j.end]
		if n := bytes.IndexByte(window, '"'); n >= 0 && !escaped && plain(window[:n]) {
			j.pos += n + 1
			return
		}
		for n, c := range window {
			switch {
			case c == '\n':
				j.lost(j.line, "a text is not closed at the end of its line")
				j.pos += n
				return
			case escaped:
				escaped = false
			case c == '\\':
				escaped = true
			case c == '"':
				j.pos += n + 1
				return
			}
		}
		j.pos = j.end
		if !j.fill() {
			j.cutShort()
			return
		}
	}
}

// plain reports whether a text has neither escapes nor line ends.
func plain(text []byte) bool {
	return bytes.IndexByte(text, '\\') < 0 && bytes.IndexByte(text, '\n') < 0
}

// literal reads a number or a word, as written.
func (j *jsonReader) literal() []byte {
	for n := 0; ; n++ {
		if j.pos+n == j.end && !j.fill() {
			n = j.end - j.pos
			j.pos = j.end
			return j.buf[j.pos-n : j.end]
		}
		c := j.buf[j.pos+n]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.'
		if !letter || n > 100 {
			j.pos += n
			return j.buf[j.pos-n : j.pos]
		}
	}
}

// isLiteral reports whether a number, true, false or null begins with the byte.
func isLiteral(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == 't' || c == 'f' || c == 'n'
}

// skip goes behind a value.
func (j *jsonReader) skip() {
	switch c := j.peek(); {
	case c == 0:
		j.cutShort()
	case c == '"':
		j.pos++
		j.skipText()
	case c == '{' || c == '[':
		j.skipNested()
	case isLiteral(c):
		j.literal()
	default:
		j.skipGarbage()
	}
}

func (j *jsonReader) skipNested() {
	depth := 0
	for {
		window := j.buf[j.pos:j.end]
		n := 0
	scan:
		for ; n < len(window); n++ {
			switch window[n] {
			case '"':
				break scan
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					j.pos += n + 1
					return
				}
			case '\n':
				j.line++
			}
		}
		if j.pos += n; j.pos < j.end { // at a quote
			j.pos++
			j.skipText()
		} else if !j.fill() {
			j.cutShort()
			return
		}
	}
}

// skipGarbage goes behind what is no JSON, up to where a value may begin.
func (j *jsonReader) skipGarbage() {
	const most = 1000 // bytes that are kept to be told
	told := []byte{j.buf[j.pos]}
	j.pos++
	for j.pos < j.end || j.fill() {
		window := j.buf[j.pos:j.end]
		n := bytes.IndexAny(window, ",:\"{}[]\n")
		found := n >= 0
		if !found {
			n = len(window)
		}
		told = append(told, window[:min(n, most-len(told))]...)
		if j.pos += n; found {
			break
		}
	}
	j.lost(j.line, "%q is no JSON", string(told))
}

// object reads an object at its brace; member reads the value of each member, or is
// false and has not touched it. The name holds until the value is read.
func (j *jsonReader) object(member func(name []byte) bool) {
	if !j.enter() {
		return
	}
	j.objects++
	first := len(j.names)
	defer func() {
		j.objects--
		j.depth--
		j.names = j.names[:first]
	}()
	for comma, some := true, false; ; {
		switch c := j.peek(); {
		case c == 0:
			j.cutShort()
			return
		case c == '}':
			j.trailing(comma && some)
			j.pos++
			return
		case c == ',':
			j.trailing(comma)
			j.pos++
			comma = true
		case c == '"':
			if !comma {
				j.problem(j.line, "a comma is missing")
			}
			comma, some = false, true
			j.member(first, member)
		case (c == ']' || c == '{') && j.lists > 0: // the brace that closes this is missing
			j.lost(j.line, "a } is missing")
			return
		default:
			comma = false
			j.lost(j.line, "a member of an object has no name")
			j.skipUseless(c)
		}
	}
}

// skipUseless goes behind what stands where it cannot be.
func (j *jsonReader) skipUseless(c byte) {
	if c == ']' || c == '}' || c == ':' {
		j.pos++
		return
	}
	j.skip()
}

// member reads a member of the object whose names begin at first.
func (j *jsonReader) member(first int, read func(name []byte) bool) {
	name, ok := j.text()
	j.name = append(j.name[:0], name...) // the text would not outlive the search for the value
	twice := ok && j.twice(first)
	if j.peek() != ':' {
		j.noValue()
		return
	}
	j.pos++
	c := j.peek()
	switch {
	case twice && (c == '{' || c == '['):
		j.problem(j.line, "member %q stands twice in an object; both are read", string(j.name))
	case twice:
		j.lost(j.line, "member %q stands twice in an object; the last counts", string(j.name))
	}
	switch c {
	case 0, ',', '}', ']', ':':
		j.noValue()
	default:
		if !ok || !read(j.name) {
			j.skip()
		}
	}
}

func (j *jsonReader) noValue() {
	if !j.truncated {
		j.lost(j.line, "a member of an object has no value")
	}
}

// array reads a list at its bracket; element reads each value.
func (j *jsonReader) array(element func()) {
	if !j.enter() {
		return
	}
	j.lists++
	defer func() { j.lists--; j.depth-- }()
	for comma, some := true, false; ; {
		switch c := j.peek(); {
		case c == 0:
			j.cutShort()
			return
		case c == ']':
			j.trailing(comma && some)
			j.pos++
			return
		case c == ',':
			j.trailing(comma)
			j.pos++
			comma = true
		case c == '}' && j.objects > 0:
			j.lost(j.line, "a ] is missing")
			return
		case c == '}' || c == ':':
			j.pos++
			j.lost(j.line, "%q is no element of a list", string(c))
		default:
			if !comma {
				j.problem(j.line, "a comma is missing")
			}
			comma, some = false, true
			element()
		}
	}
}

// trailing tells of a comma after which nothing comes.
func (j *jsonReader) trailing(comma bool) {
	if comma {
		j.problem(j.line, "a comma is too many")
	}
}

// enter goes into an object or a list; what is too deep is skipped.
func (j *jsonReader) enter() bool {
	if j.depth >= j.limits.Depth {
		j.lost(j.line, "something is more than %d levels deep; it is left out", j.limits.Depth)
		j.skipNested()
		return false
	}
	j.depth++
	j.pos++
	return true
}

// twice reports whether the name at hand was in the open object before, whose names
// begin at first. Of an object with very many the first are known.
func (j *jsonReader) twice(first int) bool {
	const most = 64
	hash := maphash.Bytes(j.seed, j.name)
	if slices.Contains(j.names[first:], hash) {
		return true
	}
	if len(j.names)-first < most {
		j.names = append(j.names, hash)
	}
	return false
}
