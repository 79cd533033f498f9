package main

import (
	"strings"

	"github.com/spf13/cobra"

	"theriac/catalog"
	"theriac/check/rules"
)

// complete offers fixed values for a flag in the shell.
func complete(cmd *cobra.Command, flag string, values []string) {
	register(cmd, flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

func register(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag does not exist
	}
}

// completeFolder lets the shell offer folders for the only argument.
func completeFolder(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeCodes offers the codes of the rules, with their titles, for flags that
// take several of them separated by commas.
func completeCodes(cmd *cobra.Command, flags ...string) {
	for _, flag := range flags {
		register(cmd, flag, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			before := typed[:strings.LastIndex(typed, ",")+1]
			var offers []string
			for _, r := range rules.All() {
				offers = append(offers, before+r.Code+"\t"+r.Title)
			}
			return offers, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		})
	}
}

// completeNames offers what can be explained.
func completeNames(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return names(catalog.Load()), cobra.ShellCompDirectiveNoFileComp
}
