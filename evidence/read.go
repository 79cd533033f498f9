package evidence

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"theriac/trust"
)

// Limits for a store.
const (
	maxPieces = 100000
	// MaxStatement bounds a file with a statement, in bytes: far more than a
	// statement with all failures that it may list.
	MaxStatement = 2 << 20
	// MaxStamp bounds a file with a time stamp, in bytes.
	MaxStamp = 1 << 20
)

// Read reads the store in a file system whose root is the folder of the security
// file. A folder without evidence is an empty store. Hashes may be nil.
func Read(ctx context.Context, fsys fs.FS, roster *trust.Roster, hashes *Hashes) (*Store, error) {
	r := &reader{fsys: fsys, roster: roster, hashes: hashes, store: &Store{}, inputs: map[string]*inputFile{}}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	slices.SortFunc(r.store.Pieces, func(a, b *Piece) int { return cmp.Compare(a.Path, b.Path) })
	for _, p := range r.store.Pieces {
		r.compare(p)
	}
	for name, in := range r.inputs {
		r.hashes.keep(name, in.info, in.digest)
		r.store.Bytes += in.info.Size()
		if !in.used {
			r.store.Unused = append(r.store.Unused, InputFolder+"/"+name)
		}
	}
	for _, names := range [][]string{r.store.Stray, r.store.Unused, r.store.Stamps} {
		slices.Sort(names)
	}
	return r.store, nil
}

// reader lists folders and works on what they hold at the same time: listing
// waits for the disk, and verifying and hashing need all cores.
type reader struct {
	fsys   fs.FS
	roster *trust.Roster
	hashes *Hashes
	work   chan task
	shared shared

	mu         sync.Mutex // guards what is below
	store      *Store
	inputs     map[string]*inputFile // by the name of the file
	statements int
}

// task is one file to work on, in the memory of one worker.
type task func(ctx context.Context, m *memory) error

// memory is what a worker uses again for each file.
type memory struct {
	text []byte // of a statement
	part []byte // of an input
}

// inputFile is a file of the input folder.
type inputFile struct {
	name   string
	info   fs.FileInfo
	digest string // as it was found to be
	used   bool
}

func (r *reader) run(ctx context.Context) error {
	switch info, err := fs.Stat(r.fsys, Folder); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.IsDir():
		r.store.Stray = []string{Folder}
		return nil
	}
	r.work = make(chan task, 64)
	group, within := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error { return r.worker(within) })
	}
	group.Go(func() error {
		defer close(r.work)
		return r.list(within)
	})
	return cmp.Or(group.Wait(), ctx.Err())
}

