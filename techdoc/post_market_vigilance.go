package techdoc

import (
	"fmt"
	"strings"
	"time"

	"theriac/catalog"
	"theriac/document"
	"theriac/model"
)

// ownLimits are the manufacturer's limits that answer the rows of the catalogue's
// deadlines, with their fields.
var ownLimits = map[string]struct {
	field string
	of    func(model.Vigilance) model.Duration
}{
	"vig.public-health-threat":   {"public-health-threat", func(v model.Vigilance) model.Duration { return v.PublicHealthThreat }},
	"vig.death-or-unanticipated": {"death-or-unanticipated-deterioration", func(v model.Vigilance) model.Duration { return v.Death }},
	"vig.other-serious":          {"serious-incident", func(v model.Vigilance) model.Duration { return v.SeriousIncident }},
}

// vigilance compares the manufacturer's reporting limits with those of the law.
func (b *lifeBook) vigilance() *document.Section {
	s := b.Section("vigilance", b.Say("Vigilance"), b.deadlines(), b.alsoHolds())
	m := b.File.PostMarket
	if m == nil {
		s.Blocks = append([]document.Block{b.Gap(nil, "", b.Say("how serious incidents are reported"))}, s.Blocks...)
		return s
	}
	f := b.factsOf(m)
	f.add(b.Say("Who reports"), "vigilance.owner", b.Or(m.Vigilance.Owner))
	s.Blocks = append([]document.Block{f.terms}, s.Blocks...)
	s.Sections = append(s.Sections,
		b.Section("security-criteria", b.Say("When a security event is an incident"), b.Prose(m, "vigilance.security-criteria", m.Vigilance.SecurityCriteria, b.Say("when a security event counts as an incident"))...),
		b.Section("investigation", b.Say("Investigation"), b.Prose(m, "vigilance.investigation", m.Vigilance.Investigation, b.Say("how serious incidents are investigated"))...),
		b.Section("trend", b.Say("Trends"), b.Prose(m, "trend", m.Trend, b.Say("how trends of non-serious incidents are watched"))...))
	s.Sections = append(s.Sections, b.otherClocks(), b.codes())
	return s
}

// vigilanceClauses are the clauses on vigilance with how far they are answered.
func (b *lifeBook) vigilanceClauses() *document.Section {
	return b.Section("vigilance-clauses", b.Say("What is asked of vigilance"),
		b.clauseList("vigilance-checklist", b.Say("Clauses on vigilance"), b.article(b.byRegulation("Art. 87", "Art. 82"))+".", b.article(b.byRegulation("Art. 88", "Art. 83")), b.article(b.byRegulation("Art. 89", "Art. 84"))+".", "mdcg.5.2."))
}

