package model

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Record is what was found of the file that a piece of evidence names.
type Record int8

// The states of a record. The zero value says that no file was looked for: the
// evidence names a document by its number, or a path out of its folder.
const (
	RecordElsewhere Record = iota
	RecordAbsent           // no such file in the folder, or only a link to one outside
	RecordPresent          // there, and the evidence gives no digest to compare
	RecordSame             // has the digest that the evidence gives
	RecordChanged          // has another digest
	RecordTooLarge         // there, and too large to be read on each run
)

// maxRecord bounds what is read of one record.
const maxRecord = 1 << 30

// Record tells what was found of the evidence's file when the security file was
// loaded.
func (f *File) Record(e *Evidence) Record { return f.records[e] }

// extension is the end of a file name. Revisions of document numbers (4.2) are
// not taken for one.
var extension = regexp.MustCompile(`\.[A-Za-z][A-Za-z0-9]{0,4}$`)

// IsPath tells a path from a document number.
func IsPath(file string) bool { return strings.ContainsAny(file, `/\`) || extension.MatchString(file) }

// drive is the start of a Windows path.
var drive = regexp.MustCompile(`^[A-Za-z]:[\\/]`)

// LeavesFolder tells whether a path is absolute, climbs out of its folder, or is
// written with backslashes, which only some systems read as a path.
func LeavesFolder(file string) bool {
	clean := path.Clean(file)
	return path.IsAbs(file) || clean == ".." || strings.HasPrefix(clean, "../") || drive.MatchString(file) || strings.Contains(file, `\`)
}

// hashed is the digest of a record as it was when last read.
type hashed struct {
	stamp  stamp
	digest string
}

// records looks at the files that evidence names.
func (a *assembly) records() error {
	dirs := a.recordDirs()
	roots := map[string]*os.Root{}
	for _, dir := range dirs {
		if roots[dir] != nil {
			continue
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		defer root.Close()
		roots[dir] = root
	}
	return a.lookAll(dirs, roots)
}

// lookAll looks at several records at a time.
func (a *assembly) lookAll(dirs map[string]string, roots map[string]*os.Root) error {
	all := a.file.Evidence
	found, read := make([]Record, len(all)), make([]hashed, len(all))
	group, ctx := errgroup.WithContext(a.ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, e := range all {
		if !IsPath(e.File) || LeavesFolder(e.File) {
			continue
		}
		known := a.loader.digests[filepath.Join(dirs[e.ID], e.File)]
		group.Go(func() (err error) {
			found[i], read[i], err = look(ctx, roots[dirs[e.ID]], e, known)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	a.file.records = map[*Evidence]Record{}
	a.loader.digests = map[string]hashed{}
	for i, e := range all {
		a.file.records[e] = found[i]
		if read[i].digest != "" {
			a.loader.digests[filepath.Join(dirs[e.ID], e.File)] = read[i]
		}
	}
	return nil
}

// recordDirs gives, by the id of evidence, the folder from which its path
// counts: that of the security file or library that states the path.
func (a *assembly) recordDirs() map[string]string {
	dirs := map[string]string{}
	a.eachEntity(func(e Entity, f folder) {
		if ev, ok := e.(*Evidence); ok && ev.File != "" {
			dirs[ev.ID] = f.dir
		}
	})
	return dirs
}

// look compares one record with the digest that its evidence gives. The root
// keeps links from leading out of the folder.
func look(ctx context.Context, root *os.Root, e *Evidence, known hashed) (Record, hashed, error) {
	info, err := root.Stat(e.File)
	switch {
	case err != nil || !info.Mode().IsRegular():
		return RecordAbsent, hashed{}, nil
	case e.Digest == "":
		return RecordPresent, hashed{}, nil
	case info.Size() > maxRecord:
		return RecordTooLarge, hashed{}, nil
	case !known.stamp.holds(info):
		known = hashed{stamp: stampOf(info)}
		if known.digest, err = digest(ctx, root, e.File); err != nil {
			return 0, hashed{}, err
		}
	}
	if known.digest != e.Digest {
		return RecordChanged, known, nil
	}
	return RecordSame, known, nil
}

// digest reads a file to its end, at most as far as the limit, and gives its
// digest in the form of Evidence.Digest.
func digest(ctx context.Context, root *os.Root, name string) (string, error) {
	file, err := root.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, io.LimitReader(cancelled{ctx, file}, maxRecord)); err != nil {
		return "", fmt.Errorf("read %s: %w", name, err)
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context
	io.Reader
}

func (c cancelled) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.Reader.Read(p)
}
