package main

import "github.com/spf13/cobra"

func newRisk() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "risk",
		Short: "list, show, export and import security risks",
		Long: `Risk shows the security risks of the file as its method rates them, before and after
controls, and exchanges them with the spreadsheets of the safety team.`,
		Example: `  theriac risk list pump
  theriac risk show rk-false-network pump
  theriac risk export pump -o risks.xlsx
  theriac risk import risks.xlsx pump --dry-run
  theriac risk rubric`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRiskList(), newRiskShow(), newRiskExport(), newRiskImport(), newRiskRubric())
	return cmd
}
