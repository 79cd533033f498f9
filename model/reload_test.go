package model

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestReloadSameSize: a change that leaves size and time of a file as they were
// is seen: one right after the file was read, and one by replacing the file.
func TestReloadSameSize(t *testing.T) {
	const one, two = "zones:\n  z1: {title: One, trust: device}\n", "zones:\n  z1: {title: Two, trust: device}\n"
	for name, tt := range map[string]struct {
		age    time.Duration
		change func(t *testing.T, name string)
	}{
		"written again at once": {0, func(t *testing.T, name string) { write(t, name, two) }},
		"replaced by another": {time.Hour, func(t *testing.T, name string) {
			write(t, name+".new", two)
			if err := os.Rename(name+".new", name); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := tree(t, map[string]string{"theriac.yaml": pump, "a.yaml": one})
			file := filepath.Join(dir, "a.yaml")
			modified := time.Now().Add(-tt.age)
			touch := func() {
				if err := os.Chtimes(file, modified, modified); err != nil {
					t.Fatal(err)
				}
			}
			touch()
			var l Loader
			if got := title(t, &l, dir); got != "One" {
				t.Fatalf("title is %q", got)
			}
			tt.change(t, file)
			touch()
			if got := title(t, &l, dir); got != "Two" {
				t.Errorf("title is %q after the change", got)
			}
		})
	}
}

// TestReloadKeeps: a file that has not changed for a while is not read again.
func TestReloadKeeps(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump, "a.yaml": "zones:\n  z1: {title: One, trust: device}\n"})
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "a.yaml"), old, old); err != nil {
		t.Fatal(err)
	}
	var l Loader
	title(t, &l, dir)
	before := l.cache[filepath.Join(dir, "a.yaml")]
	title(t, &l, dir)
	if l.cache[filepath.Join(dir, "a.yaml")] != before {
		t.Error("the file was read again")
	}
}

// TestReloadKinds: a file becomes a folder, and a folder a file.
func TestReloadKinds(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump, "a.yaml": "zones:\n  z1: {title: One, trust: device}\n"})
	var l Loader
	title(t, &l, dir)
	if err := os.Remove(filepath.Join(dir, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "a.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "a.yaml", "b.yaml"), "zones:\n  z1: {title: Inner, trust: device}\n")
	if got := title(t, &l, dir); got != "Inner" {
		t.Errorf("title is %q", got)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// title is that of the only zone.
func title(t *testing.T, l *Loader, dir string) string {
	t.Helper()
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) > 0 || len(file.Zones) != 1 {
		t.Fatal(err, says(dir, findings))
	}
	return file.Zones[0].Title
}
