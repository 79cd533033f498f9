package publish

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/document"
)

func builtSet() *document.Set {
	s := &document.Set{Stamp: document.Stamp{Product: "Example pump", Release: "1.0.0", Baseline: strings.Repeat("a", 64), Day: "2026-11-22", Time: time.Unix(1795305600, 0).UTC()}}
	s.Number(document.Decimal)
	return s
}

// put writes a build of these files into a folder.
func put(t *testing.T, dir string, files map[string][]byte) *Manifest {
	t.Helper()
	m, err := tryPut(dir, files)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tryPut(dir string, files map[string][]byte) (*Manifest, error) {
	m := NewManifest(builtSet(), Choice{}, []string{"en"}, "test")
	return m, Put(dir, false, m, func(sink Sink) error {
		for _, name := range sortedNames(files) {
			if err := sink(name, files[name]); err != nil {
				return err
			}
		}
		return nil
	})
}

func write1(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestPutReplacesWhole(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	put(t, dir, map[string][]byte{"index.html": []byte("one"), "pdf/a.pdf": []byte("two")})
	put(t, dir, map[string][]byte{"index.html": []byte("three")})
	if b, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || string(b) != "three" {
		t.Errorf("index.html is %q, %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "pdf")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file of the earlier build is still there: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
		t.Errorf("left beside the build: %v, %v", left, err)
	}
}

func TestPutSparesForeign(t *testing.T) {
	for _, c := range []struct {
		name  string
		setUp func(t *testing.T, dir string)
	}{
		{"a folder of somebody", func(t *testing.T, dir string) { write1(t, dir, "thesis.txt", "x") }},
		{"a file beside a build", func(t *testing.T, dir string) {
			put(t, dir, map[string][]byte{"index.html": nil})
			write1(t, dir, "notes.txt", "x")
		}},
		{"a manifest that lies", func(t *testing.T, dir string) {
			write1(t, dir, ManifestName, "{}")
			write1(t, dir, "index.html", "x")
		}},
		{"a manifest that claims it", func(t *testing.T, dir string) {
			write1(t, dir, ManifestName, `{"format":"theriac build","version":1,"files":[{"path":"thesis.txt"}]}`)
			write1(t, dir, "thesis.txt", "x")
		}},
		{"a build that somebody changed", func(t *testing.T, dir string) {
			put(t, dir, map[string][]byte{"index.html": []byte("old")})
			write1(t, dir, "index.html", "mine")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.Mkdir(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			c.setUp(t, dir)
			before, err := list(dir)
			if err != nil {
				t.Fatal(err)
			}
			files := map[string][]byte{"index.html": []byte("new")}
			_, err = tryPut(dir, files)
			if !errors.Is(err, ErrOccupied) {
				t.Errorf("got %v", err)
			}
			if after, err := list(dir); err != nil || strings.Join(after, " ") != strings.Join(before, " ") {
				t.Errorf("the folder holds %v, held %v; %v", after, before, err)
			}
		})
	}
}

// TestPutNothingHalf: a build that cannot be written leaves the earlier one.
func TestPutNothingHalf(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	put(t, dir, map[string][]byte{"index.html": []byte("one")})
	files := map[string][]byte{"a": []byte("x"), "a/b": []byte("y")} // a is a file and a folder
	if _, err := tryPut(dir, files); err == nil {
		t.Fatal("an impossible build was written")
	}
	if b, err := os.ReadFile(filepath.Join(dir, "index.html")); err != nil || string(b) != "one" {
		t.Errorf("index.html is %q, %v", b, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) != 1 {
		t.Errorf("left beside the build: %v", left)
	}
	outside := map[string][]byte{"../x": nil}
	if _, err := tryPut(dir, outside); err == nil {
		t.Error("a path out of the folder was written")
	}
}

func TestCompare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	was := put(t, dir, map[string][]byte{"same": []byte("1"), "old": []byte("1"), "edited": []byte("1"), "gone": []byte("1"), "surplus": []byte("1")})
	write1(t, dir, "edited", "2")
	write1(t, dir, "foreign", "2")
	if err := os.Remove(filepath.Join(dir, "gone")); err != nil {
		t.Fatal(err)
	}
	one, two := digest([]byte("1")), digest([]byte("2"))
	now := map[string]string{"same": one, "old": two, "edited": one, "gone": one, "fresh": one}
	got, err := Compare(dir, was, now)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, d := range got {
		words = append(words, d.Path+": "+string(d.Verdict))
	}
	want := "edited: changed by hand; foreign: not of theriac; fresh: not made; gone: missing; old: out of date; surplus: no longer made"
	if s := strings.Join(words, "; "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

func TestReadManifest(t *testing.T) {
	good, err := put(t, filepath.Join(t.TempDir(), "out"), map[string][]byte{"index.html": nil}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadManifest(strings.NewReader(string(good))); err != nil {
		t.Errorf("our own: %v", err)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"another format", `"theriac build"`, `"theriac bundle"`, "is of format"},
		{"another version", `"version": 1`, `"version": 2`, "version 2"},
		{"an unknown field", `"version": 1`, `"version": 1, "extra": 1`, "unknown field"},
		{"a path outside", `"index.html"`, `"../index.html"`, "outside of its folder"},
		{"an absolute path", `"index.html"`, `"/etc/passwd"`, "outside of its folder"},
		{"a backslash", `"index.html"`, `"a\\b"`, "outside of its folder"},
	} {
		text := strings.Replace(string(good), c.from, c.to, 1)
		if _, err := ReadManifest(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := OpenBuild(t.TempDir()); !errors.Is(err, ErrNoBuild) {
		t.Errorf("an empty folder: %v", err)
	}
}

func FuzzReadManifest(f *testing.F) {
	f.Add(`{"format":"theriac build","version":1,"files":[{"path":"a","size":1,"sha256":"x"}]}`)
	f.Add(`{"format":"theriac build","version":1,"files":[{"path":"a/../../b"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadManifest(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, file := range m.Files {
			if !filepath.IsLocal(filepath.FromSlash(file.Path)) {
				t.Errorf("path %q", file.Path)
			}
		}
		again, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadManifest(strings.NewReader(string(again))); err != nil {
			t.Errorf("what was read cannot be read again: %v", err)
		}
	})
}

// TestLinks: nothing is followed out of a build.
func TestLinks(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	was := put(t, dir, map[string][]byte{"a": []byte("1")})
	if err := errors.Join(os.Remove(filepath.Join(dir, "a")), os.Symlink("/dev/zero", filepath.Join(dir, "a"))); err != nil {
		t.Fatal(err)
	}
	got, err := Compare(dir, was, map[string]string{"a": was.Files[0].SHA256})
	if err != nil || len(got) != 1 || got[0].Verdict != Edited {
		t.Errorf("a link in place of a file: %v, %v", got, err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if err := Free(link, true); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("a link in place of the folder: %v", err)
	}
}
