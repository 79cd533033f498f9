package main

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"theriac/model"
)

// debounce is how long files must be quiet before they are checked again:
// editors and version control write several files at a time.
const debounce = 100 * time.Millisecond

// watch checks again whenever something below the folder changes, until the
// context ends. A check that fails is reported and waits for the next change.
func (c *checker) watch(ctx context.Context, talk io.Writer) error {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", c.dir, err)
	}
	defer watcher.Close()
	if err := follow(watcher, c.dir); err != nil {
		return fmt.Errorf("watch %s: %w", c.dir, err)
	}
	c.loaded = func(f *model.File) {
		for _, dir := range libraries(f) {
			_ = follow(watcher, dir) // one that is not there is a finding
		}
	}
	if err := c.round(ctx, talk); err != nil {
		return err // what cannot be checked even once is not worth waiting for
	}
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-watcher.Errors:
			fmt.Fprintln(talk, "theriac: watch:", oneLine(err.Error()))
			quiet.Reset(debounce) // events may have been lost
		case event := <-watcher.Events:
			if c.matters(event) {
				// A new folder has to be watched as well; one that is gone again is no fault.
				_ = follow(watcher, event.Name)
				quiet.Reset(debounce)
			}
		case <-quiet.C:
			if err := c.round(ctx, talk); err != nil {
				fmt.Fprintln(talk, "theriac:", oneLine(err.Error()))
			}
		}
	}
}

// round checks once, with a line on stderr that says when and how long.
func (c *checker) round(ctx context.Context, talk io.Writer) error {
	start := time.Now()
	_, err := c.once(ctx)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		return err
	}
	took := time.Since(start)
	fmt.Fprintf(talk, "--- %s: checked at %s in %s; waiting for changes (Ctrl-C stops)\n", c.dir, start.Format(time.TimeOnly), took.Round(time.Millisecond))
	return nil
}

// libraries lists the folders that a security file imports, directly or not.
func libraries(f *model.File) []string {
	var dirs []string
	for _, imp := range f.Imports {
		importer := filepath.Dir(filepath.FromSlash(imp.Here().Path()))
		dirs = append(dirs, filepath.Join(importer, filepath.FromSlash(imp.Path)))
	}
	return dirs
}

// follow watches a folder and all folders below it; anything else is left alone.
func follow(watcher *fsnotify.Watcher, dir string) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !d.IsDir():
			return nil
		case name != dir && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		}
		return watcher.Add(name)
	})
}

// matters leaves out changes that cannot change the result: of attributes, of
// hidden files, and of the report itself.
func (c *checker) matters(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod || strings.HasPrefix(filepath.Base(e.Name), ".") {
		return false
	}
	return c.output == "" || !same(c.output, e.Name)
}

// same reports whether two paths name one file.
func same(a, b string) bool {
	absA, errA := filepath.Abs(a)
	absB, errB := filepath.Abs(b)
	return errA == nil && errB == nil && absA == absB
}
