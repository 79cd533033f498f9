package techdoc

import (
	"bytes"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"theriac/catalog"
	"theriac/check"
)

// cycloneSchema is the schema of CycloneDX 1.6.
func cycloneSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const at = "http://cyclonedx.org/schema/"
	ids := map[string]string{}
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json"} {
		ids[at+name] = "testdata/cyclonedx/" + name
	}
	return machineSchema(t, at+"bom-1.6.schema.json", ids)
}

// TestAttestations: they follow the schema, each reference leads somewhere, and a
// clause has the score 1 where it is fulfilled and only there.
func TestAttestations(t *testing.T) {
	s := cycloneSchema(t)
	for _, example := range []string{"infusion-pump", "pcr-analyser", "broken", ""} {
		b := writtenBookOr(t, example)
		text := machineFile(t, b, "attestations.cdx.json")
		showsNoFolder(t, b, text)
		if err := s.Validate(machineJSON(t, text)); err != nil {
			t.Errorf("%q: %v", example, err)
		}
		var bom cdx.BOM
		if err := cdx.NewBOMDecoder(bytes.NewReader(text), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
			t.Fatal(err)
		}
		attestedIn(t, b, &bom)
	}
	if s.Validate(machineJSON(t, []byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "declarations": {"claims": [{"claim": 1}]}}`))) == nil {
		t.Error("the schema takes a claim that is none")
	}
}

func attestedIn(t *testing.T, b *Book, bom *cdx.BOM) {
	t.Helper()
	refs := map[string]bool{}
	see := func(id string) {
		if refs[id] {
			t.Errorf("%s is given twice", id)
		}
		refs[id] = true
	}
	see(bom.Metadata.Component.BOMRef)
	d := bom.Declarations
	for _, a := range *d.Assessors {
		see(string(a.BOMRef))
	}
	for _, s := range *bom.Definitions.Standards {
		see(s.BOMRef)
		for _, r := range *s.Requirements {
			see(r.BOMRef)
		}
	}
	for _, c := range valueOf(d.Claims) {
		see(c.BOMRef)
	}
	for _, e := range valueOf(d.Evidence) {
		see(e.BOMRef)
	}
	for _, c := range *d.Targets.Components {
		see(c.BOMRef)
	}
	lead := func(list *[]cdx.BOMReference) {
		for _, id := range valueOf(list) {
			if !refs[string(id)] {
				t.Errorf("%s leads nowhere", id)
			}
		}
	}
	for _, c := range valueOf(d.Claims) {
		lead(&[]cdx.BOMReference{c.Target})
		lead(c.Evidence)
		lead(c.CounterEvidence)
	}
	status := map[string]check.Status{}
	for _, row := range b.Coverage {
		status["clause:"+row.Entry.ID] = row.Status
	}
	maps := 0
	for _, a := range *d.Attestations {
		lead(&[]cdx.BOMReference{a.Assessor})
		for _, m := range valueOf(a.Map) {
			maps++
			lead(&[]cdx.BOMReference{cdx.BOMReference(m.Requirement)})
			lead(m.Claims)
			lead(m.CounterClaims)
			if full := m.Conformance.Score != nil && *m.Conformance.Score == 1; full != (status[m.Requirement] == check.Satisfied) {
				t.Errorf("%s is %s with score %v", m.Requirement, status[m.Requirement], m.Conformance.Score)
			}
		}
	}
	if maps == 0 {
		t.Error("no clause is attested")
	}
}

func valueOf[T any](list *[]T) []T {
	if list == nil {
		return nil
	}
	return *list
}

// TestScore: the score is the share of questions that are answered in full.
func TestScore(t *testing.T) {
	entry := &catalog.Entry{AnsweredBy: []string{"a.b", "a.c"}}
	one := func(f float64) *float64 { return &f }
	for _, c := range []struct {
		name    string
		applies catalog.Truth
		status  check.Status
		reasons []string
		want    *float64
	}{
		{"fulfilled", catalog.True, check.Satisfied, []string{"a.b: answered by x", "a.c: answered by y"}, one(1)},
		{"one of two", catalog.True, check.Partial, []string{"a.b: answered by x", "a.c: open"}, one(0.5)},
		{"none in full", catalog.True, check.Partial, []string{"a.b: 2 findings of T1", "a.c: open"}, one(0)},
		{"contradicted", catalog.True, check.Partial, []string{"a.b: answered by x", "a.c: answered by y", "T1 at x: no"}, one(2.0 / 3)},
		{"open", catalog.True, check.Unanswered, []string{"a.b: open", "a.c: open"}, one(0)},
		{"not known whether", catalog.Undecided, check.Unanswered, []string{"applies when x"}, nil},
	} {
		got := conformance(check.Row{Entry: entry, Applicable: c.applies, Status: c.status, Reasons: c.reasons})
		if (got == nil) != (c.want == nil) || got != nil && *got != *c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestScoreWords: the words by which a score knows an answer are those of the check.
func TestScoreWords(t *testing.T) {
	partly := 0
	for _, row := range exampleBook(t, "broken").Coverage {
		if s := conformance(row); row.Status == check.Partial && s != nil && *s > 0 {
			partly++
		}
	}
	if partly < 50 {
		t.Errorf("%d clauses are answered in part", partly)
	}
}

// TestClaims: what nothing shows is not claimed, and what failed is claimed to fail.
func TestClaims(t *testing.T) {
	const file = `  facts: {software: true}
requirements:
  rq-1: {title: One, text: It locks., clauses: [mdr.annex-i.17.2]}
verifications:
  vf-1: {title: Test, verifies: [rq-1], method: review, result: RESULT}
`
	for result, want := range map[string]string{
		"planned": `not claimed, because nothing shows it: rq-1 (missing)`,
		"passed":  `"predicate": "It locks."`,
		"failed":  `"predicate": "Not met: It locks."`,
	} {
		text := string(machineFile(t, writtenBook(t, strings.Replace(file, "RESULT", result, 1)), "attestations.cdx.json"))
		if !strings.Contains(text, want) {
			t.Errorf("%s: no %s", result, want)
		}
		if claims := strings.Contains(text, `"claims": [`); claims != (result != "planned") {
			t.Errorf("%s: claims: %v", result, claims)
		}
		if counter := strings.Contains(text, `"counterClaims": [`); counter != (result == "failed") {
			t.Errorf("%s: counter claims: %v", result, counter)
		}
	}
}
