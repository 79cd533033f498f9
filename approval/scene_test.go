package approval

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

const sceneFile = `
product: {name: Pump, regulation: MDR, class: IIb, demonstration: true}
components:
  app-ui: {title: Screen, type: application}
documents:
  doc-plan: {title: Plan, type: risk-plan, number: D-1, status: approved, file: docs/plan.pdf}
  doc-draft: {title: Draft, type: procedure, number: D-2, status: draft}
threats:
  th-use: {title: Misuse, category: spoofing, targets: [app-ui]}
harms:
  hm-delay: {title: Delay, severity: serious}
controls:
  ct-lock: {title: Lock, priority: design}
risks:
  rk-accepted:
    title: Accepted
    threats: [th-use]
    controls: [ct-lock]
    harms: [hm-delay]
    acceptance: {by: Risk board, date: 2026-05-01, reason: Little}
  rk-open: {title: Not accepted, threats: [th-use]}
waivers:
  wv-lock: {code: T3212, reason: Old protocol., owner: Head of R&D, expires: 2027-06-01}
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    baseline: first
    artefacts: [{path: pump.img, digest: "sha256:1111111111111111111111111111111111111111111111111111111111111111"}]
  rel-2: {title: Release 2, version: 2.0.0}
decisions:
  vx-stack: {title: Stack, vulnerability: CVE-2026-1000, packages: ["pkg:npm/a"], status: affected, reason: It is reached., action: Unplug it., risk: rk-accepted, by: PSIRT, date: 2026-02-01}
cases:
  case-stop:
    title: The pump stops
    source: internal
    aware: 2026-02-01T09:00:00Z
    severity: high
    decisions: [vx-stack]
    reporting: [{duty: field-action, applies: true}]
    field-action: {reference: FSCA-1, users: Stay.}
    steps: [{step: assessed, at: 2026-02-02T09:00:00Z}]
  case-quiet: {title: Nothing is told of it, source: internal, aware: 2026-02-01T09:00:00Z}
policy:
  evidence:
    signers: [{kinds: [sbom], roles: [Quality]}]
  approvals:
    - {of: documents, meaning: reviewed, roles: [Quality, Regulatory]}
    - {of: risks, meaning: approved, roles: [Risk]}
    - {of: waivers, meaning: approved, roles: [Risk]}
    - {of: baselines, meaning: approved, roles: [Quality]}
    - {of: releases, meaning: released, roles: [Regulatory]}
    - {of: cases, meaning: approved, roles: [Regulatory]}
    - {of: roster, meaning: approved, roles: [Root]}
signers:
  quality: {title: Quality lead, type: person, roles: [Quality, Spare], keys: [{public: "KEY software-quality"}]}
  regulatory: {title: Regulatory lead, type: person, roles: [Regulatory], keys: [{public: "KEY regulatory-affairs", until: 2026-12-31}]}
  risk: {title: Risk lead, type: person, roles: [Risk], keys: [{public: "KEY risk-manager"}]}
  robot: {title: Robot, type: machine, roles: [Quality], keys: [{public: "KEY build-system"}]}
  root: {title: Root of trust, type: root, roles: [Root], keys: [{public: "KEY root"}]}
`

var (
	today  = mustDate("2026-10-01")
	signed = time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)
)

func mustDate(s string) model.Date {
	d, err := model.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// scene is a security file with its folder.
type scene struct {
	t      testing.TB
	file   *model.File
	files  fstest.MapFS
	roster *trust.Roster
}

func newScene(t testing.TB, changes ...string) *scene {
	t.Helper()
	text := sceneFile
	for i := 0; i+1 < len(changes); i += 2 {
		if strings.Count(text, changes[i]) != 1 {
			t.Fatalf("the file has %q %d times", changes[i], strings.Count(text, changes[i]))
		}
		text = strings.Replace(text, changes[i], changes[i+1], 1)
	}
	for _, name := range trust.DemoNames {
		pem := strings.ReplaceAll(string(demo(t, name).Public().PEM()), "\n", `\n`)
		text = strings.ReplaceAll(text, `"KEY `+name+`"`, `"`+pem+`"`)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, model.RootFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	file, findings, err := new(model.Loader).Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("%s: %s", f.Span, f.Message)
	}
	return &scene{t: t, file: file, roster: trust.NewRoster(file), files: fstest.MapFS{
		"docs/plan.pdf":              {Data: []byte("plan")},
		"baselines/first.zip":        {Data: []byte("first")},
		"baselines/second.zip":       {Data: []byte("second")},
		"evidence/1.0.0/sbom-1.json": {Data: []byte("{}")},
	}}
}

func demo(t testing.TB, name string) *trust.PrivateKey {
	t.Helper()
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (s *scene) target(name string) Target {
	s.t.Helper()
	target, err := Find(s.file, s.files, name)
	if err != nil {
		s.t.Fatal(err)
	}
	return target
}

func (s *scene) content(t Target) []Line {
	s.t.Helper()
	lines, err := Content(s.file, s.files, t)
	if err != nil {
		s.t.Fatal(err)
	}
	return lines
}

// predicate is an approval of what a name means, as it is.
func (s *scene) predicate(name, signer, role string, meaning model.Meaning) *Predicate {
	s.t.Helper()
	t := s.target(name)
	return &Predicate{
		Of: t.Of, ID: t.ID, Meaning: meaning, Signer: signer, Name: s.file.Lookup(signer).(*model.Signer).Title, Role: role,
		Signed: signed, Content: s.content(t),
	}
}

func sealed(t testing.TB, p *Predicate, keys ...string) []byte {
	t.Helper()
	payload, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return sealedText(t, evidence.PayloadType, payload, keys...)
}

func sealedText(t testing.TB, payloadType string, payload []byte, keys ...string) []byte {
	t.Helper()
	var signers []trust.Signer
	for _, name := range keys {
		signers = append(signers, demo(t, name))
	}
	text, err := trust.Seal(t.Context(), payloadType, payload, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// put signs an approval into the folder.
func (s *scene) put(name string, p *Predicate, keys ...string) {
	s.t.Helper()
	s.files = maps.Clone(s.files)
	s.files[Folder+"/"+name+".json"] = &fstest.MapFile{Data: sealed(s.t, p, keys...)}
}

func (s *scene) store(fsys fs.FS) *Store {
	s.t.Helper()
	store, err := Read(s.t.Context(), fsys, s.roster, today)
	if err != nil {
		s.t.Fatal(err)
	}
	return store
}

// need is how the need for an approval of one thing stands.
func (s *scene) need(of model.Approvable, id string) *Need {
	s.t.Helper()
	for _, n := range s.needs() {
		if n.Of == of && n.ID == id {
			return n
		}
	}
	return nil
}

func (s *scene) needs() []*Need {
	s.t.Helper()
	needs, err := Needs(s.file, s.store(s.files), s.files)
	if err != nil {
		s.t.Fatal(err)
	}
	return needs
}
