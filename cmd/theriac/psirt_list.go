package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/psirt"
	"theriac/report"
)

type psirtListFlags struct {
	format, color, date string
	all                 bool
}

func newPSIRTList() *cobra.Command {
	var flags psirtListFlags
	cmd := &cobra.Command{
		Use:   "list [DIR...]",
		Short: "list the open cases by what is due next",
		Long: `List prints the open cases of one or more security files, the one with the next time
limit first, and what is left to do in each. A duty to report that nobody has answered
runs as if it applied.

Exit status: 0 nothing is overdue, 1 something is, 2 the run failed.`,
		Example: `  theriac psirt list pump
  theriac psirt list pump analyser --format json
  theriac psirt list pump --date 2026-11-30`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTList(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(riskFormats, ", "))
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	f.StringVar(&flags.date, "date", "", psirtDateHelp)
	f.BoolVar(&flags.all, "all", false, "list closed cases as well")
	complete(cmd, "format", riskFormats)
	complete(cmd, "color", colours)
	return cmd
}

func runPSIRTList(cmd *cobra.Command, args []string, flags psirtListFlags) error {
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
	dockets, err := docketsOf(cmd, args, now, flags.all)
	if err != nil {
		return err
	}
	if flags.format == "json" {
		err = docketsJSON(out, dockets, now)
	} else {
		p := newPage(s)
		listDockets(p, dockets)
		err = p.show(s, out)
	}
	if err == nil && slices.ContainsFunc(dockets, docket.overdue) {
		err = errFindings
	}
	return err
}

// docket is a case with its clocks.
type docket struct {
	file   *model.File
	zone   *time.Location
	c      *model.Case
	clocks []psirt.Clock
	agenda []psirt.Clock // those with something left to do
}

func newDocket(file *model.File, c *model.Case, now time.Time) docket {
	clocks := psirt.Clocks(file, c, now)
	return docket{file, psirt.Zone(file), c, clocks, psirt.Agenda(clocks)}
}

func (d docket) overdue() bool {
	return slices.ContainsFunc(d.agenda, func(k psirt.Clock) bool { return k.State == psirt.Overdue })
}

// next is when something is due next; zero where nothing has a time.
func (d docket) next() time.Time {
	if len(d.agenda) == 0 {
		return time.Time{}
	}
	return d.agenda[0].Due
}

// docketsOf reads the cases of folders, what is due next first.
func docketsOf(cmd *cobra.Command, args []string, now time.Time, all bool) ([]docket, error) {
	if len(args) == 0 {
		dir, err := folder(nil)
		if err != nil {
			return nil, err
		}
		args = []string{dir}
	}
	var dockets []docket
	for _, dir := range args {
		file, _, err := load(cmd.Context(), []string{dir})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		cases := psirt.OpenCases(file)
		if all {
			cases = file.Cases
		}
		for _, c := range cases {
			dockets = append(dockets, newDocket(file, c, now))
		}
	}
	slices.SortStableFunc(dockets, func(a, b docket) int {
		x, y := a.next(), b.next()
		switch {
		case x.IsZero() && y.IsZero():
			return 0
		case x.IsZero():
			return 1
		case y.IsZero():
			return -1
		}
		return x.Compare(y)
	})
	return dockets, nil
}

// stateStyle is the colour of a state that needs somebody.
func stateStyle(s psirt.State) lipgloss.Style {
	style := lipgloss.NewStyle()
	switch s {
	case psirt.Overdue:
		return style.Foreground(lipgloss.Red).Bold(true)
	case psirt.Late:
		return style.Foreground(lipgloss.Red)
	case psirt.DueSoon, psirt.Unanswered:
		return style.Foreground(lipgloss.Yellow)
	}
	return style
}

func listDockets(p *page, dockets []docket) {
	if len(dockets) == 0 {
		p.line("no open case")
		return
	}
	for i, d := range dockets {
		if i > 0 {
			p.line("")
		}
		p.title("%s: %s (%s)", d.c.ID, report.Clean(firstLine(titleOf(d.c))), report.Clean(d.file.Product.Name))
		if !d.c.Closed.IsZero() {
			p.line("  closed " + psirt.Show(d.c.Closed.Time(), d.zone))
		}
		clockTable(p, d.agenda, d.zone)
	}
}

// clockTable prints clocks, one line each.
func clockTable(p *page, clocks []psirt.Clock, zone *time.Location) {
	for _, k := range clocks {
		due := psirt.Show(k.Due, zone)
		switch {
		case k.State == psirt.NotApplicable:
			due = "-"
		case due == "":
			due = "without delay"
		}
		asked := ""
		if k.Asked && k.Open {
			asked = "; applies?"
		}
		state := p.style(stateStyle(k.State), fmt.Sprintf("%-14s", k.State))
		p.line(fmt.Sprintf("  %s  %-19s  %s (%s%s)", state, due, k.Name, lawOf(k.Clause), asked))
	}
}

// The types of docs/formats/psirt-json.md.

type clockJSON struct {
	Key      string   `json:"key"`
	Name     string   `json:"name"`
	Duty     string   `json:"duty,omitempty"`
	Step     string   `json:"step"`
	Clause   string   `json:"clause,omitempty"`
	Law      []string `json:"law"`
	State    string   `json:"state"`
	Open     bool     `json:"open"`
	Asked    bool     `json:"asked"`
	From     string   `json:"from"`
	Due      string   `json:"due,omitempty"`
	Extended string   `json:"extended,omitempty"`
	Done     string   `json:"done,omitempty"`
	How      string   `json:"how"`
}

type caseJSON struct {
	ID              string      `json:"id"`
	Title           string      `json:"title"`
	Product         string      `json:"product"`
	Source          string      `json:"source"`
	Severity        string      `json:"severity"`
	Aware           string      `json:"aware"`
	Closed          string      `json:"closed,omitempty"`
	Vulnerabilities []string    `json:"vulnerabilities"`
	Overdue         bool        `json:"overdue"`
	Clocks          []clockJSON `json:"clocks"`
}

type casesJSON struct {
	Now   string     `json:"now"`
	Cases []caseJSON `json:"cases"`
}

func docketsJSON(w io.Writer, dockets []docket, now time.Time) error {
	out := casesJSON{now.UTC().Format(time.RFC3339), []caseJSON{}}
	for _, d := range dockets {
		c := caseJSON{ID: d.c.ID, Title: titleOf(d.c), Product: d.file.Product.Name, Source: string(d.c.Source), Severity: d.c.Severity, Aware: d.c.Aware.String(),
			Closed: d.c.Closed.String(), Vulnerabilities: some(d.c.Vulnerabilities), Overdue: d.overdue(), Clocks: []clockJSON{}}
		for _, k := range d.clocks {
			c.Clocks = append(c.Clocks, clockJSON{k.Key, k.Name, string(k.Duty), string(k.Step), k.Clause, some(k.Law), string(k.State), k.Open, k.Asked && k.Open,
				stamp(k.From, d.zone), stamp(k.Due, d.zone), stamp(k.Extended, d.zone), k.Done.String(), k.How})
		}
		out.Cases = append(out.Cases, c)
	}
	return writeJSON(w, out)
}

// stamp is a time for machines, "" for none.
func stamp(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return t.In(zone).Format(time.RFC3339)
}
