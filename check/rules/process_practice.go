package rules

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T9001", Severity: diag.Warning,
	Title:   "metric without an aim",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8", "62443-4-1.sm-13", "81001-5-1.4.1.6"},
	Why:     "a figure shows whether a practice works only against an aim; a reviewer asks which value would have led to action",
	Fix:     "state the aim with its unit under `target:`",
	Bad: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    metrics:
      - name: days from report to first answer # want T9001
`,
	Good: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    metrics:
      - name: days from report to first answer
        target: at most 3 days
`,
	Run: func(p *check.Pass) {
		for _, pr := range p.File.Processes {
			for i, m := range pr.Metrics {
				if strings.TrimSpace(m.Target) == "" && !flawed(p, pr, "metrics.target") {
					p.Report(pr, indexed("metrics", i)+".name", "metric %q of process %q has no target", m.Name, pr.ID)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T9002", Severity: diag.Warning,
	Title:   "two processes for one practice",
	Clauses: []string{"mdcg.3.1.i1"},
	Why:     "the guidance names each practice once; with two descriptions and two owners a reviewer asks which of them holds",
	Fix:     "describe the practice once, or correct `practice:` of one of the two",
	Bad: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
  pr-psirt:
    title: Product security response
    practice: management-of-security-issues # want T9002
`,
	Good: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
  pr-updates:
    title: Security updates
    practice: update-management
`,
	Run: func(p *check.Pass) {
		first := map[model.Practice]*model.Process{}
		for _, pr := range p.File.Processes {
			if other := first[pr.Practice]; other != nil {
				p.Report(pr, "practice", "processes %q and %q are both for practice %q", other.ID, pr.ID, pr.Practice).Relate(other, "practice", "first process")
				continue
			}
			first[pr.Practice] = pr
		}
	},
})

var _ = add(check.Rule{
	Code: "T9003", Severity: diag.Warning,
	Title:   "review of a process that is overdue",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8", "62443-4-1.sm-13", "81001-5-1.4.1.6"},
	Why:     "the manufacturer's own interval has passed; a reviewer asks whether the practice is still looked after",
	Fix:     "review the process and give the day under `reviewed:`, or change `review-interval:`",
	Bad: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    reviewed: 2025-09-01 # want T9003
    review-interval: 1 year
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
			if pr.Reviewed.IsZero() || pr.Review.IsZero() {
				continue
			}
			if due := pr.Reviewed.Add(pr.Review); due.Before(p.Today) {
				p.Report(pr, "reviewed", "review of process %q was due on %s", pr.ID, due)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T9004", Severity: diag.Error,
	Title:   "review of a process in the future",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8"},
	Why:     "a review that is still to come has not taken place; the documents would claim one that did",
	Fix:     "give the day of the last review that took place",
	Bad: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    reviewed: 2027-09-01 # want T9004
`,
	Good: `
processes:
  pr-issues:
    title: Handling of security issues
    practice: management-of-security-issues
    reviewed: 2026-09-01
`,
	Run: func(p *check.Pass) {
		for _, pr := range p.File.Processes {
			if p.Today.Before(pr.Reviewed) {
				p.Report(pr, "reviewed", "last review of process %q is dated %s, which is in the future", pr.ID, pr.Reviewed)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T9901", Severity: diag.Open,
	Title: "practice of secure development not described",
	Why: "MDCG 2019-16 section 3.1 names eight practices that together make a secure life cycle; a reviewer asks for each who answers " +
		"for it, what is done, who takes part, what comes out and whether it works",
	Fix: "describe the practice under `processes:` with `owner`, `policy`, `roles`, `metrics`, `artefacts`, `reviewed` and `review-interval`",
	Bad: `
processes:
  pr-security:
    title: Security management
    practice: security-management
    owner: Head of product security
`,
	Good: `
documents:
  doc-plan:
    title: Secure development plan
    type: development-plan
processes:
  pr-security:
    title: Security management
    practice: security-management
    owner: Head of product security
    policy: Security work is planned for each project and followed at each gate.
    roles: [project lead, security engineer]
    metrics:
      - name: gates passed with an open security task
        target: none
    artefacts: [doc-plan]
    reviewed: 2026-09-01
    review-interval: 1 year
`,
	Questions: practiceQuestions(),
	Ask: func(p *check.Pass, question string) check.Answer {
		practice := model.Practice(strings.TrimPrefix(question, "practice."))
		var a check.Answer
		for _, pr := range p.File.Processes {
			if pr.Practice != practice {
				continue
			}
			a.By = append(a.By, pr)
			if lacks := absent(sound(p, pr, "", processFields(pr)...)...); len(lacks) > 0 {
				a.Missing = append(a.Missing, stated(fmt.Sprintf("process %q", pr.ID), lacks)...)
				a.At, a.Entity = pr.Here(), pr.ID
			}
		}
		if len(a.By) == 0 {
			a.Missing = []string{fmt.Sprintf("no process describes the practice %q", practice)}
			a.Elsewhere = misnamed(p)
		}
		return a
	},
})

// misnamed tells whether some process is for a practice that cannot be the one
// meant: it is taken (T9002) or unknown.
func misnamed(p *check.Pass) bool {
	taken := map[model.Practice]bool{}
	for _, pr := range p.File.Processes {
		if taken[pr.Practice] {
			return true
		}
		taken[pr.Practice] = true
	}
	return flawedIn(p, p.File.Processes, "practice")
}

// practiceQuestions names one question for each practice, the first in order
// first.
func practiceQuestions() []string {
	var names []string
	for _, v := range model.Practice("").Values() {
		names = append(names, "practice."+v.Name)
	}
	return names
}

func processFields(pr *model.Process) []field {
	return []field{
		{"owner", pr.Owner != ""}, {"policy", pr.Policy != ""}, {"roles", len(pr.Roles) > 0}, {"metrics", len(pr.Metrics) > 0},
		{"artefacts", len(pr.Artefacts) > 0}, {"reviewed", !pr.Reviewed.IsZero()}, {"review-interval", !pr.Review.IsZero()}}
}
