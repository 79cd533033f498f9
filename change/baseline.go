package change

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"theriac/model"
)

// Where baselines are kept, beside theriac.yaml.
const (
	BaselineFolder = "baselines"
	baselineExt    = ".zip"
	manifestName   = "manifest.json"
	filesFolder    = "files/"
)

// BaselinePath is the path of a baseline below the folder of theriac.yaml.
func BaselinePath(name string) string { return filepath.Join(BaselineFolder, name+baselineExt) }

// Freeze makes a baseline of the security file in a folder. A file with faults of
// form is refused. The release is the id of one, or empty.
func Freeze(ctx context.Context, dir, name string, day model.Date, release string) ([]byte, *Manifest, error) {
	if err := CheckName(name); err != nil {
		return nil, nil, err
	}
	files, err := collect(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	// What is described is the copy, so that the baseline stands by itself.
	s := &State{Source: Frozen, Name: name, Manifest: &Manifest{Date: day.String()}}
	if err := s.unpack(files); err != nil {
		return nil, nil, err
	}
	defer s.Close()
	m, err := s.describe(ctx, files)
	if err != nil {
		return nil, nil, err
	}
	if m.Name, m.Date, m.Release = name, day.String(), release; release != "" {
		if !slices.ContainsFunc(m.States[0].Entities, func(e ManifestEntity) bool { return e.Kind == "releases" && e.ID == release }) {
			return nil, nil, fmt.Errorf("the security file has no release %q", release)
		}
	}
	archive, err := pack(m, files)
	return archive, m, err
}

// collect gathers the files of a folder on disk. The loader looks first: what
// it refuses is named with the path that people know.
func collect(ctx context.Context, dir string) (*Files, error) {
	working := &State{Source: Working, dir: dir}
	view, err := working.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	workspace := view.File.Workspace()
	real, err := filepath.EvalSymlinks(dir)
	if err == nil {
		real, err = filepath.Abs(real)
	}
	if err != nil {
		return nil, err
	}
	folder, err := filepath.Rel(workspace, real)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(workspace)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	return gather(ctx, disk{root}, filepath.ToSlash(folder))
}

// describe makes the manifest of an unpacked state, as far as its content tells.
func (s *State) describe(ctx context.Context, files *Files) (*Manifest, error) {
	m := &Manifest{Format: manifestFormat, Version: manifestVersion, Folder: files.Folder, Content: manifestContent}
	product, err := s.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	m.Product = product.File.Product.Name
	m.States = append(m.States, stateOf(product))
	for _, v := range product.File.Variants {
		view, err := s.Load(ctx, v.ID)
		if err != nil {
			return nil, err
		}
		m.States = append(m.States, stateOf(view))
	}
	for _, name := range files.Names() {
		sum := sha256.Sum256(files.data[name])
		m.Files = append(m.Files, ManifestFile{name, len(files.data[name]), hex.EncodeToString(sum[:])})
	}
	return m, nil
}

// stateOf lists what a loaded file consists of, in its order.
func stateOf(v *View) ManifestState {
	s := ManifestState{Variant: v.File.Variant(), Entities: []ManifestEntity{}, Threats: []ManifestThreat{}}
	v.File.All(func(e model.Entity) {
		b := model.Of(e)
		s.Entities = append(s.Entities, ManifestEntity{b.Kind().Name, b.ID, model.Digest(e)})
	})
	for _, t := range v.Threats.Threats {
		s.Threats = append(s.Threats, ManifestThreat{t.ID(), string(t.Status)})
	}
	return s
}

// pack writes the archive: the manifest, then the files in order, all of them
// stored as they are. Version control compresses them better than an archive
// would, and stored bytes do not depend on the version of a compressor.
func pack(m *Manifest, files *Files) ([]byte, error) {
	manifest, err := m.encode()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	put := func(name string, text []byte) {
		if err != nil {
			return
		}
		var f io.Writer
		if f, err = w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store}); err == nil {
			_, err = f.Write(text)
		}
	}
	put(manifestName, manifest)
	for _, name := range files.Names() {
		if !safePath(name) {
			return nil, fmt.Errorf("%q is no file name on every system; rename it before making a baseline", name)
		}
		put(filesFolder+name, files.data[name])
	}
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

