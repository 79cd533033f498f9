package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// inputName is the SHA-256 of a raw input, under which it is kept.
func inputName(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// withInputs is a statement about vf-lock that names raw inputs.
func withInputs(s *scene, inputs ...string) *Statement {
	st := s.statement("test-result", "vf-lock")
	for i, text := range inputs {
		st.Inputs = append(st.Inputs, Input{fmt.Sprintf("input-%d.xml", i), inputName(text), int64(len(text)), "junit"})
	}
	return st
}

func (s *scene) read(fsys fs.FS) *Store {
	s.t.Helper()
	store, err := Read(s.t.Context(), fsys, s.roster, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return store
}

func mapFile(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

// TestStore sorts the files of a store.
func TestStore(t *testing.T) {
	s := newScene(t)
	one, two := string(sealed(t, withInputs(s, "first", "shared"), "test-lead")), string(sealed(t, withInputs(s, "shared"), "test-lead"))
	shared, first, unused := inputName("shared"), inputName("first"), inputName("unused")
	files := fstest.MapFS{
		"theriac.yaml":                  mapFile("product:"),
		"evidence/b.json":               mapFile(one),
		"evidence/1.0/a.json":           mapFile(two),
		"evidence/1.0/a.json.tsr":       mapFile("stamp"),
		"evidence/1.0/c.json.tsr":       mapFile("stamp"),
		"evidence/b.tsr":                mapFile("stamp"),
		"evidence/report.pdf":           mapFile("report"),
		"evidence/.gitkeep":             mapFile(""),
		"evidence/link.json":            {Data: []byte("b.json"), Mode: fs.ModeSymlink},
		"evidence/inputs/" + shared:     mapFile("shared"),
		"evidence/inputs/" + first:      mapFile("first"),
		"evidence/inputs/" + unused:     mapFile("unused"),
		"evidence/inputs/notes.json":    mapFile(one),
		"evidence/inputs/" + shared[1:]: mapFile("short"),
		"evidence/1.0/" + shared:        mapFile("shared"),
		"elsewhere/c.json":              mapFile(one),
	}
	store := s.read(files)
	var paths []string
	for _, p := range store.Pieces {
		paths = append(paths, p.Path)
	}
	same := func(what string, got []string, want ...string) {
		if slices.Sort(want); !slices.Equal(slices.Sorted(slices.Values(got)), want) {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	if !slices.Equal(paths, []string{"evidence/1.0/a.json", "evidence/b.json"}) {
		t.Errorf("pieces %q", paths)
	}
	same("stray", store.Stray, "evidence/1.0/"+shared, "evidence/b.tsr", "evidence/inputs/notes.json", "evidence/inputs/"+shared[1:], "evidence/link.json", "evidence/report.pdf")
	same("unused", store.Unused, "evidence/inputs/"+unused)
	same("stamps", store.Stamps, "evidence/1.0/c.json.tsr")
	if store.Bytes != int64(len("shared")+len("first")+len("unused")) {
		t.Errorf("%d bytes", store.Bytes)
	}
	if b := store.Find("evidence/b.json"); b == nil || len(b.Reasons) != 0 || len(b.Signed) != 1 {
		t.Errorf("%+v", b)
	}
	if a := store.Find("evidence/1.0/a.json"); a == nil || len(a.Reasons) != 1 || a.Reasons[0].Field != "time stamp" {
		t.Errorf("the stamp beside it was not read: %+v", a)
	}
}

// TestEmptyStore: no folder is no evidence; a stamp alone is told.
func TestEmptyStore(t *testing.T) {
	s := newScene(t)
	if store := s.read(fstest.MapFS{"theriac.yaml": mapFile("")}); len(store.Pieces)+len(store.Stray)+len(store.Unused)+len(store.Stamps) != 0 {
		t.Errorf("%+v", store)
	}
	if store := s.read(fstest.MapFS{"evidence/a.json.tsr": mapFile("")}); !slices.Equal(store.Stamps, []string{"evidence/a.json.tsr"}) {
		t.Errorf("%+v", store)
	}
	if store := s.read(fstest.MapFS{"evidence": mapFile("")}); !slices.Equal(store.Stray, []string{"evidence"}) {
		t.Errorf("%+v", store)
	}
}

// TestInputs holds what may be wrong with a raw input, also where two statements
// rest on the same one.
func TestInputs(t *testing.T) {
	s := newScene(t)
	shared, own := inputName("shared"), inputName("own")
	wrongSize := withInputs(s, "shared")
	wrongSize.Inputs[0].Size++
	wrongSize.Commit = strings.Repeat("1", 40)
	good := fstest.MapFS{
		"evidence/a.json":           mapFile(string(sealed(t, withInputs(s, "shared"), "test-lead"))),
		"evidence/b.json":           mapFile(string(sealed(t, withInputs(s, "own", "shared"), "test-lead"))),
		"evidence/inputs/" + shared: mapFile("shared"),
		"evidence/inputs/" + own:    mapFile("own"),
	}
	for name, c := range map[string]struct {
		change func(fstest.MapFS)
		a, b   string // field and message
	}{
		"all there":      {func(fstest.MapFS) {}, "", ""},
		"one is gone":    {func(m fstest.MapFS) { delete(m, "evidence/inputs/"+own) }, "", "predicate.inputs[0] its input input-0.xml is gone: there is no evidence/inputs/" + own[:12]},
		"shared is gone": {func(m fstest.MapFS) { delete(m, "evidence/inputs/"+shared) }, "predicate.inputs[0] its input input-0.xml is gone", "predicate.inputs[1] its input input-1.xml is gone"},
		"shared altered": {func(m fstest.MapFS) { m["evidence/inputs/"+shared] = mapFile("shaded") }, "predicate.inputs[0] its input input-0.xml was altered: evidence/inputs/" + shared[:12], "predicate.inputs[1] its input input-1.xml was altered"},
		"longer":         {func(m fstest.MapFS) { m["evidence/inputs/"+own] = mapFile("own ") }, "", "predicate.inputs[0] its input input-0.xml was altered"},
		"size other":     {func(m fstest.MapFS) { m["evidence/a.json"] = mapFile(string(sealed(t, wrongSize, "test-lead"))) }, "predicate.inputs[0].size its input input-0.xml has 6 bytes, not 7", ""},
		"link, no file": {func(m fstest.MapFS) {
			m["evidence/inputs/"+own] = &fstest.MapFile{Data: []byte(shared), Mode: fs.ModeSymlink}
		}, "", "predicate.inputs[0] its input input-0.xml is gone"},
		"somewhere else": {func(m fstest.MapFS) { delete(m, "evidence/inputs/"+own); m["evidence/"+own] = mapFile("own") }, "", "predicate.inputs[0] its input input-0.xml is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			files := maps.Clone(good)
			c.change(files)
			store := s.read(files)
			for i, want := range []string{c.a, c.b} {
				var got []string
				for _, r := range store.Pieces[i].Reasons {
					if r.State != Malformed {
						t.Errorf("%+v", r)
					}
					got = append(got, r.Field+" "+r.Message)
				}
				if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], want)) {
					t.Errorf("%s: %q, want %q", store.Pieces[i].Path, got, want)
				}
			}
			if len(store.Unused) != 0 {
				t.Errorf("unused %q", store.Unused)
			}
		})
	}
}

// TestFind: an id has to be clear.
func TestFind(t *testing.T) {
	store := &Store{Pieces: []*Piece{{ID: "aaaa11112222", Path: "evidence/a.json"}, {ID: "aaaa11113333", Path: "evidence/b.json"}, {ID: "bbbb11112222", Path: "evidence/aaaa11112222"}}}
	for prefix, want := range map[string]int{"aaaa11112222": 0, "aaaa11112": 0, "aaaa1111": -1, "bbb": -1, "bbbb": 2, "": -1, "cccc": -1, "evidence/b.json": 1} {
		p := store.Find(prefix)
		if want < 0 && p != nil || want >= 0 && p != store.Pieces[want] {
			t.Errorf("%q: %+v", prefix, p)
		}
	}
}

func TestPaths(t *testing.T) {
	for version, want := range map[string]string{
		"1.4.0": "evidence/1.4.0", "1.4.0+b_2-rc": "evidence/1.4.0+b_2-rc", "Release 2": "evidence/Release-2", "../../etc": "evidence/-..-etc",
		"..": "evidence/release-", "": "evidence/release-", "inputs": "evidence/release-inputs", ".hidden": "evidence/hidden", "ä": "evidence/-", "a/b": "evidence/a-b",
	} {
		if got := FolderOf(version); got != want {
			t.Errorf("%q: %s, want %s", version, got, want)
		}
	}
	st := &Statement{Kind: "sbom", Predicate: Predicate{Release: "1.0"}}
	if got := PathOf(st, []byte("123")); got != "evidence/1.0/sbom-a665a4592042.json" {
		t.Errorf("%s", got)
	}
}

// unreadable is a file system of which a file cannot be read.
type unreadable struct {
	fs.FS
	name string
	open bool // it opens, and cannot be read
}

var errUnreadable = errors.New("bad sector")

func (u unreadable) Open(name string) (fs.File, error) {
	f, err := u.FS.Open(name)
	switch {
	case name != u.name || err != nil:
		return f, err
	case u.open:
		return badFile{f}, nil
	}
	_ = f.Close()
	return nil, errUnreadable
}

type badFile struct{ fs.File }

func (badFile) Read([]byte) (int, error) { return 0, errUnreadable }

// TestUnreadable: what cannot be read is an error of the run and no verdict.
func TestUnreadable(t *testing.T) {
	s := newScene(t)
	files := fstest.MapFS{
		"evidence/a.json": mapFile(string(sealed(t, withInputs(s, "own"), "test-lead"))), "evidence/a.json.tsr": mapFile("stamp"),
		"evidence/inputs/" + inputName("own"): mapFile("own"),
	}
	for _, name := range []string{"evidence", "evidence/a.json", "evidence/a.json.tsr", "evidence/inputs", "evidence/inputs/" + inputName("own")} {
		for _, open := range []bool{false, true} {
			if open && (name == "evidence" || name == "evidence/inputs") {
				continue // a folder is listed, not read
			}
			store, err := Read(t.Context(), unreadable{files, name, open}, s.roster, nil)
			if !errors.Is(err, errUnreadable) || store != nil {
				t.Errorf("%s: %+v, %v", name, store, err)
			}
		}
	}
}

func TestReadCancelled(t *testing.T) {
	s := newScene(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	store, err := Read(ctx, fstest.MapFS{"evidence/a.json": mapFile("{}")}, s.roster, nil)
	if !errors.Is(err, context.Canceled) || store != nil {
		t.Errorf("%+v, %v", store, err)
	}
	// While the files are read.
	for _, name := range []string{"evidence/a.json", "evidence/inputs/" + digestOne} {
		ctx, cancel := context.WithCancel(t.Context())
		files := fstest.MapFS{name: mapFile(strings.Repeat("{", 1<<20)), "evidence/b.json": mapFile("{}")}
		_, err := Read(ctx, cancels{files, name, cancel}, s.roster, nil)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// cancels cancels as soon as a file is opened.
type cancels struct {
	fs.FS
	name   string
	cancel func()
}

func (c cancels) Open(name string) (fs.File, error) {
	if name == c.name {
		c.cancel()
	}
	return c.FS.Open(name)
}

// TestLimits: a store and a statement have an end.
func TestLimits(t *testing.T) {
	s := newScene(t)
	long := bytes.Repeat([]byte(" "), MaxStatement+10)
	files := fstest.MapFS{"evidence/a.json": {Data: long}, "evidence/b.json": mapFile("{}"), "evidence/b.json.tsr": {Data: long}}
	store := s.read(files)
	for i, says := range []string{"the file is no signed statement", "the file is no signed statement"} {
		if r := store.Pieces[i].Reasons; len(r) == 0 || r[0].State != Malformed || !holds(r[0].Message, says) {
			t.Errorf("%+v", r)
		}
	}
	text, err := ReadLimited(fstest.MapFS{"a": {Data: long}}, "a", 100)
	if err != nil || len(text) != 101 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
	for n, want := range map[int]string{maxPieces: errUnreadable.Error(), maxPieces + 1: "evidence holds more than 100000 statements"} {
		if _, err := Read(t.Context(), crowded{files, n}, s.roster, nil); err == nil || !holds(err.Error(), want) {
			t.Errorf("%d statements: %v, want %s", n, err, want)
		}
	}
}

// crowded has many statements, and none of them can be read.
type crowded struct {
	fs.FS
	n int
}

func (c crowded) ReadDir(string) ([]fs.DirEntry, error) {
	all := make([]fs.DirEntry, c.n)
	for i := range all {
		all[i] = fs.FileInfoToDirEntry(namedInfo{name: fmt.Sprintf("%06d.json", i)})
	}
	return all, nil
}

func (c crowded) Open(name string) (fs.File, error) {
	if name == Folder {
		return c.FS.Open(name)
	}
	return nil, errUnreadable
}

type namedInfo struct {
	fs.FileInfo
	name string
}

func (namedInfo) IsDir() bool       { return false }
func (namedInfo) Mode() fs.FileMode { return 0o600 }
func (i namedInfo) Name() string    { return i.name }

// TestReadLimited reads files whose size is not what the folder says.
func TestReadLimited(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 2000)
	for _, limit := range []int64{4096, 8192, 16384, 19999, 20000, 20001, 1 << 30} {
		got, err := ReadLimited(understated{fstest.MapFS{"a": {Data: text}}}, "a", limit)
		if want := text[:min(int64(len(text)), limit+1)]; err != nil || !bytes.HasPrefix(got, want) || int64(len(got)) <= limit && len(got) != len(text) {
			t.Errorf("limit %d: %d bytes, %v", limit, len(got), err)
		}
	}
	if _, err := ReadLimited(fstest.MapFS{}, "a", 1); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// understated says of each file that it is empty.
type understated struct{ fs.FS }

func (u understated) Open(name string) (fs.File, error) {
	f, err := u.FS.Open(name)
	return understatedFile{f}, err
}

type understatedFile struct{ fs.File }

func (f understatedFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	return emptyInfo{info}, err
}

type emptyInfo struct{ fs.FileInfo }

func (emptyInfo) Size() int64 { return 0 }

// counting is a folder that counts how often its inputs are opened.
type counting struct {
	fs.FS
	mu     *sync.Mutex // guards opened
	opened map[string]int
}

func count(fsys fs.FS) counting { return counting{fsys, new(sync.Mutex), map[string]int{}} }

func (c counting) Open(name string) (fs.File, error) {
	c.mu.Lock()
	c.opened[name]++
	c.mu.Unlock()
	return c.FS.Open(name)
}

// TestHashes: an input is hashed once, and again as soon as it may have changed.
func TestHashes(t *testing.T) {
	s := newScene(t)
	dir := t.TempDir()
	name := "evidence/inputs/" + inputName("own")
	file := filepath.Join(dir, filepath.FromSlash(name))
	put := func(at, text string, when time.Time) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(at, when, when); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join(dir, "evidence", "a.json"), string(sealed(t, withInputs(s, "own"), "test-lead")), time.Now())
	old := time.Now().Add(-time.Hour)
	put(file, "own", old)
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	var hashes Hashes
	read := func(opened int, good bool) {
		t.Helper()
		c := count(root.FS())
		store, err := Read(t.Context(), c, s.roster, &hashes)
		if err != nil {
			t.Fatal(err)
		}
		if n := c.opened[name]; n != opened || (len(store.Pieces[0].Reasons) == 0) != good {
			t.Errorf("opened %d times, want %d; %+v", n, opened, store.Pieces[0].Reasons)
		}
	}
	read(1, true)
	read(0, true)
	read(0, true)
	put(file, "owm", old.Add(time.Second)) // other content of the same length
	read(1, false)
	read(0, false)
	put(file, "owns", old.Add(time.Second)) // other length at the same time
	read(1, false)
	put(file, "own", time.Now()) // so young that it may change once more within its time
	read(1, true)
	read(1, true)
	put(file, "own", old)
	read(1, true)
	// Another file takes its place, with length and time kept.
	put(file+".new", "owm", old)
	if err := os.Rename(file+".new", file); err != nil {
		t.Fatal(err)
	}
	read(1, false)
	// What was hashed too early to be sure is hashed once more, and then known.
	put(file, "own", old.Add(time.Minute))
	read(1, true)
	early := hashes.files[inputName("own")]
	early.taken = old.Add(time.Minute + grain)
	hashes.files[inputName("own")] = early
	read(1, true)
	read(0, true)
}

// digested is a file system that knows the digests of its files.
type digested struct {
	fs.FS
	digests map[string]string
}

func (d digested) Digest(name string) string { return d.digests[name] }

// TestDigester: what an archive has hashed is not hashed again, and what it has not
// is.
func TestDigester(t *testing.T) {
	s := newScene(t)
	name := "evidence/inputs/" + inputName("own")
	files := fstest.MapFS{"evidence/a.json": mapFile(string(sealed(t, withInputs(s, "own"), "test-lead"))), name: mapFile("own")}
	for _, c := range []struct {
		digest string
		opened int
		good   bool
	}{{inputName("own"), 0, true}, {inputName("other"), 0, false}, {"", 1, true}} {
		counted := count(files)
		store := s.read(digested{counted, map[string]string{name: c.digest}})
		if counted.opened[name] != c.opened || (len(store.Pieces[0].Reasons) == 0) != c.good {
			t.Errorf("%q: opened %d times, %+v", c.digest, counted.opened[name], store.Pieces[0].Reasons)
		}
	}
}

// TestStrangersAreForgotten: of a statement that nobody known signed only what is
// needed to name it is kept.
func TestStrangersAreForgotten(t *testing.T) {
	s := newScene(t)
	st := s.statement("penetration-test", "vf-attack")
	st.Network = ports("in/tcp/23=open")
	for key, kept := range map[string]bool{"stranger": false, "security-laboratory": true} {
		p := ReadPiece("evidence/a.json", sealed(t, st, key), nil, s.roster)
		if (p.Statement.Basis != nil) != kept || (p.Statement.Network != nil) != kept || (p.Statement.Details.Penetration != nil) != kept {
			t.Errorf("%s: %+v", key, p.Statement)
		}
		if p.Statement.Kind != st.Kind || p.Statement.Release != st.Release || !slices.Equal(p.Statement.For, st.For) {
			t.Errorf("%s: %+v", key, p.Statement)
		}
	}
}

// TestManyPieces: several at a time come out in their order, each with its own.
func TestManyPieces(t *testing.T) {
	s := newScene(t)
	files := fstest.MapFS{}
	for i := range 200 {
		text := fmt.Sprint("input ", i)
		files[fmt.Sprintf("evidence/%03d.json", i)] = mapFile(string(sealed(t, withInputs(s, text), "test-lead")))
		files["evidence/inputs/"+inputName(text)] = mapFile(text)
	}
	delete(files, "evidence/inputs/"+inputName("input 77"))
	store := s.read(files)
	for i, p := range store.Pieces {
		if p.Path != fmt.Sprintf("evidence/%03d.json", i) || p.Statement.Inputs[0].SHA256 != inputName(fmt.Sprint("input ", i)) || (len(p.Reasons) == 0) != (i != 77) {
			t.Errorf("%d: %+v", i, p)
		}
	}
	if got := Judge(s.file, store, s.release("rel-new"), s.day).Of(s.verification("vf-lock")); got.State != Passed || len(got.Rejected) != 1 {
		t.Errorf("%s, %d rejected", got.State, len(got.Rejected))
	}
}
