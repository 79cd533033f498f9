package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"theriac/risk"
)

func newRiskRubric() *cobra.Command {
	var color string
	cmd := &cobra.Command{
		Use:   "rubric",
		Short: "list the questions of the rubric for applying CVSS to medical devices",
		Long: `Rubric lists the questions by which the base metrics of a CVSS v3.1 vector are found
for a medical device, metric by metric, with what follows from each answer: another
question or a value. The answers are kept under rubric: of a score, and check
compares them with the vector. The words are our own; the marks at the end say how
far a question was verified.`,
		Example: `  theriac risk rubric`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			s, err := screenOf(color, out, os.Environ())
			if err != nil {
				return err
			}
			p := newPage(s)
			listRubric(p, risk.MedicalRubric())
			return p.show(s, out)
		},
	}
	cmd.Flags().StringVar(&color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "color", colours)
	return cmd
}

func listRubric(p *page, r *risk.Rubric) {
	p.title("%s", r.Title)
	p.text(0, r.Edition+". "+r.Notes)
	shown := map[string]bool{}
	for _, m := range r.Metrics {
		p.heading(m.Name + "  " + m.Title)
		for _, name := range m.Begins {
			listQuestion(p, r, name, shown)
		}
	}
}

// listQuestion lists a question and those that it leads to, each once.
func listQuestion(p *page, r *risk.Rubric, name string, shown map[string]bool) {
	q := r.Question(name)
	if q == nil || shown[name] {
		return
	}
	shown[name] = true
	p.item(2, fmt.Sprintf("%-7s", name), q.Asks)
	p.item(9, "", fmt.Sprintf("yes: %s, no: %s, unknown: %s (%s)", q.Yes, q.No, q.Unknown, q.Verified))
	for _, next := range []string{q.Yes, q.No, q.Unknown} {
		listQuestion(p, r, next, shown)
	}
}
