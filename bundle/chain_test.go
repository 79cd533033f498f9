package bundle

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/triage"
	"theriac/trust"
)

// broken wants that an audit fails at a link for a reason, and returns the links
// that fail.
func broken(t *testing.T, r *Report, name LinkName, want string) []LinkName {
	t.Helper()
	var all []LinkName
	for _, l := range r.Links {
		if l.State == Broken {
			all = append(all, l.Name)
		}
	}
	l := r.link(name)
	if r.Verified || l.State != Broken || !slices.ContainsFunc(l.Faults, func(f string) bool { return strings.Contains(f, want) }) {
		t.Errorf("verified %v, %s is %s for %q, want %q", r.Verified, name, l.State, l.Faults, want)
	}
	return all
}

// with is the small security file with one text replaced in theriac.yaml.
func with(t *testing.T, from, to string) map[string]string {
	t.Helper()
	files := small()
	text := strings.Replace(files["theriac.yaml"], from, to, 1)
	if text == files["theriac.yaml"] {
		t.Fatalf("nothing to replace: %q", from)
	}
	files["theriac.yaml"] = text
	return files
}

// edit replaces a text in a file of the project.
func (p *project) edit(name, from, to string) {
	p.t.Helper()
	at := filepath.Join(p.dir, filepath.FromSlash(name))
	text, err := os.ReadFile(at)
	p.check(err)
	changed := bytes.Replace(text, []byte(from), []byte(to), 1)
	if bytes.Equal(changed, text) {
		p.t.Fatalf("%s: nothing to replace: %q", name, from)
	}
	p.check(os.WriteFile(at, changed, 0o600))
}

func (p *project) remove(pattern string) {
	p.t.Helper()
	found, err := filepath.Glob(filepath.Join(p.dir, filepath.FromSlash(pattern)))
	p.check(err)
	if len(found) == 0 {
		p.t.Fatalf("nothing is called %s", pattern)
	}
	for _, name := range found {
		p.check(os.Remove(name))
	}
}

