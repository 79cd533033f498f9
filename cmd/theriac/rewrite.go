package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"theriac/edit"
	"theriac/model"
)

// rewrite changes several files below a folder together.
type rewrite struct {
	root   *os.Root
	dir    string
	docs   map[string]*edit.Doc // by path below the folder
	before map[string][]byte    // nil for a new file
	sound  []string             // variants without faults of form before
}

func newRewrite(ctx context.Context, file *model.File, dir string) (*rewrite, error) {
	w := &rewrite{dir: dir, docs: map[string]*edit.Doc{}, before: map[string][]byte{}}
	for _, v := range file.Variants {
		err := soundVariant(ctx, dir, v.ID)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil {
			w.sound = append(w.sound, v.ID)
		}
	}
	var err error
	w.root, err = os.OpenRoot(dir)
	return w, err
}

// soundVariant complains about faults of form in a variant.
func soundVariant(ctx context.Context, dir, variant string) error {
	l := model.Loader{Variant: variant}
	file, findings, err := l.Load(ctx, dir)
	if err != nil {
		return err
	}
	return wellFormed(file, findings, dir+" --variant "+variant)
}

func (w *rewrite) close() error { return w.root.Close() }

// apply writes the files, calls verify, and looks at the variants, which may rest
// on what changed. Where anything fails, what stood in the files before is back,
// unless the error says otherwise.
func (w *rewrite) apply(ctx context.Context, verify func() error) error {
	if err := w.save(); err != nil {
		return errors.Join(err, w.restore())
	}
	err := verify()
	for _, v := range w.sound {
		if err == nil {
			err = soundVariant(ctx, w.dir, v)
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("nothing was changed: %w", err), w.restore())
	}
	return nil
}

// open returns the file with a path as the user would write it.
func (w *rewrite) open(path string) (*edit.Doc, error) {
	name, err := filepath.Rel(w.dir, filepath.FromSlash(path))
	if err != nil || !filepath.IsLocal(name) {
		return nil, fmt.Errorf("%s is not below %s", path, w.dir)
	}
	if doc := w.docs[name]; doc != nil {
		return doc, nil
	}
	data, err := w.root.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	doc, err := edit.File(path, data, model.FieldOrder)
	if err != nil {
		return nil, err
	}
	w.docs[name], w.before[name] = doc, data
	return doc, nil
}

func (w *rewrite) names() []string {
	var names []string
	for name := range w.docs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// save writes the files. Their texts are made before the first is written.
func (w *rewrite) save() error {
	texts := map[string][]byte{}
	for name, doc := range w.docs {
		var err error
		if texts[name], err = doc.Bytes(); err != nil {
			return err
		}
	}
	for _, name := range w.names() {
		if err := w.put(name, texts[name]); err != nil {
			return err
		}
	}
	return nil
}

func (w *rewrite) put(name string, text []byte) error {
	info, err := w.root.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := w.root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		return createIn(w.root, name, text, newMode)
	case err != nil:
		return err
	}
	return replaceIn(w.root, name, text, info.Mode().Perm())
}

// restore brings back what stood in the files.
func (w *rewrite) restore() error {
	var all error
	for _, name := range w.names() {
		var err error
		before := w.before[name]
		if now, unread := w.root.ReadFile(name); before != nil && unread == nil && bytes.Equal(now, before) {
			continue // it was not written
		}
		if before != nil {
			err = w.put(name, before)
		} else if err = w.root.Remove(name); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
		all = errors.Join(all, err)
	}
	return all
}
