package vuln

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/fnv"
)

// Limits of rows, of which blocks are made.
const (
	maxKey   = 2 << 10 // bytes
	maxValue = 4 << 20
)

// blockSize is the usual size of a block before compression, in bytes. Look-ups
// read whole blocks: larger ones compress better, smaller ones are read faster.
const blockSize = 8 << 10

// block collects rows in the order of their keys. A key is written as what it
// shares with the one before it, and the rest.
type block struct {
	data        []byte
	first, last []byte
	rows        int
}

func (b *block) add(key, value []byte) {
	shared := 0
	if b.rows == 0 {
		b.first = append(b.first[:0], key...)
	} else {
		shared = common(b.last, key)
	}
	b.data = binary.AppendUvarint(b.data, uint64(shared))
	b.data = binary.AppendUvarint(b.data, uint64(len(key)-shared))
	b.data = binary.AppendUvarint(b.data, uint64(len(value)))
	b.data = append(b.data, key[shared:]...)
	b.data = append(b.data, value...)
	b.last = append(b.last[:0], key...)
	b.rows++
}

func (b *block) reset() { b.data, b.rows = b.data[:0], 0 }

func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// full says whether the block ends here. Within limits that follows from the last
// key, so that a row that is added or taken away moves only the ends near it, and
// databases that differ little have most of their blocks in common.
func (b *block) full(size int) bool {
	switch n := len(b.data); {
	case n < size/2:
		return false
	case n >= 2*size:
		return true
	}
	h := fnv.New32a()
	h.Write(b.last)
	return h.Sum32()%32 == 0
}

// rowReader goes through the rows of a block.
type rowReader struct {
	data       []byte
	key, value []byte // of the row read last; key is good until the next one
	begun      bool
}

// next reads a row. It is false at the end, and err then says whether it is a
// good one.
func (r *rowReader) next() (ok bool, err error) {
	if len(r.data) == 0 {
		return false, nil
	}
	var n [3]uint64
	for i := range n {
		v, size := binary.Uvarint(r.data)
		if size <= 0 {
			return false, errEncoding
		}
		n[i], r.data = v, r.data[size:]
	}
	shared, rest, value := n[0], n[1], n[2]
	left := uint64(len(r.data))
	if shared > uint64(len(r.key)) || rest > left || value > left-rest || shared+rest > maxKey {
		return false, errEncoding
	}
	if r.begun && bytes.Compare(r.data[:rest], r.key[shared:]) <= 0 {
		return false, fmt.Errorf("%w: keys do not rise", errEncoding)
	}
	r.begun = true
	r.key = append(r.key[:shared], r.data[:rest]...)
	r.value = r.data[rest : rest+value : rest+value]
	r.data = r.data[rest+value:]
	return true, nil
}

// place is where a block stands in the file, and what it must be.
type place struct {
	offset uint64
	size   uint32 // compressed
	raw    uint32
	digest [sha256.Size]byte // of the compressed bytes
}

func (p place) append(b []byte) []byte {
	b = binary.AppendUvarint(b, p.offset)
	b = binary.AppendUvarint(b, uint64(p.size))
	b = binary.AppendUvarint(b, uint64(p.raw))
	return append(b, p.digest[:]...)
}

// child is a row of an index: a block below it and its first key.
type child struct {
	first []byte
	place place
}

// readIndex reads an index block.
func readIndex(data []byte) ([]child, error) {
	var all []child
	r := rowReader{data: data}
	for {
		ok, err := r.next()
		if err != nil || !ok {
			if err == nil && len(all) == 0 {
				err = errEncoding
			}
			return all, err
		}
		c := child{first: bytes.Clone(r.key)}
		if c.place, err = readPlace(r.value); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
}

func readPlace(value []byte) (place, error) {
	d := decoder{s: string(value)}
	p := place{offset: d.uint()}
	size, raw := d.uint(), d.uint()
	if d.err != nil || len(d.s) != len(p.digest) || size > maxBlock || raw > maxBlock || p.offset > 1<<62 {
		return place{}, fmt.Errorf("index: %w", errEncoding)
	}
	p.size, p.raw = uint32(size), uint32(raw)
	copy(p.digest[:], d.s)
	return p, nil
}

// maxBlock bounds a block: one row of the greatest size, or rows of which the
// last crosses the limit.
const maxBlock = maxValue + 4*maxKey + 2<<20
