//go:build cgo && unix

package main

import (
	"crypto/sha256"
	"encoding/asn1"
	"math/big"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// ckmEDDSA is from PKCS #11 v3.0; the library does not have it.
const ckmEDDSA = 0x1057

// sign lets the token sign the message with its private key.
func (t *token) sign(uri *hsm.URI, pin string, message []byte) ([]byte, error) {
	if uri.Type == "public" {
		return nil, hsm.Failf(hsm.Unsupported, "a public key cannot sign: leave type=public out of the URI")
	}
	if err := t.login(pin); err != nil {
		return nil, err
	}
	object, err := t.one(pkcs11.CKO_PRIVATE_KEY, "private key", uri)
	if err != nil {
		return nil, err
	}
	algorithm, err := t.algorithm(object)
	if err != nil {
		return nil, err
	}
	switch algorithm {
	case ecdsaP256:
		digest := sha256.Sum256(message)
		raw, err := t.with(object, pkcs11.CKM_ECDSA, pin, digest[:])
		if err != nil {
			return nil, err
		}
		return joined(raw)
	case ed25519s:
		return t.with(object, ckmEDDSA, pin, message)
	}
	return nil, hsm.Failf(hsm.Unsupported, "the key that fits %s is neither ECDSA P-256 nor Ed25519", uri)
}

func (t *token) with(object pkcs11.ObjectHandle, mechanism uint, pin string, data []byte) ([]byte, error) {
	again, err := t.flag(object, pkcs11.CKA_ALWAYS_AUTHENTICATE)
	if err != nil {
		return nil, err
	}
	if err := t.ctx.SignInit(t.session, []*pkcs11.Mechanism{pkcs11.NewMechanism(mechanism, nil)}, object); err != nil {
		return nil, err
	}
	if again != nil && *again {
		if t.info.Login == hsm.LoginPad {
			pin = ""
		}
		if err := t.ctx.Login(t.session, pkcs11.CKU_CONTEXT_SPECIFIC, pin); err != nil {
			return nil, t.refused(err)
		}
	}
	return t.ctx.Sign(t.session, data)
}

// joined turns the two numbers of an ECDSA signature, as PKCS#11 gives them, into
// the form of X.509 (RFC 3279 section 2.2.3).
func joined(raw []byte) ([]byte, error) {
	if len(raw) != 64 {
		return nil, hsm.Failf(hsm.Device, "the token made an ECDSA signature of %d bytes, not 64", len(raw))
	}
	return asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(raw[:32]), new(big.Int).SetBytes(raw[32:])})
}
