// Package check finds what is missing, wrong or contradictory in a security
// file, and computes how far each clause of the catalogue is answered.
//
// There are two sorts of rules. A rule with Run looks for something wrong and
// points at it. A rule with Ask puts questions that clauses need answered
// ("is there a penetration test of each external interface?"); what answers
// them is the coverage of the clauses, and a question without an answer is an
// open finding. Coverage is computed from the model, never typed.
//
// # Values
//
// Codes are T and four digits, grouped by subject (see Subjects). A code is never
// used again for something else.
//
// # Concurrency
//
// Rules run side by side; a rule must only read.
package check

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"theriac/approval"
	"theriac/catalog"
	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

// Rule is one question or check.
type Rule struct {
	Code     string
	Severity diag.Severity // of its findings
	Title    string        // what is wrong, as a short statement in lower case
	Clauses  []string      // catalogue ids that ask for it; questions get theirs from the catalogue
	Why      string        // why a reviewer would ask
	Fix      string        // how to mend it
	// Bad and Good are security files, or parts of one, that show the rule.
	// Lines of Bad that it points at end in "# want CODE". They are shown by
	// explain and run as tests.
	Bad, Good string

	Run func(p *Pass)
	// After runs when all other rules have been asked, and may look at what
	// they found; see Pass.Found.
	After func(p *Pass)

	// Elsewhere is set for what another package finds, which also tests the examples:
	// the words alone are declared here.
	Elsewhere bool

	// Questions names what Ask can be asked; the catalogue refers to them.
	Questions []string
	// Needs lists codes of rules whose findings leave the answers incomplete.
	Needs []string
	Ask   func(p *Pass, question string) Answer
}

// Answer is what the model says to a question.
type Answer struct {
	By      []model.Entity // what answers it
	Missing []string       // what is missing, as short statements; empty when complete
	At      diag.Span      // where to mend it; the product when not set
	Entity  string         // id of the entity to mend, if any
	// Elsewhere is set when another rule or question reports what is missing,
	// so that one gap is one finding.
	Elsewhere bool
}

// Status says how far something is answered.
type Status string

// The states, from best to worst. NotApplicable stands apart.
const (
	Satisfied     Status = "satisfied"
	Partial       Status = "partial"
	Unanswered    Status = "open"
	NotApplicable Status = "not-applicable"
)

func (a Answer) status() Status {
	switch {
	case len(a.Missing) == 0 && len(a.By) > 0:
		return Satisfied
	case len(a.By) > 0:
		return Partial
	}
	return Unanswered
}

// Pass is what a rule sees.
type Pass struct {
	File    *model.File
	Catalog *catalog.Catalog
	Today   model.Date
	// Gate is set when somebody asks whether one release is shown.
	Gate bool

	rule     *Rule
	findings []*diag.Finding
	found    diag.List
	shared   *shared
}

// Reviews is the review file of the security file, and the state of each link. A
// variant has none: what was reviewed are the links of the product.
func (p *Pass) Reviews() (*trace.Reviews, []trace.State, error) {
	r := p.shared.reviews()
	return r.file, r.links, r.err
}

// Derived is what the patterns of threat say about the file.
func (p *Pass) Derived() *threat.Derivation { return p.shared.derived() }

// Proven reports whether signatures decide what has been shown: the file lists
// signers. Without, what the file states of results is all there is.
func (p *Pass) Proven() bool { return len(p.File.Signers) > 0 }

// Proof is what is signed about the file.
func (p *Pass) Proof() *Proof { return p.shared.proof }

// Judged is what the signed evidence is worth for the release that is checked.
func (p *Pass) Judged() *evidence.Judgement { return p.shared.judged() }

// Approvals lists the approvals that the policy asks for.
func (p *Pass) Approvals() ([]*approval.Need, error) {
	n := p.shared.needs()
	return n.list, n.err
}

// Result is how a verification came out: as evidence has it where signatures
// decide, else as the file states it. Evidence that does not count leaves it
// planned, and has findings of its own.
func (p *Pass) Result(v *model.Verification) model.Result {
	if !p.Proven() {
		return v.Result
	}
	switch p.Judged().Of(v).State {
	case evidence.Passed:
		return "passed"
	case evidence.Failed:
		return "failed"
	}
	return "planned"
}

// Day is when a verification took place: as the newest evidence that counts has
// it where signatures decide, else as the file states it.
func (p *Pass) Day(v *model.Verification) model.Date {
	if !p.Proven() {
		return v.Date
	}
	if s := p.Judged().Of(v); len(s.Deciding) > 0 {
		return model.DateOf(s.Deciding[0].Piece.Statement.Finished)
	}
	return model.Date{}
}

// Found yields what all other rules found, with waived findings marked. It is
// empty before Rule.After runs.
func (p *Pass) Found() diag.List { return p.found }

