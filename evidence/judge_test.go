package evidence

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/model"
)

func holds(text, part string) bool { return strings.Contains(text, part) }

// TestStanding holds how several pieces come together.
func TestStanding(t *testing.T) {
	t.Parallel()
	const net = "vf-net"
	type add func(s *scene)
	// scan is a scan of some interfaces, some hours after the others.
	scan := func(name string, hours int, scope string, change ...func(*Statement)) add {
		return func(s *scene) {
			st := s.statement("vulnerability-scan", net)
			st.Scope, st.Finished = strings.Fields(scope), st.Finished.Add(time.Duration(hours)*time.Hour)
			st.Recorded = st.Finished
			for _, c := range change {
				c(st)
			}
			s.add(name, st, "test-lead")
		}
	}
	as := func(kind model.EvidenceKind) func(*Statement) { return func(st *Statement) { st.Kind = kind } }
	fails := func(st *Statement) { failing(st, "x") }
	fewer := func(st *Statement) { st.Results[0].Passed = 1 }
	open := func(st *Statement) { st.Results[0] = Result{Item: net, Outcome: Open, Passed: 2, Inconclusive: 1} }
	other := func(st *Statement) { st.Release = "1.0.0" }
	seen := func(list ...string) func(*Statement) { return func(st *Statement) { st.Network = ports(list...) } }
	const both = "if-hl7 if-web"
	for name, c := range map[string]struct {
		pieces   []add
		state    State
		deciding string
		rejected string
		unseen   string
		alone    bool
	}{
		"nothing":                         {nil, Missing, "", "", "", false},
		"one":                             {[]add{scan("a", 0, both)}, Passed, "a", "", "", false},
		"half":                            {[]add{scan("a", 0, "if-hl7")}, OutOfScope, "a", "", "if-web", false},
		"two halves":                      {[]add{scan("a", 0, "if-hl7"), scan("b", 1, "if-web")}, Passed, "b a", "", "", false},
		"two halves, one failed":          {[]add{scan("a", 0, "if-hl7", fails), scan("b", 1, "if-web")}, Failed, "b a", "", "if-hl7", false},
		"two halves, one damaged":         {[]add{scan("a", 0, "if-hl7"), scan("b", 1, "if-web", other)}, OutOfScope, "a", "b", "if-web", false},
		"the whole is its part":           {[]add{scan("a", 0, "co-gateway")}, Passed, "a", "", "", false},
		"newer failed":                    {[]add{scan("a", 0, both), scan("b", 1, both, fails)}, Failed, "b", "", both, false},
		"mended":                          {[]add{scan("a", 0, both, fails), scan("b", 1, both)}, Passed, "b", "", "", false},
		"newer inconclusive":              {[]add{scan("a", 0, both), scan("b", 1, both, open)}, Inconclusive, "b", "", both, false},
		"failed at the same time":         {[]add{scan("a", 0, both), scan("b", 0, both, fails)}, Failed, "a b", "", "", false},
		"mended in part":                  {[]add{scan("a", 0, both, fails), scan("b", 1, "if-web")}, Failed, "b a", "", "if-hl7", false},
		"mended by more":                  {[]add{scan("a", 0, "if-web", fails), scan("b", 1, both)}, Passed, "b", "", "", false},
		"fewer scanned, and mended":       {[]add{scan("a", 0, both, fails), scan("b", 1, both, fewer)}, Passed, "b", "", "", false},
		"mended twice":                    {[]add{scan("a", 0, both, fails), scan("b", 1, both, open), scan("c", 2, both)}, Passed, "c", "", "", false},
		"other kind replaces nothing":     {[]add{scan("a", 0, both, fails), scan("b", 1, both, as("dynamic-analysis"))}, Failed, "b a", "", "", false},
		"what does not count replaces no": {[]add{scan("a", 0, both, fails), scan("b", 1, both, other)}, Failed, "a", "b", both, false},
		"supports only":                   {[]add{scan("a", 0, both, as("test-result"))}, OutOfScope, "a", "", both, true},
		"supports alone, and fails":       {[]add{scan("a", 0, both, as("test-result"), fails)}, Failed, "a", "", both, true},
		"supports, and fails":             {[]add{scan("a", 0, both), scan("b", -1, both, as("test-result"), fails)}, Failed, "a b", "", "", false},
		"supported":                       {[]add{scan("a", 0, both), scan("b", 1, both, as("test-result"))}, Passed, "b a", "", "", false},
		"support adds no scope":           {[]add{scan("a", 0, "if-hl7"), scan("b", 1, both, as("test-result"))}, OutOfScope, "b a", "", "if-web", false},
		"other release only":              {[]add{scan("a", 0, both, other)}, WrongRelease, "", "a", "", false},
		"other release, and a stale one":  {[]add{scan("a", 0, both, finished("2026-07-01")), scan("b", 1, both, other)}, Stale, "", "b a", "", false},
		"newest of the rejected":          {[]add{scan("a", 0, both, finished("2026-07-01")), scan("b", 1, "app-ui")}, OutOfScope, "", "b a", "", false},
		"no answer":                       {[]add{scan("a", 0, both, seen("in/tcp/2575=open", "in/tcp/8443=filtered"))}, Inconclusive, "a", "", "if-web", false},
		"no answer, asked again":          {[]add{scan("a", 0, both, seen("in/tcp/2575=open", "in/tcp/8443=filtered")), scan("b", 1, "if-web", seen("in/tcp/8443=open"))}, Passed, "b a", "", "", false},
		"no answer, and not looked at":    {[]add{scan("a", 0, "if-hl7", seen("in/tcp/2575=filtered", "in/tcp/8443=open"))}, OutOfScope, "a", "", both, false},
		"no answer of a part":             {[]add{scan("a", 0, "co-gateway", seen("in/tcp/2575=open", "in/tcp/8443=filtered"))}, Inconclusive, "a", "", "if-web", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t)
			for _, a := range c.pieces {
				a(s)
			}
			for range 2 { // the order in which they are read decides nothing
				got := s.standing(net)
				if got.State != c.state || names(got.Deciding) != c.deciding || names(got.Rejected) != c.rejected || ids(got.Unseen) != c.unseen || got.Alone != c.alone {
					t.Errorf("%s, deciding [%s], rejected [%s], unseen [%s], alone %t; want %s [%s] [%s] [%s] %t",
						got.State, names(got.Deciding), names(got.Rejected), ids(got.Unseen), got.Alone, c.state, c.deciding, c.rejected, c.unseen, c.alone)
				}
				slices.Reverse(s.pieces)
			}
		})
	}
}

