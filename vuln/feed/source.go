package feed

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/klauspost/compress/zstd"
)

// limits bound what a walk reads.
type limits struct {
	files    int   // in all
	file     int64 // bytes of one file, unpacked
	total    int64 // bytes in all, unpacked
	ratio    int64 // bytes that a packed byte may become ...
	free     int64 // ... beyond these
	download int64 // bytes of a URL
	// directory is how many bytes the list of the members of a zip may have. It is read
	// whole; each of its bytes takes about five in memory.
	directory int64
}

// The whole OSV export is a million files of 5 GB, a year of NVD 150 MB in one file.
var usual = limits{files: 5_000_000, file: 2 << 30, total: 64 << 30, ratio: 200, free: 64 << 20, download: 8 << 30, directory: 128 << 20}

// What makes the reading of a file end.
var (
	errLarge = errors.New("larger than what is read of one file")
	errTotal = errors.New("more data than what is read of one feed")
	errFiles = errors.New("more files than what is read of one feed")
	errBomb  = errors.New("unpacks to far more than it is")
	errMany  = errors.New("more members than what is read of one archive")
)

// Reasons of Stats.NotUnderstood that are about files.
const (
	reasonCut     = "cut short or damaged"
	reasonForeign = "not a file of this feed"
	reasonLink    = "neither file nor folder, not followed"
	reasonNested  = "archive in an archive, not opened"
	reasonArchive = "archive that cannot be opened"
	reasonEnd     = "archive without its end, perhaps cut short"
	reasonOpen    = "cannot be opened"
)

// walker visits files in an order that depends on their names alone.
type walker struct {
	ctx    context.Context
	limits limits
	stats  *Stats
	// suffixes are the ends of the names of files that are visited, in lower case and
	// without those of packing.
	suffixes []string
	// visit reads a file. It counts what it does not understand itself: an error ends the walk.
	visit func(name string, r io.Reader) error

	files int
	total int64
}

// walk visits the files that where names: a folder, a .zip, .tar, .tar.gz or
// .tar.zst, a file that may be packed with gzip or zstd, or an http or https URL.
// Nothing is written except a URL's data to a temporary file. Names are relative
// and have slashes; members of an archive follow its name.
func walk(ctx context.Context, where string, stats *Stats, suffixes []string, visit func(name string, r io.Reader) error) error {
	w := &walker{ctx: ctx, limits: usual, stats: stats, suffixes: suffixes, visit: visit}
	return w.walk(where)
}

func (w *walker) walk(where string) error {
	if isURL(where) {
		file, name, err := fetch(w.ctx, where, w.limits.download)
		if err != nil {
			return err
		}
		defer os.Remove(file)
		return w.disk(file, name)
	}
	info, err := os.Stat(where)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return w.folder(where)
	}
	return w.disk(where, filepath.Base(where))
}

// disk visits a file that was named itself: its name need not end as those of the feed do.
func (w *walker) disk(file, name string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", clean(name))
	}
	return w.open(f, clean(name))
}

// folder visits a folder and those in it, in the order of names. What begins with a
// dot is left out; links are not followed.
func (w *walker) folder(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			w.stats.lost(clean(name), reasonOpen)
			return nil
		}
		if name != "." && strings.HasPrefix(d.Name(), ".") {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return w.ctx.Err()
		}
		return w.entry(root, name, d)
	})
}

func (w *walker) entry(root *os.Root, name string, d fs.DirEntry) error {
	if !d.Type().IsRegular() {
		w.stats.lost(clean(name), reasonLink)
		return nil
	}
	if !packed(name) && !w.wanted(name) {
		return nil
	}
	f, err := root.Open(name)
	if err != nil {
		w.stats.lost(clean(name), reasonOpen)
		return nil
	}
	defer f.Close()
	return w.open(f, clean(name))
}

// open visits a file on disk by what it begins with.
func (w *walker) open(f *os.File, name string) error {
	var head [4]byte
	if n, _ := f.ReadAt(head[:], 0); n == len(head) && string(head[:]) == "PK\x03\x04" {
		return w.zip(f, name)
	}
	return w.stream(f, name, 0)
}

