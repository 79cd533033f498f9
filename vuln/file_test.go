package vuln

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"theriac/trust"
)

func demoKey(t testing.TB, name string) trust.Signer {
	t.Helper()
	s, err := trust.OpenSigner(context.Background(), "demo:"+name, nil)
	check(t, err)
	return s
}

func TestSignature(t *testing.T) {
	names := trust.DemoNames
	key, other := demoKey(t, names[0]), demoKey(t, names[1])
	c := scene(rand.New(rand.NewPCG(1, 1)), 50)
	unsigned, signed := build(t, c, Options{}), build(t, c, Options{Signer: key})
	for _, x := range []struct {
		name, path string
		trusted    []*trust.PublicKey
		want       error
		verified   string
	}{
		{"unsigned, nothing asked", unsigned, nil, nil, ""},
		{"unsigned, trust asked", unsigned, []*trust.PublicKey{key.Public()}, ErrUntrusted, ""},
		{"signed, nothing asked", signed, nil, nil, ""},
		{"signed", signed, []*trust.PublicKey{key.Public()}, nil, key.Public().ID()},
		{"signed, one of two", signed, []*trust.PublicKey{other.Public(), key.Public()}, nil, key.Public().ID()},
		{"signed by another", signed, []*trust.PublicKey{other.Public()}, ErrUntrusted, ""},
	} {
		db, err := Open(x.path, x.trusted...)
		if !errors.Is(err, x.want) {
			t.Errorf("%s: %v", x.name, err)
		}
		if err != nil {
			continue
		}
		info, err := db.Info()
		check(t, err)
		if info.Verified != x.verified || x.path == signed != slices.Equal(info.Signers, []string{key.Public().ID()}) {
			t.Errorf("%s: %+v", x.name, info)
		}
		check(t, db.Close())
	}
	// The envelope of one file does not fit another.
	moved := read(t, build(t, content{}, Options{Signer: key}))
	text := read(t, signed)
	a, b := readTrailer(text[len(text)-trailerSize:]), readTrailer(moved[len(moved)-trailerSize:])
	envelope := func(file []byte, t trailer) []byte {
		end := len(file) - trailerSize
		return file[end-int(t.envelope) : end]
	}
	copy(envelope(text, a), envelope(moved, b))
	path := filepath.Join(t.TempDir(), "moved.db")
	check(t, os.WriteFile(path, text, 0o600))
	if _, err := Open(path); !errors.Is(err, ErrAltered) {
		t.Errorf("moved envelope: %v", err)
	}
}

// TestFlip alters every byte of a file in turn: opening or verifying it says so,
// and a look-up gives what it gave before or an error.
func TestFlip(t *testing.T) {
	names := trust.DemoNames
	key := demoKey(t, names[0])
	c := scene(rand.New(rand.NewPCG(7, 1)), 8)
	file := read(t, build(t, c, Options{blockSize: 200, Signer: key}))
	path := filepath.Join(t.TempDir(), "flipped.db")
	all := stays(c)
	refused := map[error]int{}
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= byte(1 + i%255)
		check(t, os.WriteFile(path, bad, 0o600))
		db, err := Open(path, key.Public())
		if err == nil {
			for _, ecosystem := range []string{"Go", "PyPI", "Debian:11"} {
				for n := range 3 {
					name := fmt.Sprintf("Name_%d", n)
					got, err := db.Entries(ecosystem, name)
					if want := entriesOf(all, ecosystem, name); err == nil && !reflect.DeepEqual(got, want) {
						t.Fatalf("byte %d: %+v, want %+v", i, got, want)
					}
				}
			}
			err = db.Verify(t.Context())
			check(t, db.Close())
		}
		known := false
		for _, kind := range []error{ErrNotDatabase, ErrVersion, ErrCut, ErrAltered, ErrUntrusted} {
			if errors.Is(err, kind) {
				known = true
				refused[kind]++
			}
		}
		if !known {
			t.Fatalf("byte %d of %d: %v", i, len(file), err)
		}
	}
	if refused[ErrAltered] < len(file)/2 || refused[ErrNotDatabase] == 0 || refused[ErrVersion] == 0 || refused[ErrCut] == 0 {
		t.Errorf("%v", refused)
	}
}

func TestCut(t *testing.T) {
	file := read(t, build(t, scene(rand.New(rand.NewPCG(7, 1)), 10), Options{}))
	path := filepath.Join(t.TempDir(), "cut.db")
	for n := range file {
		check(t, os.WriteFile(path, file[:n], 0o600))
		want := ErrCut
		if n < len(magic) {
			want = ErrNotDatabase
		}
		if _, err := Open(path); !errors.Is(err, want) {
			t.Fatalf("%d of %d bytes: %v", n, len(file), err)
		}
	}
	check(t, os.WriteFile(path, append(bytes.Clone(file), file...), 0o600))
	if _, err := Open(path); !errors.Is(err, ErrCut) {
		t.Errorf("twice: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); !errors.Is(err, ErrNotDatabase) {
		t.Error(err)
	}
	if _, err := Open(filepath.Join(dir, "gone")); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	newer := bytes.Clone(magic)
	newer[len(newer)-1] = 9
	path := filepath.Join(dir, "newer")
	check(t, os.WriteFile(path, newer, 0o600))
	if _, err := Open(path); !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "version 9, and this program reads 1") {
		t.Error(err)
	}
}

