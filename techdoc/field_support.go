package techdoc

import (
	"slices"
	"strings"

	"theriac/document"
	"theriac/model"
	"theriac/triage"
)

// names is a list of names, each once.
type names struct {
	list []string
	seen map[string]bool
}

func (n *names) add(name string) {
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	if !n.seen[name] {
		n.seen[name], n.list = true, append(n.list, name)
	}
}

func (n *names) cell() document.Cell { return document.W(clipped(strings.Join(n.list, ", "))) }

// counted are the first few names as a cell, and how many more there are.
func (r *fieldReport) counted(n *names) document.Cell {
	c := literals(n.list[:min(len(n.list), few)])
	if more := len(n.list) - few; more > 0 {
		c.Lines = append(c.Lines, r.more(more))
	}
	return r.orNone(c)
}

// unwatchedSection says, by reason, which components of the releases no source of
// advisories knows, and which of them nobody watches by hand.
func (r *fieldReport) unwatchedSection() *document.Section {
	type blind struct{ all, nobody, releases names }
	by := map[string]*blind{}
	for _, s := range r.scansInUse() {
		for _, u := range s.Unmonitored {
			one := by[u.Reason]
			if one == nil {
				one = &blind{}
				by[u.Reason] = one
			}
			one.all.add(u.Component.String())
			one.releases.add(s.Release)
			if !slices.ContainsFunc(triage.ComponentsOf(r.File, u.Component), func(c *model.Component) bool { return c.Owner != "" }) {
				one.nobody.add(u.Component.String())
			}
		}
	}
	s := r.Section("field-unmonitored", r.Say("Components that no source of advisories knows"),
		r.Para("That nothing was found in these components means nothing: somebody has to watch what their makers publish."))
	t := &document.Table{ID: "field-unmonitored-table", Caption: r.Say("Components without advisories, by reason"), Columns: []document.Column{
		columnOf(r.Say("Why"), 4), columnOf(r.Say("Components"), 1.6, document.Figure), columnOf(r.Say("Of these nobody watches by hand"), 3.4, document.Code), columnOf(r.Say("Releases"), 2),
	}}
	for _, why := range sortedKeys(by) {
		one := by[why]
		t.Rows = append(t.Rows, document.Row{Source: document.Source{Path: triage.RecordFile, Line: 1}, Cells: []document.Cell{
			document.W(clipped(why)), document.N(len(one.all.list)), r.counted(&one.nobody), one.releases.cell()}})
	}
	if len(t.Rows) == 0 {
		s.Blocks = []document.Block{r.Para("Each component of the releases in the field is known to a source of advisories.")}
		return s
	}
	s.Blocks = append(s.Blocks, t)
	return s
}

// cyclesSection lists the ends of support of components as the data on them have it.
func (r *fieldReport) cyclesSection() *document.Section {
	type cycle struct {
		triage.Support
		components, releases names
	}
	by := map[string]*cycle{}
	for _, scan := range r.scansInUse() {
		for _, u := range scan.Support {
			sure := "" // by package URL or CPE name
			if u.By == "name" {
				sure = u.By
			}
			key := strings.Join([]string{strings.TrimPrefix(u.End, triage.Ended), u.Product, u.Cycle, sure}, "\x00") // ended on no known day: first
			one := by[key]
			if one == nil {
				one = &cycle{Support: u}
				by[key] = one
			}
			one.components.add(u.Component.String())
			one.releases.add(scan.Release)
		}
	}
	s := r.Section("field-support", r.Say("Ends of support of components, by the data"))
	t := &document.Table{ID: "field-support-table", Caption: r.Say("Release cycles of components, the first to end first"), Columns: []document.Column{
		columnOf(r.Say("Product and cycle"), 2.6), columnOf(r.Say("Supported until"), 1.7, document.Date), columnOf(r.Say("State"), 2.2, document.State), columnOf(r.Say("Components"), 3.6, document.Code), columnOf(r.Say("Releases"), 1.6),
	}}
	for _, key := range sortedKeys(by) {
		one := by[key]
		name := document.W(clipped(one.Product + " " + one.Cycle))
		if one.By == "name" {
			name.Lines = append(name.Lines, document.Text{{Text: r.Say("by its name alone"), Style: document.Faint}})
		}
		end := document.On(one.End)
		if one.End == triage.Ended {
			end = document.W(r.Say("a day that is not known"))
		}
		t.Rows = append(t.Rows, document.Row{Source: document.Source{Path: triage.RecordFile, Line: 1}, Cells: []document.Cell{
			name, end, document.C(r.cycleBadge(one.End)), r.counted(&one.components), one.releases.cell()}})
	}
	r.tableOr(s, t, "The comparison recorded no end of support of a component.")
	s.Blocks = append(s.Blocks, document.P(document.Source{}, document.Span{Text: r.Say("What is stated of components by hand stands under") + " "}, r.within("end-of-support", r.Say("end of support")), document.Span{Text: "."}))
	return s
}

// cycleBadge says how long a release cycle is supported yet.
func (r *fieldReport) cycleBadge(end string) document.Span {
	day, err := model.ParseDate(end)
	switch {
	case err != nil || day.Before(r.Day):
		return document.Badge(document.Bad, r.Say("ended"))
	case day.Before(r.Day.Add(soupSoon)):
		return document.Badge(document.Partly, r.Say("ends within %s", soupSoon))
	case !r.promised().IsZero() && day.Before(r.promised()):
		return document.Badge(document.Partly, r.Say("to be replaced within the support period"))
	}
	return document.Badge(document.Good, r.Say("supported"))
}
