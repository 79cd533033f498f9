package rules

import (
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/check"
)

const byFeasibility = computing + `    scoring: feasibility
    levels:
      - {level: high, from: 0}
      - {level: medium, from: 14}
      - {level: low, from: 20}
`

// withScore is a risk with one score in flow style and nothing else.
func withScore(policy, in, score string) string {
	return policy + "risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n    " + in + ": " + score + "\n"
}

func TestScoreInput(t *testing.T) {
	const vector = "cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N"
	judging := strings.Replace(byCVSS, "    scoring: cvss-3.1\n", "    scoring: judged\n", 1)
	for _, m := range []marked{
		{"nothing said is another finding", "T6120", byCVSS + "risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n"},
		{"residual without vector", "T6120", withScore(byCVSS, "residual", "{exploitability: low, severity: minor} # want T6120")},
		{"post-control without vector", "T6120", withScore(byCVSS, "post-control", "{exploitability: low, severity: minor} # want T6120")},
		{"unreadable vector is another finding", "T6120", withScore(byCVSS, "initial", "{cvss: high, severity: minor}")},
		{"one factor missing", "T6120", withScore(byFeasibility, "initial", "{severity: minor, feasibility: {time: one-day, expertise: layman, knowledge: public, opportunity: easy}} # want T6120")},
		{"all factors", "T6120", withScore(byFeasibility, "initial", "{severity: minor, feasibility: {time: one-day, expertise: layman, knowledge: public, opportunity: easy, equipment: standard}}")},
		{"people judge", "T6120", withScore(ladder, "initial", "{exploitability: low, severity: minor}")},
		{"version of long ago", "T6121", withScore(byCVSS, "initial", "{severity: minor, cvss: AV:N/AC:L/Au:N/C:P/I:P/A:P} # want T6121")},
		{"vector beside a judgement must be one", "T6121", withScore(ladder, "initial", "{exploitability: low, severity: minor, cvss: CVSS:3.1/AV:N} # want T6121")},
		{"vector of either version beside a judgement", "T6121", withScore(ladder, "initial", "{exploitability: low, severity: minor, "+vector+"}")},
		{"vector beside points", "T6122", withScore(byFeasibility, "initial", "{severity: minor, "+vector+", feasibility: {time: one-day, expertise: layman, knowledge: public, opportunity: easy, equipment: standard}} # want T6122")},
		{"vector beside a judgement", "T6122", withScore(ladder, "initial", "{exploitability: low, severity: minor, "+vector+"}")},
		{"no level typed", "T6123", withScore(byCVSS, "initial", "{severity: minor, "+vector+"}")},
		{"level typed worse", "T6123", withScore(byCVSS, "initial", "{exploitability: high, severity: minor, cvss: CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N} # want T6123")},
		{"level off the scale is another finding", "T6123", withScore(byCVSS, "initial", "{exploitability: awful, severity: minor, "+vector+"}")},
		{"level from the environmental score", "T6123", withScore(byCVSS, "initial", "{exploitability: low, severity: minor, "+vector+"/MAV:P/MAC:H/MPR:H/MUI:R}")},
		{"points", "T6123", withScore(byFeasibility, "initial", "{exploitability: low, severity: minor, feasibility: {time: one-day, expertise: expert, knowledge: restricted, opportunity: moderate, equipment: standard}} # want T6123")},
		{"figures nobody uses", "T6129", judging[:strings.Index(judging, "      - {level: low")] + "      - {level: low, from: 0.0} # want T6129\n"},
		{"figures and no method named", "T6129", computing + "    levels:\n      - {level: low, from: 0.0} # want T6129\n"},
		{"points that rise with the scale", "T6127", computing + "    scoring: feasibility\n    levels:\n      - {level: low, from: 0}\n      - {level: medium, from: 14} # want T6127\n      - {level: high, from: 20}\n"},
		{"beyond the highest score", "T6127", computing + "    scoring: cvss-4.0\n    levels:\n      - {level: low, from: 0}\n      - {level: medium, from: 4}\n      - {level: high, from: 70} # want T6127\n"},
		{"no figures", "T6128", computing + "    scoring: cvss-4.0 # want T6128\n"},
		{"no scale is another question", "T6128", "policy:\n  risk:\n    scoring: cvss-4.0\n"},
		{"computed level makes a score whole", "T6101", withScore(byCVSS, "initial", "{severity: minor, rationale: Open port., "+vector+"}") +
			"    residual: {severity: minor, " + vector + "/MAV:P}\n    decision: reduce\n"},
		{"severity is still asked for", "T6101", strings.Replace(withScore(byCVSS, "initial", "{rationale: Open port., "+vector+"}")+
			"    residual: {severity: minor, "+vector+"/MAV:P}\n    decision: reduce\n", "  rk:\n", "  rk: # want T6101\n", 1)},
		{"computed residual above the policy", "T6201", strings.Replace(byCVSS, "    scoring:", "    acceptable:\n      - {exploitability: low, severity: minor}\n    scoring:", 1) +
			"risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n    residual: {severity: minor, " + vector + "} # want T6201\n"},
		{"typed better than computed counts as computed", "T6201", strings.Replace(byCVSS, "    scoring:", "    acceptable:\n      - {exploitability: low, severity: minor}\n    scoring:", 1) +
			"risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n    residual: {exploitability: low, severity: minor, " + vector + "} # want T6201\n"},
		{"post-control level off the scale", "T6102", withScore(ladder, "post-control", "{exploitability: awful, severity: minor} # want T6102")},
		{"level of a figure off the scale", "T6102", computing + "    scoring: cvss-4.0\n    levels:\n      - {level: lwo, from: 0} # want T6102\n"},
		{"safety negligible and no harm", "T6134", withScore(byCVSS, "initial", "{severity: minor, cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/S:N}")},
		{"safety negligible and the lowest harm", "T6134", withScore(byCVSS, "initial", "{severity: minor, cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/S:N}") +
			"    harms: [hm]\nharms:\n  hm:\n    title: Delay\n    severity: minor\n"},
		{"safety negligible and a harm that the threats lead to", "T6134", strings.Replace(withScore(byCVSS, "initial", "{severity: minor, cvss: CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N/S:N} # want T6134"),
			"    category: spoofing\n", "    category: spoofing\n    leads-to: [hs]\n", 1) + chain[:strings.Index(chain, "situations:")] + "situations:\n  hs:\n    title: Fast\n    hazard: hz-overinfusion\n    harms: [hm-overdose]\n"},
	} {
		m.run(t)
	}
}

