package risk

import (
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/model"
	"theriac/syntax"
)

// Rubric is the rubric for applying CVSS to medical devices: questions whose
// answers decide the base metrics of a CVSS v3 vector.
//
// # Format
//
// A metric has one question to begin with, or several; each leads by its answer
// to another question or to a value. Of several values the first in Worst counts.
type Rubric struct {
	Title     string      `yaml:"title" theriac:"required" doc:"name"`
	Edition   string      `yaml:"edition" theriac:"required" doc:"edition"`
	Notes     string      `yaml:"notes" doc:"what a user must know"`
	Metrics   []*Metric   `yaml:"metrics" theriac:"required" doc:"base metrics in the order of the vector"`
	Questions []*Question `yaml:"questions" theriac:"required" doc:"questions by the element of the extended vector that keeps the answer"`
}

// Metric is a base metric and the questions that decide it.
type Metric struct {
	Name   string   `yaml:"-"`
	Title  string   `yaml:"title" theriac:"required" doc:"name for readers"`
	Begins []string `yaml:"begins" theriac:"required" doc:"questions to begin with"`
	Worst  []string `yaml:"worst" theriac:"required" doc:"values from the worst to the best"`
}

// SetKey implements syntax.Keyed.
func (m *Metric) SetKey(key, _ *syntax.Node) { m.Name = key.Value }

// Question is one question of the rubric.
type Question struct {
	Name     string `yaml:"-"`
	Asks     string `yaml:"asks" theriac:"required" doc:"the question, in our own words"`
	Yes      string `yaml:"yes" theriac:"required" doc:"question or value that follows from yes"`
	No       string `yaml:"no" theriac:"required" doc:"question or value that follows from no"`
	Unknown  string `yaml:"unknown" theriac:"required" doc:"question or value that follows where nobody knows"`
	Verified string `yaml:"verified" theriac:"required" doc:"how far question, yes and no were checked: primary, secondary, memory"`
	// UnknownVerified is for the answer unknown alone, of which less is published.
	UnknownVerified string `yaml:"unknown-verified" theriac:"required" doc:"how far the outcome of unknown was checked"`
	Note            string `yaml:"note" doc:"trap or open point"`
}

// SetKey implements syntax.Keyed.
func (q *Question) SetKey(key, _ *syntax.Node) { q.Name = key.Value }

// Answers are the answers that each question has.
func Answers() []string { return []string{"yes", "no", "unknown"} }

// follows is what an answer leads to, or "" for one that there is not.
func (q *Question) follows(answer string) string {
	switch answer {
	case "yes":
		return q.Yes
	case "no":
		return q.No
	case "unknown":
		return q.Unknown
	}
	return ""
}

// MedicalRubric returns the rubric.
func MedicalRubric() *Rubric { return loadRubric() }

// Question returns the question with a name, or nil.
func (r *Rubric) Question(name string) *Question {
	for _, q := range r.Questions {
		if q.Name == name {
			return q
		}
	}
	return nil
}

// Names lists the names of the questions.
func (r *Rubric) Names() []string {
	var names []string
	for _, q := range r.Questions {
		names = append(names, q.Name)
	}
	return names
}

// Derivation is what follows from answers.
type Derivation struct {
	Metrics map[string]string // values by base metric; one that is not decided is absent
	Asked   []string          // questions that the answers lead to, in order
	// Problems are answers that are none, and questions without an answer. The
	// field of the latter is the list.
	Problems []Problem
}

// Derive follows the answers from question to question.
func (r *Rubric) Derive(answers []model.RubricAnswer) Derivation {
	d := Derivation{Metrics: map[string]string{}}
	given := map[string]string{}
	d.Problems = r.read(answers, given)
	var missing []string
	for _, m := range r.Metrics {
		var values []string
		lost := false
		for _, first := range m.Begins {
			value, open := r.walk(&d, first, given)
			values = append(values, value)
			lost = lost || value == ""
			if open != "" {
				missing = append(missing, open)
			}
		}
		if !lost {
			d.Metrics[m.Name] = m.worst(values)
		}
	}
	if len(missing) > 0 {
		d.Problems = append(d.Problems, Problem{Fault: Unanswered, Field: "rubric", Text: strings.Join(missing, ", ")})
	}
	return d
}

