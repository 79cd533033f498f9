package main

import (
	"context"
	"os"
	"slices"
	"time"

	"theriac/approval"
	"theriac/change"
	"theriac/model"
	"theriac/trust"
)

// signed tells both views which documents somebody approved: before the edit ever,
// after it as they are then.
func (d *difference) signed(ctx context.Context, before, after *change.View) error {
	if len(after.File.Signers) == 0 {
		return nil
	}
	day, err := today("", os.Getenv("SOURCE_DATE_EPOCH"), time.Now())
	if err != nil {
		return err
	}
	if after.Approved, err = approvedIn(ctx, d.after, after.File, day, true); err != nil {
		return err
	}
	if d.before.Manifest == nil {
		before.Approved, err = approvedIn(ctx, d.before, before.File, day, false)
		return err
	}
	// A baseline holds no approvals: those that were signed by its day are of before.
	all, err := approvedIn(ctx, d.after, after.File, day, false)
	if err != nil {
		return err
	}
	frozen, err := model.ParseDate(d.before.Manifest.Date)
	before.Approved = slices.DeleteFunc(all, func(a change.Approved) bool { return frozen.Before(a.Date) })
	return err
}

// approvedIn lists the approvals that count and put documents in force; where they
// must be current, only those of documents as they are.
func approvedIn(ctx context.Context, s *change.State, file *model.File, day model.Date, current bool) ([]change.Approved, error) {
	fsys, err := s.Folder(ctx)
	if err != nil || fsys == nil {
		return nil, err
	}
	store, err := approval.Read(ctx, fsys, trust.NewRoster(file), day)
	if err != nil {
		return nil, err
	}
	targets, err := approval.Targets(file, fsys, "documents")
	if err != nil {
		return nil, err
	}
	var all []change.Approved
	for _, t := range targets {
		content, err := approval.Content(file, fsys, t)
		if err != nil {
			return nil, err
		}
		given, changes := store.OfTarget(t, content)
		for i, a := range given {
			if a.Meaning != "reviewed" && (!current || len(changes[i]) == 0) {
				all = append(all, change.Approved{ID: a.ID, Document: t.ID, Date: model.DateOf(a.Signed)})
			}
		}
	}
	return all, nil
}
