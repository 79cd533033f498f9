package techdoc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"

	"theriac/approval"
	"theriac/change"
	"theriac/diag"
	"theriac/document"
	"theriac/evidence"
	"theriac/locale"
	"theriac/model"
)

// stamp says what the documents are of, and whether they are a draft. They are
// approved when the security file is the one that was frozen with the release, and
// all approvals of the release that the policy asks for are given.
func stamp(in Input) (document.Stamp, error) {
	p := in.File.Product
	s := document.Stamp{
		Product: p.Name, Manufacturer: p.Manufacturer.Name,
		Baseline: stateDigest(digestsOf(in.Text)), Day: in.Day.String(), Time: in.Time,
	}
	r := in.Release
	if r == nil {
		return because(s, document.Saying{Text: "the security file has no release"}), nil
	}
	s.Release = r.Version
	why, err := unfrozen(in, s.Baseline)
	if err != nil {
		return s, err
	}
	needs, err := in.Proof.Needs(in.File)
	if err != nil {
		return s, err
	}
	asked := false
	var given []document.Saying
	for _, n := range needs {
		if n.Of != "releases" || n.ID != r.ID {
			continue
		}
		asked = true
		if n.State == approval.Given {
			given = append(given, document.Saying{Text: givenWords[n.Meaning], Args: []any{n.By.Signed.Format("2006-01-02"), n.By.Name, n.By.Role}})
			continue
		}
		why = append(why, document.Saying{Text: approvalWords[n.State]})
	}
	if !asked {
		why = append(why, document.Saying{Text: "nobody has to approve the release"})
	}
	if n := errorsIn(in.Findings); n > 0 {
		why = append(why, document.Saying{Text: "the check of %s finds errors in the security file: %d", Args: []any{s.Day, n}})
	}
	if len(why) == 0 {
		s.Approved, why = true, given
		if living(in) {
			why = append(why, document.Saying{Text: "not covered by the approval: decisions about vulnerabilities, cases and findings, a record as of %s", Args: []any{s.Day}})
		}
	}
	return because(s, why...), nil
}

// errorsIn counts the errors that nobody waived.
func errorsIn(found diag.List) (n int) {
	for _, f := range found {
		if f.Severity == diag.Error && f.Waiver == nil {
			n++
		}
	}
	return n
}

// because gives a stamp its reasons.
func because(s document.Stamp, why ...document.Saying) document.Stamp {
	s.Because, s.Why = why, make([]string, len(why))
	s.Why = s.Reasons(locale.English())
	return s
}

// givenWords say who approved the release, and when.
var givenWords = map[model.Meaning]string{
	"reviewed": "reviewed on %s by %s, %s", "approved": "approved on %s by %s, %s", "released": "released on %s by %s, %s",
}

// approvalWords say how an approval of the release stands that is not given.
var approvalWords = map[approval.State]string{
	approval.Missing: "an approval of the release is missing",
	approval.Stale:   "what was approved with the release changed since",
	approval.Refused: "an approval of the release does not count",
}

// unfrozen says why the security file is not the one that was frozen with the
// release; nothing where it is.
func unfrozen(in Input, state string) ([]document.Saying, error) {
	r := in.Release
	if r.Baseline == "" {
		return saying("release %s is not frozen", r.Version), nil
	}
	name := approval.BaselineFile(r.Baseline)
	text, err := evidence.ReadLimited(in.Files, name, maxBaseline)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return saying("the baseline of release %s, %s, is not there", r.Version, name), nil
	case err != nil:
		return nil, err
	case len(text) > maxBaseline:
		return nil, fmt.Errorf("%s is larger than %d MB", name, maxBaseline>>20)
	}
	b, err := change.ReadBaseline(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return saying("the baseline of release %s cannot be read: %s", r.Version, err), nil
	}
	if stateDigest(digestsOf(b.Files)) != state && !sameRelease(b.Files, in.Text) {
		return saying("the security file changed since release %s was frozen", r.Version), nil
	}
	return nil, nil
}

func saying(text string, args ...any) []document.Saying {
	return []document.Saying{{Text: text, Args: args}}
}

// maxBaseline bounds the archive of a baseline, in bytes.
const maxBaseline = 256 << 20

func digestsOf(files *change.Files) map[string]string {
	digests := map[string]string{}
	for _, name := range files.Names() {
		sum := sha256.Sum256(files.Text(name))
		digests[name] = hex.EncodeToString(sum[:])
	}
	return digests
}

// stateDigest identifies the state of a security file: the SHA-256 over a line for
// each file in the order of their paths, as sha256sum prints it.
func stateDigest(digests map[string]string) string {
	h := sha256.New()
	for _, name := range sortedKeys(digests) {
		fmt.Fprintf(h, "%s  %s\n", digests[name], name)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// maxDesign bounds a logo or template, in bytes.
const maxDesign = 16 << 20

// design reads how the documents of the manufacturer look.
func design(in Input) (document.Design, error) {
	d := document.Design{Paper: document.A4}
	if in.Release != nil {
		d.Commit = in.Release.Commit
	}
	p := in.File.Publication
	if p == nil {
		return d, nil
	}
	if p.Paper != "" {
		d.Paper = document.Paper(p.Paper)
	}
	d.SourceLink = p.SourceLink
	var err error
	if d.Logo, err = designFile(in.Files, p.Logo); err != nil {
		return d, fmt.Errorf("publication.logo: %w", err)
	}
	if d.Template, err = designFile(in.Files, p.Template); err != nil {
		return d, fmt.Errorf("publication.template: %w", err)
	}
	return d, nil
}

func designFile(files fs.FS, name string) ([]byte, error) {
	if name == "" {
		return nil, nil
	}
	if model.LeavesFolder(name) || !model.IsPublished(path.Clean(name)) {
		return nil, fmt.Errorf("%s is not in the folder %s of the security file, whose files are frozen with a release", name, model.PublicationFolder)
	}
	b, err := evidence.ReadLimited(files, path.Clean(name), maxDesign)
	if err == nil && len(b) > maxDesign {
		err = fmt.Errorf("%s is larger than %d MB", name, maxDesign>>20)
	}
	return b, err
}
