package bundle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// evidence follows the link from the signers over the evidence to the
// requirements.
func (x *auditor) evidence() {
	var faults []string
	verdicts := map[*evidence.Piece][]*evidence.Verdict{}
	for _, v := range x.judged.Verdicts {
		verdicts[v.Piece] = append(verdicts[v.Piece], v)
	}
	bytes := int64(0)
	for _, p := range x.proof.Evidence.Pieces {
		line := evidenceLine(p, verdicts[p])
		x.report.Evidence = append(x.report.Evidence, line)
		bytes += line.InputBytes
		if why := spurious(p, verdicts[p]); why != "" {
			faults = append(faults, why)
		}
	}
	faults = append(faults, x.unmet()...)
	x.conclude(Evidenced, faults, "%s with %s of raw inputs; all %s", amount(len(x.proof.Evidence.Pieces), "statement"), Bytes(bytes), met(len(x.file.Requirements)))
}

func met(n int) string {
	if n == 1 {
		return "the 1 requirement is met"
	}
	return fmt.Sprintf("%d requirements are met", n)
}

// spurious says what is wrong with a statement that is not genuine.
func spurious(p *evidence.Piece, verdicts []*evidence.Verdict) string {
	for _, v := range verdicts {
		if v.State != evidence.Malformed && v.State != evidence.Untrusted {
			continue
		}
		what := ""
		if p.Statement != nil {
			what = fmt.Sprintf(" (%s for %s)", p.Statement.Kind, strings.Join(p.Statement.For, ", "))
		}
		return fmt.Sprintf("evidence %s%s is %s: %s", p.ID, what, stateOf(v.State), strings.Join(reasonsOf(v.Reasons), "; "))
	}
	return ""
}

// stateOf says a state.
func stateOf(s evidence.State) string {
	switch s {
	case evidence.Malformed:
		return "damaged or altered"
	case evidence.Untrusted:
		return "signed by nobody who may"
	case evidence.WrongRelease:
		return "of another release"
	case evidence.OutOfScope:
		return "out of scope"
	case evidence.Missing:
		return "without evidence"
	}
	return string(s)
}

// reasonsOf are the first few reasons.
func reasonsOf(list []evidence.Reason) []string {
	words := []string{}
	for i, r := range list {
		if i == 4 {
			return append(words, fmt.Sprintf("and %d more", len(list)-i))
		}
		words = append(words, r.Message)
	}
	return words
}

// unmet lists the verifications that did not pass, and requirements that nothing
// verifies.
func (x *auditor) unmet() (faults []string) {
	for _, v := range x.file.Verifications {
		if s := x.judged.Of(v); s.State != evidence.Passed {
			faults = append(faults, fmt.Sprintf("verification %s is %s%s", v.ID, stateOf(s.State), because(s))+open(v))
		}
	}
	for _, r := range x.file.Requirements {
		state := x.judged.Requirement(r)
		x.report.Requirements = append(x.report.Requirements, StateLine{r.ID, r.Title, state})
		if state != evidence.Passed && len(model.Users[*model.Verification](r, "verifies")) == 0 {
			faults = append(faults, fmt.Sprintf("requirement %s has no verification", r.ID))
		}
	}
	return faults
}

// open names the requirements that a verification leaves open.
func open(v *model.Verification) string {
	var ids []string
	for r := range model.Targets(v.Verifies) {
		ids = append(ids, model.Of(r).ID)
	}
	if len(ids) == 0 {
		return ""
	}
	return "; not shown to be met: " + strings.Join(ids, ", ")
}

// because is the reason of the evidence that comes nearest.
func because(s *evidence.Standing) string {
	for _, list := range [][]*evidence.Verdict{s.Deciding, s.Rejected} {
		for _, v := range list {
			if v.State == s.State && len(v.Reasons) > 0 {
				return fmt.Sprintf(" (evidence %s: %s)", v.Piece.ID, v.Reasons[0].Message)
			}
		}
	}
	if len(s.Unseen) > 0 {
		return fmt.Sprintf(" (nothing looked at %s)", model.Label(s.Unseen[0]))
	}
	return ""
}

func evidenceLine(p *evidence.Piece, verdicts []*evidence.Verdict) EvidenceLine {
	line := EvidenceLine{ID: p.ID, Path: p.Path, Signatures: []SignatureLine{}, For: []VerdictLine{}, Reasons: []string{}}
	if s := p.Statement; s != nil {
		line.Kind, line.Tool = s.Kind, strings.TrimSpace(s.Tool.Name+" "+s.Tool.Version)
		line.Finished, line.Recorded, line.Inputs = instant(s.Finished), instant(s.Recorded), len(s.Inputs)
		for _, in := range s.Inputs {
			line.InputBytes += in.Size
		}
	}
	for _, s := range p.Signed {
		line.Signatures = append(line.Signatures, SignatureLine{s.By.Signer.ID, s.By.Key.ID(), instant(s.Stamped)})
	}
	for _, v := range verdicts {
		if v.Item == "" {
			line.Reasons = append(line.Reasons, reasonsOf(v.Reasons)...)
			continue
		}
		entry := VerdictLine{Verification: v.Item, State: v.State, Reasons: reasonsOf(v.Reasons)}
		if v.Replaced != nil {
			entry.Replaced = v.Replaced.Piece.ID
		}
		line.For = append(line.For, entry)
	}
	return line
}

// Bytes is an amount of data for people.
func Bytes(n int64) string {
	switch {
	case n < 1000:
		return amount(int(n), "byte")
	case n < 1000*1000:
		return fmt.Sprintf("%.1f kB", float64(n)/1e3)
	case n < 1000*1000*1000:
		return fmt.Sprintf("%.1f MB", float64(n)/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}

// signers lists who signed what counts.
func (x *auditor) signers() {
	uses := map[*model.Signer]*SignerUse{}
	use := func(s *model.Signer, key string, at time.Time) *SignerUse {
		u := uses[s]
		if u == nil {
			u = &SignerUse{ID: s.ID, Name: s.Title, Type: string(s.Type), Organisation: s.Organisation, Keys: []string{}}
			uses[s] = u
		}
		if !slices.Contains(u.Keys, key) {
			u.Keys = append(u.Keys, key)
		}
		day := model.DateOf(at).String()
		if u.First == "" || day < u.First {
			u.First = day
		}
		u.Last = max(u.Last, day)
		return u
	}
	seen := map[*evidence.Piece]bool{}
	for _, v := range x.judged.Verdicts {
		for _, s := range v.By {
			if v.Counts() && !seen[v.Piece] {
				use(s.By.Signer, s.By.Key.ID(), v.Piece.Statement.Recorded).Statements++
			}
		}
		seen[v.Piece] = seen[v.Piece] || v.Counts()
	}
	for _, a := range x.proof.Approvals.Approvals {
		if a.Counts() {
			use(a.By.Signer, a.By.Key.ID(), a.Signed).Approvals++
		}
	}
	for _, u := range uses {
		slices.Sort(u.Keys)
		x.report.Signers = append(x.report.Signers, *u)
	}
	slices.SortFunc(x.report.Signers, func(a, b SignerUse) int { return cmp.Compare(a.ID, b.ID) })
}
