package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/diag"
)

func TestToday(t *testing.T) {
	now := time.Date(2026, 11, 23, 0, 30, 0, 0, time.FixedZone("east", 3600)) // a day behind in UTC
	for _, c := range []struct{ given, epoch, want, fault string }{
		{"", "", "2026-11-22", ""},
		{"", "0", "1970-01-01", ""},
		{"", "1798761600", "2027-01-01", ""},
		{"", "1798761599", "2026-12-31", ""},
		{"2024-02-29", "0", "2024-02-29", ""},
		{"2023-02-29", "", "", "--date"},
		{"", "-1", "", "SOURCE_DATE_EPOCH"},
		{"", "1e9", "", "SOURCE_DATE_EPOCH"},
		{"", "99999999999999999", "", "SOURCE_DATE_EPOCH"},
	} {
		got, err := today(c.given, c.epoch, now)
		if (err != nil) != (c.fault != "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%+v: error %v", c, err)
		}
		if err == nil && got.String() != c.want {
			t.Errorf("%+v: got %s", c, got)
		}
	}
}

func TestLimitOf(t *testing.T) {
	findings := diag.List{{Severity: diag.Open}}
	for name, worst := range map[string]bool{"error": false, "open": true, "warning": true, "note": true, "never": false} {
		limit, err := limitOf(name)
		if err != nil {
			t.Error(err)
		}
		if findings.Worst(limit) != worst {
			t.Errorf("an open question and the limit %s: got %v", name, !worst)
		}
	}
}

func TestScreenOf(t *testing.T) {
	for _, c := range []struct {
		when    string
		environ []string
		color   bool
	}{
		{"auto", []string{"TERM=xterm-256color"}, false}, // no terminal
		{"auto", []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1"}, true},
		{"auto", []string{"TERM=xterm-256color", "CLICOLOR_FORCE=1", "NO_COLOR=any"}, false},
		{"always", []string{"NO_COLOR=1"}, true},
		{"always", nil, true},
		{"never", []string{"CLICOLOR_FORCE=1"}, false},
	} {
		s, err := screenOf(c.when, io.Discard, c.environ)
		if err != nil {
			t.Fatal(err)
		}
		if s.color != c.color {
			t.Errorf("%s with %v: colour is %v", c.when, c.environ, s.color)
		}
	}
	if _, err := screenOf("sometimes", io.Discard, nil); err == nil {
		t.Error("an unknown value is accepted")
	}
}

const smallFile = `product:
  name: Example pump
  regulation: MDR
  class: IIb
roles:
  role-service:
    title: Service technician
    type: service
    shared: true
`

// place writes a security file into a new folder.
func place(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "theriac.yaml"), text)
	return dir
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestSchemas checks real reports, of small files and of the examples, against
// the schemas of their formats.
func TestSchemas(t *testing.T) {
	dirs := []string{place(t, smallFile), place(t, "zones: [\n"), place(t, "product:\n  name: x\n")}
	examples, err := filepath.Glob("../../examples/*/theriac.yaml")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, e := range examples {
		dirs = append(dirs, filepath.Dir(e))
	}
	for format, file := range map[string]string{"json": "../../docs/formats/check.schema.json", "sarif": "../../report/testdata/sarif-schema-2.1.0.json"} {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		schema, err := c.Compile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, dir := range dirs {
			status, out, talk := command(t, "check", dir, "--format", format, "--date", "2026-11-22")
			if status == exitFailed || talk != "" {
				t.Fatalf("%s: exit status %d: %s", dir, status, talk)
			}
			value, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
			if err == nil {
				err = schema.Validate(value)
			}
			if err != nil {
				t.Errorf("%s of %s: %v", format, dir, err)
			}
		}
	}
}

// TestJUnitAgrees: the JUnit report has failures exactly when the exit status
// says so, whatever the limit.
func TestJUnitAgrees(t *testing.T) {
	dir := place(t, smallFile)
	for _, only := range []string{"T4002", "T2301", "T0013"} {
		for _, limit := range limits {
			status, out, _ := command(t, "check", dir, "--format", "junit", "--only", only, "--fail-on", limit, "--date", "2026-11-22")
			if none := strings.Contains(out, ` failures="0" skipped=`) && !strings.Contains(out, "<failure"); none != (status == exitClean) {
				t.Errorf("%s, limit %s: exit status %d, report\n%s", only, limit, status, out)
			}
		}
	}
}

