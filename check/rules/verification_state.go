package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// done tells whether the file states that a verification has taken place,
// whatever its outcome.
func done(v *model.Verification) bool { return v.Result == "passed" || v.Result == "failed" }

// byWord tells whether what the file states of results is all there is. Where
// signatures decide, T74xx speak of results and their dates.
func byWord(p *check.Pass) bool { return !p.Proven() }

var _ = add(check.Rule{
	Code: "T7101", Severity: diag.Open,
	Title:   "verification without method or result",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2"},
	Why:     "the file shows methods and results of security testing; a verification that states neither shows that something has a name",
	Fix:     "state `method:` and `result:` (planned, passed or failed)",
	Bad: `
components:
  app-ui:
    title: User interface
    type: application
verifications:
  vf-lock: # want T7101
    title: Test of the screen lock
    covers: [app-ui]
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
verifications:
  vf-lock:
    title: Test of the screen lock
    covers: [app-ui]
    method: security-feature-test
    result: planned
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			if lacks := absent(sound(p, v, "", field{"method", v.Method != ""}, field{"result", v.Result != "" || !byWord(p)})...); len(lacks) > 0 {
				p.Report(v, "", "verification %q has no %s", v.ID, strings.Join(lacks, " and no "))
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7102", Severity: diag.Warning,
	Title:   "verification that verifies nothing",
	Clauses: []string{"mdcg.3.7.i1", "mdcg.4.1.i2"},
	Why:     "a test counts for the requirements that it verifies and the elements that it covers; without either it supports no claim",
	Fix:     "name the requirements under `verifies:`, or the interfaces and components in scope under `covers:`",
	Bad: `
verifications:
  vf-lock: # want T7102
    title: Test of the screen lock
    method: security-feature-test
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
verifications:
  vf-scan:
    title: Static analysis
    method: static-analysis
    covers: [app-ui]
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			if len(v.Verifies) == 0 && len(v.Covers) == 0 {
				p.ReportAbsent(v, []string{"verifies", "covers"}, "verification %q verifies no requirement and covers no element", v.ID)
			}
		}
	},
})

// bench is the device of examples about tests.
const bench = `
components:
  app-ui:
    title: User interface
    type: application
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    for: [app-ui]
`

var _ = add(check.Rule{
	Code: "T7103", Severity: diag.Error,
	Title:   "verification that failed",
	Clauses: []string{"mdr.annex-i.17.2", "ivdr.annex-i.16.2", "mdcg.4.1.i2", "81001-5-1.5.8.1"},
	Why:     "a failed test shows that a requirement is not met; documents that claim it would be untrue until the fault is mended and tested again",
	Fix:     "mend the fault and record the passed test, or change what is claimed; a known fault that may stay for a while is waived with owner and date",
	Bad: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: failed # want T7103
`,
	Good: bench + `
verifications:
  vf-lock-1:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: failed
  vf-lock-2:
    title: Test of the screen lock, repeated
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-18
    result: passed
`,
	Run: func(p *check.Pass) {
		passed := lastPassed(p.File)
		for _, v := range p.File.Verifications {
			if v.Result != "failed" || !byWord(p) {
				continue
			}
			var unmet []string
			for r := range model.Targets(v.Verifies) {
				if last := passed[r]; last.IsZero() || last.Before(v.Date) {
					unmet = append(unmet, r.ID)
				}
			}
			switch {
			case len(unmet) > 0:
				p.Report(v, "result", "verification %q failed, and no later one shows that %s is met", v.ID, fewIDs(unmet))
			case len(v.Verifies) == 0:
				p.Report(v, "result", "verification %q failed", v.ID)
			}
		}
	},
})

// lastPassed is the day on which each requirement was last shown to be met.
func lastPassed(f *model.File) map[*model.Requirement]model.Date {
	last := map[*model.Requirement]model.Date{}
	for _, v := range f.Verifications {
		if v.Result != "passed" {
			continue
		}
		for r := range model.Targets(v.Verifies) {
			if last[r].Before(v.Date) {
				last[r] = v.Date
			}
		}
	}
	return last
}

var _ = add(check.Rule{
	Code: "T7104", Severity: diag.Error,
	Title:   "verification whose date does not fit its result",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4", "mdcg.4.1.i2"},
	Why:     "a test that took place has a day in the past; without it nobody can tell which state of the device was tested",
	Fix:     "give the day of the test under `date:`, or say `result: planned`",
	Bad: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    result: passed # want T7104
  vf-later:
    title: Test of the screen lock at the end
    verifies: [rq-lock]
    method: security-feature-test
    date: 2027-03-01 # want T7104
    result: passed
`,
	Good: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04
    result: passed
  vf-later:
    title: Test of the screen lock at the end
    verifies: [rq-lock]
    method: security-feature-test
    date: 2027-03-01
    result: planned
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			switch {
			case !byWord(p):
			case done(v) && v.Date.IsZero() && !flawed(p, v, "date"):
				p.Report(v, "result", "verification %q %s, and no date says when", v.ID, v.Result)
			case done(v) && p.Today.Before(v.Date):
				p.Report(v, "date", "verification %q %s on %s, which is in the future", v.ID, v.Result, v.Date)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7105", Severity: diag.Warning,
	Title:   "planned verification whose day has passed",
	Clauses: []string{"mdr.annex-ii.6.1.b", "ivdr.annex-ii.6.4"},
	Why:     "a reviewer asks whether the test took place and what came out",
	Fix:     "record the result, or give a new day",
	Bad: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2026-05-04 # want T7105
    result: planned
`,
	Good: bench + `
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
    method: security-feature-test
    date: 2027-05-04
    result: planned
`,
	Run: func(p *check.Pass) {
		for _, v := range p.File.Verifications {
			if byWord(p) && v.Result == "planned" && !v.Date.IsZero() && v.Date.Before(p.Today) {
				p.Report(v, "date", "verification %q was planned for %s and has no result", v.ID, v.Date)
			}
		}
	},
})
