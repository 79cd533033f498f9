package rules

import (
	"slices"
	"strings"
	"time"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/psirt"
)

// theDay gives the first second of the day on which the file is checked, and the last,
// in UTC. A clock is looked at at the end of the day, so that what ends in the course
// of it is not missed.
func theDay(p *check.Pass) (first, last time.Time) {
	first, _ = time.Parse(time.DateOnly, p.Today.String()) // a Date writes nothing else
	return first, first.Add(24*time.Hour - time.Second)
}

// clocksOf are the clocks of a case at the end of the day. A case with faults in what
// clocks rest on has none: what is wrong there is said already.
func clocksOf(p *check.Pass, c *model.Case) []psirt.Clock {
	for _, field := range []string{"source", "aware", "severity", "reporting", "field-action", "steps", "decisions", "embargo", "closed", "vulnerabilities"} {
		if p.File.Flawed(c, field) {
			return nil
		}
	}
	if v := p.File.VulnerabilityHandling; v != nil && (p.File.Flawed(v, "time-zone") || p.File.Flawed(v, "time-limits")) {
		return nil
	}
	_, last := theDay(p)
	return psirt.Clocks(p.File, c, last)
}

// lawOf are the clauses of a clock; for the manufacturer's own limits those that ask
// for limits.
func lawOf(k psirt.Clock) []string {
	if len(k.Law) > 0 {
		return k.Law
	}
	return []string{"sota.timely-updates", "62443-4-1.sum-5", "81001-5-1.6.1.1"}
}

func dueOf(p *check.Pass, k psirt.Clock) string {
	zone := psirt.Zone(p.File)
	return psirt.Show(k.Due, zone) + " (" + zone.String() + ")"
}

// caseExample is a case about which nothing is open on 2026-11-22, with steps that a
// rule can look at.
const caseExample = `
product:
  name: Example pump
  regulation: MDR
  class: IIb
vulnerability-handling:
  time-zone: Europe/Berlin
  time-limits:
    - severity: high
      assess: 5 days
      fix: 60 days
cases:
  case-2026-001:
    title: Library reads past a buffer
    source: advisory
    aware: 2026-11-02T14:30:00+01:00
    severity: high
    reporting:
      - duty: serious-incident
        applies: false
        reason: Nothing happened, and nothing could have.
      - duty: field-action
        applies: false
        reason: The next regular version brings the fix.
    steps:
      - step: assessed
        at: 2026-11-04T10:00:00+01:00
`

