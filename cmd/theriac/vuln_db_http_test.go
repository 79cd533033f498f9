package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestDatabaseOverHTTP builds a database from an address and scans with it, also where the
// server sends on to another host; what no server gives leaves no file.
func TestDatabaseOverHTTP(t *testing.T) {
	archive, err := os.ReadFile("../../vuln/match/testdata/osv/NuGet.zip")
	if err != nil {
		t.Fatal(err)
	}
	far := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(archive) }))
	defer far.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/NuGet/all.zip", func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(archive) })
	mux.HandleFunc("/elsewhere/all.zip", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, far.URL+"/all.zip", http.StatusFound)
	})
	mux.HandleFunc("/cut/all.zip", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100000000")
		_, _ = w.Write(archive[:1000])
	})
	near := httptest.NewServer(mux)
	defer near.Close()
	for path, want := range map[string]bool{"/NuGet/all.zip": true, "/elsewhere/all.zip": true, "/none/all.zip": false, "/cut/all.zip": false} {
		t.Run(strings.Split(path, "/")[1], func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "vuln.db")
			out, err := runHere("vuln", "db", "build", "--osv", near.URL+path, "-o", file)
			if (err == nil) != want {
				t.Fatalf("built: %v, want %v; %s", err, want, out)
			}
			if !want {
				if _, err := os.Stat(file); err == nil {
					t.Error("a database was written from what did not arrive")
				}
				return
			}
			out, err = runHere("vuln", "scan", "--db", file, "--date", "2026-08-22", "../../sbom/testdata/meddev-narrow.cdx.json")
			if err != errFindings || !strings.Contains(out, "CVE-2020-11023") {
				t.Errorf("%v, scanned:\n%s", err, out)
			}
		})
	}
}

// runHere runs a command in this process and gives what it writes.
func runHere(args ...string) (string, error) {
	var out bytes.Buffer
	cmd := newRoot()
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(io.Discard)
	err := cmd.Execute()
	return out.String(), err
}
