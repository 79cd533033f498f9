package plan_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/approval"
	"theriac/change"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/plan"
	"theriac/trace"
	"theriac/trust"
)

var today = model.DateOf(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))

const security = `product: {name: Example pump, regulation: MDR, class: IIb, demonstration: true}
policy:
  evidence:
    max-age: 1 year
    signers:
      - {kinds: [test-result], roles: [Test lead]}
  approvals:
    - {of: documents, meaning: approved, roles: [Regulatory affairs]}
    - {of: risks, meaning: approved, roles: [Head of risk]}
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-06-01
    frozen: 2026-05-01
    artefacts:
      - {path: ui.img, digest: "sha256:a665a45920422f9d417e4867efdc4fb8a04a1f3fff1fa07e998e86f7f7a27ae3"}
`

const device = `zones:
  z-pump: {title: Pump, trust: device}
  z-ward: {title: Ward, trust: site}
components:
  app-ui: {title: User interface, type: application, zone: z-pump}
interfaces:
  if-net: {title: Results, component: app-ui, medium: ethernet, exposure: site}
actors:
  ac-server: {title: Server, type: system, zone: z-ward}
flows:
  fl-results: {title: Results, from: app-ui, to: ac-server, over: [if-net], carries: [as-results]}
assets:
  as-results: {title: Results, type: data, content: measurement, integrity: medium}
controls:
  ct-lock: {title: Screen lock, priority: protective, strength: high}
requirements:
  rq-lock: {title: Screen lock, text: The screen locks after five minutes., implements: [ct-lock], for: [app-ui]}
  rq-port: {title: Ports, text: One port is open., for: [if-net]}
verifications:
  vf-lock: {title: Test of the screen lock, verifies: [rq-lock], covers: [app-ui], method: security-feature-test}
  vf-port: {title: Test of the ports, verifies: [rq-port], covers: [if-net], method: security-feature-test}
threats:
  th-use: {title: Use by somebody else, category: spoofing, targets: [app-ui]}
risks:
  rk-use:
    title: Use by somebody else
    threats: [th-use]
    controls: [ct-lock]
    acceptance: {by: Head of risk, date: 2026-06-01}
`

const papers = `documents:
  doc-ifu: {title: Instructions, type: ifu, number: IFU-1, revision: "3", status: approved, file: records/ifu.txt}
  doc-plan: {title: Plan of tests, type: verification-plan, status: draft}
  doc-later: {title: Later, type: verification-plan, status: planned}
`

// signers lists people with demonstration keys.
func signers(t *testing.T) string {
	var b strings.Builder
	b.WriteString("signers:\n")
	for _, s := range [][3]string{{"tester", "test-lead", "Test lead"}, {"risk", "risk-manager", "Head of risk"}, {"ra", "regulatory-affairs", "Regulatory affairs"}} {
		fmt.Fprintf(&b, "  %s:\n    title: Person %s\n    type: person\n    roles: [%s]\n    keys:\n      - public: |\n", s[0], s[0], s[2])
		for line := range strings.Lines(string(demo(t, s[1]).Public().PEM())) {
			b.WriteString("          " + line)
		}
	}
	return b.String()
}

func demo(t *testing.T, name string) *trust.PrivateKey {
	t.Helper()
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, dir string) *model.File {
	t.Helper()
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v, %v", err, findings)
	}
	return file
}

