package evidence

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"

	attestation "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"pgregory.net/rapid"

	"theriac/model"
)

// drawStatement makes any statement that is well formed.
func drawStatement(t *rapid.T) *Statement {
	text := rapid.StringMatching(`[ -~äß€\n"\\<>&]{0,12}`)
	some := rapid.StringMatching(`[a-z][a-z0-9._-]{0,8}`)
	digest := rapid.StringMatching(`[0-9a-f]{64}`)
	sorted := func(name string, least int) []string {
		return slices.Sorted(slices.Values(rapid.SliceOfNDistinct(some, least, 4, rapid.ID).Draw(t, name)))
	}
	kinds := model.EvidenceKind("").Values()
	st := &Statement{Kind: model.EvidenceKind(rapid.SampledFrom(kinds).Draw(t, "kind").Name)}
	for _, name := range sorted("subjects", 1) {
		st.Subjects = append(st.Subjects, Subject{name, digest.Draw(t, "digest")})
	}
	st.Release, st.For, st.Scope = some.Draw(t, "release"), sorted("for", 1), sorted("scope", 0)
	st.Started = time.Unix(rapid.Int64Range(0, 1<<32).Draw(t, "started"), 0).UTC()
	st.Finished = st.Started.Add(time.Duration(rapid.IntRange(0, 1<<20).Draw(t, "seconds")) * time.Second)
	st.Recorded = st.Finished.Add(time.Duration(rapid.IntRange(0, 1<<20).Draw(t, "later")) * time.Second)
	st.Tool, st.Performer = Tool{text.Draw(t, "tool"), text.Draw(t, "version")}, Performer{Who: text.Draw(t, "who"), Independence: "external"}
	st.Commit = text.Draw(t, "commit")
	if rapid.Bool().Draw(t, "input") {
		st.Inputs = []Input{{some.Draw(t, "name"), digest.Draw(t, "input digest"), rapid.Int64Range(0, maxSize).Draw(t, "size"), some.Draw(t, "format")}}
	}
	for _, id := range sorted("basis", 0) {
		st.Basis = append(st.Basis, Basis{id, digest.Draw(t, "basis digest")[:32], map[string]string{some.Draw(t, "field"): "12345678"}})
	}
	for _, id := range st.For {
		r := Result{Item: id, Outcome: Pass, Passed: rapid.IntRange(0, 1<<40).Draw(t, "passed"), Skipped: rapid.IntRange(0, 9).Draw(t, "skipped")}
		if rapid.Bool().Draw(t, "fails") {
			r.Outcome, r.Failed = Fail, 3
			r.Failures = []Failure{{ID: some.Draw(t, "failure"), Title: text.Draw(t, "title"), Severity: "high", At: text.Draw(t, "at")}}
		}
		st.Results = append(st.Results, r)
	}
	if rapid.Bool().Draw(t, "coverage") {
		st.Coverage = &Coverage{Lines: 10, Covered: rapid.IntRange(0, 10).Draw(t, "covered")}
	}
	if rapid.Bool().Draw(t, "network") {
		st.Network = []Port{{Address: text.Draw(t, "address"), Transport: "tcp", Port: rapid.IntRange(1, 65535).Draw(t, "port"), Direction: Inbound, State: PortOpen}}
	}
	st.Details = detailsOf(st.Kind)
	if st.Details.Fuzzing != nil {
		st.Details.Fuzzing.Executions = rapid.Int64Range(0, 1<<53).Draw(t, "executions")
	}
	return st
}

// detailsOf is a filled part for a kind that needs one.
func detailsOf(kind model.EvidenceKind) (d Details) {
	switch kind {
	case "static-analysis", "dynamic-analysis":
		d.Analysis = &Analysis{FailAt: High, Findings: map[Severity]int{Low: 3, Medium: 1}, Suppressed: 2}
	case "fuzzing":
		d.Fuzzing = &Fuzzing{Targets: []string{"FuzzX"}, Executions: 12, Seconds: 60}
	case "vulnerability-scan":
		d.Scan = &Scan{FailAt: Low, Findings: map[Severity]int{Info: 1}, Data: time.Unix(0, 0).UTC()}
	case "penetration-test":
		d.Penetration = &Penetration{Method: "grey box", Days: 2.5, Findings: []PenetrationFinding{{ID: "F1", Title: "x", Severity: Low, Fate: FateRetested, Where: []string{"if-x"}}}}
	case "code-review":
		d.Review = &Review{Changes: 3, Reviewers: []string{"a"}}
	case "sbom":
		d.SBOM = &SBOM{Format: "CycloneDX 1.6", Components: 3}
	case "configuration-scan":
		d.Configuration = &Configuration{Profile: "p"}
	case "device-attestation":
		d.Attestation = &Attestation{Device: "d", Measurements: []Measurement{{"pcr-7", "sha256", "00", "00"}}}
	case "process-record":
		d.Record = &Record{Document: "D", ValidUntil: "2027-01-01"}
	case "manual-inspection":
		d.Inspection = &Inspection{Procedure: "p", Observed: "o"}
	case "supplier-statement":
		d.Supplier = &Supplier{Supplier: "s", Item: "i", Document: "d"}
	}
	return d
}

