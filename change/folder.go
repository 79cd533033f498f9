package change

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Folder is the folder of the security file with all that lies in it, also what
// is no part of the security file: signed statements and documents. Of a revision
// it is what the commit holds. A baseline has none, since it holds the security
// file alone; then it is nil. The folder is there until the state is closed.
func (s *State) Folder(ctx context.Context) (fs.FS, error) {
	switch {
	case s.Source == Frozen:
		return nil, nil
	case s.commits != nil:
		return s.commits.folder(ctx, s.Commit)
	}
	if s.root == nil {
		root, err := os.OpenRoot(s.dir)
		if err != nil {
			return nil, err
		}
		s.root = root
	}
	return s.root.FS(), nil
}

// Limits for what is read of a commit at a time.
const (
	maxBlob  = 512 << 20
	aheadMax = 16 << 20 // bytes that are read ahead
	aheadOne = 1 << 20  // size of a file above which it is not
)

// folder lists what a commit holds below the folder of the security file.
func (r *repository) folder(ctx context.Context, commit string) (*committed, error) {
	out, err := r.run(ctx, "", maxNames, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	t := &revision{repository: r, at: map[string]int{}}
	if err := t.parse(out); err != nil {
		return nil, err
	}
	c := &committed{ctx: ctx, tree: t, nodes: map[string]*node{".": {name: ".", dir: true}}}
	for _, e := range t.entries {
		if name, ok := strings.CutPrefix(e.path, r.prefix); ok && fs.ValidPath(name) {
			c.add(name, e)
		}
	}
	return c, c.sizes()
}

// committed is a folder of a commit as a file system. Files are read when they are
// opened, the small ones that stand behind them as well, since each question to
// git starts a program. It is safe for concurrent use.
type committed struct {
	ctx   context.Context // that of the run: the methods of a file system take none
	tree  *revision
	nodes map[string]*node
	files []*node // in the order of the tree

	mu    sync.Mutex
	ahead map[*node][]byte
}

// node is a file or folder.
type node struct {
	name     string // last step of the path
	entry    entry
	place    int // among the files
	dir      bool
	missing  bool // git does not have the object
	children []*node
}

// add enters a file and the folders above it.
func (c *committed) add(name string, e entry) {
	n := &node{name: path.Base(name), entry: e, place: len(c.files)}
	c.nodes[name], c.files = n, append(c.files, n)
	for {
		dir := path.Dir(name)
		above, known := c.nodes[dir]
		if !known {
			above = &node{name: path.Base(dir), dir: true}
			c.nodes[dir] = above
		}
		above.children = append(above.children, n)
		if known {
			return
		}
		name, n = dir, above
	}
}

// sizes asks for the sizes of all files. What a partial clone lacks is found out
// when it is opened.
func (c *committed) sizes() error {
	var ask strings.Builder
	for _, n := range c.files {
		ask.WriteString(n.entry.object + "\n")
	}
	if len(c.files) == 0 {
		return nil
	}
	out, err := c.tree.repository.run(c.ctx, ask.String(), maxNames, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(c.files) {
		return fault(ErrGit, "git cat-file: %d answers to %d questions", len(lines), len(c.files))
	}
	for i, n := range c.files {
		size, ok := strings.CutPrefix(lines[i], n.entry.object+" blob ")
		bytes, err := strconv.ParseInt(size, 10, 64)
		n.entry.size, n.missing = bytes, !ok || err != nil
	}
	return nil
}

// Open implements fs.FS.
func (c *committed) Open(name string) (fs.File, error) {
	n, err := c.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.dir {
		return &openFolder{node: n, left: n.sorted()}, nil
	}
	text, err := c.text(n)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return &openFile{node: n, Reader: bytes.NewReader(text)}, nil
}

// Stat implements fs.StatFS.
func (c *committed) Stat(name string) (fs.FileInfo, error) { return c.find("stat", name) }

// ReadDir implements fs.ReadDirFS.
func (c *committed) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := c.find("readdir", name)
	if err == nil && !n.dir {
		err = &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		return nil, err
	}
	return n.sorted(), nil
}

func (c *committed) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n, ok := c.nodes[name]
	if !ok {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return n, nil
}

// text is what a file holds.
func (c *committed) text(n *node) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case n.entry.kind != regular:
		return nil, fmt.Errorf("not a regular file")
	case n.missing:
		return nil, fault(ErrGit, "the clone does not have it")
	case n.entry.size > maxBlob:
		return nil, fmt.Errorf("larger than %d MB", maxBlob>>20)
	}
	if text, ok := c.ahead[n]; ok {
		return text, nil
	}
	return c.fetch(n)
}

// fetch reads a file, and small ones of the same folder behind it.
func (c *committed) fetch(n *node) ([]byte, error) {
	wanted, total := []*node{n}, n.entry.size
	for _, next := range c.files[n.place+1:] {
		if path.Dir(next.entry.path) != path.Dir(n.entry.path) || total > aheadMax {
			break
		}
		if next.entry.kind == regular && !next.missing && next.entry.size <= aheadOne {
			wanted, total = append(wanted, next), total+next.entry.size
		}
	}
	var entries []entry
	for _, w := range wanted {
		entries = append(entries, w.entry)
	}
	data, err := c.tree.read(c.ctx, entries)
	if err != nil {
		return nil, err
	}
	c.ahead = map[*node][]byte{}
	for _, w := range wanted[1:] {
		c.ahead[w] = data[w.entry.path]
	}
	return data[n.entry.path], nil
}

func (n *node) sorted() []fs.DirEntry {
	var all []fs.DirEntry
	for _, child := range n.children {
		all = append(all, fs.FileInfoToDirEntry(child))
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all
}

// A node describes itself. Commits know no times of files.

func (n *node) Name() string       { return n.name }
func (n *node) Size() int64        { return n.entry.size }
func (n *node) ModTime() time.Time { return time.Time{} }
func (n *node) IsDir() bool        { return n.dir }
func (n *node) Sys() any           { return nil }

func (n *node) Mode() fs.FileMode {
	switch {
	case n.dir:
		return fs.ModeDir | 0o555
	case n.entry.kind == link:
		return fs.ModeSymlink | 0o444
	case n.entry.kind == other:
		return fs.ModeIrregular | 0o444
	}
	return 0o444
}

type openFile struct {
	*bytes.Reader
	node *node
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFile) Close() error               { return nil }

type openFolder struct {
	node *node
	left []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.node, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.node.name, Err: fs.ErrInvalid}
}

// ReadDir implements fs.ReadDirFile.
func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n > 0 && len(f.left) == 0 {
		return nil, io.EOF
	}
	if n <= 0 || n > len(f.left) {
		n = len(f.left)
	}
	some := f.left[:n]
	f.left = f.left[n:]
	return some, nil
}
