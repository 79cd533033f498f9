package trust

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"theriac/internal/lazyregexp"
	"theriac/internal/strictjson"
)

// Limits of an envelope.
const (
	MaxEnvelope   = 16 << 20 // bytes
	MaxSignatures = 16
	maxSignature  = 512 // bytes of one
)

// What is wrong with an envelope. Errors wrap one of them or ErrSignature.
var (
	ErrMalformed = errors.New("malformed envelope")
	ErrOtherKey  = errors.New("not signed by this key")
)

// Envelope is a signed text that nobody has verified yet.
type Envelope struct {
	PayloadType string
	Payload     []byte
	Signatures  []Signature

	signed []byte // what the signatures are over; Payload is its end
}

// Signature is one signature of an envelope.
type Signature struct {
	KeyID string
	Value []byte
}

// wire is an envelope as it is written.
type wire struct {
	PayloadType string          `json:"payloadType"`
	Payload     []byte          `json:"payload"`
	Signatures  []wireSignature `json:"signatures"`
}

type wireSignature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

var (
	goodType = lazyregexp.New(`^[!-~]{1,256}$`)
	goodID   = lazyregexp.New(`^[0-9a-f]{64}$`)
)

// Seal signs a text. The result is the content of a file: one line.
func Seal(ctx context.Context, payloadType string, payload []byte, signers ...Signer) ([]byte, error) {
	var inner []dsse.Signer
	for _, s := range signers {
		if s == nil {
			return nil, errors.New("seal envelope: a signer is missing")
		}
		inner = append(inner, s)
	}
	signer, err := dsse.NewEnvelopeSigner(inner...)
	if err != nil {
		return nil, err
	}
	e, err := signer.SignPayload(ctx, payloadType, payload)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	text = append(text, '\n')
	if err := proofread(text, signers); err != nil {
		return nil, fmt.Errorf("seal envelope: %w", err)
	}
	return text, nil
}

// proofread sees to it that nothing leaves that nobody would accept.
func proofread(text []byte, signers []Signer) error {
	e, err := OpenEnvelope(text)
	if err != nil {
		return err
	}
	for _, s := range signers {
		if _, err := e.Verify(s.Public()); err != nil {
			return err
		}
	}
	return nil
}

// OpenEnvelope reads an envelope. It verifies nothing.
func OpenEnvelope(text []byte) (*Envelope, error) {
	if len(text) > MaxEnvelope {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrMalformed, MaxEnvelope)
	}
	var w wire
	if err := strictjson.Decode(text, &w); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	e := &Envelope{PayloadType: w.PayloadType, signed: dsse.PAE(w.PayloadType, w.Payload)}
	e.Payload = e.signed[len(e.signed)-len(w.Payload):]
	for _, s := range w.Signatures {
		e.Signatures = append(e.Signatures, Signature{s.KeyID, s.Sig})
	}
	return e, nil
}

func (w *wire) check() error {
	switch {
	case !goodType.MatchString(w.PayloadType):
		return errors.New("payloadType: want 1 to 256 characters that print, without blanks")
	case len(w.Payload) == 0:
		return errors.New("payload: there is none")
	case len(w.Signatures) == 0 || len(w.Signatures) > MaxSignatures:
		return fmt.Errorf("signatures: want 1 to %d, found %d", MaxSignatures, len(w.Signatures))
	}
	seen := map[string]bool{}
	for i, s := range w.Signatures {
		switch {
		case !goodID.MatchString(s.KeyID):
			return fmt.Errorf("signatures[%d].keyid: want 64 hexadecimal digits in lower case", i)
		case seen[s.KeyID]:
			return fmt.Errorf("signatures[%d].keyid: the key has signed above", i)
		case len(s.Sig) == 0 || len(s.Sig) > maxSignature:
			return fmt.Errorf("signatures[%d].sig: want 1 to %d bytes", i, maxSignature)
		}
		seen[s.KeyID] = true
	}
	return nil
}

// Verify returns the signature that the key made, ErrOtherKey where it made
// none, or ErrSignature where what stands under its id is not its signature.
// The id only says where to look; what counts is the key.
func (e *Envelope) Verify(key *PublicKey) ([]byte, error) { return e.verify(key, nil) }

func (e *Envelope) verify(key *PublicKey, seen *Seen) ([]byte, error) {
	for _, s := range e.Signatures {
		if s.KeyID != key.id {
			continue
		}
		if err := seen.verify(key, e.signed, s.Value); err != nil {
			return nil, err
		}
		return s.Value, nil
	}
	return nil, ErrOtherKey
}
