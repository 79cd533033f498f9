package evidence

import (
	"strings"
	"testing"
	"time"

	"theriac/model"
)

// verdictCase is one piece for vf-lock, unless it says otherwise, that is good
// but for what the case changes.
type verdictCase struct {
	kind    model.EvidenceKind // test-result
	of      string             // vf-lock
	signers string             // test-lead
	edit    []string           // of the security file, after the statement was made
	change  func(*Statement)
	day     string
	state   State
	field   string
	says    string // part of the message of the first reason
	entity  string // to which it points
}

func at(when string) time.Time {
	t, err := time.Parse(time.RFC3339, when)
	if err != nil {
		panic(err)
	}
	return t
}

func finished(day string) func(*Statement) {
	return func(s *Statement) { s.Finished = at(day + "T10:00:00Z") }
}

var verdictCases = map[string]verdictCase{
	"good": {state: Passed},

	// who signed
	"root signs no evidence":         {signers: "root", state: Untrusted, field: "signatures", says: "root, which is a root and signs no evidence", entity: "root"},
	"key withdrawn":                  {signers: "retired", state: Untrusted, field: "signatures", says: "the signature of former does not count: it was made on 2026-09-15, and the key of former was revoked on 2026-05-01", entity: "former"},
	"kind entrusted to nobody":       {kind: "dynamic-analysis", of: "vf-net", edit: []string{"dynamic-analysis, supplier", "supplier"}, state: Untrusted, field: "signatures", says: "policy.evidence.signers names nobody who may sign evidence of kind dynamic-analysis"},
	"no policy at all":               {edit: []string{sceneFile[strings.Index(sceneFile, "policy:"):strings.Index(sceneFile, "signers:\n  tester")], ""}, state: Untrusted, says: "names nobody who may sign"},
	"other role":                     {signers: "development", state: Untrusted, field: "signatures", says: "developer signs as Developer, and evidence of kind test-result needs Tester or Second tester", entity: "developer"},
	"no role":                        {signers: "risk-manager", state: Untrusted, says: "idle signs as nobody"},
	"time stamp asked for":           {edit: []string{"    max-age: 6 months\n", "    max-age: 6 months\n    time-stamps: true\n"}, state: Untrusted, field: "signatures", says: "the signature of tester has no time stamp, which policy.evidence.time-stamps asks for"},
	"time stamps expressly not":      {edit: []string{"    max-age: 6 months\n", "    max-age: 6 months\n    time-stamps: false\n"}, state: Passed},
	"machine":                        {signers: "build-system", state: Passed},
	"two signers, one may":           {signers: "development test-lead", state: Passed},
	"two signers, neither may":       {signers: "development risk-manager", state: Untrusted, says: "developer signs as"},
	"stranger":                       {signers: "stranger", state: Untrusted, field: "signatures[0]", says: "which is of no signer of the roster"},
	"stranger beside one who may":    {signers: "stranger test-lead", state: Passed},
	"key listed for somebody unable": {signers: "development stranger", state: Untrusted, says: "developer signs as"},

	// what it speaks of
	"other release":                {change: func(s *Statement) { s.Release = "1.0.0" }, state: WrongRelease, field: "predicate.release", says: "release 1.0.0, not of 2.0.0", entity: "rel-new"},
	"other artefact":               {change: func(s *Statement) { s.Subjects = append(s.Subjects, Subject{"other", digestOne}) }, state: WrongRelease, field: "subject[1]", says: "it speaks of other with SHA-256 111111111111, which is no artefact of release 2.0.0", entity: "rel-new"},
	"artefact that changed":        {edit: []string{`digest: "sha256:` + digestThree, `digest: "sha256:` + digestOne}, state: WrongRelease, field: "subject[0]", says: "monitor.bin with SHA-256 333333333333"},
	"artefact renamed":             {change: func(s *Statement) { s.Subjects[0].Name = "vp4.img" }, state: Passed},
	"one artefact":                 {change: func(s *Statement) { s.Subjects = s.Subjects[:1] }, state: WrongRelease, field: "subject", says: "it speaks of 1 of the 2 artefacts of release 2.0.0", entity: "rel-new"},
	"one artefact under two names": {change: func(s *Statement) { s.Subjects[1].SHA256 = s.Subjects[0].SHA256 }, state: WrongRelease, field: "subject", says: "it speaks of 1 of the 2 artefacts of release 2.0.0", entity: "rel-new"},
	"other commit":                 {change: func(s *Statement) { s.Commit = strings.Repeat("2", 40) }, state: WrongRelease, field: "predicate.commit", says: "commit 222222222222, and release 2.0.0 was built from 111111111111", entity: "rel-new"},
	"same commit":                  {change: func(s *Statement) { s.Commit = strings.Repeat("1", 40) }, state: Passed},
	"release says no commit": {change: func(s *Statement) { s.Commit = strings.Repeat("2", 40) },
		edit: []string{"    commit: 1111111111111111111111111111111111111111\n", ""}, state: Passed},

	// how old it is
	"last day of the limit":      {change: finished("2026-08-15"), day: "2027-02-15", state: Passed},
	"one day over the limit":     {change: finished("2026-08-15"), day: "2027-02-16", state: Stale, field: "predicate.finished", says: "it is of 2026-08-15, older than policy.evidence.max-age allows (6 months)", entity: "policy"},
	"no limit":                   {change: finished("2026-08-15"), day: "2036-02-16", edit: []string{"    max-age: 6 months\n", ""}, state: Passed},
	"on the day of the build":    {change: finished("2026-08-01"), state: Passed},
	"the day before the build":   {change: finished("2026-07-31"), state: Stale, field: "predicate.finished", says: "it is of 2026-07-31, and the artefacts of release 2.0.0 were built on 2026-08-01", entity: "rel-new"},
	"build without a day":        {change: finished("2026-07-31"), edit: []string{"    frozen: 2026-08-01\n", ""}, state: Passed},
	"attack within its limit":    {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2026-10-15", state: Passed},
	"attack over its limit":      {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2026-10-16", state: Stale, says: "policy.evidence.penetration-test allows (1 month)"},
	"attack without a limit":     {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2027-03-15", edit: []string{"    penetration-test: 1 month\n", ""}, state: Passed},
	"attack by the general one":  {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2027-03-16", edit: []string{"    penetration-test: 1 month\n", ""}, state: Stale, says: "policy.evidence.max-age"},
	"attack, shorter of two":     {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2027-03-16", edit: []string{"penetration-test: 1 month", "penetration-test: 1 year"}, state: Stale, says: "policy.evidence.max-age allows (6 months)"},
	"attack, only its own limit": {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", day: "2026-10-16", edit: []string{"    max-age: 6 months\n", ""}, state: Stale, says: "policy.evidence.penetration-test"},
	"limit of attacks elsewhere": {day: "2026-12-16", state: Passed},
	"supplier, last day":         {kind: "supplier-statement", of: "vf-supplier", change: func(s *Statement) { s.Details.Supplier.ValidUntil = "2026-10-01" }, state: Passed},
	"supplier, a day late":       {kind: "supplier-statement", of: "vf-supplier", change: func(s *Statement) { s.Details.Supplier.ValidUntil = "2026-09-30" }, state: Stale, field: "predicate.details", says: "it says itself that it is valid until 2026-09-30"},
	"record, a day late":         {kind: "process-record", of: "vf-supplier", change: func(s *Statement) { s.Details.Record.ValidUntil = "2026-09-30" }, state: Stale, field: "predicate.details", says: "valid until 2026-09-30"},
	"record, no day":             {kind: "process-record", of: "vf-supplier", change: func(s *Statement) { s.Details.Record.ValidUntil = "next year" }, state: Stale, says: "valid until next year"},

	// what it is for
	"no such verification":      {change: func(s *Statement) { s.For[0], s.Results[0].Item = "vf-other", "vf-other" }, state: OutOfScope, field: "predicate.for[0]", says: `it is for "vf-other", and the security file has no such verification`},
	"misspelt":                  {change: func(s *Statement) { s.For[0], s.Results[0].Item = "vf-lokc", "vf-lokc" }, state: OutOfScope, field: "predicate.for[0]", says: `did you mean "vf-lock"?`},
	"something else's id":       {change: func(s *Statement) { s.For[0], s.Results[0].Item = "rq-lock", "rq-lock" }, state: OutOfScope, says: `it is for "rq-lock", and the security file has no such verification`},
	"kind that cannot show it":  {kind: "vulnerability-scan", state: OutOfScope, field: "predicateType", says: "evidence of kind vulnerability-scan, which shows no functional-test as verification vf-lock asks for", entity: "vf-lock"},
	"kind that only supports":   {kind: "process-record", state: Passed},
	"verification of no method": {of: "vf-vague", state: OutOfScope, field: "predicateType", says: "verification vf-vague states no method", entity: "vf-vague"},
	"support of no method":      {kind: "process-record", of: "vf-vague", state: OutOfScope, field: "predicateType", says: "verification vf-vague states no method", entity: "vf-vague"},
	"touched something else":    {change: func(s *Statement) { s.Scope = []string{"co-gateway"} }, state: OutOfScope, field: "predicate.scope", says: "it touched co-gateway, and nothing that verification vf-lock covers (app-ui)", entity: "vf-lock"},
	"touched nothing":           {change: func(s *Statement) { s.Scope = nil }, state: OutOfScope, says: "it touched nothing that it names, and"},
	"touched much else":         {change: func(s *Statement) { s.Scope = []string{"a", "b", "c", "d", "e"} }, state: OutOfScope, says: "it touched a, b, c and 2 more, and"},
	"touched more":              {change: func(s *Statement) { s.Scope = []string{"app-ui", "co-gateway"} }, state: Passed},
	"whole of the interface":    {of: "vf-net", kind: "vulnerability-scan", change: func(s *Statement) { s.Scope = []string{"co-gateway"} }, state: Passed},

	// what it rests on
	"requirement changed":       {edit: []string{"text: The screen locks.", "text: The screen locks at once."}, state: Stale, field: "predicate.basis", says: "requirement rq-lock changed since: text", entity: "rq-lock"},
	"verification changed":      {edit: []string{"covers: [app-ui], method: functional-test", "covers: [app-ui], method: functional-test, procedure: Look twice"}, state: Stale, field: "predicate.basis", says: "verification vf-lock changed since: procedure", entity: "vf-lock"},
	"element changed":           {edit: []string{"{title: Screen, type: application,", "{title: Screen, type: application, parses: [json],"}, state: Stale, says: "component app-ui changed since: parses", entity: "app-ui"},
	"new element":               {edit: []string{"verifies: [rq-lock], covers: [app-ui],", "verifies: [rq-lock], covers: [app-ui, co-gateway],"}, state: Stale, says: "verification vf-lock changed since: covers"},
	"new title":                 {edit: []string{"{title: Screen,", "{title: Display,"}, state: Passed},
	"deviation entered":         {edit: []string{"covers: [app-ui], method: functional-test", "covers: [app-ui], method: functional-test, deviations: [{failure: x, risk: rk-accepted}]"}, state: Passed},
	"nothing said of the basis": {change: func(s *Statement) { s.Basis = nil }, state: Stale, field: "predicate.basis", says: "it does not say what verification vf-lock was when it was made", entity: "vf-lock"},
	"requirement missing":       {change: func(s *Statement) { s.Basis = append(s.Basis[:1:1], s.Basis[2]) }, state: Stale, says: "requirement rq-lock is not what it was made for", entity: "rq-lock"},

	// how it came out
	"inconclusive":             {change: func(s *Statement) { s.Results[0] = Result{Item: "vf-lock", Outcome: Open, Passed: 2, Inconclusive: 1} }, state: Inconclusive, field: "predicate.results[0]", says: "of its checks 1 gave no answer", entity: "vf-lock"},
	"skipped":                  {change: func(s *Statement) { s.Results[0] = Result{Item: "vf-lock", Outcome: Open, Skipped: 4} }, state: Inconclusive, says: "it has no check that passed or failed"},
	"failed":                   {change: func(s *Statement) { failing(s, "wake-up") }, state: Failed, field: "predicate.results[0].failures[0]", says: "wake-up failed", entity: "vf-lock"},
	"failed, with its name":    {change: func(s *Statement) { failing(s, "T1"); s.Results[0].Failures[0].Title = "after wake-up" }, state: Failed, says: "T1 failed: after wake-up"},
	"failed, more than listed": {change: func(s *Statement) { failing(s, "wake-up"); s.Results[0].Failed = 3; s.Results[0].Failures = nil }, state: Failed, field: "predicate.results[0]", says: "3 more checks failed than it lists"},
	"failed, not all excused": {change: func(s *Statement) { failing(s, "wake-up"); s.Results[0].Failed = 2 },
		edit: []string{"covers: [app-ui], method: functional-test", "covers: [app-ui], method: functional-test, deviations: [{failure: wake-up, risk: rk-accepted}]"}, state: Failed, says: "1 more checks failed than it lists"},
	"passed, and nothing passed":  {change: func(s *Statement) { s.Results[0] = Result{Item: "vf-lock", Outcome: Pass, Skipped: 2} }, state: Inconclusive, field: "predicate.results[0]", says: "it has no check that passed or failed", entity: "vf-lock"},
	"nothing passed but coverage": {change: func(s *Statement) { s.Results[0].Passed = 0; s.Coverage = &Coverage{Lines: 3, Covered: 3} }, state: Passed},
	"no finding of another kind":  {kind: "vulnerability-scan", of: "vf-net", change: func(s *Statement) { s.Results[0].Passed = 0 }, state: Passed},
	"open and not declared":       {kind: "vulnerability-scan", of: "vf-net", change: func(s *Statement) { s.Network = ports("in/tcp/2575=open", "in/tcp/23=open") }, state: Failed, field: "predicate.network", says: "tcp/23 is open, and no interface declares it", entity: "vf-net"},
	"closed and declared":         {kind: "vulnerability-scan", of: "vf-net", change: func(s *Statement) { s.Network = ports("in/tcp/2575=closed") }, state: Failed, field: "predicate.network", says: `interface "if-hl7" is declared to listen there`, entity: "if-hl7"},
	"second of two closed":        {kind: "vulnerability-scan", of: "vf-net", change: func(s *Statement) { s.Network = ports("in/tcp/2575=open", "in/tcp/8443=closed") }, state: Failed, field: "predicate.network", says: `interface "if-web" is declared to listen there`, entity: "if-web"},
	"listed already": {kind: "vulnerability-scan", of: "vf-net", change: func(s *Statement) { s.Network = ports("in/tcp/23=open"); failing(s, "in/tcp/23") },
		state: Failed, field: "predicate.results[0].failures[0]", says: "in/tcp/23 failed"},

	// how independent
	"tester says nothing":        {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", change: func(s *Statement) { s.Performer.Independence = "" }, state: Untrusted, field: "predicate.performer", says: "it does not say how independent the tester was, and verification vf-attack asks for other-team", entity: "vf-attack"},
	"tester too near":            {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", change: func(s *Statement) { s.Performer.Independence = "same-team" }, state: Untrusted, field: "predicate.performer", says: "the tester was same-team, and verification vf-attack asks for other-team", entity: "vf-attack"},
	"tester farther than asked":  {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", change: func(s *Statement) { s.Performer.Independence = "external" }, state: Passed},
	"tester is an author":        {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", change: func(s *Statement) { s.Authors = []string{"Other", "Test"} }, state: Untrusted, field: "predicate.performer", says: "it calls Test other-team, and names the same among the authors", entity: "vf-attack"},
	"tester may be an author":    {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", edit: []string{"tester: {independence: other-team}", "tester: {independence: author}"}, change: func(s *Statement) { s.Performer.Independence = "author"; s.Authors = []string{"Test"} }, state: Passed},
	"stranger, kept at distance": {kind: "penetration-test", of: "vf-attack", signers: "stranger", state: Untrusted, field: "signatures[0]", says: "which is of no signer of the roster"},
	"team in other letters":      {kind: "penetration-test", of: "vf-attack", signers: "development", change: func(s *Statement) { s.Authors = []string{" application"} }, state: Untrusted, says: "developer stands too near to the authors ( application): same-team"},
	"author elsewhere":           {kind: "penetration-test", of: "vf-attack", signers: "test-lead", edit: []string{"independence: other-team}\n", "independence: external}\n"}, change: func(s *Statement) { s.Authors = []string{"laboratory"} }, state: Passed},
	"nobody asks the tester":     {change: func(s *Statement) { s.Performer, s.Authors = Performer{}, nil }, state: Passed},
	"authors not named":          {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", change: func(s *Statement) { s.Authors = nil }, state: Untrusted, field: "predicate.authors", says: "it does not say who made what was looked at, and the policy asks for a signer who is other-team", entity: "policy"},
	"signer is the author":       {kind: "penetration-test", of: "vf-attack", signers: "test-lead", change: func(s *Statement) { s.Authors = []string{"laboratory", "tester"} }, state: Untrusted, field: "signatures", says: "tester stands too near to the authors (laboratory, tester): author, and the policy asks for other-team", entity: "tester"},
	"signer is of their team":    {kind: "penetration-test", of: "vf-attack", signers: "development", state: Untrusted, field: "signatures", says: "developer stands too near to the authors (Application): same-team"},
	"author known by the roster": {kind: "penetration-test", of: "vf-attack", signers: "test-lead", change: func(s *Statement) { s.Authors = []string{"developer"} },
		state: Passed},
	"author of unknown team":    {kind: "penetration-test", of: "vf-attack", signers: "test-lead", change: func(s *Statement) { s.Authors = []string{"robot"} }, state: Untrusted, says: "tester stands too near to the authors (robot): same-team"},
	"signer of unknown team":    {kind: "penetration-test", of: "vf-attack", signers: "radio-laboratory", state: Untrusted, says: "alone stands too near to the authors"},
	"nearest author counts":     {kind: "penetration-test", of: "vf-attack", signers: "development", change: func(s *Statement) { s.Authors = []string{"Application", "Elsewhere"} }, state: Untrusted, says: "same-team, and the policy"},
	"other organisation":        {kind: "penetration-test", of: "vf-attack", signers: "security-laboratory", edit: []string{"independence: other-team}\n", "independence: external}\n"}, state: Passed},
	"other team is not outside": {kind: "penetration-test", of: "vf-attack", signers: "test-lead", edit: []string{"independence: other-team}\n", "independence: external}\n"}, state: Untrusted, says: "tester stands too near to the authors (Application): other-team, and the policy asks for external"},
	"one of two is far enough":  {kind: "penetration-test", of: "vf-attack", signers: "development test-lead", state: Passed},
}

func ports(list ...string) []Port {
	var all []Port
	for _, text := range list {
		p, err := parseObserved(text)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

// TestVerdicts holds each reason that a court gives, with its state and place.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	for name, c := range verdictCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := c.verdict(t)
			if v.State != c.state {
				t.Fatalf("%s, want %s: %+v", v.State, c.state, v.Reasons)
			}
			if c.state == Passed {
				if len(v.Reasons) != 0 {
					t.Errorf("passed, and yet %+v", v.Reasons)
				}
				return
			}
			r := v.Reasons[0]
			if r.State != c.state || !strings.Contains(r.Message, c.says) || c.says == "" {
				t.Errorf("%s %q, want %q", r.State, r.Message, c.says)
			}
			if c.field != "" && r.Field != c.field {
				t.Errorf("at %q, want %q", r.Field, c.field)
			}
			if c.entity != "" && (r.Entity == nil || model.Of(r.Entity).ID != c.entity) {
				t.Errorf("points at %v, want %s", r.Entity, c.entity)
			}
		})
	}
}

// verdict judges the piece of a case. The statement speaks of the file before its
// edit.
func (c verdictCase) verdict(t *testing.T) *Verdict {
	t.Helper()
	kind, of, signers := model.EvidenceKind("test-result"), "vf-lock", "test-lead"
	if c.kind != "" {
		kind = c.kind
	}
	if c.of != "" {
		of = c.of
	}
	if c.signers != "" {
		signers = c.signers
	}
	st := newScene(t).statement(kind, of)
	if c.change != nil {
		c.change(st)
	}
	s := newScene(t, c.edit...)
	if c.day != "" {
		s.day = mustDate(c.day)
	}
	s.add("a", st, strings.Fields(signers)...)
	all := s.judge().Verdicts
	if len(all) != 1 {
		t.Fatalf("%d verdicts", len(all))
	}
	return all[0]
}

func TestWithoutRelease(t *testing.T) {
	s := newScene(t)
	s.add("a", s.statement("test-result", "vf-lock"), "test-lead")
	v := Judge(s.file, &Store{Pieces: s.pieces}, nil, s.day).Verdicts[0]
	if v.State != WrongRelease || v.Reasons[0].Message != "there is no release of which it could speak" || v.Reasons[0].Entity != nil {
		t.Errorf("%s %+v", v.State, v.Reasons)
	}
}

// TestWorstReasonFirst: a piece with several faults is known by the gravest.
func TestWorstReasonFirst(t *testing.T) {
	s := newScene(t)
	st := s.statement("test-result", "vf-lock")
	st.Release, st.Scope, st.Finished = "1.0.0", nil, at("2026-01-05T00:00:00Z")
	s.add("a", st, "development")
	v := s.judge().Verdicts[0]
	var states []State
	for _, r := range v.Reasons {
		states = append(states, r.State)
	}
	want := []State{Untrusted, WrongRelease, OutOfScope, Stale, Stale}
	if len(states) != len(want) || v.State != Untrusted {
		t.Fatalf("%v, want %v", states, want)
	}
	for i := range want {
		if states[i] != want[i] {
			t.Errorf("%v, want %v", states, want)
		}
	}
}

// TestClaims: each verification that a piece names gets a verdict of its own, and
// what is wrong with one claim leaves the other alone.
func TestClaims(t *testing.T) {
	s := newScene(t)
	st := s.statement("test-result", "vf-flow", "vf-lock")
	st.Results[1] = Result{Item: "vf-lock", Outcome: Fail, Failed: 1, Failures: []Failure{{ID: "x"}}}
	p := s.add("a", st, "test-lead")
	all := s.judge().Verdicts
	if len(all) != 2 || all[0].State != Failed && all[1].State != Failed {
		t.Fatalf("%+v", all)
	}
	flow, lock := all[0], all[1]
	if flow.Item != "vf-flow" || flow.Of != s.verification("vf-flow") || flow.State != Passed || flow.Result != &p.Statement.Results[0] {
		t.Errorf("%+v", flow)
	}
	if lock.Item != "vf-lock" || lock.State != Failed || lock.Reasons[0].Field != "predicate.results[1].failures[0]" {
		t.Errorf("%+v", lock)
	}
	if got := lock.By; len(got) != 1 || got[0].By.Signer.ID != "tester" {
		t.Errorf("signed by %v", got)
	}
}

// TestAccepted: an acceptance counts from its day to its end, and only where
// somebody stands for it.
func TestAccepted(t *testing.T) {
	day := mustDate
	for name, c := range map[string]struct {
		a    model.Acceptance
		want bool
	}{
		"nobody":         {model.Acceptance{Date: day("2026-09-10")}, false},
		"no day":         {model.Acceptance{By: "Board"}, false},
		"before its day": {model.Acceptance{By: "Board", Date: day("2026-10-02")}, false},
		"on its day":     {model.Acceptance{By: "Board", Date: day("2026-10-01")}, true},
		"last day":       {model.Acceptance{By: "Board", Date: day("2026-09-01"), Until: day("2026-10-01")}, true},
		"a day too late": {model.Acceptance{By: "Board", Date: day("2026-09-01"), Until: day("2026-09-30")}, false},
		"without end":    {model.Acceptance{By: "Board", Date: day("2020-09-01")}, true},
	} {
		if got := Accepted(&model.Risk{Acceptance: c.a}, sceneDay); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

// TestTimeStampAuthority: the key of an authority is of no holder, so that what it
// signs as evidence is a stranger's.
func TestTimeStampAuthority(t *testing.T) {
	s := newScene(t, "signers:\n  tester", "signers:\n  stamps: {title: Stamps, type: time-stamp-authority, roles: [Tester], keys: [{public: "+quoted(issued(t, "stamps").pem)+"}]}\n  tester")
	if len(s.roster.Authorities()) != 1 {
		t.Fatalf("%d authorities", len(s.roster.Authorities()))
	}
	for _, h := range s.roster.Holders() {
		if h.Signer.Type == "time-stamp-authority" {
			t.Errorf("%s holds a key", h.Signer.ID)
		}
	}
	c := &court{file: s.file, policy: s.file.Policy.Evidence, today: s.day}
	p := s.add("a", s.statement("test-result", "vf-lock"), "test-lead")
	authority := *p.Signed[0].By
	signer := *authority.Signer
	signer.Type, authority.Signer = "time-stamp-authority", &signer
	p.Signed = []Signed{{By: &authority}}
	if by, why := c.entitled(p); len(by) != 0 || len(why) != 1 || !strings.Contains(why[0].Message, "is a time-stamp-authority and signs no evidence") {
		t.Errorf("%+v %+v", by, why)
	}
}

// TestClaimsKeepTheirReasons: what is wrong with one claim is not told of another,
// also where much is wrong with both.
func TestClaimsKeepTheirReasons(t *testing.T) {
	wrong := []func(*Statement){
		func(st *Statement) { st.Release = "1.0.0" },
		finished("2026-07-31"),
		func(st *Statement) { st.Finished = at("2025-07-31T00:00:00Z") },
	}
	for n := range 1 << len(wrong) {
		for _, key := range []string{"test-lead", "development"} {
			s := newScene(t)
			st := s.statement("test-result", "vf-flow", "vf-lock")
			st.Scope = []string{"co-pump"}
			for i, change := range wrong {
				if n>>i&1 == 1 {
					change(st)
				}
			}
			s.add("a", st, key)
			all := s.judge().Verdicts
			if len(all) != 2 || len(all[0].Reasons) != len(all[1].Reasons) {
				t.Fatalf("%+v", all)
			}
			for _, v := range all {
				own, other := 0, 0
				for _, r := range v.Reasons {
					if of, ok := r.Entity.(*model.Verification); ok && of == v.Of {
						own++
					} else if ok {
						other++
					}
				}
				if own != 1 || other != 0 {
					t.Errorf("%s has %+v", v.Item, v.Reasons)
				}
			}
		}
	}
}
