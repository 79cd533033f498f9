package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/model"
	"theriac/psirt"
	"theriac/report"
)

func newPSIRTImport() *cobra.Command {
	var aware, severity string
	cmd := &cobra.Command{
		Use:   "import FILE [DIR]",
		Short: "make cases of mails, a mailbox or a web form",
		Long: `Import reads a mail (.eml), a mailbox (.mbox), the JSON of a web form (.json) or what a
browser posted for one (.form, application/x-www-form-urlencoded) and opens a case for each
report; docs/psirt.md describes the form. A report that has a case already is left out.
The acknowledgement for the reporter is printed; nothing is sent.

The manufacturer became aware when the own mail server took the mail: see mail-hosts
under vulnerability-handling. A posted form does not say when it arrived. Where
nothing trustworthy says when, give --aware.

Attachments are listed with their digests and not kept. Encrypted mails are named as
such and become cases; they are not decrypted, and so were not read.

Exit status: 0 all was read, 1 something was not, 2 the run failed.`,
		Example: `  theriac psirt import report.eml pump
  theriac psirt import inbox.mbox pump
  theriac psirt import form.json pump --severity high
  theriac psirt import report.form pump --aware 2026-11-03T08:00:00+01:00`,
		Args: nameAndFolder("a file"),
		RunE: func(cmd *cobra.Command, args []string) error { return runPSIRTImport(cmd, args, aware, severity) },
	}
	f := cmd.Flags()
	f.StringVar(&aware, "aware", "", "`time` of awareness, in place of that of the mail server")
	f.StringVar(&severity, "severity", "", "`level`: critical, high, medium, low")
	complete(cmd, "severity", severityNames)
	return cmd
}

// intake is a run of psirt import.
type intake struct {
	file     *model.File
	talk     io.Writer
	aware    model.Moment // zero for that of the report
	severity string
	ids      caseIDs
	known    map[string]string // cases by the reference of their report
	added    []edit.Entity
	unread   bool // something was not read or has no time
}

func runPSIRTImport(cmd *cobra.Command, args []string, aware, severity string) error {
	if severity != "" && !slices.Contains(severityNames, severity) {
		return badValue("severity", severity, severityNames)
	}
	file, dir, err := load(cmd.Context(), args[1:])
	if err != nil {
		return err
	}
	in := &intake{file: file, talk: cmd.ErrOrStderr(), severity: severity, known: map[string]string{}}
	if aware != "" {
		if in.aware, err = momentFlag("aware", aware, psirt.Zone(file)); err != nil {
			return err
		}
	}
	if in.ids, err = newCaseIDs(cmd.Context(), file, psirt.Zone(file)); err != nil {
		return err
	}
	for _, c := range file.Cases {
		if c.Reporter.Reference != "" {
			in.known[c.Reporter.Reference] = c.ID
		}
	}
	reports, err := in.read(args[0])
	if err != nil {
		return err
	}
	for _, r := range reports {
		in.add(r)
	}
	if err := in.write(cmd.Context(), dir, cmd.OutOrStdout()); err != nil {
		return err
	}
	if in.unread {
		return errFindings
	}
	return nil
}

// read reads a file of reports. Its form is told by its name, else by its beginning.
func (in *intake) read(name string) ([]*psirt.Report, error) {
	data, err := readAtMost(name, psirt.MaxMailbox)
	if err != nil {
		return nil, err
	}
	var hosts []string
	if v := in.file.VulnerabilityHandling; v != nil {
		hosts = v.MailHosts
	}
	shown := filepath.ToSlash(name)
	one := func(r *psirt.Report, err error) ([]*psirt.Report, error) {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", shown, err)
		}
		return []*psirt.Report{r}, nil
	}
	switch ending := strings.ToLower(filepath.Ext(name)); {
	case ending == ".json":
		return one(psirt.ReadForm(data))
	case ending == ".form":
		return one(psirt.ReadPost(data))
	case psirt.IsMailbox(data):
		reports, refused, err := psirt.ReadMailbox(data, hosts)
		for _, r := range refused {
			in.unread = true
			fmt.Fprintf(in.talk, "%s:%d: not read: %s\n", shown, r.Line, report.Clean(r.Err.Error()))
		}
		return reports, err
	}
	return one(psirt.ReadMail(data, hosts))
}

func readAtMost(name string, most int64) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	return data, errors.Join(err, f.Close())
}

