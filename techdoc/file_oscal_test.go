package techdoc

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const oscalSchema = "../oscal/testdata/oscal-1.2.0.schema.json"

// TestOSCAL: both documents of both examples and of a hostile file follow the schema,
// and each reference within a document leads somewhere.
func TestOSCAL(t *testing.T) {
	s := machineSchema(t, oscalSchema, nil)
	for _, example := range []string{"infusion-pump", "pcr-analyser", "broken", ""} {
		b := writtenBookOr(t, example)
		for _, name := range []string{"oscal-component-definition.json", "oscal-assessment-results.json"} {
			text := machineFile(t, b, name)
			showsNoFolder(t, b, text)
			doc := machineJSON(t, text)
			if err := s.Validate(doc); err != nil {
				t.Errorf("%s of %q: %v", name, example, err)
			}
			resolvesOSCAL(t, name, doc)
		}
	}
}

func writtenBookOr(t *testing.T, example string) *Book {
	t.Helper()
	if example == "" {
		return writtenBook(t, strings.ReplaceAll(machineHostile, `\u0000`, `\u0001`))
	}
	return exampleBook(t, example)
}

// resolvesOSCAL looks up each reference within an OSCAL document, and that no id is given
// twice.
func resolvesOSCAL(t *testing.T, name string, doc any) {
	t.Helper()
	ids := map[string]bool{}
	everyObject(doc, func(o map[string]any) {
		if id, ok := o["uuid"].(string); ok {
			if ids[id] {
				t.Errorf("%s: id %s is given twice", name, id)
			}
			ids[id] = true
		}
	})
	refs := 0
	want := func(field, id string) {
		refs++
		if !ids[id] {
			t.Errorf("%s: %s %s leads nowhere", name, field, id)
		}
	}
	everyObject(doc, func(o map[string]any) {
		for field, v := range o {
			text, _ := v.(string)
			switch {
			case field == "href" && strings.HasPrefix(text, "#"):
				want(field, text[1:])
			case strings.HasSuffix(field, "-uuid"):
				want(field, text)
			case field == "party-uuids":
				for _, x := range v.([]any) {
					want(field, x.(string))
				}
			}
		}
	})
	if refs == 0 {
		t.Errorf("%s refers to nothing", name)
	}
}

// TestOSCALStates: the documents say of clauses and requirements what the check says,
// and what is not shown is not satisfied.
func TestOSCALStates(t *testing.T) {
	for _, example := range []string{"infusion-pump", "broken"} {
		b := exampleBook(t, example)
		said := map[string]string{} // state by clause or requirement
		everyObject(machineJSON(t, machineFile(t, b, "oscal-assessment-results.json")), func(o map[string]any) {
			if target, ok := o["target"].(map[string]any); ok {
				said[target["target-id"].(string)] = target["status"].(map[string]any)["state"].(string)
			}
		})
		satisfied := map[bool]int{}
		for _, row := range b.Coverage {
			want := map[bool]string{true: "satisfied", false: "not-satisfied"}[row.Status == "satisfied"]
			if row.Status == "not-applicable" {
				want = ""
			}
			if got := said[controlID(row.Entry)]; got != want {
				t.Errorf("%s: %s is %q, want %q", example, row.Entry.ID, got, want)
			}
			satisfied[want == "satisfied"]++
		}
		for _, q := range b.File.Requirements {
			passed := b.Showing.Judged.Requirement(q) == "passed"
			if got := said[q.ID] == "satisfied"; got != passed {
				t.Errorf("%s: %s satisfied: %v, want %v", example, q.ID, got, passed)
			}
			satisfied[passed]++
		}
		if satisfied[true] == 0 || satisfied[false] == 0 {
			t.Errorf("%s: %v says little about the states", example, satisfied)
		}
	}
}

