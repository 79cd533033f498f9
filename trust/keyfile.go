package trust

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"

	"theriac/internal/strictjson"
)

// What is wrong with a key file. Errors wrap one of them, ErrKey or ErrAlgorithm.
var (
	ErrPassphrase  = errors.New("wrong passphrase")
	ErrUnencrypted = errors.New("private key is not encrypted")
)

// Labels of the PEM block. cosign writes the first, and wrote the second.
const (
	sealedLabel    = "ENCRYPTED SIGSTORE PRIVATE KEY"
	oldSealedLabel = "ENCRYPTED COSIGN PRIVATE KEY"
)

// SealKey writes a key as a file that opens with the passphrase.
func SealKey(key *PrivateKey, passphrase []byte) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, fmt.Errorf("%w: the passphrase is empty", ErrUnencrypted)
	}
	der, err := key.der()
	if err != nil {
		return nil, err
	}
	defer clear(der)
	box, err := encrypted.Encrypt(der, passphrase)
	if err != nil {
		return nil, fmt.Errorf("encrypt private key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: sealedLabel, Bytes: box}), nil
}

// OpenKey reads a file of SealKey or of cosign.
func OpenKey(text, passphrase []byte) (*PrivateKey, error) {
	box, err := readKeyFile(text)
	if err != nil {
		return nil, err
	}
	return box.open(passphrase)
}

// sealedKey is a key file of good form, still closed.
type sealedKey []byte

// readKeyFile tells a file of another form from one that waits for its
// passphrase, so that nobody is asked for nothing.
func readKeyFile(text []byte) (sealedKey, error) {
	label, der, err := readPEM(text)
	if err != nil {
		return nil, err
	}
	switch label {
	case sealedLabel, oldSealedLabel:
		return der, checkBox(der)
	case "PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY":
		return nil, fmt.Errorf("%w: take a new one (theriac keys new), or encrypt this one (cosign import-key-pair --key FILE) and destroy the file", ErrUnencrypted)
	case "OPENSSH PRIVATE KEY":
		return nil, fmt.Errorf("%w: a key of SSH signs through the agent: ssh-add FILE, then ssh-agent:SHA256:... as the key", ErrKey)
	case "ENCRYPTED PRIVATE KEY":
		return nil, fmt.Errorf("%w: encrypted in the form of OpenSSL (RFC 5958), which is not read; decrypt it (openssl pkcs8 -in FILE -out PLAIN), encrypt it again (cosign import-key-pair --key PLAIN), and destroy PLAIN", ErrKey)
	}
	return nil, fmt.Errorf("%w: want a PEM block of an %s, found %s", ErrKey, sealedLabel, label)
}

// box is what go-securesystemslib/encrypted writes.
type box struct {
	KDF struct {
		Name   string `json:"name"`
		Params struct {
			N int `json:"N"`
			R int `json:"r"`
			P int `json:"p"`
		} `json:"params"`
		Salt []byte `json:"salt"`
	} `json:"kdf"`
	Cipher struct {
		Name  string `json:"name"`
		Nonce []byte `json:"nonce"`
	} `json:"cipher"`
	Ciphertext []byte `json:"ciphertext"`
}

// checkBox checks all that the library checks, and more. What it then still
// refuses is a wrong passphrase, or ciphertext that was altered; the two cannot
// be told apart.
func checkBox(text []byte) error {
	var b box
	if err := strictjson.Decode(text, &b); err != nil {
		return fmt.Errorf("%w: %w", ErrKey, err)
	}
	p := b.KDF.Params
	switch {
	case b.KDF.Name != "scrypt" || b.Cipher.Name != "nacl/secretbox":
		return fmt.Errorf("%w: want scrypt and nacl/secretbox, found %.40q and %.40q", ErrAlgorithm, b.KDF.Name, b.Cipher.Name)
	case p.N != 1<<15 && p.N != 1<<16 && p.N != 1<<17 || p.R != 8 || p.P != 1:
		return fmt.Errorf("%w: scrypt with N=%d, r=%d, p=%d", ErrAlgorithm, p.N, p.R, p.P)
	case len(b.KDF.Salt) != 32 || len(b.Cipher.Nonce) != 24 || len(b.Ciphertext) < 32:
		return fmt.Errorf("%w: salt, nonce or ciphertext has the wrong length", ErrKey)
	}
	return nil
}

func (s sealedKey) open(passphrase []byte) (*PrivateKey, error) {
	if len(passphrase) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrPassphrase)
	}
	der, err := encrypted.Decrypt(s, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%w, or the file was altered", ErrPassphrase)
	}
	defer clear(der)
	return parsePrivate(der)
}

func parsePrivate(der []byte) (*PrivateKey, error) {
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%w: PKCS #8: %w", ErrKey, err)
	}
	return newPrivate(key)
}

// String hides the content: a closed file is still worth an attack.
func (sealedKey) String() string { return "encrypted private key" }
