package vuln

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// compiler writes a database from sorted rows, section by section.
type compiler struct {
	ctx     context.Context
	builder *Builder
	out     *output
	in      *ahead  // what was added
	derived *sorter // rows that follow from others

	header     header
	contents   Contents
	superseded map[string]bool // keys of records of the base that have no place any more
	groups     *groups
	counts     map[string]*Ecosystem
	names      map[string][]uint64 // hashes of names, by ecosystem without release
}

// write is a writer that can be made to fail.
type write struct {
	file *os.File
	do   func(*os.File, []byte) (int, error)
}

func (w write) Write(b []byte) (int, error) { return w.do(w.file, b) }

// compile writes the whole file.
func (b *Builder) compile(ctx context.Context, f *os.File) (built Built, err error) {
	in, err := b.in.sorted()
	if err != nil {
		return built, err
	}
	compress, err := newCompressor()
	if err != nil {
		return built, err
	}
	buffer := bufio.NewWriterSize(write{f, b.options.write}, 256<<10)
	c := &compiler{
		ctx: ctx, builder: b, in: &ahead{stream: in},
		out:     &output{w: buffer, compress: compress},
		derived: newSorter(filepath.Dir(b.path), b.options.Memory),
		header:  header{Format: formatName, Version: Version},
		groups:  newGroups(), superseded: map[string]bool{},
		counts: map[string]*Ecosystem{}, names: map[string][]uint64{},
	}
	defer func() { err = errors.Join(err, c.derived.close()) }()
	if err := c.all(); err != nil {
		return built, err
	}
	end, err := sealed(ctx, c.header, c.out.offset, b.options.Signer)
	if err != nil {
		return built, err
	}
	if err := errors.Join(c.out.put(end), buffer.Flush()); err != nil {
		return built, err
	}
	built = Built{Records: c.header.Roots[0].Rows, Added: b.added}
	built.Superseded = b.added - built.Records
	if b.options.Base != nil {
		built.Superseded += b.options.Base.front.roots[records].Rows
	}
	return built, nil
}

// all writes the sections in the order of sections.
func (c *compiler) all() error {
	if err := c.out.put(magic); err != nil {
		return err
	}
	for _, do := range []func() error{c.records, c.aliases, c.facts, c.derivedSections, c.filters, c.about} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// records writes the records, and collects what follows from them.
func (c *compiler) records() error {
	c.contents.Records = map[string]int{}
	return c.merge(records, kindRecord, c.in, newerRecord, func(key, value []byte, fresh bool) ([]byte, error) {
		row := value
		if fresh {
			var err error
			if row, err = splitRecord(key, value, c.derive(kindPackage)); err != nil {
				return nil, err
			}
		}
		r, err := readRecord(row)
		if err != nil {
			return nil, err
		}
		c.tally(r)
		return row, nil
	})
}

// derive gives a function that adds rows of a kind to what is written later.
func (c *compiler) derive(kind byte) func(key, value []byte) error {
	return func(key, value []byte) error { return c.derived.add(append([]byte{kind}, key...), value) }
}

func (c *compiler) tally(r *Record) {
	c.contents.Records[r.Source]++
	if r.Withdrawn.IsZero() {
		c.groups.join(r.ID, r.Aliases)
	} else {
		c.contents.Withdrawn++
	}
	last := ""
	for _, a := range r.Affected { // in order
		if a.Ecosystem != last {
			c.ecosystem(a.Ecosystem).Records++
		}
		last = a.Ecosystem
	}
}

func (c *compiler) ecosystem(name string) *Ecosystem {
	e := c.counts[name]
	if e == nil {
		e = &Ecosystem{Name: name}
		c.counts[name] = e
	}
	return e
}

func (c *compiler) aliases() error {
	tree := newTree(c.out, aliases, c.builder.options.blockSize)
	err := c.groups.rows(func(id []byte, group []string, first bool) error {
		c.contents.Groups += count(first)
		var e encoder
		e.strings(group)
		return tree.add(id, e.b)
	})
	c.contents.AliasesApart = c.groups.apart
	c.groups = nil
	return errors.Join(err, c.end(tree))
}

// facts writes what stands beside the records.
func (c *compiler) facts() error {
	keep := func(n *int) keeper {
		return func(_, value []byte, _ bool) ([]byte, error) {
			*n++
			return value, nil
		}
	}
	if err := c.merge(exploited, kindExploited, c.in, newerExploited, keep(&c.contents.Exploited)); err != nil {
		return err
	}
	if err := c.merge(likelihood, kindLikelihood, c.in, newerLikelihood, keep(&c.contents.Likelihoods)); err != nil {
		return err
	}
	product := c.derive(kindProduct)
	return c.merge(cycles, kindCycle, c.in, later, func(key, value []byte, _ bool) ([]byte, error) {
		c.contents.Cycles++
		cycle, err := readCycle(key, value)
		for _, id := range cycle.IDs {
			err = errors.Join(err, product(keyOf(id, cycle.Product), nil))
		}
		return value, err
	})
}

// later lets the row that was added later stay.
func later(_, _ []byte) bool { return true }

// derivedSections writes what follows from the sections before.
func (c *compiler) derivedSections() error {
	sorted, err := c.derived.sorted()
	if err != nil {
		return err
	}
	in := &ahead{stream: sorted}
	asIs := func(_, value []byte, _ bool) ([]byte, error) { return value, nil }
	// The products of the base come from its cycles again.
	if err := c.mergeRows(products, kindProduct, in, nil, later, asIs); err != nil {
		return err
	}
	var last []byte
	return c.merge(packages, kindPackage, in, later, func(key, value []byte, fresh bool) ([]byte, error) {
		ecosystem, rest, _ := bytes.Cut(key, nul)
		name, record, ok := bytes.Cut(rest, nul)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: section %s: %w", ErrCut, packages, errEncoding)
		case !fresh && c.superseded[string(record)]:
			return nil, errSkip
		}
		if of := key[:len(ecosystem)+1+len(name)]; !bytes.Equal(of, last) {
			last = append(last[:0], of...)
			c.ecosystem(string(ecosystem)).Packages++
			base := baseOf(string(ecosystem))
			c.names[base] = append(c.names[base], hashOf(of))
		}
		return value, nil
	})
}

