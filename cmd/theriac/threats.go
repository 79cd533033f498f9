package main

import (
	"github.com/spf13/cobra"
)

func newThreats() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "threats",
		Short: "derive threats from the architecture and follow attack paths",
		Long: `Threats derives from the architecture what may go wrong, and says which of it the
security file answers; it lists the patterns from which threats are derived; and it
finds the paths that lead from outside to what patients depend on.`,
		Example: `  theriac threats derive pump
  theriac threats derive pump --write
  theriac threats patterns --on interface
  theriac threats paths pump`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newThreatsDerive(), newThreatsPatterns(), newThreatsPaths())
	return cmd
}
