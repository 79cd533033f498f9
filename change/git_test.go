package change

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// git runs git in a folder; a machine without it cannot show that revisions are
// read, and says so.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	program, err := exec.LookPath("git")
	if err != nil {
		t.Fatal("git is needed to test how revisions are read; install it")
	}
	cmd := exec.CommandContext(t.Context(), program, append([]string{"-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false", "-c", "init.defaultBranch=main"}, args...)...)
	cmd.Dir, cmd.Env = dir, environment()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "-A")
	git(t, dir, "commit", "-q", "--no-verify", "-m", "state")
}

func open(t *testing.T, dir, name string) *State {
	t.Helper()
	s, err := Open(t.Context(), dir, name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func loaded(t *testing.T, s *State) *View {
	t.Helper()
	v, err := s.Load(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestRevision(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	git(t, top, "init", "-q")
	commit(t, top)
	git(t, top, "tag", "one")
	put(t, top, map[string]string{"lib/controls.yaml": "controls:\n  ct-lib: {title: From the library, priority: information}\n"})
	commit(t, top)

	was, is := open(t, dir, "one"), open(t, dir, "HEAD")
	c := Compare(loaded(t, was), loaded(t, is))
	if got := lines(c); len(c.Changes) != 1 || !strings.Contains(got, "design → information") {
		t.Errorf("%d changes\n%s", len(c.Changes), got)
	}
	if len(loaded(t, was).Reviews.Derived) != 1 {
		t.Error("the review file of the revision was not read")
	}
	if c := Compare(loaded(t, is), loaded(t, open(t, dir, ""))); !c.Empty() {
		t.Errorf("the folder is as committed, and differs:\n%s", lines(c))
	}
	if len(was.Commit) != 40 && len(was.Commit) != 64 || !strings.HasPrefix(was.String(), "revision one (") {
		t.Errorf("named %q, commit %q", was, was.Commit)
	}
}

func TestUnknownRevisions(t *testing.T) {
	dir := workspace(t)
	if _, err := Open(t.Context(), dir, "HEAD"); !errors.Is(err, ErrGit) || !strings.Contains(err.Error(), "not in a git repository") {
		t.Errorf("no repository: %v", err)
	}
	git(t, dir, "init", "-q")
	if _, err := Open(t.Context(), dir, "HEAD"); !errors.Is(err, ErrUnknown) {
		t.Errorf("no commit yet: %v", err)
	}
	git(t, dir, "commit", "-q", "--allow-empty", "-m", "empty")
	if _, err := Open(t.Context(), dir, "HEAD"); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "no theriac.yaml") {
		t.Errorf("folder not in the revision: %v", err)
	}
	// What reads like an option is no option.
	stray := filepath.Join(t.TempDir(), "stray")
	for _, name := range []string{"--output=" + stray, "git:--output=" + stray, "-h", "git:", "HEAD\n", "HEAD:theriac.yaml", "git:HEAD^{tree}"} {
		if s, err := Open(t.Context(), dir, name); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v, %v", name, s, err)
		}
	}
	if _, err := os.Stat(stray); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
}

// A name can be both; the baseline is meant, and a note says so.
func TestBothNames(t *testing.T) {
	dir := workspace(t)
	archive, _ := freeze(t, dir, "one")
	keep(t, dir, "one", archive)
	if s := open(t, dir, "one"); s.Source != Frozen || len(s.Notes) != 0 {
		t.Errorf("a baseline alone: %s, %q", s.Source, s.Notes)
	}
	git(t, filepath.Dir(dir), "init", "-q")
	commit(t, filepath.Dir(dir))
	git(t, filepath.Dir(dir), "tag", "one")
	if s := open(t, dir, "one"); s.Source != Frozen || len(s.Notes) != 1 {
		t.Errorf("both: %s, %q", s.Source, s.Notes)
	}
	if s := open(t, dir, "git:one"); s.Source != Revision {
		t.Errorf("git: %s", s.Source)
	}
	if s := open(t, dir, "baseline:one"); s.Source != Frozen || len(s.Notes) != 0 {
		t.Errorf("baseline: %s, %q", s.Source, s.Notes)
	}
	if _, err := Open(t.Context(), dir, "baseline:two"); !errors.Is(err, ErrUnknown) {
		t.Errorf("no such baseline: %v", err)
	}
}

// Nothing that the configuration or the environment names is run or followed.
func TestHostileRepository(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	git(t, top, "init", "-q")
	put(t, top, map[string]string{".gitattributes": "* filter=evil diff=evil\n"})
	commit(t, top)
	mark := filepath.Join(t.TempDir(), "mark")
	script := filepath.Join(t.TempDir(), "evil")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+mark+"\ncat\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"filter.evil.smudge", "filter.evil.process", "filter.evil.clean", "diff.evil.textconv", "diff.evil.command", "core.fsmonitor", "core.pager", "core.sshCommand", "gpg.program"} {
		git(t, top, "config", key, script)
	}
	hooks := put(t, t.TempDir(), map[string]string{"post-checkout": "", "reference-transaction": ""})
	git(t, top, "config", "core.hooksPath", hooks)
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "elsewhere"))
	t.Setenv("GIT_EXTERNAL_DIFF", script)
	if v := loaded(t, open(t, dir, "HEAD")); v.File.Lookup("ct-lib") == nil {
		t.Error("the library is missing")
	}
	if _, err := os.Stat(mark); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a program of the configuration was run: %v", err)
	}
}

func TestRevisionWithLink(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	git(t, top, "init", "-q")
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "secret.yaml")); err != nil {
		t.Skip("no symbolic links here")
	}
	commit(t, top)
	if _, err := Open(t.Context(), dir, "HEAD"); err == nil || !strings.Contains(err.Error(), "secret.yaml is not a regular file") {
		t.Errorf("a link: %v", err)
	}
}

// A revision with faults of form is refused, with its place and without the folder
// in which it was unpacked.
func TestFaultyRevision(t *testing.T) {
	dir := workspace(t)
	top := filepath.Dir(dir)
	git(t, top, "init", "-q")
	put(t, dir, map[string]string{"parts/bad.yaml": "components:\n  co-x: {title: X, type: nothing}\n"})
	commit(t, top)
	_, err := open(t, dir, "HEAD").Load(t.Context(), "")
	if !errors.Is(err, ErrForm) || !strings.Contains(err.Error(), "the first at pump/parts/bad.yaml:2:") || strings.Contains(err.Error(), os.TempDir()) {
		t.Errorf("%v", err)
	}
}

// Two files with names that the system takes for the same are not mixed up. A file
// that is there already stands for the first of them.
func TestUnpackNeverOverwrites(t *testing.T) {
	dir := put(t, t.TempDir(), map[string]string{"pump/parts.yaml": "first"})
	files := &Files{Folder: "pump", data: map[string][]byte{"pump/parts.yaml": []byte("second")}}
	if err := files.write(dir); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "pump", "parts.yaml")); err != nil || string(text) != "first" {
		t.Errorf("%s %v", text, err)
	}
}

func TestWithoutGit(t *testing.T) {
	dir := workspace(t)
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(t.Context(), dir, "HEAD"); !errors.Is(err, ErrGit) || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("%v", err)
	}
}