// zip visits the members of an archive in the order of their names.
func (w *walker) zip(f *os.File, name string) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	source := &directory{from: f, most: w.limits.directory}
	archive, err := zip.NewReader(source, info.Size())
	switch {
	case source.n > source.most:
		w.stats.lost(name, errMany.Error())
		return nil
	case err != nil && !errors.Is(err, zip.ErrInsecurePath):
		w.stats.lost(name, reasonArchive)
		return nil
	}
	source.most = math.MaxInt64 // members have limits of their own
	members := slices.DeleteFunc(slices.Clone(archive.File), func(m *zip.File) bool { return m.FileInfo().IsDir() })
	slices.SortStableFunc(members, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	spent := &unpacked{limits: w.limits, in: info.Size()}
	for _, m := range members {
		if err := w.zipMember(m, name+"/"+clean(m.Name), spent); err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) zipMember(m *zip.File, name string, spent *unpacked) error {
	if !m.Mode().IsRegular() {
		w.stats.lost(name, reasonLink)
		return nil
	}
	if !packed(name) && !w.wanted(name) {
		return nil
	}
	r, err := m.Open()
	if err != nil {
		w.stats.lost(name, reasonCut)
		return nil
	}
	defer r.Close()
	spent.from = r
	return w.stream(spent, name, 1)
}

// readers are for the members of archives, of which one may have a hundred thousand.
var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}

// stream visits what r holds: a file, or one that is packed, or a tar archive. depth
// counts the layers of packing around it.
func (w *walker) stream(r io.Reader, name string, depth int) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	in := readers.Get().(*bufio.Reader)
	in.Reset(r)
	defer func() {
		in.Reset(nil)
		readers.Put(in)
	}()
	head, _ := in.Peek(512)
	switch kind := magic(head); {
	case kind == "":
		return w.file(in, name)
	case kind == "zip", depth > 2, kind == "tar" && strings.Contains(name, ".tar/"):
		w.stats.lost(name, reasonNested)
		return nil
	case kind == "tar":
		return w.tar(in, name)
	default:
		return w.unpack(in, name, kind, depth)
	}
}

// unpack visits what is packed with gzip or zstd.
func (w *walker) unpack(in *bufio.Reader, name, kind string, depth int) error {
	spent := &unpacked{limits: w.limits}
	raw := &counter{from: in, n: &spent.in}
	if kind == "gzip" {
		r, err := gzip.NewReader(raw)
		if err != nil {
			w.stats.lost(name, reasonCut)
			return nil
		}
		spent.from = r
	} else {
		r, err := zstd.NewReader(raw, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderLowmem(true))
		if err != nil {
			w.stats.lost(name, reasonCut)
			return nil
		}
		defer r.Close()
		spent.from = r
	}
	return w.stream(spent, unpackedName(name), depth+1)
}

// tar visits the members of an archive in its own order; of one that is cut short
// those before the cut.
func (w *walker) tar(in io.Reader, name string) error {
	if !strings.HasSuffix(name, ".tar") {
		name += ".tar"
	}
	source := &trailing{from: in}
	archive := tar.NewReader(source)
	for {
		h, err := archive.Next()
		switch {
		case err == io.EOF && source.zeros < 512: // it ends with blocks of zeros
			w.stats.lost(name, reasonEnd)
			return nil
		case err == io.EOF:
			return nil
		case err != nil && !errors.Is(err, tar.ErrInsecurePath):
			w.stats.lost(name, reason(err))
			return nil
		}
		member := &failing{from: archive}
		if err := w.tarMember(h, member, name+"/"+clean(h.Name)); err != nil {
			return err
		}
		if member.failed {
			return nil // said by the member in which it broke
		}
	}
}

func (w *walker) tarMember(h *tar.Header, r io.Reader, name string) error {
	switch {
	case h.Typeflag == tar.TypeDir:
		return nil
	case h.Typeflag != tar.TypeReg:
		w.stats.lost(name, reasonLink)
		return nil
	case !packed(name) && !w.wanted(name):
		return nil
	}
	return w.stream(r, name, 1)
}