func names(list []*Verdict) string {
	var all []string
	for _, v := range list {
		all = append(all, strings.TrimSuffix(strings.TrimPrefix(v.Piece.Path, "evidence/"), ".json"))
	}
	return strings.Join(all, " ")
}

func ids(list []model.Element) string {
	var all []string
	for _, e := range list {
		all = append(all, model.Of(e).ID)
	}
	return strings.Join(all, " ")
}

// TestSameTime: of pieces of one time the one recorded later comes first, then the
// path decides.
func TestSameTime(t *testing.T) {
	s := newScene(t)
	for _, name := range []string{"c", "b", "a"} {
		st := s.statement("test-result", "vf-lock")
		if name == "c" {
			st.Recorded = st.Recorded.Add(time.Minute)
		}
		s.add(name, st, "test-lead")
	}
	if got := names(s.standing("vf-lock").Deciding); got != "c a b" {
		t.Errorf("got %s", got)
	}
}

// TestFewerChecks: a run of fewer tests may have left out what failed, so that it
// replaces no failure, whatever it does to other runs.
func TestFewerChecks(t *testing.T) {
	type run struct{ passed, failed int }
	for name, c := range map[string]struct {
		runs     []run // oldest first
		state    State
		deciding string
		replaced string
	}{
		"as many":                    {[]run{{2, 1}, {3, 0}}, Passed, "1", "0 by 1"},
		"more":                       {[]run{{2, 1}, {4, 0}}, Passed, "1", "0 by 1"},
		"fewer":                      {[]run{{2, 1}, {2, 0}}, Failed, "1 0", ""},
		"fewer, nothing had failed":  {[]run{{3, 0}, {1, 0}}, Passed, "1", "0 by 1"},
		"mended, then fewer":         {[]run{{2, 1}, {3, 0}, {1, 0}}, Passed, "2", "0 by 1, 1 by 2"},
		"mended twice":               {[]run{{2, 1}, {3, 0}, {3, 0}}, Passed, "2", "0 by 2, 1 by 2"},
		"more, then more, then less": {[]run{{2, 1}, {5, 0}, {4, 0}, {1, 0}}, Passed, "3", "0 by 2, 1 by 3, 2 by 3"},
		"fails again in fewer":       {[]run{{2, 1}, {3, 0}, {0, 1}}, Failed, "2", "0 by 1, 1 by 2"},
	} {
		s := newScene(t)
		for i, r := range c.runs {
			st := s.statement("test-result", "vf-lock")
			st.Results[0] = Result{Item: "vf-lock", Outcome: Pass, Passed: r.passed, Failed: r.failed}
			if r.failed > 0 {
				st.Results[0].Outcome = Fail
			}
			st.Finished = st.Finished.Add(time.Duration(i) * time.Minute)
			s.add(fmt.Sprint(i), st, "test-lead")
		}
		j := s.judge()
		var replaced []string
		for _, v := range j.Verdicts {
			if v.Replaced != nil {
				replaced = append(replaced, names([]*Verdict{v})+" by "+names([]*Verdict{v.Replaced}))
			}
		}
		if got := j.Of(s.verification("vf-lock")); got.State != c.state || names(got.Deciding) != c.deciding || strings.Join(replaced, ", ") != c.replaced {
			t.Errorf("%s: %s, deciding %s, replaced %q; want %s, %s, %q", name, got.State, names(got.Deciding), replaced, c.state, c.deciding, c.replaced)
		}
	}
}

