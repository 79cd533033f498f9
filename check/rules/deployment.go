package rules

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// deployed is a file with a release and what became of it; more is added to its lines.
const deployed = `
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2025-03-01
deployments:
  field-1:
    release: rel-1
`

var _ = add(check.Rule{
	Code: "T8721", Severity: diag.Error,
	Title:   "life of a release in the field that cannot have been so",
	Clauses: []string{"mdr.art.83", "ivdr.art.78", "mdr.annex-iii.1.1.b", "ivdr.annex-iii.1.b"},
	Why: "surveillance covers what is in use: a release that was withdrawn before it was out, or counted on a day to come, leaves devices " +
		"in the field that nobody watches, or watches those that are not there",
	Fix:  "correct the day; a release is placed on the market, superseded and withdrawn in this order",
	Bad:  deployed + "    withdrawn: 2025-02-01 # want T8721\n    reason: All devices were updated to 1.1.0 by service.\n    counted: 2026-12-01 # want T8721\n",
	Good: deployed + "    since: 2025-03-10\n    superseded: 2026-02-01\n    withdrawn: 2026-06-30\n    reason: All devices were updated to 1.1.0 by service.\n    counted: 2026-07-01\n",
	Run: func(p *check.Pass) {
		for _, d := range p.File.Deployments {
			lifeInOrder(p, d)
		}
	},
})

// lifeInOrder reports days of a deployment that are before those that they follow.
func lifeInOrder(p *check.Pass, d *model.Deployment) {
	type step struct {
		field string
		day   model.Date
		says  string
	}
	start := step{"since", d.Since, "came into the field"}
	if d.Since.IsZero() && d.Release.OK() {
		start.day = d.Release.To.Date
	}
	before := func(s, first step) bool {
		if s.day.IsZero() || first.day.IsZero() || !s.day.Before(first.day) || p.File.Flawed(d, s.field) {
			return false
		}
		f := p.Report(d, s.field, "%s is before the release %s (%s)", s.day, first.says, first.day)
		if first.field == start.field && d.Since.IsZero() {
			f.Relate(d.Release.To, "date", "date of the release")
		} else {
			f.Relate(d, first.field, "that day")
		}
		return true
	}
	superseded := step{"superseded", d.Superseded, "was superseded"}
	withdrawn := step{"withdrawn", d.Withdrawn, "was withdrawn"}
	if !before(withdrawn, start) {
		before(withdrawn, superseded)
	}
	before(superseded, start)
	before(step{"support-until", d.SupportUntil, ""}, start)
	if !before(step{"counted", d.Counted, ""}, start) && p.Today.Before(d.Counted) {
		p.Report(d, "counted", "%s is in the future, and no device can have been counted on it", d.Counted)
	}
	if r := d.Release; r.OK() && !d.Since.IsZero() && !r.To.Date.IsZero() && d.Since.Before(r.To.Date) {
		p.Report(d, "since", "%s is before the release was out (%s)", d.Since, r.To.Date).Relate(r.To, "date", "date of the release")
	}
	if d.Units < 0 {
		p.Report(d, "units", "%d is no number of devices", d.Units)
	}
}

