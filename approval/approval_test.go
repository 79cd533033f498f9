package approval

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	attestation "github.com/in-toto/attestation/go/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"pgregory.net/rapid"

	"theriac/evidence"
)

func (s *scene) one(text []byte) *Approval {
	return ReadApproval("approvals/a.json", text, nil, s.roster, today)
}

// TestRefused holds each reason for which a signature does not count.
func TestRefused(t *testing.T) {
	for name, c := range map[string]struct {
		keys   string
		change func(*Predicate)
		edit   []string
		says   string // "" where it counts
	}{
		"good":            {"software-quality", nil, nil, ""},
		"spare role":      {"software-quality", func(p *Predicate) { p.Role = "Spare" }, nil, ""},
		"two signatures":  {"software-quality risk-manager", nil, nil, "an approval is signed by one person"},
		"stranger beside": {"stranger software-quality", nil, nil, "an approval is signed by one person"},
		"stranger":        {"stranger", nil, nil, "which is of no signer of the roster"},
		"somebody else":   {"risk-manager", nil, nil, "it names quality as its signer, and is signed with the key of risk"},
		"other signer id": {"software-quality", func(p *Predicate) { p.Signer = "nobody" }, nil, "it names nobody as its signer"},
		"machine":         {"build-system", func(p *Predicate) { p.Signer = "robot" }, nil, "robot is a machine; people approve"},
		"root":            {"root", func(p *Predicate) { p.Signer, p.Role = "root", "Root" }, nil, ""},
		"role of others":  {"software-quality", func(p *Predicate) { p.Role = "Risk" }, nil, "quality signs as Risk, which is not among its roles"},
		"key withdrawn":   {"software-quality", nil, []string{`"KEY software-quality"`, `"KEY software-quality", revoked: 2026-05-01, reason: retired`}, "the signature of quality does not count: it was made on 2026-06-01, and the key of quality was revoked on 2026-05-01"},
		"key compromised": {"software-quality", nil, []string{`"KEY software-quality"`, `"KEY software-quality", revoked: 2026-08-01, reason: compromised`}, "no time stamp proves that it was made before"},
		"in the future":   {"software-quality", func(p *Predicate) { p.Signed = time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC) }, nil, "which is in the future"},
		"key gone":        {"software-quality", nil, []string{`"KEY software-quality"`, `"KEY development"`}, "which is of no signer of the roster"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newScene(t).predicate("doc-plan", "quality", "Quality", "reviewed")
			if c.change != nil {
				c.change(p)
			}
			a := newScene(t, c.edit...).one(sealed(t, p, strings.Fields(c.keys)...))
			if a.Counts() != (c.says == "") || len(a.Damage) != 0 {
				t.Fatalf("counts: %t, damage %q, refused %q", a.Counts(), a.Damage, a.Refused)
			}
			if c.says != "" && (len(a.Refused) != 1 || !strings.Contains(a.Refused[0], c.says)) {
				t.Errorf("refused for %q, want %q", a.Refused, c.says)
			}
			if !a.Readable || a.Role != p.Role || c.says == "" && a.By.Signer.ID != p.Signer {
				t.Errorf("%+v", a)
			}
		})
	}
}

