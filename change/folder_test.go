package change

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func folderOf(t *testing.T, s *State) fs.FS {
	t.Helper()
	fsys, err := s.Folder(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fsys
}

func says(t *testing.T, fsys fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// TestFolder: the folder of a state is what the commit holds, whatever happened to
// the working folder since.
func TestFolder(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	big := strings.Repeat("x", aheadOne+1)
	put(t, dir, map[string]string{"evidence/1.0/a.json": "one"})
	put(t, dir, map[string]string{"evidence/1.0/b.json": "two"})
	put(t, dir, map[string]string{"evidence/inputs/big": big})
	put(t, dir, map[string]string{"records/plan.pdf": "plan"})
	put(t, top, map[string]string{"outside.txt": "no part of the folder"})
	if err := os.Symlink("plan.pdf", filepath.Join(dir, "records", "link.pdf")); err != nil {
		t.Fatal(err)
	}
	git(t, top, "init", "-q")
	commit(t, top)
	put(t, dir, map[string]string{"evidence/1.0/a.json": "one, altered"})
	put(t, dir, map[string]string{"records/plan.pdf": "plan, revised"})
	if err := os.Remove(filepath.Join(dir, "evidence", "1.0", "b.json")); err != nil {
		t.Fatal(err)
	}

	old := folderOf(t, open(t, dir, "HEAD"))
	if err := fstest.TestFS(regularOnly{old}, "evidence/1.0/a.json", "evidence/1.0/b.json", "evidence/inputs/big", "records/plan.pdf", "theriac.yaml"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{
		"evidence/1.0/a.json": "one", "evidence/1.0/b.json": "two", "evidence/inputs/big": big, "records/plan.pdf": "plan",
		"records/link.pdf": "open records/link.pdf: not a regular file", "outside.txt": "open outside.txt: file does not exist",
		"../outside.txt": "open ../outside.txt: invalid argument",
	} {
		if got := says(t, old, name); got != want {
			t.Errorf("%s says %.80q, not %.80q", name, got, want)
		}
	}
	info, err := fs.Stat(old, "records/link.pdf")
	if err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is %v, %v", info, err)
	}

	now := folderOf(t, open(t, dir, ""))
	if got := says(t, now, "evidence/1.0/a.json"); got != "one, altered" {
		t.Errorf("the working folder says %q", got)
	}
	if _, err := fs.Stat(now, "evidence/1.0/b.json"); err == nil {
		t.Error("the working folder has what was removed")
	}
}

// regularOnly leaves out links, which TestFS opens.
type regularOnly struct{ fs.FS }

func (r regularOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(r.FS, name)
	var kept []fs.DirEntry
	for _, e := range all {
		if e.Type()&fs.ModeSymlink == 0 {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func (r regularOnly) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if _, folder := f.(*openFolder); folder {
		kept, err := r.ReadDir(name)
		return &openFolder{node: f.(*openFolder).node, left: kept}, err
	}
	return f, err
}

// TestFolderOfBaseline: a baseline holds the security file alone.
func TestFolderOfBaseline(t *testing.T) {
	dir := workspace(t)
	archive, _ := freeze(t, dir, "before")
	keep(t, dir, "before", archive)
	if fsys := folderOf(t, open(t, dir, "baseline:before")); fsys != nil {
		t.Errorf("it has %v", fsys)
	}
}

// TestFolderPartial: what a clone lacks is an error when it is opened, and only then.
func TestFolderPartial(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	put(t, dir, map[string]string{"evidence/a.json": "here"})
	put(t, dir, map[string]string{"evidence/b.json": "lost"})
	git(t, top, "init", "-q", "--object-format=sha1")
	commit(t, top)
	s := open(t, dir, "HEAD")
	fsys := folderOf(t, s).(*committed)
	lost := fsys.nodes["evidence/b.json"].entry.object
	name := filepath.Join(top, ".git", "objects", lost[:2], lost[2:])
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	again := folderOf(t, s)
	if got := says(t, again, "evidence/a.json"); got != "here" {
		t.Errorf("a.json says %q", got)
	}
	if got := says(t, again, "evidence/b.json"); got != "open evidence/b.json: the clone does not have it" {
		t.Errorf("b.json says %q", got)
	}
}
