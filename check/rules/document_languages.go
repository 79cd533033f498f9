package rules

import (
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T8111", Severity: diag.Note,
	Title:   "instructions for use in a single language",
	Clauses: []string{"mdr.art.10.11", "ivdr.art.10.10"},
	Why:     "each Member State decides which language the information with the device is in; one language is right only where the device goes to few of them",
	Fix:     "list the languages of all Member States where the device is made available, or be ready to name the States",
	Bad: `
documents:
  doc-ifu:
    title: Instructions for use
    type: ifu
    languages: [en] # want T8111
`,
	Good: `
documents:
  doc-ifu-de:
    title: Instructions for use, German
    type: ifu
    languages: [de]
  doc-ifu-fr:
    title: Instructions for use, French
    type: ifu
    languages: [fr]
`,
	Run: func(p *check.Pass) {
		languages := map[string]bool{}
		var first *model.Document
		for _, d := range p.File.Documents {
			if d.Type != "ifu" {
				continue
			}
			for _, tag := range d.Languages {
				language, _, _ := strings.Cut(strings.ToLower(tag), "-")
				languages[language] = true
			}
			if first == nil && len(d.Languages) > 0 {
				first = d
			}
		}
		if len(languages) == 1 {
			p.Report(first, "languages", "instructions for use exist in one language only: %s", first.Languages[0])
		}
	},
})
