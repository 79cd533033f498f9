package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"theriac/change"
	"theriac/model"
)

// markdown writes the result as a comment on a pull request: what matters first,
// lists to work through folded away. Of HTML it uses details and summary alone.
func (d *difference) markdown(w io.Writer) error {
	var b bytes.Buffer
	m := &markdown{&b}
	m.line("## Security file: %s", escape(d.product))
	m.line("")
	m.line("%s → %s", escape(d.before.String()), escape(d.after.String()))
	for _, n := range d.notes {
		m.line("")
		m.line("> %s", escape(n))
	}
	m.line("")
	if d.Empty() {
		m.line("No semantic change.")
	} else {
		m.line("**%s**", escape(strings.Join(d.Summary(), "; ")))
		d.meaningMarkdown(m)
		for _, s := range change.Sections() {
			d.sectionMarkdown(m, s)
		}
		d.entitiesMarkdown(m)
	}
	_, err := w.Write(b.Bytes())
	return err
}

type markdown struct{ *bytes.Buffer }

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m, format+"\n", args...) }

// fold opens a part that is shown on demand; the result closes it.
func (m *markdown) fold(title string) (closed func()) {
	m.line("")
	m.line("<details><summary>%s</summary>", escape(title))
	m.line("")
	return func() { m.line(""); m.line("</details>") }
}

var special = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", "&lt;", ">", "&gt;", "|", `\|`, "#", `\#`, "~", `\~`, "@", "&#64;", "\r", " ", "\n", " ", "&", "&amp;",
)

// escape keeps text from being read as Markdown or HTML, also inside a table, and
// from naming somebody who would be notified.
func escape(text string) string { return special.Replace(text) }

func (d *difference) meaningMarkdown(m *markdown) {
	s := d.Significance
	m.line("")
	m.line("### What it may mean")
	m.line("")
	m.line("Help for a decision, no verdict.")
	m.line("")
	if len(s.Security) == 0 {
		m.line("- Security: nothing speaks for relevance.")
	} else {
		m.line("- Security: relevant, because of %s.", escape(reasonsText(s.Security, mostReasons)))
	}
	if s.Body != "" {
		m.line("- Notified body: %s.", escape(s.Body))
	} else if d.mayBeSignificant() {
		m.line("- Notified body: **may be significant: ask your notified body.**")
	}
	if len(s.Questions) == 0 {
		return
	}
	closed := m.fold("Criteria that something in the change speaks for")
	m.line("| Source | Question | Asked where | Because of |")
	m.line("| --- | --- | --- | --- |")
	for _, q := range s.Questions {
		head := q.Title
		if q.Against == model.Yes {
			head += " (speaks against significance)"
		}
		m.line("| %s | **%s.** %s | %s | %s |", escape(q.Basis), escape(head), escape(q.Asks), escape(q.Applies), escape(reasonsText(q.Reasons, mostReasons)))
	}
	closed()
}

var markdownMarks = map[change.Grade]string{change.Worse: "weaker", change.Neutral: "", change.Better: "stronger"}

func (d *difference) sectionMarkdown(m *markdown, s model.Value) {
	items := d.In(change.Section(s.Name))
	if len(items) == 0 {
		return
	}
	title := fmt.Sprintf("%s (%d)", s.Doc, len(items))
	if section := change.Section(s.Name); detailsLater(section) || section == change.Rest {
		defer m.fold(title)()
	} else {
		m.line("")
		m.line("### %s", title)
		m.line("")
	}
	m.line("| | What | Change |")
	m.line("| --- | --- | --- |")
	for _, i := range items {
		label := i.Label()
		if i.Variant != "" {
			label += " (variant " + i.Variant + ")"
		}
		text := escape(i.Text)
		if len(i.Because) > 0 {
			text += "; since " + escape(because(i, mostAgain))
		}
		if len(i.Details) > 0 {
			text += ". " + escape(strings.Join(i.Details, "; "))
		}
		m.line("| %s | %s | %s |", markdownMarks[i.Grade], escape(label), text)
	}
}

func (d *difference) entitiesMarkdown(m *markdown) {
	closed := m.fold(fmt.Sprintf("Entities and fields (%d)", len(d.Changes)))
	defer closed()
	m.line("| Entity | Field | Before | After |")
	m.line("| --- | --- | --- | --- |")
	for _, c := range d.Changes {
		head := model.Label(c.Entity())
		if c.Status() == change.Renamed {
			head += ", formerly " + model.Of(c.Before).ID
		}
		if len(c.Fields) == 0 {
			m.line("| %s | %s | | |", escape(head), c.Status())
		}
		for _, f := range c.Fields {
			m.line("| %s | %s | %s | %s |", escape(head), escape(f.Path), escape(strings.Join(f.Before, ", ")), escape(strings.Join(f.After, ", ")))
		}
	}
}
