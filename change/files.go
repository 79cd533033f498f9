package change

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"theriac/model"
	"theriac/syntax"
	"theriac/trace"
)

// Limits for the files of one state. They are those of the loader, which would
// refuse more.
const (
	maxFiles  = 20000
	maxBytes  = 512 << 20
	maxReview = 32 << 20
)

// Files are the files of a security file with its libraries, by slash path below
// the workspace.
type Files struct {
	Folder string // of theriac.yaml; "." for the workspace itself
	data   map[string][]byte
}

// Names lists the files in order.
func (f *Files) Names() []string { return slices.Sorted(maps.Keys(f.data)) }

// tree is a folder with all below it, on disk or in a revision.
type tree interface {
	// list names what lies below a folder, at any depth.
	list(ctx context.Context, folder string) ([]entry, error)
	// stat finds one file.
	stat(name string) (entry, bool)
	// measure fills in the sizes of regular files.
	measure(ctx context.Context, entries []entry) error
	// read reads regular files that were measured.
	read(ctx context.Context, entries []entry) (map[string][]byte, error)
}

// entry is something in a tree that is no folder.
type entry struct {
	path   string
	size   int64
	object string // of git
	kind   entryKind
}

type entryKind uint8

const (
	regular entryKind = iota
	link
	other
)

// gatherer collects what the loader would read, as the loader finds it
// (model/load.go, model/reuse.go): the YAML below a folder without hidden,
// ignored and nested files, its translations, and the libraries that it imports. Imports count
// whatever the variant, since a state holds all variants.
type gatherer struct {
	ctx   context.Context
	tree  tree
	files *Files
	seen  map[string]bool // folders
	total int64
}

// gather collects the files of the security file in a folder of a tree.
func gather(ctx context.Context, t tree, folder string) (*Files, error) {
	g := &gatherer{ctx: ctx, tree: t, files: &Files{Folder: folder, data: map[string][]byte{}}, seen: map[string]bool{}}
	if err := g.folder(folder, model.RootFile); err != nil {
		return nil, err
	}
	return g.files, g.beside(folder)
}

func (g *gatherer) folder(folder, head string) error {
	if g.seen[folder] {
		return nil
	}
	g.seen[folder] = true
	all, err := g.tree.list(g.ctx, folder)
	if err != nil {
		return err
	}
	first := slices.IndexFunc(all, func(e entry) bool { return e.path == path.Join(folder, head) && e.kind == regular })
	if first < 0 {
		return fmt.Errorf("%s: %w", path.Join(folder, head), fs.ErrNotExist)
	}
	if err := g.read(all[first : first+1]); err != nil {
		return err
	}
	text := g.files.data[all[first].path]
	wanted, err := belonging(all, folder, head, model.IgnorePatterns(text))
	if err != nil {
		return err
	}
	if err := g.read(wanted); err != nil {
		return err
	}
	return g.libraries(folder, text)
}