// TestRubricRules: the answers under a score, and what is said of the vector.
func TestRubricRules(t *testing.T) {
	without := func(name string) string {
		i := strings.Index(rubricAnswers, "        - {question: "+name+",")
		return rubricAnswers[:i] + rubricAnswers[i+strings.Index(rubricAnswers[i:], "\n")+1:]
	}
	for _, m := range []marked{
		{"questions off the path may be left out", "T6125", rubricGood},
		{"no rubric", "T6125", rubricRisk + rubricVector},
		{"last question", "T6125", rubricRisk + rubricVector + "      rubric:\n" + strings.Replace(without("XAO"), "XAVN, answer: yes}", "XAVN, answer: yes} # want T6125", 1)},
		{"misspelt question may be the one that is missing", "T6125", strings.Replace(rubricGood, "XAO", "XAOO", 1)},
		{"rubric beside a judgement", "T6125", strings.Replace(rubricRisk, "scoring: cvss-3.1", "scoring: judged", 1) + "      rubric:\n" + strings.Replace(without("XAO"), "XAVN, answer: yes}", "XAVN, answer: yes} # want T6125", 1)},
		{"undecided metrics contradict nothing", "T6126", rubricRisk + "      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:L\n      rubric:\n" + without("XAO")},
		{"modified metrics contradict nothing", "T6126", strings.Replace(rubricGood, "/A:N\n", "/A:N/MAV:P\n", 1)},
		{"v4.0 reads the same", "T6126", strings.Replace(strings.Replace(rubricGood, "scoring: cvss-3.1", "scoring: cvss-4.0", 1),
			"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N", 1)},
		{"v4.0 with a requirement on the attack", "T6126", strings.Replace(strings.Replace(rubricGood, "scoring: cvss-3.1", "scoring: cvss-4.0", 1),
			"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N # want T6126", 1)},
	} {
		m.run(t)
	}
	file, _ := load(t, strings.Replace(rubricGood, rubricVector, "", 1))
	found := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{Find("T6120")}, Today: today}).Findings
	if len(found) != 1 || !strings.Contains(found[0].Help, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N") {
		t.Errorf("the answers give a vector, and nobody says so: %+v", found)
	}
}

