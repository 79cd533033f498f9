package main

import (
	"context"
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

type importFlags struct {
	format  string
	mapping string
	sheet   string
	dry     bool
	remove  bool
}

func newRiskImport() *cobra.Command {
	var flags importFlags
	cmd := &cobra.Command{
		Use:   "import FILE [DIR]",
		Short: "bring changes of a spreadsheet into the security file",
		Long: `Import compares a workbook (XLSX), a CSV file, or a folder of CSV files with the
security file in DIR, prints what differs, and writes it into the YAML files: all of
it, or nothing where anything is wrong. Comments and everything that does not change
stay as they are.

A row with an unknown id is a new entity; it goes to the file that holds most
entities of its kind. An empty cell removes a field. A column that is missing leaves
its field alone. Entities without a row stay, unless --remove is given.

A CSV file holds the sheet that its name says (risks.csv), or the one given by
--sheet. With --mapping, sheets and columns are those of a mapping file.

Exit status: 0 done or nothing to do, 1 the spreadsheet has faults, or with --dry-run
there is something to change, 2 the run failed.`,
		Example: `  theriac risk import risks.xlsx pump --dry-run
  theriac risk import risks.xlsx pump
  theriac risk import export.csv pump --sheet risks
  theriac risk import safety.xlsx pump --mapping safety-file.yaml`,
		Args: fileAndFolder,
		RunE: func(cmd *cobra.Command, args []string) error { return runRiskImport(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "", "`form` of the spreadsheet: "+strings.Join(sheetFormats, ", ")+" (default: by the name of the file)")
	f.StringVar(&flags.mapping, "mapping", "", "mapping `file` that says which column holds which field")
	f.StringVar(&flags.sheet, "sheet", "", "`name` of the sheet that a CSV file holds, or the only sheet of a workbook to read")
	complete(cmd, "format", sheetFormats)
	f.BoolVar(&flags.dry, "dry-run", false, "change nothing; show what would change")
	f.BoolVar(&flags.remove, "remove", false, "remove entities of the imported kinds that have no row")
	return cmd
}

func fileAndFolder(cmd *cobra.Command, args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return fmt.Errorf("import takes a spreadsheet and at most one folder; see `%s --help`", cmd.CommandPath())
	}
	return nil
}

// riskImport is a run of risk import.
type riskImport struct {
	importFlags
	name    string // of the spreadsheet
	mapping *sheet.Mapping
	dir     string
	taken   map[string]bool // ids that only variants have
	talk    io.Writer
}

func runRiskImport(cmd *cobra.Command, args []string, flags importFlags) error {
	if flags.format != "" && !slices.Contains(sheetFormats, flags.format) {
		return badValue("format", flags.format, sheetFormats)
	}
	in := &riskImport{importFlags: flags, name: args[0], talk: cmd.ErrOrStderr()}
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	in.dir = dir
	if in.mapping, err = readMapping(in.talk, flags.mapping); err != nil {
		return err
	}
	if in.taken, err = idsOfVariants(cmd.Context(), file); err != nil {
		return err
	}
	book, err := in.read()
	if err != nil {
		return err
	}
	plan, findings := in.compare(file, book)
	if err := tellFaults(in.talk, findings); err != nil {
		return err
	}
	if _, err := io.WriteString(cmd.OutOrStdout(), plan.Text()); err != nil {
		return err
	}
	switch {
	case plan.Empty():
		return nil
	case flags.dry:
		return errFindings
	}
	return in.write(cmd.Context(), file, book, plan)
}

func (in *riskImport) compare(file *model.File, book *sheet.Book) (*sheet.Plan, diag.List) {
	plan, findings := sheet.Import(file, book, in.mapping, func(id string) bool { return in.taken[id] })
	if in.remove && !findings.Worst(diag.Error) {
		findings = append(findings, plan.RemoveGone()...)
	}
	return plan, findings
}

// idsOfVariants are the ids of entities that exist in variants.
func idsOfVariants(ctx context.Context, file *model.File) (map[string]bool, error) {
	ids := map[string]bool{}
	for _, v := range file.Variants {
		of, _, err := (&model.Loader{Variant: v.ID}).Load(ctx, file.Dir())
		if err != nil {
			return nil, err
		}
		of.All(func(e model.Entity) { ids[model.Of(e).ID] = true })
	}
	return ids, nil
}

// read reads the spreadsheet. What is wrong with it is printed.
func (in *riskImport) read() (*sheet.Book, error) {
	info, err := os.Stat(in.name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return in.readFolder()
	}
	data, err := readLimited(in.name)
	if err != nil {
		return nil, err
	}
	shown := filepath.ToSlash(in.name)
	form := in.format
	if form == "" {
		form = strings.TrimPrefix(strings.ToLower(filepath.Ext(in.name)), ".")
	}
	switch form {
	case "xlsx", "xlsm":
		book, findings := sheet.ReadXLSX(shown, data)
		if err := tellFaults(in.talk, findings); err != nil {
			return nil, err
		}
		return in.chosen(book)
	case "csv":
		name := in.sheetOf(in.name)
		in.mapping = in.mapping.For(name)
		book, findings := sheet.ReadCSV(shown, name, data)
		return book, tellFaults(in.talk, findings)
	}
	return nil, fmt.Errorf("%s: expected a name that ends in .xlsx or .csv, or the form with --format", in.name)
}

func stem(name string) string {
	name = filepath.Base(name)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// readFolder reads the CSV files of a folder as the sheets of a book.
func (in *riskImport) readFolder() (*sheet.Book, error) {
	names, err := filepath.Glob(filepath.Join(in.name, "*.csv"))
	if err != nil {
		return nil, err
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no .csv file", in.name)
	}
	all := &sheet.Book{Name: filepath.ToSlash(in.name)}
	for _, name := range names {
		data, err := readLimited(name)
		if err != nil {
			return nil, err
		}
		book, findings := sheet.ReadCSV(filepath.ToSlash(name), stem(name), data)
		if err := tellFaults(in.talk, findings); err != nil {
			return nil, err
		}
		all.Sheets = append(all.Sheets, book.Sheets...)
	}
	return in.chosen(all)
}

// chosen is the book with the sheet that was asked for, or as it is.
func (in *riskImport) chosen(book *sheet.Book) (*sheet.Book, error) {
	if in.sheet == "" {
		return book, nil
	}
	in.mapping = in.mapping.For(in.sheet)
	return only(book, in.sheet)
}

// sheetOf is the name of the sheet that a CSV file holds: the one asked for, the
// only one of the mapping, or the name of the file.
func (in *riskImport) sheetOf(name string) string {
	if in.sheet != "" {
		return in.sheet
	}
	if sheets := in.mapping.Sheets(); len(sheets) == 1 {
		return sheets[0]
	}
	return stem(name)
}

// write carries out a plan: all of it or nothing. Afterwards the security file
// is read again, must be sound, and must say what the spreadsheet says.
func (in *riskImport) write(ctx context.Context, file *model.File, book *sheet.Book, plan *sheet.Plan) error {
	w, err := newRewrite(ctx, file, in.dir)
	if err != nil {
		return err
	}
	defer w.close()
	if err := plan.Edit(file, w.open); err != nil {
		return err
	}
	if err := w.apply(ctx, func() error { return in.verify(ctx, book) }); err != nil {
		return err
	}
	for _, name := range w.names() {
		fmt.Fprintln(in.talk, "changed "+filepath.ToSlash(filepath.Join(in.dir, name)))
	}
	return nil
}

func (in *riskImport) verify(ctx context.Context, book *sheet.Book) error {
	again, _, err := load(ctx, []string{in.dir})
	if err != nil {
		return err
	}
	plan, findings := in.compare(again, book)
	if findings.Worst(diag.Error) || !plan.Empty() {
		return errors.New("the security file would not say what the spreadsheet says")
	}
	return nil
}
