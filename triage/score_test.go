package triage

import (
	"strings"
	"testing"

	"theriac/model"
)

// scales is a policy with a risk of the pump.
const scales = `
policy:
  risk:
    scoring: cvss-3.1
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - {exploitability: low, severity: critical}
      - {exploitability: medium, severity: minor}
    levels:
      - {from: "0", level: low}
      - {from: "4", level: medium}
      - {from: "7", level: high}
risks:
  rk-orders:
    title: Forged orders
    threats: [th-forge]
    harms: [hm-overdose]
    initial: {cvss: "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H", severity: critical}
    residual: {cvss: "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:L/A:L", severity: critical}
`

func TestCheckScore(t *testing.T) {
	j := NewJudge(read(t, pump, scales), today)
	const vector = "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H"
	for name, c := range map[string]struct {
		rule Rule
		says string
	}{
		"good":          {Rule{Vulnerability: "CVE-1", Risk: "rk-orders", Score: model.Score{CVSS: vector, Severity: "critical"}}, ""},
		"none":          {Rule{}, ""},
		"no risk":       {Rule{Risk: "rk-other"}, `"rk-other" is no risk`},
		"a threat":      {Rule{Risk: "th-forge"}, `"th-forge" is no risk`},
		"many":          {Rule{Score: model.Score{CVSS: vector}}, "a score is of one vulnerability"},
		"everything":    {Rule{Vulnerability: "*", Score: model.Score{CVSS: vector}}, "a score is of one vulnerability"},
		"half":          {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: "CVSS:3.1/AV:A"}}, "score.cvss: base metric AC is missing"},
		"other version": {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"}}, "the policy scores by cvss-3.1"},
		"level":         {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: vector, Exploitability: "huge"}}, `"huge" is no level of policy.risk.exploitability`},
		"disagrees":     {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: vector, Exploitability: "low"}}, "exploitability is stated as low"},
		"no question":   {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: vector, Rubric: []model.RubricAnswer{{Question: "XAVX", Answer: "yes"}}}}, "is not a question of the rubric"},
		"unanswered":    {Rule{Vulnerability: "CVE-1", Score: model.Score{CVSS: vector, Rubric: []model.RubricAnswer{{Question: "XAVN", Answer: "no"}}}}, "without an answer"},
	} {
		err := j.CheckScore(&c.rule)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestRescore(t *testing.T) {
	file := read(t, pump, scales)
	decided := func(vector, severity string) *model.Decision {
		return &model.Decision{Risk: model.Ref[*model.Risk]{ID: "rk-orders"}, Score: model.Score{CVSS: vector, Severity: severity}}
	}
	worse, ok := Rescore(file, decided("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H", ""))
	if !ok || !worse.Worse || !worse.Above || worse.Scored.Levels() != "high/critical" || worse.Residual.Levels() != "low/critical" {
		t.Errorf("worse: %+v", worse)
	}
	covered, ok := Rescore(file, decided("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:L", "serious"))
	if !ok || covered.Worse || covered.Above || !covered.Known() {
		t.Errorf("covered: %+v", covered)
	}
	if r, ok := Rescore(file, decided("no vector", "")); !ok || r.Known() || r.Worse {
		t.Errorf("not known: %+v", r)
	}
	if _, ok := Rescore(file, &model.Decision{Risk: model.Ref[*model.Risk]{ID: "rk-orders"}}); ok {
		t.Error("a decision without score is held against the risk")
	}
}
