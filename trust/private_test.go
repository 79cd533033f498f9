package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestRFC6979 is the vector of RFC 6979 A.2.5 for P-256 with SHA-256 and the
// message "sample".
func TestRFC6979(t *testing.T) {
	secret, _ := hex.DecodeString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721")
	raw, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret)
	if err != nil {
		t.Fatal(err)
	}
	key, err := newPrivate(raw)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := key.Sign(t.Context(), []byte("sample"))
	if err != nil {
		t.Fatal(err)
	}
	want := "3046" + "022100" + "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716" +
		"022100" + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
	if got := hex.EncodeToString(sig); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSignVerify(t *testing.T) {
	for _, algorithm := range algorithms {
		key, other := generate(t, algorithm), generate(t, algorithm)
		rapid.Check(t, func(t *rapid.T) {
			message := rapid.SliceOf(rapid.Byte()).Draw(t, "message")
			sig, err := key.Sign(t.Context(), message)
			if err != nil || key.Public().Verify(message, sig) != nil {
				t.Fatalf("own signature refused: %v", err)
			}
			if again, _ := key.Sign(t.Context(), message); !bytes.Equal(again, sig) {
				t.Fatal("two signatures for one message")
			}
			if !errors.Is(other.Public().Verify(message, sig), ErrSignature) || !errors.Is(key.Public().Verify(append(message, 0), sig), ErrSignature) {
				t.Fatal("signature of another key or text accepted")
			}
		})
		if id, err := key.KeyID(); err != nil || id != key.Public().ID() || key.Public().Algorithm() != algorithm {
			t.Errorf("id %s, %v", id, err)
		}
	}
}

func TestVerifyForms(t *testing.T) {
	for _, algorithm := range algorithms {
		key := generate(t, algorithm)
		good, err := key.Sign(t.Context(), []byte("text"))
		if err != nil {
			t.Fatal(err)
		}
		for _, sig := range [][]byte{nil, {}, {0}, good[:len(good)-1], append(bytes.Clone(good), 0), make([]byte, 64), bytes.Repeat([]byte{0xff}, 4096)} {
			if err := key.Public().Verify([]byte("text"), sig); !errors.Is(err, ErrSignature) {
				t.Errorf("%s: %x: %v", algorithm, sig, err)
			}
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	for _, algorithm := range []string{"", "rsa", "ECDSA-P256", "ecdsa-p384"} {
		if key, err := Generate(algorithm); key != nil || !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%q: %v", algorithm, err)
		}
	}
}

// TestSecretStays: no way of printing shows more than the id.
func TestSecretStays(t *testing.T) {
	for _, algorithm := range algorithms {
		key := generate(t, algorithm)
		want := "private key " + key.Public().ID()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
			if got := fmt.Sprintf(verb, key); got != want {
				t.Errorf("%s prints %s", verb, got)
			}
		}
		if got := fmt.Sprintf("%v", struct{ K Signer }{key}); got != "{"+want+"}" {
			t.Errorf("inside another: %s", got)
		}
		var log bytes.Buffer
		slog.New(slog.NewTextHandler(&log, nil)).Info("opened", "key", key)
		if !strings.Contains(log.String(), `key="`+want+`"`) {
			t.Errorf("log: %s", log.String())
		}
	}
}
