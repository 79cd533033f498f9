package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/triage"
)

// recorded is a security file with a record of findings, for examples; what stands in
// theriac.yaml behind the product comes first, then the lines behind those of day and
// scan.
func recorded(file, lines string) string {
	return "-- theriac.yaml --\nproduct:\n  name: Example device\n  regulation: MDR\n  class: IIb\n" + file +
		"-- theriac.findings --\ntheriac findings 1\nday {\"date\":\"2026-11-21\"}\nsource {\"name\":\"osv\",\"date\":\"2026-11-20\"}\n" + lines
}

// scanned is the line of a scan, and opensslFound a finding in it.
const (
	scanned      = `scan {"release":"1.0.0","sbom":"sbom/device.cdx.json","status":"complete"}` + "\n"
	opensslFound = `finding {"first":"2026-11-02","id":"DSA-5764-1","aliases":["CVE-2024-6119"],"component":{"purl":"pkg:deb/debian/openssl@3.0.11-1","name":"openssl","version":"3.0.11-1"},` +
		`"range":"before 3.0.14-1","ranges":"5c1a7ad2d0a5a0c1c1b2f2b1a8a3e6d4","severity":"high"}` + "\n"
)

// opensslMarked is the finding, marked for a rule.
func opensslMarked(code string) string {
	return strings.Replace(opensslFound, `"severity":"high"`, `"severity":"high","why":"# want `+code+`"`, 1)
}

// assessLimits are time limits of examples.
const assessLimits = `vulnerability-handling:
  time-limits:
    - {severity: critical, assess: 3 days}
    - {severity: high, assess: 5 days}
    - {severity: low, assess: 60 days}
`

// opensslDecision is a decision about the finding that holds.
const opensslDecision = `decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    status: not-affected
    justification: vulnerable-code-not-in-execute-path
    reason: The device checks no names in certificates of clients.
    by: PSIRT
    date: 2026-11-03
    known: {ranges: 5c1a7ad2d0a5a0c1c1b2f2b1a8a3e6d4, exploited: false}
`

var _ = add(check.Rule{
	Code: "T8701", Severity: diag.Error,
	Title:   "vulnerability without a decision beyond the manufacturer's own time limit",
	Clauses: []string{"mdcg.3.8.i6", "62443-4-1.dm-2", "62443-4-1.dm-3", "81001-5-1.9.3", "81001-5-1.9.4"},
	Why: "the manufacturer set the time by which exposure of the device is known; nobody knows it here, and operators of devices in " +
		"the field wait for an answer",
	Fix:  "look at the finding and enter what was decided: theriac psirt decide",
	Bad:  recorded(assessLimits, scanned+opensslMarked("T8701")),
	Good: recorded(assessLimits+opensslDecision, scanned+opensslFound),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, s := range t.Scans {
			for _, g := range byVulnerability(s.Verdicts) {
				limit, named := assessLimit(p.File, g[0].Finding.Severity)
				first := g[0].Finding.First
				if limit.IsZero() || first.IsZero() || !first.Add(limit).Before(p.Today) {
					continue
				}
				f := atRecord(p, t, s, g[0].Finding, "%s in %s was first seen on %s, and exposure is to be known after %s (%s)", g[0].Finding.ID, inComponents(g), first, limit, named)
				if g[0].Status == triage.UnderInvestigation {
					f.Relate(g[0].Decision, "status", "still under investigation")
				}
			}
		}
	},
})

// byVulnerability groups what is open or under investigation by id, in the order of the
// findings; in each group the first seen is first.
func byVulnerability(verdicts []triage.Verdict) [][]triage.Verdict {
	var groups [][]triage.Verdict
	at := map[string]int{}
	for _, v := range verdicts {
		if v.Status != triage.Open && v.Status != triage.UnderInvestigation {
			continue
		}
		i, there := at[v.Finding.ID]
		if !there {
			i, at[v.Finding.ID] = len(groups), len(groups)
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], v)
		if last := len(groups[i]) - 1; groups[i][last].Finding.First.Before(groups[i][0].Finding.First) {
			groups[i][0], groups[i][last] = groups[i][last], groups[i][0]
		}
	}
	return groups
}

// inComponents names the components of findings.
func inComponents(group []triage.Verdict) string {
	text := group[0].Finding.Component.String()
	if n := len(group) - 1; n > 0 {
		text += " and " + count(n, "other component")
	}
	return text
}

