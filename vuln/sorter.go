package vuln

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/zstd"
)

// sorter sorts rows that may be more than memory holds. Rows with the same key
// come out in the order in which they went in.
type sorter struct {
	dir   string
	room  int // bytes of rows that are held in memory
	arena []byte
	rows  []held
	spill *os.File
	runs  []run
	end   int64
	spare struct {
		arena []byte
		rows  []held
	}
	busy chan error // result of the run that is being written; nil where none is
}

// held is a row in the arena: from, key length, value length.
type held struct {
	from       int
	key, value uint32
}

func (h held) keyIn(arena []byte) []byte { return arena[h.from : h.from+int(h.key)] }

// run is a sorted part of the temporary file.
type run struct{ from, size int64 }

// rowCost is what a row takes beside its bytes.
const rowCost = 16

func newSorter(dir string, room int) *sorter { return &sorter{dir: dir, room: room} }

func (s *sorter) add(key, value []byte) error {
	if len(s.rows) > 0 && len(s.arena)+len(s.rows)*rowCost+len(key)+len(value) > s.room {
		if err := s.write(); err != nil {
			return err
		}
	}
	s.rows = append(s.rows, held{len(s.arena), uint32(len(key)), uint32(len(value))})
	s.arena = append(s.arena, key...)
	s.arena = append(s.arena, value...)
	return nil
}

// sortRows puts rows into order; equal keys keep theirs.
func sortRows(rows []held, arena []byte) {
	slices.SortFunc(rows, func(a, b held) int {
		return cmp.Or(bytes.Compare(a.keyIn(arena), b.keyIn(arena)), cmp.Compare(a.from, b.from))
	})
}

// write begins to write a run, while the next rows are collected.
func (s *sorter) write() error {
	if err := s.wait(); err != nil {
		return err
	}
	if s.spill == nil {
		f, err := os.CreateTemp(s.dir, ".theriac-sort-")
		if err != nil {
			return err
		}
		// Without a name nothing is left behind by a program that is killed. Systems
		// that do not allow it have the file removed by close.
		_ = os.Remove(f.Name())
		s.spill = f
	}
	arena, rows := s.arena, s.rows
	s.arena, s.rows = s.spare.arena[:0], s.spare.rows[:0]
	s.spare.arena, s.spare.rows = arena, rows // free again after wait
	s.busy = make(chan error, 1)
	go func() { s.busy <- s.writeRun(arena, rows) }()
	return nil
}

// wait waits for the run that is being written.
func (s *sorter) wait() error {
	if s.busy == nil {
		return nil
	}
	err := <-s.busy
	s.busy = nil
	return err
}

func (s *sorter) writeRun(arena []byte, rows []held) error {
	sortRows(rows, arena)
	out := &counter{w: io.NewOffsetWriter(s.spill, s.end)}
	z, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(128<<10), zstd.WithEncoderCRC(false))
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(z, 64<<10)
	for _, h := range rows {
		var n [2 * binary.MaxVarintLen32]byte
		size := binary.PutUvarint(n[:], uint64(h.key))
		size += binary.PutUvarint(n[size:], uint64(h.value))
		_, _ = w.Write(n[:size]) // Flush says what went wrong
		_, _ = w.Write(arena[h.from : h.from+int(h.key)+int(h.value)])
	}
	if err := errors.Join(w.Flush(), z.Close()); err != nil {
		return err
	}
	s.runs = append(s.runs, run{s.end, out.n})
	s.end += out.n
	return nil
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}

// close gives memory and disk back.
func (s *sorter) close() error {
	err := s.wait()
	s.arena, s.rows, s.spare.arena, s.spare.rows = nil, nil, nil, nil
	if s.spill != nil {
		name := s.spill.Name()
		err = errors.Join(err, s.spill.Close())
		if gone := os.Remove(filepath.Clean(name)); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		s.spill = nil
	}
	return err
}

// stream gives rows in order. Key and value are good until the next call.
type stream interface {
	next() (ok bool, err error)
	key() []byte
	value() []byte
}

// sorted gives all rows. Nothing may be added any more.
func (s *sorter) sorted() (stream, error) {
	if err := s.wait(); err != nil {
		return nil, err
	}
	s.spare.arena, s.spare.rows = nil, nil
	sortRows(s.rows, s.arena)
	all := &merged{}
	for i, r := range s.runs {
		all.parts = append(all.parts, &part{stream: newRunReader(io.NewSectionReader(s.spill, r.from, r.size)), rank: i})
	}
	all.parts = append(all.parts, &part{stream: &memory{sorter: s, at: -1}, rank: len(s.runs)})
	return all, all.start()
}

// memory gives the rows that were never written.
type memory struct {
	*sorter
	at int
}

func (m *memory) next() (bool, error) {
	m.at++
	return m.at < len(m.rows), nil
}

func (m *memory) key() []byte { return m.rows[m.at].keyIn(m.arena) }

func (m *memory) value() []byte {
	h := m.rows[m.at]
	from := h.from + int(h.key)
	return m.arena[from : from+int(h.value)]
}

// runReader gives the rows of a run.
type runReader struct {
	r     io.Reader
	in    *bufio.Reader
	row   []byte
	split int
}

func newRunReader(r io.Reader) *runReader { return &runReader{r: r} }

func (r *runReader) next() (bool, error) {
	if r.in == nil {
		z, err := zstd.NewReader(r.r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true))
		if err != nil {
			return false, err
		}
		r.in = bufio.NewReaderSize(z, 64<<10)
	}
	n, err := binary.ReadUvarint(r.in)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	m, err2 := binary.ReadUvarint(r.in)
	if err := errors.Join(err, err2); err != nil {
		return false, err
	}
	r.row = slices.Grow(r.row[:0], int(n+m))[:n+m]
	r.split = int(n)
	_, err = io.ReadFull(r.in, r.row)
	return err == nil, err
}

func (r *runReader) key() []byte   { return r.row[:r.split] }
func (r *runReader) value() []byte { return r.row[r.split:] }

// part is a stream among those that are merged; of equal keys that of the lower
// rank comes first.
type part struct {
	stream
	rank int
}

// merged merges streams, as a heap.
type merged struct {
	parts []*part
	begun bool
}

func (m *merged) Len() int      { return len(m.parts) }
func (m *merged) Swap(i, j int) { m.parts[i], m.parts[j] = m.parts[j], m.parts[i] }
func (m *merged) Push(x any)    { m.parts = append(m.parts, x.(*part)) }

func (m *merged) Less(i, j int) bool {
	a, b := m.parts[i], m.parts[j]
	return cmp.Or(bytes.Compare(a.key(), b.key()), cmp.Compare(a.rank, b.rank)) < 0
}

func (m *merged) Pop() any {
	last := len(m.parts) - 1
	p := m.parts[last]
	m.parts = m.parts[:last]
	return p
}

// start reads the first row of each stream.
func (m *merged) start() error {
	all := m.parts
	m.parts = nil
	for _, p := range all {
		ok, err := p.next()
		if err != nil {
			return err
		}
		if ok {
			m.parts = append(m.parts, p)
		}
	}
	heap.Init(m)
	return nil
}

func (m *merged) next() (bool, error) {
	if m.begun && len(m.parts) > 0 {
		ok, err := m.parts[0].next()
		if err != nil {
			return false, err
		}
		if ok {
			heap.Fix(m, 0)
		} else {
			heap.Pop(m)
		}
	}
	m.begun = true
	return len(m.parts) > 0, nil
}

func (m *merged) key() []byte   { return m.parts[0].key() }
func (m *merged) value() []byte { return m.parts[0].value() }
