package rules

import (
	"slices"
	"strings"

	"theriac/check"
	"theriac/diag"
	"theriac/model"
)

var _ = add(check.Rule{
	Code: "T2311", Severity: diag.Open,
	Title: "document that a clause asks for is missing",
	Why:   "reviewers ask for the document by its kind; the file has to say which one it is and in which state",
	Fix:   "add it under `documents:` with `type`, `number`, `revision` and `status`",
	Bad: `
documents:
  doc-guide:
    title: Security guide
    type: security-guide
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
    date: 2026-11-15
`,
	Questions: documentQuestions(),
	Ask: func(p *check.Pass, question string) check.Answer {
		want := model.DocumentType(strings.TrimPrefix(question, "document."))
		return unless(flawedIn(p, p.File.Documents, "type", "status"), stateOf(p, documentsOf(p.File, want), meaning(want.Values(), string(want))))
	},
})

func documentQuestions() []string {
	var names []string
	for _, v := range model.DocumentType("").Values() {
		names = append(names, "document."+v.Name)
	}
	return names
}

func documentsOf(f *model.File, types ...model.DocumentType) []*model.Document {
	var found []*model.Document
	for _, d := range f.Documents {
		if slices.Contains(types, d.Type) {
			found = append(found, d)
		}
	}
	return found
}

// stateOf answers whether one of several documents is in force. An approval
// that is not recorded, and a status that is not stated, have rules of their
// own (T8102, T8101).
func stateOf(p *check.Pass, documents []*model.Document, what string) check.Answer {
	if len(documents) == 0 {
		return check.Answer{Missing: []string{"no document of this type: " + what}}
	}
	best := slices.MaxFunc(documents, func(a, b *model.Document) int { return standing(p, a) - standing(p, b) })
	a := check.Answer{By: []model.Entity{best}, At: check.Place(best, "status"), Entity: best.ID}
	switch {
	case standing(p, best) == inForce:
	case best.Status == statusApproved:
		a.Missing, a.Elsewhere = []string{"no approval of " + best.ID + " is recorded"}, true
	case best.Status == statusDraft:
		a.Missing = []string{best.ID + " is a draft"}
	case best.Status == statusPlanned:
		a.By, a.Missing = nil, []string{best.ID + " is only planned"}
	default:
		a.Missing, a.Elsewhere = []string{"the status of " + best.ID + " is not stated"}, true
	}
	return a
}

// inForce is the highest standing of a document.
const inForce = 4

// standing orders documents by how far they can serve as evidence.
func standing(p *check.Pass, d *model.Document) int {
	switch {
	case d.Status == statusApproved && approved(p, d):
		return inForce
	case d.Status == statusApproved:
		return 3
	case d.Status == statusDraft:
		return 2
	case d.Status == statusPlanned:
		return 0
	}
	return 1
}
