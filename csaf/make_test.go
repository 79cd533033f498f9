package csaf

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/semver"

	"theriac/model"
)

var update = flag.Bool("update", false, "write what is compared with")

// covers understands what the test files write.
func covers(releases, version string) (bool, error) {
	for _, c := range strings.Fields(releases) {
		than := strings.TrimLeft(c, "<>=")
		n := semver.Compare("v"+version, "v"+than)
		switch strings.TrimSuffix(c, than) {
		case ">=":
			if n < 0 {
				return false, nil
			}
		case "<":
			if n >= 0 {
				return false, nil
			}
		default:
			if n != 0 {
				return false, nil
			}
		}
	}
	return true, nil
}

// pump is the security file, after replacements of its text.
func pump(t *testing.T, replace ...string) *model.File {
	t.Helper()
	text, err := os.ReadFile("testdata/pump/theriac.yaml")
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(replace...).Replace(string(text))
	if len(replace) > 0 && changed == string(text) {
		t.Fatalf("%q changes nothing", replace)
	}
	return loaded(t, changed)
}

// loaded is the security file of a text.
func loaded(t *testing.T, text string) *model.File {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "theriac.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var l model.Loader
	file, findings, err := l.Load(t.Context(), dir)
	if err != nil || len(findings) > 0 {
		t.Fatalf("%v, %v", err, findings)
	}
	return file
}

func day(t *testing.T, s string) model.Date {
	t.Helper()
	d, err := model.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// made is the text of a document, and what its tests say.
func made(t *testing.T, in Input) ([]byte, *Result) {
	t.Helper()
	in.Covers = covers
	advisory, err := Make(in)
	if err != nil {
		t.Fatal(err)
	}
	text, err := Encode(advisory)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Encode(advisory)
	if err != nil || !bytes.Equal(text, again) {
		t.Fatalf("two texts differ, %v", err)
	}
	result, err := Validate(text, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return text, result
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata/made", name)
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %v, got\n%s", name, err, got)
	}
}

func TestMakeAdvisory(t *testing.T) {
	file := pump(t)
	text, result := made(t, Input{File: file, Case: file.Cases[0], Day: day(t, "2026-03-10")})
	golden(t, "exd-2026-001.json", text)
	if got := numbers(result); !slices.Equal(got, []string{"6.3.4"}) { // the security file knows no CWE
		t.Errorf("fails %v: %v", got, result.Findings)
	}
}

func TestMakeVEX(t *testing.T) {
	file := pump(t)
	text, result := made(t, Input{File: file, Decisions: file.Decisions, VEX: true, ID: "EXD-VEX-1", Day: day(t, "2026-03-10")})
	golden(t, "exd-vex-1.json", text)
	if got := numbers(result); !slices.Equal(got, []string{"6.3.2", "6.3.3", "6.3.4"}) {
		t.Errorf("fails %v: %v", got, result.Findings)
	}
	// The release 1.4.1 is affected by one component while another is investigated.
	doc, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	if ids := doc.vulnerabilities[1].texts("product_status", "known_affected"); len(ids) != 1 || ids[0].value != "rel-3" {
		t.Errorf("affected: %v", ids)
	}
}

// TestMakeVEXOfCase: the VEX document of a case is another one than its advisory.
func TestMakeVEXOfCase(t *testing.T) {
	file := pump(t)
	text, _ := made(t, Input{File: file, Case: file.Cases[0], VEX: true, Day: day(t, "2026-03-10")})
	for _, want := range []string{`"id": "EXD-2026-001-VEX"`, "/white/2026/exd-2026-001-vex.json"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

// TestMakeStates looks at status, label and versions from day to day.
func TestMakeStates(t *testing.T) {
	file := pump(t)
	for on, want := range map[string]string{
		"2026-02-20": "draft AMBER 1 2026-02-20T00:00:00Z",
		"2026-03-01": "draft AMBER 1 2026-03-01T00:00:00Z",
		"2026-03-02": "final WHITE 1 2026-03-02T09:00:00Z",
		"2026-03-04": "final WHITE 1 2026-03-02T09:00:00Z",
		"2026-03-05": "final WHITE 2 2026-03-05T09:00:00Z",
	} {
		text, _ := made(t, Input{File: file, Case: file.Cases[0], Day: day(t, on)})
		var doc struct {
			Document struct {
				Distribution struct{ TLP struct{ Label string } }
				Tracking     struct {
					Status, Version string
					Current         string `json:"current_release_date"`
				}
			}
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		tracking := doc.Document.Tracking
		if got := strings.Join([]string{tracking.Status, doc.Document.Distribution.TLP.Label, tracking.Version, tracking.Current}, " "); got != want {
			t.Errorf("%s: %s, want %s", on, got, want)
		}
	}
}

// TestMakeRefuses names the field that is at fault.
func TestMakeRefuses(t *testing.T) {
	for _, c := range []struct{ old, new, on, want string }{
		{"    namespace: https://example.com\n", "", "", "vulnerability-handling.publisher.namespace: an address under control of the publisher is not stated"},
		{"    advisory: EXD-2026-001", "", "", "cases.case-tls.advisory: the advisory has no tracking id"},
		{"{name: A. Finder, credit: true}", "{credit: true}", "", "cases.case-tls.reporter.name: the reporter wants to be named"},
		{"    embargo: 2026-03-01T12", "    embargo: 2026-03-04T12", "", "cases.case-tls.steps: published on 2026-03-02T10:00:00+01:00, before the embargo ends on 2026-03-04T12:00:00+01:00"},
		{"decisions: [dec-tls, dec-tls-old]", "decisions: []", "", "cases.case-tls.decisions: nothing was decided"},
		{"vulnerabilities: [CVE-2026-1000]", "vulnerabilities: [CVE-2026-1000, CVE-2026-2]", "", "cases.case-tls.vulnerabilities: nothing was decided about CVE-2026-2"},
		{"    action: Keep the pump on a network of its own.\n    fix: 1.4.1\n", "", "", "decisions.dec-tls.action: what users should do is not stated"},
		{`releases: ">=1.4 <1.4.1"`, `releases: ">=2"`, "", "decisions.dec-tls.releases: no release that is out on 2026-03-10 is meant"},
		{"date: 2026-02-01\n  dec-tls-old", "date: 2026-02-01\n    expires: 2026-03-09\n  dec-tls-old", "", "decisions.dec-tls.expires: the decision held until 2026-03-09"},
		{"version: 1.3.0", "version: <1.3.0", "", `releases.rel-1.version: "<1.3.0" is not the name of one version`},
		{"/A:H/MAV:A", "", "", "decisions.dec-tls.score.cvss: "},
		{"date: 2025-01-10", "date: 2025-01-11", "2024-01-01", "releases: no release is out on 2024-01-01"},
	} {
		file := pump(t, c.old, c.new)
		on := c.on
		if on == "" {
			on = "2026-03-10"
		}
		_, err := Make(Input{File: file, Case: file.Cases[0], Day: day(t, on), Covers: covers})
		if err == nil || !strings.Contains("\n"+err.Error(), "\n"+c.want) {
			t.Errorf("%s:\n got %v\nwant %s", c.old, err, c.want)
		}
	}
}
