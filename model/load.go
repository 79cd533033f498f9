package model

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"theriac/diag"
	"theriac/syntax"
)

// Names of the files that mark a folder.
const (
	RootFile      = "theriac.yaml"
	LibraryFile   = "library.yaml"
	WorkspaceFile = "theriac.workspace"
)

// Limits for a whole security file.
const (
	maxFiles = 20000
	maxBytes = 512 << 20
)

// ErrNoRoot is returned for a folder without theriac.yaml.
var ErrNoRoot = errors.New("no " + RootFile + " there")

// Loader reads security files and remembers what it parsed, so that loading
// again after a change costs little. A File becomes invalid when its Loader
// loads again.
type Loader struct {
	Variant string // variant to load; empty loads the product itself

	cache map[string]*unit
	run   int // how often Load was called
}

// unit is one parsed file of the folder.
type unit struct {
	stamp    stamp
	run      int       // of the Loader that read or found it last
	part     *File     // what the file says by itself
	ignore   diag.Span // where it lists what to ignore, if it does
	links    []link
	findings diag.List
	source   *diag.Source
	broken   bool // some of its text could not be read
}

// link is a reference that waits for its target.
type link struct {
	owner Entity
	path  string // of the field, from the owner
	ref   reference
	node  *syntax.Node
}

// Load reads the security file in a folder. The findings are about its form:
// what could not be read, is not part of the language, or leads nowhere. The
// error is about the run: the folder cannot be read or holds no security file.
func (l *Loader) Load(ctx context.Context, dir string) (*File, diag.List, error) {
	if info, err := os.Stat(dir); err != nil {
		return nil, nil, err
	} else if !info.IsDir() {
		return nil, nil, fmt.Errorf("%s is not a folder; name the folder that holds %s", dir, RootFile)
	}
	if info, err := os.Lstat(filepath.Join(dir, RootFile)); errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: %w; `theriac init %s` writes one", dir, ErrNoRoot, dir)
	} else if err != nil {
		return nil, nil, err
	} else if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s is not a regular file", filepath.Join(dir, RootFile))
	}
	if l.cache == nil {
		l.cache = map[string]*unit{}
	}
	l.run++
	at := origin{dir, workspaceOf(dir)}
	a := &assembly{loader: l, ctx: ctx, workspace: at.workspace, file: &File{origin: at, variant: l.Variant}}
	if err := a.folder(dir, "", nil); err != nil {
		return nil, nil, err
	}
	a.assemble()
	a.file.elsewhere = a.others()
	a.findings.Sort()
	return a.file, a.findings, nil
}

// folder is a loaded folder: the security file itself or a library.
type folder struct {
	from  string // import path, "" for the security file itself
	dir   string
	units []*unit
}

// assembly is one run of Load.
type assembly struct {
	loader    *Loader
	ctx       context.Context
	workspace string
	folders   []folder // libraries first, in the order of import
	loaded    map[string]bool
	findings  diag.List
	file      *File
	entities  map[string]Entity
	links     []link
	skip      []Entity        // misplaced, and reported as such
	written   map[string]bool // ids of all variants; see elsewhere
	dangling  int             // references that lead nowhere
}

// folder reads a folder and what it imports. trail holds the real paths of the
// folders that are being imported, outermost first.
func (a *assembly) folder(dir, from string, trail []string) error {
	head := RootFile
	if len(trail) > 0 {
		head = LibraryFile
	}
	ignored, err := a.ignored(dir, head)
	if err != nil {
		return err
	}
	names, err := a.list(dir, head, ignored)
	if err != nil {
		return err
	}
	units, err := a.read(dir, names)
	if err != nil {
		return err
	}
	omitted := a.omits(units)
	trail = append(trail, realPath(dir))
	for i, u := range units {
		a.misplaced(u, head, names[i] == head)
		for _, imp := range u.part.Imports {
			if names[i] != head || !a.present(imp, omitted) {
				continue
			}
			if err := a.library(dir, imp, trail); err != nil {
				return err
			}
		}
	}
	a.folders = append(a.folders, folder{from, dir, units})
	return nil
}

