package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/model"
	"theriac/report"
	"theriac/triage"
)

// printProposals shows decisions with the findings that each is about.
func printProposals(out io.Writer, judge *triage.Judge, all []triage.Proposal) error {
	var b strings.Builder
	for i := range all {
		p := &all[i]
		d := &p.Decision
		fmt.Fprintf(&b, "%s  %s  %s", d.ID, d.Vulnerability, d.Status)
		if d.Justification != "" {
			fmt.Fprintf(&b, " (%s)", d.Justification)
		}
		fmt.Fprintf(&b, "\n  reason  %s\n", oneLine(d.Reason))
		if r := d.Reachability; r.Result != "" {
			fmt.Fprintf(&b, "  reach   %s: %s\n", r.Result, oneLine(r.Detail))
		}
		for _, a := range p.Answers {
			printAnswer(&b, judge, a)
		}
	}
	var clean strings.Builder
	for line := range strings.Lines(b.String()) {
		clean.WriteString(report.Clean(strings.TrimSuffix(line, "\n")) + "\n")
	}
	_, err := io.WriteString(out, clean.String())
	return err
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
	}{{"reached by", idsOf(r.Interfaces)}, {"threats", idsOf(r.Threats)}, {"harms", idsOf(r.Harms)}} {
		if len(line.ids) > 0 {
			fmt.Fprintf(b, "    %s %s\n", line.what, strings.Join(line.ids, ", "))
		}
	}
}

// write adds decisions to a file of the security file: the one named, else the one that
// holds most. It returns its path.
func (d *decider) write(ctx context.Context, all []triage.Proposal) (string, error) {
	home := d.file.Fullest(model.KindOf("decisions"))
	if home == "" {
		home = filepath.Join(d.dir, "decisions.yaml")
	}
	if d.to != "" {
		if !model.IsYAML(d.to) || !filepath.IsLocal(d.to) {
			return "", fmt.Errorf("--to: %s is no .yaml file below the security file", d.to)
		}
		home = filepath.Join(d.dir, d.to)
	}
	var added []edit.Entity
	for i := range all {
		added = append(added, edit.Entity{ID: all[i].Decision.ID, Body: decisionBody(&all[i].Decision)})
	}
	_, err := rewritten(ctx, d.file, d.dir, func(w *rewrite) error {
		doc, err := w.open(home)
		if err == nil {
			err = doc.Append("decisions", added...)
		}
		return err
	}, added[len(added)-1].ID)
	return home, err
}

// decisionBody is a decision as the security file has it.
func decisionBody(d *model.Decision) edit.Map {
	var s, reach entryBody
	s.text("title", d.Title)
	s.text("notes", d.Notes)
	s.text("vulnerability", d.Vulnerability)
	s.texts("packages", d.Packages)
	s.text("versions", d.Versions)
	s.text("releases", d.Releases)
	s.text("status", string(d.Status))
	s.text("justification", string(d.Justification))
	s.text("reason", d.Reason)
	s.text("action", d.Action)
	s.text("fix", d.Fix)
	reach.text("result", string(d.Reachability.Result))
	reach.text("method", string(d.Reachability.Method))
	reach.text("detail", d.Reachability.Detail)
	reach.text("source", d.Reachability.Source)
	s.fields("reachability", reach.Map)
	s.text("by", d.By)
	s.text("date", d.Date.String())
	s.text("expires", d.Expires.String())
	s.fields("known", knownBody(d.Known))
	return s.Map
}

func knownBody(k model.Known) edit.Map {
	var s entryBody
	s.texts("versions", k.Versions)
	s.text("ranges", k.Ranges)
	if k.Exploited.Known() {
		s.Map = append(s.Map, edit.Field{Name: "exploited", Value: edit.Bool(k.Exploited == model.Yes)})
	}
	s.text("epss", k.EPSS)
	s.texts("cvss", k.CVSS)
	s.texts("fixed", k.Fixed)
	s.text("exposure", k.Exposure)
	s.text("support", k.Support)
	return s.Map
}

// renewal notes for a decision what is known now. One that would still not hold is left
// as it is.
func (d *decider) renewal(cmd *cobra.Command) error {
	old, ok := d.file.Lookup(d.renew).(*model.Decision)
	switch {
	case !ok:
		var ids []string
		for _, one := range d.file.Decisions {
			ids = append(ids, one.ID)
		}
		return unknownName("decision", d.renew, ids)
	case old.From() != "":
		return fmt.Errorf("%s belongs to the library %s; change it there", old.ID, old.From())
	}
	renewed := *old
	renewed.Date = d.today
	var err error
	if d.expires != "" {
		if renewed.Expires, err = model.ParseDate(d.expires); err != nil {
			return fmt.Errorf("--expires: %w", err)
		}
	}
	p := triage.Proposal{}
	var findings []triage.Finding
	for _, f := range d.found {
		if f.Decision == old {
			p.Answers, findings = append(p.Answers, f), append(findings, f.Finding)
		}
	}
	if len(findings) == 0 {
		return fmt.Errorf("%s is about nothing that was found; remove it where the vulnerability is gone", old.ID)
	}
	if old.Vulnerability != triage.AnyVulnerability {
		renewed.Known = d.judge.Known(findings)
	}
	p.Decision = renewed
	for _, f := range p.Answers {
		if why := d.judge.Holds(&renewed, f.Release, f.Finding); len(why) > 0 {
			return fmt.Errorf("%s would still not hold for %s in %s: %s", old.ID, f.Finding.ID, f.Finding.Component, why[0].Text)
		}
	}
	if err := printProposals(cmd.OutOrStdout(), d.judge, []triage.Proposal{p}); err != nil {
		return err
	}
	if d.preview {
		return errFindings
	}
	return d.renewIn(cmd, old, &renewed)
}

func (d *decider) renewIn(cmd *cobra.Command, old, renewed *model.Decision) error {
	_, err := rewritten(cmd.Context(), d.file, d.dir, func(w *rewrite) error {
		doc, err := w.open(old.Here().Path())
		set := func(name string, v edit.Value) {
			if err == nil {
				err = doc.Set(old.ID, []string{name}, v)
			}
		}
		set("date", edit.Text(renewed.Date.String()))
		if renewed.Expires != old.Expires {
			set("expires", edit.Text(renewed.Expires.String()))
		}
		if body := knownBody(renewed.Known); len(body) > 0 {
			set("known", body)
		}
		return err
	}, old.ID)
	if err == nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s renewed\n", old.ID)
	}
	return err
}

// sortedUnique is a list in order and without repetitions.
func sortedUnique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
