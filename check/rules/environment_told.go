package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8001", Severity: diag.Error,
	Title:   "essential requirement on the surroundings missing from the instructions for use",
	Clauses: []string{"mdr.annex-i.17.4", "ivdr.annex-i.16.4", "mdr.annex-i.23.4.ab", "ivdr.annex-i.20.4.1.ah", "mdcg.3.6.i8"},
	Why: "an essential security function rests on something that the operator is never told to provide in the document that goes " +
		"with the device; it will be missing on site",
	Fix: "write the requirement into the instructions for use and name them under `told-in`",
	Bad: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
environment:
  env-segment:
    title: Separate network
    category: network
    text: The device is connected to a network segment of its own.
    essential: true
    rationale: The old results protocol knows no encryption.
    told-in: [doc-guide] # want T8001
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
environment:
  env-segment:
    title: Separate network
    category: network
    text: The device is connected to a network segment of its own.
    essential: true
    rationale: The old results protocol knows no encryption.
    told-in: [doc-ifu]
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			switch {
			case e.Essential != model.Yes || toldIn(e, "ifu"):
			case len(e.Told) == 0:
				p.ReportAbsent(e, []string{"told-in"}, "environment requirement %q is essential, and no document tells it", e.ID)
			default:
				p.Report(e, "told-in", "environment requirement %q is essential, and the instructions for use do not tell it", e.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8002", Severity: diag.Open,
	Title:   "requirement on the surroundings that operators are not told",
	Clauses: []string{"mdcg.2.3.i4", "mdcg.3.6.i8"},
	Why:     "what is expected of the surroundings helps only if the operator knows it",
	Fix:     "name under `told-in` the document for operators that tells it, usually the instructions for use",
	Bad: `
documents:
  doc-plan:
    title: Verification plan
    type: verification-plan
environment:
  env-room: # want T8002
    title: Staff only
    category: physical-access
    text: The device stands in a room that only staff can enter.
  env-training:
    title: Trained staff
    category: user-skills
    text: Whoever operates the device has had the training.
    told-in: [doc-plan] # want T8002
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
environment:
  env-room:
    title: Staff only
    category: physical-access
    text: The device stands in a room that only staff can enter.
    told-in: [doc-ifu]
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			switch {
			case e.Essential == model.Yes: // T8001 asks for the instructions for use
			case len(e.Told) == 0:
				p.ReportAbsent(e, []string{"told-in"}, "environment requirement %q is told in no document", e.ID)
			case !toldAtAll(e):
				p.Report(e, "told-in", "environment requirement %q is told only in documents that operators do not get", e.ID)
			}
		}
	},
})

// toldAtAll reports whether a document that tells operators what to provide has
// the requirement. Lists of software and release notes reach them, and do not.
func toldAtAll(e *model.EnvironmentRequirement) bool {
	return toldIn(e, "ifu", "security-guide", "update-instructions", "label", "training", "mds2", "responsibility-agreement")
}

var _ = add(check.Rule{
	Code: "T8003", Severity: diag.Open,
	Title:   "requirement on the surroundings is not complete",
	Clauses: []string{"mdcg.3.6.i1"},
	Why: "an operator can only provide what is written down; the manufacturer must know who is to provide it and whether an essential " +
		"function rests on it",
	Fix: "write `text` (the sentence that the operator will read), `responsible` and `essential`",
	Bad: `
environment:
  env-room: # want T8003
    title: Staff only
    category: physical-access
`,
	Good: `
environment:
  env-room:
    title: Staff only
    category: physical-access
    text: The device stands in a room that only staff can enter.
    responsible: operator
    essential: false
`,
	Run: func(p *check.Pass) {
		for _, e := range p.File.Environment {
			l := lacks(p, e)
			l.unless(e.Text != "", "text")
			l.unless(e.Responsible != "", "responsible")
			l.unless(e.Essential.Known(), "essential")
			if l.any() {
				p.Report(e, "", "environment requirement %q has no %s", e.ID, l)
			}
		}
	},
})
