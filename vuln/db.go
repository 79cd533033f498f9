package vuln

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"

	"theriac/trust"
)

// DB is a database that is open. It may be used by many at a time. What it gives
// may be changed by nobody.
type DB struct {
	file    *os.File
	size    int64
	front   *front
	blocks  *blocks
	filters sync.Map // by ecosystem without release, *filter; nil where it has no names
}

// Open opens a database without reading more than its ends. With trusted keys one
// of them must have signed it.
func Open(path string, trusted ...*trust.PublicKey) (*DB, error) {
	file, size, err := openFile(path)
	if err != nil {
		return nil, err
	}
	f, err := readFront(file, size, trusted)
	if err != nil {
		_ = file.Close() // was only read
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &DB{file: file, size: size, front: f, blocks: newBlocks(file, f.blocks, cacheSize)}, nil
}

// Close ends the use of the file.
func (db *DB) Close() error { return db.file.Close() }

// prefixed calls row for each row of a section whose key begins with the parts.
func (db *DB) prefixed(section string, row func(key, value []byte) (more bool, err error), parts ...string) error {
	top := db.front.roots[section]
	if top.Levels == 0 {
		return nil
	}
	prefix := keyOf(parts...)
	c, err := db.blocks.seek(top, prefix)
	if err != nil {
		return err
	}
	for {
		ok, err := c.next()
		if err != nil || !ok || !bytes.HasPrefix(c.row.key, prefix) {
			return err
		}
		if more, err := row(c.row.key, c.row.value); err != nil || !more {
			return err
		}
	}
}

// exact finds the row of a key; nil where there is none.
func (db *DB) exact(section, key string) (value []byte, err error) {
	err = db.prefixed(section, func(k, v []byte) (bool, error) {
		if string(k) == key {
			value = v
		}
		return false, nil
	}, key)
	return value, err
}

// Entries are what records say of a package, by record. The name may be in any
// form; the ecosystem is with its release, as the records have it.
func (db *DB) Entries(ecosystem, name string) ([]Entry, error) {
	if !good(ecosystem, maxID) || !good(name, maxName) {
		return nil, nil
	}
	if name = Normal(ecosystem, name); name == "" {
		return nil, nil
	}
	f, err := db.filter(ecosystem)
	if err != nil || f == nil || !f.may(hashOf(keyOf(ecosystem, name))) {
		return nil, err
	}
	var all []Entry
	err = db.prefixed(packages, func(key, value []byte) (bool, error) {
		some, err := readPackage(key, value)
		all = append(all, some...)
		return true, err
	}, ecosystem, name, "")
	return all, err
}

// Has says whether anything is known of an ecosystem with exactly this release.
func (db *DB) Has(ecosystem string) (bool, error) {
	return db.begins(ecosystem, "")
}

// HasVendor says whether any product of a vendor is known by its CPE.
func (db *DB) HasVendor(vendor string) (bool, error) {
	return db.begins("CPE", strings.ToLower(vendor)+":")
}

func (db *DB) begins(ecosystem, name string) (found bool, err error) {
	if !good(ecosystem, maxID) {
		return false, nil
	}
	err = db.prefixed(packages, func([]byte, []byte) (bool, error) {
		found = true
		return false, nil
	}, ecosystem, name)
	return found, err
}

// Records are the records of an id, one for each source. Of the packages that they
// name they have ecosystem and normal name alone; Entries has the rest.
func (db *DB) Records(id string) ([]Record, error) {
	if !good(id, maxID) {
		return nil, nil
	}
	var all []Record
	err := db.prefixed(records, func(_, value []byte) (bool, error) {
		r, err := readRecord(value)
		if err == nil {
			all = append(all, *r)
		}
		return true, err
	}, id, "")
	return all, err
}

// Aliases are all ids of the vulnerability that an id names, itself among them, in
// order; nil where it has no other.
func (db *DB) Aliases(id string) ([]string, error) {
	for range 2 {
		value, err := db.exact(aliases, id)
		if err != nil || value == nil {
			return nil, err
		}
		d := decoder{s: string(value)}
		group := d.strings()
		if err := d.end("section " + aliases); err != nil {
			return nil, err
		}
		if len(group) != 1 {
			return withItself(group, id), nil
		}
		id = group[0]
	}
	return nil, fmt.Errorf("%w: the group of %s has no end", ErrCut, id)
}

// withItself puts an id in its place among those of its group.
func withItself(group []string, id string) []string {
	for i := range group {
		group[i] = cmp.Or(group[i], id)
	}
	return group
}

// Exploited says whether a CVE is known to be exploited.
func (db *DB) Exploited(cve string) (x Exploited, found bool, err error) {
	value, err := db.exact(exploited, cve)
	if err != nil || value == nil {
		return x, false, err
	}
	x, err = readExploited([]byte(cve), value)
	return x, err == nil, err
}

// Likelihood is how likely a CVE is exploited.
func (db *DB) Likelihood(cve string) (l Likelihood, found bool, err error) {
	value, err := db.exact(likelihood, cve)
	if err != nil || value == nil {
		return l, false, err
	}
	l, err = readLikelihood([]byte(cve), value)
	return l, err == nil, err
}

// HasCycles says whether release cycles of any product are known.
func (db *DB) HasCycles() bool { return db.front.roots[cycles].Rows > 0 }

// Cycles are the release cycles of a product, by name.
func (db *DB) Cycles(product string) ([]Cycle, error) {
	if !good(product, maxName) {
		return nil, nil
	}
	var all []Cycle
	err := db.prefixed(cycles, func(key, value []byte) (bool, error) {
		c, err := readCycle(key, value)
		all = append(all, c)
		return true, err
	}, product, "")
	return all, err
}

// Products are the names of the products that have an identifier (a package URL or
// CPE as the data give it) and of which Cycles are known.
func (db *DB) Products(id string) ([]string, error) {
	if !good(id, maxName) {
		return nil, nil
	}
	var all []string
	err := db.prefixed(products, func(key, _ []byte) (bool, error) {
		all = append(all, string(key[len(id)+1:]))
		return true, nil
	}, id, "")
	return all, err
}

// Info says what the database is.
func (db *DB) Info() (*Info, error) {
	value, err := db.exact(about, "")
	if err != nil {
		return nil, err
	}
	c, err := readContents(value)
	return &Info{
		Contents: c, Version: Version, Size: db.size,
		Digest: hex.EncodeToString(db.front.digest[:]), Signers: db.front.signers, Verified: db.front.verified,
	}, err
}

// filter reads the filter of an ecosystem, which is kept; nil where nothing is
// known of it.
func (db *DB) filter(ecosystem string) (*filter, error) {
	base, _, _ := strings.Cut(ecosystem, ":")
	if f, ok := db.filters.Load(base); ok {
		return f.(*filter), nil
	}
	value, err := db.exact(filters, base)
	if err != nil {
		return nil, err
	}
	var f *filter
	if value != nil {
		if f, err = readFilter(value); err != nil {
			return nil, err
		}
		db.filters.Store(base, f)
	}
	return f, nil
}
