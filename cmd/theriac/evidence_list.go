package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"theriac/evidence"
	"theriac/model"
)

// judgeFlags are the flags of commands that say what evidence is worth.
type judgeFlags struct {
	release string
	date    string
	format  string
}

func (j *judgeFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&j.release, "release", "", "`version` for which evidence is judged; without it the newest that is out")
	f.StringVar(&j.date, "date", "", "`day` on which it is judged, as YYYY-MM-DD")
	f.StringVarP(&j.format, "format", "f", "text", "`form`: text, json")
	complete(cmd, "format", []string{"text", "json"})
}

func (j *judgeFlags) open(cmd *cobra.Command, args []string) (*proven, error) {
	if j.format != "text" && j.format != "json" {
		return nil, badValue("format", j.format, []string{"text", "json"})
	}
	day, err := today(j.date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	return openProven(cmd.Context(), args, j.release, day)
}

func newEvidenceList() *cobra.Command {
	var flags judgeFlags
	var all bool
	cmd := &cobra.Command{
		Use:   "list [DIR]",
		Short: "list evidence and what it is worth",
		Long: `List prints one line for each verification and each piece of evidence for it: state,
verification, kind, day, signer, id. Verifications without evidence have a line as
well. Evidence of other releases, and what newer evidence replaces, is left out unless
--all is given.

States: ` + stateNames() + `.`,
		Example: `  theriac evidence list pump
  theriac evidence list pump --release 1.4.0 --format json`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := flags.open(cmd, args)
			if err != nil {
				return err
			}
			defer p.close()
			if flags.format == "json" {
				return writeJSON(cmd.OutOrStdout(), evidenceOut(p))
			}
			return listEvidence(cmd, p, all)
		},
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "list evidence of other releases as well")
	return cmd
}

func stateNames() string {
	var names []string
	for _, s := range evidence.States() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

func listEvidence(cmd *cobra.Command, p *proven, all bool) error {
	j := p.judged()
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	for _, v := range p.file.Verifications {
		s := j.Of(v)
		if len(s.Deciding)+len(s.Rejected) == 0 {
			row(w, string(s.State), v.ID)
		}
		for _, verdict := range slices.Concat(s.Deciding, s.Rejected) {
			if !all && otherVersion(verdict.Piece, p.release) {
				continue
			}
			verdictRow(w, verdict, excusedNote(verdict))
		}
		for _, verdict := range replacedOf(j, v) {
			if all {
				verdictRow(w, verdict, "replaced by "+verdict.Replaced.Piece.ID)
			}
		}
	}
	for _, verdict := range j.Verdicts {
		if verdict.Of == nil {
			fmt.Fprintf(w, "%s\t%s\t\t\t%s\t%s\n", verdict.State, verdict.Piece.Path, signers(verdict.Piece), verdict.Piece.ID)
		}
	}
	return w.Flush()
}

func verdictRow(w io.Writer, v *evidence.Verdict, note string) {
	s := v.Piece.Statement
	row(w, string(v.State), v.Item, string(s.Kind), model.DateOf(s.Finished).String(), signers(v.Piece), v.Piece.ID, note)
}

// replacedOf lists the evidence of a verification in whose place newer evidence
// counts.
func replacedOf(j *evidence.Judgement, of *model.Verification) []*evidence.Verdict {
	return slices.DeleteFunc(slices.Clone(j.Verdicts), func(v *evidence.Verdict) bool { return v.Of != of || v.Replaced == nil })
}

func otherVersion(p *evidence.Piece, r *model.Release) bool {
	return r != nil && p.Statement.Release != r.Version
}

// signers are those whose signature fits, by id.
func signers(p *evidence.Piece) string {
	var ids []string
	for _, s := range p.Signed {
		ids = append(ids, s.By.Signer.ID)
	}
	if len(ids) == 0 {
		return "nobody known"
	}
	return strings.Join(ids, ", ")
}

// verdictWords is a verdict with its reasons.
func verdictWords(v *evidence.Verdict) string {
	text := string(v.State)
	for i, r := range v.Reasons {
		switch {
		case i == 0:
			text += ": " + r.Message
		case i < 4:
			text += "; " + r.Message
		case i == 4:
			text += fmt.Sprintf("; and %d more", len(v.Reasons)-4)
		}
	}
	if v.State == evidence.Passed && v.Result != nil {
		text += " (" + resultWords(v.Result) + ")"
	}
	for _, d := range v.Excused {
		text += fmt.Sprintf("; %s stands under risk %s", d.Failure, d.Risk.ID)
	}
	return text
}

func resultWords(r *evidence.Result) string {
	var words []string
	for _, c := range []struct {
		n    int
		what string
	}{{r.Passed, "passed"}, {r.Failed, "failed"}, {r.Skipped, "skipped"}, {r.Inconclusive, "inconclusive"}} {
		if c.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", c.n, c.what))
		}
	}
	if len(words) == 0 {
		return "as a whole"
	}
	return strings.Join(words, ", ")
}

