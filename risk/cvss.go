package risk

import (
	"fmt"

	"theriac/model"
)

// cvss is the method that computes a score from a CVSS vector of one version.
type cvss struct {
	version model.Scoring
	levels  thresholds
}

func (m cvss) Name() model.Scoring { return m.version }

func (cvss) Computes() bool { return true }

func (m cvss) Estimate(s model.Score) Estimate {
	e := Estimate{Basis: "CVSS"}
	if s.Feasibility != (model.Feasibility{}) {
		e.Problems = append(e.Problems, Problem{Fault: Unused, Field: "feasibility", Text: "factors of attack feasibility, although the policy scores by CVSS"})
	}
	v, problems := m.vector(s)
	_, answers := derive(s, v)
	e.Problems = append(append(e.Problems, problems...), answers...)
	if v != nil {
		e.Known, e.Figure, e.Basis = true, v.Score, v.Basis
		e.Level = m.levels.level(v.Score)
	}
	return e
}

// vector reads the vector of a score, which must be of the version of the policy.
func (m cvss) vector(s model.Score) (*Vector, []Problem) {
	if s.CVSS == "" {
		return nil, []Problem{m.absent(s)}
	}
	v, err := ParseVector(s.CVSS)
	if err != nil {
		return nil, []Problem{vectorProblem(err)}
	}
	if v.Version != m.version {
		return nil, []Problem{{Fault: Version, Field: "cvss", Text: fmt.Sprintf("it is of version %s, and the policy scores by %s", v.Version, m.version)}}
	}
	return &v, nil
}

// absent is the problem of a score without a vector. The answers of the rubric
// give one where they decide all base metrics of v3.1.
func (m cvss) absent(s model.Score) Problem {
	p := Problem{Fault: NoInput, Field: "cvss", Text: "a CVSS vector"}
	if d, _ := derive(s, nil); m.version == "cvss-3.1" {
		p.Near = d.Vector()
	}
	return p
}