func (r *reader) worker(ctx context.Context) error {
	m := &memory{part: make([]byte, 256<<10)}
	for do := range r.work {
		if err := cmp.Or(ctx.Err(), do(ctx, m)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) give(ctx context.Context, t task) error {
	select {
	case r.work <- t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// list lists the folder of inputs beside all others: both may be large.
func (r *reader) list(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		return r.folder(ctx, Folder, func(name string) bool {
			if name == InputFolder {
				group.Go(func() error { return r.folder(ctx, name, func(string) bool { return false }) })
			}
			return name == InputFolder
		})
	})
	return group.Wait()
}

// folder lists a folder and those below it, but for those that somebody else
// takes. Links are not followed.
func (r *reader) folder(ctx context.Context, dir string, taken func(name string) bool) error {
	entries, err := fs.ReadDir(r.fsys, dir)
	if err != nil {
		return err
	}
	l := &listing{stamps: map[string]bool{}}
	var below []string
	for _, d := range entries {
		if name := dir + "/" + d.Name(); !d.IsDir() {
			err = l.file(dir, d)
		} else if !taken(name) {
			below = append(below, name)
		}
		if err != nil {
			return err
		}
	}
	if err := r.take(ctx, l); err != nil {
		return err
	}
	for _, name := range below {
		if err := r.folder(ctx, name, taken); err != nil {
			return err
		}
	}
	return nil
}

// listing is what one folder holds.
type listing struct {
	statements []string // in order
	stamps     map[string]bool
	stray      []string
	inputs     []*inputFile
}

func (l *listing) file(dir string, d fs.DirEntry) error {
	base, name := d.Name(), dir+"/"+d.Name()
	switch {
	case strings.HasPrefix(base, "."):
	case !d.Type().IsRegular():
		l.stray = append(l.stray, name)
	case dir == InputFolder && IsDigest(base):
		info, err := d.Info()
		if err != nil {
			return err
		}
		l.inputs = append(l.inputs, &inputFile{name: base, info: info})
	case strings.HasSuffix(base, statementExt) && dir != InputFolder:
		l.statements = append(l.statements, name)
	case strings.HasSuffix(base, statementExt+StampExt):
		l.stamps[name] = true
	default:
		l.stray = append(l.stray, name)
	}
	return nil
}

// take remembers what a folder holds and makes work of it: first the largest
// inputs, so that no core waits long at the end.
func (r *reader) take(ctx context.Context, l *listing) error {
	if err := r.remember(l); err != nil {
		return err
	}
	for _, name := range l.statements {
		if err := r.give(ctx, r.piece(name, l.stamps[name+StampExt])); err != nil {
			return err
		}
	}
	slices.SortStableFunc(l.inputs, func(a, b *inputFile) int { return cmp.Compare(b.info.Size(), a.info.Size()) })
	for _, in := range l.inputs {
		if in.digest = r.known(in); in.digest != "" {
			continue
		}
		if err := r.give(ctx, r.hash(in)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) remember(l *listing) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.statements += len(l.statements); r.statements > maxPieces {
		return fmt.Errorf("%s holds more than %d statements", Folder, maxPieces)
	}
	for _, in := range l.inputs {
		r.inputs[in.name] = in
	}
	r.store.Stray = append(r.store.Stray, l.stray...)
	for name := range l.stamps {
		if _, there := slices.BinarySearch(l.statements, strings.TrimSuffix(name, StampExt)); !there {
			r.store.Stamps = append(r.store.Stamps, name)
		}
	}
	return nil
}

// piece reads a statement.
func (r *reader) piece(name string, stamped bool) task {
	return func(_ context.Context, m *memory) (err error) {
		if m.text, err = readInto(r.fsys, name, MaxStatement, m.text); err != nil {
			return err
		}
		var stamp []byte
		if stamped {
			if stamp, err = ReadLimited(r.fsys, name+StampExt, MaxStamp); err != nil {
				return err
			}
		}
		p := ReadPiece(name, m.text, stamp, r.roster)
		if p.Statement != nil {
			r.shared.replace(p.Statement)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.store.Pieces = append(r.store.Pieces, p)
		return nil
	}
}

// ReadLimited reads a file, and one byte more than the limit of one that is
// longer, which then is too long for its reader.
func ReadLimited(fsys fs.FS, name string, limit int64) ([]byte, error) {
	return readInto(fsys, name, limit, nil)
}

// readInto is ReadLimited into memory that grows where it has to.
func readInto(fsys fs.FS, name string, limit int64, buf []byte) ([]byte, error) {
	// To open a pipe that nobody writes to would wait for ever.
	if info, err := fs.Stat(fsys, name); err == nil && !info.Mode().IsRegular() {
		return buf, &fs.PathError{Op: "read", Path: name, Err: errors.New("not a regular file")}
	}
	f, err := fsys.Open(name)
	if err != nil {
		return buf, err
	}
	defer f.Close()
	buf = buf[:0]
	for {
		if len(buf) == cap(buf) {
			buf = slices.Grow(buf, max(len(buf), 8<<10))
		}
		n, err := f.Read(buf[len(buf):min(int64(cap(buf)), limit+1)])
		buf = buf[:len(buf)+n]
		switch {
		case err == io.EOF || int64(len(buf)) > limit:
			return buf, nil
		case err != nil:
			return buf, err
		}
	}
}

// hash finds the digest of an input.
func (r *reader) hash(in *inputFile) task {
	return func(ctx context.Context, m *memory) (err error) {
		in.digest, err = hashFile(ctx, r.fsys, path.Join(InputFolder, in.name), m.part)
		return err
	}
}

// Digester is a file system that has hashed its files already: an archive that was
// compared with its manifest.
type Digester interface {
	fs.FS
	// Digest is the SHA-256 of the content of a file, "" where there is none.
	Digest(name string) string
}

// known is the digest of an input where somebody has hashed it already.
func (r *reader) known(in *inputFile) string {
	if d, ok := r.fsys.(Digester); ok {
		return d.Digest(InputFolder + "/" + in.name)
	}
	return r.hashes.known(in.name, in.info)
}

func hashFile(ctx context.Context, fsys fs.FS, name string, buf []byte) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	for {
		n, err := f.Read(buf)
		sum.Write(buf[:n])
		switch {
		case err == io.EOF:
			return hex.EncodeToString(sum.Sum(nil)), nil
		case err != nil:
			return "", err
		case ctx.Err() != nil:
			return "", ctx.Err()
		}
	}
}

// compare looks at the inputs that a statement names.
func (r *reader) compare(p *Piece) {
	if p.Statement == nil {
		return
	}
	for i, in := range p.Statement.Inputs {
		field := fmt.Sprintf("predicate.inputs[%d]", i)
		file := r.inputs[in.SHA256]
		switch {
		case file == nil:
			p.Reasons = append(p.Reasons, malformed(field, "its input %s is gone: there is no %s/%s", in.Name, InputFolder, short(in.SHA256)+"…"))
			continue
		case file.digest != in.SHA256:
			p.Reasons = append(p.Reasons, malformed(field, "its input %s was altered: %s/%s has another SHA-256", in.Name, InputFolder, short(in.SHA256)+"…"))
		case file.info.Size() != in.Size:
			p.Reasons = append(p.Reasons, malformed(field+".size", "its input %s has %d bytes, not %d", in.Name, file.info.Size(), in.Size))
		}
		file.used = true
	}
}