// assessLimit is the time limit for a severity, and what it is called. Where nobody says
// the severity, or there is no limit for it, the shortest counts.
func assessLimit(file *model.File, severity string) (limit model.Duration, named string) {
	v := file.VulnerabilityHandling
	if v == nil {
		return model.Duration{}, ""
	}
	for _, l := range v.TimeLimits {
		switch {
		case l.Assess.IsZero():
		case l.Severity == severity:
			return l.Assess, severity
		case limit.IsZero() || limit.Longer(l.Assess):
			limit, named = l.Assess, "no limit is set for "+cmp.Or(severity, "an unknown severity")+"; the shortest counts"
		}
	}
	return limit, named
}

// atRecord reports at the line of a finding in the record.
func atRecord(p *check.Pass, t *check.Triaged, s check.TriagedScan, found triage.Finding, format string, args ...any) *check.Finding {
	f := p.Report(p.File.Product, "", format, args...)
	f.Span, f.Entity = t.Record.File.LineSpan(t.Record.LineOf(s.Scan, found)), ""
	if s.Release != "" {
		f.Message += "; release " + s.Release
	}
	return f
}

var _ = add(check.Rule{
	Code: "T8702", Severity: diag.Error,
	Title:   "decision about a vulnerability that no longer holds",
	Clauses: []string{"mdcg.3.8.i6", "62443-4-1.dm-3", "62443-4-1.dm-4", "81001-5-1.9.4"},
	Why: "what was decided rests on what was known then; since it changed, the statement that users rely on may be untrue, and the " +
		"vulnerability may have to be fixed after all",
	Fix: "look at the vulnerability again; where the decision still holds, renew it with what is known now: theriac psirt decide --renew; else decide anew",
	Bad: recorded(strings.Replace(opensslDecision, "vx-tls:", "vx-tls: # want T8702", 1), scanned+strings.Replace(opensslFound, `"severity":"high"`, `"severity":"high","kev":true`, 1)),
	Good: recorded(opensslDecision, scanned+
		opensslFound),
	Run: func(p *check.Pass) {
		reasons, order := map[*model.Decision][]string{}, []*model.Decision{}
		t := p.Triaged()
		where := map[*model.Decision]diag.Span{}
		for _, s := range t.Scans {
			for _, v := range s.Verdicts {
				if v.Status != triage.Reopened || onlyExpired(v) {
					continue
				}
				d := v.Decision
				if reasons[d] == nil {
					order, where[d] = append(order, d), t.Record.File.LineSpan(t.Record.LineOf(s.Scan, v.Finding))
				}
				for _, r := range v.Reasons {
					if text := v.Finding.ID + ": " + r.Text; !slices.Contains(reasons[d], text) {
						reasons[d] = append(reasons[d], text)
					}
				}
			}
		}
		for _, d := range order {
			p.Report(d, "", "decision %q about %s is open again: %s", d.ID, d.Vulnerability, someOf(reasons[d])).RelateSpan(where[d], "what was found")
		}
	},
})

// onlyExpired tells whether T8703 says all there is to say.
func onlyExpired(v triage.Verdict) bool {
	return len(v.Reasons) == 1 && v.Reasons[0].Kind == triage.Expired
}

// someOf joins texts, of which at most five are told.
func someOf(texts []string) string {
	const most = 5
	if n := len(texts) - most; n > 0 {
		return strings.Join(texts[:most], "; ") + fmt.Sprintf("; and %d more", n)
	}
	return strings.Join(texts, "; ")
}

var _ = add(check.Rule{
	Code: "T8703", Severity: diag.Error,
	Title:   "decision about a vulnerability has expired",
	Clauses: []string{"62443-4-1.dm-3", "81001-5-1.9.4"},
	Why:     "whoever decided wanted it looked at again by then; its day has passed, and users still get the old answer",
	Fix:     "look at the vulnerability again and renew the decision, or remove it where nothing is found any more",
	Bad: `
decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    status: under-investigation
    reason: Whether names in certificates are checked is being looked at.
    by: PSIRT
    date: 2026-11-03
    expires: 2026-11-10 # want T8703
`,
	Good: `
decisions:
  vx-tls:
    title: CVE-2024-6119 in OpenSSL
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl"]
    versions: "<3.0.14-1"
    status: under-investigation
    reason: Whether names in certificates are checked is being looked at.
    by: PSIRT
    date: 2026-11-03
    expires: 2026-11-22
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Decisions {
			if !d.Expires.IsZero() && d.Expires.Before(p.Today) {
				p.Report(d, "expires", "decision %q about %s expired on %s", d.ID, d.Vulnerability, d.Expires)
			}
		}
	},
})
