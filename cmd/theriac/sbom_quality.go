package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/report"
	"theriac/sbom"
)

func newSBOMQuality() *cobra.Command {
	var format string
	var schemes []string
	var all bool
	cmd := &cobra.Command{
		Use:   "quality FILE",
		Short: "say what is missing in a bill of materials",
		Long: `Quality judges a bill of materials and each of its components by

  ntia  the minimum elements of the NTIA (2021)
  bsi   BSI TR-03183-2 v2.1.0, as secondary sources give it
  soup  what IEC 62304 8.1.2 asks of SOUP, with level and end of support

and counts what is there; schemes are not averaged. Elements that are asked for only where
they exist are counted and are no findings. Files and what is excluded are not judged.
Where a folder with a security file is named, support-until of its components counts for
the packages that they stand for.

Exit status: 0 nothing is missing, 1 there are findings, or something in the file could not
be read, 2 the run failed.`,
		Example: `  theriac sbom quality image.cdx.json
  theriac sbom quality pump --scheme soup --format json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return badValue("format", format, sbomFormats)
			}
			wanted, err := schemesNamed(schemes)
			if err != nil {
				return err
			}
			bom, err := openSBOM(cmd.Context(), cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			lost := tellProblems(cmd, args[0], bom)
			var support func(*sbom.Component) sbom.Support
			if holdsSecurityFile(args[0]) {
				file, _, err := load(cmd.Context(), args)
				if err != nil {
					return err
				}
				support = supportIn(file)
			}
			judged, err := sbom.Quality(bom, support, wanted...)
			if err != nil {
				return err
			}
			if format == "json" {
				err = writeJSON(cmd.OutOrStdout(), qualityOut(judged))
			} else {
				err = showQuality(cmd, judged, all)
			}
			if err == nil && (len(judged.Findings) > 0 || lost) {
				return errFindings
			}
			return err
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&schemes, "scheme", nil, "`schemes` to judge by: ntia, bsi, soup; without it all")
	f.StringVarP(&format, "format", "f", "text", "`form`: text, json")
	f.BoolVar(&all, "all", false, "name every component, however many lack the same")
	complete(cmd, "scheme", schemeNames())
	complete(cmd, "format", sbomFormats)
	return cmd
}

func schemeNames() []string {
	var names []string
	for _, s := range sbom.Schemes() {
		names = append(names, string(s))
	}
	return names
}

func schemesNamed(names []string) (list []sbom.Scheme, err error) {
	for _, name := range names {
		if !slices.Contains(schemeNames(), name) {
			return nil, badValue("scheme", name, schemeNames())
		}
		if s := sbom.Scheme(name); !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list, nil
}

// maxNamed is how many components of one finding are named, unless all are asked for.
const maxNamed = 8

// showQuality prints by scheme what was counted, and below each element what lacks it.
func showQuality(cmd *cobra.Command, judged *sbom.Assessment, all bool) error {
	show, err := screenOf("auto", cmd.OutOrStdout(), os.Environ())
	if err != nil {
		return err
	}
	p := newPage(show)
	for i, s := range judged.Scores {
		if i > 0 {
			p.line("")
		}
		p.title("%s: %d of %d; nothing missing in %d of %s", s.Scheme, s.Held, s.Of, s.Whole, amount(s.Components, "component"))
		for _, e := range s.Elements {
			reference := e.Reference
			if e.Secondary {
				reference += ", from secondary sources"
			}
			if e.WhereItExists {
				reference += "; where it exists"
			}
			p.item(2, fmt.Sprintf("%10s  ", fmt.Sprintf("%d of %d", e.Held, e.Of)), report.Clean(e.Name+" ("+reference+")"))
			lacking(p, judged.Findings, s.Scheme, e.Name, all)
			if e.Unlisted > 0 {
				p.text(14, fmt.Sprintf("%d more components lack it, and are not listed", e.Unlisted))
			}
		}
	}
	return p.show(show, cmd.OutOrStdout())
}

// lacking lists what lacks an element, together where the same is to be said.
func lacking(p *page, findings []sbom.Finding, scheme sbom.Scheme, element string, all bool) {
	var kinds []sbom.Finding
	named := map[string][]string{}
	for _, f := range findings {
		if f.Scheme != scheme || f.Name != element {
			continue
		}
		where := f.Title
		if f.Line > 0 {
			where = fmt.Sprintf("%s (line %d)", f.Title, f.Line)
		}
		if named[f.What+f.Remedy] == nil {
			kinds = append(kinds, f)
		}
		named[f.What+f.Remedy] = append(named[f.What+f.Remedy], where)
	}
	for _, f := range kinds {
		list := named[f.What+f.Remedy]
		more := ""
		if n := len(list) - maxNamed; n > 0 && !all {
			list, more = list[:maxNamed], fmt.Sprintf(" and %d more", n)
		}
		p.text(14, report.Clean(f.What+": "+strings.Join(list, ", ")+more))
		p.item(14, "fix  ", report.Clean(f.Remedy))
	}
}

// sbomQualityJSON is an assessment as docs/formats/sbom-json.md has it.
type sbomQualityJSON struct {
	Scores   []sbomScoreJSON   `json:"scores"`
	Findings []sbomFindingJSON `json:"findings"`
}

type sbomScoreJSON struct {
	Scheme     string          `json:"scheme"`
	Held       int             `json:"held"`
	Of         int             `json:"of"`
	Whole      int             `json:"wholeComponents"`
	Components int             `json:"components"`
	Elements   []sbomTallyJSON `json:"elements"`
}

type sbomTallyJSON struct {
	Element       string `json:"element"`
	Reference     string `json:"reference"`
	Secondary     bool   `json:"secondary"`
	WhereItExists bool   `json:"whereItExists"`
	Held          int    `json:"held"`
	Of            int    `json:"of"`
	Unlisted      int    `json:"unlisted"`
}

type sbomFindingJSON struct {
	Scheme    string `json:"scheme"`
	Element   string `json:"element"`
	Reference string `json:"reference"`
	Secondary bool   `json:"secondary"`
	About     string `json:"about"` // document, subject, component
	Index     *int   `json:"index,omitempty"`
	Title     string `json:"title"`
	Line      int    `json:"line,omitempty"`
	What      string `json:"what"`
	Remedy    string `json:"remedy"`
}

func qualityOut(judged *sbom.Assessment) sbomQualityJSON {
	out := sbomQualityJSON{Scores: []sbomScoreJSON{}, Findings: []sbomFindingJSON{}}
	for _, s := range judged.Scores {
		score := sbomScoreJSON{Scheme: string(s.Scheme), Held: s.Held, Of: s.Of, Whole: s.Whole, Components: s.Components, Elements: []sbomTallyJSON{}}
		for _, e := range s.Elements {
			score.Elements = append(score.Elements, sbomTallyJSON{e.Name, e.Reference, e.Secondary, e.WhereItExists, e.Held, e.Of, e.Unlisted})
		}
		out.Scores = append(out.Scores, score)
	}
	for _, f := range judged.Findings {
		finding := sbomFindingJSON{
			Scheme: string(f.Scheme), Element: f.Name, Reference: f.Reference, Secondary: f.Secondary, Title: f.Title, Line: f.Line, What: f.What, Remedy: f.Remedy,
		}
		switch f.Component {
		case sbom.DocumentIndex:
			finding.About = "document"
		case sbom.SubjectIndex:
			finding.About = "subject"
		default:
			finding.About, finding.Index = "component", &f.Component
		}
		out.Findings = append(out.Findings, finding)
	}
	return out
}
