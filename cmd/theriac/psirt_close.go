package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/psirt"
)

func newPSIRTClose() *cobra.Command {
	var outcome, at string
	cmd := &cobra.Command{
		Use:   "close CASE [DIR]",
		Short: "close a case in which nothing is left to do",
		Long: `Close enters the outcome of a case and when it was closed. While a duty to report is not
answered, a clock is open or an embargo runs, it is refused and each is named.

Exit status: 0 closed, 1 something is left to do, 2 the run failed.`,
		Example: `  theriac psirt close case-2026-001 pump --outcome "Fixed in 1.4.1, advisory published."`,
		Args:    nameAndFolder("a case"),
		RunE:    func(cmd *cobra.Command, args []string) error { return runPSIRTClose(cmd, args, outcome, at) },
	}
	f := cmd.Flags()
	f.StringVar(&outcome, "outcome", "", "`text` that says how it ended (required)")
	f.StringVar(&at, "at", "", "`time` with its offset from UTC; without it now")
	completeCase(cmd)
	return cmd
}

func runPSIRTClose(cmd *cobra.Command, args []string, outcome, at string) error {
	if outcome == "" {
		return fmt.Errorf("how did it end? Say so with --outcome")
	}
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	c, err := caseNamed(file, args[0])
	if err != nil {
		return err
	}
	closed, err := momentFlag("at", at, psirt.Zone(file))
	switch {
	case err != nil:
		return err
	case !c.Closed.IsZero():
		return fmt.Errorf("%s was closed at %s", c.ID, c.Closed)
	case closed.Time().Before(c.Aware.Time()):
		return fmt.Errorf("--at: %s is before the manufacturer became aware (%s)", closed, c.Aware)
	}
	for _, s := range c.Steps {
		if s.At.Time().After(closed.Time()) {
			return fmt.Errorf("--at: %s is before the step %s (%s)", closed, s.Step, s.At)
		}
	}
	if left := newDocket(file, c, closed.Time()); len(left.agenda) > 0 {
		p := newPage(screen{})
		p.line(fmt.Sprintf("%s is not closed: %s", c.ID, several(len(left.agenda), "thing is left", "things are left")))
		clockTable(p, left.agenda, left.zone)
		if err := p.show(screen{}, cmd.OutOrStdout()); err != nil {
			return err
		}
		return errFindings
	}
	_, err = changeCase(cmd.Context(), file, dir, c, func(doc *edit.Doc) error {
		if err := doc.Set(c.ID, []string{"closed"}, edit.Text(closed.String())); err != nil {
			return err
		}
		return doc.Set(c.ID, []string{"outcome"}, edit.Text(outcome))
	})
	if err == nil {
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s closed\n", c.ID)
	}
	return err
}
