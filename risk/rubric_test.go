package risk

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"theriac/catalog"
	"theriac/model"
)

// answered gives answers to all questions: those that are named, and no to the rest.
func answered(given map[string]string) []model.RubricAnswer {
	var all []model.RubricAnswer
	for _, q := range MedicalRubric().Questions {
		answer := "no"
		if a := given[q.Name]; a != "" {
			answer = a
		}
		all = append(all, model.RubricAnswer{Question: q.Name, Answer: answer})
	}
	return all
}

func TestDerive(t *testing.T) {
	for _, tt := range []struct {
		name  string
		given map[string]string
		want  string
	}{
		// Published decisions of calculators that implement the rubric.
		{"network", map[string]string{"XAVN": "yes", "XAVT": "yes"}, "AV:N"},
		{"nobody knows the network", map[string]string{"XAVN": "unknown"}, "AV:N"},
		{"nobody knows the protocol", map[string]string{"XAVN": "yes", "XAVT": "unknown"}, "AV:N"},
		{"short wireless range", map[string]string{"XAVN": "yes", "XAVW": "yes", "XAVR": "yes"}, "AV:L"},
		{"long wireless range", map[string]string{"XAVN": "yes", "XAVW": "yes"}, "AV:A"},
		{"wire without IP", map[string]string{"XAVN": "yes"}, "AV:A"},
		{"touch", map[string]string{"XAVP": "yes"}, "AV:P"},
		{"neither network nor touch", nil, "AV:L"},
		{"at will", map[string]string{"XACL": "yes"}, "AC:L"},
		{"not at will", nil, "AC:H"},
		{"no roles", nil, "PR:N"},
		{"roles, not needed", map[string]string{"XPRL": "yes"}, "PR:N"},
		{"user", map[string]string{"XPRL": "yes", "XPRZ": "yes"}, "PR:L"},
		{"administrator", map[string]string{"XPRL": "yes", "XPRZ": "yes", "XPRS": "yes"}, "PR:H"},
		{"somebody must act", map[string]string{"XUI": "yes"}, "UI:R"},
		{"another authority", map[string]string{"XS": "yes"}, "S:C"},
		{"data of few", map[string]string{"XCP": "yes"}, "C:L"},
		{"data of many", map[string]string{"XCP": "yes", "XCPM": "yes"}, "C:H"},
		{"data of nobody knows how many", map[string]string{"XCP": "yes", "XCPM": "unknown"}, "C:H"},
		{"data of few and monitoring", map[string]string{"XCP": "yes", "XCD": "yes"}, "C:H"},
		{"nothing to read", nil, "C:N"},
		{"therapy changed", map[string]string{"XIT": "yes"}, "I:H"},
		{"nobody knows whether it can be changed", map[string]string{"XID": "unknown"}, "I:H"},
		{"therapy stopped", map[string]string{"XAT": "yes"}, "A:H"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := MedicalRubric().Derive(answered(tt.given))
			metric, value, _ := strings.Cut(tt.want, ":")
			if d.Metrics[metric] != value || len(d.Problems) > 0 {
				t.Errorf("got %s:%s, problems %v", metric, d.Metrics[metric], d.Problems)
			}
		})
	}
}

// TestDeriveVector: an infusion pump that stops when flooded, from the answers to
// a vector that scores.
func TestDeriveVector(t *testing.T) {
	d := MedicalRubric().Derive(answered(map[string]string{"XAVN": "yes", "XAVT": "yes", "XACL": "yes", "XAT": "yes"}))
	if got := d.Vector(); got != "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H" {
		t.Fatalf("got %s", got)
	}
	v := must(ParseVector(d.Vector()))
	if v.Score.String() != "7.5" || len(d.Contrary(v)) > 0 {
		t.Errorf("%s, %v", v.Score, d.Contrary(v))
	}
	for vector, want := range map[string]string{
		"CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:L":                            "AV:A where the answers give AV:N|A:L where the answers give A:H",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/MAV:P":                      "", // the rubric is about base metrics
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N":         "",
		"CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:A/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N/E:U":     "AC:H where the answers give AC:L|UI:R where the answers give UI:N|A:L where the answers give A:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:H/MSI:S":   "S:C where the answers give S:U",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:H/SC:N/SI:N/SA:N/S:P/V:D": "C:L where the answers give C:N",
	} {
		var got []string
		for _, p := range d.Contrary(must(ParseVector(vector))) {
			got = append(got, p.Text)
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: %q, want %q", vector, got, want)
		}
	}
}

