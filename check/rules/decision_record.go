package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/triage"
)

var _ = add(check.Rule{
	Code: "T8706", Severity: diag.Warning,
	Title:   "decision about a vulnerability that nothing was found of",
	Clauses: []string{"62443-4-1.dm-3", "81001-5-1.9.4"},
	Why: "the component was updated, the advisory was taken back, or the decision names something that is not there; one left lying " +
		"about would excuse the next finding of its kind without anybody looking",
	Fix: "remove it where the vulnerability is gone; else correct the vulnerability or the packages",
	Bad: recorded(strings.Replace(strings.Replace(opensslDecision, "vx-tls:", "vx-tls: # want T8706", 1), "debian/openssl", "debian/curl", 1), scanned+opensslFound),
	Good: recorded(strings.Replace(opensslDecision, "pkg:deb/debian/openssl", "motor firmware", 1), strings.Replace(scanned, "complete", "gaps", 1)+
		`unmonitored {"component":{"name":"Motor firmware"},"reason":"it has neither package URL nor CPE"}
`),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, s := range t.Scans {
			if s.Status == "failed" {
				return // absence proves nothing
			}
		}
		if len(t.Scans) == 0 {
			return
		}
		for _, d := range triage.Unused(p.File, t.Verdicts()) {
			if superseded(t, d) || unseen(p.File, t, d) {
				continue
			}
			f := p.Report(d, "", "decision %q matches no finding: %s in %s", d.ID, d.Vulnerability, orMore(d.Packages[:min(2, len(d.Packages))], len(d.Packages)))
			f.RelateSpan(t.Record.File.LineSpan(2), "what the scan of %s found", t.Record.Day)
		}
	},
})

// unseen tells whether a decision names a component in which no scan finds anything: one
// that nobody monitors, or one of the model that says too little of what it is. A pattern
// with * names none, unless it is a CPE.
func unseen(f *model.File, t *check.Triaged, d *model.Decision) bool {
	named := slices.DeleteFunc(slices.Clone(d.Packages), func(p string) bool { return strings.Contains(p, "*") && !strings.HasPrefix(p, "cpe:") })
	for _, s := range t.Scans {
		if slices.ContainsFunc(s.Unmonitored, func(u triage.Unmonitored) bool { return triage.MatchesAny(named, u.Component) }) {
			return true
		}
	}
	return slices.ContainsFunc(f.Components, func(c *model.Component) bool {
		return !check.Identified(c) && len(c.Packages) == 0 &&
			(triage.MatchesAny(named, triage.Component{Name: c.Title}) || triage.MatchesAny(named, triage.Component{Name: c.ID}))
	})
}

