package rules

import (
	"fmt"
	"strings"
	"testing"

	"theriac/check"
)

// rated is a risk on the scales of ladder, with levels as "exploitability/severity"
// and further lines. The levels of the residual score can carry a mark each.
func rated(initial, residual string, more ...string) string {
	text := ladder + "risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n"
	for _, s := range []struct{ name, levels string }{{"initial", initial}, {"residual", residual}} {
		if exploitability, severity, ok := strings.Cut(s.levels, "/"); ok {
			text += fmt.Sprintf("    %s:\n      exploitability: %s\n      severity: %s\n", s.name, exploitability, severity)
		}
	}
	for _, line := range more {
		text += "    " + line + "\n"
	}
	return text
}

// unscaled is a file whose risks have levels, but no policy that orders them.
const unscaled = `threats:
  th-a:
    title: Forged order
    category: spoofing
risks:
  rk:
    title: Risk
    threats: [th-a]
    initial:
      exploitability: low
      severity: low
    residual:
      exploitability: high
      severity: high
`

func TestRiskScores(t *testing.T) {
	for _, m := range []marked{
		{"nothing stated is one finding", "T6101", `threats:
  th-a:
    title: Forged order
    category: spoofing
risks:
  rk: # want T6101
    title: Risk
    threats: [th-a]
`},
		{"cause removed leaves nothing to estimate", "T6101", ladder + `risks:
  rk:
    title: Risk
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
      rationale: Public tools.
    decision: avoid
  rk-2: # want T6101
    title: Risk
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
      rationale: Public tools.
`},
		{"residual severity missing", "T6101", ladder + `risks:
  rk: # want T6101
    title: Risk
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: minor
      rationale: Public tools.
    residual:
      exploitability: low
    decision: reduce
`},
		{"no scale, no finding", "T6102", unscaled},
		{"residual off the scale", "T6102", rated("high/minor", "lo # want T6102/minor")},
		{"level twice", "T6103", `policy:
  risk:
    exploitability: [low, low, high] # want T6103
    severity: [minor, serious]
`},
		{"line twice", "T6103", `policy:
  risk:
    exploitability: [low, high]
    severity: [minor, serious]
    acceptable:
      - exploitability: low
        severity: serious
      - exploitability: low # want T6103
        severity: minor
`},
		{"same severity throughout, in any order", "T6103", `policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious]
    acceptable:
      - exploitability: high
        severity: minor
      - exploitability: low
        severity: minor
`},
		{"no policy", "T6103", unscaled},
		{"no scale, no comparison", "T6104", unscaled},
		{"severity rises", "T6104", rated("high/minor", "low/serious # want T6104")},
		{"equal", "T6104", rated("high/minor", "high/minor")},
		{"equal without controls", "T6105", rated("high/minor", "high/minor")},
		{"one falls", "T6105", rated("high/minor", "low/minor", "controls: [ct-tls]")},
		{"severity falls without control", "T6106", rated("high/serious", "high/minor # want T6106")},
		{"one falls, one rises is another finding", "T6106", rated("high/minor", "low/serious")},
		{"cause removed", "T6106", rated("high/serious", "low/minor", "decision: avoid")},
		{"exploitability falls alone", "T6107", rated("high/serious", "low/serious", "controls: [ct-tls]")},
		{"cause removed", "T6107", rated("high/serious", "low/minor", "decision: avoid")},
		{"accepted with a control that lowers nothing is another finding", "T6108", rated("high/minor", "high/minor", "controls: [ct-tls]", "decision: accept")},
		{"reduced without control and lower is another finding", "T6108", rated("high/minor", "low/minor", "decision: reduce")},
		{"transferred", "T6108", rated("high/minor", "high/minor", "decision: transfer")},
	} {
		m.run(t)
	}
}

func TestRiskAcceptance(t *testing.T) {
	const reasoned, signed = "benefit-risk: Worth it.", "acceptance: {by: Board, date: 2026-01-01, until: 2027-01-01, reason: Needed.}"
	for _, m := range []marked{
		{"just acceptable", "T6201", rated("high/serious", "medium/minor")},
		{"just above", "T6201", rated("high/serious", "medium/serious # want T6201")},
		{"level without a line accepts nothing", "T6201", rated("high/serious", "high/minor # want T6201")},
		{"accepted without weighing", "T6201", rated("high/serious", "high/minor # want T6201", signed)},
		{"weighed without acceptance", "T6201", rated("high/serious", "high/minor # want T6201", reasoned)},
		{"accepted and weighed", "T6201", rated("high/serious", "high/minor", signed, reasoned)},
		{"no matrix, nothing known", "T6201", `policy:
  risk:
    exploitability: [low, high]
    severity: [low, high]
` + unscaled},
		{"level off the scale is another finding", "T6201", rated("high/serious", "high/awful")},
		{"last day", "T6202", rated("", "", "acceptance: {date: 2026-01-01, until: 2026-11-22}")},
		{"day after", "T6202", rated("", "", "acceptance: {date: 2026-01-01, until: 2026-11-21} # want T6202")},
		{"ends before it begins is another finding", "T6202", rated("", "", "acceptance: {date: 2026-01-02, until: 2026-01-01}")},
		{"nothing said", "T6203", rated("", "")},
		{"only by", "T6203", rated("", "", "acceptance: {by: Board} # want T6203")},
		{"all four", "T6203", rated("", "", signed)},
		{"today", "T6204", rated("", "", "acceptance: {date: 2026-11-22}")},
		{"tomorrow", "T6204", rated("", "", "acceptance: {date: 2026-11-23} # want T6204")},
	} {
		m.run(t)
	}
}

