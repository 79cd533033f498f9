package vex

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"theriac/triage"
)

// proposals are what a document makes of one finding in github.com/acme/zip v1.2.3.
func proposals(t *testing.T, statements ...Statement) ([]triage.Proposal, []string) {
	t.Helper()
	j := triage.NewJudge(load(t, pump), today)
	f := triage.Finding{ID: "CVE-2023-45853", Aliases: []string{"GHSA-x"}, Component: triage.Component{PURL: "pkg:golang/github.com/acme/zip@v1.2.3", Version: "v1.2.3"}, Ranges: "aa"}
	found := []triage.Found{{Release: "1.0.0", Verdict: j.Apply("1.0.0", []triage.Finding{f})[0]}}
	d := &Document{Format: "openvex", ID: "urn:doc", Author: "Acme"}
	for _, s := range statements {
		d.add(s, "statement")
	}
	all, problems := Proposals(d, j, found, Import{File: "acme.json", By: "PSIRT", Existing: map[string]bool{}})
	return all, append(problems, d.Problems...)
}

func acme(change func(*Statement)) Statement {
	s := Statement{Vulnerability: "CVE-2023-45853", Status: "not-affected", Justification: "component-not-present", Reason: "It is not there",
		Products: []Product{{ID: "pkg:golang/github.com/acme/zip@1.2.3", Version: "1.2.3"}}, Day: day("2026-10-01")}
	change(&s)
	return s
}

// TestNoStatementIsAboutEverything: a supplier cannot make a decision about every
// vulnerability, whatever id the statement bears.
func TestNoStatementIsAboutEverything(t *testing.T) {
	for _, id := range []string{"*", "CVE-*", "CVE-1\nvulnerability: x", "CVE-\x1b[1m", "CVE-\u202e1", strings.Repeat("x", 300), "a b"} {
		all, problems := proposals(t, acme(func(s *Statement) { s.Vulnerability, s.Aliases = id, []string{"CVE-2023-45853"} }))
		if len(all) > 0 || len(problems) != 1 || !strings.Contains(problems[0], "is no id of a vulnerability") {
			t.Errorf("%q: %+v, problems %q", id, all, problems)
		}
	}
	for _, aliases := range [][]string{{"*", "CVE-2023-45853"}, {"GHSA-x"}} {
		all, _ := proposals(t, acme(func(s *Statement) { s.Vulnerability, s.Aliases = "ACME-1", aliases }))
		if len(all) != 1 || all[0].Decision.Vulnerability != aliases[len(aliases)-1] {
			t.Errorf("aliases %q: %+v", aliases, all)
		}
	}
}

// TestLastAndWorstStatementCounts: where statements about one finding contradict each
// other, the last counts, and of one day the worst, in whatever order they stand.
func TestLastAndWorstStatementCounts(t *testing.T) {
	good := acme(func(*Statement) {})
	bad := acme(func(s *Statement) { s.Status, s.Justification, s.Action = "affected", "", "Update." })
	later := acme(func(s *Statement) { s.Status, s.Justification, s.Day = "under-investigation", "", day("2026-10-02") })
	unusable := acme(func(s *Statement) { s.Justification, s.Day = "", day("2026-10-03") })
	for name, c := range map[string]struct {
		list []Statement
		want string
	}{
		"worst":                     {[]Statement{good, bad}, "that it is affected"},
		"last":                      {[]Statement{good, bad, later}, "that it is being looked at"},
		"last cannot be a decision": {[]Statement{good, unusable}, ""},
	} {
		for range 2 {
			all, _ := proposals(t, c.list...)
			if c.want == "" {
				if len(all) > 0 {
					t.Errorf("%s: %+v", name, all)
				}
			} else if len(all) != 1 || !strings.Contains(all[0].Decision.Reason, c.want) {
				t.Errorf("%s: %+v", name, all)
			}
			slices.Reverse(c.list)
		}
	}
}

// TestReadIsBounded: what multiplies in memory, or nothing can be decided by, is
// refused.
func TestReadIsBounded(t *testing.T) {
	ids := make([]string, 0, maxStates+2)
	for i := range maxStates + 1 {
		ids = append(ids, fmt.Sprintf(`"P%d"`, i))
	}
	status := `"product_status": {"known_affected": [` + strings.Join(ids, ",") + `]}`
	for name, c := range map[string]struct{ text, want string }{
		"statements": {`{"@context": "https://openvex.dev/ns/v0.2.0", "statements": [` + strings.Repeat("{},", maxObjects) + `{}]}`, "opening braces"},
		"states":     {`{"document": {}, "vulnerabilities": [{"cve": "CVE-2026-1000", ` + status + `}, {"cve": "CVE-2026-2000"}]}`, "more than 200000 times"},
		"draft":      {`{"document": {"tracking": {"status": "draft"}}, "vulnerabilities": []}`, "is a draft"},
	} {
		if _, err := Read([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// TestCSAFThatMultiplies: many flags and threats that all name many products take time
// and memory in proportion to the text.
func TestCSAFThatMultiplies(t *testing.T) {
	const products, statements = 3000, 300
	var tree, ids, threats []string
	for i := range products {
		tree = append(tree, fmt.Sprintf(`{"name": "a", "product_id": "P%d", "product_identification_helper": {"purl": "pkg:generic/a@%d"}}`, i, i))
		ids = append(ids, fmt.Sprintf(`"P%d"`, i))
	}
	list := strings.Join(ids, ",")
	for i := range statements {
		threats = append(threats, fmt.Sprintf(`{"category": "impact", "details": "%d%s", "product_ids": [%s]}`, i, strings.Repeat("x", 2000), list))
	}
	text := fmt.Sprintf(`{"document": {}, "product_tree": {"full_product_names": [%s]}, "vulnerabilities": [{"cve": "CVE-2026-1000", "threats": [%s], "product_status": {"known_not_affected": [%s]}}]}`,
		strings.Join(tree, ","), strings.Join(threats, ","), list)
	start := time.Now()
	d, err := Read([]byte(text))
	if err != nil || len(d.Statements) != 1 || len(d.Statements[0].Products) != products {
		t.Fatal(err, d)
	}
	if n := len(d.Statements[0].Reason); n > maxSaid+len("…") {
		t.Errorf("%d bytes are said", n)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestBomRefTwice: what refers to one of several components is not used, and so is what
// stands too deep.
func TestBomRefTwice(t *testing.T) {
	text := `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a", "purl": "pkg:generic/a@1", "bom-ref": "x"},
		{"type": "library", "name": "b", "purl": "pkg:generic/b@1", "bom-ref": "x"}],
		"vulnerabilities": [{"id": "CVE-2026-1000", "analysis": {"state": "not_affected", "justification": "code_not_present"}, "affects": [{"ref": "x"}]}]}`
	d, err := Read([]byte(text))
	if err != nil || len(d.Statements) > 0 || !slices.ContainsFunc(d.Problems, func(p string) bool { return strings.Contains(p, "several components have the bom-ref") }) {
		t.Errorf("%v: %+v", err, d)
	}
	deep := `{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [` + strings.Repeat(`{"type": "library", "name": "a", "components": [`, maxNesting+2) + strings.Repeat("]}", maxNesting+2) + `]}`
	if d, err := Read([]byte(deep)); err != nil || !slices.ContainsFunc(d.Problems, func(p string) bool { return strings.Contains(p, "nested more than") }) {
		t.Errorf("%v: %+v", err, d)
	}
}
