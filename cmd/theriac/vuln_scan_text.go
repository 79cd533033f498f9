package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"theriac/report"
	"theriac/vuln/match"
)

// severityColours are those of the words of severity.
var severityColours = map[string]lipgloss.Style{
	"critical": lipgloss.NewStyle().Foreground(lipgloss.Red).Bold(true),
	"high":     lipgloss.NewStyle().Foreground(lipgloss.Red),
	"medium":   lipgloss.NewStyle().Foreground(lipgloss.Yellow),
}

// text prints findings by severity, then what could not be decided, what nobody watches,
// and how old the data are.
func (s *scanned) text(w io.Writer, show screen, why bool) error {
	p := newPage(show)
	s.table(p, why)
	s.undecided(p)
	s.unwatched(p)
	s.unsupported(p)
	s.foot(p)
	return p.show(show, w)
}

// table lists findings, gravest first.
func (s *scanned) table(p *page, why bool) {
	if len(s.Findings) == 0 {
		p.line("No known vulnerability was found.")
		return
	}
	order := make([]int, len(s.Findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := &s.Findings[i], &s.Findings[j]
		return cmp.Or(slices.Index(match.Gravities, a.Severity.Word)-slices.Index(match.Gravities, b.Severity.Word),
			cmp.Compare(b.Severity.Score, a.Severity.Score), cmp.Compare(a.Component, b.Component), strings.Compare(a.ID, b.ID))
	})
	rows := [][]string{{"SEVERITY", "ID", "COMPONENT", "FIXED IN", "EXPLOITED"}}
	if s.verdicts != nil {
		rows[0] = append(rows[0], "STATE")
	}
	for _, i := range order {
		row := findingRow(&s.Findings[i])
		if s.verdicts != nil {
			row = append(row, cutText(stand(s.verdict(i)), 48))
		}
		rows = append(rows, row)
	}
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], lipgloss.Width(cell))
		}
	}
	for i, row := range rows {
		line := ""
		for j, cell := range row {
			line += cell + strings.Repeat(" ", widths[j]-lipgloss.Width(cell)+2)
		}
		line = strings.TrimRight(line, " ")
		if i == 0 {
			p.line(p.style(lipgloss.NewStyle().Bold(true), line))
			continue
		}
		f := &s.Findings[order[i-1]]
		if style, ok := severityColours[f.Severity.Word]; ok && p.color {
			line = style.Render(row[0]) + line[len(row[0]):]
		}
		p.line(line)
		s.showWords(p, order[i-1])
		if why {
			p.text(4, report.Clean(f.Why))
			if v := s.verdict(order[i-1]); v != nil {
				for _, r := range v.Reasons {
					p.text(4, report.Clean(v.Decision.ID+" is open again: "+r.Text))
				}
				if v.Decision != nil && v.Decision.Score.CVSS != "" {
					p.text(4, report.Clean("for this device "+vectorLine(v.Decision.Score.CVSS)+"; in general "+cmp.Or(vectorLine(f.Severity.Vector), "no vector is given")))
				}
			}
		}
	}
}

// findingRow are the cells of a finding.
func findingRow(f *match.Finding) []string {
	severity := f.Severity.Word
	if f.Severity.Vector != "" {
		severity = fmt.Sprintf("%-8s %4.1f", severity, f.Severity.Score)
	}
	id := f.ID
	if cve := firstCVE(f); cve != "" && cve != f.ID {
		id += " (" + cve + ")"
	}
	component := strings.TrimSpace(f.Name + " " + f.Version)
	if f.Confidence == match.ByCPE || f.Confidence == match.ByName {
		component += " (by " + string(f.Confidence) + ")"
	}
	exploited := ""
	if f.Exploited != nil {
		exploited = "yes, " + f.Exploited.Added
	}
	if p := likely(f.Likelihood); p != nil {
		exploited = strings.TrimSpace(fmt.Sprintf("%s EPSS %.1f %%", exploited, 100**p))
	}
	fixed := strings.Join(f.Fixed, ", ")
	if fixed == "" {
		fixed = "-"
	}
	return []string{severity, cutText(id, 48), cutText(component, 48), cutText(fixed, 32), exploited}
}

