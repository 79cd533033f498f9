package rules

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// eachLevelProblem visits the problems of some sorts in policy.risk.levels.
func eachLevelProblem(f *model.File, visit func(policy *model.Policy, p risk.Problem), faults ...risk.Fault) {
	if f.Policy == nil {
		return
	}
	for _, problem := range risk.LevelProblems(f.Policy.Risk) {
		for _, fault := range faults {
			if problem.Fault == fault {
				visit(f.Policy, problem)
			}
		}
	}
}

var _ = add(check.Rule{
	Code: "T6127", Severity: diag.Error,
	Title:   "figures of the levels that contradict themselves",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4", "81001-5-1.7.3"},
	Why: "each figure that the method can compute has one level; where levels overlap, run against the scale or begin beyond the " +
		"highest figure, the level would be chosen by chance",
	Fix: "let the figures rise with the scale for CVSS, from 0.0, and fall with it for points of feasibility, of which more mean less " +
		"exploitable, to 0 for the highest level",
	Bad: computing + `    scoring: cvss-3.1
    levels:
      - {level: low, from: 0.0}
      - {level: medium, from: 7.0}
      - {level: high, from: 4.0} # want T6127
`,
	Good: byCVSS,
	Run: func(p *check.Pass) {
		eachLevelProblem(p.File, func(policy *model.Policy, problem risk.Problem) {
			p.Report(policy, "risk."+problem.Field, "%s", problem.Text)
		}, risk.LevelTwice, risk.LevelOrder, risk.LevelStart, risk.LevelBeyond)
	},
})

var _ = add(check.Rule{
	Code: "T6128", Severity: diag.Open,
	Title:   "level without the figure from which it begins",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4", "81001-5-1.7.3"},
	Why:     "the method computes a figure, and risks are judged by levels; without the step between the two no level follows",
	Fix:     "state `level` and `from` for each level of the scale under `policy.risk.levels`",
	Bad: computing + `    scoring: cvss-3.1
    levels:
      - {level: low, from: 0.0} # want T6128
      - {level: high, from: 7.0}
`,
	Good: byCVSS,
	Run: func(p *check.Pass) {
		eachLevelProblem(p.File, func(policy *model.Policy, problem risk.Problem) {
			if flawed(p, policy, "risk.levels") {
				return
			}
			p.Report(policy, "risk."+problem.Field, "%s", problem.Text).
				Fix("state `level` and `from` for each level of the scale under `policy.risk.levels`; published bands are %s", bands(policy.Risk.Scoring))
		}, risk.LevelsMissing)
	},
})

// bands writes the bands that the source of a method proposes.
func bands(scoring model.Scoring) string {
	var all []string
	for _, b := range risk.Bands(scoring) {
		all = append(all, fmt.Sprintf("%s from %s", b.Level, b.From))
	}
	return strings.Join(all, ", ")
}

var _ = add(check.Rule{
	Code: "T6129", Severity: diag.Warning,
	Title:   "figures of levels although people judge",
	Clauses: []string{"ig-nb.3.4", "81001-5-1.7.3"},
	Why:     "the policy shows a calculation that is not made; a reviewer asks which of the two the team follows",
	Fix:     "name the method under `policy.risk.scoring`, or remove `levels:`",
	Bad: computing + `    scoring: judged
    levels:
      - {level: low, from: 0.0} # want T6129
      - {level: medium, from: 4.0}
      - {level: high, from: 7.0}
`,
	Good: computing + `    scoring: judged
`,
	Run: func(p *check.Pass) {
		eachLevelProblem(p.File, func(policy *model.Policy, problem risk.Problem) {
			if !flawed(p, policy, "risk.scoring") {
				p.Report(policy, "risk.levels", "policy.risk.levels has figures, and %s", problem.Text)
			}
		}, risk.LevelsIdle)
	},
})
