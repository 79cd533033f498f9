package trust

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Signer makes signatures with one key. It satisfies the signer of
// go-securesystemslib/dsse. Signatures are verified before they are returned.
type Signer interface {
	Sign(ctx context.Context, message []byte) ([]byte, error)
	KeyID() (string, error)
	Public() *PublicKey
}

// Passphrase asks for a passphrase or PIN. The caller of it may destroy the
// answer.
type Passphrase func(prompt string) ([]byte, error)

// What is wrong with the name of a key.
var (
	ErrNoKey     = errors.New("no such key")
	ErrAmbiguous = errors.New("more than one key fits")
)

// OpenSigner finds a key by its name: the path of a key file, "ssh-agent:" and
// which key of the agent, a PKCS #11 URI, or "demo:" and the name of a
// demonstration key. It asks for a passphrase at most
// once, and only when everything else is in order.
func OpenSigner(ctx context.Context, ref string, p Passphrase) (Signer, error) {
	p = p.once()
	which, inAgent := strings.CutPrefix(ref, "ssh-agent:")
	switch {
	case inAgent:
		return openAgent(ctx, which)
	case strings.HasPrefix(ref, "pkcs11:"):
		return openPKCS11(ctx, ref, p)
	case strings.HasPrefix(ref, demoPrefix):
		return demoSigner(strings.TrimPrefix(ref, demoPrefix))
	}
	key, err := openFile(ref, p)
	if err != nil {
		return nil, fmt.Errorf("open key %s: %w", ref, err)
	}
	return key, nil
}

// once asks the first time and repeats the answer later.
func (p Passphrase) once() Passphrase {
	var answer []byte
	var err error
	asked := false
	return func(prompt string) ([]byte, error) {
		if !asked {
			asked = true
			answer, err = p.ask(prompt)
		}
		return slices.Clone(answer), err
	}
}

func (p Passphrase) ask(prompt string) ([]byte, error) {
	if p == nil {
		return nil, fmt.Errorf("%w: it is needed, and there is nobody to ask", ErrPassphrase)
	}
	return p(prompt)
}

func openFile(path string, p Passphrase) (*PrivateKey, error) {
	text, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	sealed, err := readKeyFile(text)
	if err != nil {
		return nil, err
	}
	passphrase, err := p(fmt.Sprintf("passphrase of %s", path))
	if err != nil {
		return nil, err
	}
	defer clear(passphrase)
	return sealed.open(passphrase)
}

// readSmall reads a file that holds a key.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: not a regular file", ErrKey)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxPEM+1))
}
