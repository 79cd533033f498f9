package collect

import (
	"testing"

	"theriac/evidence"
)

func TestGovulncheck(t *testing.T) { goldens(t, Find("govulncheck")) }

func FuzzGovulncheck(f *testing.F) { seeds(f, Find("govulncheck")) }

const govulnConfig = `{"config":{"protocol_version":"v1.0.0","scanner_name":"govulncheck","scan_level":"symbol"}}` + "\n"

func TestGovulncheckRefuses(t *testing.T) {
	refuses(t, Find("govulncheck"), refused{
		"empty":         {"", "the file is empty"},
		"blank":         {"\n", "no config message"},
		"no config":     {"{\"osv\":{\"id\":\"GO-1\"}}", "line 1: the config message stands first, and once"},
		"two configs":   {govulnConfig + govulnConfig, "line 2: the config message stands first, and once"},
		"protocol":      {`{"config":{"protocol_version":"v2.0.0","scanner_name":"govulncheck"}}`, `protocol "v2.0.0" is not read`},
		"cut":           {govulnConfig + "{\"finding\":\n{", "line 3: the input ends in the middle of a JSON value"},
		"no trace":      {govulnConfig + `{"finding":{"osv":"GO-1"}}`, "line 2: a finding without a vulnerability or a module"},
		"wrong type":    {govulnConfig + "{\"finding\":{\n\"osv\":7}}", "line 3: finding.osv is a JSON number"},
		"text between":  {govulnConfig + "go: downloading\n" + govulnConfig, "line 2: not JSON"},
		"wrong time":    {`{"config":{"protocol_version":"v1.0.0","scanner_name":"govulncheck","db_last_modified":"today"}}`, "line 1:"},
		"other streams": {`{"Action":"start","Package":"a"}`, "line 1: the config message stands first, and once"},
	})
}

func TestGovulncheckCut(t *testing.T) {
	cuts(t, Find("govulncheck"), "govulncheck/called.json", true)
}

// A stream that stops before the comparison, and one of nothing, say nothing.
func TestGovulncheckNothingLookedAt(t *testing.T) {
	const modules, checking = `{"SBOM":{"modules":[{"path":"stdlib"}]}}`, `{"progress":{"message":"Checking the code against the vulnerabilities..."}}`
	for data, want := range map[string]evidence.Outcome{
		govulnConfig:                      evidence.Open,
		govulnConfig + modules:            evidence.Open,
		govulnConfig + checking:           evidence.Open,
		govulnConfig + modules + checking: evidence.Pass,
	} {
		report, err := Find("govulncheck").Read(&Source{Data: []byte(data)})
		if err != nil || report.Whole != want {
			t.Errorf("%s: %+v, %v", data, report, err)
		}
	}
}

// A limit below the default makes what is not called fail as well, and leaves
// what is called without a grade.
func TestGovulncheckFailAt(t *testing.T) {
	in := source(t, "govulncheck/called.json")
	in.FailAt = evidence.Low
	report, err := Find("govulncheck").Read(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Cases {
		if c.Outcome != evidence.Fail {
			t.Errorf("%+v", c)
		}
	}
	if n := report.Details.Scan.Findings; n[unrated] != 1 || n[evidence.Low] != 2 {
		t.Errorf("counted %v", n)
	}
}
