package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
)

const mds2Name = "mds2"

var _ = add(Definition{
	Name: mds2Name, Title: "Manufacturer disclosure statement (MDS2)", Group: ForUsers, Order: 90,
	About: "The questions that hospitals and laboratories ask about the security of a device, after ANSI/NEMA HN 1-2019, answered by the manufacturer.",
	Types: []model.DocumentType{"mds2"}, Forms: []Form{XLSX}, Late: true,
	Make: func(b *Book) ([]*document.Section, error) {
		return newDisclosure(b).document(), nil
	},
})

// mds2Rules answer the questions, by their numbers.
var mds2Rules = map[string]mds2Rule{}

// mds2Answers enters rules of one file.
func mds2Answers(rules map[string]mds2Rule) bool {
	for id, rule := range rules {
		if mds2Rules[id] != nil {
			panic("techdoc: question " + id + " of the MDS2 has two rules")
		}
		mds2Rules[id] = rule
	}
	return true
}

// mds2Filled is a section of the form with its answers.
type mds2Filled struct {
	mds2Section
	replies []mds2Reply // one for each question
}

// document is the form as sections: what it is, what is open, and the sections of the
// standard.
func (d *disclosure) document() []*document.Section {
	var filled []mds2Filled
	for _, s := range mds2().Sections {
		f := mds2Filled{mds2Section: s}
		for _, q := range s.Questions {
			f.replies = append(f.replies, d.answer(s, q))
		}
		filled = append(filled, f)
	}
	list := []*document.Section{d.summary(filled), d.missing(filled)}
	for _, f := range filled {
		list = append(list, d.section(f))
	}
	return list
}

// answer answers a question, or says why the section does not apply.
func (d *disclosure) answer(s mds2Section, q mds2Question) mds2Reply {
	clause := mds2Clause(s)
	for _, n := range d.File.NotApplicable {
		if n.ID == clause {
			return d.none(cutShort(flatText(d.Tell(n, "reason", n.Reason))), n)
		}
	}
	if p := d.File.Product; s.Needs != "" && !q.Always && p.Facts.Answer(s.Needs) == model.No {
		return d.none(mds2Needs[s.Needs], p).at("facts." + s.Needs)
	}
	return mds2Rules[q.ID](d)
}

// mds2Needs says why a section does not apply.
var mds2Needs = map[string]string{
	"personal-data": "The device processes no personal data",
	"connected":     "The device exchanges no data over a network, wireless link or removable medium",
}

// mds2Clause is the id of a section of the form in the catalogue.
func mds2Clause(s mds2Section) string { return "mds2." + strings.ToLower(s.Code) }