// side reads a folder as one side of a plan.
func side(t *testing.T, dir string) *plan.Side {
	t.Helper()
	file := load(t, dir)
	reviews, err := trace.ReadReviews(file)
	if err != nil || len(reviews.Findings) > 0 {
		t.Fatalf("%v, %v", err, reviews)
	}
	root, err := check.FolderOf(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	proof, err := check.ReadProof(t.Context(), file, root.FS(), today, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &plan.Side{View: change.NewView(file, reviews), Proof: proof, Release: check.CurrentRelease(file, today)}
}

// sealed signs a statement.
func sealed(t *testing.T, key string, payload []byte, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	text, err := trust.Seal(t.Context(), evidence.PayloadType, payload, demo(t, key))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tested is a passed test as evidence.
func tested(t *testing.T, file *model.File, id string, day int, outcome evidence.Outcome) string {
	t.Helper()
	v := file.Lookup(id).(*model.Verification)
	at := time.Date(2026, 6, day, 10, 0, 0, 0, time.UTC)
	list := []*model.Verification{v}
	result := evidence.Result{Item: id, Outcome: outcome, Passed: 1}
	if outcome == evidence.Fail {
		result.Passed, result.Failed, result.Failures = 0, 1, []evidence.Failure{{ID: "t1"}}
	}
	payload, err := evidence.Encode(&evidence.Statement{Kind: "test-result", Subjects: evidence.SubjectsOf(file.Releases[0]), Predicate: evidence.Predicate{
		Release: "1.0.0", For: []string{id}, Finished: at, Recorded: at, Scope: evidence.CoveredBy(list), Basis: evidence.BasisFor(list),
		Results: []evidence.Result{result},
	}})
	return sealed(t, "test-lead", payload, err)
}

// approved is an approval of what the file says.
func approved(t *testing.T, dir, id, signer, key, role string, day int) string {
	t.Helper()
	s := side(t, dir)
	target, err := approval.Find(s.View.File, s.Proof.Files, id)
	if err != nil {
		t.Fatal(err)
	}
	content, err := approval.Content(s.View.File, s.Proof.Files, target)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := approval.Encode(&approval.Predicate{
		Of: target.Of, ID: target.ID, Meaning: "approved", Signer: signer, Name: "Person " + signer, Role: role,
		Signed: time.Date(2026, 6, day, 9, 0, 0, 0, time.UTC), Content: content,
	})
	return sealed(t, key, payload, err)
}

// reviewed accepts all links as they are.
func reviewed(t *testing.T, dir string) {
	t.Helper()
	s := side(t, dir)
	var links []trace.Link
	for _, l := range trace.Review(s.View.File, s.View.Reviews) {
		if l.Status != trace.Gone {
			links = append(links, l.Link)
		}
	}
	text, err := trace.Accept(s.View.File, s.View.Reviews, trace.Acceptance{Links: links, Date: today, By: "Head"})
	if err != nil {
		t.Fatal(err)
	}
	put(t, dir, trace.ReviewFile, text)
}

// settled writes a security file in which everything is signed and reviewed.
func settled(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, "theriac.yaml", security)
	put(t, dir, "device.yaml", device)
	put(t, dir, "documents.yaml", papers)
	put(t, dir, "signers.yaml", signers(t))
	put(t, dir, "records/ifu.txt", "Switch it on.\n")
	file := load(t, dir)
	put(t, dir, "evidence/1.0.0/lock.json", tested(t, file, "vf-lock", 2, evidence.Pass))
	put(t, dir, "evidence/1.0.0/port.json", tested(t, file, "vf-port", 2, evidence.Pass))
	put(t, dir, "approvals/ifu.json", approved(t, dir, "doc-ifu", "ra", "regulatory-affairs", "Regulatory affairs", 3))
	put(t, dir, "approvals/use.json", approved(t, dir, "rk-use", "risk", "risk-manager", "Head of risk", 3))
	put(t, dir, "approvals/release.json", approved(t, dir, "1.0.0", "ra", "regulatory-affairs", "Regulatory affairs", 3))
	reviewed(t, dir)
	return dir
}

// edit copies a folder and changes it.
func edited(t *testing.T, from string, change func(dir string)) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	change(dir)
	return dir
}

// replaced replaces a text of a file, which must be there.
func replaced(t *testing.T, dir, name, old, now string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s: no %q, %v", name, old, err)
	}
	put(t, dir, name, strings.Replace(string(text), old, now, 1))
}

func removed(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
		t.Fatal(err)
	}
}

