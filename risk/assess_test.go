package risk

import (
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// register is a file with one risk of each sort.
const register = ladder + `hazards:
  hz: {title: Too much delivered}
situations:
  hs: {title: Drug runs too fast, hazard: hz, harms: [hm-overdose]}
harms:
  hm-delay: {title: Delay, severity: minor}
  hm-overdose: {title: Overdose, severity: critical}
threats:
  th-order: {title: Forged order, category: spoofing, leads-to: [hs]}
  th-flood: {title: Flood, category: denial-of-service}
components:
  co: {title: Controller, type: hardware}
controls:
  ct-tls: {title: Mutual TLS, priority: protective}
  ct-limits: {title: Hard limits, priority: design}
  ct-segment: {title: Own segment, priority: protective, by: environment}
  ct-warning: {title: Warning, priority: information}
requirements:
  rq-tls: {title: TLS, text: Peers prove who they are., implements: [ct-tls]}
  rq-limits: {title: Limits, text: Rates above the limit are refused., implements: [ct-limits]}
verifications:
  vf-tls: {title: TLS, verifies: [rq-tls], method: security-feature-test, result: passed}
  vf-limits: {title: Limits, verifies: [rq-limits], method: functional-test, result: planned}
risks:
  rk-order:
    title: Wrong order is carried out
    threats: [th-order]
    harms: [hm-delay]
    initial: {exploitability: high, severity: serious}
    controls: [ct-warning, ct-segment, ct-tls, ct-limits]
    post-control: {exploitability: medium, severity: serious}
    residual: {exploitability: low, severity: critical}
    decision: reduce
    acceptance: {by: Risk board, date: 2026-06-10, until: 2027-06-30, reason: No further control is reasonable.}
  rk-flood:
    title: Device stops
    threats: [th-flood]
    harms: [hm-delay]
    initial: {exploitability: medium, severity: minor}
    residual: {exploitability: medium, severity: minor}
    decision: accept
  rk-removed:
    title: Service port
    threats: [th-flood]
    initial: {exploitability: high, severity: critical}
    decision: avoid
  rk-open:
    title: Not rated yet
    threats: [th-flood]
    controls: [ct-tls]
`

func ids(list []*Assessed) string {
	var all []string
	for _, r := range list {
		all = append(all, r.Risk.ID)
	}
	return strings.Join(all, " ")
}

func TestAssess(t *testing.T) {
	a := Assess(load(t, t.TempDir(), register))
	for i, want := range []struct {
		id         string
		verdict    Verdict
		harm       string
		low        bool // the initial severity is below that of the harm
		outside    string
		unverified string
	}{
		{"rk-order", Above, "hm-overdose", true, "ct-segment", "ct-limits"},
		{"rk-flood", Acceptable, "hm-delay", false, "", ""},
		{"rk-removed", Avoided, "", false, "", ""},
		{"rk-open", Unjudged, "", false, "", ""},
	} {
		r := a.Risks[i]
		harm := ""
		if r.Harm != nil {
			harm = r.Harm.ID
		}
		if r.Risk.ID != want.id || r.Verdict != want.verdict || harm != want.harm || r.Understated != want.low ||
			controlIDs(r.Outside) != want.outside || controlIDs(r.Unverified) != want.unverified {
			t.Errorf("%s: %s, harm %q, understated %v, outside %q, unverified %q", r.Risk.ID, r.Verdict, harm, r.Understated, controlIDs(r.Outside), controlIDs(r.Unverified))
		}
	}
	for _, list := range []struct {
		name string
		got  []*Assessed
		want string
	}{
		{"above", a.AbovePolicy(), "rk-order"},
		{"benefit needed", a.BenefitNeeded(), "rk-order"},
		{"acceptance needed", a.AcceptanceNeeded(), ""},
		{"unproven", a.Unproven(), "rk-order"},
		{"unknown", a.Unknown(), "rk-open"},
		{"ranked", a.Ranked(), "rk-open rk-order rk-flood rk-removed"},
	} {
		if got := ids(list.got); got != list.want {
			t.Errorf("%s: %q, want %q", list.name, got, list.want)
		}
	}
	if a.WorstResidual() != (Point{2, 3}) {
		t.Errorf("worst residual %v", a.WorstResidual())
	}
	if a.Before.At(Point{3, 2}) != 1 || a.Before.At(Point{3, 3}) != 1 || a.Before.Unknown != 1 || a.Before.Total() != 4 {
		t.Errorf("before: %+v", a.Before)
	}
	if a.After.At(Point{1, 3}) != 1 || a.After.At(Point{2, 1}) != 1 || a.After.Unknown != 1 || a.After.Total() != 3 || a.After.At(Point{4, 1}) != 0 {
		t.Errorf("after: %+v", a.After)
	}
}

func controlIDs(list []*model.Control) string {
	var all []string
	for _, c := range list {
		all = append(all, c.ID)
	}
	return strings.Join(all, " ")
}

// TestWithoutPolicy: without scales nothing is acceptable and nothing is above.
func TestWithoutPolicy(t *testing.T) {
	text := strings.Replace(register, ladder, "", 1)
	a := Assess(load(t, t.TempDir(), text))
	if got := ids(a.Unknown()); got != "rk-order rk-flood rk-open" {
		t.Errorf("not judged: %s", got)
	}
	if len(a.AbovePolicy()) > 0 || a.After.Unknown != 3 || a.WorstResidual() != (Point{}) {
		t.Errorf("judged without a policy: %+v", a)
	}
}

func TestScales(t *testing.T) {
	policy := model.RiskPolicy{Exploitability: []string{"low", "medium", "high"}, Severity: []string{"minor", "serious", "critical"},
		Acceptable: []model.AcceptableUpTo{{Exploitability: "medium", Severity: "minor"}, {Exploitability: "low", Severity: "serious"}}}
	s := NewScales(policy)
	for _, tt := range []struct {
		exploitability, severity string
		above, accepts           bool
	}{
		{"low", "serious", false, true}, {"low", "critical", true, false}, {"medium", "minor", false, true}, {"medium", "serious", true, false},
		{"high", "minor", true, false}, {"high", "", false, false}, {"", "minor", false, false}, {"awful", "minor", false, false},
	} {
		p := s.Place(tt.exploitability, tt.severity)
		if s.Above(p) != tt.above || s.Accepts(p) != tt.accepts {
			t.Errorf("%s/%s: above %v, accepted %v", tt.exploitability, tt.severity, s.Above(p), s.Accepts(p))
		}
	}
	for name, spoil := range map[string]func(*model.RiskPolicy){
		"line with an unknown level": func(p *model.RiskPolicy) { p.Acceptable[0].Severity = "mionr" },
		"line twice":                 func(p *model.RiskPolicy) { p.Acceptable[0].Exploitability = "low" },
		"no line":                    func(p *model.RiskPolicy) { p.Acceptable = nil },
	} {
		spoilt := policy
		spoilt.Acceptable = slices.Clone(policy.Acceptable)
		spoil(&spoilt)
		if s := NewScales(spoilt); s.Judges() || s.Above(Point{3, 3}) || s.Accepts(Point{1, 1}) {
			t.Errorf("%s: the matrix still judges", name)
		}
	}
	twice := policy
	twice.Severity = []string{"minor", "minor", "serious"}
	if s := NewScales(twice); s.Severity("minor") != 0 || s.Gravest() != 0 || len(s.SeverityLevels) != 0 {
		t.Error("a scale with a level twice has an order")
	}
}

func TestRegister(t *testing.T) {
	a := Assess(load(t, t.TempDir(), register))
	rows := Register(a.Risks)
	r := rows[0]
	if r.ID != "rk-order" || r.Initial.String() != "high/serious" || r.PostControl.String() != "medium/serious" || r.Residual.String() != "low/critical" ||
		r.Decision != "reduce" || r.Verdict != Above || r.Acceptance.By != "Risk board" || !slices.Equal(r.Unverified, []string{"ct-limits"}) ||
		!slices.Equal(r.Controls, []string{"ct-warning", "ct-segment", "ct-tls", "ct-limits"}) || !slices.Equal(r.Harms, []string{"hm-delay"}) {
		t.Errorf("got %+v", r)
	}
	if rows[2].Residual.String() != "" || rows[3].Verdict != Unjudged {
		t.Errorf("got %+v", rows[2:])
	}
	if got := (Cell{Severity: "minor"}).String(); got != "?/minor" {
		t.Errorf("half a value is %q", got)
	}
	computed := New(scoringPolicy("cvss-3.1", "0.0", "4.0", "7.0")).Rate(model.Score{CVSS: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Severity: "minor"}).cell()
	if computed != (Cell{"high", "minor", "9.8", "CVSS v3.1 base score"}) {
		t.Errorf("got %+v", computed)
	}
	if got := Register(a.Ranked())[0].ID; got != "rk-open" {
		t.Errorf("worst first begins with %s", got)
	}
}
