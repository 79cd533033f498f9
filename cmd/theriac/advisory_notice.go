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

	"theriac/check"
	"theriac/csaf"
	"theriac/document"
	"theriac/document/docx"
	"theriac/document/html"
	"theriac/document/pdf"
	plaintext "theriac/document/plain"
	"theriac/locale"
	"theriac/model"
	"theriac/report"
)

// noticePainters are the forms of a notice.
var noticePainters = map[string]func(*document.Set, *document.Document) ([]byte, error){
	"html": html.Page, "pdf": pdf.Write, "docx": docx.Write, "md": plaintext.Markdown,
}

var noticeForms = []string{"html", "pdf", "docx", "md"}

type noticeFlags struct {
	about, out, date string
	languages, forms []string
}

func newAdvisoryNotice() *cobra.Command {
	var flags noticeFlags
	cmd := &cobra.Command{
		Use:   "notice [DIR]",
		Short: "write the field safety notice of a case",
		Long: `Notice writes the field safety notice (MDR Art. 89(8), IVDR Art. 84(8)) of a case whose
field safety corrective action is to be reported: devices by UDI-DI and version, the
manufacturer with its SRN, the reason and the harm that can follow, what users must do,
whom they can ask, and a page to send back.

What the security file does not state is shown as a gap. The notice is a draft while
there is one, while a text of the file has no translation, while the embargo of the case
lasts, while nobody signed that the case is approved as it is (` + "`theriac approve CASE`" + `), with
all approvals for which policy.approvals asks of cases, and, unless the action is urgent, until it was reported to the authority
(` + "`theriac psirt step CASE --step reported --duty field-action`" + `) and the authority got
the draft (` + "`--step notice-drafted`" + `).

Each form is written under its own ending, and each of several languages under its name:
notice-de.pdf. The day is given by --date, else by the environment variable SOURCE_DATE_EPOCH, else it is today.

Exit status: 0 fit for users, 1 written as a draft, 2 it cannot be made.`,
		Example: `  theriac advisory notice pump --case case-2026-001 -o notice.pdf
  theriac advisory notice pump --case case-2026-001 -o notice --lang en,de --format html,pdf`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runAdvisoryNotice(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.about, "case", "", "`id` of the case (required)")
	f.StringVarP(&flags.out, "output", "o", "", "`file` to write (required)")
	f.StringSliceVar(&flags.languages, "lang", nil, "`languages`; without it those of publication.languages, or en")
	f.StringSliceVarP(&flags.forms, "format", "f", nil, "`forms`: "+strings.Join(noticeForms, ", ")+"; without it that of the name of the file")
	f.StringVar(&flags.date, "date", "", "`day` of the notice, as YYYY-MM-DD")
	complete(cmd, "format", noticeForms)
	completeFlagID(cmd, func(file *model.File) []string { return idsOf(file.Cases) }, "case")
	return cmd
}

// named gives the flags their forms, and the name of the file without its ending.
func (f *noticeFlags) named() (stem string, err error) {
	if f.about == "" || f.out == "" {
		return "", errors.New("--case names the case and --output the file")
	}
	stem = f.out
	if ending := strings.TrimPrefix(strings.ToLower(filepath.Ext(f.out)), "."); slices.Contains(noticeForms, ending) {
		stem = strings.TrimSuffix(f.out, filepath.Ext(f.out))
		if len(f.forms) == 0 {
			f.forms = []string{ending}
		}
	}
	if len(f.forms) == 0 {
		return "", fmt.Errorf("--output: %s ends with none of %s; name the form with --format", f.out, strings.Join(noticeForms, ", "))
	}
	for _, form := range f.forms {
		if !slices.Contains(noticeForms, form) {
			return "", badValue("format", form, noticeForms)
		}
	}
	return stem, nil
}

func runAdvisoryNotice(cmd *cobra.Command, args []string, flags noticeFlags) error {
	stem, err := flags.named()
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	file, _, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	c, err := caseNamed(file, flags.about)
	if err != nil {
		return err
	}
	if len(flags.languages) == 0 {
		flags.languages = file.Languages()
	}
	sets, err := notices(cmd.Context(), file, c, day, flags.languages)
	if err != nil {
		return err
	}
	written, err := flags.paint(stem, sets)
	if err != nil {
		return err
	}
	for _, f := range written {
		if err := writeFile(f.name, f.text); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), filepath.ToSlash(f.name)); err != nil {
			return err
		}
	}
	var drafts error
	for _, set := range sets {
		if !set.Stamp.Approved {
			drafts = errFindings
			fmt.Fprintf(cmd.ErrOrStderr(), "draft (%s): %s\n", set.Documents[0].Lang, report.Clean(strings.Join(set.Stamp.Why, "; ")))
		}
	}
	return drafts
}

// notices makes a notice in each language.
func notices(ctx context.Context, file *model.File, c *model.Case, day model.Date, languages []string) ([]*document.Set, error) {
	root, err := check.FolderOf(file)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	signed, err := caseApproval(ctx, file, root.FS(), c, day)
	if err != nil {
		return nil, err
	}
	names, err := namesUnderEmbargo(file, day)
	if err != nil {
		return nil, err
	}
	var sets []*document.Set
	for _, tag := range languages {
		words, err := locale.Open(tag, root.FS())
		if err != nil {
			return nil, fmt.Errorf("--lang: %w", err)
		}
		set, err := csaf.Notice(csaf.NoticeInput{Names: names, File: file, Case: c, Words: words, Day: day, Covers: coversRelease, Approval: signed})
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// paint makes the files, each form of each language.
func (f noticeFlags) paint(stem string, sets []*document.Set) (files []advisoryFile, err error) {
	for _, set := range sets {
		for _, form := range f.forms {
			name := stem
			if len(sets) > 1 {
				name += "-" + set.Documents[0].Lang
			}
			text, err := noticePainters[form](set, set.Documents[0])
			if err != nil {
				return nil, err
			}
			files = append(files, advisoryFile{name + "." + form, text})
		}
	}
	return files, nil
}
