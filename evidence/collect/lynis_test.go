package collect

import (
	"strings"
	"testing"

	"theriac/evidence"
)

func TestLynis(t *testing.T) { goldens(t, Find("lynis")) }

func TestLynisRefuses(t *testing.T) {
	head := "# Lynis Report\nlynis_version=3.0.8\n"
	refusesAll(t, Find("lynis"), map[string]refusal{
		"empty":          {"", 0, "empty"},
		"other text":     {"[+] Boot and services\n", 1, "first line"},
		"no version":     {"# Lynis Report\nos=Linux\n", 0, "version"},
		"no key":         {head + "finished\n", 3, "key=value"},
		"cut":            {head + "os=Lin", 3, "middle of a line"},
		"empty finding":  {head + "warning[]=\n", 0, "no test or no message"},
		"only the first": {"# Lynis Report\n", 0, "version"},
	})
}

func TestLynisOutcomes(t *testing.T) {
	text := `# Lynis Report
lynis_version=3.0.8
warning[]=AUTH-1|weak|/etc/shadow|-|
warning[]=AUTH-1|weak|/etc/passwd|-|
suggestion[]=FILE-2|move /home|-|-|
suggestion[]=FILE-2|move /tmp|-|-|
suggestion[]=KRNL-3|tune|-|-|
exception_event[]=BOOT-4:002|no data|
manual_event[]=AUTH-5:03
tests_executed=AUTH-1|BOOT-4|FILE-2|KRNL-3|AUTH-5|NET-6|
tests_skipped=MAIL-7|
finish=true
`
	want := map[string]evidence.Outcome{
		"AUTH-1@/etc/shadow": evidence.Fail, "AUTH-1@/etc/passwd": evidence.Fail,
		"FILE-2: move /home": evidence.Pass, "FILE-2: move /tmp": evidence.Pass, "KRNL-3": evidence.Pass,
		"exception BOOT-4:002": evidence.Open, "AUTH-5": evidence.Skips, "NET-6": evidence.Pass, "MAIL-7": evidence.Skips,
	}
	lynisOutcomes(t, text, "", want)
	for _, id := range []string{"FILE-2: move /home", "FILE-2: move /tmp", "KRNL-3"} {
		want[id] = evidence.Fail
	}
	lynisOutcomes(t, text, evidence.Low, want)
	want["run"] = evidence.Open
	lynisOutcomes(t, strings.Replace(text, "finish=true\n", "", 1), evidence.Low, want)
}

func lynisOutcomes(t *testing.T, text string, failAt evidence.Severity, want map[string]evidence.Outcome) {
	t.Helper()
	r, err := Find("lynis").Read(&Source{Data: []byte(text), FailAt: failAt})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Cases) != len(want) {
		t.Errorf("%d checks, want %d", len(r.Cases), len(want))
	}
	for _, c := range r.Cases {
		if want[c.ID] != c.Outcome {
			t.Errorf("%s is %s, want %s", c.ID, c.Outcome, want[c.ID])
		}
	}
}

func FuzzLynis(f *testing.F) { fuzzReader(f, Find("lynis"), "") }
