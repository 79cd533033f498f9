// Package hsm is what theriac and its helper program theriac-pkcs11 say to each
// other: one request, one answer, and the address of a key in a token. Only the
// helper is linked with C and loads the module of the token; the key stays in the
// token, the PIN goes one way, the signature the other.
//
// Format: docs/formats/pkcs11-helper.md.
//
// Values: a message holds 1 byte to 1 MiB. ECDSA signatures are ASN.1 DER over the
// SHA-256 of the message, Ed25519 signatures the 64 bytes of RFC 8032.
//
// Errors: a Failure says what the token or the helper refused; its code is for
// programs. Any other error is about the form of what was read.
//
// Concurrency: all functions are pure.
//
// Sources: RFC 7512 (addresses), PKCS #11 v2.40 and v3.0 (attributes, mechanisms).
package hsm

import (
	"encoding/json"
	"errors"
	"fmt"

	"theriac/internal/strictjson"
)

// Version is that of the protocol.
const Version = 1

// Limits on what is read.
const (
	MaxMessage = 1 << 20
	MaxRequest = 2 << 20 // base64 of the message, and the rest
	MaxAnswer  = 4 << 20
	maxPIN     = 256
)

// Operations of a request.
const (
	List   = "list"   // tokens of the module, and their keys
	Public = "public" // the public key of one key
	Sign   = "sign"   // a signature of one key
)

// Request is what the helper is asked, once for each run.
type Request struct {
	Version   int    `json:"version"`
	Operation string `json:"operation"`
	URI       string `json:"uri"`
	PIN       string `json:"pin,omitempty"`
	Message   []byte `json:"message,omitempty"`
}

// Answer is what the helper says. Where Error is set, only Token may be set too.
type Answer struct {
	Version   int      `json:"version"`
	Error     *Failure `json:"error,omitempty"`
	Tokens    []Token  `json:"tokens,omitempty"`
	Token     *Token   `json:"token,omitempty"`
	Key       *Key     `json:"key,omitempty"`
	Signature []byte   `json:"signature,omitempty"`
}

// Ways in which a token lets its user in.
const (
	LoginNone = "none" // it asks for nothing
	LoginPIN  = "pin"
	LoginPad  = "pad" // the PIN is entered at the reader itself
)

// What a token says about the tries that are left.
const (
	PINLow    = "low"       // a wrong PIN was entered since the last right one
	PINFinal  = "final-try" // the next wrong PIN locks the token
	PINLocked = "locked"
)

// Token is a token in a slot.
type Token struct {
	Slot         uint   `json:"slot"`
	Label        string `json:"label"`
	Serial       string `json:"serial"`
	Manufacturer string `json:"manufacturer"`
	Model        string `json:"model"`
	Login        string `json:"login"`
	PINState     string `json:"pin-state,omitempty"`
	Keys         []Key  `json:"keys,omitempty"`
}

// Key is a key pair in a token, or what the token shows of it before a PIN. The
// three last are null where the token does not say.
type Key struct {
	URI              string `json:"uri"`
	Label            string `json:"label"`
	ID               string `json:"id"`        // CKA_ID in lower-case hexadecimal digits
	Algorithm        string `json:"algorithm"` // ecdsa-p256, ed25519, or other
	Public           string `json:"public,omitempty"`
	Private          bool   `json:"private"` // the private key was seen
	Extractable      *bool  `json:"extractable"`
	NeverExtractable *bool  `json:"never-extractable"`
	Local            *bool  `json:"local"`
}

// Code says what a failure is about.
type Code string

const (
	BadRequest     Code = "request"         // it has not the form that the protocol asks for
	BadModule      Code = "module"          // the module is missing or cannot be loaded
	NoToken        Code = "no-token"        // no token fits the address
	AmbiguousToken Code = "ambiguous-token" // more than one does
	NoKey          Code = "no-key"
	AmbiguousKey   Code = "ambiguous-key"
	Unsupported    Code = "unsupported" // a key or operation of another kind
	PINNeeded      Code = "pin-needed"
	PINSource      Code = "pin-source" // the file with the PIN cannot be read
	WrongPIN       Code = "wrong-pin"
	LockedPIN      Code = "locked-pin"
	Device         Code = "device" // anything else that the token refused
)

// Failure is why the helper did not do what it was asked.
type Failure struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

func (f *Failure) Error() string { return f.Message }

// Failf makes a failure.
func Failf(code Code, format string, args ...any) *Failure {
	return &Failure{code, fmt.Sprintf(format, args...)}
}

// Is reports whether err is a failure with the code.
func Is(err error, code Code) bool {
	f, ok := errors.AsType[*Failure](err)
	return ok && f.Code == code
}

// ParseRequest reads a request and checks all that can be checked without a token.
func ParseRequest(text []byte) (*Request, *URI, error) {
	var r Request
	if len(text) > MaxRequest {
		return nil, nil, fmt.Errorf("the request is longer than %d bytes", MaxRequest)
	}
	if err := strictjson.Decode(text, &r); err != nil {
		return nil, nil, fmt.Errorf("read the request: %w", err)
	}
	if err := r.check(); err != nil {
		return nil, nil, err
	}
	uri, err := ParseURI(r.URI)
	if err != nil {
		return nil, nil, err
	}
	return &r, uri, nil
}

func (r *Request) check() error {
	switch {
	case r.Version != Version:
		return fmt.Errorf("the request has version %d, this program knows %d", r.Version, Version)
	case r.Operation != List && r.Operation != Public && r.Operation != Sign:
		return fmt.Errorf("the operation is %q, not %s, %s or %s", r.Operation, List, Public, Sign)
	case len(r.PIN) > maxPIN:
		return fmt.Errorf("the PIN is longer than %d bytes", maxPIN)
	case r.Operation == Sign && len(r.Message) == 0:
		return errors.New("there is no message to sign")
	case r.Operation != Sign && len(r.Message) > 0:
		return fmt.Errorf("the operation %s takes no message", r.Operation)
	case len(r.Message) > MaxMessage:
		return fmt.Errorf("the message is longer than %d bytes", MaxMessage)
	}
	return nil
}

// ParseAnswer reads an answer; the failure that it may hold becomes the error.
func ParseAnswer(text []byte) (*Answer, error) {
	var a Answer
	if len(text) > MaxAnswer {
		return nil, fmt.Errorf("the answer is longer than %d bytes", MaxAnswer)
	}
	if err := strictjson.Decode(text, &a); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if a.Version != Version {
		return nil, fmt.Errorf("the answer has version %d, this program knows %d", a.Version, Version)
	}
	if a.Error != nil {
		return &a, a.Error
	}
	return &a, nil
}

// Marshal writes a request or an answer as one line.
func Marshal(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(text, '\n'), err
}
