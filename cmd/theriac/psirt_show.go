package main

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/psirt"
	"theriac/report"
)

func newPSIRTShow() *cobra.Command {
	var flags psirtListFlags
	cmd := &cobra.Command{
		Use:   "show CASE [DIR]",
		Short: "show one case with all its clocks and how they were counted",
		Example: `  theriac psirt show case-2026-001 pump
  theriac psirt show case-2026-001 pump --format json`,
		Args: nameAndFolder("a case"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTShow(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(riskFormats, ", "))
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	f.StringVar(&flags.date, "date", "", psirtDateHelp)
	complete(cmd, "format", riskFormats)
	complete(cmd, "color", colours)
	completeCase(cmd)
	return cmd
}

func runPSIRTShow(cmd *cobra.Command, args []string, flags psirtListFlags) error {
	if !slices.Contains(riskFormats, flags.format) {
		return badValue("format", flags.format, riskFormats)
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	now, err := psirtNow(flags.date)
	if err != nil {
		return err
	}
	file, _, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	c, err := caseNamed(file, args[0])
	if err != nil {
		return err
	}
	d := newDocket(file, c, now)
	if flags.format == "json" {
		return docketsJSON(out, []docket{d}, now)
	}
	p := newPage(s)
	showCase(p, d)
	return p.show(s, out)
}

func showCase(p *page, d docket) {
	c := d.c
	p.title("%s: %s", c.ID, report.Clean(firstLine(titleOf(c))))
	p.line("")
	p.field("source", string(c.Source))
	p.field("aware", c.Aware.String())
	p.field("severity", report.Clean(c.Severity))
	p.field("about", report.Clean(strings.Join(c.Vulnerabilities, ", ")))
	p.field("reporter", strings.Trim(report.Clean(c.Reporter.Name+", "+c.Reporter.Contact), ", "))
	p.field("reference", report.Clean(c.Reporter.Reference))
	p.field("advisory", report.Clean(c.Advisory))
	p.field("closed", c.Closed.String())
	if len(c.Steps) > 0 {
		p.heading("Steps")
		for _, s := range c.Steps {
			p.item(2, s.At.String()+"  ", strings.TrimSpace(strings.Join(strings.Fields(string(s.Step)+" "+string(s.Duty)+" "+report.Clean(s.Note)), " ")))
		}
	}
	p.heading("Clocks, days in " + d.zone.String())
	for _, k := range d.clocks {
		clockTable(p, []psirt.Clock{k}, d.zone)
		p.text(18, report.Clean(k.How))
		if !k.Done.IsZero() {
			p.text(18, "done "+psirt.Show(k.Done.Time(), d.zone))
		}
		if !k.Extended.IsZero() {
			p.text(18, "Regulation 1182/71 Art. 3 would end it "+psirt.Show(k.Extended, d.zone)+"; not verified against the primary text, plan with the earlier time")
		}
	}
}
