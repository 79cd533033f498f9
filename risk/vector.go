package risk

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	cvss31 "github.com/pandatix/go-cvss/31"
	cvss40 "github.com/pandatix/go-cvss/40"

	"theriac/model"
)

// longestVector is longer than any vector with each metric once.
const longestVector = 512

// Vector is a CVSS vector that was understood. Scores are those of the library;
// this package has no formula of its own.
type Vector struct {
	Version model.Scoring // cvss-3.1 or cvss-4.0
	Score   model.Decimal // the score that applies: with environmental metrics where there are some
	Basis   string        // which score that is, for readers
	get     func(metric string) (string, error)
}

// Metric is the value of a metric as the vector states it, X where it leaves an
// optional one out, and "" for a metric that the version does not have.
func (v Vector) Metric(name string) string {
	value, err := v.get(name)
	if err != nil {
		return ""
	}
	return value
}

// errVersion says that a vector is of a version that is not supported.
var errVersion = errors.New("version")

const (
	prefix31 = "CVSS:3.1/"
	prefix40 = "CVSS:4.0/"
)

// ParseVector reads a vector of CVSS v3.1 or v4.0. The error is a statement about
// the vector, for users.
func ParseVector(text string) (Vector, error) {
	switch {
	case len(text) > longestVector:
		return Vector{}, errors.New("it is longer than a vector can be")
	case strings.HasPrefix(text, prefix31):
		return parse31(text)
	case strings.HasPrefix(text, prefix40):
		return parse40(text)
	case strings.HasPrefix(text, "CVSS:"), strings.HasPrefix(text, "AV:"):
		return Vector{}, fmt.Errorf("it is of another %w than 3.1 and 4.0", errVersion)
	}
	return Vector{}, errors.New("it does not begin with " + prefix31 + " or " + prefix40)
}

func parse31(text string) (Vector, error) {
	c, err := cvss31.ParseVector(text)
	if err != nil {
		return Vector{}, fault(strings.TrimPrefix(text, prefix31), base31, new(cvss31.CVSS31).Set)
	}
	v := Vector{Version: "cvss-3.1", get: c.Get}
	score := c.BaseScore()
	v.Basis = "CVSS v3.1 base score"
	switch {
	case v.states(environmental31):
		score, v.Basis = c.EnvironmentalScore(), "CVSS v3.1 environmental score"
	case v.states(temporal31):
		score, v.Basis = c.TemporalScore(), "CVSS v3.1 temporal score"
	}
	v.Score = decimal(score)
	return v, nil
}

func parse40(text string) (Vector, error) {
	c, err := cvss40.ParseVector(text)
	if err != nil {
		return Vector{}, fault(strings.TrimPrefix(text, prefix40), base40, new(cvss40.CVSS40).Set)
	}
	return Vector{Version: "cvss-4.0", Score: decimal(c.Score()), Basis: "CVSS v4.0 score " + c.Nomenclature(), get: c.Get}, nil
}

var (
	base31          = []string{"AV", "AC", "PR", "UI", "S", "C", "I", "A"}
	temporal31      = []string{"E", "RL", "RC"}
	environmental31 = []string{"CR", "IR", "AR", "MAV", "MAC", "MPR", "MUI", "MS", "MC", "MI", "MA"}
	base40          = []string{"AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"}
)

// states reports whether one of the metrics is defined.
func (v Vector) states(metrics []string) bool {
	return slices.ContainsFunc(metrics, func(m string) bool { return v.Metric(m) != "X" })
}

func decimal(score float64) model.Decimal { return model.Decimal(math.Round(10 * score)) }

// fault says what is wrong with a vector that the library refused. set is that of
// an empty vector, and refuses metrics and values that the version does not have.
func fault(text string, base []string, set func(metric, value string) error) error {
	seen := map[string]bool{}
	for _, couple := range strings.Split(text, "/") {
		metric, value, ok := strings.Cut(couple, ":")
		switch {
		case !ok:
			return fmt.Errorf("%q is not a metric and its value", couple)
		case seen[metric]:
			return fmt.Errorf("metric %q stands twice", metric)
		case set(metric, value) != nil:
			return fmt.Errorf("%q is not a metric of this version with one of its values", couple)
		}
		seen[metric] = true
	}
	for _, metric := range base {
		if !seen[metric] {
			return fmt.Errorf("base metric %s is missing", metric)
		}
	}
	return errors.New("its metrics do not stand in the order of the specification")
}

// vectorProblem sorts an error of ParseVector.
func vectorProblem(err error) Problem {
	p := Problem{Fault: Unreadable, Field: "cvss", Text: err.Error()}
	if errors.Is(err, errVersion) {
		p.Fault = Version
	}
	return p
}
