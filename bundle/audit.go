package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"theriac"
	"theriac/approval"
	"theriac/change"
	"theriac/check"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

// What a report of this version says about itself.
const (
	reportFormat  = "theriac audit"
	reportVersion = 1
)

// Options say how a bundle is audited.
type Options struct {
	Today    model.Date // on which age, expiries and keys are judged
	Version  string     // of the program
	Progress func(done, total int64)

	only []string // codes of the rules to look at; all where there are none. For tests of small files
}

// Audit verifies a bundle. The error is about the run; everything about the bundle
// is in the report.
func Audit(ctx context.Context, r io.ReaderAt, size int64, trusted *Trust, o Options) (*Report, error) {
	x := &auditor{trusted: trusted, today: o.Today, report: newReport(o)}
	x.keys(nil)
	x.report.Bundle.Bytes = size
	archive, err := Open(ctx, r, size, o.Progress)
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		x.broken(Container, refusal.list()...)
		return x.report, nil
	}
	if err != nil {
		return nil, err
	}
	x.archive, x.fsys = archive, archive.FS()
	x.about()
	texts, err := x.texts()
	if err != nil {
		return nil, err
	}
	dir, remove, err := texts.Unpack()
	if err != nil {
		return nil, err
	}
	err = x.check(ctx, dir, o)
	return x.report, errors.Join(err, remove())
}

func newReport(o Options) *Report {
	r := &Report{
		Format: reportFormat, Version: reportVersion, Theriac: o.Version, Date: o.Today.String(),
		Bundle: About{Artefacts: []FileLine{}, Catalogue: []Catalogue{}}, Trusted: []TrustedKey{}, NotLooked: []string{}, Signers: []SignerUse{},
		Excused: []ExcusedLine{}, Approvals: []ApprovalLine{}, Missing: []NeedLine{}, Requirements: []StateLine{}, Evidence: []EvidenceLine{}, Findings: []FindingLine{},
	}
	for _, l := range []Link{
		{Name: Container, Asks: "the bundle is whole: exactly the files that its manifest lists, to the byte"},
		{Name: Roster, Asks: "a root of trust whose key is trusted approved the list of signers and what they may sign"},
		{Name: Released, Asks: "the release was signed as released, and the security file is the one that was frozen for it"},
		{Name: Approved, Asks: "every approval that the policy requires is given, and none was altered"},
		{Name: Vouched, Asks: "every other file of the bundle is named by something that is signed"},
		{Name: Evidenced, Asks: "every statement of evidence is genuine, and every requirement is shown to be met"},
		{Name: Checked, Asks: "the check of the security file finds no error and no open question"},
	} {
		l.State, l.Faults, l.Notes = NotReached, []string{}, []string{}
		r.Links = append(r.Links, l)
	}
	return r
}

// auditor verifies one bundle, link by link.
type auditor struct {
	trusted *Trust
	today   model.Date
	report  *Report

	archive *Archive
	fsys    fs.FS
	file    *model.File
	proof   *check.Proof
	release *model.Release
	judged  *evidence.Judgement
	needs   []*approval.Need
	targets map[target]subject
}

// holds and broken conclude a link.
func (x *auditor) holds(name LinkName, format string, args ...any) {
	l := x.report.link(name)
	l.State, l.Shown = Holds, fmt.Sprintf(format, args...)
}

func (x *auditor) broken(name LinkName, faults ...string) {
	l := x.report.link(name)
	l.State, l.Faults = Broken, append(l.Faults, faults...)
}

// conclude breaks a link that has faults, and says of another what shows it.
func (x *auditor) conclude(name LinkName, faults []string, format string, args ...any) {
	if len(faults) > 0 {
		x.broken(name, faults...)
		return
	}
	x.holds(name, format, args...)
}

func (x *auditor) note(name LinkName, format string, args ...any) {
	l := x.report.link(name)
	l.Notes = append(l.Notes, fmt.Sprintf(format, args...))
}

// keys lists what is trusted, with the signers of the bundle where these are known.
func (x *auditor) keys(roster *trust.Roster) {
	x.report.Trusted = []TrustedKey{}
	for _, a := range x.trusted.Anchors {
		k := TrustedKey{Key: a.Key.ID(), From: filepath.ToSlash(a.From), Demo: trust.DemoName(a.Key) != ""}
		if roster != nil {
			if h := roster.Find(k.Key); h != nil {
				k.Signer = h.Signer.ID
			}
		}
		x.report.Trusted = append(x.report.Trusted, k)
		if k.Demo && roster == nil {
			x.report.demonstration(true) // as far as is known before the bundle is read
		}
	}
}