// line is an item as the tests write it, with the first cause.
func line(i plan.Item) string {
	mark := "!"
	if i.Effect == plan.Settles {
		mark = "+"
	}
	text := fmt.Sprintf("%s %s %s %s→%s", mark, i.Section, i.ID, i.Was, i.Is)
	if i.Section == plan.Links {
		text = fmt.Sprintf("%s %s %s %s %s→%s", mark, i.Section, i.ID, i.What, i.Was, i.Is)
	}
	if len(i.Requirements) > 0 {
		text += " [" + strings.Join(i.Requirements, " ") + "]"
	}
	if len(i.Because) > 0 {
		text += " because " + i.Because[0].String()
	}
	return text
}

func lines(p *plan.Plan) []string {
	var all []string
	for _, i := range p.Items {
		all = append(all, line(i))
	}
	return all
}

// cases are edits with what each must say; further items of other sections are
// named by how many there are.
var cases = []struct {
	name string
	edit func(t *testing.T, dir string)
	want []string
	rest int // items beyond those wanted
}{
	{"nothing", func(*testing.T, string) {}, nil, 0},
	{"a comment", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "zones:", "# where it stands\nzones:") }, nil, 0},
	{"text of a requirement", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "five minutes", "three minutes") }, []string{
		"! evidence vf-lock passed→stale [rq-lock] because requirement rq-lock text: The screen locks after five minutes. → The screen locks after three minutes.",
		"! requirements rq-lock passed→stale because requirement rq-lock text: The screen locks after five minutes. → The screen locks after three minutes.",
		"! links vf-lock verifies rq-lock current→suspect because requirement rq-lock text: The screen locks after five minutes. → The screen locks after three minutes.",
		"! links doc-plan rests on the requirements current→suspect because requirement rq-lock text: The screen locks after five minutes. → The screen locks after three minutes.",
		"! documents doc-plan draft→draft because requirement rq-lock text: The screen locks after five minutes. → The screen locks after three minutes.",
	}, 0},
	{"strength of a control", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "strength: high", "strength: basic") }, []string{
		"! approvals rk-use given→stale because control ct-lock strength: high → basic",
		"! links rk-use is lowered by ct-lock current→suspect because control ct-lock strength: high → basic",
		"! links rq-lock makes concrete ct-lock current→suspect because control ct-lock strength: high → basic",
	}, 0},
	{"file of a document", func(t *testing.T, dir string) { put(t, dir, "records/ifu.txt", "Switch it off.\n") }, []string{
		"! approvals doc-ifu given→stale because document doc-ifu file sha256: ",
	}, 0},
	{"text of a document", func(t *testing.T, dir string) {
		replaced(t, dir, "documents.yaml", `revision: "3"`, `revision: "4"`)
	}, []string{
		"! approvals doc-ifu given→stale because document doc-ifu revision: 3 → 4",
		"! documents doc-ifu approved→approved because document doc-ifu revision: 3 → 4",
	}, 0},
	{"exposure of an interface", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "exposure: site", "exposure: internet")
	}, []string{
		"! evidence vf-port passed→stale [rq-port] because interface if-net exposure: site → internet",
		"! requirements rq-port passed→stale because interface if-net exposure: site → internet",
		"! links rq-port binds if-net current→suspect because interface if-net exposure: site → internet",
		"! documents doc-ifu approved→approved because interface if-net exposure: site → internet",
		"! documents doc-plan draft→draft because interface if-net exposure: site → internet",
	}, 3},
	{"what a component is judged by", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "trust: device", "trust: site") }, []string{
		"! links th-use aims at app-ui current→suspect because zone z-pump trust: device → site",
		"! threats app-ui risk→reopened because zone z-pump trust: device → site",
		"! threats app-ui →open because zone z-pump trust: device → site",
		"! threats z-pump →open because zone z-pump trust: device → site",
	}, 0},
	{"a new interface", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "actors:", "  if-usb: {title: Port, component: app-ui, medium: usb, exposure: local}\nactors:")
	}, []string{
		"! links rq-lock binds app-ui current→suspect because interface if-usb: added",
		"! threats if-usb →open because interface if-usb: added",
		"! documents doc-ifu approved→approved because interface if-usb: added",
	}, 6},
	{"evidence deleted", func(t *testing.T, dir string) { removed(t, dir, "evidence/1.0.0/lock.json") }, []string{
		"! approvals rel-1 given→stale because release rel-1 evidence 1.0.0/lock.json: ",
		"! evidence vf-lock passed→gone [rq-lock] because evidence/1.0.0/lock.json is gone",
		"! requirements rq-lock passed→missing because evidence/1.0.0/lock.json is gone",
	}, 0},
	{"evidence altered", func(t *testing.T, dir string) { put(t, dir, "evidence/1.0.0/lock.json", "{}") }, []string{
		"! approvals rel-1 given→stale because release rel-1 evidence 1.0.0/lock.json: ",
		"! evidence vf-lock passed→malformed [rq-lock] because evidence/1.0.0/lock.json: ",
		"! requirements rq-lock passed→missing because evidence/1.0.0/lock.json: ",
	}, 0},
	{"evidence renewed with the requirement", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "five minutes", "three minutes")
		put(t, dir, "evidence/1.0.0/again.json", tested(t, load(t, dir), "vf-lock", 4, evidence.Pass))
	}, []string{"+ evidence vf-lock →passed"}, 3},
	{"a failed test", func(t *testing.T, dir string) {
		put(t, dir, "evidence/1.0.0/again.json", tested(t, load(t, dir), "vf-lock", 4, evidence.Fail))
	}, []string{
		"! evidence vf-lock →failed because verification vf-lock: t1 failed",
		"! requirements rq-lock passed→failed because verification vf-lock: t1 failed",
	}, 0},
	{"the scope grows", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "covers: [app-ui]", "covers: [app-ui, if-net]")
	}, []string{
		"! evidence vf-lock passed→stale [rq-lock] because verification vf-lock covers: nothing → if-net",
		"! requirements rq-lock passed→stale because verification vf-lock covers: nothing → if-net",
	}, 0},
	{"a new requirement", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "verifications:", "  rq-new: {title: New, text: Something new.}\nverifications:")
	}, []string{
		"! requirements rq-new →missing because requirement rq-new: added",
	}, 2},
	{"key of a signer revoked", func(t *testing.T, dir string) {
		text, err := os.ReadFile(filepath.Join(dir, "signers.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		marker := "-----END PUBLIC KEY-----\n"
		put(t, dir, "signers.yaml", strings.Replace(string(text), marker, marker+"        revoked: 2026-05-01\n        reason: retired\n", 1))
	}, []string{
		"! evidence vf-lock passed→untrusted-signer [rq-lock] because signer tester keys.0.revoked: nothing → 2026-05-01",
		"! evidence vf-port passed→untrusted-signer [rq-port] because signer tester keys.0.revoked: nothing → 2026-05-01",
		"! requirements rq-lock passed→untrusted-signer because signer tester keys.0.revoked: nothing → 2026-05-01",
	}, 1},
	{"role of who approves", func(t *testing.T, dir string) {
		replaced(t, dir, "signers.yaml", "roles: [Head of risk]", "roles: [Bystander]")
	}, []string{
		"! approvals rk-use given→refused because signer risk roles: Head of risk → Bystander",
	}, 0},
	{"policy of evidence", func(t *testing.T, dir string) {
		replaced(t, dir, "theriac.yaml", "roles: [Test lead]", "roles: [Laboratory]")
	}, []string{
		"! evidence vf-lock passed→untrusted-signer [rq-lock] because policy evidence.signers.0.roles.0: Test lead → Laboratory",
	}, 3},
	{"policy asks for another role", func(t *testing.T, dir string) {
		replaced(t, dir, "theriac.yaml", "roles: [Head of risk]", "roles: [Management]")
	}, []string{
		"! approvals rk-use →missing because policy approvals.1.roles.0: Head of risk → Management",
		"! approvals rk-use given→gone because policy approvals.1.roles.0: Head of risk → Management",
	}, 0},
	{"a document becomes approved", func(t *testing.T, dir string) {
		replaced(t, dir, "documents.yaml", "status: draft", "status: approved")
	}, []string{
		"! approvals doc-plan →missing because document doc-plan status: draft → approved",
	}, 0},
	{"an approval deleted", func(t *testing.T, dir string) { removed(t, dir, "approvals/use.json") }, []string{
		"! approvals rk-use given→missing because approvals/use.json is gone",
	}, 0},
	{"another digest of the release", func(t *testing.T, dir string) { replaced(t, dir, "theriac.yaml", "sha256:a6", "sha256:b7") }, []string{
		"! approvals rel-1 given→stale because release rel-1 artefacts.0.digest: ",
		"! evidence vf-lock passed→wrong-release [rq-lock] because release rel-1 artefacts.0.digest: ",
		"! evidence vf-port passed→wrong-release [rq-port] because release rel-1 artefacts.0.digest: ",
	}, 2},
	{"a newer release", func(t *testing.T, dir string) {
		replaced(t, dir, "theriac.yaml", "releases:\n", "releases:\n  rel-2: {title: Release 2, version: 1.1.0, date: 2026-11-01}\n")
	}, []string{
		"! evidence vf-lock passed→wrong-release [rq-lock] because release rel-2: release 1.1.0 is judged now",
	}, 3},
	{"a link removed", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "    controls: [ct-lock]\n", "") }, []string{
		"! approvals rk-use given→stale because risk rk-use controls: ct-lock → nothing",
		"! links rk-use is lowered by ct-lock current→gone because risk rk-use controls: ct-lock → nothing",
	}, 0},
	{"an entity removed", func(t *testing.T, dir string) {
		replaced(t, dir, "device.yaml", "  vf-port: {title: Test of the ports, verifies: [rq-port], covers: [if-net], method: security-feature-test}\n", "")
	}, []string{
		"! evidence vf-port passed→gone [rq-port] because verification vf-port: removed",
		"! requirements rq-port passed→missing because requirement rq-port: no verification of it",
		"! links vf-port verifies rq-port current→gone because verification vf-port: removed",
	}, 1},
	{"no risk treats the threat", func(t *testing.T, dir string) {
		text, _, _ := strings.Cut(device, "risks:")
		put(t, dir, "device.yaml", text)
	}, []string{
		"! approvals rk-use given→gone because risk rk-use: removed",
		"! links rk-use is lowered by ct-lock current→gone because risk rk-use: removed",
		"! links rk-use sums up th-use current→gone because risk rk-use: removed",
		"! threats app-ui risk→undecided because risk rk-use: removed",
	}, 0},
	{"the verification has another id", func(t *testing.T, dir string) { replaced(t, dir, "device.yaml", "vf-lock:", "vf-screen:") }, []string{
		"! evidence vf-lock passed→gone [rq-lock] because verification vf-screen: formerly vf-lock",
		"! links vf-lock covers app-ui current→gone because verification vf-screen: formerly vf-lock",
	}, 2},
}

