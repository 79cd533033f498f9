package triage

import (
	"slices"

	"theriac/sbom"
	"theriac/vuln/match"
)

// FromBOM takes what a scan of a bill of materials found into the form of this package.
// A finding of which the version could not be told is among them, as unsure. The package
// URLs stay as written; components without one get their CPE.
func FromBOM(r *match.Result, bom *sbom.BOM) (found []Finding, unmonitored []Unmonitored) {
	named := func(c Component, at int) Component {
		if c.PURL == "" && at < len(bom.Components) && len(bom.Components[at].CPEs) > 0 {
			c.CPE = bom.Components[at].CPEs[0]
		}
		return c
	}
	for i := range r.Findings {
		found = append(found, fromMatch(&r.Findings[i], false))
		found[i].Component = named(found[i].Component, r.Findings[i].Component)
	}
	for i := range r.Unknown {
		f := fromMatch(&r.Unknown[i], true)
		f.Component = named(f.Component, r.Unknown[i].Component)
		found = append(found, f)
	}
	until := map[int]string{}
	for i := range r.Support {
		for _, c := range r.Support[i].Components {
			until[c.Component] = r.Support[i].Until()
		}
	}
	for i := range r.Findings {
		found[i].Support = until[r.Findings[i].Component]
	}
	for i := range r.Unknown {
		found[len(r.Findings)+i].Support = until[r.Unknown[i].Component]
	}
	for _, u := range r.Unmonitored {
		c := named(Component{PURL: u.PURL, Name: u.Name, Version: u.Version}, u.Component)
		if c != (Component{}) {
			unmonitored = append(unmonitored, Unmonitored{c, u.Reason})
		}
	}
	return found, unmonitored
}

// SupportFrom takes what a scan found about the ends of support into the form of this
// package; what ends on no known day is left out.
func SupportFrom(r *match.Result) []Support {
	var list []Support
	for i := range r.Support {
		s := &r.Support[i]
		for _, c := range s.Components {
			one := Support{Component{PURL: c.PURL, Name: c.Name, Version: c.Version}, s.Product, s.Cycle, s.Until(), string(s.By)}
			if one.Component != (Component{}) && one.End != "" {
				list = append(list, one)
			}
		}
	}
	return list
}

// severityWords are the severities that the record knows.
var severityWords = []string{"critical", "high", "medium", "low", "none"}

func fromMatch(m *match.Finding, unsure bool) Finding {
	f := Finding{
		ID: m.ID, Aliases: slices.Clone(m.Aliases), Component: Component{PURL: m.PURL, Name: m.Name, Version: m.Version},
		Range: m.Range, Ranges: RangesDigest(append(slices.Clone(m.Records), m.Ranges...)), Fixed: sorted(m.Fixed), CVSS: sorted(m.Severity.Vectors), Unsure: unsure, Why: m.Why,
	}
	if len(m.Upstream) == 1 && !f.Is(m.Upstream[0]) {
		// An advisory of a distribution that passes on one vulnerability is that one.
		f.Aliases = sorted(append(f.Aliases, m.Upstream[0]))
	}
	if slices.Contains(severityWords, m.Severity.Word) {
		f.Severity = m.Severity.Word
	}
	f.KEV = m.Exploited != nil
	if m.Likelihood != nil && Probability(m.Likelihood.Score) {
		f.EPSS = m.Likelihood.Score
	}
	return f
}
