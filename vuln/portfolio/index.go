package portfolio

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"theriac/sbom"
	"theriac/triage"
	"theriac/vuln"
	"theriac/vuln/match"
)

// Index is the file of a state in which lines are looked up without reading the others.
type Index struct {
	About aboutLine
	file  io.ReaderAt
	size  int64
	close func() error
}

// OpenIndex opens the file of a state.
func OpenIndex(name string) (*Index, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s: %w: no regular file", name, ErrState)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	x, err := newIndex(f, info.Size())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
	}
	x.close = f.Close
	return x, nil
}

func newIndex(file io.ReaderAt, size int64) (*Index, error) {
	x := &Index{file: file, size: size}
	start := make([]byte, min(int64(len(stateHeader)+1), size))
	if _, err := file.ReadAt(start, 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if string(start) != stateHeader+"\n" {
		return nil, ErrState
	}
	about := false
	err := x.prefixed(wordAbout+"\t", func(line string) error {
		about = true
		return unmarshal(line[len(wordAbout)+1:], &x.About)
	})
	if err == nil && !about {
		err = fmt.Errorf("%w: it ends before its line about the run", ErrState)
	}
	return x, err
}

// Close ends the use of the file.
func (x *Index) Close() error { return x.close() }

// begin is where the first line at or behind an offset begins; the size of the file
// where there is none.
func (x *Index) begin(at int64) (int64, error) {
	first := int64(len(stateHeader) + 1)
	if at <= first {
		return first, nil
	}
	at-- // a line begins behind a line end
	buffer := make([]byte, 4<<10)
	for from := at; from-at < maxStateLine && from < x.size; from += int64(len(buffer)) {
		n, err := x.file.ReadAt(buffer, from)
		if i := bytes.IndexByte(buffer[:n], '\n'); i >= 0 {
			return from + int64(i) + 1, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, err
		}
	}
	return x.size, nil
}

// lines reads lines from an offset where one begins until use says that it has enough.
func (x *Index) lines(at int64, use func(line string) (more bool, err error)) error {
	buffer, held := make([]byte, 16<<10), []byte(nil)
	for at < x.size {
		n, err := x.file.ReadAt(buffer, at)
		if n == 0 {
			return cmp.Or(err, ErrState)
		}
		at += int64(n)
		held = append(held, buffer[:n]...)
		for {
			line, rest, whole := bytes.Cut(held, []byte("\n"))
			if !whole {
				break
			}
			held = rest
			if more, err := use(string(line)); err != nil || !more {
				return err
			}
		}
		if len(held) > maxStateLine {
			return fmt.Errorf("%w: a line is too long", ErrState)
		}
	}
	if len(held) > 0 {
		return fmt.Errorf("%w: its last line is cut", ErrState)
	}
	return nil
}

// prefixed calls use for the lines that begin with a prefix.
func (x *Index) prefixed(prefix string, use func(line string) error) error {
	low, high := int64(0), x.size
	for high-low > 1 {
		middle := low + (high-low)/2
		at, err := x.begin(middle)
		if err != nil {
			return err
		}
		before := false
		err = x.lines(at, func(line string) (bool, error) {
			before = line < prefix
			return false, nil
		})
		if err != nil {
			return err
		}
		if at < x.size && before {
			low = middle
		} else {
			high = middle
		}
	}
	at, err := x.begin(low)
	if err != nil {
		return err
	}
	return x.lines(at, func(line string) (bool, error) {
		switch {
		case line < prefix:
			return true, nil
		case !strings.HasPrefix(line, prefix):
			return false, nil
		}
		return true, use(line)
	})
}

// Bills are all bills of the portfolio, by number.
func (x *Index) Bills() ([]Bill, error) {
	var all []Bill
	err := x.prefixed(wordBill+"\t", func(line string) error {
		parts := strings.Split(line, "\t")
		if len(parts) != 3 || len(all) >= maxBills {
			return ErrState
		}
		var b Bill
		err := unmarshal(parts[2], &b)
		all = append(all, b)
		return err
	})
	return all, err
}

// named are the components that are looked up under a name.
func (x *Index) named(k match.Key, bills int, add func(text string, c Component)) error {
	prefix := strings.Join([]string{wordComponent, keyText(k.Ecosystem), keyText(k.Name), ""}, "\t")
	return x.prefixed(prefix, func(line string) error {
		parts := strings.Split(line, "\t")
		if len(parts) != 5 {
			return ErrState
		}
		var c Component
		if err := unmarshal(parts[3], &c); err != nil {
			return fmt.Errorf("%w: %w", ErrState, err)
		}
		c.Bills = Numbers(parts[4])
		if _, err := c.Bills.check(bills); err != nil {
			return fmt.Errorf("%w: %w", ErrState, err)
		}
		add(parts[3], c)
		return nil
	})
}

// Touched is a component that a new advisory is about.
type Touched struct {
	match.Finding
	Unsure bool    // whether the version is vulnerable cannot be told
	Known  bool    // the vulnerability was already found in it
	Bills  Numbers // that list it
}

// Advisory holds advisories against the components of the portfolio.
func (x *Index) Advisory(records []vuln.Record, bills int, o match.Options) ([]Touched, error) {
	var parts []Component
	bom := &sbom.BOM{}
	seen := map[string]bool{}
	for _, r := range records {
		for _, a := range r.Affected {
			err := x.named(match.Key{Ecosystem: a.Ecosystem, Name: vuln.Normal(a.Ecosystem, a.Name)}, bills, func(text string, c Component) {
				if !seen[text] {
					seen[text] = true
					parts = append(parts, c)
					bom.Components = append(bom.Components, c.entry())
				}
			})
			if err != nil {
				return nil, err
			}
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	r, err := match.Match(bom, newFew(records, x.About.Ecosystems), o)
	if err != nil {
		return nil, err
	}
	var all []Touched
	for unsure, list := range map[bool][]match.Finding{false: r.Findings, true: r.Unknown} {
		for _, f := range list {
			known, err := x.known(&f)
			if err != nil {
				return nil, err
			}
			all = append(all, Touched{Finding: f, Unsure: unsure, Known: known, Bills: parts[f.Component].Bills})
		}
	}
	slices.SortFunc(all, func(a, b Touched) int {
		return cmp.Or(cmp.Compare(a.PURL, b.PURL), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Component, b.Component))
	})
	return all, nil
}

// known reports whether a vulnerability was found in a component by the run before.
func (x *Index) known(f *match.Finding) (bool, error) {
	ids := append([]string{f.ID}, f.Aliases...)
	c := triage.Component{PURL: f.PURL, Name: f.Name, Version: f.Version}
	found := false
	err := x.prefixed(wordFinding+"\t"+keyText(c.String())+"\t", func(line string) error {
		parts := strings.Split(line, "\t")
		var was Finding
		if len(parts) != 4 {
			return ErrState
		}
		if err := unmarshal(parts[3], &was); err != nil {
			return fmt.Errorf("%w: %w", ErrState, err)
		}
		found = found || slices.ContainsFunc(was.ids(), func(id string) bool { return slices.Contains(ids, id) })
		return nil
	})
	return found, err
}

// few are advisories in memory. What ecosystems there are it knows from the data of the
// run before: a component is then looked up as it was in that run.
type few struct {
	records    []vuln.Record
	ecosystems map[string]bool
}

func newFew(records []vuln.Record, known []string) *few {
	f := &few{records: records, ecosystems: map[string]bool{}}
	for _, e := range known {
		f.ecosystems[e] = true
	}
	for _, r := range records {
		for _, a := range r.Affected {
			f.ecosystems[a.Ecosystem] = true
		}
	}
	return f
}

// few implements match.Advisories.

func (f *few) Has(ecosystem string) (bool, error) { return f.ecosystems[ecosystem], nil }
func (f *few) HasVendor(string) (bool, error)     { return true, nil }

func (f *few) Entries(ecosystem, name string) ([]vuln.Entry, error) {
	var all []vuln.Entry
	for _, r := range f.records {
		for _, a := range r.Affected {
			if a.Ecosystem == ecosystem && vuln.Normal(ecosystem, a.Name) == name {
				all = append(all, vuln.Entry{Record: r.ID, Source: r.Source, Withdrawn: !r.Withdrawn.IsZero(), Affected: a})
			}
		}
	}
	return all, nil
}

func (f *few) Records(id string) ([]vuln.Record, error) {
	var all []vuln.Record
	for _, r := range f.records {
		if r.ID == id {
			all = append(all, r)
		}
	}
	return all, nil
}

func (f *few) Aliases(string) ([]string, error)               { return nil, nil }
func (f *few) Exploited(string) (vuln.Exploited, bool, error) { return vuln.Exploited{}, false, nil }
func (f *few) Likelihood(string) (vuln.Likelihood, bool, error) {
	return vuln.Likelihood{}, false, nil
}
