package triage

import (
	"slices"
	"strings"
	"testing"
)

// renewable is a decision about two packages.
const renewable = `
decisions:
  vx-ssl:
    title: CVE-2024-6119
    vulnerability: CVE-2024-6119
    packages: ["pkg:deb/debian/openssl", "pkg:generic/openssl"]
    versions: "*"
    status: not-affected
    justification: vulnerable-code-not-in-execute-path
    reason: The pump checks no names in certificates of clients.
    by: PSIRT
    date: 2026-11-01
    known: {ranges: old, exploited: false}
`

// TestRenewGroups: where different things are known of components, the decision becomes
// several, of which each holds for its own findings and opens again with them alone.
func TestRenewGroups(t *testing.T) {
	file := read(t, pump, renewable)
	j := NewJudge(file, today)
	a, b := openssl(), openssl()
	b.Component = Component{PURL: "pkg:generic/openssl@3.0.9", Version: "3.0.9"}
	b.Ranges, b.Fixed = "other", []string{"3.0.10"}
	c := a
	c.Component.PURL = strings.Replace(c.Component.PURL, "libssl3", "openssl", 1)
	found := []Found{{"1.0", j.Apply("1.0", []Finding{b})[0]}, {"1.0", j.Apply("1.0", []Finding{a})[0]}, {"1.0", j.Apply("1.0", []Finding{c})[0]}}
	taken := map[string]bool{"vx-ssl": true}
	all := j.Renew(file.Decisions[0], found, taken)
	if len(all) != 2 || !taken["vx-ssl-2"] {
		t.Fatalf("%d decisions, %v", len(all), taken)
	}
	first, second := all[0].Decision, all[1].Decision
	if first.ID != "vx-ssl" || first.Known.Ranges != a.Ranges || len(all[0].Answers) != 2 || !slices.Equal(first.Packages, []string{"pkg:deb/debian/openssl"}) {
		t.Errorf("%+v", first)
	}
	if second.ID != "vx-ssl-2" || second.Known.Ranges != "other" || !slices.Equal(second.Packages, []string{"pkg:generic/openssl"}) || second.Date != today {
		t.Errorf("%+v", second)
	}
	for _, p := range all {
		for _, f := range p.Answers {
			if why := j.Holds(&p.Decision, f.Release, f.Finding); len(why) > 0 {
				t.Errorf("%s does not hold: %v", p.Decision.ID, why)
			}
		}
	}
	one := j.Renew(file.Decisions[0], found[1:], taken)
	if len(one) != 1 || !slices.Equal(one[0].Decision.Packages, file.Decisions[0].Packages) {
		t.Errorf("one group: %+v", one)
	}
}

// TestRenewSeveral: beside a decision about several vulnerabilities nothing is noted that
// advisories say of each, and one that is exploited becomes a decision of its own.
func TestRenewSeveral(t *testing.T) {
	file := read(t, pump, strings.Replace(renewable, "    packages:", "    vulnerabilities: [CVE-2026-2, CVE-2026-3]\n    packages:", 1))
	j := NewJudge(file, today)
	a, b := openssl(), openssl()
	b.ID, b.Aliases, b.Ranges, b.KEV = "CVE-2026-2", nil, "other", true
	found := []Found{{"1.0", j.Apply("1.0", []Finding{a})[0]}, {"1.0", j.Apply("1.0", []Finding{b})[0]}}
	all := j.Renew(file.Decisions[0], found, map[string]bool{"vx-ssl": true})
	if len(all) != 2 {
		t.Fatalf("%d decisions", len(all))
	}
	if got := all[0].Decision.About(); !slices.Equal(got, []string{"CVE-2024-6119", "CVE-2026-3"}) {
		t.Errorf("the first is about %v", got)
	}
	if got := all[1].Decision.About(); !slices.Equal(got, []string{"CVE-2026-2"}) {
		t.Errorf("the second is about %v", got)
	}
	if k := all[0].Decision.Known; k.Ranges != "" || k.EPSS != "" || len(k.CVSS)+len(k.Fixed) > 0 || k.Exposure == "" || len(k.Versions) != 1 {
		t.Errorf("%+v", k)
	}
	b.KEV = false
	found[1].Finding = b
	if all := j.Renew(file.Decisions[0], found, map[string]bool{}); len(all) != 1 || len(all[0].Decision.Vulnerabilities) != 2 {
		t.Errorf("different ranges divide a decision about several: %+v", all)
	}
}