var _ = add(check.Rule{
	Code: "T8722", Severity: diag.Error,
	Title:   "two statements about the life of one release",
	Clauses: []string{"mdr.art.83", "ivdr.art.78", "mdr.annex-iii.1.1.b", "ivdr.annex-iii.1.b"},
	Why:     "whether a release is in use decides what is watched; where two entries answer that, only one of them counts, and nobody sees which",
	Fix:     "make one entry of the two",
	Bad:     deployed + "  field-again:\n    release: rel-1 # want T8722\n    withdrawn: 2026-06-30\n    reason: All devices were updated to 1.1.0 by service.\n",
	Good:    deployed,
	Run: func(p *check.Pass) {
		first := map[*model.Release]*model.Deployment{}
		for _, d := range p.File.Deployments {
			r := d.Release
			switch {
			case !r.OK():
			case first[r.To] == nil:
				first[r.To] = d
			default:
				p.Report(d, "release", "%q speaks of release %s, of which %q speaks", d.ID, r.To.Version, first[r.To].ID).Relate(first[r.To], "release", "the first one")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8723", Severity: diag.Warning,
	Title:   "release withdrawn, and nothing says why and that no device has it",
	Clauses: []string{"mdr.art.83", "ivdr.art.78", "mdr.art.87.1", "ivdr.art.82.1"},
	Why: "nobody watches a withdrawn release any more, so it has to be known that no device in use has it; and what is taken back for safety " +
		"is a field safety corrective action, which is reported",
	Fix:  "say under `reason:` why it was withdrawn and how it is known that no device has it; where devices still have it, leave `withdrawn:` out",
	Bad:  deployed + "    withdrawn: 2026-06-30 # want T8723\n",
	Good: deployed + "    withdrawn: 2026-06-30\n    reason: All devices were updated to 1.1.0 by service, as its records show.\n",
	Run: func(p *check.Pass) {
		for _, d := range p.File.Deployments {
			switch reason := strings.TrimSpace(d.Reason); {
			case d.Withdrawn.IsZero() || p.Today.Before(d.Withdrawn):
			case reason == "":
				p.ReportAbsent(d, []string{"reason"}, "release %s was withdrawn, and no reason is given", d.Release.ID).Span = check.Place(d, "withdrawn")
			case utf8.RuneCountInString(reason) < shortReason:
				p.Report(d, "reason", "%q does not say why the release was withdrawn and how it is known that no device has it", reason)
			case d.Units > 0 && !d.Counted.IsZero() && !d.Counted.Before(d.Withdrawn):
				p.Report(d, "units", "%d devices had the release on %s, and it was withdrawn on %s", d.Units, d.Counted, d.Withdrawn).Relate(d, "withdrawn", "withdrawn")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8724", Severity: diag.Warning,
	Title:   "devices in use have a release that is no longer supported",
	Clauses: []string{"mdr.art.83", "ivdr.art.78", "mdcg.3.8.i2"},
	Why: "surveillance lasts as long as devices are used; vulnerabilities go on being found in the release, and nobody promised to fix them, so " +
		"operators have to know and risk has to be judged without updates",
	Fix:  "bring the devices to a supported release, and state `withdrawn:` when none is left; until then tell operators what they have to do",
	Bad:  deployed + "    support-until: 2026-06-30 # want T8724\n",
	Good: deployed + "    support-until: 2026-06-30\n    withdrawn: 2026-06-30\n    reason: All devices were updated to 1.1.0 by service.\n",
	Run: func(p *check.Pass) {
		for _, r := range p.File.Releases {
			if at := r.Standing(p.Today); at.State == model.Unsupported {
				p.Report(at.By, "support-until", "support of release %s ended on %s, and nothing says that no device has it any more", r.Version, at.By.SupportUntil)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8725", Severity: diag.Open,
	Title:   "release in the field that was not compared with advisories",
	Clauses: []string{"mdcg.3.8.i4", "mdr.art.83", "ivdr.art.78", "81001-5-1.6.2.1"},
	Why:     "each release that devices have is looked after; which vulnerabilities are known in this one nobody can tell from the record",
	Fix:     "record the findings of every release in use: theriac vuln scan --record",
	Bad: recorded(strings.TrimPrefix(scannedReleases, "\n")+"  rel-2: # want T8725\n    title: Release 2\n    version: 2.0.0\n    date: 2026-09-01\n"+
		"    sbom: {path: sbom/two.cdx.json, digest: "+digestOf123+"}\n", scanned),
	Good: recorded(strings.TrimPrefix(scannedReleases, "\n"), scanned),
	Run: func(p *check.Pass) {
		t := p.Triaged()
		if t.Record.Empty() || len(t.Record.Findings) > 0 || p.File.Variant() != "" {
			return // other rules speak of that
		}
		compared := map[string]bool{}
		for _, s := range t.Scans {
			compared[s.Release] = true
		}
		for _, r := range p.File.InUse(p.Today) {
			if len(t.Scans) > 0 && r.Version != "" && r.SBOM.Path != "" && !compared[r.Version] {
				p.Report(r, "", "release %s is in the field, and the findings recorded on %s do not cover it", r.Version, t.Record.Day)
			}
		}
	},
})

// scannedReleases is a release of which a comparison is recorded.
const scannedReleases = `
releases:
  rel-1:
    title: Release 1
    version: 1.0.0
    date: 2025-03-01
    sbom: {path: sbom/device.cdx.json, digest: ` + digestOf123 + `}
`

var _ = add(check.Rule{
	Code: "T8726", Severity: diag.Error,
	Title:   "country that there is not",
	Clauses: []string{"mdr.art.87.1", "ivdr.art.82.1", "mdr.annex-iii.1.1.b", "ivdr.annex-iii.1.b"},
	Why:     "where devices are decides which authorities learn of incidents and field actions; with a wrong code one of them is forgotten",
	Fix:     "write countries as two capital letters of ISO 3166-1, for example DE",
	Bad:     deployed + "    countries:\n      - DE\n      - Germany # want T8726\n      - UK # want T8726\n",
	Good:    deployed + "    countries: [DE, FR, GB]\n",
	Run: func(p *check.Pass) {
		for _, d := range p.File.Deployments {
			for i, c := range d.Countries {
				if !isCountry(c) {
					p.Report(d, indexed("countries", i), "%s is no country of ISO 3166-1", check.ClipText(c))
				}
			}
		}
	},
})

// isCountry reports whether a text is a country as ISO 3166-1 writes it; names that
// others use for one, like UK, are not.
func isCountry(text string) bool {
	region, err := language.ParseRegion(text)
	return err == nil && len(text) == 2 && region.String() == text && region.IsCountry() && region.Canonicalize() == region
}