// deadlines is the table of legal limits against the manufacturer's own.
func (b *lifeBook) deadlines() *document.Table {
	t := &document.Table{ID: "reporting-limits", Caption: b.Say("Reporting to authorities: limits of the law and of the manufacturer"), Columns: []document.Column{
		columnOf(b.Say("Event"), 3.4), columnOf(b.Say("Clause"), 1.8), columnOf(b.Say("Law: at the latest after"), 1.8), columnOf(b.Say("Counted from"), 2.2), columnOf(b.Say("Manufacturer"), 1.7), columnOf(b.Say("Verdict"), 2, document.State),
	}}
	for _, d := range b.Catalog.Tables.VigilanceDeadlines {
		place := b.byRegulation(d.MDR, d.IVDR)
		own := ownLimits[d.ID]
		if own.of == nil || place == "" {
			continue
		}
		row := document.Row{ID: d.ID, Source: ByLaw(b.article(place)), Cells: []document.Cell{
			document.Lines(document.Text{document.Bold(b.oneLaw(d.Event))}, document.T("%s", b.oneLaw(d.Rule))), document.C(b.citeArticle(place)),
			{Lines: []document.Text{b.say("%d days", d.Days)}, Value: d.Days}, document.W(d.CountedFrom), b.Or(""), {}}}
		var limit model.Duration
		if m := b.File.PostMarket; m != nil {
			limit = own.of(m.Vigilance)
			row.Source.Entity, row.Source.Field = idOf(m), "vigilance."+own.field
			row.Cells[4] = b.Or(limit.String())
		}
		row.Cells[5] = document.C(b.limitVerdict(limit, d.Days))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// limitVerdict compares a limit of the manufacturer with that of the law, in days.
func (b *lifeBook) limitVerdict(own model.Duration, days int) document.Span {
	switch law := time.Duration(days) * 24 * time.Hour; {
	case own.IsZero():
		return document.Badge(document.Bad, b.Say("not stated"))
	case own.Span() > law:
		return document.Badge(document.Bad, b.Say("longer than the law allows"))
	case own.Span() < law:
		return document.Badge(document.Good, b.Say("shorter than the law asks"))
	}
	return document.Badge(document.Good, b.Say("as the law asks"))
}

// alsoHolds lists what the law says on reporting beside the limits in days.
func (b *lifeBook) alsoHolds() *document.List {
	l := &document.List{}
	for _, d := range b.Catalog.Tables.VigilanceDeadlines {
		if ownLimits[d.ID].of != nil {
			continue
		}
		text := document.Text{document.Bold(capitalised(b.oneLaw(d.Event)) + ": "), {Text: b.oneLaw(d.Rule)}}
		if words := unverified[d.Verified]; words != "" {
			text = append(text, document.Span{Text: " "}, document.Badge(document.Partly, b.Say(words)))
		}
		source := document.Source{}
		if place := b.byRegulation(d.MDR, d.IVDR); place != "" {
			text = append(text, document.Span{Text: " ("}, b.citeArticle(place), document.Span{Text: ")"})
			if id := b.article(place); b.Catalog.Entry(id) != nil {
				source = ByLaw(id)
			}
		}
		l.Items = append(l.Items, bullet(source, append(text, document.Span{Text: "."})...))
	}
	return l
}

// unverified says of what is not checked against the primary text how it is known.
var unverified = map[catalog.Verified]string{
	"memory": "not verified against a primary text", "secondary": "known by descriptions, not verified against the text",
}

// clockLaws are the laws of which the product says whether they apply, by the rows of
// the catalogue's clocks; those of the product's own regulation stand in the limits.
var clockLaws = []struct {
	row string
	law model.LawName
}{{"clock.gdpr", "gdpr"}, {"clock.gdpr-processor", "gdpr"}, {"clock.nis2", "nis2"}, {"clock.cra-vuln", "cra"}, {"clock.cra-inc", "cra"}}

// otherClocks lists reporting duties of other laws that the product says apply.
func (b *lifeBook) otherClocks() *document.Section {
	t := &document.Table{ID: "other-clocks", Caption: b.Say("Reporting duties beside vigilance"), Columns: []document.Column{
		columnOf(b.Say("Law"), 2), columnOf(b.Say("Applies"), 2.6, document.State), columnOf(b.Say("Trigger"), 2.4), columnOf(b.Say("Who, to whom"), 2.6), columnOf(b.Say("First"), 1.2), columnOf(b.Say("Then"), 2.2),
	}}
	product := b.File.Product
	for _, c := range clockLaws {
		clock, known := b.clock(c.row)
		if !known {
			continue
		}
		row := document.Row{Source: b.From(product, "laws"), Cells: []document.Cell{document.W(clock.Law), b.appliesCell(c.law), document.W(clock.Trigger), document.W(clock.Who + "; " + clock.To), document.W(clock.First), document.W(clock.Then)}}
		t.Rows = append(t.Rows, row)
	}
	return b.Section("other-clocks", b.Say("Duties under other law"),
		b.Para("One event can start several clocks, and a company can have several roles: a duty binds it in the role that is named. Whether a law applies is what the product states, with its reason; what binds the company beyond this device is outside this plan."), t)
}

func (b *lifeBook) clock(id string) (catalog.ReportingClock, bool) {
	for _, c := range b.Catalog.Tables.ReportingClocks {
		if c.ID == id {
			return c, true
		}
	}
	return catalog.ReportingClock{}, false
}

// lawStated is what the product says of another law; nil where it says nothing.
func (b *lifeBook) lawStated(law model.LawName) *model.Law {
	for i, l := range b.File.Product.Laws {
		if l.Law == law {
			return &b.File.Product.Laws[i]
		}
	}
	return nil
}

// appliesCell says whether another law applies, and on what basis.
func (b *lifeBook) appliesCell(law model.LawName) document.Cell {
	l := b.lawStated(law)
	if l == nil || !l.Applies.Known() {
		return b.Or("")
	}
	badge := document.Badge(document.Neutral, b.Say("no"))
	if l.Applies == model.Yes {
		badge = document.Badge(document.Partly, b.Say("yes"))
	}
	cell := document.C(badge)
	if l.Basis != "" {
		cell.Lines = append(cell.Lines, document.T("%s", l.Basis))
	}
	if law == "gdpr" && l.Why != "" { // says whether the manufacturer is controller or processor
		cell.Lines = append(cell.Lines, document.T("%s", strings.Join(strings.Fields(l.Why), " ")))
	}
	return cell
}

// codes lists the terms of the IMDRF for reports of security events.
func (b *lifeBook) codes() *document.Section {
	t := &document.Table{ID: "imdrf-codes", Caption: b.Say("IMDRF codes for security events"), Columns: []document.Column{
		columnOf(b.Say("Code"), 1.5, document.Code), columnOf(b.Say("Annex"), 1), columnOf(b.Say("Level"), 1, document.Figure), columnOf(b.Say("Term"), 4), columnOf(b.Say("Note"), 4),
	}}
	for _, c := range b.Catalog.Tables.IMDRFCodes {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.C(document.Literal(c.Code)), document.W(c.Annex), document.N(c.Level), document.W(c.Term), document.W(c.Note)}})
	}
	return b.Section("imdrf-codes", b.Say("Codes in reports"),
		b.Para("Reports name the problem of the device (annex A) and its cause (annex C) with the terms below; health effects and parts of the device have annexes of their own. The codes are revised each year: the edition of the day of the report counts."), t)
}

