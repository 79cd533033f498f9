package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"theriac/change"
	"theriac/edit"
	"theriac/model"
)

func newReleaseRefreeze() *cobra.Command {
	var date string
	cmd := &cobra.Command{
		Use:   "refreeze VERSION [DIR]",
		Short: "freeze the security file of a release anew",
		Long: `Refreeze makes another baseline of the security file for a release that is frozen, and
names it in the release: for what becomes known after the artefacts were built, such as
a failure whose risk was accepted, or a document that is approved now. The artefacts
stay as they are, and so does the baseline before. An approval of the release is stale
then, and has to be given again.

The day is given by --date, else by the environment variable SOURCE_DATE_EPOCH, else
it is today. Where anything fails, nothing is changed.`,
		Example: `  theriac release refreeze 1.4.0 pump`,
		Args:    nameAndFolder("a version"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := today(date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
			if err != nil {
				return err
			}
			file, dir, err := load(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			r, err := releaseNamed(file, args[0])
			if err != nil {
				return err
			}
			if len(r.Artefacts) == 0 {
				return fmt.Errorf("release %s is not frozen yet; `theriac release create %s` freezes it", r.Version, r.Version)
			}
			name, err := freeBaseline(dir, "release-"+r.Version)
			if err != nil {
				return err
			}
			if err := refreeze(cmd.Context(), file, dir, r, name, day); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "release %s: the security file is frozen as %s; have the release approved again\n", r.Version, name)
			return err
		},
	}
	cmd.Flags().StringVar(&date, "date", "", "`day` of the baseline, as YYYY-MM-DD")
	return cmd
}

// freeBaseline is a name for a baseline that none has.
func freeBaseline(dir, name string) (string, error) {
	for n := 1; n < 1000; n++ {
		free := name
		if n > 1 {
			free = fmt.Sprintf("%s-%d", name, n)
		}
		if _, err := os.Lstat(filepath.Join(dir, change.BaselinePath(free))); os.IsNotExist(err) {
			return free, nil
		}
	}
	return "", fmt.Errorf("there are too many baselines called %s", name)
}

// refreeze names the baseline in the release and makes it. Where the second fails,
// the first is undone.
func refreeze(ctx context.Context, file *model.File, dir string, r *model.Release, name string, day model.Date) error {
	w, err := newRewrite(ctx, file, dir)
	if err != nil {
		return err
	}
	defer w.close()
	doc, err := w.open(model.Of(r).Here().Path())
	if err != nil {
		return err
	}
	if err := doc.Set(r.ID, []string{"baseline"}, edit.Text(name)); err != nil {
		return err
	}
	return w.apply(ctx, func() error { return frozenAs(ctx, dir, name, day, r.ID) })
}

// frozenAs makes a baseline of a file that was just edited for a release.
func frozenAs(ctx context.Context, dir, name string, day model.Date, release string) error {
	if _, _, err := load(ctx, []string{dir}); err != nil {
		return err
	}
	archive, _, err := change.Freeze(ctx, dir, name, day, release)
	if err != nil {
		return err
	}
	return keepBaseline(dir, name, archive)
}
