package bundle

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"theriac/approval"
	"theriac/change"
	"theriac/evidence"
	"theriac/model"
	"theriac/triage"
	"theriac/trust"
)

// ErrNotFrozen is returned for a release of which no bundle can be made.
var ErrNotFrozen = errors.New("the release is not frozen")

// Draft is a bundle that is ready to be written.
type Draft struct {
	Manifest *Manifest

	root  *os.Root // folder of theriac.yaml
	texts *change.Files
}

// Prepare gathers what belongs into the bundle of a release of the security file
// in a folder, and hashes it. What is missing is left out: the audit says so. The
// version is that of the program. Without a day, the bundle has that of its newest
// approval, so that the same input gives the same bytes on any day. Close the draft
// after use.
func Prepare(ctx context.Context, dir string, file *model.File, r *model.Release, day model.Date, version string) (*Draft, error) {
	if err := frozen(r); err != nil {
		return nil, err
	}
	texts, err := change.Collect(ctx, dir)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	if day.IsZero() {
		if day, err = newest(ctx, file, root, r); err != nil {
			return nil, errors.Join(err, root.Close())
		}
	}
	d := &Draft{root: root, texts: texts, Manifest: &Manifest{
		Format: manifestFormat, Version: manifestVersion, Product: file.Product.Name, Release: Release{r.ID, r.Version},
		Date: day.String(), Theriac: version, Catalogue: catalogue(), Folder: texts.Folder,
	}}
	g := &gatherer{ctx: ctx, draft: d, file: file, release: r, parts: map[string]Part{}}
	if err := g.gather(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := d.list(ctx, g.parts); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// newest is the day of the newest approval; that of the release where there is
// none.
func newest(ctx context.Context, file *model.File, root *os.Root, r *model.Release) (model.Date, error) {
	store, err := approval.Read(ctx, root.FS(), trust.NewRoster(file), model.Date{})
	if err != nil {
		return model.Date{}, err
	}
	day := cmp.Or(r.Date, r.Frozen)
	for _, a := range store.Approvals {
		if signed := model.DateOf(a.Signed); a.Readable && day.Before(signed) {
			day = signed
		}
	}
	if day.IsZero() {
		return day, fmt.Errorf("release %s has no date and nobody approved anything, so the bundle has no day; give one", r.Version)
	}
	return day, nil
}

func frozen(r *model.Release) error {
	switch {
	case len(r.Artefacts) == 0:
		return fmt.Errorf("%w: release %s lists no artefacts; `theriac release create` freezes one", ErrNotFrozen, r.Version)
	case r.Baseline == "":
		return fmt.Errorf("%w: release %s names no baseline, so nobody could tell that the security file is the one that was released", ErrNotFrozen, r.Version)
	}
	return nil
}

// Close closes the folder.
func (d *Draft) Close() error { return d.root.Close() }

// gatherer finds out which files belong into a bundle. Paths are below the folder
// of theriac.yaml, but for those of the security file.
type gatherer struct {
	ctx     context.Context
	draft   *Draft
	file    *model.File
	release *model.Release
	parts   map[string]Part // by path below the workspace
}

func (g *gatherer) gather() error {
	for _, name := range g.draft.texts.Names() {
		g.parts[name] = SecurityFile
	}
	for _, name := range []string{triage.RecordFile, triage.SealFile} {
		if err := g.beside(SecurityFile, name); err != nil {
			return err
		}
	}
	for _, r := range g.file.Releases {
		if err := g.ofRelease(r); err != nil {
			return err
		}
	}
	for _, doc := range g.file.Documents {
		if err := g.beside(Document, doc.File); err != nil {
			return err
		}
	}
	if err := g.walk(approval.Folder, g.approval); err != nil {
		return err
	}
	return g.walk(evidence.Folder, g.evidence)
}

// ofRelease takes the baseline of a release, and its artefacts as far as they lie
// in the folder. Those of other releases are what check compares as well.
func (g *gatherer) ofRelease(r *model.Release) error {
	if r.Baseline != "" {
		name := approval.BaselineFile(r.Baseline)
		if err := g.beside(Baseline, name); err != nil {
			return err
		}
		if r == g.release && g.parts[g.draft.inside(name)] == "" {
			return fmt.Errorf("%w: %s of release %s is not there", ErrNotFrozen, name, r.Version)
		}
	}
	for _, a := range append(slices.Clone(r.Artefacts), r.SBOM) {
		if err := g.beside(Artefact, a.Path); err != nil {
			return err
		}
	}
	return nil
}

// beside takes a file that the security file names, where it lies in the folder.
func (g *gatherer) beside(part Part, name string) error {
	if name == "" || !fs.ValidPath(name) {
		return nil // it is kept elsewhere
	}
	info, err := g.draft.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file", name)
	}
	g.take(part, name)
	return nil
}

// take enters a file, unless it is a part of something else already.
func (g *gatherer) take(part Part, name string) {
	if at := g.draft.inside(name); g.parts[at] == "" {
		g.parts[at] = part
	}
}

// walk visits the signed files below a folder: regular, not hidden, and .json.
func (g *gatherer) walk(folder string, visit func(name string) error) error {
	err := fs.WalkDir(g.draft.root.FS(), folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == folder:
			return fs.SkipAll
		case err != nil:
			return err
		case g.ctx.Err() != nil:
			return g.ctx.Err()
		case d.IsDir() && name == evidence.InputFolder:
			return fs.SkipDir
		case d.IsDir() || !d.Type().IsRegular() || strings.HasPrefix(d.Name(), ".") || !strings.HasSuffix(name, ".json"):
			return nil
		}
		return visit(name)
	})
	return err
}

