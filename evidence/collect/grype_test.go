package collect

import (
	"strings"
	"testing"

	"theriac/evidence"
)

func TestGrype(t *testing.T) { goldens(t, Find("grype")) }

func FuzzGrype(f *testing.F) { seeds(f, Find("grype")) }

func TestGrypeRefuses(t *testing.T) {
	const head = `{"descriptor":{"name":"grype","version":"0.110.0"},"matches":[`
	refuses(t, Find("grype"), refused{
		"empty":      {"", "the file is empty"},
		"no matches": {`{"descriptor":{"name":"grype"}}`, "no matches, or no descriptor"},
		"other tool": {`{"descriptor":{"name":"syft"},"matches":[]}`, "no matches, or no descriptor"},
		"cut":        {head + "\n{", "line 2: the input ends in the middle of a JSON value"},
		"no id":      {head + `{"artifact":{"name":"a"}}]}`, "a match without a vulnerability or a component"},
		"wrong type": {head + "\n{\"artifact\":[]}]}", "line 2: matches.artifact is a JSON array"},
	})
}

func TestGrypeOutcomes(t *testing.T) {
	for match, want := range map[string]struct {
		outcome  evidence.Outcome
		severity evidence.Severity
	}{
		`"matches":[{"vulnerability":{"id":"X","severity":"High"},%}]`:                                                                          {evidence.Fail, evidence.High},
		`"matches":[{"vulnerability":{"id":"X","severity":"Negligible"},%}]`:                                                                    {evidence.Pass, evidence.Info},
		`"matches":[{"vulnerability":{"id":"X","severity":"Unknown"},%}]`:                                                                       {evidence.Fail, unrated},
		`"matches":[{"vulnerability":{"id":"X","severity":"Unknown","cvss":[{"vector":"CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"}]},%}]`:    {evidence.Pass, evidence.Low},
		`"matches":[],"ignoredMatches":[{"vulnerability":{"id":"X","severity":"High"},%,"appliedIgnoreRules":[{"vulnerability":"X"}]}]`:         {evidence.Skips, evidence.High},
		`"matches":[],"ignoredMatches":[{"vulnerability":{"id":"X","severity":"High"},%,"appliedIgnoreRules":[{"vex-status":"not_affected"}]}]`: {evidence.Pass, evidence.High},
	} {
		report, err := readGrypeText(match)
		if err != nil || len(report.Cases) != 1 || report.Cases[0].Outcome != want.outcome || report.Cases[0].Severity != want.severity {
			t.Errorf("%s: %+v, %v", match, report, err)
		}
	}
}

// Without matches, only what the report names was looked at.
func TestGrypeWithoutMatches(t *testing.T) {
	for rest, want := range map[string]evidence.Outcome{
		`"matches":[]`: evidence.Open,
		`"matches":[],"source":{"type":"directory","target":"/app"}`:           evidence.Open,
		`"matches":[],"source":{"type":"purl","target":"pkg:npm/a@1"}`:         evidence.Pass,
		`"matches":[],"distro":{"name":"debian","version":"12"}`:               evidence.Pass,
		`"matches":[],"distro":{"name":"debian","version":"12"},"broken":true`: evidence.Open,
	} {
		report, err := readGrypeText(rest)
		if err != nil || report.Whole != want {
			t.Errorf("%s: %+v, %v", rest, report, err)
		}
	}
}

// readGrypeText reads members of a report; % stands for a component, and a
// member "broken" for a database that is not valid.
func readGrypeText(members string) (*Report, error) {
	db := `{"status":{"schemaVersion":"v6.1.4","built":"2026-08-22T00:00:00Z","valid":true}}`
	if strings.Contains(members, `"broken"`) {
		db = strings.Replace(db, "true", "false", 1)
	}
	members = strings.ReplaceAll(members, "%", `"artifact":{"name":"a","version":"1"}`)
	return Find("grype").Read(&Source{Data: []byte(`{` + members + `,"descriptor":{"name":"grype","version":"0.110.0","db":` + db + `}}`)})
}
