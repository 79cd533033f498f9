package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/internal/lazyregexp"
	"theriac/model"
)

type releaseFlags struct {
	artefacts  []string
	sbom       string
	commit     string
	date       string
	frozen     string
	baseline   string
	noBaseline bool
}

func newReleaseCreate() *cobra.Command {
	var flags releaseFlags
	cmd := &cobra.Command{
		Use:   "create VERSION [DIR]",
		Short: "freeze a release",
		Long: `Create enters a release into the security file with the digests of its artefacts, and
freezes the security file in a baseline of the name release-VERSION. A release that
is planned in the file is filled in; one that has artefacts is never changed.

The day is given by --date, else by the environment variable SOURCE_DATE_EPOCH, else
it is today. Where anything fails, nothing is changed.`,
		Example: `  theriac release create 1.4.0 pump --artefact build/pump-1.4.0.img --sbom build/sbom.json
  theriac release create 1.4.1 pump --artefact a.img --artefact b.img --commit "$(git rev-parse HEAD)"`,
		Args: nameAndFolder("a version"),
		RunE: func(cmd *cobra.Command, args []string) error { return runReleaseCreate(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.artefacts, "artefact", nil, "`file` that is shipped; once for each (required)")
	f.StringVar(&flags.sbom, "sbom", "", "`file` with the software bill of materials; one from elsewhere is copied into DIR")
	f.StringVar(&flags.commit, "commit", "", "`revision` of the source code from which the artefacts were built")
	f.StringVar(&flags.date, "date", "", "`day` of the release, as YYYY-MM-DD")
	f.StringVar(&flags.frozen, "frozen", "", "`day` on which the artefacts were built, as YYYY-MM-DD; without it that of the release")
	f.StringVar(&flags.baseline, "baseline", "", "`name` of the baseline to make; without it release-VERSION")
	f.BoolVar(&flags.noBaseline, "no-baseline", false, "make no baseline")
	cmd.MarkFlagsMutuallyExclusive("baseline", "no-baseline")
	return cmd
}

// versionForm is what can be a version: it becomes part of file names.
var versionForm = lazyregexp.New(`^[0-9A-Za-z][0-9A-Za-z._+-]{0,63}$`)

func runReleaseCreate(cmd *cobra.Command, args []string, flags releaseFlags) error {
	version := args[0]
	switch {
	case !versionForm.MatchString(version):
		return fmt.Errorf("%q is no version: letters, digits, and . _ + - inside", version)
	case len(flags.artefacts) == 0:
		return fmt.Errorf("what is shipped? Name the files with --artefact")
	}
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	planned, err := unfrozen(file, version)
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	undo, err := flags.bringInSBOM(cmd, dir)
	if err != nil {
		return err
	}
	entered := false
	defer func() {
		if !entered {
			undo()
		}
	}()
	body, err := releaseBody(dir, version, day, flags)
	if err != nil {
		return err
	}
	id := releaseID(file, version)
	if planned != nil {
		id = planned.ID
	}
	if err := enterRelease(cmd.Context(), file, dir, planned, edit.Entity{ID: id, Body: body}, flags.baselineOf(version), day); err != nil {
		return err
	}
	entered = true
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "release %s: %s frozen as %s\n", version, amount(len(flags.artefacts), "artefact"), id)
	return err
}

// bringInSBOM copies a bill of materials that lies elsewhere into the folder of the
// security file, where scans, documents and auditors look for it, and names it there. undo
// takes the copy away.
func (f *releaseFlags) bringInSBOM(cmd *cobra.Command, dir string) (undo func(), err error) {
	undo = func() {}
	if f.sbom == "" {
		return undo, nil
	}
	if _, in := pathIn(dir, f.sbom); in {
		return undo, nil
	}
	digest, err := digestOfFile(f.sbom)
	if err != nil {
		return undo, err
	}
	to := filepath.Join(dir, filepath.Base(f.sbom))
	switch there, err := digestOfFile(to); {
	case err == nil && there == digest:
		f.sbom = to
		return undo, nil
	case !errors.Is(err, fs.ErrNotExist):
		return undo, fmt.Errorf("%s is another file than %s, which would be copied there; put it below the folder under its own name", to, f.sbom)
	}
	text, err := os.ReadFile(f.sbom)
	if err != nil {
		return undo, err
	}
	if err := writeFile(to, text); err != nil {
		return undo, err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s was copied to %s, where scans and auditors look for it\n", f.sbom, filepath.ToSlash(to))
	f.sbom = to
	return func() { _ = os.Remove(to) }, nil // what failed before is told
}

func (f releaseFlags) baselineOf(version string) string {
	switch {
	case f.noBaseline:
		return ""
	case f.baseline != "":
		return f.baseline
	}
	return "release-" + version
}

// unfrozen is the release with a version where it is only planned, nil where
// there is none. A release that was frozen stays as it is.
func unfrozen(file *model.File, version string) (*model.Release, error) {
	for _, r := range file.Releases {
		if r.Version != version {
			continue
		}
		if len(r.Artefacts) > 0 {
			return nil, fmt.Errorf("release %s is frozen already (%s) and never changes; choose another version", version, model.Of(r).Here())
		}
		if model.Of(r).From() != "" {
			return nil, fmt.Errorf("release %s belongs to a library (%s)", version, model.Of(r).Here())
		}
		return r, nil
	}
	return nil, nil
}

// releaseID makes an id of a version.
func releaseID(file *model.File, version string) string {
	id := "rel-" + strings.NewReplacer(".", "-", "+", "-", "_", "-").Replace(version)
	id = id[:min(len(id), maxID-3)]
	for n := 2; file.Lookup(id) != nil; n++ {
		id = fmt.Sprintf("%s-%d", strings.TrimSuffix(id, fmt.Sprintf("-%d", n-1)), n)
	}
	return id
}

// releaseBody is what is entered of a release.
func releaseBody(dir, version string, day model.Date, flags releaseFlags) (edit.Map, error) {
	frozen := day
	if flags.frozen != "" {
		var err error
		if frozen, err = model.ParseDate(flags.frozen); err != nil {
			return nil, fmt.Errorf("--frozen: %w", err)
		}
	}
	artefacts, err := artefactsOf(dir, flags.artefacts)
	if err != nil {
		return nil, err
	}
	body := edit.Map{
		{Name: "title", Value: edit.Text("Release " + version)},
		{Name: "version", Value: edit.Text(version)},
		{Name: "date", Value: edit.Text(day.String())},
		{Name: "frozen", Value: edit.Text(frozen.String())},
	}
	if flags.commit != "" {
		body = append(body, edit.Field{Name: "commit", Value: edit.Text(flags.commit)})
	}
	body = append(body, edit.Field{Name: "artefacts", Value: artefacts})
	if flags.sbom != "" {
		a, err := artefact(dir, flags.sbom)
		if err != nil {
			return nil, err
		}
		body = append(body, edit.Field{Name: "sbom", Value: a})
	}
	if name := flags.baselineOf(version); name != "" {
		body = append(body, edit.Field{Name: "baseline", Value: edit.Text(name)})
	}
	return body, nil
}

// artefactsOf describes the files that are shipped. Evidence and people tell them
// apart by their paths, so that two cannot share one.
func artefactsOf(dir string, files []string) (edit.List, error) {
	var all edit.List
	of := map[edit.Value]string{}
	for _, name := range files {
		a, err := artefact(dir, name)
		if err != nil {
			return nil, err
		}
		path, _ := a.Get("path")
		if twin, twice := of[path]; twice {
			return nil, fmt.Errorf("%s and %s would both be listed as %s; give each its own name, or put them below the folder of the security file", twin, name, path)
		}
		of[path] = name
		all = append(all, a)
	}
	return all, nil
}

// artefact describes a file by its digest and by its path below the folder, or
// its name where it lies elsewhere.
func artefact(dir, name string) (edit.Map, error) {
	digest, err := digestOfFile(name)
	if err != nil {
		return nil, err
	}
	shown, in := pathIn(dir, name)
	if !in {
		shown = filepath.Base(name)
	}
	return edit.Map{{Name: "path", Value: edit.Text(filepath.ToSlash(shown))}, {Name: "digest", Value: edit.Text(digest)}}, nil
}

func digestOfFile(name string) (string, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a regular file", name) // to open a pipe would wait for a writer
	}
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return digestOfReader(f)
}

func digestOfReader(r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return "sha256:" + hex.EncodeToString(sum.Sum(nil)), nil
}

// enterRelease writes the release and then freezes the file with it. Where the
// second fails, the first is undone.
func enterRelease(ctx context.Context, file *model.File, dir string, planned *model.Release, entry edit.Entity, baseline string, day model.Date) error {
	w, err := newRewrite(ctx, file, dir)
	if err != nil {
		return err
	}
	defer w.close()
	if planned != nil {
		err = fillRelease(w, planned, entry.Body)
	} else {
		err = appendRelease(w, file, dir, entry)
	}
	if err != nil {
		return err
	}
	return w.apply(ctx, func() error {
		if baseline != "" {
			return frozenAs(ctx, dir, baseline, day, entry.ID)
		}
		_, _, err := load(ctx, []string{dir})
		return err
	})
}

func fillRelease(w *rewrite, planned *model.Release, body edit.Map) error {
	doc, err := w.open(model.Of(planned).Here().Path())
	if err != nil {
		return err
	}
	for _, f := range body {
		if f.Name == "title" && planned.Title != "" {
			continue
		}
		if err := doc.Set(planned.ID, []string{f.Name}, f.Value); err != nil {
			return err
		}
	}
	return nil
}

func appendRelease(w *rewrite, file *model.File, dir string, entry edit.Entity) error {
	home := file.Fullest(model.KindOf("releases"))
	if home == "" {
		home = filepath.Join(dir, "releases.yaml")
	}
	doc, err := w.open(home)
	if err != nil {
		return err
	}
	return doc.Append("releases", entry)
}
