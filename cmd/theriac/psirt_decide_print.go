package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"theriac/report"
	"theriac/risk"
	"theriac/triage"
)

// print shows decisions with the findings that each is about.
func (d *decider) print(out io.Writer, all []triage.Proposal) error {
	if d.format == "json" {
		return writeJSON(out, d.json(all))
	}
	var b strings.Builder
	for i := range all {
		d.printProposal(&b, &all[i])
	}
	var clean strings.Builder
	for line := range strings.Lines(b.String()) {
		clean.WriteString(report.Clean(strings.TrimSuffix(line, "\n")) + "\n")
	}
	_, err := io.WriteString(out, clean.String())
	return err
}

func (d *decider) printProposal(b *strings.Builder, p *triage.Proposal) {
	made := &p.Decision
	fmt.Fprintf(b, "%s  %s  %s", made.ID, oneLine(strings.Join(made.About(), ", ")), made.Status)
	if made.Justification != "" {
		fmt.Fprintf(b, " (%s)", made.Justification)
	}
	fmt.Fprintf(b, "\n  reason  %s\n", oneLine(made.Reason))
	if r := made.Reachability; r.Result != "" {
		fmt.Fprintf(b, "  reach   %s: %s\n", r.Result, oneLine(r.Detail))
	}
	d.printScore(b, p)
	for _, a := range p.Answers {
		printAnswer(b, d.judge, a)
	}
}

// printScore shows the score for the device beside the vectors of the advisories, and
// what it means for the risk.
func (d *decider) printScore(b *strings.Builder, p *triage.Proposal) {
	score, named := p.Decision.Score, p.Decision.Risk.ID
	if risk.Stated(score) {
		if score.CVSS != "" {
			fmt.Fprintf(b, "  device  %s\n", vectorLine(score.CVSS))
		}
		for _, vector := range baseVectors(p) {
			fmt.Fprintf(b, "  data    %s\n", vectorLine(vector))
		}
		if len(baseVectors(p)) == 0 {
			b.WriteString("  data    no vector is given\n")
		}
	}
	if r, ok := triage.Rescore(d.file, &p.Decision); ok {
		for _, line := range rescoredLines(r) {
			fmt.Fprintf(b, "  risk    %s\n", line)
		}
	} else if named != "" {
		fmt.Fprintf(b, "  risk    %s\n", named)
	}
	switch risks := risksOf(d.judge, p); {
	case len(risks) == 0 || slices.Contains(risks, named):
	case named != "":
		fmt.Fprintf(b, "  risk    the model does not lead from the component to %s; it leads to %s\n", named, strings.Join(risks, ", "))
	case risk.Stated(score):
		fmt.Fprintf(b, "  risk    reached are %s; name the one that it falls under: --risk\n", strings.Join(risks, ", "))
	}
}

// risksOf are the ids of the risks that the findings of a decision reach.
func risksOf(judge *triage.Judge, p *triage.Proposal) []string {
	var all []string
	for _, a := range p.Answers {
		all = append(all, idsOf(judge.Reach(a.Finding.Component).Risks)...)
	}
	return sortedUnique(all)
}

func printAnswer(b *strings.Builder, judge *triage.Judge, a triage.Found) {
	f := a.Finding
	fmt.Fprintf(b, "  %s  %s", f.ID, f.Component)
	if a.Release != "" {
		fmt.Fprintf(b, "  release %s", a.Release)
	}
	fmt.Fprintf(b, "  %s", cmp.Or(f.Severity, "severity unknown"))
	if f.KEV {
		b.WriteString("  exploited")
	}
	if f.EPSS != "" {
		fmt.Fprintf(b, "  EPSS %s", f.EPSS)
	}
	b.WriteString("\n")
	if a.Status == triage.Reopened {
		fmt.Fprintf(b, "    %s is open again: %s\n", a.Decision.ID, a.Reasons[0].Text)
	}
	r := judge.Reach(f.Component)
	if !r.Known() {
		b.WriteString("    no component of the model stands for it\n")
		return
	}
	for _, line := range []struct {
		what string
		ids  []string
	}{{"reached by", idsOf(r.Interfaces)}, {"threats", idsOf(r.Threats)}, {"risks", idsOf(r.Risks)}, {"harms", idsOf(r.Harms)}} {
		if len(line.ids) > 0 {
			fmt.Fprintf(b, "    %s %s\n", line.what, strings.Join(line.ids, ", "))
		}
	}
}