// TestFault: when the disk is full, or the build is broken off, the file that was
// there stays, and nothing is left beside it.
func TestFault(t *testing.T) {
	c := scene(rand.New(rand.NewPCG(3, 1)), 2000)
	whole := len(read(t, build(t, c, Options{})))
	for _, room := range []int{0, whole / 3, whole - 1} {
		path := filepath.Join(t.TempDir(), "vuln.db")
		check(t, os.WriteFile(path, []byte("old"), 0o600))
		left := room
		b, err := NewBuilder(path, Options{Memory: 20000, write: func(f *os.File, data []byte) (int, error) {
			if left -= len(data); left < 0 {
				return 0, syscall.ENOSPC
			}
			return f.Write(data)
		}})
		check(t, err)
		c.addTo(t, b)
		if _, err := b.Finish(t.Context()); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("%d bytes: %v", room, err)
		}
		onlyOld(t, path)
	}
	path := filepath.Join(t.TempDir(), "vuln.db")
	check(t, os.WriteFile(path, []byte("old"), 0o600))
	ctx, cancel := context.WithCancelCause(t.Context())
	b, err := NewBuilder(path, Options{Memory: 20000})
	check(t, err)
	c.addTo(t, b)
	why := errors.New("interrupted")
	cancel(why)
	if _, err := b.Finish(ctx); !errors.Is(err, why) {
		t.Errorf("%v", err)
	}
	onlyOld(t, path)
	b, err = NewBuilder(path, Options{Memory: 20000})
	check(t, err)
	c.addTo(t, b)
	check(t, b.Discard())
	onlyOld(t, path)
	for _, bad := range []string{filepath.Dir(path), filepath.Join(path, "x"), filepath.Join(filepath.Dir(path), "gone", "x")} {
		if _, err := NewBuilder(bad, Options{}); err == nil {
			t.Errorf("a database at %s", bad)
		}
	}
}

func onlyOld(t *testing.T, path string) {
	t.Helper()
	left, err := os.ReadDir(filepath.Dir(path))
	check(t, err)
	if len(left) != 1 || string(read(t, path)) != "old" {
		t.Errorf("left: %v", left)
	}
}

// TestModes: a link stays a link, and a file keeps its mode.
func TestModes(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	check(t, os.WriteFile(file, nil, 0o640))
	check(t, os.Symlink("file", link))
	b, err := NewBuilder(link, Options{})
	check(t, err)
	_, err = b.Finish(t.Context())
	check(t, err)
	at, err1 := os.Readlink(link)
	info, err2 := os.Stat(file)
	check(t, errors.Join(err1, err2))
	if at != "file" || info.Mode().Perm() != 0o640 || info.Size() == 0 {
		t.Errorf("%s %v", at, info)
	}
	check(t, open(t, link).Verify(t.Context()))
	info, err = os.Stat(build(t, content{}, Options{}))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Error(info, err)
	}
}

// TestConcurrent looks the same up from many goroutines with a cache that is too
// small.
func TestConcurrent(t *testing.T) {
	c := scene(rand.New(rand.NewPCG(9, 1)), 600)
	db := open(t, build(t, c, Options{blockSize: 300}))
	db.blocks.cache = newCache(4000)
	all := stays(c)
	want := map[string][]Entry{}
	for i := range 300 {
		name := fmt.Sprintf("Name_%d", i)
		want[name] = entriesOf(all, "Go", name)
	}
	var wait sync.WaitGroup
	for w := range 8 {
		wait.Go(func() {
			for i := range 300 {
				name := fmt.Sprintf("Name_%d", (i*7+w*31)%300)
				if got, err := db.Entries("Go", name); err != nil || !reflect.DeepEqual(got, want[name]) {
					t.Errorf("%s: %v, %v", name, got, err)
				}
			}
		})
	}
	wait.Wait()
	if c := db.blocks.cache; c.used > c.room || c.order.Len() != len(c.blocks) {
		t.Errorf("%d of %d bytes in %d blocks", c.used, c.room, len(c.blocks))
	}
}

