package main

import (
	"fmt"
	"strings"

	"theriac/model"
	"theriac/risk"
	"theriac/triage"
	"theriac/vuln/match"
)

// answered takes over the answers to the rubric, and the vector that follows from them
// where none is given and the policy does not score by another version of CVSS.
func (d *decider) answered() error {
	score := &d.rule.Score
	for _, text := range d.answers {
		question, rest, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("--answer: expected QUESTION=ANSWER, for example XAVN=yes, found %q", text)
		}
		answer, why, _ := strings.Cut(rest, ":")
		score.Rubric = append(score.Rubric, model.RubricAnswer{
			Question: strings.TrimSpace(question), Answer: strings.TrimSpace(answer), Why: strings.TrimSpace(why),
		})
	}
	if score.CVSS == "" && risk.Of(d.file).Method.Name() != "cvss-4.0" {
		score.CVSS = risk.MedicalRubric().Derive(score.Rubric).Vector()
	}
	return nil
}

// vectorLine is a CVSS vector with the score that counts; without it where it is none.
func vectorLine(vector string) string {
	if v, err := risk.ParseVector(vector); err == nil {
		return fmt.Sprintf("%s  %s (%s)", vector, v.Score, v.Basis)
	}
	if score, ok := match.Rate(vector); ok {
		return fmt.Sprintf("%s  %.1f (base score)", vector, score)
	}
	return vector
}

// rescoredLines say what the score of a decision means for the risk that it falls under.
func rescoredLines(r triage.Rescored) []string {
	line := fmt.Sprintf("%s: residual risk %s", r.Risk.ID, levelsOf(r.Residual))
	switch {
	case !r.Known():
		return []string{line, "whether the score changes it cannot be told; give levels of the policy: --exploitability, --severity"}
	case !r.Worse:
		return []string{line + fmt.Sprintf("; the score gives %s, which it covers", levelsOf(r.Scored))}
	}
	line += fmt.Sprintf("; the score gives %s, which is worse", levelsOf(r.Scored))
	if r.Above {
		line += " and above the policy"
	}
	return []string{line, fmt.Sprintf("state it under `residual:` of %s and have it accepted again, or add a control", r.Risk.ID)}
}

// levelsOf are the levels of a rating, with a mark for what is not known.
func levelsOf(r risk.Rating) string {
	known := func(level string) string {
		if level == "" {
			return "?"
		}
		return level
	}
	return known(r.Exploitability) + "/" + known(r.Severity)
}

// baseVectors are the vectors that the advisories give for the findings of a decision.
func baseVectors(p *triage.Proposal) []string {
	var list []string
	for _, a := range p.Answers {
		list = append(list, a.Finding.CVSS...)
	}
	return sortedUnique(list)
}
