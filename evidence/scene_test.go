package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/model"
	"theriac/trust"
)

// sceneFile is a device with a release, a roster and verifications of several
// kinds. `KEY name` stands for the public part of a demonstration key.
const sceneFile = `
product: {name: Pump, regulation: MDR, class: IIb, demonstration: true}
zones:
  z-device: {title: Device, trust: device}
components:
  co-pump: {title: Pump, type: hardware, zone: z-device}
  co-gateway: {title: Gateway, type: hardware, part-of: co-pump}
  app-ui: {title: Screen, type: application, part-of: co-pump}
interfaces:
  if-hl7: {title: Orders, component: co-gateway, medium: ethernet, transport: tcp, port: 2575, direction: in, exposure: site}
  if-web: {title: Status page, component: co-gateway, medium: ethernet, transport: tcp, port: 8443, direction: in, exposure: site}
flows:
  fl-orders: {title: Orders, from: co-gateway, to: app-ui, over: [if-hl7, if-web]}
controls:
  ct-lock: {title: Lock, priority: design}
requirements:
  rq-lock: {title: The screen locks, text: The screen locks., implements: [ct-lock]}
  rq-net: {title: Nothing else listens, text: Nothing else listens., implements: [ct-lock]}
  rq-none: {title: Nobody verifies it, text: Nobody verifies it.}
threats:
  th-use: {title: Misuse, category: spoofing, targets: [app-ui]}
risks:
  rk-open: {title: Not accepted, threats: [th-use]}
  rk-accepted:
    title: Accepted for a while
    threats: [th-use]
    acceptance: {by: Risk board, date: 2026-09-10, until: 2026-10-20, reason: Little}
verifications:
  vf-lock: {title: Lock, verifies: [rq-lock], covers: [app-ui], method: functional-test}
  vf-net: {title: Network, verifies: [rq-net], covers: [if-hl7, if-web], method: vulnerability-scan}
  vf-flow: {title: Flow, verifies: [rq-net], covers: [fl-orders], method: security-feature-test}
  vf-attack: {title: Attack, verifies: [rq-lock], covers: [co-pump], method: penetration-test, tester: {independence: other-team}}
  vf-supplier: {title: Supplier, verifies: [rq-lock], method: inspection}
  vf-vague: {title: No method, verifies: [rq-lock]}
releases:
  rel-old: {title: Release 1, version: 1.0.0, frozen: 2026-01-01, artefacts: [{path: pump.img, digest: "sha256:` + digestOne + `"}]}
  rel-new:
    title: Release 2
    version: 2.0.0
    frozen: 2026-08-01
    commit: 1111111111111111111111111111111111111111
    artefacts: [{path: pump.img, digest: "sha256:` + digestTwo + `"}, {path: monitor.bin, digest: "sha256:` + digestThree + `"}]
policy:
  evidence:
    max-age: 6 months
    penetration-test: 1 month
    signers:
      - {kinds: [test-result, vulnerability-scan, dynamic-analysis, supplier-statement, process-record], roles: [Tester, Second tester]}
      - {kinds: [penetration-test], roles: [Tester, Developer, Laboratory], independence: other-team}
signers:
  tester:
    title: Tester
    type: person
    team: Test
    roles: [Tester]
    keys: [{public: "KEY test-lead", from: 2026-01-01}]
  robot:
    title: Robot
    type: machine
    roles: [Second tester]
    keys: [{public: "KEY build-system"}]
  developer:
    title: Developer
    type: person
    team: Application
    roles: [Developer]
    keys: [{public: "KEY development"}]
  laboratory:
    title: Laboratory
    type: person
    organisation: Laboratory
    roles: [Laboratory]
    keys: [{public: "KEY security-laboratory"}]
  alone:
    title: Without a team
    type: person
    roles: [Laboratory]
    keys: [{public: "KEY radio-laboratory"}]
  former:
    title: Former tester
    type: person
    roles: [Tester]
    keys: [{public: "KEY retired", revoked: 2026-05-01, reason: superseded}]
  idle:
    title: Without roles
    type: person
    keys: [{public: "KEY risk-manager"}]
  root:
    title: Root
    type: root
    roles: [Tester]
    keys: [{public: "KEY root"}]
`

