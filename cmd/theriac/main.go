// Command theriac checks security files of medical devices.
//
// Results go to stdout, talk to stderr. Exit status is 0 when there is nothing
// to say, 1 when there are findings, 2 when the run itself failed; then one line
// on stderr says why.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"theriac/diag"
	_ "theriac/internal/heap" // before the libraries fill it
	"theriac/report"
)

// Exit statuses.
const (
	exitClean    = 0
	exitFindings = 1
	exitFailed   = 2
)

// errFindings ends a command that did its work and found something; what it
// found has been printed.
var errFindings = errors.New("there are findings")

func main() { os.Exit(run()) }

// run executes the command line of the process.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends what does not listen to the first
	return execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

func execute(ctx context.Context, args []string, in io.Reader, out, talk io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(talk)
	switch err := root.ExecuteContext(ctx); {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	default:
		fmt.Fprintln(talk, "theriac:", report.Clean(oneLine(err.Error())))
		return exitFailed
	}
}

// oneLine keeps a message on one line of a log.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "theriac",
		Short: "check the security file of a medical device",
		Long: `theriac is a compiler for the security file of a medical device: a folder of YAML
that describes the device, its threats, risks, controls and evidence. It says what
is wrong or missing, with the clause of MDR or IVDR Annex I and MDCG 2019-16 that
asks for it, and how far each clause is answered.

Exit status: 0 no errors (or none as grave as --fail-on), 1 findings, 2 the run failed.`,
		Example: `  theriac init pump                  write a new security file
  theriac check pump                 check it
  theriac check --watch pump         check it again whenever it changes
  theriac explain T4002              say what a finding means
  theriac explain mdr.annex-i.17.2   say what a clause asks`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newCheck(), newExplain(), newFmt(), newInit(), newSchema(), newVersion(), newMan(), newThreats(), newRisk(), newTrace(), newBaseline(), newDiff(), newDraw(), newRelease(), newEvidence(), newKeys(), newApprove(), newApprovals(), newBundle(), newAudit(), newPlan(), newBuild(), newMUD(), newStrings(),
		newSBOM(), newVuln(), newPSIRT(), newVEX(), newAdvisory())
	return root
}

// unknownCommand is the complaint about a first word that is no command.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	hint := "see `theriac --help`"
	if s := diag.Suggest(args[0], names); s != "" {
		hint = fmt.Sprintf("did you mean %q?", s)
	}
	return fmt.Errorf("unknown command %q; %s", args[0], hint)
}

// flagError adds to a complaint about flags where the flags are explained.
func flagError(cmd *cobra.Command, err error) error {
	hint := fmt.Sprintf("see `%s --help`", cmd.CommandPath())
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if s := diag.Suggest(unknown.GetSpecifiedName(), names); s != "" {
			hint = fmt.Sprintf("did you mean --%s?", s)
		}
	}
	return fmt.Errorf("%w; %s", err, hint)
}
