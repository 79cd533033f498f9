package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// Intervals beyond which a reviewer asks. No clause names figures; penetration
// tests are usually repeated each year, processes reviewed each year as well.
var (
	longestUntested = model.MustDuration("2 years")
	longestReview   = model.MustDuration("3 years")
)

var _ = add(check.Rule{
	Code: "T7116", Severity: diag.Warning,
	Title:   "policy lets penetration tests grow old",
	Clauses: []string{"sota.penetration-test", "mdcg.3.8.i2"},
	Why:     "security changes quickly: in more than two years new ways of attack appear that the last test did not try",
	Fix:     "shorten `policy.evidence.penetration-test`, best to one year, and test again after changes that matter",
	Bad: `
policy:
  evidence:
    penetration-test: 5 years # want T7116
`,
	Good: `
policy:
  evidence:
    penetration-test: 1 year
`,
	Run: func(p *check.Pass) {
		if pol := p.File.Policy; pol != nil && pol.Evidence.PenetrationTest.Longer(longestUntested) {
			p.Report(pol, "evidence.penetration-test", "the policy lets %s pass between penetration tests", pol.Evidence.PenetrationTest)
		}
	},
})

var _ = add(check.Rule{
	Code: "T9005", Severity: diag.Warning,
	Title:   "process is reviewed too rarely",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8", "62443-4-1.sm-13", "81001-5-1.4.1.6"},
	Why:     "the quality management system is kept up to date and improved; a practice that nobody looks at for more than three years is not",
	Fix:     "shorten `review-interval:`, usually to one year",
	Bad: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    reviewed: 2026-09-01
    review-interval: 5 years # want T9005
`,
	Good: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    reviewed: 2026-09-01
    review-interval: 1 year
`,
	Run: func(p *check.Pass) {
		for _, pr := range p.File.Processes {
			if pr.Review.Longer(longestReview) {
				p.Report(pr, "review-interval", "process %q is reviewed only each %s", pr.ID, pr.Review)
			}
		}
	},
})
