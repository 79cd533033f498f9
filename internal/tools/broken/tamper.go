package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
)

// change exchanges a text that must be there.
func change(from, to string) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		if !bytes.Contains(text, []byte(from)) {
			return nil, fmt.Errorf("it does not hold %s", from)
		}
		return bytes.Replace(text, []byte(from), []byte(to), 1), nil
	}
}

// cut removes what stands between two texts.
func cut(from, to string) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		head, rest, one := bytes.Cut(text, []byte(from))
		_, tail, two := bytes.Cut(rest, []byte(to))
		if !one || !two {
			return nil, fmt.Errorf("it does not hold %s ... %s", from, to)
		}
		return slices.Concat(head, []byte(from), []byte(to), tail), nil
	}
}

// instead exchanges the whole.
func instead(text string) func([]byte) ([]byte, error) {
	return func([]byte) ([]byte, error) { return []byte(text), nil }
}

// half cuts a file off, as a full disk does.
func half(text []byte) ([]byte, error) { return text[:len(text)/2], nil }

// envelope is the outer form of a signed file.
type envelope struct {
	Payload     []byte      `json:"payload"`
	PayloadType string      `json:"payloadType"`
	Signatures  []signature `json:"signatures"`
}

type signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// opened lets an edit at an envelope that is closed again without being signed.
func opened(edit func(*envelope) error) func([]byte) ([]byte, error) {
	return func(text []byte) ([]byte, error) {
		var e envelope
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, err
		}
		if err := edit(&e); err != nil {
			return nil, err
		}
		text, err := json.Marshal(e)
		return append(text, '\n'), err
	}
}

// inside changes the payload under its signature.
func inside(from, to string) func([]byte) ([]byte, error) {
	return opened(func(e *envelope) (err error) {
		e.Payload, err = change(from, to)(e.Payload)
		return err
	})
}

// flip changes one bit of the signature.
var flip = opened(func(e *envelope) error {
	e.Signatures[0].Sig[20] ^= 1
	return nil
})

// twice lists the signature a second time.
var twice = opened(func(e *envelope) error {
	e.Signatures = append(e.Signatures, e.Signatures[0])
	return nil
})

// renamed calls the payload something else.
var renamed = opened(func(e *envelope) error {
	e.PayloadType = "application/vnd.cyclonedx+json"
	return nil
})

// unwrapped is the statement without its envelope.
func unwrapped(text []byte) ([]byte, error) {
	var e envelope
	err := json.Unmarshal(text, &e)
	return append(e.Payload, '\n'), err
}

// spaced breaks the base64 of the payload.
func spaced(text []byte) ([]byte, error) {
	var e envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, err
	}
	code := base64.StdEncoding.EncodeToString(e.Payload)
	return change(code, code[:len(code)/2]+"-"+code[len(code)/2:])(text)
}
