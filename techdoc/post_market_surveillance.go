package techdoc

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"theriac/catalog"
	"theriac/check"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/risk"
)

// surveillance says what is watched after release, and what follows from it.
func (b *lifeBook) surveillance() *document.Section {
	s := b.Section("surveillance", b.Say("Post-market surveillance"))
	m := b.File.PostMarket
	if m == nil {
		s.Blocks = append(s.Blocks, b.Gap(nil, "", b.Say("post-market surveillance")))
	} else {
		f := b.factsOf(m)
		f.add(b.Say("Who answers for it"), "owner", b.Or(m.Owner))
		f.add(b.Say("Plan"), "plan", b.documentCell(m.Plan))
		f.add(b.Say("Report"), "report", b.documentCell(m.Report))
		f.list(b.Say("Where information comes from"), "sources", m.Sources)
		f.prose(b.Say("How findings flow back"), "feedback", m.Feedback)
		s.Blocks = append(s.Blocks, f.terms, b.indicators(m))
	}
	return s
}

// surveillanceClauses are the clauses on surveillance with how far they are answered.
func (b *lifeBook) surveillanceClauses() *document.Section {
	return b.Section("surveillance-clauses", b.Say("What is asked of surveillance"),
		b.clauseList("surveillance-checklist", b.Say("Clauses on surveillance"), b.article(b.byRegulation("Art. 83", "Art. 78")), b.article(b.byRegulation("Art. 84", "Art. 79")),
			b.article(b.byRegulation("Art. 85", "Art. 80")), b.article(b.byRegulation("Art. 86", "Art. 81")), b.Law()+".annex-iii.", "mdcg.5.i", "mdcg.5.1."))
}

func (b *lifeBook) documentCell(r model.Ref[*model.Document]) document.Cell {
	if !r.OK() {
		return b.Or("")
	}
	return document.Cell{Lines: []document.Text{b.DocumentLine(r.To)}}
}

// indicators lists the thresholds that start a reassessment of risk.
func (b *lifeBook) indicators(m *model.PostMarket) document.Block {
	t := &document.Table{ID: "indicators", Caption: b.Say("Indicators: each starts a reassessment of risk when it is reached"), Columns: []document.Column{
		columnOf(b.Say("No."), 0.6, document.Figure), columnOf(b.Say("Indicator with its threshold"), 9),
	}}
	for i, text := range m.Indicators {
		t.Rows = append(t.Rows, document.Row{Source: b.From(m, "indicators", strconv.Itoa(i)), Cells: []document.Cell{document.N(i + 1), document.W(text)}})
	}
	return withRows(t, b.Gap(m, "indicators", b.Say("from which thresholds on risk is assessed again")))
}

// reportRow is the report that the class of the product needs; false for a class that
// the regulation does not know.
func (b *lifeBook) reportRow() (catalog.PSURCycle, bool) {
	p := b.File.Product
	for _, r := range b.Catalog.Tables.PSURCycle {
		if r.Regulation == string(p.Regulation) && slices.Contains(r.Classes, string(p.Class)) {
			return r, true
		}
	}
	return catalog.PSURCycle{}, false
}

// psur is the security part of the periodic report: what the class needs, the figures
// that follow from the security file, and those that come from the field.
func (b *lifeBook) psur() *document.Section {
	s := b.Section("psur", b.Say("Periodic report: security"))
	s.Blocks = append(s.Blocks, b.livingRecord()...)
	s.Blocks = append(s.Blocks,
		b.Para("This is the security part of the report on post-market surveillance. What follows from the security file is filled in as of %s; what only the field can tell is left empty, to be filled in for the period.", b.Day),
		b.reportTerms(), b.periodTable(), b.standingTable(), b.dueTable(), b.fieldTable())
	return s
}

// reportTerms says which report the class needs, how often, and for whom.
func (b *lifeBook) reportTerms() document.Block {
	row, ok := b.reportRow()
	if !ok {
		return b.Gap(b.File.Product, "class", b.Say("a risk class that the regulation knows"))
	}
	t := &document.Table{ID: "report-cycle", Caption: b.Say("The report that the class needs"), Columns: []document.Column{
		columnOf(b.Say("What"), 2.4), columnOf(b.Say("Law"), 4), columnOf(b.Say("Manufacturer"), 2.6), columnOf(b.Say("Verdict"), 2.2, document.State),
	}}
	source := document.Source{}
	if article := b.article(wholeArticle(row.Clause)); b.Catalog.Entry(article) != nil {
		source = ByLaw(article)
	}
	m := b.File.PostMarket
	kind, cycle := b.Or(""), b.Or("")
	kindVerdict, cycleVerdict := document.Badge(document.Bad, b.Say("not stated")), document.Badge(document.Bad, b.Say("not stated"))
	if m != nil && m.Report.OK() {
		kind = document.Cell{Lines: []document.Text{b.DocumentLine(m.Report.To)}}
		kindVerdict = document.Badge(document.Good, b.Say("as the law asks"))
		if string(m.Report.To.Type) != row.Document {
			kindVerdict = document.Badge(document.Bad, b.Say("another document"))
		}
		source.Entity = idOf(m)
	}
	if m != nil && !m.Cycle.IsZero() {
		cycle, cycleVerdict = document.W(b.every(m.Cycle)), b.cycleVerdict(m.Cycle, row.Months)
	} else if row.Months == 0 {
		cycleVerdict = document.Badge(document.Neutral, b.Say("no limit in the law"))
	}
	t.Rows = []document.Row{
		{Source: source, Cells: []document.Cell{document.W(b.Say("Document")), document.Lines(document.Text{{Text: reportNames[row.Document] + " ("}, b.citeArticle(row.Clause), {Text: ")"}}), kind, document.C(kindVerdict)}},
		{Source: source, Cells: []document.Cell{document.W(b.Say("Update")), document.W(row.Update), cycle, document.C(cycleVerdict)}},
		{Source: source, Cells: []document.Cell{document.W(b.Say("For whom")), document.W(b.reportTo(row)), {}, {}}},
	}
	return t
}

