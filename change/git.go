package change

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"theriac/model"
)

// ErrGit is wrapped by errors about what git could not do.
var ErrGit = errors.New("git")

// Limits for what git may print.
const (
	maxNames  = 64 << 20 // bytes of a list of files
	maxAnswer = 1 << 20  // bytes of a short answer
)

// repository is the git repository that holds a folder. It is read only, and
// treated as hostile: no hook, filter, pager or transport that its configuration
// names is run, and nothing is fetched.
type repository struct {
	program string
	dir     string // where git is run
	top     string // real path of the work tree
	prefix  string // of the folder below it, with a slash at the end, or ""
}

// openRepository finds the repository of a folder.
func openRepository(ctx context.Context, dir string) (*repository, error) {
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, fault(ErrGit, "the program git is not installed, or not on the path")
	}
	r := &repository{program: program, dir: dir}
	out, err := r.run(ctx, "", maxAnswer, "rev-parse", "--show-toplevel")
	if err != nil {
		if strings.Contains(err.Error(), "not a git repository") {
			return nil, fault(ErrGit, "%s is not in a git repository", dir)
		}
		return nil, err
	}
	r.top = filepath.FromSlash(strings.TrimSuffix(string(out), "\n"))
	if out, err = r.run(ctx, "", maxAnswer, "rev-parse", "--show-prefix"); err != nil {
		return nil, err
	}
	r.prefix = strings.TrimSuffix(string(out), "\n")
	return r, nil
}

// environment is ours without what would lead git elsewhere. Its messages are in
// English, since one of them is looked for.
func environment() []string {
	var kept []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "GIT_") && !strings.HasPrefix(v, "LC_ALL=") {
			kept = append(kept, v)
		}
	}
	return append(kept, "LC_ALL=C", "GIT_TERMINAL_PROMPT=0", "GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none")
}

// run runs a git command and returns what it prints, up to a limit.
func (r *repository) run(ctx context.Context, in string, limit int64, args ...string) ([]byte, error) {
	guard := []string{
		"--no-pager", "--no-replace-objects", "--literal-pathspecs", "-c", "core.hooksPath=" + os.DevNull,
		"-c", "core.fsmonitor=false", "-c", "protocol.allow=never",
	}
	cmd := exec.CommandContext(ctx, r.program, append(guard, args...)...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.WaitDelay = r.dir, environment(), strings.NewReader(in), 5*time.Second
	out, talk := &bounded{limit: limit}, &bounded{limit: maxAnswer}
	cmd.Stdout, cmd.Stderr = out, talk
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case out.full:
		return nil, fault(ErrGit, "git %s: it prints more than %d MB", args[0], limit>>20)
	case err != nil:
		return nil, fault(ErrGit, "git %s: %s", args[0], complaint(talk.String(), err))
	}
	return out.Bytes(), nil
}

// complaint is the first line of what a program says when it fails.
func complaint(talk string, err error) string {
	line, _, _ := strings.Cut(strings.TrimSpace(talk), "\n")
	if line = strings.TrimPrefix(line, "fatal: "); line != "" {
		return line
	}
	return err.Error()
}

// bounded is a buffer that refuses more than its limit, which ends the program
// that writes.
type bounded struct {
	bytes.Buffer
	limit int64
	full  bool
}

func (b *bounded) Write(p []byte) (int, error) {
	if int64(b.Len()+len(p)) > b.limit {
		b.full = true
		return 0, io.ErrShortWrite
	}
	return b.Buffer.Write(p)
}

