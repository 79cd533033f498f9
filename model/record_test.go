package model

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// evidenceFile is a security file with one piece of evidence.
func evidenceFile(lines string) string {
	return "product: {name: Pump, regulation: MDR, class: IIb}\nevidence:\n  ev:\n    for: []\n" + lines
}

func digestOf(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

func place(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// recordOf loads a folder and tells what became of its only evidence.
func recordOf(t *testing.T, l *Loader, dir string) Record {
	t.Helper()
	f, _, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Evidence) != 1 {
		t.Fatalf("%d pieces of evidence", len(f.Evidence))
	}
	return f.Record(f.Evidence[0])
}

func TestRecord(t *testing.T) {
	same := "    digest: " + digestOf("passed\n") + "\n"
	for _, c := range []struct {
		name, lines string
		want        Record
	}{
		{"no file", "", RecordElsewhere},
		{"document number", "    file: TR-0101\n" + same, RecordElsewhere},
		{"path out of the folder", "    file: ../out.log\n" + same, RecordElsewhere},
		{"absolute path", "    file: /etc/hostname\n" + same, RecordElsewhere},
		{"the file", "    file: logs/a.log\n" + same, RecordSame},
		{"the file by a detour", "    file: logs/../logs/a.log\n" + same, RecordSame},
		{"another file", "    file: logs/b.log\n" + same, RecordChanged},
		{"no digest", "    file: logs/a.log\n", RecordPresent},
		{"no such file", "    file: logs/c.log\n" + same, RecordAbsent},
		{"folder", "    file: logs/\n" + same, RecordAbsent},
		{"link inside", "    file: logs/inside.log\n" + same, RecordSame},
		{"link to the outside", "    file: logs/outside.log\n" + same, RecordAbsent},
		{"folder that leads outside", "    file: logs/away/out.log\n" + same, RecordAbsent},
		{"large file", "    file: logs/large.bin\n" + same, RecordTooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			top := t.TempDir()
			dir := filepath.Join(top, "file")
			place(t, filepath.Join(dir, RootFile), evidenceFile(c.lines))
			place(t, filepath.Join(dir, "logs", "a.log"), "passed\n")
			place(t, filepath.Join(dir, "logs", "b.log"), "failed\n")
			place(t, filepath.Join(dir, "logs", "large.bin"), "")
			if err := os.Truncate(filepath.Join(dir, "logs", "large.bin"), maxRecord+1); err != nil {
				t.Skip("no sparse files here:", err)
			}
			place(t, filepath.Join(top, "out.log"), "passed\n")
			for name, target := range map[string]string{"inside.log": "a.log", "outside.log": "../../out.log", "away": "../.."} {
				if err := os.Symlink(target, filepath.Join(dir, "logs", name)); err != nil && runtime.GOOS != "windows" {
					t.Fatal(err)
				}
			}
			if got := recordOf(t, &Loader{}, dir); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

// TestRecordAgain: a loader that loads again sees what happened to a record,
// and reads it again only when its size or time has changed.
func TestRecordAgain(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a.log")
	place(t, filepath.Join(dir, RootFile), evidenceFile("    file: a.log\n    digest: "+digestOf("passed\n")+"\n"))
	place(t, name, "passed\n")
	settled := time.Now().Add(-time.Hour)
	if err := os.Chtimes(name, settled, settled); err != nil {
		t.Fatal(err)
	}
	var l Loader
	if got := recordOf(t, &l, dir); got != RecordSame {
		t.Fatalf("first: %d", got)
	}
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	place(t, name, "failed\n")
	if err := os.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if got := recordOf(t, &l, dir); got != RecordSame {
		t.Errorf("same size and time: %d; it was read again", got)
	}
	later := info.ModTime().Add(time.Second)
	if err := os.Chtimes(name, later, later); err != nil {
		t.Fatal(err)
	}
	if got := recordOf(t, &l, dir); got != RecordChanged {
		t.Errorf("changed: %d", got)
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if got := recordOf(t, &l, dir); got != RecordAbsent {
		t.Errorf("removed: %d", got)
	}
}

// TestRecordOfLibrary: a path counts from the folder that states it, also where
// the security file overrides evidence of a library.
func TestRecordOfLibrary(t *testing.T) {
	for _, c := range []struct {
		name, override string
		want           Record
	}{
		{"as imported", "", RecordSame},
		{"title overridden", "evidence:\n  ev: {override: clearer, title: Log}\n", RecordSame},
		{"path overridden", "evidence:\n  ev: {override: own record, file: own.log}\n", RecordSame},
		{"path of the library in the security file", "evidence:\n  ev: {override: own record, file: a.log}\n", RecordAbsent},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			place(t, filepath.Join(dir, RootFile), "product: {name: Pump, regulation: MDR, class: IIb}\nimports:\n  lib: {path: lib}\n"+c.override)
			place(t, filepath.Join(dir, "own.log"), "passed\n")
			place(t, filepath.Join(dir, "lib", LibraryFile), "evidence:\n  ev:\n    for: []\n    file: a.log\n    digest: "+digestOf("passed\n")+"\n")
			place(t, filepath.Join(dir, "lib", "a.log"), "passed\n")
			if got := recordOf(t, &Loader{}, dir); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

// TestRecordCancelled: a run that is cancelled does not wait for large records.
func TestRecordCancelled(t *testing.T) {
	dir := t.TempDir()
	place(t, filepath.Join(dir, "a.log"), "passed\n")
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := digest(ctx, root, "a.log"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
