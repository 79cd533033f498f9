package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"theriac/check"
	"theriac/diag"
)

// JUnit XML in the form that build servers agree on: a suite per subject, a case
// per finding, and a case per rule that found nothing. A finding below the limit
// and a waived one are skipped cases, so that the counts agree with the exit
// status.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitOutcome `xml:"failure"`
	Skipped *junitOutcome `xml:"skipped"`
}

type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

func writeJUnit(w io.Writer, in Input) error {
	all := junitSuites{Name: "theriac"}
	for _, subject := range check.Subjects {
		if s := suite(in, subject); s.Tests > 0 {
			all.Suites = append(all.Suites, s)
			all.Tests += s.Tests
			all.Failures += s.Failures
			all.Skipped += s.Skipped
		}
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// suite gathers the cases of one subject: findings in their order, then rules
// without findings.
func suite(in Input, subject check.Subject) junitSuite {
	s := junitSuite{Name: subject.Prefix + " " + subject.Title}
	found := map[string]bool{}
	for _, f := range in.Findings {
		if check.SubjectOf(f.Code) == subject {
			found[f.Code] = true
			s.enter(caseOf(f, in.Limit))
		}
	}
	for _, r := range in.Rules {
		if check.SubjectOf(r.Code) != subject || found[r.Code] {
			continue
		}
		c := junitCase{Class: r.Code, Name: r.Title}
		if len(in.Coverage) == 0 && (r.Run != nil || r.Ask != nil) {
			c.Skipped = &junitOutcome{Message: "not judged: the file has no product or could not be read in full"}
		}
		s.enter(c)
	}
	return s
}

func (s *junitSuite) enter(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	if c.Failure != nil {
		s.Failures++
	}
	if c.Skipped != nil {
		s.Skipped++
	}
}

func caseOf(f diag.Finding, limit diag.Severity) junitCase {
	c := junitCase{Class: f.Code, Name: place(f.Span) + clean(f.Message), File: f.Span.Path(), Line: f.Span.Line}
	if f.Variant != "" {
		c.Name += fmt.Sprintf(" [variant %s]", f.Variant)
	}
	switch {
	case f.Waiver != nil:
		c.Skipped = &junitOutcome{Message: fmt.Sprintf("waived by %s until %s: %s", f.Waiver.Owner, f.Waiver.Expires, f.Waiver.Reason)}
	case f.Severity > limit:
		c.Skipped = &junitOutcome{Message: f.Severity.String() + ": " + f.Message}
	default:
		text := fmt.Sprintf("\n%s\n%s%s\nfix: %s\n", place(f.Span)+clean(f.Message), clean(f.Why), cited(f.Why, f.Clauses), clean(f.Help))
		c.Failure = &junitOutcome{f.Severity.String(), f.Message, text}
	}
	return c
}
