package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

// computing is the beginning of a policy that finds exploitability by a method,
// which follows, with the threat and control of examples.
const computing = `
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
controls:
  ct-tls:
    title: Mutual TLS
    priority: protective
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
`

const byCVSS = computing + `    scoring: cvss-3.1
    levels:
      - {level: low, from: 0.0}
      - {level: medium, from: 4.0}
      - {level: high, from: 7.0}
`

// scored is one of the three scores of a risk.
type scored struct {
	risk *model.Risk
	in   string // its field
	risk.Rating
}

// field is the path of a field of the score.
func (s scored) field(name string) string { return s.in + "." + name }

// eachScore visits the scores of all risks that say something.
func eachScore(f *model.File, visit func(s scored)) {
	a := risk.Of(f)
	for _, r := range f.Risks {
		for _, s := range []struct {
			in    string
			score model.Score
		}{{"initial", r.Initial}, {"post-control", r.PostControl}, {"residual", r.Residual}} {
			if risk.Stated(s.score) {
				visit(scored{r, s.in, a.Rate(s.score)})
			}
		}
	}
}

// eachProblem visits the problems of some sorts in the scores of all risks.
func eachProblem(f *model.File, visit func(s scored, p risk.Problem), faults ...risk.Fault) {
	eachScore(f, func(s scored) {
		for _, problem := range s.Estimate.Faulty(faults...) {
			visit(s, problem)
		}
	})
}

var _ = add(check.Rule{
	Code: "T6120", Severity: diag.Open,
	Title:   "score without what the method computes from",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "mdcg.3.4.i4", "ig-nb.3.4"},
	Why: "the policy says by which method exploitability is found; a score without the vector or the factors shows a level that " +
		"nobody can follow",
	Fix: "give the vector under `cvss:`, or all five factors under `feasibility:`, as `policy.risk.scoring` asks",
	Bad: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high # want T6120
      severity: critical
`,
	Good: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      exploitability: high
      severity: critical
`,
	Run: func(p *check.Pass) {
		eachProblem(p.File, func(s scored, problem risk.Problem) {
			f := p.Report(s.risk, s.field(problem.Field), "%s score of risk %q lacks %s", s.in, s.risk.ID, problem.Text)
			if problem.Near != "" {
				f.Fix("the answers to the rubric give `cvss: %s`", problem.Near)
			}
		}, risk.NoInput)
	},
})

var _ = add(check.Rule{
	Code: "T6121", Severity: diag.Error,
	Title:   "CVSS vector that cannot be scored",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4"},
	Why:     "a vector that is not one has no score, and vectors of two versions have scores that cannot be compared",
	Fix:     "write the whole vector as the calculator of the version shows it, from `CVSS:3.1/AV:` or `CVSS:4.0/AV:` on",
	Bad: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H # want T6121
      severity: critical
    residual:
      cvss: CVSS:4.0/AV:N/AC:H/AT:P/PR:H/UI:N/VC:N/VI:H/VA:N/SC:N/SI:N/SA:N # want T6121
      severity: critical
`,
	Good: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      severity: critical
    residual:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N/MAC:H/MPR:H
      severity: critical
`,
	Run: func(p *check.Pass) {
		eachProblem(p.File, func(s scored, problem risk.Problem) {
			p.Report(s.risk, s.field(problem.Field), "vector of the %s score of risk %q cannot be scored: %s", s.in, s.risk.ID, problem.Text)
		}, risk.Unreadable, risk.Version)
	},
})

var _ = add(check.Rule{
	Code: "T6122", Severity: diag.Warning,
	Title:   "input that the scoring method does not use",
	Clauses: []string{"ig-nb.3.4", "81001-5-1.7.3"},
	Why:     "what stands beside the method of the policy counts for nothing, and a reader takes it for the reason of the level",
	Fix:     "remove it, or say under `policy.risk.scoring` that this is the method",
	Bad: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      severity: critical
      feasibility:
        time: one-day # want T6122
        expertise: layman
`,
	Good: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      severity: critical
`,
	Run: func(p *check.Pass) {
		eachProblem(p.File, func(s scored, problem risk.Problem) {
			p.Report(s.risk, s.field(problem.Field), "%s score of risk %q has %s", s.in, s.risk.ID, problem.Text)
		}, risk.Unused)
	},
})

var _ = add(check.Rule{
	Code: "T6123", Severity: diag.Error,
	Title:   "level that the method does not give",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "ig-nb.3.4"},
	Why: "the level and what it was computed from say different things, and the documents would show both; until then the worse " +
		"of the two counts",
	Fix: "leave `exploitability` out, since it is computed, or correct what it is computed from; metrics of the surroundings belong " +
		"into the vector",
	Bad: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      exploitability: low # want T6123
      severity: critical
`,
	Good: byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N
      exploitability: high
      severity: critical
`,
	Run: func(p *check.Pass) {
		known := func(level string) bool { return risk.Of(p.File).Scales.Exploitability(level) > 0 } // else T6102
		if p.File.Policy != nil && flawed(p, p.File.Policy, "risk.levels", "risk.exploitability") {
			return
		}
		eachScore(p.File, func(s scored) {
			if e := s.Estimate; s.Disagrees() && known(s.Score.Exploitability) && !flawed(p, s.risk, s.in) {
				p.Report(s.risk, s.field("exploitability"), "%s exploitability of risk %q is %s, and %s %s gives %s",
					s.in, s.risk.ID, s.Score.Exploitability, e.Basis, e.Figure, e.Level).
					Relate(p.File.Policy, "risk.levels", "from which figure each level begins")
			}
		})
	},
})
