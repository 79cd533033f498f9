package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"theriac/model"
)

func newReleaseList() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list [DIR]",
		Short: "list the releases",
		Long:  "List prints the releases of the security file, oldest first: version, day, what is frozen.",
		Args:  atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, _, err := load(cmd.Context(), args)
			if err != nil {
				return err
			}
			return listReleases(cmd, file, format)
		},
		Example: `  theriac release list pump
  theriac release list pump --format json`,
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form` of the list: text, json")
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

// byDate orders releases, oldest first; those without a day last.
func byDate(all []*model.Release) []*model.Release {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b *model.Release) int {
		switch {
		case a.Date.IsZero() || b.Date.IsZero():
			return boolInt(a.Date.IsZero()) - boolInt(b.Date.IsZero())
		case a.Date.Before(b.Date):
			return -1
		case b.Date.Before(a.Date):
			return 1
		}
		return 0
	})
	return sorted
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// releaseJSON is a release as docs/formats/release-json.md has it.
type releaseJSON struct {
	ID        string         `json:"id"`
	Version   string         `json:"version"`
	Date      string         `json:"date,omitempty"`
	Frozen    string         `json:"frozen,omitempty"`
	Commit    string         `json:"commit,omitempty"`
	UDIDI     string         `json:"udiDi,omitempty"`
	Artefacts []artefactJSON `json:"artefacts"`
	SBOM      *artefactJSON  `json:"sbom,omitempty"`
	Baseline  string         `json:"baseline,omitempty"`
}

type artefactJSON struct {
	Path   string        `json:"path"`
	Digest string        `json:"digest"`
	State  artefactState `json:"state,omitempty"` // only of a release that is shown
}

// artefactState is how a file in the folder compares with what was frozen.
type artefactState string

const (
	asFrozen   artefactState = "as frozen"
	changed    artefactState = "changed"
	elsewhere  artefactState = "kept elsewhere"
	unreadable artefactState = "cannot be read"
)

func releaseOut(r *model.Release) releaseJSON {
	out := releaseJSON{ID: r.ID, Version: r.Version, Date: r.Date.String(), Frozen: r.Frozen.String(), Commit: r.Commit, UDIDI: r.UDIDI, Artefacts: []artefactJSON{}, Baseline: r.Baseline}
	for _, a := range r.Artefacts {
		out.Artefacts = append(out.Artefacts, artefactJSON{Path: a.Path, Digest: a.Digest})
	}
	if r.SBOM != (model.Artefact{}) {
		out.SBOM = &artefactJSON{Path: r.SBOM.Path, Digest: r.SBOM.Digest}
	}
	return out
}

func listReleases(cmd *cobra.Command, file *model.File, format string) error {
	all := byDate(file.Releases)
	switch format {
	case "json":
		list := []releaseJSON{}
		for _, r := range all {
			list = append(list, releaseOut(r))
		}
		return writeJSON(cmd.OutOrStdout(), list)
	case "text":
	default:
		return badValue("format", format, []string{"text", "json"})
	}
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	for _, r := range all {
		row(w, r.Version, r.Date.String(), r.ID, frozenWords(r))
	}
	if len(all) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "there are no releases; `theriac release create VERSION` makes one")
	}
	return w.Flush()
}

func frozenWords(r *model.Release) string {
	if len(r.Artefacts) == 0 {
		return "planned"
	}
	words := amount(len(r.Artefacts), "artefact")
	if r.SBOM != (model.Artefact{}) {
		words += ", SBOM"
	}
	if r.Baseline != "" {
		words += ", baseline " + r.Baseline
	}
	return words
}

func newReleaseShow() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show VERSION [DIR]",
		Short: "show a release",
		Long: `Show prints what a release consists of, and compares what lies in the folder with its
digests.

Exit status: 0 nothing in the folder differs, 1 an artefact does, 2 the run failed.`,
		Example: `  theriac release show 1.4.0 pump
  theriac release show 1.4.0 pump --format json`,
		Args: nameAndFolder("a version"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return badValue("format", format, []string{"text", "json"})
			}
			file, dir, err := load(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			r, err := releaseNamed(file, args[0])
			if err != nil {
				return err
			}
			out, err := compared(dir, r)
			if err != nil {
				return err
			}
			return showRelease(cmd, out, format)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

// compared is a release with how the files in the folder compare with it.
func compared(dir string, r *model.Release) (releaseJSON, error) {
	out := releaseOut(r)
	root, err := os.OpenRoot(dir)
	if err != nil {
		return out, err
	}
	defer root.Close()
	for i, a := range out.Artefacts {
		out.Artefacts[i].State = stateOfArtefact(root, a)
	}
	if out.SBOM != nil {
		out.SBOM.State = stateOfArtefact(root, *out.SBOM)
	}
	return out, nil
}

// stateOfArtefact says whether the file is in the folder and what was frozen.
func stateOfArtefact(root *os.Root, a artefactJSON) artefactState {
	if info, err := root.Stat(filepath.FromSlash(a.Path)); err == nil && !info.Mode().IsRegular() {
		return unreadable
	}
	f, err := root.Open(filepath.FromSlash(a.Path))
	if errors.Is(err, fs.ErrNotExist) {
		return elsewhere
	}
	if err != nil {
		return unreadable
	}
	defer f.Close()
	switch digest, err := digestOfReader(f); {
	case err != nil:
		return unreadable
	case digest != a.Digest:
		return changed
	}
	return asFrozen
}

func showRelease(cmd *cobra.Command, r releaseJSON, format string) error {
	write := releaseLines
	if format == "json" {
		write = func(w io.Writer, r releaseJSON) error { return writeJSON(w, r) }
	}
	if err := write(cmd.OutOrStdout(), r); err != nil {
		return err
	}
	differs := func(a artefactJSON) bool { return a.State == changed || a.State == unreadable }
	if slices.ContainsFunc(r.Artefacts, differs) || r.SBOM != nil && differs(*r.SBOM) {
		return errFindings
	}
	return nil
}

func releaseLines(out io.Writer, r releaseJSON) error {
	w := tabwriter.NewWriter(plainText{out}, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "release\t%s (%s)\n", r.Version, r.ID)
	for _, line := range [][2]string{{"date", r.Date}, {"frozen", r.Frozen}, {"commit", r.Commit}, {"UDI-DI", r.UDIDI}, {"baseline", r.Baseline}} {
		if line[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", line[0], line[1])
		}
	}
	for _, a := range r.Artefacts {
		fmt.Fprintf(w, "artefact\t%s  %s  %s\n", a.Path, a.Digest, a.State)
	}
	if r.SBOM != nil {
		fmt.Fprintf(w, "SBOM\t%s  %s  %s\n", r.SBOM.Path, r.SBOM.Digest, r.SBOM.State)
	}
	return w.Flush()
}
