package collect

import (
	"testing"

	"theriac/evidence"
)

func TestOSVScanner(t *testing.T) { goldens(t, Find("osv-scanner")) }

func FuzzOSVScanner(f *testing.F) { seeds(f, Find("osv-scanner")) }

func TestOSVScannerRefuses(t *testing.T) {
	refuses(t, Find("osv-scanner"), refused{
		"empty":     {"", "the file is empty"},
		"nothing":   {"{}", "the report has no results"},
		"cut":       {"{\"results\":[\n{", "line 2: the input ends in the middle of a JSON value"},
		"type":      {"{\"results\":\n\"none\"}", "line 2: results is a JSON string"},
		"no name":   {`{"results":[{"packages":[{"package":{}}]}]}`, "a package has neither a name nor a commit"},
		"no ids":    {`{"results":[{"packages":[{"package":{"name":"a"},"groups":[{}]}]}]}`, "a group of vulnerabilities of a has no ids"},
		"ungrouped": {`{"results":[{"packages":[{"package":{"name":"a"},"vulnerabilities":[{"id":"GO-1"}]}]}]}`, "vulnerability GO-1 of a is in no group"},
	})
}

func TestOSVScannerCut(t *testing.T) {
	cuts(t, Find("osv-scanner"), "osv-scanner/go-module.json", false)
}

func TestOSVScannerSeverity(t *testing.T) {
	for name, c := range map[string]struct {
		group, record string
		outcome       evidence.Outcome
		severity      evidence.Severity
	}{
		"score":          {`,"max_severity":"7.2"`, "", evidence.Fail, evidence.High},
		"no score":       {`,"max_severity":""`, "", evidence.Fail, unrated},
		"vector":         {"", `,"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}]`, evidence.Pass, evidence.Low},
		"not called":     {`,"max_severity":"9.8","experimental_analysis":{"GO-1":{"called":false}}`, "", evidence.Pass, evidence.Low},
		"called":         {`,"max_severity":"9.8","experimental_analysis":{"GO-1":{"called":true}}`, "", evidence.Fail, evidence.Critical},
		"another called": {`,"max_severity":"9.8","experimental_analysis":{"GO-2":{"called":false}}`, "", evidence.Fail, evidence.Critical},
	} {
		data := `{"results":[{"packages":[{"package":{"name":"a","version":"1"},"groups":[{"ids":["GO-1"]` + c.group + `}],"vulnerabilities":[{"id":"GO-1"` + c.record + `}]}]}]}`
		report, err := Find("osv-scanner").Read(&Source{Data: []byte(data)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := report.Cases[0]; got.Outcome != c.outcome || got.Severity != c.severity || got.ID != "GO-1@a@1" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