// commit is the hash of the commit that a revision names.
func (r *repository) commit(ctx context.Context, revision string) (string, error) {
	unknown := fault(ErrUnknown, "git knows no revision %q", revision)
	if revision == "" || strings.HasPrefix(revision, "-") || strings.ContainsAny(revision, "\x00\n") {
		return "", unknown
	}
	out, err := r.run(ctx, "", maxAnswer, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if hash := strings.TrimSuffix(string(out), "\n"); err == nil && isHash(hash) {
		return hash, nil
	}
	return "", unknown
}

// isHash reports whether a text is the name of an object, by SHA-1 or SHA-256.
func isHash(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdef") == ""
}

// files collects the security file as a commit has it.
func (r *repository) files(ctx context.Context, commit, workspace string) (*Files, error) {
	folder := path.Clean("./" + r.prefix)
	out, err := r.run(ctx, "", maxNames, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, err
	}
	t := &revision{repository: r, at: map[string]int{}}
	if err := t.parse(out); err != nil {
		return nil, err
	}
	if _, ok := t.stat(path.Join(folder, model.RootFile)); !ok {
		return nil, fault(ErrUnknown, "there is no %s in it", path.Join(folder, model.RootFile))
	}
	files, err := gather(ctx, t, folder)
	if err == nil && workspace != "" && within(r.top, workspace) {
		// The marker lies above the repository and is in no revision.
		if _, ok := files.marker(); !ok {
			files.data[model.WorkspaceFile] = nil
		}
	}
	return files, err
}

// within reports whether a folder is another one or lies in it.
func within(folder, outer string) bool {
	rel, err := filepath.Rel(outer, folder)
	return err == nil && filepath.IsLocal(rel)
}

// revision is the tree of a commit.
type revision struct {
	repository *repository
	entries    []entry // by path
	at         map[string]int
}

// parse reads the list of git ls-tree -r -z: mode, type, object, path.
func (t *revision) parse(out []byte) error {
	for line := range bytes.SplitSeq(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		if len(line) == 0 {
			continue
		}
		facts, name, _ := strings.Cut(string(line), "\t")
		f := strings.Fields(facts)
		if len(f) != 3 || name == "" || !isHash(f[2]) {
			return fault(ErrGit, "git ls-tree: unexpected line %q", line)
		}
		e := entry{path: name, object: f[2], kind: other}
		switch f[0] {
		case "100644", "100755":
			e.kind = regular
		case "120000":
			e.kind = link
		}
		t.at[name] = len(t.entries)
		t.entries = append(t.entries, e)
	}
	return nil
}

func (t *revision) stat(name string) (entry, bool) {
	i, ok := t.at[name]
	if !ok {
		return entry{}, false
	}
	return t.entries[i], true
}

func (t *revision) list(_ context.Context, folder string) ([]entry, error) {
	if folder == "." {
		return t.entries, nil
	}
	var found []entry
	for _, e := range t.entries {
		if strings.HasPrefix(e.path, folder+"/") {
			found = append(found, e)
		}
	}
	return found, nil
}

// measure asks for the sizes of objects, which a list of files does not give: in
// a clone that lacks some objects, those that are not wanted must not matter.
func (t *revision) measure(ctx context.Context, entries []entry) error {
	if len(entries) == 0 {
		return nil
	}
	var ask strings.Builder
	for _, e := range entries {
		ask.WriteString(e.object + "\n")
	}
	out, err := t.repository.run(ctx, ask.String(), maxNames, "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)")
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(entries) {
		return fault(ErrGit, "git cat-file: %d answers to %d questions", len(lines), len(entries))
	}
	for i, line := range lines {
		size, ok := strings.CutPrefix(line, entries[i].object+" blob ")
		n, err := strconv.ParseInt(size, 10, 64)
		if !ok || err != nil {
			return fault(ErrGit, "git cat-file: %s: the object is missing", entries[i].path)
		}
		entries[i].size = n
	}
	return nil
}

// read reads objects that were measured, so that what git prints is bounded.
func (t *revision) read(ctx context.Context, entries []entry) (map[string][]byte, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	var ask strings.Builder
	limit := int64(0)
	for _, e := range entries {
		ask.WriteString(e.object + "\n")
		limit += e.size + 128 // the line before and the line feed behind it
	}
	out, err := t.repository.run(ctx, ask.String(), limit, "cat-file", "--batch")
	if err != nil {
		return nil, err
	}
	answer := bufio.NewReader(bytes.NewReader(out))
	data := make(map[string][]byte, len(entries))
	for _, e := range entries {
		text, err := object(answer, e)
		if err != nil {
			return nil, err
		}
		data[e.path] = text
	}
	return data, nil
}

// object reads one answer of git cat-file --batch: a line with object, type and
// size, the content, and a line feed.
func object(answer *bufio.Reader, e entry) ([]byte, error) {
	head, err := answer.ReadString('\n')
	if want := fmt.Sprintf("%s blob %d\n", e.object, e.size); err != nil || head != want {
		return nil, fault(ErrGit, "git cat-file: %s: the object is missing or of another kind", e.path)
	}
	text := make([]byte, e.size+1)
	if _, err := io.ReadFull(answer, text); err != nil {
		return nil, fault(ErrGit, "git cat-file: %s: %v", e.path, err)
	}
	return text[:e.size], nil
}
