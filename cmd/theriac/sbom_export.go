package main

import (
	"github.com/spf13/cobra"
)

func newSBOMExport() *cobra.Command {
	var target sbomTarget
	cmd := &cobra.Command{
		Use:   "export FILE",
		Short: "write a bill of materials in another form",
		Long: `Export writes a bill of materials in another form. What the form has no place for is
told. A list of more than a million components and dependencies is refused. The document
is a new one: its serial number follows from its content. The time at which the list was
made is kept, unless --date is given or there is none.

Exit status: 0 written, 1 written, but something in the file could not be read, 2 the run
failed.`,
		Example: `  theriac sbom export image.spdx.json --format cyclonedx-1.6-json -o image.cdx.json
  theriac sbom export pump --format spdx-2.3-tag`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := target.check(); err != nil {
				return err
			}
			bom, err := openSBOM(cmd.Context(), cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			lost := tellProblems(cmd, args[0], bom)
			if bom.Created == "" || target.date != "" {
				if bom.Created, err = target.made(); err != nil {
					return err
				}
			}
			bom.Tools = sealed(bom.Tools)
			if err := target.write(cmd, bom); err != nil {
				return err
			}
			if lost {
				return errFindings
			}
			return nil
		},
	}
	target.add(cmd)
	return cmd
}
