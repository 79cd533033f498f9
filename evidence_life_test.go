package theriac_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

// TestEvidenceLife deletes, ages, alters, signs anew and re-scopes each piece of
// evidence of the pump, one at a time. The requirements that rested on it stop
// being shown, and no others; the piece is known by the state that fits what was
// done to it. What rested on what is computed here from the statements and the
// verifications, by other code than that which judges.
func TestEvidenceLife(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("a thousand judgements")
	}
	l := newLife(t)
	if open := l.open(l.claims); len(open) != 0 {
		t.Fatalf("by the statements alone these are open: %v", open)
	}
	j, open := l.judge()
	if len(open) != 0 {
		t.Fatalf("judged to be open before anything was done: %v", open)
	}
	for _, v := range j.Verdicts {
		if v.State != evidence.Passed {
			t.Fatalf("%s is %s before anything was done: %+v", v.Piece.Path, v.State, v.Reasons)
		}
	}
	missed, sampled := 0, 0
	for i, c := range l.claims {
		for n, d := range l.deeds(c) {
			if l.try(c, d) {
				missed++
			}
			if (17*i+n)%43 == 0 {
				sampled++
				l.report(c, d)
			}
		}
	}
	if len(l.claims) < 90 || missed < 600 || sampled < 20 {
		t.Errorf("%d pieces, %d deeds of consequence, %d looked at by the whole of check: too few to show anything", len(l.claims), missed, sampled)
	}
	if _, open := l.judge(); len(open) != 0 {
		t.Errorf("not all was put back: %v", open)
	}
}

// life is a copy of the pump, and what its statements say.
type life struct {
	t       *testing.T
	dir     string
	root    *os.Root
	file    *model.File
	roster  *trust.Roster
	release *model.Release
	hashes  evidence.Hashes
	session theriac.Session
	claims  []*claim
	before  map[string]bool // findings of the untouched pump
}

// claim is a statement as this test reads it.
type claim struct {
	path     string
	envelope struct {
		PayloadType string            `json:"payloadType"`
		Payload     []byte            `json:"payload"`
		Signatures  []json.RawMessage `json:"signatures"`
	}
	statement struct {
		PredicateType string `json:"predicateType"`
		Predicate     struct {
			For      []string  `json:"for"`
			Scope    []string  `json:"scope"`
			Finished time.Time `json:"finished"`
			Results  []struct {
				Item     string `json:"item"`
				Failures []struct {
					ID string `json:"id"`
				} `json:"failures"`
			} `json:"results"`
			Inputs []struct {
				SHA256 string `json:"sha256"`
			} `json:"inputs"`
			Network []struct {
				Transport string `json:"transport"`
				Port      int    `json:"port"`
				State     string `json:"state"`
			} `json:"network"`
		} `json:"predicate"`
	}
}

func (c *claim) kind() string {
	return strings.TrimSuffix(strings.TrimPrefix(c.statement.PredicateType, "urn:theriac:evidence:"), ":1")
}

func newLife(t *testing.T) *life {
	dir := copyOf(t, "examples/infusion-pump")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	file, findings, err := new(model.Loader).Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(findings, err)
	}
	l := &life{t: t, dir: dir, root: root, file: file, roster: trust.NewRoster(file), release: file.Releases[0]}
	l.roster.Remember(l.hashes.Signatures())
	names, err := filepath.Glob(filepath.Join(dir, "evidence", "*", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		rel, err := filepath.Rel(dir, name)
		if err != nil {
			t.Fatal(err)
		}
		l.claims = append(l.claims, l.parse(filepath.ToSlash(rel), l.read(filepath.ToSlash(rel))))
	}
	l.before = map[string]bool{}
	for _, f := range l.check() {
		l.before[key(f)] = true
	}
	return l
}

func (l *life) parse(name string, text []byte) *claim {
	l.t.Helper()
	c := &claim{path: name}
	if err := json.Unmarshal(text, &c.envelope); err != nil {
		l.t.Fatal(err)
	}
	if err := json.Unmarshal(c.envelope.Payload, &c.statement); err != nil {
		l.t.Fatal(err)
	}
	return c
}