func TestPlan(t *testing.T) {
	before := settled(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			after := edited(t, before, func(dir string) { c.edit(t, dir) })
			p, err := plan.Of(side(t, before), side(t, after), today)
			if err != nil {
				t.Fatal(err)
			}
			got := lines(p)
			for _, want := range c.want {
				if !slices.ContainsFunc(got, func(l string) bool {
					return l == want || strings.HasSuffix(want, ": ") && strings.HasPrefix(l, want) || strings.HasSuffix(want, "because ") && strings.HasPrefix(l, want)
				}) {
					t.Errorf("missing: %s", want)
				}
			}
			if len(got) != len(c.want)+c.rest {
				t.Errorf("%d items, want %d and %d more", len(got), len(c.want), c.rest)
			}
			if t.Failed() {
				t.Logf("it says\n%s", strings.Join(got, "\n"))
			}
			reasons(t, p)
		})
	}
}

// reasons: nothing is unsettled without a reason and a cause.
func reasons(t *testing.T, p *plan.Plan) {
	t.Helper()
	for _, i := range p.Items {
		if i.Text == "" || strings.Contains(i.Text, "\n") {
			t.Errorf("%s: the reason is %q", line(i), i.Text)
		}
		if i.Effect == plan.Unsettles && len(i.Because) == 0 {
			t.Errorf("%s: no cause", line(i))
		}
	}
}

