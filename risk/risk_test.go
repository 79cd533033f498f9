package risk

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// load reads parts of a security file, which must be sound in form.
func load(t testing.TB, dir, text string) *model.File {
	t.Helper()
	for name, content := range map[string]string{
		"theriac.yaml": "product:\n  name: Example device\n  regulation: MDR\n  class: IIb\n", "risks.yaml": text,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		t.Fatalf("%s %s %s", f.Span, f.Code, f.Message)
	}
	return file
}

// ladder is the policy of the tests.
const ladder = `policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - {exploitability: low, severity: serious}
      - {exploitability: medium, severity: minor}
`

// scoring is a policy with a method and the figures of low, medium and high.
func scoringPolicy(method, low, medium, high string) model.RiskPolicy {
	p := model.RiskPolicy{Scoring: model.Scoring(method), Exploitability: []string{"low", "medium", "high"}, Severity: []string{"minor", "serious", "critical"}}
	for _, l := range []struct{ level, from string }{{"high", high}, {"low", low}, {"medium", medium}} {
		if l.from != "" {
			p.Levels = append(p.Levels, model.ScoreLevel{Level: l.level, From: must(model.ParseDecimal(l.from))})
		}
	}
	return p
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func faults(problems []Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, string(p.Fault)+" "+p.Field)
	}
	return strings.Join(all, ", ")
}

func TestRate(t *testing.T) {
	const worst = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
	for _, tt := range []struct {
		name      string
		method    string
		score     model.Score
		want      string
		at        Point
		disagrees bool
	}{
		{"typed", "judged", model.Score{Exploitability: "medium", Severity: "minor"}, "medium/minor", Point{2, 1}, false},
		{"no method named", "", model.Score{Exploitability: "medium", Severity: "minor"}, "medium/minor", Point{2, 1}, false},
		{"computed", "cvss-3.1", model.Score{CVSS: worst, Severity: "minor"}, "high/minor", Point{3, 1}, false},
		{"typed and computed", "cvss-3.1", model.Score{CVSS: worst, Exploitability: "high", Severity: "minor"}, "high/minor", Point{3, 1}, false},
		{"typed better than computed", "cvss-3.1", model.Score{CVSS: worst, Exploitability: "low", Severity: "minor"}, "high/minor", Point{3, 1}, true},
		{"typed worse than computed", "cvss-3.1", model.Score{CVSS: "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N", Exploitability: "high", Severity: "minor"}, "high/minor", Point{3, 1}, true},
		{"vector nobody can read", "cvss-3.1", model.Score{CVSS: "CVSS:3.1/AV:N", Exploitability: "low", Severity: "minor"}, "/minor", Point{0, 1}, false},
		{"level off the scale", "judged", model.Score{Exploitability: "awful", Severity: "minor"}, "awful/minor", Point{0, 1}, false},
		{"nothing", "cvss-3.1", model.Score{}, "/", Point{}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			policy := scoringPolicy(tt.method, "0.0", "4.0", "7.0")
			r := New(policy).Rate(tt.score)
			if r.Levels() != tt.want || r.At != tt.at || r.Disagrees() != tt.disagrees {
				t.Errorf("got %s %v, disagrees %v", r.Levels(), r.At, r.Disagrees())
			}
		})
	}
}

