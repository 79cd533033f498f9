package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// riskScale holds the scales of policy.risk by rank, from 1 for the lowest
// level, and the acceptance matrix. Rank 0 is a level that is not known.
type riskScale struct {
	exploitability, severity map[string]int
	top                      int         // rank of the highest severity
	limit                    map[int]int // by rank of exploitability the highest acceptable severity
}

func scaleOf(f *model.File) riskScale {
	if f.Policy == nil {
		return riskScale{}
	}
	r := f.Policy.Risk
	s := riskScale{exploitability: ranks(r.Exploitability), severity: ranks(r.Severity), limit: map[int]int{}}
	s.top = len(s.severity)
	for _, line := range r.Acceptable {
		at, known := s.point(model.Score{Exploitability: line.Exploitability, Severity: line.Severity})
		if _, twice := s.limit[at.exploitability]; twice || !known {
			s.limit = nil // T6102 and T6103 speak of it
			break
		}
		s.limit[at.exploitability] = at.severity
	}
	return s
}

// ranks numbers the levels of a scale; nil where one stands twice (T6103), since
// its rank is not known then.
func ranks(levels []string) map[string]int {
	ranks := map[string]int{}
	for i, level := range levels {
		if ranks[level] > 0 {
			return nil
		}
		ranks[level] = i + 1
	}
	return ranks
}

// point is a score by rank.
type point struct{ exploitability, severity int }

// point places a score on the scales; ok is false where a level is missing or
// not known.
func (s riskScale) point(score model.Score) (at point, ok bool) {
	at = point{s.exploitability[score.Exploitability], s.severity[score.Severity]}
	return at, at.exploitability > 0 && at.severity > 0
}

// above tells whether a score is known to lie above what the policy accepts.
// Without a matrix nothing is known.
func (s riskScale) above(score model.Score) bool {
	at, ok := s.point(score)
	return ok && len(s.limit) > 0 && at.severity > s.limit[at.exploitability]
}

// levels writes a score as its two levels.
func levels(s model.Score) string { return s.Exploitability + "/" + s.Severity }

var _ = add(check.Rule{
	Code: "T6101", Severity: diag.Open,
	Title:   "risk that is not fully estimated",
	Clauses: []string{"mdr.annex-i.3.c", "ivdr.annex-i.3.c", "mdcg.3.2.i3", "ig-nb.3.4"},
	Why: "risk is estimated before and after controls, and somebody decides what is done about it; without both estimates and " +
		"the reason for the first, nobody can tell whether the controls are enough",
	Fix: "state `initial:` with both levels and a `rationale`, `residual:` with both levels, and the `decision:`",
	Bad: `
threats:
  th-sniffing:
    title: Results read on the network
    category: disclosure
risks:
  rk-disclosure: # want T6101
    title: Results become known
    threats: [th-sniffing]
    initial:
      exploitability: high
      severity: minor
    decision: reduce
`,
	Good: `
threats:
  th-sniffing:
    title: Results read on the network
    category: disclosure
risks:
  rk-disclosure:
    title: Results become known
    threats: [th-sniffing]
    initial:
      exploitability: high
      severity: minor
      rationale: HL7 is plain text and the tools are public.
    residual:
      exploitability: low
      severity: minor
    decision: reduce
`,
	Run: func(p *check.Pass) {
		for _, r := range p.File.Risks {
			if lacks := unestimated(p, r); len(lacks) > 0 {
				p.Report(r, "", "risk %q lacks %s", r.ID, strings.Join(lacks, ", "))
			}
		}
	},
})

// unestimated lists what an estimation of a risk lacks. A risk whose cause was
// removed leaves nothing to estimate.
func unestimated(p *check.Pass, r *model.Risk) []string {
	lacks := unscored(p, r, "initial", r.Initial)
	if r.Initial.Rationale == "" && !flawed(p, r, "initial.rationale") {
		lacks = append(lacks, "initial.rationale")
	}
	known := !flawed(p, r, "decision")
	if r.Decision != "avoid" && known {
		lacks = append(lacks, unscored(p, r, "residual", r.Residual)...)
	}
	if r.Decision == "" && known {
		lacks = append(lacks, "decision")
	}
	return lacks
}

func unscored(p *check.Pass, r *model.Risk, in string, s model.Score) []string {
	lacks := absent(sound(p, r, in+".", field{"exploitability", s.Exploitability != ""}, field{"severity", s.Severity != ""})...)
	switch len(lacks) {
	case 0:
		return nil
	case 1:
		return []string{in + "." + lacks[0]}
	}
	return []string{in + " score"}
}

