package csaf

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ProtonMail/gopenpgp/v3/crypto"
)

// Key is an OpenPGP key that signs advisories (CSAF 2.0 sections 7.1.19 and 7.1.20).
type Key struct {
	private, public *crypto.Key
	at              time.Time
}

// ErrLocked says that a key needs its passphrase.
var ErrLocked = errors.New("the OpenPGP key is locked by a passphrase")

// OpenKey reads a private key, armored or binary, for signatures of a time. Without
// passphrase a locked key gives ErrLocked.
func OpenKey(text, passphrase []byte, at time.Time) (*Key, error) {
	key, err := crypto.NewKeyFromReader(bytes.NewReader(text))
	switch {
	case err != nil:
		return nil, fmt.Errorf("not an OpenPGP key: %w", err)
	case !key.IsPrivate():
		return nil, errors.New("the OpenPGP key is a public one, which cannot sign")
	}
	if locked, err := key.IsLocked(); err != nil {
		return nil, err
	} else if locked {
		if len(passphrase) == 0 {
			return nil, ErrLocked
		}
		if key, err = key.Unlock(passphrase); err != nil {
			return nil, errors.New("the passphrase does not open the OpenPGP key")
		}
	}
	if !key.CanVerify(at.Unix()) {
		return nil, fmt.Errorf("the OpenPGP key cannot sign on %s: it is expired, revoked, not yet valid or not for signing", at.UTC().Format(time.DateOnly))
	}
	public, err := key.ToPublic()
	if err != nil {
		return nil, err
	}
	return &Key{key, public, at}, nil
}

// Fingerprint is the fingerprint in hexadecimal digits.
func (k *Key) Fingerprint() string { return strings.ToUpper(k.public.GetFingerprint()) }

// Public is the armored public key.
func (k *Key) Public() ([]byte, error) {
	text, err := k.public.GetArmoredPublicKeyWithCustomHeaders("", "")
	return []byte(text + "\n"), err
}

// Sign makes a detached, armored signature. Signatures of the library hold a random
// number: two of one text differ.
func (k *Key) Sign(text []byte) ([]byte, error) {
	signer, err := crypto.PGP().Sign().SigningKey(k.private).Detached().SignTime(k.at.Unix()).New()
	if err != nil {
		return nil, err
	}
	signature, err := signer.Sign(text, crypto.Armor)
	return append(signature, '\n'), err
}

// Verify reports whether a signature of a text is by this key.
func (k *Key) Verify(text, signature []byte) bool {
	verifier, err := crypto.PGP().Verify().VerificationKey(k.public).VerifyTime(k.at.Unix()).New()
	if err != nil {
		return false
	}
	result, err := verifier.VerifyDetached(text, signature, crypto.Armor)
	return err == nil && result.SignatureError() == nil
}
