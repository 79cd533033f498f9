package trust

import (
	"bytes"
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// listTime bounds how long an agent may take to list its keys. Signing has no
// bound of its own: the agent may wait for its user to confirm.
const listTime = 10 * time.Second

// maxAgent bounds what an agent is asked to sign. OpenSSH hangs up on requests of
// more than 256 KiB (AGENT_MAX_LEN in ssh-agent.c) without a word.
const maxAgent = 256<<10 - 1<<10

// agentSigner signs by an SSH agent. It connects anew for each signature, so
// that nobody has to close it.
type agentSigner struct {
	socket string
	key    ssh.PublicKey
	public *PublicKey
}

// openAgent finds a key of the agent by fingerprint, comment, or .pub file.
func openAgent(ctx context.Context, which string) (Signer, error) {
	socket := os.Getenv("SSH_AUTH_SOCK")
	if socket == "" {
		return nil, errors.New("SSH agent: SSH_AUTH_SOCK is not set; start one with: eval $(ssh-agent)")
	}
	s, err := findInAgent(ctx, socket, which)
	if err != nil {
		return nil, fmt.Errorf("SSH agent: %w", err)
	}
	return s, nil
}

func findInAgent(ctx context.Context, socket, which string) (*agentSigner, error) {
	fits, err := agentKey(which)
	if err != nil {
		return nil, err
	}
	keys, err := listAgent(ctx, socket)
	if err != nil {
		return nil, err
	}
	key, err := choose(keys, which, fits)
	if err != nil {
		return nil, err
	}
	public, err := publicOfSSH(key)
	if err != nil {
		return nil, err
	}
	return &agentSigner{socket, key, public}, nil
}

// agentKey says which keys of an agent a name means.
func agentKey(which string) (func(*agent.Key) bool, error) {
	switch {
	case which == "":
		return nil, fmt.Errorf("%w: say which key: ssh-agent:SHA256:..., its comment, or the path of its .pub file", ErrNoKey)
	case strings.HasPrefix(which, "SHA256:"):
		return func(k *agent.Key) bool { return ssh.FingerprintSHA256(k) == which }, nil
	case strings.HasSuffix(which, ".pub"):
		blob, err := readPub(which)
		return func(k *agent.Key) bool { return bytes.Equal(k.Blob, blob) }, err
	}
	return func(k *agent.Key) bool { return k.Comment == which }, nil
}

// readPub reads the public key that ssh-keygen writes beside a private one.
func readPub(path string) ([]byte, error) {
	text, err := readSmall(path)
	if err != nil {
		return nil, err
	}
	key, _, _, rest, err := ssh.ParseAuthorizedKey(text)
	if err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fmt.Errorf("%w: %s does not hold one public key of SSH", ErrKey, path)
	}
	return key.Marshal(), nil
}

func choose(keys []*agent.Key, which string, fits func(*agent.Key) bool) (ssh.PublicKey, error) {
	var found []*agent.Key
	for _, k := range keys {
		if fits(k) {
			found = append(found, k)
		}
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("%w: %q; the agent holds %s", ErrNoKey, which, listed(keys))
	case 1:
		key, err := ssh.ParsePublicKey(found[0].Blob)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrAlgorithm, err)
		}
		return key, nil
	}
	return nil, fmt.Errorf("%w %q: %s", ErrAmbiguous, which, listed(found))
}

func listed(keys []*agent.Key) string {
	if len(keys) == 0 {
		return "no key"
	}
	var all []string
	for _, k := range keys {
		all = append(all, fmt.Sprintf("%s (%s, %q)", ssh.FingerprintSHA256(k), k.Format, k.Comment))
	}
	return strings.Join(all, ", ")
}

// publicOfSSH takes plain keys of the two algorithms. Certificates of SSH and
// keys in FIDO tokens sign something else than the message.
func publicOfSSH(key ssh.PublicKey) (*PublicKey, error) {
	plain, ok := key.(ssh.CryptoPublicKey)
	if t := key.Type(); !ok || t != ssh.KeyAlgoED25519 && t != ssh.KeyAlgoECDSA256 {
		return nil, unsupported("key of type " + t)
	}
	return newPublic(plain.CryptoPublicKey())
}

// withAgent talks to the agent until the context ends.
func withAgent(ctx context.Context, socket string, talk func(agent.Agent) error) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := talk(agent.NewClient(conn)); err != nil {
		return errors.Join(context.Cause(ctx), err)
	}
	return nil
}

func listAgent(ctx context.Context, socket string) (keys []*agent.Key, err error) {
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	err = withAgent(ctx, socket, func(a agent.Agent) error {
		keys, err = a.List()
		return err
	})
	return keys, err
}

func (s *agentSigner) Public() *PublicKey { return s.public }

func (s *agentSigner) KeyID() (string, error) { return s.public.id, nil }

// Sign gives the signature in the form of the other signers, so that whoever
// verifies it need not know where it comes from.
func (s *agentSigner) Sign(ctx context.Context, message []byte) ([]byte, error) {
	if len(message) > maxAgent {
		return nil, fmt.Errorf("SSH agent: %d bytes are too many for agents, which take %d; sign with another kind of key", len(message), maxAgent)
	}
	var signed *ssh.Signature
	err := withAgent(ctx, s.socket, func(a agent.Agent) (err error) {
		signed, err = a.Sign(s.key, message)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("SSH agent: sign with key %s: %w", s.public.id, err)
	}
	return s.public.checked(message)(plainSignature(signed, s.key.Type()))
}

// plainSignature takes a signature out of the form of SSH: for ECDSA two numbers
// of RFC 5656 section 3.1.2, which become those of RFC 3279 section 2.2.3.
func plainSignature(s *ssh.Signature, algorithm string) ([]byte, error) {
	if s.Format != algorithm || len(s.Rest) > 0 {
		return nil, fmt.Errorf("the agent answered with a signature of %q", s.Format)
	}
	if algorithm == ssh.KeyAlgoED25519 {
		return s.Blob, nil
	}
	var pair struct{ R, S *big.Int }
	if err := ssh.Unmarshal(s.Blob, &pair); err != nil {
		return nil, err
	}
	return asn1.Marshal(pair)
}
