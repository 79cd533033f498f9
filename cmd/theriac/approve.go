package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"theriac/approval"
	"theriac/evidence"
	"theriac/model"
	"theriac/trust"
)

type approveFlags struct {
	sign    signFlags
	role    string
	meaning string
	comment string
	yes     bool
}

func newApprove() *cobra.Command {
	var flags approveFlags
	cmd := &cobra.Command{
		Use:   "approve ID [DIR] --as ROLE --meaning MEANING --sign KEY",
		Short: "sign that something was reviewed, approved or released",
		Long: `Approve signs the present content of a document, a risk, a waiver, a decision, a case, a
release, a baseline or the roster, with the name and role of the signer, the time, and what the
signature means. It first shows what is signed and what changed since the signer
last signed it. A later change makes the approval stale; check says so.

At a terminal it asks before it signs; --yes does not ask.

These are the elements that 21 CFR Part 11 and EU GMP Annex 11 ask of an electronic
signature. Whether a signature binds its holder is for the manufacturer's own rules.`,
		Example: `  theriac approve doc-risk-report pump --as "Head of risk" --meaning approved --sign lead.key
  theriac approve 1.4.0 pump --as "Head of regulatory affairs" --meaning released --sign ra.key
  theriac approve roster pump --as "Root of trust" --meaning approved --sign root.key`,
		Args: nameAndFolder("what is approved"),
		RunE: func(cmd *cobra.Command, args []string) error { return runApprove(cmd, args, flags) },
	}
	flags.sign.add(cmd)
	f := cmd.Flags()
	f.StringVar(&flags.role, "as", "", "`role` in which it is signed (required)")
	f.StringVar(&flags.meaning, "meaning", "", "`meaning` of the signature: reviewed, approved, released (required)")
	f.StringVar(&flags.comment, "comment", "", "`text` that is signed with it")
	f.BoolVarP(&flags.yes, "yes", "y", false, "sign without asking")
	complete(cmd, "meaning", namesOf(model.Meaning("").Values()))
	return cmd
}