// read takes over the answers that can be read.
func (r *Rubric) read(answers []model.RubricAnswer, given map[string]string) []Problem {
	var problems []Problem
	fault := func(i int, field, text, near string) {
		problems = append(problems, Problem{Fault: Unasked, Field: fmt.Sprintf("rubric.%d.%s", i, field), Text: text, Near: near})
	}
	for i, a := range answers {
		_, twice := given[a.Question]
		switch {
		case a.Question == "" || a.Answer == "": // required: a finding about form says so
		case r.Question(a.Question) == nil:
			fault(i, "question", fmt.Sprintf("%q is not a question of the rubric", a.Question), diag.Suggest(a.Question, r.Names()))
			continue
		case twice:
			fault(i, "question", fmt.Sprintf("question %s is answered twice", a.Question), "")
			continue
		case !slices.Contains(Answers(), a.Answer):
			fault(i, "answer", fmt.Sprintf("%q is not an answer of the rubric (%s)", a.Answer, strings.Join(Answers(), ", ")), diag.Suggest(a.Answer, Answers()))
		}
		given[a.Question] = a.Answer
	}
	return problems
}

// walk follows answers from a question to a value. open is the question that has
// no answer; one whose answer cannot be read is not open.
func (r *Rubric) walk(d *Derivation, name string, given map[string]string) (value, open string) {
	for q := r.Question(name); q != nil; q = r.Question(name) {
		d.Asked = append(d.Asked, name)
		answer, there := given[name]
		if !there {
			return "", name
		}
		name = q.follows(answer)
	}
	return name, ""
}

// worst is the worst of some values.
func (m *Metric) worst(values []string) string {
	for _, w := range m.Worst {
		if slices.Contains(values, w) {
			return w
		}
	}
	return ""
}

// Vector writes the base metrics as a CVSS v3.1 vector, or "" where one of them is
// not decided. The rubric was written for v3.0; the base metrics of v3.1 are the same.
func (d Derivation) Vector() string {
	text := "CVSS:3.1"
	for _, m := range base31 {
		value := d.Metrics[m]
		if value == "" {
			return ""
		}
		text += "/" + m + ":" + value
	}
	return text
}

// Contrary lists the metrics of a vector that contradict what follows from the
// answers, in the order of the vector.
func (d Derivation) Contrary(v Vector) []Problem {
	var problems []Problem
	for _, m := range base31 {
		wanted, found := d.Metrics[m], inV3(v, m)
		if wanted != "" && found != wanted {
			problems = append(problems, Problem{Fault: Contrary, Field: "cvss", Text: fmt.Sprintf("%s:%s where the answers give %s:%s", m, found, m, wanted)})
		}
	}
	return problems
}

// inV3 reads a base metric of v3 in a vector. The rubric says nothing of v4.0,
// so the reading of one is ours: AC and AT together are AC, passive and active
// interaction are interaction, an effect on the subsequent system is a changed
// scope, and of both systems the worse effect counts.
func inV3(v Vector, metric string) string {
	if v.Version == "cvss-3.1" {
		return v.Metric(metric)
	}
	switch metric {
	case "AV", "PR":
		return v.Metric(metric)
	case "AC":
		return either(v.Metric("AC") == "L" && v.Metric("AT") == "N", "L", "H")
	case "UI":
		return either(v.Metric("UI") == "N", "N", "R")
	case "S":
		return either(v.Metric("SC") == "N" && v.Metric("SI") == "N" && v.Metric("SA") == "N", "U", "C")
	}
	both := v.Metric("V"+metric) + v.Metric("S"+metric)
	return either(strings.Contains(both, "H"), "H", either(strings.Contains(both, "L"), "L", "N"))
}

func either(holds bool, yes, no string) string {
	if holds {
		return yes
	}
	return no
}

// derive follows the answers of a score, and compares its vector where there is one.
func derive(s model.Score, v *Vector) (Derivation, []Problem) {
	if len(s.Rubric) == 0 {
		return Derivation{}, nil
	}
	d := MedicalRubric().Derive(s.Rubric)
	problems := d.Problems
	if v != nil {
		problems = append(problems, d.Contrary(*v)...)
	}
	return d, problems
}
