package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/check"
	"theriac/edit"
	"theriac/model"
)

type soupFlags struct {
	group, to, date string
	write           bool
}

func newSBOMSoup() *cobra.Command {
	var flags soupFlags
	cmd := &cobra.Command{
		Use:   "soup [DIR]",
		Short: "propose SOUP items for components that the security file does not have",
		Long: `Soup compares the bill of materials of the current release with the components of the
security file and prints entries of type soup for what none of them stands for. With
--write they are added to the security file, in place; comments and everything else stay
as they are.

One entry stands for all packages that were built from one source package, with
--group package for one package, with --group ecosystem for all of one kind (Debian, npm,
cargo ...). Packages are named one by one and never by a pattern, so that what a later
release adds is proposed again.

What a bill of materials does not say is left for you: until when each item is supported,
who watches it, what it does in the device.

Exit status: 0 nothing to propose or written, 1 entries are proposed, 2 the run failed.`,
		Example: `  theriac sbom soup pump
  theriac sbom soup pump --group ecosystem
  theriac sbom soup pump --write --to architecture/soup.yaml`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runSBOMSoup(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.group, "group", "source", "what one entry stands `for`: "+strings.Join(soupGroups, ", "))
	f.BoolVar(&flags.write, "write", false, "add the entries to the security file")
	f.StringVar(&flags.to, "to", "", "with --write, the `file` below DIR to add them to; without it the one that holds most components")
	f.StringVar(&flags.date, "date", "", "`day` that decides which release is current, as YYYY-MM-DD")
	complete(cmd, "group", soupGroups)
	return cmd
}

func runSBOMSoup(cmd *cobra.Command, args []string, flags soupFlags) error {
	switch {
	case !slices.Contains(soupGroups, flags.group):
		return badValue("group", flags.group, soupGroups)
	case flags.to != "" && (!flags.write || !model.IsYAML(flags.to) || !filepath.IsLocal(flags.to)):
		return errors.New("--to needs --write and a .yaml file below the security file")
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	bill, err := currentBill(file, dir, day)
	if err != nil {
		return err
	}
	talk := plainText{cmd.ErrOrStderr()}
	if bill.State == check.BillPartial {
		fmt.Fprintf(talk, "theriac: %s\n", bill.Why)
	}
	uncovered := bill.Uncovered()
	if len(uncovered) == 0 {
		fmt.Fprintf(talk, "nothing to propose: a component of the security file stands for each of %s\n", amount(len(bill.Entries()), "component"))
		return nil
	}
	ids, err := newCaseIDs(cmd.Context(), file, time.UTC)
	if err != nil {
		return err
	}
	entries := soupEntries(uncovered, flags.group, ids.taken)
	fmt.Fprintf(talk, "%s for %d of %s of release %s\n", several(len(entries), "entry", "entries"), len(uncovered), amount(len(bill.Entries()), "component"), bill.Release.Version)
	if flags.write {
		return writeSoup(cmd.Context(), file, dir, flags.to, entries)
	}
	doc, err := edit.File("soup.yaml", nil, model.FieldOrder)
	if err == nil {
		err = doc.Append("components", entries...)
	}
	if err != nil {
		return err
	}
	text, err := doc.Bytes()
	if err != nil {
		return err
	}
	if _, err := cmd.OutOrStdout().Write(text); err != nil {
		return err
	}
	return errFindings
}

// currentBill is the bill of materials of the current release.
func currentBill(file *model.File, dir string, day model.Date) (*check.Bill, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	bill := check.ReadBill(file, check.CurrentRelease(file, day), root.FS())
	if !bill.Usable() {
		return nil, fmt.Errorf("no bill of materials to compare: %s", bill.Why)
	}
	return bill, nil
}

// writeSoup adds entries to a file below dir: the one that is named, else the one that
// holds most components, else components.yaml.
func writeSoup(ctx context.Context, file *model.File, dir, to string, entries []edit.Entity) error {
	home := file.Fullest(model.KindOf("components"))
	if to != "" {
		home = filepath.Join(dir, to)
	}
	if home == "" {
		home = filepath.Join(dir, "components.yaml")
	}
	_, err := rewritten(ctx, file, dir, func(w *rewrite) error {
		doc, err := w.open(home)
		if err == nil {
			err = doc.Append("components", entries...)
		}
		return err
	}, entries[len(entries)-1].ID)
	return err
}
