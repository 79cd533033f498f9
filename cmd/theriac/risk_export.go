package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/model"
	"theriac/sheet"
)

type exportFlags struct {
	format  string
	output  string
	sheet   string
	mapping string
	bom     bool
}

var sheetFormats = []string{"xlsx", "csv"}

func newRiskExport() *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:   "export [DIR]",
		Short: "write hazards, harms, threats, risks and controls into spreadsheets",
		Long: `Export writes the hazards, hazardous situations, harms, threats, risks and controls
of the security file in DIR into a workbook (XLSX), or into CSV files: one sheet for
each kind, one row for each entity, one column for each field. Import reads them
back; a round trip changes nothing.

With --mapping the sheets and columns are those of a mapping file, so that the
result looks like the risk file that the team keeps already. The same security file
gives the same bytes.

As CSV, one sheet goes to the file named by --output, or to the terminal; without
--sheet every sheet goes to a file of its own in the folder named by --output.

Exit status: 0 done, 1 something cannot be exported, 2 the run failed.`,
		Example: `  theriac risk export pump -o risks.xlsx
  theriac risk export pump -o safety.xlsx --mapping safety-file.yaml
  theriac risk export pump --format csv --sheet risks -o risks.csv
  theriac risk export pump --format csv -o sheets`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runRiskExport(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "", "`form` of the spreadsheet: "+strings.Join(sheetFormats, ", ")+" (default: by the name of the file)")
	f.StringVarP(&flags.output, "output", "o", "", "`file` to write, or folder for several CSV files")
	f.StringVar(&flags.sheet, "sheet", "", "write only the sheet with this `name`")
	f.StringVar(&flags.mapping, "mapping", "", "mapping `file` that says which column holds which field")
	f.BoolVar(&flags.bom, "bom", false, "begin CSV with a byte order mark, by which Excel knows UTF-8")
	complete(cmd, "format", sheetFormats)
	return cmd
}

func runRiskExport(cmd *cobra.Command, args []string, flags exportFlags) error {
	if err := flags.settle(); err != nil {
		return err
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	if err := keepsApart(dir, flags.output); err != nil {
		return err
	}
	mapping, err := readMapping(cmd.ErrOrStderr(), flags.mapping)
	if err != nil {
		return err
	}
	book, findings := sheet.Export(file, mapping)
	if err := tellFaults(cmd.ErrOrStderr(), findings); err != nil {
		return err
	}
	if flags.sheet != "" {
		if book, err = only(book, flags.sheet); err != nil {
			return err
		}
	}
	if flags.format == "csv" {
		return flags.writeCSV(cmd.OutOrStdout(), book)
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, book, sheet.About{Product: file.Product.Name, Tool: "theriac " + version()}); err != nil {
		return err
	}
	return writeFile(flags.output, b.Bytes())
}

// settle fills in the format and refuses what does not go together.
func (f *exportFlags) settle() error {
	if f.format == "" {
		f.format = "xlsx"
		if strings.EqualFold(filepath.Ext(f.output), ".csv") {
			f.format = "csv"
		}
	}
	switch ext := strings.ToLower(filepath.Ext(f.output)); {
	case !slices.Contains(sheetFormats, f.format):
		return badValue("format", f.format, sheetFormats)
	case f.output == "" && (f.format == "xlsx" || f.sheet == ""):
		return fmt.Errorf("name the file to write with --output")
	case f.format == "xlsx" && ext != ".xlsx":
		return fmt.Errorf("%s: the name of a workbook ends in .xlsx, that of a CSV file in .csv", f.output)
	case f.bom && f.format != "csv":
		return fmt.Errorf("--bom is for CSV")
	case f.format == "csv" && f.sheet == "" && ext == ".csv":
		return fmt.Errorf("%s can hold one sheet; choose it with --sheet, or name a folder with --output", f.output)
	}
	return nil
}

// only is the book with one of its sheets.
func only(b *sheet.Book, name string) (*sheet.Book, error) {
	s := b.Sheet(name)
	if s == nil {
		var names []string
		for _, s := range b.Sheets {
			names = append(names, s.Name)
		}
		return nil, unknownName("sheet", name, names)
	}
	return &sheet.Book{Name: b.Name, Sheets: []*sheet.Sheet{s}}, nil
}

func (f *exportFlags) writeCSV(out io.Writer, b *sheet.Book) error {
	texts := make([]bytes.Buffer, len(b.Sheets))
	for i, s := range b.Sheets {
		if err := sheet.WriteCSV(&texts[i], s, f.bom); err != nil {
			return err
		}
	}
	switch {
	case f.output == "":
		_, err := out.Write(texts[0].Bytes())
		return err
	case f.sheet != "":
		return writeFile(f.output, texts[0].Bytes())
	}
	if err := os.MkdirAll(f.output, 0o755); err != nil {
		return err
	}
	for i, s := range b.Sheets {
		name := s.Name + ".csv"
		if filepath.Base(name) != name || !filepath.IsLocal(name) {
			return fmt.Errorf("sheet %q cannot be the name of a file; write it with --sheet and --output", s.Name)
		}
		if err := writeFile(filepath.Join(f.output, name), texts[i].Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// readMapping reads a mapping file; without a name it is the mapping of our own
// sheets.
func readMapping(talk io.Writer, name string) (*sheet.Mapping, error) {
	if name == "" {
		return sheet.OwnMapping(), nil
	}
	data, err := readLimited(name)
	if err != nil {
		return nil, err
	}
	m, findings := sheet.ReadMapping(filepath.ToSlash(name), data)
	return m, tellFaults(talk, findings)
}

// readLimited reads a file, or one byte more than is read of a spreadsheet.
func readLimited(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, sheet.MaxFile+1))
	return data, errors.Join(err, f.Close())
}

// tellFaults prints findings about spreadsheets and mappings. It returns
// errFindings when one of them is an error.
func tellFaults(talk io.Writer, findings diag.List) error {
	for _, f := range findings {
		place := ""
		if f.Span.Valid() {
			place = f.Span.Path() + ": "
			if model.IsYAML(f.Span.Path()) {
				place = f.Span.String() + ": "
			}
		}
		fmt.Fprintf(talk, "%s%s: %s\n", place, strings.TrimSpace(f.Severity.String()+" "+f.Code), f.Message)
		if f.Help != "" {
			fmt.Fprintf(talk, "  fix   %s\n", f.Help)
		}
	}
	if findings.Worst(diag.Error) {
		return errFindings
	}
	return nil
}