// evidenceJSON is the form of docs/formats/evidence-json.md.
type evidenceJSON struct {
	Release       string             `json:"release,omitempty"`
	Date          string             `json:"date"`
	Verifications []verificationJSON `json:"verifications"`
	Requirements  []requirementJSON  `json:"requirements"`
	Unreadable    []verdictJSON      `json:"unreadable"` // pieces that are for nothing in the file
}

type verificationJSON struct {
	ID       string         `json:"id"`
	State    evidence.State `json:"state"`
	Unseen   []string       `json:"unseen,omitempty"`
	Evidence []verdictJSON  `json:"evidence"`
}

type requirementJSON struct {
	ID    string         `json:"id"`
	State evidence.State `json:"state"`
}

type verdictJSON struct {
	ID       string           `json:"id"`
	Path     string           `json:"path"`
	State    evidence.State   `json:"state"`
	Counts   bool             `json:"counts"`
	Kind     string           `json:"kind,omitempty"`
	Release  string           `json:"release,omitempty"`
	Finished string           `json:"finished,omitempty"`
	Signers  []string         `json:"signers"`
	Result   *evidence.Result `json:"result,omitempty"`
	Reasons  []whyJSON        `json:"reasons,omitempty"`
	Replaced string           `json:"replacedBy,omitempty"` // id of newer evidence that counts in its place
}

type whyJSON struct {
	State   evidence.State `json:"state"`
	Field   string         `json:"field,omitempty"`
	Message string         `json:"message"`
	Entity  string         `json:"entity,omitempty"`
}

func evidenceOut(p *proven) evidenceJSON {
	j := p.judged()
	out := evidenceJSON{Date: p.today.String(), Verifications: []verificationJSON{}, Requirements: []requirementJSON{}, Unreadable: []verdictJSON{}}
	if p.release != nil {
		out.Release = p.release.Version
	}
	for _, v := range p.file.Verifications {
		s := j.Of(v)
		entry := verificationJSON{ID: v.ID, State: s.State, Unseen: idsOf(s.Unseen), Evidence: []verdictJSON{}}
		for _, verdict := range slices.Concat(s.Deciding, s.Rejected, replacedOf(j, v)) {
			entry.Evidence = append(entry.Evidence, verdictOut(verdict))
		}
		out.Verifications = append(out.Verifications, entry)
	}
	for _, r := range p.file.Requirements {
		out.Requirements = append(out.Requirements, requirementJSON{r.ID, j.Requirement(r)})
	}
	for _, verdict := range j.Verdicts {
		if verdict.Of == nil {
			out.Unreadable = append(out.Unreadable, verdictOut(verdict))
		}
	}
	return out
}

func verdictOut(v *evidence.Verdict) verdictJSON {
	out := verdictJSON{ID: v.Piece.ID, Path: v.Piece.Path, State: v.State, Counts: v.Counts(), Signers: []string{}, Result: v.Result}
	for _, s := range v.Piece.Signed {
		out.Signers = append(out.Signers, s.By.Signer.ID)
	}
	if s := v.Piece.Statement; s != nil {
		out.Kind, out.Release, out.Finished = string(s.Kind), s.Release, s.Finished.Format(time.RFC3339)
	}
	if v.Replaced != nil {
		out.Replaced = v.Replaced.Piece.ID
	}
	for _, r := range v.Reasons {
		entity := ""
		if r.Entity != nil {
			entity = model.Of(r.Entity).ID
		}
		out.Reasons = append(out.Reasons, whyJSON{r.State, r.Field, r.Message, entity})
	}
	return out
}

// excusedNote says of a piece that counts which of its failures stand.
func excusedNote(v *evidence.Verdict) string {
	if len(v.Excused) == 0 {
		return ""
	}
	return fmt.Sprintf("%s under an accepted risk", amount(len(v.Excused), "failure"))
}
