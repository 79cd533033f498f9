package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T7001", Severity: diag.Open,
	Title:   "requirement without text",
	Clauses: []string{"mdcg.practice.2", "62443-4-1.sr-3", "81001-5-1.5.2.1"},
	Why:     "a requirement is what tests are derived from and what design is measured by; a title alone leaves open what must hold",
	Fix:     "write one testable sentence under `text:`",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock: # want T7001
    title: Screen lock
    implements: [ct-lock]
`,
	Good: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Requirements {
			if strings.TrimSpace(r.Text) == "" {
				p.ReportAbsent(r, []string{"text"}, "requirement %q has no text", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7002", Severity: diag.Warning,
	Title:   "requirement that belongs to nothing",
	Clauses: []string{"mdcg.practice.2", "62443-4-1.sr-4"},
	Why: "security requirements come from risk control; one that makes no control concrete and that no element has to meet cannot " +
		"be traced in either direction",
	Fix: "name the controls that it makes concrete under `implements:`, or the elements that must meet it under `for:`",
	Bad: `
requirements:
  rq-lock: # want T7002
    title: Screen lock
    text: The screen locks after five minutes without input.
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    for: [app-ui]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Requirements {
			if len(r.Implements) == 0 && len(r.For) == 0 {
				p.ReportAbsent(r, []string{"implements", "for"}, "requirement %q implements no control and is for no element", r.ID)
			}
		}
	},
})

// vague finds words that leave open when a requirement is met.
var vague = lazyregexp.New(`(?i)\b(adequate(ly)?|appropriate(ly)?|sufficient(ly)?|reasonabl[ey]|as far as possible|(where|if|when) possible|` +
	`state[- ]of[- ]the[- ]art|best effort|and so on|etc)\b|\b(?:is|are|be|stays?|remains?) secure\s*([.,;]|$)`)

var _ = add(check.Rule{
	Code: "T7003", Severity: diag.Warning,
	Title:   "requirement that cannot be tested as written",
	Clauses: []string{"mdcg.3.7.i1", "62443-4-1.svv-1", "81001-5-1.5.7.1"},
	Why: "testing shows that a requirement is met; words such as `adequate` leave that to whoever tests, and a reviewer asks what " +
		"was measured",
	Fix: "replace the vague word by the measure: a number, a named mechanism, a list, or the standard's exact option",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after an appropriate time without input. # want T7003
    implements: [ct-lock]
`,
	Good: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input; secure boot and a secure element keep the setting.
    implements: [ct-lock]
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Requirements {
			if word := strings.Trim(vague.FindString(strings.Join(strings.Fields(r.Text), " ")), " .,;"); word != "" {
				p.Report(r, "text", "requirement %q cannot be tested as written: %q", r.ID, word)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7004", Severity: diag.Open,
	Title:   "requirement that nothing verifies",
	Clauses: []string{"mdr.annex-i.17.2", "ivdr.annex-i.16.2", "mdcg.3.7.i1", "81001-5-1.5.7.1"},
	Why:     "verification and validation show that each security requirement is met; a requirement without a test is a promise",
	Fix:     "name the requirement under `verifies:` of a verification, planned ones included",
	Bad: `
components:
  app-ui:
    title: User interface
    type: application
requirements:
  rq-lock: # want T7004
    title: Screen lock
    text: The screen locks after five minutes without input.
    for: [app-ui]
  rq-tls:
    title: TLS
    text: Connections use TLS 1.3 with certificates on both sides.
    for: [app-ui]
verifications:
  vf-tls:
    title: Test of connections
    verifies: [rq-tls]
`,
	Good: `
components:
  app-ui:
    title: User interface
    type: application
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    for: [app-ui]
verifications:
  vf-lock:
    title: Test of the screen lock
    verifies: [rq-lock]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Verifications) == 0 || flawedIn(p, p.File.Verifications, "verifies") {
			return // the question verification.requirements, or a finding about form, says so
		}
		for _, r := range p.File.Requirements {
			if len(model.Users[*model.Verification](r, "verifies")) == 0 {
				p.Report(r, "", "requirement %q is verified by nothing", r.ID)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7005", Severity: diag.Open,
	Title:   "control that no requirement makes concrete",
	Clauses: []string{"mdcg.practice.2", "62443-4-1.sr-3", "81001-5-1.5.2.1"},
	Why: "a control describes a measure; only a requirement says what exactly has to be built and tested, so that risk control can " +
		"be shown to be in place",
	Fix: "write a requirement and name the control under its `implements:`",
	Bad: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
  ct-tls: # want T7005
    title: Mutual TLS
    priority: protective
    by: device
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Good: `
controls:
  ct-lock:
    title: Screen locks when idle
    priority: protective
  ct-warning:
    title: Warning in the instructions for use
    priority: information
  ct-firewall:
    title: Firewall of the hospital
    priority: protective
    by: environment
requirements:
  rq-lock:
    title: Screen lock
    text: The screen locks after five minutes without input.
    implements: [ct-lock]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Requirements) == 0 || flawedIn(p, p.File.Requirements, "implements") {
			return // the question requirements.controls, or a finding about form, says so
		}
		for _, c := range p.File.Controls {
			if byManufacturer(c) && len(model.Users[*model.Requirement](c, "implements")) == 0 {
				p.Report(c, "", "control %q is made concrete by no requirement", c.ID)
			}
		}
	},
})

// byManufacturer tells whether the manufacturer builds or runs the control. What users are
// told, and what their surroundings provide, is required elsewhere.
func byManufacturer(c *model.Control) bool {
	return (onDevice(c) || c.By == "manufacturer") && c.Priority != "information"
}
