package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"theriac/model"
	"theriac/report"
	"theriac/triage"
	"theriac/vuln/match"
	"theriac/vuln/portfolio"
)

// sinceShown is what --since named; of a file the name alone.
func sinceShown(since string) string {
	since = strings.ReplaceAll(since, "\\", "/")
	return since[strings.LastIndexByte(since, '/')+1:]
}

// text prints what the run could not see, then what changed or waits, the releases, and
// how old the data are.
func (w *portfolioRun) text(out io.Writer, show screen) error {
	p := newPage(show)
	w.unseen(p)
	if w.compared {
		w.changed(p)
	} else {
		w.waits(p)
	}
	w.releases(p)
	w.unsupported(p)
	p.line("")
	for _, a := range w.ages {
		p.text(0, fmt.Sprintf("data: %s %s %s", a.Name, report.Clean(a.What), a.words()))
	}
	verb := map[match.Status]string{match.Complete: "is complete", match.WithGaps: "has gaps", match.Failed: "failed"}[w.Status]
	if n := failedBills(w.state.Bills); n > 0 && n < len(w.state.Bills) {
		verb += fmt.Sprintf(", and failed for %d of them", n)
	}
	p.line(fmt.Sprintf("On %s the watch over %s %s.", w.day, amount(len(w.state.Bills), "bill"), verb))
	return p.show(show, out)
}

// table writes rows of cells below each other.
func (p *page) table(rows [][]string) {
	t := tabwriter.NewWriter(p, 0, 0, 2, ' ', 0)
	for _, cells := range rows {
		row(t, cells...)
	}
	_ = t.Flush() // into memory
}

// waits lists the findings that wait somewhere for a decision, most urgent first.
func (w *portfolioRun) waits(p *page) {
	var list []*portfolio.Finding
	for i := range w.state.Findings {
		if w.state.Findings[i].Waits() {
			list = append(list, &w.state.Findings[i])
		}
	}
	if len(list) == 0 {
		p.line("No finding waits for a decision.")
		return
	}
	slices.SortStableFunc(list, func(a, b *portfolio.Finding) int {
		return cmp.Or(boolInt(b.KEV)-boolInt(a.KEV), slices.Index(match.Gravities, severityWord(a.Severity))-slices.Index(match.Gravities, severityWord(b.Severity)))
	})
	rows := [][]string{{"SEVERITY", "ID", "COMPONENT", "STATE", "EXPLOITED", "WHERE"}}
	for _, f := range list {
		for _, at := range f.Where {
			if at.Waits() {
				rows = append(rows, []string{
					severityWord(f.Severity), cutText(f.ID, 40), cutText(componentShown(f), 48), stateShown(f, &at), exploitedShown(f), w.namesShown(at.Bills),
				})
			}
		}
	}
	p.table(rows)
}

func componentShown(f *portfolio.Finding) string {
	return strings.TrimSpace(f.Component.Name + " " + f.Component.Version)
}

func stateShown(f *portfolio.Finding, at *portfolio.Where) string {
	state := map[triage.Status]string{triage.Open: "open", triage.Reopened: "open again: " + at.Decision}[at.Status]
	if f.Unsure {
		state += ", unsure"
	}
	return state
}

func exploitedShown(f *portfolio.Finding) string {
	text := ""
	if f.KEV {
		text = "yes "
	}
	if e := probabilityOf(f.EPSS); e != nil {
		text += fmt.Sprintf("EPSS %.1f %%", *e*100)
	}
	return strings.TrimSpace(text)
}

func (w *portfolioRun) namesShown(numbers portfolio.Numbers) string {
	var names []string
	for n := range numbers.All() {
		names = append(names, w.state.Bills[n].Name())
	}
	return shownNames(names)
}

// shownNames are the first names of a list, and how many more there are.
func shownNames(names []string) string { return shownSome(names, len(names)) }

