package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"theriac/edit"
	"theriac/model"
	"theriac/triage"
)

// renewal notes for a decision what is known now. One that would still not hold is left
// as it is; where different things are known of its components, it becomes several.
func (d *decider) renewal(cmd *cobra.Command) error {
	old, err := d.toRenew()
	if err != nil {
		return err
	}
	taken, err := d.taken(cmd.Context())
	if err != nil {
		return err
	}
	var found []triage.Found
	for _, f := range d.found {
		if f.Decision == old {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return fmt.Errorf("%s is about nothing that was found; remove it where the vulnerability is gone", old.ID)
	}
	made := *old
	if d.expires != "" {
		if made.Expires, err = d.expiry(d.expires); err != nil {
			return err
		}
	}
	all := d.judge.Renew(&made, found, taken)
	for i := range all {
		one := &all[i].Decision
		for _, f := range all[i].Answers {
			if why := d.judge.Holds(one, f.Release, f.Finding); len(why) > 0 {
				return fmt.Errorf("%s would still not hold for %s in %s: %s", one.ID, f.Finding.ID, f.Finding.Component, why[0].Text)
			}
		}
	}
	if err := d.print(cmd.OutOrStdout(), all); err != nil {
		return err
	}
	if d.preview {
		return errFindings
	}
	return d.renewIn(cmd, old, all)
}

// toRenew is the decision that was looked at again.
func (d *decider) toRenew() (*model.Decision, error) {
	old, ok := d.file.Lookup(d.renew).(*model.Decision)
	switch {
	case !ok:
		var ids []string
		for _, one := range d.file.Decisions {
			ids = append(ids, one.ID)
		}
		return nil, unknownName("decision", d.renew, ids)
	case old.From() != "":
		return nil, fmt.Errorf("%s belongs to the library %s; change it there", old.ID, old.From())
	}
	return old, nil
}

// renewIn enters renewed decisions: the first in the place of the old one, the others
// behind those of its file.
func (d *decider) renewIn(cmd *cobra.Command, old *model.Decision, all []triage.Proposal) error {
	_, err := rewritten(cmd.Context(), d.file, d.dir, func(w *rewrite) error {
		doc, err := w.open(old.Here().Path())
		if err != nil {
			return err
		}
		before, ok := doc.Get(old.ID)
		body, isMap := before.(edit.Map)
		if !ok || !isMap {
			return fmt.Errorf("%s is not written as fields", old.ID)
		}
		var added []edit.Entity
		for i := range all[1:] {
			one := &all[1+i].Decision
			added = append(added, edit.Entity{ID: one.ID, Body: renewedBody(body, old, one)})
		}
		if err := setChanged(doc, old.ID, body, renewedBody(body, old, &all[0].Decision)); err != nil || len(added) == 0 {
			return err
		}
		return doc.Append("decisions", added...)
	}, all[len(all)-1].Decision.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s renewed\n", old.ID)
	if n := len(all) - 1; n > 0 {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s added beside it, since different things are known of what it is about\n", amount(n, "decision"))
	}
	return nil
}

// renewedBody is a decision as it was written, with what is new in it.
func renewedBody(written edit.Map, old, now *model.Decision) edit.Map {
	fields := edit.Map{{Name: "date", Value: edit.Text(now.Date.String())}}
	if now.Since != old.Since {
		fields = append(fields, edit.Field{Name: "since", Value: edit.Text(now.Since.String())})
	}
	if now.Expires != old.Expires {
		fields = append(fields, edit.Field{Name: "expires", Value: edit.Text(now.Expires.String())})
	}
	if now.Vulnerability != old.Vulnerability {
		fields = append(fields, edit.Field{Name: "vulnerability", Value: edit.Text(now.Vulnerability)})
	}
	if !slices.Equal(now.Vulnerabilities, old.Vulnerabilities) {
		fields = append(fields, edit.Field{Name: "vulnerabilities", Value: edit.Texts(now.Vulnerabilities...)})
	}
	if !slices.Equal(now.Packages, old.Packages) {
		fields = append(fields, edit.Field{Name: "packages", Value: edit.Texts(now.Packages...)})
	}
	if known := knownBody(now.Known); len(known) > 0 {
		fields = append(fields, edit.Field{Name: "known", Value: known})
	}
	body := slices.Clone(written)
	for _, f := range fields {
		if at := slices.IndexFunc(body, func(o edit.Field) bool { return o.Name == f.Name }); at >= 0 {
			body[at] = f
		} else {
			body = append(body, f)
		}
	}
	return slices.DeleteFunc(body, func(f edit.Field) bool { list, isList := f.Value.(edit.List); return isList && len(list) == 0 })
}

// setChanged carries over what differs between two bodies of an entity.
func setChanged(doc *edit.Doc, id string, before, after edit.Map) error {
	for _, f := range after {
		if err := doc.Set(id, []string{f.Name}, f.Value); err != nil {
			return err
		}
	}
	for _, f := range before {
		if _, stays := after.Get(f.Name); !stays {
			if err := doc.Remove(id, f.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
