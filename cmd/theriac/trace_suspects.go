package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"theriac/check"
	"theriac/model"
	"theriac/trace"
)

func newTraceSuspects() *cobra.Command {
	var flags traceFlags
	var all bool
	cmd := &cobra.Command{
		Use:   "suspects [DIR]",
		Short: "list links whose target changed since somebody looked at it",
		Long: `Suspects compares each link of the chain with what was reviewed: a link is suspect
when what it names has changed since. Formatting, comments and notes are no change.
It also lists lines of ` + trace.ReviewFile + ` whose link is gone, and counts the links that
nobody has reviewed; --unreviewed lists them.

Exit status: 0 no suspect links, 1 suspect links or, with --unreviewed, unreviewed
ones, 2 the run failed.`,
		Example:           "  theriac trace suspects pump\n  theriac trace suspects pump --unreviewed",
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runSuspects(cmd, args, flags, all) },
	}
	cmd.Flags().BoolVar(&all, "unreviewed", false, "list links that nobody has reviewed as well")
	traceOutput(cmd, &flags)
	return cmd
}

func runSuspects(cmd *cobra.Command, args []string, flags traceFlags, all bool) error {
	t, err := flags.tracer(cmd)
	if err != nil {
		return err
	}
	if t.file, t.dir, err = load(cmd.Context(), args); err != nil {
		return err
	}
	if t.reviews, err = readReviews(t.file); err != nil {
		return err
	}
	states := trace.Review(t.file, t.reviews)
	count := map[trace.Status]int{}
	for _, s := range states {
		count[s.Status]++
	}
	states = slices.DeleteFunc(states, func(s trace.State) bool {
		return s.Status == trace.Current || s.Status == trace.Unreviewed && !all
	})
	if t.json {
		err = t.suspectsJSON(states)
	} else {
		p := newPage(t.screen)
		for _, s := range states {
			t.suspect(p, s)
		}
		p.line(fmt.Sprintf("%s: %d suspect, %d unreviewed, %d reviewed and unchanged; %s of links that are gone",
			amount(count[trace.Suspect]+count[trace.Unreviewed]+count[trace.Current], "link"),
			count[trace.Suspect], count[trace.Unreviewed], count[trace.Current], amount(count[trace.Gone], "review")))
		err = p.show(t.screen, t.out)
	}
	if err == nil && (count[trace.Suspect] > 0 || all && count[trace.Unreviewed] > 0) {
		err = errFindings
	}
	return err
}

// suspect shows one link.
func (t *tracer) suspect(p *page, s trace.State) {
	file, line := t.placeOf(s)
	p.item(0, fmt.Sprintf("%s:%d: ", file, line), fmt.Sprintf("%s: %s %s %s", s.Status, s.Source, s.Field, s.Target))
	switch s.Status {
	case trace.Suspect:
		changed := "the " + s.Target + " of the file have changed"
		if !s.Whole() {
			changed = model.Label(s.To) + " has changed"
		}
		p.text(4, fmt.Sprintf("%s since %s reviewed it on %s", changed, s.Line.By, s.Line.Date))
	case trace.Gone:
		p.text(4, fmt.Sprintf("the file no longer says so; reviewed by %s on %s", s.Line.By, s.Line.Date))
	}
}

func (t *tracer) suspectsJSON(states []trace.State) error {
	list := []suspectJSON{}
	for _, s := range states {
		out := suspectJSON{Source: s.Source, Field: s.Field, Target: s.Target, Status: string(s.Status)}
		if s.Line != nil {
			out.Date, out.By = s.Line.Date.String(), s.Line.By
		}
		out.File, out.Line = t.placeOf(s)
		list = append(list, out)
	}
	return t.print(list)
}

// placeOf is where the link stands; of one that is gone, where its review does.
func (t *tracer) placeOf(s trace.State) (file string, line int) {
	if s.From == nil {
		return t.reviews.Source.Path, s.Line.Line
	}
	span := check.Place(s.From, s.At)
	return span.Path(), span.Line
}
