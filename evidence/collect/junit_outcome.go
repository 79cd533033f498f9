package collect

import (
	"fmt"
	"slices"
	"strings"

	"theriac/evidence"
)

// junitSuite is an open suite.
type junitSuite struct {
	name   string
	words  []string // properties that may name verifications
	stated int      // failures and errors, as the suite counts them
	listed int      // failures and errors below it
	sound  int      // tests without failure or error, as the suite counts them; -1 where it does not say
	own    int      // such tests directly in it
	items  []string // words of its tests
}

// junitTest is the open test.
type junitTest struct {
	Case
	status  string
	skipped bool
	reruns  int         // runs that failed besides what is a failure or an error
	flaky   string      // what failed before the test passed
	failed  *junitFound // the first failure
	broken  *junitFound // the first error
}

// junitFound is a failure, an error or the reason of a skip.
type junitFound struct {
	element, message, body string
}

// junitID names a test by its class, or else by its suite. CTest repeats the
// name as class.
func junitID(name, class, suite string) string {
	switch {
	case class == name || class == "" && suite == "":
		return name
	case class == "":
		return suite + "/" + name
	}
	return class + "." + name
}

func junitPlace(file, line string) string {
	if file = placeOf(file); file == "" || line == "" {
		return clean(file)
	}
	return clean(file + ":" + line)
}

// title is the message, or else the first line of the body that says something:
// gotestsum has "Failed" for all messages, and frames of go test in the body.
func (f junitFound) title() string {
	title := clean(f.message)
	if title != "" && title != "Failed" {
		return title
	}
	for line := range strings.Lines(f.body) {
		if line = clean(line); isGoMessage(line) && !strings.HasPrefix(line, "---") {
			return line
		}
	}
	return title
}

// id names a check of the suite as a whole.
func (s *junitSuite) id() string {
	if strings.TrimSpace(s.name) == "" {
		return "all suites"
	}
	return clean("suite " + s.name)
}

// take counts a test of the suite.
func (s *junitSuite) take(t *junitTest) {
	if t.counts() == 0 {
		s.own++
	}
	s.items = append(s.items, t.Items...)
}

// counts is what the test adds to the failures and errors of its suites.
func (t *junitTest) counts() int {
	switch {
	case t.failed != nil && t.broken != nil:
		return 2
	case t.Outcome == evidence.Fail || t.Outcome == evidence.Open:
		return 1
	}
	return 0
}

// judge sets the outcome. What was found counts before the status, which only
// some tools write.
func (t *junitTest) judge() {
	switch status := strings.ToLower(t.status); {
	case t.failed != nil:
		t.Outcome, t.Title = evidence.Fail, t.failed.title()
	case t.broken != nil:
		t.Outcome, t.Title = evidence.Open, t.broken.title()
	case status == "fail" || status == "failed" || status == "failure":
		t.Outcome = evidence.Fail
	case status == "error" || status == "errored":
		t.Outcome = evidence.Open
	case t.skipped && status == "notrun" && !strings.HasPrefix(t.Title, "SKIP_"):
		t.Outcome = evidence.Open // CTest could not start it
	case t.skipped || slices.Contains([]string{"notrun", "disabled", "skipped", "pending", "ignored"}, status):
		t.Outcome = evidence.Skips
	default:
		t.Outcome = evidence.Pass
		if t.reruns > 0 {
			t.Title = clean(fmt.Sprintf("passed when it was run again, after %d failed runs: %s", t.reruns, t.flaky))
		}
	}
}
