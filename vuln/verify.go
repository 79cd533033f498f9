package vuln

import (
	"bytes"
	"context"
	"fmt"
)

// Verify reads every block and every row. It is an error that wraps ErrAltered or
// ErrCut where anything is not what was written.
func (db *DB) Verify(ctx context.Context) error {
	v := &verifier{ctx: ctx, blocks: db.blocks, used: uint64(len(magic))}
	for _, section := range sections {
		r := db.front.roots[section]
		if r.Levels == 0 {
			continue
		}
		v.section, v.rows, v.last = section, 0, nil
		top, err := r.place()
		if err == nil {
			err = v.walk(top, r.Levels-1, nil)
		}
		if err != nil {
			return err
		}
		if v.rows != r.Rows {
			return fmt.Errorf("%w: section %s has %d rows and not %d", ErrAltered, section, v.rows, r.Rows)
		}
	}
	if v.used != db.front.blocks {
		return fmt.Errorf("%w: %d of %d bytes are accounted for", ErrAltered, v.used, db.front.blocks)
	}
	return nil
}

type verifier struct {
	ctx     context.Context
	blocks  *blocks
	section string
	used    uint64 // bytes of the file that are accounted for
	rows    int
	last    []byte // key of the row before
}

// walk reads a block and those below it. First is the key that the index gives it.
func (v *verifier) walk(p place, level int, first []byte) error {
	if err := v.ctx.Err(); err != nil {
		return context.Cause(v.ctx)
	}
	raw, err := v.blocks.read(p)
	if err != nil {
		return err
	}
	v.used += uint64(p.size)
	if v.used > v.blocks.end {
		return fmt.Errorf("%w: section %s has blocks twice", ErrAltered, v.section)
	}
	if level == 0 {
		return v.leaf(raw, first)
	}
	children, err := readIndex(raw)
	if err != nil {
		return fmt.Errorf("%w: section %s: %w", ErrCut, v.section, err)
	}
	if first != nil && !bytes.Equal(children[0].first, first) {
		return v.misplaced(children[0].first)
	}
	for _, c := range children {
		if err := v.walk(c.place, level-1, c.first); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) misplaced(key []byte) error {
	return fmt.Errorf("%w: section %s: key %q stands where it is not found", ErrAltered, v.section, clip(string(key)))
}

func (v *verifier) leaf(raw, first []byte) error {
	r := rowReader{data: raw}
	for n := 0; ; n++ {
		ok, err := r.next()
		if err != nil {
			return fmt.Errorf("%w: section %s: %w", ErrCut, v.section, err)
		}
		if !ok {
			return nil
		}
		if n == 0 && first != nil && !bytes.Equal(r.key, first) || v.rows > 0 && bytes.Compare(r.key, v.last) <= 0 {
			return v.misplaced(r.key)
		}
		if err := readRow(v.section, r.key, r.value); err != nil {
			return fmt.Errorf("%w: %w", ErrCut, err)
		}
		v.last = append(v.last[:0], r.key...)
		v.rows++
	}
}

// readRow says whether a row can be read.
func readRow(section string, key, value []byte) (err error) {
	switch section {
	case records:
		_, err = readRecord(value)
	case packages:
		_, err = readPackage(key, value)
	case exploited:
		_, err = readExploited(key, value)
	case likelihood:
		_, err = readLikelihood(key, value)
	case cycles:
		_, err = readCycle(key, value)
	case filters:
		_, err = readFilter(value)
	case about:
		_, err = readContents(value)
	case aliases:
		d := decoder{s: string(value)}
		d.strings()
		err = d.end("section " + aliases)
	}
	return err
}
