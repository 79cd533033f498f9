package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac"
	"theriac/catalog"
	"theriac/check"
	"theriac/check/rules"
	"theriac/diag"
	"theriac/model"
	"theriac/report"
)

// checkFlags are the flags of check as given.
type checkFlags struct {
	format  string
	only    []string
	skip    []string
	failOn  string
	variant string
	release string
	date    string
	color   string
	verbose bool
	watch   bool
	output  string
	clauses string
}

func newCheck() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "say what is wrong or missing in a security file",
		Long: `Check reads the security file in DIR, checks it against the catalogue and prints
findings and coverage. Without DIR it looks for theriac.yaml in the current folder
and the folders above it.

Where the file lists signers, evidence decides what has been verified, for the
newest release that is out or the one given by --release. With --release an open
question makes the exit status 1 as well, unless --fail-on says otherwise: a release
is shown when nothing is left open.

Expiry dates are judged on the day given by --date, else by the environment
variable SOURCE_DATE_EPOCH, else today.

Exit status: 0 no finding as grave as --fail-on, 1 findings, 2 the run failed.`,
		Example: `  theriac check
  theriac check pump --format sarif -o pump.sarif
  theriac check pump --only T4002,T4005
  theriac check pump --fail-on open --date 2026-11-22
  theriac check pump --release 1.4.0
  theriac check pump --clauses mdr.annex-i
  theriac check pump --watch`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.release != "" && !cmd.Flags().Changed("fail-on") {
				flags.failOn = diag.Open.String()
			}
			return runCheck(cmd, args, flags)
		},
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the report: "+strings.Join(report.Names(), ", "))
	f.StringSliceVar(&flags.only, "only", nil, "show only findings with these `codes`")
	f.StringSliceVar(&flags.skip, "skip", nil, "leave out findings with these `codes`")
	f.StringVar(&flags.failOn, "fail-on", "error", "least `severity` that makes the exit status 1: "+strings.Join(limits, ", "))
	f.StringVar(&flags.variant, "variant", "", "check only the variant with this `id`; without it the product and all variants are checked")
	f.StringVar(&flags.release, "release", "", "`version` of the release that evidence is judged for")
	f.StringVar(&flags.date, "date", "", "`day` on which expiry dates are judged, as YYYY-MM-DD")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours in text: "+strings.Join(colours, ", "))
	f.BoolVarP(&flags.verbose, "verbose", "v", false, "show open questions and notes in full")
	f.StringVar(&flags.clauses, "clauses", "", "list the coverage of the clauses whose id begins with this `prefix` in text; all lists every one")
	f.BoolVarP(&flags.watch, "watch", "w", false, "check again whenever a file changes, until interrupted")
	f.StringVarP(&flags.output, "output", "o", "", "write the report to this `file`")
	complete(cmd, "format", report.Names())
	complete(cmd, "fail-on", limits)
	complete(cmd, "color", colours)
	completeCodes(cmd, "only", "skip")
	return cmd
}

// never is the limit that no finding reaches.
const never = diag.Severity(0)

var limits = []string{diag.Error.String(), diag.Open.String(), diag.Warning.String(), diag.Note.String(), "never"}

// checker is a check that is ready to run, once or again and again.
type checker struct {
	session theriac.Session
	dir     string
	options theriac.Options
	format  *report.Format
	limit   diag.Severity
	screen  screen
	verbose bool
	output  string
	clauses string
	out     io.Writer

	loaded func(*model.File) // is told of each file before it is reported; may be nil
}

func runCheck(cmd *cobra.Command, args []string, flags checkFlags) error {
	c, err := newChecker(cmd, args, flags)
	if err != nil {
		return err
	}
	if flags.watch {
		return c.watch(cmd.Context(), cmd.ErrOrStderr())
	}
	worst, err := c.once(cmd.Context())
	if err == nil && worst {
		err = errFindings
	}
	return err
}