// summary says what the form is and counts the answers.
func (d *disclosure) summary(filled []mds2Filled) *document.Section {
	t := &document.Table{ID: "tally", Caption: "Answers by section of the form", Columns: []document.Column{
		{Title: "Section", Kind: document.Code, Width: 1.2}, {Title: "Subject", Width: 5},
		{Title: "Yes", Kind: document.Figure, Width: 0.8}, {Title: "No", Kind: document.Figure, Width: 0.8},
		{Title: "N/A", Kind: document.Figure, Width: 0.8}, {Title: "See notes", Kind: document.Figure, Width: 1},
		{Title: "Open", Kind: document.Figure, Width: 0.8},
	}}
	questions, open := 0, 0
	for _, f := range filled {
		n := f.tally()
		questions, open = questions+len(f.replies), open+n[4]
		link := document.Span{Text: f.Code, Style: document.Mono, To: document.Address("doc:" + mds2Name + "#" + strings.ToLower(f.Code))}
		cells := []document.Cell{document.C(link), document.W(f.Title)}
		for _, k := range n {
			cells = append(cells, document.N(k))
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells, Source: ByLaw(mds2Clause(f.mds2Section))})
	}
	about := d.Para("This statement has the %d questions of %s under their numbers. The questions are in our own words; the form itself is published by NEMA. Each answer follows from the technical documentation of the device, and its notes say from what.", questions, mds2().Title)
	state := d.Para("Every question is answered.")
	if open > 0 {
		state = d.Para("%s open. They are entered as “Not stated” and listed in the next section.", mds2Are(open))
	}
	s := d.Section("summary", "About this statement", about, state, d.Para("Numbers and subjects of the questions are those of the edition of 2019; compare their texts with your copy of the form."))
	if quoted := mds2Quoted(filled); quoted > 0 {
		s.Blocks = append(s.Blocks, d.Para("%s answered as “See notes” by sentences of the technical documentation that speak of the subject; the reader judges what they say of the question.", mds2Are(quoted)))
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// mds2Quoted counts the answers that are sentences found by their words.
func mds2Quoted(filled []mds2Filled) int {
	n := 0
	for _, f := range filled {
		n += len(thoseThat(f.replies, func(r mds2Reply) bool { return r.InWords && r.Missing == "" }))
	}
	return n
}

func mds2Are(n int) string {
	if n == 1 {
		return "1 question is"
	}
	return fmt.Sprintf("%d questions are", n)
}

// tally counts the answers yes, no, not applicable, in notes, and open.
func (f *mds2Filled) tally() (n [5]int) {
	for i, r := range f.replies {
		switch {
		case r.Missing != "":
			n[4]++
		case f.Questions[i].Text:
			n[3]++
		default:
			n[slices.Index([]mds2Answer{mds2Yes, mds2No, mds2None, mds2Notes}, r.Answer)]++
		}
	}
	return n
}

// missing lists what is not stated.
func (d *disclosure) missing(filled []mds2Filled) *document.Section {
	t := &document.Table{ID: "missing", Caption: "Questions that are not answered", Columns: []document.Column{
		{Title: "No.", Kind: document.Code, Width: 1.2}, {Title: "Question", Width: 4}, {Title: "What is not stated", Width: 4},
	}}
	for _, f := range filled {
		for i, r := range f.replies {
			if r.Missing == "" {
				continue
			}
			id := f.Questions[i].ID
			link := document.Span{Text: id, Style: document.Mono, To: document.Address("doc:" + mds2Name + "#" + mds2Anchor(id))}
			t.Rows = append(t.Rows, document.Row{
				Cells:  []document.Cell{document.C(link), document.W(f.Questions[i].Ask), document.W(capitalised(r.Missing))},
				Source: d.source(f.mds2Section, r),
			})
		}
	}
	if len(t.Rows) == 0 {
		return d.Section("open", "Open questions", d.Para("There is none."))
	}
	return d.Section("open", "Open questions",
		d.Para("This statement does not answer these questions: ask the manufacturer. Nothing may be assumed meanwhile."), t)
}

// section is a section of the form with its answers.
func (d *disclosure) section(f mds2Filled) *document.Section {
	words := &document.Table{ID: strings.ToLower(f.Code) + "-description", Caption: f.Code + ": description", Columns: []document.Column{
		{Title: "No.", Kind: document.Code, Width: 1.2}, {Title: "Asked", Width: 2.6}, {Title: "Statement", Width: 6.2}, {Title: "See", Width: 2},
	}, Wide: true}
	t := &document.Table{ID: strings.ToLower(f.Code) + "-answers", Caption: f.Code + ": answers", Columns: []document.Column{
		{Title: "No.", Kind: document.Code, Width: 1.3}, {Title: "Question", Width: 3.2}, {Title: "Answer", Kind: document.State, Width: 1.2},
		{Title: "Notes", Width: 5}, {Title: "See", Width: 2},
	}, Wide: true}
	for i, q := range f.Questions {
		r := f.replies[i]
		row := document.Row{ID: mds2Anchor(q.ID), Source: d.source(f.mds2Section, r)}
		id, ask, said, see := document.C(document.Literal(q.ID)), document.W(q.Ask), document.Lines(r.Notes...), d.see(r)
		if q.Text {
			if r.Missing != "" {
				said.Lines = append([]document.Text{{r.badge()}}, said.Lines...)
			}
			row.Cells = []document.Cell{id, ask, said, see}
			words.Rows = append(words.Rows, row)
			continue
		}
		row.Cells = []document.Cell{id, ask, document.C(r.badge()), said, see}
		t.Rows = append(t.Rows, row)
	}
	s := &document.Section{ID: strings.ToLower(f.Code), Title: f.Code + " " + f.Title}
	for _, table := range []*document.Table{words, t} {
		if len(table.Rows) > 0 {
			s.Blocks = append(s.Blocks, table)
		}
	}
	return s
}

func mds2Anchor(id string) string { return strings.ToLower(id) }

// badge is the answer as a state. Yes, no and notes are plain words, neither good nor
// bad: it depends on the question.
func (r mds2Reply) badge() document.Span {
	switch r.Answer {
	case mds2Open:
		return document.Badge(document.Bad, string(r.Answer))
	case mds2None:
		return document.Badge(document.Neutral, string(r.Answer))
	}
	return document.Span{Text: string(r.Answer)}
}

// source is where an answer came from: what it rests on, the product where that is all
// of it, and the section of the form.
func (d *disclosure) source(s mds2Section, r mds2Reply) document.Source {
	var source document.Source
	switch {
	case len(r.About) == 0:
		source = d.From(d.File.Product)
	case r.Field == "":
		source = d.From(r.About[0])
	default:
		source = d.From(r.About[0], strings.Split(r.Field, ".")...)
	}
	source.Clause = mds2Clause(s)
	return source
}

// mostSeen is how many sections of other documents an answer points at.
const mostSeen = 3

// see points at the sections of documents for users that tell what an answer rests on,
// a line for each document. That all of them tell of the product says nothing.
func (d *disclosure) see(r mds2Reply) document.Cell {
	var c document.Cell
	var seen []document.Place
	for _, e := range r.About {
		if e == model.Entity(d.File.Product) {
			continue
		}
		for _, p := range d.ToldIn(idOf(e), mds2Name) {
			def := Find(p.Document.Name)
			known := slices.ContainsFunc(seen, func(o document.Place) bool { return o.Section == p.Section })
			if def != nil && def.Group == ForUsers && p.Section != nil && !known && len(seen) < mostSeen {
				seen = append(seen, p)
			}
		}
	}
	slices.SortStableFunc(seen, func(a, b document.Place) int { return strings.Compare(a.Document.Name, b.Document.Name) })
	for i, p := range seen {
		if i == 0 || seen[i-1].Document != p.Document {
			c.Lines = append(c.Lines, document.T("%s: ", p.Document.Title))
		} else {
			c.Lines[len(c.Lines)-1] = append(c.Lines[len(c.Lines)-1], document.Span{Text: ", "})
		}
		to := document.Address("doc:" + p.Document.Name + "#" + p.Section.ID)
		c.Lines[len(c.Lines)-1] = append(c.Lines[len(c.Lines)-1], document.Link(cmp.Or(p.Section.Number, p.Section.Title), to))
	}
	return c
}