// ifImplantable is what the catalogue says of implantable devices alone.
const ifImplantable = "; via electronic system if implantable"

// reportTo says for whom the report is, without what holds for implantable devices
// where the product is none.
func (b *lifeBook) reportTo(row catalog.PSURCycle) string {
	text, implantable := strings.CutSuffix(row.To, ifImplantable)
	switch {
	case !implantable || b.File.Product.Facts.Implantable == model.No:
		return text
	case b.File.Product.Facts.Implantable == model.Yes:
		return text + b.Say("; via electronic system, as the device is implantable")
	}
	return row.To
}

// wholeArticle leaves out the paragraph: "Art. 86(2)" is "Art. 86".
func wholeArticle(place string) string {
	article, _, _ := strings.Cut(place, "(")
	return article
}

var reportNames = map[string]string{"pms-report": "post-market surveillance report", "psur": "periodic safety update report"}

// cycleVerdict compares a cycle with the longest that the law allows, in months; 0 for
// none.
func (b *lifeBook) cycleVerdict(own model.Duration, months int) document.Span {
	if months == 0 {
		return document.Badge(document.Neutral, b.Say("no limit in the law"))
	}
	// Compared on the calendar, where 12 months are a year.
	if law := b.Day.Add(model.MustDuration(fmt.Sprintf("%d months", months))); law.Before(b.Day.Add(own)) {
		return document.Badge(document.Bad, b.Say("longer than the law allows"))
	}
	return document.Badge(document.Good, b.Say("within the law"))
}

// period is how long a report looks back: the cycle of the file, or a year.
func (b *lifeBook) period() model.Duration {
	if m := b.File.PostMarket; m != nil && !m.Cycle.IsZero() {
		return m.Cycle
	}
	return model.MustDuration("1 year")
}

// inPeriod reports whether a day lies in the period that ends on the day of judgement.
func (b *lifeBook) inPeriod(d model.Date) bool {
	return !d.IsZero() && !b.Day.Before(d) && b.Day.Before(d.Add(b.period()))
}

// periodTable is what happened in the period, as far as the security file tells.
func (b *lifeBook) periodTable() *document.Table {
	var releases, accepted []model.Entity
	for _, r := range b.File.Releases {
		if b.inPeriod(r.Date) {
			releases = append(releases, r)
		}
	}
	for _, r := range b.File.Risks {
		if b.inPeriod(r.Acceptance.Date) {
			accepted = append(accepted, r)
		}
	}
	kinds := map[model.EvidenceKind]int{}
	for _, p := range b.pieces {
		if b.inPeriod(check.Day(p.Statement.Finished)) {
			kinds[p.Statement.Kind]++
		}
	}
	reviewed := 0
	for _, pr := range b.File.Processes {
		if b.inPeriod(pr.Reviewed) {
			reviewed++
		}
	}
	t := &document.Table{ID: "period-figures", Caption: b.Say("In the %s up to %s", b.period(), b.Day), Columns: []document.Column{
		columnOf(b.Say("What"), 6), columnOf(b.Say("Figure"), 1.4, document.Figure), columnOf(b.Say("Which"), 3.4),
	}}
	add := func(name string, n int, which document.Cell) {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(name), document.N(n), which}})
	}
	add(b.Say("Releases dated in the period"), len(releases), b.fewIDs(releases))
	add(b.Say("Residual risks accepted, or accepted again"), len(accepted), b.fewIDs(accepted))
	add(b.Say("Practices reviewed"), reviewed, document.Cell{})
	for _, k := range sortedKeys(kinds) {
		add(b.Say("Pieces of evidence that count: %s", spaced(k)), kinds[k], document.Cell{})
	}
	return t
}

