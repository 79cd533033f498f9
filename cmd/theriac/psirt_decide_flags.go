package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// decideModes are the flags that say where decisions come from, with those that count
// beside each. Without any of them all flags count.
var decideModes = []struct {
	flag, shown string
	beside      []string
}{
	{"renew", "--renew", []string{"expires", "date", "format", "preview"}},
	{"rule", "--rule", []string{"govulncheck", "by", "release", "to", "date", "format", "all", "preview"}},
	{"govulncheck", "--govulncheck without --status", []string{"by", "reason", "expires", "release", "to", "date", "format", "all", "preview"}},
}

// idleFlag complains about a flag that would be without effect: what it was to leave out
// would be decided as well.
func idleFlag(cmd *cobra.Command) error {
	for _, mode := range decideModes {
		if !cmd.Flags().Changed(mode.flag) || mode.flag == "govulncheck" && cmd.Flags().Changed("status") {
			continue
		}
		var idle string
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if idle == "" && f.Name != mode.flag && !slices.Contains(mode.beside, f.Name) && cmd.InheritedFlags().Lookup(f.Name) == nil {
				idle = f.Name
			}
		})
		if idle != "" {
			return fmt.Errorf("--%s says nothing beside %s; leave one of them out", idle, mode.shown)
		}
		return nil
	}
	return nil
}
