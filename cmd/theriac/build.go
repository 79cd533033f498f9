package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"theriac"
	"theriac/approval"
	"theriac/change"
	"theriac/check"
	"theriac/diag"
	"theriac/document"
	"theriac/evidence"
	"theriac/model"
	"theriac/publish"
	"theriac/report"
	"theriac/techdoc"
)

// buildFlags are the flags of build as given.
type buildFlags struct {
	output, release, date string
	browser               string
	documents, languages  []string
	forms                 []string
	list, check, force    bool
}

func newBuild() *cobra.Command {
	var flags buildFlags
	cmd := &cobra.Command{
		Use:   "build [DIR]",
		Short: "make the technical documentation from a security file",
		Long: `Build makes the documents of the technical documentation from the security file in
DIR, or in the current folder or above: the GSPR checklist, plans, the risk report,
threat model and architecture, traceability, verification report, instructions for
use, MDS2, the answers to the notified body, and files for firewalls and other
machines. All are made from the same model, so that none can contradict another.

Each document is written in its forms: HTML as one site that opens at index.html,
DOCX, PDF, XLSX, JSON and Markdown. What the security file does not say is shown as a
gap. Documents are a draft until the release is frozen and approved, and say why.

The output folder is replaced as a whole or not at all; one that holds other files is
left alone. With --check nothing is written: the exit status is 1 when the folder is
not what would be made now. The day and the choice of documents are then those of the
build in the folder.

The day on which evidence is judged is given by --date, else by the environment
variable SOURCE_DATE_EPOCH, else it is today. The same input on the same day gives
the same bytes; PDFs printed by a browser depend on its version as well.`,
		Example: `  theriac build pump -o out
  theriac build pump -o out --release 1.4.0 --lang en,de
  theriac build pump -o ifu --doc ifu-security --format pdf,docx
  theriac build pump -o out --check
  theriac build --list
  theriac build --list gspr-checklist pump`,
		Args: func(cmd *cobra.Command, args []string) error {
			if flags.list {
				return atMost(2)(cmd, args)
			}
			return atMost(1)(cmd, args)
		},
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case flags.list:
				return listDocuments(cmd, args, flags)
			case flags.output == "":
				return errors.New("where to? Name a folder with --output")
			case flags.check:
				return checkBuild(cmd, args, flags)
			}
			return runBuild(cmd, args, flags)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.output, "output", "o", "", "`folder` for the documents")
	f.StringSliceVar(&flags.documents, "doc", nil, "`names` of documents or files to make; without it all")
	f.StringSliceVarP(&flags.forms, "format", "f", nil, "`forms` to write: html, docx, pdf, xlsx, json, md; without it all")
	f.StringVar(&flags.release, "release", "", "`version` of the release; without it the newest that is out")
	f.StringSliceVar(&flags.languages, "lang", nil, "`languages` of the documents for users; without it those of publication.languages, or en")
	f.StringVar(&flags.date, "date", "", "`day` on which everything is judged, as YYYY-MM-DD")
	f.StringVar(&flags.browser, "pdf-browser", "", "`program`, a Chromium, that prints the PDFs with tags for screen readers")
	f.BoolVar(&flags.list, "list", false, "list the documents; with the name of one, its sections")
	f.BoolVar(&flags.force, "force", false, "replace a build of which files were changed by hand")
	f.BoolVar(&flags.check, "check", false, "tell whether the folder is up to date; write nothing")
	complete(cmd, "doc", documentNames())
	complete(cmd, "format", formNames())
	completeFlagID(cmd, versionsOf, "release")
	return cmd
}

func documentNames() (names []string) {
	for _, d := range techdoc.Definitions() {
		names = append(names, d.Name)
	}
	for _, d := range techdoc.FileDefinitions() {
		names = append(names, d.Name)
	}
	return names
}

func formNames() (names []string) {
	for _, f := range publish.Forms() {
		names = append(names, string(f))
	}
	return names
}

// choice is what the flags choose.
func (flags *buildFlags) choice() (c publish.Choice, err error) {
	for _, n := range flags.documents {
		if !slices.Contains(documentNames(), n) {
			return c, unknownName("document", n, documentNames())
		}
	}
	for _, n := range flags.forms {
		if !slices.Contains(formNames(), n) {
			return c, badValue("format", n, formNames())
		}
		c.Forms = append(c.Forms, techdoc.Form(n))
	}
	c.Documents = flags.documents
	if flags.browser != "" {
		program, err := exec.LookPath(flags.browser)
		if err != nil {
			return c, fmt.Errorf("--pdf-browser: %w", err)
		}
		c.Browser = &publish.Browser{Path: program}
	}
	return c, nil
}

// built is the documentation of a security file with its files open.
type built struct {
	*theriac.Documentation
	dir       string
	languages []string
	close     func() error
}