var nul = []byte{0}

func (c *compiler) filters() error {
	tree := newTree(c.out, filters, c.builder.options.blockSize)
	for _, base := range slices.Sorted(maps.Keys(c.names)) {
		if err := tree.add([]byte(base), newFilter(c.names[base]).bits); err != nil {
			return err
		}
	}
	c.names = nil
	return c.end(tree)
}

func (c *compiler) about() error {
	c.contents.Ecosystems = []Ecosystem{}
	for _, name := range slices.Sorted(maps.Keys(c.counts)) {
		c.contents.Ecosystems = append(c.contents.Ecosystems, *c.counts[name])
	}
	sources := c.builder.sources
	if base := c.builder.options.Base; base != nil {
		info, err := base.Info()
		if err != nil {
			return err
		}
		sources = slices.Concat(info.Sources, sources)
	}
	c.contents.Sources = unite(sources)
	text, err := json.Marshal(c.contents)
	if err != nil {
		return err
	}
	tree := newTree(c.out, about, c.builder.options.blockSize)
	if err := tree.add(nil, text); err != nil {
		return err
	}
	return c.end(tree)
}

func (c *compiler) end(t *treeWriter) error {
	r, err := t.finish()
	c.header.Roots = append(c.header.Roots, r)
	return err
}

// keeper says which value stands in the new database under a key. errSkip leaves
// the row out. Key and value are good during the call.
type keeper func(key, value []byte, fresh bool) ([]byte, error)

var errSkip = errors.New("skip this row")

// merge writes a section from what the base has and what was added.
func (c *compiler) merge(section string, kind byte, in *ahead, newer func(a, b []byte) bool, keep keeper) error {
	var old *cursor
	if base := c.builder.options.Base; base != nil {
		var err error
		if old, err = base.blocks.seek(base.front.roots[section], nil); err != nil {
			return fmt.Errorf("base: %w", err)
		}
	}
	return c.mergeRows(section, kind, in, old, newer, keep)
}

func (c *compiler) mergeRows(section string, kind byte, in *ahead, old *cursor, newer func(a, b []byte) bool, keep keeper) error {
	tree := newTree(c.out, section, c.builder.options.blockSize)
	if old != nil {
		tree.known = old.packed
	}
	write := func(key, value []byte, fresh bool) error {
		if tree.rows%1024 == 0 && c.ctx.Err() != nil {
			return context.Cause(c.ctx)
		}
		switch value, err := keep(key, value, fresh); err {
		case nil:
			return tree.add(key, value)
		case errSkip:
			return nil
		default:
			return err
		}
	}
	fresh, err := in.take(kind, newer)
	for err == nil {
		var has bool
		if has, err = old.peek(); err != nil || !has && fresh == nil {
			break
		}
		order := -1
		switch {
		case !has:
			order = 1
		case fresh != nil:
			order = bytes.Compare(old.row.key, fresh.key)
		}
		if order == 0 && newer(old.row.value, fresh.value) {
			c.superseded[string(fresh.key)] = true
			order = 1
			old.keep = false
		} else if order == 0 { // the old row stays
			if fresh, err = in.take(kind, newer); err != nil {
				break
			}
			order = -1
		}
		if order < 0 {
			err = write(old.row.key, old.row.value, false)
			old.keep = false
			continue
		}
		if err = write(fresh.key, fresh.value, true); err == nil {
			fresh, err = in.take(kind, newer)
		}
	}
	if err != nil {
		return err
	}
	return c.end(tree)
}

// ahead reads a stream with a row in hand.
type ahead struct {
	stream
	begun, has bool
}

// pair is a row.
type pair struct{ key, value []byte }

// take gives the next row of a kind, without the kind; nil where the next row is of
// another one. Of rows with the same key the one stays that newer puts last.
func (a *ahead) take(kind byte, newer func(a, b []byte) bool) (*pair, error) {
	if !a.begun {
		a.begun = true
		if err := a.advance(); err != nil {
			return nil, err
		}
	}
	if !a.has || a.key()[0] != kind {
		return nil, nil
	}
	p := &pair{bytes.Clone(a.key()[1:]), bytes.Clone(a.value())}
	for {
		if err := a.advance(); err != nil {
			return nil, err
		}
		if !a.has || a.key()[0] != kind || !bytes.Equal(a.key()[1:], p.key) {
			return p, nil
		}
		if newer(p.value, a.value()) {
			p.value = append(p.value[:0], a.value()...)
		}
	}
}

func (a *ahead) advance() (err error) {
	a.has, err = a.next()
	return err
}
