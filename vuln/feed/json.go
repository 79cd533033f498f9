package feed

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"
)

// maxRecord is how many bytes of JSON one record may have.
const maxRecord = 64 << 20

// elements decodes the elements of a list one by one: of the list that is the whole
// file, or of the member of the outermost object that has one of the names. each
// gets nil for an element that is not of type T. Other members are handed to other,
// which may be nil. An error of reading comes back as it is, one of each as well.
func elements[T any](r io.Reader, names []string, each func(*T) error, other func(name string, value json.RawMessage)) error {
	source := &portioned{from: r}
	d := json.NewDecoder(source)
	token, err := d.Token()
	if err != nil {
		return err
	}
	if token == json.Delim('[') {
		return list(d, source, each)
	}
	if token != json.Delim('{') {
		return errShape
	}
	for d.More() {
		source.n = 0
		key, err := d.Token()
		if err != nil {
			return err
		}
		if name, _ := key.(string); slices.Contains(names, name) {
			if token, err := d.Token(); err != nil {
				return err
			} else if token != json.Delim('[') {
				return errShape
			}
			if err := list(d, source, each); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if name, ok := key.(string); ok && other != nil {
			other(name, value)
		}
	}
	_, err = d.Token()
	return err
}

// errShape says that a file is JSON, but not the JSON that was looked for.
var errShape = errors.New("JSON of another shape")

func list[T any](d *json.Decoder, source *portioned, each func(*T) error) error {
	for d.More() {
		source.n = 0
		element := new(T)
		if err := d.Decode(element); err != nil {
			var syntax *json.SyntaxError
			if source.err != nil || errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
				return err
			}
			element = nil
		}
		if err := each(element); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// portioned fails when more than a record may have is read for one.
type portioned struct {
	from io.Reader
	n    int
	err  error
}

func (p *portioned) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	if p.n += n; p.n > maxRecord && err == nil {
		n, err = 0, errLarge
	}
	if err != nil && err != io.EOF {
		p.err = err
	}
	return n, err
}

// when reads a time as feeds write it; without a zone it is UTC.
func when(s string) (time.Time, bool) {
	for _, layout := range [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// day reads a date, YYYY-MM-DD, alone or at the head of a time; "" where it is none.
func day(s string) string {
	if len(s) > len(time.DateOnly) && s[len(time.DateOnly)] == 'T' {
		s = s[:len(time.DateOnly)]
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}
