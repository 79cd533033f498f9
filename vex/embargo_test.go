package vex

import (
	"bytes"
	"strings"
	"testing"

	"theriac/csaf"
	"theriac/triage"
)

const secret = `
product: {name: Pump, regulation: MDR, class: IIb, udi-di: "09521234543213", manufacturer: {name: Example Medical}}
vulnerability-handling:
  publisher: {name: Example PSIRT, namespace: "https://example.com"}
releases:
  rel-1: {title: First, version: 1.0.0, date: 2026-01-01}
  rel-2: {title: Second, version: 1.1.0, date: 2027-03-01}
decisions:
  vx-a: {title: A, vulnerability: CVE-2024-1000, packages: ["pkg:npm/a"], status: affected, reason: Reached., action: Nothing beyond the guide., fix: 1.1.0, by: PSIRT, date: 2026-11-01, versions: "*", known: {ranges: aa, exploited: false}}
  vx-b: {title: B, vulnerability: CVE-2024-2000, packages: ["pkg:npm/b"], status: affected, reason: Reached., action: Close the port., by: PSIRT, date: 2026-11-02, versions: "*", known: {ranges: aa, exploited: false}}
cases:
  case-1: {title: Kept, source: reporter, aware: 2026-11-01T09:00:00Z, vulnerabilities: [GHSA-aaaa-bbbb-cccc], embargo: 2026-12-24T12:00:00Z}
`

// keptRecord is a record by which the vulnerability of the case has another name.
func keptRecord() *triage.Record {
	finding := func(id, name string, aliases ...string) triage.Finding {
		return triage.Finding{ID: id, Aliases: aliases, Component: triage.Component{PURL: "pkg:npm/" + name + "@1", Name: name, Version: "1"}, Ranges: "aa"}
	}
	return &triage.Record{Day: today, Scans: []triage.Scan{{Release: "1.0.0", Status: "complete", Found: []triage.Finding{
		finding("CVE-2024-1000", "a"), finding("CVE-2024-2000", "b", "GHSA-aaaa-bbbb-cccc"), finding("GHSA-aaaa-bbbb-cccc", "c"),
	}}}}
}

// TestEmbargo: nothing of what a case keeps is in a document of any format, by no name,
// but in one for named recipients.
func TestEmbargo(t *testing.T) {
	file := load(t, secret)
	for _, format := range Formats {
		d, err := From(Source{File: file, Record: keptRecord(), Today: today, Undecided: true})
		if err != nil {
			t.Fatal(err)
		}
		text, err := Write(d, format)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("2024-2000")) || bytes.Contains(text, []byte("GHSA-aaaa")) || bytes.Contains(text, []byte("Close the port")) || !bytes.Contains(text, []byte("CVE-2024-1000")) {
			t.Errorf("%s tells what is kept:\n%s", format, text)
		}
		if len(d.Held) == 0 || d.Held[0].Case != "case-1" {
			t.Errorf("%s: held back is %v", format, d.Held)
		}
		for _, label := range []string{"AMBER", "RED", "GREEN"} {
			d, err := From(Source{File: file, Record: keptRecord(), Today: today, Undecided: true, Label: label})
			if err != nil {
				t.Fatal(err)
			}
			text, err := Write(d, format)
			if format == "openvex" {
				if err == nil {
					t.Errorf("OpenVEX with TLP:%s", label)
				}
				continue
			}
			if err != nil || bytes.Contains(text, []byte("CVE-2024-2000")) != (label != "GREEN") || !bytes.Contains(text, []byte(label)) || (len(d.Held) == 0) != (label != "GREEN") {
				t.Errorf("%s, %s: %v, held %v", format, label, err, d.Held)
			}
		}
	}
	for on, kept := range map[string]bool{"2026-12-24": true, "2026-12-25": false} {
		d, err := From(Source{File: file, Record: keptRecord(), Today: day(on)})
		if err != nil || strings.Contains(told(d), "CVE-2024-2000") == kept {
			t.Errorf("%s: %v\n%s", on, err, told(d))
		}
	}
}

