package rules

import (
	"strings"
	"testing"

	"theriac/check"
	"theriac/model"
)

func TestProcessRules(t *testing.T) {
	process := func(lines ...string) string {
		text := "processes:\n  pr:\n    title: P\n    practice: guidelines\n"
		for _, line := range lines {
			text += "    " + line + "\n"
		}
		return text
	}
	for _, m := range []marked{
		{"second of two metrics", "T9001", process("metrics:", "  - {name: a, target: none}", "  - {name: b} # want T9001")},
		{"blank target", "T9001", process("metrics:", "  - {name: a, target: \" \"} # want T9001")},
		{"three for one practice are two findings", "T9002", process() + "  pr-2:\n    title: P\n    practice: guidelines # want T9002\n" +
			"  pr-3:\n    title: P\n    practice: guidelines # want T9002\n  pr-4:\n    title: P\n    practice: update-management\n"},
		{"a year to the day", "T9003", process("reviewed: 2025-11-22", "review-interval: 1 year")},
		{"a year and a day", "T9003", process("reviewed: 2025-11-21 # want T9003", "review-interval: 1 year")},
		{"no interval", "T9003", process("reviewed: 2005-11-21")},
		{"today", "T9004", process("reviewed: 2026-11-22")},
		{"tomorrow", "T9004", process("reviewed: 2026-11-23 # want T9004")},
	} {
		m.run(t)
	}
}

func TestPracticeQuestions(t *testing.T) {
	const whole = `    owner: Head
    policy: As written.
    roles: [engineer]
    metrics:
      - {name: a, target: none}
    artefacts: [doc]
    reviewed: 2026-09-01
    review-interval: 1 year
`
	const doc = "documents:\n  doc:\n    title: D\n    type: procedure\n"
	if got := len(practiceQuestions()); got != 8 {
		t.Errorf("%d practices, the guidance has 8", got)
	}
	for i, v := range model.Practice("").Values() {
		of := func(practice, fields string) string {
			return doc + "processes:\n  pr:\n    title: P\n    practice: " + practice + "\n" + fields
		}
		other := model.Practice("").Values()[(i+1)%8].Name
		for _, q := range []asked{
			{name: "none", text: base, want: check.Unanswered, missing: v.Name},
			{name: "another practice", text: of(other, whole), want: check.Unanswered, missing: v.Name},
			{name: "another practice twice", text: of(other, whole) + strings.ReplaceAll(of(other, whole), doc+"processes:\n  pr:", "  pr-2:"), want: check.Unanswered, missing: v.Name, elsewhere: true},
			{name: "title only", text: of(v.Name, ""), want: check.Partial, by: 1, missing: `process "pr" does not state owner, policy, roles, metrics, artefacts, reviewed, review-interval`},
			{name: "without owner", text: of(v.Name, strings.TrimPrefix(whole, "    owner: Head\n")), want: check.Partial, by: 1, missing: "does not state owner"},
			{name: "whole", text: of(v.Name, whole), want: check.Satisfied, by: 1},
		} {
			q.question = "practice." + v.Name
			q.run(t)
		}
	}
}
