package plan

import (
	"fmt"
	"slices"

	"theriac/change"
	"theriac/evidence"
	"theriac/model"
)

// claim is a piece of evidence for a verification.
type claim struct{ piece, item string }

// claims are the verdicts of a judgement by what they claim. Two files may hold the
// same statement; the one that counts speaks for both.
func claims(j *evidence.Judgement) map[claim]*evidence.Verdict {
	m := map[claim]*evidence.Verdict{}
	for _, v := range j.Verdicts {
		key := claim{v.Piece.ID, v.Item}
		if was := m[key]; was == nil || !was.Counts() {
			m[key] = v
		}
	}
	return m
}

// deciding lists the verdicts that decide, by verification in the order of the
// file.
func deciding(s *Side) []*evidence.Verdict {
	var all []*evidence.Verdict
	for _, v := range s.View.File.Verifications {
		all = append(all, s.judged.Of(v).Deciding...)
	}
	return all
}

// evidence compares what pieces of evidence are worth.
func (p *Plan) evidence() {
	was, is := claims(p.Before.judged), claims(p.After.judged)
	for _, v := range deciding(p.Before) {
		now := is[claim{v.Piece.ID, v.Item}]
		if now != nil && now.Counts() && now.State == v.State || p.repeated(v) {
			continue
		}
		p.lost(v, now)
	}
	for _, v := range deciding(p.After) {
		then := was[claim{v.Piece.ID, v.Item}]
		if then == nil || !then.Counts() {
			p.won(v, then)
		}
	}
}

// repeated tells whether evidence of the same kind, that is newer and was not there
// before, decides now.
func (p *Plan) repeated(old *evidence.Verdict) bool {
	v := p.verification(old.Item)
	if v == nil {
		return false
	}
	return slices.ContainsFunc(p.After.judged.Of(v).Deciding, func(d *evidence.Verdict) bool {
		a, b := d.Piece.Statement, old.Piece.Statement
		return a.Kind == b.Kind && a.Finished.After(b.Finished) && p.Before.Proof.Evidence.Find(d.Piece.Path) == nil
	})
}

func evidenceItem(v *evidence.Verdict) Item {
	return Item{Kind: "verifications", ID: v.Item, What: v.Piece.ID, Path: v.Piece.Path}
}

// lost tells of a piece that counts, and would not or would say something worse.
func (p *Plan) lost(was, is *evidence.Verdict) {
	i := evidenceItem(was)
	i.Was = string(was.State)
	i.Requirements = p.turned(was.Item, p.Before, p.After)
	effect := Unsettles
	switch {
	case p.verification(was.Item) == nil:
		i.Is, i.Because = "gone", changed(p.Comparison.Of(was.Of))
		i.Text = "the verification is not there any more: " + reason(i.Because)
	case is == nil:
		i.Is, i.Text, i.Because = p.vanished(was.Piece)
	case is.State == evidence.Passed:
		i.Is, effect = string(is.State), Settles
		i.Text, i.Because = "what spoke against it stands under an accepted risk", changed(p.Comparison.Of(is.Of))
		i.Requirements = p.turned(is.Item, p.After, p.Before)
	default:
		i.Is = string(is.State)
		i.Text, i.Because = p.reasons(is)
	}
	p.say(Evidence, effect, i)
}

// verification is one of the later side; nil where there is none of that id.
func (p *Plan) verification(id string) *model.Verification {
	v, _ := p.After.View.File.Lookup(id).(*model.Verification)
	return v
}

// vanished tells of a piece of which the later side has no verdict: the file is
// gone, or holds something else.
func (p *Plan) vanished(piece *evidence.Piece) (is, text string, because []Cause) {
	for _, v := range p.After.judged.Verdicts {
		if v.Piece.Path == piece.Path && v.State != evidence.Passed {
			text, because = p.reasons(v)
			return string(v.State), text, because
		}
	}
	return "gone", piece.Path + " is not there any more", []Cause{{What: piece.Path + " is gone"}}
}

// won tells of a piece that begins to count.
func (p *Plan) won(is, was *evidence.Verdict) {
	i := evidenceItem(is)
	i.Is, i.Path = string(is.State), is.Piece.Path
	i.Requirements = p.turned(is.Item, p.After, p.Before)
	if was == nil {
		i.Text = "new, of " + model.DateOf(is.Piece.Statement.Finished).String()
	} else {
		i.Was, i.Text = string(was.State), "what spoke against it is settled"
		_, i.Because = p.reasons(was)
	}
	effect := Settles
	if is.State == evidence.Failed {
		effect = Unsettles
		i.Text, i.Because = p.reasons(is)
	}
	p.say(Evidence, effect, i)
}