// Each way to break the chain breaks it at its link, with its reason.
func TestChain(t *testing.T) {
	for _, test := range []struct {
		name string
		do   func(p *project)
		link LinkName
		want string
	}{
		{"roster not approved", func(p *project) { p.remove("approvals/roster/*") }, Roster, "no approval of the roster by it"},
		{"roster only reviewed", func(p *project) {
			p.remove("approvals/roster/*")
			p.approve("root", "root", "Root of trust", "roster", "reviewed")
		}, Roster, "no approval of the roster by it"},
		{"roster approved by somebody else", func(p *project) {
			p.remove("approvals/roster/*")
			p.approve("regulatory-affairs", "affairs", "Regulatory affairs", "roster", "approved")
		}, Roster, "no approval of the roster by it"},
		{"signer added since", func(p *project) {
			p.write("more.yaml", "signers:\n"+signer("late", "person", "Test lead", "software-quality"))
		}, Roster, "signer was root, tester, affairs, is late, root, tester, affairs"},
		{"policy widened since", func(p *project) { p.edit("theriac.yaml", "roles: [Test lead]", "roles: [Test lead, Anybody]") }, Roster, "policy evidence"},
		{"root revoked", func(p *project) {
			p.edit("signers.yaml", "        -----END PUBLIC KEY-----\n", "        -----END PUBLIC KEY-----\n        revoked: 2026-06-01\n        reason: compromised\n")
		}, Roster, "revoked"},
		{"release not signed", func(p *project) { p.remove("approvals/releases/*") }, Released, "nobody who may has signed release 1.0.0 as released"},
		{"release only approved", func(p *project) {
			p.remove("approvals/releases/*")
			p.approve("regulatory-affairs", "affairs", "Regulatory affairs", "rel-1", "approved")
		}, Released, "nobody who may has signed release 1.0.0 as released"},
		{"release signed in a role that the signer does not hold", func(p *project) {
			p.remove("approvals/releases/*")
			p.approve("test-lead", "tester", "Regulatory affairs", "rel-1", "released")
		}, Released, "which is not among its roles"},
		{"artefact exchanged in the file", func(p *project) { p.edit("theriac.yaml", sum("123"), sum("124")) }, Released, "artefacts"},
		{"requirement changed since", func(p *project) { p.edit("theriac.yaml", "after 5 minutes", "after 50 minutes") }, Released, "theriac.yaml changed since the release was frozen"},
		{"comment changed since", func(p *project) { p.edit("theriac.yaml", "components:", "# nothing\ncomponents:") }, Released, "theriac.yaml changed since the release was frozen"},
		{"file added since", func(p *project) { p.write("extra.yaml", "components:\n  x:\n    title: X\n    type: application\n") }, Released, "extra.yaml is new since"},
		{"reviews added since", func(p *project) { p.write("theriac.reviews", "theriac reviews 1\n") }, Released, "theriac.reviews is new since"},
		{"baseline exchanged", func(p *project) {
			p.edit("theriac.yaml", "after 5 minutes", "after 50 minutes")
			p.remove("baselines/*")
			p.freeze()
		}, Released, "baseline sha256 was"},
		{"baseline damaged", func(p *project) { p.edit("baselines/release-1.0.0.zip", "Example device", "Example Device") }, Released, "faulty baseline"},
		{"document not approved", func(p *project) { p.remove("approvals/documents/*") }, Approved, "has not been approved by Regulatory affairs"},
		{"document exchanged", func(p *project) { p.write("docs/plan.txt", "other plan\n") }, Approved, "file sha256 was"},
		{"approval altered", func(p *project) {
			p.approve("regulatory-affairs", "affairs", "Regulatory affairs", "doc-plan", "reviewed")
			p.edit("approvals/documents/doc-plan-reviewed-regulatory-affairs.json", `"sig":"`, `"sig":"AAAA`)
		}, Approved, "does not fit"},
		{"approval by a stranger", func(p *project) { p.approve("stranger", "affairs", "Regulatory affairs", "doc-plan", "reviewed") }, Approved, "of no signer of the roster"},
		{"document that nobody signed", func(p *project) { p.remove("approvals/documents/*") }, Vouched, "docs/plan.txt is a document that nobody has signed"},
		{"artefact exchanged on disk", func(p *project) { p.write("build/ui.img", "124") }, Vouched, "build/ui.img is not the file of which the digest is signed"},
		{"no evidence", func(p *project) { p.remove("evidence/1.0.0/*") }, Evidenced, "verification vf-lock is without evidence; not shown to be met: rq-lock"},
		{"evidence of a stranger", func(p *project) { p.remove("evidence/1.0.0/*"); p.state("stranger", "1.0.0", "x") }, Evidenced, "of no signer of the roster"},
		{"evidence by somebody without the role", func(p *project) { p.remove("evidence/1.0.0/*"); p.state("regulatory-affairs", "1.0.0", "x") }, Evidenced, "needs Test lead"},
		{"evidence of the root", func(p *project) { p.remove("evidence/1.0.0/*"); p.state("root", "1.0.0", "x") }, Evidenced, "signs no evidence"},
		{"a stranger's evidence beside it", func(p *project) { p.state("stranger", "1.0.0", "x") }, Evidenced, "signed by nobody who may"},
		{"evidence altered", func(p *project) { p.edit("evidence/1.0.0/"+p.first("evidence/1.0.0"), `"sig":"`, `"sig":"AAAA`) }, Evidenced, "damaged or altered"},
		{"no envelope", func(p *project) { p.write("evidence/1.0.0/x.json", "{}") }, Evidenced, "no signed statement"},
		{"input altered", func(p *project) { p.write("evidence/inputs/"+sum("report of the test\n"), "report of the TEST\n") }, Evidenced, "was altered"},
		{"input gone", func(p *project) { p.remove("evidence/inputs/*") }, Evidenced, "is gone"},
		{"check finds an error", func(p *project) { p.write("build/ui.img", "124") }, Checked, "finds 1 error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := made(t, small())
			test.do(p)
			r := audit(t, p.bundle(), trusted(t, "root"))
			broken(t, r, test.link, test.want)
			if r.link(Container).State != Holds {
				t.Errorf("the container is %s: %q", r.link(Container).State, r.link(Container).Faults)
			}
		})
	}
}

func (p *project) first(dir string) string {
	p.t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.dir, filepath.FromSlash(dir)))
	p.check(err)
	return entries[0].Name()
}

// What breaks one link leaves the others as they are.
func TestOneFaultOneLink(t *testing.T) {
	p := made(t, small())
	p.remove("approvals/roster/*")
	if got := broken(t, audit(t, p.bundle(), trusted(t, "root")), Roster, "no approval"); len(got) != 1 {
		t.Errorf("broken are %v", got)
	}
	p = made(t, small())
	p.remove("evidence/inputs/*")
	if got := broken(t, audit(t, p.bundle(), trusted(t, "root")), Evidenced, "gone"); !slices.Equal(got, []LinkName{Evidenced}) {
		t.Errorf("broken are %v", got)
	}
}

