package collect

import (
	"strconv"
	"testing"

	"theriac/evidence"
)

func TestFindingsCountEachOnce(t *testing.T) {
	f := newFindings(evidence.Medium)
	for _, c := range []Case{
		{ID: "B@x", Severity: evidence.Low, At: "two"},
		{ID: "A@x", Severity: evidence.High, At: "two"},
		{ID: "A@x", Severity: evidence.Medium, At: "one", Items: []string{"VER-1"}},
		{ID: "A@x", Severity: evidence.Medium, At: "one"},
	} {
		if err := f.found(c); err != nil {
			t.Fatal(err)
		}
	}
	var r Report
	f.scan(&r, true, evidence.Scan{})
	if len(r.Cases) != 2 || r.Whole != "" {
		t.Fatalf("%+v", r)
	}
	a := r.Cases[0]
	if a.ID != "A@x" || a.Severity != evidence.High || a.Outcome != evidence.Fail || a.At != "one, two" || len(a.Items) != 1 {
		t.Errorf("%+v", a)
	}
	if n := r.Details.Scan.Findings; n[evidence.High] != 1 || n[evidence.Low] != 1 || len(n) != 2 {
		t.Errorf("counted %v", n)
	}
}

// What one note of a finding silences, another does not.
func TestFindingsKeepTheWorseOutcome(t *testing.T) {
	f := newFindings(evidence.Medium)
	quiet := Case{ID: "A@x", Severity: evidence.Low, Outcome: evidence.Pass}
	loud := Case{ID: "A@x", Severity: unrated, Outcome: evidence.Fail}
	for _, order := range [][]Case{{quiet, loud}, {loud, quiet}} {
		for _, c := range order {
			if err := f.note(c); err != nil {
				t.Fatal(err)
			}
		}
		if got := f.cases["A@x"]; got.Outcome != evidence.Fail || got.Severity != unrated {
			t.Errorf("%+v", got)
		}
	}
}

func TestNothingLookedAtIsInconclusive(t *testing.T) {
	for looked, want := range map[bool]evidence.Outcome{true: evidence.Pass, false: evidence.Open} {
		var r Report
		newFindings(evidence.Medium).scan(&r, looked, evidence.Scan{})
		if r.Whole != want {
			t.Errorf("looked %t: %s", looked, r.Whole)
		}
	}
}

func TestFindingsRefuse(t *testing.T) {
	many := make([]string, maxNames+1)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for want, c := range map[string]Case{
		"a finding has no id":                 {ID: "\x01"},
		"finding A has more than 10000 names": {ID: "A", Items: many},
	} {
		if err := newFindings(evidence.Medium).found(c); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestPlaceOfHidesTheMachine(t *testing.T) {
	for path, want := range map[string]string{
		"/home/ann/src/go.mod": "go.mod", `C:\build\app\go.mod`: "go.mod", "file:///srv/x/app.c": "app.c",
		"./cmd/main.go": "cmd/main.go", "cmd/main.go": "cmd/main.go", "debian:12 (debian 12.4)": "debian:12 (debian 12.4)", "": "",
	} {
		if got := placeOf(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestTimeOf(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-10T10:15:42.118204+01:00": "2026-11-10T09:15:42Z",
		"Tue, 10 Nov 2026 09:15:42":        "0001-01-01T00:00:00Z",
		"2026-11-10T10:15:42":              "0001-01-01T00:00:00Z",
		"1970-01-01T00:00:00Z":             "0001-01-01T00:00:00Z",
		"":                                 "0001-01-01T00:00:00Z",
	} {
		if got := timeOf(text).Format("2006-01-02T15:04:05Z07:00"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestGuardedRefusesWhatPanics(t *testing.T) {
	err := guarded("list", func() error { panic("index out of range") })
	if _, ok := err.(*Malformed); !ok || err.Error() != "the list cannot be read" {
		t.Errorf("got %v", err)
	}
}
