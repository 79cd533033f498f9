package collect

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/internal/lazyregexp"
)

// JUnit XML has no standard: it is what the JUnit task of Ant wrote, as pytest,
// Maven Surefire, gotestsum, Jest, CTest, GoogleTest and Robot Framework write
// it. A failure is a failure; an error says that the test itself broke, and is
// inconclusive; a test that passed when it was run again counts as the tool
// counts it, as passed. Time stamps without an offset are left out: the format
// does not say of which zone they are.
//
// The reader is our own because the libraries of the format lose what matters
// here: properties of a single test, tests that were not run, reruns, a failure
// followed by a skip, and the line.
var _ = add(Collector{
	Name: "junit", Title: "JUnit XML", Kind: "test-result",
	Looks: func(_ string, head []byte) bool {
		root, ok := rootXML(head)
		return ok && (root.Name.Local == "testsuites" || root.Name.Local == "testsuite")
	},
	Read: readJUnit,
})

func readJUnit(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	r := junitReader{x: newXML(in.Data), report: &Report{}}
	for {
		token, err := r.x.Token()
		if err == io.EOF {
			return r.done(), nil
		} else if err != nil {
			return nil, err
		}
		if err := r.see(token); err != nil {
			return nil, err
		}
	}
}

// junitReader follows the elements from suite to suite.
type junitReader struct {
	x      *xmlTokens
	report *Report
	suites []*junitSuite // open ones, from the outermost on
	test   *junitTest    // the open one
	found  *junitFound   // the failure, error or skip that is open
	output bool          // the open element is the output of the test
	text   bytes.Buffer  // of the open element
}

func (r *junitReader) see(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		return r.end(t.Name.Local)
	case xml.CharData:
		if (r.found != nil || r.output) && r.text.Len() < MaxInput {
			r.text.Write(t)
		}
	}
	return nil
}

func (r *junitReader) start(e xml.StartElement) error {
	switch name := e.Name.Local; {
	case r.x.depth == 1 && name != "testsuites" && name != "testsuite":
		return malformed(r.x.line(), "the root element is <%s>, not <testsuites> or <testsuite>", clean(name))
	case name == "testsuites" && r.x.depth > 1 || name == "testsuite" && r.test != nil || name == "testcase" && r.test != nil:
		return malformed(r.x.line(), "a <%s> does not belong there", name)
	case name == "testsuites" || name == "testsuite":
		return r.startSuite(e)
	case name == "testcase":
		return r.startTest(e)
	case name == "property":
		r.property(attribute(e, "name"), attribute(e, "value"))
	case slices.Contains([]string{"failure", "error", "skipped"}, name):
		r.found = &junitFound{element: name, message: attribute(e, "message")}
		r.text.Reset()
	case slices.Contains([]string{"flakyFailure", "flakyError", "rerunFailure", "rerunError"}, name) && r.test != nil:
		r.test.reruns++
		if strings.HasPrefix(name, "flaky") && r.test.flaky == "" {
			r.test.flaky = attribute(e, "message")
		}
	case name == "system-out" && r.test != nil && r.found == nil:
		r.output = true
		r.text.Reset()
	}
	return nil
}

func (r *junitReader) startSuite(e xml.StartElement) error {
	s := &junitSuite{name: attribute(e, "name")}
	failures, err := r.count(e, "failures")
	if err != nil {
		return err
	}
	errors, err := r.count(e, "errors")
	if err != nil {
		return err
	}
	tests, err := r.count(e, "tests")
	if err != nil {
		return err
	}
	s.stated = max(failures, 0) + max(errors, 0)
	if s.sound = -1; tests >= 0 {
		s.sound = max(tests-s.stated, 0)
	}
	r.suites = append(r.suites, s)
	r.times(attribute(e, "timestamp"), attribute(e, "time"))
	return nil
}

// count reads a number of a suite; -1 where it is not there.
func (r *junitReader) count(e xml.StartElement, name string) (int, error) {
	text := strings.TrimSpace(attribute(e, name))
	if text == "" {
		return -1, nil
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, malformed(r.x.line(), "%s=%q is no number", name, clean(text))
	}
	return int(n), nil
}

// times widens the time of the run by that of a suite. The length of a run is
// added to its beginning only where the suite states both.
func (r *junitReader) times(stamp, length string) {
	began := timeOf(stamp)
	if began.IsZero() {
		return
	}
	if r.report.Started.IsZero() || began.Before(r.report.Started) {
		r.report.Started = began
	}
	seconds, err := strconv.ParseFloat(strings.ReplaceAll(length, ",", ""), 64)
	if err != nil || !(seconds >= 0 && seconds < 1e8) {
		return
	}
	if ended := began.Add(time.Duration(seconds) * time.Second); ended.After(r.report.Finished) {
		r.report.Finished = ended
	}
}

