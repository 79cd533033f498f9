package techdoc

import (
	"slices"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/model"
	"theriac/psirt"
)

const postMarketName = "vulnerability-management-plan"

var _ = add(Definition{
	Name: postMarketName, Title: "Vulnerability management and post-market plan",
	About: "how vulnerabilities are found, judged, fixed and told, and surveillance, vigilance, field actions, the releases in the field with what is known of them, and the security part of the periodic report",
	Group: Submission, Order: 75, Types: []model.DocumentType{"vulnerability-plan", "pms-plan"}, Forms: []Form{XLSX},
	Make: makePostMarket,
})

func makePostMarket(book *Book) ([]*document.Section, error) {
	b := newLifeBook(book)
	return []*document.Section{
		b.marketScope(), b.handling(), b.contact(), b.timeLimits(), b.cases(), b.disclosure(), b.surveillance(), b.vigilance(), b.fieldActions(),
		b.marketChange(), b.endOfSupport(), b.releasesInField(), b.psur(), b.decisionRecord(), b.marketClauses(),
	}, nil
}

// article is the id of an article as the tables of the catalogue write it: "Art.
// 87(3)" is mdr.art.87.3, "Annex VI Part C §3.9" is mdr.annex-vi.c.3.9.
func (b *lifeBook) article(place string) string {
	id := strings.ToLower(place)
	if rest, ok := strings.CutPrefix(id, "annex "); ok {
		id = "annex-" + strings.Replace(strings.Replace(rest, " part ", ".", 1), " §", ".", 1)
	}
	return b.Law() + "." + strings.NewReplacer(" ", "", "(", ".", ")", "").Replace(id)
}

// citeArticle names an article of the product's regulation, linked where the catalogue
// has it.
func (b *lifeBook) citeArticle(place string) document.Span {
	if b.Catalog.Entry(b.article(place)) != nil {
		return b.Clause(b.article(place))
	}
	return document.Span{Text: shortNames[b.Law()] + " " + place}
}

// byRegulation takes the place in the product's regulation.
func (b *lifeBook) byRegulation(mdr, ivdr string) string {
	if b.Law() == "ivdr" {
		return ivdr
	}
	return mdr
}

// marketScope says of what the plan speaks and which documents of the manufacturer it
// stands for.
func (b *lifeBook) marketScope() *document.Section {
	s := b.Section("scope", b.Say("Scope"),
		b.cited(b.article(b.byRegulation("Art. 84", "Art. 79")), "This plan says how the security of the device is watched after release, and what is done about what is seen. It is the security part of the post-market surveillance plan"),
		b.Para("It holds three things that belong together: the handling of vulnerabilities, post-market surveillance, and vigilance. A vulnerability is handled whether or not harm came of it; it becomes a matter of vigilance when it amounts to a serious incident or leads to a field safety corrective action."),
		b.Para("Texts of law, guidance and standards are paraphrases; compare them with your copy."),
		b.productTable())
	l := &document.List{}
	for _, t := range []model.DocumentType{"vulnerability-plan", "pms-plan", "pms-report", "psur"} {
		for _, d := range b.listedTypes(t) {
			l.Items = append(l.Items, document.Item{Source: b.From(d), Blocks: []document.Block{&document.Paragraph{Text: append(document.Text{{Text: spaced(t) + ": "}}, b.DocumentLine(d)...)}}})
		}
	}
	if len(l.Items) == 0 {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("the plan for vulnerabilities or for post-market surveillance among the documents")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Documents of the manufacturer:"), l)
	return s
}

// handling says how vulnerabilities are found and judged.
func (b *lifeBook) handling() *document.Section {
	s := b.Section("handling", b.Say("Handling of vulnerabilities"))
	v := b.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how vulnerabilities are handled")))
		return s
	}
	f := b.factsOf(v)
	f.add(b.Say("Who answers for it"), "owner", b.Or(v.Owner))
	f.list(b.Say("What is watched"), "sources", v.Sources)
	interval := b.Or("")
	if !v.Interval.IsZero() {
		interval = document.W(b.every(v.Interval))
	}
	f.add(b.Say("Components are matched against new advisories"), "interval", interval)
	f.prose(b.Say("Software bill of materials"), "sbom", v.SBOM)
	f.prose(b.Say("How severity is judged"), "scoring", v.Scoring)
	plan := b.Or("")
	if v.Plan.OK() {
		plan = document.Cell{Lines: []document.Text{b.DocumentLine(v.Plan.To)}}
	}
	f.add(b.Say("Plan or procedure"), "plan", plan)
	s.Blocks = append(s.Blocks, f.terms, b.handlingSteps(v))
	return s
}

