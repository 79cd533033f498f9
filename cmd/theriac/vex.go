package main

import "github.com/spf13/cobra"

func newVEX() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vex",
		Short: "tell users and take from suppliers what is known about vulnerabilities (VEX)",
		Args:  unknownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newVEXExport(), newVEXImport())
	return cmd
}
