package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"theriac/report"
	"theriac/vex"
)

type vexImportFlags struct {
	by, expires, to, date string
	parts, preview        bool
}

func newVEXImport() *cobra.Command {
	var flags vexImportFlags
	cmd := &cobra.Command{
		Use:   "import FILE [DIR]",
		Short: "take what a supplier says about vulnerabilities as decisions",
		Long: `Import reads OpenVEX, CycloneDX VEX or CSAF in JSON and makes decisions of the statements
that name a vulnerability, a component and its version as they were found (theriac vuln
scan --record). Each decision says who stated it, when, and in which file.

What a supplier calls affected is under investigation here: what it means for the device
has to be decided. A statement about a part of the supplier's product is not about that
part elsewhere; --parts takes it for the part.

Exit status: 0 done or nothing to decide, 1 with --preview there is something to decide,
2 the run failed.`,
		Example: `  theriac vex import supplier.openvex.json pump --preview
  theriac vex import rhsa-2024_4546.json pump --by PSIRT --expires 2027-06-30`,
		Args: nameAndFolder("the document of the supplier"),
		RunE: func(cmd *cobra.Command, args []string) error { return runVEXImport(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.by, "by", "", "`role` that decides (default: the owner of vulnerability handling)")
	f.StringVar(&flags.expires, "expires", "", "last `day` on which the decisions hold, as YYYY-MM-DD")
	f.StringVar(&flags.to, "to", "", "`file` below DIR to write to (default: the one with most decisions, else decisions.yaml)")
	f.StringVar(&flags.date, "date", "", "`day` of the decisions, as YYYY-MM-DD")
	f.BoolVar(&flags.parts, "parts", false, "take statements about parts of the supplier's product for these parts themselves")
	f.BoolVar(&flags.preview, "preview", false, "change nothing; show what would be decided")
	return cmd
}

func runVEXImport(cmd *cobra.Command, args []string, flags vexImportFlags) error {
	text, err := readDocument(args[0])
	if err != nil {
		return err
	}
	doc, err := vex.Read(text)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	d, err := newDecider(cmd.Context(), args[1:], flags.date)
	if err != nil {
		return err
	}
	d.to, d.preview = flags.to, flags.preview
	in := vex.Import{File: filepath.Base(args[0]), By: flags.by, Parts: flags.parts}
	if v := d.file.VulnerabilityHandling; in.By == "" && v != nil {
		in.By = v.Owner
	}
	if in.By == "" {
		return errors.New("nobody is named who decides; give --by, or an owner of vulnerability-handling")
	}
	if in.Expires, err = d.expiry(flags.expires); err != nil {
		return err
	}
	if in.Existing, err = d.taken(cmd.Context()); err != nil {
		return err
	}
	all, problems := vex.Proposals(doc, d.judge, d.found, in)
	tellVEXProblems(cmd.ErrOrStderr(), doc, problems)
	return d.finish(cmd, all)
}

// tellVEXProblems says what was not understood, and which statements were of no use.
func tellVEXProblems(talk io.Writer, doc *vex.Document, problems []string) {
	for _, p := range doc.Problems {
		fmt.Fprintf(talk, "not understood: %s\n", report.Clean(oneLine(p)))
	}
	if doc.Unlisted > 0 {
		fmt.Fprintf(talk, "not understood: %d more\n", doc.Unlisted)
	}
	for _, p := range problems {
		fmt.Fprintf(talk, "not used: %s\n", report.Clean(oneLine(p)))
	}
}

// maxVEX bounds a document that is imported, in bytes.
const maxVEX = 64 << 20

func readDocument(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, maxVEX+1))
	return text, errors.Join(err, f.Close())
}
