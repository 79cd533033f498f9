package main

import (
	"github.com/spf13/cobra"

	"theriac/schema"
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of the security file for editors",
		Long: `Schema prints the JSON Schema (draft 2020-12) of the YAML files of a security file.
Editors that know it complete keys and mark mistakes while you type. It knows shapes
and names; whether an id exists, and what is missing, only check can tell.`,
		Example: `  theriac schema > theriac.schema.json
  # and as the first line of a file:
  # yaml-language-server: $schema=theriac.schema.json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(schema.JSON())
			return err
		},
	}
}
