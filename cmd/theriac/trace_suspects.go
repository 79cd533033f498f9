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
		t.suspects(p, states)
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

// suspects shows the links by what they lead to, since one change makes many
// suspect.
func (t *tracer) suspects(p *page, states []trace.State) {
	var order []string
	groups := map[string][]trace.State{}
	for _, s := range states {
		head := t.heading(s)
		if groups[head] == nil {
			order = append(order, head)
		}
		groups[head] = append(groups[head], s)
	}
	for _, head := range order {
		p.text(0, head)
		for _, s := range groups[head] {
			file, line := t.placeOf(s)
			reviewed := ""
			if s.Line != nil {
				reviewed = fmt.Sprintf("  (%s, %s)", s.Line.Date, s.Line.By)
			}
			p.line(fmt.Sprintf("  %s:%d: %s %s%s", file, line, s.Source, says(s), reviewed))
		}
	}
}

// heading says what happened to the target of a link.
func (t *tracer) heading(s trace.State) string {
	switch {
	case s.Status == trace.Gone:
		return "Links that the file no longer states:"
	case s.Status == trace.Unreviewed:
		return "Links that nobody has reviewed:"
	case s.Whole():
		return "The " + s.Target + " of the file have changed since these were reviewed:"
	}
	return model.Label(s.To) + " has changed since these were reviewed:"
}

// says is a link in words.
func says(s trace.State) string {
	switch {
	case s.Whole():
		return "rests on the " + s.Target
	case s.From == nil:
		return s.Field + " " + s.Target
	}
	return trace.Says(s.From, s.Field) + " " + s.Target
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
