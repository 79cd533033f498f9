package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"theriac/edit"
	"theriac/model"
	"theriac/threat"
)

// addThreats adds the derived threats that no threat answers to a file of the
// security file: the one named, else the one that holds most threats.
func addThreats(talk io.Writer, d *derivation, dir, to string) error {
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
	if err := appendTo(dir, to, added); err != nil {
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
	var assets []string
	for _, a := range t.Assets(f) {
		assets = append(assets, a.ID)
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

// appendTo adds entities to a file below dir, which is made when it does not
// exist.
func appendTo(dir, name string, added []edit.Entity) error {
	if !model.IsYAML(name) || !filepath.IsLocal(name) {
		return fmt.Errorf("%s is no .yaml file below the security file", name)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	data, err := root.ReadFile(name)
	fresh := os.IsNotExist(err)
	if err != nil && !fresh {
		return err
	}
	doc, err := edit.File(name, data, model.FieldOrder)
	if err != nil {
		return err
	}
	if err := doc.Append("threats", added...); err != nil {
		return fmt.Errorf("add to %s: %w", name, err)
	}
	text, err := doc.Bytes()
	if err != nil {
		return err
	}
	if fresh {
		if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return createIn(root, name, text, newMode)
	}
	info, err := root.Stat(name)
	if err != nil {
		return err
	}
	return replaceIn(root, name, text, info.Mode().Perm())
}