// about copies what the manifest says.
func (x *auditor) about() {
	m := x.archive.Manifest
	b := &x.report.Bundle
	b.SHA256, b.Product, b.Release, b.Made, b.Theriac, b.Files = x.archive.SHA256, m.Product, m.Release, m.Date, m.Theriac, len(m.Files)
	b.Catalogue = append(b.Catalogue, m.Catalogue...)
}

// texts reads the files of the security file, which the loader wants in a folder.
func (x *auditor) texts() (*change.Files, error) {
	data := map[string][]byte{}
	for _, e := range x.archive.Manifest.Files {
		if e.Part != SecurityFile {
			continue
		}
		text := make([]byte, e.Size)
		if _, err := x.archive.r.ReadAt(text, x.archive.spots[e.Path].content); err != nil {
			return nil, err
		}
		data[e.Path] = text
	}
	return change.NewFiles(x.archive.Manifest.Folder, data), nil
}

// sourceFolder is the rule that wants the folders of source code, which a bundle
// does not hold.
const sourceFolder = "T2205"

// check loads the security file, lets the rules run over it, and goes along the
// chain.
func (x *auditor) check(ctx context.Context, dir string, o Options) error {
	var s theriac.Session
	result, err := s.Check(ctx, dir, theriac.Options{
		Today: x.today, Release: x.archive.Manifest.Release.ID, Only: o.only, Skip: []string{sourceFolder}, Files: x.fsys,
	})
	switch {
	case errors.Is(err, theriac.ErrNoRelease):
		x.broken(Container, x.noRelease())
		return nil
	case err != nil:
		return fmt.Errorf("security file in the bundle: %s", hide(err.Error(), dir))
	}
	if x.file, x.proof = result.File, result.Proof; result.Showing != nil {
		x.judged = result.Showing.Judged // the rules had to judge as well
	}
	found, err := x.asOfBundle(ctx, &s, dir, result.Findings)
	if err != nil {
		return err
	}
	x.findings(found, dir)
	if x.file.Product == nil || x.file.Incomplete() {
		x.broken(Checked, "the security file cannot be read as a whole, so nothing else can be judged")
		return nil
	}
	x.report.demonstration(x.file.Product.Demonstration == model.Yes)
	x.keys(x.proof.Roster)
	x.identity()
	return x.chain()
}

// handling reports whether a rule is about findings, decisions and cases, which go on
// when a release is out.
func handling(code string) bool {
	return strings.HasPrefix(code, "T87") || strings.HasPrefix(code, "T88")
}

// asOfBundle judges the handling of vulnerabilities by the day of the bundle: what a
// bundle holds of it is of that day, and what became due since nobody could put into it.
func (x *auditor) asOfBundle(ctx context.Context, s *theriac.Session, dir string, found diag.List) (diag.List, error) {
	day, err := model.ParseDate(x.archive.Manifest.Date)
	if err != nil || !day.Before(x.today) || !slices.ContainsFunc(found, func(f diag.Finding) bool { return handling(f.Code) }) {
		return found, nil
	}
	then, err := s.Check(ctx, dir, theriac.Options{Today: day, Release: x.archive.Manifest.Release.ID, Skip: []string{sourceFolder}, Files: x.fsys})
	if err != nil {
		return nil, fmt.Errorf("security file in the bundle: %s", hide(err.Error(), dir))
	}
	key := func(f diag.Finding) string { return f.Code + " " + f.Message }
	held := map[string]bool{}
	for _, f := range then.Findings {
		held[key(f)] = true
	}
	whole := len(found)
	found = slices.DeleteFunc(slices.Clone(found), func(f diag.Finding) bool { return handling(f.Code) && !held[key(f)] })
	if len(found) < whole {
		x.report.NotLooked = append(x.report.NotLooked,
			fmt.Sprintf("what became due in the handling of vulnerabilities after %s, the day of the bundle", day))
	}
	return found, nil
}

// identity compares what the manifest says of itself with the security file.
func (x *auditor) identity() {
	m := x.archive.Manifest
	var faults []string
	if m.Product != x.file.Product.Name {
		faults = append(faults, fmt.Sprintf("the manifest is of product %q, and the security file of %q", m.Product, x.file.Product.Name))
	}
	x.release, _ = x.file.Lookup(m.Release.ID).(*model.Release)
	switch {
	case x.release == nil:
		faults = append(faults, x.noRelease())
	case x.release.Version != m.Release.Version:
		faults = append(faults, fmt.Sprintf("the manifest is of version %s, and release %s is version %s", m.Release.Version, m.Release.ID, x.release.Version))
		x.release = nil
	}
	x.conclude(Container, faults, "%s, as the manifest lists them", amount(len(m.Files), "file"))
	for _, why := range catalogueChanges(m.Catalogue, catalogue()) {
		x.note(Checked, "%s", why)
	}
}

