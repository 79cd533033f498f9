package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/approval"
	"theriac/model"
	"theriac/report"
	"theriac/triage"
	"theriac/trust"
	"theriac/vex"
)

type vexExportFlags struct {
	format, output, product, date string
	id, previous, label           string
	releases                      []string
	undecided, unapproved         bool
}

func newVEXExport() *cobra.Command {
	var flags vexExportFlags
	cmd := &cobra.Command{
		Use:   "export [DIR]",
		Short: "write what was decided about vulnerabilities as VEX",
		Long: `Export writes the decisions of the security file as OpenVEX, CycloneDX VEX or CSAF VEX,
for all releases that are out or those named by --release.

Where findings are recorded (theriac vuln scan --record), statements name the components
in which a vulnerability was found, and the releases in which it still is. A decision
that no longer holds is told as under investigation. --undecided tells in the same way
what nobody decided about yet.

Where the policy asks for approvals of decisions, one that lacks them is not told; the
run fails, unless --unapproved is given.

What a case keeps under embargo is not told, by whatever name it goes, and standard error
says what was held back. A document for named recipients, --tlp amber or red, tells it;
OpenVEX has no place for such a label.

A CSAF document has the same id each day (--id), and a version for each day on which
something that it tells was decided. --previous names the document that was published
before: the new one gets its id and history, with one more version, or is the same where
nothing changed.`,
		Example: `  theriac vex export pump --format openvex -o pump.openvex.json
  theriac vex export pump --format csaf --release 1.4.0 --product-id pkg:generic/example/pump
  theriac vex export pump --format csaf --previous www/vex-pump.json -o vex-pump.json`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runVEXExport(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "openvex", "`form`: "+strings.Join(vex.Formats, ", "))
	f.StringVarP(&flags.output, "output", "o", "", "`file` to write (default: standard output)")
	f.StringSliceVar(&flags.releases, "release", nil, "`version` of the product to speak of (default: all releases)")
	f.StringVar(&flags.product, "product-id", "", "`name` of the product without version, as a package URL or address (default: made of manufacturer and name)")
	f.StringVar(&flags.id, "id", "", "tracking `id` of a CSAF document (default: made of the name of the product)")
	f.StringVar(&flags.previous, "previous", "", "CSAF `file` that was published before, which this one supersedes")
	f.StringVar(&flags.label, "tlp", "white", "`label` of the document: "+strings.Join(trafficLights, ", "))
	f.StringVar(&flags.date, "date", "", "`day` of the document, as YYYY-MM-DD")
	f.BoolVar(&flags.undecided, "undecided", false, "tell findings without a decision as under investigation")
	f.BoolVar(&flags.unapproved, "unapproved", false, "tell decisions that lack an approval as well")
	complete(cmd, "format", vex.Formats)
	complete(cmd, "tlp", trafficLights)
	return cmd
}

// trafficLights are the labels by which recipients know with whom they may share.
var trafficLights = []string{"white", "green", "amber", "red"}

func (f vexExportFlags) check() error {
	switch {
	case !slices.Contains(vex.Formats, f.format):
		return badValue("format", f.format, vex.Formats)
	case !slices.Contains(trafficLights, f.label):
		return badValue("tlp", f.label, trafficLights)
	case f.format != "csaf" && f.id+f.previous != "":
		return errors.New("--id and --previous are for --format csaf")
	case f.id != "" && f.previous != "":
		return errors.New("the document that --previous names gives the id; leave out --id")
	}
	return nil
}

func runVEXExport(cmd *cobra.Command, args []string, flags vexExportFlags) error {
	if err := flags.check(); err != nil {
		return err
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	if !flags.unapproved {
		if err := decisionsApproved(cmd.Context(), file, dir, day); err != nil {
			return err
		}
	}
	record, err := soundRecord(file)
	if err != nil {
		return err
	}
	doc, err := vex.From(vex.Source{File: file, Record: record, Today: day, Releases: flags.releases, ProductID: flags.product, Undecided: flags.undecided, Label: strings.ToUpper(flags.label)})
	if err != nil {
		return err
	}
	for _, h := range doc.Held {
		fmt.Fprintf(cmd.ErrOrStderr(), "held back: %s, under embargo of %s until %s\n", report.Clean(h.Vulnerability), h.Case, h.Until)
	}
	if flags.id != "" {
		doc.Tracking = flags.id
	}
	text, err := written(doc, flags)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s about %s\n", amount(len(doc.Statements), "statement"), several(vulnerabilitiesIn(doc), "vulnerability", "vulnerabilities"))
	if flags.output == "" {
		_, err = cmd.OutOrStdout().Write(text)
		return err
	}
	return writeFile(flags.output, text)
}

// soundRecord is the record of findings; the error says where it cannot be read.
func soundRecord(file *model.File) (*triage.Record, error) {
	record, err := triage.ReadRecord(file)
	if err == nil && len(record.Findings) > 0 {
		err = fmt.Errorf("%s: %s; %s", record.Findings[0].Span, record.Findings[0].Message, record.Findings[0].Help)
	}
	return record, err
}

// written is a document in its form, as the next version of that of --previous.
func written(doc *vex.Document, flags vexExportFlags) ([]byte, error) {
	if flags.previous == "" {
		return vex.Write(doc, flags.format)
	}
	previous, err := readDocument(flags.previous)
	if err != nil {
		return nil, fmt.Errorf("--previous: %w", err)
	}
	return vex.Continue(doc, previous)
}

func vulnerabilitiesIn(doc *vex.Document) int {
	var ids []string
	for _, s := range doc.Statements {
		ids = append(ids, s.Vulnerability)
	}
	return len(sortedUnique(ids))
}

// decisionsApproved complains about decisions that lack an approval of the policy.
func decisionsApproved(ctx context.Context, file *model.File, dir string, day model.Date) error {
	if file.Policy == nil || !slices.ContainsFunc(file.Policy.Approvals, func(a model.ApprovalPolicy) bool { return a.Of == "decisions" }) {
		return nil
	}
	root, err := os.OpenRoot(filepath.Clean(dir))
	if err != nil {
		return err
	}
	defer root.Close()
	store, err := approval.Read(ctx, root.FS(), trust.NewRoster(file), day)
	if err != nil {
		return err
	}
	needs, err := approval.Needs(file, store, root.FS())
	if err != nil {
		return err
	}
	for _, n := range needs {
		if n.Of == "decisions" && n.State != approval.Given {
			return fmt.Errorf("decision %s is not %s by %s (%s); see `theriac approve`, or give --unapproved", n.ID, n.Meaning, strings.Join(n.Roles, " or "), n.State)
		}
	}
	return nil
}