// TestBack: what an edit unsettles, taking it back settles.
func TestBack(t *testing.T) {
	before := settled(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			after := edited(t, before, func(dir string) { c.edit(t, dir) })
			p, err := plan.Of(side(t, after), side(t, before), today)
			if err != nil {
				t.Fatal(err)
			}
			there, err := plan.Of(side(t, before), side(t, after), today)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []plan.Section{plan.Requirements, plan.Threats} {
				for _, i := range there.In(s, plan.Unsettles) {
					if i.Was != "" && !slices.ContainsFunc(p.In(s, plan.Settles), func(j plan.Item) bool { return j.ID == i.ID }) {
						t.Errorf("not settled again: %s; it says\n%s", line(i), strings.Join(lines(p), "\n"))
					}
				}
			}
			for _, i := range there.In(plan.Evidence, plan.Unsettles) {
				if i.Was != "" && !slices.ContainsFunc(p.In(plan.Evidence, plan.Settles), func(j plan.Item) bool { return j.What == i.What }) {
					t.Errorf("not settled again: %s; it says\n%s", line(i), strings.Join(lines(p), "\n"))
				}
			}
		})
	}
}

// TestTogether: a document that is approved with the edit is not unsettled, and
// the approval is told.
func TestTogether(t *testing.T) {
	before := settled(t)
	after := edited(t, before, func(dir string) {
		replaced(t, dir, "device.yaml", "exposure: site", "exposure: internet")
		replaced(t, dir, "documents.yaml", `revision: "3"`, `revision: "4"`)
		put(t, dir, "approvals/ifu-4.json", approved(t, dir, "doc-ifu", "ra", "regulatory-affairs", "Regulatory affairs", 5))
	})
	p, err := plan.Of(side(t, before), side(t, after), today)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range p.Items {
		if i.ID == "doc-ifu" && i.Section != plan.Links {
			t.Errorf("it says %s", line(i))
		}
	}
}