// TestFewerChecksOfMore: what a run of a part mended stays mended when a run of all
// looks at less of it.
func TestFewerChecksOfMore(t *testing.T) {
	s := newScene(t)
	for i, r := range []struct {
		scope          string
		passed, failed int
	}{{"if-hl7", 3, 1}, {"if-hl7", 5, 0}, {"if-hl7 if-web", 1, 0}} {
		st := s.statement("test-result", "vf-flow")
		st.Scope, st.Finished = strings.Fields(r.scope), st.Finished.Add(time.Duration(i)*time.Minute)
		st.Results[0].Passed = r.passed
		if r.failed > 0 {
			st.Results[0].Outcome, st.Results[0].Failed = Fail, r.failed
		}
		s.add(fmt.Sprint(i), st, "test-lead")
	}
	if got := s.standing("vf-flow"); got.State != Passed || names(got.Deciding) != "2" {
		t.Errorf("%s, deciding %s", got.State, names(got.Deciding))
	}
}

func TestReplacedBy(t *testing.T) {
	s := newScene(t)
	old := s.statement("test-result", "vf-lock")
	s.add("old", old, "test-lead")
	st := s.statement("test-result", "vf-lock")
	st.Finished, st.Recorded = st.Finished.Add(time.Second), st.Recorded.Add(time.Second)
	newer := s.add("new", st, "test-lead")
	j := s.judge()
	if v := j.Verdicts[0]; v.Replaced == nil || v.Replaced.Piece != newer || v.State != Passed || j.Verdicts[1].Replaced != nil {
		t.Errorf("%+v", v.Replaced)
	}
}

