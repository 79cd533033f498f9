package collect

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// The stream of go test -json has an event in each line (go doc test2json). Each
// test is a check. A package that fails though none of its tests did is a check
// as well; one that could not be built, or whose end is missing, is
// inconclusive. Benchmarks are no checks. Results from the cache of the go
// command are of an earlier run, so that the time is left out when there are
// any: -count=1 makes them new.
var _ = add(Collector{
	Name: "gotest", Title: "go test -json", Kind: "test-result",
	Looks: func(_ string, head []byte) bool { return looksGoTest(head) && !looksGoFuzzJSON(head) },
	Read:  readGoTest,
})

// goEvent is an event of test2json.
type goEvent struct {
	Time        time.Time
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	FailedBuild string
	Key, Value  string
}

var goActions = []string{"start", "run", "pause", "cont", "pass", "bench", "fail", "output", "skip", "attr", "artifacts", "build-output", "build-fail"}

// looksGoTest tells whether the first line is an event.
func looksGoTest(head []byte) bool {
	first, _, ended := bytes.Cut(head, []byte("\n"))
	var e goEvent
	return ended && json.Unmarshal(first, &e) == nil && slices.Contains(goActions, e.Action) && (e.Package != "" || e.ImportPath != "")
}

// goEvents hands over the events of a stream.
func goEvents(in *Source, take func(line int, e goEvent) error) error {
	if err := sized(in); err != nil {
		return err
	}
	return eachLine(in.Data, func(line int, text []byte) error {
		if len(bytes.TrimSpace(text)) == 0 {
			return nil
		}
		var e goEvent
		if err := decodeJSON(text, &e); err != nil {
			return malformed(line, "not an event of go test -json: %s", reason(err))
		}
		switch {
		case !slices.Contains(goActions, e.Action):
			return malformed(line, "the action %q is not known", clean(e.Action))
		case e.Package == "" && !strings.HasPrefix(e.Action, "build-"):
			return malformed(line, "the event names no package")
		}
		return take(line, e)
	})
}

// reason is what is wrong with a part of an input, without its line there.
func reason(err error) string {
	if bad, ok := err.(*Malformed); ok {
		return bad.Reason
	}
	return clean(err.Error())
}

func readGoTest(in *Source) (*Report, error) {
	r := goTestReader{report: &Report{Tool: evidence.Tool{Name: "go test"}}, open: map[goTest]*goRun{}, packages: map[string]*goPackage{}}
	if err := goEvents(in, func(_ int, e goEvent) error { return r.see(e) }); err != nil {
		return nil, err
	}
	if len(r.packages) == 0 {
		return nil, malformed(0, "the stream names no package")
	}
	return r.done()
}

type goTestReader struct {
	report   *Report
	open     map[goTest]*goRun // tests without an end so far
	packages map[string]*goPackage
	cached   bool
}

// goTest names a test.
type goTest struct{ pkg, name string }

// goRun is what is known of a test that runs.
type goRun struct {
	title, at string
	words     []string
	below     bool // a test within it failed
}

// goPackage is what is known of a package.
type goPackage struct {
	ended  bool
	failed bool // a check of the package failed
	title  string
}

func (r *goTestReader) see(e goEvent) error {
	r.times(e.Time)
	if e.Package == "" {
		return nil
	}
	p := r.packages[e.Package]
	if p == nil {
		p = &goPackage{}
		r.packages[e.Package] = p
	}
	if e.Test == "" {
		return r.seePackage(p, e)
	}
	if strings.HasPrefix(e.Test, "Benchmark") {
		return nil
	}
	return r.seeTest(p, e)
}

func (r *goTestReader) times(t time.Time) {
	t = t.UTC().Truncate(time.Second)
	if t.IsZero() {
		return
	}
	if r.report.Started.IsZero() || t.Before(r.report.Started) {
		r.report.Started = t
	}
	if t.After(r.report.Finished) {
		r.report.Finished = t
	}
}

func (r *goTestReader) seePackage(p *goPackage, e goEvent) error {
	switch e.Action {
	case "start":
		p.ended = false
	case "output":
		text := clean(e.Output)
		r.cached = r.cached || strings.HasPrefix(text, "ok ") && strings.Contains(text, "(cached)")
		if p.title == "" && isGoMessage(text) {
			p.title = text
		}
	case "pass", "skip":
		p.ended = true
	case "fail":
		p.ended = true
		return r.failPackage(p, e)
	}
	return nil
}

