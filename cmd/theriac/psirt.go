package main

import (
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
)

func newPSIRT() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "psirt",
		Short: "handle reports and vulnerabilities as cases with time limits",
		Long: `A case is a vulnerability, report or incident from the moment when the manufacturer
became aware of it. Clocks run from then: those of MDR and IVDR, of other law where it
applies, and the manufacturer's own. docs/psirt.md says how days are counted.`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPSIRTList(), newPSIRTOpen(), newPSIRTShow(), newPSIRTStep(), newPSIRTAnswer(), newPSIRTClose(), newPSIRTCalendar(),
		newPSIRTImport(), newPSIRTPolicy(), newPSIRTDecide(), newPSIRTForm())
	return cmd
}

// psirtNow is the moment at which clocks are looked at: the last second of the day
// given, so that nothing of that day is missed, else that of SOURCE_DATE_EPOCH, else
// that of the clock.
func psirtNow(date string) (time.Time, error) {
	if date == "" {
		return moment(os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	}
	day, err := model.ParseDate(date)
	if err != nil {
		return time.Time{}, fmt.Errorf("--date: %w", err)
	}
	at, err := time.Parse(time.DateOnly, day.String())
	return at.Add(24*time.Hour - time.Second), err
}

const psirtDateHelp = "`day` at whose end (UTC) the clocks are read, as YYYY-MM-DD; without it now"

// momentFlag is the moment that a flag gives, in the offset that it was written with.
// Without one it is now, in the zone of the security file.
func momentFlag(flag, text string, zone *time.Location) (model.Moment, error) {
	if text == "" {
		now, err := psirtNow("")
		return model.MomentOf(now.In(zone)), err
	}
	m, err := model.ParseMoment(text)
	if err != nil {
		err = fmt.Errorf("--%s: %w", flag, err)
	}
	return m, err
}

// caseNamed finds a case by its id.
func caseNamed(file *model.File, id string) (*model.Case, error) {
	for _, c := range file.Cases {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, unknownName("case", id, idsOf(file.Cases))
}

// oneOf complains about a value of a flag that the language does not have.
func oneOf(flag, value string, values model.Values) error {
	for _, v := range values {
		if v.Name == value {
			return nil
		}
	}
	return badValue(flag, value, namesOf(values))
}

func completeCase(cmd *cobra.Command) {
	cmd.ValidArgsFunction = completeID(func(f *model.File) []string { return idsOf(f.Cases) })
}

// lawOf is what a clock rests on, for people.
func lawOf(clause string) string {
	if clause == "" {
		return "own limit"
	}
	return clause
}

// firstLine is the first line of a text.
func firstLine(s string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return first
}
