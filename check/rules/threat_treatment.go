package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T6001", Severity: diag.Open,
	Title:   "threat that no risk treats",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "mdcg.3.2.i3", "ig-nb.3.3"},
	Why: "a threat that is written down but neither estimated nor set aside is an open end of the risk analysis; a reviewer " +
		"follows each threat to its risk",
	Fix: "name the threat under `threats:` of a risk, or say under its `not-applicable:` why it needs none",
	Bad: `
threats:
  th-sniffing: # want T6001
    title: Results read on the network
    category: disclosure
`,
	Good: `
threats:
  th-sniffing:
    title: Results read on the network
    category: disclosure
  th-laser:
    title: Screen read from another building
    category: disclosure
    not-applicable: The screen shows no personal data while nobody is logged in, and faces the bed.
risks:
  rk-disclosure:
    title: Results become known
    threats: [th-sniffing]
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Risks, "threats") {
			return
		}
		for _, t := range p.File.Threats {
			if t.NotApplicable == "" && len(model.Users[*model.Risk](t, "threats")) == 0 {
				p.ReportAbsent(t, []string{"not-applicable"}, "threat %q is treated by no risk and not set aside", t.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T6002", Severity: diag.Error,
	Title:   "threat both treated and set aside",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "ig-nb.3.3"},
	Why:     "a threat that is said not to apply and is nevertheless part of a risk makes one of the two statements untrue",
	Fix:     "remove `not-applicable:` from the threat, or the threat from the risk",
	Bad: `
threats:
  th-usb:
    title: Malicious device at the service port
    category: tampering
    not-applicable: The port is behind a screwed cover and switched off in the shipped device. # want T6002
risks:
  rk-usb:
    title: Software changed through the service port
    threats: [th-usb]
`,
	Good: `
threats:
  th-usb:
    title: Malicious device at the service port
    category: tampering
risks:
  rk-usb:
    title: Software changed through the service port
    threats: [th-usb]
`,
	Run: func(p *check.Pass) {
		for _, t := range p.File.Threats {
			risks := model.Users[*model.Risk](t, "threats")
			if t.NotApplicable != "" && len(risks) > 0 {
				p.Report(t, "not-applicable", "threat %q is set aside as not applicable, and risk %q treats it", t.ID, risks[0].ID).
					Relate(risks[0], "threats", "treated here")
			}
		}
	},
})

// reasonLetters is the length below which a text cannot hold a fact and what
// follows from it ("not relevant", "see above").
const reasonLetters = 20

var _ = add(check.Rule{
	Code: "T6003", Severity: diag.Warning,
	Title:   "threat set aside without a real reason",
	Clauses: []string{"mdcg.3.4.i2", "ig-nb.3.3"},
	Why:     "a reviewer who finds a threat set aside asks why; two words are not a reason that can be checked against the design",
	Fix:     "name the fact of the design or of the intended environment for which the threat cannot come true, or treat it in a risk",
	Bad: `
threats:
  th-usb:
    title: Malicious device at the service port
    category: tampering
    not-applicable: not relevant # want T6003
`,
	Good: `
threats:
  th-usb:
    title: Malicious device at the service port
    category: tampering
    not-applicable: The shipped device has no USB port; the connector is not fitted on the board.
`,
	Run: func(p *check.Pass) {
		for _, t := range p.File.Threats {
			reason := strings.Join(strings.Fields(t.NotApplicable), " ")
			if reason != "" && len(reason) < reasonLetters {
				p.Report(t, "not-applicable", "threat %q is set aside with the words %q, which give no reason", t.ID, reason)
			}
		}
	},
})