// failPackage notes a package that failed by itself: it could not be built, its
// TestMain failed, or it panicked outside of a test.
func (r *goTestReader) failPackage(p *goPackage, e goEvent) error {
	if p.failed {
		return nil
	}
	c := Case{ID: clean(e.Package), Outcome: evidence.Fail, Title: p.title, Items: cleanAll([]string{e.Package})}
	if e.FailedBuild != "" {
		c.Outcome, c.Title = evidence.Open, "the build failed"
	}
	return r.add(c)
}

// unfinished lists the tests of a package that have no end.
func (r *goTestReader) unfinished(pkg string) []goTest {
	var tests []goTest
	for _, t := range slices.SortedFunc(maps.Keys(r.open), func(a, b goTest) int {
		return strings.Compare(a.pkg+" "+a.name, b.pkg+" "+b.name)
	}) {
		if t.pkg == pkg {
			tests = append(tests, t)
		}
	}
	return tests
}

func (r *goTestReader) seeTest(p *goPackage, e goEvent) error {
	t := goTest{e.Package, e.Test}
	run := r.open[t]
	if run == nil {
		run = &goRun{}
		r.open[t] = run
	}
	switch e.Action {
	case "output":
		run.hear(e.Output)
	case "attr":
		run.words = append(run.words, e.Key, e.Value)
	case "pass":
		return r.check(t, evidence.Pass)
	case "skip":
		return r.check(t, evidence.Skips)
	case "fail":
		p.failed = true
		r.failBelow(t)
		return r.check(t, evidence.Fail)
	}
	return nil
}

var goMessage = lazyregexp.New(`^\s*([^\s:]+\.go:[0-9]+): (.*)`)

// failBelow tells the tests around one that failed.
func (r *goTestReader) failBelow(t goTest) {
	for i := strings.LastIndexByte(t.name, '/'); i > 0; i = strings.LastIndexByte(t.name[:i], '/') {
		if outer := r.open[goTest{t.pkg, t.name[:i]}]; outer != nil {
			outer.below = true
		}
	}
}

// hear keeps the last message of a test with its place, and a panic: what was
// said before is not why the test failed.
func (t *goRun) hear(output string) {
	if m := goMessage.FindStringSubmatch(output); m != nil && !strings.HasPrefix(t.title, "panic: ") {
		t.at, t.title = clean(placeOf(m[1])), clean(m[2])
	}
	if strings.HasPrefix(output, "panic: ") {
		t.at, t.title = "", clean(output)
	}
}

// isGoMessage tells a line that says something of a package from the frame that
// go test prints.
func isGoMessage(text string) bool {
	for _, frame := range []string{"FAIL", "ok ", "PASS", "exit status", "coverage:", "goos:", "goarch:", "pkg:", "cpu:", "testing:", "?", "==="} {
		if strings.HasPrefix(text, frame) {
			return false
		}
	}
	return text != ""
}

// check ends a test.
func (r *goTestReader) check(t goTest, outcome evidence.Outcome) error {
	run := r.open[t]
	delete(r.open, t)
	c := Case{ID: clean(t.pkg + "." + t.name), Outcome: outcome, Items: cleanAll(append([]string{t.name, t.pkg}, run.words...))}
	switch {
	case outcome == evidence.Fail && run.below:
		c.Title = "a test within it failed"
	case outcome != evidence.Pass:
		c.Title, c.At = run.title, run.at
	}
	return r.add(c)
}

func (r *goTestReader) add(c Case) error {
	r.report.Cases = append(r.report.Cases, c)
	return counted(len(r.report.Cases))
}

// done notes what the stream leaves without an end, and sorts the checks: those
// of different packages come as they happened to run.
func (r *goTestReader) done() (*Report, error) {
	for _, name := range slices.Sorted(maps.Keys(r.packages)) {
		for _, t := range r.unfinished(name) {
			r.open[t].title = "the test has no end"
			if err := r.check(t, evidence.Open); err != nil {
				return nil, err
			}
		}
		if !r.packages[name].ended {
			c := Case{ID: clean(name), Title: "the stream has no result of the package", Outcome: evidence.Open, Items: cleanAll([]string{name})}
			if err := r.add(c); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(r.report.Cases, func(a, b Case) int { return strings.Compare(a.ID, b.ID) })
	if r.cached {
		r.report.Started, r.report.Finished = time.Time{}, time.Time{}
	}
	r.report.Whole = wholeOf(r.report.Cases, false)
	return r.report, nil
}
