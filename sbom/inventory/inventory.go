// Package inventory makes bills of materials of what is there: root file systems,
// programs written in Go, and the lists that build systems leave behind.
//
// Package managers are read by small readers of our own. The extractors of
// osv-scalibr know the same formats, but add 7 MB to a program (10 MB for RPM, with
// SQLite); package URLs, where mistakes are easy, come from a library. Databases of
// RPM are read here, too: go-rpmdb 0.1.1 follows a chain of damaged pages without end,
// reads in a goroutine of its own, in which a panic ends the program, opens files by
// path, so that links lead out of the folder, and needs SQLite for a table of two
// columns.
//
// What is looked at is hostile: symbolic links are not followed, nothing outside of
// the folder is opened, and sizes are bounded.
package inventory

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"theriac/sbom"
)

// Limits of what is read.
const (
	maxEntries    = 5_000_000 // files and folders of a root file system
	maxComponents = 2_000_000
	maxText       = 256 << 20 // bytes of the list of a package manager or build system
	maxJSON       = 64 << 20  // bytes of a list in JSON, which is read as a whole
	maxLine       = 1 << 20   // bytes of a line
	maxValue      = 64 << 10  // bytes of a value that is kept
	maxProblems   = 100       // that are listed
	maxProgram    = 2 << 30   // bytes of a program
)

// Root lists what is installed below a folder. Programs written in Go are components
// with their modules in them, whatever package they came with. The folders in which
// a running kernel shows itself (proc, sys, dev) are not looked at.
func Root(ctx context.Context, root *os.Root) (*sbom.BOM, error) {
	l := newList("root file system")
	s := &scan{root: root, list: l}
	if err := s.walk(ctx); err != nil {
		return nil, err
	}
	if err := s.read(ctx); err != nil {
		return nil, err
	}
	return l.finish(), nil
}

// scan looks through a root file system.
type scan struct {
	root    *os.Root
	list    *list
	found   map[string][]string // files of interest, by what they are
	entries int
}

// The files of interest.
const (
	osReleaseFile = "os-release"
	dpkgFile      = "dpkg"
	apkFile       = "apk"
	opkgFile      = "opkg"
	rpmFile       = "rpm"
	programFile   = "program"
)

// kindOf says what a file of a root file system is, by its name.
func kindOf(name string) string {
	switch name {
	case "etc/os-release", "usr/lib/os-release":
		return osReleaseFile
	case "var/lib/dpkg/status":
		return dpkgFile
	case "lib/apk/db/installed", "usr/lib/apk/db/installed":
		return apkFile
	case "usr/lib/opkg/status", "var/lib/opkg/status", "lib/opkg/status":
		return opkgFile
	}
	dir, base := path.Split(name)
	switch dir {
	case "var/lib/dpkg/status.d/":
		if !strings.HasSuffix(base, ".md5sums") {
			return dpkgFile
		}
	case "var/lib/rpm/", "usr/lib/sysimage/rpm/", "usr/share/rpm/":
		if slices.Contains([]string{"Packages", "Packages.db", "rpmdb.sqlite"}, base) {
			return rpmFile
		}
	}
	return ""
}

func (s *scan) walk(ctx context.Context) error {
	s.found = map[string][]string{}
	return fs.WalkDir(s.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if s.entries++; s.entries > maxEntries {
			s.list.lost(0, "there are more than %d files; the rest was not looked at", maxEntries)
			return fs.SkipAll
		}
		if s.entries%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case err != nil && name == ".":
			return reason(err)
		case err != nil:
			s.list.lost(0, "%s cannot be read: %v", name, reason(err))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir() && slices.Contains([]string{"proc", "sys", "dev"}, name):
			return fs.SkipDir
		case !d.Type().IsRegular():
		case kindOf(name) != "":
			s.found[kindOf(name)] = append(s.found[kindOf(name)], name)
		case s.isProgram(name):
			s.found[programFile] = append(s.found[programFile], name)
		}
		return nil
	})
}

// reason is an error of the system without the path, which the message has already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// isProgram reports whether a file begins as programs do that Go makes.
func (s *scan) isProgram(name string) bool {
	f, err := s.root.Open(name)
	if err != nil {
		s.list.lost(0, "%s cannot be read: %v", name, reason(err))
		return false
	}
	defer f.Close()
	var head [4]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return false // shorter than a program
	}
	return isProgram(head[:])
}

