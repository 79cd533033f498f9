package techdoc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"theriac/check"
	"theriac/model"
	"theriac/triage"
)

// fieldFile is a security file with releases in each state and a record of findings.
func fieldFile(t *testing.T, findings string) string {
	t.Helper()
	dir := triagedFile(t, findings)
	for name, text := range map[string]string{
		"more.yaml": `releases:
  rel-a: {title: A, version: "1.0", date: 2024-01-01}
  rel-b: {title: B, version: "1.1", date: 2025-01-01, sbom: {path: gone.json, digest: "sha256:00"}}
  rel-c: {title: C, version: "3.0", date: 2027-03-01}
  rel-d: {title: D, version: "1.2", date: 2025-06-01}
vulnerability-handling:
  owner: PSIRT
  time-limits: [{severity: critical, assess: 3 days, fix: 10 days}, {severity: high, assess: 5 days, fix: 60 days}]
`,
		"field.yaml": `deployments:
  field-a: {release: rel-a, withdrawn: 2026-03-01, reason: All devices were **updated** by service.}
  field-b: {release: rel-b, support-until: 2026-10-31, units: 7, counted: 2026-09-30, countries: [DE, FR]}
  field-2: {release: rel, since: 2026-02-01, units: 21}
  field-d: {release: rel-d, superseded: 2026-02-01, units: 14}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var fieldFindings = strings.Replace(triagedFindings, `scan {"release":"2.0"`, `scan {"release":"1.1","sbom":"gone.json","digest":"11","status":"complete"}
finding {"first":"2026-11-21","id":"CVE-2026-1000","component":{"purl":"pkg:generic/tls@3.5.1","name":"tls","version":"3.5.1"},"severity":"high"}
support {"component":{"purl":"pkg:generic/tls@3.5.1","name":"tls","version":"3.5.1"},"product":"tls","cycle":"3","end":"2027-02-01","by":"exact"}
support {"component":{"name":"old","version":"1.1"},"product":"old","cycle":"1","end":"ended","by":"name"}
scan {"release":"2.0"`, 1)

// TestFieldReport: each release is told with how it stands and what is known of it.
func TestFieldReport(t *testing.T) {
	d := verifiedDocument(t, machineBook(t, fieldFile(t, fieldFindings)), postMarketName)
	table := func(id string) (lines []string) {
		for _, cells := range verifiedCells(verifiedTable(d, id)) {
			lines = append(lines, strings.Join(cells, " | "))
		}
		return lines
	}
	for id, want := range map[string][]string{
		"field-releases": {
			"1.1\nrel-b | 2025-01-01 | without support | 2026-10-31 | 7\ncounted on 2026-09-30 | DE, FR |  | gone.json\nsha256:00\ncannot be read",
			"1.2\nrel-d | 2025-06-01 | superseded\n2026-02-01 | not stated | 14 | not stated |  | not stated",
			"2.0\nrel | 2026-02-01 | in the field | not stated | 21 | not stated | 4 | kept.json\nsha256:",
			"1.0\nrel-a | 2024-01-01 | withdrawn\n2026-03-01\nAll devices were updated by service. |  |  |  |  | not stated",
			"3.0\nrel-c | 2027-03-01 | not out yet |  |  |  |  | not stated",
		},
		// open, open again, under investigation, affected, fixed, not affected, withdrawn
		"field-vulnerabilities": {
			"1.1 | complete\nanother bill of materials | 0 | 0 | 0 | 1 | 0 | 0 | 0 | high | 0 | 0",
			"1.2 | not compared |  |  |  |  |  |  |  |  |  | ",
			"2.0 | with gaps | 1 | 1 | 0 | 2 | 0 | 0 | 0 | critical | 1 | 1",
		},
		"field-open-table": {
			"CVE-2026-3000 | pkg:generic/old@1.1 | 2.0 | not rated | known (KEV)\nEPSS: no data | 2026-11-19 | open | PSIRT | 2026-11-22",
			"CVE-2026-2000 | pkg:generic/old@1.1 | 2.0 | medium | KEV: no entry in data of no known day\nEPSS: no data | 2026-11-02 | open again\nvx-old | PSIRT | not stated",
			"CVE-2026-1000 | pkg:generic/tls@3.5.1\npkg:generic/tls@3.5.1?arch=arm | 1.1, 2.0 | high |",
		},
		"field-unmonitored-table": {"it has neither package URL nor CPE | 1 | inner 7 | 2.0"},
		"field-support-table": {
			"old 1\nby its name alone | a day that is not known | ended | old 1.1 | 1.1",
			"tls 3 | 2027-02-01 | ends within 6 months | pkg:generic/tls@3.5.1 | 1.1",
		},
		"field-changes-table": {
			"Vulnerabilities that the last comparison, of 2026-11-21, was the first to find | 0 | none",
			"Vulnerabilities first found in the 1 year up to 2026-11-22 | 4 | ",
			"Vulnerabilities of which a decision no longer holds | 1 | CVE-2026-2000",
			"Decisions made in the 1 year up to 2026-11-22 | 4 | ",
			"Decisions made after the last comparison | 0 | none",
			"Releases that came into the field in the 1 year up to 2026-11-22 | 1 | 2.0",
			"Releases that were superseded in that time | 1 | 1.2",
			"Releases of which support ended in that time | 1 | 1.1",
			"Releases that were withdrawn in that time | 1 | 1.0",
		},
	} {
		got := table(id)
		if len(got) != len(want) {
			t.Errorf("%s has %d rows, not %d:\n%s", id, len(got), len(want), strings.Join(got, "\n"))
			continue
		}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%s is\n%s\nand not\n%s", id, got[i], want[i])
			}
		}
	}
	words := verifiedWords(d.Section(fieldSection))
	for _, want := range []string{"last compared with advisories on 2026-11-21, 1 day before", "osv of 2026-11-20 (2 days old)", "Of no known age: kev."} {
		if !strings.Contains(words, want) {
			t.Errorf("the section does not say %q:\n%s", want, words)
		}
	}
	if words := verifiedWords(d.Section("field-open")); !strings.Contains(words, "Kept back until an embargo ends: 1 vulnerability.") {
		t.Errorf("what is under embargo is not counted:\n%s", words)
	}
	// 21 devices have the newest release, 14 one that is superseded, 7 one without support.
	if rows := table("field-figures"); !strings.Contains(strings.Join(rows, "\n"), "Share of devices on a supported release | 35 of 42 (83 %)") {
		t.Errorf("share of devices:\n%s", strings.Join(rows, "\n"))
	}
}

// TestFieldUnknown: what was not compared, or what cannot be read, is no pass.
func TestFieldUnknown(t *testing.T) {
	for name, c := range map[string]struct{ record, want string }{
		"malformed": {"day {\"date\":\"2026-11-21\"}\nnonsense\n", "Part of the record of findings (theriac.findings) cannot be read"},
		"empty":     {"", "No comparison of components with advisories is recorded"},
		"no scan":   {"day {\"date\":\"2026-11-21\"}\n", "holds no comparison that could be judged"},
	} {
		d := verifiedDocument(t, machineBook(t, fieldFile(t, c.record)), postMarketName)
		words := verifiedWords(d.Section(fieldSection))
		if !strings.Contains(words, c.want) || !strings.Contains(words, "gap: Not known") || verifiedTable(d, "field-vulnerabilities") != nil {
			t.Errorf("%s:\n%s", name, words)
		}
	}
	d := verifiedDocument(t, machineBook(t, triagedFile(t, triagedFindings)), postMarketName)
	if words := verifiedWords(d.Section(fieldSection)); !strings.Contains(words, "no release is in the field") || len(d.Section(fieldSection).Sections) > 0 {
		t.Errorf("without a release in the field:\n%s", words)
	}
}

// TestManyUnwatched: a record of very many components that nobody monitors is told in
// bounded time and room.
func TestManyUnwatched(t *testing.T) {
	day, err := model.ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	s := &triage.Scan{Release: "1"}
	for i := range 200_000 {
		s.Unmonitored = append(s.Unmonitored, triage.Unmonitored{Component: triage.Component{Name: strings.Repeat("x", i%7) + string(rune('a'+i%26)), Version: strings.Repeat("1", i%40+1)}, Reason: "none"})
	}
	b := machineBook(t, triagedFile(t, ""))
	r := &fieldReport{lifeBook: newLifeBook(b), inUse: []fieldRelease{{Release: &model.Release{Version: "1", Date: day}, scans: []check.TriagedScan{{Scan: s}}}}}
	section := r.unwatchedSection()
	if words := verifiedWords(section); !strings.Contains(words, "none | 3640 | ") || !strings.Contains(words, "and 3636 more") || len(words) > 10_000 {
		t.Errorf("%.2000s", words)
	}
}
