package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"theriac/model"
)

func newRelease() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "release",
		Short: "freeze, list and show releases of the product's software",
		Long: `Release freezes what is shipped: the artefacts by their digests, the list of
components, and the security file itself as a baseline. Evidence speaks of a release
by those digests.`,
		Example: `  theriac release create 1.4.0 pump --artefact build/pump-1.4.0.img --sbom build/sbom.json
  theriac release list pump
  theriac release show 1.4.0 pump`,
		Args: unknownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newReleaseCreate(), newReleaseRefreeze(), newReleaseList(), newReleaseShow())
	return cmd
}

// releaseNamed finds a release by its version or id.
func releaseNamed(f *model.File, name string) (*model.Release, error) {
	var names []string
	for _, r := range f.Releases {
		if r.Version == name || r.ID == name {
			return r, nil
		}
		names = append(names, r.Version)
	}
	return nil, unknownName("release", name, names)
}

// nameAndFolder takes the name and the folder of a command that has both.
func nameAndFolder(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 || len(args) > 2 {
			return fmt.Errorf("%s takes %s and a folder; see `%s --help`", cmd.Name(), what, cmd.CommandPath())
		}
		if len(args) == 2 && holdsSecurityFile(args[0]) && !holdsSecurityFile(args[1]) {
			return fmt.Errorf("%s comes first, then the folder", what)
		}
		return nil
	}
}
