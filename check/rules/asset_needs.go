package rules

import (
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T3301", Severity: diag.Open,
	Title:   "what an asset is about and needs is not stated",
	Clauses: []string{"mdcg.2.1.i3", "14971.5.3", "mds2.mpii"},
	Why: "how much confidentiality, integrity and availability an asset needs decides which controls are enough, whether it is " +
		"personal data decides which law applies, and what data are about decides which threats are derived",
	Fix: "state the missing fields; `none` is an answer",
	Bad: `
assets:
  as-results: # want T3301
    title: Results
    type: data
    integrity: high
    availability: medium
    affects: [result]
`,
	Good: `
assets:
  as-results:
    title: Results
    type: data
    content: result
    confidentiality: medium
    integrity: high
    availability: medium
    personal-data: health
    affects: [result, privacy]
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Assets {
			l := lacks(p, a)
			l.unless(a.Content != "" || a.Type != "data", "content")
			l.unless(a.Confidentiality != "" || a.Type == "function", "confidentiality")
			l.unless(a.Integrity != "", "integrity")
			l.unless(a.Availability != "", "availability")
			l.unless(a.PersonalData != "" || a.Type != "data", "personal-data")
			l.unless(len(a.Affects) > 0, "affects")
			if l.any() {
				p.Report(a, "", "asset %q does not state %s", a.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3302", Severity: diag.Error,
	Title:   "personal data said to need no confidentiality",
	Clauses: []string{"mdcg.2.1.i3", "gdpr.5.1.f"},
	Why:     "personal data need protection against reading by law; a need of `none` contradicts that and lets every check of encryption pass",
	Fix:     "raise `confidentiality:`, or correct `personal-data:`",
	Bad: `
assets:
  as-patient:
    title: Patient record
    type: data
    confidentiality: none # want T3302
    personal-data: health
`,
	Good: `
assets:
  as-patient:
    title: Patient record
    type: data
    confidentiality: medium
    personal-data: health
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Assets {
			if a.Personal() && a.Confidentiality == "none" {
				p.Report(a, "confidentiality", "asset %q is personal data and is said to need no confidentiality", a.ID).
					Relate(a, "personal-data", "%s data", a.PersonalData)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3303", Severity: diag.Error,
	Title:   "care depends on an asset said to need little integrity",
	Clauses: []string{"mdcg.2.1.i5", "14971.5.3"},
	Why:     "if its change can touch therapy, a result or an alarm, its integrity matters; the two statements contradict each other",
	Fix:     "raise `integrity:` to medium or high, or correct `affects:`",
	Bad: `
assets:
  as-dose:
    title: Dose command
    type: data
    integrity: low # want T3303
    affects: [therapy]
`,
	Good: `
assets:
  as-dose:
    title: Dose command
    type: data
    integrity: high
    affects: [therapy]
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Assets {
			if a.Care() && (a.Integrity == "none" || a.Integrity == "low") {
				p.Report(a, "integrity", "asset %q affects %s and is said to have a need for integrity of %q", a.ID, a.Affects[0], a.Integrity).
					Relate(a, "affects", "what its loss touches")
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3304", Severity: diag.Warning,
	Title:   "credential without a high need for confidentiality",
	Clauses: []string{"62443-4-2.cr-1.5", "mdcg.2.1.i3"},
	Why:     "a secret that gives access is as valuable as all that it opens",
	Fix:     "state `confidentiality: high`, or make it `type: data` if it is no secret (a public certificate)",
	Bad: `
assets:
  as-tokens:
    title: Service tokens
    type: credential
    confidentiality: medium # want T3304
`,
	Good: `
assets:
  as-tokens:
    title: Service tokens
    type: credential
    confidentiality: high
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Assets {
			if a.Type == "credential" && a.Confidentiality != "" && a.Confidentiality != "high" {
				p.Report(a, "confidentiality", "asset %q is a credential with a need for confidentiality of only %q", a.ID, a.Confidentiality)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T3305", Severity: diag.Warning,
	Title:   "asset that nothing carries, holds or uses",
	Clauses: []string{"ig-nb.3.3", "81001-5-1.7.2"},
	Why:     "an asset that is nowhere cannot be attacked; either it is a leftover, or the flow or store that has it is missing",
	Fix:     "name it where it is: `carries:` of a flow, `holds:` of a store, `accepts:` or `shows:` of an interface",
	Bad: exampleSides + `
assets:
  as-history: # want T3305
    title: History
    type: data
stores:
  st-data:
    title: Database
    component: co-gateway
`,
	Good: exampleSides + `
assets:
  as-history:
    title: History
    type: data
stores:
  st-data:
    title: Database
    component: co-gateway
    holds: [as-history]
`,
	Run: func(p *check.Pass) {
		if len(p.File.Flows)+len(p.File.Stores)+len(p.File.Interfaces) == 0 || placesUnknown(p) {
			return
		}
		for _, a := range p.File.Assets {
			if !placed(a) {
				p.Report(a, "", "nothing carries, holds or uses asset %q", a.ID)
			}
		}
	},
})

// placesUnknown reports whether a list that says where assets are has a finding
// about its form.
func placesUnknown(p *check.Pass) bool {
	return flawedIn(p, p.File.Flows, "carries") || flawedIn(p, p.File.Stores, "holds") ||
		flawedIn(p, p.File.Interfaces, "accepts", "shows") || flawedIn(p, p.File.Permissions, "allows") || flawedIn(p, p.File.Threats, "assets")
}

// placed reports whether something in the model has the asset. A function or
// credential has no place of its own; that a right or threat is about it is
// enough.
func placed(a *model.Asset) bool {
	for _, u := range model.Users[model.Entity](a) {
		switch u.(type) {
		case *model.Flow, *model.Store, *model.Interface, *model.UpdatePolicy:
			return true
		case *model.Permission, *model.Threat:
			if a.Type != "data" {
				return true
			}
		}
	}
	return false
}
