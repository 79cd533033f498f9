package triage

import (
	"errors"
	"fmt"

	"theriac/model"
	"theriac/risk"
)

// Rescored holds the score of a vulnerability against the risk that it falls under.
type Rescored struct {
	Risk     *model.Risk
	Residual risk.Rating // of the risk
	Scored   risk.Rating // of the vulnerability; its severity is that of the residual risk where nobody states one
	Above    bool        // the score is above what the policy accepts
	// Worse tells that the score is above the residual risk in exploitability or
	// severity. It is false where either is not known; see Known.
	Worse bool
}

// Known reports whether both can be compared.
func (r Rescored) Known() bool { return r.Residual.At.Known() && r.Scored.At.Known() }

// Rescore holds the score of a decision against the risk that it names; false where it
// names none of the file, or has no score.
func Rescore(file *model.File, d *model.Decision) (Rescored, bool) {
	r, ok := file.Lookup(d.Risk.ID).(*model.Risk)
	if !ok || !risk.Stated(d.Score) {
		return Rescored{}, false
	}
	a := risk.Of(file)
	s := d.Score
	if s.Severity == "" {
		s.Severity = r.Residual.Severity
	}
	one := Rescored{Risk: r, Residual: a.Rate(r.Residual), Scored: a.Rate(s)}
	one.Above = a.Scales.Above(one.Scored.At)
	one.Worse = one.Known() && !one.Scored.At.AtMost(one.Residual.At)
	return one, true
}

// CheckScore says what is wrong with the score and the risk of a rule, by the policy of
// the security file.
func (j *Judge) CheckScore(r *Rule) error {
	if r.Risk != "" {
		if _, ok := j.file.Lookup(r.Risk).(*model.Risk); !ok {
			return fmt.Errorf("%q is no risk of the security file", r.Risk)
		}
	}
	if !risk.Stated(r.Score) {
		return nil
	}
	if r.Vulnerability == "" || r.Vulnerability == AnyVulnerability {
		return errors.New("a score is of one vulnerability; name it")
	}
	a := risk.Of(j.file)
	for _, level := range []struct {
		name, text string
		rank       int
	}{
		{"exploitability", r.Score.Exploitability, a.Scales.Exploitability(r.Score.Exploitability)},
		{"severity", r.Score.Severity, a.Scales.Severity(r.Score.Severity)},
	} {
		if level.text != "" && level.rank == 0 {
			return fmt.Errorf("%q is no level of policy.risk.%s", level.text, level.name)
		}
	}
	rated := a.Rate(r.Score)
	if faults := rated.Estimate.Faulty(risk.Unreadable, risk.Version, risk.Unasked, risk.Unanswered, risk.Contrary); len(faults) > 0 {
		p := faults[0]
		text := p.Text
		if p.Fault == risk.Unanswered {
			text = "questions of the rubric without an answer: " + text
		}
		if p.Near != "" {
			text += "; did you mean " + p.Near + "?"
		}
		return fmt.Errorf("score.%s: %s", p.Field, text)
	}
	if rated.Disagrees() {
		return fmt.Errorf("exploitability is stated as %s, and %s gives %s", r.Score.Exploitability, rated.Estimate.Basis, rated.Estimate.Level)
	}
	return nil
}