func runApprove(cmd *cobra.Command, args []string, flags approveFlags) error {
	known := namesOf(model.Meaning("").Values())
	switch {
	case flags.role == "":
		return fmt.Errorf("in which role? Give it with --as")
	case flags.meaning == "":
		return fmt.Errorf("what does the signature mean? Give --meaning: %s", strings.Join(known, ", "))
	case !slices.Contains(known, flags.meaning):
		return badValue("meaning", flags.meaning, known)
	}
	at, err := moment(os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	p, err := openProven(cmd.Context(), args[1:], "", model.DateOf(at))
	if err != nil {
		return err
	}
	defer p.close()
	target, err := approval.Find(p.file, p.files(), args[0])
	if err != nil {
		return err
	}
	content, err := approval.Content(p.file, p.files(), target)
	if err != nil {
		return err
	}
	key, err := flags.sign.open(cmd)
	if err != nil {
		return err
	}
	holder, err := mayApprove(p, key, flags.role, at)
	if err != nil {
		return err
	}
	told(cmd, p, target, content, holder.Signer.ID)
	if err := confirmed(cmd, flags.yes, fmt.Sprintf("sign as %s (%s) that %s was %s", holder.Signer.Title, flags.role, target, flags.meaning)); err != nil {
		return err
	}
	return p.approve(cmd, key, target, &approval.Predicate{
		Of: target.Of, ID: target.ID, Meaning: model.Meaning(flags.meaning), Signer: holder.Signer.ID, Name: holder.Signer.Title,
		Role: flags.role, Signed: at, Comment: flags.comment, Content: content,
	}, flags)
}

// mayApprove finds who holds the key, and refuses a signature that would not
// count.
func mayApprove(p *proven, key trust.Signer, role string, at time.Time) (*trust.Holder, error) {
	h, err := holderOf(p.proof.Roster, key)
	switch {
	case err != nil:
		return nil, err
	case h.Signer.Type != "person" && h.Signer.Type != "root":
		return nil, fmt.Errorf("signer %s is a %s; people approve", h.Signer.ID, h.Signer.Type)
	case len(h.Signer.Roles) == 0:
		return nil, fmt.Errorf("signer %s holds no role and can sign nothing", h.Signer.ID)
	case !slices.Contains(h.Signer.Roles, role):
		return nil, fmt.Errorf("signer %s does not hold the role %q, only %s", h.Signer.ID, role, strings.Join(h.Signer.Roles, ", "))
	}
	return h, h.Counts(at, time.Time{}, p.today)
}

// told shows what is signed: in full, or what changed since the signer last signed
// it.
func told(cmd *cobra.Command, p *proven, t approval.Target, content []approval.Line, signer string) {
	talk := plainText{cmd.ErrOrStderr()}
	fmt.Fprintf(talk, "%s\n", t)
	given, changes := p.proof.Approvals.OfTarget(t, content)
	if r, ok := t.Entity.(*model.Release); ok {
		fmt.Fprintf(talk, "  %s\n", shownOf(p, r))
	}
	own := slices.IndexFunc(given, func(a *approval.Approval) bool { return a.Signer == signer })
	if own < 0 {
		for _, l := range content {
			fmt.Fprintf(talk, "  %s: %s\n", l.Path, l.Value)
		}
		return
	}
	last := given[own]
	fmt.Fprintf(talk, "  %s by %s (%s) on %s; since then:\n", last.Meaning, last.Name, last.Role, last.Signed.Format(time.DateOnly))
	for _, c := range changes[own] {
		fmt.Fprintf(talk, "  %s\n", changeWords(c))
	}
	if len(changes[own]) == 0 {
		fmt.Fprintln(talk, "  nothing changed")
	}
}

// shownOf says what evidence shows of a release, to whoever is about to release it.
func shownOf(p *proven, r *model.Release) string {
	j := evidence.Judge(p.file, p.proof.Evidence, r, p.today)
	count := map[evidence.State]int{}
	for _, v := range p.file.Verifications {
		count[j.Of(v).State]++
	}
	text := fmt.Sprintf("evidence: %d of %s passed", count[evidence.Passed], amount(len(p.file.Verifications), "verification"))
	for _, s := range evidence.States() {
		if s != evidence.Passed && count[s] > 0 {
			text += fmt.Sprintf(", %d %s", count[s], s.Words())
		}
	}
	return text
}

// changeWords is a change with its values in full.
func changeWords(c approval.Change) string {
	return c.Words(func(value string) string { return value })
}

// approve signs and keeps an approval.
func (p *proven) approve(cmd *cobra.Command, key trust.Signer, t approval.Target, a *approval.Predicate, flags approveFlags) error {
	payload, err := approval.Encode(a)
	if err != nil {
		return err
	}
	done, err := flags.sign.seal(cmd.Context(), payload, key)
	if err != nil {
		return err
	}
	name := approval.PathOf(a, payload)
	if err := keepSigned(p.root, name, done); err != nil {
		return err
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s %s by %s (%s): %s\n", t, a.Meaning, a.Name, a.Role, filepath.ToSlash(filepath.Join(p.dir, name)))
	return err
}

func newApprovals() *cobra.Command {
	var flags struct {
		judge  judgeFlags
		role   string
		signer string
		all    bool
	}
	cmd := &cobra.Command{
		Use:   "approvals [DIR]",
		Short: "list what waits for a signature",
		Long: `Approvals is the inbox of those who sign: what the policy wants approved and nobody
has, what changed since it was, and what was signed by somebody who may not. With --as
only what waits for that role, with --signer only what that signer may sign, with --all
also what is approved.

Exit status: 0 nothing waits, 1 something does, 2 the run failed.`,
		Example: `  theriac approvals pump --as "Head of risk"
  theriac approvals pump --all --format json`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := flags.judge.open(cmd, args)
			if err != nil {
				return err
			}
			defer p.close()
			roles, err := rolesOf(p, flags.role, flags.signer)
			if err != nil {
				return err
			}
			needs, err := approval.Needs(p.file, p.proof.Approvals, p.files())
			if err != nil {
				return err
			}
			needs = slices.DeleteFunc(needs, func(n *approval.Need) bool {
				return !flags.all && n.State == approval.Given || roles != nil && !slices.ContainsFunc(n.Roles, func(r string) bool { return slices.Contains(roles, r) })
			})
			return listNeeds(cmd, needs, flags.judge.format)
		},
	}
	flags.judge.add(cmd)
	f := cmd.Flags()
	_ = f.MarkHidden("release")
	f.StringVar(&flags.role, "as", "", "only what waits for this `role`")
	f.StringVar(&flags.signer, "signer", "", "only what the signer with this `id` may sign")
	f.BoolVar(&flags.all, "all", false, "list what is approved as well")
	return cmd
}

// rolesOf are the roles for which the inbox is; nil for all.
func rolesOf(p *proven, role, signer string) ([]string, error) {
	switch {
	case signer != "":
		s, ok := p.file.Lookup(signer).(*model.Signer)
		if !ok {
			return nil, unknownName("signer", signer, idsOf(p.file.Signers))
		}
		return append([]string{}, s.Roles...), nil
	case role != "":
		return []string{role}, knownRole(p.file, role)
	}
	return nil, nil
}

// knownRole complains about a role that nobody holds and no approval asks for: the
// inbox of a misspelt role would always be empty.
func knownRole(file *model.File, role string) error {
	var roles []string
	for _, s := range file.Signers {
		roles = append(roles, s.Roles...)
	}
	if file.Policy != nil {
		for _, line := range file.Policy.Approvals {
			roles = append(roles, line.Roles...)
		}
	}
	slices.Sort(roles)
	if roles = slices.Compact(roles); slices.Contains(roles, role) {
		return nil
	}
	return unknownValue("role", role, roles)
}

// needJSON is the form of docs/formats/approvals-json.md.
type needJSON struct {
	Of       model.Approvable `json:"of"`
	ID       string           `json:"id"`
	Meaning  model.Meaning    `json:"meaning"`
	Roles    []string         `json:"roles"`
	State    approval.State   `json:"state"`
	Approval string           `json:"approval,omitempty"` // path of the newest
	Signer   string           `json:"signer,omitempty"`
	Signed   string           `json:"signed,omitempty"`
	Changes  []seenJSON       `json:"changes,omitempty"`
	Refused  []string         `json:"refused,omitempty"`
}

type seenJSON struct {
	Path string `json:"path"`
	Was  string `json:"was"`
	Is   string `json:"is"`
}

func needOut(n *approval.Need) needJSON {
	out := needJSON{Of: n.Of, ID: n.ID, Meaning: n.Meaning, Roles: n.Roles, State: n.State}
	if n.By != nil {
		out.Approval, out.Signer, out.Signed = n.By.Path, n.By.Signer, n.By.Signed.Format(time.RFC3339)
		out.Refused = slices.Concat(n.By.Damage, n.By.Refused)
	}
	for _, c := range n.Changes {
		out.Changes = append(out.Changes, seenJSON(c))
	}
	return out
}

func listNeeds(cmd *cobra.Command, needs []*approval.Need, format string) error {
	open := slices.ContainsFunc(needs, func(n *approval.Need) bool { return n.State != approval.Given })
	if format == "json" {
		list := []needJSON{}
		for _, n := range needs {
			list = append(list, needOut(n))
		}
		if err := writeJSON(cmd.OutOrStdout(), list); err != nil {
			return err
		}
	} else if err := needLines(cmd, needs); err != nil {
		return err
	}
	if open {
		return errFindings
	}
	return nil
}

func needLines(cmd *cobra.Command, needs []*approval.Need) error {
	w := tabwriter.NewWriter(plainText{cmd.OutOrStdout()}, 0, 0, 2, ' ', 0)
	for _, n := range needs {
		note := ""
		switch {
		case n.State == approval.Given:
			note = fmt.Sprintf("%s, %s", n.By.Name, n.By.Signed.Format(time.DateOnly))
		case n.State == approval.Refused:
			note = strings.Join(slices.Concat(n.By.Damage, n.By.Refused), "; ")
		case len(n.Changes) > 0:
			note = changeWords(n.Changes[0])
			if len(n.Changes) > 1 {
				note += fmt.Sprintf("; and %d more", len(n.Changes)-1)
			}
		}
		row(w, string(n.State), n.Target.String(), string(n.Meaning), strings.Join(n.Roles, " or "), note)
	}
	if len(needs) == 0 {
		fmt.Fprintln(cmd.ErrOrStderr(), "nothing waits for a signature")
	}
	return w.Flush()
}
