//go:build cgo && unix

package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"encoding/pem"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// Names of PKCS #11 v2.40 and v3.0 that the library does not have.
const (
	ckkECEdwards     = 0x40
	ckaPublicKeyInfo = 0x129
)

// Kinds of keys.
const (
	ecdsaP256 = "ecdsa-p256"
	ed25519s  = "ed25519"
	otherKind = "other"
)

// CKA_EC_PARAMS of the curves. That of Ed25519 is the name of the curve as a
// PrintableString (PKCS #11 v3.0) or the OID of RFC 8410.
var (
	p256Params  = []byte{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07}
	ed25519Name = append([]byte{0x13, 0x0c}, "edwards25519"...)
	ed25519OID  = []byte{0x06, 0x03, 0x2b, 0x65, 0x70}
)

// public finds the public key: as such, in a certificate, or, after a login, in
// what the token tells of the private key.
func (t *token) public(uri *hsm.URI, pin string) (*hsm.Key, error) {
	key, err := t.shown(uri)
	if !hsm.Is(err, hsm.NoKey) {
		return key, err
	}
	if err := t.login(pin); err != nil {
		return nil, err
	}
	if key, err = t.shown(uri); !hsm.Is(err, hsm.NoKey) {
		return key, err
	}
	object, err := t.one(pkcs11.CKO_PRIVATE_KEY, "private key", uri)
	if err != nil {
		return nil, err
	}
	return t.supported(object)
}

// shown looks where no login is needed with most tokens.
func (t *token) shown(uri *hsm.URI) (*hsm.Key, error) {
	object, err := t.one(pkcs11.CKO_PUBLIC_KEY, "public key", uri)
	if hsm.Is(err, hsm.NoKey) {
		object, err = t.one(pkcs11.CKO_CERTIFICATE, "certificate", uri)
	}
	if err != nil {
		return nil, err
	}
	return t.supported(object)
}

func (t *token) supported(object pkcs11.ObjectHandle) (*hsm.Key, error) {
	key, err := t.describe(object)
	switch {
	case err != nil:
		return nil, err
	case key.Algorithm == otherKind:
		return nil, hsm.Failf(hsm.Unsupported, "the key %q is neither ECDSA P-256 nor Ed25519", key.Label)
	case key.Public == "":
		return nil, hsm.Failf(hsm.NoKey, "the token %q does not tell the public key of %q", t.info.Label, key.Label)
	}
	return key, nil
}

// describe reads what an object tells of its key.
func (t *token) describe(object pkcs11.ObjectHandle) (*hsm.Key, error) {
	label, err := t.bytes(object, pkcs11.CKA_LABEL)
	if err != nil {
		return nil, err
	}
	id, err := t.bytes(object, pkcs11.CKA_ID)
	if err != nil {
		return nil, err
	}
	der, algorithm, err := t.publicDER(object)
	if err != nil {
		return nil, err
	}
	uri := hsm.URI{Token: t.info.Label, Serial: t.info.Serial, Object: string(label), ID: string(id), ModulePath: t.module}
	key := &hsm.Key{URI: uri.String(), Label: string(label), ID: hex.EncodeToString(id), Algorithm: algorithm}
	if der != nil {
		key.Public = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	}
	return key, nil
}

// publicDER returns the SubjectPublicKeyInfo of a key, where the object tells it,
// and the kind of key.
func (t *token) publicDER(object pkcs11.ObjectHandle) ([]byte, string, error) {
	value, err := t.bytes(object, pkcs11.CKA_CERTIFICATE_TYPE)
	if err != nil {
		return nil, "", err
	}
	if value != nil {
		return t.certified(object)
	}
	algorithm, err := t.algorithm(object)
	if err != nil || algorithm == otherKind {
		return nil, algorithm, err
	}
	point, err := t.bytes(object, pkcs11.CKA_EC_POINT)
	if err != nil {
		return nil, "", err
	}
	if point != nil {
		return fromPoint(algorithm, point), algorithm, nil
	}
	info, err := t.bytes(object, ckaPublicKeyInfo)
	if err != nil {
		return nil, "", err
	}
	der, kind := normalise(info)
	if kind != algorithm {
		der = nil
	}
	return der, algorithm, nil
}

func (t *token) certified(object pkcs11.ObjectHandle) ([]byte, string, error) {
	value, err := t.bytes(object, pkcs11.CKA_VALUE)
	if err != nil {
		return nil, "", err
	}
	cert, err := x509.ParseCertificate(value)
	if err != nil {
		return nil, otherKind, nil
	}
	der, kind := normalise(cert.RawSubjectPublicKeyInfo)
	return der, kind, nil
}

func (t *token) algorithm(object pkcs11.ObjectHandle) (string, error) {
	kind, err := t.bytes(object, pkcs11.CKA_KEY_TYPE)
	if err != nil {
		return "", err
	}
	params, err := t.bytes(object, pkcs11.CKA_EC_PARAMS)
	if err != nil {
		return "", err
	}
	is := func(want uint) bool { return bytes.Equal(kind, pkcs11.NewAttribute(pkcs11.CKA_KEY_TYPE, want).Value) }
	switch {
	case is(pkcs11.CKK_EC) && bytes.Equal(params, p256Params):
		return ecdsaP256, nil
	case is(ckkECEdwards) && (bytes.Equal(params, ed25519Name) || bytes.Equal(params, ed25519OID)):
		return ed25519s, nil
	}
	return otherKind, nil
}

// fromPoint reads CKA_EC_POINT: the point as a DER OCTET STRING, or, with some
// modules, bare. It returns nil for what is no point of the curve.
func fromPoint(algorithm string, point []byte) []byte {
	var inner []byte
	if rest, err := asn1.Unmarshal(point, &inner); err == nil && len(rest) == 0 {
		point = inner
	}
	var key any
	if algorithm == ecdsaP256 {
		p, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		if err != nil {
			return nil
		}
		key = p
	} else {
		if len(point) != ed25519.PublicKeySize {
			return nil
		}
		key = ed25519.PublicKey(point)
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil
	}
	return der
}

// normalise reads a SubjectPublicKeyInfo and writes it in its one form.
func normalise(der []byte) ([]byte, string) {
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, otherKind
	}
	kind := otherKind
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			kind = ecdsaP256
		}
	case ed25519.PublicKey:
		kind = ed25519s
	}
	if der, err = x509.MarshalPKIXPublicKey(key); err != nil || kind == otherKind {
		return nil, otherKind
	}
	return der, kind
}
