package psirt

import (
	"testing"

	"theriac/model"
)

func dayIn(t testing.TB, text string) model.Date {
	t.Helper()
	d, err := model.ParseDate(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

const kept = product + `
decisions:
  vx-linked: {title: One, vulnerability: CVE-2026-1, vulnerabilities: [CVE-2026-2], packages: ["pkg:npm/a"], status: affected, reason: Reached., by: PSIRT, date: 2026-02-01}
  vx-some: {title: Two, vulnerability: CVE-2026-9, vulnerabilities: [GHSA-xxxx-yyyy-zzzz], packages: ["pkg:npm/b"], status: affected, reason: Reached., by: PSIRT, date: 2026-02-01}
  vx-alone: {title: Three, vulnerability: GHSA-xxxx-yyyy-zzzz, packages: ["pkg:npm/b"], status: affected, reason: Reached., by: PSIRT, date: 2026-02-01}
  vx-all: {title: Four, vulnerability: "*", packages: ["pkg:npm/c"], versions: "1", status: not-affected, justification: component-not-present, reason: "As with cve-2026-5, it is not built.", by: PSIRT, date: 2026-02-01, expires: 2026-12-01}
  vx-free: {title: Five, vulnerability: CVE-2026-55, packages: ["pkg:npm/d"], status: affected, reason: "CVE-2026-50 is another.", by: PSIRT, date: 2026-02-01}
cases:
  case-1:
    title: Kept
    source: reporter
    aware: 2026-02-01T09:00:00Z
    vulnerabilities: [CVE-2026-5]
    decisions: [vx-linked]
    embargo: 2026-03-01T12:00:00+01:00
`

// TestEmbargo: what a case keeps is kept by every name, in each decision, until the end.
func TestEmbargo(t *testing.T) {
	file := loadText(t, kept)
	e := EmbargoOn(file, dayIn(t, "2026-02-20"), []string{"DSA-1", "GHSA-XXXX-yyyy-zzzz"}, []string{"DSA-1", "cve-2026-5"}, []string{"CVE-2026-7", "GHSA-other"})
	for id, want := range map[string]bool{
		"CVE-2026-5": true, "cve-2026-5": true, "DSA-1": true, "ghsa-xxxx-yyyy-zzzz": true, "CVE-2026-1": true, "CVE-2026-2": true,
		"CVE-2026-9": false, "CVE-2026-50": false, "CVE-2026-7": false, "*": false, "": false,
	} {
		if got := e.Of(id) != nil; got != want {
			t.Errorf("%q is kept: %v", id, got)
		}
	}
	if c := e.Of("CVE-2026-9", "DSA-1"); c == nil || c.ID != "case-1" {
		t.Errorf("one of two names: %v", c)
	}
	want := map[string]bool{"vx-linked": true, "vx-some": false, "vx-alone": true, "vx-all": true, "vx-free": false}
	for _, d := range file.Decisions {
		if got := e.OfDecision(d) != nil; got != want[d.ID] {
			t.Errorf("%s is kept: %v", d.ID, got)
		}
	}
}

// TestEmbargoEnds: the last day counts as a whole, but for what was published on it after
// the end.
func TestEmbargoEnds(t *testing.T) {
	published := func(at string) string { return kept + "    steps:\n      - {step: published, at: " + at + "}\n" }
	for name, c := range map[string]struct {
		text, day string
		runs      bool
	}{
		"before":                 {kept, "2026-02-28", true},
		"last day":               {kept, "2026-03-01", true},
		"after":                  {kept, "2026-03-02", false},
		"published after it":     {published("2026-03-01T12:00:00+01:00"), "2026-03-01", false},
		"published before it":    {published("2026-03-01T11:59:59+01:00"), "2026-03-01", true},
		"published the next day": {published("2026-03-02T09:00:00Z"), "2026-03-01", true},
		"closed":                 {kept + "    closed: 2026-02-10T09:00:00Z\n", "2026-02-20", true},
	} {
		file := loadText(t, c.text)
		day := dayIn(t, c.day)
		if got := EmbargoRuns(file.Cases[0], day); got != c.runs || EmbargoOn(file, day).Runs() != c.runs || (EmbargoOn(file, day).Of("CVE-2026-5") != nil) != c.runs {
			t.Errorf("%s: it runs: %v", name, got)
		}
	}
	var none *Embargo
	if none.Runs() || none.Of("CVE-2026-5") != nil || none.OfDecision(&model.Decision{}) != nil || none.Named("CVE-2026-5") != nil {
		t.Error("no embargo keeps something")
	}
}