// What comes when a release is out leaves the release as it is: decisions about
// vulnerabilities, cases, what scans found, and what became of releases. A file that holds more does not.
func TestAfterRelease(t *testing.T) {
	const decision = `decisions:
  vx-x:
    title: Parser of the user interface
    vulnerability: CVE-2026-10001
    packages: [pkg:generic/x]
    status: not-affected
    justification: vulnerable-code-not-present
    reason: The parser is left out of our build.
    by: Test lead
    date: 2026-05-04
`
	p := made(t, small())
	p.write("after.yaml", decision)
	p.write("field.yaml", "deployments:\n  field-1:\n    release: rel-1\n    support-until: 2030-12-31\n    units: 12\n    countries: [DE]\n")
	const record = "theriac findings 1\nday {\"date\":\"2026-05-04\"}\n"
	p.write("theriac.findings", record)
	p.write(triage.SealFile, sealOf(t, record))
	if b := p.bundle(); !bytes.Contains(b, []byte(triage.SealFile)) {
		t.Error("the signature of the record is not in the bundle")
	}
	r := audit(t, p.bundle(), trusted(t, "root"))
	if l := r.link(Released); l.State != Holds {
		t.Errorf("the release is %s: %q", l.State, l.Faults)
	}
	p.write("after.yaml", decision+"waivers:\n  wv-x:\n    code: T3401\n    reason: Later.\n    owner: Test lead\n    expires: 2026-12-31\n")
	broken(t, audit(t, p.bundle(), trusted(t, "root")), Released, "after.yaml is new since")
}

// sealOf is the signature of a record of findings.
func sealOf(t *testing.T, record string) string {
	t.Helper()
	key, err := trust.Demo("test-lead")
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := trust.Seal(t.Context(), triage.SealType, triage.Claim([]byte(record)), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(envelope)
}

// Evidence of another release is left out of the bundle, and proves nothing.
func TestOtherRelease(t *testing.T) {
	p := made(t, small())
	before := p.bundle()
	p.state("test-lead", "0.9.0", "report of long ago\n")
	if !bytes.Equal(p.bundle(), before) {
		t.Error("evidence of another release is in the bundle")
	}
	p.remove("evidence/1.0.0/*")
	broken(t, audit(t, p.bundle(), trusted(t, "root")), Evidenced, "without evidence")
}

// Somebody who signs all anew, with keys of their own, gets nowhere.
func TestResignedByStranger(t *testing.T) {
	files := small()
	for _, key := range []string{"root", "test-lead", "regulatory-affairs"} {
		files["signers.yaml"] = strings.Replace(files["signers.yaml"], pemLine(t, key), pemLine(t, map[string]string{"root": "stranger", "test-lead": "retired", "regulatory-affairs": "development"}[key]), 1)
	}
	p := raw(t, files)
	p.freeze()
	p.state("retired", "1.0.0", "forged report\n")
	p.approve("stranger", "root", "Root of trust", "roster", "approved")
	p.approve("development", "affairs", "Regulatory affairs", "doc-plan", "approved")
	p.approve("development", "affairs", "Regulatory affairs", "rel-1", "released")
	text := p.bundle()
	if r := audit(t, text, trusted(t, "stranger")); !r.Verified {
		t.Fatalf("the forgery is not consistent in itself: %+v", r.Links)
	}
	r := audit(t, text, trusted(t, "root"))
	if got := broken(t, r, Roster, "is of no signer of the bundle"); !slices.Equal(got, []LinkName{Roster}) {
		t.Errorf("broken are %v", got)
	}

	// Nor does it help to put the trusted key onto the forged roster.
	p.write("real.yaml", "signers:\n"+signer("real-root", "root", "Root of trust", "root"))
	p.approve("stranger", "root", "Root of trust", "roster", "approved")
	broken(t, audit(t, p.bundle(), trusted(t, "root")), Roster, "real-root (root of trust, key")
}

// pemLine is the base64 of a key.
func pemLine(t *testing.T, name string) string {
	t.Helper()
	k, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(k.Public().PEM()), "\n")[1]
}

