package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3401", Severity: diag.Open,
	Title:   "record of a SOUP item is incomplete",
	Clauses: []string{"ig-nb.5.1", "81001-5-1.4.1.5", "62443-4-1.sm-9", "sota.sbom"},
	Why: "a vulnerability can only be matched to a component whose maker and version are known, and only handled when somebody watches it " +
		"and knows until when its maker supports it",
	Fix: "state the missing fields; `owner` is the role that watches it",
	Bad: `
components:
  soup-tls: # want T3401
    title: TLS library
    type: soup
    manufacturer: Example Foundation
`,
	Good: `
components:
  soup-tls:
    title: TLS library
    type: soup
    manufacturer: Example Foundation
    version: 3.5.1
    support-until: 2030-04-08
    owner: Platform lead
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if c.Type != "soup" {
				continue
			}
			l := lacks(p, c)
			l.unless(c.Manufacturer != "", "manufacturer")
			l.unless(c.Version != "", "version")
			l.unless(!c.SupportUntil.IsZero(), "support-until")
			l.unless(c.Owner != "", "owner")
			if l.any() {
				p.Report(c, "", "SOUP item %q does not state %s", c.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3402", Severity: diag.Error,
	Title:   "maker no longer supports a component",
	Clauses: []string{"mds2.rdmp", "81001-5-1.4.3", "62443-4-1.sm-9"},
	Why:     "new vulnerabilities in it will not be fixed by its maker; the device ages with it",
	Fix:     "move to a supported version, or take over its maintenance and say so with a new `support-until:`",
	Bad: `
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2024-12-31 # want T3402
`,
	Good: `
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2028-12-31
`,
	Run: func(p *check.Pass) {
		for _, c := range p.File.Components {
			if !c.SupportUntil.IsZero() && c.SupportUntil.Before(p.Today) {
				p.Report(c, "support-until", "support of component %q ended on %s", c.ID, c.SupportUntil)
			}
		}
	},
})

var soonest = model.MustDuration("6 months")

var _ = add(check.Rule{
	Code: "T3403", Severity: diag.Warning,
	Title:   "support of a component ends soon",
	Clauses: []string{"mds2.rdmp", "62443-4-1.sm-9"},
	Why:     "a change of version takes months of work, tests and approvals; half a year before the end it should be under way",
	Fix:     "plan the change to a supported version now",
	Bad: `
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2027-01-31 # want T3403
`,
	Good: `
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2028-12-31
`,
	Run: func(p *check.Pass) {
		limit := p.Today.Add(soonest)
		for _, c := range p.File.Components {
			if !c.SupportUntil.IsZero() && !c.SupportUntil.Before(p.Today) && c.SupportUntil.Before(limit) {
				p.Report(c, "support-until", "support of component %q ends on %s", c.ID, c.SupportUntil)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3404", Severity: diag.Note,
	Title:   "product promises longer support than its components have",
	Clauses: []string{"mds2.rdmp", "sota.end-of-support"},
	Why:     "the promise can only be kept if these components are replaced in time; a reviewer will ask for the plan",
	Fix:     "say in the vulnerability or update plan how components are replaced before their support ends",
	Bad: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  support-period: 10 years # want T3404
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2028-12-31
`,
	Good: `
product:
  name: Example pump
  regulation: MDR
  class: IIb
  support-period: 1 year
components:
  soup-kernel:
    title: Kernel
    type: soup
    support-until: 2028-12-31
`,
	Run: func(p *check.Pass) {
		if p.File.Product.SupportPeriod.IsZero() {
			return
		}
		var first *model.Component
		var short []string
		// The period runs from the last unit sold, so it ends no earlier than this.
		end := p.Today.Add(p.File.Product.SupportPeriod)
		for _, c := range p.File.Components {
			if c.SupportUntil.IsZero() || c.SupportUntil.Before(p.Today) || !c.SupportUntil.Before(end) {
				continue
			}
			short = append(short, c.ID)
			if first == nil || c.SupportUntil.Before(first.SupportUntil) {
				first = c
			}
		}
		if first != nil {
			p.Report(p.File.Product, "support-period", "makers end support of %d components within the support period: %s", len(short), fewIDs(short)).
				Relate(first, "support-until", "the earliest")
		}
	},
})
