package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/psirt"
)

var policyFormats = []string{"markdown", "html"}

func newPSIRTPolicy() *cobra.Command {
	var format, out string
	cmd := &cobra.Command{
		Use:   "policy [DIR]",
		Short: "write a disclosure policy (ISO/IEC 29147) from the security file",
		Long: `Policy writes what a finder wants to know: where to report and how to encrypt, what is in
scope, what to expect and when, how disclosure is coordinated, safe harbour, credit. All
of it is told by vulnerability-handling; what is missing there is named.

Exit status: 0 complete, 1 something is missing, 2 the run failed.`,
		Example: `  theriac psirt policy pump -o policy.md
  theriac psirt policy pump --format html -o security.html`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runPSIRTPolicy(cmd, args, format, out) },
	}
	f := cmd.Flags()
	f.StringVarP(&format, "format", "f", "markdown", "`form` of the policy: "+strings.Join(policyFormats, ", "))
	f.StringVarP(&out, "output", "o", "", "`file` to write (default: standard output)")
	complete(cmd, "format", policyFormats)
	return cmd
}

func runPSIRTPolicy(cmd *cobra.Command, args []string, format, out string) error {
	if !slices.Contains(policyFormats, format) {
		return badValue("format", format, policyFormats)
	}
	file, _, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	policy := psirt.DisclosurePolicy(file)
	text := policy.Markdown()
	if format == "html" {
		text = policy.HTML()
	}
	if out == "" {
		_, err = cmd.OutOrStdout().Write([]byte(text))
	} else if err = writeFile(out, []byte(text)); err != nil {
		err = fmt.Errorf("write %s: %w", out, err)
	}
	if err != nil || len(policy.Missing) == 0 {
		return err
	}
	for _, field := range policy.Missing {
		fmt.Fprintf(cmd.ErrOrStderr(), "missing: %s\n", field)
	}
	return errFindings
}
