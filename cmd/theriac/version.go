package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"theriac/catalog"
)

func newVersion() *cobra.Command {
	var format string
	forms := []string{"text", "json"}
	cmd := &cobra.Command{
		Use:   "version",
		Short: "show the version and the editions of the catalogue",
		Long: `Version shows the version of the program as the build recorded it, the version of
Go, and the editions of law, guidance and standards that the catalogue follows.`,
		Example: `  theriac version
  theriac version --format json`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch format {
			case "text":
				return versionText(cmd.OutOrStdout())
			case "json":
				return versionJSON(cmd.OutOrStdout())
			}
			return badValue("format", format, forms)
		},
	}
	cmd.Flags().StringVarP(&format, "format", "f", "text", "`form` of the output: "+strings.Join(forms, ", "))
	complete(cmd, "format", forms)
	return cmd
}

func versionText(w io.Writer) error {
	p := newPage(screen{width: 100})
	p.line(fmt.Sprintf("theriac %s (%s)", version(), runtime.Version()))
	p.heading("Catalogue")
	for _, s := range catalog.Load().Sources {
		p.item(2, fmt.Sprintf("%-10s  ", s.ID), fmt.Sprintf("%s: %s", s.Title, s.Edition))
	}
	return p.show(screen{}, w)
}

type versionReport struct {
	Name      string          `json:"name"`
	Version   string          `json:"version"`
	Revision  string          `json:"revision"`
	Go        string          `json:"go"`
	Catalogue []versionSource `json:"catalogue"`
}

type versionSource struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Edition string `json:"edition"`
	Entries int    `json:"entries"`
}

func versionJSON(w io.Writer) error {
	r := versionReport{Name: "theriac", Version: version(), Revision: setting("vcs.revision"), Go: runtime.Version(), Catalogue: []versionSource{}}
	for _, s := range catalog.Load().Sources {
		r.Catalogue = append(r.Catalogue, versionSource{s.ID, s.Title, s.Edition, len(s.Entries)})
	}
	return writeJSON(w, r)
}

// version is the version of the program as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// setting is a setting of the build, or "".
func setting(key string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == key {
				return s.Value
			}
		}
	}
	return ""
}
