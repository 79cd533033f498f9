package collect

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"theriac/diag"
	"theriac/evidence"
)

func TestFind(t *testing.T) {
	n := newNaming([]string{"ver-1", "ver-1-b", "ver-12", "ver-012", "VER-7", "ver.x", "t_1", "ver-a", "ver_a", "V"})
	for text, want := range map[string]string{
		"ver-1": "ver-1", "see ver-1.": "ver-1", "(ver-1)": "ver-1", "ver-1, ver-12": "ver-1 ver-12", "TestX/ver-012": "ver-012",
		"ver-1-b": "ver-1-b", "ver-1-c": "", "ver-123": "", "over-1": "", "no-ver-1": "", "ver-1.2": "", "ver-1.": "ver-1", "ver-1-": "ver-1",
		"tests.security.ver-12": "ver-12", "test_ver-12_rejects": "ver-12", "test_ver_012_login": "ver-012", "TestLogin_ver_012": "ver-012",
		"test_ver_012_2": "", "ver-7": "", "VER-7": "VER-7", "ver.x": "ver.x", "ver_x": "ver.x", "t_1": "t_1", "t_1_b": "", "t-1": "",
		"ver-a": "ver-a", "ver_a": "ver_a", "ver.a": "", "V": "V", "V V8": "V", "x V": "V", "": "", "ver-": "", "verö-1": "", "ver-1ö": "", "ver-1é ver-12": "ver-12",
		"com.acme.VER-7Test": "", "ver-1 ver-1 ver-1-b": "ver-1 ver-1-b", "[ver-1]": "ver-1", "#ver-1": "ver-1", "ver-1:ver-12": "ver-1 ver-12", "ver-1@host": "ver-1",
	} {
		if got := strings.Join(n.find(text), " "); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMisspelt(t *testing.T) {
	n := newNaming([]string{"ver-lockout", "ver-alarm", "login"})
	for text, want := range map[string]string{
		"Test/ver-lockuot": "ver-lockout", "Ver-Lockout passes": "ver-lockout", "test_ver_alarn": "", "ver_alarn": "ver-alarm", "ver-something-else": "", "logon": "", "lockout": "", "": "",
	} {
		if _, got := n.misspelt(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func one(id string, o evidence.Outcome, items ...string) Case {
	return Case{ID: id, Outcome: o, Items: items}
}

func mustMap(t *testing.T, text string) *Mapping {
	t.Helper()
	m, findings := ReadMapping("map.yaml", []byte(text))
	if len(findings) > 0 {
		t.Fatalf("%v", findings[0])
	}
	return m
}

// known are the verifications of the tests below.
var known = []string{"ver-a", "ver-b", "ver-c"}

func TestResults(t *testing.T) {
	const rules = `evidence-mapping: 1
rules:
  - {match: "Login*", for: [ver-a, ver-b]}
  - {match: "/^CVE-20[0-9]+-7$/", for: [ver-b]}
  - {match: "Old*", ignore: the old platform is not shipped}
  - {match: "?", for: [ver-c]}
`
	for _, tt := range []struct {
		name    string
		report  Report
		ask     []string
		mapping string
		want    string // results, then the rest
	}{
		{"id in the name", Report{Cases: []Case{one("Test/ver-a", "passed")}}, nil, "", "ver-a passed 1/0/0/0"},
		{"id in a tag", Report{Cases: []Case{one("T", "passed", "x", "ver-a")}}, nil, "", "ver-a passed 1/0/0/0"},
		{"an id wins over the mapping and what was asked for", Report{Cases: []Case{one("Login ver-c", "passed")}}, []string{"ver-a"}, rules, "ver-a inconclusive 0/0/0/0; ver-c passed 1/0/0/0"},
		{"the mapping wins over what was asked for", Report{Cases: []Case{one("LoginX", "passed")}}, []string{"ver-c"}, rules, "ver-a passed 1/0/0/0; ver-b passed 1/0/0/0; ver-c inconclusive 0/0/0/0"},
		{"mapping by a tag", Report{Cases: []Case{one("finding", "failed", "CVE-2024-7")}}, nil, rules, "ver-b failed 0/1/0/0 finding"},
		{"the first rule decides", Report{Cases: []Case{one("O", "passed", "Old")}}, nil, rules, "ignored the old platform is not shipped: O"},
		{"a glob is for the whole name", Report{Cases: []Case{one("My Login", "passed"), one("ö", "passed")}}, nil, rules, "ver-c passed 1/0/0/0; unmapped My Login"},
		{"all that was asked for", Report{Cases: []Case{one("T1", "passed"), one("T2", "failed")}}, []string{"ver-b", "ver-a", "ver-a"}, "", "ver-a failed 1/1/0/0 T2; ver-b failed 1/1/0/0 T2"},
		{"nothing asked for", Report{Cases: []Case{one("T1", "passed"), one("T2", "failed")}}, nil, "", "unmapped T1; unmapped T2"},
		{"skipped only", Report{Cases: []Case{one("ver-a", "skipped")}}, nil, "", "ver-a inconclusive 0/0/1/0"},
		{"passed and skipped", Report{Cases: []Case{one("ver-a", "skipped"), one("ver-a x", "passed")}}, nil, "", "ver-a passed 1/0/1/0"},
		{"passed and inconclusive", Report{Cases: []Case{one("ver-a", "inconclusive"), one("ver-a x", "passed")}}, nil, "", "ver-a inconclusive 1/0/0/1"},
		{"failed and inconclusive", Report{Cases: []Case{one("ver-a", "inconclusive"), one("ver-a x", "failed")}}, nil, "", "ver-a failed 0/1/0/1 ver-a x"},
		{"an outcome that is not stated", Report{Cases: []Case{one("ver-a", "")}}, nil, "", "ver-a inconclusive 0/0/0/1"},
		{"no checks", Report{}, []string{"ver-a"}, "", "ver-a inconclusive 0/0/0/0"},
		{"passes as a whole", Report{Whole: "passed"}, []string{"ver-a"}, "", "ver-a passed 0/0/0/0"},
		{"fails as a whole", Report{Whole: "failed", Cases: []Case{one("ver-a", "passed")}}, nil, "", "ver-a failed 1/0/0/0"},
		{"incomplete as a whole", Report{Whole: "inconclusive", Cases: []Case{one("ver-a", "passed"), one("ver-b", "failed")}}, nil, "", "ver-a inconclusive 1/0/0/0; ver-b failed 0/1/0/0 ver-b"},
		{"a whole that passes says nothing of one without checks", Report{Whole: "passed", Cases: []Case{one("ver-a", "passed")}}, []string{"ver-b"}, "", "ver-a passed 1/0/0/0; ver-b inconclusive 0/0/0/0"},
		{"ignored", Report{Cases: []Case{one("Old 1", "passed"), one("Old 2", "skipped")}}, []string{"ver-a"}, rules, "ver-a inconclusive 0/0/0/0; ignored the old platform is not shipped: Old 1, Old 2"},
		{"a failure is not ignored", Report{Cases: []Case{one("Old 1", "failed"), one("Old 2", "inconclusive")}}, []string{"ver-a"}, rules, "ver-a failed 0/1/0/1 Old 1"},
		{"a failure is not ignored, and unmapped", Report{Cases: []Case{one("Old 1", "failed")}}, nil, rules, "unmapped Old 1"},
		{"of a form", Report{For: []string{"ver-b"}, Cases: []Case{one("T", "passed")}}, []string{"ver-b"}, "", "ver-b passed 1/0/0/0"},
		{"of a form, nothing asked for", Report{For: []string{"ver-b", "ver-a"}, Cases: []Case{one("T", "passed")}}, nil, "", "ver-a passed 1/0/0/0; ver-b passed 1/0/0/0"},
		{"misspelt", Report{Cases: []Case{one("test/ver-bb", "passed")}}, nil, "", `unmapped test/ver-bb; misspelt test/ver-bb: there is no verification "ver-bb"; did you mean "ver-b"?`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var m *Mapping
			if tt.mapping != "" {
				m = mustMap(t, tt.mapping)
			}
			tally, err := Results(&tt.report, tt.ask, known, m)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(tally); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func show(tally *Tally) string {
	var said []string
	for _, r := range tally.Results {
		text := fmt.Sprintf("%s %s %d/%d/%d/%d", r.Item, r.Outcome, r.Passed, r.Failed, r.Skipped, r.Inconclusive)
		for _, f := range r.Failures {
			text += " " + f.ID
		}
		said = append(said, text)
	}
	for _, id := range tally.Unmapped {
		said = append(said, "unmapped "+id)
	}
	for why, ids := range tally.Ignored { // one reason at most in these tests
		said = append(said, "ignored "+why+": "+strings.Join(ids, ", "))
	}
	for _, text := range tally.Misspelt {
		said = append(said, "misspelt "+text)
	}
	return strings.Join(said, "; ")
}

func TestResultsRefused(t *testing.T) {
	for _, tt := range []struct {
		name   string
		report Report
		ask    []string
		rule   string
		want   string
	}{
		{"asked for", Report{}, []string{"ver-aa"}, "ver-a", `the command names "ver-aa", and there is no such verification; did you mean "ver-a"?`},
		{"asked for something else", Report{}, []string{"threat"}, "ver-a", `the command names "threat", and there is no such verification`},
		{"form", Report{For: []string{"ver-x"}}, nil, "ver-a", `the input names "ver-x", and there is no such verification; did you mean "ver-a"?`},
		{"mapping", Report{}, nil, "ver-cc", `the rule for x* names "ver-cc", and there is no such verification; did you mean "ver-c"?`},
		{"form of others", Report{For: []string{"ver-a"}}, []string{"ver-b"}, "ver-a", `the input speaks of ["ver-a"], and not of "ver-b"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := mustMap(t, "evidence-mapping: 1\nrules:\n  - {match: x*, for: ["+tt.rule+"]}\n")
			if tally, err := Results(&tt.report, tt.ask, known, m); err == nil || err.Error() != tt.want {
				t.Errorf("got  %v %v\nwant %s", tally, err, tt.want)
			}
		})
	}
}

// A result lists so many failures and counts all of them.
func TestResultsBounded(t *testing.T) {
	var r Report
	for i := range 3*evidence.MaxFailures + 7 {
		r.Cases = append(r.Cases, one(fmt.Sprintf("T%05d", 9999-i), "failed"))
	}
	tally, err := Results(&r, known, known, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range tally.Results {
		lowest := fmt.Sprintf("T%05d", 9999-len(r.Cases)+1)
		if res.Failed != len(r.Cases) || len(res.Failures) != evidence.MaxFailures || res.Failures[0].ID != lowest ||
			!slices.IsSortedFunc(res.Failures, func(a, b evidence.Failure) int { return strings.Compare(a.ID, b.ID) }) {
			t.Errorf("%s: %d failed, %d listed from %s", res.Item, res.Failed, len(res.Failures), res.Failures[0].ID)
		}
	}
}

// No failed check is ever lost, and none is hidden behind a result that passed,
// whatever is asked for and mapped.
func TestNoFailureIsLost(t *testing.T) {
	words := []string{"ver-a", "ver_b", "Login", "Old", "x", "ver-aa", "see ver-c.", "ver-b/ver-c", ""}
	outcomes := []evidence.Outcome{"passed", "failed", "inconclusive", "skipped", ""}
	rapid.Check(t, func(t *rapid.T) {
		var r Report
		for i := range rapid.IntRange(0, 30).Draw(t, "cases") {
			r.Cases = append(r.Cases, Case{
				ID:      fmt.Sprintf("%s case %d", rapid.SampledFrom(words).Draw(t, "name"), i),
				Outcome: rapid.SampledFrom(outcomes).Draw(t, "outcome"),
				Items:   rapid.SliceOfN(rapid.SampledFrom(words), 0, 3).Draw(t, "items"),
			})
		}
		r.Whole = rapid.SampledFrom([]evidence.Outcome{"", "passed", "failed", "inconclusive"}).Draw(t, "whole")
		ask := rapid.SliceOfN(rapid.SampledFrom(known), 0, 3).Draw(t, "ask")
		m := &Mapping{}
		for range rapid.IntRange(0, 4).Draw(t, "rules") {
			p, err := ParsePattern(rapid.SampledFrom([]string{"Login*", "*", "/O.d/", "x", "?*"}).Draw(t, "pattern"))
			if err != nil {
				t.Fatal(err)
			}
			rule := MappingRule{Match: p, Ignore: "why"}
			if rapid.Bool().Draw(t, "for") {
				rule = MappingRule{Match: p, For: rapid.SliceOfN(rapid.SampledFrom(known), 1, 2).Draw(t, "ids")}
			}
			m.Rules = append(m.Rules, rule)
		}
		tally, err := Results(&r, ask, known, m)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := Results(&r, ask, known, m)
		if a, _ := json.Marshal(tally); !reflect.DeepEqual(tally, again) {
			t.Fatalf("not the same twice: %s", a)
		}
		checkNothingLost(t, &r, ask, tally)
	})
}

func checkNothingLost(t *rapid.T, r *Report, ask []string, tally *Tally) {
	where := map[string]string{} // a check, and the results in which it failed
	for _, res := range tally.Results {
		for _, f := range res.Failures {
			where[f.ID] += " " + res.Item
		}
		if res.Failed != len(res.Failures) || res.Failed > 0 && res.Outcome != evidence.Fail {
			t.Fatalf("%+v", res)
		}
		if res.Outcome == evidence.Pass && (res.Inconclusive > 0 || res.Passed == 0 && (len(r.Cases) > 0 || r.Whole != evidence.Pass) || r.Whole == evidence.Fail || r.Whole == evidence.Open) {
			t.Fatalf("passed without reason: %+v", res)
		}
	}
	for _, id := range ask {
		if !slices.ContainsFunc(tally.Results, func(res evidence.Result) bool { return res.Item == id }) {
			t.Fatalf("no result for %s", id)
		}
	}
	for _, c := range r.Cases {
		lost := where[c.ID] == "" && !slices.Contains(tally.Unmapped, c.ID)
		if c.Outcome == evidence.Fail && (lost || len(ask) > 0 && where[c.ID] == "") {
			t.Fatalf("%s is lost", c.ID)
		}
	}
}

func TestReadMapping(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "map.yaml:1:1: the mapping is empty"},
		{"a list", "- a\n", "expected a map, found a list"},
		{"no version", "rules:\n  - {match: x, for: [a]}\n", `missing required field "evidence-mapping"`},
		{"version", "evidence-mapping: 2\nrules:\n  - {match: x, for: [a]}\n", `map.yaml:1:19: version "2" of the mapping is not known`},
		{"no rules", "evidence-mapping: 1\nrules: []\n", `missing required field "rules"`},
		{"unknown field", "evidence-mapping: 1\nrules:\n  - {match: x, form: [a], for: [a]}\n", `map.yaml:3:16: unknown field "form"`},
		{"both", "evidence-mapping: 1\nrules:\n  - {match: x, for: [a], ignore: y}\n", "map.yaml:3:5: a rule says either"},
		{"neither", "evidence-mapping: 1\nrules:\n  - {match: x}\n", "map.yaml:3:5: a rule says either"},
		{"no pattern", "evidence-mapping: 1\nrules:\n  - {for: [a]}\n", `missing required field "match"`},
		{"expression", "evidence-mapping: 1\nrules:\n  - {match: '/(/', for: [a]}\n", `map.yaml:3:13: "/(/" is no regular expression`},
		{"id", "evidence-mapping: 1\nrules:\n  - {match: x, for: [7]}\n", `"7" is no id`},
		{"no reason", "evidence-mapping: 1\nrules:\n  - {match: x, ignore: TBD}\n", "only holds the place"},
		{"rule is text", "evidence-mapping: 1\nrules: [x]\n", "expected a map"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, findings := ReadMapping("map.yaml", []byte(tt.text))
			if !findings.Worst(diag.Error) {
				t.Fatal("accepted")
			}
			var said []string
			for _, f := range findings {
				said = append(said, f.Span.String()+": "+f.Message)
			}
			if all := strings.Join(said, "\n"); !strings.Contains(all, tt.want) {
				t.Errorf("got %s\nwant %s", all, tt.want)
			}
		})
	}
}

// The example of the specification does what the page says.
func TestMappingDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats/evidence-mapping.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	m := mustMap(t, example)
	for id, want := range map[string]int{"TestLockoutLong": 0, "CVE-2024-1@openssl 3.0": 1, "a/emulator/b": 2, "MyTestLockout": -1} {
		got := -1
		if rule := m.Apply(&Case{ID: id}); rule != nil {
			got = slices.IndexFunc(m.Rules, func(r MappingRule) bool { return r.Match.String() == rule.Match.String() })
		}
		if got != want {
			t.Errorf("%s: rule %d, want %d", id, got, want)
		}
	}
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte("evidence-mapping: 1\nrules:\n  - {match: \"Login*\", for: [ver-a]}\n  - {match: /x[0-9]/, ignore: why}\n"), "Login ver_b")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		m, findings := ReadMapping("map.yaml", data)
		if findings.Worst(diag.Error) {
			return
		}
		tally, err := Results(&Report{Cases: []Case{one(name, "failed")}}, nil, known, m)
		if err == nil && len(tally.Unmapped) == 0 && (len(tally.Results) == 0 || tally.Results[0].Outcome != evidence.Fail) {
			t.Fatalf("%+v", tally)
		}
	})
}