// TestFlows: who looked at each interface of a flow looked at the flow.
func TestFlows(t *testing.T) {
	for name, c := range map[string]struct {
		scope string
		state State
	}{
		"itself": {"fl-orders", Passed}, "its interfaces": {"if-hl7 if-web", Passed}, "one of them": {"if-hl7", OutOfScope}, "their component": {"co-gateway", Passed},
		"its end": {"app-ui", OutOfScope},
	} {
		s := newScene(t)
		st := s.statement("test-result", "vf-flow")
		st.Scope = strings.Fields(c.scope)
		s.add("a", st, "test-lead")
		if got := s.standing("vf-flow").State; got != c.state {
			t.Errorf("%s: %s, want %s", name, got, c.state)
		}
	}
}

// TestFlowInParts: two pieces see a flow together, each over one interface.
func TestFlowInParts(t *testing.T) {
	s := newScene(t)
	for i, id := range []string{"if-hl7", "if-web"} {
		st := s.statement("test-result", "vf-flow")
		st.Scope = []string{id}
		s.add(id, st, "test-lead")
		got := s.standing("vf-flow")
		if want := []State{OutOfScope, Passed}[i]; got.State != want || len(got.Deciding) != i+1 {
			t.Errorf("with %d pieces: %s, %d decide", i+1, got.State, len(got.Deciding))
		}
	}
}

// TestFlowOverNothing: who looked at no interface of a flow did not look at it.
func TestFlowOverNothing(t *testing.T) {
	s := newScene(t, ", over: [if-hl7, if-web]", "", "covers: [fl-orders]", "covers: [fl-orders, app-ui]")
	st := s.statement("test-result", "vf-flow")
	st.Scope = []string{"app-ui"}
	s.add("a", st, "test-lead")
	if got := s.standing("vf-flow"); got.State != OutOfScope || ids(got.Unseen) != "fl-orders" {
		t.Errorf("%s, unseen %s", got.State, ids(got.Unseen))
	}
}

// TestSupportAlone: what only supports shows nothing, also where no scope is stated.
func TestSupportAlone(t *testing.T) {
	s := newScene(t, "covers: [app-ui], method: functional-test", "method: functional-test")
	s.add("a", s.statement("process-record", "vf-lock"), "test-lead")
	if got := s.standing("vf-lock"); got.State != OutOfScope || !got.Alone || len(got.Unseen) != 0 {
		t.Errorf("%s, alone %t", got.State, got.Alone)
	}
	s.add("b", s.statement("test-result", "vf-lock"), "test-lead")
	if got := s.standing("vf-lock"); got.State != Passed || got.Alone {
		t.Errorf("%s, alone %t", got.State, got.Alone)
	}
}

// TestSilence: what gave no answer is told by interface.
func TestSilence(t *testing.T) {
	s := newScene(t)
	st := s.statement("vulnerability-scan", "vf-net")
	st.Network = ports("in/tcp/2575=open", "in/tcp/8443=filtered")
	s.add("a", st, "test-lead")
	got := s.standing("vf-net")
	if len(got.Unseen) != 1 || !holds(got.Silence(got.Unseen[0]), "tcp/8443 gave no answer") {
		t.Errorf("%q", got.Silence(got.Unseen[0]))
	}
	if why := got.Silence(s.file.Lookup("if-hl7").(*model.Interface)); why != "" {
		t.Errorf("of one that answered: %q", why)
	}
}

