package techdoc

import (
	"slices"
	"strings"
	"time"

	"theriac/document"
	"theriac/model"
	"theriac/psirt"
)

// maxCases bounds the cases whose clocks are listed.
const maxCases = 500

// cases tells of the cases: what is due in those that are open, how the duties to report
// were answered, and how closed ones ended. What is under embargo is not told.
func (b *lifeBook) cases() *document.Section {
	s := b.Section("cases", b.Say("Cases"))
	s.Blocks = append(s.Blocks, b.livingRecord()...)
	list, kept := psirt.OpenCases(b.File), b.embargo()
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, b.Para("The security file has no open case."))
	} else {
		s.Blocks = append(s.Blocks, b.Para("Clocks run from the moment when the manufacturer became aware, and are told as of the end of %s in the time zone %s. A duty to report that nobody has answered runs as if it applied.", b.Day, psirt.Zone(b.File).String()),
			b.caseTable(list, kept), b.clockTable(list))
	}
	if len(b.File.Cases) > 0 {
		s.Sections = append(s.Sections, b.answersSection(), b.closedSection(list, kept))
	}
	return s
}

// answersSection is the record of how the duties to report were answered in each case.
func (b *lifeBook) answersSection() *document.Section {
	s := b.Section("case-answers", b.Say("Answers to the duties to report"),
		b.Para("For each case, open or closed: which duty was looked at, whether it applies, why, and who decided."))
	t := &document.Table{ID: "answer-table", Caption: b.Say("Answers to the duties to report, by case"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Case"), 2), columnOf(b.Say("Duty"), 2), columnOf(b.Say("Applies"), 1.2, document.State), columnOf(b.Say("Why"), 6), columnOf(b.Say("Decided by"), 2), columnOf(b.Say("Reported"), 2.4),
	}}
	for i, c := range b.File.Cases {
		if i == maxCases {
			t.Rows = append(t.Rows, document.Row{Cells: append([]document.Cell{document.Lines(b.more(len(b.File.Cases) - i))}, make([]document.Cell, 5)...)})
			break
		}
		t.Rows = append(t.Rows, b.answerRows(c)...)
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

func (b *lifeBook) answerRows(c *model.Case) (rows []document.Row) {
	id := document.C(b.ID(c))
	if psirt.EmbargoRuns(c, b.Day) {
		return []document.Row{{Source: b.From(c), Cells: []document.Cell{id, {}, {}, document.C(document.Badge(document.Partly, b.keptNote())), {}, {}}}}
	}
	if len(c.Reporting) == 0 {
		return []document.Row{{Source: b.From(c), Cells: []document.Cell{id, {}, document.C(document.Badge(document.Bad, b.Say("nobody has answered"))), {}, {}, {}}}}
	}
	for _, answer := range c.Reporting {
		applies := document.C(document.Badge(document.Bad, b.Say("nobody has answered")))
		switch answer.Applies {
		case model.Yes:
			applies = document.C(document.Badge(document.Partly, b.Say("yes")))
		case model.No:
			applies = document.C(document.Badge(document.Neutral, b.Say("no")))
		}
		reason := b.Or(answer.Reason)
		if b.keepsText(answer.Reason) {
			reason = document.C(document.Badge(document.Partly, b.keptNote()))
		}
		rows = append(rows, document.Row{Source: b.From(c, "reporting"), Cells: []document.Cell{id, document.W(capitalised(spaced(answer.Duty))), applies, reason, b.Or(answer.By), b.reportedCell(c, answer)}})
	}
	return rows
}

// reportedCell says when a duty was met, and to whom.
func (b *lifeBook) reportedCell(c *model.Case, answer model.Reportable) (cell document.Cell) {
	for _, step := range c.Steps {
		if step.Duty == answer.Duty {
			cell.Lines = append(cell.Lines, document.T("%s: %s", spaced(step.Step), psirt.Show(step.At.Time(), psirt.Zone(b.File))))
		}
	}
	if answer.To != "" {
		cell.Lines = append(cell.Lines, document.T("%s", b.Say("to %s", clipped(answer.To))))
	}
	if len(cell.Lines) == 0 && answer.Applies == model.Yes {
		return document.C(document.Badge(document.Bad, b.Say("no report is recorded")))
	}
	return b.orNone(cell)
}

// closedSection tells how cases that are closed ended.
func (b *lifeBook) closedSection(open []*model.Case, kept *psirt.Embargo) *document.Section {
	s := b.Section("closed-cases", b.Say("Closed cases"))
	t := &document.Table{ID: "closed-table", Caption: b.Say("Closed cases"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Case"), 3), columnOf(b.Say("Aware"), 1.6), columnOf(b.Say("Vulnerabilities"), 2.6, document.Code), columnOf(b.Say("Steps"), 3), columnOf(b.Say("Closed"), 1.6), columnOf(b.Say("How it ended"), 4),
	}}
	for _, c := range b.File.Cases {
		if slices.Contains(open, c) || len(t.Rows) >= maxCases {
			continue
		}
		zone := psirt.Zone(b.File)
		row := document.Row{ID: "closed-" + c.ID, Source: b.From(c), Cells: []document.Cell{b.caseName(c), b.Or(psirt.Show(c.Aware.Time(), zone)), {}, {}, b.Or(psirt.Show(c.Closed.Time(), zone)), {}}}
		if !psirt.EmbargoRuns(c, b.Day) {
			row.Cells[2] = b.caseVulnerabilities(c, kept)
			for _, step := range c.Steps {
				row.Cells[3].Lines = append(row.Cells[3].Lines, document.T("%s: %s", spaced(step.Step), psirt.Show(step.At.Time(), zone)))
			}
			row.Cells[3], row.Cells[5] = b.orNone(row.Cells[3]), b.Or(c.Outcome)
			if c.Outcome != "" {
				row.Cells[5] = b.proseLines(c, "outcome", c.Outcome)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	b.tableOr(s, t, "No case is closed.")
	return s
}

// caseName is the id of a case with its title, which one under embargo does not tell.
func (b *lifeBook) caseName(c *model.Case) document.Cell {
	if !psirt.EmbargoRuns(c, b.Day) {
		return document.Lines(b.titledID(c))
	}
	return document.Lines(document.Text{b.ID(c)}, document.Text{document.Badge(document.Partly, b.Say("under embargo until %s", psirt.Show(c.Embargo.Time(), psirt.Zone(b.File))))})
}

// caseVulnerabilities are the ids of a case, without those that some case keeps under
// embargo.
func (b *lifeBook) caseVulnerabilities(c *model.Case, kept *psirt.Embargo) document.Cell {
	told := slices.DeleteFunc(slices.Clone(c.Vulnerabilities), func(id string) bool { return kept.Of(id) != nil })
	cell := document.W(clippedList(told))
	if n := len(c.Vulnerabilities) - len(told); n > 0 {
		cell.Lines = append(cell.Lines, document.T("%s", b.Say("and %d under embargo", n)))
	}
	if len(c.Vulnerabilities) == 0 {
		return b.orNone(document.Cell{})
	}
	return cell
}

// clippedList joins names that come from elsewhere.
func clippedList(list []string) string {
	var out names
	for _, name := range list {
		out.add(clipped(name))
	}
	return strings.Join(out.list, ", ")
}

// dayEnd is the last second of the day of the documents where the manufacturer counts.
func (b *Book) dayEnd() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, b.Day.String(), psirt.Zone(b.File))
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).Add(-time.Second)
}

func (b *lifeBook) caseTable(list []*model.Case, kept *psirt.Embargo) *document.Table {
	t := &document.Table{ID: "case-table", Caption: b.Say("Open cases, as of %s", b.Day), Columns: []document.Column{
		columnOf(b.Say("Case"), 3), columnOf(b.Say("Came by"), 1.6), columnOf(b.Say("Aware"), 2), columnOf(b.Say("Severity"), 1.4), columnOf(b.Say("Vulnerabilities"), 2.4, document.Code), columnOf(b.Say("Decisions"), 2),
	}}
	for i, c := range list {
		if i == maxCases {
			t.Rows = append(t.Rows, document.Row{Cells: append([]document.Cell{document.Lines(b.more(len(list) - i))}, make([]document.Cell, 5)...)})
			break
		}
		decisions := slices.DeleteFunc(All(c.Decisions), func(d *model.Decision) bool { return kept.OfDecision(d) != nil })
		t.Rows = append(t.Rows, document.Row{ID: "case-" + c.ID, Source: b.From(c), Cells: []document.Cell{
			b.caseName(c), b.Or(spaced(c.Source)), b.Or(psirt.Show(c.Aware.Time(), psirt.Zone(b.File))), b.Or(c.Severity), b.caseVulnerabilities(c, kept), b.orNone(idLines(b.Book, decisions, few))}})
	}
	return t
}

// clockTable lists what is left to do in open cases, what is due next first.
func (b *lifeBook) clockTable(list []*model.Case) document.Block {
	t := &document.Table{ID: "clock-table", Caption: b.Say("What is due in open cases"), Wide: true, Columns: []document.Column{
		columnOf(b.Say("Case"), 2), columnOf(b.Say("What"), 4), columnOf(b.Say("Ground"), 2), columnOf(b.Say("Due"), 2.2), columnOf(b.Say("State"), 1.8, document.State),
	}}
	var clocks []psirt.Clock
	for _, c := range list[:min(len(list), maxCases)] {
		clocks = append(clocks, psirt.Clocks(b.File, c, b.dayEnd())...)
	}
	for _, k := range inTime(clocks) {
		ground := document.W(k.Clause)
		if k.Clause == "" {
			ground = document.W(b.Say("own limit"))
		}
		due := document.W(psirt.Show(k.Due, psirt.Zone(b.File)))
		if k.Due.IsZero() {
			due = document.W(b.Say("without delay"))
		}
		state := document.C(document.Badge(clockTones[k.State], b.Say(spaced(k.State))))
		if k.Asked {
			state.Lines = append(state.Lines, document.T("%s", b.Say("nobody has said whether it applies")))
		}
		t.Rows = append(t.Rows, document.Row{Source: b.From(k.Case), Cells: []document.Cell{document.C(b.ID(k.Case)), document.W(capitalised(k.Name)), ground, due, state}})
	}
	return withRows(t, b.Para("Nothing is left to do in them that has a time limit."))
}

// inTime are the clocks with something left to do, what is due next first; those of one
// case that fall due together, or have no day, in the order in which they are to be met.
func inTime(clocks []psirt.Clock) []psirt.Clock {
	open := slices.DeleteFunc(clocks, func(k psirt.Clock) bool { return !k.Open })
	slices.SortStableFunc(open, func(a, b psirt.Clock) int {
		switch {
		case a.Due.IsZero() != b.Due.IsZero():
			if a.Due.IsZero() {
				return 1
			}
			return -1
		case !a.Due.Equal(b.Due):
			return a.Due.Compare(b.Due)
		}
		return strings.Compare(a.Case.ID, b.Case.ID)
	})
	return open
}

var clockTones = map[psirt.State]document.Tone{
	psirt.Overdue: document.Bad, psirt.Late: document.Bad, psirt.DueSoon: document.Partly, psirt.Unanswered: document.Partly,
	psirt.Running: document.Neutral, psirt.Met: document.Good, psirt.NotApplicable: document.Neutral,
}

// casesOf are the open cases that name a decision.
func (b *Book) casesOf(d *model.Decision) []*model.Case {
	return slices.DeleteFunc(psirt.OpenCases(b.File), func(c *model.Case) bool { return !slices.Contains(All(c.Decisions), d) })
}
