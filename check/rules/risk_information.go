package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

var _ = add(check.Rule{
	Code: "T6501", Severity: diag.Open,
	Title:   "residual risk that users are not told about",
	Clauses: []string{"mdr.annex-i.4", "mdr.annex-i.23.1.g", "ivdr.annex-i.4", "ivdr.annex-i.20.1.g"},
	Why: "users have to learn of the residual risks, as limitations, precautions or warnings; for a risk above the acceptance " +
		"policy a reviewer looks for the place where they do",
	Fix: "name the document that tells them under `information:` of the risk, usually the instructions for use",
	Bad: ladder + `
risks:
  rk-order: # want T6501
    title: Wrong order is carried out
    threats: [th-forged-order]
    residual:
      exploitability: low
      severity: critical
    acceptance:
      by: Risk board
      date: 2026-06-10
  rk-replay: # want T6501
    title: Old order is carried out again
    threats: [th-forged-order]
    residual:
      exploitability: low
      severity: minor
    acceptance:
      by: Risk board
      date: 2026-06-10
`,
	Good: ladder + `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    residual:
      exploitability: low
      severity: critical
    acceptance:
      by: Risk board
      date: 2026-06-10
    information: [doc-ifu]
  rk-sniffing:
    title: Order is read
    threats: [th-forged-order]
    residual:
      exploitability: low
      severity: minor
`,
	Run: func(p *check.Pass) {
		a := risk.Of(p.File)
		for _, r := range p.File.Risks {
			if len(r.Information) > 0 {
				continue
			}
			switch residual := a.Rate(r.Residual); {
			case !accepted(r): // above the policy, T6201 speaks
			case a.Scales.Above(residual.At):
				p.ReportAbsent(r, []string{"information"}, "no document tells users about residual risk %q (%s), which is above the acceptance policy", r.ID, residual.Levels())
			default:
				p.ReportAbsent(r, []string{"information"}, "no document tells users about residual risk %q, which was accepted", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6502", Severity: diag.Warning,
	Title:   "residual risk told in a document that users do not get",
	Clauses: []string{"mdr.annex-i.23.1.g", "ivdr.annex-i.20.1.g"},
	Why: "residual risks belong into the information that comes with the device; a report in the technical documentation tells " +
		"the manufacturer, not the user",
	Fix: "name the instructions for use, the label or the security guide under `information:`",
	Bad: ladder + `
documents:
  doc-risk-report:
    title: Security risk management report
    type: security-risk-report
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    information: [doc-risk-report] # want T6502
`,
	Good: ladder + `
documents:
  doc-risk-report:
    title: Security risk management report
    type: security-risk-report
  doc-ifu:
    title: Instructions for use
    type: ifu
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    information: [doc-ifu, doc-risk-report]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if doc := hidden(r.Information); doc != nil {
				p.Report(r, "information", "users are told about residual risk %q only in %q (%s), which they do not get", r.ID, doc.ID, doc.Type)
			}
		}
	},
})

// hidden returns the first document of a list in which users read nothing, or
// nil where there is one that they get.
func hidden(docs []model.Ref[*model.Document]) *model.Document {
	var first *model.Document
	for d := range model.Targets(docs) {
		switch d.Type {
		case "ifu", "security-guide", "label", "": // a type that cannot be read may be any
			return nil
		}
		if first == nil {
			first = d
		}
	}
	return first
}