const (
	digestOne   = "1111111111111111111111111111111111111111111111111111111111111111"
	digestTwo   = "2222222222222222222222222222222222222222222222222222222222222222"
	digestThree = "3333333333333333333333333333333333333333333333333333333333333333"
)

var (
	sceneDay  = mustDate("2026-10-01")
	sceneTime = time.Date(2026, 9, 15, 10, 0, 0, 0, time.UTC)
)

func mustDate(s string) model.Date {
	d, err := model.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// scene is a security file with pieces of evidence.
type scene struct {
	t      testing.TB
	file   *model.File
	roster *trust.Roster
	pieces []*Piece
	day    model.Date
}

// newScene reads the scene's file with changes: what stands there, and what takes
// its place.
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
	s := &scene{t: t, file: file, roster: trust.NewRoster(file), day: sceneDay}
	if len(s.roster.Faults) > 0 {
		t.Fatalf("roster: %+v", s.roster.Faults)
	}
	return s
}

func demo(t testing.TB, name string) *trust.PrivateKey {
	t.Helper()
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (s *scene) verification(id string) *model.Verification {
	s.t.Helper()
	v, ok := s.file.Lookup(id).(*model.Verification)
	if !ok {
		s.t.Fatalf("there is no verification %s", id)
	}
	return v
}

func (s *scene) release(id string) *model.Release { return s.file.Lookup(id).(*model.Release) }

// statement is a passed test of some verifications on the new release, which
// touched all that they cover.
func (s *scene) statement(kind model.EvidenceKind, ids ...string) *Statement {
	s.t.Helper()
	st := &Statement{Kind: kind, Subjects: SubjectsOf(s.release("rel-new")), Predicate: Predicate{
		Release: "2.0.0", For: ids, Finished: sceneTime, Recorded: sceneTime.Add(time.Hour), Authors: []string{"Application"},
		Performer: Performer{Who: "Test", Independence: "other-team"},
	}}
	var list []*model.Verification
	for _, id := range ids {
		if v, ok := s.file.Lookup(id).(*model.Verification); ok {
			list = append(list, v)
		}
		st.Results = append(st.Results, Result{Item: id, Outcome: Pass, Passed: 3})
	}
	st.Scope, st.Basis = CoveredBy(list), BasisFor(list)
	switch kind {
	case "penetration-test":
		st.Details.Penetration = &Penetration{Method: "grey box"}
	case "supplier-statement":
		st.Details.Supplier = &Supplier{Supplier: "Maker", Item: "Board", Document: "D-1"}
	case "process-record":
		st.Details.Record = &Record{Document: "D-2"}
	}
	return st
}

// sealed signs a statement with demonstration keys.
func sealed(t testing.TB, st *Statement, keys ...string) []byte {
	t.Helper()
	payload, err := Encode(st)
	if err != nil {
		t.Fatal(err)
	}
	return sealedText(t, PayloadType, payload, keys...)
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

// add puts a signed statement into the scene.
func (s *scene) add(name string, st *Statement, keys ...string) *Piece {
	s.t.Helper()
	p := ReadPiece(Folder+"/"+name+".json", sealed(s.t, st, keys...), nil, s.roster)
	s.pieces = append(s.pieces, p)
	return p
}

func (s *scene) judge() *Judgement {
	return Judge(s.file, &Store{Pieces: s.pieces}, s.release("rel-new"), s.day)
}

// standing is how a verification stands by the pieces of the scene.
func (s *scene) standing(id string) *Standing {
	s.t.Helper()
	return s.judge().Of(s.verification(id))
}

// failing makes the only result of a statement a failed one.
func failing(st *Statement, failures ...string) {
	r := &st.Results[0]
	r.Outcome, r.Failed, r.Passed = Fail, len(failures), max(0, r.Passed-len(failures))
	for _, id := range failures {
		r.Failures = append(r.Failures, Failure{ID: id})
	}
}
