package collect

import (
	"fmt"
	"strings"
	"testing"

	"theriac/evidence"
)

func TestOpenSCAP(t *testing.T) { goldens(t, Find("openscap")) }

const scapNS = `xmlns="http://checklists.nist.gov/xccdf/1.2"`

func scapOf(rules string) string {
	return `<TestResult ` + scapNS + ` start-time="2026-11-22T08:20:50Z" end-time="2026-11-22T08:20:51Z"><target>pump</target>` + "\n" + rules + `</TestResult>`
}

func TestOpenSCAPRefuses(t *testing.T) {
	refusesAll(t, Find("openscap"), map[string]refusal{
		"empty":        {"", 0, "empty"},
		"other root":   {"<html/>", 1, "not of XCCDF or ARF"},
		"no namespace": {"<TestResult/>", 1, "not of XCCDF or ARF"},
		"baseline":     {`<Benchmark ` + scapNS + `><Rule id="a"/></Benchmark>`, 0, "no test result"},
		"result":       {scapOf(`<rule-result idref="a"><result>maybe</result></rule-result>`), 0, `"maybe"`},
		"no result":    {scapOf(`<rule-result idref="a"/>`), 0, `""`},
		"no rule":      {scapOf(`<rule-result><result>pass</result></rule-result>`), 0, "does not name the rule"},
		"cut":          {strings.TrimSuffix(scapOf(""), "</TestResult>"), 2, "not well-formed"},
		"deep":         {`<Benchmark ` + scapNS + `>` + strings.Repeat("<a>", 200), 1, "nested"},
		"entity":       {`<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + scapOf("&x;"), 1, "declarations"},
	})
}

// The results of table 26 of XCCDF 1.2.
func TestOpenSCAPResults(t *testing.T) {
	for result, want := range map[string]evidence.Outcome{
		"pass": evidence.Pass, "fail": evidence.Fail, "error": evidence.Open, "unknown": evidence.Open, "notapplicable": evidence.Skips,
		"notchecked": evidence.Open, "informational": evidence.Skips, "fixed": evidence.Fail,
	} {
		for severity, fails := range map[string]bool{"high": true, "medium": true, "low": false, "info": false, "unknown": true, "": true} {
			r, err := Find("openscap").Read(&Source{Data: []byte(scapOf(fmt.Sprintf(`<rule-result idref="a" severity="%s"><result>%s</result></rule-result>`, severity, result)))})
			if err != nil {
				t.Fatal(err)
			}
			expect := want
			if want == evidence.Fail && !fails {
				expect = evidence.Pass
			}
			if len(r.Cases) != 1 || r.Cases[0].Outcome != expect || r.Whole != "" {
				t.Errorf("%s, severity %q: %+v, want %s", result, severity, r.Cases, expect)
			}
		}
	}
	r, err := Find("openscap").Read(&Source{Data: []byte(scapOf(`<rule-result idref="a"><result>notselected</result></rule-result>`))})
	if err != nil || len(r.Cases) != 0 || r.Whole != evidence.Open {
		t.Errorf("nothing selected: %+v, %v", r, err)
	}
}

func TestOpenSCAPInstances(t *testing.T) {
	one := `<rule-result idref="a" severity="high"><result>%s</result><instance>%s</instance></rule-result>`
	r, err := Find("openscap").Read(&Source{Data: []byte(scapOf(fmt.Sprintf(one, "pass", "/home") + fmt.Sprintf(one, "fail", "/tmp")))})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Cases) != 2 || r.Cases[0].ID != "a@/home" || r.Cases[0].Outcome != evidence.Pass || r.Cases[1].ID != "a@/tmp" || r.Cases[1].Outcome != evidence.Fail {
		t.Errorf("%+v", r.Cases)
	}
}

func TestOpenSCAPTool(t *testing.T) {
	for cpe, want := range map[string]string{
		"cpe:/a:redhat:openscap:1.3.7": "openscap 1.3.7", "cpe:2.3:a:redhat:openscap:1.3.7:*:*:*": "openscap 1.3.7", "": " ", "cpe:": " ", "x:y:z": " ",
	} {
		name, version := scapTool(cpe)
		if got := name + " " + version; got != want {
			t.Errorf("%q: %q, want %q", cpe, got, want)
		}
	}
}

func FuzzOpenSCAP(f *testing.F) { fuzzReader(f, Find("openscap"), "") }
