package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"theriac/diag"
	"theriac/model"
	"theriac/trace"
)

func runMatrix(cmd *cobra.Command, args []string, flags traceFlags) error {
	flags.from, flags.to = plural(flags.from), plural(flags.to)
	if err := errors.Join(knownKind("from", flags.from), knownKind("to", flags.to)); err != nil {
		return err
	}
	t, err := newTracer(cmd, args, flags)
	if err != nil {
		return err
	}
	m, err := t.graph.Matrix(flags.from, flags.to)
	if err != nil {
		return err
	}
	if t.json {
		err = t.matrixJSON(m)
	} else {
		p := newPage(t.screen)
		t.matrix(p, m)
		err = p.show(t.screen, t.out)
	}
	if err == nil && len(m.Gaps()) > 0 {
		err = errFindings
	}
	return err
}

// plural is the name of a kind that is given in the singular.
func plural(kind string) string {
	for _, k := range model.Kinds() {
		if k.Singular == kind {
			return k.Name
		}
	}
	if kind+"s" == trace.Clauses {
		return trace.Clauses
	}
	return kind
}

func knownKind(flag, kind string) error {
	if slices.Contains(trace.Kinds(), kind) {
		return nil
	}
	if s := diag.Suggest(kind, trace.Kinds()); s != "" {
		return fmt.Errorf("--%s: unknown kind %q; did you mean %q?", flag, kind, s)
	}
	return fmt.Errorf("--%s: unknown kind %q; kinds are those of `theriac explain --kinds`, and code and clauses", flag, kind)
}

// matrix shows one line for each thing that is led to, and one for each gap.
func (t *tracer) matrix(p *page, m *trace.Matrix) {
	gaps := len(m.Gaps())
	p.title("From %s to %s: %d of %d lead on", m.From, m.To, len(m.Rows)-gaps, len(m.Rows))
	for _, row := range m.Rows {
		p.line("")
		p.item(0, "", t.name(row.Node))
		for _, n := range row.Reached {
			p.item(2, "- ", t.name(n)+t.state(n))
		}
		if len(row.Reached) == 0 && row.SetAside() {
			p.item(2, "", t.notes(row.Node))
		} else if len(row.Reached) == 0 {
			p.item(2, "", fmt.Sprintf("leads to none of the %s", m.To))
		}
	}
}

func (t *tracer) state(n *trace.Node) string {
	if notes := t.notes(n); notes != "" {
		return ", " + notes
	}
	return ""
}

func (t *tracer) matrixJSON(m *trace.Matrix) error {
	out := matrixJSON{m.From, m.To, []matrixRowJSON{}}
	for _, row := range m.Rows {
		line := matrixRowJSON{t.nodeJSON(row.Node), []nodeJSON{}}
		for _, n := range row.Reached {
			line.Reached = append(line.Reached, t.nodeJSON(n))
		}
		out.Rows = append(out.Rows, line)
	}
	return t.print(out)
}
