package main

import "github.com/spf13/cobra"

func newVuln() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vuln",
		Short: "find known vulnerabilities in the software of the device",
		Long: `Vuln looks up the software of devices in a database of known vulnerabilities. The
database is one file, made from what others publish; a site without a network can
carry it.`,
		Example: `  theriac vuln db build --osv osv.zip --kev kev.json -o vuln.db
  theriac vuln db info vuln.db`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newVulnDB(), newVulnScan(), newVulnPortfolio())
	return cmd
}
