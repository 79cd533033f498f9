package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"theriac/change"
)

type baselineFlags struct {
	list    bool
	verify  bool
	date    string
	release string
}

func newBaseline() *cobra.Command {
	var flags baselineFlags
	cmd := &cobra.Command{
		Use:   "baseline NAME [DIR]",
		Short: "freeze the state of a security file under a name",
		Long: `Baseline writes ` + change.BaselineFolder + `/NAME.zip in DIR: the files of the security file, of its
libraries and of its reviews, with a digest of each file and of each entity, and the
threats that are derived of it. theriac diff compares with it later. A baseline is
never overwritten, and a file with faults of form is refused.

With --list it lists the baselines of DIR; with --verify it reads one again and
compares it with its digests. They show damage and mistakes. They are no signature:
whoever can write the file can make another one.

The day is given by --date, else by the environment variable SOURCE_DATE_EPOCH, else
it is today.

Exit status: 0 done, 1 a baseline is not what its digests say, 2 the run failed.`,
		Example: `  theriac baseline release-1.4.0 pump --release rel-1-4-0
  theriac baseline --list pump
  theriac baseline --verify release-1.4.0 pump
  theriac diff release-1.4.0.. pump`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		Args: func(_ *cobra.Command, args []string) error { return baselineArgs(args, flags) },
		RunE: func(cmd *cobra.Command, args []string) error { return runBaseline(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.BoolVar(&flags.list, "list", false, "list the baselines of DIR")
	f.BoolVar(&flags.verify, "verify", false, "compare a baseline with its digests")
	f.StringVar(&flags.date, "date", "", "`day` of the baseline, as YYYY-MM-DD")
	f.StringVar(&flags.release, "release", "", "`id` of the release that the baseline freezes")
	cmd.MarkFlagsMutuallyExclusive("list", "verify")
	return cmd
}

func baselineArgs(args []string, flags baselineFlags) error {
	switch {
	case (flags.list || flags.verify) && (flags.date != "" || flags.release != ""):
		return fmt.Errorf("--date and --release belong to a new baseline")
	case flags.list && len(args) > 1:
		return fmt.Errorf("baseline --list takes one folder; see `theriac baseline --help`")
	case !flags.list && (len(args) == 0 || len(args) > 2):
		return fmt.Errorf("baseline takes a name and a folder; see `theriac baseline --help`")
	}
	return nil
}

func runBaseline(cmd *cobra.Command, args []string, flags baselineFlags) error {
	if flags.list {
		return listBaselines(cmd, args)
	}
	dir, err := folder(args[1:])
	if err != nil {
		return err
	}
	if flags.verify {
		return verifyBaseline(cmd, dir, args[0])
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	archive, m, err := change.Freeze(cmd.Context(), dir, args[0], day, flags.release)
	if err != nil {
		return err
	}
	if err := keepBaseline(dir, args[0], archive); err != nil {
		return err
	}
	sum := sha256.Sum256(archive)
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s, %s; sha256 %s\n",
		filepath.ToSlash(filepath.Join(dir, change.BaselinePath(args[0]))), several(len(m.States[0].Entities), "entity", "entities"),
		amount(len(m.States[0].Threats), "derived threat"), amount(len(m.Files), "file"), hex.EncodeToString(sum[:]))
	return err
}

// keepBaseline writes the archive unless one of that name is there.
func keepBaseline(dir, name string, archive []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Mkdir(change.BaselineFolder, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	err = createIn(root, change.BaselinePath(name), archive, newMode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("baseline %s exists already and is never overwritten; choose another name", name)
	}
	return err
}

func listBaselines(cmd *cobra.Command, args []string) error {
	dir, err := folder(args)
	if err != nil {
		return err
	}
	names, err := change.Baselines(dir)
	if err != nil {
		return err
	}
	out, faulty := cmd.OutOrStdout(), false
	for _, name := range names {
		b, err := change.LoadBaseline(dir, name)
		if err != nil {
			fmt.Fprintf(out, "%-20s %s\n", name, oneLine(err.Error()))
			faulty = true
			continue
		}
		m := b.Manifest
		line := fmt.Sprintf("%-20s %s  %s, %s", name, m.Date, several(len(m.States[0].Entities), "entity", "entities"), amount(len(m.States[0].Threats), "derived threat"))
		if m.Release != "" {
			line += ", release " + m.Release
		}
		fmt.Fprintln(out, line)
	}
	if len(names) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "there are no baselines; `theriac baseline NAME` makes one")
	}
	if faulty {
		return errFindings
	}
	return nil
}

func verifyBaseline(cmd *cobra.Command, dir, name string) error {
	out := cmd.OutOrStdout()
	b, err := change.LoadBaseline(dir, name)
	var notes []string
	if err == nil {
		notes, err = b.Verify(cmd.Context())
	}
	if errors.Is(err, change.ErrBaseline) || errors.Is(err, change.ErrForm) {
		fmt.Fprintln(out, oneLine(err.Error()))
		return errFindings
	}
	if err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(out, "note: "+note)
	}
	_, err = fmt.Fprintf(out, "%s: %s and %s are as they were on %s\n", name, amount(len(b.Manifest.Files), "file"),
		several(len(b.Manifest.States[0].Entities), "entity", "entities"), b.Manifest.Date)
	return err
}