func TestRiskPriority(t *testing.T) {
	for _, m := range []marked{
		{"no control at all", "T6211", rated("", "")},
		{"user's behaviour by protective control", "T6211", rated("", "", "controls: [ct-tls]")},
		{"not gravest", "T6212", rated("high/serious", "", "controls: [ct-tls]")},
		{"gravest, justified", "T6212", rated("high/critical", "", "controls: [ct-tls]", "priority-justification: The protocol is fixed by law.")},
		{"gravest without control", "T6212", rated("high/critical", "")},
		{"no scale", "T6212", `threats:
  th-a:
    title: Forged order
    category: spoofing
controls:
  ct-a:
    title: Lock
    priority: protective
risks:
  rk:
    title: Risk
    threats: [th-a]
    initial:
      severity: critical
    controls: [ct-a]
`},
		{"accepted below the policy and told", "T6501", rated("high/minor", "low/minor", "acceptance: {by: Board}", "information: [doc]") + "documents:\n  doc:\n    title: IFU\n    type: ifu\n"},
		{"security guide will do", "T6502", rated("", "", "information: [doc]") + "documents:\n  doc:\n    title: Guide\n    type: security-guide\n"},
		{"training alone will not", "T6502", rated("", "", "information: [doc] # want T6502") + "documents:\n  doc:\n    title: Slides\n    type: training\n"},
		{"report in the safety file will do", "T6601", "policy:\n  risk:\n    report: doc\ndocuments:\n  doc:\n    title: File\n    type: safety-risk-file\n"},
		{"a plan is no report", "T6601", "policy:\n  risk:\n    report: doc # want T6601\ndocuments:\n  doc:\n    title: Plan\n    type: risk-plan\n"},
	} {
		m.run(t)
	}
}

func TestRiskQuestions(t *testing.T) {
	const control = "controls:\n  ct:\n    title: TLS\n    priority: protective\n"
	for _, q := range []asked{
		{name: "no policy", question: "risk.policy", text: base, want: check.Unanswered, missing: "method, exploitability, severity, acceptable, plan"},
		{name: "without method", question: "risk.policy", text: ladder, want: check.Partial, missing: "does not state method, plan", by: 1},
		{name: "none", question: "risk.threats", text: base, want: check.Unanswered, missing: "no threat"},
		{name: "one", question: "risk.threats", text: ladder, want: check.Satisfied, by: 1},
		{name: "no risk", question: "risk.estimation", text: ladder, want: check.Unanswered, missing: "no risk is described"},
		{name: "not scored", question: "risk.estimation", text: rated("", ""), want: check.Unanswered, missing: "no risk has both", elsewhere: true},
		{name: "scored", question: "risk.estimation", text: rated("high/minor", ""), want: check.Satisfied, by: 1},
		{name: "control without risk", question: "risk.controls", text: ladder, want: check.Unanswered, missing: "no control is named by a risk"},
		{name: "control of a risk", question: "risk.controls", text: rated("", "", "controls: [ct-tls]"), want: check.Satisfied, by: 1},
		{name: "no risk", question: "risk.residual", text: base, want: check.Unanswered, missing: "no risk", elsewhere: true},
		{name: "estimated", question: "risk.residual", text: rated("", "low/minor"), want: check.Satisfied, by: 1},
		{name: "cause removed", question: "risk.residual", text: rated("", "", "decision: avoid"), want: check.Satisfied, by: 1},
		{name: "nothing", question: "risk.benefit", text: base, want: check.Unanswered, missing: "clinical-evaluation"},
		{name: "by a risk", question: "risk.benefit", text: rated("", "", "benefit-risk: Worth it."), want: check.Satisfied, by: 1},
		{name: "no policy", question: "risk.overall", text: base, want: check.Unanswered, missing: "overall, report", elsewhere: true},
		{name: "no report", question: "risk.overall", text: "policy:\n  risk:\n    overall: By the board.\n", want: check.Partial, missing: "report", by: 1},
		{name: "no safety file", question: "risk.safety-link", text: base, want: check.Unanswered, missing: "no hazardous situation"},
		{name: "side by side", question: "risk.safety-link", text: chain, want: check.Unanswered, missing: "no threat leads to"},
		{name: "no controls", question: "risk.control-effects", text: base, want: check.Unanswered, missing: "no control", elsewhere: true},
		{name: "not judged", question: "risk.control-effects", text: control, want: check.Unanswered, missing: "no control says"},
		{name: "judged", question: "risk.control-effects", text: control + "    safety-effect:\n      possible: false\n", want: check.Satisfied, by: 1},
		{name: "no risk", question: "risk.information", text: base, want: check.Unanswered, missing: "no risk names", elsewhere: true},
		{name: "no document", question: "risk.information", text: rated("", ""), want: check.Unanswered, missing: "no risk names"},
		{name: "risk above the policy", question: "risk.information", text: rated("", "high/critical"), want: check.Unanswered, missing: "no risk names", elsewhere: true},
		{name: "no policy", question: "risk.review", text: base, want: check.Unanswered, missing: "review", elsewhere: true},
		{name: "policy without it", question: "risk.review", text: ladder, want: check.Unanswered, missing: "review"},
		{name: "stated", question: "risk.review", text: "policy:\n  risk:\n    review: Each release.\n", want: check.Satisfied, by: 1},
	} {
		q.run(t)
	}
}

// TestLevelSuggestion checks that a misspelt level is met with the nearest one.
func TestLevelSuggestion(t *testing.T) {
	found := apply(t, Find("T6102"), rated("hihg/minor", ""))
	if len(found) != 1 || found[0].Help != `did you mean "high"?` {
		t.Errorf("found %v", found)
	}
}
