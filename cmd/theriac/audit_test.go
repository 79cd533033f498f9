package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"theriac/bundle"
)

// pump is the example with signed evidence.
const pump = "../../examples/infusion-pump"

// The bundle of the example is verified with its public key, and with nothing of
// the folder in sight.
func TestAuditExample(t *testing.T) {
	key, err := filepath.Abs(filepath.Join(pump, "keys", "root.pub"))
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "pump.theriac")
	day := "2026-10-05" // of the scan that the example records
	if status, _, talk := command(t, "bundle", "--release", "1.4.0", "-o", name, "--date", day, "--strict", pump); status != exitClean || talk != "" {
		t.Fatalf("bundle: status %d: %s", status, talk)
	}
	t.Chdir(t.TempDir())
	status, out, talk := command(t, "audit", name, "--trust", key, "--date", day)
	if status != exitClean || talk != "" || !strings.HasPrefix(out, "DEMONSTRATION: ") || !strings.Contains(out, "\nVERIFIED  ") {
		t.Errorf("status %d: %s%s", status, talk, out)
	}
	for line := range strings.Lines(out) {
		if len([]rune(line)) > 101 && !strings.Contains(line, "sha256:") {
			t.Errorf("line of more than 100 columns: %s", line)
		}
	}
	status, out, _ = command(t, "audit", name, "--trust", key, "--date", day, "--format", "json")
	var r bundle.Report
	if err := json.Unmarshal([]byte(out), &r); err != nil || status != exitClean || !r.Verified || !r.Demonstration {
		t.Errorf("status %d, %v: %s", status, err, out)
	}
	if strings.Contains(out, "null") {
		t.Error("a list is null")
	}
	status, _, _ = command(t, "audit", name, "--trust", key, "--date", "2099-01-01")
	if status != exitFindings {
		t.Errorf("in 2099: status %d", status)
	}
}

// What a bundle says cannot change the page that shows it, nor move the cursor of
// a terminal.
func TestAuditIsEscaped(t *testing.T) {
	const evil = "<script>alert(1)</script>\x1b[2J\u202e"
	r := &bundle.Report{
		Bundle:    bundle.About{Product: evil, Release: bundle.Release{Version: evil}, Made: evil, Theriac: evil, Artefacts: []bundle.FileLine{{Path: evil, Digest: evil}}},
		Trusted:   []bundle.TrustedKey{{Key: "abc", From: evil, Signer: evil}},
		Links:     []bundle.Link{{Name: bundle.Container, State: bundle.Broken, Shown: evil, Faults: []string{evil}, Notes: []string{evil}}},
		NotLooked: []string{evil}, Signers: []bundle.SignerUse{{ID: evil, Name: evil, Organisation: evil, Keys: []string{evil}}},
		Approvals:    []bundle.ApprovalLine{{Subject: evil, Name: evil, Role: evil, Path: evil, Reasons: []string{evil}}, {Path: evil}},
		Requirements: []bundle.StateLine{{ID: evil, Title: evil, State: "failed"}},
		Evidence:     []bundle.EvidenceLine{{Path: evil, Kind: evil, Tool: evil, For: []bundle.VerdictLine{{Verification: evil, Reasons: []string{evil}}}, Reasons: []string{evil}, Signatures: []bundle.SignatureLine{{Signer: evil}}}},
		Findings:     []bundle.FindingLine{{Code: evil, Place: evil, Message: evil, Variant: evil, Clauses: []string{evil}}},
	}
	var text, page bytes.Buffer
	if err := auditText(&text, screen{}, r); err != nil {
		t.Fatal(err)
	}
	if err := auditHTML(&page, r); err != nil {
		t.Fatal(err)
	}
	for name, out := range map[string]string{"text": text.String(), "HTML": page.String()} {
		if strings.ContainsAny(out, "\x1b\u202e") {
			t.Errorf("%s holds characters that change how others are shown", name)
		}
	}
	if strings.Contains(page.String(), "<script") || strings.Count(page.String(), "&lt;script&gt;") < 15 {
		t.Errorf("the page does not escape all: %d times", strings.Count(page.String(), "&lt;script&gt;"))
	}
}

// The page needs nothing else, and its tables have headers.
func TestAuditPage(t *testing.T) {
	name := filepath.Join("..", "..", "bundle", "testdata", "vector.theriac")
	key := filepath.Join(pump, "keys", "root.pub")
	out := filepath.Join(t.TempDir(), "audit.html")
	if status, _, talk := command(t, "audit", name, "--trust", key, "--date", "2026-07-01", "--format", "html", "-o", out); status != exitFindings {
		t.Fatalf("status %d: %s", status, talk)
	}
	page, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<html lang="en">`, "<main>", "<header>", "default-src 'none'", "prefers-color-scheme: dark", "@media print", `<th scope="col">`, `<th scope="row">`} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page has no %s", want)
		}
	}
	if found := regexp.MustCompile(`(?i)<script|<link|<img|url\(|@import|https?://`).Find(page); found != nil {
		t.Errorf("the page needs something else: %s", found)
	}
	if n, m := bytes.Count(page, []byte("<table>")), bytes.Count(page, []byte("<thead>")); n == 0 || n != m {
		t.Errorf("%d tables with %d heads", n, m)
	}
}
