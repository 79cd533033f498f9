package trust

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/digitorus/pkcs7"
)

// What is wrong with a time stamp. Errors wrap one of them.
var (
	ErrStampMalformed = errors.New("malformed time stamp")
	ErrStampOther     = errors.New("time stamp of something else")
	ErrStampUntrusted = errors.New("time stamp of no trusted authority")
	ErrStampExpired   = errors.New("certificate of the time stamp did not hold at its time")
)

// Stamp is a time-stamp token (RFC 3161). What it says is not proven before Verify.
type Stamp struct {
	Time     time.Time     // UTC
	Accuracy time.Duration // 0: the token does not say
	Serial   *big.Int
	Policy   string            // OID under which the authority works
	Signer   *x509.Certificate // nil where the token does not hold it

	hash    crypto.Hash
	digest  []byte // of what was stamped
	nonce   *big.Int
	content *pkcs7.PKCS7
}

// ReadStamp reads a token. It checks its form only.
func ReadStamp(token []byte) (*Stamp, error) {
	content, err := readToken(token)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStampMalformed, err)
	}
	s := &Stamp{content: content, Signer: content.GetOnlySigner()}
	if err := s.readInfo(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrStampMalformed, err)
	}
	return s, nil
}

// Verify tells when a signature existed, by the word of one of the authorities. An
// authority is the certificate that signs the stamps or one above it. All
// certificates must hold at the time of the stamp; whether they hold today does
// not matter, since a stamp is there to outlive them.
func (s *Stamp) Verify(signature []byte, authorities []*x509.Certificate) (time.Time, error) {
	if err := s.covers(signature); err != nil {
		return time.Time{}, err
	}
	content := *s.content
	content.Certificates = slices.Concat(s.content.Certificates, authorities)
	signer := content.GetOnlySigner()
	if signer == nil {
		return time.Time{}, fmt.Errorf("%w: the certificate of its signer is neither in it nor among those that are trusted", ErrStampUntrusted)
	}
	for _, check := range []func() error{
		func() error { return s.names(signer) },
		func() error { return stampsOnly(signer) },
		func() error { return s.chains(signer, authorities) },
		func() error { return signed(&content) },
	} {
		if err := check(); err != nil {
			return time.Time{}, err
		}
	}
	return s.Time, nil
}

// covers compares the digest in the stamp with that of the signature.
func (s *Stamp) covers(signature []byte) error {
	h := s.hash.New()
	h.Write(signature)
	if !bytes.Equal(h.Sum(nil), s.digest) {
		return fmt.Errorf("%w: it is over other bytes than this signature", ErrStampOther)
	}
	return nil
}

// signed verifies the signature over the token, by the library: digest of the
// content in the signed attributes, signature over these.
func signed(content *pkcs7.PKCS7) error {
	if err := content.Verify(); err != nil {
		return fmt.Errorf("%w: its signature does not hold: %w", ErrStampUntrusted, err)
	}
	return nil
}

// names checks that the signed attributes name the certificate (RFC 5816 section
// 2.2.1), so that no other one of the same key can take its place. The older form
// is by SHA-1; whoever exchanged the certificate would need a second preimage.
func (s *Stamp) names(signer *x509.Certificate) error {
	var v2 struct{ Certs []essCertIDv2 }
	if s.content.UnmarshalSignedAttribute(oidSigningCertificateV2, &v2) == nil && len(v2.Certs) > 0 {
		hash, err := v2.Certs[0].hash()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrStampMalformed, err)
		}
		return sameDigest(hash, signer.Raw, v2.Certs[0].Digest)
	}
	var v1 struct{ Certs []essCertID }
	if s.content.UnmarshalSignedAttribute(oidSigningCertificate, &v1) == nil && len(v1.Certs) > 0 {
		if sum := sha1.Sum(signer.Raw); bytes.Equal(sum[:], v1.Certs[0].Digest) {
			return nil
		}
		return errOtherCertificate
	}
	return fmt.Errorf("%w: it does not say by which certificate it is signed", ErrStampMalformed)
}

var errOtherCertificate = fmt.Errorf("%w: it is signed by another certificate than it says", ErrStampUntrusted)

func sameDigest(hash crypto.Hash, raw, digest []byte) error {
	h := hash.New()
	h.Write(raw)
	if !bytes.Equal(h.Sum(nil), digest) {
		return errOtherCertificate
	}
	return nil
}

// stampsOnly checks that the certificate is for time stamps and nothing else (RFC
// 3161 section 2.3): one extended key usage, critical.
func stampsOnly(signer *x509.Certificate) error {
	only := len(signer.ExtKeyUsage) == 1 && signer.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping && len(signer.UnknownExtKeyUsage) == 0
	if !only {
		return fmt.Errorf("%w: the certificate of %s is not for time stamps alone", ErrStampUntrusted, signer.Subject)
	}
	for _, e := range signer.Extensions {
		if e.Id.Equal(oidExtKeyUsage) && !e.Critical {
			return fmt.Errorf("%w: the certificate of %s does not restrict its use to time stamps as critical", ErrStampUntrusted, signer.Subject)
		}
	}
	const signs = x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment
	if signer.KeyUsage != 0 && signer.KeyUsage&signs == 0 {
		return fmt.Errorf("%w: the certificate of %s is not for signatures", ErrStampUntrusted, signer.Subject)
	}
	return nil
}

// chains follows the certificate of the signer to one of the authorities, at the
// time of the stamp.
func (s *Stamp) chains(signer *x509.Certificate, authorities []*x509.Certificate) error {
	options := x509.VerifyOptions{
		Roots: pool(authorities), Intermediates: pool(s.content.Certificates),
		CurrentTime: s.Time, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	}
	_, err := signer.Verify(options)
	if err == nil {
		return nil
	}
	// It has expired if there was another time at which it did hold.
	for _, cert := range append([]*x509.Certificate{signer}, authorities...) {
		for _, at := range []time.Time{cert.NotBefore, cert.NotAfter} {
			options.CurrentTime = at
			if _, other := signer.Verify(options); other == nil {
				return fmt.Errorf("%w, %s: %w", ErrStampExpired, moment(s.Time), err)
			}
		}
	}
	return fmt.Errorf("%w: %w", ErrStampUntrusted, err)
}

func pool(certs []*x509.Certificate) *x509.CertPool {
	p := x509.NewCertPool()
	for _, c := range certs {
		p.AddCert(c)
	}
	return p
}

// oidExtKeyUsage is from RFC 5280 section 4.2.1.12.
var oidExtKeyUsage = asn1.ObjectIdentifier{2, 5, 29, 37}
