package vuln

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// errEncoding says that bytes are not what the encoder writes.
var errEncoding = errors.New("malformed row")

// encoder appends values: numbers as varints, strings and lists with their
// length before them. docs/formats/vuln-db.md has the form.
type encoder struct{ b []byte }

func (e *encoder) uint(n uint64) { e.b = binary.AppendUvarint(e.b, n) }

func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) strings(list []string) {
	e.uint(uint64(len(list)))
	for _, s := range list {
		e.string(s)
	}
}

// time writes 0 for no time, else nanoseconds + 1 and seconds since 1970.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.uint(0)
		return
	}
	e.uint(uint64(t.Nanosecond()) + 1)
	e.b = binary.AppendVarint(e.b, t.Unix())
}

func (e *encoder) bool(yes bool) {
	n := byte(0)
	if yes {
		n = 1
	}
	e.b = append(e.b, n)
}

func (e *encoder) severities(list []Severity) {
	e.uint(uint64(len(list)))
	for _, s := range list {
		e.string(s.Kind)
		e.string(s.Value)
	}
}

// affected leaves the ecosystem and, where it is in its normal form, the name to
// the key.
func (e *encoder) affected(a *Affected, normal string) {
	if a.Name == normal {
		e.string("")
	} else {
		e.string(a.Name)
	}
	e.uint(uint64(len(a.Ranges)))
	for _, r := range a.Ranges {
		e.uint(uint64(r.Kind))
		e.uint(uint64(len(r.Events)))
		for _, v := range r.Events {
			e.uint(uint64(v.Kind))
			e.string(v.Version)
		}
	}
	e.strings(a.Versions)
	e.string(a.VersionText)
	e.string(a.CPE)
	e.strings(a.Arch)
	e.severities(a.Severities)
	e.bool(a.Unfixed)
	e.uint(uint64(len(a.Imports)))
	for _, i := range a.Imports {
		e.string(i.Path)
		e.strings(i.Symbols)
	}
}

// record writes all of a record but what it says of packages.
func (e *encoder) record(r *Record) {
	e.time(r.Modified)
	e.string(r.ID)
	e.string(r.Source)
	e.time(r.Published)
	e.time(r.Withdrawn)
	e.string(r.Summary)
	e.strings(r.Aliases)
	e.strings(r.Related)
	e.strings(r.Upstream)
	e.severities(r.Severities)
	e.strings(r.CWEs)
	e.strings(r.URLs)
}

// decoder reads what encoder wrote. After the first fault everything is zero and
// err says so. What it makes shares the memory of s.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail() {
	d.s = ""
	d.err = errEncoding
}

func (d *decoder) uint() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		if len(d.s) == 0 {
			break
		}
		c := d.s[0]
		d.s = d.s[1:]
		if shift == 63 && c > 1 {
			break
		}
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			if c == 0 && shift > 0 {
				break // longer than it need be
			}
			return n
		}
	}
	d.fail()
	return 0
}

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return ""
	}
	s := d.s[:n]
	d.s = d.s[n:]
	return s
}

// count is the length of a list of which each member takes at least a byte.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.s)) {
		d.fail()
		return 0
	}
	return int(n)
}

// readList reads a list; nil where it is empty. A length is believed only as far as
// members follow.
func readList[T any](d *decoder, read func(*T)) []T {
	n := d.count()
	if n == 0 {
		return nil
	}
	all := make([]T, 0, min(n, 1024))
	for range n {
		if d.err != nil {
			return nil
		}
		var member T
		read(&member)
		all = append(all, member)
	}
	return all
}

func (d *decoder) strings() []string {
	return readList(d, func(s *string) { *s = d.string() })
}

func (d *decoder) time() time.Time {
	n := d.uint()
	if n == 0 {
		return time.Time{}
	}
	u := d.uint() // zigzag
	if n > 1e9 {
		d.fail()
		return time.Time{}
	}
	t := time.Unix(int64(u>>1)^-int64(u&1), int64(n-1)).UTC()
	if t.IsZero() {
		d.fail() // has another form
	}
	return t
}

func (d *decoder) bool() bool {
	n := d.uint()
	if n > 1 {
		d.fail()
	}
	return n == 1
}

// small reads a number below a limit.
func (d *decoder) small(limit int) uint8 {
	n := d.uint()
	if n >= uint64(limit) {
		d.fail()
		return 0
	}
	return uint8(n)
}

func (d *decoder) severities() []Severity {
	return readList(d, func(s *Severity) { s.Kind, s.Value = d.string(), d.string() })
}

func (d *decoder) affected(a *Affected, ecosystem, normal string) {
	a.Ecosystem, a.Name = ecosystem, d.string()
	if a.Name == "" {
		a.Name = normal
	}
	a.Ranges = readList(d, func(r *Range) {
		r.Kind = RangeKind(d.small(int(rangeKinds)))
		r.Events = readList(d, func(v *Event) {
			v.Kind = EventKind(d.small(int(eventKinds)))
			v.Version = d.string()
		})
	})
	a.Versions = d.strings()
	a.VersionText = d.string()
	a.CPE = d.string()
	a.Arch = d.strings()
	a.Severities = d.severities()
	a.Unfixed = d.bool()
	a.Imports = readList(d, func(i *Import) { i.Path, i.Symbols = d.string(), d.strings() })
}

func (d *decoder) record(r *Record) {
	r.Modified = d.time()
	r.ID = d.string()
	r.Source = d.string()
	r.Published = d.time()
	r.Withdrawn = d.time()
	r.Summary = d.string()
	r.Aliases = d.strings()
	r.Related = d.strings()
	r.Upstream = d.strings()
	r.Severities = d.severities()
	r.CWEs = d.strings()
	r.URLs = d.strings()
}

// end says whether everything was read and all of it was good.
func (d *decoder) end(what string) error {
	if d.err == nil && len(d.s) > 0 {
		d.fail()
	}
	if d.err != nil {
		return fmt.Errorf("%s: %w", what, d.err)
	}
	return nil
}