func (s *scan) read(ctx context.Context) error {
	for _, name := range s.found[osReleaseFile] { // /etc comes first and wins
		if s.list.distro == (distro{}) {
			s.text(name, func(r io.Reader, name string) { s.list.distro = readDistro(r) })
		}
	}
	s.list.setSubject()
	for _, by := range []struct {
		kind string
		read func(io.Reader, string)
	}{{dpkgFile, s.list.dpkg}, {apkFile, s.list.apk}, {opkgFile, s.list.opkg}} {
		for _, name := range s.found[by.kind] {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.text(name, by.read)
		}
	}
	for _, name := range s.found[rpmFile] {
		if err := s.rpm(ctx, name); err != nil {
			return err
		}
	}
	for _, name := range s.found[programFile] {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.program(name)
	}
	return nil
}

// text gives a file to a reader, as far as the limit allows.
func (s *scan) text(name string, read func(io.Reader, string)) {
	f, err := s.root.Open(name)
	if err != nil {
		s.list.lost(0, "%s cannot be read: %v", name, reason(err))
		return
	}
	defer f.Close()
	read(f, name)
}

func (s *scan) program(name string) {
	f, err := s.root.Open(name)
	if err != nil {
		s.list.lost(0, "%s cannot be read: %v", name, reason(err))
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() > maxProgram {
		s.list.lost(0, "%s is too large to be looked at", name)
		return
	}
	s.list.goProgram(f, name)
}

// errNothing is for a file of which nothing can be made.
var errNothing = errors.New("neither a program written in Go nor a list of packages in a known form")

// list is a bill of materials in the making.
type list struct {
	bom    *sbom.BOM
	distro distro
	refs   map[string]int
	// wanted are the names on which a component depends, to be looked up when all are
	// known; given are the names that components have or stand in for.
	wanted []want
	given  map[string]string
}

type want struct {
	ref   string
	names [][]string // alternatives of each dependency
}

func newList(format string) *list {
	return &list{
		bom:  &sbom.BOM{Format: format, Depends: map[string][]string{}},
		refs: map[string]int{}, given: map[string]string{},
	}
}

// problem notes what was not understood, and cost nothing.
func (l *list) problem(line int, format string, args ...any) { l.note(line, false, format, args) }

// lost notes what is there, and is not in the list.
func (l *list) lost(line int, format string, args ...any) { l.note(line, true, format, args) }

func (l *list) note(line int, lost bool, format string, args []any) {
	if lost {
		l.bom.Lost++
	}
	if len(l.bom.Problems) >= maxProblems {
		l.bom.Unlisted++
		return
	}
	l.bom.Problems = append(l.bom.Problems, sbom.Problem{Line: line, What: fmt.Sprintf(format, args...), Lost: lost})
}

// add puts a component into the list; -1 where there is no room.
func (l *list) add(c sbom.Component) int {
	if len(l.bom.Components) >= maxComponents {
		l.lost(c.Line, "there are more than %d components; %s is left out", maxComponents, c.Name)
		return -1
	}
	for l.refs[c.Ref] > 0 {
		l.refs[c.Ref]++
		c.Ref = fmt.Sprintf("%s#%d", c.Ref, l.refs[c.Ref])
	}
	l.refs[c.Ref] = 1
	l.bom.Components = append(l.bom.Components, c)
	return len(l.bom.Components) - 1
}

// provide notes a name under which others may depend on a component.
func (l *list) provide(name, ref string) {
	if _, taken := l.given[name]; name != "" && !taken {
		l.given[name] = ref
	}
}

// finish looks up what depends on what. A dependency that nothing in the list meets
// is left out: what is optional, or met by a file, looks the same.
func (l *list) finish() *sbom.BOM {
	for _, w := range l.wanted {
		on := []string{}
		for _, names := range w.names {
			for _, name := range names {
				if ref, known := l.given[name]; known && ref != w.ref {
					on = append(on, ref)
					break
				}
			}
		}
		slices.Sort(on)
		l.bom.Depends[w.ref] = slices.Compact(on)
	}
	return l.bom
}
