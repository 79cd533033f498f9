package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"theriac/model"
	"theriac/triage"
)

type decideFlags struct {
	rule        triage.Rule
	answers     []string
	format      string
	status      string
	just        string
	expires     string
	release     string
	rules       string
	govulncheck string
	renew       string
	to          string
	date        string
	all         bool
	preview     bool
}

func newPSIRTDecide() *cobra.Command {
	var flags decideFlags
	cmd := &cobra.Command{
		Use:   "decide [DIR]",
		Short: "enter what was decided about vulnerabilities that were found",
		Long: `Decide shows which recorded findings a decision would be about and enters it into the
security file, with what is known of them now: a later change of that opens it again.
Findings that a decision answers already are left out, unless --all is given.

One decision is made for each vulnerability, whatever the number of components and
releases; several, where different things are known of its components. Components that
are not in the product (--justification component-not-present, without --vulnerability)
get one decision for every vulnerability.

--rule takes many decisions from a file. --govulncheck takes the report of a call graph
(govulncheck -format json): without --status it decides about what is not reachable;
with it, it says of each finding how it is reached. --renew notes for a decision that is
open again what is known now, once somebody has looked at it; it becomes several where
different things are known of its components.

--score is the vulnerability scored for this device as a CVSS vector of version 3.1 or 4.0,
which is shown beside the vectors of the advisories; --answer gives answers to the rubric
for medical devices (theriac risk rubric), from which the vector follows where --score is
left out. --risk names the security risk under which the vulnerability falls: what the score
means for its residual risk is said.

Exit status: 0 done or nothing to decide, 1 with --preview there is something to decide,
or a rule has faults, 2 the run failed.`,
		Example: `  theriac psirt decide pump --vulnerability CVE-2024-6119 --status not-affected \
    --justification vulnerable-code-not-in-execute-path --reason "The pump checks no names in certificates." --preview
  theriac psirt decide pump --package 'pkg:deb/debian/libx11-*' --status not-affected \
    --justification component-not-present --reason "In the build image alone."
  theriac psirt decide pump --rule rules.yaml --preview
  theriac psirt decide pump --vulnerability CVE-2019-12256 --status affected --action "Unplug it." \
    --reason "Reached from the ward." --score CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:L/I:L/A:H --exploitability high --risk rk-net-service-code
  theriac psirt decide pump --govulncheck report.json
  theriac psirt decide pump --renew vx-cve-2024-6119`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runDecide(cmd, args, flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.rule.Vulnerability, "vulnerability", "", "`id` of the vulnerability, or any alias of it")
	f.StringSliceVar(&flags.rule.Packages, "package", nil, "components, as `pattern` of package URLs without version; * matches any characters")
	f.StringVar(&flags.rule.Versions, "versions", "", "`range` of versions of the components, for example '>=3.0.11 <3.0.14' (default: those found)")
	f.StringVar(&flags.rule.Releases, "releases", "", "`range` of versions of the product (default: all)")
	f.StringVar(&flags.status, "status", "", "`state`: "+strings.Join(namesOf(model.VEXStatus("").Values()), ", "))
	f.StringVar(&flags.just, "justification", "", "`reason` of not-affected, as VEX sorts them: "+strings.Join(namesOf(model.Justification("").Values()), ", "))
	f.StringVar(&flags.rule.Reason, "reason", "", "`text`: why, in terms of this product")
	f.StringVar(&flags.rule.Action, "action", "", "`text`: what users should do, where the product is affected")
	f.StringVar(&flags.rule.Fix, "fix", "", "`version` of the product that is fixed, or will be")
	f.StringVar(&flags.rule.Score.CVSS, "score", "", "CVSS `vector` for this device, of version 3.1 or 4.0")
	f.StringArrayVar(&flags.answers, "answer", nil, "answer to a question of the rubric, as `QUESTION=ANSWER`, with a reason behind a colon; may be repeated")
	f.StringVar(&flags.rule.Score.Exploitability, "exploitability", "", "`level` of policy.risk.exploitability for this device")
	f.StringVar(&flags.rule.Score.Severity, "severity", "", "`level` of policy.risk.severity of the harm that can follow")
	f.StringVar(&flags.rule.Score.Rationale, "rationale", "", "`text`: why this score")
	f.StringVar(&flags.rule.Risk, "risk", "", "`id` of the security risk under which it falls")
	f.StringVar(&flags.rule.By, "by", "", "`role` that decides (default: the owner of vulnerability handling)")
	f.StringVar(&flags.expires, "expires", "", "last `day` on which it holds, as YYYY-MM-DD")
	f.StringVar(&flags.release, "release", "", "look at the findings of one release alone, by its `version`")
	f.StringVar(&flags.rules, "rule", "", "`file` of rules; docs/triage.md")
	f.StringVar(&flags.govulncheck, "govulncheck", "", "`report` of govulncheck -format json")
	f.StringVar(&flags.renew, "renew", "", "`id` of a decision that was looked at again and still holds")
	f.StringVar(&flags.to, "to", "", "`file` below DIR to write to (default: the one with most decisions, else decisions.yaml)")
	f.StringVar(&flags.date, "date", "", "`day` of the decision, as YYYY-MM-DD")
	f.StringVarP(&flags.format, "format", "f", "text", "`form` of the result: text, json")
	f.BoolVar(&flags.all, "all", false, "decide about findings as well that a decision answers already")
	f.BoolVar(&flags.preview, "preview", false, "change nothing; show what would be decided")
	complete(cmd, "status", namesOf(model.VEXStatus("").Values()))
	complete(cmd, "format", decideForms)
	complete(cmd, "justification", namesOf(model.Justification("").Values()))
	return cmd
}

// decider is a run of psirt decide.
type decider struct {
	decideFlags
	file  *model.File
	dir   string
	today model.Date
	judge *triage.Judge
	found []triage.Found // in the order of the record
	calls *triage.Calls  // nil without a report
}

// decideForms are the forms of the result.
var decideForms = []string{"text", "json"}

func runDecide(cmd *cobra.Command, args []string, flags decideFlags) error {
	if !slices.Contains(decideForms, flags.format) {
		return badValue("format", flags.format, decideForms)
	}
	if err := idleFlag(cmd); err != nil {
		return err
	}
	d, err := newDecider(cmd.Context(), args, flags.date)
	if err != nil {
		return err
	}
	d.decideFlags = flags
	if flags.renew != "" {
		return d.renewal(cmd)
	}
	if err := d.knownRelease(); err != nil {
		return err
	}
	rules, err := d.rulesOf(cmd)
	if err != nil {
		return err
	}
	taken, err := d.taken(cmd.Context())
	if err != nil {
		return err
	}
	var all []triage.Proposal
	for _, r := range rules {
		if err := r.Check(); err != nil {
			return fmt.Errorf("%s: %w", cmp.Or(r.ID, "the decision"), err)
		}
		if !r.Expires.IsZero() && r.Expires.Before(d.today) {
			return fmt.Errorf("%s: it expires on %s, before the day of the decision (%s)", r.ID, r.Expires, d.today)
		}
		if err := d.judge.CheckScore(r); err != nil {
			return fmt.Errorf("%s: %w", cmp.Or(r.ID, "the score"), err)
		}
		all = append(all, d.judge.Propose(r, d.candidates(), taken)...)
	}
	d.reached(all)
	return d.finish(cmd, all)
}

// newDecider reads a security file and its recorded findings.
func newDecider(ctx context.Context, args []string, date string) (*decider, error) {
	file, dir, err := load(ctx, args)
	if err != nil {
		return nil, err
	}
	day, err := today(date, os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return nil, err
	}
	record, err := wholeRecord(file)
	if err != nil {
		return nil, err
	}
	d := &decider{file: file, dir: dir, today: day, judge: triage.NewJudge(file, day)}
	for _, s := range record.Scans {
		for _, v := range d.judge.Apply(s.Release, s.Found) {
			d.found = append(d.found, triage.Found{Release: s.Release, Verdict: v})
		}
	}
	return d, nil
}

// wholeRecord reads the recorded findings and complains where there are none, or not all
// can be read.
func wholeRecord(file *model.File) (*triage.Record, error) {
	record, err := triage.ReadRecord(file)
	switch {
	case err != nil:
		return nil, err
	case len(record.Findings) > 0:
		return nil, fmt.Errorf("%s: %s; %s", record.Findings[0].Span, record.Findings[0].Message, record.Findings[0].Help)
	case record.Empty():
		return nil, fmt.Errorf("no findings are recorded in %s; theriac vuln scan --record writes them", file.Dir())
	}
	return record, nil
}

// candidates are the findings that may be decided about.
func (d *decider) candidates() []triage.Found {
	return slices.DeleteFunc(slices.Clone(d.found), func(f triage.Found) bool {
		return !d.all && f.Settled() || d.release != "" && f.Release != d.release
	})
}

// rulesOf are the rules that the flags give.
func (d *decider) rulesOf(cmd *cobra.Command) ([]*triage.Rule, error) {
	var err error
	if d.rule.Expires, err = d.expiry(d.expires); err != nil {
		return nil, err
	}
	if v := d.file.VulnerabilityHandling; d.rule.By == "" && v != nil {
		d.rule.By = v.Owner
	}
	if err := d.answered(); err != nil {
		return nil, err
	}
	if d.govulncheck != "" {
		if d.calls, err = readCalls(d.govulncheck); err != nil {
			return nil, err
		}
	}
	d.rule.Status, d.rule.Justification = model.VEXStatus(d.status), model.Justification(d.just)
	var rules []*triage.Rule
	switch {
	case d.rules != "":
		rules, err = d.readRules(cmd)
	case d.status != "":
		rules = []*triage.Rule{&d.rule}
	case d.calls != nil:
		rules = d.calls.Rules(d.candidates(), d.rule.By, d.rule.Reason, d.rule.Expires)
	default:
		err = errors.New("nothing says what was decided; give --status with --vulnerability or --package, or --rule, --govulncheck or --renew")
	}
	for _, r := range rules {
		if r.By == "" && err == nil {
			err = errors.New("nobody is named who decides; give --by, or an owner of vulnerability-handling")
		}
	}
	return rules, err
}

// expiry is the last day on which a decision holds, as a flag gives it; zero for none.
func (d *decider) expiry(text string) (model.Date, error) {
	if text == "" {
		return model.Date{}, nil
	}
	day, err := model.ParseDate(text)
	switch {
	case err != nil:
		return day, fmt.Errorf("--expires: %w", err)
	case day.Before(d.today):
		return day, fmt.Errorf("--expires: %s is before the day of the decision (%s)", day, d.today)
	}
	return day, nil
}

// knownRelease complains about a release that neither the file nor the record has. One that
// is named by its id is known by its version afterwards.
func (d *decider) knownRelease() error {
	if d.release == "" || slices.ContainsFunc(d.found, func(f triage.Found) bool { return f.Release == d.release }) {
		return nil
	}
	r, err := releaseNamed(d.file, d.release)
	if err == nil {
		d.release = r.Version
	}
	return err
}

func (d *decider) readRules(cmd *cobra.Command) ([]*triage.Rule, error) {
	text, err := readLimited(d.rules)
	if err != nil {
		return nil, err
	}
	rules, findings := triage.ReadRules(filepath.ToSlash(d.rules), text)
	if err := tellFaults(cmd.ErrOrStderr(), findings); err != nil {
		return nil, err
	}
	for _, r := range rules {
		r.By = cmp.Or(r.By, d.rule.By)
	}
	return rules, nil
}

func readCalls(name string) (*triage.Calls, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	calls, err := triage.ReadGovulncheck(f, filepath.Base(name))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return calls, nil
}

// reached notes what the report says of the findings of each decision, where it says the
// same of all.
func (d *decider) reached(all []triage.Proposal) {
	if d.calls == nil {
		return
	}
	for i := range all {
		p := &all[i]
		var said []model.Reachability
		for _, a := range p.Answers {
			if r, ok := d.calls.Of(a.Finding); ok && !slices.Contains(said, r) {
				said = append(said, r)
			}
		}
		if len(said) == 1 && p.Decision.Reachability == (model.Reachability{}) {
			p.Decision.Reachability = said[0]
		}
	}
}

// taken are the ids that are in use.
func (d *decider) taken(ctx context.Context) (map[string]bool, error) {
	taken, err := idsOfVariants(ctx, d.file)
	if err != nil {
		return nil, err
	}
	d.file.All(func(e model.Entity) { taken[model.Of(e).ID] = true })
	return taken, nil
}

// finish shows what would be decided, and enters it.
func (d *decider) finish(cmd *cobra.Command, all []triage.Proposal) error {
	if len(all) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "nothing to decide: no recorded finding is meant that is not decided already")
		if d.format != "json" {
			return nil
		}
	}
	if err := d.print(cmd.OutOrStdout(), all); err != nil || len(all) == 0 {
		return err
	}
	if d.preview {
		return errFindings
	}
	home, err := d.write(cmd.Context(), all)
	if err == nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s added to %s\n", amount(len(all), "decision"), filepath.ToSlash(home))
	}
	return err
}
