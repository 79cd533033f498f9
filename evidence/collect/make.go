package collect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/diag"
	"theriac/evidence"
	"theriac/model"
)

// Read is an input that was read.
type Read struct {
	Report *Report
	Inputs []evidence.Input // the input itself, and what belongs to it
}

// Request is what is asked of a statement beyond what its inputs say.
type Request struct {
	Release   *model.Release
	For       []string           // verifications; empty takes those that the inputs name
	Kind      model.EvidenceKind // "" takes that of the inputs
	Scope     []string           // elements that were touched; empty takes those of the inputs, else what the verifications cover
	Finished  time.Time          // where the inputs do not say
	Recorded  time.Time
	Performer evidence.Performer // where the inputs do not say
	Authors   []string           // where the inputs do not say
	Commit    string             // where the inputs do not say
	Mapping   *Mapping
}

// explicit are the kinds of evidence whose scope nobody may guess: what an attack
// or a probe touched is what it says that it touched.
var explicit = []model.EvidenceKind{"penetration-test", "dynamic-analysis"}

// Make makes a statement of inputs. What they say wins over what is asked; where
// the two contradict each other, that is an error.
func Make(file *model.File, reads []Read, q Request) (*evidence.Statement, *Tally, error) {
	r, err := joinReports(reads, q.Kind)
	if err != nil {
		return nil, nil, err
	}
	var known []string
	for _, v := range file.Verifications {
		known = append(known, v.ID)
	}
	tally, err := Results(r, q.For, known, q.Mapping)
	if err != nil {
		return nil, nil, err
	}
	m := &maker{file: file, report: r, request: q, tally: tally}
	s, err := m.statement(reads)
	return s, tally, err
}

// joinReports is one report of several.
func joinReports(reads []Read, kind model.EvidenceKind) (*Report, error) {
	if len(reads) == 0 {
		return nil, fmt.Errorf("there is no input")
	}
	all := *reads[0].Report
	for _, more := range reads[1:] {
		if err := joinable(&all, more.Report, kind); err != nil {
			return nil, err
		}
		all.join(more.Report)
	}
	return &all, nil
}

// joinable says why two reports cannot become one statement, if so.
func joinable(a, b *Report, kind model.EvidenceKind) error {
	switch none := (evidence.Performer{}); {
	case a.Kind != b.Kind && kind == "":
		return fmt.Errorf("the inputs are evidence of different kinds, %s and %s; make a statement of each, or say with --kind what they are together", a.Kind, b.Kind)
	case len(a.For) > 0 || len(b.For) > 0 || several(a.Details, b.Details):
		return fmt.Errorf("the inputs cannot be joined, since each has details of its own; make a statement of each")
	case a.Commit != "" && b.Commit != "" && a.Commit != b.Commit:
		return fmt.Errorf("the inputs are of different commits, %s and %s; make a statement of each", a.Commit, b.Commit)
	case a.Performer != none && b.Performer != none && a.Performer != b.Performer:
		return fmt.Errorf("the inputs name different performers, %s and %s; make a statement of each", a.Performer.Who, b.Performer.Who)
	case a.Coverage != nil && b.Coverage != nil:
		return fmt.Errorf("more than one of the inputs counts what code was run; join these with their own tool, or make a statement of each")
	}
	return nil
}

// join adds what another report says. What is wrong with one as a whole is wrong
// with both.
func (r *Report) join(more *Report) {
	r.Cases = slices.Concat(r.Cases, more.Cases)
	r.Network = slices.Concat(r.Network, more.Network)
	r.Scope = slices.Concat(r.Scope, more.Scope)
	r.Authors = cleanAll(slices.Concat(r.Authors, more.Authors))
	r.Coverage = cmp.Or(r.Coverage, more.Coverage)
	r.Tool = cmp.Or(r.Tool, more.Tool)
	r.Commit = cmp.Or(r.Commit, more.Commit)
	r.Performer = cmp.Or(r.Performer, more.Performer)
	if r.Details == (evidence.Details{}) {
		r.Details = more.Details
	}
	if r.Whole != "" || more.Whole != "" {
		r.Whole = worstOutcome(r.Whole, more.Whole)
	}
	if r.Started.IsZero() || !more.Started.IsZero() && more.Started.Before(r.Started) {
		r.Started = more.Started
	}
	if more.Finished.After(r.Finished) {
		r.Finished = more.Finished
	}
}

