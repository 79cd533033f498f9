package main

import (
	"reflect"
	"strings"
	"testing"

	"theriac/vuln"
)

// TestDatabaseDocument: the page of the JSON names every field, and no other.
func TestDatabaseDocument(t *testing.T) {
	page, _ := blocksOf(t, "vuln-db-json.md")
	fields := map[string]bool{}
	for _, of := range []reflect.Type{reflect.TypeFor[dbJSON](), reflect.TypeFor[sourceJSON](), reflect.TypeFor[vuln.Ecosystem]()} {
		for i := range of.NumField() {
			name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
			fields[name] = true
			if !strings.Contains(page, "`"+name+"`") {
				t.Errorf("the page does not speak of %s", name)
			}
		}
	}
	for line := range strings.Lines(page) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " |")
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		for name := range strings.SplitSeq(cell, ", ") {
			if !fields[strings.Trim(name, "`")] {
				t.Errorf("there is no field %s", name)
			}
		}
	}
}

func TestSourceName(t *testing.T) {
	for path, want := range map[string]string{
		"/data/osv/Go/all.zip": "Go/all.zip",
		"all.zip":              "all.zip",
		"../../x/":             "x",
		".":                    ".",
		"https://me:secret@example.org/osv/all.zip?key=1#a": "https://example.org/osv/all.zip",
	} {
		if got := sourceName(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
