package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/threat"
	"theriac/trace"
)

type deriveFlags struct {
	format string
	color  string
	to     string
	write  bool
	each   bool
	grid   bool
	all    bool
}

var deriveFormats = []string{"text", "json"}

func newThreatsDerive() *cobra.Command {
	var flags deriveFlags
	cmd := &cobra.Command{
		Use:   "derive [DIR]",
		Short: "derive threats from the architecture and say which are not answered",
		Long: `Derive tries every pattern on every element of the architecture and prints what is
new and what has vanished since the file was last accepted (see trace accept), and
what is not dispositioned: derived threats that no threat of the file answers by a
risk or by a reason why it does not apply, or whose element has changed since.

With --write what nothing answers becomes entries under threats:, in place; comments
and everything else stay as they are. One entry stands for all elements on which a
pattern fires, with --each for one; split it where the answers differ. A general
question is left out where a pattern of the same category stands beside it.

Exit status: 0 everything is dispositioned, 1 something is not, 2 the run failed.`,
		Example: `  theriac threats derive pump
  theriac threats derive pump --grid
  theriac threats derive pump --write --to threats/derived.yaml
  theriac threats derive pump --format json`,
		Args:              atMost(1),
		ValidArgsFunction: completeFolder,
		RunE:              func(cmd *cobra.Command, args []string) error { return runDerive(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: "+strings.Join(deriveFormats, ", "))
	f.BoolVar(&flags.write, "write", false, "add derived threats that nothing answers to the security file")
	f.BoolVar(&flags.each, "each", false, "with --write, one entry for each element instead of one for each pattern")
	f.StringVar(&flags.to, "to", "", "with --write, the `file` below DIR to add them to; without it the one that holds most threats")
	f.BoolVar(&flags.grid, "grid", false, "print the grid of elements and categories")
	f.BoolVar(&flags.all, "all", false, "list all derived threats, answered ones too")
	f.StringVar(&flags.color, "color", "auto", "`when` to use colours: "+strings.Join(colours, ", "))
	complete(cmd, "format", deriveFormats)
	complete(cmd, "color", colours)
	return cmd
}

func runDerive(cmd *cobra.Command, args []string, flags deriveFlags) error {
	if !slices.Contains(deriveFormats, flags.format) {
		return badValue("format", flags.format, deriveFormats)
	}
	if flags.to != "" && !flags.write {
		return fmt.Errorf("--to says where --write adds threats; give both")
	}
	out := cmd.OutOrStdout()
	s, err := screenOf(flags.color, out, os.Environ())
	if err != nil {
		return err
	}
	file, dir, err := load(cmd.Context(), args)
	if err != nil {
		return err
	}
	result, err := derive(file)
	if err != nil {
		return err
	}
	if flags.write {
		if err := addThreats(cmd.Context(), cmd.ErrOrStderr(), result, dir, flags); err != nil {
			return err
		}
		if file, _, err = load(cmd.Context(), []string{dir}); err != nil {
			return err
		}
		if result, err = derive(file); err != nil {
			return err
		}
	}
	if flags.format == "json" {
		err = result.json(out)
	} else {
		p := newPage(s)
		result.text(p, flags)
		err = p.show(s, out)
	}
	if err == nil && len(result.Undispositioned()) > 0 {
		err = errFindings
	}
	return err
}

// derivation is what the patterns say of a file, beside what was accepted before.
type derivation struct {
	*threat.Derivation

	file     *model.File
	accepted bool // the file was accepted before
	fresh    []*threat.Derived
	vanished []trace.Derived
}

func derive(file *model.File) (*derivation, error) {
	reviews, err := readReviews(file)
	if err != nil {
		return nil, err
	}
	d := &derivation{Derivation: threat.Derive(file, trace.SuspectTargets(file, reviews)), file: file, accepted: len(reviews.Derived) > 0}
	known := map[string]bool{}
	for _, a := range reviews.Derived {
		known[a.Pattern+"."+a.Element] = true
	}
	now := map[string]bool{}
	for _, t := range d.Threats {
		if now[t.ID()] = true; !known[t.ID()] {
			d.fresh = append(d.fresh, t)
		}
	}
	for _, a := range reviews.Derived {
		if !now[a.Pattern+"."+a.Element] {
			d.vanished = append(d.vanished, a)
		}
	}
	return d, nil
}

func (d *derivation) text(p *page, flags deriveFlags) {
	elements := map[model.Element]bool{}
	for _, t := range d.Threats {
		elements[t.Element] = true
	}
	p.title("%s: %s on %s", d.file.Product.Name, amount(len(d.Threats), "derived threat"), amount(len(elements), "element"))
	var tally []string
	for _, c := range d.Tally() {
		if c.N > 0 {
			tally = append(tally, fmt.Sprintf("%d %s", c.N, statusWords[c.Status]))
		}
	}
	p.text(2, strings.Join(tally, ", "))
	if flags.grid {
		d.grid(p)
	}
	if flags.all {
		p.heading("Derived threats")
		byElement(p, d.Threats)
	}
	d.changes(p)
	open := d.Undispositioned()
	if len(open) == 0 {
		p.line("")
		p.line("Every derived threat is a risk or does not apply, with a reason.")
		return
	}
	missing(p, open)
	p.heading(fmt.Sprintf("Not dispositioned (%d)", len(open)))
	if flags.write {
		p.text(2, "without --write they are listed")
	} else {
		byElement(p, open)
	}
	p.line("")
	p.text(0, nextSteps(open)+" `theriac threats patterns ID` explains a pattern.")
}

// missing lists the facts that are not stated and on which threats rest. Who
// states them first has fewer threats to answer.
func missing(p *page, open []*threat.Derived) {
	var lines [][2]string
	n := 0
	for _, t := range open {
		if !t.Assumed {
			continue
		}
		n++
		for _, because := range t.Because() {
			fact, unknown := strings.CutSuffix(because, " is not stated")
			line := [2]string{model.Label(t.Element), fieldOf(fact)}
			if unknown && !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	if n == 0 {
		return
	}
	p.heading(fmt.Sprintf("Derived because something is not stated (%d): state it first", n))
	for _, line := range lines {
		p.item(2, line[0]+"  ", line[1])
	}
}

// fieldOf is the field by which a fact of a pattern is stated, where that is no
// field of the element itself.
func fieldOf(fact string) string {
	if need, ok := strings.CutPrefix(fact, "needs."); ok {
		return need + " of its assets"
	}
	if fact == "personal" {
		return "personal-data of its assets"
	}
	return fact
}

// nextSteps says what is to be done about threats that are not dispositioned.
func nextSteps(open []*threat.Derived) string {
	has := func(s threat.Status) bool {
		return slices.ContainsFunc(open, func(t *threat.Derived) bool { return t.Status == s })
	}
	var steps []string
	switch {
	case has(threat.Open):
		steps = append(steps, "`theriac threats derive --write` adds what no threat answers; then treat each by a risk or give a reason under `not-applicable:`.")
	case has(threat.Undecided):
		steps = append(steps, "Treat each by a risk, or give a reason under `not-applicable:`. One threat may answer several: name their elements under `targets:` and their patterns under `patterns:`.")
	}
	if has(threat.Reopened) {
		steps = append(steps, "Look again at what changed, and enter it with `theriac trace accept`.")
	}
	return strings.Join(steps, " ")
}

var statusWords = map[threat.Status]string{
	threat.AsRisk: "treated by a risk", threat.NotApplicable: "not applicable", threat.Reopened: "to be judged anew",
	threat.Undecided: "neither treated nor set aside", threat.Open: "unanswered",
}

// changes prints what is new and what has vanished.
func (d *derivation) changes(p *page) {
	if !d.accepted {
		p.line("")
		p.text(0, "No derivation was accepted yet, so nothing can be new: `theriac trace accept` records what was looked at.")
		return
	}
	if len(d.fresh) > 0 {
		p.heading(fmt.Sprintf("New since the file was last accepted (%d)", len(d.fresh)))
		byElement(p, d.fresh)
	}
	if len(d.vanished) > 0 {
		p.heading(fmt.Sprintf("Vanished since then (%d)", len(d.vanished)))
		for _, v := range d.vanished {
			p.item(2, v.Pattern+"."+v.Element+"  ", "accepted on "+v.Date.String()+" by "+v.By)
		}
	}
}

// byElement lists derived threats below their elements.
func byElement(p *page, threats []*threat.Derived) {
	var last model.Element
	for _, t := range threats {
		if t.Element != last {
			last = t.Element
			p.item(2, model.Label(last)+"  ", model.Of(last).Title)
		}
		status := statusWords[t.Status]
		if t.Status == threat.Open {
			status = "" // what most lists are about
		} else {
			status = "; " + status + namesOfAnswers(t)
		}
		p.line(fmt.Sprintf("    %-28s %-22s %s%s", t.Pattern.ID, t.Pattern.Category, t.Pattern.Title, status))
	}
}

// namesOfAnswers are the first threats that answer a derived threat. An entry of
// the same name says nothing that the line does not say already.
func namesOfAnswers(t *threat.Derived) string {
	by := slices.DeleteFunc(idsOf(t.By), func(id string) bool { return id == t.ID() })
	switch {
	case len(by) == 0:
		return ""
	case len(by) > 3:
		return fmt.Sprintf(": %s and %d more", strings.Join(by[:2], ", "), len(by)-2)
	}
	return ": " + strings.Join(by, ", ")
}

// cellMarks are the letters of the grid.
var cellMarks = map[threat.Status]string{
	threat.AsRisk: "R", threat.NotApplicable: "n", threat.Reopened: "!", threat.Undecided: "?", threat.Open: "O", "": ".",
}

// letters head the columns of the grid.
var letters = map[model.ThreatCategory]string{
	"spoofing": "S", "tampering": "T", "repudiation": "R", "disclosure": "I", "denial-of-service": "D", "elevation-of-privilege": "E",
	"misuse": "M", "environment": "N",
}

func (d *derivation) grid(p *page) {
	p.heading("Grid of elements and categories")
	p.text(2, "R treated by a risk, n not applicable, ! to be judged anew, ? neither treated nor set aside, O unanswered, "+
		". nothing is derived (the JSON form says why). S spoofing, T tampering, R repudiation, I information disclosure, "+
		"D denial of service, E elevation of privilege, M misuse, N environment")
	rows := d.Grid()
	width := 0
	for _, r := range rows {
		width = max(width, len(model.Label(r.Element)))
	}
	head := fmt.Sprintf("  %-*s", width, "")
	for _, c := range threat.Categories() {
		head += "  " + letters[c]
	}
	p.line(head)
	for _, r := range rows {
		line := fmt.Sprintf("  %-*s", width, model.Label(r.Element))
		for _, c := range r.Cells {
			line += "  " + cellMarks[c.Status]
		}
		p.line(line)
	}
}

type derivedJSON struct {
	ID       string   `json:"id"`
	Pattern  string   `json:"pattern"`
	Element  string   `json:"element"`
	Kind     string   `json:"kind"`
	Category string   `json:"category"`
	Status   string   `json:"status"`
	Title    string   `json:"title"`
	Because  []string `json:"because"`
	Answers  []string `json:"answered-by"`
}

type cellJSON struct {
	Status  string   `json:"status"` // none where nothing is derived
	Threats []string `json:"threats,omitempty"`
	Because string   `json:"because,omitempty"`
}

type gridJSON struct {
	Element string              `json:"element"`
	Kind    string              `json:"kind"`
	Cells   map[string]cellJSON `json:"cells"`
}

// json writes the result for machines; docs/formats/threats-json.md.
func (d *derivation) json(w io.Writer) error {
	out := struct {
		Threats         []derivedJSON `json:"threats"`
		Undispositioned []string      `json:"undispositioned"`
		New             []string      `json:"new"`
		Vanished        []string      `json:"vanished"`
		Grid            []gridJSON    `json:"grid"`
	}{[]derivedJSON{}, []string{}, []string{}, []string{}, []gridJSON{}}
	for _, t := range d.Threats {
		out.Threats = append(out.Threats, derivedJSON{
			t.ID(), t.Pattern.ID, model.Of(t.Element).ID, model.Of(t.Element).Kind().Name, string(t.Pattern.Category), string(t.Status),
			t.Pattern.Title, append([]string{}, t.Because()...), idsOf(t.By),
		})
	}
	out.Undispositioned = append(out.Undispositioned, derivedIDs(d.Undispositioned())...)
	out.New = append(out.New, derivedIDs(d.fresh)...)
	for _, v := range d.vanished {
		out.Vanished = append(out.Vanished, v.Pattern+"."+v.Element)
	}
	for _, r := range d.Grid() {
		out.Grid = append(out.Grid, gridRow(r))
	}
	return writeJSON(w, out)
}

func gridRow(r threat.Row) gridJSON {
	row := gridJSON{model.Of(r.Element).ID, model.Of(r.Element).Kind().Name, map[string]cellJSON{}}
	for i, c := range r.Cells {
		cell := cellJSON{string(c.Status), derivedIDs(c.Threats), c.Because}
		if c.Status == "" {
			cell.Status = "none"
		} else {
			cell.Because = ""
		}
		row.Cells[string(threat.Categories()[i])] = cell
	}
	return row
}

func derivedIDs(threats []*threat.Derived) []string {
	var all []string
	for _, t := range threats {
		all = append(all, t.ID())
	}
	return all
}
