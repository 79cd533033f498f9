package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/risk"
)

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
		computes := risk.Of(p.File).Method.Computes()
		for _, r := range p.File.Risks {
			if lacks := unestimated(p, r, computes); len(lacks) > 0 {
				f := p.Report(r, "", "risk %q lacks %s", r.ID, strings.Join(lacks, ", "))
				for _, c := range model.Users[*model.Control](r, "introduces") {
					f.Relate(c, "introduces", "a control brings this risk")
				}
			}
		}
	},
})

// unestimated lists what an estimation of a risk lacks. A risk whose cause was
// removed leaves nothing to estimate.
func unestimated(p *check.Pass, r *model.Risk, computes bool) []string {
	lacks := unscored(p, r, "initial", r.Initial, computes)
	if r.Initial.Rationale == "" && !flawed(p, r, "initial.rationale") {
		lacks = append(lacks, "initial.rationale")
	}
	known := !flawed(p, r, "decision")
	if r.Decision != "avoid" && known {
		lacks = append(lacks, unscored(p, r, "residual", r.Residual, computes)...)
	}
	if r.Decision == "" && known {
		lacks = append(lacks, "decision")
	}
	return lacks
}

// unscored lists the levels that a score lacks. Where a method computes the
// exploitability, what it lacks to do so is the business of T6120.
func unscored(p *check.Pass, r *model.Risk, in string, s model.Score, computes bool) []string {
	computed := computes && risk.Stated(s)
	lacks := absent(sound(p, r, in+".", field{"exploitability", s.Exploitability != "" || computed}, field{"severity", s.Severity != ""})...)
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
		for i, level := range l.policy.Levels {
			l.exploitability(p.File.Policy, fmt.Sprintf("risk.levels.%d.level", i), level.Level)
		}
		for _, h := range p.File.Harms {
			l.severity(h, "severity", h.Severity)
		}
		for _, r := range p.File.Risks {
			l.score(r, "initial.", r.Initial)
			l.score(r, "post-control.", r.PostControl)
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
	s := risk.NewScales(r)
	line := map[int]int{} // rank of exploitability -> index
	for i, a := range r.Acceptable {
		at := s.Exploitability(a.Exploitability)
		if first, twice := line[at]; twice && at > 0 {
			p.Report(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.exploitability", i), "the matrix has two lines for exploitability %q", a.Exploitability).
				Relate(p.File.Policy, fmt.Sprintf("risk.acceptable.%d", first), "first line")
			return
		}
		if s.Severity(a.Severity) > 0 { // else T6102 speaks
			line[at] = i
		}
	}
	lowest := -1 // index of the line that accepts least so far
	for rank := 1; rank <= len(r.Exploitability); rank++ {
		i, there := line[rank]
		if !there {
			continue
		}
		if lowest >= 0 && s.Severity(r.Acceptable[i].Severity) > s.Severity(r.Acceptable[lowest].Severity) {
			p.Report(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.severity", i), "severity %q is accepted at exploitability %q, but not at the lower %q",
				r.Acceptable[i].Severity, r.Acceptable[i].Exploitability, r.Acceptable[lowest].Exploitability).
				Relate(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.severity", lowest), "lower exploitability accepts up to %s only", r.Acceptable[lowest].Severity)
			continue
		}
		lowest = i
	}
}

var _ = add(check.Rule{
	Code: "T6110", Severity: diag.Warning,
	Title:   "acceptance policy that refuses nothing",
	Clauses: []string{"mdcg.3.5.i2", "mdr.annex-i.4", "ivdr.annex-i.4"},
	Why: "criteria of acceptance guide which risks are treated further; a matrix that accepts the gravest severity at the highest " +
		"exploitability finds every risk acceptable before anybody has looked at it",
	Fix: "lower the severity that is accepted at the high levels of exploitability, or leave those levels out, which accepts nothing there",
	Bad: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: medium
        severity: critical
      - exploitability: high
        severity: critical # want T6110
`,
	Good: `
policy:
  risk:
    exploitability: [low, medium, high]
    severity: [minor, serious, critical]
    acceptable:
      - exploitability: low
        severity: critical
      - exploitability: high
        severity: minor
`,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		r := p.File.Policy.Risk
		s := risk.NewScales(r)
		for i, a := range r.Acceptable {
			if n := len(r.Exploitability); n > 0 && s.Exploitability(a.Exploitability) == n && s.Severity(a.Severity) > 0 && s.Severity(a.Severity) == s.Gravest() {
				p.Report(p.File.Policy, fmt.Sprintf("risk.acceptable.%d.severity", i), "the policy accepts severity %q at exploitability %q, and so every risk", a.Severity, a.Exploitability)
			}
		}
	},
})
