package policy

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/digitorus/pkcs7"
)

// Why a usage description is not signed. Errors of SignMUD wrap one of them.
var (
	ErrMUDKey         = errors.New("the key cannot sign the description")
	ErrMUDCertificate = errors.New("the certificate is not one for signatures")
)

// SignMUD makes the detached signature of a usage description (RFC 8520 13.1): CMS in
// DER, with the certificate of the signer and those above it, nearest first. The
// certificate must be one for digital signatures (13.2), the key one of ECDSA, or of RSA
// with 2048 bits or more: readers of CMS that know Ed25519 are still rare. The signature
// tells the time of the machine; whether the certificate holds then is for who verifies.
func SignMUD(mud []byte, signer crypto.Signer, cert *x509.Certificate, above ...*x509.Certificate) ([]byte, error) {
	public, ok := cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(signer.Public()) {
		return nil, fmt.Errorf("%w: it is not that of the certificate", ErrMUDKey)
	}
	if cert.KeyUsage&x509.KeyUsageDigitalSignature == 0 {
		return nil, fmt.Errorf("%w: its key usage lacks digitalSignature", ErrMUDCertificate)
	}
	digest := pkcs7.OIDDigestAlgorithmSHA256
	switch key := cert.PublicKey.(type) {
	case *ecdsa.PublicKey: // a digest as long as the key is strong
		switch size := key.Curve.Params().BitSize; {
		case size < 256:
			return nil, fmt.Errorf("%w: a curve of %d bits", ErrMUDKey, size)
		case size > 384:
			digest = pkcs7.OIDDigestAlgorithmSHA512
		case size > 256:
			digest = pkcs7.OIDDigestAlgorithmSHA384
		}
	case *rsa.PublicKey:
		if key.N.BitLen() < 2048 {
			return nil, fmt.Errorf("%w: RSA with %d bits", ErrMUDKey, key.N.BitLen())
		}
	default:
		return nil, fmt.Errorf("%w: neither ECDSA nor RSA", ErrMUDKey)
	}
	s, err := pkcs7.NewSignedData(mud)
	if err != nil {
		return nil, err
	}
	s.SetDigestAlgorithm(digest)
	if err := s.AddSignerChain(cert, signer, above, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	s.Detach()
	return s.Finish()
}
