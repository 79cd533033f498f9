package inventory

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/package-url/packageurl-go"

	"theriac/sbom"
)

// Limits of databases of RPM.
const (
	maxDatabase  = 1 << 30   // bytes of a database
	maxRPMHeader = 64 << 20  // bytes of what it says of one package, of which RPM allows 256 MB
	maxRelations = 2_000_000 // names that packages provide or require
)

// errUnknownDatabase is for a file that has none of the three forms.
var errUnknownDatabase = errors.New("the form of the database is not known")

// rpmDatabase is a database of RPM in one of its three forms: Berkeley DB (to RPM
// 4.15), ndb (SUSE) and SQLite (RPM 4.16 and later).
type rpmDatabase struct {
	file io.ReaderAt
	size int64
	log  io.ReaderAt // the write-ahead log of SQLite; nil where there is none
	// logSize is in bytes.
	logSize int64
	// header gets what the database says of one package, and where that stands.
	header func(place string, text []byte)
	// lost is told what could not be read.
	lost func(format string, args ...any)
}

// read gives all headers, as far as the database can be read. Its work is bounded by
// the size of the file: nothing is read twice.
func (d *rpmDatabase) read(ctx context.Context) error {
	if d.size > maxDatabase {
		return fmt.Errorf("it is larger than %d bytes", maxDatabase)
	}
	head := make([]byte, min(d.size, 512))
	if err := d.at(head, 0); err != nil {
		return err
	}
	switch {
	case isSQLite(head):
		return d.sqlite(ctx, head)
	case isNDB(head):
		return d.ndb(ctx, head)
	case isBerkeley(head):
		return d.berkeley(ctx, head)
	}
	return errUnknownDatabase
}

var errCutShort = errors.New("it is cut short")

// at fills a buffer from a place in the file.
func (d *rpmDatabase) at(buffer []byte, place int64) error { return readAt(d.file, buffer, place) }

func readAt(file io.ReaderAt, buffer []byte, place int64) error {
	switch n, err := file.ReadAt(buffer, place); {
	case n == len(buffer):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return errCutShort
	default:
		return reason(err)
	}
}

// marks remembers pages that were used.
type marks []uint64

func newMarks(pages int64) marks { return make(marks, pages/64+1) }

// take marks a page; false where there is no such page or it was used before.
func (m marks) take(page int64) bool {
	if page < 0 || page/64 >= int64(len(m)) || m[page/64]&(1<<(page%64)) != 0 {
		return false
	}
	m[page/64] |= 1 << (page % 64)
	return true
}

// rpm reads a database of RPM that the file system has.
func (s *scan) rpm(ctx context.Context, name string) error {
	file, size, err := s.regular(name)
	if err != nil {
		s.list.lost(0, "%s cannot be read: %v", name, reason(err))
		return nil
	}
	defer file.Close()
	d := &rpmDatabase{file: file, size: size}
	log, logSize, err := s.regular(name + "-wal")
	switch {
	case err == nil:
		defer log.Close()
		d.log, d.logSize = log, logSize
	case !errors.Is(err, fs.ErrNotExist):
		s.list.lost(0, "%s-wal cannot be read: %v", name, reason(err))
	}
	if info, err := s.root.Lstat(name + "-journal"); err == nil && info.Size() > 0 {
		s.list.lost(0, "%s: a change to the database was broken off; what is listed may be neither what was nor what is", name)
	}
	return s.list.rpm(ctx, d, name)
}

// regular opens a file that is no symbolic link.
func (s *scan) regular(name string) (*os.File, int64, error) {
	info, err := s.root.Lstat(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errors.New("it is no file")
	}
	file, err := s.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// rpm adds the packages of a database. The error is that of the context.
func (l *list) rpm(ctx context.Context, d *rpmDatabase, name string) error {
	twice, relations := 0, 0
	d.lost = func(format string, args ...any) { l.lost(0, "%s: "+format, append([]any{name}, args...)...) }
	d.header = func(place string, text []byte) {
		pkg, err := readRPM(text)
		switch {
		case err != nil:
			d.lost("%s: a package is not understood: %v", place, err)
		case pkg.name == "gpg-pubkey": // a key that signs packages
		case pkg.name == "" || pkg.version == "":
			d.lost("%s: a package has no name or no version; it is left out", place)
		default:
			if relations += len(pkg.provides) + len(pkg.requires); relations > maxRelations {
				d.lost("%s: packages provide and require more than %d names; those of %s are left out", place, maxRelations, clip(pkg.name))
				relations -= len(pkg.provides) + len(pkg.requires)
				pkg.provides, pkg.requires = nil, nil
			}
			if !l.redHat(pkg) {
				twice++
			}
		}
	}
	err := d.read(ctx)
	if twice > 0 {
		l.problem(0, "%s: %d packages are listed already; they are not listed again", name, twice)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		l.lost(0, "%s: the database is not read: %v; packages in it are missing from this list", name, err)
	}
	return nil
}

// redHat adds a package of RPM; false where it is in the list.
func (l *list) redHat(pkg *rpmPackage) bool {
	url := l.rpmPURL(pkg)
	if l.refs[url] > 0 {
		return false
	}
	c := sbom.Component{
		Type: "library", Ref: url, Name: pkg.name, Version: pkg.evr(), PURL: url,
		Supplier: maintainer(pkg.vendor), Contact: cmp.Or(address(pkg.packager), address(pkg.vendor)), Description: firstLine(pkg.summary), Parent: -1,
	}
	if pkg.licence != "" {
		c.Licences = []string{pkg.licence}
	}
	if pkg.website != "" {
		c.Links = []sbom.Link{{Kind: "website", URL: pkg.website}}
	}
	if pkg.module != "" {
		c.Properties = []sbom.Property{{Name: "theriac:rpm:module", Value: pkg.module}}
	}
	if l.add(c) < 0 {
		return true
	}
	l.provide(pkg.name, url)
	for _, name := range pkg.provides {
		l.provide(name, url)
	}
	var names [][]string
	for _, name := range pkg.requires {
		// What RPM itself must be able to do, and conditions on other packages, name no package.
		if !strings.HasPrefix(name, "rpmlib(") && !strings.HasPrefix(name, "(") {
			names = append(names, []string{name})
		}
	}
	l.wanted = append(l.wanted, want{url, names})
	return true
}

// rpmPURL is the package URL of a package of RPM. The source package is named by its
// file; an epoch of 0 is none.
func (l *list) rpmPURL(pkg *rpmPackage) string {
	q := map[string]string{}
	for key, value := range map[string]string{"arch": pkg.arch, "upstream": pkg.source, "distro": l.distro.release()} {
		if value != "" {
			q[key] = value
		}
	}
	if pkg.epoch > 0 {
		q["epoch"] = strconv.FormatUint(uint64(pkg.epoch), 10)
	}
	version := pkg.version
	if pkg.release != "" {
		version += "-" + pkg.release
	}
	return packageurl.NewPackageURL("rpm", l.distro.vendor(), pkg.name, version, packageurl.QualifiersFromMap(q), "").ToString()
}