func (r *junitReader) startTest(e xml.StartElement) error {
	name, class := attribute(e, "name"), attribute(e, "classname")
	if strings.TrimSpace(name) == "" {
		return malformed(r.x.line(), "a <testcase> has no name")
	}
	if err := counted(len(r.report.Cases) + 1); err != nil {
		return err
	}
	t := &junitTest{status: attribute(e, "status")}
	t.ID = clean(junitID(name, class, r.suite().name))
	t.At = junitPlace(attribute(e, "file"), attribute(e, "line"))
	t.Items = []string{name, class, attribute(e, "tags"), attribute(e, "file")}
	for _, s := range r.suites {
		t.Items = append(append(t.Items, s.name), s.words...)
	}
	r.test = t
	return nil
}

// suite is the innermost open suite.
func (r *junitReader) suite() *junitSuite {
	if len(r.suites) == 0 {
		return &junitSuite{}
	}
	return r.suites[len(r.suites)-1]
}

// suiteWords are properties of a suite that may name verifications; others tell
// of the machine.
var suiteWords = []string{"id", "requirement", "requirements", "tag", "tags", "test_id", "test-id", "verification", "verifications", "verifies"}

func (r *junitReader) property(name, value string) {
	switch {
	case r.test != nil:
		r.test.Items = append(r.test.Items, name, value)
	case slices.Contains(suiteWords, strings.ToLower(name)):
		r.suite().words = append(r.suite().words, value)
	}
}

func (r *junitReader) end(name string) error {
	switch {
	case name == "testsuite" || name == "testsuites":
		r.endSuite()
	case name == "testcase":
		r.endTest()
	case r.found != nil && name == r.found.element:
		r.found.body = r.text.String()
		err := r.note(*r.found)
		r.found = nil
		return err
	case r.output && name == "system-out":
		r.outputProperties()
		r.output = false
	}
	return nil
}

var junitProperty = lazyregexp.New(`(?m)^\[\[PROPERTY\|([^=\]\n]+)=([^\]\n]*)\]\]\s*$`)

// outputProperties reads properties that a test printed as lines of the form
// [[PROPERTY|name=value]], for tools that have no other place for them.
func (r *junitReader) outputProperties() {
	for _, m := range junitProperty.FindAllSubmatch(r.text.Bytes(), 100) {
		r.property(string(m[1]), string(m[2]))
	}
}

// note keeps what was found of the open test; what a suite finds outside of its
// tests is a check of its own.
func (r *junitReader) note(f junitFound) error {
	t := r.test
	if t == nil {
		return r.noteSuite(f)
	}
	switch {
	case f.element == "skipped":
		t.skipped = true
		t.Title = f.title()
	case f.element == "failure" && t.failed == nil:
		t.failed = &f
	case f.element == "error" && t.broken == nil:
		t.broken = &f
	}
	return nil
}

func (r *junitReader) noteSuite(f junitFound) error {
	if f.element == "skipped" {
		return nil
	}
	for _, s := range r.suites {
		s.listed++
	}
	c := Case{ID: r.suite().id(), Title: f.title(), Outcome: evidence.Open, Items: cleanAll([]string{r.suite().name})}
	if f.element == "failure" {
		c.Outcome = evidence.Fail
	}
	r.report.Cases = append(r.report.Cases, c)
	return counted(len(r.report.Cases))
}

func (r *junitReader) endTest() {
	t := r.test
	t.judge()
	for _, s := range r.suites {
		s.listed += t.counts() + t.reruns
	}
	t.Items = cleanAll(t.Items)
	r.suite().take(t)
	r.report.Cases = append(r.report.Cases, t.Case)
	r.test = nil
}

// endSuite compares what the suite counts with what it lists, and leaves the
// outcome open where failures are counted and not listed, or more tests are
// listed than were run: jest-junit lists what is still to be written like tests
// that passed.
func (r *junitReader) endSuite() {
	s := r.suite()
	r.suites = r.suites[:len(r.suites)-1]
	if s.stated > s.listed {
		for _, outer := range r.suites {
			outer.listed += s.stated - s.listed
		}
		r.contradiction(s, fmt.Sprintf("the suite counts %d failures and errors, and lists %d", s.stated, s.listed))
	}
	if s.sound >= 0 && s.own > s.sound {
		r.contradiction(s, fmt.Sprintf("the suite counts %d tests without failure or error, and lists %d", s.sound, s.own))
	}
}

// contradiction is a check that stands for all tests of a suite.
func (r *junitReader) contradiction(s *junitSuite, what string) {
	slices.Sort(s.items)
	items := cleanAll(append([]string{s.name}, slices.Compact(s.items)...))
	r.report.Cases = append(r.report.Cases, Case{ID: s.id(), Outcome: evidence.Open, Title: what, Items: items})
}

func (r *junitReader) done() *Report {
	r.report.Whole = wholeOf(r.report.Cases, false)
	return r.report
}