func (x *auditor) noRelease() string {
	return fmt.Sprintf("the manifest is of release %s, which the security file does not have", x.archive.Manifest.Release.ID)
}

// catalogueChanges says where the catalogue of the maker differs from that of this
// program.
func catalogueChanges(was, is []Catalogue) (all []string) {
	for _, c := range is {
		i := slices.IndexFunc(was, func(w Catalogue) bool { return w.File == c.File })
		switch {
		case i < 0:
			all = append(all, fmt.Sprintf("the program that made the bundle did not have %s of the catalogue", c.File))
		case was[i].SHA256 != c.SHA256:
			all = append(all, fmt.Sprintf("the program that made the bundle had another state of %s of the catalogue; the check here follows that of this program", c.File))
		}
	}
	return all
}

func (x *auditor) chain() error {
	if x.release == nil {
		return nil
	}
	var err error
	if x.needs, err = x.proof.Needs(x.file); err != nil {
		return err
	}
	if err := x.allTargets(); err != nil {
		return err
	}
	if x.judged == nil || x.judged.Release != x.release {
		x.judged = evidence.Judge(x.file, x.proof.Evidence, x.release, x.today)
	}
	x.artefacts()
	x.roster()
	if err := x.released(); err != nil {
		return err
	}
	x.approvals()
	x.files()
	x.evidence()
	x.signers()
	x.excused()
	x.leftOut()
	x.unvouched()
	x.report.Verified = !slices.ContainsFunc(x.report.Links, func(l Link) bool { return l.State != Holds })
	return nil
}

// unvouched takes back what rests on the signers of the bundle where nobody who is
// trusted vouches for them.
func (x *auditor) unvouched() {
	if x.report.link(Roster).State == Holds {
		return
	}
	for i := range x.report.Links {
		l := &x.report.Links[i]
		if l.State == Holds && l.Name != Container {
			l.State, l.Shown = Unvouched, "it fits within the bundle, and nobody who is trusted vouches for the signers"
		}
	}
}

func (x *auditor) artefacts() {
	for _, a := range append(slices.Clone(x.release.Artefacts), x.release.SBOM) {
		if a == (model.Artefact{}) {
			continue
		}
		_, held := x.archive.spots[x.archive.inside(a.Path)]
		x.report.Bundle.Artefacts = append(x.report.Bundle.Artefacts, FileLine{a.Path, a.Digest, held})
		if !held {
			x.report.NotLooked = append(x.report.NotLooked, fmt.Sprintf("%s is known by its digest alone: the bundle does not hold it", a.Path))
		}
	}
	if len(x.file.Product.SourceCode) > 0 {
		x.report.NotLooked = append(x.report.NotLooked, "references to source code were not followed: the bundle holds no source code")
	}
}

// findings lists errors and open questions, and counts the others.
func (x *auditor) findings(list diag.List, dir string) {
	c := &x.report.Counts
	for _, f := range list {
		switch {
		case f.Waiver != nil:
			c.Waived++
			continue
		case f.Severity == diag.Error:
			c.Error++
		case f.Severity == diag.Open:
			c.Open++
		case f.Severity == diag.Warning:
			c.Warning++
			continue
		default:
			c.Note++
			continue
		}
		place := ""
		if f.Span.Valid() {
			place = fmt.Sprintf("%s:%d", hide(f.Span.Path(), dir), f.Span.Line)
		}
		x.report.Findings = append(x.report.Findings, FindingLine{f.Code, f.Severity.String(), place, hide(f.Message, dir), f.Variant, append([]string{}, f.Clauses...)})
	}
	if c.Error+c.Open > 0 {
		x.broken(Checked, fmt.Sprintf("the check finds %s and %s", amount(c.Error, "error"), amount(c.Open, "open question")))
		return
	}
	x.holds(Checked, "no errors, no open questions; %s, %s, %s", amount(c.Warning, "warning"), amount(c.Note, "note"), amount(c.Waived, "waived finding"))
}

// hide takes the folder in which the security file was unpacked out of a text.
func hide(text, dir string) string {
	slash := filepath.ToSlash(dir)
	for _, at := range []string{dir + string(filepath.Separator), slash + "/", dir, slash} {
		text = strings.ReplaceAll(text, at, "")
	}
	return text
}

// amount is a number with its noun.
func amount(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
