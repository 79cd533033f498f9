package rules

import (
	"fmt"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
	"theriac/triage"
)

// opensslSupport is a recorded end of support, and opensslItem the SOUP item that it is of.
const (
	opensslSupport = `support {"component":{"purl":"pkg:generic/openssl@3.4.2","name":"openssl","version":"3.4.2"},"product":"openssl","cycle":"3.4","end":"2026-10-22","by":"cpe"}` + "\n"
	opensslItem    = `components:
  soup-tls:
    title: TLS library
    type: soup
    version: 3.4.2
    purl: pkg:generic/openssl@3.4.2
`
)

var _ = add(check.Rule{
	Code: "T3415", Severity: diag.Warning,
	Title:   "support of a component is stated for longer than the data on ends of support have it",
	Clauses: []string{"mds2.rdmp", "81001-5-1.4.3", "62443-4-1.sm-9"},
	Why: "plans and promises rest on a day until which its maker may fix nothing more; only where somebody else maintains it, under a contract or " +
		"the manufacturer itself, the later day is right",
	Fix:  "correct `support-until:`; where the maintenance was taken over, keep the day and accept this finding with the reason",
	Bad:  recorded(opensslItem+"    support-until: 2030-01-01 # want T3415\n", scanned+opensslSupport),
	Good: recorded(opensslItem+"    support-until: 2026-10-22\n", scanned+opensslSupport),
	Run: func(p *check.Pass) {
		eachSupport(p, func(c *model.Component, s *triage.Support) bool {
			late := !c.SupportUntil.IsZero() && (s.End == triage.Ended && !c.SupportUntil.Before(p.Today) || s.End != triage.Ended && s.End < c.SupportUntil.String())
			if late {
				p.Report(c, "support-until", "support of component %q is stated until %s; %s", c.ID, c.SupportUntil, supportSaid(s))
			}
			return late
		})
	},
})

var _ = add(check.Rule{
	Code: "T3416", Severity: diag.Error,
	Title:   "support of a component has ended, and the file does not say so",
	Clauses: []string{"mds2.rdmp", "81001-5-1.4.3", "62443-4-1.sm-9"},
	Why:     "new vulnerabilities in it will not be fixed by its maker, and nobody decided what is done about that",
	Fix:     "move to a supported version; or state `support-until:`, where somebody else maintains it until when that is",
	Bad:     recorded(strings.Replace(opensslItem, "soup-tls:", "soup-tls: # want T3416", 1), scanned+opensslSupport),
	Good:    recorded(opensslItem, scanned+strings.Replace(opensslSupport, "2026-10-22", "2030-10-22", 1)),
	Run: func(p *check.Pass) {
		eachSupport(p, func(c *model.Component, s *triage.Support) bool {
			over := c.SupportUntil.IsZero() && (s.End == triage.Ended || s.End < p.Today.String())
			if over {
				p.Report(c, "", "component %q states no end of support; %s", c.ID, supportSaid(s))
			}
			return over
		})
	},
})

// supportSaid words what the data say of the end of support.
func supportSaid(s *triage.Support) string {
	end := "on " + s.End
	if s.End == triage.Ended {
		end = "before now"
	}
	return fmt.Sprintf("by the data on %s it ends %s, for %s %s", check.ClipText(s.Product), end, check.ClipText(s.Product), check.ClipText(s.Cycle))
}

// eachSupport calls found for the recorded ends of support of each SOUP item, until it
// reports true for the item. Ends that rest on a bare name are left out.
func eachSupport(p *check.Pass, found func(*model.Component, *triage.Support) bool) {
	scans := p.Triaged().Scans
	for _, c := range p.File.Components {
		if c.Type == "soup" {
			supportOf(c, scans, found)
		}
	}
}

func supportOf(c *model.Component, scans []check.TriagedScan, found func(*model.Component, *triage.Support) bool) {
	for _, scan := range scans {
		for i := range scan.Support {
			s := &scan.Support[i]
			if s.By != "name" && standsFor(c, s.Component) && found(c, s) {
				return
			}
		}
	}
}

// standsFor reports whether a component of the security file is one of a bill of materials,
// in the version that it states.
func standsFor(c *model.Component, in triage.Component) bool {
	if c.Version != "" && in.Version != "" && !check.SameVersion(c.Version, in.Version) {
		return false
	}
	for _, pattern := range c.Packages {
		if triage.Matches(pattern, in) {
			return true
		}
	}
	name, _, _ := strings.Cut(c.PURL, "?")
	if at := strings.LastIndexByte(name, '@'); at > strings.LastIndexByte(name, '/') {
		name = name[:at]
	}
	return name != "" && triage.Matches(name, in) || in.PURL == "" && strings.EqualFold(c.Title, in.Name)
}
