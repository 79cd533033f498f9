package trust

import (
	"bytes"
	"context"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"pgregory.net/rapid"
)

const statementType = "application/vnd.in-toto+json"

func sealText(t testing.TB, payload []byte, signers ...Signer) []byte {
	t.Helper()
	text, err := Seal(context.Background(), statementType, payload, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSeal(t *testing.T) {
	a, b, c := generate(t, ECDSAP256), generate(t, Ed25519), generate(t, Ed25519)
	rapid.Check(t, func(t *rapid.T) {
		payloadType := rapid.StringMatching(`[!-~]{1,256}`).Draw(t, "type")
		payload := rapid.SliceOfN(rapid.Byte(), 1, 300).Draw(t, "payload")
		text, err := Seal(t.Context(), payloadType, payload, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if again, _ := Seal(t.Context(), payloadType, payload, a, b); !bytes.Equal(again, text) {
			t.Fatal("the same text gives other bytes")
		}
		if bytes.IndexByte(text, '\n') != len(text)-1 {
			t.Fatal("not one line")
		}
		e, err := OpenEnvelope(text)
		if err != nil || e.PayloadType != payloadType || !bytes.Equal(e.Payload, payload) || len(e.Signatures) != 2 {
			t.Fatalf("read as %+v, %v", e, err)
		}
		for i, key := range []*PrivateKey{a, b} {
			sig, err := e.Verify(key.Public())
			if err != nil || !bytes.Equal(sig, e.Signatures[i].Value) || e.Signatures[i].KeyID != key.Public().ID() {
				t.Fatal(err)
			}
		}
		if _, err := e.Verify(c.Public()); !errors.Is(err, ErrOtherKey) {
			t.Fatalf("key that has not signed: %v", err)
		}
	})
}

// TestFlip flips every bit of envelopes: of the file as it stands, which hits
// names, base64 and ids too, and of what was encoded.
func TestFlip(t *testing.T) {
	for _, algorithm := range algorithms {
		key := generate(t, algorithm)
		good := sealText(t, []byte(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pump.bin"}]}`), key)
		flips := 0
		refused := func(text []byte, where string) {
			t.Helper()
			e, err := OpenEnvelope(text)
			if err == nil {
				_, err = e.Verify(key.Public())
			}
			if err == nil {
				t.Errorf("%s: %s: accepted: %s", algorithm, where, text)
			}
			flips++
		}
		for i := range 8 * len(good) {
			refused(flipped(good, i), fmt.Sprintf("bit %d of the file", i))
		}
		e, err := OpenEnvelope(good)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 * len(e.Payload) {
			refused(envelope(e.PayloadType, flipped(e.Payload, i), e.Signatures...), fmt.Sprintf("bit %d of the payload", i))
		}
		for i := range 8 * len(e.PayloadType) {
			refused(envelope(string(flipped([]byte(e.PayloadType), i)), e.Payload, e.Signatures...), fmt.Sprintf("bit %d of the type", i))
		}
		sig := e.Signatures[0]
		for i := range 8 * len(sig.Value) {
			text := envelope(e.PayloadType, e.Payload, Signature{sig.KeyID, flipped(sig.Value, i)})
			refused(text, fmt.Sprintf("bit %d of the signature", i))
			if e, err := OpenEnvelope(text); err != nil {
				t.Error(err)
			} else if _, err := e.Verify(key.Public()); !errors.Is(err, ErrSignature) {
				t.Errorf("bit %d of the signature: %v", i, err)
			}
		}
		if flips < 4000 {
			t.Errorf("only %d flips", flips)
		}
		refused(append(bytes.Clone(good), good...), "two envelopes")
		refused(good[:len(good)-2], "cut off")
		if _, err := e.Verify(key.Public()); err != nil {
			t.Errorf("the good one is refused: %v", err)
		}
	}
}

func flipped(b []byte, bit int) []byte {
	b = bytes.Clone(b)
	b[bit/8] ^= 1 << (bit % 8)
	return b
}

// envelope writes an envelope whatever it says.
func envelope(payloadType string, payload []byte, signatures ...Signature) []byte {
	var sigs []string
	for _, s := range signatures {
		sigs = append(sigs, fmt.Sprintf(`{"keyid":%q,"sig":%q}`, s.KeyID, base64.StdEncoding.EncodeToString(s.Value)))
	}
	return fmt.Appendf(nil, `{"payloadType":%q,"payload":%q,"signatures":[%s]}`, payloadType, base64.StdEncoding.EncodeToString(payload), strings.Join(sigs, ","))
}

func TestOpenEnvelopeRefuses(t *testing.T) {
	id := strings.Repeat("0a", 32)
	sig := func(id, value string) string { return fmt.Sprintf(`{"keyid":%q,"sig":%q}`, id, value) }
	text := func(sigs ...string) string {
		return fmt.Sprintf(`{"payloadType":"a","payload":"AA==","signatures":[%s]}`, strings.Join(sigs, ","))
	}
	var many []string
	for i := range MaxSignatures + 1 {
		many = append(many, sig(fmt.Sprintf("%064x", i), "AA=="))
	}
	good := text(sig(id, "AA=="))
	if _, err := OpenEnvelope([]byte(good)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenEnvelope([]byte(text(many[1:]...))); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, says string }{
		{"nothing", ``, "the end"},
		{"other JSON", `[]`, "want an object"},
		{"two", good + good, "more text behind"},
		{"unknown field", strings.Replace(good, `{"payloadType"`, `{"comment":"","payloadType"`, 1), `unknown field "comment"`},
		{"field twice", strings.Replace(good, `{"payloadType"`, `{"payload":"AQ==","payloadType"`, 1), "payload: stands here twice"},
		{"letter case", strings.Replace(good, `"payload"`, `"Payload"`, 1), `is written "payload"`},
		{"certificate", strings.Replace(good, `"sig"`, `"cert":"","sig"`, 1), `signatures[0]: unknown field "cert"`},
		{"no type", strings.Replace(good, `"a"`, `""`, 1), "payloadType"},
		{"blank in the type", strings.Replace(good, `"a"`, `"a b"`, 1), "payloadType"},
		{"long type", strings.Replace(good, `"a"`, `"`+strings.Repeat("a", 257)+`"`, 1), "payloadType"},
		{"no payload", strings.Replace(good, `"AA=="`, `""`, 1), "payload: there is none"},
		{"null payload", strings.Replace(good, `"AA=="`, `null`, 1), "payload: there is none"},
		{"base64 for URLs", strings.Replace(good, `"AA=="`, `"-_-_"`, 1), "payload: not base64"},
		{"unused bits", strings.Replace(good, `"AA=="`, `"AB=="`, 1), "payload: not base64"},
		{"no padding", strings.Replace(good, `"AA=="`, `"AA"`, 1), "payload: not base64"},
		{"line break", strings.Replace(good, `"AA=="`, `"AA\n=="`, 1), "payload: not base64"},
		{"line break behind", strings.Replace(good, `"AA=="`, `"AA==\r\n"`, 1), "payload: not base64"},
		{"no signature", text(), "want 1 to 16, found 0"},
		{"null signatures", strings.Replace(good, `[`+sig(id, "AA==")+`]`, `null`, 1), "found 0"},
		{"many", text(many...), "found 17"},
		{"one key twice", text(sig(id, "AA=="), sig(id, "AQ==")), "signatures[1].keyid: the key has signed above"},
		{"no id", text(sig("", "AA==")), "signatures[0].keyid"},
		{"upper case", text(sig(strings.ToUpper(id), "AA==")), "signatures[0].keyid"},
		{"short id", text(sig(id[1:], "AA==")), "signatures[0].keyid"},
		{"empty signature", text(sig(id, "")), "signatures[0].sig: want 1 to 512 bytes"},
		{"long signature", text(sig(id, strings.Repeat("AAAA", 171))), "signatures[0].sig: want 1 to 512 bytes"},
		{"large", strings.Repeat(" ", MaxEnvelope) + good, "more than 16777216 bytes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := OpenEnvelope([]byte(c.text))
			if e != nil || !errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			if errors.Is(err, ErrOtherKey) || errors.Is(err, ErrSignature) {
				t.Errorf("%v is another error as well", err)
			}
		})
	}
}

// TestVerifyErrors keeps apart what may be wrong with a signature.
func TestVerifyErrors(t *testing.T) {
	key, other := generate(t, ECDSAP256), generate(t, ECDSAP256)
	e, err := OpenEnvelope(sealText(t, []byte("text"), other))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Verify(key.Public()); !errors.Is(err, ErrOtherKey) || errors.Is(err, ErrSignature) {
		t.Errorf("signed by another: %v", err)
	}
	// Another key's signature under the id of this one.
	stolen, err := OpenEnvelope(envelope(e.PayloadType, e.Payload, Signature{key.Public().ID(), e.Signatures[0].Value}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stolen.Verify(key.Public()); !errors.Is(err, ErrSignature) || errors.Is(err, ErrOtherKey) {
		t.Errorf("signature of another key: %v", err)
	}
	if _, err := stolen.Verify(other.Public()); !errors.Is(err, ErrOtherKey) {
		t.Errorf("id of another key: %v", err)
	}
}

// wrongSigner has a fault.
type wrongSigner struct {
	*PrivateKey
	id  string
	err error
	sig []byte
}

func (w wrongSigner) KeyID() (string, error) { return w.id, w.err }

func (w wrongSigner) Sign(ctx context.Context, message []byte) ([]byte, error) {
	if w.sig != nil {
		return w.sig, nil
	}
	return w.PrivateKey.Sign(ctx, message)
}

func TestSealRefuses(t *testing.T) {
	key := generate(t, Ed25519)
	id := key.Public().ID()
	other := generate(t, Ed25519).Public().ID()
	for _, c := range []struct {
		name, payloadType string
		payload           []byte
		signers           []Signer
		want              string
	}{
		{"nobody", "a", []byte("x"), nil, "no signers"},
		{"missing", "a", []byte("x"), []Signer{key, nil}, "a signer is missing"},
		{"same twice", "a", []byte("x"), []Signer{key, key}, "signed above"},
		{"no type", "", []byte("x"), []Signer{key}, "payloadType"},
		{"no payload", "a", nil, []Signer{key}, "payload"},
		{"large", "a", make([]byte, MaxEnvelope), []Signer{key}, "more than"},
		{"no id", "a", []byte("x"), []Signer{wrongSigner{PrivateKey: key, err: errors.New("none")}}, "keyid"},
		{"other id", "a", []byte("x"), []Signer{wrongSigner{PrivateKey: key, id: other}}, "not signed by this key"},
		{"other signature", "a", []byte("x"), []Signer{wrongSigner{PrivateKey: key, id: id, sig: make([]byte, 64)}}, "does not fit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := Seal(t.Context(), c.payloadType, c.payload, c.signers...)
			if text != nil || err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, %v", text, err)
			}
		})
	}
}

// TestInteroperability: the library of the DSSE project accepts our envelopes,
// and openssl the signature over the encoding as the specification words it.
func TestInteroperability(t *testing.T) {
	payload := []byte("hello \"world\"\n\xff")
	for _, algorithm := range algorithms {
		key := generate(t, algorithm)
		e, err := OpenEnvelope(sealText(t, payload, key))
		if err != nil {
			t.Fatal(err)
		}
		v, err := dsse.NewEnvelopeVerifier(libraryKey{key.Public()})
		if err != nil {
			t.Fatal(err)
		}
		sig := e.Signatures[0]
		theirs := &dsse.Envelope{PayloadType: statementType, Payload: base64.StdEncoding.EncodeToString(payload),
			Signatures: []dsse.Signature{{KeyID: sig.KeyID, Sig: base64.StdEncoding.EncodeToString(sig.Value)}}}
		if accepted, err := v.Verify(t.Context(), theirs); err != nil || len(accepted) != 1 {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
	key := generate(t, ECDSAP256)
	e, err := OpenEnvelope(sealText(t, payload, key))
	if err != nil {
		t.Fatal(err)
	}
	pae := fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(statementType), statementType, len(payload), payload)
	pub, sig, msg := file(t, "pub", key.Public().PEM()), file(t, "sig", e.Signatures[0].Value), file(t, "msg", pae)
	if out := run(t, "openssl", "dgst", "-sha256", "-verify", pub, "-signature", sig, msg); string(out) != "Verified OK\n" {
		t.Errorf("%s: %s", filepath.Base(pub), out)
	}
}

// libraryKey is a key as the library wants it.
type libraryKey struct{ key *PublicKey }

func (k libraryKey) Verify(_ context.Context, data, sig []byte) error { return k.key.Verify(data, sig) }
func (k libraryKey) KeyID() (string, error)                           { return k.key.ID(), nil }
func (k libraryKey) Public() crypto.PublicKey                         { return k.key.key }

func FuzzOpenEnvelope(f *testing.F) {
	key := generate(f, Ed25519)
	f.Add(sealText(f, []byte("text"), key))
	f.Add(envelope("a", []byte{0}, Signature{strings.Repeat("0", 64), []byte{1}}))
	f.Add([]byte(`{"payloadType":"a","payload":"AA==","signatures":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := OpenEnvelope(text)
		if err != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		again, err := OpenEnvelope(envelope(e.PayloadType, e.Payload, e.Signatures...))
		if err != nil || again.PayloadType != e.PayloadType || !bytes.Equal(again.Payload, e.Payload) || len(again.Signatures) != len(e.Signatures) {
			t.Fatalf("read as %+v, then as %+v, %v", e, again, err)
		}
		if _, err := e.Verify(key.Public()); err == nil && string(e.Payload) != "text" {
			t.Fatalf("a signature of %q", e.Payload)
		}
	})
}

func benchmarkEnvelope(b *testing.B, verify bool) {
	for _, algorithm := range algorithms {
		b.Run(algorithm, func(b *testing.B) {
			key := generate(b, algorithm)
			text := sealText(b, bytes.Repeat([]byte("evidence"), 400), key)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				e, err := OpenEnvelope(text)
				if err != nil {
					b.Fatal(err)
				}
				if !verify {
					continue
				}
				if _, err := e.Verify(key.Public()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpen reads an envelope with a statement of 3.2 KB.
func BenchmarkOpen(b *testing.B) { benchmarkEnvelope(b, false) }

// BenchmarkVerify reads and verifies it.
func BenchmarkVerify(b *testing.B) { benchmarkEnvelope(b, true) }
