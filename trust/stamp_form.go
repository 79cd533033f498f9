package trust

import (
	"bytes"
	"crypto"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/digitorus/pkcs7"
	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits on a token; those of known authorities have 1 to 8 KiB.
const (
	maxStamp      = 64 << 10
	maxStampDepth = 32
)

var (
	oidSignedData           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}         // RFC 5652 section 5.1
	oidTSTInfo              = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}  // RFC 3161 section 2.4.2
	oidSigningCertificate   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12} // RFC 2634 section 5.4
	oidSigningCertificateV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47} // RFC 5035 section 3
)

// stampHashes are the digests that count, for what is stamped and in the token.
var stampHashes = map[string]crypto.Hash{
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// stampSignatures are the algorithms that sign tokens, with the digest that each
// implies; 0 where the digest algorithm of the token is free. RSA is PKCS #1 v1.5:
// the library knows no PSS.
var stampSignatures = map[string]crypto.Hash{
	"1.2.840.113549.1.1.1":  0, // RSA
	"1.2.840.113549.1.1.11": crypto.SHA256,
	"1.2.840.113549.1.1.12": crypto.SHA384,
	"1.2.840.113549.1.1.13": crypto.SHA512,
	"1.2.840.10045.4.3.2":   crypto.SHA256, // ECDSA
	"1.2.840.10045.4.3.3":   crypto.SHA384,
	"1.2.840.10045.4.3.4":   crypto.SHA512,
}

// The outline of a token (RFC 5652 sections 3, 5.1 and 5.3).
type (
	contentInfo struct {
		Type    asn1.ObjectIdentifier
		Content signedData `asn1:"explicit,tag:0"`
	}
	signedData struct {
		Version      int
		Digests      []pkix.AlgorithmIdentifier `asn1:"set"`
		Content      encapsulated
		Certificates asn1.RawValue `asn1:"optional,tag:0"`
		Revocations  asn1.RawValue `asn1:"optional,tag:1"`
		Signers      []signerInfo  `asn1:"set"`
	}
	encapsulated struct {
		Type  asn1.ObjectIdentifier
		Bytes []byte `asn1:"explicit,tag:0"`
	}
	signerInfo struct {
		Version     int
		Certificate asn1.RawValue // issuer and serial number
		Digest      pkix.AlgorithmIdentifier
		Signed      asn1.RawValue `asn1:"tag:0"`
		Algorithm   pkix.AlgorithmIdentifier
		Signature   []byte
		Unsigned    asn1.RawValue `asn1:"optional,tag:1"`
	}
)

// What is stamped and when (RFC 3161 section 2.4.2).
type (
	tstInfo struct {
		Version    int
		Policy     asn1.ObjectIdentifier
		Imprint    imprint
		Serial     *big.Int
		Time       time.Time        `asn1:"generalized"`
		Accuracy   accuracy         `asn1:"optional"`
		Ordering   bool             `asn1:"optional"`
		Nonce      *big.Int         `asn1:"optional"`
		Authority  asn1.RawValue    `asn1:"optional,tag:0"`
		Extensions []pkix.Extension `asn1:"optional,tag:1"`
	}
	imprint struct {
		Algorithm pkix.AlgorithmIdentifier
		Digest    []byte
	}
	accuracy struct {
		Seconds int64 `asn1:"optional"`
		Millis  int64 `asn1:"optional,tag:0"`
		Micros  int64 `asn1:"optional,tag:1"`
	}
)

// Which certificate has signed (RFC 5035 section 4, RFC 2634 section 5.4.1). Issuer
// and serial number add nothing to the digest of the whole certificate.
type (
	essCertIDv2 struct {
		Algorithm pkix.AlgorithmIdentifier `asn1:"optional"`
		Digest    []byte
		Issuer    asn1.RawValue `asn1:"optional"`
	}
	essCertID struct {
		Digest []byte
		Issuer asn1.RawValue `asn1:"optional"`
	}
)

// hash is SHA-256 where nothing is said.
func (e *essCertIDv2) hash() (crypto.Hash, error) {
	if e.Algorithm.Algorithm == nil {
		return crypto.SHA256, nil
	}
	return stampHash(e.Algorithm)
}

// pkcs7Lock guards pkcs7.Parse, which counts in a global variable.
var pkcs7Lock sync.Mutex

// readToken reads a token of one signer. The library understands BER by rewriting
// it, panics where that is cut off, and overlooks what it does not understand; so
// it only gets DER of which every byte has its place in the outline.
func readToken(token []byte) (*pkcs7.PKCS7, error) {
	if err := checkDER(token); err != nil {
		return nil, err
	}
	if err := checkOutline(token); err != nil {
		return nil, err
	}
	pkcs7Lock.Lock()
	content, err := pkcs7.Parse(token)
	pkcs7Lock.Unlock()
	if err != nil {
		return nil, err
	}
	return content, checkAttributes(content)
}

// checkDER accepts one DER value whose lengths fit, to a bounded depth.
func checkDER(text []byte) error {
	if len(text) > maxStamp {
		return fmt.Errorf("longer than %d bytes", maxStamp)
	}
	s := cryptobyte.String(text)
	var value cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&value, &tag) || !s.Empty() || tag != cbasn1.SEQUENCE {
		return errors.New("not one DER sequence")
	}
	return nested(value, maxStampDepth)
}

