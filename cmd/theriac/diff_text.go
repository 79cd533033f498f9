package main

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/change"
	"theriac/model"
)

// What fits on a page without --all.
const (
	mostItems   = 8
	mostDetails = 5
	mostReasons = 4
	mostBecause = 3
	mostAgain   = 6
)

func (d *difference) text(p *page) {
	p.title("%s", d.product)
	p.text(2, fmt.Sprintf("%s → %s", d.before, d.after))
	for _, n := range d.notes {
		p.item(2, "note: ", n)
	}
	if d.Empty() {
		p.text(2, "no semantic change")
		return
	}
	p.text(2, strings.Join(d.Summary(), "; "))
	d.meaning(p)
	for _, s := range change.Sections() {
		d.section(p, s)
	}
	p.line("")
	p.text(0, "! weaker, more exposed or unanswered; + stronger or less exposed; · other")
	if !d.all {
		p.text(0, "`--all` shows everything in full, with the questions of the criteria and the fields old and new.")
	} else {
		d.fields(p)
	}
}

// meaning proposes what the difference may mean for others.
func (d *difference) meaning(p *page) {
	s := d.Significance
	p.heading("What it may mean: help for a decision, no verdict")
	if len(s.Security) == 0 {
		p.item(2, "security: ", "nothing speaks for relevance")
	} else {
		p.item(2, "security: ", "relevant, because of "+reasonsText(s.Security, d.most(mostReasons)))
	}
	if s.Body != "" {
		p.item(2, "notified body: ", s.Body)
	} else if d.mayBeSignificant() {
		p.item(2, "notified body: ", "may be significant: ask your notified body")
	}
	for _, q := range s.Questions {
		head := q.Title
		if q.Against == model.Yes {
			head += " (speaks against significance)"
		}
		p.item(4, "", fmt.Sprintf("%s, %s: %s", head, q.Basis, reasonsText(q.Reasons, d.most(mostReasons))))
		if d.all {
			p.text(8, fmt.Sprintf("%s (Asked where %s; source: %s.)", q.Asks, q.Applies, q.Verified))
		}
	}
}

// mayBeSignificant reports whether a criterion that concerns the notified body
// speaks for asking it.
func (d *difference) mayBeSignificant() bool {
	for _, q := range d.Significance.Questions {
		if q.Against != model.Yes && q.Own != model.Yes {
			return true
		}
	}
	return false
}

// most is a limit that --all lifts.
func (d *difference) most(n int) int {
	if d.all {
		return 1 << 30
	}
	return n
}

func reasonsText(reasons []change.Reason, most int) string {
	var names []string
	for _, r := range reasons[:min(len(reasons), most)] {
		names = append(names, r.ID)
	}
	text := strings.Join(names, ", ")
	if more := len(reasons) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

var gradeMarks = map[change.Grade]string{change.Worse: "! ", change.Neutral: "· ", change.Better: "+ "}

func (d *difference) section(p *page, s model.Value) {
	items := d.In(change.Section(s.Name))
	if len(items) == 0 {
		return
	}
	p.heading(fmt.Sprintf("%s (%d)", s.Doc, len(items)))
	if len(items[0].Because) > 0 && !d.all {
		d.groups(p, items)
		return
	}
	most := d.most(mostItems)
	for _, i := range items[:min(len(items), most)] {
		d.item(p, i)
	}
	if more := len(items) - most; more > 0 {
		p.text(4, fmt.Sprintf("and %d more", more))
	}
}

// groups lists what is to be done again, by what makes it so.
func (d *difference) groups(p *page, items []change.Item) {
	var order []string
	byReason := map[string][]string{}
	for _, i := range items {
		why := because(i, mostBecause)
		if byReason[why] == nil {
			order = append(order, why)
		}
		byReason[why] = append(byReason[why], fmt.Sprintf("%s (%s)", i.ID, i.Text))
	}
	for n, why := range order {
		if n == mostItems {
			p.text(4, fmt.Sprintf("and %d more for other reasons", len(order)-n))
			return
		}
		list := byReason[why]
		text := strings.Join(list[:min(len(list), mostAgain)], ", ")
		if more := len(list) - mostAgain; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		p.item(2, "· ", why+": "+text)
	}
}

// because are the reasons of an item, a few of them.
func because(i change.Item, most int) string {
	text := strings.Join(i.Because[:min(len(i.Because), most)], ", ")
	if more := len(i.Because) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (d *difference) item(p *page, i change.Item) {
	label := i.Label()
	if label != "" {
		label += ": "
	}
	if i.Variant != "" {
		label = "in variant " + i.Variant + ", " + label
	}
	mark := gradeMarks[i.Grade]
	if i.Grade == change.Worse {
		mark = p.style(lipgloss.NewStyle().Foreground(lipgloss.Red), "!") + " "
	}
	text := label + i.Text
	if len(i.Because) > 0 {
		text += "; since " + because(i, d.most(mostBecause))
	}
	p.item(2, mark, text)
	if !d.all && detailsLater(i.Section) {
		return
	}
	if d.all {
		for _, t := range i.Details {
			p.text(6, t)
		}
	} else if len(i.Details) > 0 {
		most := mostDetails
		if i.Section == change.Paths {
			most = 1 // the way; what no longer stands in it is for a closer look
		}
		p.text(6, strings.Join(i.Details[:min(len(i.Details), most)], "; "))
	}
}

// detailsLater are the sections whose details only --all shows: they are lists to
// work through.
func detailsLater(s change.Section) bool {
	return s == change.Tests || s == change.Documents || s == change.Links
}

// fields lists all entities with their fields old and new.
func (d *difference) fields(p *page) {
	p.heading(fmt.Sprintf("Entities (%d)", len(d.Changes)))
	for _, c := range d.Changes {
		head := string(c.Status()) + " " + model.Label(c.Entity())
		if c.Variant != "" {
			head = "in variant " + c.Variant + ", " + head
		}
		if c.Status() == change.Renamed {
			head += ", formerly " + model.Of(c.Before).ID
		}
		p.text(2, head)
		for _, f := range c.Fields {
			for _, v := range f.Before {
				p.item(4, f.Path+": - ", v)
			}
			for _, v := range f.After {
				p.item(4, f.Path+": + ", v)
			}
		}
	}
}
