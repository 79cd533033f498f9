// Package risk turns what a team wrote about a security risk into values on the
// manufacturer's own scales, by a stated method, as pure functions.
//
// A risk has two dimensions: how easily it can be exploited, and how severe the
// harm is. Severity comes from the safety file, through the harms. A method
// finds the exploitability: people judge it, or it is computed from a CVSS vector
// or from the points of attack feasibility. The levels are the manufacturer's
// (policy.risk.exploitability and policy.risk.severity), and so are the matrix
// of what is acceptable and the figures from which each level begins. Nothing here
// multiplies levels or takes an average: several values together are as bad as
// the worst of them.
//
// # Values
//
// Ranks count from 1 for the lowest level of a scale; 0 is a level that is not
// known. Figures are model.Decimal: a CVSS score of 0.0 to 10.0, of which more
// means more exploitable, or a sum of feasibility points, of which more means less.
//
// A CVSS score is the severity of a weakness, not medical risk, and impact
// metrics are part of it; MDCG 2019-16 section 3.4 names it as support for
// likelihood only. So it gives a level of exploitability here and never the
// severity of harm.
//
// Where a level is typed and computed and the two differ, the worse one counts,
// until somebody mends the file. Where neither is known, nothing is known: such a
// risk is neither acceptable nor above the policy.
//
// # Errors
//
// Problems in the input of a method are values with a sort and a place in the
// score; package check/rules says them to the user. There are no other errors.
//
// # Concurrency
//
// All functions only read what they are given and may be called side by side.
//
// # Sources
//
// ISO 14971:2019 clauses 5.5, 6, 7.3 and 8 for the order of estimates; FIRST CVSS
// v3.1 and v4.0 through github.com/pandatix/go-cvss; the rubric of data/rubric.yaml
// and the points of data/feasibility.yaml name theirs.
package risk

import "theriac/model"

// Assessor rates scores on the scales and by the method of one policy.
type Assessor struct {
	Scales Scales
	Method Method
	policy model.RiskPolicy
}

// Of returns the assessor of a security file. Without a policy nothing is known.
func Of(f *model.File) Assessor {
	if f.Policy == nil {
		return New(model.RiskPolicy{})
	}
	return New(f.Policy.Risk)
}

// New returns the assessor of a risk policy.
func New(policy model.RiskPolicy) Assessor {
	return Assessor{Scales: NewScales(policy), Method: MethodOf(policy), policy: policy}
}

// Rating is a score with what follows from it.
type Rating struct {
	Score    model.Score
	Estimate Estimate
	// Exploitability and Severity are the levels that count; see the package
	// comment on levels that differ.
	Exploitability, Severity string
	At                       Point
}

// Rate rates a score.
func (a Assessor) Rate(s model.Score) Rating {
	r := Rating{Score: s, Estimate: a.Method.Estimate(s), Exploitability: s.Exploitability, Severity: s.Severity}
	computed := r.Estimate.Level
	if a.Method.Computes() && !r.Estimate.Known {
		r.Exploitability = "" // typed, but not found by the method
	}
	if computed != "" && a.Scales.exploitability[computed] > a.Scales.exploitability[s.Exploitability] {
		r.Exploitability = computed
	}
	r.At = a.Scales.Place(r.Exploitability, r.Severity)
	return r
}

// Disagrees reports whether the level that is typed and the one that is computed
// are both known and differ.
func (r Rating) Disagrees() bool {
	return r.Estimate.Level != "" && r.Score.Exploitability != "" && r.Estimate.Level != r.Score.Exploitability
}

// Levels writes the two levels as the files of teams do.
func (r Rating) Levels() string { return r.Exploitability + "/" + r.Severity }

// Stated reports whether anything is said in a score.
func Stated(s model.Score) bool {
	return s.Exploitability != "" || s.Severity != "" || s.CVSS != "" || len(s.Rubric) > 0 ||
		s.Feasibility != (model.Feasibility{}) || s.Rationale != ""
}