func newChecker(cmd *cobra.Command, args []string, flags checkFlags) (*checker, error) {
	c := &checker{format: report.Find(flags.format), verbose: flags.verbose, output: flags.output, clauses: flags.clauses, out: cmd.OutOrStdout()}
	if c.format == nil {
		return nil, badValue("format", flags.format, report.Names())
	}
	var err error
	if c.limit, err = limitOf(flags.failOn); err != nil {
		return nil, err
	}
	if c.options.Today, err = today(flags.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now()); err != nil {
		return nil, err
	}
	if c.screen, err = screenOf(flags.color, c.target(), os.Environ()); err != nil {
		return nil, err
	}
	c.options.Variant, c.options.Release = flags.variant, flags.release
	if c.options.Only, err = known(flags.only); err != nil {
		return nil, err
	}
	if c.options.Skip, err = known(flags.skip); err != nil {
		return nil, err
	}
	if err := knownClauses(flags.clauses); err != nil {
		return nil, err
	}
	if c.dir, err = folder(args); err != nil {
		return nil, err
	}
	return c, keepsApart(c.dir, c.output)
}

// knownClauses refuses a prefix that no clause begins with.
func knownClauses(prefix string) error {
	if prefix == "" || prefix == "all" {
		return nil
	}
	ids := catalog.Load().IDs()
	if slices.ContainsFunc(ids, func(id string) bool {
		return id == prefix || strings.HasPrefix(id, strings.TrimSuffix(prefix, ".")+".")
	}) {
		return nil
	}
	return unknownName("clause", prefix, ids)
}

// known checks codes and brings them into their spelling.
func known(given []string) ([]string, error) {
	var list []string
	for _, code := range given {
		code = strings.ToUpper(strings.TrimSpace(code))
		if r := rules.FindRetired(code); r != nil {
			return nil, fmt.Errorf("the code %s is retired: %s", r.Code, r.Instead)
		}
		if rules.Find(code) == nil {
			return nil, unknownName("code", code, codes())
		}
		list = append(list, code)
	}
	return list, nil
}

// target is where the report goes, to find out about its colours.
func (c *checker) target() io.Writer {
	if c.output != "" {
		return io.Discard
	}
	return c.out
}

// once checks and reports. It tells whether there are findings at or above the
// limit.
func (c *checker) once(ctx context.Context) (worst bool, err error) {
	result, err := c.session.Check(ctx, c.dir, c.options)
	if err != nil {
		return false, err
	}
	if err := knownVariant(result.File, c.options.Variant); err != nil {
		return false, err
	}
	if c.loaded != nil {
		c.loaded(result.File)
	}
	in := report.Input{
		Version: version(), Catalog: result.Catalog, Rules: c.rules(), Limit: c.limit, Product: result.File.Product, Variant: c.options.Variant,
		Findings: result.Findings, Coverage: result.Coverage, Showing: result.Showing, Color: c.screen.color, Width: c.screen.width, Verbose: c.verbose, Clauses: c.clauses,
	}
	return result.Findings.Worst(c.limit), c.write(in)
}

// rules are those whose findings are shown.
func (c *checker) rules() []*check.Rule {
	return slices.DeleteFunc(rules.All(), func(r *check.Rule) bool {
		return len(c.options.Only) > 0 && !slices.Contains(c.options.Only, r.Code) || slices.Contains(c.options.Skip, r.Code)
	})
}

func (c *checker) write(in report.Input) error {
	var b bytes.Buffer
	if err := c.format.Write(&b, in); err != nil {
		return err
	}
	if c.output != "" {
		return writeFile(c.output, b.Bytes())
	}
	_, err := c.screen.writer(c.out).Write(b.Bytes())
	return err
}

func limitOf(name string) (diag.Severity, error) {
	if name == "never" {
		return never, nil
	}
	s, err := diag.ParseSeverity(name)
	if err != nil {
		return 0, badValue("fail-on", name, limits)
	}
	return s, nil
}

// codes lists the codes of all rules.
func codes() []string {
	var list []string
	for _, r := range rules.All() {
		list = append(list, r.Code)
	}
	return list
}
