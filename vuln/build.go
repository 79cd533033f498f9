package vuln

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"theriac/trust"
)

// Options are how a database is built.
type Options struct {
	// Base is a database that the new one begins with: it is what a build from all that
	// went into the base and all that is added would give.
	Base *DB
	// Signer signs it; nil leaves it unsigned.
	Signer trust.Signer
	// Memory bounds what is held for sorting, in bytes; 0 is 32 MiB. Twice as much is
	// used while rows are written to the disk.
	Memory int

	blockSize int                                 // 0 is the usual one
	write     func(*os.File, []byte) (int, error) // where writing is made to fail
}

// Builder collects what goes into a database. It is used by one goroutine at a
// time. What it holds beyond its memory stands in temporary files beside the
// target, which is replaced at the end and by a good file only.
type Builder struct {
	path    string
	options Options
	in      *sorter // all that was added, by kind
	sources []Source
	added   int
}

// The kinds of what is added, as the first byte of keys in the sorter.
const (
	kindRecord = iota
	kindExploited
	kindLikelihood
	kindCycle
)

// The kinds of rows that follow from others.
const (
	kindProduct = iota
	kindPackage
)

const usualMemory = 32 << 20

// NewBuilder begins a database that will stand at the path. A file that is there
// is replaced at the end.
func NewBuilder(path string, o Options) (*Builder, error) {
	if o.Memory == 0 {
		o.Memory = usualMemory
	}
	if o.blockSize == 0 {
		o.blockSize = blockSize
	}
	if o.write == nil {
		o.write = (*os.File).Write
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // keep the link
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is no regular file", path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", dir)
	}
	return &Builder{path: path, options: o, in: newSorter(dir, o.Memory)}, nil
}

// Add adds a record. Of records with the same id and source the one that was
// modified last stays. An error that is ErrRecord leaves the builder as it was.
func (b *Builder) Add(r *Record) error {
	key, value, err := freshRecord(r)
	if err != nil {
		return fmt.Errorf("%q: %w", clip(r.ID), err)
	}
	b.added++
	return b.put(kindRecord, key, value)
}

// clip keeps messages short.
func clip(s string) string {
	if len(s) > 80 {
		return s[:80] + "…"
	}
	return s
}

func (b *Builder) put(kind byte, key, value []byte) error {
	return b.in.add(append([]byte{kind}, key...), value)
}

// AddExploited adds an entry of the catalogue of exploited vulnerabilities. Of
// several of a CVE the one that CISA added last stays.
func (b *Builder) AddExploited(x Exploited) error {
	row := exploitedRow(x)
	if !good(x.CVE, maxID) || len(row) > maxValue {
		return fmt.Errorf("%q: %w: no id, or too long", clip(x.CVE), ErrRecord)
	}
	return b.put(kindExploited, []byte(x.CVE), row)
}

// AddLikelihood adds a probability of exploitation. Of several of a CVE that of the
// last date stays.
func (b *Builder) AddLikelihood(l Likelihood) error {
	row := likelihoodRow(l)
	if !good(l.CVE, maxID) || len(row) > maxValue {
		return fmt.Errorf("%q: %w: no id, or too long", clip(l.CVE), ErrRecord)
	}
	return b.put(kindLikelihood, []byte(l.CVE), row)
}

// AddCycle adds a release cycle. They have no date of their own: of several with
// the same name the one that is added last stays.
func (b *Builder) AddCycle(c Cycle) error {
	row := cycleRow(c)
	if !good(c.Product, maxID) || !good(c.Name, maxName) || len(row) > maxValue {
		return fmt.Errorf("%q: %w: no product, no name, or too long", clip(c.Product), ErrRecord)
	}
	for _, id := range c.IDs {
		if !good(id, maxName) {
			return fmt.Errorf("%q: %w: an identifier is empty or too long", clip(c.Product), ErrRecord)
		}
	}
	return b.put(kindCycle, keyOf(c.Product, c.Name), row)
}

// AddSource notes where data come from. Of sources with the same name and what,
// the one with the newest data stays.
func (b *Builder) AddSource(s Source) {
	s.Newest = s.Newest.UTC()
	b.sources = append(b.sources, s)
}

// Built says what became of what was added.
type Built struct {
	Records    int // in the database
	Added      int // that were given
	Superseded int // of those given and those of the base: another one of the same id stayed
}

// Finish writes the database and gives it its name. Whatever happens, the builder
// cannot be used any more, and on failure the file that was there stays.
func (b *Builder) Finish(ctx context.Context) (built Built, err error) {
	defer func() { err = errors.Join(err, b.Discard()) }()
	dir := filepath.Dir(b.path)
	f, err := os.CreateTemp(dir, ".theriac-db-")
	if err != nil {
		return built, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", b.path, err), f.Close(), os.Remove(f.Name()))
		}
	}()
	if built, err = b.compile(ctx, f); err != nil {
		return built, err
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(b.path); err == nil {
		mode = info.Mode().Perm()
	}
	if err = errors.Join(f.Chmod(mode), f.Sync(), context.Cause(ctx)); err != nil {
		return built, err
	}
	if err = f.Close(); err != nil {
		return built, err
	}
	return built, os.Rename(f.Name(), b.path)
}

// Discard gives back what the builder holds. It does nothing after Finish.
func (b *Builder) Discard() error { return b.in.close() }

// baseOf is the part of an ecosystem before its release.
func baseOf(ecosystem string) string {
	base, _, _ := strings.Cut(ecosystem, ":")
	return base
}
