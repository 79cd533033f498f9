package collect

import (
	"testing"

	"theriac/evidence"
	"theriac/model"
)

func TestTrivy(t *testing.T) { goldens(t, Find("trivy")) }

func FuzzTrivy(f *testing.F) { seeds(f, Find("trivy")) }

func TestTrivyRefuses(t *testing.T) {
	const head = `{"SchemaVersion":2,"Results":[`
	refuses(t, Find("trivy"), refused{
		"empty":            {"", "the file is empty"},
		"schema":           {`{"SchemaVersion":1,"Results":[]}`, "schema 1 is not read, only 2"},
		"no schema":        {`{"Results":[]}`, "schema 0 is not read, only 2"},
		"cut":              {head + "\n{", "line 2: the input ends in the middle of a JSON value"},
		"vulnerability":    {head + `{"Target":"go.mod","Vulnerabilities":[{"PkgName":"a"}]}]}`, "go.mod: a vulnerability without an id or a package"},
		"misconfiguration": {head + `{"Target":"Dockerfile","Misconfigurations":[{"Status":"FAIL"}]}]}`, "Dockerfile: a misconfiguration without an id"},
		"status":           {head + `{"Target":"Dockerfile","Misconfigurations":[{"ID":"DS002","Status":"MAYBE"}]}]}`, `"MAYBE" is no status`},
		"secret":           {head + `{"Target":"a.sh","Secrets":[{"Severity":"HIGH"}]}]}`, "a.sh: a secret without a rule"},
		"left out":         {head + `{"Target":"go.mod","ExperimentalModifiedFindings":[{"Type":"vulnerability","Finding":[]}]}]}`, "go.mod: a finding that was left out cannot be read"},
	})
}

func TestTrivyCut(t *testing.T) { cuts(t, Find("trivy"), "trivy/dockerfile.json", false) }

func TestTrivyOutcomes(t *testing.T) {
	vulnerability := func(rest string) string {
		return `{"Class":"lang-pkgs","Vulnerabilities":[{"VulnerabilityID":"X","PkgName":"a",` + rest + `}]}`
	}
	modified := func(status string) string {
		return `{"ExperimentalModifiedFindings":[{"Type":"vulnerability","Status":"` + status + `","Finding":{"VulnerabilityID":"X","PkgName":"a","Severity":"HIGH"}}]}`
	}
	setting := func(status string) string {
		return `{"Class":"config","Misconfigurations":[{"ID":"X","Severity":"HIGH","Status":"` + status + `"}]}`
	}
	for result, want := range map[string]evidence.Outcome{
		vulnerability(`"Severity":"HIGH"`):                         evidence.Fail,
		vulnerability(`"Severity":"LOW"`):                          evidence.Pass,
		vulnerability(`"Severity":"UNKNOWN"`):                      evidence.Fail,
		vulnerability(`"Severity":"HIGH","Status":"not_affected"`): evidence.Pass,
		vulnerability(`"Severity":"HIGH","Status":"fixed"`):        evidence.Fail,
		vulnerability(`"Severity":"HIGH","Status":"will_not_fix"`): evidence.Fail,
		modified("ignored"):                                        evidence.Skips,
		modified("not_affected"):                                   evidence.Pass,
		modified("fixed"):                                          evidence.Pass,
		modified("under_investigation"):                            evidence.Open,
		modified("affected"):                                       evidence.Fail,
		setting("FAIL"):                                            evidence.Fail,
		setting("PASS"):                                            evidence.Pass,
		setting("EXCEPTION"):                                       evidence.Skips,
	} {
		report, err := Find("trivy").Read(&Source{Data: []byte(`{"SchemaVersion":2,"Results":[` + result + `]}`)})
		if err != nil || len(report.Cases) != 1 || report.Cases[0].Outcome != want {
			t.Errorf("%s: %+v, %v; want %s", result, report, err, want)
		}
	}
}

// A report is of the kind of what was looked at, and of nothing it is no pass.
func TestTrivyKinds(t *testing.T) {
	for results, want := range map[string]struct {
		kind  model.EvidenceKind
		whole evidence.Outcome
	}{
		"":                    {"", evidence.Open},
		`{"Class":"os-pkgs"}`: {"", evidence.Open},
		`{"Class":"os-pkgs","Packages":[{"Name":"a"}]}`:                                         {"", evidence.Pass},
		`{"Class":"config","Type":"dockerfile"}`:                                                {"configuration-scan", evidence.Open},
		`{"Class":"config","Type":"dockerfile","MisconfSummary":{"Successes":20,"Failures":0}}`: {"configuration-scan", evidence.Pass},
		`{"Class":"secret"}`: {"static-analysis", evidence.Open},
		`{"Class":"os-pkgs","Packages":[{"Name":"a"}]},{"Class":"config","MisconfSummary":{"Successes":20,"Failures":0}},{"Class":"secret"}`: {"", evidence.Pass},
	} {
		report, err := Find("trivy").Read(&Source{Data: []byte(`{"SchemaVersion":2,"Results":[` + results + `]}`)})
		if err != nil || report.Kind != want.kind || report.Whole != want.whole {
			t.Errorf("%s: %+v, %v", results, report, err)
		}
	}
}