// misplaced reports what only the first file of a folder may hold.
func (a *assembly) misplaced(u *unit, head string, isHead bool) {
	if p := u.part.Product; p != nil && !(isHead && head == RootFile) {
		a.skip = append(a.skip, p)
		a.report("T0016", p.Here(), "product is described outside "+RootFile, "move it to "+RootFile+" at the root of the security file")
	}
	if isHead {
		return
	}
	help := "move it to " + head + " at the root of the folder"
	for _, imp := range u.part.Imports {
		a.report("T0016", imp.Here(), "import is declared outside "+head, help)
	}
	if u.ignore.Valid() {
		a.report("T0016", u.ignore, "what to ignore is listed outside "+head, help)
	}
}

func (a *assembly) report(code string, span diag.Span, message, help string) {
	a.findings.Add(diag.Finding{Code: code, Severity: diag.Error, Span: span, Message: message, Help: help})
}

// list names the YAML files of a folder, as slash paths in order, without those
// that the patterns ignore.
func (a *assembly) list(dir, head string, ignored []string) ([]string, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var names []string
	place := func(name string) diag.Span {
		return diag.Span{Source: &diag.Source{Path: display(dir, name)}, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}
	}
	err = fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case a.ctx.Err() != nil:
			return a.ctx.Err()
		case name != "." && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if strings.Count(name, "/") >= syntax.MaxDepth {
				a.limit(place(name), fmt.Sprintf("folders nest more than %d levels deep", syntax.MaxDepth))
				return fs.SkipDir
			}
			if name != "." && a.nested(root, dir, name) {
				return fs.SkipDir
			}
		case name != head && matches(ignored, name):
		case d.Type()&fs.ModeSymlink != 0 && (IsYAML(name) || leadsToFolder(dir, name)):
			a.report("T0104", place(name), "symbolic link is not followed", "put the file itself here, or use an import")
		case IsYAML(name) && !d.Type().IsRegular() && d.Type()&fs.ModeSymlink == 0:
			a.report("T0104", place(name), "not a regular file", "remove it")
		case IsYAML(name) && d.Type().IsRegular():
			if len(names) == maxFiles {
				a.limit(place(name), fmt.Sprintf("more than %d files", maxFiles))
			}
			names = append(names, name)
		}
		return nil
	})
	slices.Sort(names)
	return names[:min(len(names), maxFiles)], err
}

// limit reports what is beyond a limit and is not read.
func (a *assembly) limit(at diag.Span, message string) {
	a.file.incomplete = true
	a.report(syntax.CodeLimit, at, message, "leave files that do not belong to the security file outside its folder, or list them under `ignore:`")
}

// nested reports whether a folder below dir is a security file or library of
// its own, which is not part of this one.
func (a *assembly) nested(root *os.Root, dir, name string) bool {
	if _, err := root.Lstat(path.Join(name, LibraryFile)); err == nil {
		return true
	}
	if _, err := root.Lstat(path.Join(name, RootFile)); err != nil {
		return false
	}
	span := diag.Span{Source: &diag.Source{Path: display(dir, path.Join(name, RootFile))}, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}
	a.findings.Add(diag.Finding{Code: "T0107", Severity: diag.Warning, Span: span,
		Message: "a folder inside the security file has a " + RootFile + " of its own and is left out",
		Help:    "check it by itself, or move it out of this folder"})
	return true
}

// IsYAML tells by its name whether a file of the folder belongs to the security
// file.
func IsYAML(name string) bool {
	ext := path.Ext(name)
	return strings.EqualFold(ext, ".yaml") || strings.EqualFold(ext, ".yml")
}

func leadsToFolder(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name)))
	return err == nil && info.IsDir()
}