func TestSorter(t *testing.T) {
	for _, room := range []int{0, 100, 5000, 1 << 20} {
		r := rand.New(rand.NewPCG(1, 1))
		s := newSorter(t.TempDir(), room)
		type row struct{ key, value string }
		var want []row
		for i := range 2000 {
			k := fmt.Sprint(r.IntN(300))
			v := strings.Repeat(fmt.Sprint(i, " "), r.IntN(9))
			want = append(want, row{k, v})
			check(t, s.add([]byte(k), []byte(v)))
		}
		slices.SortStableFunc(want, func(a, b row) int { return strings.Compare(a.key, b.key) })
		rows, err := s.sorted()
		check(t, err)
		for _, w := range want {
			if ok, err := rows.next(); !ok || err != nil || string(rows.key()) != w.key || string(rows.value()) != w.value {
				t.Fatalf("room %d: %v, %v, %q; want %+v", room, ok, err, rows.key(), w)
			}
		}
		if ok, err := rows.next(); ok || err != nil {
			t.Error(ok, err)
		}
		if room == 5000 && len(s.runs) < 3 {
			t.Errorf("%d runs", len(s.runs))
		}
		dir := s.dir
		check(t, s.close())
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Error(left, err)
		}
	}
}

func TestFilter(t *testing.T) {
	var in []uint64
	for i := range 20000 {
		in = append(in, hashOf(fmt.Append(nil, "in", i)))
	}
	f := newFilter(in)
	wrong := 0
	for i, h := range in {
		if !f.may(h) {
			t.Fatal("a name is lost")
		}
		wrong += count(f.may(hashOf(fmt.Append(nil, "out", i))))
	}
	if wrong > 400 {
		t.Errorf("wrong about %d of %d names", wrong, len(in))
	}
}

// FuzzRows: any block is read to its end or refused, and what is read can be
// written again.
func FuzzRows(f *testing.F) {
	var b block
	for i := range 20 {
		b.add(fmt.Appendf(nil, "key %03d", i), fmt.Append(nil, i))
	}
	f.Add(b.data)
	f.Add([]byte{0, 1, 0, 'a', 1, 1, 0, 'b'})
	f.Add(binary.AppendUvarint(nil, 1<<63))
	f.Fuzz(func(t *testing.T, data []byte) {
		var again block
		r := rowReader{data: data}
		var keys, values [][]byte
		for {
			ok, err := r.next()
			if err != nil {
				return
			}
			if !ok {
				break
			}
			again.add(r.key, r.value)
			keys, values = append(keys, bytes.Clone(r.key)), append(values, r.value)
		}
		r = rowReader{data: again.data}
		for i := range keys {
			if ok, err := r.next(); !ok || err != nil || !bytes.Equal(r.key, keys[i]) || !bytes.Equal(r.value, values[i]) {
				t.Fatalf("row %d: %v, %v", i, ok, err)
			}
		}
		_, _ = readIndex(data)
	})
}

// FuzzPackage and FuzzRecord: any row is refused, or comes out of what it says.
func FuzzPackage(f *testing.F) {
	key := keyOf("Go", "x", "A", "osv")
	for _, a := range []Affected{{}, filled[Affected]()} {
		f.Add(packageRow(&group{"Go", "x", []*Affected{&a}}, true))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := readPackage(key, data)
		if err != nil || len(entries) == 0 {
			return
		}
		g := &group{ecosystem: "Go", name: "x"}
		for i := range entries {
			g.affected = append(g.affected, &entries[i].Affected)
		}
		again, err := readPackage(key, packageRow(g, entries[0].Withdrawn))
		if err != nil || !reflect.DeepEqual(again, entries) {
			t.Fatalf("%+v, %v; want %+v", again, err, entries)
		}
	})
}

func FuzzRecord(f *testing.F) {
	r := filled[Record]()
	key, value, err := freshRecord(&r)
	check(f, err)
	row, err := splitRecord(key, value, func(_, _ []byte) error { return nil })
	check(f, err)
	f.Add(row)
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := readRecord(data)
		if err != nil {
			return
		}
		e := encoder{b: bytes.Clone(data[:markSize])}
		e.record(r)
		e.uint(uint64(len(r.Affected)))
		for _, a := range r.Affected {
			e.string(a.Ecosystem)
			e.string(a.Name)
		}
		if !bytes.Equal(e.b, data) {
			t.Fatalf("%x becomes %x", data, e.b)
		}
	})
}

// everything asks a database all that can be asked.
func everything(t *testing.T, db *DB) {
	_, _ = db.Entries("Go", "Name_1")
	_, _ = db.Records("X-1")
	_, _ = db.Aliases("X-1")
	_, _, _ = db.Exploited("CVE-1")
	_, _, _ = db.Likelihood("CVE-1")
	_, _ = db.Cycles("go")
	_, _ = db.Products("pkg:a/b")
	_, _ = db.Has("Go")
	_, _ = db.Info()
	_ = db.Verify(t.Context())
}

