//go:build cgo && unix

package main

import (
	"cmp"
	"slices"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// list describes the tokens that fit the URI, and their keys that fit it. Without
// a PIN it shows what the tokens show to everybody.
func (m *module) list(uri *hsm.URI, pin string) ([]hsm.Token, error) {
	tokens, err := m.tokens(uri)
	if err != nil {
		return nil, err
	}
	if pin != "" && len(tokens) > 1 {
		// The PIN of one token is a wrong PIN for the others.
		return nil, hsm.Failf(hsm.AmbiguousToken, "%d tokens fit %s, and the PIN is that of one: add token or serial", len(tokens), uri)
	}
	for i := range tokens {
		t, err := m.session(tokens[i], uri)
		if err != nil {
			return nil, err
		}
		if pin != "" {
			if err := t.login(pin); err != nil {
				return nil, err
			}
		}
		if tokens[i].Keys, err = t.keys(uri); err != nil {
			return nil, err
		}
		m.ctx.CloseSession(t.session)
	}
	return tokens, nil
}

// keys joins public and private keys that have the same CKA_ID.
func (t *token) keys(uri *hsm.URI) ([]hsm.Key, error) {
	var keys []hsm.Key
	privates, err := t.find(pkcs11.CKO_PRIVATE_KEY, uri)
	if err != nil {
		return nil, err
	}
	for _, object := range privates {
		key, err := t.private(object)
		if err != nil {
			return nil, err
		}
		keys = append(keys, *key)
	}
	publics, err := t.find(pkcs11.CKO_PUBLIC_KEY, uri)
	if err != nil {
		return nil, err
	}
	for _, object := range publics {
		key, err := t.describe(object)
		if err != nil {
			return nil, err
		}
		keys = join(keys, key)
	}
	slices.SortStableFunc(keys, func(a, b hsm.Key) int { return cmp.Or(cmp.Compare(a.Label, b.Label), cmp.Compare(a.ID, b.ID)) })
	return keys, nil
}

func (t *token) private(object pkcs11.ObjectHandle) (*hsm.Key, error) {
	key, err := t.describe(object)
	if err != nil {
		return nil, err
	}
	key.Private = true
	for attribute, into := range map[uint]**bool{
		pkcs11.CKA_EXTRACTABLE:       &key.Extractable,
		pkcs11.CKA_NEVER_EXTRACTABLE: &key.NeverExtractable,
		pkcs11.CKA_LOCAL:             &key.Local,
	} {
		if *into, err = t.flag(object, attribute); err != nil {
			return nil, err
		}
	}
	return key, nil
}

func join(keys []hsm.Key, public *hsm.Key) []hsm.Key {
	i := slices.IndexFunc(keys, func(k hsm.Key) bool {
		return k.Private && k.ID != "" && k.ID == public.ID && k.Algorithm == public.Algorithm
	})
	if i < 0 {
		return append(keys, *public)
	}
	if keys[i].Public == "" {
		keys[i].Public = public.Public
	}
	return keys
}
