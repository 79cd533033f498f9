package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"theriac/sbom"
	"theriac/vuln"
)

// TestNothingToWatchIsNotComplete: a list of which part was not understood is never
// complete, also where the rest needs no watch, or where all call themselves its subject.
func TestNothingToWatchIsNotComplete(t *testing.T) {
	db := newMemory(record("X-1", "npm", "a", "0", "<2.0.0"))
	subject := sbom.Component{Name: "p", Ref: "r"}
	for name, bom := range map[string]*sbom.BOM{
		"hardware":     {Components: []sbom.Component{{Name: "b", Type: "device"}}},
		"same subject": {Subject: &subject, Components: []sbom.Component{{Name: "b", Ref: "r"}, {Name: "c", Ref: "r"}}},
	} {
		bom.Problems, bom.Lost = []sbom.Problem{{Line: 2, What: "x", Lost: true}}, 1
		got, err := Match(bom, db, Options{})
		if err != nil || got.Status != WithGaps || len(got.Gaps) != 1 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestManySystems: systems are set apart in one go.
func TestManySystems(t *testing.T) {
	db := newMemory(record("X-1", "Debian:11", "a", "0", "<2"))
	bom := &sbom.BOM{Components: []sbom.Component{{PURL: "pkg:deb/debian/a@2?distro=debian-11&upstream=a"}}}
	const systems = 50_000
	for range systems {
		bom.Components = append(bom.Components, sbom.Component{Type: "operating-system", Name: "Debian", Version: "11"})
	}
	got, err := Match(bom, db, Options{})
	if err != nil || len(got.Apart) != systems || len(got.Unmonitored) != 0 || got.Status != Complete {
		t.Fatalf("%d apart, %d unwatched, %s, %v", len(got.Apart), len(got.Unmonitored), got.Status, err)
	}
}

// TestManyRanges: an advisory with very many ranges is worded in one go.
func TestManyRanges(t *testing.T) {
	const ranges = 50_000
	var events []string
	for i := range ranges {
		events = append(events, fmt.Sprintf("%d.0.0", 2*i), fmt.Sprintf("<%d.0.0", 2*i+1))
	}
	got := scanOf(t, newMemory(record("X-1", "npm", "a", events...)), "pkg:npm/a@4.0.0")
	if len(got.Findings) != 1 || len(got.Findings[0].Ranges) != ranges || got.Findings[0].Range != ">=4.0.0 <5.0.0" {
		t.Fatalf("%d findings", len(got.Findings))
	}
}

// TestTooManyFindings: a short list that has versions times advisories of findings is
// refused, not cut.
func TestTooManyFindings(t *testing.T) {
	db := newMemory()
	for i := range 10 {
		db.add(record(fmt.Sprintf("X-%d", i), "npm", "a", "0", "<9.0.0"))
	}
	bom := &sbom.BOM{}
	for i := range 11 {
		bom.Components = append(bom.Components, sbom.Component{Name: "a", PURL: fmt.Sprintf("pkg:npm/a@1.0.%d", i)})
	}
	m := NewMatcher(db, Options{})
	m.most = 100
	if _, err := m.Match(bom); err == nil || !strings.Contains(err.Error(), "more than 100 findings") {
		t.Errorf("got %v", err)
	}
	bom.Components = bom.Components[1:]
	if got, err := m.Match(bom); err != nil || len(got.Findings) != 100 {
		t.Errorf("%v", err)
	}
}

// TestManyCPENames: names beyond those that are looked up make the component undecidable.
func TestManyCPENames(t *testing.T) {
	db := newMemory(record("CVE-1", "CPE", "v:p", "0", "<9.0"))
	c := sbom.Component{Name: "p", Version: "1.0"}
	for range maxCPEs + 1 {
		c.CPEs = append(c.CPEs, "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:*")
	}
	got, err := Match(&sbom.BOM{Components: []sbom.Component{c}}, db, Options{})
	if err != nil || idsIn(got.Findings) != "CVE-1" || len(got.Unmonitored) != 1 || got.Unmonitored[0].Cause != Undecidable {
		t.Fatalf("%+v, %v", got, err)
	}
	c.CPEs = c.CPEs[1:]
	if got, err = Match(&sbom.BOM{Components: []sbom.Component{c}}, db, Options{}); err != nil || len(got.Unmonitored) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
}

// TestManyListedVersions: what is beyond the versions that are compared is undecided.
func TestManyListedVersions(t *testing.T) {
	r := record("X-1", "npm", "a")
	for i := range maxListed + 1 {
		r.Affected[0].Versions = append(r.Affected[0].Versions, fmt.Sprintf("0.%d.0", i))
	}
	got := scanOf(t, newMemory(r), "pkg:npm/a@v7.0.0")
	if len(got.Findings) != 0 || idsIn(got.Unknown) != "X-1" {
		t.Errorf("%v, %v", got.Findings, got.Unknown)
	}
}

// TestAnswersKeepTheirEntryAlone: an answer does not hold the other entries of a package.
func TestAnswersKeepTheirEntryAlone(t *testing.T) {
	entries := []vuln.Entry{
		{Record: "A", Affected: record("A", "npm", "a", "0", "<1.0.0").Affected[0]},
		{Record: "B", Affected: record("B", "npm", "a", "0", "<3.0.0").Affected[0]},
	}
	a := NewMatcher(newMemory(), Options{}).evaluate(entries, target{ecosystem: "npm", name: "a", version: "2.0.0"})
	if len(a.hits) != 1 || a.hits[0].entry.Record != "B" || a.hits[0].entry == &entries[1] {
		t.Errorf("%+v", a.hits)
	}
	if got := unique([]string{"b", "a", "b"}); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("unique gives %v", got)
	}
}
