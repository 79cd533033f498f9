package rules

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"theriac/approval"
	"theriac/catalog"
	"theriac/check"
	"theriac/evidence"
	"theriac/model"
	"theriac/triage"
	"theriac/trust"
)

// input is a check of a file with what is signed about it.
func input(t testing.TB, file *model.File, rules ...*check.Rule) check.Input {
	t.Helper()
	root, err := check.FolderOf(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	proof, err := check.ReadProof(t.Context(), file, root.FS(), today, nil)
	if err != nil {
		t.Fatal(err)
	}
	return check.Input{File: file, Catalog: catalog.Load(), Rules: rules, Today: today, Proof: proof}
}

var signedBy = regexp.MustCompile(`^(signed|approved) by ([a-z-]+)(, then altered)?$`)

// signParts writes what the signed parts of an example stand for.
func signParts(t testing.TB, file *model.File, parts []filePart) {
	t.Helper()
	for _, p := range parts {
		m := signedBy.FindStringSubmatch(p.how)
		if m == nil {
			continue
		}
		text, _, _ := strings.Cut(p.text, "# want")
		var payload []byte
		if p.name == triage.SealFile {
			write(t, filepath.Join(file.Dir(), p.name), string(sealOf(t, file, m[2], m[3] != "")))
			continue
		}
		if m[1] == "signed" {
			payload = statementOf(t, file, text)
		} else {
			payload = approvalOf(t, file, m[2], text)
		}
		if m[3] != "" {
			payload = altered(t, m[2], payload)
		} else {
			payload = sealed(t, m[2], payload)
		}
		name := filepath.Join(file.Dir(), filepath.FromSlash(p.name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, name, string(payload))
	}
}

// sealOf is the signature of the record of findings as it is, or as it was before it was
// altered.
func sealOf(t testing.TB, file *model.File, name string, altered bool) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(file.Dir(), triage.RecordFile))
	if err != nil {
		t.Fatal(err)
	}
	if altered {
		text = append(text, "unmonitored {}\n"...)
	}
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := trust.Seal(t.Context(), triage.SealType, triage.Claim(text), key)
	if err != nil {
		t.Fatal(err)
	}
	return envelope
}

func sealed(t testing.TB, name string, payload []byte) []byte {
	t.Helper()
	key, err := trust.Demo(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := trust.Seal(t.Context(), evidence.PayloadType, payload, key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// altered exchanges the payload behind a signature for another one.
func altered(t testing.TB, name string, payload []byte) []byte {
	t.Helper()
	other := bytes.Replace(payload, []byte("2026-"), []byte("2027-"), 1)
	if bytes.Equal(other, payload) {
		t.Fatal("nothing to alter")
	}
	var one, two struct {
		PayloadType string            `json:"payloadType"`
		Payload     string            `json:"payload"`
		Signatures  []json.RawMessage `json:"signatures"`
	}
	if err := json.Unmarshal(sealed(t, name, payload), &one); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(sealed(t, name, other), &two); err != nil {
		t.Fatal(err)
	}
	two.Signatures = one.Signatures
	text, err := json.Marshal(two)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// statementOf is a passed test of vf-lock with what an example says of it.
func statementOf(t testing.TB, file *model.File, text string) []byte {
	t.Helper()
	says := struct {
		Kind      model.EvidenceKind
		For       []string
		Release   string
		Subject   string
		Finished  time.Time
		Recorded  time.Time
		Scope     []string
		Outcome   evidence.Outcome
		Failures  []string
		Performer evidence.Performer
		Authors   []string
		Basis     *[]evidence.Basis
	}{Kind: "test-result", For: []string{"vf-lock"}, Release: "1.0.0", Finished: time.Date(2026, 6, 2, 10, 0, 0, 0, time.UTC), Outcome: evidence.Pass}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&says); err != nil {
		t.Fatal(err)
	}
	s := &evidence.Statement{Kind: says.Kind, Predicate: evidence.Predicate{
		Release: says.Release, For: says.For, Finished: says.Finished, Recorded: says.Finished, Scope: says.Scope,
		Performer: says.Performer, Authors: says.Authors,
	}}
	if !says.Recorded.IsZero() {
		s.Recorded = says.Recorded
	}
	if s.Subjects = []evidence.Subject{{Name: "artefact", SHA256: says.Subject}}; says.Subject == "" {
		s.Subjects = evidence.SubjectsOf(check.CurrentRelease(file, today))
	}
	var list []*model.Verification
	for _, id := range says.For {
		if v, ok := file.Lookup(id).(*model.Verification); ok {
			list = append(list, v)
		}
		r := evidence.Result{Item: id, Outcome: says.Outcome}
		switch says.Outcome {
		case evidence.Pass:
			r.Passed = 1
		case evidence.Open:
			r.Inconclusive = 1
		}
		for _, f := range says.Failures {
			r.Outcome, r.Failed = evidence.Fail, r.Failed+1
			r.Failures = append(r.Failures, evidence.Failure{ID: f})
		}
		s.Results = append(s.Results, r)
	}
	if s.Basis = evidence.BasisFor(list); says.Basis != nil {
		s.Basis = *says.Basis
	}
	if s.Scope == nil {
		s.Scope = evidence.CoveredBy(list)
	}
	payload, err := evidence.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// approvalOf is an approval of the present content, or of what an example gives.
func approvalOf(t testing.TB, file *model.File, signer, text string) []byte {
	t.Helper()
	p := &approval.Predicate{Signed: time.Date(2026, 6, 3, 9, 0, 0, 0, time.UTC), Signer: "tester", Name: "Example test lead"}
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		t.Fatal(err)
	}
	if p.Content == nil {
		root, err := check.FolderOf(file)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		target, err := approval.Find(file, root.FS(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if p.Content, err = approval.Content(file, root.FS(), target); err != nil {
			t.Fatal(err)
		}
	}
	payload, err := approval.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}
