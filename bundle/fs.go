package bundle

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// FS is the folder of theriac.yaml as the bundle holds it. Files are read where
// they stand in the archive, at any offset; nothing is extracted. It implements
// evidence.Digester.
func (a *Archive) FS() fs.FS {
	t := &tree{archive: a, nodes: map[string]*node{".": {name: ".", dir: true}}}
	for _, e := range a.Manifest.Files {
		if name, in := below(a.Manifest.Folder, e.Path); in {
			t.enter(&node{name: path.Base(name), spot: a.spots[e.Path]}, name)
		}
	}
	for _, n := range t.nodes {
		slices.SortFunc(n.entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	}
	return t
}

// tree is the files of an archive below a folder.
type tree struct {
	archive *Archive
	nodes   map[string]*node // by path
}

// node is a file or a folder. It is its own fs.FileInfo.
type node struct {
	name    string
	dir     bool
	spot    spot
	entries []fs.DirEntry // of a folder, by name
}

// enter puts a node into its folder, and that into the one above.
func (t *tree) enter(n *node, at string) {
	t.nodes[at] = n
	dir := path.Dir(at)
	parent := t.nodes[dir]
	if parent == nil {
		parent = &node{name: path.Base(dir), dir: true}
		t.enter(parent, dir)
	}
	parent.entries = append(parent.entries, fs.FileInfoToDirEntry(n))
}

func (t *tree) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := t.nodes[name]
	if n == nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

// Open implements fs.FS. Files implement io.ReaderAt and io.Seeker.
func (t *tree) Open(name string) (fs.File, error) {
	n, err := t.find("open", name)
	switch {
	case err != nil:
		return nil, err
	case n.dir:
		return &openFolder{node: n, path: name}, nil
	}
	return &openFile{n, io.NewSectionReader(t.archive.r, n.spot.content, n.spot.size)}, nil
}

// Stat implements fs.StatFS.
func (t *tree) Stat(name string) (fs.FileInfo, error) {
	n, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	return n, nil
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.find("readdir", name)
	switch {
	case err != nil:
		return nil, err
	case !n.dir:
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return slices.Clone(n.entries), nil
}

// Digest implements evidence.Digester: Open has compared it with the content.
func (t *tree) Digest(name string) string {
	if n := t.nodes[name]; n != nil {
		return n.spot.sha256
	}
	return ""
}

func (n *node) Name() string       { return n.name }
func (n *node) Size() int64        { return n.spot.size }
func (n *node) ModTime() time.Time { return time.Unix(0, 0).UTC() }
func (n *node) IsDir() bool        { return n.dir }
func (n *node) Sys() any           { return nil }

func (n *node) Mode() fs.FileMode {
	if n.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openFile struct {
	*node
	*io.SectionReader
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFile) Size() int64                { return f.node.Size() }
func (f *openFile) Close() error               { return nil }

type openFolder struct {
	*node
	path string
	next int
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.path, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := f.entries[f.next:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	f.next += len(rest)
	return slices.Clone(rest), nil
}
