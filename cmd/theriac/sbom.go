package main

import "github.com/spf13/cobra"

func newSBOM() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sbom",
		Short: "read, compare and judge bills of materials (SBOM)",
		Long: `SBOM works on bills of materials: CycloneDX 1.2 to 1.7 (JSON, XML), SPDX 2.1 to 2.3
(JSON, tag-value) and SPDX 3.0 (JSON). Where a folder with a security file is named in
place of a file, the bill of materials of its newest release is meant.`,
		Example: `  theriac sbom import rootfs -o image.cdx.json      what is installed in an image
  theriac sbom quality image.cdx.json               what is missing in a list
  theriac sbom diff old.cdx.json new.cdx.json       what changed`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSBOMShow(), newSBOMDiff(), newSBOMMerge(), newSBOMQuality(), newSBOMExport(), newSBOMImport(), newSBOMSoup())
	return cmd
}
