package model

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"theriac/diag"
)

var wantMark = regexp.MustCompile(`# want (T\d{4}) (.*)$`)

// extract writes an archive to a folder and returns what its lines want, as
// "file:line code message".
func extract(t *testing.T, archive string) (dir string, want []string) {
	t.Helper()
	a, err := txtar.ParseFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir = t.TempDir()
	for _, f := range a.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o600); err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(f.Data), "\n") {
			if m := wantMark.FindStringSubmatch(line); m != nil {
				want = append(want, fmt.Sprintf("%s:%d %s %s", f.Name, i+1, m[1], m[2]))
			}
		}
	}
	return dir, want
}

func says(dir string, findings diag.List) []string {
	var out []string
	for _, f := range findings {
		rel, err := filepath.Rel(dir, f.Span.Path())
		if err != nil {
			rel = f.Span.Path()
		}
		out = append(out, fmt.Sprintf("%s:%d %s %s", filepath.ToSlash(rel), f.Span.Line, f.Code, f.Message))
	}
	return out
}

// TestLoad loads each archive of testdata. The comment of an archive may name
// the folder to load ("dir: a") and the variant ("variant: v").
func TestLoad(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			dir, want := extract(t, name)
			a, _ := txtar.ParseFile(name)
			l := Loader{Variant: setting(a, "variant")}
			_, findings, err := l.Load(t.Context(), filepath.Join(dir, setting(a, "dir")))
			if err != nil {
				t.Fatal(err)
			}
			got := says(dir, findings)
			slices.Sort(got)
			slices.Sort(want)
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for _, f := range findings {
				if f.Help == "" {
					t.Errorf("%s has no help", f.Message)
				}
			}
		})
	}
}

// setting reads a "key: value" line of an archive's comment.
func setting(a *txtar.Archive, key string) string {
	for _, line := range strings.Split(string(a.Comment), "\n") {
		if v, ok := strings.CutPrefix(line, key+": "); ok {
			return v
		}
	}
	return ""
}

func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const pump = "product:\n  name: Pump\n  regulation: MDR\n  class: IIb\n"

func TestLoadErrors(t *testing.T) {
	var l Loader
	if _, _, err := l.Load(t.Context(), filepath.Join(t.TempDir(), "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing folder: %v", err)
	}
	if _, _, err := l.Load(t.Context(), t.TempDir()); !errors.Is(err, ErrNoRoot) {
		t.Errorf("empty folder: %v", err)
	}
	dir := tree(t, map[string]string{"theriac.yaml": pump})
	if _, _, err := l.Load(t.Context(), filepath.Join(dir, "theriac.yaml")); err == nil || !strings.Contains(err.Error(), "not a folder") {
		t.Errorf("file instead of folder: %v", err)
	}
}

func TestSymlinks(t *testing.T) {
	outside := tree(t, map[string]string{"secret.yaml": "zones:\n  z1: {title: Stolen, trust: public}\n", "dir/a.yaml": "x: y\n"})
	dir := tree(t, map[string]string{"theriac.yaml": pump})
	for name, target := range map[string]string{"a.yaml": "secret.yaml", "folder": "dir", "dangling.yaml": "none"} {
		if err := os.Symlink(filepath.Join(outside, target), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	var l Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"a.yaml:1 T0104 symbolic link is not followed", "dangling.yaml:1 T0104 symbolic link is not followed",
		"folder:1 T0104 symbolic link is not followed",
	}
	if got := says(dir, findings); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if len(file.Zones) > 0 {
		t.Error("a file outside the folder was read")
	}
	if err := os.Remove(filepath.Join(dir, "theriac.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.yaml"), filepath.Join(dir, "theriac.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := l.Load(t.Context(), dir); err == nil {
		t.Error("theriac.yaml may not be a link")
	}
}

// TestImportThroughLink checks that a link inside the folder does not carry an
// import out of the workspace.
func TestImportThroughLink(t *testing.T) {
	outside := tree(t, map[string]string{"library.yaml": "zones:\n  z1: {title: Stolen, trust: public}\n"})
	dir := tree(t, map[string]string{"theriac.yaml": pump + "imports:\n  lib:\n    path: link\n"})
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	var l Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(says(dir, findings), "\n"); !strings.Contains(got, "T0101") || len(file.Zones) > 0 {
		t.Errorf("got %s", got)
	}
}

func TestHugeFileIsNotRead(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump})
	name := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 1<<30); err != nil {
		t.Fatal(err)
	}
	var l Loader
	_, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) != 1 || findings[0].Code != "T0010" {
		t.Errorf("%v %q", err, says(dir, findings))
	}
}

