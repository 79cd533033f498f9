package rules

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

// reviewedLockout is a risk that two controls lowered when it was reviewed, and
// what it says of them now.
const reviewedLockout = `
-- theriac.yaml --
product:
  name: Example device
  regulation: MDR
  class: IIb
controls:
  ct-lock:
    title: Screen lock
    priority: protective
  ct-badge:
    title: Badge reader
    priority: protective
threats:
  th-stranger:
    title: Stranger at the screen
    category: spoofing
risks:
  rk-stranger:%s
-- theriac.reviews --
theriac reviews 1
link rk-stranger controls ct-badge 0123456789abcdef0123456789abcdef 2026-05-04 Risk manager
`

var _ = add(check.Rule{
	Code: "T2207", Severity: diag.Open,
	Title:   "reviewed link that the file no longer states",
	Clauses: []string{"mdr.annex-i.3", "ivdr.annex-i.3", "mdr.annex-i.17.2", "ivdr.annex-i.16.2"},
	Why: "somebody found a risk low enough with this control, or a requirement shown by this test; now it is gone, and what was " +
		"concluded with its help still stands there as it was",
	Fix: "look whether the rest still suffices, for example the residual risk without the control; then enter it: theriac trace accept ID, " +
		"or --prune for all",
	Bad: fmt.Sprintf(reviewedLockout, ` # want T2207
    title: Stranger at the screen
    threats: [th-stranger]
    controls: [ct-lock]`),
	Good: fmt.Sprintf(reviewedLockout, `
    title: Stranger at the screen
    threats: [th-stranger]
    controls: [ct-lock, ct-badge]`),
	Run: func(p *check.Pass) {
		_, links, _ := p.Reviews() // T2202 speaks of the error
		says, heard := map[model.Entity][]string{}, map[model.Entity][]string{}
		for _, s := range links {
			if s.Status != trace.Gone || s.Whole() {
				continue
			}
			from, to := p.File.Lookup(s.Source), p.File.Lookup(s.Target)
			switch {
			case from != nil && !p.File.Faulty(from):
				says[from] = append(says[from], s.Field+" "+s.Target)
			case from == nil && to != nil:
				heard[to] = append(heard[to], s.Source+" "+s.Field)
			}
		}
		p.File.All(func(e model.Entity) {
			if lost := says[e]; len(lost) > 0 {
				p.Report(e, "", "%s no longer names what was reviewed with it: %s", model.Label(e), strings.Join(lost, ", "))
			}
			if lost := heard[e]; len(lost) > 0 {
				p.Report(e, "", "%s was reviewed as named by what no longer exists: %s", model.Label(e), strings.Join(lost, ", "))
			}
		})
	},
})
