package collect

import (
	"maps"
	"slices"
	"strings"

	"theriac/evidence"
)

// findings gathers what a scanner or an analyser found: each finding once, in
// the order of their ids.
type findings struct {
	FailAt evidence.Severity
	Counts map[evidence.Severity]int

	places map[string]map[string]bool // of each finding, by its id
	cases  map[string]Case
}

func newFindings(failAt evidence.Severity) *findings {
	return &findings{FailAt: failAt, Counts: map[evidence.Severity]int{}, places: map[string]map[string]bool{}, cases: map[string]Case{}}
}

// found notes a finding that counts by its severity.
func (f *findings) found(c Case) error {
	c.Outcome = outcomeOf(c.Severity, f.FailAt)
	return f.note(c)
}

// maxNames bounds the words that a finding is known by.
const maxNames = 10_000

// note notes a finding, or another place of one that is known already: the
// worst of its outcomes and severities counts.
func (f *findings) note(c Case) error {
	c.ID, c.Title, c.At = clean(c.ID), clean(c.Title), clean(c.At)
	known, again := f.cases[c.ID]
	if again {
		c.Title = known.Title
		c.Severity, c.Outcome = worse(known, c)
	}
	c.Items = cleanAll(append(slices.Clip(known.Items), c.Items...))
	switch {
	case c.ID == "":
		return malformed(0, "a finding has no id")
	case len(c.Items) > maxNames:
		return malformed(0, "finding %s has more than %d names", c.ID, maxNames)
	case !again && len(f.cases) == maxCases:
		return counted(maxCases + 1)
	}
	f.cases[c.ID] = c
	f.place(c)
	return nil
}

// place notes where a finding is.
func (f *findings) place(c Case) {
	if f.places[c.ID] == nil {
		f.places[c.ID] = map[string]bool{}
	}
	if c.At != "" {
		f.places[c.ID][c.At] = true
	}
}

// into puts the findings into a report, and what counts them.
func (f *findings) into(r *Report) {
	for _, id := range slices.Sorted(maps.Keys(f.cases)) {
		c := f.cases[id]
		c.At = clean(strings.Join(slices.Sorted(maps.Keys(f.places[id])), ", "))
		if c.Severity != "" { // a check that found nothing has none
			f.Counts[c.Severity]++
		}
		r.Cases = append(r.Cases, c)
	}
}

// scan puts the findings into the report of a scan for vulnerabilities.
// Something must have been looked at for a scan without findings to pass.
func (f *findings) scan(r *Report, looked bool, details evidence.Scan) {
	f.into(r)
	details.FailAt, details.Findings = f.FailAt, f.Counts
	r.Details.Scan = &details
	r.Whole = wholeOf(r.Cases, looked)
}

// analysis puts the findings into the report of an analyser.
func (f *findings) analysis(r *Report, looked bool, suppressed int) {
	f.into(r)
	r.Details.Analysis = &evidence.Analysis{FailAt: f.FailAt, Findings: f.Counts, Suppressed: suppressed}
	r.Whole = wholeOf(r.Cases, looked)
}

// wholeOf is the outcome of an input whose findings are its checks.
func wholeOf(cases []Case, looked bool) evidence.Outcome {
	switch {
	case len(cases) > 0:
		return ""
	case looked:
		return evidence.Pass
	}
	return evidence.Open
}

// worse is the severity and the outcome of two notes of one finding: of the note
// with the worse outcome, and of the worse severity where these are the same.
func worse(a, b Case) (evidence.Severity, evidence.Outcome) {
	outcome := worstOutcome(a.Outcome, b.Outcome)
	switch {
	case a.Outcome == b.Outcome:
		return worst(a.Severity, b.Severity), outcome
	case a.Outcome == outcome:
		return a.Severity, outcome
	}
	return b.Severity, outcome
}

// worstOutcome is the one of two outcomes that shows more: a failure, then what
// cannot be said, then what passed.
func worstOutcome(a, b evidence.Outcome) evidence.Outcome {
	for _, o := range []evidence.Outcome{evidence.Fail, evidence.Open, evidence.Pass} {
		if a == o || b == o {
			return o
		}
	}
	return evidence.Skips
}

// cleanAll makes texts fit to be kept, each once, without empty ones.
func cleanAll(texts []string) []string {
	var all []string
	seen := map[string]bool{"": true}
	for _, t := range texts {
		if t = clean(t); !seen[t] {
			seen[t] = true
			all = append(all, t)
		}
	}
	return all
}

// placeOf is a path as a report shows it: one that is absolute speaks of the
// machine that the tool ran on, and is cut to its last part.
func placeOf(path string) string {
	path = strings.ReplaceAll(path, `\`, "/")
	path = strings.TrimPrefix(path, "file://")
	if strings.HasPrefix(path, "/") || len(path) > 1 && path[1] == ':' {
		return path[strings.LastIndexByte(path, '/')+1:]
	}
	return strings.TrimPrefix(path, "./")
}