// Report adds a finding of the rule at a field of an entity. The field is a
// path of names and list indices joined by dots; empty means the entity's id.
// Fields that already have a finding about their form are left alone.
func (p *Pass) Report(e model.Entity, field, format string, args ...any) *Finding {
	f := p.finding(e, field, format, args...)
	if !p.File.Flawed(e, field) {
		p.findings = append(p.findings, f)
	}
	return (*Finding)(f)
}

// ReportAbsent adds a finding of the rule at the id of an entity that leaves out
// all of the fields. One that is there and has a finding about its form, or
// stands under a misspelt name, is not left out.
func (p *Pass) ReportAbsent(e model.Entity, fields []string, format string, args ...any) *Finding {
	f := p.finding(e, "", format, args...)
	if !slices.ContainsFunc(fields, func(field string) bool { return p.File.Flawed(e, field) }) {
		p.findings = append(p.findings, f)
	}
	return (*Finding)(f)
}

func (p *Pass) finding(e model.Entity, field, format string, args ...any) *diag.Finding {
	return &diag.Finding{
		Code: p.rule.Code, Severity: p.rule.Severity, Clauses: p.rule.Clauses, Why: p.rule.Why, Help: p.rule.Fix,
		Message: fmt.Sprintf(format, args...), Span: Place(e, field), Entity: model.Of(e).ID,
	}
}

// ReportFile adds a finding of the rule at a file that is kept below the folder of
// the security file and is no part of its text, given by its slash path. The
// entity that it is about may be "".
func (p *Pass) ReportFile(name, entity, format string, args ...any) *Finding {
	f := &diag.Finding{
		Code: p.rule.Code, Severity: p.rule.Severity, Clauses: p.rule.Clauses, Why: p.rule.Why, Help: p.rule.Fix,
		Message: fmt.Sprintf(format, args...), Span: p.FilePlace(name), Entity: entity,
	}
	p.findings = append(p.findings, f)
	return (*Finding)(f)
}

// FilePlace is the place of a file that is kept below the folder of the security
// file, given by its slash path, as the user would write it.
func (p *Pass) FilePlace(name string) diag.Span {
	source := &diag.Source{Path: filepath.ToSlash(filepath.Join(p.File.Dir(), filepath.FromSlash(name)))}
	return diag.Span{Source: source, Line: 1, Column: 1, EndLine: 1, EndColumn: 2}
}

// Finding lets a rule add to what it reported.
type Finding diag.Finding

// Relate adds another place.
func (f *Finding) Relate(e model.Entity, field, format string, args ...any) *Finding {
	f.Related = append(f.Related, diag.Related{Span: Place(e, field), Message: fmt.Sprintf(format, args...)})
	return f
}

// RelateSpan adds another place that is no field of an entity.
func (f *Finding) RelateSpan(at diag.Span, format string, args ...any) *Finding {
	f.Related = append(f.Related, diag.Related{Span: at, Message: fmt.Sprintf(format, args...)})
	return f
}

// Fix replaces the rule's general remedy by one for this case.
func (f *Finding) Fix(format string, args ...any) *Finding {
	f.Help = fmt.Sprintf(format, args...)
	return f
}

// Justify makes the finding a note when the file says why the thing may stand as
// it is: a reviewer still sees it, with the reason.
func (f *Finding) Justify(reason string) *Finding {
	if reason != "" {
		f.Severity, f.Justification = diag.Note, oneLine(reason)
		f.Help = "nothing to do if the justification holds; a reviewer will read it"
	}
	return f
}

// Cite replaces the rule's clauses for this case.
func (f *Finding) Cite(clauses ...string) *Finding {
	f.Clauses = clauses
	return f
}

// Place is the span of a field of an entity; see Report.
func Place(e model.Entity, field string) diag.Span {
	if field == "" {
		return model.Of(e).Here()
	}
	var path []any
	for _, step := range strings.Split(field, ".") {
		var n int
		if _, err := fmt.Sscanf(step, "%d", &n); err == nil {
			path = append(path, n)
		} else {
			path = append(path, step)
		}
	}
	return model.Of(e).At(path...)
}

// MDR reports whether the product is a medical device under the MDR.
func (p *Pass) MDR() bool { return p.File.Product.Regulation == model.MDR }

// IVDR reports whether the product is an in vitro diagnostic under the IVDR.
func (p *Pass) IVDR() bool { return p.File.Product.Regulation == model.IVDR }

// Fact reports whether a fact about the product is known to be true.
func (p *Pass) Fact(name string) bool { return Facts{p.File.Product}.Fact(name) == catalog.True }

// Day returns the calendar day of a time.
func Day(t time.Time) model.Date { return model.DateOf(t) }
