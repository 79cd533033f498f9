package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/vuln/match"
	"theriac/vuln/portfolio"
)

type vulnPortfolioFlags struct {
	db, format, date, maxAge, color           string
	sboms, clones                             []string
	all                                       bool
	state, since, advisory, contains, version string
	trusted                                   trustFlags
}

var vulnPortfolioForms = []string{"text", "json"}

func newVulnPortfolio() *cobra.Command {
	var flags vulnPortfolioFlags
	cmd := &cobra.Command{
		Use:   "portfolio [DIR|SBOM...]",
		Short: "watch the releases of all products at once",
		Long: `Portfolio looks for security files in folders and scans the bill of materials of
every release in the field: those that are out and that no entry under deployments:
calls withdrawn. What is left out is named with its reason. Findings are listed once, with the products and releases
that have them, and how they stand by the decisions of each. Bills of materials that
belong to no security file are taken as well: those named, and those with a name as
--sbom says, at any depth.

With --state the run is kept in a file. A later one tells with --since FILE what
changed from it: findings that are new, gone or open again, listed as exploited since
(KEV), or more likely to be (EPSS, by the limits of each security file), and components
of which support ended; with --since DATE, which findings were first seen
since that day. A new advisory is held against the kept state in milliseconds.

Exit status: 0 nothing waits for a decision, or with --since nothing new does; 1
findings, or a bill of materials that cannot be read or that nobody watches; 2 the run
failed. With --contains and --advisory 1 says that some device is concerned.`,
		Example: `  theriac vuln portfolio --db vuln.db products                          all that waits for a decision
  theriac vuln portfolio --db vuln.db products --state day --since day  every night: what is new
  theriac vuln portfolio --state day --advisory GHSA-xxxx.json          who is concerned by this
  theriac vuln portfolio products --contains pkg:deb/debian/openssl --below 3.0.17`,
		RunE: func(cmd *cobra.Command, args []string) error { return vulnPortfolio(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.db, "db", "", "`file` with the advisories")
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: text, json")
	f.StringArrayVar(&flags.sboms, "sbom", nil, "`pattern` of names of bills of materials that are no release of a security file; left out: the usual names")
	f.StringVar(&flags.state, "state", "", "`file` that keeps the run")
	f.StringVar(&flags.since, "since", "", "`file` of an earlier run, or day as YYYY-MM-DD: tell what changed")
	f.StringVar(&flags.advisory, "advisory", "", "`file` with a new advisory (OSV or CSAF) to hold against the state")
	f.StringVar(&flags.contains, "contains", "", "`component` to look for, as package URL without version; * matches any characters")
	f.StringVar(&flags.version, "below", "", "with --contains: only a `version` before this one")
	f.StringArrayVar(&flags.clones, "clone", nil, "`REPOSITORY=DIR`: clone whose history decides about commits")
	f.BoolVar(&flags.all, "all", false, "look at withdrawn releases as well")
	f.StringVar(&flags.date, "date", "", "`day` on which releases are out and data are judged, as YYYY-MM-DD")
	f.StringVar(&flags.maxAge, "max-age", "", "`days` that data may be old before that is a gap, or with a unit, for example \"1 week\"; left out: what each security file says, else 7")
	f.StringVar(&flags.color, "color", "auto", "colours: auto, always, never")
	flags.trusted.add(cmd)
	complete(cmd, "format", vulnPortfolioForms)
	complete(cmd, "color", colours)
	return cmd
}

func vulnPortfolio(cmd *cobra.Command, args []string, flags vulnPortfolioFlags) error {
	if !slices.Contains(vulnPortfolioForms, flags.format) {
		return badValue("format", flags.format, vulnPortfolioForms)
	}
	show, err := screenOf(flags.color, cmd.OutOrStdout(), os.Environ())
	if err != nil {
		return err
	}
	switch {
	case flags.version != "" && flags.contains == "":
		return errors.New("--below goes with --contains")
	case flags.advisory != "":
		return portfolioAdvisory(cmd, args, flags, show)
	case flags.contains != "":
		return portfolioContains(cmd, args, flags, show)
	case len(args) == 0:
		return errors.New("name the folders of the products, or bills of materials")
	case flags.db == "":
		return errors.New("--db: name the file with the advisories")
	}
	w, err := watchPortfolio(cmd, args, flags)
	if err != nil {
		return err
	}
	if flags.format == "json" {
		err = writeJSON(cmd.OutOrStdout(), w.json())
	} else {
		err = w.text(cmd.OutOrStdout(), show)
	}
	if err == nil && flags.state != "" {
		err = keepState(flags.state, w.state)
	}
	if err == nil && w.pressing() {
		err = errFindings
	}
	return err
}

// portfolioRun is a run over a portfolio with what it rests on.
type portfolioRun struct {
	*scanned // status, gaps and age of the data as a whole
	state    *portfolio.State
	compared bool
	changes  []portfolio.Change
	fresh    []*portfolio.Finding // with a day to compare with: first seen since
	since    string
}

// pressing reports whether somebody has to look at something.
func (w *portfolioRun) pressing() bool {
	if failedBills(w.state.Bills) > 0 {
		return true
	}
	if w.compared {
		return len(w.fresh) > 0 || slices.ContainsFunc(w.changes, func(c portfolio.Change) bool { return c.Kind.Pressing() })
	}
	return slices.ContainsFunc(w.state.Findings, func(f portfolio.Finding) bool { return f.Waits() })
}

// watchPortfolio scans all releases and compares them with an earlier run.
func watchPortfolio(cmd *cobra.Command, args []string, flags vulnPortfolioFlags) (*portfolioRun, error) {
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	before, sinceDay, err := earlier(flags.since)
	if err != nil {
		return nil, err
	}
	kept, err := keptState(flags.state, before)
	if err != nil {
		return nil, err
	}
	if _, err := maxDataAge(flags.maxAge, &scanInput{}); err != nil {
		return nil, err
	}
	clones, err := clonesOf(cmd.Context(), flags.clones)
	if err != nil {
		return nil, err
	}
	db, err := flags.trusted.open(flags.db)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	info, err := db.Info()
	if err != nil {
		return nil, err
	}
	found, err := portfolioSources(cmd.Context(), args, flags, day)
	if err != nil {
		return nil, err
	}
	limits, err := found.limits(flags.maxAge)
	if err != nil {
		return nil, err
	}
	tell, clear := portfolioProgress(cmd, len(found.sources))
	state, err := portfolio.Scan(found.sources, match.NewMatcher(portfolio.Once(db), match.Options{Ancestor: clones}), tell)
	clear()
	if err != nil {
		return nil, err
	}
	state.Day, state.Database, state.LeftOut = day.String(), info.Digest, found.leftOut
	for _, e := range info.Ecosystems {
		state.Ecosystems = append(state.Ecosystems, e.Name)
	}
	state.Remember(cmp.Or(kept, before))
	w := &portfolioRun{state: state, since: flags.since, scanned: &scanned{
		Result: &match.Result{Status: statusOfAll(state.Bills, found.gaps), Gaps: found.gaps}, info: info, day: day,
	}}
	w.judgeAge(limits)
	switch {
	case before != nil:
		w.compared, w.changes = true, state.Since(before)
	case sinceDay != "":
		w.compared, w.fresh = true, state.From(sinceDay)
	}
	return w, nil
}

// failedBills counts bills of which nothing is watched.
func failedBills(bills []portfolio.Bill) (n int) {
	for _, b := range bills {
		if match.Status(b.Status) == match.Failed {
			n++
		}
	}
	return n
}

// statusOfAll is how much of a portfolio was watched.
func statusOfAll(bills []portfolio.Bill, gaps []string) match.Status {
	whole := 0
	for _, b := range bills {
		if match.Status(b.Status) == match.Complete {
			whole++
		}
	}
	switch {
	case failedBills(bills) == len(bills):
		return match.Failed
	case whole < len(bills) || len(gaps) > 0:
		return match.WithGaps
	}
	return match.Complete
}

// earlier reads what --since names: the file of a run, or a day.
func earlier(since string) (state *portfolio.State, day string, err error) {
	if since == "" {
		return nil, "", nil
	}
	if d, err := model.ParseDate(since); err == nil {
		return nil, d.String(), nil
	}
	state, err = portfolio.ReadState(since)
	if errors.Is(err, os.ErrNotExist) {
		err = fmt.Errorf("--since: %w; the first run makes one with --state, without --since", err)
	}
	return state, "", err
}

// keptState reads the state that this run takes the place of, for the days on which
// findings were first seen. There need not be one.
func keptState(name string, before *portfolio.State) (*portfolio.State, error) {
	if name == "" || before != nil {
		return nil, nil
	}
	state, err := portfolio.ReadState(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--state: %w; mend it, or remove it to begin anew", err)
	}
	return state, nil
}

func keepState(name string, state *portfolio.State) error {
	text, err := portfolio.Encode(state)
	if err != nil {
		return err
	}
	return writeFile(name, text)
}

// portfolioProgress tells on a terminal how many bills are done.
func portfolioProgress(cmd *cobra.Command, all int) (tell func(int), clear func()) {
	talk := cmd.ErrOrStderr()
	if !terminal(talk) {
		return nil, func() {}
	}
	return func(done int) { fmt.Fprintf(talk, "\r%d of %s", done, amount(all, "bill")) }, func() { fmt.Fprint(talk, "\r\x1b[K") }
}

// listState gives the components of what was named, or of the state that was kept.
func listState(ctx context.Context, args []string, flags vulnPortfolioFlags) (*portfolio.State, error) {
	if len(args) == 0 {
		if flags.state == "" {
			return nil, errors.New("name the folders of the products, bills of materials, or the state of a run (--state)")
		}
		return portfolio.ReadState(flags.state)
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	found, err := portfolioSources(ctx, args, flags, day)
	if err != nil {
		return nil, err
	}
	state, err := portfolio.Scan(found.sources, nil, nil)
	if err == nil {
		state.LeftOut = found.leftOut
	}
	return state, err
}
