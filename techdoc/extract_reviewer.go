package techdoc

import (
	"theriac/check"
	"theriac/document"
)

var _ = add(Definition{
	Name: "reviewer-extract", Title: "For the reviewer: where to find what",
	About: "the notified body's questions in short, and the documents that answer them, on two pages",
	Group: Extract, Order: 200, Brief: true, Late: true,
	Make: makeReviewerExtract,
})

func makeReviewerExtract(b *Book) ([]*document.Section, error) {
	return []*document.Section{b.reviewerState(), b.reviewerQuestions(), b.reviewerDocuments()}, nil
}

// reviewerState says what the reviewer has in hand.
func (b *Book) reviewerState() *document.Section {
	n := countOf(b.RowsOf(b.Law() + ".annex-i."))
	asked := n[check.Satisfied] + n[check.Partial] + n[check.Unanswered]
	lines := []document.Text{
		b.say("%d of %d applicable clauses of Annex I that bear on information security are fulfilled, %d in part, %d are open.", n[check.Satisfied], asked, n[check.Partial], n[check.Unanswered]),
	}
	if s := b.Showing; s != nil {
		lines = append(lines, b.say("%d of %d security requirements are shown to be met by signed evidence.", s.Met(), len(s.Requirements)))
	}
	lines = append(lines, b.say("Every statement in the documents names the line of the security file that it came from; the site (index.html) leads to each."))
	return b.Section("state", b.Say("What you have in hand"), b.productTable(), bullets(lines, document.Source{}))
}

// reviewerQuestions has a line for each question.
func (b *Book) reviewerQuestions() *document.Section {
	t := &document.Table{ID: "questions", Columns: []document.Column{
		{Title: b.Say("Item"), Width: 0.7}, {Title: b.Say("Question"), Width: 4}, {Title: b.Say("Answered"), Width: 1.5, Kind: document.State}, {Title: b.Say("Where to look first"), Width: 5},
	}}
	for _, r := range b.RowsOf("ig-nb.") {
		row := document.Row{Source: ByLaw(r.Entry.ID), Cells: []document.Cell{document.W(r.Entry.Clause), document.W(r.Entry.Title), document.C(b.answered(r.Status)), {}}}
		if q := questions[r.Entry.Clause]; len(q.shown) > 0 {
			row.Cells[3] = document.C(document.Link("", document.Address("doc:"+q.shown[0])))
		}
		t.Rows = append(t.Rows, row)
	}
	s := b.Section("questions", b.Say("Questions of the notified body"))
	if len(t.Rows) == 0 {
		s.Blocks = append(s.Blocks, b.Para("The class of the device needs no notified body."))
		return s
	}
	s.Blocks = append(s.Blocks, t, document.P(document.Source{}, document.Span{Text: b.Say("In full") + ": "}, At(questionnaireName, "")))
	return s
}

// reviewerDocuments lists the documents for submission with what each is for.
func (b *Book) reviewerDocuments() *document.Section {
	t := &document.Table{ID: "documents", Columns: []document.Column{{Title: b.Say("Document"), Width: 4}, {Title: b.Say("Number"), Width: 2}, {Title: b.Say("What is in it"), Width: 6}}}
	for _, d := range Definitions() {
		if d.Group != Submission {
			continue
		}
		row := document.Row{Cells: []document.Cell{document.C(At(d.Name, "")), {}, document.W(b.Say(d.About))}}
		if listed := b.Listed(d); listed != nil {
			row.Source, row.Cells[1] = b.From(listed), document.W(listed.Number)
		}
		t.Rows = append(t.Rows, row)
	}
	return b.Section("documents", b.Say("Documents"), t)
}
