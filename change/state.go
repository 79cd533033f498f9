package change

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/risk"
	"theriac/threat"
	"theriac/trace"
)

// Errors of states; see the package comment.
var (
	ErrUnknown = errors.New("unknown state")
	ErrForm    = errors.New("faults of form")
)

// Source says where a state comes from.
type Source string

// The sources.
const (
	Working  Source = "working folder"
	Revision Source = "revision"
	Frozen   Source = "baseline"
)

// kinded is an error of one of the kinds above, with a text of its own.
type kinded struct {
	kind error
	text string
}

func (k *kinded) Error() string { return k.text }
func (k *kinded) Unwrap() error { return k.kind }

func fault(kind error, format string, args ...any) error {
	return &kinded{kind, fmt.Sprintf(format, args...)}
}

// State is a security file at one time.
type State struct {
	Source Source
	Name   string // of the revision or baseline as it was given; empty for the working folder
	Commit string // of a revision
	// Manifest is what a baseline says about itself; nil for other states.
	Manifest *Manifest
	// Notes say what a reader of a comparison must know about the state.
	Notes []string

	dir     string      // of theriac.yaml
	temp    string      // to be removed; empty for the working folder
	commits *repository // of a revision
	root    *os.Root    // of the working folder, once Folder opened it
}

// String names the state.
func (s *State) String() string {
	switch s.Source {
	case Revision:
		return fmt.Sprintf("revision %s (%.10s)", s.Name, s.Commit)
	case Frozen:
		return fmt.Sprintf("baseline %s of %s", s.Name, s.Manifest.Date)
	}
	return "the working folder"
}

// Close removes what the state keeps on disk, and closes its folder.
func (s *State) Close() error {
	var err error
	if s.root != nil {
		err = s.root.Close()
	}
	if s.temp != "" {
		err = errors.Join(err, os.RemoveAll(s.temp))
	}
	return err
}

// Open finds the state of the security file in a folder that a name means: the
// working folder when it is empty, else a baseline, else a revision. The prefixes
// baseline: and git: say which.
func Open(ctx context.Context, dir, name string) (*State, error) {
	if revision, ok := strings.CutPrefix(name, "git:"); ok {
		return openRevision(ctx, dir, revision)
	}
	given := name
	name, forced := strings.CutPrefix(name, "baseline:")
	if given == "" {
		return &State{Source: Working, dir: dir}, nil
	}
	frozen, err := openBaseline(dir, name)
	switch {
	case err == nil:
		if !forced && isRevision(ctx, dir, name) {
			frozen.note(fmt.Sprintf("%s is a baseline and a git revision; the baseline is meant here, git:%s names the revision", name, name))
		}
		return frozen, nil
	case forced || !errors.Is(err, ErrUnknown):
		return nil, err
	}
	s, err := openRevision(ctx, dir, name)
	if errors.Is(err, ErrUnknown) || errors.Is(err, ErrGit) {
		return nil, fmt.Errorf("%s has no baseline %q, and no revision of that name can be read: %w", dir, name, err)
	}
	return s, err
}

// isRevision reports whether git knows a name, as far as git can be asked.
func isRevision(ctx context.Context, dir, name string) bool {
	r, err := openRepository(ctx, dir)
	if err != nil {
		return false
	}
	_, err = r.commit(ctx, name)
	return err == nil
}

func openRevision(ctx context.Context, dir, name string) (*State, error) {
	r, err := openRepository(ctx, dir)
	if err != nil {
		return nil, err
	}
	commit, err := r.commit(ctx, name)
	if err != nil {
		return nil, err
	}
	files, err := r.files(ctx, commit, workspaceAbove(dir))
	if err != nil {
		return nil, fmt.Errorf("revision %s: %w", name, err)
	}
	s := &State{Source: Revision, Name: name, Commit: commit, commits: r}
	return s, s.unpack(files)
}

// workspaceAbove is the real path of the nearest folder at or above one that
// holds the marker of a workspace, or "".
func workspaceAbove(dir string) string {
	at, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	if real, err := filepath.EvalSymlinks(at); err == nil {
		at = real
	}
	for {
		if info, err := os.Lstat(filepath.Join(at, model.WorkspaceFile)); err == nil && info.Mode().IsRegular() {
			return at
		}
		if at == filepath.Dir(at) {
			return ""
		}
		at = filepath.Dir(at)
	}
}