func (l *life) read(name string) []byte {
	l.t.Helper()
	text, err := l.root.ReadFile(name)
	if err != nil {
		l.t.Fatal(err)
	}
	return text
}

// put writes a file; nil removes it.
func (l *life) put(name string, text []byte) {
	l.t.Helper()
	var err error
	if text == nil {
		err = l.root.Remove(name)
	} else {
		err = l.root.WriteFile(name, text, 0o600)
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// judge reads the folder and judges it; open are the requirements that are not
// shown.
func (l *life) judge() (j *evidence.Judgement, open []string) {
	l.t.Helper()
	store, err := evidence.Read(l.t.Context(), l.root.FS(), l.roster, &l.hashes)
	if err != nil {
		l.t.Fatal(err)
	}
	j = evidence.Judge(l.file, store, l.release, today)
	for _, r := range l.file.Requirements {
		if len(model.Users[*model.Verification](r, "verifies")) > 0 && j.Requirement(r) != evidence.Passed {
			open = append(open, r.ID)
		}
	}
	slices.Sort(open)
	return j, open
}

func (l *life) check() diag.List {
	l.t.Helper()
	r, err := l.session.Check(l.t.Context(), l.dir, theriac.Options{Today: today, Release: l.release.Version})
	if err != nil {
		l.t.Fatal(err)
	}
	return r.Findings
}

// aside are kinds of evidence that show nothing of a method by themselves, among
// those that the pump has.
var aside = map[model.Method][]string{
	"fuzz-test": {"test-result"}, "composition-analysis": {"test-result"}, "static-analysis": {"code-review"},
	"functional-test": {"code-review"}, "security-feature-test": {"code-review", "manual-inspection"},
	"vulnerability-scan": {"test-result"}, "configuration-scan": {"manual-inspection"},
}

// open are the requirements that some pieces leave open, by the statements and the
// verifications alone.
func (l *life) open(claims []*claim) []string {
	found := map[string]bool{}
	for _, v := range l.file.Verifications {
		if l.shown(v, claims) {
			continue
		}
		for r := range model.Targets(v.Verifies) {
			found[r.ID] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// shown tells whether pieces that are in order show a verification: nothing fails
// that is no deviation, what is newest of a kind counts, and all of its scope was
// looked at by a kind that shows the method.
func (l *life) shown(v *model.Verification, claims []*claim) bool {
	var mine []*claim
	for _, c := range claims {
		if slices.Contains(c.statement.Predicate.For, v.ID) {
			mine = append(mine, c)
		}
	}
	seen, shows := map[string]bool{}, false
	for _, c := range mine {
		if slices.ContainsFunc(mine, func(n *claim) bool { return overtakes(n, c) }) {
			continue
		}
		for _, r := range c.statement.Predicate.Results {
			for _, f := range r.Failures {
				if r.Item == v.ID && !slices.ContainsFunc(v.Deviations, func(d model.Deviation) bool { return d.Failure == f.ID }) {
					return false
				}
			}
		}
		if !slices.Contains(aside[v.Method], c.kind()) {
			shows = true
			for _, id := range l.seen(c) {
				seen[id] = true
			}
		}
	}
	for e := range model.Targets(v.Covers) {
		shows = shows && seen[model.Of(e).ID]
	}
	return shows
}

// overtakes tells whether a piece is newer than another of its kind and looked at
// all that this looked at.
func overtakes(n, c *claim) bool {
	return n.kind() == c.kind() && n.statement.Predicate.Finished.After(c.statement.Predicate.Finished) &&
		!slices.ContainsFunc(c.statement.Predicate.Scope, func(id string) bool { return !slices.Contains(n.statement.Predicate.Scope, id) })
}

// seen lists what a piece looked at and had an answer from, with the interfaces of
// its components and the flows over its interfaces.
func (l *life) seen(c *claim) []string {
	scope := c.statement.Predicate.Scope
	var ids []string
	for _, id := range scope {
		if i, ok := l.file.Lookup(id).(*model.Interface); !ok || answered(c, i) {
			ids = append(ids, id)
		}
	}
	for _, i := range l.file.Interfaces {
		if slices.Contains(scope, i.Component.ID) && answered(c, i) {
			ids = append(ids, i.ID)
		}
	}
	for _, f := range l.file.Flows {
		if len(f.Over) > 0 && !slices.ContainsFunc(f.Over, func(r model.Ref[*model.Interface]) bool { return !slices.Contains(ids, r.ID) }) {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

func answered(c *claim, i *model.Interface) bool {
	ports := c.statement.Predicate.Network
	if len(ports) == 0 || i.Port == 0 {
		return true
	}
	for _, p := range ports {
		if p.Transport == string(i.Transport) && p.Port == i.Port && p.State != "filtered" {
			return true
		}
	}
	return false
}

// deed is something that is done to a piece of evidence.
type deed struct {
	name  string
	file  string         // that is written; the piece itself unless it says otherwise
	text  []byte         // nil to delete it
	left  []*claim       // what is in order afterwards
	state evidence.State // of the piece; "" where it is gone
	says  string         // part of the reason
}

// deeds lists what can be done to a piece.
func (l *life) deeds(c *claim) []deed {
	l.t.Helper()
	without := slices.DeleteFunc(slices.Clone(l.claims), func(o *claim) bool { return o == c })
	key := l.keyOf(c)
	all := []deed{
		{"deleted", c.path, nil, without, "", ""},
		{"aged", c.path, l.signed(c, key, func(s *evidence.Statement) {
			s.Started, s.Finished = time.Time{}, time.Date(2026, 6, 14, 23, 59, 59, 0, time.UTC)
		}), without, evidence.Stale, "the artefacts of release 1.4.0 were built on 2026-06-15"},
		{"byte of the payload", c.path, l.altered(c), without, evidence.Malformed, "altered since it was signed"},
		{"signed by a stranger", c.path, l.signed(c, "stranger", nil), without, evidence.Untrusted, "which is of no signer of the roster"},
		{"signed in another role", c.path, l.signed(c, "risk-manager", nil), without, evidence.Untrusted, "signs as Risk management, and evidence of kind " + c.kind() + " needs"},
		{"other element", c.path, l.signed(c, key, func(s *evidence.Statement) { s.Scope = []string{"as-patient-id"} }), without, evidence.OutOfScope, "it touched as-patient-id, and nothing that verification"},
		{"for nothing that there is", c.path, l.signed(c, key, func(s *evidence.Statement) { claimFor(s, "vf-never") }), without, evidence.OutOfScope, `it is for "vf-never", and the security file has no such verification`},
		l.claimed(c, key, without),
	}
	for _, in := range c.statement.Predicate.Inputs {
		name := evidence.InputFolder + "/" + in.SHA256
		lost := slices.DeleteFunc(slices.Clone(l.claims), func(o *claim) bool {
			return slices.ContainsFunc(o.statement.Predicate.Inputs, func(x struct {
				SHA256 string `json:"sha256"`
			}) bool {
				return x.SHA256 == in.SHA256
			})
		})
		all = append(all, deed{"byte of an input", name, flip(l.read(name)), lost, evidence.Malformed, "was altered"}, deed{"input deleted", name, nil, lost, evidence.Malformed, "is gone"})
	}
	return append(all, l.reduced(c, key, without)...)
}

// claimed gives a piece to another verification, which it was not made for: one
// that it fits, or else one that covers nothing of what it looked at.
func (l *life) claimed(c *claim, key string, without []*claim) deed {
	d := deed{name: "for another", file: c.path, left: without}
	method := l.file.Lookup(c.statement.Predicate.For[0]).(*model.Verification).Method
	for _, v := range l.file.Verifications {
		overlaps := l.overlaps(c, v)
		switch {
		case slices.Contains(c.statement.Predicate.For, v.ID) || len(v.Covers) == 0 || v.Tester.Independence == "external":
			continue
		case overlaps && method == v.Method:
			d.state, d.says = evidence.Stale, "it does not say what verification "+v.ID+" was"
		case !overlaps && d.state == "":
			d.state, d.says = evidence.OutOfScope, "verification "+v.ID
		default:
			continue
		}
		d.text = l.signed(c, key, func(s *evidence.Statement) { claimFor(s, v.ID) })
		if d.state == evidence.Stale {
			break
		}
	}
	if d.text == nil {
		l.t.Fatalf("%s could be for nothing else", c.path)
	}
	return d
}

// overlaps tells whether a piece looked at something that a verification covers.
func (l *life) overlaps(c *claim, v *model.Verification) bool {
	for e := range model.Targets(v.Covers) {
		if slices.Contains(l.seen(c), model.Of(e).ID) {
			return true
		}
	}
	return false
}

func claimFor(s *evidence.Statement, id string) {
	s.For, s.Results = []string{id}, s.Results[:1]
	s.Results[0].Item = id
}

// reduced leaves each element in turn out of the scope of a piece. It stays in
// order, and shows less.
func (l *life) reduced(c *claim, key string, without []*claim) []deed {
	var all []deed
	scope := c.statement.Predicate.Scope
	for i := range min(len(scope), 2) {
		if len(scope) == 1 {
			break // nothing would be left; see the other element
		}
		rest := slices.Delete(slices.Clone(scope), i, i+1)
		text := l.signed(c, key, func(s *evidence.Statement) { s.Scope = rest })
		less := l.parse(c.path, text)
		d := deed{"without " + scope[i], c.path, text, append(slices.Clone(without), less), evidence.Passed, ""}
		if !l.touches(less) {
			d.left, d.state, d.says = without, evidence.OutOfScope, "and nothing that verification"
		}
		all = append(all, d)
	}
	return all
}

// touches tells whether a piece still looked at something that one of its
// verifications covers.
func (l *life) touches(c *claim) bool {
	return slices.ContainsFunc(c.statement.Predicate.For, func(id string) bool {
		return l.overlaps(c, l.file.Lookup(id).(*model.Verification))
	})
}

// keyOf is the name of the demonstration key that signed a piece.
func (l *life) keyOf(c *claim) string {
	l.t.Helper()
	var s struct{ KeyID string }
	if err := json.Unmarshal(c.envelope.Signatures[0], &s); err != nil {
		l.t.Fatal(err)
	}
	for _, name := range trust.DemoNames {
		if key, err := trust.Demo(name); err == nil && key.Public().ID() == s.KeyID {
			return name
		}
	}
	l.t.Fatalf("%s is signed by no demonstration key", c.path)
	return ""
}

// signed changes a statement and signs it.
func (l *life) signed(c *claim, name string, change func(*evidence.Statement)) []byte {
	l.t.Helper()
	s, faults := evidence.Decode(c.envelope.Payload)
	if len(faults) > 0 {
		l.t.Fatal(faults)
	}
	if change != nil {
		change(s)
	}
	payload, err := evidence.Encode(s)
	if err != nil {
		l.t.Fatal(err)
	}
	key, err := trust.Demo(name)
	if err != nil {
		l.t.Fatal(err)
	}
	text, err := trust.Seal(l.t.Context(), evidence.PayloadType, payload, key)
	if err != nil {
		l.t.Fatal(err)
	}
	return text
}

// altered changes one byte of the payload behind the back of its signature, so that
// it still is a statement.
func (l *life) altered(c *claim) []byte {
	l.t.Helper()
	e := c.envelope
	at := bytes.Index(e.Payload, []byte(`"recorded":"20`)) + len(`"recorded":"20`)
	e.Payload = slices.Clone(e.Payload)
	e.Payload[at]++
	text, err := json.Marshal(e)
	if err != nil {
		l.t.Fatal(err)
	}
	if s, faults := evidence.Decode(e.Payload); s == nil || len(faults) > 0 {
		l.t.Fatalf("%s: it is no statement any more: %v", c.path, faults)
	}
	return text
}

// flip changes one byte in the middle.
func flip(text []byte) []byte {
	text = slices.Clone(text)
	text[len(text)/2] ^= 1
	return text
}

// try does a deed, looks, and undoes it. It reports whether something rested on the
// piece.
func (l *life) try(c *claim, d deed) bool {
	l.t.Helper()
	was := l.read(d.file)
	l.put(d.file, d.text)
	defer l.put(d.file, was)
	j, open := l.judge()
	want := l.open(d.left)
	if !slices.Equal(open, want) {
		l.t.Errorf("%s, %s: open are %v, want %v", c.path, d.name, open, want)
	}
	l.named(j, c, d)
	return len(want) > 0
}

// named looks at what is said of the piece.
func (l *life) named(j *evidence.Judgement, c *claim, d deed) {
	l.t.Helper()
	told := false
	for _, v := range j.Verdicts {
		if v.Piece.Path != c.path {
			continue
		}
		told = true
		if v.State != d.state {
			l.t.Errorf("%s, %s: %s, want %s: %+v", c.path, d.name, v.State, d.state, v.Reasons)
		} else if d.says != "" && !strings.Contains(v.Reasons[0].Message, d.says) {
			l.t.Errorf("%s, %s: %q, want %q", c.path, d.name, v.Reasons[0].Message, d.says)
		}
	}
	if told != (d.state != "") {
		l.t.Errorf("%s, %s: there is a verdict: %t", c.path, d.name, told)
	}
}

// codes are the findings about a piece in a state; what is not there is told where
// it is missed.
var codes = map[evidence.State]string{
	evidence.Malformed: "T7401", evidence.Untrusted: "T7402", evidence.WrongRelease: "T7403", evidence.OutOfScope: "T7404",
}

// report lets the whole of check look at a deed.
func (l *life) report(c *claim, d deed) {
	l.t.Helper()
	was := l.read(d.file)
	l.put(d.file, d.text)
	defer l.put(d.file, was)
	var unmet, at, about []string
	for _, f := range l.check() {
		switch {
		case l.before[key(f)]:
		case f.Code == "T7410":
			unmet = append(unmet, f.Entity)
		case f.Code == codes[d.state]:
			at = append(at, filepath.ToSlash(f.Span.Path()))
		case strings.HasPrefix(f.Code, "T74"):
			about = append(about, f.Code+" "+f.Entity)
		}
	}
	slices.Sort(unmet)
	unmet = slices.Compact(unmet)
	want := l.open(d.left)
	if !slices.Equal(unmet, want) {
		l.t.Errorf("%s, %s: T7410 is of %v, want %v", c.path, d.name, unmet, want)
	}
	if codes[d.state] != "" && !slices.ContainsFunc(at, func(p string) bool { return strings.HasSuffix(p, c.path) }) {
		l.t.Errorf("%s, %s: no %s points at it, only at %v", c.path, d.name, codes[d.state], at)
	}
	l.missed(c, d, about)
}

// missed wants a finding about each verification that is not shown any more.
func (l *life) missed(c *claim, d deed, about []string) {
	l.t.Helper()
	for _, id := range c.statement.Predicate.For {
		v := l.file.Lookup(id).(*model.Verification)
		if l.shown(v, d.left) {
			continue
		}
		left := slices.ContainsFunc(d.left, func(o *claim) bool { return slices.Contains(o.statement.Predicate.For, id) })
		var want string
		switch {
		case left:
			want = "T7409 " + id
		case d.state == "" || strings.HasPrefix(d.name, "for "):
			want = "T7405 " + id
		case d.state == evidence.Stale:
			want = "T7406 " + id
		default:
			continue // the finding at the file says so
		}
		if !slices.Contains(about, want) {
			l.t.Errorf("%s, %s: %s is not reported, only %v", c.path, d.name, want, about)
		}
	}
}