func nested(s cryptobyte.String, depth int) error {
	if depth == 0 {
		return fmt.Errorf("more than %d values inside each other", maxStampDepth)
	}
	for !s.Empty() {
		var value cryptobyte.String
		var tag cbasn1.Tag
		if !s.ReadAnyASN1(&value, &tag) {
			return errors.New("not DER")
		}
		const constructed = 0x20
		if tag&constructed == 0 {
			continue
		}
		if err := nested(value, depth-1); err != nil {
			return err
		}
	}
	return nil
}

// checkOutline checks what is not signed. Written again, it must give the same
// bytes, since encoding/asn1 overlooks what follows the fields that it knows.
func checkOutline(token []byte) error {
	var c contentInfo
	if _, err := asn1.Unmarshal(token, &c); err != nil {
		return err
	}
	if again, err := asn1.Marshal(c); err != nil || !bytes.Equal(again, token) {
		return errors.New("it holds more than a time-stamp token")
	}
	d := &c.Content
	switch {
	case !c.Type.Equal(oidSignedData) || d.Version != 3 || !d.Content.Type.Equal(oidTSTInfo):
		return errors.New("not a time-stamp token")
	case len(d.Digests) != 1 || len(d.Signers) != 1 || d.Signers[0].Version != 1:
		return errors.New("a time-stamp token has one signer, named by issuer and serial number")
	}
	return d.Signers[0].check(d.Digests[0])
}

func (i *signerInfo) check(listed pkix.AlgorithmIdentifier) error {
	hash, err := stampHash(i.Digest)
	if err != nil {
		return err
	}
	if also, err := stampHash(listed); err != nil || also != hash {
		return errors.New("it lists another digest algorithm than it is signed with")
	}
	implied, known := stampSignatures[i.Algorithm.Algorithm.String()]
	if !known || implied != 0 && implied != hash || !noParameters(i.Algorithm) {
		return fmt.Errorf("unsupported signature algorithm %s", i.Algorithm.Algorithm)
	}
	return nil
}

func stampHash(a pkix.AlgorithmIdentifier) (crypto.Hash, error) {
	hash, known := stampHashes[a.Algorithm.String()]
	if !known || !noParameters(a) {
		return 0, fmt.Errorf("unsupported digest algorithm %s: want SHA-256, SHA-384 or SHA-512", a.Algorithm)
	}
	return hash, nil
}

// noParameters allows both ways to say that there are none (RFC 5754 section 2).
func noParameters(a pkix.AlgorithmIdentifier) bool {
	return len(a.Parameters.FullBytes) == 0 || bytes.Equal(a.Parameters.FullBytes, asn1.NullBytes)
}

// checkAttributes checks what the library leaves out (RFC 5652 section 11.1): each
// signed attribute stands once, and they are about the content of a time stamp.
func checkAttributes(content *pkcs7.PKCS7) error {
	if len(content.Signers) != 1 {
		return errors.New("it has no signer") // the library reads the signers last, and no further than it understands
	}
	seen := map[string]bool{}
	for _, a := range content.Signers[0].AuthenticatedAttributes {
		if id := a.Type.String(); seen[id] {
			return fmt.Errorf("the signed attribute %s stands twice", id)
		}
		seen[a.Type.String()] = true
	}
	var about asn1.ObjectIdentifier
	if err := content.UnmarshalSignedAttribute(pkcs7.OIDAttributeContentType, &about); err != nil || !about.Equal(oidTSTInfo) {
		return errors.New("it is not signed as a time stamp")
	}
	return nil
}

// readInfo reads the content. The reader of the timestamp library would verify
// with whatever certificate the token brings, and would not tell a malformed token
// from a false one.
func (s *Stamp) readInfo() error {
	var info tstInfo
	rest, err := asn1.Unmarshal(s.content.Content, &info)
	switch {
	case err != nil:
		return err
	case len(rest) > 0 || info.Version != 1:
		return errors.New("the content is not a time stamp of version 1")
	}
	for _, e := range info.Extensions {
		if e.Critical {
			return fmt.Errorf("it holds the critical extension %s, which is unknown", e.Id)
		}
	}
	if _, offset := info.Time.Zone(); offset != 0 {
		return errors.New("its time is not in UTC")
	}
	if s.hash, err = stampHash(info.Imprint.Algorithm); err != nil {
		return err
	}
	if len(info.Imprint.Digest) != s.hash.Size() {
		return errors.New("the digest of what is stamped has another length than its algorithm makes")
	}
	s.digest, s.nonce = info.Imprint.Digest, info.Nonce
	s.Time, s.Serial, s.Policy = info.Time.UTC(), info.Serial, info.Policy.String()
	s.Accuracy, err = info.Accuracy.duration()
	return err
}

func (a accuracy) duration() (time.Duration, error) {
	if a.Seconds < 0 || a.Seconds > 1e6 || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return 0, errors.New("its accuracy is out of range")
	}
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond, nil
}