// marker is the folder of the nearest marker of a workspace at or above the
// folder of the security file.
func (f *Files) marker() (string, bool) {
	for up := f.Folder; ; up = path.Dir(up) {
		if _, ok := f.data[path.Join(up, model.WorkspaceFile)]; ok || up == "." {
			return up, ok
		}
	}
}

// unpack writes the files into a folder of their own. Without a marker of the
// workspace the folder of the security file is the workspace; a marker is put
// there, so that none above the folder counts.
func (s *State) unpack(f *Files) error {
	temp, err := os.MkdirTemp("", "theriac-")
	if err != nil {
		return err
	}
	s.temp, s.dir = temp, filepath.Join(temp, filepath.FromSlash(f.Folder))
	if err := f.write(temp); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}

func (f *Files) write(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	for name, text := range f.data {
		if err := write(root, name, text); err != nil {
			return err
		}
	}
	if _, ok := f.marker(); !ok {
		return write(root, path.Join(f.Folder, model.WorkspaceFile), nil)
	}
	return nil
}

func write(root *os.Root, name string, text []byte) error {
	name = filepath.FromSlash(name)
	if err := root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	// Never over another one: some systems take two names for the same.
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// View is a loaded state with what the other packages say about it.
type View struct {
	File    *model.File
	Reviews *trace.Reviews
	Threats *threat.Derivation
	Risks   *risk.Assessment
	// Approved are the signed approvals that put documents in force, which a caller
	// finds; the file itself does not hold them.
	Approved []Approved
}

// Approved is a signed approval of a document.
type Approved struct {
	ID       string // of the approval
	Document string
	Date     model.Date
}

// NewView judges a security file. Reviews may be nil.
func NewView(file *model.File, reviews *trace.Reviews) *View {
	if reviews == nil {
		reviews = &trace.Reviews{}
	}
	return &View{
		File: file, Reviews: reviews, Risks: risk.Assess(file),
		Threats: threat.Derive(file, trace.SuspectTargets(file, reviews)),
	}
}

// Load reads the state, or one of its variants. A state with faults of form is
// refused.
func (s *State) Load(ctx context.Context, variant string) (*View, error) {
	l := model.Loader{Variant: variant}
	file, findings, err := l.Load(ctx, s.dir)
	if err != nil {
		return nil, s.hide(err)
	}
	if err := s.wellFormed(file, findings); err != nil {
		return nil, err
	}
	reviews, err := trace.ReadReviews(file)
	if err != nil {
		return nil, s.hide(err)
	}
	if err := s.wellFormed(file, reviews.Findings); err != nil {
		return nil, err
	}
	view := NewView(file, reviews)
	return view, s.confirm(view)
}

func (s *State) wellFormed(file *model.File, findings diag.List) error {
	count := 0
	var first diag.Finding
	for _, f := range findings {
		if f.Severity == diag.Error {
			if count++; count == 1 {
				first = f
			}
		}
	}
	switch {
	case count > 0:
		return fault(ErrForm, "%s has %s of form, the first at %s:%d:%d: %s", s, amount(count, "fault", "faults"), s.shown(first.Span.Path()), first.Span.Line, first.Span.Column, first.Message)
	case file.Product == nil:
		return fault(ErrForm, "%s describes no product", s)
	}
	return nil
}

// shown is a path without the folder in which the state was unpacked.
func (s *State) shown(name string) string {
	if s.temp == "" {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, filepath.ToSlash(s.temp)), "/")
}

// hide takes the folder in which the state was unpacked out of a message.
func (s *State) hide(err error) error {
	if s.temp == "" {
		return err
	}
	if broken, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %s %s: %w", s, broken.Op, s.shown(filepath.ToSlash(broken.Path)), broken.Err)
	}
	return fmt.Errorf("%s: %s", s, strings.ReplaceAll(err.Error(), s.temp+string(filepath.Separator), ""))
}

// ParseRange splits A..B into the names of two states. A alone compares with the
// working folder, which an empty name means.
func ParseRange(text string) (before, after string, err error) {
	before, after, both := strings.Cut(text, "..")
	switch {
	case strings.HasPrefix(after, ".") || strings.Contains(after, ".."):
		return "", "", fmt.Errorf("%q: two states are written A..B, with two dots", text)
	case before == "" && after == "":
		return "", "", fmt.Errorf("%q names no state to compare with; write a baseline or a git revision on one side, as in HEAD.. or before..HEAD", text)
	case !both && before == "":
		return "", "", fmt.Errorf("%q names no state", text)
	}
	return before, after, nil
}
