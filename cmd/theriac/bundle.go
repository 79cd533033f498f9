package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/approval"
	"theriac/bundle"
	"theriac/evidence"
	"theriac/model"
)

type bundleFlags struct {
	release string
	output  string
	date    string
	strict  bool
}

func newBundle() *cobra.Command {
	var flags bundleFlags
	cmd := &cobra.Command{
		Use:   "bundle --release VERSION -o FILE [DIR]",
		Short: "pack all that is known about a release for an auditor",
		Long: `Bundle writes one file with the security file and its libraries, the baselines that
releases name, artefacts and documents that lie in the folder, the signed evidence about
the release with its raw inputs, the approvals, and a list of all of it with digests.
` + "`theriac audit`" + ` verifies it offline, with nothing but the public key of the root of trust.

It needs no key. It refuses a security file with faults of form and a release that is
not frozen. What an auditor will find missing is said on stderr; with --strict it is an
error.

The same input gives the same bytes. The day in the bundle is given by --date, else by
the environment variable SOURCE_DATE_EPOCH, else it is that of the newest approval.

Exit status: 0 done, 1 with --strict when it would not be verified, 2 the run failed.`,
		Example: `  theriac bundle --release 1.4.0 -o pump-1.4.0.theriac pump
  theriac bundle --release 1.4.0 -o pump-1.4.0.theriac --strict pump`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runBundle(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.release, "release", "", "`version` of the release (required)")
	f.StringVarP(&flags.output, "output", "o", "", "`file` to write (required)")
	f.StringVar(&flags.date, "date", "", "`day` of the bundle, as YYYY-MM-DD")
	f.BoolVar(&flags.strict, "strict", false, "fail when the bundle would not be verified")
	completeFlagID(cmd, versionsOf, "release")
	return cmd
}

// versionsOf are the versions of the releases of a file.
func versionsOf(f *model.File) (all []string) {
	for _, r := range f.Releases {
		all = append(all, r.Version)
	}
	return all
}

func runBundle(cmd *cobra.Command, args []string, flags bundleFlags) error {
	switch {
	case flags.release == "":
		return fmt.Errorf("of which release? Give its version with --release")
	case flags.output == "":
		return fmt.Errorf("where to? Name the file with --output")
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	release, err := releaseNamed(file, flags.release)
	if err != nil {
		return err
	}
	if err := keepsApart(dir, flags.output); err != nil {
		return err
	}
	made := day
	if flags.date == "" && os.Getenv("SOURCE_DATE_EPOCH") == "" {
		made = model.Date{} // not that of the clock
	}
	draft, err := bundle.Prepare(cmd.Context(), dir, file, release, made, version())
	if err != nil {
		return err
	}
	defer draft.Close()
	if err := replacesNothing(draft.Manifest, dir, flags.output); err != nil {
		return err
	}
	r, err := writeBundle(cmd, draft, bundle.TrustOf(file), day, flags.output)
	if err != nil {
		return err
	}
	if err := toldBundle(cmd, r, flags.output); err != nil {
		return err
	}
	if flags.strict && !r.Verified {
		return errFindings
	}
	return nil
}

// replacesNothing refuses an output in place of something that the bundle holds,
// or among what is signed.
func replacesNothing(m *bundle.Manifest, dir, output string) error {
	names := []string{output}
	if real, err := filepath.EvalSymlinks(output); err == nil {
		names = append(names, real)
	}
	for _, name := range names {
		below, in := pathIn(dir, name)
		below = filepath.ToSlash(below)
		top, _, _ := strings.Cut(below, "/")
		held := slices.ContainsFunc(m.Files, func(e bundle.Entry) bool { return e.Path == path.Join(m.Folder, below) })
		if in && (held || top == evidence.Folder || top == approval.Folder) {
			return fmt.Errorf("%s is kept by theriac itself; write it elsewhere", output)
		}
	}
	return nil
}

// writeBundle writes the bundle, reads it again as an auditor would, and then
// gives it its name.
func writeBundle(cmd *cobra.Command, draft *bundle.Draft, trusted *bundle.Trust, day model.Date, output string) (*bundle.Report, error) {
	switch info, err := os.Stat(output); {
	case err == nil && !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", output)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	root, err := os.OpenRoot(filepath.Dir(output))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var r *bundle.Report
	fill := func(f *os.File) error {
		if err := writeThrough(cmd.Context(), draft, f); err != nil {
			return err
		}
		r, err = auditFile(cmd, f, trusted, day)
		return err
	}
	name := filepath.Base(output)
	return r, stageFrom(root, name, newMode, fill, func(temp string) error { return root.Rename(temp, name) })
}

func writeThrough(ctx context.Context, draft *bundle.Draft, f *os.File) error {
	w := bufio.NewWriterSize(f, 1<<20)
	if err := draft.Write(ctx, w); err != nil {
		return err
	}
	return w.Flush()
}

// toldBundle says what was written, and what an auditor will find missing.
func toldBundle(cmd *cobra.Command, r *bundle.Report, output string) error {
	for _, l := range r.Links {
		if l.State == bundle.Holds {
			continue
		}
		what := "cannot be judged"
		if len(l.Faults) > 0 {
			what = oneLine(l.Faults[0])
		}
		if more := len(l.Faults) - 1; more > 0 {
			what += fmt.Sprintf("; and %d more", more)
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "an auditor will not verify %s: %s\n", l.Name, what)
	}
	b := r.Bundle
	_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: release %s, %s, %s; manifest sha256 %s\n",
		filepath.ToSlash(output), b.Release.Version, amount(b.Files, "file"), bundle.Bytes(b.Bytes), b.SHA256)
	return err
}
