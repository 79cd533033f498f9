package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/change"
	"theriac/model"
)

type diffFlags struct {
	format   string
	color    string
	variant  string
	all      bool
	exitCode bool
}

var diffFormats = []string{"text", "markdown", "json"}

func newDiff() *cobra.Command {
	var flags diffFlags
	cmd := &cobra.Command{
		Use:   "diff A..B [DIR]",
		Short: "say what changed between two states of a security file, and what it means",
		Long: `Diff compares two states of the security file in DIR and explains the difference: what
became reachable, weaker or riskier, which threats are new, which verification has to
be repeated, which documents and links have to be looked at again, and by which
criteria the change may be significant. Comments, formatting, notes, order and the
division into files make no difference.

A and B are each a baseline (see baseline), a git revision, or nothing for the
working folder: before.. or before alone compares a baseline with the working folder,
main..HEAD two revisions. Where a name is both, the baseline is meant; git:NAME and
baseline:NAME say which.

Whether a change is significant is for people to decide. What the report says is
help, with the reasons; it is no verdict.

Exit status: 0 compared, 1 with --exit-code where something changed, 2 the run failed.`,
		Example: `  theriac diff before.. pump
  theriac diff main.. pump --format markdown
  theriac diff v1.3..v1.4 pump --all
  theriac diff HEAD.. pump --exit-code`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 || len(args) > 2 {
				return fmt.Errorf("diff takes two states as A..B and a folder; see `theriac diff --help`")
			}
			return nil
		},
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return completeFolder(nil, args[1:], "")
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runDiff(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(diffFormats, ", "))
	f.BoolVar(&flags.all, "all", false, "show all items, details, fields and questions")
	f.BoolVar(&flags.exitCode, "exit-code", false, "exit with 1 when something changed")
	f.StringVar(&flags.variant, "variant", "", "compare only the variant with this `id`; without it the product and all variants are compared")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", diffFormats)
	complete(cmd, "color", colours)
	return cmd
}

func runDiff(cmd *cobra.Command, args []string, flags diffFlags) (err error) {
	if !slices.Contains(diffFormats, flags.format) {
		return badValue("format", flags.format, diffFormats)
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	d, err := compareStates(cmd.Context(), args, flags.variant)
	if err != nil {
		return err
	}
	d.all = flags.all
	switch flags.format {
	case "json":
		err = d.json(out)
	case "markdown":
		err = d.markdown(out)
	default:
		p := newPage(s)
		d.text(p)
		err = p.show(s, out)
	}
	if err == nil && flags.exitCode && !d.Empty() {
		err = errFindings
	}
	return err
}

// difference is a comparison with what a reader wants to know about the states.
type difference struct {
	*change.Comparison

	product       string
	before, after *change.State
	notes         []string
	all           bool
}

// compareStates opens, loads and compares the states that a range names.
func compareStates(ctx context.Context, args []string, variant string) (d *difference, err error) {
	dir, err := folder(args[1:])
	if err != nil {
		return nil, err
	}
	a, b, err := change.ParseRange(args[0])
	if err != nil {
		return nil, err
	}
	before, err := change.Open(ctx, dir, a)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, before.Close()) }()
	after, err := change.Open(ctx, dir, b)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, after.Close()) }()
	d = &difference{before: before, after: after}
	if d.Comparison, err = compareVariant(ctx, d, variant); err != nil {
		return nil, err
	}
	if variant == "" {
		if err = compareVariants(ctx, d); err != nil {
			return nil, err
		}
	}
	d.product = d.After.File.Product.Name
	d.notes = slices.Concat(d.before.Notes, d.after.Notes)
	return d, nil
}

func compareVariant(ctx context.Context, d *difference, variant string) (*change.Comparison, error) {
	before, err := d.before.Load(ctx, variant)
	if err != nil {
		return nil, err
	}
	after, err := d.after.Load(ctx, variant)
	if err != nil {
		return nil, err
	}
	if names := variantsOf(before.File, after.File); variant != "" && !slices.Contains(names, variant) {
		return nil, unknownName("variant", variant, names)
	}
	if err := d.signed(ctx, before, after); err != nil {
		return nil, err
	}
	return change.Compare(before, after), nil
}

// compareVariants adds what differs only in variants.
func compareVariants(ctx context.Context, d *difference) error {
	for _, v := range variantsOf(d.Before.File, d.After.File) {
		of, err := compareVariant(ctx, d, v)
		if err != nil {
			return err
		}
		d.Absorb(v, of)
	}
	return nil
}

// variantsOf names the variants that any of the files declares.
func variantsOf(files ...*model.File) []string {
	var names []string
	for _, f := range files {
		for _, v := range f.Variants {
			if !slices.Contains(names, v.ID) {
				names = append(names, v.ID)
			}
		}
	}
	return names
}
