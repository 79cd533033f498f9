package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// latest returns the last release that is out and the one before it; nil where
// there is none. Releases that are planned or have no date are left out.
func latest(p *check.Pass) (newest, previous *model.Release) {
	for _, r := range p.File.Releases {
		switch {
		case r.Date.IsZero() || p.Today.Before(r.Date):
		case newest == nil || newest.Date.Before(r.Date):
			newest, previous = r, newest
		case previous == nil || previous.Date.Before(r.Date):
			previous = r
		}
	}
	return newest, previous
}

const versions = `
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2025-03-01
  rel-2:
    title: Release 2
    version: 2.0.0
    date: 2026-09-01
`

var _ = add(check.Rule{
	Code: "T7106", Severity: diag.Warning,
	Title:   "verification that cannot be of the latest release",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i1"},
	Why: "evidence shows the software as it is in the finished device; a test made before the release before was out cannot have " +
		"seen the latest one",
	Fix: "repeat the test on the latest release, or name the release under `release:` and say in `notes` why the result still holds",
	Bad: bench + versions + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2025-02-10 # want T7106
    result: passed
`,
	Good: bench + versions + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-08-10
    result: passed
`,
	Run: func(p *check.Pass) {
		newest, previous := latest(p)
		if previous == nil || !byWord(p) {
			return
		}
		for _, v := range p.File.Verifications {
			stale := !v.Date.IsZero() && v.Date.Before(previous.Date)
			if stale && done(v) && (v.Release.ID == "" || v.Release.To == newest) {
				p.Report(v, "date", "verification %q of %s is older than release %s of %s, so it did not see release %s",
					v.ID, v.Date, previous.Version, previous.Date, newest.Version).Relate(newest, "date", "latest release")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7107", Severity: diag.Note,
	Title:   "verification of an earlier release",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i1"},
	Why:     "results carry over to a later release only where the change did not touch what was tested; that is worth a look",
	Fix:     "repeat the test on the latest release, or say in `notes` why the result still holds",
	Bad: bench + versions + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2025-02-10
    release: rel-1 # want T7107
    result: passed
`,
	Good: bench + versions + `
verifications:
  vf-lock-1:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2025-02-10
    release: rel-1
    result: passed
  vf-lock-2:
    title: Test of the screen lock, repeated
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-08-10
    release: rel-2
    result: passed
`,
	Run: func(p *check.Pass) {
		newest, previous := latest(p)
		if previous == nil || !byWord(p) {
			return
		}
		seen := shownBy(p.File, newest)
		for _, v := range p.File.Verifications {
			r := v.Release.To
			if r == nil || r.Date.IsZero() || !r.Date.Before(newest.Date) || v.Notes != "" || !done(v) || seenAgain(v, seen) {
				continue
			}
			p.Report(v, "release", "verification %q was done on release %s, the latest is %s", v.ID, r.Version, newest.Version).
				Relate(newest, "version", "latest release")
		}
	},
})

// shownBy is the set of requirements and elements that verifications of a
// release have looked at.
func shownBy(f *model.File, r *model.Release) map[model.Entity]bool {
	seen := map[model.Entity]bool{}
	for _, v := range f.Verifications {
		if v.Release.To == r && done(v) {
			for _, e := range subjects(v) {
				seen[e] = true
			}
		}
	}
	return seen
}

// subjects lists the requirements and elements of a verification.
func subjects(v *model.Verification) []model.Entity {
	var all []model.Entity
	for r := range model.Targets(v.Verifies) {
		all = append(all, r)
	}
	for e := range model.Targets(v.Covers) {
		all = append(all, e)
	}
	return all
}

// seenAgain tells whether everything that a verification looked at is in a set.
func seenAgain(v *model.Verification, seen map[model.Entity]bool) bool {
	for _, e := range subjects(v) {
		if !seen[e] {
			return false
		}
	}
	return true
}

var _ = add(check.Rule{
	Code: "T7301", Severity: diag.Open,
	Title:   "release without a date",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "only the date of a release tells which tests and records can speak of it",
	Fix:     "give the day of release, or the planned day, under `date:`",
	Bad: `
releases:
  rel-1: # want T7301
    title: Release 1
    version: 1.0.0
`,
	Good: versions,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Releases {
			if r.Date.IsZero() {
				p.ReportAbsent(r, []string{"date"}, "release %q (%s) has no date", r.ID, r.Version)
			}
		}
	},
})
