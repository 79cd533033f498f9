package collect

import (
	"strings"
	"testing"

	"theriac/evidence"
)

func TestSARIF(t *testing.T) { goldens(t, Find("sarif")) }

// sarifOf makes a log with one run of a tool that has one rule.
func sarifOf(result, more string) *Source {
	return &Source{Name: "a.sarif", Data: []byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"tool","rules":[
		{"id":"other"},{"id":"R1","defaultConfiguration":{"level":"error"},"messageStrings":{"m":{"text":"{0} is unsafe"}}},
		{"id":"R2","properties":{"security-severity":"9.8","tags":["VER-001"]}}]}},"results":[` + result + `]` + more + `}]}`)}
}

func TestSARIFResults(t *testing.T) {
	at := `"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a%20b.c"},"region":{"startLine":3}}}]`
	for result, want := range map[string]Case{
		`{"ruleId":"R1","message":{"text":"x"}}`:                                                             {ID: "R1", Title: "x", Outcome: evidence.Fail, Severity: evidence.High},
		`{"ruleIndex":1,"message":{"id":"m","arguments":["gets"]},` + at + `}`:                               {ID: "R1@a b.c:3", Title: "gets is unsafe", Outcome: evidence.Fail, Severity: evidence.High, At: "a b.c:3"},
		`{"ruleId":"R1/1","message":{"text":"x"}}`:                                                           {ID: "R1/1", Title: "x", Outcome: evidence.Fail, Severity: evidence.High},
		`{"message":{"text":"x"}}`:                                                                           {ID: "no rule", Title: "x", Outcome: evidence.Fail, Severity: evidence.Medium},
		`{"ruleId":"R2","level":"note","message":{"text":"x"}}`:                                              {ID: "R2", Title: "x", Outcome: evidence.Fail, Severity: evidence.Critical},
		`{"ruleId":"n","level":"note","message":{"text":"x"}}`:                                               {ID: "n", Title: "x", Outcome: evidence.Pass, Severity: evidence.Low},
		`{"ruleId":"n","kind":"informational","message":{"text":"x"}}`:                                       {ID: "n", Title: "x", Outcome: evidence.Pass, Severity: evidence.Info},
		`{"ruleId":"n","level":"odd","message":{"text":"x"}}`:                                                {ID: "n", Title: "x", Outcome: evidence.Fail, Severity: unrated},
		`{"ruleId":"R1","kind":"pass","message":{"text":"x"}}`:                                               {ID: "R1", Title: "x", Outcome: evidence.Pass},
		`{"ruleId":"R1","kind":"notApplicable","message":{"text":"x"}}`:                                      {ID: "R1", Title: "x", Outcome: evidence.Skips},
		`{"ruleId":"R1","kind":"open","message":{"text":"x"}}`:                                               {ID: "R1", Title: "x", Outcome: evidence.Open},
		`{"ruleId":"R1","kind":"review","message":{"text":"x"}}`:                                             {ID: "R1", Title: "x", Outcome: evidence.Open},
		`{"ruleId":"R1","message":{"text":"x"},"suppressions":[{"kind":"external","status":"underReview"}]}`: {ID: "R1", Title: "x", Outcome: evidence.Fail, Severity: evidence.High},
		`{"ruleId":"R1","message":{"text":"x"},` + at + `,"fingerprints":{"v1":"requires login"}}`:           {ID: "R1@a b.c:3", Title: "x", Outcome: evidence.Fail, Severity: evidence.High, At: "a b.c:3"},
		`{"ruleId":"R1","message":{"text":"x"},` + at + `,"partialFingerprints":{"v1":"0123456789abcdef"}}`:  {ID: "R1@a b.c#144a41459c37", Title: "x", Outcome: evidence.Fail, Severity: evidence.High, At: "a b.c:3"},
	} {
		report, err := Find("sarif").Read(sarifOf(result, ""))
		if err != nil {
			t.Fatal(result, err)
		}
		if len(report.Cases) != 1 {
			t.Errorf("%s: %d checks", result, len(report.Cases))
			continue
		}
		got := report.Cases[0]
		got.Items = nil
		if got.ID != want.ID || got.Title != want.Title || got.Outcome != want.Outcome || got.Severity != want.Severity || got.At != want.At {
			t.Errorf("%s\n got %+v\nwant %+v", result, got, want)
		}
	}
}

// A fingerprint keeps the name of a finding when its line moves.
func TestSARIFFingerprint(t *testing.T) {
	id := func(line, print string) string {
		report, err := Find("sarif").Read(sarifOf(`{"ruleId":"R1","message":{"text":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"a.c"},"region":{"startLine":`+line+`}}}],"partialFingerprints":{"v1":"`+print+`"}}`, ""))
		if err != nil {
			t.Fatal(err)
		}
		return report.Cases[0].ID
	}
	if id("3", "0123456789") != id("40", "0123456789") {
		t.Error("the line changes the name")
	}
	if id("3", "0123456789") == id("3", "0123456780") {
		t.Error("another fingerprint has the same name")
	}
}

func TestSARIFSilenced(t *testing.T) {
	for _, result := range []string{
		`{"ruleId":"R1","message":{"text":"x"},"suppressions":[{"kind":"inSource"}]}`,
		`{"ruleId":"R1","message":{"text":"x"},"baselineState":"absent"}`,
	} {
		report, err := Find("sarif").Read(sarifOf(result, ""))
		if err != nil || report.Whole != evidence.Pass || len(report.Cases) != 0 {
			t.Errorf("%s: got %+v, %v", result, report, err)
		}
	}
}

// A run of which not everything is known is inconclusive.
func TestSARIFRuns(t *testing.T) {
	for more, title := range map[string]string{
		`,"invocations":[{"executionSuccessful":false}]`: "the tool did not end well",
		`,"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error","message":{"text":"cannot parse"}}]}]`: "the tool reports an error: cannot parse",
		`,"externalPropertyFileReferences":{"results":[{"location":{"uri":"b.sarif"}}]}`:                                                   "results of the run are in another file",
	} {
		report, err := Find("sarif").Read(sarifOf("", more))
		if err != nil || len(report.Cases) != 1 || report.Cases[0].Outcome != evidence.Open || report.Cases[0].Title != title {
			t.Errorf("%s: got %+v, %v", more, report, err)
		}
	}
	for _, data := range []string{
		`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"tool"}}}]}`,
		`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"tool"}},"results":null}]}`,
	} {
		report, err := Find("sarif").Read(&Source{Data: []byte(data)})
		if err != nil || len(report.Cases) != 1 || report.Cases[0].Outcome != evidence.Open {
			t.Errorf("%s: got %+v, %v", data, report, err)
		}
	}
	report, err := Find("sarif").Read(&Source{Data: []byte(`{"version":"2.1.0","runs":[]}`)})
	if err != nil || report.Whole != evidence.Open {
		t.Errorf("no runs: got %+v, %v", report, err)
	}
}

func TestSARIFLimit(t *testing.T) {
	in := sarifOf(`{"ruleId":"x","level":"warning","message":{"text":"x"}}`, "")
	in.FailAt = evidence.High
	report, err := Find("sarif").Read(in)
	if err != nil || report.Cases[0].Outcome != evidence.Pass || report.Details.Analysis.FailAt != evidence.High {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestSARIFDynamic(t *testing.T) {
	for uri, want := range map[string]string{"https://pump.example/login": "dynamic-analysis", "src/login.c": ""} {
		report, err := Find("sarif").Read(sarifOf(`{"ruleId":"x","message":{"text":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"`+uri+`"}}}]}`, ""))
		if err != nil || string(report.Kind) != want {
			t.Errorf("%s: got %q, %v", uri, report.Kind, err)
		}
	}
}

// Absolute paths are those of the machine; files of one name stay apart.
func TestSARIFPaths(t *testing.T) {
	result := func(uri string) string {
		return `{"ruleId":"x","message":{"text":"x"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"` + uri + `"},"region":{"startLine":1}}}]}`
	}
	report, err := Find("sarif").Read(sarifOf(result("file:///home/me/a/x.c")+","+result("file:///home/me/b/x.c"), ""))
	if err != nil || len(report.Cases) != 2 || report.Cases[0].At != "a/x.c:1" || report.Cases[1].At != "b/x.c:1" {
		t.Errorf("got %+v, %v", report, err)
	}
}

func TestSARIFRefuses(t *testing.T) {
	refuses(t, Find("sarif"), refused{
		"empty":       {"", "empty"},
		"cut":         {`{"version":"2.1.0",` + "\n" + `"runs":[`, "line 2"},
		"version":     {`{"version":"2.0.0","runs":[]}`, `"2.0.0"`},
		"no version":  {`{"runs":[]}`, "version"},
		"no tool":     {`{"version":"2.1.0","runs":[{}]}`, "run 1 names no tool"},
		"null run":    {`{"version":"2.1.0","runs":[null]}`, "run 1 names no tool"},
		"null result": {string(sarifOf("null", "").Data), "result 1 of tool is null"},
		"kind":        {string(sarifOf(`{"ruleId":"x","kind":"maybe"}`, "").Data), `"maybe"`},
		"type":        {`{"version":"2.1.0","runs":7}`, "runs"},
		"twice":       {`{"version":"2.1.0","runs":[],"runs":[]}`, "twice"},
		"list":        {`[]`, ""},
		"trailing":    {`{"version":"2.1.0","runs":[]} x`, ""},
		"deep":        {`{"version":"2.1.0","x":` + strings.Repeat("[", 200), "deep"},
	})
}

func TestSARIFCut(t *testing.T) { cuts(t, Find("sarif"), "sarif/gosec.sarif", false) }

func FuzzSARIF(f *testing.F) { seeds(f, Find("sarif")) }
