package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"theriac/evidence"
	"theriac/model"
)

// folder is where the statements about the release are kept.
const folder = evidence.Folder + "/1.4.0/"

// Days of the sound evidence.
var (
	finished = time.Date(2026, 8, 20, 16, 0, 0, 0, time.UTC)
	recorded = time.Date(2026, 8, 21, 8, 30, 0, 0, time.UTC)
)

// kinds are the kind of evidence for each method, the one that shows it.
var kinds = map[model.Method]model.EvidenceKind{
	"inspection": "manual-inspection", "review": "manual-inspection", "analysis": "manual-inspection",
	"functional-test": "test-result", "security-feature-test": "test-result", "load-test": "test-result", "usability-test": "test-result",
	"fuzz-test": "fuzzing", "vulnerability-scan": "vulnerability-scan", "composition-analysis": "vulnerability-scan",
	"penetration-test": "penetration-test", "static-analysis": "static-analysis", "dynamic-analysis": "dynamic-analysis",
	"configuration-scan": "configuration-scan",
}

// keys are the demonstration keys that may sign each kind.
var keys = map[model.EvidenceKind]string{
	"test-result": "test-lead", "fuzzing": "product-security", "vulnerability-scan": "product-security", "configuration-scan": "product-security",
	"penetration-test": "security-laboratory", "static-analysis": "build-system", "dynamic-analysis": "build-system",
	"manual-inspection": "regulatory-affairs", "code-review": "software-quality", "sbom": "build-system", "process-record": "software-quality",
}

// sound makes the evidence that counts: one statement for each kind and tester,
// for all verifications except those of which a fault is all there is.
func (x *example) sound() error {
	alone := map[string]bool{}
	for _, f := range pieces {
		alone[f.of] = alone[f.of] || f.alone
	}
	for _, id := range bare {
		alone[id] = true
	}
	groups := map[string][]string{}
	for _, v := range x.file.Verifications {
		if !alone[v.ID] {
			name := string(kinds[v.Method]) + "-" + slug(v.Tester.Who)
			groups[name] = append(groups[name], v.ID)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		s, err := x.about(groups[name]...)
		if err != nil {
			return err
		}
		if s.Kind == "test-result" {
			x.input(s, name+".xml", junit(s))
		}
		if err := x.keep(folder+name+".json", s); err != nil {
			return err
		}
	}
	return nil
}

func slug(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "-") }

// keep signs a statement as it should be signed.
func (x *example) keep(name string, s *evidence.Statement) error {
	payload, err := evidence.Encode(s)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	x.files[name], err = x.seal(payload, keys[s.Kind])
	return err
}

// about is a statement that verifications of one method and tester passed.
func (x *example) about(ids ...string) (*evidence.Statement, error) {
	slices.Sort(ids)
	var list []*model.Verification
	for _, id := range ids {
		v, ok := x.file.Lookup(id).(*model.Verification)
		if !ok {
			return nil, fmt.Errorf("there is no verification %s", id)
		}
		list = append(list, v)
	}
	first := list[0]
	s := &evidence.Statement{Kind: kinds[first.Method], Subjects: evidence.SubjectsOf(x.release), Predicate: evidence.Predicate{
		Release: x.release.Version, For: ids, Finished: finished, Recorded: recorded, Commit: x.release.Commit,
		Performer: evidence.Performer{Who: first.Tester.Who, Independence: first.Tester.Independence, Skills: first.Tester.Skills},
		Authors:   []string{"Application team", "Platform team"},
		Scope:     evidence.CoveredBy(list), Basis: evidence.BasisFor(list),
	}}
	for _, id := range ids {
		s.Results = append(s.Results, evidence.Result{Item: id, Outcome: evidence.Pass, Passed: 4})
	}
	s.Details = details(s.Kind, first)
	return s, nil
}

// details is what a kind has to add.
func details(k model.EvidenceKind, v *model.Verification) (d evidence.Details) {
	switch k {
	case "fuzzing":
		d.Fuzzing = &evidence.Fuzzing{Targets: []string{v.ID}, Executions: 250_000_000, Seconds: 72 * 3600}
	case "penetration-test":
		d.Penetration = &evidence.Penetration{Method: "grey box", Days: 10, Findings: []evidence.PenetrationFinding{}}
	case "manual-inspection":
		d.Inspection = &evidence.Inspection{Procedure: "as the verification states it", Observed: "as required"}
	case "sbom":
		d.SBOM = &evidence.SBOM{Format: "CycloneDX 1.6", Components: 212}
	case "process-record":
		d.Record = &evidence.Record{Document: "TR-2026-118"}
	case "code-review":
		d.Review = &evidence.Review{Changes: 64, Reviewers: []string{"Software quality team"}}
	}
	return d
}

// input keeps a raw input, and names it in the statement.
func (x *example) input(s *evidence.Statement, name string, text []byte) {
	digest := sum(text)
	x.files[evidence.InputFolder+"/"+digest] = text
	s.Inputs = append(s.Inputs, evidence.Input{Name: name, SHA256: digest, Size: int64(len(text)), Format: "junit"})
}

func sum(text []byte) string {
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}

// junit is a report of tests that says what a statement says.
func junit(s *evidence.Statement) []byte {
	type test struct {
		Class string `xml:"classname,attr"`
		Name  string `xml:"name,attr"`
	}
	type suite struct {
		XMLName  xml.Name `xml:"testsuite"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Time     string   `xml:"timestamp,attr"`
		Cases    []test   `xml:"testcase"`
	}
	all := suite{Name: cmp.Or(s.Performer.Who, "tests"), Time: s.Finished.Format(time.RFC3339)}
	for _, r := range s.Results {
		for n := range r.Passed {
			all.Cases = append(all.Cases, test{r.Item, fmt.Sprintf("%s case %d", r.Item, n+1)})
		}
	}
	all.Tests = len(all.Cases)
	text, err := xml.MarshalIndent(all, "", " ")
	if err != nil {
		panic(err) // the type is ours
	}
	return append(text, '\n')
}
