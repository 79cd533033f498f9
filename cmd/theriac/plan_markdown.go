package main

import (
	"bytes"
	"fmt"
	"io"

	"theriac/model"
	"theriac/plan"
)

// markdown writes the plan as a part of a comment on a pull request.
func (p *planned) markdown(w io.Writer) error {
	var b bytes.Buffer
	m := &markdown{&b}
	m.line("## What this change unsettles: %s", escape(p.After.View.File.Product.Name))
	m.line("")
	m.line("%s", escape(p.header()))
	for _, n := range p.notes {
		m.line("")
		m.line("> %s", escape(n))
	}
	m.line("")
	if len(p.Items) == 0 {
		m.line("Nothing would be unsettled.")
	} else {
		m.line("**%s**", escape(p.summary()))
		for _, s := range plan.Sections() {
			p.sectionMarkdown(m, s)
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

var planMarks = map[plan.Effect]string{plan.Unsettles: "unsettled", plan.Settles: "settled"}

// mostRows is how long a table of a comment may be before it is folded away, and
// mostCauses how many causes it shows of one item.
const mostRows, mostCauses = 12, 4

func (p *planned) sectionMarkdown(m *markdown, s model.Value) {
	items := append(p.In(plan.Section(s.Name), plan.Unsettles), p.In(plan.Section(s.Name), plan.Settles)...)
	if len(items) == 0 {
		return
	}
	title := fmt.Sprintf("%s (%d)", s.Doc, len(items))
	if len(items) > mostRows {
		defer m.fold(title)()
	} else {
		m.line("")
		m.line("### %s", title)
		m.line("")
	}
	m.line("| | What | Why | Because of |")
	m.line("| --- | --- | --- | --- |")
	for _, i := range items {
		m.line("| %s | %s | %s | %s |", planMarks[i.Effect], escape(itemLabel(i)+statesOf(i)), escape(whyOf(i)), escape(causesOf(i)))
	}
}

func statesOf(i plan.Item) string {
	switch {
	case i.Was == i.Is || i.Is == "":
		return ""
	case i.Was == "":
		return ": " + i.Is
	}
	return ": " + i.Was + " → " + i.Is
}

// whyOf is the reason of an item with what else it concerns.
func whyOf(i plan.Item) string {
	text := i.Text
	if turned := turnedOf(i); turned != "" {
		text += "; " + turned
	}
	if len(i.Patterns) > 0 {
		text += "; " + listOf(i.Patterns, mostAgain, false)
	}
	return text
}

func causesOf(i plan.Item) string {
	text := ""
	for n, c := range i.Because {
		switch {
		case n == mostCauses:
			return fmt.Sprintf("%s; and %d more", text, len(i.Because)-n)
		case n > 0:
			text += "; "
		}
		text += c.String()
	}
	return text
}
