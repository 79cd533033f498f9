package risk

import "theriac/model"

// judged is the method in which people choose the level on the manufacturer's
// scale. A vector beside it supports the judgement and must be readable, in
// whichever version; it computes nothing.
type judged struct{}

func (judged) Name() model.Scoring { return "judged" }

func (judged) Computes() bool { return false }

func (judged) Estimate(s model.Score) Estimate {
	e := Estimate{Basis: "judged"}
	if s.CVSS == "" {
		_, e.Problems = derive(s, nil)
		return e
	}
	v, err := ParseVector(s.CVSS)
	if err != nil {
		_, e.Problems = derive(s, nil)
		e.Problems = append([]Problem{vectorProblem(err)}, e.Problems...)
		return e
	}
	_, e.Problems = derive(s, &v)
	return e
}