// documented checks a security file and makes its documents.
func documented(ctx context.Context, args []string, flags buildFlags, day model.Date, at time.Time) (b *built, err error) {
	file, dir, err := load(ctx, args)
	if err != nil {
		return nil, err
	}
	root, err := check.FolderOf(file)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, root.Close())
		}
	}()
	b = &built{dir: dir, languages: flags.languages, close: root.Close}
	if len(b.languages) == 0 {
		b.languages = file.Languages()
	}
	var session theriac.Session
	b.Documentation, err = session.Documents(ctx, dir, theriac.Options{Today: day, Release: flags.release, Files: root.FS()}, b.languages, at)
	if errors.Is(err, theriac.ErrNoRelease) {
		return nil, fmt.Errorf("--release: %w", err)
	}
	if err == nil && b.Set == nil {
		err = fmt.Errorf("the security file cannot be read whole; see `theriac check %s`", dir)
	}
	return b, err
}

func runBuild(cmd *cobra.Command, args []string, flags buildFlags) error {
	choice, err := flags.choice()
	if err != nil {
		return err
	}
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	at, err := timeOfFiles(day)
	if err != nil {
		return err
	}
	if err := publish.Free(flags.output, flags.force); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(85) // a tenth less memory at no cost of time that could be measured
	}
	b, err := documented(cmd.Context(), args, flags, day, at)
	if err != nil {
		return err
	}
	defer b.close()
	if err := keepsOut(b.dir, flags.output); err != nil {
		return err
	}
	if err := b.tellWording(cmd); err != nil {
		return err
	}
	choice.Progress = progressOf(cmd)
	m := publish.NewManifest(b.Set, choice, b.languages, version())
	m.Asked = flags.release
	err = publish.Put(flags.output, flags.force, m, func(sink publish.Sink) error {
		return publish.Paint(cmd.Context(), b.Set, choice, sink)
	})
	if err != nil {
		return err
	}
	return b.told(cmd, flags.output, m)
}

// keepsOut refuses an output among what theriac keeps beside the text of a security file:
// documents there would be taken for evidence, approvals or translations.
func keepsOut(dir, output string) error {
	below, in := pathIn(dir, output)
	top, _, _ := strings.Cut(filepath.ToSlash(below), "/")
	if in && slices.Contains([]string{".", "", evidence.Folder, approval.Folder, change.BaselineFolder, model.Translations, model.PublicationFolder, "keys"}, top) {
		return fmt.Errorf("%s is kept by theriac itself; write the documents elsewhere", output)
	}
	return nil
}

// timeOfFiles is the time in the properties of files: that of SOURCE_DATE_EPOCH, else
// the beginning of the day.
func timeOfFiles(day model.Date) (time.Time, error) {
	if epoch := os.Getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		return moment(epoch, time.Time{})
	}
	return time.Parse("2006-01-02", day.String())
}

// tellWording prints what is wrong with the manufacturer's own wording. With an error
// in it nothing is built.
func (b *built) tellWording(cmd *cobra.Command) error {
	if len(b.Wording) == 0 {
		return nil
	}
	if err := report.Findings(cmd.ErrOrStderr(), report.Input{Findings: b.Wording}); err != nil {
		return err
	}
	if b.Wording.Worst(diag.Error) {
		fmt.Fprintln(cmd.ErrOrStderr(), "nothing was built")
		return errFindings
	}
	return nil
}

// told says what was written, and what the documents are.
func (b *built) told(cmd *cobra.Command, dir string, m *publish.Manifest) error {
	w := cmd.OutOrStdout()
	stamp := b.Set.Stamp
	state := "draft"
	if stamp.Approved {
		state = "approved"
	}
	fmt.Fprintf(w, "%s: %s, %s%s, baseline %.12s: %s\n", filepath.ToSlash(dir), amount(len(m.Files), "file"), oneLine(stamp.Product), releaseWords(stamp), stamp.Baseline, state)
	for _, why := range stamp.Why {
		fmt.Fprintf(w, "  %s\n", oneLine(why))
	}
	errs, open := 0, 0
	for _, f := range b.Findings {
		switch {
		case f.Waiver != nil:
		case f.Severity == diag.Error:
			errs++
		case f.Severity == diag.Open:
			open++
		}
	}
	if errs+open > 0 {
		fmt.Fprintf(w, "  the documents show what is wrong or missing: %s, %d open; see `theriac check %s`\n", amount(errs, "error"), open, b.dir)
	}
	if slices.ContainsFunc(m.Files, func(f publish.ManifestFile) bool { return f.Path == "index.html" }) {
		_, err := fmt.Fprintf(w, "  start at %s\n", filepath.ToSlash(filepath.Join(dir, "index.html")))
		return err
	}
	return nil
}

func releaseWords(s document.Stamp) string {
	if s.Release == "" {
		return ""
	}
	return " " + oneLine(s.Release)
}

