package bundle

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"path"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Archive is a bundle that was found to be whole: exactly what its manifest lists.
type Archive struct {
	Manifest *Manifest
	SHA256   string // of the manifest, which stands for the whole bundle

	r     io.ReaderAt
	spots map[string]spot // by path
}

// Open reads a bundle and compares every byte of it with what its manifest asks
// for. Progress is told how many bytes of how many are done, and may be nil.
func Open(ctx context.Context, r io.ReaderAt, size int64, progress func(done, total int64)) (*Archive, error) {
	a := &Archive{r: r, spots: map[string]spot{}}
	from, err := a.head(size)
	if err != nil {
		return nil, err
	}
	spots, due, err := layout(a.Manifest.Files, from)
	switch {
	case err != nil:
		return nil, refuse("%s", err)
	case size < due:
		return nil, refuse("the bundle ends after %d bytes where its manifest asks for %d: it was cut off, or something was taken out", size, due)
	case size > due:
		return nil, refuse("the bundle has %d bytes where its manifest asks for %d: something was added", size, due)
	}
	for i, e := range a.Manifest.Files {
		a.spots[e.Path] = spots[i]
	}
	v := &verifier{r: r, spots: spots, faults: make([]string, len(spots)), total: due, progress: progress}
	if err := v.run(ctx); err != nil {
		return nil, err
	}
	return a, v.trailer(due)
}

// head reads the manifest and the digest behind it, and says where the files
// begin.
func (a *Archive) head(size int64) (int64, error) {
	first := make([]byte, block)
	switch n, err := a.r.ReadAt(first, 0); {
	case n < block && (err == nil || errors.Is(err, io.EOF)):
		return 0, refuse("it has %d bytes, which is no bundle", n)
	case n < block:
		return 0, err
	}
	h, err := tar.NewReader(bytes.NewReader(first)).Next()
	switch {
	case err != nil || h.Name != manifestName:
		return 0, refuse("it does not begin with %s: it is no bundle, or its beginning is damaged", manifestName)
	case h.Size < 0 || h.Size > maxManifest:
		return 0, refuse("its manifest has %d bytes; at most %d are read", h.Size, maxManifest)
	}
	text, next, err := a.small(manifestName, 0, h.Size, size)
	if err != nil {
		return 0, err
	}
	sum := sha256.Sum256(text)
	a.SHA256 = hex.EncodeToString(sum[:])
	line, from, err := a.small(sumName, next, int64(len(sumLine(a.SHA256))), size)
	switch {
	case err != nil:
		return 0, err
	case string(line) != sumLine(a.SHA256):
		return 0, refuse("%s was altered: %s has another digest", manifestName, sumName)
	}
	m, refusal := decodeManifest(text)
	if refusal != nil {
		return 0, refusal
	}
	a.Manifest = m
	return from, nil
}

// small reads an entry that is due at an offset, and says where it ends.
func (a *Archive) small(name string, at, size, whole int64) ([]byte, int64, error) {
	s, err := spotOf(name, at, size, "")
	if err != nil {
		return nil, 0, err
	}
	if s.end() > whole {
		return nil, 0, refuse("the bundle ends within %s", name)
	}
	all := make([]byte, s.end()-at)
	if _, err := a.r.ReadAt(all, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	n := s.content - at
	switch {
	case !bytes.Equal(all[:n], s.header()):
		return nil, 0, refuse("%s", strange(all[:n], s))
	case !zero(all[n+size:]):
		return nil, 0, refuse("there are bytes behind %s that belong to nothing", name)
	}
	return all[n : n+size], s.end(), nil
}

func zero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }

// verifier compares the entries with what is due, several at a time.
type verifier struct {
	r        io.ReaderAt
	spots    []spot
	faults   []string // of the spots
	done     atomic.Int64
	total    int64
	progress func(done, total int64)
}

// run goes through the entries, the largest first, so that no core waits long at
// the end.
func (v *verifier) run(ctx context.Context) error {
	order := make([]int, len(v.spots))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v.spots[b].size, v.spots[a].size) })
	size := int64(8 << 10) // no header is longer
	if len(order) > 0 {
		size = max(size, min(256<<10, v.spots[order[0]].size))
	}
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			w := worker{v, make([]byte, size), sha256.New()}
			for {
				n := next.Add(1) - 1
				if n >= int64(len(order)) {
					return nil
				}
				i := order[n]
				why, err := w.entry(ctx, v.spots[i])
				if err != nil {
					return err
				}
				v.faults[i] = why
			}
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r := &Refusal{}
	for _, why := range v.faults {
		if why != "" {
			r.add("%s", why)
		}
	}
	if r.orNil() != nil {
		return r
	}
	return nil
}

func (v *verifier) tell(n int64) {
	if v.progress != nil {
		v.progress(v.done.Add(n), v.total)
	}
}

// trailer wants zero bytes at the end.
func (v *verifier) trailer(due int64) error {
	end := make([]byte, trailer)
	if _, err := v.r.ReadAt(end, due-trailer); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if !zero(end) {
		return refuse("there are bytes at the end that belong to nothing")
	}
	return nil
}

// worker compares one entry after the other.
type worker struct {
	*verifier
	buf []byte
	sum hash.Hash
}

// entry says what is wrong with an entry; the error is about the run.
func (w worker) entry(ctx context.Context, s spot) (string, error) {
	found := w.buf[:s.content-s.at]
	if _, err := w.r.ReadAt(found, s.at); err != nil {
		return "", err
	}
	if !bytes.Equal(found, s.header()) {
		return strange(found, s), nil
	}
	w.sum.Reset()
	if err := w.content(ctx, s); err != nil {
		return "", err
	}
	if hex.EncodeToString(w.sum.Sum(nil)) != s.sha256 {
		return "file " + quoted(s) + " was altered: it has another digest than the manifest gives", nil
	}
	pad := w.buf[:padding(s.size)]
	if _, err := w.r.ReadAt(pad, s.content+s.size); err != nil {
		return "", err
	}
	if !zero(pad) {
		return "there are bytes behind " + quoted(s) + " that belong to nothing", nil
	}
	w.tell(s.end() - s.at)
	return "", nil
}

func quoted(s spot) string { return `"` + s.name[len(filesFolder):] + `"` }

// content hashes the content of an entry.
func (w worker) content(ctx context.Context, s spot) error {
	for at, end := s.content, s.content+s.size; at < end; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := w.r.ReadAt(w.buf[:min(int64(len(w.buf)), end-at)], at)
		w.sum.Write(w.buf[:n])
		if at += int64(n); err != nil && at < end {
			return err
		}
	}
	return nil
}

// inside is the path of a file of the folder of theriac.yaml in the bundle.
func (a *Archive) inside(name string) string { return path.Join(a.Manifest.Folder, name) }
