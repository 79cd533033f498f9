package rules

import (
	"fmt"
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8101", Severity: diag.Open,
	Title:   "document without number, revision or status",
	Clauses: []string{"mdr.annex-ii", "ivdr.annex-ii", "mdr.annex-ii.4", "ivdr.annex-ii.4"},
	Why: "technical documentation has to be clear, ordered and searchable; a document that cannot be told from its earlier revision " +
		"cannot be reviewed or approved",
	Fix: "write `number`, `revision` and `status` (planned, draft or approved); a planned document needs no revision yet",
	Bad: `
documents:
  doc-threat-model: # want T8101
    title: Threat model
    type: threat-model
    number: TM-001
`,
	Good: `
documents:
  doc-threat-model:
    title: Threat model
    type: threat-model
    number: TM-001
    revision: "3"
    status: draft
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Documents {
			l := lacks(p, d)
			l.unless(d.Number != "", "number")
			l.unless(d.Revision != "" || d.Status == statusPlanned, "revision")
			l.unless(d.Status != "", "status")
			if l.any() {
				p.Report(d, "", "document %q has no %s", d.ID, l)
			}
		}
	},
})

// States of a document.
const (
	statusPlanned  = "planned"
	statusDraft    = "draft"
	statusApproved = "approved"
)

var _ = add(check.Rule{
	Code: "T8102", Severity: diag.Error,
	Title: "document called approved, and nobody approved it",
	Why:   "an approval is somebody's signature with a date; without it the word in the file would be untrue",
	Fix:   "have it signed (theriac approve), record under `approvals:` who approved it elsewhere and when, or set `status: draft`",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: IFU-001
    revision: "3"
    status: approved # want T8102
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: IFU-001
    revision: "3"
    status: approved
approvals:
  ap-ifu:
    of: [doc-ifu]
    role: Head of regulatory affairs
    meaning: approved
    date: 2026-09-01
`,
	Run: func(p *check.Pass) {
		if flawedIn(p, p.File.Approvals, "of", "meaning") || rosterUnknown(p) {
			return
		}
		asked := askedFor(p)
		for _, d := range p.File.Documents {
			if d.Status == statusApproved && !asked[d] && !p.File.Faulty(d) && !approved(p, d) {
				p.Report(d, "status", "document %q is called approved, and no approval of it is signed or recorded", d.ID)
			}
		}
	},
})

// askedFor are the documents whose approval the policy asks for; T7601 and T7602
// speak of them.
func askedFor(p *check.Pass) map[model.Entity]bool {
	asked := map[model.Entity]bool{}
	needs, _ := p.Approvals()
	for _, n := range needs {
		if n.Meaning != "reviewed" {
			asked[n.Entity] = true
		}
	}
	return asked
}

// approved tells whether an approval is signed, or recorded as one that is kept
// elsewhere.
func approved(p *check.Pass, d *model.Document) bool {
	return p.Proof().Approved(p.File, d) || slices.ContainsFunc(model.Users[*model.Approval](d, "of"), func(a *model.Approval) bool {
		return a.Meaning == "approved" || a.Meaning == "released"
	})
}

var _ = add(check.Rule{
	Code: "T8103", Severity: diag.Error,
	Title: "unknown status of a document",
	Why:   "whether a document counts as evidence depends on its status; an unknown word would let it count or not by chance",
	Fix:   "write planned, draft or approved",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    status: released # want T8103
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    status: draft
`,
	Run: func(p *check.Pass) {
		states := []string{statusPlanned, statusDraft, statusApproved}
		for _, d := range p.File.Documents {
			if d.Status != "" && !slices.Contains(states, d.Status) {
				p.Report(d, "status", "%q is no status of a document (planned, draft, approved)", d.Status)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8104", Severity: diag.Error,
	Title: "document lists an item that the catalogue does not know",
	Why:   "the item that was meant stays open although the document contains it",
	Fix:   "correct the id as the finding proposes, or remove it",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    items: [mdcg.ifu.installation, mdcg.ifu.backup] # want T8104
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    items: [mdcg.ifu.installation, mdcg.ifu.backup-restore]
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Documents {
			for i, item := range d.Items {
				if p.Catalog.Entry(item) == nil {
					proposeClause(p.Report(d, "items."+itoa(i), "document %q lists item %q, which is not in the catalogue", d.ID, item), p.Catalog, item)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8105", Severity: diag.Open,
	Title:   "instructions for use without languages",
	Clauses: []string{"mdr.art.10.11", "ivdr.art.10.10"},
	Why: "the instructions go with the device in the languages that each Member State asks for, and their security parts must be " +
		"translated like the rest",
	Fix: "list the languages under `languages:`, for example `[de, en, fr]`",
	Bad: `
documents:
  doc-ifu: # want T8105
    title: Instructions for use
    type: ifu
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    languages: [de, en, fr]
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Documents {
			if d.Type == "ifu" && len(d.Languages) == 0 && d.Status != statusPlanned {
				p.ReportAbsent(d, []string{"languages"}, "instructions for use %q name no languages", d.ID)
			}
		}
	},
})