// fieldActions says how field safety corrective actions are done.
func (b *lifeBook) fieldActions() *document.Section {
	s := b.Section("field-actions", b.Say("Field safety corrective actions"))
	fsca := b.vigilanceRow("vig.fsca")
	place := b.byRegulation(fsca.MDR, fsca.IVDR)
	s.Blocks = append(s.Blocks, b.cited(b.article(place), "A field safety corrective action is reported %s", fsca.Rule))
	if e := b.Catalog.Entry(b.article(b.byRegulation("Art. 89(8)", "Art. 84(8)"))); e != nil {
		s.Blocks = append(s.Blocks, document.P(ByLaw(e.ID), document.Span{Text: unstopped(e.Text) + " ("}, b.Clause(e.ID), document.Span{Text: ")."}))
	}
	s.Blocks = append(s.Blocks, b.Para("A security update becomes a field safety corrective action when it prevents a serious incident or makes one less likely; that it is called a patch does not matter."))
	m := b.File.PostMarket
	if m == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("how field safety corrective actions are done")))
		return s
	}
	s.Blocks = append(s.Blocks, b.Prose(m, "field-action", m.FieldAction, b.Say("how field safety corrective actions are done"))...)
	return s
}

// decision is a question of the record of decisions.
type decision struct {
	question, meaning string
	place             string // clause of the product's regulation; "" for none
	yes               string
	limit             string // "" for none
}