// superseded tells whether another decision answers the findings that one is about.
func superseded(t *check.Triaged, d *model.Decision) bool {
	for _, s := range t.Scans {
		for _, f := range s.Found {
			if (slices.ContainsFunc(d.About(), f.Is) || d.Vulnerability == triage.AnyVulnerability) && triage.MatchesAny(d.Packages, f.Component) {
				return true
			}
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T8707", Severity: diag.Warning,
	Title:   "known vulnerabilities looked for too long ago",
	Clauses: []string{"mdcg.3.8.i2", "mdcg.3.8.i4", "mdcg.5.1.i2", "81001-5-1.6.2.1"},
	Why: "the manufacturer set how often components are compared with new advisories, or how old these may be; what was published since " +
		"is not known",
	Fix: "fetch new advisories and scan again: theriac vuln db update, theriac vuln scan --record",
	Bad: recorded("vulnerability-handling:\n  interval: 1 day\n  max-data-age: 2 days # want T8707\n", scanned) + `source {"name":"kev","date":"2026-11-03"}
`,
	Good: recorded("vulnerability-handling:\n  interval: 1 day\n  max-data-age: 2 days\n", scanned),
	Run: func(p *check.Pass) {
		t, v := p.Triaged(), p.File.VulnerabilityHandling
		if v == nil || t.Record.Empty() || len(t.Record.Findings) > 0 {
			return
		}
		if !v.Interval.IsZero() && t.Record.Day.Add(v.Interval).Before(p.Today) {
			p.Report(v, "interval", "components were last compared with advisories on %s, and are to be every %s", t.Record.Day, v.Interval)
		}
		if v.MaxDataAge.IsZero() {
			return
		}
		var old []string
		for _, s := range t.Record.Sources {
			if day, err := model.ParseDate(s.Date); err != nil {
				old = append(old, s.Name+" of an unknown day")
			} else if day.Add(v.MaxDataAge).Before(p.Today) {
				old = append(old, s.Name+" of "+s.Date)
			}
		}
		if len(old) > 0 {
			p.Report(v, "max-data-age", "data of the last scan are older than %s: %s", v.MaxDataAge, strings.Join(old, ", "))
		}
	},
})

var _ = add(check.Rule{
	Code: "T8708", Severity: diag.Open,
	Title:   "components that nobody monitors for vulnerabilities",
	Clauses: []string{"mdcg.3.8.i2", "mdcg.3.8.i4", "81001-5-1.6.2.1"},
	Why: "no source of advisories knows these components, so no scan will ever find anything in them; somebody has to watch what their " +
		"makers publish",
	Fix: "give them a package URL or CPE that advisories know, or a component of the model with an `owner:` who watches them",
	Bad: recorded("\n", strings.Replace(scanned, `"status":"complete"`, `"digest":"# want T8708","status":"gaps"`, 1)+`unmonitored {"component":{"name":"motor firmware"},"reason":"it has neither package URL nor CPE"}
`),
	Good: recorded(`components:
  motor:
    title: Motor firmware
    type: firmware
    owner: PSIRT
`, strings.Replace(scanned, "complete", "gaps", 1)+`unmonitored {"component":{"name":"motor firmware"},"reason":"it has neither package URL nor CPE"}
`),
	Run: func(p *check.Pass) {
		const most = 5
		if softwareUnclear(p.File) {
			return
		}
		t := p.Triaged()
		for _, s := range t.Scans {
			n := 0
			var told []string
			for _, u := range s.Unmonitored {
				if watched(p.File, u.Component) {
					continue
				}
				if n++; len(told) < most {
					told = append(told, u.Component.String()+" ("+u.Reason+")")
				}
			}
			if n > 0 {
				f := p.Report(p.File.Product, "", "nobody monitors %s: %s", count(n, "component"), orMore(told, n))
				f.Span, f.Entity = t.Record.File.LineSpan(s.Line), ""
			}
		}
	},
})

// watched tells whether somebody watches a component by hand.
func watched(f *model.File, c triage.Component) bool {
	for _, m := range triage.ComponentsOf(f, c) {
		if m.Owner != "" {
			return true
		}
	}
	return false
}

var _ = add(check.Rule{
	Code: "T8710", Severity: diag.Error,
	Title:   "line of the recorded findings that cannot be read",
	Clauses: []string{"81001-5-1.6.2.1"},
	Why:     "a finding that cannot be read is one that nobody decides about; the record is not judged before it is whole",
	Fix:     "restore the file, or record the findings again: theriac vuln scan --record",
	Bad:     recorded("\n", scanned+"finding DSA-5764-1 in openssl # want T8710\n"),
	Good:    recorded("\n", scanned+opensslFound),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		if t.Err != nil {
			p.Report(p.File.Product, "", "%s cannot be read: %v", triage.RecordFile, t.Err).Fix("make it readable")
		}
		for _, found := range t.Record.Findings {
			f := p.Report(p.File.Product, "", "%s", found.Message)
			f.Span, f.Entity, f.Help = found.Span, "", found.Help
		}
		if !t.Record.Empty() && p.Today.Before(t.Record.Day) {
			f := p.Report(p.File.Product, "", "the findings were recorded on %s, which lies in the future", t.Record.Day)
			f.Span, f.Entity = t.Record.File.LineSpan(2), ""
		}
	},
})

var _ = add(check.Rule{
	Code: "T8712", Severity: diag.Warning,
	Title:   "decision that does not say what it rests on",
	Clauses: []string{"62443-4-1.dm-3", "81001-5-1.9.4"},
	Why:     "when the advisory gives other versions, another score or a fix, the decision has to be looked at again; without a note of what was known, nobody will notice",
	Fix:     "enter what is known now, after looking at it: theriac psirt decide --renew",
	Bad: recorded(strings.Replace(strings.Replace(opensslDecision, "vx-tls:", "vx-tls: # want T8712", 1), "    known: {ranges: 5c1a7ad2d0a5a0c1c1b2f2b1a8a3e6d4, exploited: false}\n", "", 1),
		scanned+opensslFound),
	Good: recorded(opensslDecision, scanned+opensslFound),
	Run: func(p *check.Pass) {
		told := map[*model.Decision]bool{}
		for _, v := range p.Triaged().Verdicts() {
			d := v.Decision
			if d == nil || told[d] || d.Vulnerability == triage.AnyVulnerability || d.Known.Ranges != "" || len(d.Vulnerabilities) > 0 && d.Known.Exploited.Known() || v.Finding.Ranges == "" || v.Status == triage.Obsolete {
				continue
			}
			told[d] = true
			p.ReportAbsent(d, []string{"known"}, "decision %q does not say what was known of %s", d.ID, d.Vulnerability)
		}
	},
})
