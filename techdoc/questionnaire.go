package techdoc

import (
	"strings"

	"theriac/check"
	"theriac/document"
	"theriac/model"
)

const questionnaireName = "notified-body-questionnaire"

var _ = add(Definition{
	Name: questionnaireName, Title: "Answers to the notified body's questions on cybersecurity",
	About: "each question of the IG-NB questionnaire with an answer, the sections that show it, and the evidence",
	Group: Submission, Order: 15, Late: true,
	Make: makeQuestionnaire,
})

// question says how a question of the questionnaire is answered.
type question struct {
	answer func(b *Book) []document.Text // statements with figures, computed
	shown  []string                      // sections of other documents: document#section
}

func makeQuestionnaire(b *Book) ([]*document.Section, error) {
	rows := b.RowsOf("ig-nb.")
	if len(rows) == 0 {
		return []*document.Section{b.Section("scope", b.Say("Scope"),
			b.Para("The class of the device needs no notified body, so that nobody puts these questions."))}, nil
	}
	sections := []*document.Section{b.questionnaireSummary(rows)}
	var part *document.Section
	for _, r := range rows {
		number, title, _ := strings.Cut(r.Entry.Part, " ")
		if part == nil || part.ID != "part-"+number {
			part = b.Section("part-"+number, title)
			sections = append(sections, part)
		}
		part.Sections = append(part.Sections, b.questionSection(r))
	}
	return sections, nil
}

func (b *Book) questionnaireSummary(rows []check.Row) *document.Section {
	t := &document.Table{ID: "questions", Caption: b.Say("All questions"), Columns: []document.Column{
		{Title: b.Say("Item"), Width: 1}, {Title: b.Say("Question"), Width: 6}, {Title: b.Say("Answered"), Width: 1.6, Kind: document.State},
	}}
	answered := 0
	for _, r := range rows {
		if r.Status == check.Satisfied {
			answered++
		}
		t.Rows = append(t.Rows, document.Row{Source: ByLaw(r.Entry.ID), Cells: []document.Cell{
			document.C(document.Link(r.Entry.Clause, document.Address("doc:"+questionnaireName+"#q-"+r.Entry.Clause))),
			document.W(r.Entry.Title), document.C(b.answered(r.Status))}})
	}
	e := rows[0].Entry.Source
	return b.Section("summary", b.Say("Summary"),
		b.Para("The questions are those of %s (%s), in words of our own; item numbers are those of the questionnaire. Each answer names the sections and the evidence that show it.", e.Title, e.Edition),
		b.Para("%d of %d questions are answered without an open point.", answered, len(rows)), t)
}

// answered is a badge for a question.
func (b *Book) answered(s check.Status) document.Span {
	switch s {
	case check.Satisfied:
		return document.Badge(document.Good, b.Say("answered"))
	case check.Partial:
		return document.Badge(document.Partly, b.Say("in part"))
	case check.NotApplicable:
		return document.Badge(document.Neutral, b.Say("not applicable"))
	}
	return document.Badge(document.Bad, b.Say("open"))
}

// questionSection is a question with its answer, where it is shown, and what is open.
func (b *Book) questionSection(r check.Row) *document.Section {
	e := r.Entry
	s := b.Section("q-"+e.Clause, b.Say("%s (item %s)", e.Title, e.Clause),
		document.P(ByLaw(e.ID), document.Span{Text: e.Text, Style: document.Emphasis}),
		document.P(document.Source{}, b.answered(r.Status)))
	if r.Status == check.NotApplicable {
		s.Blocks = append(s.Blocks, bullets(b.reasons(r), ByLaw(e.ID)))
		return s
	}
	q := questions[e.Clause]
	if q.answer != nil {
		if said := q.answer(b); len(said) > 0 {
			s.Blocks = append(s.Blocks, bullets(said, ByLaw(e.ID)))
		}
	}
	terms := &document.Terms{}
	add := func(name string, lines []document.Text) {
		if len(lines) > 0 {
			terms.Terms = append(terms.Terms, document.Term{Name: document.T("%s", name), Blocks: []document.Block{bullets(lines, document.Source{})}})
		}
	}
	var sections []document.Text
	for _, to := range q.shown {
		doc, section, _ := strings.Cut(to, "#")
		sections = append(sections, document.Text{At(doc, section)})
	}
	add(b.Say("Shown in"), sections)
	var kept []document.Text
	for _, d := range Kept(r.By) {
		kept = append(kept, b.DocumentLine(d))
	}
	add(b.Say("Documents of the manufacturer"), kept)
	add(b.Say("Evidence"), b.evidenceLines(r.By))
	s.Blocks = append(s.Blocks, terms)
	if r.Status != check.Satisfied {
		s.Blocks = append(s.Blocks, &document.Callout{Kind: document.Gap, Title: b.Say("Open"), Source: ByLaw(e.ID),
			Blocks: []document.Block{bullets(b.reasons(r), ByLaw(e.ID))}})
	}
	return s
}

// evidenceLines name the evidence behind an answer with digests.
func (b *Book) evidenceLines(by []model.Entity) (lines []document.Text) {
	pieces := b.EvidenceFor(by)
	for i, p := range pieces {
		if i == 2*few {
			return append(lines, document.Text{{Text: b.Say("and %d more", len(pieces)-i), Style: document.Faint}, {Text: ": "}, At("verification-report", "evidence")})
		}
		line := document.Text{document.Literal(p.ID), {Text: " " + kindOf(p)}}
		if p.Statement != nil {
			line = append(line, document.Span{Text: ", " + p.Statement.Finished.Format("2006-01-02")})
			for _, in := range p.Statement.Inputs {
				line = append(line, document.Span{Text: ", sha256 "}, document.Literal(in.SHA256[:min(12, len(in.SHA256))]))
				break
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// bullets is a list of lines.
func bullets(lines []document.Text, source document.Source) *document.List {
	l := &document.List{}
	for _, t := range lines {
		l.Items = append(l.Items, document.Item{Source: source, Blocks: []document.Block{&document.Paragraph{Text: t}}})
	}
	return l
}