// TestOSCALUnsigned: without evidence nothing is satisfied, and a risk of which
// nothing is known is open.
func TestOSCALUnsigned(t *testing.T) {
	b := writtenBook(t, `requirements:
  rq-1: {title: One, text: It locks.}
  rq-2: {title: Two, text: It logs.}
verifications:
  vf-2: {title: Test, verifies: [rq-2], method: review, result: planned}
threats:
  th-1: {title: T, category: tampering}
risks:
  rk-1: {title: Risk, threats: [th-1], decision: reduce}
  rk-2: {title: Gone, threats: [th-1], decision: avoid}
`)
	states, risks := map[string]string{}, map[string]string{}
	everyObject(machineJSON(t, machineFile(t, b, "oscal-assessment-results.json")), func(o map[string]any) {
		if target, ok := o["target"].(map[string]any); ok {
			states[target["target-id"].(string)] = target["status"].(map[string]any)["state"].(string)
		}
		if _, ok := o["statement"]; ok {
			risks[o["title"].(string)] = o["status"].(string)
		}
	})
	for _, id := range []string{"rq-1", "rq-2"} {
		if states[id] != "not-satisfied" {
			t.Errorf("%s is %q", id, states[id])
		}
	}
	if risks["Risk"] != "open" || risks["Gone"] != "closed" {
		t.Errorf("risks %v", risks)
	}
}

// TestRiskStatus: acceptance counts only while it holds.
func TestRiskStatus(t *testing.T) {
	const policy = `policy:
  risk:
    exploitability: [low, high]
    severity: [minor, critical]
    acceptable: [{exploitability: low, severity: minor}]
threats:
  th-1: {title: T, category: tampering}
risks:
  rk-1:
    title: Risk
    threats: [th-1]
    decision: accept
    residual: {exploitability: high, severity: critical}
`
	for acceptance, want := range map[string]string{
		"": "open",
		"    acceptance: {by: Board, date: 2026-11-01, reason: R}\n":                                                                        "deviation-approved",
		"    acceptance: {by: Board, date: 2026-11-23, reason: R}\n":                                                                        "open",
		"    acceptance: {by: Board, date: 2026-01-01, until: 2026-11-21, reason: R}\n":                                                     "open",
		"    acceptance: {by: Board, date: 2026-01-01, until: 2026-11-22, reason: R}\n":                                                     "deviation-approved",
		"    acceptance: {by: Board, date: 2026-01-01, reason: R}\n    controls: [co-1]\ncontrols:\n  co-1: {title: C, priority: design}\n": "remediating",
	} {
		b := writtenBook(t, policy+acceptance)
		got := ""
		everyObject(machineJSON(t, machineFile(t, b, "oscal-assessment-results.json")), func(o map[string]any) {
			if _, ok := o["statement"]; ok {
				got = o["status"].(string)
			}
		})
		if got != want {
			t.Errorf("%q: %s, want %s", acceptance, got, want)
		}
	}
}

// machineExamples are the examples of a page of the documentation, by language.
func machineExamples(t *testing.T, page string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/formats/" + page)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	for _, m := range regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		found[m[1]] = append(found[m[1]], m[2])
	}
	return found
}

// TestMachineExamples: the examples of the documentation follow the schemas, or the
// grammar.
func TestMachineExamples(t *testing.T) {
	s, examples := machineSchema(t, oscalSchema, nil), machineExamples(t, "oscal.md")["json"]
	if len(examples) != 2 {
		t.Fatalf("%d examples of OSCAL", len(examples))
	}
	for _, text := range examples {
		if err := s.Validate(machineJSON(t, []byte(text))); err != nil {
			t.Error(err)
		}
	}
	others := machineExamples(t, "machine-files.md")
	if len(others["json"]) != 2 || len(others["text"]) != 1 {
		t.Fatalf("%d and %d other examples", len(others["json"]), len(others["text"]))
	}
	s = cycloneSchema(t)
	for _, text := range others["json"] {
		if err := s.Validate(machineJSON(t, []byte(text))); err != nil {
			t.Error(err)
		}
	}
	if _, err := securityTxt(others["text"][0]); err != nil {
		t.Error(err)
	}
}