// decisionRecord is a form for the decision whether an event is to be reported.
func (b *lifeBook) decisionRecord() *document.Section {
	s := b.Section("decision-record", b.Say("Record of vigilance decisions"),
		b.Para("One record for each event or weakness that bears on the device. Empty fields are filled in when it is used; the day of awareness decides on all limits."))
	if len(b.File.Cases) > 0 {
		s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: b.Say("This is the empty form. How the duties to report were answered in the cases of this device stands in the") + " "}, b.within("case-answers", b.Say("answers to the duties to report")), document.Span{Text: "."}))
	}
	s.Blocks = append(s.Blocks, b.recordHead(), b.recordQuestions(), b.recordEnd())
	return s
}

func (b *lifeBook) recordHead() *document.Table {
	p := b.File.Product
	t := &document.Table{ID: "record-head", Caption: b.Say("The event"), Columns: []document.Column{columnOf(b.Say("Field"), 4), columnOf(b.Say("Entry"), 6)}}
	add := func(name, entry string, source document.Source) {
		t.Rows = append(t.Rows, document.Row{Source: source, Cells: []document.Cell{document.W(name), document.W(entry)}})
	}
	add(b.Say("Number of the record"), "", document.Source{})
	add(b.Say("Day and hour of awareness, and by whom"), "", document.Source{})
	add(b.Say("What happened, where, and to how many devices"), "", document.Source{})
	add(b.Say("Vulnerability (CVE or own number), component, actively exploited?"), "", document.Source{})
	add(b.Say("Device"), p.Name, b.From(p, "name"))
	add(b.Say("UDI-DI"), p.UDIDI, b.From(p, "udi-di"))
	add(b.Say("Single registration number (SRN)"), p.Manufacturer.SRN, b.From(p, "manufacturer", "srn"))
	if b.Release != nil {
		add(b.Say("Releases concerned (the newest is %s)", b.Release.Version), "", b.From(b.Release))
	}
	return t
}

