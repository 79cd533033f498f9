package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"

	"theriac/edit"
	"theriac/model"
	"theriac/threat"
)

// addThreats adds the derived threats that no threat answers to a file of the
// security file: the one named, else the one that holds most threats. Where the
// security file would not be sound with them, or not hold them, nothing changes.
func addThreats(ctx context.Context, talk io.Writer, d *derivation, dir, to string) error {
	var added []edit.Entity
	for _, t := range d.Threats {
		if t.Status == threat.Open {
			added = append(added, entry(t, d.file))
		}
	}
	if len(added) == 0 {
		fmt.Fprintln(talk, "nothing to add: a threat answers each derived threat")
		return nil
	}
	if to == "" {
		to = homeOfThreats(d.file, dir)
	}
	if err := appendTo(ctx, d.file, dir, to, added); err != nil {
		return err
	}
	fmt.Fprintf(talk, "%s added to %s\n", amount(len(added), "threat"), filepath.ToSlash(filepath.Join(dir, to)))
	return nil
}

// entry is a derived threat as an entry of the security file.
func entry(t *threat.Derived, f *model.File) edit.Entity {
	p := t.Pattern
	body := edit.Map{
		{Name: "title", Value: edit.Text(entryTitle(t))},
		{Name: "category", Value: edit.Text(p.Category)},
		{Name: "targets", Value: edit.Texts(model.Of(t.Element).ID)},
	}
	if assets := idsOf(t.Assets()); len(assets) > 0 {
		body = append(body, edit.Field{Name: "assets", Value: edit.Texts(assets...)})
	}
	if p.Agent != "" {
		body = append(body, edit.Field{Name: "agent", Value: edit.Text(p.Agent)})
	}
	body = append(body, edit.Field{Name: "description", Value: edit.Text(p.How)})
	if len(p.References) > 0 {
		body = append(body, edit.Field{Name: "references", Value: edit.Texts(p.References...)})
	}
	return edit.Entity{ID: entryID(t, f), Body: append(body, edit.Field{Name: "patterns", Value: edit.Texts(p.ID)})}
}

// entryTitle says what happens to what.
func entryTitle(t *threat.Derived) string {
	if title := model.Of(t.Element).Title; title != "" {
		return t.Pattern.Title + ": " + title
	}
	return t.Pattern.Title + ": " + model.Of(t.Element).ID
}

// maxID is the length of ids; see model.IDPattern.
const maxID = 64

// entryID is the id of the derived threat, shortened where it is too long or
// taken by something else.
func entryID(t *threat.Derived, f *model.File) string {
	id := t.ID()
	if len(id) <= maxID && f.Lookup(id) == nil {
		return id
	}
	sum := fmt.Sprintf("-%x", sha256.Sum256([]byte(id)))[:7]
	return id[:min(len(id), maxID-len(sum))] + sum
}

// homeOfThreats is the file, relative to dir, that holds most threats.
func homeOfThreats(f *model.File, dir string) string {
	count := map[string]int{}
	for _, t := range f.Threats {
		if path := t.Here().Path(); t.From() == "" {
			count[path]++
		}
	}
	best := ""
	for path, n := range count {
		if best == "" || n > count[best] || n == count[best] && path < best {
			best = path
		}
	}
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