// libraries collects what the first file of a folder imports. An import that
// leads nowhere is left to the loader, which complains about it.
func (g *gatherer) libraries(folder string, text []byte) error {
	for _, to := range imports(text) {
		target := path.Join(folder, to)
		if path.IsAbs(to) || strings.Contains(to, `\`) || !fs.ValidPath(target) {
			continue
		}
		if e, ok := g.tree.stat(path.Join(target, model.LibraryFile)); !ok || e.kind != regular {
			continue
		}
		if err := g.folder(target, model.LibraryFile); err != nil {
			return err
		}
	}
	return nil
}

// imports reads the paths under `imports:` of the first file of a folder. What is
// wrong with them is for the loader.
func imports(text []byte) []string {
	var head struct {
		Imports []*model.Import `yaml:"imports"`
	}
	node, _, _ := syntax.Parse(model.RootFile, text)
	var d syntax.Decoder
	d.Decode(node, &head)
	var paths []string
	for _, i := range head.Imports {
		if i.Path != "" {
			paths = append(paths, i.Path)
		}
	}
	return paths
}

// beside collects the review file, and the marker of the workspace.
func (g *gatherer) beside(folder string) error {
	var wanted []entry
	add := func(name string) bool {
		e, ok := g.tree.stat(name)
		if ok = ok && e.kind == regular; ok {
			wanted = append(wanted, e)
		}
		return ok
	}
	if e, ok := g.tree.stat(path.Join(folder, trace.ReviewFile)); ok && e.kind != regular {
		return fmt.Errorf("%s is not a regular file", e.path)
	}
	add(path.Join(folder, trace.ReviewFile))
	for up := folder; !add(path.Join(up, model.WorkspaceFile)) && up != "."; {
		up = path.Dir(up)
	}
	return g.read(wanted)
}

// belonging leaves out what does not belong to a folder.
func belonging(all []entry, folder, head string, ignored []string) ([]entry, error) {
	nested := nests(all, folder)
	var kept []entry
	for _, e := range all {
		name := below(folder, e.path)
		if name == head || !model.IsYAML(name) && !model.IsPublished(name) || hidden(name) || model.Ignored(ignored, name) || inAny(nested, name) {
			continue
		}
		if e.kind != regular {
			return nil, fmt.Errorf("%s is not a regular file", e.path)
		}
		kept = append(kept, e)
	}
	return kept, nil
}

// nests are the folders below one that are security files or libraries of their
// own.
func nests(all []entry, folder string) []string {
	var found []string
	for _, e := range all {
		dir, base := path.Split(below(folder, e.path))
		if dir != "" && (base == model.RootFile || base == model.LibraryFile) {
			found = append(found, dir)
		}
	}
	return found
}

func inAny(dirs []string, name string) bool {
	return slices.ContainsFunc(dirs, func(dir string) bool { return strings.HasPrefix(name, dir) })
}

func hidden(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(step string) bool { return strings.HasPrefix(step, ".") })
}

func below(folder, name string) string {
	if folder == "." {
		return name
	}
	return strings.TrimPrefix(name, folder+"/")
}

// read reads files within the limits.
func (g *gatherer) read(entries []entry) error {
	entries = slices.Clone(entries)
	if len(g.files.data)+len(entries) > maxFiles {
		return fmt.Errorf("the security file and its libraries have more than %d files", maxFiles)
	}
	if err := g.tree.measure(g.ctx, entries); err != nil {
		return err
	}
	for _, e := range entries {
		limit := int64(syntax.MaxFile)
		if path.Base(e.path) == trace.ReviewFile {
			limit = maxReview
		}
		if e.size > limit {
			return fmt.Errorf("%s is larger than %d MB", e.path, limit>>20)
		}
		if g.total += e.size; g.total > maxBytes {
			return fmt.Errorf("the security file and its libraries hold more than %d MB", maxBytes>>20)
		}
	}
	data, err := g.tree.read(g.ctx, entries)
	if err != nil {
		return err
	}
	maps.Copy(g.files.data, data)
	return nil
}

// disk is a folder on disk.
type disk struct{ root *os.Root }

func (d disk) stat(name string) (entry, bool) {
	info, err := d.root.Lstat(filepath.FromSlash(name))
	if err != nil || info.IsDir() {
		return entry{}, false
	}
	return entry{path: name, size: info.Size(), kind: kindOf(info.Mode())}, true
}

func (d disk) list(ctx context.Context, folder string) ([]entry, error) {
	var found []entry
	err := fs.WalkDir(d.root.FS(), folder, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case ctx.Err() != nil:
			return ctx.Err()
		case e.IsDir() && name != folder && strings.HasPrefix(e.Name(), "."):
			return fs.SkipDir
		case e.IsDir():
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		found = append(found, entry{path: name, size: info.Size(), kind: kindOf(e.Type())})
		return nil
	})
	return found, err
}

func kindOf(m fs.FileMode) entryKind {
	switch {
	case m.IsRegular():
		return regular
	case m&fs.ModeSymlink != 0:
		return link
	}
	return other
}

// measure does nothing: the list has the sizes.
func (d disk) measure(context.Context, []entry) error { return nil }

func (d disk) read(ctx context.Context, entries []entry) (map[string][]byte, error) {
	data := make(map[string][]byte, len(entries))
	for _, e := range entries {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		text, err := d.root.ReadFile(filepath.FromSlash(e.path))
		if err != nil {
			return nil, err
		}
		data[e.path] = text
	}
	return data, nil
}
