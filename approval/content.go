package approval

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
)

// Target is something that can be approved.
type Target struct {
	Of     model.Approvable
	ID     string
	Entity model.Entity // nil for a baseline and the roster
}

func (t Target) String() string {
	switch t.Of {
	case "roster":
		return "the roster"
	case "baselines":
		return "baseline " + t.ID
	}
	return model.Label(t.Entity)
}

// RosterID is the id of the roster as something to approve.
const RosterID = "roster"

// baselineFolder is where package change keeps baselines.
const baselineFolder, baselineExt = "baselines", ".zip"

// BaselineFile is the path of a baseline below the folder of the security file.
func BaselineFile(name string) string { return baselineFolder + "/" + name + baselineExt }

// Paths of lines that hold the SHA-256 of a file.
const (
	DocumentDigest = "file sha256"     // of the file of a document
	ReleaseDigest  = "baseline sha256" // of the baseline of a release
	BaselineDigest = "file"            // of a baseline that is approved itself
)

// Targets lists what there is of a kind.
func Targets(file *model.File, fsys fs.FS, of model.Approvable) ([]Target, error) {
	var all []Target
	add := func(id string, e model.Entity) { all = append(all, Target{of, id, e}) }
	switch of {
	case "documents":
		for _, d := range file.Documents {
			add(d.ID, d)
		}
	case "risks":
		for _, r := range file.Risks {
			add(r.ID, r)
		}
	case "waivers":
		for _, w := range file.Waivers {
			add(w.ID, w)
		}
	case "decisions":
		for _, d := range file.Decisions {
			add(d.ID, d)
		}
	case "cases":
		for _, c := range file.Cases {
			add(c.ID, c)
		}
	case "releases":
		for _, r := range file.Releases {
			add(r.ID, r)
		}
	case "roster":
		if len(file.Signers) > 0 {
			add(RosterID, nil)
		}
	case "baselines":
		names, err := fs.Glob(fsys, baselineFolder+"/*"+baselineExt)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			add(strings.TrimSuffix(path.Base(name), baselineExt), nil)
		}
	}
	return all, nil
}

// Find looks for what a name means: an id, the version of a release, the name of
// a baseline, or roster, in that order.
func Find(file *model.File, fsys fs.FS, name string) (Target, error) {
	var all []Target
	for _, of := range model.Approvable("").Values() {
		targets, err := Targets(file, fsys, model.Approvable(of.Name))
		if err != nil {
			return Target{}, err
		}
		all = append(all, targets...)
	}
	for _, means := range []func(Target) bool{
		func(t Target) bool { return t.Entity != nil && t.ID == name },
		func(t Target) bool { r, ok := t.Entity.(*model.Release); return ok && r.Version == name },
		func(t Target) bool { return t.ID == name },
	} {
		if i := slices.IndexFunc(all, means); i >= 0 {
			return all[i], nil
		}
	}
	var names []string
	for _, t := range all {
		names = append(names, t.ID)
	}
	err := fmt.Errorf("%q is no document, risk, waiver, decision, case, release or baseline of the security file, nor roster", name)
	if near := diag.Suggest(name, names); near != "" {
		err = fmt.Errorf("%w; did you mean %q?", err, near)
	}
	return Target{}, err
}

// unapproved are fields that the approval itself leads to, and would therefore
// change what was approved; of a case, the record of what was done, which goes on.
var unapproved = map[model.Approvable][]string{"documents": {"status"}, "cases": {"steps", "reporting", "closed", "outcome"}}

// Content is what somebody who approves a target sees: the values of the entity,
// with the digests of the files and of the other entities that it rests on.
func Content(file *model.File, fsys fs.FS, t Target) ([]Line, error) {
	c := &contents{file: file, fsys: fsys}
	c.product() // so that no approval counts for another one
	switch t.Of {
	case "roster":
		c.roster()
	case "baselines":
		c.digest(BaselineDigest, BaselineFile(t.ID), true)
	default:
		c.entity("", t.Entity, unapproved[t.Of]...)
	}
	switch e := t.Entity.(type) {
	case *model.Document:
		c.digest(DocumentDigest, e.File, false)
	case *model.Release:
		if e.Baseline != "" {
			c.digest(ReleaseDigest, BaselineFile(e.Baseline), false) // T7416 speaks of one that is gone
		}
		c.evidence(e)
	case *model.Risk:
		c.around("threats", entities(e.Threats))
		c.around("controls", entities(e.Controls))
		c.around("harms", entities(e.Harms))
	case *model.Decision:
		if e.Risk.OK() {
			c.around("risk", []model.Entity{e.Risk.To})
		}
		c.around("threats", entities(e.Threats))
		c.around("controls", entities(e.Controls))
	case *model.Case:
		c.told(e)
	}
	return c.lines, c.err
}

// told adds what the advisory and the notice of a case tell beside the case itself:
// decisions, risks with their harms, and which releases are out when.
func (c *contents) told(e *model.Case) {
	c.around("decisions", entities(e.Decisions))
	risks := slices.Collect(model.Targets(e.Risks))
	for d := range model.Targets(e.Decisions) {
		if d.Risk.OK() && !slices.Contains(risks, d.Risk.To) {
			risks = append(risks, d.Risk.To)
		}
	}
	var harms []model.Entity
	for _, r := range risks {
		c.around("risks", []model.Entity{r})
		for h := range model.Targets(r.Harms) {
			if !slices.Contains(harms, model.Entity(h)) {
				harms = append(harms, h)
			}
		}
	}
	c.around("harms", harms)
	for _, r := range c.file.Releases {
		c.add("release "+r.ID, r.Version+" of "+r.Date.String())
	}
}