// marketClauses are the clauses that the parts of the plan answer, and examples of the
// guidance.
func (b *lifeBook) marketClauses() *document.Section {
	s := b.Section("clauses", b.Say("What law, guidance and standards ask"))
	if t := b.clauseList("handling-clauses", b.Say("What is asked of the handling of vulnerabilities"), "mdcg.3.8.", "81001-5-1.9.", "62443-4-1.dm-"); t != nil {
		s.Sections = append(s.Sections, b.Section("handling-asked", b.Say("What is asked of the handling of vulnerabilities"), t))
	}
	s.Sections = append(s.Sections, b.surveillanceClauses(), b.vigilanceClauses())
	if examples := b.recordExamples(); examples != nil {
		s.Sections = append(s.Sections, b.Section("incident-examples", b.Say("Examples of incidents"), examples))
	}
	return s
}

// handlingSteps is the way of a report, with the limits that the file states.
func (b *lifeBook) handlingSteps(v *model.VulnerabilityHandling) *document.List {
	l := &document.List{Ordered: true}
	add := func(field string, spans ...document.Span) {
		l.Items = append(l.Items, bullet(b.From(v, field), spans...))
	}
	spread := func(of func(model.TimeLimit) model.Duration) string {
		var first, last model.Duration
		for _, level := range severityLevels {
			if i := limitOf(v, level); i >= 0 && !of(v.TimeLimits[i]).IsZero() {
				if d := of(v.TimeLimits[i]); first.IsZero() {
					first, last = d, d
				} else {
					last = d
				}
			}
		}
		switch {
		case first.IsZero():
			return b.Say("no limit is stated")
		case first == last:
			return b.Say("within %s", first)
		}
		return b.Say("within %s for the gravest to %s for the lightest", first, last)
	}
	add("sources", document.Bold(b.Say("Found.")), document.Span{Text: " " + b.Say("A weakness comes to notice from one of the sources above, or a finder reports it.")})
	add("time-limits", document.Bold(b.Say("Answered.")), document.Span{Text: " " + b.Say("The finder has an answer: %s.", spread(func(l model.TimeLimit) model.Duration { return l.Acknowledge }))})
	add("time-limits", document.Bold(b.Say("Assessed.")), document.Span{Text: " " + b.Say("Whether the device is exposed, and how gravely, is known: %s.", spread(func(l model.TimeLimit) model.Duration { return l.Assess }))})
	add("", document.Bold(b.Say("Judged for vigilance.")), document.Span{Text: " " + b.Say("Each weakness that bears on the device goes through the") + " "}, b.within("decision-record", b.Say("record of vigilance decisions")), document.Span{Text: "."})
	add("time-limits", document.Bold(b.Say("Fixed.")), document.Span{Text: " " + b.Say("A fix or mitigation is out: %s.", spread(func(l model.TimeLimit) model.Duration { return l.Fix }))})
	add("disclosure", document.Bold(b.Say("Told.")), document.Span{Text: " " + b.Say("Users and finders are told as the policy on") + " "}, b.within("disclosure", b.Say("disclosure and advisories")), document.Span{Text: " " + b.Say("says.")})
	if m := b.File.PostMarket; m != nil && m.Feedback != "" {
		l.Items = append(l.Items, bullet(b.From(m, "feedback"), append(document.Text{document.Bold(b.Say("Fed back.")), {Text: " "}}, document.MarkdownLine(b.Tell(m, "feedback", m.Feedback))...)...))
	}
	return l
}

// within is a link to a section of this plan.
func (b *lifeBook) within(section, text string) document.Span {
	return document.Link(text, document.Address("doc:"+postMarketName+"#"+section))
}

