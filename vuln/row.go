package vuln

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ErrRecord says that a record cannot be kept; the next one may be.
var ErrRecord = errors.New("record cannot be kept")

// Limits of what is kept of a record.
const (
	maxSummary = 300 // characters
	maxURLs    = 5
	maxID      = 512 // bytes of an id, an ecosystem
	maxName    = 1 << 10
)

// keyOf joins the parts of a key.
func keyOf(parts ...string) []byte {
	size := len(parts)
	for _, p := range parts {
		size += len(p)
	}
	key := make([]byte, 0, size)
	for i, p := range parts {
		if i > 0 {
			key = append(key, 0)
		}
		key = append(key, p...)
	}
	return key
}

// good says whether a text can be part of a key.
func good(s string, limit int) bool {
	return s != "" && len(s) <= limit && strings.IndexByte(s, 0) < 0
}

// mark is the part of a digest that decides between records of the same moment.
const markSize = 8

// freshRecord encodes a record as it goes into the sorter: a mark, the record, and
// for each of its packages ecosystem, name and row.
func freshRecord(r *Record) (key, value []byte, err error) {
	if err := checkRecord(r); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrRecord, err)
	}
	e := &encoder{b: make([]byte, markSize, 1024)}
	e.record(shortened(r))
	groups := grouped(r.Affected)
	size := len(e.b) + binary.MaxVarintLen64 // of the row that splitRecord makes, at most
	for _, g := range groups {
		size += len(g.ecosystem) + len(g.name) + 2*binary.MaxVarintLen16
	}
	if size > maxValue {
		return nil, nil, fmt.Errorf("%w: it is too long", ErrRecord)
	}
	e.uint(uint64(len(groups)))
	for _, g := range groups {
		row := packageRow(g, !r.Withdrawn.IsZero())
		if len(row) > maxValue {
			return nil, nil, fmt.Errorf("%w: what it says of %s is too long", ErrRecord, g.name)
		}
		e.string(g.ecosystem)
		e.string(g.name)
		e.string(string(row))
	}
	sum := sha256.Sum256(e.b[markSize:])
	copy(e.b, sum[:markSize])
	return keyOf(r.ID, r.Source), e.b, nil
}

func checkRecord(r *Record) error {
	switch {
	case !good(r.ID, maxID):
		return errors.New("its id is missing or too long")
	case !good(r.Source, maxID):
		return errors.New("its source is missing")
	}
	for _, t := range []time.Time{r.Published, r.Modified, r.Withdrawn} {
		if !t.IsZero() && (t.UTC().Year() < 1 || t.UTC().Year() > 9999) {
			return errors.New("a date is out of range")
		}
	}
	size := 0
	for _, a := range r.Affected {
		size += len(a.Ecosystem) + len(a.Name)
		normal := Normal(a.Ecosystem, a.Name)
		switch {
		case !good(a.Ecosystem, maxID):
			return errors.New("an ecosystem is missing or too long")
		case !good(a.Name, maxName), !good(normal, maxName):
			return errors.New("the name of a package is missing or too long")
		case len(a.Ecosystem)+len(normal)+len(r.ID)+len(r.Source)+3 > maxKey:
			return errors.New("its id and the name of a package are too long together")
		case size > maxValue/2:
			return errors.New("it names too many packages")
		}
	}
	return nil
}

// shortened is a record as it is kept.
func shortened(r *Record) *Record {
	s := *r
	if utf8.RuneCountInString(s.Summary) > maxSummary {
		s.Summary = string([]rune(s.Summary)[:maxSummary-1]) + "…"
	}
	s.URLs = s.URLs[:min(len(s.URLs), maxURLs)]
	return &s
}

// group is what a record says of one package.
type group struct {
	ecosystem, name string // name in its normal form
	affected        []*Affected
}

// grouped puts what is said of packages into the order of their keys. What is said
// of the same one stays in its order.
func grouped(all []Affected) []*group {
	index := map[[2]string]*group{}
	for i := range all {
		a := &all[i]
		name := Normal(a.Ecosystem, a.Name)
		g := index[[2]string{a.Ecosystem, name}]
		if g == nil {
			g = &group{ecosystem: a.Ecosystem, name: name}
			index[[2]string{a.Ecosystem, name}] = g
		}
		g.affected = append(g.affected, a)
	}
	return slices.SortedFunc(maps.Values(index), func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.ecosystem, b.ecosystem), cmp.Compare(a.name, b.name))
	})
}

func packageRow(g *group, withdrawn bool) []byte {
	var e encoder
	e.bool(withdrawn)
	e.uint(uint64(len(g.affected)))
	for _, a := range g.affected {
		e.affected(a, g.name)
	}
	return e.b
}

