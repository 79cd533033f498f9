package bundle

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// refused opens a bundle that must be refused, and returns the reason.
func refused(t testing.TB, text []byte) string {
	t.Helper()
	_, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("accepted, or another error: %v", err)
	}
	if len(refusal.Faults) == 0 || strings.Contains(refusal.Error(), "%!") {
		t.Fatalf("no proper reason: %q", refusal.Error())
	}
	return refusal.Error()
}

func opens(t testing.TB, text []byte) bool {
	_, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	if _, refusal := errors.AsType[*Refusal](err); err != nil && !refusal {
		t.Errorf("no refusal: %v", err)
	}
	return err == nil
}

// One flipped bit anywhere is noticed: one in every byte, and each of a header and
// of the padding.
func TestEveryByteFlipped(t *testing.T) {
	text := made(t, small()).bundle()
	if !opens(t, text) {
		t.Fatal("the bundle itself is refused")
	}
	a, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	head := make([]bool, len(text)) // of headers and padding
	for _, s := range a.spots {
		for i := s.at; i < s.end(); i++ {
			head[i] = i < s.content || i >= s.content+s.size
		}
	}
	work := make(chan int)
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			own := slices.Clone(text)
			for i := range work {
				bits := []int{i % 8}
				if head[i] && !testing.Short() {
					bits = []int{0, 1, 2, 3, 4, 5, 6, 7}
				}
				for _, bit := range bits {
					own[i] ^= 1 << bit
					if opens(t, own) {
						t.Errorf("bit %d of byte %d may be flipped", bit, i)
					}
					own[i] ^= 1 << bit
				}
			}
		})
	}
	for i := range text {
		work <- i
	}
	close(work)
	group.Wait()
}

// Whatever is put in, taken out, swapped or doubled is noticed.
func TestEveryEditNoticed(t *testing.T) {
	text := made(t, small()).bundle()
	r := rand.New(rand.NewPCG(4, 6))
	span := func() (int, int) {
		a, b := r.IntN(len(text)+1), r.IntN(len(text)+1)
		if r.IntN(2) == 0 { // whole blocks, as an archiver would
			a, b = a/block*block, b/block*block
		}
		return min(a, b), max(a, b)
	}
	edits := map[string]func() []byte{
		"cut off": func() []byte { a, _ := span(); return text[:a] },
		"without": func() []byte { a, b := span(); return slices.Concat(text[:a], text[b:]) },
		"doubled": func() []byte { a, b := span(); return slices.Concat(text[:b], text[a:b], text[b:]) },
		"zeros put in": func() []byte {
			a, _ := span()
			return slices.Concat(text[:a], make([]byte, block*(1+r.IntN(4))), text[a:])
		},
		"moved": func() []byte {
			a, b := span()
			c := a + r.IntN(b-a+1)
			return slices.Concat(text[:a], text[c:b], text[a:c], text[b:])
		},
		"blanked": func() []byte {
			a, b := span()
			return slices.Concat(text[:a], make([]byte, b-a), text[b:])
		},
	}
	for name, edit := range edits {
		for range 1500 {
			if other := edit(); !bytes.Equal(other, text) && opens(t, other) {
				t.Fatalf("accepted: %s, of %d bytes", name, len(other))
			}
		}
	}
}

// crafted is a bundle that somebody made by hand: a manifest, and an archive with
// entries of any form.
type crafted struct {
	manifest *Manifest
	heads    []*tar.Header
	bodies   []string
}

// craft has a security file of one file, whole and well formed.
func craft() *crafted {
	c := &crafted{manifest: &Manifest{Format: manifestFormat, Version: manifestVersion, Product: "Example", Release: Release{"rel-1", "1.0.0"},
		Date: "2026-07-01", Theriac: "v0", Catalogue: []Catalogue{}, Folder: ".", Files: []Entry{}}}
	c.file("theriac.yaml", SecurityFile, "product:\n")
	return c
}

// file adds a file to both.
func (c *crafted) file(name string, part Part, text string) {
	c.list(name, part, text)
	c.entry(regular(name, len(text)), text)
}

func regular(name string, size int) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: filesFolder + name, Size: int64(size), Mode: 0o644}
}

func (c *crafted) list(name string, part Part, text string) {
	c.manifest.Files = append(c.manifest.Files, Entry{name, part, int64(len(text)), sum(text)})
}

