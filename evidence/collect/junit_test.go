package collect

import (
	"slices"
	"testing"

	junit "github.com/joshdk/go-junit"

	"theriac/evidence"
)

func TestJUnit(t *testing.T) { goldens(t, Find("junit")) }

// A library of the format sees the same tests, apart from those that were not
// run, which it takes as passed.
func TestJUnitAgreesWithLibrary(t *testing.T) {
	same := map[junit.Status][]evidence.Outcome{
		junit.StatusPassed: {evidence.Pass, evidence.Skips}, junit.StatusSkipped: {evidence.Skips, evidence.Open},
		junit.StatusFailed: {evidence.Fail}, junit.StatusError: {evidence.Open},
	}
	for _, path := range inputs(t, "junit") {
		in := source(t, path)
		suites, err := junit.Ingest(in.Data)
		if err != nil {
			t.Fatal(err)
		}
		report, err := Find("junit").Read(in)
		if err != nil {
			t.Fatal(err)
		}
		cases := slices.DeleteFunc(report.Cases, func(c Case) bool { return c.ID == "all suites" || len(c.ID) > 6 && c.ID[:6] == "suite " })
		var tests []junit.Test
		for _, s := range suites {
			tests = append(tests, s.Tests...)
		}
		if len(tests) != len(cases) {
			t.Fatalf("%s: %d tests, the library has %d", path, len(cases), len(tests))
		}
		for i, test := range tests {
			if !slices.Contains(same[test.Status], cases[i].Outcome) {
				t.Errorf("%s: %s is %s, the library has %s", path, cases[i].ID, cases[i].Outcome, test.Status)
			}
		}
	}
}

func TestJUnitOutcomes(t *testing.T) {
	for body, want := range map[string]evidence.Outcome{
		`<testcase name="a"/>`: evidence.Pass,
		`<testcase name="a"><failure message="x"/><skipped/></testcase>`: evidence.Fail,
		`<testcase name="a"><error message="x"/><failure/></testcase>`:   evidence.Fail,
		`<testcase name="a"><error/></testcase>`:                         evidence.Open,
		`<testcase name="a"><skipped/></testcase>`:                       evidence.Skips,
		`<testcase name="a" status="notrun"/>`:                           evidence.Skips,
		`<testcase name="a" status="failed"/>`:                           evidence.Fail,
		`<testcase name="a" status="disabled"/>`:                         evidence.Skips,
		`<testcase name="a"><flakyFailure message="x"/></testcase>`:      evidence.Pass,
		`<failure message="the suite broke"/>`:                           evidence.Fail,
		`<error message="the suite broke"/>`:                             evidence.Open,
	} {
		report, err := Find("junit").Read(&Source{Data: []byte(`<testsuite name="s">` + body + `</testsuite>`)})
		if err != nil {
			t.Fatal(body, err)
		}
		if len(report.Cases) != 1 || report.Cases[0].Outcome != want {
			t.Errorf("%s is %+v, not %s", body, report.Cases, want)
		}
	}
}

func TestJUnitContradictions(t *testing.T) {
	for data, id := range map[string]string{
		`<testsuite name="s" failures="1"><testcase name="a"/></testsuite>`:                               "suite s",
		`<testsuites errors="1"><testsuite><testcase name="a"/></testsuite></testsuites>`:                 "all suites",
		`<testsuite name="s" tests="1" failures="0"><testcase name="a"/><testcase name="b"/></testsuite>`: "suite s",
	} {
		report, err := Find("junit").Read(&Source{Data: []byte(data)})
		if err != nil {
			t.Fatal(err)
		}
		last := report.Cases[len(report.Cases)-1]
		if last.ID != id || last.Outcome != evidence.Open {
			t.Errorf("%s: got %+v", data, last)
		}
	}
}

func TestJUnitWithoutTests(t *testing.T) {
	report, err := Find("junit").Read(&Source{Data: []byte(`<testsuites><testsuite name="none" tests="0"/></testsuites>`)})
	if err != nil || report.Whole != evidence.Open || len(report.Cases) != 0 {
		t.Errorf("got %+v, %v", report, err)
	}
}

// Times count only with their zone.
func TestJUnitTimes(t *testing.T) {
	for stamp, want := range map[string]string{
		"2026-03-01T10:00:00": "", "2026-03-01T10:00:00+02:00": "2026-03-01T08:00:00Z", "0001-01-01T00:00:00Z": "", "yesterday": "",
	} {
		report, err := Find("junit").Read(&Source{Data: []byte(`<testsuite timestamp="` + stamp + `" time="61.5"><testcase name="a"/></testsuite>`)})
		if err != nil {
			t.Fatal(err)
		}
		if want == "" && !(report.Started.IsZero() && report.Finished.IsZero()) {
			t.Errorf("%s: got %v to %v", stamp, report.Started, report.Finished)
		}
		if want != "" && (timeOf(want) != report.Started || report.Finished.Sub(report.Started).Seconds() != 61) {
			t.Errorf("%s: got %v to %v", stamp, report.Started, report.Finished)
		}
	}
}

func TestJUnitRefuses(t *testing.T) {
	refuses(t, Find("junit"), refused{
		"empty":         {"", "empty"},
		"blank":         {" \n", "no XML element"},
		"no xml":        {"tests: 3\n", "text outside"},
		"html":          {"<html/>", "line 1: the root element is <html>"},
		"cut":           {"<testsuite>\n<testcase name='a'>\n", "line 3: not well-formed"},
		"second root":   {"<testsuite/>\n<testsuite/>", "line 2: a second root"},
		"entity":        {"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><testsuite name='&x;'/>", "declarations"},
		"unknown":       {"<testsuite name='&x;'/>", "not well-formed"},
		"encoding":      {"<?xml version='1.0' encoding='utf-16'?><testsuite/>", "encoding"},
		"no name":       {"<testsuite>\n<testcase/></testsuite>", "line 2: a <testcase> has no name"},
		"nested":        {"<testsuite><testcase name='a'><testcase name='b'/></testcase></testsuite>", "does not belong"},
		"no number":     {"<testsuite failures='some'/>", `failures="some"`},
		"minus":         {"<testsuite tests='-1'/>", "no number"},
		"deep":          {deepXML("testsuite"), "nested more than"},
		"two encodings": {"\xff\xfe<testsuite/>", ""},
	})
}

func deepXML(name string) string {
	var b []byte
	for range maxDepth + 1 {
		b = append(b, "<"+name+">"...)
	}
	return string(b)
}

func TestJUnitCut(t *testing.T) { cuts(t, Find("junit"), "junit/pytest.xml", false) }

func FuzzJUnit(f *testing.F) { seeds(f, Find("junit")) }
