package sheet

import (
	"fmt"
	"path/filepath"
	"slices"

	"theriac/edit"
	"theriac/model"
)

// Edit makes the changes of the plan in the files of the security file. open
// returns the file with the path, the same one each time; the file may be a new
// one. The files are only to be written when there is no error.
func (p *Plan) Edit(f *model.File, open func(path string) (*edit.Doc, error)) error {
	for _, e := range p.Changed {
		doc, err := open(model.Of(e.Of).Here().Path())
		if err != nil {
			return err
		}
		if err := e.change(doc); err != nil {
			return err
		}
	}
	for _, e := range p.Removed {
		doc, err := open(model.Of(e).Here().Path())
		if err == nil {
			err = doc.Remove(model.Of(e).ID)
		}
		if err != nil {
			return err
		}
	}
	return p.append(f, open)
}

func (e *Entity) change(doc *edit.Doc) error {
	for _, f := range e.Fields {
		var err error
		if f.New.Empty() {
			err = doc.Remove(e.ID, f.Column.Path...)
		} else {
			err = doc.Set(e.ID, f.Column.Path, f.Column.edited(f.New))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Cell, err)
		}
	}
	return nil
}

// append adds the new entities, kind by kind.
func (p *Plan) append(f *model.File, open func(path string) (*edit.Doc, error)) error {
	for _, kind := range Kinds() {
		var added []edit.Entity
		for _, e := range p.New {
			if e.Kind.Name == kind {
				added = append(added, edit.Entity{ID: e.ID, Body: e.body()})
			}
		}
		if len(added) == 0 {
			continue
		}
		doc, err := open(home(f, kind))
		if err == nil {
			err = doc.Append(kind, added...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// body is a new entity as edit writes it.
func (e *Entity) body() edit.Map {
	var m edit.Map
	for _, f := range e.Fields {
		m = within(m, f.Column.Path, f.Column.edited(f.New))
	}
	return m
}

// within adds a value to a map at a path of names.
func within(m edit.Map, path []string, v edit.Value) edit.Map {
	if len(path) == 1 {
		return append(m, edit.Field{Name: path[0], Value: v})
	}
	i := slices.IndexFunc(m, func(f edit.Field) bool { return f.Name == path[0] })
	if i < 0 {
		return append(m, edit.Field{Name: path[0], Value: within(nil, path[1:], v)})
	}
	inner, _ := m[i].Value.(edit.Map)
	m[i].Value = within(inner, path[1:], v)
	return m
}

// edited is a value as edit writes it.
func (c *Column) edited(v Value) edit.Value {
	if c.Shape == Text {
		return c.single(v.Items[0][0])
	}
	var list edit.List
	for _, item := range v.Items {
		if c.Shape == List {
			list = append(list, c.single(item[0]))
			continue
		}
		var m edit.Map
		for i, text := range item {
			if text != "" {
				m = append(m, edit.Field{Name: c.parts[i].Name, Value: c.parts[i].single(text)})
			}
		}
		list = append(list, m)
	}
	return list
}

func (c *Column) single(text string) edit.Value {
	if c.answer() {
		return edit.Bool(text == "true")
	}
	return edit.Text(text)
}

// home is the path of the file for new entities of a kind: the one that holds
// most of the kind, else most of the kinds that stand beside it, else a new one.
func home(f *model.File, kind string) string {
	kinds := []string{kind}
	for range 2 {
		if path := f.Fullest(kindsNamed(kinds)...); path != "" {
			return path
		}
		kinds = beside(kind)
	}
	return filepath.ToSlash(filepath.Join(f.Dir(), kind+".yaml"))
}

// beside are the kinds that teams keep together.
func beside(kind string) []string {
	safety := []string{"hazards", "situations", "harms"}
	if slices.Contains(safety, kind) {
		return safety
	}
	return nil
}

func kindsNamed(names []string) []*model.Kind {
	var kinds []*model.Kind
	for _, name := range names {
		kinds = append(kinds, model.KindOf(name))
	}
	return kinds
}
