package main

import (
	"cmp"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"theriac/sbom"
)

func newSBOMDiff() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "compare two bills of materials",
		Long: `Diff prints which components were added, removed, upgraded or downgraded, and of which
the same version something else is said: licences, supplier, manufacturer, hashes, scope,
whether it was patched. Versions are compared in the order of their ecosystem; where that
is not known, a version is replaced, which says nothing of its direction.

Exit status: 0 no difference, 1 there are differences, or something in the files could not
be read, 2 the run failed.`,
		Example: `  theriac sbom diff 1.3.0.cdx.json 1.4.0.cdx.json
  theriac sbom diff 1.3.0.cdx.json pump --format json`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return badValue("format", format, sbomFormats)
			}
			var lists [2]*sbom.BOM
			lost := false
			for i, arg := range args {
				bom, err := openSBOM(cmd.Context(), cmd.InOrStdin(), arg)
				if err != nil {
					return err
				}
				lost = tellProblems(cmd, arg, bom) || lost
				lists[i] = bom
			}
			changes := sbom.Diff(lists[0], lists[1])
			if err := writeSBOMDiff(cmd, changes, format); err != nil {
				return err
			}
			if len(changes) > 0 || lost {
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", sbomFormats)
	return cmd
}

// sbomChangeJSON is a difference as docs/formats/sbom-json.md has it.
type sbomChangeJSON struct {
	Kind       string          `json:"kind"`
	Name       string          `json:"name"`
	PURL       string          `json:"purl,omitempty"` // of the newer list that has it
	OldVersion string          `json:"oldVersion,omitempty"`
	NewVersion string          `json:"newVersion,omitempty"`
	OldLine    int             `json:"oldLine,omitempty"`
	NewLine    int             `json:"newLine,omitempty"`
	Fields     []sbomFieldJSON `json:"fields,omitempty"`
}

type sbomFieldJSON struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

func writeSBOMDiff(cmd *cobra.Command, changes []sbom.Change, format string) error {
	list := []sbomChangeJSON{}
	for _, c := range changes {
		out := sbomChangeJSON{Kind: string(c.Kind), Name: c.Component().Title(), PURL: c.Component().PURL}
		if c.Old != nil {
			out.OldVersion, out.OldLine = c.Old.Version, c.Old.Line
		}
		if c.New != nil {
			out.NewVersion, out.NewLine = c.New.Version, c.New.Line
		}
		for _, f := range c.Fields {
			out.Fields = append(out.Fields, sbomFieldJSON(f))
		}
		list = append(list, out)
	}
	if format == "json" {
		return writeJSON(cmd.OutOrStdout(), struct {
			Changes []sbomChangeJSON `json:"changes"`
		}{list})
	}
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	for _, c := range list {
		version := c.OldVersion
		switch sbom.ChangeKind(c.Kind) {
		case sbom.Added:
			version = c.NewVersion
		case sbom.Upgraded, sbom.Downgraded, sbom.Replaced:
			version = cmp.Or(c.OldVersion, "(none)") + " -> " + cmp.Or(c.NewVersion, "(none)")
		}
		row(w, c.Kind, c.Name, version, c.PURL)
		for _, f := range c.Fields {
			row(w, "", "  "+f.Name, fmt.Sprintf("%s -> %s", cmp.Or(f.Old, "(none)"), cmp.Or(f.New, "(none)")))
		}
	}
	return w.Flush()
}