// file hands a file to visit, bounded.
func (w *walker) file(in io.Reader, name string) error {
	if w.files++; w.files > w.limits.files {
		return errFiles
	}
	bounded := &bounded{walker: w, from: in}
	if err := w.visit(name, bounded); err != nil {
		return err
	}
	if bounded.err == errTotal {
		return errTotal
	}
	return w.ctx.Err()
}

// wanted says whether a file belongs to the feed, and counts it where it neither does
// nor is what usually lies beside: signatures, check sums, texts.
func (w *walker) wanted(name string) bool {
	lower := strings.ToLower(name)
	for _, s := range w.suffixes {
		if strings.HasSuffix(lower, s) {
			return true
		}
	}
	switch path.Ext(lower) {
	case ".asc", ".sig", ".sha256", ".sha512", ".meta", ".md", ".txt", ".html", "":
		return false
	}
	w.stats.lost(clean(name), reasonForeign)
	return false
}

// packed says whether a name is that of an archive or a packed file.
func packed(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".zip", ".tar", ".gz", ".tgz", ".zst":
		return true
	}
	return false
}

func unpackedName(name string) string {
	switch ext := path.Ext(name); strings.ToLower(ext) {
	case ".gz", ".zst":
		return strings.TrimSuffix(name, ext)
	case ".tgz":
		return strings.TrimSuffix(name, ext) + ".tar"
	}
	return name
}

// magic names the packing that a file begins with; "" where it is none that is opened.
func magic(head []byte) string {
	at := func(i int, s string) bool { return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s }
	switch {
	case at(0, "PK\x03\x04"), at(0, "PK\x05\x06"):
		return "zip"
	case at(0, "\x1f\x8b"):
		return "gzip"
	case at(0, "\x28\xb5\x2f\xfd"):
		return "zstd"
	case at(257, "ustar"):
		return "tar"
	}
	return ""
}

// clean makes a name fit for a report: no control characters, no way out, not long.
func clean(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return '?'
		}
		return r
	}, filepath.ToSlash(name))
	name = strings.TrimPrefix(path.Clean("/"+name), "/")
	if runes := []rune(name); len(runes) > 200 {
		name = string(runes[:200]) + "..."
	}
	return name
}

// reason words an error of reading as a reason that many files may share.
func reason(err error) string {
	for _, known := range []error{errLarge, errTotal, errBomb} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	return reasonCut
}

// bounded is a file as visit reads it.
type bounded struct {
	walker *walker
	from   io.Reader
	n      int64
	err    error
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.from.Read(p)
	b.n += int64(n)
	b.walker.total += int64(n)
	switch {
	case b.walker.ctx.Err() != nil:
		b.err = b.walker.ctx.Err()
	case b.walker.total > b.walker.limits.total:
		b.err = errTotal
	case b.n > b.walker.limits.file:
		b.err = errLarge
	default:
		b.err = err
		return n, err
	}
	return 0, b.err
}

// unpacked compares what comes out of a packing with what went in.
type unpacked struct {
	limits limits
	from   io.Reader
	in     int64 // packed bytes
	out    int64
}

func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.from.Read(p)
	if u.out += int64(n); u.out > u.limits.free && u.out/u.limits.ratio > u.in {
		return 0, errBomb
	}
	return n, err
}

// directory fails when more of an archive is read than the list of its members may have.
type directory struct {
	from    io.ReaderAt
	n, most int64
}

func (d *directory) ReadAt(p []byte, at int64) (int, error) {
	if d.n += int64(len(p)); d.n > d.most {
		return 0, errMany
	}
	return d.from.ReadAt(p, at)
}

type counter struct {
	from io.Reader
	n    *int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	*c.n += int64(n)
	return n, err
}

// failing remembers that what is under an archive broke.
type failing struct {
	from   io.Reader
	failed bool
}

func (f *failing) Read(p []byte) (int, error) {
	n, err := f.from.Read(p)
	f.failed = f.failed || err != nil && err != io.EOF
	return n, err
}

// trailing counts the zeros with which what was read ends.
type trailing struct {
	from  io.Reader
	zeros int
}

func (t *trailing) Read(p []byte) (int, error) {
	n, err := t.from.Read(p)
	zeros := n - len(bytes.TrimRight(p[:n], "\x00"))
	if zeros == n {
		zeros += t.zeros
	}
	t.zeros = zeros
	return n, err
}