// standingTable is how security stands on the day of judgement.
func (b *lifeBook) standingTable() *document.Table {
	t := &document.Table{ID: "standing-figures", Caption: b.Say("Security of the device on %s", b.Day), Columns: []document.Column{
		columnOf(b.Say("What"), 6), columnOf(b.Say("Figure"), 1.6, document.Figure), columnOf(b.Say("State"), 1.6, document.State), columnOf(b.Say("Which"), 3),
	}}
	row := func(name string, n int, state document.Cell, which document.Cell) {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.W(name), document.N(n), state, which}})
	}
	row(b.Say("Security risks"), len(b.risks.Risks), document.Cell{}, document.Cell{})
	above := b.risks.AbovePolicy()
	row(b.Say("of these above the policy after measures"), len(above), document.Cell{}, b.fewIDs(risksOf(above)))
	row(b.Say("of these above the policy without an acceptance in force"), len(b.unaccepted()), b.zeroBadge(len(b.unaccepted())), b.fewIDs(b.unaccepted()))
	if open, affected, known := b.knownVulnerabilities(); known {
		row(b.Say("Known vulnerabilities of the release that nobody decided about"), open, b.zeroBadge(open), document.Cell{})
		state := b.zeroBadge(affected)
		if affected > 0 {
			state = document.C(document.Badge(document.Partly, b.Say("affected")))
		}
		row(b.Say("Known vulnerabilities by which the release is affected"), affected, state, document.Cell{Lines: []document.Text{{At(sbomName, triageSection)}}})
	}
	shown := []model.Practice{"verification-and-validation", "management-of-security-issues", "update-management"}
	for _, m := range b.measures() {
		if slices.Contains(shown, m.practice) {
			t.Rows = append(t.Rows, document.Row{Source: m.source, Cells: []document.Cell{document.W(m.name), {Lines: []document.Text{document.T("%s", m.figure)}, Value: m.value}, b.stateBadge(m), b.fewIDs(m.which)}})
		}
	}
	return t
}

func (b *lifeBook) zeroBadge(n int) document.Cell {
	if n == 0 {
		return document.C(document.Badge(document.Good, b.Say("none")))
	}
	return document.C(document.Badge(document.Bad, b.Say("open")))
}

func risksOf(list []*risk.Assessed) (out []model.Entity) {
	for _, a := range list {
		out = append(out, a.Risk)
	}
	return out
}

// unaccepted are the risks above the policy that nobody accepts today: without a
// reason, or with one that has run out.
func (b *lifeBook) unaccepted() (list []model.Entity) {
	for _, a := range b.risks.AbovePolicy() {
		if !evidence.Accepted(a.Risk, b.Day) {
			list = append(list, a.Risk)
		}
	}
	return list
}

// dueTable lists what falls due before the next report.
func (b *lifeBook) dueTable() document.Block {
	t := &document.Table{ID: "due", Caption: b.Say("What falls due before the next report"), Columns: []document.Column{
		columnOf(b.Say("Day"), 1.6, document.Date), columnOf(b.Say("What"), 5), columnOf(b.Say("Which"), 4, document.Code), columnOf(b.Say("State"), 1.3, document.State),
	}}
	end := b.Day.Add(b.period())
	for _, d := range b.dues() {
		if d.day.Before(end) {
			t.Rows = append(t.Rows, document.Row{Source: d.source, Cells: []document.Cell{document.On(d.day.String()), document.W(b.dueText(d)), b.fewIDs(d.of), b.dueBadge(d)}})
		}
	}
	return withRows(t, b.Para("Nothing in the security file falls due before the next report."))
}

func (b *lifeBook) dueBadge(d due) document.Cell {
	if d.day.Before(b.Day) {
		return document.C(document.Badge(document.Bad, b.Say("passed")))
	}
	return document.Cell{}
}

// fieldTable is what only the field can tell, to be filled in where the file does not say it.
func (b *lifeBook) fieldTable() *document.Table {
	t := &document.Table{ID: "field-figures", Caption: b.Say("From the field in the period: what cases and findings tell is filled in"), Columns: []document.Column{
		columnOf(b.Say("What"), 6), columnOf(b.Say("Figure"), 4), columnOf(b.Say("Conclusion"), 3),
	}}
	add := func(source document.Source, name string) {
		t.Rows = append(t.Rows, document.Row{Source: source, Cells: []document.Cell{document.W(name), {}, {}}})
	}
	figures := b.periodFigures()
	for _, name := range []string{
		"Devices sold, in use, and users; frequency of use where it can be had", figureIncidents,
		b.byRegulation("Non-serious incidents, expected side-effects and complaints with a security cause", "Non-serious incidents, expected erroneous results and complaints with a security cause"),
		figureActions, figureReceived, figureBearing, figureLate,
	} {
		add(document.Source{}, b.Say(name))
		if lines := figures[name]; len(lines) > 0 {
			t.Rows[len(t.Rows)-1].Cells[1] = document.Cell{Lines: lines}
		}
	}
	t.Rows = append(t.Rows, b.supportedShare())
	if m := b.File.PostMarket; m != nil {
		for i, text := range m.Indicators {
			add(b.From(m, "indicators", strconv.Itoa(i)), b.Say("Indicator %d: %s", i+1, text))
		}
	}
	add(document.Source{}, b.Say("Conclusion on benefit and risk, as far as security bears on it"))
	return t
}
