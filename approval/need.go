package approval

import (
	"io/fs"
	"slices"

	"theriac/model"
)

// State is how a required approval stands.
type State string

// The states.
const (
	Given   State = "given"
	Missing State = "missing"
	Stale   State = "stale"   // what was approved changed since
	Refused State = "refused" // there is one, and its signature does not count
)

// Need is an approval that the policy asks for.
type Need struct {
	Target
	Meaning model.Meaning
	Roles   []string
	Line    int // of policy.approvals
	State   State
	By      *Approval // the newest that speaks of it in one of the roles, if any
	Changes []Change  // since then
}

// Needs lists the approvals that the policy asks for, in its order, and how each
// stands. A document needs its approvals once it is called approved; a risk, once
// somebody accepted it; a release, once it is frozen; a case, once it names an
// advisory or a field safety corrective action.
func Needs(file *model.File, store *Store, fsys fs.FS) ([]*Need, error) {
	if file.Policy == nil {
		return nil, nil
	}
	var all []*Need
	for i, line := range file.Policy.Approvals {
		targets, err := Targets(file, fsys, line.Of)
		if err != nil {
			return nil, err
		}
		for _, t := range targets {
			if !due(t) {
				continue
			}
			n := &Need{Target: t, Meaning: line.Meaning, Roles: line.Roles, Line: i}
			if err := n.stand(file, store, fsys); err != nil {
				return nil, err
			}
			all = append(all, n)
		}
	}
	return all, nil
}

func due(t Target) bool {
	switch e := t.Entity.(type) {
	case *model.Document:
		return e.Status == "approved"
	case *model.Release:
		return len(e.Artefacts) > 0
	case *model.Risk:
		return e.Acceptance != (model.Acceptance{})
	case *model.Case:
		return e.Advisory != "" || e.FieldAction != (model.FieldAction{})
	}
	return true
}

func (n *Need) stand(file *model.File, store *Store, fsys fs.FS) error {
	content, err := Content(file, fsys, n.Target)
	if err != nil {
		return err
	}
	n.State = Missing
	for _, a := range store.newest(n.Target) {
		if a.Meaning != n.Meaning || !slices.Contains(n.Roles, a.Role) {
			continue
		}
		changes := Changes(a.Content, content)
		switch {
		case a.Counts() && len(changes) == 0:
			n.State, n.By, n.Changes = Given, a, nil
			return nil
		case n.By == nil || n.State == Refused && a.Counts():
			n.By, n.Changes, n.State = a, changes, Stale
			if !a.Counts() {
				n.State = Refused
			}
		}
	}
	return nil
}

// newest lists the approvals of a target, newest first.
func (s *Store) newest(t Target) []*Approval {
	var all []*Approval
	for _, a := range s.Approvals {
		if a.Readable && a.Of == t.Of && a.Predicate.ID == t.ID {
			all = append(all, a)
		}
	}
	slices.SortStableFunc(all, func(a, b *Approval) int { return b.Signed.Compare(a.Signed) })
	return all
}

// OfTarget lists the approvals of a target that count, newest first, each with
// what changed since.
func (s *Store) OfTarget(t Target, content []Line) (counting []*Approval, changes [][]Change) {
	for _, a := range s.newest(t) {
		if a.Counts() {
			counting, changes = append(counting, a), append(changes, Changes(a.Content, content))
		}
	}
	return counting, changes
}
