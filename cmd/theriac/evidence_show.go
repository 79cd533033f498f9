package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"theriac/bundle"
	"theriac/evidence"
	"theriac/evidence/collect"
	"theriac/model"
	"theriac/trust"
)

func newEvidenceShow() *cobra.Command {
	var flags judgeFlags
	cmd := &cobra.Command{
		Use:   "show ID [DIR]",
		Short: "show one piece of evidence",
		Long: `Show prints what a piece of evidence states, who signed it, and what it is worth for
each verification that it names. The id is that of the list, or its beginning.
With --format json it prints the in-toto statement that was signed.`,
		Example: `  theriac evidence show 3f2a9c01 pump
  theriac evidence show 3f2a9c01 pump --format json`,
		Args: nameAndFolder("an id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := flags.open(cmd, args[1:])
			if err != nil {
				return err
			}
			defer p.close()
			piece, err := p.pieceNamed(args[0])
			if err != nil {
				return err
			}
			if flags.format == "json" {
				return writePayload(cmd.OutOrStdout(), p, piece)
			}
			return showPiece(cmd.OutOrStdout(), p, piece)
		},
	}
	flags.add(cmd)
	return cmd
}

// writePayload prints the statement itself, as it was signed but for its layout.
func writePayload(out io.Writer, p *proven, piece *evidence.Piece) error {
	text, err := p.root.ReadFile(filepath.FromSlash(piece.Path))
	if err != nil {
		return err
	}
	envelope, err := trust.OpenEnvelope(text)
	if err != nil {
		return fmt.Errorf("%s: %w", piece.Path, err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, envelope.Payload, "", "  "); err != nil {
		return fmt.Errorf("%s: %w", piece.Path, err)
	}
	b.WriteByte('\n')
	_, err = out.Write(b.Bytes())
	return err
}

func showPiece(out io.Writer, p *proven, piece *evidence.Piece) error {
	w := tabwriter.NewWriter(plainText{out}, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) { fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) }
	line("evidence", "%s", piece.ID)
	line("file", "%s", filepath.ToSlash(filepath.Join(p.dir, piece.Path)))
	if s := piece.Statement; s != nil {
		statementLines(line, s)
	}
	for _, s := range piece.Signed {
		stamped := "without a time stamp"
		if !s.Stamped.IsZero() {
			stamped = "time stamp " + s.Stamped.UTC().Format(time.RFC3339)
		}
		line("signed by", "%s (%s), key %s…, %s", s.By.Signer.ID, s.By.Signer.Title, s.By.Key.ID()[:12], stamped)
	}
	for _, v := range p.judged().Verdicts {
		if v.Piece == piece {
			line("worth", "%s", strings.TrimPrefix(v.Item+": "+verdictWords(v), ": "))
		}
	}
	return w.Flush()
}

func statementLines(line func(name, format string, args ...any), s *evidence.Statement) {
	line("kind", "%s", s.Kind)
	line("release", "%s", s.Release)
	for _, subject := range s.Subjects {
		line("artefact", "%s  sha256:%s", subject.Name, subject.SHA256)
	}
	line("finished", "%s", s.Finished.Format(time.RFC3339))
	line("recorded", "%s", s.Recorded.Format(time.RFC3339))
	if s.Tool != (evidence.Tool{}) {
		line("tool", "%s", strings.TrimSpace(s.Tool.Name+" "+s.Tool.Version))
	}
	if who := s.Performer; who != (evidence.Performer{}) {
		line("performer", "%s", performerWords(who))
	}
	if len(s.Authors) > 0 {
		line("authors", "%s", strings.Join(s.Authors, ", "))
	}
	if s.Commit != "" {
		line("commit", "%s", s.Commit)
	}
	if len(s.Scope) > 0 {
		line("scope", "%s", strings.Join(s.Scope, ", "))
	}
	for _, in := range s.Inputs {
		line("input", "%s (%s, %d bytes)  sha256:%s", in.Name, in.Format, in.Size, in.SHA256)
	}
	for _, r := range s.Results {
		line("result", "%s: %s (%s)", r.Item, r.Outcome, resultWords(&r))
		for _, f := range r.Failures {
			line("", "  %s", failureWords(f))
		}
	}
	if c := s.Coverage; c != nil && c.Lines > 0 {
		line("coverage", "%d of %d lines (%.1f %%)", c.Covered, c.Lines, 100*float64(c.Covered)/float64(c.Lines))
	}
}

func performerWords(p evidence.Performer) string {
	switch {
	case p.Independence == "":
		return p.Who
	case p.Who == "":
		return "not named (" + string(p.Independence) + ")"
	}
	return p.Who + " (" + string(p.Independence) + ")"
}