// recordQuestions goes from incident to reporting, with limits from the catalogue.
func (b *lifeBook) recordQuestions() *document.Table {
	t := &document.Table{ID: "record-questions", Caption: b.Say("Questions, in this order"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("No."), 0.5, document.Figure), columnOf(b.Say("Question"), 3), columnOf(b.Say("What it means"), 4), columnOf(b.Say("Clause"), 1.6), columnOf(b.Say("If yes"), 3), columnOf(b.Say("At the latest"), 1.7), columnOf(b.Say("Answer and reason"), 3),
	}}
	for i, q := range b.decisions() {
		row := document.Row{ID: fmt.Sprintf("question-%d", i+1), Cells: []document.Cell{
			document.N(i + 1), document.C(document.Bold(q.question)), document.W(q.meaning), {}, document.W(q.yes), document.W(q.limit), {}}}
		if q.place != "" {
			row.Cells[3] = document.C(b.citeArticle(q.place))
			if id := b.article(q.place); b.Catalog.Entry(id) != nil {
				row.Source = ByLaw(id)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// decisions are the questions of the record.
func (b *lifeBook) decisions() []decision {
	def := func(id string) (place, text string) {
		for _, d := range b.Catalog.Tables.Definitions {
			if d.ID == id {
				return b.byRegulation(d.MDR, d.IVDR), b.oneLaw(d.Text)
			}
		}
		return "", ""
	}
	var list []decision
	place, meaning := def("def.incident")
	list = append(list, decision{b.Say("Is it an incident?"), meaning, place, b.Say("go on; if no, the weakness is handled without vigilance, and question 8 and all after it remain"), ""})
	place, meaning = def("def.serious-incident")
	list = append(list, decision{b.Say("Did it lead, might it have led, or might it lead to death, serious deterioration of health or a serious public health threat?"), meaning, place, b.Say("it is a serious incident: go on; if no, count it for the trend (question 7)"), ""})
	for _, id := range []string{"vig.public-health-threat", "vig.death-or-unanticipated", "vig.other-serious"} {
		d := b.vigilanceRow(id)
		list = append(list, decision{b.Say("Is it: %s?", d.Event), d.Rule, b.byRegulation(d.MDR, d.IVDR), b.Say("report to the competent authority"), b.limitWords(id, d)})
	}
	doubt, trend := b.vigilanceRow("vig.doubt"), b.vigilanceRow("vig.trend")
	list = append(list, decision{b.Say("Is it uncertain whether it has to be reported?"), doubt.Rule, b.byRegulation(doubt.MDR, doubt.IVDR), b.Say("report"), b.Say("as in questions 3 to 5")},
		decision{b.byRegulation(b.Say("Does it add to an increase of non-serious incidents or of expected side-effects that is statistically significant?"),
			b.Say("Does it add to an increase of non-serious incidents or of expected erroneous results that is statistically significant?")), b.oneLaw(trend.Event) + ": " + b.oneLaw(trend.Rule), b.byRegulation(trend.MDR, trend.IVDR), b.Say("trend report"), ""})
	place, meaning = def("def.fsca")
	fsca := b.vigilanceRow("vig.fsca")
	list = append(list, decision{b.Say("Is the fix or measure a field safety corrective action?"), meaning, place, b.Say("report it %s; field safety notice to users", fsca.Rule), b.Say("before it is carried out")})
	return append(list, b.otherDecisions()...)
}

// limitWords says how many days the law leaves, and how many the manufacturer.
func (b *lifeBook) limitWords(id string, d catalog.VigilanceDeadline) string {
	words := b.Say("%d days from %s", d.Days, d.CountedFrom)
	if m := b.File.PostMarket; m != nil {
		if own := ownLimits[id].of(m.Vigilance); !own.IsZero() {
			words += b.Say("; own limit: %s", own)
		}
	}
	return words
}

// otherDecisions asks for the duties of other laws that the product says apply.
func (b *lifeBook) otherDecisions() (list []decision) {
	for _, c := range clockLaws {
		clock, known := b.clock(c.row)
		if l := b.lawStated(c.law); !known || l != nil && l.Applies == model.No {
			continue
		}
		list = append(list, decision{b.Say("Is it a %s?", clock.Trigger), clock.Law, "", b.Say("%s tells %s", clock.Who, clock.To), clock.First})
	}
	return list
}

func (b *lifeBook) recordEnd() *document.Table {
	t := &document.Table{ID: "record-end", Caption: b.Say("The decision"), Columns: []document.Column{columnOf(b.Say("Field"), 4), columnOf(b.Say("Entry"), 6)}}
	owner := ""
	source := document.Source{}
	if m := b.File.PostMarket; m != nil {
		owner, source = m.Vigilance.Owner, b.From(m, "vigilance", "owner")
	}
	for _, f := range []struct {
		name, entry string
		source      document.Source
	}{
		{b.Say("To be reported: yes or no; to whom; last day"), "", document.Source{}}, {b.Say("IMDRF codes: problem, cause, health effect"), "", document.Source{}},
		{b.Say("Threats, risks and controls of the security file that change"), "", document.Source{}}, {b.Say("Decided by"), owner, source}, {b.Say("Day and signature"), "", document.Source{}},
	} {
		t.Rows = append(t.Rows, document.Row{Source: f.source, Cells: []document.Cell{document.W(f.name), document.W(f.entry)}})
	}
	return t
}

// recordExamples are the examples of the guidance, for those who decide; nil under the
// IVDR, as they are of devices under the MDR.
func (b *lifeBook) recordExamples() document.Block {
	if b.Law() == "ivdr" {
		return nil
	}
	t := &document.Table{ID: "record-examples", Caption: b.Say("Examples of MDCG 2019-16, Annex II, for orientation"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Device"), 2.4), columnOf(b.Say("What happens to security"), 3.4), columnOf(b.Say("What happens to people"), 3.4), columnOf(b.Say("Kind"), 2.4), columnOf(b.Say("Serious"), 1),
	}}
	for _, e := range b.Catalog.Tables.IncidentExamples {
		serious := b.Say("no")
		if e.Serious {
			serious = b.Say("yes")
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(e.Device), document.W(e.SecurityHarm), document.W(e.SafetyHarm), document.W(e.Relationship), document.W(serious)}})
	}
	return t
}
