package rules

import (
	"cmp"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/psirt"
	"theriac/triage"
)

// openSSLCase is a case about the finding of the examples in a release that was out.
const openSSLCase = `  time-zone: Europe/Berlin
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-10-01
cases:
  case-2026-001:
    title: Certificates of clients
    source: advisory
    aware: 2026-11-06T14:30:00+01:00
    severity: high
    vulnerabilities: [CVE-2024-6119]
`

var _ = add(check.Rule{
	Code: "T8813", Severity: diag.Warning,
	Title:   "case says that the manufacturer became aware long after the vulnerability was recorded",
	Clauses: []string{"mdr.art.87.1", "ivdr.art.82.1", "62443-4-1.dm-2", "81001-5-1.9.3"},
	Why: "all time limits of the case run from awareness; who had the vulnerability in the own record of findings could know of it, and an " +
		"authority counts from there",
	Fix:  "state the day on which it was first recorded under `aware:`; where it was looked at then and held to be harmless, give the day of that decision under `since:`",
	Bad:  recorded(assessLimits+strings.Replace(openSSLCase, "aware: 2026-11-06T14:30:00+01:00", "aware: 2026-11-08T14:30:00+01:00 # want T8813", 1), scanned+opensslFound),
	Good: recorded(assessLimits+openSSLCase, scanned+opensslFound),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, c := range p.File.Cases {
			if !ofFindings(p, c) {
				continue
			}
			aware := model.DateOf(c.Aware.Time().In(psirt.Zone(p.File)))
			s, found := earliest(p, t, c, aware)
			if s == nil {
				continue
			}
			limit, named := assessLimit(p.File, cmp.Or(c.Severity, found.Severity))
			if limit.IsZero() || !found.First.Add(limit).Before(aware) {
				continue
			}
			f := p.Report(c, "aware", "aware on %s, and %s was recorded in release %s on %s; %s to assess it were over (%s)", aware, found.ID, s.Release, found.First, limit, named)
			f.RelateSpan(t.Record.File.LineSpan(t.Record.LineOf(s.Scan, found)), "first recorded")
		}
	},
})

// ofFindings tells whether a case begins with a vulnerability and not with an event of its
// own, which nobody can know of before.
func ofFindings(p *check.Pass, c *model.Case) bool {
	for _, field := range []string{"aware", "vulnerabilities", "source"} {
		if p.File.Flawed(c, field) {
			return false
		}
	}
	return !c.Aware.IsZero() && len(c.Vulnerabilities) > 0 && slices.Contains([]model.CaseSource{"advisory", "reporter", "internal"}, c.Source)
}

// earliest is the finding of a vulnerability of a case that was recorded first, in a
// release that was out on a day; nil where there is none. One that was decided about in
// time, and found not to matter, is none: what came later is news.
func earliest(p *check.Pass, t *check.Triaged, c *model.Case, day model.Date) (at *check.TriagedScan, found triage.Finding) {
	for i := range t.Scans {
		s := &t.Scans[i]
		if r := releaseOf(p.File, s.Release); r == nil || r.Standing(day).State == model.NotOut {
			continue
		}
		for _, v := range s.Verdicts {
			f := v.Finding
			if f.First.IsZero() || at != nil && !f.First.Before(found.First) || !slices.ContainsFunc(c.Vulnerabilities, f.Is) || excused(p.File, f) {
				continue
			}
			at, found = s, f
		}
	}
	return at, found
}

// excused tells whether somebody decided within the time limit that a finding does not
// affect the product.
func excused(file *model.File, f triage.Finding) bool {
	limit, _ := assessLimit(file, f.Severity)
	return slices.ContainsFunc(file.Decisions, func(d *model.Decision) bool {
		return d.Status == "not-affected" && !f.First.Add(limit).Before(madeOn(d)) && slices.ContainsFunc(d.About(), f.Is) && triage.MatchesAny(d.Packages, f.Component)
	})
}