func (c *crafted) entry(h *tar.Header, body string) {
	c.heads, c.bodies = append(c.heads, h), append(c.bodies, body)
}

func (c *crafted) bytes(t testing.TB) []byte {
	t.Helper()
	m, err := c.manifest.encode()
	if err != nil {
		t.Fatal(err)
	}
	return c.with(t, m)
}

func (c *crafted) with(t testing.TB, manifest []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	put := func(h *tar.Header, body string) {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	put(&tar.Header{Typeflag: tar.TypeReg, Name: manifestName, Size: int64(len(manifest)), Mode: 0o644}, string(manifest))
	line := sumLine(sum(string(manifest)))
	put(&tar.Header{Typeflag: tar.TypeReg, Name: sumName, Size: int64(len(line)), Mode: 0o644}, line)
	for i, h := range c.heads {
		put(h, c.bodies[i])
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCraftedIsWhole(t *testing.T) {
	if !opens(t, craft().bytes(t)) {
		t.Error("what the cases of TestHostile start from is refused")
	}
}

func TestHostile(t *testing.T) {
	named := func(name string, part Part) func(*crafted) {
		return func(c *crafted) {
			c.file(name, part, "x")
			c.sort()
		}
	}
	instead := func(h *tar.Header) func(*crafted) {
		return func(c *crafted) {
			c.list("z.yaml", SecurityFile, "")
			c.entry(h, "")
		}
	}
	for _, test := range []struct {
		name string
		do   func(*crafted)
		want string
	}{
		{"path climbs", named("../z.yaml", SecurityFile), "leads out of its folder"},
		{"path climbs inside", named("a/../../z.yaml", SecurityFile), "leads out of its folder"},
		{"path is absolute", named("/etc/z.yaml", SecurityFile), "is absolute"},
		{"path with backslashes", named(`a\z.yaml`, SecurityFile), "backslash"},
		{"path with a drive", named("c:z.yaml", SecurityFile), "some systems do not have"},
		{"path with a line break", named("a\nz.yaml", SecurityFile), "some systems do not have"},
		{"path of a device", named("a/con.yaml", SecurityFile), "reserve"},
		{"path with a dot at the end", named("a./z.yaml", SecurityFile), "drop"},
		{"path with empty steps", named("a//z.yaml", SecurityFile), "no path"},
		{"path too long", named(strings.Repeat("a/", 600)+"z.yaml", SecurityFile), "more than 1024 bytes"},
		{"no YAML", named("run.sh", SecurityFile), "no place"},
		{"hidden YAML", named(".git/z.yaml", SecurityFile), "no place"},
		{"reviews elsewhere", named("a/theriac.reviews", SecurityFile), "no place"},
		{"baseline elsewhere", named("z.zip", Baseline), "no place"},
		{"baseline of a bad name", named("baselines/HEAD.zip", Baseline), "no place"},
		{"statement elsewhere", named("statement.json", Statement), "no place"},
		{"statement among the inputs", named("evidence/inputs/x.json", Statement), "no place"},
		{"input without digest", named("evidence/inputs/report.xml", Input), "no place"},
		{"approval among the evidence", named("evidence/x.json", Approval), "no place"},
		{"time stamp of nothing", named("evidence/x.tsr", TimeStamp), "no place"},
		{"document among the evidence", named("evidence/x.pdf", Document), "no place"},
		{"part that is none", named("z.bin", "program"), "no part of a bundle"},
		{"file twice", func(c *crafted) { c.file("theriac.yaml", SecurityFile, "product:\n") }, "listed twice"},
		{"out of order", func(c *crafted) { c.file("a.yaml", SecurityFile, "") }, "out of order"},
		{"same but for case", named("Theriac.yaml", SecurityFile), "same to some systems"},
		{"same but for Unicode form", func(c *crafted) {
			c.file("u\u0308.yaml", SecurityFile, "")
			c.file("\u00fc.yaml", SecurityFile, "")
			c.sort()
		}, "same to some systems"},
		{"folder same but for case", func(c *crafted) {
			c.file("Lib/a.yaml", SecurityFile, "")
			c.file("lib/b.yaml", SecurityFile, "")
			c.sort()
		}, "same to some systems"},
		{"file and folder", func(c *crafted) {
			c.file("z.yaml", SecurityFile, "")
			c.file("z.yaml/b.yaml", SecurityFile, "")
		}, "a file and a folder"},
		{"no theriac.yaml", func(c *crafted) { c.manifest.Folder = "pump" }, "lists no pump/theriac.yaml"},
		{"folder that climbs", func(c *crafted) { c.manifest.Folder = "../pump" }, "malformed folder"},
		{"day that is none", func(c *crafted) { c.manifest.Date = "2026-02-30" }, "malformed day"},
		{"no release", func(c *crafted) { c.manifest.Release = Release{} }, "names no release"},
		{"other format", func(c *crafted) { c.manifest.Format = "theriac baseline" }, "not of a bundle"},
		{"newer format", func(c *crafted) { c.manifest.Version = 2 }, "newer theriac"},
		{"malformed digest", func(c *crafted) { c.manifest.Files[0].SHA256 = "abc" }, "malformed digest"},
		{"malformed digest of the catalogue", func(c *crafted) { c.manifest.Catalogue = []Catalogue{{File: "mdr.yaml"}} }, "malformed digest"},
		{"size below zero", func(c *crafted) { c.manifest.Files[0].Size = -512 }, "bytes"},
		{"declared too large", func(c *crafted) { c.manifest.Files[0].Size = 33 << 20 }, "at most"},
		{"declared larger than it is", func(c *crafted) { c.manifest.Files[0].Size = 1 << 20 }, "cut off"},
		{"all too large together", func(c *crafted) {
			for i := range 17 {
				c.list(fmt.Sprintf("z%02d.yaml", i), SecurityFile, "")
				c.manifest.Files[i+1].Size = 32 << 20
			}
		}, "bytes"},
		{"YAML too large", func(c *crafted) { c.manifest.Files[0].Size = 17 << 20 }, "a file of the security file has at most"},
		{"symbolic link", instead(&tar.Header{Typeflag: tar.TypeSymlink, Name: "files/z.yaml", Linkname: "/etc/passwd"}), "is a link"},
		{"hard link", instead(&tar.Header{Typeflag: tar.TypeLink, Name: "files/z.yaml", Linkname: "files/theriac.yaml"}), "is a link"},
		{"device", instead(&tar.Header{Typeflag: tar.TypeChar, Name: "files/z.yaml", Devmajor: 1, Devminor: 3}), "is a device"},
		{"pipe", instead(&tar.Header{Typeflag: tar.TypeFifo, Name: "files/z.yaml"}), "is a device"},
		{"folder", instead(&tar.Header{Typeflag: tar.TypeDir, Name: "files/z.yaml/"}), "is no file"},
		{"another name", instead(&tar.Header{Typeflag: tar.TypeReg, Name: "../z.yaml"}), `found entry "../z.yaml"`},
		{"executable", instead(&tar.Header{Typeflag: tar.TypeReg, Name: "files/z.yaml", Mode: 0o755}), "not as a bundle has it"},
		{"owner", instead(&tar.Header{Typeflag: tar.TypeReg, Name: "files/z.yaml", Mode: 0o644, Uname: "root"}), "not as a bundle has it"},
		{"listed and not there", func(c *crafted) { c.list("z.yaml", SecurityFile, "x") }, "cut off"},
		{"there and not listed", func(c *crafted) {
			c.entry(&tar.Header{Typeflag: tar.TypeReg, Name: "files/z.yaml", Size: 1, Mode: 0o644}, "x")
		}, "something was added"},
		{"content of another file", func(c *crafted) {
			c.file("y.yaml", SecurityFile, "a")
			c.file("z.yaml", SecurityFile, "b")
			c.bodies[1], c.bodies[2] = "b", "a"
		}, "altered"},
		{"entries in another order", func(c *crafted) {
			c.file("y.yaml", SecurityFile, "a")
			c.file("z.yaml", SecurityFile, "b")
			c.heads[1], c.heads[2] = c.heads[2], c.heads[1]
		}, "where the manifest has"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := craft()
			test.do(c)
			if why := refused(t, c.bytes(t)); !strings.Contains(why, test.want) {
				t.Errorf("refused with %q, want %q", why, test.want)
			}
		})
	}
}

// sort brings the manifest and the entries into order.
func (c *crafted) sort() {
	type both struct {
		e    Entry
		h    *tar.Header
		body string
	}
	var all []both
	for i, e := range c.manifest.Files {
		all = append(all, both{e, c.heads[i], c.bodies[i]})
	}
	slices.SortFunc(all, func(a, b both) int { return strings.Compare(a.e.Path, b.e.Path) })
	for i, x := range all {
		c.manifest.Files[i], c.heads[i], c.bodies[i] = x.e, x.h, x.body
	}
}

// The text of the manifest itself.
func TestHostileManifest(t *testing.T) {
	good, err := craft().manifest.encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ name, from, to, want string }{
		{"blank", `"version": 1`, `"version":  1`, "canonical"},
		{"key twice", `"version": 1`, `"version": 1, "version": 1`, "cannot be read"},
		{"unknown key", `"version": 1`, `"version": 1, "more": 1`, "cannot be read"},
		{"newer, with more in it", `"version": 1`, `"version": 2, "more": 1`, "newer theriac"},
		{"key in capitals", `"version"`, `"Version"`, "cannot be read"},
		{"escapes", `Example`, `\u0045xample`, "canonical"},
		{"no JSON", `{`, `[`, "cannot be read"},
		{"list that is null", `"catalogue": []`, `"catalogue": null`, "null in place of a list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(string(good), test.from, test.to, 1)
			if text == string(good) {
				t.Fatal("nothing replaced")
			}
			if why := refused(t, craft().with(t, []byte(text))); !strings.Contains(why, test.want) {
				t.Errorf("refused with %q, want %q", why, test.want)
			}
		})
	}
}

