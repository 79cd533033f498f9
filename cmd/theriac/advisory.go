package main

import "github.com/spf13/cobra"

func newAdvisory() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "advisory",
		Short: "write, validate and publish security advisories (CSAF)",
		Long: `Advisory makes security advisories of the cases and decisions of a security file in the
Common Security Advisory Framework (CSAF 2.0), holds them against all tests of the
standard, and lays out the folder from which they are served. It writes the field safety
notice of a case as well.`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAdvisoryNew(), newAdvisoryValidate(), newAdvisoryPublish(), newAdvisoryNotice())
	return cmd
}