// several tells whether both reports have details.
func several(a, b evidence.Details) bool {
	return a != (evidence.Details{}) && b != (evidence.Details{})
}

type maker struct {
	file    *model.File
	report  *Report
	request Request
	tally   *Tally
}

func (m *maker) statement(reads []Read) (*evidence.Statement, error) {
	r, q := m.report, m.request
	s := &evidence.Statement{Kind: cmp.Or(q.Kind, r.Kind), Subjects: evidence.SubjectsOf(q.Release), Predicate: evidence.Predicate{
		Release: q.Release.Version, Started: r.Started, Finished: r.Finished, Recorded: q.Recorded, Tool: r.Tool,
		Commit: cmp.Or(r.Commit, q.Commit), Coverage: r.Coverage, Network: evidence.Telling(m.file, r.Network), Details: r.Details,
		Performer: cmp.Or(r.Performer, q.Performer), Authors: r.Authors,
	}}
	if len(s.Subjects) == 0 {
		return nil, fmt.Errorf("release %s has no artefacts that evidence could speak of; `theriac release create` freezes one", q.Release.Version)
	}
	if len(s.Authors) == 0 {
		s.Authors = q.Authors
	}
	for _, read := range reads {
		s.Inputs = append(s.Inputs, read.Inputs...)
	}
	if err := m.results(s); err != nil {
		return nil, err
	}
	if err := m.time(s); err != nil {
		return nil, err
	}
	list := m.verifications(s)
	s.Basis = evidence.BasisFor(list)
	if err := m.scope(s, list); err != nil {
		return nil, err
	}
	m.exposures(s)
	return s, nil
}

// results takes what the inputs say of the verifications that were asked for; of
// all that they name where none was.
func (m *maker) results(s *evidence.Statement) error {
	for _, r := range m.tally.Results {
		if r.Outcome == evidence.Fail && r.Failed == 0 { // the run as a whole
			r.Failed, r.Failures = 1, []evidence.Failure{{ID: "run", Title: "the run failed as a whole"}}
		}
		for i := range r.Failures {
			r.Failures[i].Title = short(r.Failures[i].Title)
			if r.Failures[i].Severity.Rank() < 0 {
				r.Failures[i].Severity = "" // the tool gives no grade
			}
		}
		if len(m.request.For) == 0 || slices.Contains(m.request.For, r.Item) {
			s.Results, s.For = append(s.Results, r), append(s.For, r.Item)
		}
	}
	if len(s.For) == 0 {
		return fmt.Errorf("no name in the input holds the id of a verification; say with --for what it is evidence for, or map its names with --map")
	}
	return nil
}

func (m *maker) time(s *evidence.Statement) error {
	said := m.request.Finished
	switch {
	case s.Finished.IsZero() && said.IsZero():
		return fmt.Errorf("the input does not say when the work ended; give the time with --finished")
	case s.Finished.IsZero():
		s.Finished = said
	case !said.IsZero() && !said.Truncate(time.Second).Equal(s.Finished.Truncate(time.Second)):
		return fmt.Errorf("the input says that the work ended on %s, not on %s", s.Finished.Format(time.RFC3339), said.Format(time.RFC3339))
	}
	s.Finished, s.Started = s.Finished.UTC().Truncate(time.Second), s.Started.UTC().Truncate(time.Second)
	if s.Recorded.Before(s.Finished) {
		return fmt.Errorf("the input says that the work ended on %s, which is in the future", s.Finished.Format(time.RFC3339))
	}
	return nil
}

