package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

// reviewedLock is a requirement, its verification, and what stands before the
// line of the review file that speaks of them.
const reviewedLock = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
requirements:
  rq-lock:%s
    title: Screen lock
    text: The screen locks after 5 minutes without input.
verifications:
  vf-lock:
    title: Screen lock test
    method: security-feature-test
    verifies: [rq-lock]
-- theriac.reviews --
theriac reviews 1
`

var (
	lockChanged = fmt.Sprintf(reviewedLock, " # want T2201")
	lockCurrent = fmt.Sprintf(reviewedLock, "")
)

var _ = add(check.Rule{
	Code: "T2201", Severity: diag.Open,
	Title:   "changed since what rests on it was reviewed",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3", "mdr.annex-i.17.2", "ivdr.annex-i.16.2"},
	Why: "somebody found that the two fit together, but that was before the change: a test of the old requirement, or a control " +
		"against the old threat, may no longer do",
	Fix: "look at what it lists again and change what no longer fits; then enter the review: theriac trace accept, with the ids of the list",
	Bad: lockChanged + `link vf-lock verifies rq-lock 0123456789abcdef0123456789abcdef 2026-05-04 Test lead
`,
	Good: lockCurrent + `link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 2026-05-04 Test lead
`,
	Run: func(p *check.Pass) {
		_, links, _ := p.Reviews() // T2202 speaks of the error
		if len(links) == 0 {
			return
		}
		reopened := reopenedTargets(p)
		groups := map[model.Entity][]trace.State{}
		for _, s := range links {
			// What cannot be read in full says nothing yet, changed or not.
			if s.Status == trace.Suspect && !s.Whole() && !reopened[[2]model.Entity{s.From, s.To}] && !p.File.Faulty(s.To) && !p.File.Faulty(s.From) {
				groups[s.To] = append(groups[s.To], s)
			}
		}
		p.File.All(func(e model.Entity) {
			if group := groups[e]; len(group) > 0 {
				suspect(p, e, group)
			}
		})
	},
})

var _ = add(check.Rule{
	Code: "T2206", Severity: diag.Open,
	Title:   "document or test that rests on something which has changed",
	Clauses: []string{"mdr.art.10.4", "ivdr.art.10.4", "mdr.annex-i.3", "ivdr.annex-i.3"},
	Why: "instructions that list the interfaces, a threat model of the architecture or a penetration test are right only for the " +
		"device that they were made for; a new interface or a changed risk makes them incomplete although nobody touched them",
	Fix: "bring the document up to date or repeat the test, then enter the review: theriac trace accept",
	Bad: fmt.Sprintf(describedPorts, " # want T2206") + `link doc-ifu rests-on interfaces 0123456789abcdef0123456789abcdef 2026-05-04 Technical writer
`,
	Good: fmt.Sprintf(describedPorts, "") + `link doc-ifu rests-on interfaces ` + describedPortsDigest + ` 2026-05-04 Technical writer
`,
	Run: func(p *check.Pass) {
		_, links, _ := p.Reviews() // T2202 speaks of the error
		changed := map[model.Entity][]trace.State{}
		for _, s := range links {
			if s.Status == trace.Suspect && s.Whole() {
				changed[s.From] = append(changed[s.From], s)
			}
		}
		p.File.All(func(e model.Entity) {
			if list := changed[e]; len(list) > 0 {
				var kinds []string
				for _, s := range list {
					kinds = append(kinds, s.Target)
				}
				p.Report(e, "", "%s rests on parts of the file that changed since %s (%s): %s", model.Label(e), list[0].Line.Date, list[0].Line.By,
					strings.Join(kinds, ", "))
			}
		})
	},
})

// describedPorts is a device with its instructions, and what stands before the
// line of the review file that speaks of them.
const describedPorts = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
components:
  gateway:
    title: Communication module
    type: hardware
interfaces:
  if-hl7:
    title: HL7 orders
    component: gateway
    medium: ethernet
    exposure: site
documents:
  doc-ifu:%s
    title: Instructions for use
    type: ifu
    status: approved
-- theriac.reviews --
theriac reviews 1
`

// describedPortsDigest is the digest of the interfaces of the examples.
const describedPortsDigest = "331fb44ce875d4036ac22225fa5ddc29"

// lockRequirementDigest is the digest of requirement rq-lock of the examples.
const lockRequirementDigest = "9fa83a5be4a04e9c856a4451eb5ff3aa"

// suspect reports the links to something that has changed: one change is one
// finding, whatever rests on it.
func suspect(p *check.Pass, to model.Entity, group []trace.State) {
	const most, shown = 12, 5
	var names []string
	for _, s := range group[:min(most, len(group))] {
		names = append(names, fmt.Sprintf("%s (%s)", s.Source, trace.Says(s.From, s.Field)))
	}
	if n := len(group) - most; n > 0 {
		names = append(names, fmt.Sprintf("and %d more", n))
	}
	f := p.Report(to, "", "%s has changed since what rests on it was reviewed: %s", model.Label(to), strings.Join(names, ", "))
	for _, s := range group[:min(shown, len(group))] {
		f.Relate(s.From, s.At, "reviewed on %s by %s", s.Line.Date, s.Line.By)
	}
}

// reopenedTargets are threats with elements of which T6012 speaks.
func reopenedTargets(p *check.Pass) map[[2]model.Entity]bool {
	pairs := map[[2]model.Entity]bool{}
	for _, row := range unanswered(p, threat.Reopened) {
		for _, d := range row.threats {
			for _, t := range d.By {
				pairs[[2]model.Entity{t, d.Element}] = true
			}
		}
	}
	return pairs
}

var _ = add(check.Rule{
	Code: trace.CodeReview, Severity: diag.Error,
	Title:   "review file that cannot be understood",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3"},
	Why:     "theriac.reviews says which links somebody looked at; what cannot be read there counts as not reviewed, although somebody may rely on it",
	Fix:     "restore the line from version control, or remove it and review the link again: theriac trace accept",
	Bad: lockCurrent + `link vf-lock verifies rq-lock 2026-05-04 Test lead # want T2202
`,
	Good: lockCurrent + `link vf-lock verifies rq-lock ` + lockRequirementDigest + ` 2026-05-04 Test lead
`,
	Run: func(p *check.Pass) {
		r, _, err := p.Reviews()
		if err != nil {
			if path, ok := errors.AsType[*fs.PathError](err); ok {
				err = path.Err
			}
			p.Report(p.File.Product, "", "%s cannot be read: %v", trace.ReviewFile, err).Fix("make it readable")
			return
		}
		for _, found := range r.Findings {
			f := p.Report(p.File.Product, "", "%s", found.Message).Fix("%s", found.Help)
			f.Span, f.Entity = found.Span, ""
		}
	},
})
