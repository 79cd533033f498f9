package bundle

import (
	"fmt"
	"slices"
	"strings"

	"theriac/approval"
	"theriac/model"
)

// target names something that can be approved.
type target struct {
	of model.Approvable
	id string
}

// subject is something that can be approved, as the bundle has it.
type subject struct {
	approval.Target
	content []approval.Line
}

// allTargets finds what is approved in the bundle, with its present content.
func (x *auditor) allTargets() error {
	x.targets = map[target]subject{}
	for _, of := range model.Approvable("").Values() {
		list, err := approval.Targets(x.file, x.fsys, model.Approvable(of.Name))
		if err != nil {
			return err
		}
		for _, t := range list {
			if !x.approved(t) && t.Of != "roster" && t.Entity != model.Entity(x.release) {
				continue
			}
			content, err := approval.Content(x.file, x.fsys, t)
			if err != nil {
				return err
			}
			x.targets[target{t.Of, t.ID}] = subject{t, content}
		}
	}
	return nil
}

// approved tells whether there is any approval of a target.
func (x *auditor) approved(t approval.Target) bool {
	return slices.ContainsFunc(x.proof.Approvals.Approvals, func(a *approval.Approval) bool { return a.Readable && a.Of == t.Of && a.Predicate.ID == t.ID })
}

// state is what an approval is worth here, with the reasons where it is less than
// valid.
func (x *auditor) state(a *approval.Approval) (ApprovalState, []string) {
	switch {
	case len(a.Damage) > 0 || !a.Readable:
		return Damaged, a.Damage
	case len(a.Refused) > 0:
		return Refused, a.Refused
	}
	s, known := x.targets[target{a.Of, a.Predicate.ID}]
	if !known {
		return OfOther, []string{fmt.Sprintf("the bundle does not hold %s %s", a.Of, a.Predicate.ID)}
	}
	if changes := approval.Changes(a.Content, s.content); len(changes) > 0 {
		return Outdated, changeWords(changes)
	}
	return Valid, nil
}

// given lists the approvals of a target that are valid.
func (x *auditor) given(of model.Approvable, id string) (all []*approval.Approval) {
	for _, a := range x.proof.Approvals.Approvals {
		if a.Readable && a.Of == of && a.Predicate.ID == id {
			if state, _ := x.state(a); state == Valid {
				all = append(all, a)
			}
		}
	}
	return all
}

// changeWords says what changed since an approval, the first few.
func changeWords(list []approval.Change) (words []string) {
	for i, c := range list {
		if i == 5 {
			return append(words, fmt.Sprintf("and %d more", len(list)-i))
		}
		words = append(words, c.Words(cut))
	}
	return words
}

// cut brings a value onto one line, and shortens it.
func cut(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > 72 {
		return string(r[:71]) + "…"
	}
	return string(r)
}

// short is enough of a key id for people to compare.
func short(id string) string { return id[:min(len(id), 16)] }
