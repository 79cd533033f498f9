package bundle

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"theriac/approval"
	"theriac/change"
	"theriac/evidence"
	"theriac/internal/lazyregexp"
	"theriac/model"
	"theriac/syntax"
	"theriac/trace"
	"theriac/triage"
)

// Part is what a file is in a bundle. It says where the file may stand and how
// large it may be, and what has to vouch for it.
type Part string

// The parts.
const (
	SecurityFile Part = "security-file" // YAML, libraries, reviews, marker of the workspace: what a baseline holds
	Baseline     Part = "baseline"      // that a release names
	Artefact     Part = "artefact"      // of a release, or its SBOM
	Document     Part = "document"
	Statement    Part = "statement" // evidence
	Approval     Part = "approval"
	TimeStamp    Part = "time-stamp" // of a statement or an approval
	Input        Part = "input"      // raw input of statements
)

// Limits. Those of a part are those of its reader.
const (
	maxEntries = 400_000
	maxPath    = 1024
	maxFile    = 1 << 40
)

// limits of a part: bytes of one file, and of all of them together.
var limits = map[Part]struct{ one, all int64 }{
	SecurityFile: {32 << 20, 512 << 20},
	Baseline:     {640 << 20, 1 << 40},
	Artefact:     {maxFile, maxFile},
	Document:     {maxFile, maxFile},
	Statement:    {evidence.MaxStatement, 512 << 20},
	Approval:     {approval.MaxApproval, 512 << 20},
	TimeStamp:    {evidence.MaxStamp, 512 << 20},
	Input:        {maxFile, maxFile},
}

// places looks at the list of files: where each stands, how large it is, and that
// no two could be taken for each other.
func (m *Manifest) places() *Refusal {
	g := guard{manifest: m, spelt: map[string]string{}, files: map[string]bool{}, total: map[Part]int64{}}
	r := &Refusal{}
	for i, e := range m.Files {
		if i > 0 && m.Files[i-1].Path >= e.Path {
			r.add("the manifest lists %q behind %q: files are out of order or listed twice", e.Path, m.Files[i-1].Path)
		} else if why := g.entry(e); why != "" {
			r.add("%s", why)
		}
	}
	if root := path.Join(m.Folder, model.RootFile); !g.files[folded(root)] && len(r.Faults) == 0 {
		r.add("the manifest lists no %s", root)
	}
	return r.orNil()
}

// guard remembers what the list of files held so far.
type guard struct {
	manifest *Manifest
	spelt    map[string]string // folders and files, by what they become where letter case does not count
	files    map[string]bool   // files, likewise
	total    map[Part]int64
}

func (g *guard) entry(e Entry) string {
	limit, known := limits[e.Part]
	switch {
	case !known:
		return fmt.Sprintf("%q is %q, which is no part of a bundle", e.Path, e.Part)
	case !evidence.IsDigest(e.SHA256):
		return fmt.Sprintf("%q has a malformed digest", e.Path)
	case e.Size < 0 || e.Size > limit.one:
		return fmt.Sprintf("%q has %d bytes; a %s has at most %d", e.Path, e.Size, e.Part, limit.one)
	}
	if g.total[e.Part] += e.Size; g.total[e.Part] > limit.all {
		return fmt.Sprintf("with %q the files of part %s have more than %d bytes", e.Path, e.Part, limit.all)
	}
	if why := unsafe(e.Path); why != "" {
		return fmt.Sprintf("path %q %s", e.Path, why)
	}
	if why := g.misplaced(e); why != "" {
		return fmt.Sprintf("%q %s", e.Path, why)
	}
	return g.double(e.Path)
}

// reserved are names that Windows keeps for devices, whatever follows a dot.
var reserved = lazyregexp.New(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

// unsafe says why a path does not name the same file below its folder on every
// system, if so.
func unsafe(name string) string {
	switch {
	case len(name) > maxPath:
		return fmt.Sprintf("has more than %d bytes", maxPath)
	case strings.Contains(name, `\`):
		return "holds a backslash"
	case path.IsAbs(name):
		return "is absolute"
	case name == "." || !fs.ValidPath(name):
		return "leads out of its folder or is no path"
	case strings.ContainsAny(name, `:*?"<>|`) || strings.ContainsFunc(name, unicode.IsControl):
		return "holds a character that some systems do not have in names"
	}
	for step := range strings.SplitSeq(name, "/") {
		switch {
		case reserved.MatchString(step):
			return "holds a name that some systems reserve"
		case strings.HasSuffix(step, ".") || strings.HasSuffix(step, " "):
			return "holds a name with a dot or blank at its end, which some systems drop"
		}
	}
	return ""
}

// misplaced says why a file may not stand where it stands, if so.
func (g *guard) misplaced(e Entry) string {
	name, inside := below(g.manifest.Folder, e.Path)
	dir, base := path.Split(name)
	ok := false
	switch e.Part {
	case SecurityFile:
		beside := model.IsTranslation(path.Join(path.Base(path.Dir(e.Path)), base)) || // of the file or of a library
			slices.Contains(strings.Split(path.Dir(e.Path), "/"), model.PublicationFolder)
		ok = (model.IsYAML(base) || beside) && !hidden(e.Path) || base == model.WorkspaceFile || inside && slices.Contains([]string{trace.ReviewFile, triage.RecordFile, triage.SealFile}, name)
		if ok && (model.IsYAML(base) || beside) && e.Size > syntax.MaxFile {
			return fmt.Sprintf("has %d bytes; a file of the security file has at most %d", e.Size, syntax.MaxFile)
		}
	case Baseline:
		stem, zip := strings.CutSuffix(base, ".zip")
		ok = inside && dir == change.BaselineFolder+"/" && zip && change.CheckName(stem) == nil
	case Artefact, Document:
		ok = inside && !within(name, evidence.Folder) && !within(name, approval.Folder)
	case Statement:
		ok = inside && within(name, evidence.Folder) && !within(name, evidence.InputFolder) && strings.HasSuffix(base, ".json")
	case Approval:
		ok = inside && within(name, approval.Folder) && strings.HasSuffix(base, ".json")
	case TimeStamp:
		ok = inside && (within(name, evidence.Folder) || within(name, approval.Folder)) && strings.HasSuffix(base, ".json"+evidence.StampExt)
	case Input:
		ok = inside && dir == evidence.InputFolder+"/" && evidence.IsDigest(base)
	}
	if !ok {
		return fmt.Sprintf("is no place for a file of part %s", e.Part)
	}
	return ""
}

// below is a path below a folder, and whether it is there.
func below(folder, name string) (string, bool) {
	if folder == "." {
		return name, true
	}
	return strings.CutPrefix(name, folder+"/")
}

func within(name, folder string) bool { return strings.HasPrefix(name, folder+"/") }

func hidden(name string) bool { return strings.HasPrefix(name, ".") || strings.Contains(name, "/.") }

// double says which other path a path would be taken for where letter case or the
// Unicode form does not count, if so. A folder is spelt in one way, and is no file.
func (g *guard) double(name string) string {
	for at := name; at != "."; at = path.Dir(at) {
		key := folded(at)
		was, known := g.spelt[key]
		switch {
		case known && (was != at || at == name):
			return fmt.Sprintf("path %q and path %q are the same to some systems", was, at)
		case known && g.files[key]:
			return fmt.Sprintf("path %q is a file and a folder", at)
		case known:
			return "" // and so are the folders above
		}
		g.spelt[key] = at
		g.files[key] = at == name
	}
	return ""
}

// folded is a path without what some systems overlook.
func folded(name string) string { return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(name))) }
