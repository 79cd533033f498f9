package triage

import (
	"os"
	"slices"
	"strings"
	"testing"

	"theriac/diag"
	"theriac/model"
)

// found are findings of two releases in two packages of one source, and another.
func found(j *Judge) []Found {
	ssl, tool, curl := openssl(), openssl(), openssl()
	tool.Component.PURL = "pkg:deb/debian/openssl@3.0.11-1?distro=debian-12"
	curl.ID, curl.Aliases, curl.Component = "DSA-5000-1", []string{"CVE-2024-1", "CVE-2024-2"}, Component{PURL: "pkg:deb/debian/curl@7.1", Version: "7.1"}
	var all []Found
	for _, release := range []string{"1.0.0", "1.1.0"} {
		for _, v := range j.Apply(release, []Finding{ssl, tool, curl}) {
			all = append(all, Found{release, v})
		}
	}
	return all
}

func example() *Rule {
	return &Rule{Status: "not-affected", Justification: "vulnerable-code-not-in-execute-path", Reason: "Nothing calls it.", By: "PSIRT", Vulnerability: "CVE-2024-6119"}
}

// TestPropose: one decision for all components and releases of which the same is known,
// and it holds.
func TestPropose(t *testing.T) {
	j := NewJudge(read(t, pump), today)
	taken := map[string]bool{"vx-cve-2024-6119": true}
	all := j.Propose(example(), found(j), taken)
	if len(all) != 1 || len(all[0].Answers) != 4 {
		t.Fatalf("%+v", all)
	}
	d := &all[0].Decision
	if d.ID != "vx-cve-2024-6119-2" || d.Vulnerability != "CVE-2024-6119" || !slices.Equal(d.Packages, []string{"pkg:deb/debian/libssl3", "pkg:deb/debian/openssl"}) ||
		!slices.Equal(d.Known.Versions, []string{"3.0.11-1"}) || d.Known.EPSS != "0.02" || d.Known.Exploited != model.No || d.Known.Exposure == "" || d.Date != today {
		t.Errorf("%+v", d)
	}
	for _, a := range all[0].Answers {
		if why := j.Holds(d, a.Release, a.Finding); len(why) > 0 && why[0].Kind != ExposureChanged {
			t.Errorf("%v", why)
		}
	}

	r := example()
	r.Vulnerability, r.Packages, r.Releases = "", []string{"pkg:deb/debian/*"}, "1.1.0"
	all = j.Propose(r, found(j), map[string]bool{})
	if len(all) != 2 || all[0].Decision.Vulnerability != "CVE-2024-6119" || all[1].Decision.Vulnerability != "CVE-2024-1" || len(all[0].Answers) != 2 {
		t.Errorf("one for each vulnerability: %+v", all)
	}

	r.Justification = "component-not-present"
	if all = j.Propose(r, found(j), map[string]bool{}); len(all) != 1 || all[0].Decision.Vulnerability != "*" || len(all[0].Answers) != 3 || all[0].Decision.Known.Ranges != "" {
		t.Errorf("one for all: %+v", all)
	}
	r.Versions = ">=8"
	if all = j.Propose(r, found(j), map[string]bool{}); len(all) != 0 {
		t.Errorf("versions that are not there: %+v", all)
	}
}

// TestProposeApart: components of which different things are known need decisions of
// their own, or one would be open again at once.
func TestProposeApart(t *testing.T) {
	j := NewJudge(read(t, pump), today)
	a, b := openssl(), openssl()
	b.Component.PURL, b.Fixed = "pkg:apk/alpine/openssl@3.1", []string{"3.1.7-r0"}
	var all []Found
	for _, v := range j.Apply("", []Finding{a, b}) {
		all = append(all, Found{"", v})
	}
	if p := j.Propose(example(), all, map[string]bool{}); len(p) != 2 || p[0].Decision.ID == p[1].Decision.ID {
		t.Errorf("%+v", p)
	}
}