var _ = add(check.Rule{
	Code: "T6102", Severity: diag.Error,
	Title:   "level that is not on the scale of the policy",
	Clauses: []string{"mdcg.3.5.i2", "ig-nb.3.4"},
	Why:     "levels can only be compared and accepted on the scales that the policy defines; any other word means nothing",
	Fix:     "use a level of `policy.risk.exploitability` or `policy.risk.severity`, or add the level to the scale",
	Bad: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: serius # want T6102
harms:
  hm-overdose:
    title: Overdose
    severity: fatal # want T6102
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-forged-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: hihg # want T6102
      severity: critical
`,
	Good: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: serious
harms:
  hm-overdose:
    title: Overdose
    severity: critical
threats:
  th-forged-order:
    title: Forged order
    category: spoofing
risks:
  rk-forged-order:
    title: Wrong order is carried out
    threats: [th-forged-order]
    initial:
      exploitability: high
      severity: critical
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		l := levelCheck{p, p.File.Policy.Risk}
		for i, line := range l.policy.Acceptable {
			at := fmt.Sprintf("risk.acceptable.%d.", i)
			l.exploitability(p.File.Policy, at+"exploitability", line.Exploitability)
			l.severity(p.File.Policy, at+"severity", line.Severity)
		}
		for _, h := range p.File.Harms {
			l.severity(h, "severity", h.Severity)
		}
		for _, r := range p.File.Risks {
			l.score(r, "initial.", r.Initial)
			l.score(r, "residual.", r.Residual)
		}
	},
})

// levelCheck looks levels up on the scales of the policy. An empty scale is the
// business of the question risk.policy.
type levelCheck struct {
	pass   *check.Pass
	policy model.RiskPolicy
}

func (l levelCheck) score(e model.Entity, field string, s model.Score) {
	l.exploitability(e, field+"exploitability", s.Exploitability)
	l.severity(e, field+"severity", s.Severity)
}

func (l levelCheck) exploitability(e model.Entity, field, level string) {
	l.level(e, field, "exploitability", level, l.policy.Exploitability)
}

func (l levelCheck) severity(e model.Entity, field, level string) {
	l.level(e, field, "severity", level, l.policy.Severity)
}

func (l levelCheck) level(e model.Entity, field, scale, level string, known []string) {
	if level == "" || len(known) == 0 || slices.Contains(known, level) {
		return
	}
	f := l.pass.Report(e, field, "%q is not a level of %s in policy.risk (%s)", level, scale, strings.Join(known, ", "))
	if near := diag.Suggest(level, known); near != "" {
		f.Fix("did you mean %q?", near)
	}
}

var _ = add(check.Rule{
	Code: "T6103", Severity: diag.Error,
	Title:   "scale or acceptance matrix that contradicts itself",
	Clauses: []string{"mdcg.3.5.i2", "ig-nb.3.4"},
	Why: "whoever accepts a severity at a high exploitability must accept it at a lower one too; a matrix that does not, or a " +
		"level that stands twice, accepts by accident",
	Fix: "list each level once, from lowest to highest, and let the acceptable severity fall, or stay, as exploitability rises",
	Bad: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: minor
      - exploitability: high
        severity: serious # want T6103
`,
	Good: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: serious
      - exploitability: medium
        severity: minor
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		r := p.File.Policy.Risk
		levelsOnce(p, "exploitability", r.Exploitability)
		levelsOnce(p, "severity", r.Severity)
		matrixFalls(p, r)
	},
})

func levelsOnce(p *check.Pass, scale string, list []string) {
	seen := map[string]bool{}
	for i, level := range list {
		if seen[level] {
			p.Report(p.File.Policy, fmt.Sprintf("risk.%s.%d", scale, i), "level %q stands twice on the scale of %s", level, scale)
		}
		seen[level] = true
	}
}

// matrixFalls reports lines of the matrix that accept more than a line of lower
// exploitability, or that stand beside another for the same exploitability.
func matrixFalls(p *check.Pass, r model.RiskPolicy) {
	s := scaleOf(p.File)
	line := map[int]int{} // rank of exploitability -> index
	for i, a := range r.Acceptable {
		at := s.exploitability[a.Exploitability]
		if first, twice := line[at]; twice && at > 0 {
			p.Report(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.exploitability", i), "the matrix has two lines for exploitability %q", a.Exploitability).
				Relate(p.File.Policy, fmt.Sprintf("risk.acceptable.%d", first), "first line")
			return
		}
		if s.severity[a.Severity] > 0 { // else T6102 speaks
			line[at] = i
		}
	}
	lowest := -1 // index of the line that accepts least so far
	for rank := 1; rank <= len(r.Exploitability); rank++ {
		i, there := line[rank]
		if !there {
			continue
		}
		if lowest >= 0 && s.severity[r.Acceptable[i].Severity] > s.severity[r.Acceptable[lowest].Severity] {
			p.Report(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.severity", i), "severity %q is accepted at exploitability %q, but not at the lower %q",
				r.Acceptable[i].Severity, r.Acceptable[i].Exploitability, r.Acceptable[lowest].Exploitability).
				Relate(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.severity", lowest), "lower exploitability accepts up to %s only", r.Acceptable[lowest].Severity)
			continue
		}
		lowest = i
	}
}