// TestSameBytes: the same input gives the same bytes, in every format.
func TestSameBytes(t *testing.T) {
	dir := place(t, smallFile)
	for _, format := range []string{"text", "json", "sarif", "github", "junit"} {
		_, first, _ := command(t, "check", dir, "--format", format, "--date", "2026-11-22")
		for range 3 {
			if _, again, _ := command(t, "check", dir, "--format", format, "--date", "2026-11-22"); again != first {
				t.Errorf("%s: two runs differ", format)
			}
		}
	}
}

// watched is a running `check --watch`.
type watched struct {
	t     *testing.T
	lines chan string
	done  chan int
	stop  context.CancelFunc
}

func watch(t *testing.T, dir string) *watched {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	read, out := io.Pipe()
	w := &watched{t: t, lines: make(chan string), done: make(chan int, 1), stop: stop}
	go func() {
		w.done <- execute(ctx, []string{"check", dir, "--watch", "--only", "T4002", "--format", "github"}, strings.NewReader(""), out, io.Discard)
		out.Close()
	}()
	go func() {
		defer close(w.lines)
		for s := bufio.NewScanner(read); s.Scan(); {
			w.lines <- s.Text()
		}
	}()
	return w
}

// expect waits for a report with a summary.
func (w *watched) expect(what, summary string) {
	w.t.Helper()
	for {
		select {
		case line, more := <-w.lines:
			if !more {
				w.t.Fatalf("%s: the watch ended without %q", what, summary)
			}
			if strings.HasPrefix(line, summary) {
				return
			}
		case <-time.After(20 * time.Second):
			w.t.Fatalf("%s: no report with %q", what, summary)
		}
	}
}

// end interrupts the watch.
func (w *watched) end() {
	w.t.Helper()
	w.stop()
	for range w.lines {
	}
	if status := <-w.done; status != exitClean {
		w.t.Errorf("exit status %d after the interruption", status)
	}
}

const sharedRole = "roles:\n  role-x:\n    title: X\n    type: user\n    shared: true\n"

// TestWatch: the report comes again after a change, also of a file in a new
// folder and of one that an editor replaces; a fault does not end the watch.
func TestWatch(t *testing.T) {
	dir := place(t, smallFile)
	root := filepath.Join(dir, "theriac.yaml")
	w := watch(t, dir)
	w.expect("at first", "1 error,")

	write(t, root+"~", strings.Replace(smallFile, "true", "false", 1))
	if err := os.Rename(root+"~", root); err != nil {
		t.Fatal(err)
	}
	w.expect("after a replacement", "0 errors,")

	if err := os.MkdirAll(filepath.Join(dir, "parts", "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "parts", "deep", "roles.yaml"), sharedRole)
	w.expect("after a file in a new folder", "1 error,")

	if err := os.Remove(root); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * debounce) // the failing round prints no result to wait for
	write(t, root, smallFile)
	w.expect("after the root file came back", "2 errors,")
	w.end()
}

// TestWatchLibrary: libraries are watched too, wherever the workspace has them.
func TestWatchLibrary(t *testing.T) {
	space := t.TempDir()
	write(t, filepath.Join(space, "theriac.workspace"), "")
	for _, dir := range []string{"pump", "common"} {
		if err := os.Mkdir(filepath.Join(space, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(space, "pump", "theriac.yaml"), smallFile+"imports:\n  im-shared:\n    path: ../common\n")
	write(t, filepath.Join(space, "common", "library.yaml"), "zones: {}\n")
	w := watch(t, filepath.Join(space, "pump"))
	w.expect("at first", "1 error,")
	write(t, filepath.Join(space, "common", "roles.yaml"), sharedRole)
	w.expect("after a change of the library", "2 errors,")
	w.end()
}

func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "report"), filepath.Join(dir, "link")
	write(t, target, "old")
	if err := os.Chmod(target, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("report", link); err != nil {
		t.Skip(err)
	}
	if err := writeFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(target)
	if err != nil || string(text) != "new" {
		t.Errorf("target holds %q, %v", text, err)
	}
	info, err := os.Lstat(target)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("something was left behind: %v, %v", entries, err)
	}
}