// Files of one bundle in another of the same product.
func TestSwapped(t *testing.T) {
	one, two := made(t, small()), made(t, with(t, "after 5 minutes", "after 10 minutes"))
	for _, name := range []string{"theriac.yaml", "baselines/release-1.0.0.zip"} {
		a, err := os.ReadFile(filepath.Join(one.dir, filepath.FromSlash(name)))
		one.check(err)
		b, err := os.ReadFile(filepath.Join(two.dir, filepath.FromSlash(name)))
		one.check(err)
		one.write(name, string(b))
		broken(t, audit(t, one.bundle(), trusted(t, "root")), Released, "release")
		one.write(name, string(a))
	}
	// Both, so that the security file is again that of the baseline.
	for _, name := range []string{"theriac.yaml", "baselines/release-1.0.0.zip"} {
		b, err := os.ReadFile(filepath.Join(two.dir, filepath.FromSlash(name)))
		one.check(err)
		one.write(name, string(b))
	}
	r := audit(t, one.bundle(), trusted(t, "root"))
	broken(t, r, Released, "baseline sha256 was")
	broken(t, r, Evidenced, "stale")
}

// The names in the manifest are those of the security file.
func TestManifestOfAnother(t *testing.T) {
	text := made(t, small()).bundle()
	a, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		do   func(*Manifest)
		want string
	}{
		{func(m *Manifest) { m.Product = "Other device" }, "the manifest is of product"},
		{func(m *Manifest) { m.Release.ID = "rel-2" }, "which the security file does not have"},
		{func(m *Manifest) { m.Release.ID = "rq-lock" }, "which the security file does not have"},
		{func(m *Manifest) { m.Release.Version = "1.0.1" }, "release rel-1 is version 1.0.0"},
	} {
		m := *a.Manifest
		test.do(&m)
		broken(t, audit(t, rewritten(t, &Archive{Manifest: &m, r: a.r, spots: a.spots}), trusted(t, "root")), Container, test.want)
	}
}

// Files that the maker would not have put there.
func TestSmuggled(t *testing.T) {
	text := made(t, small()).bundle()
	for _, test := range []struct {
		name string
		part Part
		want string
	}{
		{"tools/run.sh", Artefact, "is no artefact of any release"},
		{"docs/more.txt", Document, "is a document that nobody has signed"},
		{"baselines/old.zip", Baseline, "is a baseline that nobody has signed"},
		{"evidence/inputs/" + sum("x"), Input, "belongs to nothing"},
		{"evidence/x.json.tsr", TimeStamp, "belongs to nothing"},
		{"approvals/x.json.tsr", TimeStamp, "belongs to nothing"},
	} {
		broken(t, audit(t, added(t, text, test.name, test.part, "x"), trusted(t, "root")), Vouched, test.want)
	}
}

// added is a bundle with one more file.
func added(t *testing.T, text []byte, name string, part Part, content string) []byte {
	t.Helper()
	a, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &crafted{manifest: a.Manifest}
	for _, e := range a.Manifest.Files {
		body := make([]byte, e.Size)
		if _, err := a.r.ReadAt(body, a.spots[e.Path].content); err != nil {
			t.Fatal(err)
		}
		c.heads, c.bodies = append(c.heads, regular(e.Path, int(e.Size))), append(c.bodies, string(body))
	}
	c.file(name, part, content)
	c.sort()
	return c.bytes(t)
}

// A damaged bundle has a report like any other.
func TestDamagedReport(t *testing.T) {
	text := made(t, small()).bundle()
	at := bytes.Index(text, []byte("5 minutes"))
	text[at] ^= 1
	r := audit(t, text, trusted(t, "root"))
	broken(t, r, Container, "altered")
	for _, l := range r.Links[1:] {
		if l.State != NotReached {
			t.Errorf("%s is %s", l.Name, l.State)
		}
	}
	if !r.Demonstration {
		t.Error("the trusted key is a demonstration key, and the report does not say so")
	}
}

// A security file that cannot be read is judged by nothing.
func TestFormless(t *testing.T) {
	c := craft()
	for _, text := range []string{"product: [", "components: {}\n", "product:\n  name: Example\n  regulation: MDR\n  class: IIb\n"} {
		c.bodies[0], c.manifest.Files[0] = text, Entry{"theriac.yaml", SecurityFile, int64(len(text)), sum(text)}
		c.heads[0] = regular("theriac.yaml", len(text))
		if r := audit(t, c.bytes(t), trusted(t, "root")); r.Verified {
			t.Errorf("verified: %q", text)
		}
	}
}

// A demonstration key proves nothing for a product that is none.
func TestDemoKeyOfRealProduct(t *testing.T) {
	r := audit(t, made(t, with(t, "  demonstration: true\n", "")).bundle(), trusted(t, "root"))
	broken(t, r, Roster, "is a demonstration key, which everybody has")
}
