package vuln

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"sort"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// blocks reads blocks of a file and refuses those that are not what they must be.
type blocks struct {
	file  io.ReaderAt
	end   uint64 // of the blocks
	cache *cache
	zstd  func() (*zstd.Decoder, error)
	spare sync.Pool // of *[]byte, for blocks as they stand in the file
}

// maxSpare bounds what is kept for the next block, in bytes.
const maxSpare = 64 << 10

func newBlocks(file io.ReaderAt, end uint64, room int) *blocks {
	return &blocks{file: file, end: end, cache: newCache(room), zstd: sync.OnceValues(newDecompressor)}
}

func newDecompressor() (*zstd.Decoder, error) {
	return zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxMemory(maxBlock),
		zstd.WithDecodeAllCapLimit(true))
}

// bytes reads a block as it stands in the file, into the buffer where it has the room.
func (b *blocks) bytes(p place, buffer []byte) ([]byte, error) {
	if p.size == 0 || p.raw == 0 || p.offset < uint64(len(magic)) || p.offset > b.end || uint64(p.size) > b.end-p.offset {
		return nil, fmt.Errorf("%w: a block is outside of the file", ErrCut)
	}
	data := slices.Grow(buffer[:0], int(p.size))[:p.size]
	if err := readFull(b.file, data, int64(p.offset)); err != nil {
		return nil, err
	}
	if sha256.Sum256(data) != p.digest {
		return nil, fmt.Errorf("%w: the block at byte %d has another digest", ErrAltered, p.offset)
	}
	return data, nil
}

// read reads what a block holds.
func (b *blocks) read(p place) ([]byte, error) {
	buffer, ok := b.spare.Get().(*[]byte)
	if !ok {
		buffer = new([]byte)
	}
	data, err := b.bytes(p, *buffer)
	if err != nil {
		return nil, err
	}
	if cap(data) <= maxSpare {
		*buffer = data
		defer b.spare.Put(buffer)
	}
	d, err := b.zstd()
	if err != nil {
		return nil, err
	}
	raw, err := d.DecodeAll(data, make([]byte, 0, p.raw+beyond))
	if err != nil || len(raw) != int(p.raw) {
		return nil, fmt.Errorf("%w: the block at byte %d cannot be expanded", ErrCut, p.offset)
	}
	return raw, nil
}

// beyond is the room behind a block that lets the decoder copy 16 bytes at a time without
// looking where the block ends.
const beyond = 16

// node reads a block of a level; 0 are rows.
func (b *blocks) node(p place, level int) (*node, error) {
	if n := b.cache.get(p.offset); n != nil && (n.children == nil) == (level == 0) {
		return n, nil
	}
	raw, err := b.read(p)
	if err != nil {
		return nil, err
	}
	n := &node{rows: raw}
	if level > 0 {
		children, err := readIndex(raw)
		if err != nil {
			return nil, fmt.Errorf("%w: the index at byte %d: %w", ErrCut, p.offset, err)
		}
		n = &node{children: children}
	}
	b.cache.put(p.offset, n)
	return n, nil
}

// place is that of the top of the tree.
func (r root) place() (place, error) {
	p := place{offset: r.Offset, size: r.Size, raw: r.Raw}
	digest, err := hex.DecodeString(r.Digest)
	if err != nil || len(digest) != sha256.Size || r.Size > maxBlock || r.Raw > maxBlock {
		return p, fmt.Errorf("%w: header", ErrCut)
	}
	copy(p.digest[:], digest)
	return p, nil
}

// cursor goes through the rows of a section in order.
type cursor struct {
	blocks *blocks
	root   root
	path   []step // indexes from the top down to the rows
	row    rowReader
	keep   bool   // row stands at one that next has not given yet
	leaf   place  // of the block that row is in
	rows   []byte // of that block
	bound  []byte // what keys of a new block must be above, so that a forged tree ends
}

// usualKey is the room for keys to begin with, in bytes.
const usualKey = 96

type step struct {
	node *node
	at   int // child below which the cursor is
}

// seek makes a cursor of which next gives the first row at or behind the key.
func (b *blocks) seek(r root, key []byte) (*cursor, error) {
	c := &cursor{blocks: b, root: r}
	if r.Levels == 0 {
		return c, nil
	}
	c.path = make([]step, 0, r.Levels-1)
	c.row.key = make([]byte, 0, usualKey)
	top, err := r.place()
	if err != nil {
		return nil, err
	}
	if err := c.descend(top, r.Levels-1, key); err != nil {
		return nil, err
	}
	for {
		ok, err := c.next()
		if err != nil || !ok {
			return c, err
		}
		if bytes.Compare(c.row.key, key) >= 0 {
			c.keep = true
			return c, nil
		}
	}
}

// descend goes down to the rows that may hold the key, from a block of a level.
func (c *cursor) descend(p place, level int, key []byte) error {
	for {
		n, err := c.blocks.node(p, level)
		if err != nil {
			return err
		}
		if level == 0 {
			c.row = rowReader{data: n.rows, key: c.row.key[:0]}
			c.leaf, c.rows = p, n.rows
			return nil
		}
		i := sort.Search(len(n.children), func(i int) bool { return bytes.Compare(n.children[i].first, key) > 0 })
		i = max(i-1, 0)
		c.path = append(c.path, step{n, i})
		p = n.children[i].place
		level--
	}
}

// peek is next without going on. A nil cursor has no rows.
func (c *cursor) peek() (bool, error) {
	if c == nil {
		return false, nil
	}
	ok, err := c.next()
	c.keep = ok
	return ok, err
}

// next goes on to the next row, which then is c.row.
func (c *cursor) next() (bool, error) {
	if c.keep {
		c.keep = false
		return true, nil
	}
	for {
		ok, err := c.row.next()
		if err != nil {
			return false, fmt.Errorf("%w: section %s: %w", ErrCut, c.root.Section, err)
		}
		if ok && c.bound != nil && bytes.Compare(c.row.key, c.bound) <= 0 {
			return false, fmt.Errorf("%w: section %s: keys do not rise", ErrCut, c.root.Section)
		}
		if ok {
			c.bound = nil
			return true, nil
		}
		if ok, err := c.turn(); err != nil || !ok {
			return false, err
		}
	}
}

// turn goes on to the next block of rows.
func (c *cursor) turn() (bool, error) {
	for len(c.path) > 0 {
		last := &c.path[len(c.path)-1]
		if last.at++; last.at < len(last.node.children) {
			c.bound = append([]byte{}, c.row.key...)
			return true, c.descend(last.node.children[last.at].place, c.root.Levels-1-len(c.path), nil)
		}
		c.path = c.path[:len(c.path)-1]
	}
	return false, nil
}

// packed is the block in which the cursor stands, if it has just these rows.
func (c *cursor) packed(rows []byte) (*packed, error) {
	if !bytes.Equal(rows, c.rows) {
		return nil, nil
	}
	data, err := c.blocks.bytes(c.leaf, nil)
	return &packed{raw: rows, data: data, digest: c.leaf.digest}, err
}
