package risk

import "theriac/model"

// Method finds the exploitability of a score.
type Method interface {
	// Name is the value of policy.risk.scoring.
	Name() model.Scoring
	// Computes reports whether the method finds a figure, which policy.risk.levels
	// turns into a level.
	Computes() bool
	// Estimate computes the figure and its level, or says what is wrong.
	Estimate(s model.Score) Estimate
}

// Estimate is what a method finds.
type Estimate struct {
	Known    bool // whether there is a figure
	Figure   model.Decimal
	Basis    string // what the figure is, for readers: "CVSS v3.1 environmental score"
	Level    string // level of exploitability, or "" where the figure or its level is not known
	Problems []Problem
}

// Problem is something wrong in the input of a method, or in the policy.
type Problem struct {
	Fault Fault
	Field string // where, as a path inside the score or inside policy.risk
	Text  string // what, as a short statement
	Near  string // the word that was probably meant, or ""
}

// Fault is a sort of problem.
type Fault string

// Faults of scores.
const (
	NoInput    Fault = "no-input"   // what the method computes from is not there, or not all of it
	Unreadable Fault = "unreadable" // a vector that is none
	Version    Fault = "version"    // a vector of another version than that of the policy
	Unused     Fault = "unused"     // input that the method does not look at
	Unasked    Fault = "unasked"    // a question or an answer that the rubric does not know, or one that stands twice
	Unanswered Fault = "unanswered" // a question of the rubric that is not answered
	Contrary   Fault = "contrary"   // a metric that contradicts the answers
)

// MethodOf returns the method that a policy names. Where it names none, people
// judge.
func MethodOf(policy model.RiskPolicy) Method {
	levels := newThresholds(policy)
	switch policy.Scoring {
	case "cvss-3.1", "cvss-4.0":
		return cvss{policy.Scoring, levels}
	case "feasibility":
		return feasibility{levels}
	}
	return judged{}
}

// has keeps the problems of some sorts.
func has(problems []Problem, faults ...Fault) []Problem {
	var kept []Problem
	for _, p := range problems {
		for _, f := range faults {
			if p.Fault == f {
				kept = append(kept, p)
			}
		}
	}
	return kept
}

// Faulty returns the problems of some sorts.
func (e Estimate) Faulty(faults ...Fault) []Problem { return has(e.Problems, faults...) }
