package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"theriac/edit"
	"theriac/model"
	"theriac/threat"
)

// addThreats adds the derived threats that no threat answers to a file of the
// security file: the one named, else the one that holds most threats. Where the
// security file would not be sound with them, or not hold them, nothing changes.
func addThreats(ctx context.Context, talk io.Writer, d *derivation, dir string, flags deriveFlags) error {
	var added []edit.Entity
	for _, group := range groups(d.Threats, flags.each) {
		added = append(added, entry(group, d.file))
	}
	if len(added) == 0 {
		fmt.Fprintln(talk, "nothing to add: a threat answers each derived threat")
		return nil
	}
	to := flags.to
	if to == "" {
		to = homeOfThreats(d.file, dir)
	}
	if err := appendTo(ctx, d.file, dir, to, added); err != nil {
		return err
	}
	fmt.Fprintf(talk, "%s added to %s\n", amount(len(added), "threat"), filepath.ToSlash(filepath.Join(dir, to)))
	return nil
}

// groups are the derived threats that nothing answers, those of one pattern
// together, or each by itself. A base question is left out where a pattern of the
// same category fires on the same element: what answers that answers it as well.
func groups(threats []*threat.Derived, each bool) [][]*threat.Derived {
	type cell struct {
		element  model.Element
		category model.ThreatCategory
	}
	specific := map[cell]bool{}
	for _, t := range threats {
		if t.Status == threat.Open && !t.Pattern.Base() {
			specific[cell{t.Element, t.Pattern.Category}] = true
		}
	}
	var all [][]*threat.Derived
	at := map[*threat.Pattern]int{}
	for _, t := range threats {
		if t.Status != threat.Open || !each && t.Pattern.Base() && specific[cell{t.Element, t.Pattern.Category}] {
			continue
		}
		if i, known := at[t.Pattern]; known && !each {
			all[i] = append(all[i], t)
			continue
		}
		at[t.Pattern] = len(all)
		all = append(all, []*threat.Derived{t})
	}
	return all
}

// entry is what a pattern derives of one or several elements, as an entry of the
// security file.
func entry(group []*threat.Derived, f *model.File) edit.Entity {
	p := group[0].Pattern
	var targets, assets []string
	for _, t := range group {
		targets = append(targets, model.Of(t.Element).ID)
		for _, id := range idsOf(t.Assets()) {
			if !slices.Contains(assets, id) {
				assets = append(assets, id)
			}
		}
	}
	body := edit.Map{
		{Name: "title", Value: edit.Text(entryTitle(group))},
		{Name: "category", Value: edit.Text(p.Category)},
		{Name: "targets", Value: edit.Texts(targets...)},
	}
	if len(assets) > 0 {
		body = append(body, edit.Field{Name: "assets", Value: edit.Texts(assets...)})
	}
	if p.Agent != "" {
		body = append(body, edit.Field{Name: "agent", Value: edit.Text(p.Agent)})
	}
	body = append(body, edit.Field{Name: "description", Value: edit.Text(p.How)})
	if len(p.References) > 0 {
		body = append(body, edit.Field{Name: "references", Value: edit.Texts(p.References...)})
	}
	return edit.Entity{ID: entryID(group, f), Body: append(body, edit.Field{Name: "patterns", Value: edit.Texts(p.ID)})}
}

// entryTitle says what happens, and to what where that is one thing.
func entryTitle(group []*threat.Derived) string {
	title := group[0].Pattern.Title
	if len(group) > 1 {
		return title
	}
	return title + ": " + titleOf(group[0].Element)
}

// maxID is the length of ids; see model.IDPattern.
const maxID = 64

// entryID is the id of the derived threat, or of the pattern where it stands for
// several; shortened where it is too long, and changed where it is taken.
func entryID(group []*threat.Derived, f *model.File) string {
	id := group[0].ID()
	if len(group) > 1 && f.Lookup(group[0].Pattern.ID) == nil {
		id = group[0].Pattern.ID
	}
	if len(id) <= maxID && f.Lookup(id) == nil {
		return id
	}
	sum := fmt.Sprintf("-%x", sha256.Sum256([]byte(id)))[:7]
	return id[:min(len(id), maxID-len(sum))] + sum
}

// homeOfThreats is the file, relative to dir, that holds most threats.
func homeOfThreats(f *model.File, dir string) string {
	best := f.Fullest(model.KindOf("threats"))
	if rel, err := filepath.Rel(dir, filepath.FromSlash(best)); best != "" && err == nil && filepath.IsLocal(rel) {
		return rel
	}
	return "threats.yaml"
}

// appendTo adds threats to a file below dir, which is made when it does not exist.
func appendTo(ctx context.Context, f *model.File, dir, name string, added []edit.Entity) error {
	if !model.IsYAML(name) || !filepath.IsLocal(name) {
		return fmt.Errorf("%s is no .yaml file below the security file", name)
	}
	w, err := newRewrite(ctx, f, dir)
	if err != nil {
		return err
	}
	defer w.close()
	doc, err := w.open(filepath.Join(dir, name))
	if err == nil {
		err = doc.Append("threats", added...)
	}
	if err != nil {
		return fmt.Errorf("add to %s: %w", name, err)
	}
	return w.apply(ctx, func() error {
		again, _, err := load(ctx, []string{dir})
		if err == nil && again.Lookup(added[0].ID) == nil {
			err = fmt.Errorf("%s does not belong to the security file: it is ignored, or lies in a library or another security file", name)
		}
		return err
	})
}
