package edit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"theriac/diag"
	"theriac/format"
	"theriac/syntax"
)

// What an edit may fail for.
var (
	ErrNotFound = errors.New("not in the file")
	ErrExists   = errors.New("already in the file")
	ErrShape    = errors.New("of another shape")
	ErrValue    = errors.New("cannot be written")
	ErrRefused  = errors.New("edit: refusing to write")
)

// InvalidError says that a text is not one that package syntax reads in full.
type InvalidError struct{ Findings diag.List }

func (e *InvalidError) Error() string {
	f := e.Findings[0]
	s := fmt.Sprintf("%s: %s", f.Span, f.Message)
	if n := len(e.Findings) - 1; n > 0 {
		s += fmt.Sprintf(" (and %d more)", n)
	}
	return s
}

// Order gives the canonical order of the keys of the mapping at a path of keys,
// or nil where it is the author's. A top-level key with an order is a
// singleton; the others are kinds with entities. It is the order that
// format.Source takes.
type Order func(path []string) []string

// Doc is one YAML file of a security file.
type Doc struct {
	path   string
	order  Order
	text   text
	want   Map     // what the text must say
	places []place // where the entities stand; nil when that must be read again
}

// File reads a file for editing. Its path is for messages. A nil order keeps
// every order and knows no singletons.
func File(path string, data []byte, order Order) (*Doc, error) {
	root, _, findings := syntax.Parse(path, data)
	if len(findings) > 0 {
		findings.Sort()
		return nil, &InvalidError{findings}
	}
	if order == nil {
		order = func([]string) []string { return nil }
	}
	d := &Doc{path: path, order: order, text: newText(data)}
	if _, err := format.Read(d.text.src); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	d.want, _ = parsed(root).(Map)
	return d, nil
}

// Bytes returns the file with all edits. It reads the whole result again before.
func (d *Doc) Bytes() ([]byte, error) {
	out := d.text.bytes()
	if err := holds(d.path, out, d.want); err != nil {
		return nil, err
	}
	return out, nil
}

// holds reports a text that does not say what it should.
func holds(name string, data []byte, want Map) error {
	root, _, findings := syntax.Parse(name, data)
	if len(findings) > 0 {
		findings.Sort()
		kind := ErrRefused
		if findings[0].Code == syntax.CodeLimit {
			kind = ErrValue
		}
		return fmt.Errorf("%w: %w", kind, &InvalidError{findings})
	}
	if !same(parsed(root), want) {
		return fmt.Errorf("%w: %s would say something else", ErrRefused, name)
	}
	return nil
}

// Has reports whether an entity or singleton is in the file.
func (d *Doc) Has(id string) bool {
	_, err := d.find(id)
	return err == nil
}

// Get returns the value at a path inside an entity, and whether there is one.
// What stands on its own is Text, whatever it looks like.
func (d *Doc) Get(id string, path ...string) (Value, bool) {
	p, err := d.find(id)
	if err != nil {
		return nil, false
	}
	return get(d.want, slices.Concat(p.keys, path))
}

// Append adds entities at the end of a kind. Many at once are faster than one by
// one, since each call reads the whole file.
func (d *Doc) Append(kind string, entities ...Entity) error {
	var body Map
	for _, e := range entities {
		body = append(body, Field{e.ID, e.Body})
	}
	if len(body) == 0 {
		return nil
	}
	err := d.mayAppend(kind, body)
	if err == nil {
		old, _ := d.want.Get(kind)
		entries, _ := old.(Map)
		want := with(d.want, kind, slices.Concat(entries, body))
		err = d.edit(d.whole(), want, once(func(e editor) []splice { return e.appendTo(kind, body) }))
	}
	if err != nil {
		return fmt.Errorf("append to %s: %w", kind, err)
	}
	return nil
}

func (d *Doc) mayAppend(kind string, body Map) error {
	if d.order([]string{kind}) != nil {
		return fmt.Errorf("%w: it has fields, not entities", ErrShape)
	}
	if err := valid(Map{{kind, body}}, 0); err != nil {
		return err
	}
	for _, f := range body {
		if m, _ := f.Value.(Map); len(m) == 0 {
			return fmt.Errorf("%w: %s has no fields", ErrValue, f.Name)
		}
		if _, err := d.find(f.Name); !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("%s is %w", f.Name, ErrExists)
		}
	}
	if old, _ := d.want.Get(kind); old != nil {
		if _, ok := old.(Map); !ok {
			return fmt.Errorf("%w: it holds %s", ErrShape, describe(old))
		}
	}
	return nil
}

