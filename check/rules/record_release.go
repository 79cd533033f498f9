package rules

import (
	"cmp"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/triage"
)

var _ = add(check.Rule{
	Code: "T8716", Severity: diag.Error,
	Title:   "findings recorded of another list of components than that of the release",
	Clauses: []string{"mdcg.3.8.i4", "62443-4-1.dm-3", "81001-5-1.6.2.1"},
	Why: "what was found speaks of the list that was compared with advisories; the components of the release may be others, and what is " +
		"known of them nobody looked up",
	Fix: "record the findings again: theriac vuln scan --record",
	Bad: recorded(strings.TrimPrefix(scannedReleases, "\n"), strings.Replace(scanned, `"status"`, `"digest":"5e7c0fb51dccc0fe9fec463029fb050b8d2bca63277c98ab6f0d4f170d8454f0 # want T8716","status"`, 1)),
	Good: recorded(strings.TrimPrefix(scannedReleases, "\n"), strings.Replace(scanned, `"status"`, `"digest":"`+
		strings.TrimPrefix(digestOf123, "sha256:")+`","status"`, 1)),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, s := range t.Scans {
			r := releaseOf(p.File, s.Release)
			if r == nil || p.File.Flawed(r, "sbom") || !digestForm.MatchString(r.SBOM.Digest) {
				continue
			}
			digest := "sha256:" + strings.TrimPrefix(s.Digest, "sha256:")
			var f *check.Finding
			switch {
			case digest == r.SBOM.Digest:
				continue
			case s.Digest == "":
				f = p.Report(r, "sbom.digest", "what was found in release %s does not say of which list of components it was", r.Version)
			default:
				f = p.Report(r, "sbom.digest", "what was found in release %s was found in the list with digest %s, and its list is another", r.Version, check.ClipText(digest))
			}
			at := f.Span
			f.Span, f.Entity = t.Record.File.LineSpan(s.Line), ""
			f.RelateSpan(at, "list of the release")
		}
	},
})

// releaseOf is the release of a version; nil where there is none.
func releaseOf(f *model.File, version string) *model.Release {
	for _, r := range f.Releases {
		if version != "" && r.Version == version {
			return r
		}
	}
	return nil
}

// releasedOpenSSL is a release that came out after the finding of the examples was seen.
const releasedOpenSSL = `releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2026-11-10
`

var _ = add(check.Rule{
	Code: "T8727", Severity: diag.Warning,
	Title:   "release that was out while nobody had decided about known vulnerabilities in it",
	Clauses: []string{"62443-4-1.sm-11", "81001-5-1.5.8.1", "81001-5-1.5.8.5"},
	Why: "what is known is dealt with before a release; here devices were delivered while nobody had said whether these vulnerabilities " +
		"matter, and a reviewer will ask on what the release rested",
	Fix: "where it was decided before, state the day under `since:` of the decision; else say in a waiver what follows from it, and decide before the next release",
	Bad: recorded(strings.Replace(releasedOpenSSL, "date: 2026-11-10", "date: 2026-11-10 # want T8727", 1)+strings.Replace(opensslDecision, "date: 2026-11-03", "date: 2026-11-12", 1),
		scanned+opensslFound),
	Good: recorded(releasedOpenSSL+strings.Replace(opensslDecision, "date: 2026-11-03", "since: 2026-11-03\n    date: 2026-11-12", 1), scanned+opensslFound),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		for _, s := range t.Scans {
			r := releaseOf(p.File, s.Release)
			if r == nil {
				continue
			}
			day := releasedOn(p, r)
			if day.IsZero() || p.Today.Before(day) {
				continue
			}
			late := undecidedOn(p.File, s.Verdicts, day)
			if len(late) == 0 {
				continue
			}
			var told []string
			for _, f := range late {
				if text := f.ID + " of " + f.First.String(); !slices.Contains(told, text) {
					told = append(told, text)
				}
			}
			n := len(told)
			f := p.Report(r, "date", "release %s was released on %s, and nobody had decided by then about %s that had been recorded: %s", r.Version, day, count(n, "finding"), orMore(told[:min(5, n)], n))
			f.RelateSpan(t.Record.File.LineSpan(t.Record.LineOf(s.Scan, late[0])), "first seen")
		}
	},
})

// releasedOn is the day on which somebody decided that a release goes out: that of the
// first signature that releases it, where it is later than the day that the file states.
func releasedOn(p *check.Pass, r *model.Release) model.Date {
	var signed model.Date
	for _, a := range p.Proof().Approvals.Approvals {
		if !a.Counts() || a.Of != "releases" || a.Predicate.ID != r.ID || a.Meaning != "released" {
			continue
		}
		if day := model.DateOf(a.Signed); signed.IsZero() || day.Before(signed) {
			signed = day
		}
	}
	if r.Date.Before(signed) {
		return signed
	}
	return r.Date
}

// undecidedOn are the findings that were known before a day on which no decision about
// them was made yet, in the order in which they were first seen.
func undecidedOn(file *model.File, verdicts []triage.Verdict, day model.Date) []triage.Finding {
	var late []triage.Finding
	for _, v := range verdicts {
		f := v.Finding
		if f.First.IsZero() || !f.First.Before(day) || v.Status == triage.Obsolete {
			continue
		}
		if d, there := firstDecided(file, f); !there || day.Before(d) {
			late = append(late, f)
		}
	}
	slices.SortStableFunc(late, func(a, b triage.Finding) int {
		return cmp.Or(cmp.Compare(a.First.String(), b.First.String()), cmp.Compare(a.ID, b.ID))
	})
	return late
}

// firstDecided is the day of the first decision about a finding, whatever became of it. To
// look into something is not to decide.
func firstDecided(file *model.File, f triage.Finding) (day model.Date, there bool) {
	for _, d := range file.Decisions {
		if d.Status == "under-investigation" || !slices.ContainsFunc(d.About(), func(id string) bool { return id == triage.AnyVulnerability || f.Is(id) }) {
			continue
		}
		made := madeOn(d)
		if (!there || made.Before(day)) && triage.MatchesAny(d.Packages, f.Component) {
			day, there = made, true
		}
	}
	return day, there
}

// madeOn is the day on which a decision was first made.
func madeOn(d *model.Decision) model.Date {
	if d.Since.IsZero() || d.Date.Before(d.Since) {
		return d.Date
	}
	return d.Since
}
