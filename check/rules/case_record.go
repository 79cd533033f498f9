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

var _ = add(check.Rule{
	Code: "T8803", Severity: diag.Warning,
	Title:   "case without a severity",
	Clauses: []string{"sota.timely-updates", "62443-4-1.sum-5", "81001-5-1.6.1.1"},
	Why:     "the manufacturer's own time limits follow the severity; without one the shortest of them counts",
	Fix:     "state the severity: critical, high, medium or low",
	Bad:     strings.Replace(strings.Replace(caseExample, "    severity: high\n    reporting", "    reporting", 1), "case-2026-001:", "case-2026-001: # want T8803", 1),
	Good:    caseExample,
	Run: func(p *check.Pass) {
		for _, c := range psirt.OpenCases(p.File) {
			switch {
			case c.Severity == "":
				p.ReportAbsent(c, []string{"severity"}, "the case has no severity")
			case !slices.Contains(severities, c.Severity):
				p.Report(c, "severity", "%q is not a severity of vulnerabilities (%s)", c.Severity, strings.Join(severities, ", "))
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8806", Severity: diag.Error,
	Title:   "steps of a case that cannot have been so",
	Clauses: []string{"mdr.art.87.1", "ivdr.art.82.1"},
	Why:     "the record of a case shows that time limits were kept; a step before awareness, in the future, or out of its order shows nothing",
	Fix:     "correct the time, or put the steps into the order in which they were done",
	Bad: caseExample + `      - step: fixed
        at: 2026-11-03T10:00:00+01:00 # want T8806
      - step: published
        at: 2026-11-24T10:00:00+01:00 # want T8806
      - step: reported # want T8806
        at: 2026-11-24T10:00:00+01:00
`,
	Good: caseExample + `      - step: fixed
        at: 2026-11-19T10:00:00+01:00
      - step: reported
        duty: trend
        at: 2026-11-20T09:00:00+01:00
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			stepsInOrder(p, c)
			_, last := theDay(p)
			if c.Aware.Time().After(last) {
				p.Report(c, "aware", "%s is in the future", c.Aware)
			}
			if c.Closed.Time().After(last) {
				p.Report(c, "closed", "%s is in the future", c.Closed)
			}
			if !c.Closed.IsZero() && c.Closed.Time().Before(c.Aware.Time()) {
				p.Report(c, "closed", "the case was closed before the manufacturer became aware (%s)", c.Aware).Relate(c, "aware", "awareness")
			}
		}
	},
})

// stepsInOrder reports the steps of a case with a time or a duty that cannot be. One
// finding for each step.
func stepsInOrder(p *check.Pass, c *model.Case) {
	_, last := theDay(p)
	var before time.Time
	for i, s := range c.Steps {
		at, field := s.At.Time(), indexed("steps", i)
		switch {
		case s.At.IsZero() || p.File.Flawed(c, field+".at"):
			continue
		case psirt.NeedsDuty(s.Step) && s.Duty == "" && !p.File.Flawed(c, field+".duty"):
			p.Report(c, field+".step", "a step %q that names no duty meets none", s.Step).Fix("name the duty that the report meets")
		case at.Before(c.Aware.Time()):
			p.Report(c, field+".at", "the step is before the manufacturer became aware (%s)", c.Aware).Relate(c, "aware", "awareness")
		case at.After(last):
			p.Report(c, field+".at", "the step is in the future")
		case at.Before(before):
			p.Report(c, field+".at", "the step is before the one above it")
		case !c.Closed.IsZero() && at.After(c.Closed.Time()):
			p.Report(c, field+".at", "the step is after the case was closed (%s)", c.Closed).Relate(c, "closed", "closed")
		}
		before = at
	}
}

var _ = add(check.Rule{
	Code: "T8807", Severity: diag.Error,
	Title:   "published before the embargo ended",
	Clauses: []string{"sota.coordinated-disclosure"},
	Why:     "reporter and coordinator rely on the agreed day; an advisory before it can reach attackers before operators have a fix",
	Fix:     "correct the time, or record with whom the embargo was ended earlier and change it",
	Bad: caseExample + `      - step: published
        at: 2026-11-19T10:00:00+01:00
    embargo: 2026-12-01T00:00:00+01:00 # want T8807
`,
	Good: caseExample + `      - step: published
        at: 2026-11-19T10:00:00+01:00
    embargo: 2026-11-19T09:00:00+01:00
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			for _, k := range clocksOf(p, c) {
				if k.Key == "embargo" && k.State == psirt.Late {
					p.Report(c, "embargo", "the advisory was published %s, before the embargo ended", k.Done)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8808", Severity: diag.Error,
	Title:   "id of a vulnerability that no database gives",
	Clauses: []string{"sota.coordinated-disclosure"},
	Why:     "by its id a case is matched with advisories, scans and what operators read; a mistyped one matches nothing",
	Fix:     "write the id as its database does, for example CVE-2026-12345 or GHSA-jfh8-c2jp-5v3q",
	Bad:     caseExample + "    vulnerabilities: [CVE-2026-123] # want T8808\n",
	Good:    caseExample + "    vulnerabilities: [CVE-2026-12345, GHSA-jfh8-c2jp-5v3q, DSA-5417-1]\n",
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			for i, id := range c.Vulnerabilities {
				if !psirt.WellFormed(id) {
					p.Report(c, indexed("vulnerabilities", i), "%q has no form of an id that a database gives", id)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8809", Severity: diag.Warning,
	Title:   "product is affected, and no advisory says so",
	Clauses: []string{"mdcg.3.8.i11", "mdr.art.89.8", "ivdr.art.84.8"},
	Why:     "operators can protect their devices only against what they are told; a case that found the product affected ends in an advisory",
	Fix:     "write an advisory and name its tracking id under `advisory`",
	Bad:     affectedCase + "    decisions: [dec-buffer] # want T8809\n",
	Good:    affectedCase + "    decisions: [dec-buffer]\n    advisory: EX-SA-2026-001\n",
	Run: func(p *check.Pass) {
		_, last := theDay(p)
		for _, c := range p.File.Cases {
			if c.Advisory != "" || last.Before(c.Embargo.Time()) || p.File.Flawed(c, "advisory") {
				continue
			}
			for i, d := range c.Decisions {
				if d.OK() && d.To.Status == "affected" {
					p.Report(c, indexed("decisions", i), "%s says that the product is affected, and the case names no advisory", d.ID).Relate(d.To, "status", "affected")
				}
			}
		}
	},
})

// affectedCase is caseExample with a decision that the product is affected.
const affectedCase = `
decisions:
  dec-buffer:
    title: Read past a buffer
    vulnerability: CVE-2026-12345
    packages: ["pkg:generic/example"]
    status: affected
    reason: The function reads mails of strangers.
    action: Install 1.4.1.
    by: PSIRT lead
    date: 2026-11-04
` + caseExample

var _ = add(check.Rule{
	Code: "T8811", Severity: diag.Error,
	Title:   "cases without a time zone",
	Clauses: []string{"mdr.art.87.3", "ivdr.art.82.3"},
	Why:     "a day ends at midnight where the manufacturer is; without the zone the end of a time limit may be hours off",
	Fix:     "state `time-zone` under `vulnerability-handling`, for example Europe/Berlin",
	Bad:     strings.Replace(strings.Replace(caseExample, "  time-zone: Europe/Berlin\n", "", 1), "case-2026-001:", "case-2026-001: # want T8811", 1),
	Good:    caseExample,
	Run: func(p *check.Pass) {
		v := p.File.VulnerabilityHandling
		if v != nil && (!v.TimeZone.IsZero() || p.File.Flawed(v, "time-zone")) || len(p.File.Cases) == 0 {
			return
		}
		p.Report(p.File.Cases[0], "", "the file has cases and no time zone, so days are counted in UTC")
	},
})

var _ = add(check.Rule{
	Code: "T8812", Severity: diag.Error,
	Title:   "answers about a duty to report that contradict each other or have no reason",
	Clauses: []string{"mdr.art.87.1", "mdr.art.87.7", "ivdr.art.82.1", "ivdr.art.82.7"},
	Why:     "the decision not to report is what an authority reads first after an incident: it has to be one decision, with a reason",
	Fix:     "give each duty one answer; a no with a reason",
	Bad: strings.Replace(caseExample, "        applies: false\n        reason: The next regular version brings the fix.\n",
		"        applies: false # want T8812\n      - duty: serious-incident # want T8812\n        applies: true\n", 1),
	Good: caseExample,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Cases {
			answersAgree(p, c)
		}
	},
})

func answersAgree(p *check.Pass, c *model.Case) {
	first := map[model.Duty]int{}
	for i, a := range c.Reporting {
		field := indexed("reporting", i)
		if other, twice := first[a.Duty]; twice {
			p.Report(c, field+".duty", "%s is answered twice", a.Duty).Relate(c, indexed("reporting", other)+".duty", "first answer")
			continue
		}
		first[a.Duty] = i
		if a.Applies == model.No && strings.TrimSpace(a.Reason) == "" && !p.File.Flawed(c, field+".reason") {
			p.Report(c, field+".applies", "%s does not apply, and no reason is given", a.Duty)
		}
	}
	for _, graver := range []model.Duty{"death-or-deterioration", "public-health-threat"} {
		i, told := first[graver]
		j, general := first["serious-incident"]
		if told && general && c.Reporting[i].Applies == model.Yes && c.Reporting[j].Applies == model.No {
			p.Report(c, indexed("reporting", j)+".applies", "no serious incident, but %s, which is one", graver).Relate(c, indexed("reporting", i)+".applies", "said here")
		}
	}
}
