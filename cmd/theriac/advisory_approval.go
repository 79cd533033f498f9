package main

import (
	"context"
	"io/fs"

	"theriac/approval"
	"theriac/csaf"
	"theriac/document"
	"theriac/model"
	"theriac/trust"
)

// caseApproval is how the signed approvals of a case stand on a day: those that
// policy.approvals asks for of cases, or, where it asks for none, the newest that
// somebody gave to the case as it is.
func caseApproval(ctx context.Context, file *model.File, fsys fs.FS, c *model.Case, day model.Date) (csaf.Approval, error) {
	store, err := approval.Read(ctx, fsys, trust.NewRoster(file), day)
	if err != nil {
		return csaf.Approval{}, err
	}
	needs, err := approval.Needs(file, store, fsys)
	if err != nil {
		return csaf.Approval{}, err
	}
	asked := false
	var given, lacks []document.Saying
	for _, n := range needs {
		switch {
		case n.Of != "cases" || n.ID != c.ID:
			continue
		case n.State == approval.Given:
			given = append(given, approvedBy(n.By))
		default:
			lacks = append(lacks, document.Saying{Text: caseApprovalWords[n.State]})
		}
		asked = true
	}
	switch {
	case len(lacks) > 0:
		return csaf.Approval{Why: lacks}, nil
	case asked:
		return csaf.Approval{Given: true, Why: given}, nil
	}
	return voluntary(file, fsys, store, c)
}

// voluntary is the newest approval of a case of which the policy says nothing.
func voluntary(file *model.File, fsys fs.FS, store *approval.Store, c *model.Case) (csaf.Approval, error) {
	t := approval.Target{Of: "cases", ID: c.ID, Entity: c}
	content, err := approval.Content(file, fsys, t)
	if err != nil {
		return csaf.Approval{}, err
	}
	all, changes := store.OfTarget(t, content)
	for i, a := range all {
		if a.Meaning != "approved" && a.Meaning != "released" {
			continue
		}
		if len(changes[i]) > 0 {
			return csaf.Approval{Why: []document.Saying{{Text: caseApprovalWords[approval.Stale]}}}, nil
		}
		return csaf.Approval{Given: true, Why: []document.Saying{approvedBy(a)}}, nil
	}
	return csaf.Approval{}, nil
}

// approvedBy says who approved something, and when.
func approvedBy(a *approval.Approval) document.Saying {
	return document.Saying{Text: approvedWords[a.Meaning], Args: []any{a.Signed.Format("2006-01-02"), a.Name, a.Role}}
}

var approvedWords = map[model.Meaning]string{
	"reviewed": "reviewed on %s by %s, %s", "approved": "approved on %s by %s, %s", "released": "released on %s by %s, %s",
}

var caseApprovalWords = map[approval.State]string{
	approval.Missing: "an approval of the case is missing",
	approval.Stale:   "what was approved with the case changed since",
	approval.Refused: "an approval of the case does not count",
}