var _ = add(check.Rule{
	Code: "T8801", Severity: diag.Error,
	Title:   "time limit of a case is over",
	Clauses: []string{"mdr.art.87.3", "mdr.art.87.4", "mdr.art.87.5", "ivdr.art.82.3", "ivdr.art.82.4", "ivdr.art.82.5", "sota.timely-updates"},
	Why: "reports to authorities are due within days or hours of awareness, and users wait for a fix; what ends in the course of the day of " +
		"the check counts as over, since the check knows the day and not the hour",
	Fix: "do it now, and record it with `theriac psirt step`; `theriac psirt show CASE` says how the time was counted",
	Bad: `
cases:
  case-2026-001: # want T8801
    title: Pump stops during an infusion
    source: customer
    aware: 2026-11-02T14:30:00+01:00
    reporting:
      - duty: serious-incident
        applies: true
      - duty: death-or-deterioration
        applies: false
        reason: The nurse changed the pump at once.
      - duty: public-health-threat
        applies: false
        reason: A single device.
      - duty: field-action
        applies: false
        reason: A single device.
`,
	Good: caseExample,
	Run: func(p *check.Pass) {
		first, _ := theDay(p)
		for _, c := range psirt.OpenCases(p.File) {
			for _, k := range clocksOf(p, c) {
				if k.State != psirt.Overdue {
					continue
				}
				verb := "was due"
				if !k.Due.Before(first) {
					verb = "is due today"
				}
				p.Report(c, "", "%s %s %s, and nothing is recorded: %s", k.Name, verb, dueOf(p, k), k.How).Cite(lawOf(k)...)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8802", Severity: diag.Warning,
	Title:   "time limit of a case ends soon",
	Clauses: []string{"mdr.art.87.3", "ivdr.art.82.3", "sota.timely-updates"},
	Why:     "in the last quarter of a time limit there is little room for what goes wrong",
	Fix:     "do it, and record it with `theriac psirt step`",
	Bad:     strings.Replace(strings.Replace(caseExample, "case-2026-001:", "case-2026-001: # want T8802", 1), "fix: 60 days", "fix: 24 days", 1),
	Good:    caseExample,
	Run: func(p *check.Pass) {
		for _, c := range psirt.OpenCases(p.File) {
			for _, k := range clocksOf(p, c) {
				if k.State == psirt.DueSoon {
					p.Report(c, "", "%s is due %s: %s", k.Name, dueOf(p, k), k.How).Cite(lawOf(k)...)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8804", Severity: diag.Open,
	Title:   "duty to report is not answered",
	Clauses: []string{"mdr.art.87.1", "mdr.art.87.7", "mdr.art.87.8", "ivdr.art.82.1", "ivdr.art.82.7", "ivdr.art.82.8"},
	Why:     "whether an event is reportable has to be decided and written down; when in doubt it is reported in time, so an open question runs like a duty",
	Fix:     "answer with `theriac psirt answer CASE DUTY yes|no --reason ...`",
	Bad:     strings.Replace(strings.Replace(caseExample, "case-2026-001:", "case-2026-001: # want T8804", 1), "      - duty: field-action\n        applies: false\n        reason: The next regular version brings the fix.\n", "", 1),
	Good:    caseExample,
	Run: func(p *check.Pass) {
		for _, c := range psirt.OpenCases(p.File) {
			if asked := dutiesAsked(clocksOf(p, c)); len(asked) > 0 {
				p.Report(c, "", "nobody has said whether %s applies", strings.Join(asked, ", "))
			}
		}
	},
})

// dutiesAsked are the duties of clocks that nobody has answered.
func dutiesAsked(clocks []psirt.Clock) []string {
	var asked []string
	for _, k := range clocks {
		if k.Asked && k.Open && !slices.Contains(asked, string(k.Duty)) {
			asked = append(asked, string(k.Duty))
		}
	}
	return asked
}

var _ = add(check.Rule{
	Code: "T8805", Severity: diag.Error,
	Title:   "closed case in which something is left to do",
	Clauses: []string{"mdr.art.87.1", "mdr.art.87.7", "mdr.art.89.5", "mdr.art.89.8", "ivdr.art.82.1", "ivdr.art.82.7", "ivdr.art.84.5", "ivdr.art.84.8"},
	Why:     "nobody looks at a closed case again; a report that is owed then is never sent",
	Fix:     "take `closed` out and do what is left, or record what was done; `theriac psirt close` refuses such a case",
	Bad:     caseExample + "    closed: 2026-11-20T10:00:00+01:00 # want T8805\n    outcome: Fixed.\n",
	Good: caseExample + `      - step: fixed
        at: 2026-11-19T10:00:00+01:00
    closed: 2026-11-20T10:00:00+01:00
    outcome: Fixed in 1.4.1.
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			if c.Closed.IsZero() {
				continue
			}
			var left []string
			for _, k := range psirt.Agenda(clocksOf(p, c)) {
				left = append(left, k.Name)
			}
			if len(left) > 0 {
				p.Report(c, "closed", "the case is closed, and left to do is: %s", strings.Join(left, "; "))
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8810", Severity: diag.Note,
	Title:   "time limit of a case was missed",
	Clauses: []string{"mdr.art.87.3", "mdr.art.87.4", "mdr.art.87.5", "ivdr.art.82.3", "ivdr.art.82.4", "ivdr.art.82.5", "sota.timely-updates"},
	Why:     "what was done too late cannot be mended; an authority or auditor will ask why, and what keeps it from happening again",
	Fix:     "say in the outcome of the case why it was late and what follows from it",
	Bad:     strings.Replace(strings.Replace(caseExample, "case-2026-001:", "case-2026-001: # want T8810", 1), "2026-11-04T10:00:00", "2026-11-09T10:00:00", 1),
	Good:    caseExample,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			for _, k := range clocksOf(p, c) {
				if k.State == psirt.Late && k.Key != "embargo" {
					p.Report(c, "", "%s was due %s and done %s", k.Name, dueOf(p, k), psirt.Show(k.Done.Time(), psirt.Zone(p.File))).Cite(lawOf(k)...)
				}
			}
		}
	},
})
