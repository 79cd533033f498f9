package collect

import (
	"testing"

	"theriac/evidence"
)

func TestGoTest(t *testing.T) { goldens(t, Find("gotest")) }

func TestGoTestOutcomes(t *testing.T) {
	const start = `{"Action":"start","Package":"p"}` + "\n"
	for name, in := range map[string]struct {
		events string
		want   evidence.Outcome
		id     string
	}{
		"no end of the test":    {`{"Action":"run","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"pass","Package":"p"}`, evidence.Open, "p.TestA"},
		"no end of the package": {`{"Action":"pass","Package":"p","Test":"TestA"}`, evidence.Open, "p"},
		"package fails alone":   {`{"Action":"fail","Package":"p"}`, evidence.Fail, "p"},
		"build fails":           {`{"Action":"fail","Package":"p","FailedBuild":"p"}`, evidence.Open, "p"},
		"killed with the rest":  {`{"Action":"run","Package":"p","Test":"TestA"}` + "\n" + `{"Action":"fail","Package":"p"}`, evidence.Fail, "p"},
	} {
		report, err := Find("gotest").Read(&Source{Data: []byte(start + in.events + "\n")})
		if err != nil {
			t.Fatal(name, err)
		}
		if c := report.Cases[0]; c.ID != in.id || c.Outcome != in.want {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

func TestGoTestWithoutTests(t *testing.T) {
	for _, events := range []string{
		`{"Action":"start","Package":"p"}` + "\n" + `{"Action":"skip","Package":"p"}` + "\n",
		`{"Action":"start","Package":"p"}` + "\n" + `{"Action":"output","Package":"p","Test":"BenchmarkA","Output":"BenchmarkA 1 2 ns/op\n"}` + "\n" + `{"Action":"pass","Package":"p"}` + "\n",
	} {
		report, err := Find("gotest").Read(&Source{Data: []byte(events)})
		if err != nil || report.Whole != evidence.Open || len(report.Cases) != 0 {
			t.Errorf("got %+v, %v", report, err)
		}
	}
}

func TestGoTestRefuses(t *testing.T) {
	const event = `{"Action":"start","Package":"p"}` + "\n"
	refuses(t, Find("gotest"), refused{
		"empty":        {"", "empty"},
		"no event":     {"\n", "names no package"},
		"cut line":     {event + `{"Action":"pa`, "line 2: the file ends in the middle"},
		"text between": {event + "panic: no\n", "line 2: not an event"},
		"other JSON":   {"{}\n", "line 1: the action"},
		"action":       {`{"Action":"dance","Package":"p"}` + "\n", `"dance" is not known`},
		"no package":   {`{"Action":"pass","Test":"TestA"}` + "\n", "names no package"},
		"two values":   {`{"Action":"start","Package":"p"}{}` + "\n", "line 1"},
		"wrong type":   {`{"Action":"start","Package":7}` + "\n", "line 1"},
		"build only":   {`{"Action":"build-fail","ImportPath":"p"}` + "\n", "names no package"},
	})
}

func TestGoTestCut(t *testing.T) { cuts(t, Find("gotest"), "gotest/passes.json", true) }

func FuzzGoTest(f *testing.F) { seeds(f, Find("gotest")) }
