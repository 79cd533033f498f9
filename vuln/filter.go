package vuln

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

// filter tells names that are not there without reading blocks: a Bloom filter of
// ten bits for each name, which is wrong about one name in a hundred and then costs
// the reading of a block.
type filter struct{ bits []byte }

const (
	bitsPerName = 10
	probes      = 7
)

// hashOf is where a key stands in a filter. It is taken from a digest, so that
// nobody can choose names that clash.
func hashOf(key []byte) uint64 {
	sum := sha256.Sum256(key)
	return binary.BigEndian.Uint64(sum[:])
}

// newFilter makes a filter of at least one name.
func newFilter(hashes []uint64) *filter {
	size := min((len(hashes)*bitsPerName+7)/8, maxValue)
	f := &filter{make([]byte, size)}
	for _, h := range hashes {
		f.each(h, func(bit uint64) bool {
			f.bits[bit/8] |= 1 << (bit % 8)
			return true
		})
	}
	return f
}

// each calls probe with the bits of a hash, as long as it says so.
func (f *filter) each(h uint64, probe func(bit uint64) bool) {
	step, size := h>>32|1, uint64(len(f.bits))*8
	for range probes {
		if !probe(h % size) {
			return
		}
		h += step
	}
}

// may says whether the name may be there.
func (f *filter) may(h uint64) bool {
	found := true
	f.each(h, func(bit uint64) bool {
		found = f.bits[bit/8]>>(bit%8)&1 == 1
		return found
	})
	return found
}

func readFilter(value []byte) (*filter, error) {
	if len(value) == 0 {
		return nil, fmt.Errorf("%w: empty filter", ErrCut)
	}
	return &filter{value}, nil
}
