package evidence

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"theriac/model"
)

// TestFaults holds each fault of a statement by itself: Encode refuses to write
// it, and it is found in one that was written by something else.
func TestFaults(t *testing.T) {
	s := newScene(t)
	digest := strings.Repeat("ab", 32)
	result := func(r Result) func(*Statement) {
		return func(st *Statement) { r.Item = "vf-lock"; st.Results[0] = r }
	}
	many := make([]Failure, MaxFailures+1)
	for i := range many {
		many[i].ID = "x"
	}
	details := func(d Details) func(*Statement) { return func(st *Statement) { st.Details = d } }
	kind := func(k model.EvidenceKind) func(*Statement) {
		return func(st *Statement) { st.Kind, st.Details = k, Details{} }
	}
	for name, c := range map[string]struct {
		change func(*Statement)
		field  string
		says   string
	}{
		"no artefact":            {func(st *Statement) { st.Subjects = nil }, "subject", "it speaks of no artefact"},
		"artefact without name":  {func(st *Statement) { st.Subjects[1].Name = "" }, "subject[1]", "no name or no SHA-256"},
		"artefact not hashed":    {func(st *Statement) { st.Subjects[0].SHA256 = "" }, "subject[0]", "no name or no SHA-256"},
		"digest too long":        {func(st *Statement) { st.Subjects[0].SHA256 += "0" }, "subject[0]", "no name or no SHA-256"},
		"digest in capitals":     {func(st *Statement) { st.Subjects[0].SHA256 = strings.ToUpper(digest) }, "subject[0]", "no name or no SHA-256"},
		"artefact twice":         {func(st *Statement) { st.Subjects[1].Name = st.Subjects[0].Name }, "subject[1]", `"pump.img" stands twice`},
		"no release":             {func(st *Statement) { st.Release = "" }, "predicate.release", "it names no release"},
		"for nothing":            {func(st *Statement) { st.For, st.Results = nil, nil }, "predicate.for", "it speaks of no verification"},
		"empty id":               {func(st *Statement) { st.For[0], st.Results[0].Item = "", "" }, "predicate.for", "an id is empty"},
		"empty scope":            {func(st *Statement) { st.Scope = []string{""} }, "predicate.scope", "an id is empty"},
		"scope twice":            {func(st *Statement) { st.Scope = []string{"a", "a"} }, "predicate.scope", `not in order, or stand twice: "a"`},
		"scope out of order":     {func(st *Statement) { st.Scope = []string{"b", "a"} }, "predicate.scope", `not in order, or stand twice: "a"`},
		"fraction of a second":   {func(st *Statement) { st.Started = sceneTime.Add(-time.Millisecond) }, "predicate.started", "whole seconds of UTC"},
		"other zone":             {func(st *Statement) { st.Finished = st.Finished.In(time.FixedZone("CET", 3600)) }, "predicate.finished", "whole seconds of UTC"},
		"no end":                 {func(st *Statement) { st.Finished = time.Time{} }, "predicate.finished", "the time is missing"},
		"not recorded":           {func(st *Statement) { st.Recorded = time.Time{} }, "predicate.recorded", "the time is missing"},
		"ended before it began":  {func(st *Statement) { st.Started = st.Finished.Add(time.Second) }, "predicate.finished", "it ended before it began"},
		"recorded before":        {func(st *Statement) { st.Recorded = st.Finished.Add(-time.Second) }, "predicate.recorded", "before the work ended on 2026-09-15"},
		"input not hashed":       {func(st *Statement) { st.Inputs = []Input{{"a", "x", 1, "form"}} }, "predicate.inputs[0].sha256", "64 hexadecimal digits"},
		"input of negative size": {func(st *Statement) { st.Inputs = []Input{{"a", digest, -1, "form"}} }, "predicate.inputs[0].size", "a size is negative or absurd"},
		"input without name":     {func(st *Statement) { st.Inputs = []Input{{"a", digest, 0, "form"}, {"", digest, 0, "form"}} }, "predicate.inputs[1]", "name or format is missing"},
		"input without format":   {func(st *Statement) { st.Inputs = []Input{{"a", digest, 0, ""}} }, "predicate.inputs[0]", "name or format is missing"},
		"basis without id":       {func(st *Statement) { st.Basis[0].ID = "" }, "predicate.basis[0]", "id or digest is missing"},
		"basis without digest":   {func(st *Statement) { st.Basis[1].Digest = "12" }, "predicate.basis[1]", "id or digest is missing"},
		"basis twice":            {func(st *Statement) { st.Basis[1].ID = st.Basis[0].ID }, "predicate.basis[1]", "not in order, or stand twice"},
		"no result":              {func(st *Statement) { st.Results = nil }, "predicate.results", "there is not one result for each verification"},
		"result too many":        {func(st *Statement) { st.Results = append(st.Results, st.Results[0]) }, "predicate.results", "there is not one result for each verification"},
		"result of another":      {func(st *Statement) { st.Results[0].Item = "vf-net" }, "predicate.results[0].item", `"vf-net", which is not the verification in its place`},
		"negative count":         {result(Result{Outcome: Pass, Skipped: -1}), "predicate.results[0]", "a count is negative"},
		"listed, not counted":    {result(Result{Outcome: Fail, Failed: 1, Failures: many[:2]}), "predicate.results[0].failures", "it lists 2 failures and counts 1"},
		"too many listed":        {result(Result{Outcome: Fail, Failed: len(many), Failures: many}), "predicate.results[0].failures", "it lists 1001 failures"},
		"passed with failures":   {result(Result{Outcome: Pass, Failed: 1}), "predicate.results[0].outcome", "it says passed, and counts 1 failed and 0 inconclusive"},
		"passed without answer":  {result(Result{Outcome: Pass, Inconclusive: 2}), "predicate.results[0].outcome", "it says passed, and counts 0 failed and 2 inconclusive"},
		"failed without failure": {result(Result{Outcome: Fail}), "predicate.results[0].outcome", "it says failed, and counts no failure"},
		"open with failures":     {result(Result{Outcome: Open, Failed: 1}), "predicate.results[0].outcome", "it says inconclusive, and counts 1 failed"},
		"skipped":                {result(Result{Outcome: Skips}), "predicate.results[0].outcome", `"skipped" is no outcome`},
		"failure without id":     {result(Result{Outcome: Fail, Failed: 1, Failures: make([]Failure, 1)}), "predicate.results[0].failures[0]", "a failure has no id"},
		"unknown severity":       {result(Result{Outcome: Fail, Failed: 1, Failures: []Failure{{ID: "x", Severity: "dire"}}}), "predicate.results[0].failures[0].severity", `"dire" is no severity`},
		"unknown independence":   {func(st *Statement) { st.Performer.Independence = "far" }, "predicate.performer.independence", `"far" is no degree of independence`},
		"part of another kind":   {details(Details{Fuzzing: &Fuzzing{}}), "predicate.details.fuzzing", "evidence of kind test-result has no such part"},
		"fuzzing says nothing":   {kind("fuzzing"), "predicate.details.fuzzing", "evidence of kind fuzzing needs this part"},
		"attack says nothing":    {kind("penetration-test"), "predicate.details.penetration", "needs this part"},
		"review says nothing":    {kind("code-review"), "predicate.details.review", "needs this part"},
		"SBOM says nothing":      {kind("sbom"), "predicate.details.sbom", "needs this part"},
		"device says nothing":    {kind("device-attestation"), "predicate.details.attestation", "needs this part"},
		"record says nothing":    {kind("process-record"), "predicate.details.record", "needs this part"},
		"look says nothing":      {kind("manual-inspection"), "predicate.details.inspection", "needs this part"},
		"supplier says nothing":  {kind("supplier-statement"), "predicate.details.supplier", "needs this part"},
	} {
		t.Run(name, func(t *testing.T) {
			st := s.statement("test-result", "vf-lock")
			c.change(st)
			faults := st.faults()
			if len(faults) == 0 || faults[0].State != Malformed || faults[0].Field != c.field || !holds(faults[0].Message, c.says) {
				t.Fatalf("got %+v, want %s: %s", faults, c.field, c.says)
			}
			if _, err := Encode(st); err == nil || !holds(err.Error(), c.says) {
				t.Errorf("written all the same: %v", err)
			}
		})
	}
	for _, k := range []model.EvidenceKind{"test-result", "static-analysis", "dynamic-analysis", "vulnerability-scan", "configuration-scan"} {
		st := s.statement("test-result", "vf-lock")
		kind(k)(st)
		if faults := st.faults(); len(faults) != 0 {
			t.Errorf("%s without details: %+v", k, faults)
		}
	}
	st := s.statement("test-result", "vf-lock")
	if st.Started, st.Recorded = st.Finished, st.Finished; len(st.faults()) != 0 {
		t.Errorf("all at one time: %+v", st.faults())
	}
	for _, r := range []Result{{Outcome: Pass}, {Outcome: Pass, Passed: 1, Skipped: 1}, {Outcome: Open}, {Outcome: Fail, Failed: MaxFailures, Failures: many[1:]}} {
		st := s.statement("test-result", "vf-lock")
		result(r)(st)
		if faults := st.faults(); len(faults) != 0 {
			t.Errorf("%+v: %+v", r, faults)
		}
	}
}

