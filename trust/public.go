package trust

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
)

// The algorithms.
const (
	ECDSAP256 = "ecdsa-p256"
	Ed25519   = "ed25519"
)

// What is wrong with a key. Errors wrap one of them.
var (
	ErrKey       = errors.New("malformed key")
	ErrAlgorithm = errors.New("unsupported algorithm")
)

// ErrSignature says that a signature is not that of the key over the text.
var ErrSignature = errors.New("signature does not fit the text and the key")

// PublicKey verifies signatures.
type PublicKey struct {
	key  crypto.PublicKey // *ecdsa.PublicKey on P-256 or ed25519.PublicKey
	der  []byte           // SubjectPublicKeyInfo
	id   string
	cert *x509.Certificate
}

// ParsePublic reads a PEM block with a public key or a certificate, and nothing
// else.
func ParsePublic(text []byte) (*PublicKey, error) {
	label, der, err := readPEM(text)
	if err != nil {
		return nil, err
	}
	switch label {
	case "PUBLIC KEY":
		return parsePublicKey(der)
	case "CERTIFICATE":
		return publicOfCertificate(der)
	}
	return nil, fmt.Errorf("%w: want a PEM block of a PUBLIC KEY or CERTIFICATE, found %s", ErrKey, label)
}

// ParseCertificate reads a PEM block with a certificate, whatever its key: time
// stamps may be signed by algorithms that nothing else here uses.
func ParseCertificate(text []byte) (*x509.Certificate, error) {
	label, der, err := readPEM(text)
	if err != nil {
		return nil, err
	}
	if label != "CERTIFICATE" {
		return nil, fmt.Errorf("%w: want a PEM block of a CERTIFICATE, found %s", ErrKey, label)
	}
	return readCertificate(der)
}

func readCertificate(der []byte) (*x509.Certificate, error) {
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%w: certificate: %w", ErrKey, err)
	}
	return cert, nil
}

func parsePublicKey(der []byte) (*PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return canonical(key, der)
}

func publicOfCertificate(der []byte) (*PublicKey, error) {
	cert, err := readCertificate(der)
	if err != nil {
		return nil, err
	}
	p, err := canonical(cert.PublicKey, cert.RawSubjectPublicKeyInfo)
	if err != nil {
		return nil, err
	}
	p.cert = cert
	return p, nil
}

// canonical refuses a key that is encoded in another way than the usual one: it
// would have a second id.
func canonical(key crypto.PublicKey, der []byte) (*PublicKey, error) {
	p, err := newPublic(key)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(p.der, der) {
		return nil, fmt.Errorf("%w: the key is not in its canonical encoding", ErrKey)
	}
	return p, nil
}

// newPublic takes a key of the standard library.
func newPublic(key crypto.PublicKey) (*PublicKey, error) {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() {
			return nil, unsupported("ECDSA over " + k.Params().Name)
		}
	case ed25519.PublicKey:
		if smallOrder(k) {
			return nil, fmt.Errorf("%w: anybody can sign for this Ed25519 key, a point of small order", ErrKey)
		}
	case *rsa.PublicKey:
		return nil, unsupported("RSA")
	default:
		return nil, unsupported(fmt.Sprintf("%T", key))
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	sum := sha256.Sum256(der)
	return &PublicKey{key: key, der: der, id: hex.EncodeToString(sum[:])}, nil
}

func unsupported(what string) error {
	return fmt.Errorf("%w: %s; keys are ECDSA over P-256 or Ed25519", ErrAlgorithm, what)
}

// smallOrders are all encodings of points of order 1, 2, 4 and 8 that decoders
// take, but for the sign of x, in hexadecimal. A signature by such a key can be
// made without a private key. The list is that of libsodium
// (ge25519_has_small_order).
var smallOrders = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

func smallOrder(k ed25519.PublicKey) bool {
	y := slices.Clone(k)
	y[len(y)-1] &= 0x7f
	return slices.Contains(smallOrders, hex.EncodeToString(y))
}

// ID is the SHA-256 of the DER SubjectPublicKeyInfo, in hexadecimal.
func (p *PublicKey) ID() string { return p.id }

// Algorithm is ECDSAP256 or Ed25519.
func (p *PublicKey) Algorithm() string {
	if _, ok := p.key.(ed25519.PublicKey); ok {
		return Ed25519
	}
	return ECDSAP256
}

// Certificate is the certificate that the key was read from, or nil.
func (p *PublicKey) Certificate() *x509.Certificate { return p.cert }

// PEM is the bare key, also where it was read from a certificate.
func (p *PublicKey) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: p.der})
}

// Verify says whether the signature is that of the key over the message, or
// ErrSignature.
func (p *PublicKey) Verify(message, signature []byte) error {
	ok := false
	switch k := p.key.(type) {
	case *ecdsa.PublicKey:
		sum := sha256.Sum256(message)
		ok = ecdsa.VerifyASN1(k, sum[:], signature)
	case ed25519.PublicKey:
		ok = ed25519.Verify(k, message, signature)
	}
	if !ok {
		return ErrSignature
	}
	return nil
}