func TestNoBundle(t *testing.T) {
	huge, err := header(manifestName, maxManifest+1)
	if err != nil {
		t.Fatal(err)
	}
	cut, err := header(manifestName, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct{ text, want string }{
		"empty":                {"", "no bundle"},
		"short":                {"theriac", "no bundle"},
		"zeros":                {strings.Repeat("\x00", 4096), "no bundle"},
		"something else":       {strings.Repeat("theriac ", 4096), "no bundle"},
		"manifest too large":   {string(huge), "at most"},
		"ends in the manifest": {string(cut), "ends within"},
	} {
		if why := refused(t, []byte(test.text)); !strings.Contains(why, test.want) {
			t.Errorf("%s: refused with %q, want %q", name, why, test.want)
		}
	}
}

// A bundle with many faults names some and counts the others.
func TestManyFaults(t *testing.T) {
	c := craft()
	for i := range maxFaults + 7 {
		c.file(fmt.Sprintf("x%03d.sh", i), SecurityFile, "")
	}
	c.sort()
	why := refused(t, c.bytes(t))
	if !strings.Contains(why, "and 7 more") || strings.Count(why, "no place") != maxFaults {
		t.Errorf("refused with %q", why)
	}
}

// failing is a disk that cannot be read from some place on.
type failing struct {
	*bytes.Reader
	from int64
}

var errDisk = errors.New("disk error")

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if at+int64(len(p)) > f.from {
		return 0, errDisk
	}
	return f.Reader.ReadAt(p, at)
}

