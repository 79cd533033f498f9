package rules

import (
	"theriac/check"
	"theriac/diag"
)

// The findings about the manufacturer's own wording are made by package techdoc when
// it makes the documents; the declarations here say what they mean.

var _ = add(check.Rule{
	Code: "T8601", Severity: diag.Error, Elsewhere: true,
	Title: "wording names a document or section that does not exist",
	Why:   "own words that belong nowhere are in no document, and nobody would notice that they are missing",
	Fix:   "name a document and section as `theriac build --list` shows them",
	Bad: `
publication:
  wording:
    - document: ifu-security
      section: firewal # want T8601
      before: Ask your network administrator before you begin.
`,
	Good: `
publication:
  wording:
    - document: ifu-security
      section: firewall
      before: Ask your network administrator before you begin.
`,
})

var _ = add(check.Rule{
	Code: "T8602", Severity: diag.Error, Elsewhere: true,
	Title:   "wording drops something that must be told",
	Clauses: []string{"mdr.annex-i.17.4", "mdr.annex-i.23.4.ab", "ivdr.annex-i.16.4", "ivdr.annex-i.20.4.1.ah", "mdcg.3.6"},
	Why:     "an own text reads better than a generated one, but what the operator must provide, or must be warned of, has to stay in it",
	Fix:     "put {{id}} as a paragraph where the generated statement shall stand, or {{generated}} for all of them",
	Bad: `
publication:
  wording:
    - document: ifu-security
      section: environment-network
      text: Connect the device to the hospital network. # want T8602
environment:
  env-segment:
    title: Own segment
    category: network
    text: Connect the device to a network segment of its own.
    responsible: operator
`,
	Good: `
publication:
  wording:
    - document: ifu-security
      section: environment-network
      text: |
        Talk to your network administrator first.

        {{env-segment}}
environment:
  env-segment:
    title: Own segment
    category: network
    text: Connect the device to a network segment of its own.
    responsible: operator
`,
})

var _ = add(check.Rule{
	Code: "T8604", Severity: diag.Warning, Elsewhere: true,
	Title: "several documents may be a generated one",
	Why:   "a generated document has number, revision and approvals of the document of the file that it is; the number of another one on its cover breaks document control",
	Fix:   "name the document under publication.documents",
	Bad: `
documents:
  d-interoperability:
    title: Interoperability report
    type: verification-report
  d-verification:
    title: Verification report
    type: verification-report # want T8604
`,
	Good: `
documents:
  d-interoperability:
    title: Interoperability report
    type: verification-report
  d-verification:
    title: Verification report
    type: verification-report
publication:
  documents:
    - document: verification-report
      is: d-verification
`,
})

var _ = add(check.Rule{
	Code: "T8603", Severity: diag.Error, Elsewhere: true,
	Title:   "text has no translation",
	Clauses: []string{"mdr.art.10.11", "ivdr.art.10.10", "mdr.annex-i.23.1.a", "ivdr.annex-i.20.1.a"},
	Why:     "users get instructions in a language that they understand; a sentence in another language among them is as good as missing",
	Fix:     "add the translation to translations/LANGUAGE.po; `theriac strings` writes down what is missing",
	Bad: `
publication:
  languages: [en, de]
environment:
  env-segment:
    title: Own segment # want T8603
    category: network
    text: Connect the device to a network segment of its own. # want T8603
    responsible: operator
`,
	Good: `
publication:
  languages: [en]
environment:
  env-segment:
    title: Own segment
    category: network
    text: Connect the device to a network segment of its own.
    responsible: operator
`,
})
