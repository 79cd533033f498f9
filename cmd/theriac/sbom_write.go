package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/sbom"
)

// sbomTarget are the flags of commands that write a bill of materials.
type sbomTarget struct {
	form, output, date string
}

func (t *sbomTarget) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&t.form, "format", "f", string(sbom.CycloneDX16JSON), "`form` to write: "+strings.Join(sbomForms(), ", "))
	f.StringVarP(&t.output, "output", "o", "", "`file` to write; without it the standard output")
	f.StringVar(&t.date, "date", "", "`day` on which the list is made, as YYYY-MM-DD")
	complete(cmd, "format", sbomForms())
}

func sbomForms() []string {
	var names []string
	for _, f := range sbom.Forms() {
		names = append(names, string(f))
	}
	return names
}

// check complains about a form that is unknown, before anything is read.
func (t *sbomTarget) check() error {
	if !slices.Contains(sbomForms(), t.form) {
		return badValue("format", t.form, sbomForms())
	}
	return nil
}

// made is the time that a new list is dated with: the day that was given, else the
// time of SOURCE_DATE_EPOCH, else that of the clock.
func (t *sbomTarget) made() (string, error) {
	if t.date != "" {
		day, err := model.ParseDate(t.date)
		if err != nil {
			return "", fmt.Errorf("--date: %w", err)
		}
		return day.String() + "T00:00:00Z", nil
	}
	at, err := moment(os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	return at.Format(time.RFC3339), err
}

// write puts the list where it was asked for, and says what the form has no place for.
func (t *sbomTarget) write(cmd *cobra.Command, bom *sbom.BOM) error {
	var out bytes.Buffer
	lost, err := sbom.Write(&out, bom, sbom.Form(t.form))
	if err != nil {
		return err
	}
	for _, p := range lost {
		fmt.Fprintf(plainText{cmd.ErrOrStderr()}, "theriac: %s has no place for: %s\n", t.form, oneLine(p.What))
	}
	if t.output == "" {
		_, err := cmd.OutOrStdout().Write(out.Bytes())
		return err
	}
	return writeFile(t.output, out.Bytes())
}

// sealed is the name that we write into lists that we make.
func sealed(tools []string) []string {
	const name = "theriac"
	if slices.Contains(tools, name) {
		return tools
	}
	return append(slices.Clone(tools), name)
}
