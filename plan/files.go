package plan

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"theriac/approval"
	"theriac/evidence"
)

// Files is the folder of the security file before the edit, made of what its state
// holds and, where that holds less, of what lies there now. Was is nil where the
// state is a baseline.
//
// Raw inputs are kept under their digests, so that one that is there now is the
// one that was: they are read from what is there now. A state without any signed
// evidence, or without any approval, may be of a team that keeps those outside the
// repository: then what is there now counts for both sides, and a note says so.
func Files(was, is fs.FS) (fs.FS, []string, error) {
	if was == nil {
		return is, []string{"a baseline holds no signed files and no documents: those that are there now are taken for both sides"}, nil
	}
	b := &before{was: was, is: is}
	var notes []string
	for _, folder := range []string{evidence.Folder, approval.Folder} {
		here, err := holds(was, folder)
		if err != nil {
			return nil, nil, err
		}
		there, err := holds(is, folder)
		if err != nil {
			return nil, nil, err
		}
		if !here && there {
			b.now = append(b.now, folder)
			notes = append(notes, "the former state holds nothing below "+folder+"/: what is there now is taken for both sides")
		}
	}
	return b, notes, nil
}

// holds tells whether a folder holds a signed statement.
func holds(fsys fs.FS, folder string) (bool, error) {
	found := false
	err := fs.WalkDir(fsys, folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if name == folder && errors.Is(err, fs.ErrNotExist) {
				return fs.SkipAll
			}
			return err
		case d.IsDir() && name == evidence.InputFolder:
			return fs.SkipDir
		case d.Type().IsRegular() && path.Ext(name) == ".json":
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found, err
}

// before is the folder of the former state.
type before struct {
	was, is fs.FS
	now     []string // folders that count as they are
}

// pick chooses where something is read.
func (b *before) pick(name string) fs.FS {
	folder, _, _ := strings.Cut(name, "/")
	if slices.Contains(b.now, folder) {
		return b.is
	}
	if path.Dir(name) == evidence.InputFolder {
		if info, err := fs.Stat(b.is, name); err == nil && info.Mode().IsRegular() {
			return b.is
		}
	}
	return b.was
}

// Open implements fs.FS.
func (b *before) Open(name string) (fs.File, error) { return b.pick(name).Open(name) }

// Stat implements fs.StatFS.
func (b *before) Stat(name string) (fs.FileInfo, error) { return fs.Stat(b.pick(name), name) }

// ReadDir implements fs.ReadDirFS.
func (b *before) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := fs.ReadDir(b.pick(name), name)
	if name != evidence.InputFolder || slices.Contains(b.now, evidence.Folder) {
		return list, err
	}
	now, missing := fs.ReadDir(b.is, name)
	if missing != nil {
		return list, err
	}
	return both(list, now), nil
}

// both joins two lists; where both have a name, that of the second counts.
func both(list, now []fs.DirEntry) []fs.DirEntry {
	byName := func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) }
	all := slices.Clone(now)
	for _, e := range list {
		if _, there := slices.BinarySearchFunc(now, e, byName); !there {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, byName)
	return all
}
