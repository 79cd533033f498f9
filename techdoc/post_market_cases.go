package techdoc

import (
	"slices"
	"time"

	"theriac/document"
	"theriac/model"
	"theriac/psirt"
)

// maxCases bounds the cases whose clocks are listed.
const maxCases = 500

// openCases lists the cases that are not closed, with what is due in each.
func (b *lifeBook) openCases() *document.Section {
	s := b.Section("cases", b.Say("Open cases"))
	list := psirt.OpenCases(b.File)
	if len(list) == 0 {
		s.Blocks = append(s.Blocks, b.Para("The security file has no open case."))
		return s
	}
	s.Blocks = append(s.Blocks, b.Para("Clocks run from the moment when the manufacturer became aware, and are told as of the end of %s in the time zone %s. A duty to report that nobody has answered runs as if it applied.", b.Day, psirt.Zone(b.File).String()),
		b.caseTable(list), b.clockTable(list))
	return s
}

// dayEnd is the last second of the day of the documents where the manufacturer counts.
func (b *Book) dayEnd() time.Time {
	day, err := time.ParseInLocation(time.DateOnly, b.Day.String(), psirt.Zone(b.File))
	if err != nil {
		return time.Time{}
	}
	return day.AddDate(0, 0, 1).Add(-time.Second)
}

func (b *lifeBook) caseTable(list []*model.Case) *document.Table {
	t := &document.Table{ID: "case-table", Caption: b.Say("Open cases, as of %s", b.Day), Columns: []document.Column{
		columnOf(b.Say("Case"), 3), columnOf(b.Say("Came by"), 1.6), columnOf(b.Say("Aware"), 2), columnOf(b.Say("Severity"), 1.4), columnOf(b.Say("Vulnerabilities"), 2.4, document.Code), columnOf(b.Say("Decisions"), 2),
	}}
	for i, c := range list {
		if i == maxCases {
			t.Rows = append(t.Rows, document.Row{Cells: append([]document.Cell{document.Lines(b.more(len(list) - i))}, make([]document.Cell, 5)...)})
			break
		}
		title := document.Lines(b.titledID(c))
		if secretOn(c, b.Day) {
			title.Lines = append(title.Lines, document.Text{document.Badge(document.Partly, b.Say("under embargo until %s", psirt.Show(c.Embargo.Time(), psirt.Zone(b.File))))})
		}
		t.Rows = append(t.Rows, document.Row{ID: "case-" + c.ID, Source: b.From(c), Cells: []document.Cell{
			title, b.Or(spaced(c.Source)), b.Or(psirt.Show(c.Aware.Time(), psirt.Zone(b.File))), b.Or(c.Severity), b.orNone(literals(c.Vulnerabilities)), b.orNone(idLines(b.Book, All(c.Decisions), few))}})
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
	for _, k := range psirt.Agenda(clocks) {
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

var clockTones = map[psirt.State]document.Tone{
	psirt.Overdue: document.Bad, psirt.Late: document.Bad, psirt.DueSoon: document.Partly, psirt.Unanswered: document.Partly,
	psirt.Running: document.Neutral, psirt.Met: document.Good, psirt.NotApplicable: document.Neutral,
}

// secretOn tells whether a case is under embargo on a day, the last one included.
func secretOn(c *model.Case, day model.Date) bool {
	return !c.Embargo.IsZero() && !model.DateOf(c.Embargo.Time()).Before(day)
}

// casesOf are the open cases that name a decision.
func (b *Book) casesOf(d *model.Decision) []*model.Case {
	return slices.DeleteFunc(psirt.OpenCases(b.File), func(c *model.Case) bool { return !slices.Contains(All(c.Decisions), d) })
}