// TestDeviations: a failure stands as long as its risk is accepted.
func TestDeviations(t *testing.T) {
	const test = "covers: [app-ui], method: functional-test"
	deviation := func(risk string) []string {
		return []string{test, test + ", deviations: [{failure: other, risk: rk-accepted}, {failure: wake-up, risk: " + risk + "}]"}
	}
	for name, c := range map[string]struct {
		fails string
		edit  []string
		day   string
		state State
	}{
		"none":            {"wake-up", nil, "2026-10-01", Failed},
		"accepted":        {"wake-up", deviation("rk-accepted"), "2026-10-01", Passed},
		"on the last day": {"wake-up", deviation("rk-accepted"), "2026-10-20", Passed},
		"a day too late":  {"wake-up", deviation("rk-accepted"), "2026-10-21", Failed},
		"not accepted":    {"wake-up", deviation("rk-open"), "2026-10-01", Failed},
		"other failure":   {"wake-up", []string{test, test + ", deviations: [{failure: sleep, risk: rk-accepted}]"}, "2026-10-01", Failed},
		"twice":           {"wake-up wake-up", deviation("rk-accepted"), "2026-10-01", Failed},
	} {
		s := newScene(t, c.edit...)
		s.day = mustDate(c.day)
		st := s.statement("test-result", "vf-lock")
		failing(st, strings.Fields(c.fails)...)
		s.add("a", st, "test-lead")
		got := s.standing("vf-lock")
		if got.State != c.state {
			t.Errorf("%s: %s, want %s", name, got.State, c.state)
		}
		excused := got.Deciding[0].Excused
		if c.state == Passed && (len(excused) != 1 || excused[0].Failure != "wake-up") || c.state == Failed && len(excused) != 0 {
			t.Errorf("%s: excused %+v", name, excused)
		}
	}
}

// TestDeviationBesideSilence: that a failure may stand says nothing of checks that
// gave no answer.
func TestDeviationBesideSilence(t *testing.T) {
	const test = "covers: [app-ui], method: functional-test"
	s := newScene(t, test, test+", deviations: [{failure: wake-up, risk: rk-accepted}]")
	st := s.statement("test-result", "vf-lock")
	failing(st, "wake-up")
	st.Results[0].Inconclusive = 1
	s.add("a", st, "test-lead")
	if got := s.standing("vf-lock"); got.State != Inconclusive || len(got.Deciding[0].Excused) != 1 {
		t.Errorf("%s: %+v", got.State, got.Deciding[0].Reasons)
	}
}

// TestDeviationOnTheNetwork: what was seen and is not declared can be accepted
// under its id as well, and the deviation is known to cover something.
func TestDeviationOnTheNetwork(t *testing.T) {
	const test = "covers: [if-hl7, if-web], method: vulnerability-scan"
	s := newScene(t, test, test+", deviations: [{failure: in/tcp/23, risk: rk-accepted}]")
	st := s.statement("vulnerability-scan", "vf-net")
	st.Network = ports("in/tcp/23=open", "in/tcp/2575=open", "in/tcp/8443=open")
	s.add("a", st, "test-lead")
	got := s.standing("vf-net")
	if got.State != Passed {
		t.Fatalf("%s: %+v", got.State, got.Deciding[0].Reasons)
	}
	if x := got.Deciding[0].Excused; len(x) != 1 || x[0].Failure != "in/tcp/23" {
		t.Errorf("excused %+v", x)
	}
}

// TestStandingOnTheNetwork: that an interface out of scope is closed is no failure of
// this verification, and a failure that is listed is told once.
func TestStandingOnTheNetwork(t *testing.T) {
	s := newScene(t, "covers: [if-hl7, if-web]", "covers: [if-web]")
	st := s.statement("vulnerability-scan", "vf-net")
	st.Network = ports("in/tcp/2575=closed", "in/tcp/8443=open")
	s.add("a", st, "test-lead")
	if got := s.standing("vf-net"); got.State != Passed {
		t.Errorf("%s: %+v", got.State, got.Deciding[0].Reasons)
	}
	st.Network = ports("in/tcp/23=open", "in/tcp/8443=open")
	failing(st, "in/tcp/23")
	s.pieces = nil
	s.add("a", st, "test-lead")
	if got := s.standing("vf-net"); got.State != Failed || len(got.Deciding[0].Reasons) != 1 {
		t.Errorf("%s: %+v", got.State, got.Deciding[0].Reasons)
	}
}

