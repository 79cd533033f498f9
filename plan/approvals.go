package plan

import (
	"fmt"
	"slices"
	"strings"

	"theriac/approval"
	"theriac/change"
	"theriac/model"
)

// approvals compares the approvals that the policy asks for, and those that were
// given without being asked for.
func (p *Plan) approvals() error {
	was, err := p.Before.Proof.Needs(p.Before.View.File)
	if err != nil {
		return err
	}
	is, err := p.After.Proof.Needs(p.After.View.File)
	if err != nil {
		return err
	}
	earlier, later := needsByName(was), needsByName(is)
	for _, n := range is {
		p.need(earlier[nameOf(n)], n)
	}
	for _, n := range was {
		if later[nameOf(n)] == nil {
			p.gone(n)
		}
	}
	return p.unasked(was)
}

// needName tells needs apart, also two signatures with one meaning.
type needName struct {
	of    model.Approvable
	id    string
	as    model.Meaning
	roles string
}

func nameOf(n *approval.Need) needName {
	return needName{n.Of, n.ID, n.Meaning, strings.Join(n.Roles, " or ")}
}

func needsByName(list []*approval.Need) map[needName]*approval.Need {
	m := map[needName]*approval.Need{}
	for _, n := range list {
		m[nameOf(n)] = n
	}
	return m
}

// need compares one need of the later side with what it was; was is nil where
// nothing was asked for.
func (p *Plan) need(was, is *approval.Need) {
	i := itemOf(is.Target, is.Meaning, string(is.State))
	if was != nil {
		i.Was = string(was.State)
	}
	given := was != nil && was.State == approval.Given
	switch {
	case given == (is.State == approval.Given) && was != nil:
		return
	case is.State == approval.Given:
		i.Path, i.Text = is.By.Path, fmt.Sprintf("signed by %s as %s", is.By.Name, is.By.Role)
		if was != nil {
			i.Because = p.contentCauses(is.Target, was.Changes)
		}
		p.say(Approvals, Settles, i)
		return
	case given:
		i.Path = was.By.Path
	}
	i.Text, i.Because = p.openNeed(was, is)
	p.say(Approvals, Unsettles, i)
}

func itemOf(t approval.Target, as model.Meaning, state string) Item {
	i := Item{Kind: string(t.Of), ID: t.ID, What: string(as), Is: state}
	if t.Entity != nil {
		i.Kind = model.Of(t.Entity).Kind().Name
	}
	return i
}

// openNeed says why a need is not given.
func (p *Plan) openNeed(was, is *approval.Need) (string, []Cause) {
	switch is.State {
	case approval.Stale:
		causes := p.contentCauses(is.Target, is.Changes)
		return "what was signed changes: " + reason(causes), causes
	case approval.Refused:
		return p.refused(is.By)
	}
	if was != nil && was.By != nil {
		if a := at(p.After, was.By.Path); a != nil {
			return p.refused(a)
		}
		return was.By.Path + " is not there any more", []Cause{{What: was.By.Path + " is gone"}}
	}
	causes := p.dueCauses(is)
	return strings.TrimSuffix(fmt.Sprintf("a signature as %s is asked for, since %s", strings.Join(is.Roles, " or "), reason(causes)), ", since "), causes
}

// dueCauses says why something is to be approved that was not before.
func (p *Plan) dueCauses(n *approval.Need) []Cause {
	var causes []Cause
	if n.Entity != nil {
		causes = changed(p.Comparison.Of(n.Entity), "status", "acceptance")
	}
	if len(causes) == 0 {
		causes = changed(p.policyChange(), "approvals")
	}
	return causes
}

// refused says why a signature that was given does not count.
func (p *Plan) refused(a *approval.Approval) (string, []Cause) {
	text := strings.Join(slices.Concat(a.Damage, a.Refused), "; ")
	if s, ok := p.After.View.File.Lookup(a.Signer).(*model.Signer); ok && a.Readable {
		if causes := changed(p.Comparison.Of(s)); len(causes) > 0 {
			return text, causes
		}
		return text, []Cause{causeOf(s, text)}
	}
	if s, ok := p.Before.View.File.Lookup(a.Signer).(*model.Signer); ok && a.Readable {
		return text, changed(p.Comparison.Of(s))
	}
	return text, []Cause{{What: a.Path + ": " + text}}
}

// gone tells of a need that the later side does not have.
func (p *Plan) gone(n *approval.Need) {
	i := itemOf(n.Target, n.Meaning, "")
	i.Was, i.Is = string(n.State), "gone"
	i.Text, i.Because = p.notAsked(n)
	if n.State != approval.Given {
		p.say(Approvals, Settles, i)
		return
	}
	i.Path = n.By.Path
	p.say(Approvals, Unsettles, i)
}

// notAsked says why an approval is not asked for any more.
func (p *Plan) notAsked(n *approval.Need) (string, []Cause) {
	one := p.Comparison.Of(n.Entity)
	switch {
	case n.Entity != nil && p.Comparison.Later(n.Entity) == nil:
		return "what was signed is removed", changed(one)
	case n.Entity != nil && one != nil && model.Of(one.After).ID != n.ID:
		return "what was signed has another id", changed(one)[:1]
	case n.Entity != nil && len(changed(one, "status", "acceptance")) > 0:
		causes := changed(one, "status", "acceptance")
		return "it is not asked for any more, since " + reason(causes), causes
	}
	causes := changed(p.policyChange(), "approvals")
	if len(causes) == 0 {
		return "what was signed is removed", []Cause{{Kind: string(n.Of), ID: n.ID, What: "removed"}}
	}
	return "the policy does not ask for it any more", causes
}

