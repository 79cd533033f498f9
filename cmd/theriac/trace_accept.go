package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

type acceptFlags struct {
	by    string
	date  string
	all   bool
	both  bool
	prune bool
}

func newTraceAccept() *cobra.Command {
	var flags acceptFlags
	cmd := &cobra.Command{
		Use:   "accept [DIR] --by ROLE {--all | ID...}",
		Short: "enter that links and derived threats were reviewed",
		Long: `Accept enters into ` + trace.ReviewFile + ` that somebody looked at links and found that what
they name still fits. It takes the links of the named entities that are suspect or
were never reviewed, with --both those that lead to them as well; with --all every
such link, and what the patterns derive of the architecture. A derived threat is
named PATTERN.ELEMENT. What was reviewed before and has not changed keeps its line.

Lines of links that the file no longer states go where one end is named, with --all
and with --prune; until then check reports them.

The first argument is the folder when there is a security file in it.`,
		Example: `  theriac trace accept pump --by "Head of development" vf-login rk-false-network
  theriac trace accept --by "Risk manager" --all --prune`,
		RunE: func(cmd *cobra.Command, args []string) error { return runAccept(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.by, "by", "", "`role` of the reviewer, as it stands in other records (required)")
	f.StringVar(&flags.date, "date", "", "`day` of the review, as YYYY-MM-DD; without it SOURCE_DATE_EPOCH or today")
	f.BoolVar(&flags.all, "all", false, "accept all links that are suspect, gone or were never reviewed, and all derived threats")
	f.BoolVar(&flags.both, "both", false, "accept links that lead to the named entities as well")
	f.BoolVar(&flags.prune, "prune", false, "drop the lines of all links that the file no longer states")
	return cmd
}

func runAccept(cmd *cobra.Command, args []string, flags acceptFlags) error {
	dirs, named := acceptArgs(args)
	switch {
	case flags.by == "":
		return fmt.Errorf("who reviewed it? Give the role with --by")
	case flags.all && len(named) > 0:
		return fmt.Errorf("accept takes ids or --all, not both")
	case !flags.all && len(named) == 0 && !flags.prune:
		return fmt.Errorf("accept what? Name ids, or use --all; `theriac trace suspects` lists what there is")
	}
	if err := trace.CheckBy(flags.by); err != nil {
		return fmt.Errorf("--by: %w", err)
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	file, dir, err := load(cmd.Context(), dirs)
	if err != nil {
		return err
	}
	reviews, err := readReviews(file)
	if err != nil {
		return err
	}
	c := choice{file: file, acceptFlags: flags, named: named, taken: map[string]bool{}}
	c.acceptance = trace.Acceptance{Date: day, By: flags.by, Prune: flags.prune}
	states := trace.Review(file, reviews)
	c.links(states)
	if err := c.derived(); err != nil {
		return err
	}
	if err := c.unknown(); err != nil {
		return err
	}
	text, err := trace.Accept(file, reviews, c.acceptance)
	if err != nil {
		return err
	}
	if string(reviews.Source.Text) != text {
		if err := writeFile(filepath.Join(dir, trace.ReviewFile), []byte(text)); err != nil {
			return err
		}
	}
	return c.report(cmd.OutOrStdout(), reviews, text)
}

// acceptArgs tells the folder, if any, from the ids behind it.
func acceptArgs(args []string) (dirs, named []string) {
	if len(args) > 0 {
		if holdsSecurityFile(args[0]) || strings.ContainsAny(args[0], `/\`) {
			return args[:1], args[1:]
		}
	}
	return nil, args
}

// choice collects what is to be accepted.
type choice struct {
	acceptFlags
	file       *model.File
	named      []string
	taken      map[string]bool // names of which something was found
	acceptance trace.Acceptance
}

func (c *choice) links(states []trace.State) {
	for _, s := range states {
		from, to := slices.Contains(c.named, s.Source), slices.Contains(c.named, s.Target)
		switch s.Status {
		case trace.Suspect, trace.Unreviewed:
			if c.all || from || c.both && to {
				c.acceptance.Links = append(c.acceptance.Links, s.Link)
			}
		case trace.Gone:
			if c.all || from || to { // one end may be gone, so that only the other can be named
				c.acceptance.Lost = append(c.acceptance.Lost, s.Link)
			}
		}
	}
}

// derived adds derived threats that were not accepted before, and drops those
// that are no longer derived once everything is accepted.
func (c *choice) derived() error {
	d, err := derive(c.file)
	if err != nil {
		return err
	}
	for _, t := range d.Threats {
		c.taken[t.ID()] = true
	}
	for _, t := range d.fresh {
		if c.all || slices.Contains(c.named, t.ID()) {
			c.acceptance.Derived = append(c.acceptance.Derived, [2]string{t.Pattern.ID, model.Of(t.Element).ID})
		}
	}
	for _, v := range d.vanished {
		if c.all || c.prune {
			c.acceptance.Vanished = append(c.acceptance.Vanished, [2]string{v.Pattern, v.Element})
		}
	}
	return nil
}

// unknown complains about a name that stands for nothing.
func (c *choice) unknown() error {
	for _, name := range c.named {
		if c.taken[name] || c.file.Lookup(name) != nil {
			continue
		}
		if s := diag.Suggest(name, allIDs(c.file)); s != "" {
			return fmt.Errorf("nothing has the id %q; did you mean %q?", name, s)
		}
		return fmt.Errorf("nothing has the id %q", name)
	}
	return nil
}

// report prints what was entered and what went.
func (c *choice) report(w io.Writer, before *trace.Reviews, text string) error {
	var b strings.Builder
	for _, l := range c.acceptance.Links {
		fmt.Fprintf(&b, "+ %s %s %s\n", l.Source, l.Field, l.Target)
	}
	for _, d := range c.acceptance.Derived {
		fmt.Fprintf(&b, "+ %s.%s\n", d[0], d[1])
	}
	after := trace.ParseReviews(trace.ReviewFile, []byte(text))
	for _, l := range before.Links {
		if !slices.ContainsFunc(after.Links, func(m trace.Reviewed) bool { return m.Link == l.Link }) {
			fmt.Fprintf(&b, "- %s %s %s\n", l.Source, l.Field, l.Target)
		}
	}
	for _, d := range before.Derived {
		if !slices.ContainsFunc(after.Derived, func(m trace.Derived) bool { return m.Pattern == d.Pattern && m.Element == d.Element }) {
			fmt.Fprintf(&b, "- %s.%s\n", d.Pattern, d.Element)
		}
	}
	fmt.Fprintf(&b, "%s and %s accepted\n", amount(len(c.acceptance.Links), "link"), amount(len(c.acceptance.Derived), "derived threat"))
	_, err := io.WriteString(w, b.String())
	return err
}
