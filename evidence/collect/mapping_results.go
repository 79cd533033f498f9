package collect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"theriac/evidence"
)

// Tally is what a report says of verifications.
type Tally struct {
	Results []evidence.Result // by id of the verification
	// Unmapped are the ids of checks that count for no verification.
	Unmapped []string
	// Ignored are the ids of checks that a mapping leaves out, by its reason.
	Ignored map[string][]string
	// Misspelt tells of names in which an id seems to be misspelt, of some at
	// least.
	Misspelt []string
}

// maxMisspelt bounds the names that are told.
const maxMisspelt = 100

// Results finds out what a report says of verifications. ask are the
// verifications that were asked for, known all that there are, m may be nil.
//
// The ids in the names of a check say for which verifications it counts; else
// the mapping does; else it counts for all that were asked for, or that the
// report itself says it speaks of. A check that failed or is inconclusive cannot
// be ignored. A verification that was asked for and has no check is
// inconclusive.
func Results(r *Report, ask, known []string, m *Mapping) (*Tally, error) {
	ask, err := asked(r, ask, known)
	if err != nil {
		return nil, err
	}
	if err := m.check(known); err != nil {
		return nil, err
	}
	s := &sorter{
		ask: ask, naming: newNaming(known), mapping: m, results: map[string]*evidence.Result{},
		tally: &Tally{Ignored: map[string][]string{}}, misspelt: map[string]bool{},
	}
	for _, id := range ask {
		s.results[id] = &evidence.Result{Item: id}
	}
	for i := range r.Cases {
		s.sort(&r.Cases[i])
	}
	for _, id := range slices.Sorted(maps.Keys(s.results)) {
		res := s.results[id]
		res.Outcome = outcomeOfAll(res, r)
		bound(res)
		s.tally.Results = append(s.tally.Results, *res)
	}
	s.tally.Misspelt = slices.Sorted(maps.Keys(s.misspelt))
	return s.tally, nil
}

// asked are the verifications that were asked for. A form says itself of which
// it speaks, and cannot be made to speak of others.
func asked(r *Report, ask, known []string) ([]string, error) {
	if err := allKnown(ask, known, "the command"); err != nil {
		return nil, err
	}
	if err := allKnown(r.For, known, "the input"); err != nil {
		return nil, err
	}
	if len(r.For) == 0 {
		return slices.Compact(slices.Sorted(slices.Values(ask))), nil
	}
	for _, id := range ask {
		if !slices.Contains(r.For, id) {
			return nil, fmt.Errorf("the input speaks of %q, and not of %q", r.For, id)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(r.For))), nil
}

// sorter gives each check to its verifications.
type sorter struct {
	ask      []string
	naming   *naming
	mapping  *Mapping
	results  map[string]*evidence.Result
	tally    *Tally
	misspelt map[string]bool
}

func (s *sorter) sort(c *Case) {
	ids, why := s.of(c)
	switch {
	case why != "":
		s.tally.Ignored[why] = append(s.tally.Ignored[why], c.ID)
		return
	case len(ids) == 0:
		s.tally.Unmapped = append(s.tally.Unmapped, c.ID)
	}
	for _, id := range ids {
		if s.results[id] == nil {
			s.results[id] = &evidence.Result{Item: id}
		}
		put(s.results[id], c)
	}
}

// of lists the verifications for which a check counts, or says why it is
// ignored.
func (s *sorter) of(c *Case) (ids []string, why string) {
	for _, text := range append([]string{c.ID}, c.Items...) {
		ids = append(ids, s.naming.find(text)...)
	}
	if len(ids) > 0 {
		slices.Sort(ids)
		return slices.Compact(ids), ""
	}
	for _, text := range append([]string{c.ID}, c.Items...) {
		if word, meant := s.naming.misspelt(text); word != "" && len(s.misspelt) < maxMisspelt {
			s.misspelt[fmt.Sprintf("%s: there is no verification %q; did you mean %q?", c.ID, word, meant)] = true
		}
	}
	rule := s.mapping.Apply(c)
	switch {
	case rule == nil:
	case len(rule.For) > 0:
		return slices.Compact(slices.Sorted(slices.Values(rule.For))), ""
	case c.Outcome == evidence.Pass || c.Outcome == evidence.Skips:
		return nil, rule.Ignore
	}
	return s.ask, ""
}

// put counts a check for a verification. Failures are cut now and then, so that
// many of them for many verifications stay within bounds.
func put(r *evidence.Result, c *Case) {
	switch c.Outcome {
	case evidence.Pass:
		r.Passed++
	case evidence.Skips:
		r.Skipped++
	case evidence.Fail:
		r.Failed++
		r.Failures = append(r.Failures, evidence.Failure{ID: c.ID, Title: c.Title, Severity: c.Severity, At: c.At})
		if len(r.Failures) == 2*evidence.MaxFailures {
			bound(r)
		}
	default: // also an outcome that a collector forgot to state
		r.Inconclusive++
	}
}

// outcomeOfAll is how a verification came out. An input that failed or is
// incomplete as a whole says no better of any verification.
func outcomeOfAll(r *evidence.Result, from *Report) evidence.Outcome {
	switch {
	case r.Failed > 0 || from.Whole == evidence.Fail:
		return evidence.Fail
	case r.Inconclusive > 0 || from.Whole == evidence.Open:
		return evidence.Open
	case r.Passed > 0, len(from.Cases) == 0 && from.Whole == evidence.Pass:
		return evidence.Pass
	}
	return evidence.Open
}

// bound puts failures into their order and lists at most MaxFailures of them;
// Failed still counts all.
func bound(r *evidence.Result) {
	slices.SortFunc(r.Failures, func(a, b evidence.Failure) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.At, b.At), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Severity, b.Severity))
	})
	r.Failures = r.Failures[:min(len(r.Failures), evidence.MaxFailures)]
}