// Set gives the field at a path inside an entity a value. Fields that are
// missing on the path are added; a number on the path picks an item of a list,
// from 0. With an empty path it sets the whole body of the entity.
func (d *Doc) Set(id string, path []string, v Value) error {
	p, err := d.find(id)
	if err == nil {
		err = d.set(p, path, v)
	}
	if err != nil {
		return fmt.Errorf("set %s: %w", strings.Join(append([]string{id}, path...), "."), err)
	}
	return nil
}

func (d *Doc) set(p place, path []string, v Value) error {
	if m, ok := v.(Map); len(path) == 0 && (!ok || len(m) == 0) {
		return fmt.Errorf("%w: an entity needs fields", ErrValue)
	}
	steps := slices.Concat(p.keys, path)
	if err := valid(v, len(steps)); err != nil {
		return err
	}
	want, err := assign(d.want, steps, v)
	if err != nil {
		return err
	}
	now, ok := get(d.want, steps)
	if ok && same(now, v) {
		return nil
	}
	steps = steps[len(p.above):]
	return d.edit(p, want.(Map), func(e editor) []splice { return e.set(steps, v) })
}

// Remove takes the field at a path inside an entity away; with an empty path,
// the entity. What is not there cannot be removed.
func (d *Doc) Remove(id string, path ...string) error {
	p, err := d.find(id)
	if err == nil {
		err = d.remove(p, path)
	}
	if err != nil {
		return fmt.Errorf("remove %s: %w", strings.Join(append([]string{id}, path...), "."), err)
	}
	return nil
}

func (d *Doc) remove(p place, path []string) error {
	steps := slices.Concat(p.keys, path)
	if _, ok := get(d.want, steps); !ok {
		return ErrNotFound
	}
	for len(steps) > len(p.keys) {
		if parent, _ := get(d.want, steps[:len(steps)-1]); size(parent) > 1 {
			break
		}
		steps = steps[:len(steps)-1]
	}
	if len(path) > 0 && len(steps) == len(p.keys) {
		return fmt.Errorf("%w: it is the only field; remove the entity instead", ErrShape)
	}
	want := drop(d.want, steps).(Map)
	if len(path) == 0 {
		if kind, _ := want.Get(steps[0]); len(p.above) > 0 && size(kind) == 0 {
			want = with(want, steps[0], nil) // the heading stays
		}
		p = d.whole().of(p)
	}
	steps = steps[len(p.above):]
	return d.edit(p, want, once(func(e editor) []splice { return e.remove(steps) }))
}

// once makes a step that is done in one go.
func once(step func(editor) []splice) func(editor) []splice {
	return func(e editor) []splice {
		if e.done > 0 {
			return nil
		}
		return step(e)
	}
}

// maxSteps is far more than any edit takes: one for each field or item that
// differs.
const maxSteps = 10_000

// edit changes the text at a place step by step, until a step finds nothing
// more to do, and holds the result against what it must say.
func (d *Doc) edit(p place, want Map, next func(editor) []splice) error {
	err := d.try(p, want, next, false)
	if errors.Is(err, ErrRefused) {
		// A comment that stands far to the right would become part of a block
		// scalar above it.
		err = d.try(p, want, next, true)
	}
	return err
}

func (d *Doc) try(p place, want Map, next func(editor) []splice, lines bool) error {
	t, end := d.text, p.end
	var before []string
	for n := 0; ; n++ {
		if n > maxSteps {
			return fmt.Errorf("%w: no end after %d steps", ErrRefused, n)
		}
		l, err := format.Read(t.src[p.start:end])
		switch {
		case errors.Is(err, format.ErrTooLarge):
			return fmt.Errorf("%w: %w", ErrValue, err)
		case err != nil:
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		if n == 0 {
			before = comments(l)
		}
		splices := next(editor{l, d.order, p.above, n, lines})
		if len(splices) == 0 {
			if !slices.Equal(before, comments(l)) {
				return fmt.Errorf("%w: comments would change", ErrRefused)
			}
			break
		}
		for _, s := range slices.Backward(splices) {
			t = t.with(splice{p.start + s.start, p.start + s.end, s.text})
			end += len(s.text) - (s.end - s.start)
		}
	}
	if err := holds(d.path, t.src[p.start:end], p.part(want)); err != nil {
		return err
	}
	d.commit(p, t, want)
	return nil
}

// comments are the texts of all comments, sorted.
func comments(l *format.Layout) []string {
	var list []string
	for _, c := range l.Comments {
		list = append(list, string(l.Text[c.Start:c.End]))
	}
	slices.Sort(list)
	return list
}
