package trace

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"theriac/model"
)

// CodeStatus says what became of a code reference.
type CodeStatus string

// The states of a code reference.
const (
	CodeFound      CodeStatus = "found"
	CodeMalformed  CodeStatus = "malformed"
	CodeNoFile     CodeStatus = "no such file"
	CodeUnreadable CodeStatus = "not a source file" // binary, or too large
	CodeNoSymbol   CodeStatus = "no such symbol"
	CodeBeyondEnd  CodeStatus = "line beyond the end"
	CodeNoTag      CodeStatus = "no such tag"
	CodeAmbiguous  CodeStatus = "ambiguous"    // several files or places
	CodeUnsearched CodeStatus = "not searched" // more source code than is searched
)

// Resolution is what became of one code reference.
type Resolution struct {
	Entity model.Entity
	At     string // path of the reference inside the entity: code.0
	Text   string // as written
	Status CodeStatus
	Why    string      // of a malformed one
	Places []CodePlace // where it was found; of an ambiguous one the first few
}

// CodePlace is a place in the source code.
type CodePlace struct {
	File string // slash path, relative to the folder of the security file
	Line int    // 0 when the file is meant
}

func (p CodePlace) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// FolderFault is what is wrong with a folder of product.source-code.
type FolderFault struct {
	At      string // path inside the product: source-code.0
	Path    string // as written
	Problem string
}

// CodeReport is what became of all code references of a file, in its order.
type CodeReport struct {
	References []Resolution
	Folders    []FolderFault
}

// Limits for source code. Files beyond the first limit are not source code that
// people write.
const (
	maxSource      = 8 << 20
	maxSources     = 100_000
	maxSourceBytes = 2 << 30
	maxPlaces      = 5
)

// ResolveCode looks up the code references of a security file. The error is
// about the run; folders that cannot be used are in the report.
func ResolveCode(ctx context.Context, file *model.File) (*CodeReport, error) {
	report := &CodeReport{}
	file.All(func(e model.Entity) {
		for i, text := range CodeOf(e) {
			if text != "" {
				report.References = append(report.References, Resolution{Entity: e, At: "code." + strconv.Itoa(i), Text: text})
			}
		}
	})
	r, err := openSources(file)
	if err != nil {
		return nil, err
	}
	defer r.close()
	report.Folders = r.faults
	return report, r.resolve(ctx, report.References)
}

// sources are the folders of source code of one security file.
type sources struct {
	workspace *os.Root
	home      string   // folder of the security file, from the workspace
	folders   []string // from the workspace
	faults    []FolderFault
}

func openSources(file *model.File) (*sources, error) {
	root, err := os.OpenRoot(file.Workspace())
	if err != nil {
		return nil, err
	}
	s := &sources{workspace: root}
	if s.home, err = below(file.Workspace(), file.Dir()); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	if file.Product == nil {
		return s, nil
	}
	for i, written := range file.Product.SourceCode {
		if at, problem := s.folder(written); problem != "" {
			s.faults = append(s.faults, FolderFault{"source-code." + strconv.Itoa(i), written, problem})
		} else if at != "" && !slices.Contains(s.folders, at) {
			s.folders = append(s.folders, at)
		}
	}
	return s, nil
}

func (s *sources) close() { _ = s.workspace.Close() } // it was only read

// below is the slash path of a folder from one above it.
func below(top, dir string) (string, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", err
	}
	rel, err := filepath.Rel(top, abs)
	return filepath.ToSlash(rel), err
}

