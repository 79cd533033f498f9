package triage

import (
	"slices"
	"strings"
	"testing"

	"theriac/model"
)

// TestVersionBesideOneThatIsNone: a version that cannot be compared hides no other one of a
// list.
func TestVersionBesideOneThatIsNone(t *testing.T) {
	edits := []string{`    versions: ">=3.0.11 <3.0.14-1"` + "\n", "", "known:\n", "known:\n      versions: [unknown, 3.0.11-1]\n"}
	f := openssl()
	if v := NewJudge(read(t, pump, decision(edits...)), today).Apply("", []Finding{f})[0]; v.Status != Decided {
		t.Errorf("%s: %v", v.Status, v.Reasons)
	}
	f.Component.Version = "3.0.12-1"
	if v := NewJudge(read(t, pump, decision(edits...)), today).Apply("", []Finding{f})[0]; v.Status != Reopened || !strings.Contains(v.Reasons[0].Text, "cannot be told") {
		t.Errorf("%s: %v", v.Status, v.Reasons)
	}
}

// TestSupportOfSeveral: what is noted of support beside a decision about several
// vulnerabilities, of which nothing else is noted, is compared.
func TestSupportOfSeveral(t *testing.T) {
	edits := []string{
		"    packages:", "    vulnerabilities: [CVE-2024-1, CVE-2024-2]\n    packages:",
		"      ranges: " + openssl().Ranges + "\n", "      support: 2028-06-10\n",
		`      epss: "0.02"` + "\n", "", `      cvss: ["CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"]` + "\n", "", "      fixed: [3.0.14-1~deb12u2]\n", "",
	}
	j := NewJudge(read(t, pump, decision(edits...)), today)
	for support, want := range map[string][]Reopening{"2028-06-10": nil, "2029-01-01": nil, "": nil, "2027-06-10": {SupportChanged}, "2026-11-20": {SupportChanged}, "ended": {SupportChanged}} {
		f := openssl()
		f.Support = support
		if v := j.Apply("", []Finding{f})[0]; !slices.Equal(kinds(v), want) {
			t.Errorf("support %q: %v, want %v", support, v.Reasons, want)
		}
	}
}

// TestRuleAboutEach: a rule about * that does not say that its components are absent makes a
// decision for each vulnerability, as one that names none.
func TestRuleAboutEach(t *testing.T) {
	j := NewJudge(read(t, pump), today)
	r := example()
	r.Vulnerability, r.Packages, r.Releases = AnyVulnerability, []string{"pkg:deb/debian/*"}, "1.1.0"
	all := j.Propose(r, found(j), map[string]bool{})
	if len(all) != 2 || all[0].Decision.Vulnerability != "CVE-2024-6119" || all[1].Decision.Vulnerability != "CVE-2024-1" {
		t.Errorf("%+v", all)
	}
}

// TestNameless: a component that goes by no name is none of a record, and no rule is about it.
func TestNameless(t *testing.T) {
	j := NewJudge(read(t, pump), today)
	for _, c := range []Component{{Version: "1"}, {PURL: "#x", Version: "1"}, {PURL: " "}, {CPE: " "}} {
		f := Finding{ID: "CVE-2024-6119", Component: c}
		r := example()
		r.Packages = nil
		if all := j.Propose(r, []Found{{"1.1.0", j.Apply("1.1.0", []Finding{f})[0]}}, map[string]bool{}); len(all) > 0 {
			t.Errorf("%+v: %+v", c, all)
		}
		text, err := jsonLine(recorded{"2026-11-01", f})
		if err != nil {
			t.Fatal(err)
		}
		record := ParseRecord("x", []byte(recordHeader+"\nday {\"date\":\"2026-11-01\"}\nscan {\"status\":\"complete\"}\nfinding "+text+"\n"))
		if len(record.Findings) != 1 || !strings.Contains(record.Findings[0].Message, "no component") {
			t.Errorf("%+v: %+v", c, record.Findings)
		}
	}
}