// TestPlannedFix: no format says before a release is out that it has the fix, and an
// action that asks for nothing is no mitigation.
func TestPlannedFix(t *testing.T) {
	file := load(t, secret)
	never := map[string][]string{"csaf": {"vendor_fix", "mitigation"}, "cyclonedx": {`"update"`, "workaround_available"}, "openvex": {"Fixed in"}}
	later := map[string]string{"csaf": `"vendor_fix"`, "cyclonedx": `"update"`, "openvex": "Fixed in version 1.1.0."}
	for _, format := range Formats {
		text := func(on string) string {
			d, err := From(Source{File: file, Record: keptRecord(), Today: day(on), Releases: []string{"1.0.0"}})
			if err != nil {
				t.Fatal(err)
			}
			out, err := Write(d, format)
			if err != nil {
				t.Fatal(err)
			}
			back, err := Read(out)
			if err != nil || back.Statements[0].Fix != "1.1.0" || back.Statements[0].Planned != (on < "2027-03-01") || back.Statements[0].FixDay != d.Statements[0].FixDay {
				t.Errorf("%s of %s is read as %+v, %v", format, on, back.Statements[0], err)
			}
			return string(out)
		}
		before := text("2026-11-22")
		for _, word := range never[format] {
			if strings.Contains(before, word) {
				t.Errorf("%s says %s of a release that is planned:\n%s", format, word, before)
			}
		}
		if !strings.Contains(before, "2027-03-01") {
			t.Errorf("%s does not say when:\n%s", format, before)
		}
		if !strings.Contains(text("2027-03-01"), later[format]) {
			t.Errorf("%s does not say %s once the release is out", format, later[format])
		}
	}
}

// TestVersions: a CSAF document keeps its id, and its version grows with what it tells.
func TestVersions(t *testing.T) {
	doc := func(text, on string) (*Document, string) {
		d, err := From(Source{File: load(t, text), Record: keptRecord(), Today: day(on)})
		if err != nil {
			t.Fatal(err)
		}
		out, err := WriteCSAF(d)
		if err != nil {
			t.Fatal(err)
		}
		return d, string(out)
	}
	_, first := doc(secret, "2026-11-22")
	if _, same := doc(secret, "2026-11-23"); same != first {
		t.Error("the next day is another document, though nothing changed")
	}
	for _, want := range []string{`"id": "vex-pump"`, `"version": "1"`, `"name": "Example Medical"`, `"uri": "https://id.gs1.org/01/09521234543213"`, `"summary": "CVE-2024-1000 was decided."`} {
		if !strings.Contains(first, want) {
			t.Errorf("no %s in\n%s", want, first)
		}
	}
	later, second := doc(secret, "2027-03-02")
	if !strings.Contains(second, `"id": "vex-pump"`) || !strings.Contains(second, `"version": "3"`) {
		t.Errorf("the release and the end of the embargo are no versions:\n%s", second)
	}
	next, err := Continue(later, []byte(first))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"version": "2"`, `"initial_release_date": "2026-11-01T00:00:00.000Z"`, `"current_release_date": "2027-03-02T00:00:00.000Z"`, "CVE-2024-1000 changed. CVE-2024-2000 is new."} {
		if !strings.Contains(string(next), want) {
			t.Errorf("no %s in\n%s", want, next)
		}
	}
	if again, err := Continue(later, next); err != nil || !bytes.Equal(again, next) {
		t.Errorf("nothing changed and there is a new version: %v", err)
	}
	if result, err := csaf.Validate(next, csaf.Options{}); err != nil || !result.Valid() {
		t.Errorf("not valid: %v", err)
	}
	for says, previous := range map[string]string{
		"another publisher": strings.Replace(first, "https://example.com", "https://example.org", 1),
		"the document":      "{}",
		"no number":         strings.ReplaceAll(first, `: "1"`, `: "1.0.0"`),
	} {
		if _, err := Continue(later, []byte(previous)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}
