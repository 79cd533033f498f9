package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/risk"
)

func newRiskShow() *cobra.Command {
	var color string
	cmd := &cobra.Command{
		Use:   "show ID [DIR]",
		Short: "show one security risk from threat to acceptance",
		Long: `Show prints one security risk: the threats that it sums up, where they aim and to
which hazardous situations they lead, the harm that can follow, its value before
controls, after the controls of device and manufacturer, and after all controls, with
the reasons; and who accepted what remains.`,
		Example: `  theriac risk show rk-false-network pump`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("show which risk? `theriac risk list` names them")
			}
			return atMost(2)(cmd, args)
		},
		ValidArgsFunction: completeID(func(f *model.File) []string { return idsOf(f.Risks) }),
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			s, err := screenOf(color, out, os.Environ())
			if err != nil {
				return err
			}
			file, _, err := load(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			a := risk.Assess(file)
			for _, one := range a.Risks {
				if one.Risk.ID == args[0] {
					p := newPage(s)
					showRisk(p, one)
					return p.show(s, out)
				}
			}
			return unknownName("risk", args[0], idsOf(file.Risks))
		},
	}
	cmd.Flags().StringVar(&color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "color", colours)
	return cmd
}

func showRisk(p *page, one *risk.Assessed) {
	r := one.Risk
	row := risk.Register([]*risk.Assessed{one})[0]
	p.title("%s: %s", r.ID, r.Title)
	p.line("")
	p.field("impact", r.Impact)
	p.field("verdict", string(one.Verdict))
	p.field("decision", string(r.Decision))
	p.heading("Threats")
	for t := range model.Targets(r.Threats) {
		p.item(2, t.ID+"  ", t.Title)
		if len(t.Targets) > 0 {
			p.item(4, "aims at  ", refIDs(t.Targets))
		}
		if len(t.LeadsTo) > 0 {
			p.item(4, "leads to  ", refIDs(t.LeadsTo))
		}
	}
	p.heading("Harm to people")
	harms := risk.Harms(r)
	for _, h := range harms {
		p.item(2, h.ID+"  ", h.Title+" ("+h.Severity+")")
	}
	if len(harms) == 0 {
		p.text(2, "none can follow, as far as the file says")
	}
	p.heading("Value")
	score(p, "initial", row.Initial, r.Initial.Rationale)
	score(p, "post-control", row.PostControl, r.PostControl.Rationale)
	score(p, "residual", row.Residual, r.Residual.Rationale)
	p.heading("Controls")
	for c := range model.Targets(r.Controls) {
		p.item(2, c.ID+"  ", c.Title+" ("+strings.Join(controlTraits(c), ", ")+")")
	}
	if len(row.Unverified) > 0 {
		p.text(2, "no passed verification yet: "+strings.Join(row.Unverified, ", "))
	}
	p.line("")
	p.field("priority", r.Priority)
	p.field("accepted", accepted(r.Acceptance))
	p.field("benefit", r.BenefitRisk)
	p.field("told in", refIDs(r.Information))
}

func refIDs[T model.Entity](refs []model.Ref[T]) string {
	var all []string
	for _, r := range refs {
		all = append(all, r.ID)
	}
	return strings.Join(all, ", ")
}

func score(p *page, name string, c risk.Cell, rationale string) {
	if c.String() == "" {
		return
	}
	text := c.String()
	if c.Figure != "" {
		text += " (" + c.Basis + " " + c.Figure + ")"
	}
	if rationale != "" {
		text += ": " + rationale
	}
	p.item(2, fmt.Sprintf("%-14s", name), text)
}

// controlTraits are the words that a control states of itself.
func controlTraits(c *model.Control) []string {
	by := string(c.By)
	if by == "" {
		by = "device"
	}
	traits := []string{string(c.Priority), "by " + by}
	if c.Strength != "" {
		traits = append(traits, "strength "+string(c.Strength))
	}
	return traits
}

func accepted(a model.Acceptance) string {
	if a.By == "" && a.Reason == "" {
		return ""
	}
	text := "by " + a.By + " on " + a.Date.String()
	if !a.Until.IsZero() {
		text += ", until " + a.Until.String()
	}
	return text + ": " + a.Reason
}