// TestRefused holds what ReadPiece cannot take for a statement at all.
func TestRefused(t *testing.T) {
	s := newScene(t)
	payload, err := Encode(s.statement("test-result", "vf-lock"))
	if err != nil {
		t.Fatal(err)
	}
	with := func(old, text string) []byte {
		if strings.Count(string(payload), old) != 1 {
			t.Fatalf("%q is not there once", old)
		}
		return sealedText(t, PayloadType, []byte(strings.Replace(string(payload), old, text, 1)), "test-lead")
	}
	for name, c := range map[string]struct {
		text  []byte
		field string
		says  string
		read  bool // as a statement, with faults
	}{
		"no envelope":        {[]byte("{}"), "", "the file is no signed statement", false},
		"empty":              {nil, "", "the file is no signed statement", false},
		"other payload":      {sealedText(t, "text/plain", payload, "test-lead"), "", `the envelope holds "text/plain", not an in-toto statement`, false},
		"no JSON":            {sealedText(t, PayloadType, []byte("x"), "test-lead"), "", "", false},
		"unknown member":     {with(`"release":`, `"releases":`), "", "releases", false},
		"other statement":    {with("in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1"), "_type", `it is no in-toto statement v1 but "https://in-toto.io/Statement/v0.1"`, false},
		"other predicate":    {with("urn:theriac:evidence:test-result:1", "https://slsa.dev/provenance/v1"), "predicateType", "is no kind of evidence that is known", false},
		"unknown kind":       {with("urn:theriac:evidence:test-result:1", "urn:theriac:evidence:dream:1"), "predicateType", "is no kind of evidence that is known", false},
		"later version":      {with("urn:theriac:evidence:test-result:1", "urn:theriac:evidence:test-result:2"), "predicateType", "is no kind of evidence that is known", false},
		"no prefix":          {with("urn:theriac:evidence:test-result:1", "test-result:1"), "predicateType", "is no kind of evidence that is known", false},
		"digest of no SHA":   {with(digestTwo, "22"), "subject[1]", "no name or no SHA-256", true},
		"another algorithm":  {with(`{"sha256":"`+digestTwo, `{"sha512":"`+digestTwo), "subject[1]", "no name or no SHA-256", true},
		"for nothing":        {with(`"for":["vf-lock"]`, `"for":[]`), "predicate.for", "it speaks of no verification", true},
		"outcome of its own": {with(`"outcome":"passed"`, `"outcome":"fine"`), "predicate.results[0].outcome", `"fine" is no outcome`, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := ReadPiece("evidence/a.json", c.text, nil, s.roster)
			if len(p.Reasons) == 0 || p.Reasons[0].State != Malformed || p.Reasons[0].Field != c.field || !holds(p.Reasons[0].Message, c.says) || p.Reasons[0].Message == "" {
				t.Fatalf("%+v", p.Reasons)
			}
			if (p.Statement != nil) != c.read || len(p.ID) != 12 {
				t.Errorf("read as %+v, id %q", p.Statement, p.ID)
			}
			s.pieces = []*Piece{p}
			if all := s.judge().Verdicts; len(all) != 1 || all[0].State != Malformed || !c.read && (all[0].Of != nil || all[0].Item != "") {
				t.Errorf("%+v", all)
			}
		})
	}
}

