package risk

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/model"
)

var anyPoint = rapid.Custom(func(t *rapid.T) Point {
	return Point{rapid.IntRange(0, 5).Draw(t, "exploitability"), rapid.IntRange(0, 5).Draw(t, "severity")}
})

// TestWorstProperties: joining points takes the worst, in whatever order and as
// often as one likes, and one more point never makes the whole better.
func TestWorstProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := rapid.SliceOf(anyPoint).Draw(t, "points")
		worst := Worst(points...)
		for _, p := range points {
			if !p.AtMost(worst) {
				t.Fatalf("%v is worse than %v", p, worst)
			}
		}
		if again := Worst(append(points, worst)...); again != worst {
			t.Fatalf("not idempotent: %v, %v", worst, again)
		}
		if turned := Worst(rapid.Permutation(points).Draw(t, "turned")...); turned != worst {
			t.Fatalf("the order matters: %v, %v", worst, turned)
		}
		more := Worst(append(points, anyPoint.Draw(t, "more"))...)
		if !worst.AtMost(more) {
			t.Fatalf("one more made it better: %v, %v", worst, more)
		}
	})
}

// anyScales has a matrix that does not rise, as the rules ask for.
var anyScales = rapid.Custom(func(t *rapid.T) Scales {
	levels := func(name string) []string {
		var all []string
		for i := range rapid.IntRange(1, 5).Draw(t, name) {
			all = append(all, fmt.Sprintf("%s-%d", name, i+1))
		}
		return all
	}
	policy := model.RiskPolicy{Exploitability: levels("e"), Severity: levels("s")}
	limit := len(policy.Severity)
	for _, e := range policy.Exploitability {
		if limit = rapid.IntRange(0, limit).Draw(t, "limit"); limit == 0 {
			break
		}
		policy.Acceptable = append(policy.Acceptable, model.AcceptableUpTo{Exploitability: e, Severity: policy.Severity[limit-1]})
	}
	return NewScales(policy)
})

// TestAcceptanceMonotone: what is no worse than something acceptable is acceptable
// as well, and Compare agrees with the order of the points.
func TestAcceptanceMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyScales.Draw(t, "scales")
		draw := func(name string) Point {
			return Point{rapid.IntRange(1, len(s.ExploitabilityLevels)).Draw(t, name+" exploitability"), rapid.IntRange(1, len(s.SeverityLevels)).Draw(t, name+" severity")}
		}
		p, q := draw("p"), draw("q")
		if p.AtMost(q) && s.Accepts(q) && !s.Accepts(p) {
			t.Fatalf("%v is acceptable and %v is not", q, p)
		}
		if s.Above(p) && s.Accepts(p) || s.Judges() != (s.Above(p) || s.Accepts(p)) {
			t.Fatalf("%v: above %v, accepted %v", p, s.Above(p), s.Accepts(p))
		}
		if p.Below(q) && s.Compare(p, q) >= 0 {
			t.Fatalf("%v is below %v and compares as %d", p, q, s.Compare(p, q))
		}
		if s.Compare(p, q) != -s.Compare(q, p) || (s.Compare(p, q) == 0) != (p == q) {
			t.Fatalf("%v and %v: %d, %d", p, q, s.Compare(p, q), s.Compare(q, p))
		}
		if s.Compare(Point{}, p) <= 0 {
			t.Fatalf("an unknown point is not worse than %v", p)
		}
	})
}

var anyFeasibility = rapid.Custom(func(t *rapid.T) []int {
	var at []int
	for _, f := range Factors() {
		at = append(at, rapid.IntRange(0, len(f.Points)-1).Draw(t, f.Name))
	}
	return at
})

func feasible(at []int) model.Feasibility {
	value := func(i int) string { return Factors()[i].Points[at[i]].Value }
	byName := map[string]string{}
	for i, f := range Factors() {
		byName[f.Name] = value(i)
	}
	return model.Feasibility{Time: model.AttackTime(byName["time"]), Expertise: model.AttackExpertise(byName["expertise"]), Knowledge: model.AttackKnowledge(byName["knowledge"]),
		Opportunity: model.AttackOpportunity(byName["opportunity"]), Equipment: model.AttackEquipment(byName["equipment"])}
}

// TestFeasibilityMonotone: where an attack takes more of one thing, it has more
// points, and it is never more exploitable.
func TestFeasibilityMonotone(t *testing.T) {
	policy := scoringPolicy("feasibility", "20", "14", "0")
	a := New(policy)
	rapid.Check(t, func(t *rapid.T) {
		at := anyFeasibility.Draw(t, "factors")
		i := rapid.IntRange(0, len(at)-1).Draw(t, "factor")
		less := a.Rate(model.Score{Feasibility: feasible(at)})
		if at[i]++; at[i] >= len(Factors()[i].Points) {
			return
		}
		more := a.Rate(model.Score{Feasibility: feasible(at)})
		if more.Estimate.Figure <= less.Estimate.Figure || more.At.Exploitability > less.At.Exploitability || less.At.Exploitability == 0 {
			t.Fatalf("%s %s, then %s %s", less.Estimate.Figure, less.Estimate.Level, more.Estimate.Figure, more.Estimate.Level)
		}
	})
}

