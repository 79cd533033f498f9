// Package csaf judges, makes and serves security advisories in the Common Security
// Advisory Framework, version 2.0 (OASIS standard, also ISO/IEC 20153).
//
// A document is judged as it is written, not as a Go type holds it, so that a
// member that is wrong, double or unknown is seen and named.
package csaf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Class says what a failed test means.
type Class int

const (
	Mandatory   Class = iota // the document is not valid (CSAF 2.0 section 6.1, and its JSON schema)
	Optional                 // the document is valid and should be better (section 6.2)
	Informative              // somebody may want to know (section 6.3)
)

func (c Class) String() string { return [...]string{"mandatory", "optional", "informative"}[c] }

// Schema is the number under which findings about the form are listed.
const Schema = "schema"

// Test is one test of CSAF 2.0 section 6.
type Test struct {
	Number string // for example 6.1.27.3
	Title  string
	Class  Class
	check  func(*advisory, *reporter)
}

// Finding is a place of a document that does not pass a test.
type Finding struct {
	Test    string // number of the test, or Schema
	Class   Class
	Pointer string // JSON pointer to the place (RFC 6901)
	Message string
}

// NotRun is a test that was left out.
type NotRun struct{ Test, Reason string }

// Options are what some tests need from outside. The zero value leaves them out.
type Options struct {
	// Resolve tells whether an address answers, for tests 6.3.6 and 6.3.7.
	Resolve func(url string) error
	// Spell returns the words of a text that are unknown in a language, for test 6.3.8.
	// ErrNoDictionary says that it does not know the language.
	Spell func(language, text string) ([]string, error)
}

// ErrNoDictionary is returned by Options.Spell for languages that it does not know.
var ErrNoDictionary = errors.New("no dictionary of this language")

// Result is what the tests found.
type Result struct {
	Findings []Finding // in order of the tests, then of the document
	NotRun   []NotRun
}

// Valid reports whether no mandatory test failed.
func (r *Result) Valid() bool { return r.Count(Mandatory) == 0 }

// Count is the number of findings of a class.
func (r *Result) Count(c Class) int {
	n := 0
	for _, f := range r.Findings {
		if f.Class == c {
			n++
		}
	}
	return n
}

// Tests are all tests of the standard, in its order.
func Tests() []Test {
	all := slices.Concat(productTests, statusTests, scoreTests, trackingTests, documentTests, profileTests,
		optionalProductTests, optionalDocumentTests, informativeTests, addressTests)
	slices.SortStableFunc(all, func(a, b Test) int { return compareNumbers(a.Number, b.Number) })
	return all
}

// compareNumbers orders test numbers part by part.
func compareNumbers(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
	})
}

// Validate runs all tests on a document. It fails only when the text is no JSON
// or too large; what is wrong in a document is a finding.
func Validate(text []byte, o Options) (*Result, error) {
	doc, err := read(text)
	if err != nil {
		return nil, err
	}
	doc.options = o
	result := &Result{}
	if err := checkForm(doc, result); err != nil {
		return nil, err
	}
	for _, t := range Tests() {
		r := reporter{test: t}
		t.check(doc, &r)
		result.Findings = append(result.Findings, r.done()...)
		if r.notRun != "" {
			result.NotRun = append(result.NotRun, NotRun{t.Number, r.notRun})
		}
	}
	return result, nil
}

// maxFindings is how many findings of one test are told; the rest is counted.
const maxFindings = 200

// reporter takes the findings of one test.
type reporter struct {
	test     Test
	findings []Finding
	more     int
	notRun   string
}

// at notes a place that does not pass.
func (r *reporter) at(n *node, format string, args ...any) {
	if len(r.findings) == maxFindings {
		r.more++
		return
	}
	r.findings = append(r.findings, Finding{r.test.Number, r.test.Class, n.pointer(), fmt.Sprintf(format, args...)})
}

// skip notes why the test, or part of it, was not run.
func (r *reporter) skip(format string, args ...any) { r.notRun = fmt.Sprintf(format, args...) }

func (r *reporter) done() []Finding {
	if r.more > 0 {
		r.findings = append(r.findings, Finding{r.test.Number, r.test.Class, "", fmt.Sprintf("and %d more", r.more)})
	}
	return r.findings
}