// turned lists the requirements of a verification that one side shows to be met and
// the other does not.
func (p *Plan) turned(verification string, met, open *Side) []string {
	v, ok := met.View.File.Lookup(verification).(*model.Verification)
	if !ok {
		return nil
	}
	var ids []string
	for r := range model.Targets(v.Verifies) {
		other, there := open.View.File.Lookup(r.ID).(*model.Requirement)
		if met.judged.Requirement(r) == evidence.Passed && there && open.judged.Requirement(other) != evidence.Passed {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// reasons are why a verdict is what it is, in one line, and the changes behind it.
func (p *Plan) reasons(v *evidence.Verdict) (text string, all []Cause) {
	var messages []string
	for _, r := range v.Reasons {
		messages = append(messages, r.Message)
		all = joined(all, p.behind(v, r))
	}
	return few(messages, 2), all
}

// behind are the changes behind one reason: those of the entity to which it points,
// else those of the policy, else the reason itself.
func (p *Plan) behind(v *evidence.Verdict, r evidence.Reason) []Cause {
	var causes []Cause
	switch r.State {
	case evidence.WrongRelease:
		causes = p.releaseCauses()
	case evidence.Stale, evidence.OutOfScope, evidence.Failed, evidence.Inconclusive:
		if r.Entity != nil {
			causes = changed(p.Comparison.Of(r.Entity), p.fields(r.Entity)...)
		}
		if len(causes) == 0 && v.Of != nil {
			causes = changed(p.Comparison.Of(v.Of), "verifies", "covers", "method", "deviations")
		}
	case evidence.Untrusted:
		if causes = p.signerCauses(v, r); len(causes) == 0 {
			causes = changed(p.policyChange(), "evidence")
		}
	}
	switch {
	case len(causes) > 0:
		return causes
	case r.Entity != nil:
		return []Cause{causeOf(r.Entity, r.Message)}
	}
	return []Cause{{What: v.Piece.Path + ": " + r.Message}}
}

// fields are those of an entity that evidence rests on and that differ; nil, which
// means all, where evidence rests on none of them.
func (p *Plan) fields(e model.Entity) []string {
	one := p.Comparison.Of(e)
	if one == nil || one.Status() != change.Changed {
		return nil
	}
	return evidence.BasisOf(one.Before).Changed(evidence.BasisOf(one.After))
}

// releaseCauses say why another release is judged, or one with other artefacts.
func (p *Plan) releaseCauses() []Cause {
	was, is := p.Before.Release, p.After.Release
	switch {
	case is == nil:
		if was == nil {
			return nil
		}
		return changed(p.Comparison.Of(was))
	case was == nil || was.ID != is.ID:
		return []Cause{causeOf(is, fmt.Sprintf("release %s is judged now", is.Version))}
	}
	return changed(p.Comparison.Of(is), "version", "artefacts", "commit", "frozen")
}

// signerCauses are the changes of whoever signed a piece.
func (p *Plan) signerCauses(v *evidence.Verdict, r evidence.Reason) []Cause {
	if r.Entity != nil {
		return changed(p.Comparison.Of(r.Entity))
	}
	var all []Cause
	piece := p.Before.Proof.Evidence.Find(v.Piece.Path)
	if piece == nil {
		return nil
	}
	for _, s := range piece.Signed {
		all = append(all, changed(p.Comparison.Of(s.By.Signer))...)
	}
	return all
}

// requirements compares how requirements stand.
func (p *Plan) requirements() {
	by := p.unsettledBy()
	for _, r := range p.After.View.File.Requirements {
		is := p.After.judged.Requirement(r)
		i := Item{Kind: "requirements", ID: r.ID, Is: string(is)}
		was, before := p.Comparison.Earlier(r).(*model.Requirement)
		if before {
			i.Was = string(p.Before.judged.Requirement(was))
		}
		switch {
		case is == evidence.Passed && i.Was != string(evidence.Passed):
			i.Text = "every verification of it passed"
			p.say(Requirements, Settles, i)
		case is != evidence.Passed && (!before || i.Was == string(evidence.Passed)):
			i.Text, i.Because = p.openReason(r, by)
			p.say(Requirements, Unsettles, i)
		}
	}
}

// openReason says which verifications of a requirement are open, and what unsettled
// their evidence.
func (p *Plan) openReason(r *model.Requirement, by map[string][]Cause) (string, []Cause) {
	var open []string
	var all []Cause
	for _, v := range model.Users[*model.Verification](r, "verifies") {
		if state := p.After.judged.Of(v).State; state != evidence.Passed {
			open = append(open, v.ID+" is "+string(state))
			if causes := by[v.ID]; len(causes) > 0 {
				all = joined(all, causes)
			} else {
				all = append(all, causeOf(v, "is "+string(state)))
			}
		}
	}
	if len(open) == 0 {
		return "no verification of it", append(changed(p.Comparison.Of(r)), causeOf(r, "no verification of it"))
	}
	return few(open, 4), all
}

// unsettledBy are the causes that unsettle evidence, by verification.
func (p *Plan) unsettledBy() map[string][]Cause {
	by := map[string][]Cause{}
	for _, i := range p.In(Evidence, Unsettles) {
		by[i.ID] = joined(by[i.ID], i.Because)
	}
	return by
}
