package evidence

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"strconv"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"theriac/trust"
)

// authority is a time-stamp authority with a certificate of its own.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func issued(t *testing.T, name string) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	usage, err := asn1.Marshal([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}) // id-kp-timeStamping
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: name}, KeyUsage: x509.KeyUsageDigitalSignature,
		// The library that makes the stamps also signs the true time.
		NotBefore: at("2020-01-01T00:00:00Z"), NotAfter: time.Now().AddDate(10, 0, 0), BasicConstraintsValid: true,
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true, Value: usage}},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &authority{cert, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// stamp says that a signature of an envelope existed at a time.
func (a *authority) stamp(t *testing.T, envelope []byte, signature int, when time.Time) []byte {
	t.Helper()
	e, err := trust.OpenEnvelope(envelope)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(e.Signatures[signature].Value)
	s := &timestamp.Timestamp{HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Time: when, Policy: []int{1, 2, 3}, AddTSACertificate: true}
	reply, err := s.CreateResponseWithOpts(a.cert, a.key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := timestamp.ParseResponse(reply)
	if err != nil {
		t.Fatal(err)
	}
	return answer.RawToken
}

// quoted is a text as a YAML string on one line.
func quoted(text string) string { return strconv.Quote(text) }

// stampedScene is the scene with an authority, and with changes.
func stampedScene(t *testing.T, a *authority, changes ...string) *scene {
	t.Helper()
	entry := "signers:\n  stamps: {title: Stamps, type: time-stamp-authority, keys: [{public: " + quoted(a.pem) + "}]}\n  tester"
	return newScene(t, append([]string{"signers:\n  tester", entry}, changes...)...)
}

// TestStamps: what a time stamp proves counts, and one that proves nothing is
// said to.
func TestStamps(t *testing.T) {
	a, other := issued(t, "stamps"), issued(t, "other")
	const from = "from: 2026-01-01"
	compromised := []string{from, from + ", revoked: 2026-09-20, reason: compromised"}
	wanted := []string{"    max-age: 6 months\n", "    max-age: 6 months\n    time-stamps: true\n"}
	before, after := at("2026-09-16T00:00:00Z"), at("2026-09-20T00:00:01Z")
	for name, c := range map[string]struct {
		changes []string
		keys    []string
		stamp   func(envelope []byte) []byte
		state   State
		field   string
		says    string
	}{
		"none, key compromised": {compromised, nil, nil, Untrusted, "signatures", "no time stamp proves that it was made before"},
		"from before":           {compromised, nil, func(e []byte) []byte { return a.stamp(t, e, 0, before) }, Passed, "", ""},
		"from after":            {compromised, nil, func(e []byte) []byte { return a.stamp(t, e, 0, after) }, Untrusted, "signatures", "was revoked on 2026-09-20"},
		"asked for":             {wanted, nil, func(e []byte) []byte { return a.stamp(t, e, 0, before) }, Passed, "", ""},
		"unreadable":            {nil, nil, func([]byte) []byte { return []byte("stamp") }, Untrusted, "time stamp", "its time stamp does not count: malformed time stamp"},
		"empty":                 {nil, nil, func([]byte) []byte { return []byte{} }, Untrusted, "time stamp", "its time stamp does not count: malformed time stamp"},
		"of a stranger":         {nil, nil, func(e []byte) []byte { return other.stamp(t, e, 0, before) }, Untrusted, "time stamp", "its time stamp does not count"},
		"of another signature":  {nil, nil, func([]byte) []byte { return a.stamp(t, sealedText(t, "x", []byte("x"), "test-lead"), 0, before) }, Untrusted, "time stamp", "over other bytes"},
		"of the second only":    {nil, []string{"test-lead", "build-system"}, func(e []byte) []byte { return a.stamp(t, e, 1, before) }, Untrusted, "time stamp", "over other bytes"},
		"of the first of two":   {wanted, []string{"test-lead", "build-system"}, func(e []byte) []byte { return a.stamp(t, e, 0, before) }, Passed, "", ""},
		"before the claim":      {nil, nil, func(e []byte) []byte { return a.stamp(t, e, 0, sceneTime) }, Untrusted, "signatures", "it says that it was made on 2026-09-15 11:00 UTC, after its time stamp of 2026-09-15 10:00 UTC"},
	} {
		t.Run(name, func(t *testing.T) {
			s := stampedScene(t, a, c.changes...)
			keys := c.keys
			if keys == nil {
				keys = []string{"test-lead"}
			}
			text := sealed(t, s.statement("test-result", "vf-lock"), keys...)
			var stamp []byte
			if c.stamp != nil {
				stamp = c.stamp(text)
			}
			s.pieces = []*Piece{ReadPiece("evidence/a.json", text, stamp, s.roster)}
			v := s.judge().Verdicts[0]
			if v.State != c.state {
				t.Fatalf("%s, want %s: %+v", v.State, c.state, v.Reasons)
			}
			if c.state != Passed && (v.Reasons[0].Field != c.field || c.says == "" || !holds(v.Reasons[0].Message, c.says)) {
				t.Errorf("at %q: %q, want %q: %q", v.Reasons[0].Field, v.Reasons[0].Message, c.field, c.says)
			}
		})
	}
}
