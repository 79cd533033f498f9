// Package trust makes and verifies signatures: keys, who may use them, envelopes
// and time stamps. A signature says which key made it and nothing else; what the
// key was allowed to say is judged elsewhere.
//
// # Format
//
// Signed texts stand in envelopes of DSSE, private keys in the encrypted files
// that cosign writes, public keys and certificates in PEM. docs/formats/keys.md
// is the specification of all of them.
//
// # Values
//
// Two algorithms: ECDSA over P-256 with SHA-256, signatures in ASN.1 DER; Ed25519,
// signatures of 64 bytes. A key has one id: 64 hexadecimal digits in lower case,
// the SHA-256 of its DER SubjectPublicKeyInfo, also where it comes from a
// certificate. The bytes of a signature are no identity: whoever sees an ECDSA
// signature can make a second one that is valid for the same text.
//
// An envelope has at most 16 MiB and 1 to 16 signatures by different keys.
//
// # Errors
//
// ErrMalformed, ErrOtherKey and ErrSignature keep apart what an envelope is not:
// well formed, signed by this key, signed by it correctly. ErrKey, ErrAlgorithm,
// ErrUnencrypted and ErrPassphrase do the same for keys. ErrNoKey and
// ErrAmbiguous are about finding one.
//
// # Concurrency
//
// Keys and envelopes are read-only once made, and safe for concurrent use.
// Signers may be used by one goroutine at a time.
//
// # Sources
//
// DSSE v1.0.2 (envelope, pre-authentication encoding); RFC 5280, 5958, 7468, 8410
// (keys, certificates, PEM); FIPS 186-5, RFC 6979, RFC 8032 (signatures); RFC 7512
// (PKCS #11 URI); draft-ietf-sshm-ssh-agent (SSH agent), RFC 4253, 5656 and 8709
// (keys and signatures of SSH); RFC 3161 (time stamps).
package trust