// TestPostControl: between the score before controls and the one after all of them.
func TestPostControl(t *testing.T) {
	const head = surrounded + "  ct-training:\n    title: Training\n    priority: information\n    by: user\nenvironment:\n  env-segment:\n    title: Segment\n    category: network\n"
	scores := func(controls, initial, between, residual string) string {
		text := head + "risks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n    controls: " + controls + "\n    initial: " + initial + "\n"
		if between != "" {
			text += "    post-control: " + between + "\n"
		}
		return text + "    residual: " + residual + "\n"
	}
	const high, medium, low = "{exploitability: high, severity: serious}", "{exploitability: medium, severity: serious}", "{exploitability: low, severity: serious}"
	for _, m := range []marked{
		{"device alone", "T6130", scores("[ct-tls]", high, "", low)},
		{"training beside the device", "T6130", scores("[ct-tls, ct-training]", high, "", low)},
		{"surroundings alone are another finding", "T6130", scores("[ct-segment]", high, "", low)},
		{"nothing lowered", "T6130", scores("[ct-tls, ct-segment]", high, "", high)},
		{"both, lowered", "T6130", strings.Replace(scores("[ct-tls, ct-segment]", high, "", low), "  rk:\n", "  rk: # want T6130\n", 1)},
		{"all equal", "T6131", scores("[ct-tls, ct-segment]", low, low, low)},
		{"residual above both is another finding", "T6131", scores("[ct-tls, ct-segment]", medium, medium, high)},
		{"residual above the one between", "T6131", scores("[ct-tls, ct-segment]", high, low, medium+" # want T6131")},
		{"not known before", "T6131", scores("[ct-tls, ct-segment]", "{severity: serious}", medium, low)},
		{"acceptable without the surroundings", "T6132", scores("[ct-tls, ct-segment]", high, low, low)},
		{"above with them as well", "T6132", scores("[ct-tls, ct-segment]", high, medium, medium)},
		{"only the surroundings make it acceptable", "T6132", scores("[ct-tls, ct-segment]", high, medium+" # want T6132", low)},
		{"surroundings alone are another finding", "T6132", scores("[ct-segment]", high, high, low)},
		{"risk it brings is not worse", "T6133", head + "  \nrisks:\n  rk:\n    title: Risk\n    threats: [th-forged-order]\n    controls: [ct-tls]\n    initial: " + high + "\n    residual: " + low + "\n"},
	} {
		m.run(t)
	}
}

// TestBalance: a control is measured by the worst risk that it lowers, and only
// where all values are known.
func TestBalance(t *testing.T) {
	text := func(introduced, others string) string {
		return strings.Replace(ladder, "    priority: protective\n", "    priority: protective\n    introduces: [rk-new] "+introduced+"\n", 1) +
			"risks:\n  rk-new:\n    title: Lock-out\n    threats: [th-forged-order]\n    residual: {exploitability: medium, severity: serious}\n" + others
	}
	old := func(id, initial string) string {
		return "  " + id + ":\n    title: Guess\n    threats: [th-forged-order]\n    controls: [ct-tls]\n    initial: " + initial + "\n"
	}
	for _, m := range []marked{
		{"worse than the only one", "T6133", text("# want T6133", old("rk-a", "{exploitability: medium, severity: minor}"))},
		{"as bad", "T6133", text("", old("rk-a", "{exploitability: medium, severity: serious}"))},
		{"better than the worst of two", "T6133", text("", old("rk-a", "{exploitability: low, severity: minor}")+old("rk-b", "{exploitability: high, severity: critical}"))},
		{"one of them not known", "T6133", text("", old("rk-a", "{exploitability: low, severity: minor}")+old("rk-b", "{severity: critical}"))},
		{"lowers nothing", "T6133", text("", "")},
	} {
		m.run(t)
	}
}

// TestIntroducedRiskIsNamed: a risk that a control brings and nobody estimated is
// one finding, which says where it comes from.
func TestIntroducedRiskIsNamed(t *testing.T) {
	file, _ := load(t, strings.Replace(ladder, "    priority: protective\n", "    priority: protective\n    introduces: [rk-new]\n", 1)+
		"risks:\n  rk-new:\n    title: Lock-out\n    threats: [th-forged-order]\n")
	found := check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: []*check.Rule{Find("T6101"), Find("T6133")}, Today: today}).Findings
	if len(found) != 1 || len(found[0].Related) != 1 || !strings.Contains(found[0].Related[0].Message, "brings this risk") {
		t.Errorf("got %+v", found)
	}
}

// TestScoreMistakes: one mistake in a score or in its policy is one finding.
func TestScoreMistakes(t *testing.T) {
	const score = "{severity: minor, cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N}"
	whole := withScore(byCVSS, "initial", score)
	for _, tt := range []struct{ name, from, to, code string }{
		{"vector cut short", "/C:N/I:H/A:N", "/C:N", "T6121"},
		{"level of a figure misspelt", "{level: medium,", "{level: mediun,", "T6102"},
		{"figure of another kind", "from: 7.0", "from: seven", "T0008"},
		{"method misspelt", "cvss-3.1", "cvss-31", "T0006"},
		{"level left out", "      - {level: medium, from: 4.0}\n", "", "T6128"},
		{"vector as a list", "cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", "cvss: [a, b]", "T0005"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(whole, tt.from, tt.to, 1)
			if text == whole {
				t.Fatal("nothing was spoilt")
			}
			var codes []string
			file, findings := load(t, text)
			for _, f := range append(findings, check.Run(check.Input{File: file, Catalog: catalog.Load(), Rules: scoreRules(), Today: today}).Findings...) {
				codes = append(codes, f.Code)
			}
			if strings.Join(codes, " ") != tt.code {
				t.Errorf("found %v, want %s alone", codes, tt.code)
			}
		})
	}
}

// scoreRules are the rules about scores, but for T6101, which asks for what the
// examples leave out.
func scoreRules() []*check.Rule {
	var all []*check.Rule
	for _, r := range All() {
		if r.Run != nil && r.Code >= "T6102" && r.Code < "T6210" {
			all = append(all, r)
		}
	}
	return all
}