// progressOf tells progress on a terminal.
func progressOf(cmd *cobra.Command) func(done, of int) {
	w := cmd.ErrOrStderr()
	if f, ok := w.(term.File); !ok || !term.IsTerminal(f.Fd()) {
		return nil
	}
	return func(done, of int) {
		end := ""
		if done == of {
			end = "\r\x1b[K"
		}
		fmt.Fprintf(w, "\r%d of %d files%s", done, of, end)
	}
}

// checkBuild tells whether a folder is what would be made now.
func checkBuild(cmd *cobra.Command, args []string, flags buildFlags) error {
	was, err := publish.OpenBuild(flags.output)
	if err != nil {
		return err
	}
	if flags.date == "" {
		flags.date = was.Day
	}
	if flags.release == "" {
		flags.release = was.Asked
	}
	if len(flags.languages) == 0 {
		flags.languages = was.Languages
	}
	choice, err := flags.choice()
	if err != nil {
		return err
	}
	if was.Browser && choice.Browser == nil {
		return errors.New("the PDFs of the build were printed by a browser; name it with --pdf-browser")
	}
	if len(choice.Documents) == 0 {
		choice.Documents = was.Documents
	}
	if len(choice.Forms) == 0 {
		choice.Forms = was.Forms
	}
	day, err := today(flags.date, "", time.Now())
	if err != nil {
		return err
	}
	b, err := documented(cmd.Context(), args, flags, day, time.Unix(was.Time, 0).UTC())
	if err != nil {
		return err
	}
	defer b.close()
	if err := b.tellWording(cmd); err != nil {
		return err
	}
	now, err := publish.Digests(cmd.Context(), b.Set, choice)
	if err != nil {
		return err
	}
	differences, err := publish.Compare(flags.output, was, now)
	if err != nil {
		return err
	}
	return b.toldDifferences(cmd, flags.output, was, differences)
}

func (b *built) toldDifferences(cmd *cobra.Command, dir string, was *publish.Manifest, list []publish.Difference) error {
	w := cmd.OutOrStdout()
	if len(list) == 0 {
		_, err := fmt.Fprintf(w, "%s is up to date: %s of %s, judged on %s\n", filepath.ToSlash(dir), amount(len(was.Files), "file"), oneLine(was.Product), was.Day)
		return err
	}
	for _, d := range list {
		fmt.Fprintf(w, "%s: %s\n", oneLine(d.Path), d.Verdict)
	}
	switch {
	case was.Baseline != b.Set.Stamp.Baseline:
		fmt.Fprintln(w, "the security file changed since the build")
	case was.Tool != version():
		fmt.Fprintf(w, "the build was made by theriac %s, and this is %s\n", oneLine(was.Tool), version())
	}
	return errFindings
}

// listDocuments lists the documents, or the sections of one.
func listDocuments(cmd *cobra.Command, args []string, flags buildFlags) error {
	if len(args) > 0 && techdoc.Find(args[0]) != nil {
		return listSections(cmd, args[0], args[1:], flags)
	}
	if len(args) > 0 {
		return unknownName("document", args[0], documentNames())
	}
	s, err := screenOf("auto", cmd.OutOrStdout(), os.Environ())
	if err != nil {
		return err
	}
	p := newPage(s)
	group := techdoc.Group("")
	for _, d := range techdoc.Definitions() {
		if d.Group != group {
			group = d.Group
			p.heading(strings.ToUpper(string(group[:1])) + string(group[1:]))
		}
		forms := make([]string, 0, len(d.In()))
		for _, f := range d.In() {
			forms = append(forms, string(f))
		}
		p.item(2, fmt.Sprintf("%-33s", d.Name), d.About+" ("+strings.Join(forms, ", ")+")")
	}
	p.heading("For machines")
	for _, d := range techdoc.FileDefinitions() {
		p.item(2, fmt.Sprintf("%-33s", d.Name), d.About)
	}
	return p.show(s, cmd.OutOrStdout())
}

func listSections(cmd *cobra.Command, name string, args []string, flags buildFlags) error {
	day, err := today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	b, err := documented(cmd.Context(), args, flags, day, time.Unix(0, 0).UTC())
	if err != nil {
		return err
	}
	defer b.close()
	for _, d := range b.Set.Documents {
		if d.Name != name {
			continue
		}
		return sectionsTo(cmd.OutOrStdout(), d)
	}
	return fmt.Errorf("the security file gives nothing for %s", name)
}

func sectionsTo(w io.Writer, d *document.Document) (err error) {
	d.Walk(func(s *document.Section, depth int) {
		if err == nil {
			_, err = fmt.Fprintf(w, "%-40s %s\n", strings.Repeat("  ", depth-1)+s.ID, oneLine(strings.TrimSpace(s.Number+" "+s.Title)))
		}
	})
	return err
}
