package rules

import (
	"fmt"
	"strings"

	"theriac/approval"
	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

// approvedPart is the proven device with a policy of approvals.
var approvedPart = strings.Replace(proven, "releases:\n", `  approvals:
    - of: releases
      meaning: released
      roles: [Test lead]
releases:
`, 1)

var _ = add(check.Rule{
	Code: "T7601", Severity: diag.Open,
	Title:   "approval that is required and missing",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8"},
	Why:     "the manufacturer's own rules ask for a signature here; without it nobody answers for what the file says",
	Fix:     "have it looked at and signed: theriac approve ID --as ROLE --meaning MEANING --sign KEY",
	Bad:     markedAt(approvedPart, "  rel-1:", "T7601"),
	Good: approvedPart + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead"}
`,
	Run: func(p *check.Pass) {
		needs, err := p.Approvals()
		if err != nil {
			p.Report(p.File.Policy, "approvals", "what has to be approved cannot be read: %s", err)
			return
		}
		for _, n := range needs {
			if n.State == approval.Missing {
				reportNeed(p, n, "%s has not been %s by %s", n.Target, n.Meaning, strings.Join(n.Roles, " or "))
			}
		}
	},
})

// reportNeed reports a required approval at what is to be approved.
func reportNeed(p *check.Pass, n *approval.Need, format string, args ...any) *check.Finding {
	line := indexed("approvals", n.Line)
	if n.Entity == nil {
		return p.Report(p.File.Policy, line, format, args...)
	}
	return p.Report(n.Entity, "", format, args...).Relate(p.File.Policy, line, "asked for here")
}

var _ = add(check.Rule{
	Code: "T7602", Severity: diag.Open,
	Title:   "changed since it was approved",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8", "mdr.art.10.4", "ivdr.art.10.4"},
	Why:     "whoever signed saw something else; the signature stands for that, not for what is there now",
	Fix:     "have the change looked at and signed again: theriac approve ID --as ROLE --meaning MEANING --sign KEY",
	Bad: markedAt(approvedPart, "  rel-1:", "T7602") + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead", "content": [{"path": "version", "value": "0.9.0"}]}
`,
	Good: approvedPart + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead"}
`,
	Run: func(p *check.Pass) {
		needs, _ := p.Approvals() // T7601 speaks of the error
		for _, n := range needs {
			if n.State == approval.Stale && (n.Entity == nil || !p.File.Faulty(n.Entity)) {
				reportNeed(p, n, "%s changed since %s %s it on %s: %s", n.Target, n.By.Name, n.Meaning, model.DateOf(n.By.Signed), changed(n.Changes)).
					RelateSpan(p.FilePlace(n.By.Path), "approval %s", n.By.ID)
			}
		}
	},
})

// changed says what changed since an approval.
func changed(list []approval.Change) string {
	var words []string
	for _, c := range list {
		if len(words) == 3 {
			return strings.Join(words, "; ") + fmt.Sprintf("; and %d more", len(list)-3)
		}
		words = append(words, c.Words(cut))
	}
	return strings.Join(words, "; ")
}

// cut shortens a value for a message.
func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

var _ = add(check.Rule{
	Code: "T7603", Severity: diag.Error,
	Title:   "approval that is damaged or was altered",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8"},
	Why:     "an approval proves something only as long as it is what was signed",
	Fix:     "restore the file from version control, or remove it and have the content approved again",
	Bad: approvedPart + `-- approvals/rel-1.json (approved by test-lead, then altered) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead"} # want T7603
`,
	Good: approvedPart + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead"}
`,
	Run: func(p *check.Pass) {
		for _, a := range p.Proof().Approvals.Approvals {
			if len(a.Damage) > 0 {
				p.ReportFile(a.Path, a.Predicate.ID, "approval %s%s: %s", a.ID, approves(a), strings.Join(a.Damage, "; "))
			}
		}
	},
})

func approves(a *approval.Approval) string {
	if !a.Readable {
		return ""
	}
	return fmt.Sprintf(" (of %s)", a.Predicate.ID)
}

var _ = add(check.Rule{
	Code: "T7604", Severity: diag.Error,
	Title:   "approval signed by nobody who may",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8"},
	Why:     "an approval is the signature of a person of the roster, in a role that the person holds, with a key that counted then",
	Fix:     "have it signed by somebody who holds the role, or correct the roster where that is right",
	Bad: approvedPart + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Managing director"} # want T7604
`,
	Good: approvedPart + `-- approvals/rel-1.json (approved by test-lead) --
{"of": "releases", "id": "rel-1", "meaning": "released", "role": "Test lead"}
`,
	Run: func(p *check.Pass) {
		for _, a := range p.Proof().Approvals.Approvals {
			if len(a.Damage) == 0 && len(a.Refused) > 0 && !rosterUnknown(p) {
				p.ReportFile(a.Path, a.Predicate.ID, "approval %s%s does not count: %s", a.ID, approves(a), strings.Join(a.Refused, "; "))
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T7605", Severity: diag.Open,
	Title:   "approval that nobody can give",
	Clauses: []string{"mdr.art.10.9", "ivdr.art.10.8"},
	Why:     "the policy asks for the signature of a role that nobody on the roster holds, so the approval can never be given",
	Fix:     "give a signer the role, or correct the policy",
	Bad:     strings.Replace(approvedPart, "      roles: [Test lead]\nreleases:", "      roles: [Managing director] # want T7605\nreleases:", 1),
	Good:    approvedPart,
	Run: func(p *check.Pass) {
		if p.File.Policy == nil {
			return
		}
		for i, line := range p.File.Policy.Approvals {
			if !held(p, line.Roles) && !rosterUnknown(p) {
				p.Report(p.File.Policy, indexed("approvals", i)+".roles", "no signer holds %s, who alone may have %s %s", strings.Join(line.Roles, " or "), line.Of, line.Meaning)
			}
		}
	},
})
