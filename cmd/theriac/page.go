package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/report"
)

// page is text for reading: paragraphs broken to a width, labels, lists.
type page struct {
	bytes.Buffer
	width int
	color bool
}

// newPage makes a page for a screen. Lines longer than about a hundred columns
// are hard to read on any terminal.
func newPage(s screen) *page {
	p := &page{width: 88, color: s.color}
	if s.width > 0 {
		p.width = min(max(s.width, 40), 100)
	}
	return p
}

// show writes the page.
func (p *page) show(s screen, w io.Writer) error {
	_, err := s.writer(w).Write(p.Bytes())
	return err
}

func (p *page) title(format string, args ...any) {
	p.line(p.style(lipgloss.NewStyle().Bold(true), fmt.Sprintf(format, args...)))
}

func (p *page) heading(text string) {
	p.line("")
	p.line(p.style(lipgloss.NewStyle().Bold(true), text))
}

func (p *page) line(text string) { p.WriteString(text + "\n") }

func (p *page) style(s lipgloss.Style, text string) string {
	if !p.color {
		return text
	}
	return s.Render(text)
}

// text writes a paragraph, all its lines indented.
func (p *page) text(indent int, text string) { p.item(indent, "", text) }

// item writes a paragraph behind a label; further lines stand below the text.
func (p *page) item(indent int, label, text string) {
	blank := strings.Repeat(" ", indent)
	hang := blank + strings.Repeat(" ", lipgloss.Width(label))
	for i, l := range report.Wrap(text, max(20, p.width-len(hang))) {
		if i == 0 {
			p.line(strings.TrimRight(blank+label+l, " "))
		} else {
			p.line(hang + l)
		}
	}
}

// field writes a labelled fact, or nothing when there is no fact.
func (p *page) field(label, text string) {
	if text != "" {
		p.item(0, fmt.Sprintf("%-12s", label), text)
	}
}

// code writes lines as they are; those that end in a mark are highlighted.
func (p *page) code(text, mark string) {
	for _, l := range strings.Split(strings.Trim(text, "\n"), "\n") {
		if strings.HasSuffix(l, mark) {
			l = p.style(lipgloss.NewStyle().Foreground(lipgloss.Red), l)
		}
		p.line(strings.TrimRight("    "+l, " "))
	}
}