// TestDamaged holds what is no approval, or was altered.
func TestDamaged(t *testing.T) {
	s := newScene(t)
	good := s.predicate("doc-plan", "quality", "Quality", "reviewed")
	good.Comment = "seen"
	payload, err := Encode(good)
	if err != nil {
		t.Fatal(err)
	}
	with := func(old, text string) []byte {
		if !bytes.Contains(payload, []byte(old)) {
			t.Fatalf("%q is not in %s", old, payload)
		}
		return sealedText(t, evidence.PayloadType, bytes.Replace(payload, []byte(old), []byte(text), 1), "software-quality")
	}
	sound := string(sealed(t, good, "software-quality"))
	other := bytes.Replace(payload, []byte("Quality lead"), []byte("Quality head"), 1)
	for name, c := range map[string]struct {
		text     []byte
		says     string
		readable bool
	}{
		"nothing":            {nil, "the file is no signed statement", false},
		"other payload":      {sealedText(t, "text/plain", payload, "software-quality"), `the envelope holds "text/plain"`, false},
		"unknown member":     {with(`"comment"`, `"remark"`), "remark", false},
		"other statement":    {with("Statement/v1", "Statement/v0.1"), "it is no in-toto statement v1 but", false},
		"other predicate":    {with(PredicateType, "urn:theriac:evidence:sbom:1"), `it is no approval but "urn:theriac:evidence:sbom:1"`, false},
		"other kind":         {with(`"of":"documents"`, `"of":"threats"`), `"threats" is nothing that can be approved`, false},
		"no id":              {with(`"id":"doc-plan"`, `"id":""`), "it does not say what is approved", false},
		"other meaning":      {with(`"meaning":"reviewed"`, `"meaning":"liked"`), `"liked" is no meaning of a signature`, false},
		"no signer":          {with(`"signer":"quality"`, `"signer":""`), "signer, printed name or role is missing", false},
		"no name":            {with(`"name":"Quality lead"`, `"name":""`), "signer, printed name or role is missing", false},
		"no role":            {with(`"role":"Quality"`, `"role":""`), "signer, printed name or role is missing", false},
		"fraction":           {with("T10:00:00Z", "T10:00:00.5Z"), "the time of signing is missing or not in whole seconds of UTC", false},
		"other zone":         {with("T10:00:00Z", "T10:00:00+02:00"), "the time of signing is missing or not in whole seconds of UTC", false},
		"content altered":    {with(`"value":"Plan"`, `"value":"Flan"`), "its subject is not the content that it holds", false},
		"subject of another": {with(`"name":"documents/doc-plan"`, `"name":"documents/doc-draft"`), "its subject is not the content that it holds", false},
		"of another":         {with(`"id":"doc-plan"`, `"id":"doc-draft"`), "its subject is not the content that it holds", false},
		"two subjects":       {with(`"subject":[`, `"subject":[{"name":"x","digest":{"sha256":"`+strings.Repeat("1", 64)+`"}},`), "its subject is not the content that it holds", false},
		"two, ours first":    {with(`}],"predicateType"`, `},{"name":"x","digest":{"sha256":"`+strings.Repeat("1", 64)+`"}}],"predicateType"`), "its subject is not the content that it holds", false},
		"no subject":         {with(string(payload[bytes.Index(payload, []byte(`[{"name":"documents`)):bytes.Index(payload, []byte(`,"predicateType"`))]), "[]"), "its subject is not the content that it holds", false},
		"altered afterwards": {[]byte(strings.Replace(sound, base64.StdEncoding.EncodeToString(payload), base64.StdEncoding.EncodeToString(other), 1)), "the signature of quality does not fit the text", true},
	} {
		t.Run(name, func(t *testing.T) {
			a := s.one(c.text)
			if a.Counts() || len(a.Damage) != 1 || !strings.Contains(a.Damage[0], c.says) || a.Readable != c.readable || len(a.ID) != 12 {
				t.Errorf("counts: %t, readable %t, damage %q, want %q", a.Counts(), a.Readable, a.Damage, c.says)
			}
		})
	}
}