// TestAbove: a requirement stands by each of its verifications, a control by each
// of its requirements.
func TestAbove(t *testing.T) {
	s := newScene(t)
	for _, c := range []struct {
		kind model.EvidenceKind
		of   string
		key  string
	}{{"test-result", "vf-lock", "test-lead"}, {"penetration-test", "vf-attack", "security-laboratory"}, {"supplier-statement", "vf-supplier", "test-lead"}, {"vulnerability-scan", "vf-net", "test-lead"}} {
		s.add(c.of, s.statement(c.kind, c.of), c.key)
	}
	j := s.judge()
	lock, net := s.file.Lookup("rq-lock").(*model.Requirement), s.file.Lookup("rq-net").(*model.Requirement)
	control := s.file.Lookup("ct-lock").(*model.Control)
	if got := j.Requirement(lock); got != Missing { // vf-vague has nothing
		t.Errorf("rq-lock is %s", got)
	}
	if got := j.Requirement(net); got != Missing { // vf-flow has nothing
		t.Errorf("rq-net is %s", got)
	}
	if got := j.Requirement(s.file.Lookup("rq-none").(*model.Requirement)); got != Missing {
		t.Errorf("rq-none is %s", got)
	}
	st := s.statement("test-result", "vf-flow")
	s.add("flow", st, "test-lead")
	if got := s.judge().Requirement(net); got != Passed {
		t.Errorf("rq-net is %s", got)
	}
	if got := s.judge().Control(control); got != Missing {
		t.Errorf("ct-lock is %s", got)
	}
	failing(st, "x")
	s.add("flow-2", st, "test-lead")
	if got := s.judge().Control(control); got != Failed {
		t.Errorf("ct-lock is %s", got)
	}
}

func TestWorst(t *testing.T) {
	for want, states := range map[State][]State{
		Missing: {}, Passed: {Passed, Passed}, Stale: {Passed, Stale, Missing}, Failed: {Malformed, Failed, Untrusted}, Untrusted: {WrongRelease, Untrusted, OutOfScope, Inconclusive},
	} {
		if got := Worst(states...); got != want {
			t.Errorf("%v: %s, want %s", states, got, want)
		}
	}
	if len(States()) != 9 || rank("other") != -1 {
		t.Error("states are missing")
	}
}

// TestJudgeTwice: the same pieces give the same judgement, word by word.
func TestJudgeTwice(t *testing.T) {
	s := newScene(t)
	for i, of := range []string{"vf-lock", "vf-net", "vf-flow", "vf-other"} {
		st := s.statement("test-result", of)
		st.Network = ports("in/tcp/23=open", "in/udp/99=filtered", "out/tcp/1=used")
		s.add(fmt.Sprint(i), st, "test-lead")
	}
	words := func() string {
		var b strings.Builder
		for _, v := range s.judge().Verdicts {
			fmt.Fprintf(&b, "%s %s %s", v.Piece.Path, v.Item, v.State)
			for _, r := range v.Reasons {
				fmt.Fprintf(&b, " %s %s %s;", r.State, r.Field, r.Message)
			}
		}
		return b.String()
	}
	first := words()
	for range 10 {
		if again := words(); again != first {
			t.Fatalf("%s\n%s", first, again)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	s := newScene(b)
	text := sealed(b, s.statement("vulnerability-scan", "vf-net"), "test-lead")
	for i := range 1000 {
		s.pieces = append(s.pieces, ReadPiece(fmt.Sprintf("evidence/%04d.json", i), text, nil, s.roster))
	}
	b.ReportAllocs()
	for b.Loop() {
		if j := s.judge(); j.Of(s.verification("vf-net")).State != Passed {
			b.Fatal("not passed")
		}
	}
}

func BenchmarkReadPiece(b *testing.B) {
	s := newScene(b)
	st := s.statement("vulnerability-scan", "vf-net")
	text := sealed(b, st, "test-lead")
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if p := ReadPiece("evidence/a.json", text, nil, s.roster); len(p.Signed) != 1 || len(p.Reasons) != 0 {
			b.Fatal(p.Reasons)
		}
	}
}