// TestRoundTrip: what is written is read back as it was, the same each time, and
// is a statement to the library of in-toto as well.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		st := drawStatement(t)
		text, err := Encode(st)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Encode(st); !bytes.Equal(again, text) {
			t.Fatal("the same statement gives other bytes")
		}
		if bytes.ContainsAny(text, "\n") {
			t.Fatal("not one line")
		}
		got, faults := Decode(text)
		if len(faults) > 0 {
			t.Fatalf("%s: %s", faults[0].Field, faults[0].Message)
		}
		if !reflect.DeepEqual(got, st) {
			t.Fatalf("read\n%+v\nwrote\n%+v", got, st)
		}
		agrees(t, text, st)
	})
}

// agrees reads a statement with the library of in-toto.
func agrees(t interface{ Fatalf(string, ...any) }, text []byte, st *Statement) {
	var theirs attestation.Statement
	if err := protojson.Unmarshal(text, &theirs); err != nil {
		t.Fatalf("in-toto cannot read it: %v", err)
	}
	if err := theirs.Validate(); err != nil {
		t.Fatalf("in-toto refuses it: %v", err)
	}
	if theirs.GetPredicateType() != PredicateType(st.Kind) || len(theirs.GetSubject()) != len(st.Subjects) {
		t.Fatalf("in-toto reads %v", &theirs)
	}
	for i, s := range theirs.GetSubject() {
		if s.GetName() != st.Subjects[i].Name || s.GetDigest()["sha256"] != st.Subjects[i].SHA256 {
			t.Fatalf("in-toto reads subject %v, wrote %+v", s, st.Subjects[i])
		}
	}
	if got := theirs.GetPredicate().GetFields()["release"].GetStringValue(); got != st.Release {
		t.Fatalf("in-toto reads release %q, wrote %q", got, st.Release)
	}
}

// TestEncodeLargeNumbers: a count that does not fit the numbers of JSON is not
// written as another one.
func TestEncodeLargeNumbers(t *testing.T) {
	st := newScene(t).statement("test-result", "vf-lock")
	for _, n := range []int64{1 << 53, 1<<53 + 1, 1<<62 + 1} {
		st.Inputs = []Input{{"a", digestOne, n, "form"}}
		text, err := Encode(st)
		if err != nil {
			continue
		}
		got, faults := Decode(text)
		if len(faults) > 0 || got.Inputs[0].Size != n {
			t.Errorf("%d became %+v %v", n, got, faults)
		}
	}
}

// FuzzDecode: what is read without faults can be written, and is read again as the
// same.
func FuzzDecode(f *testing.F) {
	s := newScene(f)
	for _, kind := range model.EvidenceKind("").Values() {
		st := s.statement("test-result", "vf-lock")
		st.Kind = model.EvidenceKind(kind.Name)
		st.Details = detailsOf(st.Kind)
		text, err := Encode(st)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"","digest":null}],"predicateType":"urn:theriac:evidence:sbom:1","predicate":{}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		st, faults := Decode(text)
		for _, r := range faults {
			if r.State != Malformed || r.Message == "" {
				t.Fatalf("%+v", r)
			}
		}
		if len(faults) > 0 {
			return
		}
		written, err := Encode(st)
		if err != nil {
			return // a number that JSON does not hold exactly
		}
		again, faults := Decode(written)
		if len(faults) > 0 {
			t.Fatalf("%s\n%s\n%+v", text, written, faults)
		}
		twice, err := Encode(again)
		if err != nil || !bytes.Equal(written, twice) {
			t.Fatalf("%s\n%s\n%v", written, twice, err)
		}
		agrees(t, written, again)
	})
}

// FuzzReadPiece: no file is too strange to be judged.
func FuzzReadPiece(f *testing.F) {
	s := newScene(f)
	good := sealed(f, s.statement("test-result", "vf-lock"), "test-lead")
	f.Add(good, []byte(nil))
	f.Add(sealed(f, s.statement("penetration-test", "vf-attack"), "stranger", "security-laboratory"), []byte("stamp"))
	f.Add([]byte(`{"payloadType":"x","payload":"eA==","signatures":[]}`), []byte{0x30})
	f.Fuzz(func(t *testing.T, text, stamp []byte) {
		p := ReadPiece("evidence/a.json", text, stamp, s.roster)
		if len(p.ID) != 12 || p.Statement == nil && len(p.Reasons) == 0 {
			t.Fatalf("%+v", p)
		}
		for _, v := range Judge(s.file, &Store{Pieces: []*Piece{p}}, s.release("rel-new"), s.day).Verdicts {
			if v.State == Passed && (!bytes.Contains(text, []byte("payload")) || len(v.By) == 0) || v.State != Passed && len(v.Reasons) == 0 {
				t.Fatalf("%+v", v)
			}
		}
	})
}
