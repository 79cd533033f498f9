package bundle

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"theriac/approval"
	"theriac/change"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

var update = flag.Bool("update", false, "rewrite testdata/vector.theriac")

var today = model.DateOf(time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))

// small is a security file with one of everything. The names of keys are those of
// demonstration keys.
func small() map[string]string {
	return map[string]string{
		"theriac.yaml": `product:
  name: Example device
  regulation: MDR
  class: IIb
  demonstration: true
components:
  app-ui:
    title: Screen
    type: application
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after 5 minutes without input.
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    covers: [app-ui]
    method: security-feature-test
documents:
  doc-plan:
    title: Plan
    type: security-guide
    file: docs/plan.txt
    status: approved
policy:
  evidence:
    max-age: 1 year
    signers:
      - kinds: [test-result]
        roles: [Test lead]
  approvals:
    - of: releases
      meaning: released
      roles: [Regulatory affairs]
    - of: documents
      meaning: approved
      roles: [Regulatory affairs]
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-06-01
    frozen: 2026-05-01
    artefacts:
      - path: build/ui.img
        digest: sha256:` + sum("123") + `
    baseline: release-1.0.0
`,
		"signers.yaml": "signers:\n" + signer("root", "root", "Root of trust", "root") + signer("tester", "person", "Test lead", "test-lead") +
			signer("affairs", "person", "Regulatory affairs", "regulatory-affairs"),
		"docs/plan.txt": "plan\n",
		"build/ui.img":  "123",
	}
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

func signer(id, kind, role, key string) string {
	k, err := trust.Demo(key)
	if err != nil {
		panic(err)
	}
	public := strings.ReplaceAll(strings.TrimSpace(string(k.Public().PEM())), "\n", "\n          ")
	return "  " + id + ":\n    title: Example " + id + "\n    type: " + kind + "\n    roles: [" + role + "]\n    keys:\n      - public: |\n          " + public + "\n"
}

// project is a folder with a security file, to which signed things are added.
type project struct {
	t   testing.TB
	dir string
}

// made is a project that everything of a release was done in.
func made(t testing.TB, files map[string]string) *project {
	p := raw(t, files)
	p.freeze()
	p.state("test-lead", "1.0.0", "report of the test\n")
	p.approve("root", "root", "Root of trust", "roster", "approved")
	p.approve("regulatory-affairs", "affairs", "Regulatory affairs", "doc-plan", "approved")
	p.approve("regulatory-affairs", "affairs", "Regulatory affairs", "rel-1", "released")
	return p
}

func raw(t testing.TB, files map[string]string) *project {
	t.Helper()
	p := &project{t, filepath.Join(t.TempDir(), "device")}
	for name, text := range files {
		p.write(name, text)
	}
	return p
}

func (p *project) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *project) write(name, text string) {
	p.t.Helper()
	name = filepath.Join(p.dir, filepath.FromSlash(name))
	p.check(os.MkdirAll(filepath.Dir(name), 0o700))
	p.check(os.WriteFile(name, []byte(text), 0o600))
}

func (p *project) load() *model.File {
	p.t.Helper()
	var l model.Loader
	file, findings, err := l.Load(p.t.Context(), p.dir)
	p.check(err)
	if findings.Worst(diag.Error) {
		p.t.Fatal(findings)
	}
	return file
}

func (p *project) freeze() {
	p.t.Helper()
	archive, _, err := change.Freeze(p.t.Context(), p.dir, "release-1.0.0", today, "rel-1")
	p.check(err)
	p.write("baselines/release-1.0.0.zip", string(archive))
}

func (p *project) seal(key string, payload []byte) string {
	p.t.Helper()
	k, err := trust.Demo(key)
	p.check(err)
	text, err := trust.Seal(p.t.Context(), evidence.PayloadType, payload, k)
	p.check(err)
	return string(text)
}

// state adds a passed test of vf-lock.
func (p *project) state(key, release, input string) string {
	p.t.Helper()
	file := p.load()
	at := time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC)
	list := []*model.Verification{file.Lookup("vf-lock").(*model.Verification)}
	s := &evidence.Statement{Kind: "test-result", Subjects: evidence.SubjectsOf(file.Releases[0]), Predicate: evidence.Predicate{
		Release: release, For: []string{"vf-lock"}, Finished: at, Recorded: at, Basis: evidence.BasisFor(list), Scope: evidence.CoveredBy(list),
		Results: []evidence.Result{{Item: "vf-lock", Outcome: evidence.Pass, Passed: 1}},
		Inputs:  []evidence.Input{{Name: "report.xml", SHA256: sum(input), Size: int64(len(input)), Format: "junit"}},
	}}
	payload, err := evidence.Encode(s)
	p.check(err)
	p.write("evidence/inputs/"+sum(input), input)
	name := evidence.PathOf(s, payload)
	p.write(name, p.seal(key, payload))
	return name
}

// approve adds an approval of what is there.
func (p *project) approve(key, id, role, what, meaning string) string {
	p.t.Helper()
	file := p.load()
	root := os.DirFS(p.dir)
	target, err := approval.Find(file, root, what)
	p.check(err)
	content, err := approval.Content(file, root, target)
	p.check(err)
	payload, err := approval.Encode(&approval.Predicate{Of: target.Of, ID: target.ID, Meaning: model.Meaning(meaning), Signer: id, Name: "Example " + id,
		Role: role, Signed: time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC), Content: content})
	p.check(err)
	name := "approvals/" + string(target.Of) + "/" + what + "-" + meaning + "-" + key + ".json"
	p.write(name, p.seal(key, payload))
	return name
}