// folder finds a folder of source code from the workspace, or says what is
// wrong with it.
func (s *sources) folder(written string) (at, problem string) {
	switch {
	case written == "":
		return "", "" // reported as empty
	case path.IsAbs(written) || strings.Contains(written, `\`) || filepath.IsAbs(written):
		return "", "is not relative with forward slashes"
	}
	at = path.Join(s.home, written)
	if at == ".." || strings.HasPrefix(at, "../") {
		return "", "leaves the workspace"
	}
	switch info, err := s.lstat(at); {
	case err != nil:
		return "", "does not exist"
	case info.Mode()&fs.ModeSymlink != 0:
		return "", "is or passes a symbolic link, which is not followed"
	case !info.IsDir():
		return "", "is not a folder"
	}
	return at, ""
}

// lstat looks at a path from the workspace; where it passes a symbolic link, at
// that link.
func (s *sources) lstat(at string) (info fs.FileInfo, err error) {
	for i := 0; i <= len(at); i++ {
		if i < len(at) && at[i] != '/' {
			continue
		}
		if info, err = s.workspace.Lstat(at[:i]); err != nil || info.Mode()&fs.ModeSymlink != 0 {
			return info, err
		}
	}
	return info, err
}

// shown is a path from the workspace as people write it in the security file.
func (s *sources) shown(at string) string {
	rel, err := filepath.Rel(filepath.FromSlash(s.home), filepath.FromSlash(at))
	if err != nil {
		return at
	}
	return filepath.ToSlash(rel)
}

// resolve fills in what became of the references: of those with paths file by
// file, of tags by one search.
func (s *sources) resolve(ctx context.Context, list []Resolution) error {
	byPath, byTag := map[string][]lookup{}, map[string][]*Resolution{}
	for i := range list {
		r := &list[i]
		ref, err := ParseCode(r.Text)
		switch {
		case err != nil:
			r.Status, r.Why = CodeMalformed, err.Error()
		case ref.Tag != "":
			byTag[ref.Tag] = append(byTag[ref.Tag], r)
		default:
			byPath[ref.Path] = append(byPath[ref.Path], lookup{r, ref})
		}
	}
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range slices.Sorted(maps.Keys(byPath)) {
		group.Go(func() error {
			s.named(name, byPath[name])
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil || len(byTag) == 0 {
		return err
	}
	return s.tags(ctx, byTag)
}

// lookup is a reference with a path that is to be resolved.
type lookup struct {
	*Resolution
	ref CodeRef
}

// named resolves the references to one file.
func (s *sources) named(name string, refs []lookup) {
	all := func(status CodeStatus, places ...CodePlace) {
		for _, r := range refs {
			r.Status, r.Places = status, places
		}
	}
	var found []string
	for _, folder := range s.folders {
		at := path.Join(folder, name)
		if info, err := s.lstat(at); err == nil && info.Mode().IsRegular() && !slices.Contains(found, at) {
			found = append(found, at)
		}
	}
	if len(found) != 1 {
		var places []CodePlace
		for _, at := range found[:min(maxPlaces, len(found))] {
			places = append(places, CodePlace{File: s.shown(at)})
		}
		status := CodeAmbiguous
		if len(found) == 0 {
			status = CodeNoFile
		}
		all(status, places...)
		return
	}
	text, ok := s.read(found[0])
	if !ok {
		all(CodeUnreadable, CodePlace{File: s.shown(found[0])})
		return
	}
	for _, r := range refs {
		r.look(s.shown(found[0]), text)
	}
}

// look resolves a reference in the file that it names.
func (r lookup) look(shown string, text []byte) {
	if len(r.ref.Symbol) > 0 {
		r.Status = CodeNoSymbol
		if line := findSymbol(shown, text, r.ref.Symbol); line > 0 {
			r.Status, r.Places = CodeFound, []CodePlace{{shown, line}}
		}
		return
	}
	r.Status = CodeBeyondEnd
	if r.ref.Line <= countLines(text) { // 0 names the whole file
		r.Status, r.Places = CodeFound, []CodePlace{{shown, r.ref.Line}}
	}
}

// read reads a source file; not one that is too large, binary, or cannot be
// read.
func (s *sources) read(at string) (text []byte, ok bool) {
	info, err := s.workspace.Lstat(at)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil, false
	}
	text, err = s.workspace.ReadFile(at)
	return text, err == nil && !binary(text)
}

// binary reports whether the start of a file holds a byte that no text does.
func binary(text []byte) bool {
	return slices.Contains(text[:min(len(text), 8000)], 0)
}

// SourceFaults lists what is wrong with the folders of product.source-code.
func SourceFaults(file *model.File) ([]FolderFault, error) {
	s, err := openSources(file)
	if err != nil {
		return nil, err
	}
	s.close()
	return s.faults, nil
}
