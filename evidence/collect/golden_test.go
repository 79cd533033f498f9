package collect

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files")

// source reads a file of testdata.
func source(t *testing.T, path string) *Source {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", path))
	if err != nil {
		t.Fatal(err)
	}
	return &Source{Name: filepath.Base(path), Data: data}
}

// inputs lists the files of testdata/<folder> that are inputs of collectors.
func inputs(t *testing.T, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("testdata", folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range found {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if name := filepath.Base(path); !info.IsDir() && name != "README.md" && !strings.HasSuffix(name, ".golden") {
			names = append(names, folder+"/"+name)
		}
	}
	if len(names) == 0 {
		t.Fatalf("no inputs in testdata/%s", folder)
	}
	return names
}

// golden compares a report with <path>.golden.
func golden(t *testing.T, path string, report *Report) {
	t.Helper()
	got, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	file := filepath.Join("testdata", path+".golden")
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: the report differs from the golden file\n--- got\n%s--- want\n%s", path, got, want)
	}
}

// goldens reads each input of testdata/<collector's name> and compares the
// report with its golden file.
func goldens(t *testing.T, c *Collector) {
	t.Helper()
	for _, path := range inputs(t, c.Name) {
		t.Run(path, func(t *testing.T) {
			report, err := c.Read(source(t, path))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, path, report)
		})
	}
}
