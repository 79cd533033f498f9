package collect

import (
	"strings"
	"testing"

	"theriac/evidence"
)

func TestZAP(t *testing.T) { goldens(t, Find("zap")) }

func FuzzZAP(f *testing.F) { seeds(f, Find("zap")) }

func TestZAPRefuses(t *testing.T) {
	const head = `{"@programName":"ZAP","@version":"2.16.1","site":[`
	refuses(t, Find("zap"), refused{
		"empty":      {"", "the file is empty"},
		"no sites":   {`{"@programName":"ZAP","@version":"2.16.1"}`, "no sites, or no version of ZAP"},
		"no version": {`{"@programName":"ZAP","site":[]}`, "no sites, or no version of ZAP"},
		"cut":        {head + "\n{", "line 2: the input ends in the middle of a JSON value"},
		"other kind": {"{\"@programName\":\"ZAP\",\"@version\":\"2.16.1\",\n\"site\":\"http://a\"}", "line 2: site is a JSON string"},
		"no rule":    {head + `{"@name":"http://a","alerts":[{"name":"X","riskcode":"2"}]}]}`, `alert "X" on http://a has no rule`},
		"risk":       {head + `{"@name":"http://a","alerts":[{"pluginid":"1","riskcode":"4"}]}]}`, `or the risk "4"`},
	})
}

func TestZAPCut(t *testing.T) { cuts(t, Find("zap"), "zap/traditional.json", false) }

func TestZAPNothingLookedAt(t *testing.T) {
	report, err := Find("zap").Read(&Source{Data: []byte(`{"@programName":"ZAP","@version":"2.16.1","site":[]}`)})
	if err != nil || report.Whole != evidence.Open {
		t.Errorf("%+v, %v", report, err)
	}
}

// Addresses may carry a session or a patient in their query.
func TestZAPLeavesOutQueries(t *testing.T) {
	report, err := Find("zap").Read(source(t, "zap/traditional.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range report.Cases {
		if strings.Contains(c.At, "session") {
			t.Errorf("%s", c.At)
		}
	}
}

func TestZAPFailAt(t *testing.T) {
	for failAt, want := range map[evidence.Severity]int{"": 2, evidence.High: 1, evidence.Info: 3} {
		in := source(t, "zap/traditional.json")
		in.FailAt = failAt
		report, err := Find("zap").Read(in)
		if err != nil {
			t.Fatal(err)
		}
		failed := 0
		for _, c := range report.Cases {
			if c.Outcome == evidence.Fail {
				failed++
			}
		}
		if failed != want {
			t.Errorf("from %q on, %d fail, want %d", failAt, failed, want)
		}
	}
}