// contentCauses are the entities and fields behind changes of what was signed.
func (p *Plan) contentCauses(t approval.Target, changes []approval.Change) []Cause {
	var all []Cause
	for _, c := range changes {
		all = append(all, p.contentCause(t, c)...)
	}
	return all
}

// contentCause reads the path of a line as package approval writes it: the field of
// what is approved, or a word and the name of something that it rests on.
func (p *Plan) contentCause(t approval.Target, c approval.Change) []Cause {
	own := Cause{Kind: string(t.Of), ID: t.ID, Field: c.Path, Was: some(c.Was), Is: some(c.Is)}
	if t.Entity != nil {
		own.Kind = model.Of(t.Entity).Kind().Name
	}
	word, name, two := strings.Cut(c.Path, " ")
	if !two || t.Of != "risks" && t.Of != "roster" {
		return []Cause{own}
	}
	id := name
	if t.Of == "roster" {
		if id = word; word == "policy" {
			return []Cause{{Kind: "policy", ID: "policy", Field: name, Was: own.Was, Is: own.Is}}
		}
	}
	e := p.lookup(id)
	if e == nil {
		return []Cause{own}
	}
	if t.Of == "roster" {
		cause := causeOf(e, "")
		cause.Field, cause.Was, cause.Is = name, own.Was, own.Is
		return []Cause{cause}
	}
	if causes := changed(p.Comparison.Of(e)); len(causes) > 0 {
		return causes
	}
	return []Cause{own} // it now rests on something else, which did not change
}

func some(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// lookup finds an entity of either side.
func (p *Plan) lookup(id string) model.Entity {
	if e := p.After.View.File.Lookup(id); e != nil {
		return e
	}
	return p.Before.View.File.Lookup(id)
}

// unasked compares the approvals that count and that the policy did not ask for.
func (p *Plan) unasked(asked []*approval.Need) error {
	for _, a := range p.Before.Proof.Approvals.Approvals {
		if !a.Counts() || slices.ContainsFunc(asked, func(n *approval.Need) bool { return answers(a, n) }) {
			continue
		}
		stands, err := p.standing(a)
		if err != nil {
			return err
		}
		if stands {
			if err := p.voluntary(a); err != nil {
				return err
			}
		}
	}
	return nil
}

// answers tells whether an approval is one that a need asks for.
func answers(a *approval.Approval, n *approval.Need) bool {
	return a.Of == n.Of && a.Predicate.ID == n.ID && a.Meaning == n.Meaning && slices.Contains(n.Roles, a.Role)
}

// standing tells whether what somebody signed was so before the edit.
func (p *Plan) standing(a *approval.Approval) (bool, error) {
	changes, there, err := since(p.Before, a)
	return there && len(changes) == 0, err
}

// since lists what changed on a side since an approval, and whether what was
// approved is there at all.
func since(s *Side, a *approval.Approval) (changes []approval.Change, there bool, err error) {
	if s.Proof.Files == nil {
		return nil, false, nil
	}
	targets, err := approval.Targets(s.View.File, s.Proof.Files, a.Of)
	if err != nil {
		return nil, false, err
	}
	at := slices.IndexFunc(targets, func(t approval.Target) bool { return t.ID == a.Predicate.ID })
	if at < 0 {
		return nil, false, nil
	}
	content, err := approval.Content(s.View.File, s.Proof.Files, targets[at])
	return approval.Changes(a.Content, content), true, err
}

// voluntary says what the edit does to an approval that nobody asked for.
func (p *Plan) voluntary(a *approval.Approval) error {
	i := Item{Kind: string(a.Of), ID: a.Predicate.ID, What: string(a.Meaning), Path: a.Path, Was: string(approval.Given)}
	changes, there, err := since(p.After, a)
	if err != nil {
		return err
	}
	target := approval.Target{Of: a.Of, ID: a.Predicate.ID, Entity: p.lookup(a.Predicate.ID)}
	if a.Of == "roster" || a.Of == "baselines" {
		target.Entity = nil
	}
	switch now := at(p.After, a.Path); {
	case now == nil:
		i.Is, i.Text, i.Because = "gone", a.Path+" is not there any more", []Cause{{What: a.Path + " is gone"}}
	case !now.Counts():
		i.Is = string(approval.Refused)
		i.Text, i.Because = p.refused(now)
	case !there:
		i.Is, i.Text = "gone", "what was signed is removed"
		if i.Because = changed(p.Comparison.Of(target.Entity)); len(i.Because) == 0 {
			i.Because = []Cause{{Kind: i.Kind, ID: i.ID, What: "removed"}}
		}
	case len(changes) > 0:
		i.Is, i.Because = string(approval.Stale), p.contentCauses(target, changes)
		i.Text = "what was signed changes: " + reason(i.Because)
	default:
		return nil
	}
	p.say(Approvals, Unsettles, i)
	return nil
}

// at is the approval in a file of a side; nil where there is none.
func at(s *Side, path string) *approval.Approval {
	all := s.Proof.Approvals.Approvals
	if i := slices.IndexFunc(all, func(a *approval.Approval) bool { return a.Path == path }); i >= 0 {
		return all[i]
	}
	return nil
}

// policyChange is the change of the policy, or nil.
func (p *Plan) policyChange() *change.Change {
	for _, s := range []*Side{p.After, p.Before} {
		if s.View.File.Policy != nil {
			return p.Comparison.Of(s.View.File.Policy)
		}
	}
	return nil
}
