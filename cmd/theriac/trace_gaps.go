package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/model"
)

func newTraceGaps() *cobra.Command {
	var flags traceFlags
	cmd := &cobra.Command{
		Use:   "gaps [DIR]",
		Short: "list where the chain from asset to test breaks off",
		Long: `Gaps lists what lacks its next link: assets that need protection and that no threat
endangers, threats without risk, risks that are to be reduced without a control,
controls without requirement, requirements without verification, verifications
of nothing, and requirements on the surroundings that no document tells.

Exit status: 0 no gaps, 1 gaps, 2 the run failed.`,
		Example:           "  theriac trace gaps pump\n  theriac trace gaps pump --format json",
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := newTracer(cmd, args, flags)
			if err != nil {
				return err
			}
			list := []gapJSON{}
			for _, gap := range t.graph.Gaps() {
				list = append(list, gapJSON{entityJSON(gap.Entity, nodeJSON{}), gap.Missing})
			}
			return t.gaps(list, "gap")
		},
	}
	traceOutput(cmd, &flags)
	return cmd
}

func newTraceOrphans() *cobra.Command {
	var flags traceFlags
	cmd := &cobra.Command{
		Use:   "orphans [DIR]",
		Short: "list what nothing names and what leads nowhere",
		Long: `Orphans lists entities that no other entity names, that name nothing on the chain
themselves, and that say of no clause that they answer it: what was forgotten, or is
no longer needed. A document that the check found to answer a clause is none.

Exit status: 0 no orphans, 1 orphans, 2 the run failed.`,
		Example:           "  theriac trace orphans pump",
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := newTracer(cmd, args, flags)
			if err != nil {
				return err
			}
			list := []gapJSON{}
			for _, e := range t.graph.Orphans() {
				list = append(list, gapJSON{entityJSON(e, nodeJSON{}), "nothing names it, and it leads nowhere"})
			}
			return t.gaps(list, "orphan")
		},
	}
	cmd.Flags().StringVar(&flags.date, "date", "", "`day` on which coverage is judged, as YYYY-MM-DD")
	traceOutput(cmd, &flags)
	return cmd
}

// gaps prints a list and makes it the exit status.
func (t *tracer) gaps(list []gapJSON, noun string) error {
	if err := t.printGaps(list, noun); err != nil {
		return err
	}
	if len(list) > 0 {
		return errFindings
	}
	return nil
}

func (t *tracer) printGaps(list []gapJSON, noun string) error {
	if t.json {
		return t.print(list)
	}
	p := newPage(t.screen)
	for _, g := range list {
		label := model.Label(t.file.Lookup(g.Node.ID))
		if g.Node.Title != "" {
			label += ": " + g.Node.Title
		}
		p.item(0, fmt.Sprintf("%s:%d: ", g.Node.File, g.Node.Line), label)
		p.text(4, g.Missing)
	}
	p.line(amount(len(list), noun))
	return p.show(t.screen, t.out)
}