// shownSome are the first names of a list of which there are as many as all.
func shownSome(names []string, all int) string {
	const most = 4
	text := report.Clean(strings.Join(names[:min(len(names), most)], ", "))
	if more := all - min(len(names), most); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// changed lists what changed since the earlier run, most pressing first.
func (w *portfolioRun) changed(p *page) {
	p.title("Since %s", report.Clean(sinceShown(w.since)))
	if len(w.changes)+len(w.fresh) == 0 {
		p.line("Nothing changed.")
		return
	}
	rows := [][]string{{"CHANGE", "ID", "COMPONENT", "", "WHERE"}}
	for _, c := range w.changes {
		id, component := "", ""
		if c.Finding != nil {
			id, component = cutText(c.Finding.ID, 40), cutText(componentShown(c.Finding), 48)
		}
		what := cutText(c.Is, 40)
		if c.Was != "" {
			what = cutText(c.Was+" → "+c.Is, 48)
		}
		rows = append(rows, []string{string(c.Kind), id, component, what, shownNames(c.Products)})
	}
	for _, f := range w.fresh {
		rows = append(rows, []string{string(portfolio.NewFinding), cutText(f.ID, 40), cutText(componentShown(f), 48), f.First, shownNames(w.names(f))})
	}
	p.table(rows)
}

// standings counts the findings of a bill by how they stand.
type standings struct{ waiting, investigated, affected, decided int }

// standings are those of each bill. What is affected is decided as well.
func (w *portfolioRun) standings() []standings {
	all := make([]standings, len(w.state.Bills))
	for i := range w.state.Findings {
		for _, at := range w.state.Findings[i].Where {
			for n := range at.Bills.All() {
				all[n].waiting += boolInt(at.Waits())
				all[n].affected += boolInt(at.Affected())
				all[n].investigated += boolInt(at.Status == triage.UnderInvestigation)
				all[n].decided += boolInt(!at.Waits() && at.Status != triage.UnderInvestigation)
			}
		}
	}
	return all
}

// releases lists the bills with how many findings stand how.
func (w *portfolioRun) releases(p *page) {
	stand := w.standings()
	p.line("")
	rows := [][]string{{"PRODUCT", "RELEASE", "IN THE FIELD", "COMPONENTS", "WAITING", "UNDER INVESTIGATION", "DECIDED", "AFFECTED", "NOT WATCHED", "WATCH"}}
	for i, b := range w.state.Bills {
		watch := b.Status
		if b.Problem != "" {
			watch += ": " + cutText(b.Problem, 80)
		}
		rows = append(rows, []string{
			cutText(b.Product, 48), cutText(b.Release, 24), fieldShown(b.Field), fmt.Sprint(b.Components), fmt.Sprint(stand[i].waiting), fmt.Sprint(stand[i].investigated),
			fmt.Sprint(stand[i].decided), fmt.Sprint(stand[i].affected), fmt.Sprint(b.Unmonitored), watch,
		})
	}
	p.table(rows)
	for _, l := range w.state.LeftOut {
		p.text(0, report.Clean("left out: "+strings.TrimSpace(l.Product+" "+l.Release)+", "+l.Reason))
	}
}

// fieldShown says how a release stands in the field.
func fieldShown(f *portfolio.Field) string {
	if f == nil {
		return ""
	}
	text := ""
	switch model.FieldState(f.State) {
	case model.Withdrawn:
		return "withdrawn"
	case model.Unsupported:
		text = "support ended " + f.Until
	case model.Superseded:
		text = "superseded"
	default:
		text = "since " + f.Since
	}
	if f.Units > 0 {
		text += ", " + amount(f.Units, "device")
	}
	return text
}

// unsupported lists the release cycles of components of which support ended or ends soon.
func (w *portfolioRun) unsupported(p *page) {
	told := false
	for i := range w.state.Support {
		s := &w.state.Support[i]
		over, soon := w.ending(s)
		if !over && !soon {
			continue
		}
		if !told {
			p.heading("Support of components has ended or ends soon")
			told = true
		}
		var names []string
		for _, c := range s.Components {
			names = append(names, strings.TrimSpace(c.Name+" "+c.Version))
		}
		p.text(2, report.Clean(supportWords(matchSupport(s), over))+": "+shownSome(names, s.Count)+" ("+w.namesShown(s.Bills)+")")
	}
}

// ending reports whether support ended before the day of the run, or ends soon.
func (w *portfolioRun) ending(s *portfolio.Support) (over, soon bool) {
	return w.scanned.ending(matchSupport(s))
}

// matchSupport is a cycle of a portfolio in the form that scans have.
func matchSupport(s *portfolio.Support) *match.Support {
	one := &match.Support{Product: s.Product, Title: s.Title, Cycle: s.Cycle, End: s.End, Latest: s.Latest, By: match.Confidence(s.By)}
	if s.End == triage.Ended {
		one.End, one.Ended = "", true
	}
	return one
}

// unseen lists what limits all that follows: gaps, and what nobody watches.
func (w *portfolioRun) unseen(p *page) {
	for _, g := range w.Gaps {
		p.text(0, "gap: "+report.Clean(g))
	}
	w.blind(p)
	if len(w.Gaps)+len(w.state.Unmonitored) > 0 {
		p.line("")
	}
}

// blind counts, by reason, the components that nobody watches.
func (w *portfolioRun) blind(p *page) {
	if len(w.state.Unmonitored) == 0 {
		return
	}
	p.line("Nobody watches " + amount(len(w.state.Unmonitored), "component") + ":")
	by := map[string][]string{}
	var reasons []string
	for _, u := range w.state.Unmonitored {
		if by[u.Reason] == nil {
			reasons = append(reasons, u.Reason)
		}
		by[u.Reason] = append(by[u.Reason], strings.TrimSpace(u.Component.Name+" "+u.Component.Version))
	}
	slices.SortStableFunc(reasons, func(a, b string) int { return len(by[b]) - len(by[a]) })
	for _, r := range reasons {
		p.text(2, report.Clean(r)+": "+shownNames(by[r]))
	}
}

// dataDay is the day of a state as a person reads it; "unknown" where it states none.
func dataDay(day string) string {
	if d, err := time.Parse(time.DateOnly, day); err == nil {
		return model.DateOf(d).String()
	}
	return "unknown"
}