// TestEncodeRefuses: what would not be read is not written.
func TestEncodeRefuses(t *testing.T) {
	s := newScene(t)
	for name, change := range map[string]func(*Predicate){
		"kind": func(p *Predicate) { p.Of = "x" }, "content": func(p *Predicate) { p.Content = nil }, "time": func(p *Predicate) { p.Signed = time.Time{} },
		"meaning": func(p *Predicate) { p.Meaning = "" },
	} {
		p := s.predicate("doc-plan", "quality", "Quality", "reviewed")
		change(p)
		if text, err := Encode(p); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
}

// TestRoundTrip: what is signed is read as it was, and is a statement of in-toto.
func TestRoundTrip(t *testing.T) {
	s := newScene(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[ -~ä€\n"\\]{1,12}`)
		p := s.predicate(rapid.SampledFrom([]string{"doc-plan", "rk-accepted", "wv-lock", "rel-1", "first", "roster"}).Draw(t, "target"), "quality", "Quality", "released")
		p.Comment, p.Name = text.Draw(t, "comment"), text.Draw(t, "name")
		p.Content = append(p.Content, Line{text.Draw(t, "path"), text.Draw(t, "value")})
		payload, err := Encode(p)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Encode(p); !bytes.Equal(again, payload) {
			t.Fatal("the same approval gives other bytes")
		}
		if path := PathOf(p, payload); path != "approvals/"+string(p.Of)+"/"+p.ID+"-released-"+evidence.IDOf(payload)+".json" {
			t.Fatal(path)
		}
		a := s.one(sealedText(s.t, evidence.PayloadType, payload, "software-quality"))
		if !a.Counts() || !reflect.DeepEqual(a.Predicate, *p) {
			t.Fatalf("%q %q\n%+v\n%+v", a.Damage, a.Refused, a.Predicate, *p)
		}
		var theirs attestation.Statement
		if err := protojson.Unmarshal(payload, &theirs); err != nil {
			t.Fatal(err)
		}
		if err := theirs.Validate(); err != nil || theirs.GetSubject()[0].GetDigest()["sha256"] != Digest(p.Of, p.ID, p.Content) {
			t.Fatal(err)
		}
	})
}

// TestRead sorts the files of the folder.
func TestRead(t *testing.T) {
	s := newScene(t)
	text := sealed(t, s.predicate("doc-plan", "quality", "Quality", "reviewed"), "software-quality")
	file := &fstest.MapFile{Data: text}
	files := fstest.MapFS{
		"approvals/b.json": file, "approvals/b/a.json": file, "approvals/a.json": file, "approvals/a.json.tsr": {Data: []byte("stamp")}, "approvals/c.json.tsr": {},
		"approvals/.gitkeep": {}, "approvals/note.txt": {}, "approvals/d.json": {Data: []byte("a.json"), Mode: fs.ModeSymlink}, "a.json": file,
	}
	store := s.store(files)
	var paths []string
	for _, a := range store.Approvals {
		paths = append(paths, a.Path)
	}
	if !slices.Equal(paths, []string{"approvals/a.json", "approvals/b.json", "approvals/b/a.json"}) {
		t.Errorf("%q", paths)
	}
	if !slices.Equal(store.Stray, []string{"approvals/c.json.tsr", "approvals/d.json", "approvals/note.txt"}) {
		t.Errorf("stray %q", store.Stray)
	}
	if a := store.Approvals[0]; a.Counts() || len(a.Refused) != 1 || !strings.Contains(a.Refused[0], "its time stamp does not count") || !store.Approvals[1].Counts() {
		t.Errorf("%q", a.Refused)
	}
	if empty := s.store(fstest.MapFS{}); len(empty.Approvals)+len(empty.Stray) != 0 {
		t.Errorf("%+v", empty)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, files, s.roster, today); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	long := fstest.MapFS{"approvals/a.json": {Data: bytes.Repeat([]byte(" "), 5<<20)}}
	if a := s.store(long).Approvals[0]; a.Counts() || len(a.Damage) != 1 {
		t.Errorf("%+v", a)
	}
}

// FuzzReadApproval: no file is too strange, and nothing counts that is not signed.
func FuzzReadApproval(f *testing.F) {
	s := newScene(f)
	good := s.predicate("doc-plan", "quality", "Quality", "reviewed")
	f.Add(sealed(f, good, "software-quality"), []byte(nil))
	f.Add(sealed(f, good, "stranger"), []byte("stamp"))
	f.Add(sealed(f, good, "stranger", "software-quality"), []byte{0x30})
	f.Fuzz(func(t *testing.T, text, stamp []byte) {
		a := ReadApproval("approvals/a.json", text, stamp, s.roster, today)
		if len(a.ID) != 12 || a.Counts() && (a.By == nil || a.faults() != "" || a.By.Signer.ID != a.Signer) || !a.Counts() && len(a.Damage)+len(a.Refused) == 0 {
			t.Fatalf("%+v", a)
		}
		if again := ReadApproval("approvals/a.json", text, stamp, s.roster, today); !reflect.DeepEqual(a, again) {
			t.Fatal("not the same twice")
		}
	})
}