// An error of the machine is no verdict about the bundle.
func TestDiskError(t *testing.T) {
	text := made(t, small()).bundle()
	for _, from := range []int64{0, block, 8192, int64(len(text)) - 1} {
		_, err := Audit(t.Context(), failing{bytes.NewReader(text), from}, int64(len(text)), trusted(t, "root"), Options{Today: today})
		if !errors.Is(err, errDisk) {
			t.Errorf("from byte %d: %v", from, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(made(f, small()).bundle())
	f.Add(craft().bytes(f))
	f.Add([]byte("theriac"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
		if err != nil {
			refused(t, text)
			return
		}
		// What is accepted is accepted because it is the one form of its content.
		again := rewritten(t, a)
		if !bytes.Equal(again, text) {
			t.Errorf("accepted another form of the same content")
		}
	})
}

// rewritten is the archive that follows from what an archive holds.
func rewritten(t testing.TB, a *Archive) []byte {
	t.Helper()
	m, err := a.Manifest.encode()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	put := func(name string, text []byte) {
		if err := writeText(&b, name, text); err != nil {
			t.Fatal(err)
		}
	}
	put(manifestName, m)
	put(sumName, []byte(sumLine(sum(string(m)))))
	for _, e := range a.Manifest.Files {
		text := make([]byte, e.Size)
		if _, err := a.r.ReadAt(text, a.spots[e.Path].content); err != nil {
			t.Fatal(err)
		}
		put(filesFolder+e.Path, text)
	}
	b.Write(make([]byte, trailer))
	return b.Bytes()
}
