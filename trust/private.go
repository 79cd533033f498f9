package trust

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"log/slog"
)

// PrivateKey signs in the memory of the program. It is a Signer.
type PrivateKey struct {
	key    crypto.Signer // *ecdsa.PrivateKey or ed25519.PrivateKey
	public *PublicKey
}

// Generate makes a key for ECDSAP256 or Ed25519.
func Generate(algorithm string) (*PrivateKey, error) {
	switch algorithm {
	case ECDSAP256:
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		return newPrivate(k)
	case Ed25519:
		_, k, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return newPrivate(k)
	}
	return nil, unsupported(fmt.Sprintf("%q", algorithm))
}

func newPrivate(key any) (*PrivateKey, error) {
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, unsupported(fmt.Sprintf("%T", key))
	}
	public, err := newPublic(signer.Public())
	if err != nil {
		return nil, err
	}
	return &PrivateKey{signer, public}, nil
}

// Public is the other half of the key.
func (k *PrivateKey) Public() *PublicKey { return k.public }

// KeyID is the id of the public key; the error is always nil.
func (k *PrivateKey) KeyID() (string, error) { return k.public.id, nil }

// Sign gives the same signature for the same message: without a source of
// randomness, ECDSA takes its secret number from the key and the message
// (RFC 6979).
func (k *PrivateKey) Sign(_ context.Context, message []byte) ([]byte, error) {
	if k.public.Algorithm() == Ed25519 {
		return k.public.checked(message)(k.key.Sign(nil, message, crypto.Hash(0)))
	}
	sum := sha256.Sum256(message)
	return k.public.checked(message)(k.key.Sign(nil, sum[:], crypto.SHA256))
}

// checked verifies a signature before anybody sees it: a fault of the machine or
// of a token while signing may give the private key away.
func (p *PublicKey) checked(message []byte) func(signature []byte, err error) ([]byte, error) {
	return func(signature []byte, err error) ([]byte, error) {
		if err == nil {
			err = p.Verify(message, signature)
		}
		if err != nil {
			return nil, fmt.Errorf("sign with key %s: %w", p.id, err)
		}
		return signature, nil
	}
}

// Format shows which key it is and not the key, whatever the verb.
func (k *PrivateKey) Format(s fmt.State, _ rune) { fmt.Fprintf(s, "private key %s", k.public.id) }

// LogValue does the same for logs.
func (k *PrivateKey) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(k)) }

// der is the key as PKCS #8.
func (k *PrivateKey) der() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.key) }
