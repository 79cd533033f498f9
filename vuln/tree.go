package vuln

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// root is a section: a tree of blocks of which each is named by its place and
// digest in the block above it.
type root struct {
	Section string `json:"section"`
	Rows    int    `json:"rows"`
	Levels  int    `json:"levels"` // of blocks; 0 where there are no rows
	Offset  uint64 `json:"offset"`
	Size    uint32 `json:"size"`
	Raw     uint32 `json:"raw"`
	Digest  string `json:"sha256"`
}

// output is what blocks are appended to.
type output struct {
	w        io.Writer
	offset   uint64
	compress *zstd.Encoder
}

// put writes bytes as they are.
func (o *output) put(data []byte) error {
	n, err := o.w.Write(data)
	o.offset += uint64(n)
	return err
}

// newCompressor makes the encoder of all blocks. Its settings are part of the
// form of the file: others give other bytes, which are read all the same.
func newCompressor() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedBetterCompression),
		zstd.WithEncoderConcurrency(runtime.GOMAXPROCS(0)),
		zstd.WithEncoderCRC(false), // digests are better
		zstd.WithWindowSize(64<<10))
}

// packed is a block on its way to the file.
type packed struct {
	raw, data, first []byte
	digest           [sha256.Size]byte
}

func (p *packed) pack(e *zstd.Encoder) {
	if p.data != nil {
		return // packed before
	}
	p.data = e.EncodeAll(p.raw, nil)
	p.digest = sha256.Sum256(p.data)
}

// treeWriter writes a section from rows that come in order.
type treeWriter struct {
	out     *output
	size    int
	section string
	// known gives the compressed form of rows that were compressed before, or nil.
	known  func(rows []byte) (*packed, error)
	leaf   block
	batch  []*packed
	levels []*block // indexes, the lowest first
	counts []int    // blocks of each level, leaves first
	rows   int
	top    place // block written last
	last   []byte
}

func newTree(out *output, section string, size int) *treeWriter {
	return &treeWriter{out: out, section: section, size: size, counts: []int{0}}
}

// add appends a row. Keys must rise.
func (t *treeWriter) add(key, value []byte) error {
	if t.rows > 0 && string(key) <= string(t.last) {
		return fmt.Errorf("section %s: key %q comes after %q", t.section, key, t.last)
	}
	if len(key) > maxKey || len(value) > maxValue {
		return fmt.Errorf("section %s: the row of %q is too large", t.section, key)
	}
	t.last = append(t.last[:0], key...)
	t.leaf.add(key, value)
	t.rows++
	if t.leaf.full(t.size) {
		return t.cut()
	}
	return nil
}

// batchSize is how many blocks are compressed at a time.
const batchSize = 32

// cut ends a leaf.
func (t *treeWriter) cut() error {
	p := &packed{raw: bytes.Clone(t.leaf.data)}
	if t.known != nil {
		was, err := t.known(p.raw)
		if err != nil {
			return err
		}
		if was != nil {
			p = was
		}
	}
	p.first = bytes.Clone(t.leaf.first)
	t.batch = append(t.batch, p)
	t.leaf.reset()
	if len(t.batch) < batchSize {
		return nil
	}
	return t.flush()
}

// flush compresses leaves on all cores and writes them in order.
func (t *treeWriter) flush() error {
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), len(t.batch))
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(t.batch); i += workers {
				t.batch[i].pack(t.out.compress)
			}
		})
	}
	wait.Wait()
	for _, p := range t.batch {
		if err := t.write(0, p); err != nil {
			return err
		}
	}
	t.batch = t.batch[:0]
	return nil
}

// write puts a block into the file and its place into the index above.
func (t *treeWriter) write(level int, p *packed) error {
	at := place{t.out.offset, uint32(len(p.data)), uint32(len(p.raw)), p.digest}
	if err := t.out.put(p.data); err != nil {
		return err
	}
	t.counts[level]++
	t.top = at
	if level == len(t.levels) {
		t.levels = append(t.levels, &block{})
		t.counts = append(t.counts, 0)
	}
	index := t.levels[level]
	index.add(p.first, at.append(nil))
	// An index has two rows at least, or the tree would not end.
	if index.rows > 1 && index.full(t.size) {
		return t.writeIndex(level)
	}
	return nil
}

func (t *treeWriter) writeIndex(level int) error {
	index := t.levels[level]
	p := &packed{raw: index.data, first: index.first}
	p.pack(t.out.compress)
	if err := t.write(level+1, p); err != nil {
		return err
	}
	index.reset()
	return nil
}

// finish writes what is left. The top is the first level that has one block.
func (t *treeWriter) finish() (root, error) {
	if t.leaf.rows > 0 {
		if err := t.cut(); err != nil {
			return root{}, err
		}
	}
	if err := t.flush(); err != nil {
		return root{}, err
	}
	r := root{Section: t.section, Rows: t.rows}
	if t.rows == 0 {
		return r, nil
	}
	level := 0
	for t.counts[level] > 1 {
		if t.levels[level].rows > 0 {
			if err := t.writeIndex(level); err != nil {
				return root{}, err
			}
		}
		level++
	}
	r.Levels = level + 1
	r.Offset, r.Size, r.Raw = t.top.offset, t.top.size, t.top.raw
	r.Digest = fmt.Sprintf("%x", t.top.digest)
	return r, nil
}