func TestLevelProblems(t *testing.T) {
	level := func(name, from string) model.ScoreLevel {
		return model.ScoreLevel{Level: name, From: must(model.ParseDecimal(from))}
	}
	for _, tt := range []struct {
		name, method string
		levels       []model.ScoreLevel
		want         string
	}{
		{"rises with the scale", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("medium", "4"), level("high", "7")}, ""},
		{"in any order", "cvss-4.0", []model.ScoreLevel{level("high", "7"), level("low", "0"), level("medium", "4")}, ""},
		{"none", "cvss-3.1", nil, "levels-missing scoring"},
		{"one left out", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("high", "7")}, "levels-missing levels"},
		{"falls", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("medium", "7"), level("high", "4")}, "level-order levels.2.from"},
		{"equal", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("medium", "4"), level("high", "4")}, "level-order levels.2.from"},
		{"twice", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("low", "2"), level("medium", "4"), level("high", "7")}, "level-twice levels.1.level"},
		{"begins late", "cvss-3.1", []model.ScoreLevel{level("low", "0.1"), level("medium", "4"), level("high", "7")}, "level-start levels"},
		{"never reached", "cvss-3.1", []model.ScoreLevel{level("low", "0"), level("medium", "4"), level("high", "10.1")}, "level-beyond levels.2.from"},
		{"points fall with the scale", "feasibility", []model.ScoreLevel{level("low", "20"), level("medium", "14"), level("high", "0")}, ""},
		{"points rise", "feasibility", []model.ScoreLevel{level("low", "0"), level("medium", "14"), level("high", "20")}, "level-order levels.1.from"},
		{"most points", "feasibility", []model.ScoreLevel{level("low", "57"), level("medium", "14"), level("high", "0")}, ""},
		{"too many points", "feasibility", []model.ScoreLevel{level("low", "57.1"), level("medium", "14"), level("high", "0")}, "level-beyond levels.0.from"},
		{"judged", "judged", []model.ScoreLevel{level("low", "0")}, "levels-idle levels"},
		{"judged by default", "", []model.ScoreLevel{level("low", "0")}, "levels-idle levels"},
		{"judged without figures", "judged", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			policy := scoringPolicy(tt.method, "", "", "")
			policy.Levels = tt.levels
			if got := faults(LevelProblems(policy)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestThresholdEdges: a level begins at its figure, not after it, and figures that
// contradict themselves give no level.
func TestThresholdEdges(t *testing.T) {
	policy := scoringPolicy("cvss-3.1", "0.0", "4.0", "7.0")
	for figure, want := range map[string]string{"0.0": "low", "3.9": "low", "4.0": "medium", "6.9": "medium", "7.0": "high", "10.0": "high"} {
		if got := newThresholds(policy).level(must(model.ParseDecimal(figure))); got != want {
			t.Errorf("%s is %s, want %s", figure, got, want)
		}
	}
	for name, spoil := range map[string]func(*model.RiskPolicy){
		"falling": func(p *model.RiskPolicy) { p.Levels[0].From, p.Levels[2].From = p.Levels[2].From, p.Levels[0].From },
		"unknown": func(p *model.RiskPolicy) { p.Levels[0].Level = "awful" },
		"missing": func(p *model.RiskPolicy) { p.Levels = p.Levels[:2] },
	} {
		policy := scoringPolicy("cvss-3.1", "0.0", "4.0", "7.0")
		spoil(&policy)
		if got := newThresholds(policy).level(50); got != "" {
			t.Errorf("%s figures give level %q", name, got)
		}
	}
}

func TestFeasibility(t *testing.T) {
	m := MethodOf(scoringPolicy("feasibility", "20", "14", "0"))
	for _, tt := range []struct {
		name   string
		in     model.Feasibility
		figure string
		level  string
	}{
		// The ends of the table, and sums on both sides of its bands.
		{"anybody", model.Feasibility{Time: "one-day", Expertise: "layman", Knowledge: "public", Opportunity: "unlimited", Equipment: "standard"}, "0.0", "high"},
		{"just high", model.Feasibility{Time: "one-month", Expertise: "expert", Knowledge: "restricted", Opportunity: "unlimited", Equipment: "standard"}, "13.0", "high"},
		{"just medium", model.Feasibility{Time: "one-month", Expertise: "expert", Knowledge: "restricted", Opportunity: "easy", Equipment: "standard"}, "14.0", "medium"},
		{"just low", model.Feasibility{Time: "six-months", Expertise: "proficient", Knowledge: "public", Opportunity: "unlimited", Equipment: "standard"}, "20.0", "low"},
		{"a state", model.Feasibility{Time: "longer", Expertise: "multiple-experts", Knowledge: "strictly-confidential", Opportunity: "difficult", Equipment: "multiple-bespoke"}, "57.0", "low"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := m.Estimate(model.Score{Feasibility: tt.in})
			if !e.Known || e.Figure.String() != tt.figure || e.Level != tt.level || len(e.Problems) > 0 {
				t.Errorf("got %+v", e)
			}
		})
	}
	part := m.Estimate(model.Score{Feasibility: model.Feasibility{Time: "one-day", Equipment: "standard"}, CVSS: "CVSS:3.1/"})
	if part.Known || part.Level != "" || faults(part.Problems) != "unused cvss, no-input feasibility" || !strings.Contains(part.Problems[1].Text, "expertise, knowledge, opportunity") {
		t.Errorf("got %+v", part)
	}
}

// TestFactorsMatchLanguage: the table has exactly the factors and values that the
// language has, so that nothing a file says counts as missing.
func TestFactorsMatchLanguage(t *testing.T) {
	values := map[string]model.Values{"time": model.AttackTime("").Values(), "expertise": model.AttackExpertise("").Values(),
		"knowledge": model.AttackKnowledge("").Values(), "opportunity": model.AttackOpportunity("").Values(), "equipment": model.AttackEquipment("").Values()}
	if len(Factors()) != len(values) {
		t.Errorf("%d factors, want %d", len(Factors()), len(values))
	}
	for _, f := range Factors() {
		var table, language []string
		for _, v := range f.Points {
			table = append(table, v.Value)
		}
		for _, v := range values[f.Name] {
			language = append(language, v.Name)
		}
		if !slices.Equal(table, language) {
			t.Errorf("%s: table %v, language %v", f.Name, table, language)
		}
		if !checked(f.Verified) {
			t.Errorf("%s: verified %q", f.Name, f.Verified)
		}
	}
}

func checked(verified string) bool {
	return slices.Contains([]string{"primary", "secondary", "memory"}, verified)
}

func TestBands(t *testing.T) {
	for _, scoring := range model.Scoring("").Values() {
		name := model.Scoring(scoring.Name)
		bands := Bands(name)
		if computes := MethodOf(model.RiskPolicy{Scoring: name}).Computes(); computes != (len(bands) > 0) {
			t.Errorf("%s: %d bands, computes %v", name, len(bands), computes)
		}
		for i, b := range bands {
			if i == 0 && b.From != 0 || i > 0 && b.From <= bands[i-1].From {
				t.Errorf("%s: %s begins at %s", name, b.Level, b.From)
			}
		}
		if got := MethodOf(model.RiskPolicy{Scoring: name}).Name(); got != name {
			t.Errorf("method of %s is named %s", name, got)
		}
	}
}
