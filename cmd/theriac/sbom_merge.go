package main

import (
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"theriac/sbom"
)

func newSBOMMerge() *cobra.Command {
	var target sbomTarget
	var name, version string
	cmd := &cobra.Command{
		Use:   "merge FILE...",
		Short: "make one bill of materials of several",
		Long: `Merge makes one list of several. Components with the same package URL, or without one
with the same group, name and version, become one where they stand in the same place:
hashes, licences, CPEs and links are united. What the lists say differently is told, and
the first is kept.

Where the lists are of different things, these become components. --name says what the
whole is, and depends on all of them.

Exit status: 0 merged, 1 merged, but something in the files could not be read, 2 the run
failed.`,
		Example: `  theriac sbom merge firmware.cdx.json app.spdx.json --name pump --version 1.4.0 -o pump.cdx.json`,
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := target.check(); err != nil {
				return err
			}
			if version != "" && name == "" {
				return errors.New("--version is that of --name")
			}
			var parts []*sbom.BOM
			for _, arg := range args {
				bom, err := openSBOM(cmd.Context(), cmd.InOrStdin(), arg)
				if err != nil {
					return err
				}
				if bom.Name == "" && bom.Subject == nil {
					bom.Name = filepath.Base(arg) // nothing of the machine
				}
				parts = append(parts, bom)
			}
			merged := mergeInto(parts, name, version)
			made, err := target.made()
			if err != nil {
				return err
			}
			merged.Created = made
			merged.Tools = sealed(merged.Tools)
			lost := tellProblems(cmd, "merge", merged)
			if err := target.write(cmd, merged); err != nil {
				return err
			}
			if lost {
				return errFindings
			}
			return nil
		},
	}
	target.add(cmd)
	cmd.Flags().StringVar(&name, "name", "", "`name` of the whole")
	cmd.Flags().StringVar(&version, "version", "", "`version` of the whole")
	return cmd
}

// mergeInto merges lists. A whole with a name of its own depends on what the lists
// are of, and on what stands alone in those that do not say.
func mergeInto(parts []*sbom.BOM, name, version string) *sbom.BOM {
	if name == "" {
		return sbom.Merge(parts...)
	}
	const ref = "urn:theriac:whole"
	whole := &sbom.BOM{
		Name: name, Format: parts[0].Format, Version: parts[0].Version,
		Subject: &sbom.Component{Ref: ref, Type: "device", Name: name, Version: version, Parent: -1},
	}
	merged := sbom.Merge(append([]*sbom.BOM{whole}, parts...)...)
	if merged.Subject == nil { // the first component, since the parts are of other things
		merged.Subject = &merged.Components[0]
		merged.Components = merged.Components[1:]
		for i := range merged.Components {
			if p := &merged.Components[i].Parent; *p >= 0 {
				*p--
			}
		}
	}
	merged.Depends[ref] = append(merged.Depends[ref], topOf(merged)...)
	return merged
}

// topOf are the components that stand in no other and on which no other depends.
func topOf(bom *sbom.BOM) []string {
	used := map[string]bool{}
	for _, on := range bom.Depends {
		for _, ref := range on {
			used[ref] = true
		}
	}
	var list []string
	for _, c := range bom.Components {
		if c.Parent < 0 && !used[c.Ref] {
			list = append(list, c.Ref)
		}
	}
	return list
}