func openBytes(data []byte) (*DB, error) {
	front, err := readFront(bytes.NewReader(data), int64(len(data)), nil)
	if err != nil {
		return nil, err
	}
	return &DB{size: int64(len(data)), front: front, blocks: newBlocks(bytes.NewReader(data), front.blocks, cacheSize)}, nil
}

// FuzzOpen: no file makes the reader do more than refuse it.
func FuzzOpen(f *testing.F) {
	f.Add(read(f, build(f, content{}, Options{})))
	f.Add(magic)
	f.Fuzz(func(t *testing.T, data []byte) {
		if db, err := openBytes(data); err == nil {
			everything(t, db)
		}
	})
}

// TestForgedLoop: a tree in which the same block stands again and again has an end.
func TestForgedLoop(t *testing.T) {
	compress, err := newCompressor()
	check(t, err)
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		var b block
		for _, name := range order {
			b.add(keyOf("Go", "x", name, "osv"), packageRow(&group{"Go", "x", []*Affected{{}}}, false))
		}
		f := newFilter([]uint64{hashOf(keyOf("Go", "x"))})
		var filterBlock block
		filterBlock.add([]byte("Go"), f.bits)
		file := bytes.Clone(magic)
		put := func(rows []byte) place {
			p := packed{raw: rows}
			p.pack(compress)
			at := place{uint64(len(file)), uint32(len(p.data)), uint32(len(rows)), p.digest}
			file = append(file, p.data...)
			return at
		}
		filterAt, at := put(filterBlock.data), put(b.data)
		for range 11 {
			var index block
			for i := range 50 {
				index.add(fmt.Appendf(nil, "Go\x00x\x00%02d", i), at.append(nil))
			}
			at = put(index.data)
		}
		h := header{Format: formatName, Version: Version}
		for _, section := range sections {
			r := root{section, 1, 1, filterAt.offset, filterAt.size, filterAt.raw, fmt.Sprintf("%x", filterAt.digest)}
			if section == packages {
				r = root{section, 1, 12, at.offset, at.size, at.raw, fmt.Sprintf("%x", at.digest)}
			}
			h.Roots = append(h.Roots, r)
		}
		end, err := sealed(t.Context(), h, uint64(len(file)), nil)
		check(t, err)
		db, err := openBytes(append(file, end...))
		check(t, err)
		if e, err := db.Entries("Go", "x"); !errors.Is(err, ErrCut) {
			t.Errorf("%v: %d entries, %v", order, len(e), err)
		}
		if err := db.Verify(t.Context()); !errors.Is(err, ErrCut) && !errors.Is(err, ErrAltered) {
			t.Errorf("%v: %v", order, err)
		}
	}
}

// FuzzForged: neither does one of which all digests are right, whatever its rows are.
// The same block is the top of every section.
func FuzzForged(f *testing.F) {
	var b block
	b.add(keyOf("Go", "name_1", "X-1", "osv"), packageRow(&group{"Go", "name_1", []*Affected{{Versions: []string{"1"}}}}, false))
	f.Add(b.data, 1)
	b = block{}
	b.add(nil, place{offset: 16, size: 20, raw: 30}.append(nil))
	f.Add(b.data, 2)
	compress, err := newCompressor()
	check(f, err)
	f.Fuzz(func(t *testing.T, rows []byte, levels int) {
		if len(rows) == 0 || levels < 1 || levels > maxLevels {
			return
		}
		p := packed{raw: rows}
		p.pack(compress)
		h := header{Format: formatName, Version: Version}
		for _, section := range sections {
			h.Roots = append(h.Roots, root{section, 1, levels, uint64(len(magic)), uint32(len(p.data)), uint32(len(rows)), fmt.Sprintf("%x", p.digest)})
		}
		end, err := sealed(t.Context(), h, uint64(len(magic)+len(p.data)), nil)
		check(t, err)
		db, err := openBytes(slices.Concat(magic, p.data, end))
		check(t, err)
		everything(t, db)
	})
}

// TestFormatDocument: the page of the format names the sections in their order, and
// the sizes that a reader needs.
func TestFormatDocument(t *testing.T) {
	page := string(read(t, "../docs/formats/vuln-db.md"))
	_, table, _ := strings.Cut(page, "## Sections")
	at := 0
	for _, s := range sections {
		i := strings.Index(table[at:], "\n| `"+s+"` |")
		if i < 0 {
			t.Errorf("section %s is not in its place", s)
			continue
		}
		at += i
	}
	for _, said := range []string{fmt.Sprintf("trailer | %d bytes", trailerSize), payloadType, formatName, fmt.Sprintf("At most %d levels", maxLevels), fmt.Sprintf("at most %d characters", maxSummary), fmt.Sprintf("%d bits for each, %d probes", bitsPerName, probes)} {
		if !strings.Contains(page, said) {
			t.Errorf("the page does not say %q", said)
		}
	}
}