func TestRuleCheck(t *testing.T) {
	for says, change := range map[string]func(*Rule){
		"":                        func(*Rule) {},
		"neither a vulnerability": func(r *Rule) { r.Vulnerability = "*" },
		"is no status":            func(r *Rule) { r.Status = "safe" },
		"is no justification":     func(r *Rule) { r.Justification = "lucky" },
		"needs a justification":   func(r *Rule) { r.Justification = "" },
		"only not-affected":       func(r *Rule) { r.Status = "fixed" },
		"needs an action":         func(r *Rule) { r.Status, r.Justification = "affected", "" },
		"gives no reason":         func(r *Rule) { r.Reason = " " },
		"no version follows":      func(r *Rule) { r.Versions = ">=" },
		"is empty":                func(r *Rule) { r.Releases = " " },
	} {
		r := example()
		change(r)
		if err := r.Check(); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

func TestReadRules(t *testing.T) {
	rules, findings := ReadRules("rules.yaml", []byte(`
rules:
  no-x11:
    packages: ["pkg:deb/debian/libx11-*"]
    status: not-affected
    justification: component-not-present
    reason: The packages are in the build image alone.
  later:
    vulnerability: CVE-2024-1
    status: under-investigation
    reason: We look at it.
`))
	if findings.Worst(diag.Error) || len(rules) != 2 || rules[0].ID != "no-x11" || rules[0].Check() != nil || rules[1].Vulnerability != "CVE-2024-1" {
		t.Errorf("%+v %+v", rules, findings)
	}
	for _, bad := range []string{"", "rules: 1\n", "rules:\n  a: {status: safe, reason: x}\n", "rules:\n  a: {reason: x}\n", "other: 1\n"} {
		if _, findings := ReadRules("rules.yaml", []byte(bad)); !findings.Worst(diag.Error) {
			t.Errorf("%q is taken", bad)
		}
	}
}

// FuzzRules: no file of rules is too strange.
func FuzzRules(f *testing.F) {
	f.Add([]byte("rules:\n  a:\n    packages: [x]\n    status: fixed\n    reason: y\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rules, findings := ReadRules("rules.yaml", data)
		if len(rules) == 0 && len(findings) == 0 {
			t.Fatal("nothing was read and nothing was said")
		}
		for _, r := range rules {
			_ = r.Check()
		}
	})
}

func TestGovulncheck(t *testing.T) {
	open := func(name string) *Calls {
		f, err := os.Open("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c, err := ReadGovulncheck(f, name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	gjson := func(id string) Finding {
		return Finding{ID: id, Component: Component{PURL: "pkg:golang/github.com/tidwall/gjson@v1.6.5", Version: "v1.6.5"}}
	}
	text := func(id string) Finding {
		return Finding{ID: id, Component: Component{PURL: "pkg:golang/golang.org/x/text@v0.3.0", Version: "v0.3.0"}}
	}
	c := open("govulncheck-source.json")
	if r, ok := c.Of(gjson("GO-2021-0265")); !ok || r.Result != "reachable" || !strings.HasPrefix(r.Detail, "path of calls: golang.org/vuln.") || !strings.Contains(r.Detail, "github.com/tidwall/gjson.Result.Get") {
		t.Errorf("%+v", r)
	}
	if r, ok := c.Of(text("GO-2021-0113")); !ok || r.Result != "not-reachable" || r.Detail != "package golang.org/x/text/language is imported, and no path of calls leads to its vulnerable functions" {
		t.Errorf("%+v", r)
	}
	if r, ok := c.Of(text("GO-2020-0015")); !ok || r.Result != "not-reachable" || r.Detail != "module golang.org/x/text is required, and none of its vulnerable packages is imported" {
		t.Errorf("%+v", r)
	}
	if _, ok := c.Of(gjson("GO-1999-0001")); ok {
		t.Error("what the report does not name is answered")
	}
	if _, ok := c.Of(Finding{ID: "GO-2021-0265", Component: Component{PURL: "pkg:npm/gjson@1"}}); ok {
		t.Error("a package of another language is answered")
	}
	j := NewJudge(read(t, pump), today)
	var all []Found
	for _, v := range j.Apply("", []Finding{gjson("GO-2021-0265"), text("GO-2021-0113")}) {
		all = append(all, Found{"", v})
	}
	rules := c.Rules(all, "PSIRT", "", model.Date{})
	if len(rules) != 1 || rules[0].Vulnerability != "GO-2021-0113" || rules[0].Check() != nil || rules[0].Reachability.Source != "govulncheck-source.json" {
		t.Errorf("%+v", rules)
	}

	b := open("govulncheck-binary.json")
	if r, ok := b.Of(gjson("GO-2021-0265")); !ok || r.Result != "reachable" || !strings.Contains(r.Detail, "cannot be told") {
		t.Errorf("%+v", r)
	}
	if r, ok := b.Of(text("GO-2021-0113")); !ok || r.Result != "not-present" {
		t.Errorf("%+v", r)
	}
	module, err := os.ReadFile("testdata/govulncheck-module.json")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("testdata/govulncheck-source.json")
	if err != nil {
		t.Fatal(err)
	}
	for says, report := range map[string]string{
		"only level symbol": string(module), "no configuration": "{}", "cannot be read": string(source[:len(source)-40]), "two configurations": string(source) + string(source),
		"before the configuration": `{"finding":{"osv":"GO-1","trace":[{"module":"x"}]}}`, "is of mode": `{"config":{"scan_level":"symbol","scan_mode":"query"}}`,
	} {
		if _, err := ReadGovulncheck(strings.NewReader(report), "x"); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// FuzzGovulncheck: no report is too strange.
func FuzzGovulncheck(f *testing.F) {
	f.Add(`{"config":{"scan_level":"symbol","scan_mode":"source"}}{"finding":{"osv":"GO-1","trace":[{"module":"x","package":"x","function":"F","receiver":"*T"}]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ReadGovulncheck(strings.NewReader(text), "x")
		if err == nil && c.Mode == "" {
			t.Fatal("no mode")
		}
	})
}
