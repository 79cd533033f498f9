package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6211", Severity: diag.Error,
	Title:   "risk controlled by information alone",
	Clauses: []string{"mdr.annex-i.4", "ivdr.annex-i.4", "mdcg.3.3.i4", "ig-nb.3.6"},
	Why: "the order of priority puts safe design first, protective measures second and information last; to leave a risk to the " +
		"reader of the instructions needs the reason why the device cannot do it",
	Fix: "add a control of priority design or protective, or give the reason under `priority-justification:`",
	Bad: ladder + `
  ct-warning:
    title: Warning in the instructions for use
    priority: information
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    controls: [ct-warning] # want T6211
`,
	Good: ladder + `
  ct-warning:
    title: Warning in the instructions for use
    priority: information
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    controls: [ct-warning, ct-tls]
  rk-shoulder:
    title: Screen is read by a visitor
    threats: [th-forged-order]
    controls: [ct-warning]
    priority-justification: The screen must stay readable for staff at the bed; a filter would hide alarms from the side.
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if highest := highestPriority(r); highest == "information" && r.Priority == "" && !flawed(p, r, "priority-justification") {
				p.Report(r, "controls", "risk %q is controlled by information alone", r.ID)
			}
		}
	},
})

// highestPriority is the first in the order of Annex I 4 among the controls of
// a risk, or "" when it has none.
func highestPriority(r *model.Risk) model.ControlPriority {
	var highest model.ControlPriority
	for c := range model.Targets(r.Controls) {
		switch c.Priority {
		case "design":
			return "design"
		case "protective":
			highest = "protective"
		case "information":
			if highest == "" {
				highest = "information"
			}
		}
	}
	return highest
}

var _ = add(check.Rule{
	Code: "T6212", Severity: diag.Warning,
	Title:   "gravest risk without a design measure",
	Clauses: []string{"mdr.annex-i.4.a", "ivdr.annex-i.4.a", "mdcg.3.3.i4", "ig-nb.3.6"},
	Why: "where the worst harm of the scale can follow, a reviewer asks first what the design does against it, before any " +
		"measure that only protects",
	Fix: "name the design measure that lowers the risk under `controls:`, or say under `priority-justification:` why there is none",
	Bad: ladder + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls] # want T6212
`,
	Good: ladder + `
  ct-hard-limits:
    title: Hard limits in the therapy controller
    priority: design
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
    controls: [ct-tls, ct-hard-limits]
  rk-replay:
    title: Old order is carried out again
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: serious
    controls: [ct-tls]
`,
	Run: func(p *check.Pass) {
		s := risk.Of(p.File).Scales
		for _, r := range p.File.Risks {
			gravest := s.Gravest() > 0 && s.Severity(r.Initial.Severity) == s.Gravest()
			if gravest && r.Priority == "" && !flawed(p, r, "priority-justification") && highestPriority(r) == "protective" {
				p.Report(r, "controls", "risk %q is of severity %q, the highest, and none of its controls is a design measure", r.ID, r.Initial.Severity)
			}
		}
	},
})
