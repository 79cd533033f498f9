package techdoc

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/document"
	"theriac/model"
)

const planName = "cybersecurity-plan"

var _ = add(Definition{
	Name: planName, Title: "Cybersecurity plan and secure development life cycle",
	About: "the eight practices of secure development with owners, reviews, figures, tools and change control, and how they follow the standards applied",
	Group: Submission, Order: 20, Types: []model.DocumentType{"development-plan"}, Forms: []Form{XLSX},
	Make: makePlan,
})

func makePlan(book *Book) ([]*document.Section, error) {
	b := newLifeBook(book)
	sections := []*document.Section{
		b.planScope(), b.practices(), b.roles(), b.planMetrics(), b.lifeCycle(),
		b.crosswalk("81001-5-1", "IEC 81001-5-1"), b.crosswalk("62443-4-1", "IEC 62443-4-1"),
		b.tools(), b.training(), b.planChange(), b.reviewHistory(),
	}
	return slices.DeleteFunc(sections, func(s *document.Section) bool { return s == nil }), nil
}

// planScope says of which device the plan speaks, and on what it rests.
func (b *lifeBook) planScope() *document.Section {
	product := b.File.Product
	s := b.Section("scope", b.Say("Scope"),
		b.cited("mdcg.3.1.i1", "This plan describes how security is built into the device and kept over its life cycle, after the eight practices of the guidance on cybersecurity for medical devices"),
		document.P(ByLaw(b.lawOf(softwareClause(b.Law()))), document.Span{Text: b.Say("It answers for the development of software after the state of the art, with the principles of the development life cycle, of risk management with information security, and of verification and validation") + " ("},
			b.Clause(b.lawOf(softwareClause(b.Law()))), document.Span{Text: ")."}),
		b.productTable())
	t := &document.Table{ID: "standards", Caption: b.Say("Standards applied"), Columns: []document.Column{columnOf(b.Say("Standard"), 6), columnOf(b.Say("Checklist"), 4)}}
	named := map[string]bool{}
	for i, st := range product.Standards {
		text := document.Text{document.Bold(standardName(st))}
		if named[strings.ToLower(text.String())] {
			continue
		}
		named[strings.ToLower(text.String())] = true
		if words := meaningOf(model.Standard("").Values(), string(st)); words != "" && !strings.Contains(standardName(st), words) {
			text = append(text, document.Span{Text: ", " + words})
		}
		row := document.Row{Source: b.From(product, "standards", strconv.Itoa(i)), Cells: []document.Cell{document.Lines(text), {}}}
		switch source := strings.TrimPrefix(string(st), "iec-"); source {
		case "81001-5-1", "62443-4-1":
			if len(b.RowsOf(source+".")) > 0 {
				row.Cells[1] = document.C(document.Link(b.Say("checklist in this plan"), document.Address("doc:"+planName+"#crosswalk-"+source)))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	for i, o := range product.OtherStandards {
		if named[strings.ToLower(o)] {
			continue
		}
		named[strings.ToLower(o)] = true
		t.Rows = append(t.Rows, document.Row{Source: b.From(product, "other-standards", strconv.Itoa(i)), Cells: []document.Cell{document.W(o), {}}})
	}
	s.Blocks = append(s.Blocks, withRows(t, b.Gap(product, "standards", b.Say("the standards that are applied"))))
	if listed := b.Listed(Find(planName)); listed != nil {
		s.Blocks = append(s.Blocks, document.P(b.From(listed), append(append(document.Text{{Text: b.Say("The manufacturer keeps the plan as") + " "}}, b.DocumentLine(listed)...), document.Span{Text: "."})...))
	}
	return s
}

// softwareClause is where Annex I asks for the state of the art in software.
func softwareClause(law string) string {
	if law == "ivdr" {
		return "16.2"
	}
	return "17.2"
}

// standardNames are standards as people cite them.
var standardNames = map[model.Standard]string{
	"iec-81001-5-1": "IEC 81001-5-1", "iec-62443-4-1": "IEC 62443-4-1", "iec-62443-4-2": "IEC 62443-4-2", "iec-tr-60601-4-5": "IEC TR 60601-4-5",
	"iec-62304": "IEC 62304", "iso-14971": "ISO 14971", "aami-tir57": "AAMI TIR57", "aami-sw96": "ANSI/AAMI SW96", "iso-29147": "ISO/IEC 29147",
	"iso-30111": "ISO/IEC 30111", "mds2-2019": "ANSI/NEMA HN 1-2019 (MDS2)",
}

func standardName(s model.Standard) string {
	return cmp.Or(standardNames[s], string(s))
}

// practiceEntry is the item of the guidance on a practice.
func practiceEntry(p model.Practice) string {
	i := slices.IndexFunc(p.Values(), func(v model.Value) bool { return v.Name == string(p) })
	return fmt.Sprintf("mdcg.practice.%d", i+1)
}

// practiceID is the section on a practice.
func practiceID(p model.Practice) string { return "practice-" + string(p) }

// practiceTitle is the title of a practice in the guidance.
func (b *lifeBook) practiceTitle(p model.Practice) string {
	if e := b.Catalog.Entry(practiceEntry(p)); e != nil {
		return e.Title
	}
	return spaced(p)
}

// processesOf are the processes that describe a practice: one, where the file is in
// order.
func (b *lifeBook) processesOf(p model.Practice) (list []*model.Process) {
	for _, pr := range b.File.Processes {
		if pr.Practice == p {
			list = append(list, pr)
		}
	}
	return list
}

// practices describes the eight practices.
func (b *lifeBook) practices() *document.Section {
	t := &document.Table{ID: "practices-overview", Caption: b.Say("Practices, owners and reviews"), Columns: []document.Column{
		columnOf(b.Say("Practice"), 4.4), columnOf(b.Say("Owner"), 3), columnOf(b.Say("Last review"), 1.7, document.Date), columnOf(b.Say("Interval"), 1.4),
		columnOf(b.Say("Next review"), 1.7, document.Date), columnOf(b.Say("State"), 1.7, document.State),
	}}
	s := b.Section("practices", b.Say("The eight practices"), t)
	for _, v := range model.Practice("").Values() {
		p := model.Practice(v.Name)
		list := b.processesOf(p)
		for _, pr := range list {
			t.Rows = append(t.Rows, document.Row{Source: b.From(pr), Cells: []document.Cell{
				document.W(b.practiceTitle(p)), b.Or(pr.Owner), b.day(pr.Reviewed), b.Or(pr.Review.String()), document.On(nextReview(pr).String()), b.reviewBadge(pr)}})
		}
		if len(list) == 0 {
			t.Rows = append(t.Rows, document.Row{Source: ByLaw(practiceEntry(p)), Cells: []document.Cell{
				document.W(b.practiceTitle(p)), {}, {}, {}, {}, document.C(document.Badge(document.Bad, b.Say("not described")))}})
		}
		s.Sections = append(s.Sections, b.practice(p, list))
	}
	return s
}

// reviewBadge says whether the review of a practice is overdue.
func (b *lifeBook) reviewBadge(pr *model.Process) document.Cell {
	next := nextReview(pr)
	switch {
	case next.IsZero():
		return document.C(document.Badge(document.Bad, b.Say("not scheduled")))
	case next.Before(b.Day):
		return document.C(document.Badge(document.Bad, b.Say("overdue")))
	}
	return document.C(document.Badge(document.Good, b.Say("in time")))
}

// practice is one practice: what the guidance asks, and how the manufacturer lives it.
func (b *lifeBook) practice(p model.Practice, list []*model.Process) *document.Section {
	s := b.Section(practiceID(p), b.practiceTitle(p))
	if e := b.Catalog.Entry(practiceEntry(p)); e != nil {
		asks := document.Text{{Text: b.Say("What is asked") + ": ", Style: document.Strong}, {Text: unstopped(e.Text) + " ("}, b.Clause(e.ID), {Text: "). "}}
		if row := b.Row(e.ID); row != nil {
			asks = append(asks, b.Status(row.Status))
		}
		s.Blocks = append(s.Blocks, document.P(ByLaw(e.ID), asks...))
	}
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how the practice %q is lived", spaced(p))))
		return s
	}
	for _, pr := range list {
		s.Blocks = append(s.Blocks, b.process(pr)...)
	}
	return s
}

// process is how a practice is lived.
func (b *lifeBook) process(pr *model.Process) []document.Block {
	f := b.factsOf(pr)
	f.add(b.Say("Owner"), "owner", b.Or(pr.Owner))
	f.add(b.Say("Who takes part"), "roles", b.Or(strings.Join(pr.Roles, ", ")))
	artefacts := b.Or("")
	if list := All(pr.Artefacts); len(list) > 0 {
		artefacts = document.Cell{}
		for _, d := range list {
			artefacts.Lines = append(artefacts.Lines, b.DocumentLine(d))
		}
	}
	f.add(b.Say("Documents that come of it"), "artefacts", artefacts)
	review := document.Text{{Text: b.Say("not scheduled")}}
	if next := nextReview(pr); !next.IsZero() {
		review = document.Text{{Text: b.Say("on %s, %s; the next on %s", pr.Reviewed, b.every(pr.Review), next) + " "}}
		if next.Before(b.Day) {
			review = append(review, document.Badge(document.Bad, b.Say("overdue since %s", plural(daysFrom(next, b.Day), "day", "days"))))
		}
	}
	f.add(b.Say("Reviewed"), "reviewed", document.Cell{Lines: []document.Text{review}})
	blocks := append(b.Prose(pr, "policy", pr.Policy, b.Say("what is done in the practice %q", spaced(pr.Practice))), f.terms)
	if len(pr.Metrics) == 0 {
		return append(blocks, b.Gap(pr, "metrics", b.Say("by which figures the practice is judged")))
	}
	return blocks
}

// unstopped is a sentence of the catalogue without its full stop, so that its clause
// can follow.
func unstopped(s string) string { return strings.TrimSuffix(s, ".") }

// every is how often something is done: "every year", "every 2 years".
func (b *lifeBook) every(d model.Duration) string {
	return b.Say("every %s", strings.TrimPrefix(d.String(), "1 "))
}

// reviewHistory lists reviews of practices and approvals of documents, the newest
// reviews first.
func (b *lifeBook) reviewHistory() *document.Section {
	list := slices.DeleteFunc(slices.Clone(b.File.Processes), func(pr *model.Process) bool { return pr.Reviewed.IsZero() })
	slices.SortStableFunc(list, func(x, y *model.Process) int { return cmp.Compare(y.Reviewed.String(), x.Reviewed.String()) })
	t := &document.Table{ID: "reviews", Caption: b.Say("Last reviews of the practices"), Columns: []document.Column{
		columnOf(b.Say("Day"), 1.6, document.Date), columnOf(b.Say("Practice"), 5), columnOf(b.Say("Owner"), 4), columnOf(b.Say("Next"), 1.6, document.Date),
	}}
	for _, pr := range list {
		t.Rows = append(t.Rows, document.Row{Source: b.From(pr, "reviewed"), Cells: []document.Cell{
			document.On(pr.Reviewed.String()), document.W(b.practiceTitle(pr.Practice)), b.Or(pr.Owner), document.On(nextReview(pr).String())}})
	}
	return b.Section("review-history", b.Say("Reviews and approvals"),
		b.Para("The security file holds the last review of each practice; earlier ones are no part of it."),
		withRows(t, b.Gap(nil, "", b.Say("when the practices were last reviewed"))), b.approvalsOfArtefacts())
}

// approvalsOfArtefacts lists the documents that the practices yield, with who
// approved them.
func (b *lifeBook) approvalsOfArtefacts() document.Block {
	t := &document.Table{ID: "approvals", Caption: b.Say("Approvals of the documents that the practices yield"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Document"), 5), columnOf(b.Say("Status"), 1.5), columnOf(b.Say("Signed approvals"), 5), columnOf(b.Say("Approvals that the file states"), 3.5),
	}}
	var seen []*model.Document
	for _, pr := range b.File.Processes {
		for _, d := range All(pr.Artefacts) {
			if slices.Contains(seen, d) {
				continue
			}
			seen = append(seen, d)
			var stated []document.Text
			for _, a := range model.Users[*model.Approval](d, "of") {
				stated = append(stated, document.T("%s, %s, %s", a.Meaning, a.Date, a.Role))
			}
			t.Rows = append(t.Rows, document.Row{Source: b.From(d), Cells: []document.Cell{
				{Lines: []document.Text{b.DocumentLine(d)}}, b.Or(d.Status), {Lines: signatureLines(b.Signatures(d))}, {Lines: stated}}})
		}
	}
	return withRows(t, b.Para("No practice names a document that comes of it."))
}
