package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"theriac/csaf"
	"theriac/report"
)

type validateFlags struct {
	format  string
	strict  bool
	network bool
	spell   bool
}

func newAdvisoryValidate() *cobra.Command {
	var flags validateFlags
	cmd := &cobra.Command{
		Use:   "validate FILE...",
		Short: "hold advisories against the tests of CSAF 2.0",
		Long: `Validate runs the JSON schema and all tests of CSAF 2.0 section 6 on documents. What
fails a mandatory test is not valid; optional and informative findings are told all the
same. A test that was not run is named, with the reason: whether addresses answer is
tried with --network only, and spelling needs --spelling and the program hunspell.

Exit status: 0 all mandatory tests pass, 1 some fail, 2 a file is no JSON or cannot be
read.`,
		Example: `  theriac advisory validate exd-2026-001.json
  theriac advisory validate --strict --format json advisories/*.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runAdvisoryValidate(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.format, "format", "text", "text or json")
	f.BoolVar(&flags.strict, "strict", false, "optional tests count as well")
	f.BoolVar(&flags.network, "network", false, "visit the addresses that the documents name")
	f.BoolVar(&flags.spell, "spelling", false, "ask hunspell about the texts")
	complete(cmd, "format", []string{"text", "json"})
	return cmd
}

func runAdvisoryValidate(cmd *cobra.Command, args []string, flags validateFlags) error {
	if flags.format != "text" && flags.format != "json" {
		return badValue("format", flags.format, []string{"text", "json"})
	}
	options, err := flags.options(cmd.Context())
	if err != nil {
		return err
	}
	var judged []judgedAdvisory
	var failed error
	for _, name := range args {
		result, err := validateFile(name, options)
		if err != nil {
			failed = fmt.Errorf("%s: %w", name, err)
			break
		}
		judged = append(judged, judgedAdvisory{name, result})
	}
	if flags.format == "json" {
		err = writeAdvisoriesJSON(cmd.OutOrStdout(), judged)
	} else {
		err = writeAdvisoriesText(cmd.OutOrStdout(), judged)
	}
	switch {
	case err != nil:
		return err
	case failed != nil:
		return failed
	}
	for _, j := range judged {
		if !j.result.Valid() || flags.strict && j.result.Count(csaf.Optional) > 0 {
			return errFindings
		}
	}
	return nil
}

func (f validateFlags) options(ctx context.Context) (o csaf.Options, err error) {
	if f.network {
		o.Resolve = csaf.Resolver(ctx)
	}
	if f.spell {
		program, err := exec.LookPath("hunspell")
		if err != nil {
			return o, fmt.Errorf("--spelling: hunspell is not installed")
		}
		o.Spell = hunspell(ctx, program)
	}
	return o, nil
}

type judgedAdvisory struct {
	name   string
	result *csaf.Result
}

func validateFile(name string, o csaf.Options) (*csaf.Result, error) {
	text, err := readAdvisory(name)
	if err != nil {
		return nil, err
	}
	return csaf.Validate(text, o)
}

// readAdvisory reads a file up to the size that is judged.
func readAdvisory(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, csaf.MaxSize+1))
}

func writeAdvisoriesText(w io.Writer, judged []judgedAdvisory) error {
	var b strings.Builder
	for _, j := range judged {
		state := "valid"
		if !j.result.Valid() {
			state = "not valid"
		}
		fmt.Fprintf(&b, "%s: %s; %d mandatory, %d optional, %d informative\n", report.Clean(j.name), state,
			j.result.Count(csaf.Mandatory), j.result.Count(csaf.Optional), j.result.Count(csaf.Informative))
		for _, f := range j.result.Findings {
			place := f.Pointer
			if place == "" {
				place = "document"
			}
			fmt.Fprintf(&b, "  %-11s %-9s %s: %s\n", f.Class, f.Test, report.Clean(place), report.Clean(oneLine(f.Message)))
		}
		for _, n := range j.result.NotRun {
			fmt.Fprintf(&b, "  %-11s %-9s %s\n", "not run", n.Test, report.Clean(n.Reason))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// advisoryJSON is what validate says of a document, for machines.
type advisoryJSON struct {
	File     string                `json:"file"`
	Valid    bool                  `json:"valid"`
	Findings []advisoryFindingJSON `json:"findings"`
	NotRun   []advisoryNotRunJSON  `json:"not_run"`
}

type advisoryFindingJSON struct {
	Test    string `json:"test"`
	Class   string `json:"class"`
	Pointer string `json:"pointer"`
	Message string `json:"message"`
}

type advisoryNotRunJSON struct {
	Test   string `json:"test"`
	Reason string `json:"reason"`
}

func writeAdvisoriesJSON(w io.Writer, judged []judgedAdvisory) error {
	documents := []advisoryJSON{}
	for _, j := range judged {
		d := advisoryJSON{File: j.name, Valid: j.result.Valid(), Findings: []advisoryFindingJSON{}, NotRun: []advisoryNotRunJSON{}}
		for _, f := range j.result.Findings {
			d.Findings = append(d.Findings, advisoryFindingJSON{f.Test, f.Class.String(), f.Pointer, f.Message})
		}
		for _, n := range j.result.NotRun {
			d.NotRun = append(d.NotRun, advisoryNotRunJSON(n))
		}
		documents = append(documents, d)
	}
	return writeJSON(w, struct {
		Documents []advisoryJSON `json:"documents"`
	}{documents})
}