// firstCVE is the first CVE among the ids of a finding, or else of what it passes on.
func firstCVE(f *match.Finding) string {
	for _, id := range slices.Concat(f.Aliases, f.Upstream) {
		if strings.HasPrefix(id, "CVE-") {
			return id
		}
	}
	return ""
}

// cutText cuts a text to a width and makes it safe for a terminal.
func cutText(s string, width int) string {
	s = report.Clean(s)
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

// undecided lists what may be a vulnerability, by component.
func (s *scanned) undecided(p *page) {
	if len(s.Unknown) == 0 {
		return
	}
	p.heading(fmt.Sprintf("%s could not be decided", several(len(s.Unknown), "advisory", "advisories")))
	for i := 0; i < len(s.Unknown); {
		first, ids, from := &s.Unknown[i], []string{}, i
		for ; i < len(s.Unknown) && s.Unknown[i].Component == first.Component; i++ {
			ids = append(ids, s.Unknown[i].ID)
		}
		p.text(2, report.Clean(first.Why))
		if len(ids) > 1 {
			p.text(4, report.Clean("so with "+strings.Join(ids[1:], ", ")))
		}
		for k := from; k < i; k++ {
			s.showWords(p, len(s.Findings)+k)
		}
	}
}

// maxUnwatched is how many components of one reason are named.
const maxUnwatched = 10

// unwatched lists the components that nobody watches, by reason.
func (s *scanned) unwatched(p *page) {
	if len(s.Unmonitored) == 0 {
		return
	}
	p.heading("Nobody watches " + amount(len(s.Unmonitored), "component"))
	var reasons []string
	named := map[string][]string{}
	for _, u := range s.Unmonitored {
		if named[u.Reason] == nil {
			reasons = append(reasons, u.Reason)
		}
		label := strings.TrimSpace(u.Name + " " + u.Version)
		if label == "" {
			label = "(no name)"
		}
		named[u.Reason] = append(named[u.Reason], label)
	}
	for _, reason := range reasons {
		all := named[reason]
		text := strings.Join(all[:min(len(all), maxUnwatched)], ", ")
		if more := len(all) - maxUnwatched; more > 0 {
			text += fmt.Sprintf(" and %d more", more)
		}
		p.text(2, report.Clean(reason+": "+text))
	}
}

// foot says how much was watched, on which data.
func (s *scanned) foot(p *page) {
	p.line("")
	for _, gap := range s.Gaps {
		p.item(0, "gap: ", report.Clean(gap))
	}
	bom := s.input.bom
	for _, problem := range bom.Problems[:min(len(bom.Problems), maxUnwatched)] {
		p.item(0, report.Clean(placed(s.input.shown, problem.Line))+": ", report.Clean(problem.What))
	}
	if more := len(bom.Problems) + bom.Unlisted - maxUnwatched; more > 0 {
		p.item(0, report.Clean(s.input.shown)+": ", several(more, "problem more", "problems more"))
	}
	for _, a := range s.ages {
		p.item(0, "data: ", report.Clean(fmt.Sprintf("%s %s (%s)", strings.TrimSpace(a.Name+" "+a.What), a.words(), amount(a.Count, "record"))))
	}
	s.footWords(p)
	if s.info.Verified != "" {
		p.line("signed by a trusted key: " + report.Clean(s.info.Verified))
	}
	watched := s.Components - len(s.Unmonitored) - len(s.Apart)
	p.title("%s: %s of %s watched, %d apart, %s, %d undecided; the scan %s", report.Clean(s.input.shown), amount(watched, "component"),
		fmt.Sprint(s.Components), len(s.Apart), amount(len(s.Findings), "finding"), len(s.Unknown), scanWords[s.Status])
	if len(s.verdicts) > 0 {
		p.title("%d of %s for a decision", s.waiting(), several(len(s.verdicts), "finding waits", "findings wait"))
	}
}

var scanWords = map[match.Status]string{match.Complete: "is complete", match.WithGaps: "has gaps", match.Failed: "failed: nothing of it is watched"}