// Base metrics from the weakest to the strongest value.
var (
	weakToStrong31 = [][]string{{"AV", "P", "L", "A", "N"}, {"AC", "H", "L"}, {"PR", "H", "L", "N"}, {"UI", "R", "N"}, {"S", "U", "C"},
		{"C", "N", "L", "H"}, {"I", "N", "L", "H"}, {"A", "N", "L", "H"}}
	weakToStrong40 = [][]string{{"AV", "P", "L", "A", "N"}, {"AC", "H", "L"}, {"AT", "P", "N"}, {"PR", "H", "L", "N"}, {"UI", "A", "P", "N"},
		{"VC", "N", "L", "H"}, {"VI", "N", "L", "H"}, {"VA", "N", "L", "H"}, {"SC", "N", "L", "H"}, {"SI", "N", "L", "H"}, {"SA", "N", "L", "H"}}
)

// TestWeakerMetricNeverScoresHigher goes through all base vectors of both
// versions: with one metric weaker, none scores higher. Nothing is claimed for
// modified metrics and requirements.
func TestWeakerMetricNeverScoresHigher(t *testing.T) {
	for _, tt := range []struct {
		prefix string
		table  [][]string
		count  int
	}{{"CVSS:3.1", weakToStrong31, 2592}, {"CVSS:4.0", weakToStrong40, 104976}} {
		scores := map[[11]int8]model.Decimal{}
		eachVector(tt.prefix, tt.table, [11]int8{}, 0, func(at [11]int8, text string) { scores[at] = must(ParseVector(text)).Score })
		if len(scores) != tt.count {
			t.Errorf("%s: %d vectors", tt.prefix, len(scores))
		}
		for at, score := range scores {
			for i := range tt.table {
				weaker := at
				if weaker[i]--; weaker[i] >= 0 && scores[weaker] > score {
					t.Errorf("%s %v scores %s, and with a weaker %s %s", tt.prefix, at, score, tt.table[i][0], scores[weaker])
				}
			}
		}
	}
}

// eachVector visits all vectors of a table, with the places of their values in it.
func eachVector(text string, table [][]string, at [11]int8, i int, visit func(at [11]int8, text string)) {
	if i == len(table) {
		visit(at, text)
		return
	}
	for v, value := range table[i][1:] {
		at[i] = int8(v)
		eachVector(text+"/"+table[i][0]+":"+value, table, at, i+1, visit)
	}
}

// TestOrderDoesNotMatter: threats, harms and controls are sets. Turning them
// around changes nothing of what is assessed.
func TestOrderDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		turn := func(list string) string {
			return strings.Join(rapid.Permutation(strings.Split(list, ", ")).Draw(rt, list), ", ")
		}
		const threats, harms, controls = "th-a, th-b, th-c", "hm-a, hm-b, hm-c", "ct-a, ct-b, ct-c, ct-d"
		severity := rapid.SampledFrom([]string{"minor", "serious", "critical"})
		head := ladder + "hazards:\n  hz: {title: H}\nsituations:\n  hs: {title: S, hazard: hz, harms: [hm-d, hm-c]}\nharms:\n"
		for _, id := range []string{"hm-a", "hm-b", "hm-c", "hm-d"} {
			head += fmt.Sprintf("  %s: {title: H, severity: %s}\n", id, severity.Draw(rt, id))
		}
		head += "threats:\n  th-a: {title: T, category: spoofing, leads-to: [hs]}\n  th-b: {title: T, category: spoofing}\n  th-c: {title: T, category: misuse}\ncontrols:\n"
		for _, id := range strings.Split(controls, ", ") {
			head += fmt.Sprintf("  %s: {title: C, priority: protective, by: %s}\n", id, rapid.SampledFrom([]string{"device", "user", "environment"}).Draw(rt, id))
		}
		text := func(threats, harms, controls string) string {
			return head + fmt.Sprintf("risks:\n  rk: {title: R, threats: [%s], harms: [%s], controls: [%s], initial: {exploitability: high, severity: serious}, residual: {exploitability: low, severity: serious}}\n",
				threats, harms, controls)
		}
		one := Assess(load(t, dir, text(threats, harms, controls))).Risks[0]
		other := Assess(load(t, dir, text(turn(threats), turn(harms), turn(controls)))).Risks[0]
		if one.Harm.ID != other.Harm.ID || one.Understated != other.Understated || one.Verdict != other.Verdict ||
			controlIDs(one.Outside) != controlIDs(other.Outside) || controlIDs(one.Unverified) != controlIDs(other.Unverified) {
			rt.Fatalf("%+v, %+v", one, other)
		}
	})
}

// TestControlNeverRaises: a control more never raises the highest residual value
// that fits what a risk says.
func TestControlNeverRaises(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		level := func(name string) string {
			return fmt.Sprintf("{exploitability: %s, severity: %s}", rapid.SampledFrom([]string{"low", "medium", "high"}).Draw(rt, name), rapid.SampledFrom([]string{"minor", "serious", "critical"}).Draw(rt, name))
		}
		text := ladder + "threats:\n  th: {title: T, category: misuse}\ncontrols:\n  ct-a: {title: C, priority: design}\n  ct-b: {title: C, priority: protective, by: environment}\n" +
			"risks:\n  rk:\n    title: R\n    threats: [th]\n    initial: " + level("initial") + "\n"
		if rapid.Bool().Draw(rt, "split") {
			text += "    post-control: " + level("post-control") + "\n"
		}
		all := []string{"ct-a", "ct-b"}
		some := all[:rapid.IntRange(0, 1).Draw(rt, "controls")]
		highest := func(controls []string) Point {
			f := load(t, dir, text+"    controls: ["+strings.Join(controls, ", ")+"]\n")
			return Of(f).Highest(f.Risks[0])
		}
		before, after := highest(some), highest(slices.Concat(some, all[len(some):len(some)+1]))
		if !after.AtMost(before) {
			rt.Fatalf("%v without the control, %v with it", before, after)
		}
	})
}