// Baseline is an archive that was read, with all digests of files verified.
type Baseline struct {
	Manifest *Manifest
	Files    *Files
}

// endsThere reports whether the archive ends with its directory: a reader of ZIP
// files looks for the end from behind and takes what follows for a comment.
func endsThere(r io.ReaderAt, size int64) bool {
	const length = 22 // of the end of the directory without a comment
	end := make([]byte, 4)
	_, err := r.ReadAt(end, max(0, size-length))
	return err == nil && string(end) == "PK\x05\x06"
}

// ReadBaseline reads an archive and refuses it unless it is exactly what its
// manifest says.
func ReadBaseline(r io.ReaderAt, size int64) (*Baseline, error) {
	if size > maxBytes+maxManifest*2 {
		return nil, fmt.Errorf("%w: larger than %d MB", ErrBaseline, maxBytes>>20)
	}
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBaseline, err)
	}
	if !endsThere(r, size) {
		return nil, fmt.Errorf("%w: there are bytes behind the archive", ErrBaseline)
	}
	if len(z.File) == 0 || len(z.File) > maxFiles+1 || z.Comment != "" {
		return nil, fmt.Errorf("%w: it has %d entries or a comment", ErrBaseline, len(z.File))
	}
	text, err := content(z.File[0], manifestName, maxManifest)
	if err != nil {
		return nil, err
	}
	m, err := decodeManifest(text)
	if err != nil {
		return nil, err
	}
	files, err := verified(z.File[1:], m)
	return &Baseline{m, files}, err
}

// content reads one entry, which must have the name that is due. Entries are
// stored, so none is larger than the archive.
func content(f *zip.File, name string, limit int) ([]byte, error) {
	switch {
	case f.Name != name:
		return nil, fmt.Errorf("%w: found %q where %q is due", ErrBaseline, f.Name, name)
	case f.Method != zip.Store || f.Flags&1 != 0 || f.CompressedSize64 != f.UncompressedSize64:
		return nil, fmt.Errorf("%w: %s is compressed or encrypted", ErrBaseline, name)
	case f.UncompressedSize64 > uint64(limit):
		return nil, fmt.Errorf("%w: %s is larger than %d MB", ErrBaseline, name, limit>>20)
	}
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBaseline, name, err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, int64(limit)+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBaseline, name, err)
	}
	return text, nil
}

// verified reads the files that the manifest lists, and no others.
func verified(entries []*zip.File, m *Manifest) (*Files, error) {
	if len(entries) != len(m.Files) {
		return nil, fmt.Errorf("%w: it holds %d files and its manifest lists %d", ErrBaseline, len(entries), len(m.Files))
	}
	files := &Files{Folder: m.Folder, data: make(map[string][]byte, len(entries))}
	total := 0
	for i, want := range m.Files {
		if total += want.Size; total > maxBytes || want.Size > maxReview {
			return nil, fmt.Errorf("%w: its files are larger than the limit", ErrBaseline)
		}
		text, err := content(entries[i], filesFolder+want.Path, want.Size)
		if err != nil {
			return nil, err
		}
		if sum := sha256.Sum256(text); len(text) != want.Size || hex.EncodeToString(sum[:]) != want.SHA256 {
			return nil, fmt.Errorf("%w: %s was altered: its digest is not that of the manifest", ErrBaseline, want.Path)
		}
		files.data[want.Path] = text
	}
	return files, nil
}

// Baselines names the baselines of a folder, in order.
func Baselines(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, BaselineFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), baselineExt)
		if ok && e.Type().IsRegular() && CheckName(name) == nil {
			names = append(names, name)
		}
	}
	return names, err
}

