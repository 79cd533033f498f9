package collect

import (
	"testing"

	"theriac/evidence"
)

func TestTestSSL(t *testing.T) { goldens(t, Find("testssl")) }

func TestTestSSLRefuses(t *testing.T) {
	refusesAll(t, Find("testssl"), map[string]refusal{
		"empty":        {"", 0, "empty"},
		"not JSON":     {"Testing protocols\n", 1, "not JSON"},
		"cut":          {"[\n{\"id\":\"a\",", 2, "ends in the middle"},
		"severity":     {`[{"id":"a","ip":"h/192.0.2.1","port":"443","severity":"BAD","finding":"x"}]`, 0, `"BAD"`},
		"no id":        {`[{"ip":"h/192.0.2.1","port":"443","severity":"OK","finding":"x"}]`, 0, "no id"},
		"address":      {`[{"id":"a","ip":"h/nowhere","port":"443","severity":"OK","finding":"x"}]`, 0, "no address"},
		"port":         {`[{"id":"a","ip":"h/192.0.2.1","port":"0","severity":"OK","finding":"x"}]`, 0, "no address with a port"},
		"number as id": {"[\n{\"id\":1}]", 2, "does not belong"},
		"section":      {`{"scanTime":1,"scanResult":[{"ip":"192.0.2.1","port":"443","protocols":[1]}]}`, 0, "protocols"},
	})
}

func TestTestSSLLimit(t *testing.T) {
	in := source(t, "testssl/pretty.json")
	in.FailAt = evidence.Critical
	r, err := Find("testssl").Read(in)
	if err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, c := range r.Cases {
		if c.Outcome == evidence.Fail {
			failed++
			if c.Severity != evidence.Critical {
				t.Errorf("%+v", c)
			}
		}
	}
	if failed != r.Details.Scan.Findings[evidence.Critical] || r.Details.Scan.FailAt != evidence.Critical {
		t.Errorf("%d failures, %+v", failed, r.Details.Scan)
	}
}

func TestTestSSLInconclusive(t *testing.T) {
	for path, want := range map[string]string{
		"testssl/flat.json": "", "testssl/pretty.json": "",
		"testssl/cut.json": "run", "testssl/cut-flat.json": "run",
		"testssl/closed.json":      "scanProblem, run, target",
		"testssl/closed-flat.json": "scanProblem@tcp/9999, run, target",
		"testssl/severity.json":    "target",
	} {
		r, err := Find("testssl").Read(source(t, path))
		if err != nil {
			t.Fatal(err)
		}
		if got := unsaid(r); got != want {
			t.Errorf("%s: inconclusive: %q, want %q", path, got, want)
		}
	}
	if r, err := Find("testssl").Read(&Source{Data: []byte("[]")}); err != nil || unsaid(r) != "run, target" {
		t.Errorf("no findings: %v %v", r, err)
	}
	r, err := Find("testssl").Read(&Source{Data: []byte(`[{"id":"a","ip":"h/192.0.2.1","port":"443","severity":"HIGH","finding":"x"},{"id":"scanTime","ip":"h/192.0.2.1","port":"443","severity":"INFO","finding":"5"}]`)})
	if err != nil || unsaid(r) != "severity" {
		t.Errorf("severe findings only: %v %v", r, err)
	}
}

func FuzzTestSSL(f *testing.F) { fuzzReader(f, Find("testssl"), "") }
