package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/model"
	"theriac/psirt"
)

type openFlags struct {
	title, source, aware, severity string
	description, releases, embargo string
	reporter, contact, reference   string
	vulnerabilities, components    []string
}

func newPSIRTOpen() *cobra.Command {
	var flags openFlags
	cmd := &cobra.Command{
		Use:   "open [DIR]",
		Short: "open a case",
		Long: `Open enters a case into the security file and prints its id and its clocks. Without
--aware the manufacturer is taken to have become aware now. Where anything fails,
nothing is changed.`,
		Example: `  theriac psirt open pump --title "OpenSSL reads past a buffer" --source advisory \
    --aware 2026-11-02T14:30:00+01:00 --severity high --vulnerability CVE-2026-12345`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runPSIRTOpen(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.title, "title", "", "`text` that names the case (required)")
	f.StringVar(&flags.source, "source", "", "`how` it came: advisory, reporter, customer, authority, internal, incident (required)")
	f.StringVar(&flags.aware, "aware", "", "`time` of awareness with its offset from UTC, for example 2026-11-02T14:30:00+01:00")
	f.StringVar(&flags.severity, "severity", "", "`level`: critical, high, medium, low")
	f.StringArrayVar(&flags.vulnerabilities, "vulnerability", nil, "`id` of a vulnerability; once for each")
	f.StringArrayVar(&flags.components, "component", nil, "`id` of a component; once for each")
	f.StringVar(&flags.description, "description", "", "`text` that says what happened (Markdown)")
	f.StringVar(&flags.releases, "releases", "", "`versions` of the product that are touched, for example <1.4.1")
	f.StringVar(&flags.reporter, "reporter", "", "`name` of who reported it")
	f.StringVar(&flags.contact, "contact", "", "`address` to which answers go")
	f.StringVar(&flags.reference, "reference", "", "`id` of the message or ticket")
	f.StringVar(&flags.embargo, "embargo", "", "`time` before which nothing is made public")
	complete(cmd, "source", namesOf(model.CaseSource("").Values()))
	complete(cmd, "severity", severityNames)
	return cmd
}

var severityNames = []string{"critical", "high", "medium", "low"}

func runPSIRTOpen(cmd *cobra.Command, args []string, flags openFlags) error {
	if flags.title == "" {
		return fmt.Errorf("what is it about? Name it with --title")
	}
	if err := oneOf("source", flags.source, model.CaseSource("").Values()); err != nil {
		return err
	}
	if flags.severity != "" && !slices.Contains(severityNames, flags.severity) {
		return badValue("severity", flags.severity, severityNames)
	}
	for _, id := range flags.vulnerabilities {
		if !psirt.WellFormed(id) {
			return fmt.Errorf("--vulnerability: %q has no form of an id that a database gives, for example CVE-2026-12345", id)
		}
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	zone := psirt.Zone(file)
	aware, err := momentFlag("aware", flags.aware, zone)
	if err != nil {
		return err
	}
	ids, err := newCaseIDs(cmd.Context(), file, zone)
	if err != nil {
		return err
	}
	body, err := flags.body(aware)
	if err != nil {
		return err
	}
	id := ids.next(aware.Time())
	again, err := appendCases(cmd.Context(), file, dir, []edit.Entity{{ID: id, Body: body}})
	if err != nil {
		return err
	}
	return tellOpened(cmd, again, id)
}

// body is the case as an entry of the security file.
func (flags openFlags) body(aware model.Moment) (edit.Map, error) {
	var s, reporter entryBody
	s.text("title", flags.title)
	s.text("source", flags.source)
	s.text("aware", aware.String())
	s.text("severity", flags.severity)
	s.texts("vulnerabilities", flags.vulnerabilities)
	s.texts("components", flags.components)
	s.text("releases", flags.releases)
	s.text("description", flags.description)
	reporter.text("name", flags.reporter)
	reporter.text("contact", flags.contact)
	reporter.text("reference", flags.reference)
	s.fields("reporter", reporter.Map)
	if flags.embargo != "" {
		until, err := model.ParseMoment(flags.embargo)
		if err != nil {
			return nil, fmt.Errorf("--embargo: %w", err)
		}
		s.text("embargo", until.String())
	}
	return s.Map, nil
}

// tellOpened prints a new case with what is due in it.
func tellOpened(cmd *cobra.Command, file *model.File, id string) error {
	c, err := caseNamed(file, id)
	if err != nil {
		return err
	}
	now, err := psirtNow("")
	if err != nil {
		return err
	}
	p := newPage(screen{})
	listDockets(p, []docket{newDocket(file, c, now)})
	return p.show(screen{}, cmd.OutOrStdout())
}
