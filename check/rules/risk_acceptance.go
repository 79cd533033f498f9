package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6201", Severity: diag.Error,
	Title:   "residual risk above the acceptance policy",
	Clauses: []string{"mdr.annex-i.4", "mdr.annex-i.8", "ivdr.annex-i.4", "ivdr.annex-i.8", "mdcg.3.5.i2"},
	Why: "each residual risk has to be judged acceptable, and acceptable against the benefit; what the manufacturer's own policy " +
		"does not accept needs somebody who did, and the reason why the benefit is worth it",
	Fix: "lower the risk further, or state `acceptance:` (by, date, until, reason) and `benefit-risk:`",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: critical # want T6201
`,
	Good: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls]
    residual:
      exploitability: low
      severity: critical
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2027-06-30
      reason: No further control leaves the order usable in an emergency.
    benefit-risk: Orders from the ward prevent more dosing errors than a forged order could bring about.
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			residual := a.Rate(r.Residual)
			if lacks := unaccepted(p, r); len(lacks) > 0 && a.Scales.Above(residual.At) {
				f := p.Report(r, "residual.severity", "residual risk %q (%s) is above the acceptance policy and has %s",
					r.ID, residual.Levels(), strings.Join(lacks, " and "))
				f.Relate(p.File.Policy, "risk.acceptable", "what the policy accepts")
			}
		}
	},
})

// unaccepted lists what a risk above the policy lacks.
func unaccepted(p *check.Pass, r *model.Risk) []string {
	var lacks []string
	if !accepted(r) && !flawed(p, r, "acceptance") {
		lacks = append(lacks, "no acceptance")
	}
	if r.BenefitRisk == "" && !flawed(p, r, "benefit-risk") {
		lacks = append(lacks, "no benefit-risk reasoning")
	}
	return lacks
}

// accepted tells whether anything is said about an acceptance.
func accepted(r *model.Risk) bool { return r.Acceptance != model.Acceptance{} }

var _ = add(check.Rule{
	Code: "T6202", Severity: diag.Error,
	Title:   "acceptance of a risk that has expired",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdr.annex-i.3.e", "ivdr.annex-i.3.e"},
	Why:     "an acceptance holds until the day it names; after that nobody has judged the risk in the light of what became known since",
	Fix:     "look at the risk again and renew the acceptance with its date, or lower the risk",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2025-06-10
      until: 2026-06-30 # want T6202
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
			if a := r.Acceptance; !a.Until.IsZero() && a.Until.Before(p.Today) && !a.Until.Before(a.Date) {
				p.Report(r, "acceptance.until", "acceptance of risk %q ended on %s", r.ID, a.Until)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6203", Severity: diag.Open,
	Title:   "acceptance of a risk that is not complete",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdcg.3.2.i3"},
	Why:     "an acceptance is a decision of somebody, on a day, for a reason and for a time; without these it cannot be traced or looked at again",
	Fix:     "state `by` (a role), `date`, `until` and `reason` under `acceptance:`",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      date: 2026-06-10 # want T6203
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
			if lacks := acceptanceLacks(p, r); len(lacks) > 0 && accepted(r) {
				p.Report(r, "acceptance", "acceptance of risk %q lacks %s", r.ID, strings.Join(lacks, ", "))
			}
		}
	},
})

func acceptanceLacks(p *check.Pass, r *model.Risk) []string {
	a := r.Acceptance
	return absent(sound(p, r, "acceptance.",
		field{"by", a.By != ""}, field{"date", !a.Date.IsZero()}, field{"until", !a.Until.IsZero()}, field{"reason", a.Reason != ""})...)
}

var _ = add(check.Rule{
	Code: "T6204", Severity: diag.Error,
	Title:   "acceptance whose dates cannot be",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4"},
	Why:     "a decision dated in the future has not been taken, and one that ends before it begins never held",
	Fix:     "give the day of the decision under `date`, and a later day under `until`",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2027-01-10 # want T6204
      until: 2028-06-30
      reason: No further control leaves the order usable.
  rk-replay:
    title: Old order is carried out again
    threats: [th-forged-order]
    acceptance:
      by: Risk board
      date: 2026-06-10
      until: 2026-06-01 # want T6204
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
			if p.Today.Before(a.Date) {
				p.Report(r, "acceptance.date", "acceptance of risk %q is dated %s, which is in the future", r.ID, a.Date)
			}
			if !a.Until.IsZero() && a.Until.Before(a.Date) {
				p.Report(r, "acceptance.until", "acceptance of risk %q ends on %s, before it begins on %s", r.ID, a.Until, a.Date)
			}
		}
	},
})