func TestRubricProblems(t *testing.T) {
	answer := func(pairs ...string) []model.RubricAnswer {
		var all []model.RubricAnswer
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, model.RubricAnswer{Question: pairs[i], Answer: pairs[i+1]})
		}
		return all
	}
	whole := answered(nil)
	for _, tt := range []struct {
		name    string
		answers []model.RubricAnswer
		want    string
	}{
		{"all", whole, ""},
		{"unknown question", append(answer("XAVM", "yes"), whole...), "unasked rubric.0.question"},
		{"unknown answer", append(answer("XAVN", "maybe"), whole[1:]...), "unasked rubric.0.answer"},
		{"twice", append(slices.Clone(whole), answer("XUI", "no")...), "unasked rubric.31.question"},
		{"one left out", whole[:len(whole)-1], "unanswered rubric"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := faults(MedicalRubric().Derive(tt.answers).Problems); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	d := MedicalRubric().Derive(answer("XAVN", "yes", "XAVT", "yes", "XACL", "yes", "XPRL", "yes"))
	if open := d.Problems[0].Text; !strings.HasPrefix(open, "XPRZ, XUI, XS, XCP, XCD") || strings.Contains(open, "XAVW") || strings.Contains(open, "XPRS") {
		t.Errorf("open: %s", open)
	}
	if d.Vector() != "" || d.Metrics["AV"] != "N" || d.Metrics["PR"] != "" {
		t.Errorf("decided too much: %v", d.Metrics)
	}
	if near := MedicalRubric().Derive(answer("XAVM", "yes")).Problems[0].Near; near != "XAVN" {
		t.Errorf("near %q", near)
	}
	e := MethodOf(model.RiskPolicy{Scoring: "cvss-3.1"}).Estimate(model.Score{Rubric: whole})
	if p := e.Problems[0]; p.Fault != NoInput || p.Near != "CVSS:3.1/AV:L/AC:H/PR:N/UI:N/S:U/C:N/I:N/A:N" {
		t.Errorf("got %+v", p)
	}
}

// TestRubricData: each question is reached, each answer leads on, and the walk
// ends at a value of its metric.
func TestRubricData(t *testing.T) {
	r := MedicalRubric()
	reached := map[string]bool{}
	for i, m := range r.Metrics {
		if m.Name != base31[i] {
			t.Errorf("metric %d is %s", i, m.Name)
		}
		todo := slices.Clone(m.Begins)
		for len(todo) > 0 {
			q := r.Question(todo[0])
			todo = todo[1:]
			if q == nil || reached[q.Name] {
				t.Fatalf("metric %s: a question that is not there, or is asked twice", m.Name)
			}
			reached[q.Name] = true
			for _, next := range []string{q.Yes, q.No, q.Unknown} {
				switch {
				case slices.Contains(m.Worst, next):
				case r.Question(next) == nil:
					t.Errorf("%s leads to %q, which is neither a question nor a value of %s", q.Name, next, m.Name)
				case !slices.Contains(todo, next):
					todo = append(todo, next)
				}
			}
			if !checked(q.Verified) || !checked(q.UnknownVerified) {
				t.Errorf("%s: verified %q, unknown %q", q.Name, q.Verified, q.UnknownVerified)
			}
		}
	}
	if len(r.Metrics) != len(base31) || len(reached) != len(r.Questions) {
		t.Errorf("%d metrics, %d of %d questions reached", len(r.Metrics), len(reached), len(r.Questions))
	}
}

// TestRubricMatchesCatalogue: the catalogue's table of the extended vector has the
// same elements.
func TestRubricMatchesCatalogue(t *testing.T) {
	elements := map[string]bool{}
	for _, row := range catalog.Load().Tables.CVSSMedicalVector {
		for _, e := range row.Elements {
			elements[e] = true
		}
	}
	names := MedicalRubric().Names()
	slices.Sort(names)
	if want := slices.Sorted(maps.Keys(elements)); !slices.Equal(names, want) {
		t.Errorf("questions %v, elements %v", names, want)
	}
}
