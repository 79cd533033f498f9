package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"theriac/report"
	"theriac/vuln"
	"theriac/vuln/feed"
	"theriac/vuln/match"
	"theriac/vuln/portfolio"
)

// The types of docs/formats/vuln-portfolio-json.md, of questions.

type concernedJSON struct {
	Date     string                 `json:"date,omitempty"` // of the state
	Advisory []string               `json:"advisory,omitempty"`
	Contains string                 `json:"contains,omitempty"`
	Below    string                 `json:"below,omitempty"`
	Found    []concernedOneJSON     `json:"found"`
	Unread   []portfolioProductJSON `json:"unread,omitempty"` // bills that could not be read: they may have it
}

type concernedOneJSON struct {
	PURL      string                 `json:"purl"`
	Component string                 `json:"component"`
	Version   string                 `json:"version"`
	ID        string                 `json:"id,omitempty"`
	Range     string                 `json:"range,omitempty"`
	Fixed     []string               `json:"fixed,omitempty"`
	Severity  string                 `json:"severity,omitempty"`
	Known     bool                   `json:"known,omitempty"` // found already by the run that the state keeps
	Unsure    string                 `json:"unsure,omitempty"`
	Why       string                 `json:"why,omitempty"`
	Products  []portfolioProductJSON `json:"products"`
}

// portfolioAdvisory holds a new advisory against the state of a run.
func portfolioAdvisory(cmd *cobra.Command, args []string, flags vulnPortfolioFlags, show screen) error {
	switch {
	case flags.state == "":
		return errors.New("--advisory is held against the state of a run: name it with --state")
	case len(args) > 0 || flags.db != "" || flags.since != "" || flags.contains != "":
		return errors.New("--advisory goes with --state alone")
	}
	clones, err := clonesOf(cmd.Context(), flags.clones)
	if err != nil {
		return err
	}
	records, err := newAdvisoryOf(cmd.Context(), flags.advisory)
	if err != nil {
		return err
	}
	x, err := portfolio.OpenIndex(flags.state)
	if err != nil {
		return err
	}
	defer x.Close()
	bills, err := x.Bills()
	if err != nil {
		return fmt.Errorf("%s: %w", flags.state, err)
	}
	touched, err := x.Advisory(records, len(bills), match.Options{Ancestor: clones})
	if err != nil {
		return fmt.Errorf("%s: %w", flags.state, err)
	}
	result := concernedJSON{Date: x.About.Day, Found: []concernedOneJSON{}}
	for _, r := range records {
		result.Advisory = append(result.Advisory, r.ID)
	}
	for _, t := range touched {
		one := concernedOneJSON{
			PURL: t.PURL, Component: t.Name, Version: t.Version, ID: t.ID, Range: t.Range, Fixed: t.Fixed, Severity: t.Severity.Word,
			Known: t.Known, Why: t.Why, Products: productsJSON(bills, t.Bills),
		}
		if t.Unsure {
			one.Unsure = t.Why
		}
		result.Found = append(result.Found, one)
	}
	return tellConcerned(cmd, flags, show, result)
}

// newAdvisoryOf reads a file with an advisory in the form of OSV or CSAF.
func newAdvisoryOf(ctx context.Context, name string) ([]vuln.Record, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	start, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, err
	}
	read := feed.OSV
	if bytes.Contains(start, []byte(`"csaf_version"`)) {
		read = feed.CSAF
	}
	var records []vuln.Record
	stats, err := read(ctx, name, func(r *vuln.Record) error {
		records = append(records, *r)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case len(records) > 0:
		return records, nil
	case len(stats.Examples) > 0:
		return nil, fmt.Errorf("--advisory %s: %s", name, stats.Examples[0])
	}
	return nil, fmt.Errorf("--advisory %s: there is no advisory in it", name)
}

// portfolioContains tells which devices have a component.
func portfolioContains(cmd *cobra.Command, args []string, flags vulnPortfolioFlags, show screen) error {
	if flags.since != "" || flags.db != "" {
		return errors.New("--contains needs no --db and no --since")
	}
	state, err := listState(cmd.Context(), args, flags)
	if err != nil {
		return err
	}
	result := concernedJSON{Date: state.Day, Contains: flags.contains, Below: flags.version, Found: []concernedOneJSON{}}
	for _, h := range state.Containing(flags.contains, flags.version) {
		result.Found = append(result.Found, concernedOneJSON{
			PURL: h.Component.PURL, Component: h.Component.Name, Version: h.Version, Unsure: h.Unsure, Products: productsJSON(state.Bills, h.Bills),
		})
	}
	for _, b := range state.Bills {
		if b.Problem != "" {
			result.Unread = append(result.Unread, portfolioProductJSON{b.Product, b.Release})
			fmt.Fprintf(cmd.ErrOrStderr(), "theriac: %s: %s\n", report.Clean(b.Name()), report.Clean(oneLine(b.Problem)))
		}
	}
	return tellConcerned(cmd, flags, show, result)
}

// tellConcerned prints which devices are concerned, and ends with findings where any is
// or may be.
func tellConcerned(cmd *cobra.Command, flags vulnPortfolioFlags, show screen, result concernedJSON) error {
	if flags.format == "json" {
		if err := writeJSON(cmd.OutOrStdout(), result); err != nil {
			return err
		}
	} else if err := concernedText(result, show).show(show, cmd.OutOrStdout()); err != nil {
		return err
	}
	if len(result.Found)+len(result.Unread) > 0 {
		return errFindings
	}
	return nil
}

func concernedText(result concernedJSON, show screen) *page {
	p := newPage(show)
	if result.Date != "" {
		p.line("The state is of " + dataDay(result.Date) + ".")
	}
	if len(result.Found) == 0 {
		p.line("No device is concerned" + map[bool]string{true: ", as far as could be read", false: ""}[len(result.Unread) > 0] + ".")
		return p
	}
	rows := [][]string{{"COMPONENT", "ID", "SEVERITY", "FIXED IN", "NOTE", "WHERE"}}
	for _, f := range result.Found {
		note := cutText(f.Unsure, 60)
		if f.Known {
			note = "known"
		}
		var names []string
		for _, d := range f.Products {
			names = append(names, (&portfolio.Bill{Product: d.Product, Release: d.Release}).Name())
		}
		fixed := ""
		if len(f.Fixed) > 0 {
			fixed = cutText(f.Fixed[0], 24)
		}
		rows = append(rows, []string{cutText(f.Component+" "+f.Version, 48), cutText(f.ID, 32), f.Severity, fixed, note, shownNames(names)})
	}
	if result.Contains != "" {
		for i := range rows {
			rows[i] = []string{rows[i][0], rows[i][4], rows[i][5]}
		}
	}
	p.table(rows)
	return p
}
