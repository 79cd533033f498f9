package main

import (
	"fmt"
	"os"
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
	Path   string `json:"path"`
	Digest string `json:"digest"`
}

func releaseOut(r *model.Release) releaseJSON {
	out := releaseJSON{ID: r.ID, Version: r.Version, Date: r.Date.String(), Frozen: r.Frozen.String(), Commit: r.Commit, UDIDI: r.UDIDI, Artefacts: []artefactJSON{}, Baseline: r.Baseline}
	for _, a := range r.Artefacts {
		out.Artefacts = append(out.Artefacts, artefactJSON(a))
	}
	if r.SBOM != (model.Artefact{}) {
		out.SBOM = &artefactJSON{r.SBOM.Path, r.SBOM.Digest}
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
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, r := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Version, r.Date, r.ID, frozenWords(r))
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
		Long:  "Show prints what a release consists of, and compares what lies in the folder with its digests.",
		Example: `  theriac release show 1.4.0 pump
  theriac release show 1.4.0 pump --format json`,
		Args: nameAndFolder("a version"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, dir, err := load(cmd.Context(), args[1:])
			if err != nil {
				return err
			}
			r, err := releaseNamed(file, args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				return writeJSON(cmd.OutOrStdout(), releaseOut(r))
			}
			return showRelease(cmd, dir, r)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

func showRelease(cmd *cobra.Command, dir string, r *model.Release) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "release\t%s (%s)\n", r.Version, r.ID)
	for _, line := range [][2]string{{"date", r.Date.String()}, {"frozen", r.Frozen.String()}, {"commit", r.Commit}, {"UDI-DI", r.UDIDI}, {"baseline", r.Baseline}} {
		if line[1] != "" {
			fmt.Fprintf(w, "%s\t%s\n", line[0], line[1])
		}
	}
	changed := false
	each := func(what string, a model.Artefact) {
		state := stateOfArtefact(root, a)
		changed = changed || state == "changed"
		fmt.Fprintf(w, "%s\t%s  %s  %s\n", what, a.Path, a.Digest, state)
	}
	for _, a := range r.Artefacts {
		each("artefact", a)
	}
	if r.SBOM != (model.Artefact{}) {
		each("sbom", r.SBOM)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if changed {
		return errFindings
	}
	return nil
}

// stateOfArtefact says whether the file is in the folder and what was frozen.
func stateOfArtefact(root *os.Root, a model.Artefact) string {
	f, err := root.Open(a.Path)
	if err != nil {
		return "kept elsewhere"
	}
	defer f.Close()
	switch digest, err := digestOfReader(f); {
	case err != nil:
		return "cannot be read"
	case digest != a.Digest:
		return "changed"
	}
	return "as frozen"
}
