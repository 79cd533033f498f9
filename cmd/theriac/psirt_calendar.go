package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/psirt"
)

func newPSIRTCalendar() *cobra.Command {
	var out, date string
	cmd := &cobra.Command{
		Use:   "calendar [DIR...]",
		Short: "write what is due into a calendar (iCalendar)",
		Long: `Calendar writes an event for each time limit of the open cases in which something is left
to do, with alarms. The same security files give the same bytes.`,
		Example: `  theriac psirt calendar pump analyser -o psirt.ics`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTCalendar(cmd, args, out, date) },
	}
	f := cmd.Flags()
	f.StringVarP(&out, "output", "o", "", "`file` to write (default: standard output)")
	f.StringVar(&date, "date", "", psirtDateHelp)
	return cmd
}

func runPSIRTCalendar(cmd *cobra.Command, args []string, out, date string) error {
	now, err := psirtNow(date)
	if err != nil {
		return err
	}
	dockets, err := docketsOf(cmd, args, now, false)
	if err != nil {
		return err
	}
	var entries []psirt.Entry
	for _, d := range dockets {
		for _, k := range d.agenda {
			p := d.file.Product
			entries = append(entries, psirt.Entry{Product: p.Name, Device: []string{p.UDIDI, p.Manufacturer.SRN, p.Manufacturer.Name}, Zone: d.zone, Clock: k})
		}
	}
	data, err := psirt.Calendar(entries)
	if err != nil {
		return err
	}
	if out == "" {
		_, err = cmd.OutOrStdout().Write(data)
		return err
	}
	if err := writeFile(out, data); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	return nil
}