// TestOrder: what is unsettled stands before what is settled, section by section,
// and the same input gives the same items.
func TestOrder(t *testing.T) {
	before := settled(t)
	after := edited(t, before, func(dir string) {
		replaced(t, dir, "device.yaml", "exposure: site", "exposure: internet")
		replaced(t, dir, "device.yaml", "five minutes", "three minutes")
		put(t, dir, "evidence/1.0.0/again.json", tested(t, load(t, dir), "vf-lock", 4, evidence.Pass))
	})
	var first []string
	for range 5 {
		p, err := plan.Of(side(t, before), side(t, after), today)
		if err != nil {
			t.Fatal(err)
		}
		got := lines(p)
		if first == nil {
			first = got
		}
		if !slices.Equal(first, got) {
			t.Fatalf("another order:\n%s\n%s", strings.Join(first, "\n"), strings.Join(got, "\n"))
		}
		rank := func(i plan.Item) int {
			at := slices.IndexFunc(plan.Sections(), func(v model.Value) bool { return v.Name == string(i.Section) }) * 2
			if i.Effect == plan.Settles {
				at++
			}
			return at
		}
		if !slices.IsSortedFunc(p.Items, func(a, b plan.Item) int { return rank(a) - rank(b) }) {
			t.Errorf("not in order:\n%s", strings.Join(got, "\n"))
		}
	}
}

// TestWithoutSigners: where results are typed, evidence decides nothing.
func TestWithoutSigners(t *testing.T) {
	before := t.TempDir()
	put(t, before, "theriac.yaml", security)
	put(t, before, "device.yaml", device)
	put(t, before, "documents.yaml", papers)
	after := edited(t, before, func(dir string) { replaced(t, dir, "device.yaml", "five minutes", "three minutes") })
	p, err := plan.Of(side(t, before), side(t, after), today)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.In(plan.Evidence, plan.Unsettles)) + len(p.In(plan.Requirements, plan.Unsettles)); n > 0 {
		t.Errorf("evidence is judged:\n%s", strings.Join(lines(p), "\n"))
	}
	if len(p.In(plan.Documents, plan.Unsettles)) != 1 {
		t.Errorf("it says\n%s", strings.Join(lines(p), "\n"))
	}
}