// clauseList is a table of clauses with what they ask and how far they are answered;
// nil where none is asked of the product.
func (b *lifeBook) clauseList(id, caption string, prefixes ...string) document.Block {
	t := &document.Table{ID: id, Caption: caption, Columns: []document.Column{
		columnOf(b.Say("Clause"), 2.4), columnOf(b.Say("What it asks"), 6), columnOf(b.Say("Status"), 1.6, document.State),
	}}
	for _, prefix := range prefixes {
		for _, r := range b.RowsOf(prefix) {
			if r.Status == check.NotApplicable {
				continue
			}
			row := document.Row{Source: ByLaw(r.Entry.ID), Cells: []document.Cell{
				document.C(b.Clause(r.Entry.ID)), document.Lines(document.Text{document.Bold(b.oneLaw(r.Entry.Title))}, document.T("%s", b.oneLaw(r.Entry.Text))), document.C(b.Status(r.Status))}}
			if r.Status != check.Satisfied {
				row.Cells[1].Lines = append(row.Cells[1].Lines, b.reasons(r)...)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if len(t.Rows) == 0 {
		return nil
	}
	return t
}

// contact says where a finder reports.
func (b *lifeBook) contact() *document.Section {
	s := b.Section("contact", b.Say("Where vulnerabilities are reported"))
	v := b.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("where a finder can report a vulnerability")))
		return s
	}
	t := &document.Table{ID: "contact", Caption: b.Say("Contact for finders"), Columns: []document.Column{columnOf(b.Say("Way"), 3), columnOf(b.Say("Address"), 7)}}
	for _, c := range []struct{ name, field, value, to string }{
		{"Mail", "email", v.Contact.Email, psirt.MailURI(v.Contact.Email)}, {"Page on disclosure", "url", v.Contact.URL, psirt.WebAddress(v.Contact.URL)},
		{"security.txt (RFC 9116)", "security-txt", v.Contact.SecurityTxt, psirt.WebAddress(v.Contact.SecurityTxt)}, {"Key for encrypted reports", "encryption", v.Contact.Encryption, ""},
	} {
		cell := b.Or(c.value)
		if c.to != "" {
			cell = document.C(document.Link(c.value, document.Address(c.to)))
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(v, "contact", c.field), Cells: []document.Cell{document.W(b.Say(c.name)), cell}})
	}
	s.Blocks = append(s.Blocks, b.Para("The file security.txt of this build holds as much of it as RFC 9116 allows. Users find it in the instructions for use."), t)
	return s
}

// timeLimits shows the manufacturer's own limits by severity.
func (b *lifeBook) timeLimits() *document.Section {
	s := b.Section("time-limits", b.Say("Time limits"),
		b.Para("The limits are the manufacturer's own: neither regulation sets a number of days for the fix of a vulnerability."))
	v := b.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("time limits for vulnerabilities")))
		return s
	}
	t := &document.Table{ID: "limits", Caption: b.Say("Limits by severity"), Columns: []document.Column{
		columnOf(b.Say("Severity"), 2), columnOf(b.Say("Answer to the finder"), 2.4), columnOf(b.Say("Exposure of the device known"), 2.6), columnOf(b.Say("Fix or mitigation out"), 2.4),
	}}
	row := func(l model.TimeLimit, source document.Source) {
		t.Rows = append(t.Rows, document.Row{Source: source, Cells: []document.Cell{
			document.C(document.Bold(l.Severity)), b.Or(l.Acknowledge.String()), b.Or(l.Assess.String()), b.Or(l.Fix.String())}})
	}
	for _, level := range severityLevels {
		if i := limitOf(v, level); i >= 0 {
			row(v.TimeLimits[i], b.From(v, "time-limits"))
		} else {
			row(model.TimeLimit{Severity: level}, b.From(v))
		}
	}
	for _, l := range v.TimeLimits {
		if !slices.Contains(severityLevels, l.Severity) {
			row(l, b.From(v, "time-limits"))
		}
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// disclosure says who is told what, and when.
func (b *lifeBook) disclosure() *document.Section {
	s := b.Section("disclosure", b.Say("Disclosure and advisories"))
	v := b.File.VulnerabilityHandling
	if v == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how vulnerabilities are disclosed")))
		return s
	}
	s.Sections = append(s.Sections,
		b.Section("coordinated-disclosure", b.Say("Coordinated disclosure"), b.Prose(v, "disclosure", v.Disclosure, b.Say("the policy of coordinated disclosure"))...),
		b.Section("advisories", b.Say("How users are told"), b.Prose(v, "advisories", v.Advisories, b.Say("how users are told of vulnerabilities"))...))
	return s
}

// vigilanceRow is a row of the deadlines of the catalogue; the zero row where it has
// none.
func (b *lifeBook) vigilanceRow(id string) catalog.VigilanceDeadline {
	for _, d := range b.Catalog.Tables.VigilanceDeadlines {
		if d.ID == id {
			return d
		}
	}
	return catalog.VigilanceDeadline{}
}
