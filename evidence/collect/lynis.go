package collect

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"theriac/evidence"
)

// Lynis keeps its report as lines of key=value. A warning counts as medium and a
// suggestion as low, and findings are failures from medium on: Lynis itself does
// not grade them further. Tests that were run and found nothing passed; those
// that Lynis skipped, or leaves to a person, are skipped. An exception says that
// a test broke, and is inconclusive, and so is a report without its last line.
// The times in the report have no zone and are left out.
//
// Sources: Lynis 3.0.8, include/functions (ReportWarning, ReportSuggestion,
// ReportException) and include/report.
var _ = add(Collector{
	Name: "lynis", Title: "Lynis report (lynis-report.dat)", Kind: "configuration-scan",
	Looks: func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte("# Lynis Report")) },
	Read:  readLynis,
})

func readLynis(in *Source) (*Report, error) {
	if err := sized(in); err != nil {
		return nil, err
	}
	r := lynisReader{one: map[string]string{}, many: map[string][]string{}}
	if err := eachLine(in.Data, r.line); err != nil {
		return nil, err
	}
	if r.one["lynis_version"] == "" {
		return nil, malformed(0, "the report does not name the version of Lynis")
	}
	return r.done(newFindings(limit(in, evidence.Medium)))
}

// lynisReader holds what the report says once, and its lists.
type lynisReader struct {
	one  map[string]string
	many map[string][]string
}

func (r *lynisReader) line(n int, text []byte) error {
	line := string(bytes.TrimSpace(text))
	if n == 1 && !strings.HasPrefix(line, "# Lynis Report") {
		return malformed(n, "the first line is not that of a Lynis report")
	}
	if line == "" || line[0] == '#' {
		return nil
	}
	key, value, found := strings.Cut(line, "=")
	if !found {
		return malformed(n, "the line is not key=value")
	}
	if list, yes := strings.CutSuffix(key, "[]"); yes {
		r.many[list] = append(r.many[list], value)
		return nil
	}
	r.one[key] = value
	return nil
}

// lynisFinding is a warning or a suggestion: test|message|details|solution|.
type lynisFinding struct {
	test, message, details string
	severity               evidence.Severity
}

func (r *lynisReader) findings() []lynisFinding {
	var all []lynisFinding
	take := func(values []string, severity evidence.Severity) {
		for _, value := range values {
			parts := append(strings.SplitN(value, "|", 4), "", "")
			all = append(all, lynisFinding{parts[0], parts[1], detailsOf(parts[2]), severity})
		}
	}
	take(r.many["warning"], evidence.Medium)
	take(r.many["suggestion"], evidence.Low)
	return all
}

// detailsOf reads a place, where "-" stands for none.
func detailsOf(text string) string {
	if text == "-" {
		return ""
	}
	return text
}

// id names a finding. Where a test has several, the place or else the message
// tells them apart, so that a deviation of one does not cover another.
func (f *lynisFinding) id(several bool) string {
	switch {
	case f.details != "":
		return f.test + "@" + f.details
	case several:
		return f.test + ": " + f.message
	}
	return f.test
}

func (r *lynisReader) done(found *findings) (*Report, error) {
	report := &Report{Tool: evidence.Tool{Name: "lynis", Version: clean(r.one["lynis_version"])}}
	said := map[string]bool{} // tests with an outcome
	list := r.findings()
	times := map[string]int{}
	for _, f := range list {
		times[f.test]++
	}
	for _, f := range list {
		if f.test == "" || f.message == "" {
			return nil, malformed(0, "a warning or suggestion has no test or no message")
		}
		said[f.test] = true
		c := Case{ID: f.id(times[f.test] > 1), Title: f.message, Severity: f.severity, At: f.details, Items: []string{f.test}}
		if err := found.found(c); err != nil {
			return nil, err
		}
	}
	report.Cases = r.others(said)
	found.into(report)
	report.Details.Configuration = &evidence.Configuration{
		Profile: clean("tests of category " + cmp.Or(r.one["test_category"], "unknown") + ", group " + cmp.Or(r.one["test_group"], "unknown")),
		Target:  clean(strings.TrimSpace(r.one["hostname"] + " " + r.one["os_fullname"])),
	}
	if index := r.one["hardening_index"]; index != "" {
		report.Details.Configuration.Score = clean("hardening index " + index + " of 100")
	}
	return report, counted(len(report.Cases))
}

// others are the tests without a finding.
func (r *lynisReader) others(said map[string]bool) []Case {
	var cases []Case
	note := func(test, title string, outcome evidence.Outcome) {
		test = clean(test)
		if test != "" && !said[test] {
			said[test] = true
			cases = append(cases, Case{ID: test, Title: title, Outcome: outcome, Items: []string{test}})
		}
	}
	if r.one["finish"] != "true" {
		note("run", "the report does not say that the audit was finished", evidence.Open)
	}
	for _, value := range r.many["exception_event"] {
		// The event is test:number. What the test found besides stands, and
		// without a finding it did not pass.
		event, message, _ := strings.Cut(value, "|")
		test, _, _ := strings.Cut(event, ":")
		note("exception "+event, clean("Lynis could not look: "+strings.Trim(message, "|")), evidence.Open)
		said[clean(test)] = true
	}
	for _, value := range r.many["manual_event"] {
		test, _, _ := strings.Cut(value, ":")
		note(test, "left to a person", evidence.Skips)
	}
	for _, value := range sortedList(r.one["tests_executed"]) {
		note(value, "nothing found", evidence.Pass)
	}
	for _, value := range sortedList(r.one["tests_skipped"]) {
		note(value, "skipped by Lynis", evidence.Skips)
	}
	if len(said) == 0 {
		note("tests", "the report lists no tests", evidence.Open)
	}
	return cases
}

func sortedList(text string) []string {
	list := strings.Split(text, "|")
	slices.Sort(list)
	return list
}
