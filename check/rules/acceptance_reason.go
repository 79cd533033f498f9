package rules

import (
	"strings"
	"unicode/utf8"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// longestAcceptance is how long an acceptance of a risk may stand before a
// reviewer asks. No clause names a figure; certificates of notified bodies end after five years
// at the latest (MDR Art. 56(2), IVDR Art. 51(2)).
var longestAcceptance = model.MustDuration("5 years")

var _ = add(check.Rule{
	Code: "T6205", Severity: diag.Warning,
	Title:   "acceptance of a risk for more than five years",
	Clauses: []string{"mdr.annex-i.3.e", "ivdr.annex-i.3.e"},
	Why:     "the risk file is brought up to date with what is learned in the field; what attackers can do changes faster than that, and the judgement with it",
	Fix:     "give an earlier day under `until:`, best that of the next regular review",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2036-06-30 # want T6205
      reason: No further control leaves the order usable.
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2027-06-30
      reason: No further control leaves the order usable.
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			a := r.Acceptance
			from := a.Date
			if from.IsZero() {
				from = p.Today
			}
			if from.Add(longestAcceptance).Before(a.Until) {
				p.Report(r, "acceptance.until", "acceptance of risk %q stands until %s, more than %s", r.ID, a.Until, longestAcceptance)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6206", Severity: diag.Warning,
	Title:   "reason for accepting a risk says too little",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdcg.3.2.i3"},
	Why:     "whoever looks at the risk again must be able to tell whether the reason still holds",
	Fix:     "say why no further control is reasonable and why what remains can be borne",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2027-06-30
      reason: tolerable # want T6206
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2027-06-30
      reason: No further control leaves the order usable.
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if reason := strings.TrimSpace(r.Acceptance.Reason); reason != "" && utf8.RuneCountInString(reason) < shortReason {
				p.Report(r, "acceptance.reason", "%q does not say why risk %q is accepted", reason, r.ID)
			}
		}
	},
})
