package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/risk"
)

// rubricAnswers are all answers of an example, of an attacker on the network who
// changes orders; each part can be replaced.
const rubricAnswers = `        - {question: XAVN, answer: yes}
        - {question: XAVT, answer: yes}
        - {question: XACL, answer: yes, why: Orders are accepted at any time.}
        - {question: XPRL, answer: no}
        - {question: XUI, answer: no}
        - {question: XS, answer: no}
        - {question: XCP, answer: no}
        - {question: XCD, answer: no}
        - {question: XCT, answer: no}
        - {question: XCW, answer: no}
        - {question: XCS, answer: no}
        - {question: XCO, answer: no}
        - {question: XIP, answer: no}
        - {question: XID, answer: no}
        - {question: XIT, answer: yes, why: The rate follows the order.}
        - {question: XIW, answer: no}
        - {question: XIS, answer: no}
        - {question: XIO, answer: no}
        - {question: XAP, answer: no}
        - {question: XAD, answer: no}
        - {question: XAT, answer: no}
        - {question: XAW, answer: no}
        - {question: XAS, answer: no}
        - {question: XAO, answer: no}
`

const rubricRisk = byCVSS + `
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      severity: critical
`

const (
	rubricVector = "      cvss: CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N\n"
	rubricGood   = rubricRisk + rubricVector + "      rubric:\n" + rubricAnswers
)

var _ = add(check.Rule{
	Code: "T6124", Severity: diag.Error,
	Title:   "answer that the rubric does not know",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4"},
	Why:     "each question of the rubric has a name and three answers; anything else decides no metric, and would be lost in silence",
	Fix:     "use the names that `theriac risk rubric` lists, answer each once, with yes, no or unknown",
	Bad: rubricRisk + rubricVector + `      rubric:
        - {question: XAVM, answer: yes} # want T6124
        - {question: XACL, answer: low} # want T6124
        - {question: XUI, answer: no}
        - {question: XUI, answer: yes} # want T6124
`,
	Good: rubricGood,
	Run: func(p *check.Pass) {
		eachProblem(p.File, func(s scored, problem risk.Problem) {
			f := p.Report(s.risk, s.field(problem.Field), "%s", problem.Text)
			if problem.Near != "" {
				f.Fix("did you mean %q?", problem.Near)
			}
		}, risk.Unasked)
	},
})

var _ = add(check.Rule{
	Code: "T6125", Severity: diag.Open,
	Title:   "question of the rubric without an answer",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4"},
	Why: "the vector follows from the answers; a question that was begun and not answered leaves a metric without a reason, and " +
		"what nobody knows is an answer too",
	Fix: "answer the questions, with `unknown` where nobody knows, or leave `rubric:` out where the rubric is not used",
	Bad: rubricRisk + rubricVector + "      rubric:\n" +
		strings.Replace(rubricAnswers, "answer: yes}\n        - {question: XAVT, answer: yes}\n", "answer: yes} # want T6125\n", 1),
	Good: rubricGood,
	Run: func(p *check.Pass) {
		eachProblem(p.File, func(s scored, problem risk.Problem) {
			if len(s.Estimate.Faulty(risk.Unasked)) > 0 {
				return // one of those may have been meant
			}
			open := strings.Split(problem.Text, ", ")
			p.Report(s.risk, s.field("rubric"), "rubric of the %s score of risk %q does not answer %s", s.in, s.risk.ID, fewIDs(open))
		}, risk.Unanswered)
	},
})

var _ = add(check.Rule{
	Code: "T6126", Severity: diag.Warning,
	Title:   "vector that does not follow from the rubric",
	Clauses: []string{"mdcg.3.4.i4", "ig-nb.3.4"},
	Why:     "where the rubric is used, its answers decide the base metrics; a reviewer who follows them comes to another score",
	Fix: "correct the metric or the answer; what the surroundings change belongs into the modified metrics, which the rubric does " +
		"not touch",
	Bad: rubricRisk + `      cvss: CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:N # want T6126
      rubric:
` + rubricAnswers,
	Good: rubricGood,
	Run: func(p *check.Pass) {
		eachScore(p.File, func(s scored) {
			var texts []string
			for _, problem := range s.Estimate.Faulty(risk.Contrary) {
				texts = append(texts, problem.Text)
			}
			if len(texts) > 0 && !flawed(p, s.risk, s.field("rubric")) {
				p.Report(s.risk, s.field("cvss"), "vector of the %s score of risk %q has %s", s.in, s.risk.ID, strings.Join(texts, ", ")).
					Relate(s.risk, s.field("rubric"), "answers to the rubric")
			}
		})
	},
})
