package risk

import (
	"embed"
	"sync"

	"theriac/model"
	"theriac/syntax"
)

//go:embed data/*.yaml
var data embed.FS

// Band is a level as a source proposes it; manufacturers set their own.
type Band struct {
	Level string        `yaml:"level" theriac:"required" doc:"name in the source"`
	From  model.Decimal `yaml:"from" theriac:"required" doc:"lowest figure"`
}

// feasibilityData is data/feasibility.yaml.
type feasibilityData struct {
	Title    string    `yaml:"title" theriac:"required" doc:"what it is"`
	Edition  string    `yaml:"edition" theriac:"required" doc:"edition that the points were taken from"`
	Notes    string    `yaml:"notes" doc:"what a user of the table must know"`
	Factors  []*Factor `yaml:"factors" theriac:"required" doc:"factors"`
	Bands    []Band    `yaml:"bands" doc:"levels that the source proposes, from the most feasible"`
	Verified string    `yaml:"verified" theriac:"required" doc:"how far the bands were checked"`
}

var loadFeasibility = sync.OnceValue(func() *feasibilityData {
	d := &feasibilityData{}
	read("feasibility.yaml", d)
	return d
})

var loadRubric = sync.OnceValue(func() *Rubric {
	r := &Rubric{}
	read("rubric.yaml", r)
	return r
})

// read fills a struct from a data file. The data are part of the program: a
// fault in them is a state that our own tests make impossible.
func read(name string, target any) { syntax.Embedded(data, "risk", "data/"+name, target) }

// Bands returns the levels that the source of a method proposes, for those who
// have not set their own. There are none where people judge.
func Bands(name model.Scoring) []Band {
	switch name {
	case "cvss-3.1", "cvss-4.0": // CVSS v3.1 section 5, v4.0 section 6; "none" is 0.0 alone
		return []Band{{"none", 0}, {"low", 1}, {"medium", 40}, {"high", 70}, {"critical", 90}}
	case "feasibility":
		return loadFeasibility().Bands
	}
	return nil
}