func entities[T model.Entity](refs []model.Ref[T]) []model.Entity {
	var all []model.Entity
	for e := range model.Targets(refs) {
		all = append(all, e)
	}
	return all
}

type contents struct {
	file  *model.File
	fsys  fs.FS
	lines []Line
	err   error
}

func (c *contents) add(path, value string) { c.lines = append(c.lines, Line{path, value}) }

func (c *contents) entity(prefix string, e model.Entity, without ...string) {
	for _, f := range model.ContentOf(e) {
		if name, _, _ := strings.Cut(f.Path, "."); !slices.Contains(without, name) {
			c.add(prefix+f.Path, f.Value)
		}
	}
}

func (c *contents) product() {
	if p := c.file.Product; p != nil {
		c.add("product", p.Name)
		if p.UDIDI != "" {
			c.add("product udi-di", p.UDIDI)
		}
	}
}

// around adds the digests of entities on which a decision rests.
func (c *contents) around(what string, list []model.Entity) {
	for _, e := range list {
		c.add(what+" "+model.Of(e).ID, model.Digest(e))
	}
}

// evidencePath begins the path of a line that names a piece of evidence, by its
// path below the folder of evidence.
const evidencePath = "evidence "

// evidence adds the digests of what is signed about a release, so that none can be
// changed or go away unseen once the release was approved; a file that cannot be
// read may be one. What comes later unsettles nothing.
func (c *contents) evidence(r *model.Release) {
	err := fs.WalkDir(c.fsys, evidence.Folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == evidence.Folder && errors.Is(err, fs.ErrNotExist):
			return fs.SkipAll
		case err != nil:
			return err
		case d.IsDir() && name == evidence.InputFolder:
			return fs.SkipDir
		case !d.Type().IsRegular() || path.Ext(name) != ".json":
			return nil
		}
		text, err := evidence.ReadLimited(c.fsys, name, evidence.MaxStatement)
		if version, known := evidence.ReleaseOf(text); err == nil && (!known || version == r.Version) {
			c.add(evidencePath+strings.TrimPrefix(name, evidence.Folder+"/"), sha256Hex(text))
		}
		return err
	})
	if c.err == nil {
		c.err = err
	}
}

func sha256Hex(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// digest adds the digest of a file below the folder. A file that is kept
// elsewhere has none.
func (c *contents) digest(label, name string, needed bool) {
	if name == "" || c.err != nil || !fs.ValidPath(name) {
		return
	}
	info, err := fs.Stat(c.fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !needed:
		return
	case err == nil && !info.Mode().IsRegular():
		err = fmt.Errorf("%s is not a regular file", name)
	}
	if err != nil {
		c.err = err
		return
	}
	f, err := c.fsys.Open(name)
	if err != nil {
		c.err = err
		return
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		c.err = err
		return
	}
	c.add(label, hex.EncodeToString(sum.Sum(nil)))
}

// roster adds the signers, and what the policy lets them sign.
func (c *contents) roster() {
	for _, s := range c.file.Signers {
		c.add("signer", s.ID)
		c.entity(s.ID+" ", s)
	}
	if p := c.file.Policy; p != nil {
		for _, f := range model.ContentOf(p) {
			if strings.HasPrefix(f.Path, "evidence.") || strings.HasPrefix(f.Path, "approvals.") {
				c.add("policy "+f.Path, f.Value)
			}
		}
	}
}

// Change is how a content differs from what was approved.
type Change struct{ Path, Was, Is string } // Was is "" for what is new, Is for what is gone

// Words says what changed, with values as show has them.
func (c Change) Words(show func(value string) string) string {
	switch {
	case c.Was == "":
		return fmt.Sprintf("%s is new: %s", c.Path, show(c.Is))
	case c.Is == "":
		return fmt.Sprintf("%s is gone: %s", c.Path, show(c.Was))
	}
	return fmt.Sprintf("%s was %s, is %s", c.Path, show(c.Was), show(c.Is))
}

// Changes compares what was approved with what is there. Evidence that came since
// is no change of what was approved.
func Changes(was, is []Line) []Change {
	before, after := grouped(was), grouped(is)
	var all []Change
	for _, path := range before.order {
		if a, b := before.values[path], after.values[path]; !slices.Equal(a, b) {
			all = append(all, Change{path, strings.Join(a, ", "), strings.Join(b, ", ")})
		}
	}
	for _, path := range after.order {
		if _, known := before.values[path]; !known && !cameLater(path, after.values[path]) {
			all = append(all, Change{path, "", strings.Join(after.values[path], ", ")})
		}
	}
	return all
}

// cameLater tells whether a line stands for a piece of evidence. The value keeps it
// apart from what a signer called evidence has.
func cameLater(path string, values []string) bool {
	return strings.HasPrefix(path, evidencePath) && len(values) == 1 && evidence.IsDigest(values[0])
}

type groups struct {
	order  []string
	values map[string][]string
}

// grouped brings the members of sets together, which share a path.
func grouped(lines []Line) groups {
	g := groups{values: map[string][]string{}}
	for _, l := range lines {
		if g.values[l.Path] == nil {
			g.order = append(g.order, l.Path)
		}
		g.values[l.Path] = append(g.values[l.Path], l.Value)
	}
	return g
}