// LoadBaseline reads a baseline of the security file in a folder.
func LoadBaseline(dir, name string) (*Baseline, error) {
	unknown := fault(ErrUnknown, "%s has no baseline %q", dir, name)
	if CheckName(name) != nil {
		return nil, unknown
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	switch info, err := root.Lstat(BaselinePath(name)); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unknown
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is not a regular file", ErrBaseline, filepath.ToSlash(BaselinePath(name)))
	}
	f, err := root.Open(BaselinePath(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	b, err := ReadBaseline(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.ToSlash(BaselinePath(name)), err)
	}
	if b.Manifest.Name != name {
		return nil, fmt.Errorf("%s: %w: it was made under the name %q", filepath.ToSlash(BaselinePath(name)), ErrBaseline, b.Manifest.Name)
	}
	return b, nil
}

func openBaseline(dir, name string) (*State, error) {
	b, err := LoadBaseline(dir, name)
	if err != nil {
		return nil, err
	}
	s := &State{Source: Frozen, Name: name, Manifest: b.Manifest}
	return s, s.unpack(b.Files)
}

// Verify loads the states of a baseline and compares their entities and derived
// threats with the manifest. The error says that an entity is not what it was;
// the notes say what the present program judges differently.
func (b *Baseline) Verify(ctx context.Context) (notes []string, err error) {
	s := &State{Source: Frozen, Name: b.Manifest.Name, Manifest: b.Manifest}
	if err := s.unpack(b.Files); err != nil {
		return nil, err
	}
	defer s.Close()
	for _, state := range b.Manifest.States {
		if _, err := s.Load(ctx, state.Variant); err != nil {
			return nil, err
		}
	}
	return s.Notes, nil
}

// confirm compares a loaded state of a baseline with the manifest.
func (s *State) confirm(v *View) error {
	if s.Manifest == nil {
		return nil
	}
	for _, want := range s.Manifest.States {
		if want.Variant != v.File.Variant() {
			continue
		}
		notes, err := s.Manifest.compare(want, stateOf(v))
		if err != nil {
			return err
		}
		s.note(notes...)
	}
	return nil
}

func (s *State) note(notes ...string) {
	for _, n := range notes {
		if !slices.Contains(s.Notes, n) {
			s.Notes = append(s.Notes, n)
		}
	}
}

// compare compares what a manifest says of a state with what it is found to be.
func (m *Manifest) compare(want, got ManifestState) (notes []string, err error) {
	switch {
	case m.Content != manifestContent:
		notes = append(notes, fmt.Sprintf("the digests of entities in baseline %s follow %q, which this program does not know; only its files were verified", m.Name, m.Content))
	case !slices.Equal(want.Entities, got.Entities):
		return nil, fmt.Errorf("%w: %s", ErrBaseline, firstDifference(want.Entities, got.Entities))
	}
	fresh, gone := 0, 0
	was, is := statuses(want.Threats), statuses(got.Threats)
	for id := range is {
		if _, ok := was[id]; !ok {
			fresh++
		}
	}
	for id := range was {
		if _, ok := is[id]; !ok {
			gone++
		}
	}
	if fresh+gone > 0 {
		notes = append(notes, fmt.Sprintf("baseline %s was made with other patterns of threat: the present ones derive %d more from it, and %d no longer", m.Name, fresh, gone))
	}
	return notes, nil
}

func statuses(list []ManifestThreat) map[string]string {
	m := make(map[string]string, len(list))
	for _, t := range list {
		m[t.ID] = t.Status
	}
	return m
}

func firstDifference(want, got []ManifestEntity) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("entity %s does not have the digest that the manifest gives", want[i].ID)
		}
	}
	return fmt.Sprintf("the manifest lists %d entities, and there are %d", len(want), len(got))
}