// add makes a case of a report, unless it has one.
func (in *intake) add(r *psirt.Report) {
	reference := r.ID
	if reference == "" {
		reference = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(r.Contact+"\n"+r.Title+"\n"+r.Text)))
	}
	if id, twice := in.known[reference]; twice {
		fmt.Fprintf(in.talk, "%s has the report already (%s)\n", id, report.Clean(reference))
		return
	}
	if r.Encrypted != "" {
		in.unread = true
		fmt.Fprintf(in.talk, "%s: it is encrypted (%s) and was not read\n", report.Clean(reference), report.Clean(r.Encrypted))
	}
	for _, remark := range r.Unread {
		in.unread = true
		fmt.Fprintf(in.talk, "%s: %s\n", report.Clean(reference), report.Clean(remark))
	}
	aware := in.aware
	if aware.IsZero() && !r.Received.IsZero() {
		aware = model.MomentOf(r.Received)
	}
	if aware.IsZero() {
		in.unread = true
		fmt.Fprintf(in.talk, "%s: no case: nothing trustworthy says when it arrived; give --aware\n", report.Clean(reference))
		return
	}
	id := in.ids.next(aware.Time())
	in.known[reference] = id
	if !r.Embargo.IsZero() {
		fmt.Fprintf(in.talk, "%s: embargo until %s, as the reporter asks; change it in the case where that is not agreed\n", id, model.MomentOf(r.Embargo))
	}
	in.added = append(in.added, edit.Entity{ID: id, Body: in.body(r, reference, aware)})
}

func (in *intake) body(r *psirt.Report, reference string, aware model.Moment) edit.Map {
	var s, reporter entryBody
	title := r.Title
	if title == "" {
		title = "Report without subject"
	}
	s.text("title", title)
	s.text("source", "reporter")
	s.text("aware", aware.String())
	s.text("severity", in.severity)
	s.texts("vulnerabilities", r.Vulnerabilities)
	s.text("description", describeReport(r))
	reporter.text("name", r.Name)
	reporter.text("contact", r.Contact)
	if r.Credit.Known() {
		reporter.Map = append(reporter.Map, edit.Field{Name: "credit", Value: edit.Bool(r.Credit == model.Yes)})
	}
	reporter.text("reference", reference)
	s.fields("reporter", reporter.Map)
	if !r.Embargo.IsZero() {
		s.text("embargo", model.MomentOf(r.Embargo).String())
	}
	return s.Map
}

// describeReport is what arrived, as Markdown in which the text of strangers does
// nothing: it stands in a fence that is longer than any in it.
func describeReport(r *psirt.Report) string {
	var parts []string
	if r.Encrypted != "" {
		parts = append(parts, "The report is encrypted ("+r.Encrypted+"); read it with the key of the PSIRT.")
	}
	fence := "~~~"
	for strings.Contains(r.Text+r.Affected, fence) {
		fence += "~"
	}
	if r.Affected != "" {
		parts = append(parts, "Affected, as reported:\n\n"+fence+"\n"+r.Affected+"\n"+fence)
	}
	if r.Text != "" {
		parts = append(parts, "The report:\n\n"+fence+"\n"+r.Text+"\n"+fence)
	}
	var attached []string
	for _, a := range r.Attachments {
		attached = append(attached, "`"+strings.ReplaceAll(a.String(), "`", "'")+"`")
	}
	if len(attached) > 0 {
		parts = append(parts, "Attachments, not kept:\n\n- "+strings.Join(attached, "\n- "))
	}
	if len(r.Unread) > 0 {
		parts = append(parts, "Not understood: `"+strings.ReplaceAll(strings.Join(r.Unread, "; "), "`", "'")+"`")
	}
	return strings.Join(parts, "\n\n")
}

// write enters the cases and prints what the reporters get.
func (in *intake) write(ctx context.Context, dir string, out io.Writer) error {
	if len(in.added) == 0 {
		return nil
	}
	again, err := appendCases(ctx, in.file, dir, in.added)
	if err != nil {
		return err
	}
	now, err := psirtNow("")
	if err != nil {
		return err
	}
	for _, e := range in.added {
		c, err := caseNamed(again, e.ID)
		if err != nil {
			return err
		}
		d := newDocket(again, c, now)
		p := newPage(screen{})
		listDockets(p, []docket{d})
		p.line("")
		p.line("Acknowledgement to " + report.Clean(c.Reporter.Contact) + ":")
		p.line("")
		for l := range strings.Lines(psirt.Acknowledgement(again, c, d.clocks)) {
			p.line(strings.TrimRight("  "+report.Clean(strings.TrimRight(l, "\n")), " "))
		}
		if err := p.show(screen{}, out); err != nil {
			return err
		}
	}
	return nil
}
