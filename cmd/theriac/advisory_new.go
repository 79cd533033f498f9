package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/check"
	"theriac/csaf"
	"theriac/document/html"
	"theriac/document/pdf"
	"theriac/model"
	"theriac/psirt"
	"theriac/report"
	"theriac/triage"
	"theriac/vex"
)

type advisoryFlags struct {
	about   string
	out     string
	profile string
	id      string
	date    string
	label   string
	pages   bool
}

func newAdvisoryNew() *cobra.Command {
	var flags advisoryFlags
	cmd := &cobra.Command{
		Use:   "new [DIR]",
		Short: "make an advisory of a case",
		Long: `New makes a CSAF 2.0 document of a case and its decisions: releases become products,
decisions become states, remediations, justifications and scores, and each step
"published" becomes a revision. Without such a step the document is a draft; while the
embargo of the case lasts it is a draft with TLP:AMBER. With --profile vex, --case may be
left out: the document then tells all decisions of the file, under the name --id.

What another case keeps under embargo makes the document one with TLP:AMBER. It is left
out where --case is, and standard error says so; --tlp amber or red tells it to named
recipients.

What becomes public: title, description, severity, field action and credited reporter of
the case, notes of its steps "published", and title, reason, action and score of its
decisions. A document that would fail a mandatory test is not made; the message names the
fields of the security file.

With --pages the document is written for people as well, as HTML and PDF; they are called
approved where the case is, by signature (` + "`theriac approve CASE`" + `). The day is
given by --date, else by the environment variable SOURCE_DATE_EPOCH, else it is today.

Exit status: 0 written, 2 it cannot be made.`,
		Example: `  theriac advisory new pump --case case-openssl
  theriac advisory new pump --case case-openssl --pages
  theriac advisory new pump --case case-openssl --profile vex -o exd-2026-001-vex.json
  theriac advisory new pump --profile vex --id EXD-VEX-1`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runAdvisoryNew(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.about, "case", "", "`id` of the case")
	f.StringVarP(&flags.out, "output", "o", "", "`file` to write; the name that the standard gives it, in the current folder, where left out")
	f.StringVar(&flags.profile, "profile", "advisory", "advisory or vex")
	f.StringVar(&flags.id, "id", "", "tracking `id` in place of that of the case, which a VEX document has with -VEX behind it")
	f.StringVar(&flags.label, "tlp", "", "`label` for named recipients, who may know what is under embargo: "+strings.Join(namedRecipients, ", "))
	f.BoolVar(&flags.pages, "pages", false, "write the advisory as HTML and PDF as well, beside the file")
	f.StringVar(&flags.date, "date", "", "`day` of the document, as YYYY-MM-DD")
	complete(cmd, "profile", []string{"advisory", "vex"})
	complete(cmd, "tlp", namedRecipients)
	completeFlagID(cmd, func(file *model.File) []string { return idsOf(file.Cases) }, "case")
	return cmd
}

// namedRecipients are the labels of what not everybody may read.
var namedRecipients = []string{"amber", "red"}

func runAdvisoryNew(cmd *cobra.Command, args []string, flags advisoryFlags) error {
	if flags.label != "" && !slices.Contains(namedRecipients, flags.label) {
		return badValue("tlp", flags.label, namedRecipients)
	}
	if flags.profile != "advisory" && flags.profile != "vex" {
		return badValue("profile", flags.profile, []string{"advisory", "vex"})
	}
	if flags.about == "" && flags.profile == "advisory" {
		return fmt.Errorf("--case names the case of which the advisory tells")
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	file, _, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	in, err := flags.input(file, day)
	if err != nil {
		return err
	}
	for _, w := range in.Withheld() {
		fmt.Fprintf(cmd.ErrOrStderr(), "held back: %s, under embargo of %s until %s\n", report.Clean(w.Vulnerability), w.Case.ID, w.Case.Embargo)
	}
	advisory, err := csaf.Make(in)
	if err != nil {
		return err
	}
	text, err := csaf.Encode(advisory)
	if err != nil {
		return err
	}
	if flags.out == "" {
		flags.out = csaf.FileName(string(*advisory.Document.Tracking.ID))
	}
	files := []advisoryFile{{flags.out, text}}
	if flags.pages {
		pages, err := flags.advisoryPages(cmd.Context(), in, text)
		if err != nil {
			return err
		}
		files = append(files, pages...)
	}
	for _, f := range files {
		if err := writeFile(f.name, f.text); err != nil {
			return err
		}
	}
	tracking, label := advisory.Document.Tracking, *advisory.Document.Distribution.TLP.DocumentTLPLabel
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, version %s, %s, TLP:%s\n", flags.out, *tracking.ID, *tracking.Version, *tracking.Status, label)
	return err
}

// input is what the document is made of.
func (f advisoryFlags) input(file *model.File, day model.Date) (csaf.Input, error) {
	in := csaf.Input{File: file, VEX: f.profile == "vex", ID: f.id, Day: day, Label: strings.ToUpper(f.label), Covers: coversRelease}
	var err error
	if in.Names, err = namesUnderEmbargo(file, day); err != nil {
		return in, err
	}
	if f.about == "" {
		in.Decisions = file.Decisions
		return in, nil
	}
	i := slices.IndexFunc(file.Cases, func(c *model.Case) bool { return c.ID == f.about })
	if i < 0 {
		return in, unknownValue("case", f.about, idsOf(file.Cases))
	}
	in.Case = file.Cases[i]
	return in, nil
}

// namesUnderEmbargo are the names of the vulnerabilities that were found, where an embargo
// may hold by another name than its case states.
func namesUnderEmbargo(file *model.File, day model.Date) ([][]string, error) {
	if !psirt.EmbargoOn(file, day).Runs() {
		return nil, nil
	}
	record, err := soundRecord(file)
	if err != nil {
		return nil, err
	}
	return vex.Names(record), nil
}

type advisoryFile struct {
	name string
	text []byte
}

// advisoryPages are the advisory for people, under names beside that of the file.
func (f advisoryFlags) advisoryPages(ctx context.Context, in csaf.Input, text []byte) ([]advisoryFile, error) {
	var signed csaf.Approval
	if in.Case != nil {
		root, err := check.FolderOf(in.File)
		if err != nil {
			return nil, err
		}
		defer root.Close()
		if signed, err = caseApproval(ctx, in.File, root.FS(), in.Case, in.Day); err != nil {
			return nil, err
		}
	}
	set, err := csaf.Page(text, signed)
	if err != nil {
		return nil, err
	}
	web, err := html.Page(set, set.Documents[0])
	if err != nil {
		return nil, err
	}
	paper, err := pdf.Write(set, set.Documents[0])
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(f.out, ".json")
	return []advisoryFile{{stem + ".html", web}, {stem + ".pdf", paper}}, nil
}

// coversRelease tells whether a version of the product is in a range.
func coversRelease(releases, version string) (bool, error) {
	in, err := triage.ParseRange(releases)
	if err != nil {
		return false, err
	}
	return in.Holds(version, "")
}
