package publish

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// ErrOccupied says that a folder holds what no build made.
var ErrOccupied = errors.New("the folder holds files that no build made")

func localPath(name string) bool {
	return name != "" && fs.ValidPath(name) && name != "." && !strings.Contains(name, `\`) && filepath.IsLocal(filepath.FromSlash(name))
}

// Free reports whether a build may take the place of a folder: it does not exist, is
// empty, or holds an earlier build as it was made and nothing else. With force, files of
// that build may have been changed by hand.
func Free(dir string, force bool) error {
	dir = filepath.Clean(dir)
	info, err := os.Lstat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return fmt.Errorf("%s is a symbolic link; name the folder that it leads to", dir)
	case !info.IsDir():
		return fmt.Errorf("%s is no folder", dir)
	}
	known := map[string]ManifestFile{}
	m, err := openManifest(dir)
	if err == nil {
		for _, f := range m.Files {
			known[f.Path] = f
		}
	}
	return filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(rel)
		f, made := known[name]
		if name == ManifestName && m != nil {
			return nil
		}
		if !made {
			return fmt.Errorf("%w: %s; choose another folder, or remove it", ErrOccupied, p)
		}
		if as, err := asMade(dir, name, f.Size, f.SHA256); err != nil || !as && !force {
			return errors.Join(err, fmt.Errorf("%w: %s was changed by hand; choose another folder, or use --force", ErrOccupied, p))
		}
		return nil
	})
}

// list names the files below a folder, by slash path.
func list(dir string) (names []string, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is no folder", dir)
	}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		names = append(names, filepath.ToSlash(rel))
		return err
	})
	return names, err
}

func openManifest(dir string) (*Manifest, error) {
	name := filepath.Join(dir, ManifestName)
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadManifest(f)
}

// Put writes a build into a folder: all of it, or nothing. An earlier build there is
// replaced as a whole. The files come from fill; the manifest is given theirs.
func Put(dir string, force bool, m *Manifest, fill func(Sink) error) (err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := Free(dir, force); err != nil {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(parent, ".theriac-build-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(fresh)) }()
	if err := fillFolder(fresh, m, fill); err != nil {
		return err
	}
	// What came there while the documents were made is nobody's to remove.
	if err := Free(dir, force); err != nil {
		return err
	}
	old := fresh + ".old"
	switch err := os.Rename(dir, old); {
	case err == nil:
	case !errors.Is(err, fs.ErrNotExist):
		return err
	default:
		old = ""
	}
	if err := os.Rename(fresh, dir); err != nil {
		if old != "" {
			err = errors.Join(err, os.Rename(old, dir))
		}
		return err
	}
	if old != "" {
		return os.RemoveAll(old)
	}
	return nil
}

// fillFolder writes the files of a build into an empty folder, and the manifest at last.
func fillFolder(dir string, m *Manifest, fill func(Sink) error) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	var mu sync.Mutex
	err := fill(func(name string, text []byte) error {
		if err := write(dir, name, text); err != nil {
			return err
		}
		file := ManifestFile{name, len(text), digest(text)}
		mu.Lock()
		defer mu.Unlock()
		m.Files = append(m.Files, file)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(m.Files, func(a, b ManifestFile) int { return cmp.Compare(a.Path, b.Path) })
	text, err := m.Encode()
	if err != nil {
		return err
	}
	return write(dir, ManifestName, text)
}

func write(dir, name string, text []byte) error {
	if !localPath(name) {
		return fmt.Errorf("%q is no path below the folder of a build", name)
	}
	p := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		return err
	}
	return os.WriteFile(p, text, 0o644)
}