func (m *maker) verifications(s *evidence.Statement) []*model.Verification {
	var list []*model.Verification
	for _, id := range s.For {
		list = append(list, m.file.Lookup(id).(*model.Verification)) // Results knows them all
	}
	return list
}

// scope is what was touched: as asked, as the inputs say, as was seen on the
// network, or what the verifications cover.
func (m *maker) scope(s *evidence.Statement, list []*model.Verification) error {
	stated := slices.Concat(m.request.Scope, m.report.Scope)
	switch {
	case len(stated) > 0:
		s.Scope = stated
	case len(m.report.Network) > 0:
		s.Scope = evidence.Touched(evidence.Compare(m.file, m.report.Network, elements(list)...))
	case slices.Contains(explicit, m.report.Kind) || s.Kind == "penetration-test":
		return fmt.Errorf("the input does not say which interfaces and components were touched; name them with --scope")
	default:
		s.Scope = evidence.CoveredBy(list)
	}
	slices.Sort(s.Scope)
	s.Scope = slices.Compact(s.Scope)
	for _, id := range s.Scope {
		if _, ok := m.file.Lookup(id).(model.Element); !ok {
			return fmt.Errorf("scope: %w", m.unknownElement(id))
		}
	}
	return nil
}

func (m *maker) unknownElement(id string) error {
	var names []string
	m.file.All(func(e model.Entity) {
		if _, ok := e.(model.Element); ok {
			names = append(names, model.Of(e).ID)
		}
	})
	if near := diag.Suggest(id, names); near != "" {
		return fmt.Errorf("there is no element %q; did you mean %q?", id, near)
	}
	return fmt.Errorf("there is no element %q", id)
}

func elements(list []*model.Verification) []model.Element {
	var all []model.Element
	for _, v := range list {
		all = slices.AppendSeq(all, model.Targets(v.Covers))
	}
	return all
}

// exposures adds to the failures what was reachable on the network and is not
// declared so. The judgement compares again, with the interfaces of its day.
func (m *maker) exposures(s *evidence.Statement) {
	if len(s.Network) == 0 {
		return
	}
	for i := range s.Results {
		r := &s.Results[i]
		v := m.file.Lookup(r.Item).(*model.Verification)
		covered := map[string]bool{}
		for e := range model.Targets(v.Covers) {
			covered[model.Of(e).ID] = true
		}
		for _, x := range evidence.Compare(m.file, s.Network, elements([]*model.Verification{v})...) {
			switch {
			case evidence.Contrary(x, covered):
				r.Outcome, r.Failed = evidence.Fail, r.Failed+1
				if len(r.Failures) < evidence.MaxFailures {
					r.Failures = append(r.Failures, evidence.Failure{ID: x.ID, Title: x.Reason, At: x.Port.Address})
				}
			case x.Verdict == evidence.Expected:
				r.Passed++
			}
		}
		if r.Outcome == evidence.Open && r.Passed > 0 && r.Inconclusive == 0 && m.report.Whole != evidence.Open {
			r.Outcome = evidence.Pass
		}
	}
}

// Unnamed tells of checks that count for nothing, for people: how many, and some
// of their names.
func (t *Tally) Unnamed() string {
	if len(t.Unmapped) == 0 {
		return ""
	}
	some := t.Unmapped[:min(len(t.Unmapped), 3)]
	checks := "1 check counts"
	if len(t.Unmapped) > 1 {
		checks = fmt.Sprintf("%d checks count", len(t.Unmapped))
	}
	text := checks + " for no verification: " + strings.Join(some, ", ")
	if len(some) < len(t.Unmapped) {
		text += " ..."
	}
	return text
}

// maxTitle bounds the title of a failure in a statement, in bytes; the raw input
// has it in full.
const maxTitle = 300

func short(title string) string {
	if len(title) <= maxTitle {
		return title
	}
	return strings.ToValidUTF8(title[:maxTitle-len("…")], "") + "…"
}