// TestReload checks that a Loader sees changes and keeps nothing stale.
func TestReload(t *testing.T) {
	dir := tree(t, map[string]string{
		"theriac.yaml": pump,
		"a.yaml":       "zones:\n  z1: {title: Zone, trust: device}\n",
		"b.yaml":       "components:\n  c1: {title: Part, type: firmware, zone: z1}\n",
	})
	var l Loader
	load := func() (*File, diag.List) {
		file, findings, err := l.Load(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return file, findings
	}
	file, findings := load()
	if len(findings) > 0 || file.Components[0].Zone.To != file.Zones[0] {
		t.Fatalf("first load: %q", says(dir, findings))
	}
	if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("zones:\n  z2: {title: Other, trust: device}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	file, findings = load()
	if got := says(dir, findings); len(got) != 1 || !strings.Contains(got[0], "T0013") {
		t.Errorf("after the change: %q", got)
	}
	if len(Users[*Component](file.Zones[0])) != 1 {
		t.Error("the misspelt reference should be taken as meant")
	}
	if err := os.Remove(filepath.Join(dir, "b.yaml")); err != nil {
		t.Fatal(err)
	}
	file, findings = load()
	if len(findings) > 0 || len(file.Components) > 0 || len(Users[*Component](file.Zones[0])) > 0 {
		t.Errorf("after the removal: %q", says(dir, findings))
	}
}

func TestPositions(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump + `interfaces:
  if-1:
    title: Über
    component: c1
    medium: ethernet
    exposure: site
    accepts: [a1, a2]
components:
  c1: {title: Part, type: firmware}
assets:
  a1: {title: A, type: data}
  a2: {title: B, type: data}
`})
	var l Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, says(dir, findings))
	}
	i := file.Interfaces[0]
	for _, tt := range []struct {
		path []any
		want string
	}{
		{nil, "6:3"}, {[]any{"medium"}, "9:13"}, {[]any{"accepts", 1}, "11:19"}, {[]any{"accepts", 7}, "11:14"},
		{[]any{"port"}, "6:3"}, {[]any{"title"}, "7:12"},
	} {
		s := i.At(tt.path...)
		if got := fmt.Sprintf("%d:%d", s.Line, s.Column); got != tt.want {
			t.Errorf("At(%v) is %s, want %s", tt.path, got, tt.want)
		}
	}
	if s := i.Key("medium"); s.Column != 5 || !i.Has("medium") || i.Has("port") {
		t.Errorf("key of medium at %s", s)
	}
	if got := Label(i); got != "interface if-1" {
		t.Errorf("label %q", got)
	}
}

// FuzzLoad: a file of any content neither panics nor passes unnoticed: what is
// not the empty security file either loads or has a finding.
func FuzzLoad(f *testing.F) {
	f.Add(pump)
	f.Add(pump + "zones:\n  z1: {title: a, trust: device}\ncomponents:\n  c1: {title: b, type: firmware, zone: z1, part-of: c1}\n")
	f.Add(pump + "imports:\n  x: {path: ..}\nvariants:\n  v1: {title: t, omits: [z1]}\nzones:\n  z1: {title: a, trust: device, only-in: [v1], override: yes}\n")
	f.Add("product: []\nzones: 7\npolicy: {risk: {exploitability: [a, b]}}\n")
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range archives {
		if a, err := txtar.ParseFile(name); err == nil {
			for _, file := range a.Files {
				f.Add(string(file.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		dir := tree(t, map[string]string{"theriac.yaml": text})
		for _, variant := range []string{"", "v1"} {
			l := Loader{Variant: variant}
			file, findings, err := l.Load(t.Context(), dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, finding := range findings {
				if finding.Code == "" || finding.Message == "" || finding.Help == "" || !finding.Span.Valid() {
					t.Fatalf("incomplete finding %+v", finding)
				}
			}
			if file.Product == nil && len(findings) == 0 {
				t.Fatal("no product and nothing said")
			}
		}
	})
}

// TestDeepFolders: folders that nest without end cost a finding and no time.
func TestDeepFolders(t *testing.T) {
	dir := tree(t, map[string]string{"theriac.yaml": pump, strings.Repeat("d/", 70) + "a.yaml": "not: read\n"})
	var l Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) != 1 || findings[0].Code != "T0010" {
		t.Fatal(err, says(dir, findings))
	}
	if !file.Incomplete() {
		t.Error("what was not read counts as absent")
	}
}
