package bundle

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"theriac/approval"
	"theriac/change"
	"theriac/model"
	"theriac/syntax"
	"theriac/triage"
)

// released follows the link from the signers to the release, and from there to
// the security file.
func (x *auditor) released() error {
	given := x.given("releases", x.release.ID)
	i := slices.IndexFunc(given, func(a *approval.Approval) bool { return a.Meaning == "released" })
	var faults []string
	if i < 0 {
		faults = append(faults, fmt.Sprintf("nobody who may has signed release %s as released, as it stands here%s", x.release.Version, x.whyNot("releases", x.release.ID)))
	}
	for _, n := range x.needs {
		if n.Entity == model.Entity(x.release) && n.State != approval.Given {
			faults = append(faults, needWords(n))
		}
	}
	if !slices.ContainsFunc(x.needs, func(n *approval.Need) bool {
		return n.Entity == model.Entity(x.release) && n.Meaning == "released"
	}) {
		faults = append(faults, "the policy of the security file does not say in which role a release is released, so anybody of the roster could")
	}
	frozen, err := x.frozen()
	if err != nil {
		return err
	}
	if faults = append(faults, frozen...); len(faults) > 0 {
		x.broken(Released, faults...)
		return nil
	}
	x.holds(Released, "released by %s (%s) on %s; the security file is that of baseline %s", given[i].Name, given[i].Role, model.DateOf(given[i].Signed), x.release.Baseline)
	return nil
}

// whyNot says of approvals that are there why they do not count, if any are.
func (x *auditor) whyNot(of model.Approvable, id string) string {
	var words []string
	for _, a := range x.proof.Approvals.Approvals {
		if !a.Readable || a.Of != of || a.Predicate.ID != id {
			continue
		}
		if state, reasons := x.state(a); state != Valid {
			words = append(words, fmt.Sprintf("approval %s by %s is %s: %s", a.ID, a.Signer, stateWords[state], strings.Join(reasons, "; ")))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, "; ") + ")"
}

// stateWords are the states of approvals as they are said.
var stateWords = map[ApprovalState]string{
	Valid: "valid", Outdated: "of an earlier content", OfOther: "of something else", Refused: "refused", Damaged: "damaged",
}

// frozen compares the security file with the baseline of the release, file by
// file.
func (x *auditor) frozen() (faults []string, err error) {
	if x.release.Baseline == "" {
		return []string{fmt.Sprintf("release %s names no baseline, so nothing says which security file was released", x.release.Version)}, nil
	}
	name := approval.BaselineFile(x.release.Baseline)
	s, held := x.archive.spots[x.archive.inside(name)]
	if !held {
		return []string{fmt.Sprintf("the bundle does not hold %s", name)}, nil
	}
	b, err := change.ReadBaseline(io.NewSectionReader(x.archive.r, s.content, s.size), s.size)
	if err != nil {
		return []string{fmt.Sprintf("%s: %s", name, err)}, nil
	}
	m := b.Manifest
	switch {
	case m.Name != x.release.Baseline:
		faults = append(faults, fmt.Sprintf("%s was made under the name %q", name, m.Name))
	case m.Release != "" && m.Release != x.release.ID:
		faults = append(faults, fmt.Sprintf("%s freezes %s, not %s", name, m.Release, x.release.ID))
	case m.Folder != x.archive.Manifest.Folder:
		faults = append(faults, fmt.Sprintf("%s was made in folder %s of its workspace, and the bundle in %s", name, m.Folder, x.archive.Manifest.Folder))
	}
	was, is := slices.Clone(m.Files), slices.Clone(x.archive.Manifest.Files)
	was = slices.DeleteFunc(was, func(f change.ManifestFile) bool { return change.Afterwards(f.Path, b.Files.Text(f.Path)) })
	is = slices.DeleteFunc(is, func(e Entry) bool { return e.Part == SecurityFile && x.afterwards(e) })
	return append(faults, fileDifferences(was, is)...), nil
}

// afterwards reports whether a file of the security file came, or may change, when the
// release was out: recorded findings, decisions about them, and cases.
func (x *auditor) afterwards(e Entry) bool {
	if e.Path == x.archive.inside(triage.RecordFile) || e.Path == x.archive.inside(triage.SealFile) {
		return true
	}
	if !model.IsYAML(e.Path) || e.Size > syntax.MaxFile {
		return false
	}
	text := make([]byte, e.Size)
	if _, err := x.archive.r.ReadAt(text, x.archive.spots[e.Path].content); err != nil {
		return false
	}
	return change.Afterwards(e.Path, text)
}

// fileDifferences compares the security file with what a baseline holds.
func fileDifferences(was []change.ManifestFile, is []Entry) (faults []string) {
	frozen := map[string]string{}
	for _, f := range was {
		frozen[f.Path] = f.SHA256
	}
	for _, e := range is {
		if e.Part != SecurityFile {
			continue
		}
		switch digest, known := frozen[e.Path]; {
		case !known:
			faults = append(faults, fmt.Sprintf("%s is new since the release was frozen", e.Path))
		case digest != e.SHA256:
			faults = append(faults, fmt.Sprintf("%s changed since the release was frozen", e.Path))
		}
		delete(frozen, e.Path)
	}
	for _, f := range was {
		if _, gone := frozen[f.Path]; gone {
			faults = append(faults, fmt.Sprintf("%s is gone since the release was frozen", f.Path))
		}
	}
	return faults
}
