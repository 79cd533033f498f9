package main

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/model"
	"theriac/plan"
)

func (p *planned) text(out *page, all bool) {
	out.title("%s", p.After.View.File.Product.Name)
	out.text(2, p.header())
	for _, n := range p.notes {
		out.item(2, "note: ", n)
	}
	if len(p.Items) == 0 {
		out.text(2, "nothing would be unsettled")
		return
	}
	out.text(2, p.summary())
	p.edits(out, all)
	for _, s := range plan.Sections() {
		p.section(out, s, all)
	}
	out.line("")
	out.text(0, "! unsettled by the edit; + settled by it")
	if !all {
		out.text(0, "`--all` shows everything, item by item.")
	}
}

// edits lists what the edit changes and something rests on, each once.
func (p *planned) edits(out *page, all bool) {
	var lines []string
	known := map[string]bool{}
	for _, i := range p.Items {
		if i.Effect == plan.Settles {
			continue // what settles it may be older than the edit
		}
		for _, c := range i.Because {
			line := c.String()
			if (len(c.Was)+len(c.Is) > 0 || c.What == "added" || c.What == "removed") && !known[line] {
				known[line] = true
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		return
	}
	out.heading(fmt.Sprintf("What changes and something rests on (%d)", len(lines)))
	most := len(lines)
	if !all {
		most = min(most, mostItems)
	}
	for _, l := range lines[:most] {
		out.item(2, "· ", l)
	}
	if more := len(lines) - most; more > 0 {
		out.text(4, fmt.Sprintf("and %d more", more))
	}
}

// header says what is compared.
func (p *planned) header() string {
	text := fmt.Sprintf("%s → %s", p.before, p.after)
	if r := p.After.Release; r != nil {
		text += ", release " + r.Version
	}
	return text + ", on " + p.day.String()
}

// counted are the nouns of the sections.
var counted = map[plan.Section][2]string{
	plan.Approvals: {"approval", "approvals"}, plan.Evidence: {"piece of evidence", "pieces of evidence"},
	plan.Requirements: {"requirement", "requirements"}, plan.Links: {"reviewed link", "reviewed links"},
	plan.Threats: {"element with derived threats", "elements with derived threats"}, plan.Documents: {"document", "documents"},
}

// summary counts what is unsettled and settled.
func (p *planned) summary() string {
	count := func(e plan.Effect) string {
		var parts []string
		for _, s := range plan.Sections() {
			section := plan.Section(s.Name)
			if n := len(p.In(section, e)); n > 0 {
				parts = append(parts, several(n, counted[section][0], counted[section][1]))
			}
		}
		if len(parts) == 0 {
			return "nothing"
		}
		return strings.Join(parts, ", ")
	}
	text := "would unsettle " + count(plan.Unsettles)
	if p.Count(plan.Settles) > 0 {
		text += "; would settle " + count(plan.Settles)
	}
	return text
}

func (p *planned) section(out *page, s model.Value, all bool) {
	worse, better := p.In(plan.Section(s.Name), plan.Unsettles), p.In(plan.Section(s.Name), plan.Settles)
	if len(worse)+len(better) == 0 {
		return
	}
	out.heading(fmt.Sprintf("%s (%d)", s.Doc, len(worse)+len(better)))
	mark := out.style(lipgloss.NewStyle().Foreground(lipgloss.Red), "!") + " "
	show := planGroups
	if all {
		show = planItems
	}
	show(out, mark, worse)
	show(out, "+ ", better)
}

// planItems shows items one by one.
func planItems(out *page, mark string, items []plan.Item) {
	for _, i := range items {
		out.item(2, mark, itemLine(i))
		if turned := turnedOf(i); turned != "" {
			out.text(6, turned)
		}
		if len(i.Patterns) > 0 {
			out.text(6, strings.Join(i.Patterns, ", "))
		}
		for _, c := range i.Because {
			out.text(6, c.String())
		}
	}
}

// planGroups shows items by what happens to them and why, since one change
// unsettles many.
func planGroups(out *page, mark string, items []plan.Item) {
	var order []string
	groups := map[string][]plan.Item{}
	for _, i := range items {
		why := strings.TrimPrefix(statesOf(i)+"; "+i.Text, ": ")
		if groups[why] == nil {
			order = append(order, why)
		}
		groups[why] = append(groups[why], i)
	}
	for n, why := range order {
		if n == mostItems {
			out.text(4, fmt.Sprintf("and %d more for other reasons", len(order)-n))
			return
		}
		out.item(2, mark, strings.TrimPrefix(why, "; "))
		planGroup(out, groups[why])
	}
}

// planGroup shows items of a group; those that concern something else have a line
// of their own, which pieces of evidence for the same verification share.
func planGroup(out *page, list []plan.Item) {
	var plain, order []string
	lines := map[string][]string{}
	for _, i := range list {
		more := turnedOf(i) + listOf(i.Patterns, mostAgain, false)
		if more == "" {
			plain = append(plain, shortLabel(i))
			continue
		}
		key := i.ID + "\x00" + more
		if lines[key] == nil {
			order = append(order, key)
		}
		lines[key] = append(lines[key], i.What)
	}
	for n, key := range order {
		if n == mostItems {
			out.text(6, fmt.Sprintf("and %d more", len(order)-n))
			break
		}
		id, more, _ := strings.Cut(key, "\x00")
		if pieces := strings.Trim(strings.Join(lines[key], ", "), ", "); pieces != "" {
			id += " (" + pieces + ")"
		}
		out.text(6, id+": "+more)
	}
	if len(plain) > 0 {
		out.text(6, strings.Join(plain[:min(len(plain), mostItems)], "; ")+andMore(len(plain)-mostItems))
	}
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf("; and %d more", n)
}

// shortLabel names an item below a heading that says what it is.
func shortLabel(i plan.Item) string {
	switch i.Section {
	case plan.Approvals:
		if i.ID == i.Kind {
			return "the " + i.ID + ", " + i.What
		}
		return i.ID + ", " + i.What
	case plan.Evidence:
		return i.ID + " (" + i.What + ")"
	case plan.Requirements, plan.Threats:
		return i.ID
	}
	return itemLabel(i)
}

// turnedOf says which requirements go with a piece of evidence.
func turnedOf(i plan.Item) string {
	switch {
	case len(i.Requirements) == 0:
		return ""
	case i.Effect == plan.Settles:
		return "closes " + listOf(i.Requirements, mostAgain, false)
	}
	return "opens " + listOf(i.Requirements, mostAgain, false)
}

// itemLine is an item in one line.
func itemLine(i plan.Item) string {
	text := itemLabel(i) + statesOf(i)
	if i.Text != "" {
		text += "; " + i.Text
	}
	return text
}

// itemLabel names what is unsettled or settled.
func itemLabel(i plan.Item) string {
	name := plan.Cause{Kind: i.Kind, ID: i.ID}.Entity()
	switch i.Kind {
	case "roster":
		name = "the roster"
	case "baselines":
		name = "baseline " + i.ID
	}
	switch i.Section {
	case plan.Approvals:
		return name + ", " + i.What
	case plan.Evidence:
		return i.ID + " (" + i.What + ")"
	case plan.Links:
		return i.ID + " " + i.What
	case plan.Documents:
		return i.ID + " (" + i.What + ")"
	}
	return name
}

// listOf joins names, a few of them unless all are wanted.
func listOf(names []string, most int, all bool) string {
	if all || len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