// languageTag is the shape of a BCP 47 tag: a language of two or three letters
// with optional script, region and variant.
var languageTag = lazyregexp.New(`^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*$`)

var _ = add(check.Rule{
	Code: "T8106", Severity: diag.Error,
	Title: "language is not a BCP 47 code",
	Why:   "documents are filed and delivered by language code; a name in plain words is read differently by everybody",
	Fix:   "write the code, for example de, en, fr or pt-BR",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    languages: [de, english] # want T8106
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    languages: [de, en]
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Documents {
			for i, l := range d.Languages {
				if !languageTag.MatchString(l) {
					p.Report(d, "languages."+itoa(i), "%q is not a language code", l)
				}
			}
		}
	},
})

// userDocuments are the types of documents that reach operators and users.
var userDocuments = []model.DocumentType{"ifu", "security-guide", "update-instructions", "label", "training", "mds2", "sbom", "release-notes", "responsibility-agreement"}

func forUsers(d *model.Document) bool { return slices.Contains(userDocuments, d.Type) }

var _ = add(check.Rule{
	Code: "T8107", Severity: diag.Warning,
	Title:   "information for users in a document that users do not get",
	Clauses: []string{"mdcg.4.2"},
	Why:     "the guidance means these items for operators and users; in an internal document they do not reach them",
	Fix:     "list the item in the instructions for use, the security guide or the update instructions",
	Bad: `
documents:
  doc-plan:
    title: Secure development plan
    type: development-plan
    items: [mdcg.ifu.backup-restore] # want T8107
`,
	Good: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
    items: [mdcg.ifu.backup-restore]
`,
	Run: func(p *check.Pass) {
		for _, d := range p.File.Documents {
			if forUsers(d) || d.Type == "" {
				continue
			}
			for i, item := range d.Items {
				if strings.HasPrefix(item, ifuItem) || strings.HasPrefix(item, secdocItem) {
					p.Report(d, "items."+itoa(i), "document %q (%s) lists %s, and users do not get it", d.ID, d.Type, item)
				}
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8108", Severity: diag.Error,
	Title: "approval lies in the future",
	Why:   "nobody can have signed on a day that has not come; the file would claim an approval that does not exist",
	Fix:   "correct the date, or leave the approval out until it is given",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
approvals:
  ap-ifu:
    of: [doc-ifu]
    role: Head of regulatory affairs
    meaning: approved
    date: 2027-01-15 # want T8108
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
approvals:
  ap-ifu:
    of: [doc-ifu]
    role: Head of regulatory affairs
    meaning: approved
    date: 2026-11-15
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Approvals {
			if p.Today.Before(a.Date) {
				p.Report(a, "date", "approval %q is dated %s, which is in the future", a.ID, a.Date)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8109", Severity: diag.Open,
	Title: "approval without role, meaning or date",
	Why:   "a signature says who stands for what, and since when; without one of the three it approves nothing",
	Fix:   "write `role`, `meaning` (reviewed, approved or released) and `date`",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
approvals:
  ap-ifu: # want T8109
    of: [doc-ifu]
    meaning: approved
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
approvals:
  ap-ifu:
    of: [doc-ifu]
    role: Head of regulatory affairs
    meaning: approved
    date: 2026-11-15
`,
	Run: func(p *check.Pass) {
		for _, a := range p.File.Approvals {
			l := lacks(p, a)
			l.unless(a.Role != "", "role")
			l.unless(a.Meaning != "", "meaning")
			l.unless(!a.Date.IsZero(), "date")
			if l.any() {
				p.Report(a, "", "approval %q has no %s", a.ID, l)
			}
		}
	},
})

var _ = add(check.Rule{
	Code: "T8110", Severity: diag.Warning,
	Title:   "two documents with one number and revision",
	Clauses: []string{"mdr.annex-ii", "ivdr.annex-ii"},
	Why:     "whoever looks the number up finds one document and cannot tell which of the two is meant",
	Fix:     "correct the number of one of the two; where one document serves two ends, list it once",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: D-001
    revision: "2"
  doc-guide:
    title: Security guide
    type: security-guide
    number: D-001 # want T8110
    revision: "2"
`,
	Good: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    number: D-001
    revision: "2"
  doc-guide:
    title: Security guide
    type: security-guide
    number: D-002
    revision: "2"
`,
	Run: func(p *check.Pass) {
		first := map[string]*model.Document{}
		for _, d := range p.File.Documents {
			if d.Number == "" {
				continue
			}
			key := fmt.Sprintf("%q %q", d.Number, d.Revision)
			if other := first[key]; other != nil {
				p.Report(d, "number", "documents %q and %q have the same number %q and revision", other.ID, d.ID, d.Number).
					Relate(other, "number", "first given here")
			} else {
				first[key] = d
			}
		}
	},
})
