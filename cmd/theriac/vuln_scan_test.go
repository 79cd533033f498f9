package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// scanScene is a folder with a database of two advisories and a bill of materials.
func scanScene(t *testing.T) (db, bom string) {
	t.Helper()
	dir := t.TempDir()
	osv := filepath.Join(dir, "osv")
	commit := strings.Repeat("a", 40)
	for name, text := range map[string]string{
		"osv/one.json": `{"id":"GHSA-1","modified":"2026-08-22T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"2.0.0"}]}]}]}`,
		"osv/two.json": `{"id":"OSV-1","modified":"2026-08-22T00:00:00Z","affected":[{"ranges":[{"type":"GIT","repo":"https://github.com/acme/fat","events":[{"introduced":"0"},{"fixed":"` + commit + `"}]}]}]}`,
		"bom.json": `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
{"type":"library","name":"a","version":"1.0.0","purl":"pkg:npm/a@1.0.0"},
{"type":"library","name":"b \u001b[31m","version":"1"},
{"type":"library","name":"fat","version":"1","purl":"pkg:github/acme/fat@1"}]}`,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	db, bom = filepath.Join(dir, "vuln.db"), filepath.Join(dir, "bom.json")
	if status, _, talk := command(t, "vuln", "db", "build", "--osv", osv, "-o", db); status != exitClean {
		t.Fatal(talk)
	}
	return db, bom
}

// TestVulnScanContract checks the members that other programs go by, and no more than names.
func TestVulnScanContract(t *testing.T) {
	db, bom := scanScene(t)
	status, out, talk := command(t, "vuln", "scan", "--db", db, "--date", "2026-08-23", "--format", "json", bom)
	if status != exitFindings || talk != "" {
		t.Fatalf("status %d: %s", status, talk)
	}
	var got struct {
		Status   string
		Findings []struct {
			PURL, Component, Version, ID, Range, Severity, Why *string
			Aliases                                            []string
			KEV                                                *bool
			EPSS                                               json.RawMessage
		}
		Unmonitored []struct{ Component, Reason string }
		Unknown     []struct{ ID, Why string }
		SBOM        struct{ File string }
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Status != "gaps" || len(got.Findings) != 1 || len(got.Unmonitored) != 2 || len(got.Unknown) != 1 || got.SBOM.File != "bom.json" {
		t.Fatalf("got %s", out)
	}
	f := got.Findings[0]
	if f.PURL == nil || *f.PURL != "pkg:npm/a@1.0.0" || *f.Component != "a" || *f.Version != "1.0.0" || *f.ID != "GHSA-1" || *f.Range != "<2.0.0" ||
		*f.Severity != "unknown" || f.Aliases == nil || f.KEV == nil || string(f.EPSS) != "null" || !strings.Contains(*f.Why, "GHSA-1") {
		t.Errorf("the finding is %s", out)
	}
}

// TestVulnScanSARIF validates the SARIF form with the schema of OASIS.
func TestVulnScanSARIF(t *testing.T) {
	db, bom := scanScene(t)
	status, out, talk := command(t, "vuln", "scan", "--db", db, "--date", "2026-08-23", "--format", "sarif", bom)
	if status != exitFindings {
		t.Fatalf("status %d: %s", status, talk)
	}
	c := jsonschema.NewCompiler()
	s, err := c.Compile("../../report/testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if !strings.Contains(out, `"uri": "bom.json"`) || strings.Contains(out, filepath.Dir(bom)) {
		t.Error("the bill of materials is not named by its own name alone")
	}
}

// TestVulnScanText: what a bill of materials says cannot move the cursor.
func TestVulnScanText(t *testing.T) {
	db, bom := scanScene(t)
	_, out, _ := command(t, "vuln", "scan", "--db", db, "--date", "2026-08-23", "--why", bom)
	if strings.ContainsRune(out, 0x1b) || !strings.Contains(out, "Nobody watches 2 components") || !strings.Contains(out, "1 advisory could not be decided") {
		t.Errorf("printed %q", out)
	}
}

// TestVulnScanClone asks a real clone whether a commit has the fix.
func TestVulnScanClone(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	git := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=n", "-c", "user.email=n@example.org", "-c", "commit.gpgsign=false"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	var commits []string
	for _, message := range []string{"one", "two"} {
		git("commit", "-q", "--allow-empty", "-m", message)
		commits = append(commits, git("rev-parse", "HEAD"))
	}
	ask, err := clonesOf(t.Context(), []string{"https://github.com/Acme/Fat.git=" + dir})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range commits {
		for j, b := range commits {
			if yes, err := ask("github.com/acme/fat", a, b); err != nil || yes != (i <= j) {
				t.Errorf("%d before %d: %v, %v", i, j, yes, err)
			}
		}
	}
	for _, bad := range [][3]string{{"github.com/acme/other", commits[0], commits[1]}, {"github.com/acme/fat", "--help", commits[0]}, {"github.com/acme/fat", strings.Repeat("e", 40), commits[0]}} {
		if _, err := ask(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%v was answered", bad)
		}
	}
}

// TestVulnScanDocument: docs/formats names each member of the result.
func TestVulnScanDocument(t *testing.T) {
	page, err := os.ReadFile("../../docs/formats/vuln-scan-json.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{scanJSON{}, findingJSON{}, importJSON{}, unmonitoredJSON{}, apartJSON{}, scanSBOMJSON{}, problemJSON{}, scanDatabaseJSON{}, scanSourceJSON{}} {
		kind := reflect.TypeOf(v)
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("the page does not name %s of %s", name, kind.Name())
			}
		}
	}
}