// bundle packs the release.
func (p *project) bundle() []byte {
	p.t.Helper()
	file := p.load()
	d, err := Prepare(p.t.Context(), p.dir, file, file.Releases[0], today, "v0.0.0-test")
	p.check(err)
	var b bytes.Buffer
	p.check(errors.Join(d.Write(p.t.Context(), &b), d.Close()))
	return b.Bytes()
}

// trusted trusts demonstration keys.
func trusted(t testing.TB, names ...string) *Trust {
	t.Helper()
	all := &Trust{}
	for _, name := range names {
		k, err := trust.Demo(name)
		if err != nil {
			t.Fatal(err)
		}
		all.add(Anchor{Key: k.Public(), From: name + ".pub"})
	}
	return all
}

// audit audits a bundle with the rules that small files pass.
func audit(t testing.TB, text []byte, trusted *Trust) *Report {
	t.Helper()
	r, err := Audit(t.Context(), bytes.NewReader(text), int64(len(text)), trusted, Options{Today: today, Version: "v0.0.0-test", only: []string{"T7416", "T7603", "T7604"}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestVerified(t *testing.T) {
	r := audit(t, made(t, small()).bundle(), trusted(t, "root"))
	for _, l := range r.Links {
		if l.State != Holds || len(l.Faults) > 0 || l.Shown == "" {
			t.Errorf("%s is %s: %q %q", l.Name, l.State, l.Shown, l.Faults)
		}
	}
	if !r.Verified || !r.Demonstration || r.Notice == "" {
		t.Errorf("verified %v, demonstration %v, notice %q", r.Verified, r.Demonstration, r.Notice)
	}
	if len(r.Signers) != 3 || len(r.Approvals) != 3 || len(r.Evidence) != 1 || len(r.Missing) != 0 {
		t.Errorf("signers %v, approvals %v, evidence %v, missing %v", r.Signers, r.Approvals, r.Evidence, r.Missing)
	}
}

// A file by itself is judged by all rules: a small one leaves questions open.
func TestAllRulesCount(t *testing.T) {
	text := made(t, small()).bundle()
	r, err := Audit(t.Context(), bytes.NewReader(text), int64(len(text)), trusted(t, "root"), Options{Today: today})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range r.Links {
		if want := map[bool]LinkState{true: Broken, false: Holds}[l.Name == Checked]; l.State != want {
			t.Errorf("%s is %s: %q", l.Name, l.State, l.Faults)
		}
	}
	if r.Verified || len(r.Findings) == 0 {
		t.Errorf("verified %v with %d findings", r.Verified, len(r.Findings))
	}
	for _, f := range r.Findings {
		if strings.Contains(f.Place+f.Message, os.TempDir()) {
			t.Errorf("a path of this machine: %s: %s", f.Place, f.Message)
		}
	}
}

func TestDeterministic(t *testing.T) {
	first, second := made(t, small()).bundle(), made(t, small()).bundle()
	if !bytes.Equal(first, second) {
		t.Error("two bundles of the same content differ")
	}
	// Another order of the bytes on disk, other times, and files that do not belong.
	p := made(t, small())
	p.write("notes.txt", "not part of it")
	p.write("evidence/README", "stray")
	p.check(os.Chtimes(filepath.Join(p.dir, "theriac.yaml"), time.Unix(1, 0), time.Unix(1, 0)))
	if !bytes.Equal(p.bundle(), first) {
		t.Error("files that do not belong into the bundle change it")
	}
}

// The vector is a bundle as the first version of the format had it. It fails when
// the form of the archive changes unnoticed, for example with archive/tar.
func TestVector(t *testing.T) {
	name := filepath.Join("testdata", "vector.theriac")
	if *update {
		if err := os.WriteFile(name, made(t, small()).bundle(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := audit(t, text, trusted(t, "root"))
	for _, l := range r.Links {
		if l.Name != Checked && l.State != Holds {
			t.Errorf("%s is %s: %q", l.Name, l.State, l.Faults)
		}
	}
}

func TestFS(t *testing.T) {
	text := made(t, small()).bundle()
	a, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(a.FS(), "theriac.yaml", "docs/plan.txt", "build/ui.img", "baselines/release-1.0.0.zip"); err != nil {
		t.Error(err)
	}
	if got := a.FS().(evidence.Digester).Digest("build/ui.img"); got != sum("123") {
		t.Errorf("digest of the artefact: %s", got)
	}
	if got := a.FS().(evidence.Digester).Digest("build"); got != "" {
		t.Errorf("digest of a folder: %s", got)
	}
}

func TestProgress(t *testing.T) {
	text := made(t, small()).bundle()
	last, total := int64(0), int64(0)
	ch := make(chan [2]int64, 1000)
	if _, err := Open(t.Context(), bytes.NewReader(text), int64(len(text)), func(done, total int64) { ch <- [2]int64{done, total} }); err != nil {
		t.Fatal(err)
	}
	close(ch)
	for p := range ch {
		last, total = max(last, p[0]), p[1]
	}
	if total != int64(len(text)) || last == 0 || last > total {
		t.Errorf("done %d of %d, the bundle has %d", last, total, len(text))
	}
}
