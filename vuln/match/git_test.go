package match

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/sbom"
	"theriac/vuln"
)

// TestHistory: commits of a line with a side branch, against ranges with several events.
func TestHistory(t *testing.T) {
	parents := map[string][]string{ // a-b-c-d-e-f; x branches off after b, y after x
		"a": nil, "b": {"a"}, "c": {"b"}, "d": {"c"}, "e": {"d"}, "f": {"e"}, "x": {"b"}, "y": {"x"},
	}
	var reaches func(from, to string) bool
	reaches = func(from, to string) bool {
		return from == to || slices.ContainsFunc(parents[to], func(p string) bool { return reaches(from, p) })
	}
	ask := func(_, ancestor, commit string) (bool, error) {
		if _, ok := parents[commit[:1]]; !ok {
			return false, errors.New("no such commit")
		}
		return reaches(ancestor[:1], commit[:1]), nil
	}
	for _, c := range []struct {
		events string // + introduced, - fixed, < last affected, ! limit
		want   string // commits that are affected
	}{
		{"+0", "abcdefxy"},
		{"+b", "bcdefxy"},
		{"+b -d", "bcxy"},
		{"+0 -b +d -f", "ade"},  // introduced again
		{"+d -f +0 -b", "ade"},  // in another order
		{"+0 <b +d -f", "abde"}, // the last of the first stretch ends nothing of the second
		{"+0 -b +d <e", "ade"},  // nor does the fix
		{"+a <c", "abcxy"},      // a side branch does not come after the last
		{"+a <c <y", "abcxy"},   // one for each branch
		{"+a !d", "abc"},        // nothing is said from the limit on, nor of what it does not follow
		{"+a !d !y", "abcx"},    // before any of them
		{"+0 -b +d !f", "ade"},  // both
		{"+b -b", ""},           // as with versions, what stands last of one commit counts
		{"-b +b", "bcdefxy"},    // the same
		{"+a -c -y", "abx"},     // a fix for each branch
	} {
		var events []vuln.Event
		for _, word := range strings.Fields(c.events) {
			kind := map[byte]vuln.EventKind{'+': vuln.Introduced, '-': vuln.Fixed, '<': vuln.LastAffected, '!': vuln.Limit}[word[0]]
			version := strings.Repeat(word[1:], 40)
			if word[1:] == "0" {
				version = "0"
			}
			events = append(events, vuln.Event{Kind: kind, Version: version})
		}
		got := ""
		for _, commit := range []string{"a", "b", "c", "d", "e", "f", "x", "y"} {
			v := inHistory("example.com/lib", events, strings.Repeat(commit, 40), ask)
			if v.unknown != "" {
				t.Errorf("%s: %s is unknown: %s", c.events, commit, v.unknown)
			}
			if v.affected {
				got += commit
			}
		}
		if got != c.want {
			t.Errorf("%s: %q is affected; want %q", c.events, got, c.want)
		}
	}
}

// TestEveryCommit: where all commits are vulnerable a tag is, too, and what has no revision; a
// list of tags alone says nothing of commits.
func TestEveryCommit(t *testing.T) {
	db := newMemory(record("OSV-1", "GIT", "github.com/acme/lib", "0"), record("OSV-2", "GIT", "github.com/acme/other", "=1.0"))
	for purl, want := range map[string]string{
		"pkg:github/acme/lib@v1.2": "affected", "pkg:github/acme/lib": "affected", "pkg:github/acme/lib@" + strings.Repeat("a", 40): "affected",
		"pkg:github/acme/other@1.0": "affected", "pkg:github/acme/other@1.1": "unknown", "pkg:github/acme/other@" + strings.Repeat("a", 40): "unknown", "pkg:github/acme/other": "unknown",
	} {
		r := scanOf(t, db, purl)
		if (len(r.Findings) == 1) != (want == "affected") || (len(r.Unknown) == 1) != (want == "unknown") {
			t.Errorf("%s: found %v, unknown %v; want %q", purl, r.Findings, r.Unknown, want)
		}
	}
}

// TestRecordTakenBack: what one source took back says nothing beside what another still says.
func TestRecordTakenBack(t *testing.T) {
	r := record("CVE-2026-1000", "npm", "lib", "0", "<2")
	r.Summary = "Overflow"
	db := twoSources{newMemory(r), vuln.Record{
		ID: "CVE-2026-1000", Source: "nvd", Aliases: []string{"CVE-2026-9999"}, Summary: "Rejected reason: none", Withdrawn: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Severities: []vuln.Severity{{Kind: "CVSS_V3", Value: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
	}}
	found := Finding{}
	result, err := Match(&sbom.BOM{Components: []sbom.Component{{PURL: "pkg:npm/lib@1"}}}, db, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Findings) == 1 {
		found = result.Findings[0]
	}
	if found.Summary != "Overflow" || len(found.Aliases) > 0 || found.Severity.Word != "unknown" || !slices.Equal(found.Sources, []string{"osv"}) {
		t.Errorf("%+v", found)
	}
}

// twoSources are advisories of which one more source has a record.
type twoSources struct {
	*memory
	other vuln.Record
}

func (s twoSources) Records(id string) ([]vuln.Record, error) {
	list, err := s.memory.Records(id)
	if id == s.other.ID {
		list = append([]vuln.Record{s.other}, list...)
	}
	return list, err
}

// TestOddRangesByCPE: what is odd about an advisory is told, too, where it was found by the CPE
// name of a component that goes by its repository.
func TestOddRangesByCPE(t *testing.T) {
	db := newMemory(record("CVE-2026-1", "CPE", "acme:lib", "0", ">=1", "<2"), record("OSV-1", "GIT", "github.com/acme/lib", "=v9"))
	c := sbom.Component{PURL: "pkg:github/acme/lib@1.5", CPEs: []string{"cpe:2.3:a:acme:lib:1.5:*:*:*:*:*:*:*"}, Version: "1.5"}
	r, err := Match(&sbom.BOM{Components: []sbom.Component{c}}, db, Options{})
	if err != nil || len(r.Findings) != 1 || !slices.ContainsFunc(r.Gaps, func(g string) bool { return strings.Contains(g, "CVE-2026-1") }) {
		t.Errorf("%v: %+v", err, r)
	}
}