// TestCallsOfAnotherBuild: a report is about the modules that it names, in the versions in
// which it saw them.
func TestCallsOfAnotherBuild(t *testing.T) {
	report := `{"config":{"scan_level":"symbol","scan_mode":"source"}}
{"finding":{"osv":"GO-1","trace":[{"module":"golang.org/x/net","version":"v0.5.0","package":"golang.org/x/net/html"}]}}
{"finding":{"osv":"GO-1","trace":[{"module":"stdlib","version":"v1.20.1","package":"net/http","function":"Get"}]}}
{"finding":{"osv":"GO-2","trace":[{"module":"example.com/old"}]}}`
	c, err := ReadGovulncheck(strings.NewReader(report), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ id, purl, version, want string }{
		{"GO-1", "pkg:golang/golang.org/x/net@v0.5.0", "v0.5.0", "not-reachable"},
		{"GO-1", "pkg:golang/golang.org/x/net@0.5.0", "0.5.0", "not-reachable"},
		{"GO-1", "pkg:golang/Golang.org/x/net@v0.5.0#html", "v0.5.0", "not-reachable"},
		{"GO-1", "pkg:golang/golang.org/x/net@v0.6.0", "v0.6.0", ""}, // another build
		{"GO-1", "pkg:golang/golang.org/x/net", "", ""},
		{"GO-1", "pkg:golang/golang.org/x/text@v0.5.0", "v0.5.0", ""},
		{"GO-1", "pkg:golang/stdlib@1.20.1", "1.20.1", "reachable"},
		{"GO-1", "pkg:golang/std@go1.20.1", "go1.20.1", "reachable"},
		{"GO-1", "pkg:golang/stdlib@1.21.0", "1.21.0", ""},
		{"GO-2", "pkg:golang/example.com/old@v1.0.0", "v1.0.0", "not-reachable"}, // the report gives no version
	} {
		r, ok := c.Of(Finding{ID: x.id, Component: Component{PURL: x.purl, Version: x.version}})
		if ok != (x.want != "") || string(r.Result) != x.want {
			t.Errorf("%s in %s: %+v, want %q", x.id, x.purl, r, x.want)
		}
	}
	var all []Found
	for _, purl := range []string{"pkg:golang/stdlib@1.20.1", "pkg:golang/golang.org/x/net@v0.5.0"} {
		all = append(all, Found{Verdict: Verdict{Finding: Finding{ID: "GO-1", Component: Component{PURL: purl, Version: purl[strings.LastIndexByte(purl, '@')+1:]}}}})
	}
	if rules := c.Rules(all, "PSIRT", "", model.Date{}); len(rules) != 1 || !slices.Equal(rules[0].Packages, []string{"pkg:golang/golang.org/x/net"}) {
		t.Errorf("%+v", rules)
	}
}

// TestCallsDecideTheirOwn: the decisions of a report are about the components that it looked
// at, each of them, and about no other build of the same module.
func TestCallsDecideTheirOwn(t *testing.T) {
	report := `{"config":{"scan_level":"symbol","scan_mode":"source"}}
{"finding":{"osv":"GO-1","trace":[{"module":"golang.org/x/net","version":"v0.5.0"}]}}
{"finding":{"osv":"GO-1","trace":[{"module":"example.com/fork","version":"v1.0.0"}]}}`
	c, err := ReadGovulncheck(strings.NewReader(report), "report.json")
	if err != nil {
		t.Fatal(err)
	}
	j := NewJudge(read(t, pump), today)
	var list []Finding
	for _, version := range []string{"golang.org/x/net@v0.5.0", "golang.org/x/net@v0.4.0", "example.com/fork@v1.0.0"} {
		list = append(list, Finding{ID: "GO-1", Component: Component{PURL: "pkg:golang/" + version, Version: version[strings.IndexByte(version, '@')+1:]}})
	}
	var all []Found
	for _, v := range j.Apply("1.0", list) {
		all = append(all, Found{"1.0", v})
	}
	var decided []string
	for _, r := range c.Rules(all, "PSIRT", "", model.Date{}) {
		for _, p := range j.Propose(r, all, map[string]bool{}) {
			for _, a := range p.Answers {
				decided = append(decided, a.Finding.Component.PURL)
				if why := j.Holds(&p.Decision, "1.0", a.Finding); len(why) > 0 {
					t.Errorf("%v", why)
				}
			}
			if why := j.Holds(&p.Decision, "1.0", list[1]); len(why) == 0 {
				t.Errorf("%+v holds for another build", p.Decision)
			}
		}
	}
	if want := []string{list[0].Component.PURL, list[2].Component.PURL}; !slices.Equal(decided, want) {
		t.Errorf("%q, want %q", decided, want)
	}
}
