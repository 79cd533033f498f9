package main

import (
	"fmt"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"theriac/sbom"
)

func newSBOMShow() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "show a bill of materials",
		Long: `Show prints what a bill of materials says: one line for each component with line in the
file, name, version, licences and package URL. Components that stand in others are
indented. What was not understood is listed at the end.

Exit status: 0 all of it was read, 1 something in it is missing from the list, 2 the run
failed.`,
		Example: `  theriac sbom show image.cdx.json
  theriac sbom show pump --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return badValue("format", format, sbomFormats)
			}
			bom, err := openSBOM(cmd.Context(), cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), sbomOut(bom))
			} else {
				err = showSBOM(cmd, bom)
			}
			if err != nil {
				return err
			}
			if bom.Lost > 0 {
				return errFindings
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", sbomFormats)
	return cmd
}

func showSBOM(cmd *cobra.Command, bom *sbom.BOM) error {
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	subject := ""
	if bom.Subject != nil {
		subject = bom.Subject.Designation()
	}
	for _, line := range [][2]string{
		{"format", strings.TrimSpace(bom.Format + " " + bom.Version)}, {"name", bom.Name}, {"of", subject}, {"serial", bom.Serial}, {"made", bom.Created},
		{"by", strings.Join(bom.Authors, ", ")}, {"with", strings.Join(bom.Tools, ", ")}, {"components", strconv.Itoa(len(bom.Components))},
	} {
		if line[1] != "" {
			row(w, line[0], line[1])
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	depths := depthsOf(bom)
	for i, c := range bom.Components {
		row(w, strconv.Itoa(c.Line), strings.Repeat("  ", min(depths[i], 20))+c.Title(), c.Version, strings.Join(c.Licences, ", "), c.PURL)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	out := plainText{cmd.OutOrStdout()}
	for _, p := range bom.Problems {
		where := ""
		if p.Line > 0 {
			where = fmt.Sprintf("line %d: ", p.Line)
		}
		if _, err := fmt.Fprintf(out, "problem\t%s%s\n", where, oneLine(p.What)); err != nil {
			return err
		}
	}
	if bom.Unlisted > 0 {
		_, err := fmt.Fprintf(out, "problem\t%d more\n", bom.Unlisted)
		return err
	}
	return nil
}

// depthsOf is in how many others each component stands; what stands in itself is cut.
func depthsOf(bom *sbom.BOM) []int {
	depths := make([]int, len(bom.Components))
	for i := range bom.Components {
		if p := bom.Components[i].Parent; p >= 0 && p < i {
			depths[i] = depths[p] + 1
		}
	}
	return depths
}

// sbomJSON is a bill of materials as docs/formats/sbom-json.md has it.
type sbomJSON struct {
	Format     string              `json:"format"`
	Version    string              `json:"version,omitempty"`
	Name       string              `json:"name,omitempty"`
	Serial     string              `json:"serial,omitempty"`
	Created    string              `json:"created,omitempty"`
	Authors    []string            `json:"authors"`
	Tools      []string            `json:"tools"`
	Subject    *sbomComponentJSON  `json:"subject,omitempty"`
	Components []sbomComponentJSON `json:"components"`
	Depends    map[string][]string `json:"depends"`
	Complete   map[string]string   `json:"completeness,omitempty"`
	Problems   []sbomProblemJSON   `json:"problems"`
	Unlisted   int                 `json:"unlistedProblems"`
}

type sbomComponentJSON struct {
	Ref          string             `json:"ref,omitempty"`
	Type         string             `json:"type,omitempty"`
	Group        string             `json:"group,omitempty"`
	Name         string             `json:"name"`
	Version      string             `json:"version,omitempty"`
	PURL         string             `json:"purl,omitempty"`
	CPEs         []string           `json:"cpes,omitempty"`
	Scope        string             `json:"scope,omitempty"`
	Supplier     string             `json:"supplier,omitempty"`
	Manufacturer string             `json:"manufacturer,omitempty"`
	Contact      string             `json:"contact,omitempty"`
	Author       string             `json:"author,omitempty"`
	Licences     []string           `json:"licences,omitempty"`
	Declared     []string           `json:"declaredLicences,omitempty"`
	Hashes       []sbomHashJSON     `json:"hashes,omitempty"`
	Links        []sbomLinkJSON     `json:"links,omitempty"`
	Properties   []sbomPropertyJSON `json:"properties,omitempty"`
	Patched      bool               `json:"patched,omitempty"`
	In           *int               `json:"in,omitempty"` // index of the component that it stands in
	Line         int                `json:"line,omitempty"`
}

type sbomHashJSON struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

type sbomLinkJSON struct {
	Kind   string         `json:"kind"`
	URL    string         `json:"url"`
	Hashes []sbomHashJSON `json:"hashes,omitempty"`
}

type sbomPropertyJSON struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type sbomProblemJSON struct {
	Line int    `json:"line,omitempty"`
	What string `json:"what"`
	Lost bool   `json:"lost"`
}

func sbomOut(bom *sbom.BOM) sbomJSON {
	out := sbomJSON{
		Format: bom.Format, Version: bom.Version, Name: bom.Name, Serial: bom.Serial, Created: bom.Created,
		Authors: append([]string{}, bom.Authors...), Tools: append([]string{}, bom.Tools...),
		Components: []sbomComponentJSON{}, Depends: bom.Depends, Complete: bom.Aggregates, Problems: []sbomProblemJSON{}, Unlisted: bom.Unlisted,
	}
	if out.Depends == nil {
		out.Depends = map[string][]string{}
	}
	for from, on := range out.Depends {
		if on == nil {
			out.Depends[from] = []string{}
		}
	}
	if bom.Subject != nil {
		s := sbomComponentOut(bom.Subject)
		out.Subject = &s
	}
	for i := range bom.Components {
		out.Components = append(out.Components, sbomComponentOut(&bom.Components[i]))
	}
	for _, p := range bom.Problems {
		out.Problems = append(out.Problems, sbomProblemJSON(p))
	}
	return out
}

func sbomComponentOut(c *sbom.Component) sbomComponentJSON {
	out := sbomComponentJSON{
		Ref: c.Ref, Type: c.Type, Group: c.Group, Name: c.Name, Version: c.Version, PURL: c.PURL, CPEs: c.CPEs, Scope: c.Scope,
		Supplier: c.Supplier, Manufacturer: c.Manufacturer, Contact: c.Contact, Author: c.Author, Licences: c.Licences, Declared: c.Declared,
		Hashes: sbomHashesOut(c.Hashes), Patched: c.Patched, Line: c.Line,
	}
	for _, l := range c.Links {
		out.Links = append(out.Links, sbomLinkJSON{l.Kind, l.URL, sbomHashesOut(l.Hashes)})
	}
	for _, p := range c.Properties {
		out.Properties = append(out.Properties, sbomPropertyJSON(p))
	}
	if c.Parent >= 0 {
		out.In = &c.Parent
	}
	return out
}

func sbomHashesOut(list []sbom.Hash) (out []sbomHashJSON) {
	for _, h := range list {
		out = append(out, sbomHashJSON(h))
	}
	return out
}