// readPackage reads a row of packages.
func readPackage(key, value []byte) ([]Entry, error) {
	parts := strings.Split(string(key), "\x00")
	if len(parts) != 4 {
		return nil, fmt.Errorf("section %s: %w", packages, errEncoding)
	}
	d := decoder{s: string(value)}
	withdrawn := d.bool()
	all := readList(&d, func(e *Entry) {
		e.Record, e.Source, e.Withdrawn = parts[2], parts[3], withdrawn
		d.affected(&e.Affected, parts[0], parts[1])
	})
	return all, d.end("section " + packages)
}

// splitRecord makes the row of a record from what freshRecord made, and hands over
// the rows of its packages.
func splitRecord(key, value []byte, emit func(key, value []byte) error) (row []byte, err error) {
	var r Record
	d := decoder{s: string(value[markSize:])}
	d.record(&r)
	e := encoder{b: bytes.Clone(value[:len(value)-len(d.s)])}
	n := d.count()
	e.uint(uint64(n))
	for range n {
		ecosystem, name, row := d.string(), d.string(), d.string()
		e.string(ecosystem)
		e.string(name)
		if err := emit(keyOf(ecosystem, name, string(key)), []byte(row)); err != nil {
			return nil, err
		}
	}
	if len(e.b) > maxValue {
		return nil, fmt.Errorf("record %s is too long", r.ID)
	}
	return e.b, d.end("record")
}

// readRecord reads a row of records. Of packages it has ecosystem and name alone.
func readRecord(value []byte) (*Record, error) {
	if len(value) < markSize {
		return nil, fmt.Errorf("section %s: %w", records, errEncoding)
	}
	var r Record
	d := decoder{s: string(value[markSize:])}
	d.record(&r)
	r.Affected = readList(&d, func(a *Affected) { a.Ecosystem, a.Name = d.string(), d.string() })
	return &r, d.end("section " + records)
}

// newerRecord says whether the second row takes the place of the first: the one
// that was modified later, and of the same moment the one with the greater mark.
func newerRecord(a, b []byte) bool {
	x, y := decoder{s: string(a[markSize:])}, decoder{s: string(b[markSize:])}
	if c := x.time().Compare(y.time()); c != 0 {
		return c < 0
	}
	return bytes.Compare(a[:markSize], b[:markSize]) < 0
}

func exploitedRow(x Exploited) []byte {
	var e encoder
	e.string(x.Added)
	e.bool(x.Ransomware)
	e.string(x.Due)
	e.string(x.Name)
	return e.b
}

func readExploited(key, value []byte) (Exploited, error) {
	d := decoder{s: string(value)}
	x := Exploited{CVE: string(key), Added: d.string(), Ransomware: d.bool(), Due: d.string(), Name: d.string()}
	return x, d.end("section " + exploited)
}

func newerExploited(a, b []byte) bool {
	x, _ := readExploited(nil, a)
	y, _ := readExploited(nil, b)
	c := cmp.Or(cmp.Compare(x.Added, y.Added), cmp.Compare(count(x.Ransomware), count(y.Ransomware)), cmp.Compare(x.Due, y.Due), cmp.Compare(x.Name, y.Name))
	return c < 0
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func likelihoodRow(l Likelihood) []byte {
	var e encoder
	e.strings([]string{l.Date, l.Score, l.Percentile})
	return e.b
}

func readLikelihood(key, value []byte) (Likelihood, error) {
	d := decoder{s: string(value)}
	all := d.strings()
	if len(all) != 3 {
		return Likelihood{}, fmt.Errorf("section %s: %w", likelihood, errEncoding)
	}
	return Likelihood{CVE: string(key), Date: all[0], Score: all[1], Percentile: all[2]}, d.end("section " + likelihood)
}

func newerLikelihood(a, b []byte) bool {
	x, _ := readLikelihood(nil, a)
	y, _ := readLikelihood(nil, b)
	return cmp.Or(cmp.Compare(x.Date, y.Date), cmp.Compare(x.Score, y.Score), cmp.Compare(x.Percentile, y.Percentile)) < 0
}

func cycleRow(c Cycle) []byte {
	var e encoder
	e.strings([]string{c.Title, c.Release, c.Support, c.End, c.Latest})
	e.bool(c.Ended)
	e.strings(c.IDs)
	return e.b
}

func readCycle(key, value []byte) (Cycle, error) {
	product, name, _ := strings.Cut(string(key), "\x00")
	d := decoder{s: string(value)}
	all := d.strings()
	if len(all) != 5 {
		return Cycle{}, fmt.Errorf("section %s: %w", cycles, errEncoding)
	}
	c := Cycle{Product: product, Name: name, Title: all[0], Release: all[1], Support: all[2], End: all[3], Latest: all[4], Ended: d.bool(), IDs: d.strings()}
	return c, d.end("section " + cycles)
}
