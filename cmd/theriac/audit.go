package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"theriac/bundle"
	"theriac/model"
)

type auditFlags struct {
	trust  []string
	format string
	output string
	date   string
}

var auditFormats = []string{"text", "json", "html"}

func newAudit() *cobra.Command {
	var flags auditFlags
	cmd := &cobra.Command{
		Use:   "audit FILE --trust KEY",
		Short: "verify a bundle, offline",
		Long: `Audit verifies a bundle that ` + "`theriac bundle`" + ` made, without a network and without
executing anything of it, and says what was verified, by whom and when, and each thing
that was not. All rests on the keys named by --trust, which must have come by another
way than the bundle:

  FILE.pub   public key or certificate of the root of trust (PEM)
  FOLDER     all *.pub in it
  ROSTER     a security file, its folder, or a file with ` + "`signers:`" + `: the keys of type
             root in it are trusted, and the other signers have to be those of the bundle

The links of the chain: the bundle is whole; a trusted root of trust approved the
roster; the release was signed and the security file is the one that was frozen for it;
the required approvals are given; every file is named by something that is signed; the
evidence is genuine and shows every requirement; the check finds nothing.

The day on which ages and keys are judged is given by --date, else it is today by
the clock of this computer.

Exit status: 0 verified, 1 not verified, 2 the run failed.`,
		Example: `  theriac audit pump-1.4.0.theriac --trust root.pub
  theriac audit pump-1.4.0.theriac --trust root.pub --format html -o audit.html`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("audit takes one bundle; see `theriac audit --help`")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runAudit(cmd, args[0], flags) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&flags.trust, "trust", nil, "`key`, folder of keys or roster that is trusted; once for each (required)")
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the report: "+strings.Join(auditFormats, ", "))
	f.StringVarP(&flags.output, "output", "o", "", "`file` for the report")
	f.StringVar(&flags.date, "date", "", "`day` on which it is judged, as YYYY-MM-DD")
	complete(cmd, "format", auditFormats)
	return cmd
}

func runAudit(cmd *cobra.Command, name string, flags auditFlags) error {
	write, err := auditWriter(flags.format)
	if err != nil {
		return err
	}
	if len(flags.trust) == 0 {
		return errors.New("what is trusted? Name the public key of the root of trust with --trust; it must have come by another way than the bundle")
	}
	if err := overwritesNone(flags.output, append([]string{name}, flags.trust...)); err != nil {
		return err
	}
	day, err := today(flags.date, "", time.Now()) // no variable of the environment moves the day of an auditor
	if err != nil {
		return err
	}
	trusted, err := bundle.ReadTrust(cmd.Context(), flags.trust)
	if err != nil {
		return err
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := auditFile(cmd, f, trusted, day)
	if err != nil {
		return err
	}
	if err := showAudit(cmd, r, write, flags.output); err != nil {
		return err
	}
	if !r.Verified {
		return errFindings
	}
	return nil
}

// overwritesNone refuses an output in place of what is read.
func overwritesNone(output string, inputs []string) error {
	out, err := os.Stat(output)
	if output == "" || err != nil {
		return nil // nothing is there, or writing will say what is wrong
	}
	for _, name := range inputs {
		if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
			return fmt.Errorf("the report would overwrite %s; write it elsewhere", name)
		}
	}
	return nil
}

// auditFile audits an open bundle.
func auditFile(cmd *cobra.Command, f *os.File, trusted *bundle.Trust, day model.Date) (*bundle.Report, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", f.Name())
	}
	p := newProgress(cmd.ErrOrStderr(), info.Size())
	defer p.clear()
	return bundle.Audit(cmd.Context(), f, info.Size(), trusted, bundle.Options{Today: day, Version: version(), Progress: p.tell})
}

// auditWriter finds a form of report.
func auditWriter(format string) (func(io.Writer, screen, *bundle.Report) error, error) {
	switch format {
	case "text":
		return auditText, nil
	case "json":
		return func(w io.Writer, _ screen, r *bundle.Report) error { return writeJSON(w, r) }, nil
	case "html":
		return func(w io.Writer, _ screen, r *bundle.Report) error { return auditHTML(w, r) }, nil
	}
	return nil, badValue("format", format, auditFormats)
}

func showAudit(cmd *cobra.Command, r *bundle.Report, write func(io.Writer, screen, *bundle.Report) error, output string) error {
	if output != "" {
		var b bytes.Buffer
		if err := write(&b, screen{}, r); err != nil {
			return err
		}
		return writeFile(output, b.Bytes())
	}
	s, err := screenOf("auto", cmd.OutOrStdout(), os.Environ())
	if err != nil {
		return err
	}
	return write(cmd.OutOrStdout(), s, r)
}

// long is the size from which work takes a while.
const long = 256 << 20

// progress shows on a terminal how far long work is.
type progress struct {
	w     io.Writer // nil where nobody looks
	mu    sync.Mutex
	shown int64 // per cent; -1 before the first
}

func newProgress(w io.Writer, size int64) *progress {
	p := &progress{shown: -1}
	if f, ok := w.(term.File); ok && term.IsTerminal(f.Fd()) && size >= long {
		p.w = w
	}
	return p
}

func (p *progress) tell(done, total int64) {
	if p.w == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if percent := done * 100 / total; percent > p.shown {
		p.shown = percent
		fmt.Fprintf(p.w, "\rhashed %3d %% of %s", percent, bundle.Bytes(total))
	}
}

// clear takes the line away.
func (p *progress) clear() {
	if p.w != nil && p.shown >= 0 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