// read parses the files of a folder, several at a time.
func (a *assembly) read(dir string, names []string) ([]*unit, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	units := make([]*unit, len(names))
	group, ctx := errgroup.WithContext(a.ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var total int64
	for i, name := range names {
		info, err := root.Lstat(name)
		if err != nil {
			return nil, err
		}
		total += min(info.Size(), syntax.MaxFile)
		if total > maxBytes {
			return nil, fmt.Errorf("%s holds more than %d MB of YAML", dir, maxBytes>>20)
		}
		seen := stampOf(info)
		if u := a.loader.cache[filepath.Join(dir, name)]; u != nil && (u.run == a.loader.run || u.stamp.holds(info)) {
			u.run = a.loader.run
			units[i] = u
			continue
		}
		group.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			data, err := readFile(root, name, info.Size())
			if err != nil {
				return err
			}
			u := parseUnit(display(dir, name), data)
			u.stamp, u.run = seen, a.loader.run
			units[i] = u
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i, name := range names {
		a.loader.cache[filepath.Join(dir, name)] = units[i]
	}
	return units, nil
}

// readFile reads a file, or one byte more than the limit of a file that is too
// long, so that its size alone is reported.
func readFile(root *os.Root, name string, size int64) ([]byte, error) {
	if size > syntax.MaxFile {
		return make([]byte, syntax.MaxFile+1), nil
	}
	return root.ReadFile(name)
}

// parseUnit reads one file by itself.
func parseUnit(shown string, data []byte) *unit {
	node, source, findings := syntax.Parse(shown, data)
	u := &unit{part: &File{}, source: source, findings: findings}
	for _, f := range findings {
		switch f.Code {
		case syntax.CodeEncoding, syntax.CodeSyntax, syntax.CodeLimit, syntax.CodeFeature:
			u.broken = true
		}
	}
	if node == nil {
		return u
	}
	d := decoder(u)
	d.Decode(node, u.part)
	for i, f := range d.Findings {
		if f.Code == syntax.CodeUnknown && f.Entity == "" {
			d.Findings[i].Help += "; a file that is no part of the security file is named under `ignore:` in " + RootFile
		}
	}
	u.findings = append(u.findings, d.Findings...)
	u.broken = u.broken || d.Lost
	if key, _ := node.Get("ignore"); key != nil {
		u.ignore = key.Span()
	}
	for _, k := range kinds {
		for e := range entitiesOf(u.part, k) {
			e.base().kind = k
		}
	}
	return u
}

// decoder returns a decoder that gathers references into the unit.
func decoder(u *unit) *syntax.Decoder {
	return &syntax.Decoder{
		Partial: "override",
		Visit: func(owner syntax.Keyed, path string, v syntax.ScalarValue, n *syntax.Node) {
			if ref, ok := v.(reference); ok {
				u.links = append(u.links, link{owner.(Entity), path, ref, n})
			}
		},
		Flaw: func(owner syntax.Keyed, path string) {
			b := owner.(Entity).base()
			b.flaws = append(b.flaws, path)
		},
	}
}

// entitiesOf yields the entities of one kind in a file.
func entitiesOf(f *File, k *Kind) func(yield func(Entity) bool) {
	v := reflect.ValueOf(f).Elem().Field(k.field)
	return func(yield func(Entity) bool) {
		if k.Single {
			if !v.IsNil() {
				yield(v.Interface().(Entity))
			}
			return
		}
		for i := range v.Len() {
			if !yield(v.Index(i).Interface().(Entity)) {
				return
			}
		}
	}
}

// ignored returns the patterns of files that do not belong to the folder, from
// the file that marks it.
func (a *assembly) ignored(dir, head string) ([]string, error) {
	if info, err := os.Lstat(filepath.Join(dir, head)); err != nil || !info.Mode().IsRegular() {
		return nil, err
	}
	units, err := a.read(dir, []string{head})
	if err != nil {
		return nil, err
	}
	return units[0].part.Ignore, nil
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, name)
		return ok || strings.HasSuffix(p, "/") && strings.HasPrefix(name, p)
	})
}

// display is the path of a file as the user would write it.
func display(dir, name string) string { return filepath.ToSlash(filepath.Join(dir, name)) }

func realPath(dir string) string {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return dir
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}
