package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"theriac/catalog"
	"theriac/check/rules"
	"theriac/model"
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

// completeID offers the ids of the security file in the current folder or above
// for the first argument, and folders for the second. The folder is not known yet
// when the id is typed.
func completeID(ids func(*model.File) []string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return completeFolder(nil, args[1:], "")
		}
		return idsAt(cmd, nil, ids)
	}
}

// completeFlagID offers ids for flags: those of the folder that is named, or of
// the current one.
func completeFlagID(cmd *cobra.Command, ids func(*model.File) []string, flags ...string) {
	for _, flag := range flags {
		register(cmd, flag, func(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return idsAt(cmd, args, ids)
		})
	}
}

// idsAt are ids of a security file, none where it cannot be read.
func idsAt(cmd *cobra.Command, args []string, ids func(*model.File) []string) ([]string, cobra.ShellCompDirective) {
	ctx := cmd.Context()
	if ctx == nil {
		ctx = context.Background() // the shell asks without running the command
	}
	file, _, err := load(ctx, args)
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return ids(file), cobra.ShellCompDirectiveNoFileComp
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