func (g *gatherer) approval(name string) error {
	g.take(Approval, name)
	return g.beside(TimeStamp, name+evidence.StampExt)
}

// evidence takes statements about the release, with their raw inputs, and those
// that cannot be read, which the auditor shall see.
func (g *gatherer) evidence(name string) error {
	text, err := evidence.ReadLimited(g.draft.root.FS(), name, evidence.MaxStatement)
	if err != nil {
		return err
	}
	p := evidence.ReadPiece(name, text, nil, noRoster)
	if p.Statement != nil && p.Statement.Release != g.release.Version {
		return nil
	}
	g.take(Statement, name)
	if err := g.beside(TimeStamp, name+evidence.StampExt); err != nil || p.Statement == nil {
		return err
	}
	for _, in := range p.Statement.Inputs {
		if !evidence.IsDigest(in.SHA256) {
			continue
		}
		if err := g.beside(Input, path.Join(evidence.InputFolder, in.SHA256)); err != nil {
			return err
		}
	}
	return nil
}

// noRoster has nobody on it: who signed is for the audit.
var noRoster = trust.NewRoster(&model.File{})

// inside is the path below the workspace of a file of the folder.
func (d *Draft) inside(name string) string { return path.Join(d.texts.Folder, name) }

// list hashes the files, several at a time, and enters them into the manifest. A
// list that Open would refuse is refused here.
func (d *Draft) list(ctx context.Context, parts map[string]Part) error {
	files := make([]Entry, 0, len(parts))
	for name, part := range parts {
		files = append(files, Entry{Path: name, Part: part})
	}
	slices.SortFunc(files, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range files {
		group.Go(func() (err error) {
			if err = ctx.Err(); err == nil {
				files[i].Size, files[i].SHA256, err = d.copy(io.Discard, files[i])
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	d.Manifest.Files = files
	if why := d.Manifest.fault(); why != "" {
		return errors.New(why)
	}
	if r := d.Manifest.places(); r != nil {
		return fmt.Errorf("no bundle can hold this: %s", strings.Join(r.list(), "; "))
	}
	return nil
}

// copy writes the content of an entry, and tells its size and digest.
func (d *Draft) copy(w io.Writer, e Entry) (int64, string, error) {
	var r io.Reader
	if text := d.texts.Text(e.Path); text != nil && e.Part == SecurityFile {
		r = strings.NewReader(string(text))
	} else {
		name, _ := below(d.texts.Folder, e.Path)
		f, err := d.root.Open(name)
		if err != nil {
			return 0, "", err
		}
		defer f.Close()
		r = f
	}
	sum := sha256.New()
	n, err := io.CopyBuffer(io.MultiWriter(w, sum), onlyReader{r}, make([]byte, 64<<10))
	return n, hex.EncodeToString(sum.Sum(nil)), err
}

// onlyReader hides what else a reader can do, so that it is read with the buffer.
type onlyReader struct{ io.Reader }

// Write writes the bundle. A file that changed since Prepare is an error.
func (d *Draft) Write(ctx context.Context, w io.Writer) error {
	text, err := d.Manifest.encode()
	if err != nil {
		return err
	}
	if len(text) > maxManifest {
		return fmt.Errorf("the list of files has more than %d MB", maxManifest>>20)
	}
	sum := sha256.Sum256(text)
	if err := writeText(w, manifestName, text); err != nil {
		return err
	}
	if err := writeText(w, sumName, []byte(sumLine(hex.EncodeToString(sum[:])))); err != nil {
		return err
	}
	for _, e := range d.Manifest.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.write(w, e); err != nil {
			return err
		}
	}
	_, err = w.Write(make([]byte, trailer))
	return err
}

func writeText(w io.Writer, name string, text []byte) error {
	h, err := header(name, int64(len(text)))
	if err != nil {
		return err
	}
	_, err = w.Write(slices.Concat(h, text, make([]byte, padding(int64(len(text))))))
	return err
}

func (d *Draft) write(w io.Writer, e Entry) error {
	h, err := header(filesFolder+e.Path, e.Size)
	if err != nil {
		return err
	}
	if _, err := w.Write(h); err != nil {
		return err
	}
	switch size, digest, err := d.copy(w, e); {
	case err != nil:
		return err
	case size != e.Size || digest != e.SHA256:
		return fmt.Errorf("%s changed while the bundle was made; make it again", e.Path)
	}
	_, err = w.Write(make([]byte, padding(e.Size)))
	return err
}
