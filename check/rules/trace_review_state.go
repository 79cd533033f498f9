package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

var _ = add(check.Rule{
	Code: "T2208", Severity: diag.Note,
	Title:   "links that nobody has reviewed",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3"},
	Why: "once a team reviews what is linked, a link without a review is new, or its line was taken out of the review file; a change of " +
		"what it names would go unseen",
	Fix: "look at what `theriac trace suspects --unreviewed` lists, and enter it: theriac trace accept",
	Bad: unreviewedLock,
	Good: lockCurrent + `link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 2026-05-04 Test lead
`,
	Run: func(p *check.Pass) {
		r, links, err := p.Reviews()
		if err != nil || len(r.Links) == 0 {
			return // nothing is reviewed yet
		}
		n := 0
		var first trace.State
		for _, s := range links {
			if s.Status != trace.Unreviewed {
				continue
			}
			if n++; n == 1 {
				first = s
			}
		}
		if n > 0 {
			p.Report(p.File.Product, "", "%s nobody has reviewed", count(n, "link")+" that").Relate(first.From, first.At, "the first")
		}
	},
})

// unreviewedLock has two requirements and a review of the link to one.
const unreviewedLock = `
-- theriac.yaml --
product: # want T2208
  name: Example device
  regulation: MDR
  class: IIb
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after 5 minutes without input.
  rq-unlock:
    title: Unlocking
    text: The screen is unlocked by badge and PIN.
verifications:
  vf-lock:
    title: Screen lock test
    method: security-feature-test
    verifies: [rq-lock, rq-unlock]
-- theriac.reviews --
theriac reviews 1
link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 2026-05-04 Test lead
`

var _ = add(check.Rule{
	Code: "T2209", Severity: diag.Error,
	Title:   "review dated in the future",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3"},
	Why:     "a record of something that has not happened yet is false, and makes the others doubtful",
	Fix:     "review what is linked, and enter it with today's date: theriac trace accept",
	Bad: lockCurrent + `link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 9999-12-31 Test lead # want T2209
`,
	Good: lockCurrent + `link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 2026-05-04 Test lead
`,
	Run: func(p *check.Pass) {
		r, _, err := p.Reviews()
		if err != nil || r.Source == nil {
			return
		}
		report := func(line int, day model.Date) {
			if p.Today.Before(day) {
				f := p.Report(p.File.Product, "", "review of %s lies in the future", day)
				f.Span, f.Entity = r.Source.LineSpan(line), ""
			}
		}
		for _, l := range r.Links {
			report(l.Line, l.Date)
		}
		for _, d := range r.Derived {
			report(d.Line, d.Date)
		}
	},
})