// TestAlteredEnvelope: whatever changes below a signature is damage, whoever else
// signed.
func TestAlteredEnvelope(t *testing.T) {
	s := newScene(t)
	for _, keys := range []string{"test-lead", "test-lead build-system", "stranger test-lead"} {
		st := s.statement("test-result", "vf-lock")
		text := string(sealed(t, st, strings.Fields(keys)...))
		st.Results[0].Passed++
		other, err := Encode(st)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(text, `"payload":"`)
		was, _, _ := strings.Cut(rest, `"`)
		text = strings.Replace(text, was, base64.StdEncoding.EncodeToString(other), 1)
		p := ReadPiece("evidence/a.json", []byte(text), nil, s.roster)
		if len(p.Reasons) == 0 || p.Reasons[0].State != Malformed || !holds(p.Reasons[0].Message, "the signature of tester does not fit the text: one of the two was altered since it was signed") || p.Reasons[0].Entity == nil {
			t.Errorf("%s: %+v", keys, p.Reasons)
		}
		s.pieces = []*Piece{p}
		if v := s.judge().Verdicts[0]; v.State != Malformed || len(p.Signed) != 0 {
			t.Errorf("%s: %s, signed %+v", keys, v.State, p.Signed)
		}
	}
}

// TestOneOfTwoAltered: a signature that does not fit spoils a piece that another
// one fits.
func TestOneOfTwoAltered(t *testing.T) {
	s := newScene(t)
	st := s.statement("test-result", "vf-lock")
	two := string(sealed(t, st, "test-lead", "build-system"))
	st.Results[0].Passed++
	_, other, _ := strings.Cut(string(sealed(t, st, "test-lead")), `"sig":"`)
	_, mine, _ := strings.Cut(string(two), `"sig":"`)
	other, mine = other[:strings.Index(other, `"`)], mine[:strings.Index(mine, `"`)]
	p := ReadPiece("evidence/a.json", []byte(strings.Replace(two, mine, other, 1)), nil, s.roster)
	if len(p.Signed) != 1 || p.Signed[0].By.Signer.ID != "robot" || len(p.Reasons) != 1 || p.Reasons[0].Field != "signatures[0]" || p.Reasons[0].State != Malformed {
		t.Errorf("%+v %+v", p.Signed, p.Reasons)
	}
}