// failureWords is a failure with what is known of it.
func failureWords(f evidence.Failure) string {
	text := f.ID
	if f.Severity != "" {
		text += " (" + string(f.Severity) + ")"
	}
	if f.Title != "" && f.Title != f.ID {
		text += ": " + f.Title
	}
	if f.At != "" {
		text += ", at " + f.At
	}
	return text
}

func newEvidenceVerify() *cobra.Command {
	var flags judgeFlags
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "verify signatures and raw inputs of all evidence",
		Long: `Verify reads every statement, checks its signatures and time stamps, hashes every raw
input, and prints what is damaged or signed by nobody known. Whether evidence is
fresh and enough is for check.

Exit status: 0 all is what was signed, 1 something is not, 2 the run failed.`,
		Example: `  theriac evidence verify pump`,
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := flags.open(cmd, args)
			if err != nil {
				return err
			}
			defer p.close()
			return verifyEvidence(cmd.OutOrStdout(), p)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.date, "date", "", "`day` of which it is asked, as YYYY-MM-DD")
	flags.format = "text"
	return cmd
}

func verifyEvidence(out io.Writer, p *proven) error {
	out = plainText{out}
	store, bad := p.proof.Evidence, 0
	for _, piece := range store.Pieces {
		for _, r := range piece.Reasons {
			fmt.Fprintf(out, "%s: %s: %s\n", filepath.ToSlash(filepath.Join(p.dir, piece.Path)), r.State, r.Message)
		}
		if len(piece.Reasons) > 0 {
			bad++
		}
	}
	fmt.Fprintf(out, "%s, %s of inputs: %d as signed, %d not\n", amount(len(store.Pieces), "statement"), bundle.Bytes(store.Bytes), len(store.Pieces)-bad, bad)
	if bad > 0 {
		return errFindings
	}
	return nil
}

func newEvidenceGC() *cobra.Command {
	var dry bool
	cmd := &cobra.Command{
		Use:   "gc [DIR]",
		Short: "remove raw inputs that no statement names",
		Long: `Gc removes the files below ` + evidence.InputFolder + ` that no statement names, and time stamps
without a statement. While a statement is damaged nothing is removed: what it named
is not known.`,
		Example: `  theriac evidence gc pump --dry-run`,
		Args:    atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := openProven(cmd.Context(), args, "", model.DateOf(time.Now().UTC()))
			if err != nil {
				return err
			}
			defer p.close()
			return collectGarbage(cmd.OutOrStdout(), p, dry)
		},
	}
	cmd.Flags().BoolVarP(&dry, "dry-run", "n", false, "only say what would be removed")
	return cmd
}

func collectGarbage(out io.Writer, p *proven, dry bool) error {
	for _, piece := range p.proof.Evidence.Pieces {
		if damaged(piece) {
			return fmt.Errorf("nothing was removed: %s is damaged, so what it named is not known; restore or remove it first", piece.Path)
		}
	}
	garbage := slices.Concat(p.proof.Evidence.Unused, p.proof.Evidence.Stamps)
	for _, name := range garbage {
		fmt.Fprintln(out, name)
		if dry {
			continue
		}
		if err := p.root.Remove(filepath.FromSlash(name)); err != nil {
			return err
		}
	}
	done := "removed"
	if dry {
		done = "to remove"
	}
	_, err := fmt.Fprintf(out, "%s %s\n", amount(len(garbage), "file"), done)
	return err
}

// damaged tells whether a statement may have named other inputs than it does now.
// That inputs of it are gone or altered does not matter.
func damaged(piece *evidence.Piece) bool {
	return piece.Statement == nil || slices.ContainsFunc(piece.Reasons, func(r evidence.Reason) bool {
		return r.State == evidence.Malformed && !strings.HasPrefix(r.Field, "predicate.inputs")
	})
}

// formKinds are the kinds of evidence that people can state.
func formKinds() []string {
	return slices.DeleteFunc(namesOf(model.EvidenceKind("").Values()), func(kind string) bool { return !collect.HasForm(model.EvidenceKind(kind)) })
}

func newEvidenceForm() *cobra.Command {
	return &cobra.Command{
		Use:   "form KIND",
		Short: "print a form for what no tool reports",
		Long: `Form prints a form to fill in for a kind of evidence: what people did and found. It
becomes evidence with ` + "`theriac evidence add --from FORM`" + `.

Kinds: ` + strings.Join(formKinds(), ", ") + `.`,
		Example:   `  theriac evidence form penetration-test > pentest.yaml`,
		ValidArgs: formKinds(),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("form takes a kind of evidence: %s", strings.Join(formKinds(), ", "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			text := collect.Template(model.EvidenceKind(args[0]))
			if text == nil {
				return unknownValue("kind of evidence with a form", args[0], formKinds())
			}
			_, err := cmd.OutOrStdout().Write(text)
			return err
		},
	}
}
