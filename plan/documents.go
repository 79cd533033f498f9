package plan

import (
	"slices"

	"theriac/change"
	"theriac/model"
	"theriac/trace"
)

// documents lists the documents that speak of what changed: by what their type
// describes as a whole, and by what names them or is named by them. A document that
// was approved with the edit is up to date.
func (p *Plan) documents() error {
	for _, d := range p.After.View.File.Documents {
		was, ok := p.Comparison.Earlier(d).(*model.Document)
		if !ok || d.Status == "planned" {
			continue
		}
		causes := p.documentCauses(was, d)
		again, err := p.approvedAgain(d)
		switch {
		case err != nil:
			return err
		case len(causes) == 0 || again:
			continue
		}
		p.say(Documents, Unsettles, Item{
			Kind: "documents", ID: d.ID, What: string(d.Type), Was: was.Status, Is: d.Status,
			Text: "it speaks of what changes: " + reason(causes), Because: causes,
		})
	}
	return nil
}

func (p *Plan) documentCauses(was, is *model.Document) []Cause {
	kinds := trace.Scope(is)
	var all []Cause
	for _, one := range p.Comparison.Changes {
		if slices.Contains(kinds, one.Kind.Name) || names(one, was, is) {
			all = append(all, changed(one)...)
		}
	}
	return append(all, p.ownCauses(is)...)
}

// ownCauses are what changes in the document itself, but for its status.
func (p *Plan) ownCauses(d *model.Document) []Cause {
	return slices.DeleteFunc(changed(p.Comparison.Of(d)), func(c Cause) bool { return c.Field == "status" })
}

// names tells whether an entity that changed names a document, on either side. What
// approves it or excuses a finding about it is not told in it.
func names(one *change.Change, was, is *model.Document) bool {
	switch one.Kind.Name {
	case "documents", "approvals", "waivers":
		return false
	}
	return one.Before != nil && slices.Contains(model.Users[model.Entity](was), one.Before) ||
		one.After != nil && slices.Contains(model.Users[model.Entity](is), one.After)
}

// approvedAgain tells whether somebody put the document in force as it is now, which
// nobody had before.
func (p *Plan) approvedAgain(d *model.Document) (bool, error) {
	for _, a := range p.After.Proof.Approvals.Approvals {
		if a.Of != "documents" || a.Predicate.ID != d.ID || a.Meaning == "reviewed" || !a.Counts() || at(p.Before, a.Path) != nil {
			continue
		}
		if changes, there, err := since(p.After, a); err != nil || there && len(changes) == 0 {
			return err == nil, err
		}
	}
	return false, nil
}
