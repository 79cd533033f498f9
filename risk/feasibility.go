package risk

import (
	"strings"

	"theriac/model"
	"theriac/syntax"
)

// feasibility is the method that adds the points of five factors. More points
// mean that an attack takes more, so that the exploitability is lower.
type feasibility struct{ levels thresholds }

// Factor is one thing that an attack takes.
type Factor struct {
	Name     string        `yaml:"-"`
	Title    string        `yaml:"title" theriac:"required" doc:"name for readers"`
	Points   []FactorValue `yaml:"points" theriac:"required" doc:"values from least to most"`
	Verified string        `yaml:"verified" theriac:"required" doc:"how far the points were checked: primary, secondary, memory"`
	Note     string        `yaml:"note" doc:"trap or open point"`
}

// FactorValue is the points of one value of a factor.
type FactorValue struct {
	Value  string `yaml:"value" theriac:"required" doc:"value as files write it"`
	Points int    `yaml:"points" theriac:"required" doc:"points"`
}

// SetKey implements syntax.Keyed.
func (f *Factor) SetKey(key, _ *syntax.Node) { f.Name = key.Value }

// points of a value; ok is false for one that is not in the table.
func (f *Factor) points(value string) (points int, ok bool) {
	for _, v := range f.Points {
		if v.Value == value {
			return v.Points, true
		}
	}
	return 0, false
}

// Factors returns the table of points.
func Factors() []*Factor { return loadFeasibility().Factors }

// mostPoints is the highest sum.
func mostPoints() model.Decimal {
	var most model.Decimal
	for _, f := range Factors() {
		most += tenths(f.Points[len(f.Points)-1].Points)
	}
	return most
}

func tenths(points int) model.Decimal { return model.Decimal(10 * points) }

// factorsOf pairs the names of the table with what a score says.
func factorsOf(f model.Feasibility) map[string]string {
	return map[string]string{"time": string(f.Time), "expertise": string(f.Expertise), "knowledge": string(f.Knowledge),
		"opportunity": string(f.Opportunity), "equipment": string(f.Equipment)}
}

func (feasibility) Name() model.Scoring { return "feasibility" }

func (feasibility) Computes() bool { return true }

func (m feasibility) Estimate(s model.Score) Estimate {
	e := Estimate{Basis: "points of attack feasibility"}
	if s.CVSS != "" {
		e.Problems = append(e.Problems, Problem{Fault: Unused, Field: "cvss", Text: "a CVSS vector, although the policy adds points of attack feasibility"})
	}
	stated, missing := factorsOf(s.Feasibility), []string(nil)
	for _, f := range Factors() {
		points, ok := f.points(stated[f.Name])
		e.Figure += tenths(points)
		if !ok {
			missing = append(missing, f.Name)
		}
	}
	if len(missing) > 0 {
		e.Figure = 0
		e.Problems = append(e.Problems, Problem{Fault: NoInput, Field: "feasibility", Text: missingFactors(missing)})
		return e
	}
	e.Known, e.Level = true, m.levels.level(e.Figure)
	return e
}

// missingFactors names what is missing; all of them are one thing.
func missingFactors(names []string) string {
	if len(names) == len(Factors()) {
		return "the factors of attack feasibility"
	}
	return "of attack feasibility: " + strings.Join(names, ", ")
}
