package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/risk"
)

type riskListFlags struct {
	format string
	color  string
	above  bool
}

var riskFormats = []string{"text", "json"}

func newRiskList() *cobra.Command {
	var flags riskListFlags
	cmd := &cobra.Command{
		Use:   "list [DIR]",
		Short: "list the security risks, the worst residual risk first",
		Long: `List prints each security risk with its initial and residual value on the scales of
policy.risk, what the acceptance policy says of it, and the overall picture. Values
that a method computes (CVSS, attack feasibility) are computed, not read.`,
		Example: `  theriac risk list pump
  theriac risk list pump --above
  theriac risk list pump --format json`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runRiskList(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(riskFormats, ", "))
	f.BoolVar(&flags.above, "above", false, "list only risks above the acceptance policy, or not judged")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", riskFormats)
	complete(cmd, "color", colours)
	return cmd
}

func runRiskList(cmd *cobra.Command, args []string, flags riskListFlags) error {
	if !slices.Contains(riskFormats, flags.format) {
		return badValue("format", flags.format, riskFormats)
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	file, _, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	a := risk.Assess(file)
	rows := risk.Register(a.Ranked())
	if flags.above {
		rows = slices.DeleteFunc(rows, func(r risk.Row) bool { return r.Verdict == risk.Acceptable || r.Verdict == risk.Avoided })
	}
	if flags.format == "json" {
		return riskJSON(out, rows)
	}
	p := newPage(s)
	p.title("%s: %s", file.Product.Name, amount(len(file.Risks), "security risk"))
	p.line("")
	listRisks(p, rows)
	p.line("")
	overall(p, a)
	return p.show(s, out)
}

func listRisks(p *page, rows []risk.Row) {
	id, initial, residual, verdict := 0, len("initial"), len("residual"), len("verdict")
	for _, r := range rows {
		id, initial = max(id, len(r.ID)), max(initial, len(r.Initial.String()))
		residual, verdict = max(residual, len(r.Residual.String())), max(verdict, len(r.Verdict))
	}
	row := func(a, b, c, d, e string) {
		p.line(strings.TrimRight(fmt.Sprintf("  %-*s  %-*s  %-*s  %-*s  %s", id, a, initial, b, residual, c, verdict, d, e), " "))
	}
	row("", "initial", "residual", "verdict", "")
	for _, r := range rows {
		row(r.ID, r.Initial.String(), r.Residual.String(), string(r.Verdict), r.Title)
	}
}

// overall prints the picture of all risks together.
func overall(p *page, a *risk.Assessment) {
	count := map[risk.Verdict]int{}
	for _, r := range a.Risks {
		count[r.Verdict]++
	}
	var parts []string
	for _, v := range []risk.Verdict{risk.Above, risk.Unjudged, risk.Acceptable, risk.Avoided} {
		if count[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", count[v], v))
		}
	}
	p.field("residual", strings.Join(parts, ", "))
	p.field("method", string(a.Method.Name()))
	p.field("benefit", wanting(len(a.BenefitNeeded()), "above the policy without a statement of benefit and risk"))
	p.field("acceptance", wanting(len(a.AcceptanceNeeded()), "still to be accepted"))
	p.field("unproven", wanting(len(a.Unproven()), "with controls that no passed verification has shown to work"))
}

func wanting(n int, what string) string {
	if n == 0 {
		return ""
	}
	return amount(n, "risk") + " " + what
}

// The types of docs/formats/risk-json.md.

type cellOfRisk struct {
	Exploitability string `json:"exploitability"`
	Severity       string `json:"severity"`
	Figure         string `json:"figure,omitempty"`
	Basis          string `json:"basis,omitempty"`
}

type rowJSON struct {
	ID          string     `json:"id"`
	Title       string     `json:"title"`
	Threats     []string   `json:"threats"`
	Harms       []string   `json:"harms"`
	Controls    []string   `json:"controls"`
	Initial     cellOfRisk `json:"initial"`
	PostControl cellOfRisk `json:"post-control"`
	Residual    cellOfRisk `json:"residual"`
	Decision    string     `json:"decision"`
	Verdict     string     `json:"verdict"`
	Unverified  []string   `json:"unverified-controls"`
}

type risksJSON struct {
	Risks []rowJSON `json:"risks"`
}

func riskJSON(w io.Writer, rows []risk.Row) error {
	out := risksJSON{[]rowJSON{}}
	for _, r := range rows {
		out.Risks = append(out.Risks, rowJSON{
			r.ID, r.Title, some(r.Threats), some(r.Harms), some(r.Controls), cellOfRisk(r.Initial), cellOfRisk(r.PostControl),
			cellOfRisk(r.Residual), r.Decision, string(r.Verdict), some(r.Unverified),
		})
	}
	return writeJSON(w, out)
}
