//go:build cgo && unix

package main

import (
	"os"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// module is a loaded PKCS#11 module.
type module struct {
	ctx *pkcs11.Ctx
}

func load(path string) (*module, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, hsm.Failf(hsm.BadModule, "the PKCS#11 module is missing: %v", err)
	}
	if !info.Mode().IsRegular() {
		return nil, hsm.Failf(hsm.BadModule, "the PKCS#11 module %s is no regular file", path)
	}
	ctx := pkcs11.New(path)
	if ctx == nil {
		return nil, hsm.Failf(hsm.BadModule, "%s cannot be loaded as a PKCS#11 module", path)
	}
	if err := ctx.Initialize(); err != nil {
		ctx.Destroy()
		return nil, hsm.Failf(hsm.BadModule, "the PKCS#11 module %s does not start: %s", path, words(err))
	}
	return &module{ctx}, nil
}

func (m *module) close() {
	m.ctx.Finalize()
	m.ctx.Destroy()
}

// token is a token with an open session, which reads only.
type token struct {
	ctx     *pkcs11.Ctx
	session pkcs11.SessionHandle
	module  string
	info    hsm.Token
	in      bool // logged in
}

// open opens the one token that the URI means.
func (m *module) open(uri *hsm.URI) (*token, error) {
	tokens, err := m.tokens(uri)
	switch {
	case err != nil:
		return nil, err
	case len(tokens) == 0:
		return nil, hsm.Failf(hsm.NoToken, "no token that is present fits %s", uri)
	case len(tokens) > 1:
		return nil, hsm.Failf(hsm.AmbiguousToken, "%d tokens fit %s: add token or serial", len(tokens), uri)
	}
	return m.session(tokens[0], uri)
}

func (m *module) session(info hsm.Token, uri *hsm.URI) (*token, error) {
	session, err := m.ctx.OpenSession(info.Slot, pkcs11.CKF_SERIAL_SESSION)
	if err != nil {
		return nil, err
	}
	return &token{ctx: m.ctx, session: session, module: uri.ModulePath, info: info}, nil
}

// tokens lists the tokens that are present, are initialised and fit the URI.
func (m *module) tokens(uri *hsm.URI) ([]hsm.Token, error) {
	slots, err := m.ctx.GetSlotList(true)
	if err != nil {
		return nil, err
	}
	var tokens []hsm.Token
	for _, slot := range slots {
		info, err := m.ctx.GetTokenInfo(slot)
		if isAny(err, pkcs11.CKR_TOKEN_NOT_PRESENT, pkcs11.CKR_TOKEN_NOT_RECOGNIZED, pkcs11.CKR_DEVICE_REMOVED) {
			continue // it went since the slots were listed, or is a card of another kind
		}
		if err != nil {
			return nil, err
		}
		if info.Flags&pkcs11.CKF_TOKEN_INITIALIZED == 0 {
			continue
		}
		if t := describe(slot, &info); fits(&t, uri) {
			tokens = append(tokens, t)
		}
	}
	return tokens, nil
}

func fits(t *hsm.Token, uri *hsm.URI) bool {
	fit := func(asked, is string) bool { return asked == "" || asked == is }
	return fit(uri.Token, t.Label) && fit(uri.Serial, t.Serial) && fit(uri.Manufacturer, t.Manufacturer) && fit(uri.Model, t.Model)
}

func describe(slot uint, info *pkcs11.TokenInfo) hsm.Token {
	return hsm.Token{
		Slot: slot, Label: info.Label, Serial: info.SerialNumber, Manufacturer: info.ManufacturerID, Model: info.Model,
		Login: loginOf(info.Flags), PINState: pinState(info.Flags),
	}
}

func loginOf(flags uint) string {
	switch {
	case flags&pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH != 0:
		return hsm.LoginPad
	case flags&pkcs11.CKF_LOGIN_REQUIRED != 0:
		return hsm.LoginPIN
	}
	return hsm.LoginNone
}

func pinState(flags uint) string {
	switch {
	case flags&pkcs11.CKF_USER_PIN_LOCKED != 0:
		return hsm.PINLocked
	case flags&pkcs11.CKF_USER_PIN_FINAL_TRY != 0:
		return hsm.PINFinal
	case flags&pkcs11.CKF_USER_PIN_COUNT_LOW != 0:
		return hsm.PINLow
	}
	return ""
}

// login logs the user in, once. It never tries a PIN where the token says that it
// is locked, and never tries one twice.
func (t *token) login(pin string) error {
	switch {
	case t.in || t.info.Login == hsm.LoginNone:
		return nil
	case t.info.PINState == hsm.PINLocked:
		return hsm.Failf(hsm.LockedPIN, "the PIN of the token %q is locked: its administrator must unlock it", t.info.Label)
	case t.info.Login == hsm.LoginPad:
		pin = ""
	case pin == "":
		return hsm.Failf(hsm.PINNeeded, "the token %q needs a PIN", t.info.Label)
	}
	err := t.ctx.Login(t.session, pkcs11.CKU_USER, pin)
	if isAny(err, pkcs11.CKR_USER_ALREADY_LOGGED_IN) {
		err = nil
	}
	t.in = err == nil
	return t.refused(err)
}

// refused says, of a PIN that was not taken, how many tries are left.
func (t *token) refused(err error) error {
	if !isAny(err, pkcs11.CKR_PIN_INCORRECT, pkcs11.CKR_PIN_INVALID, pkcs11.CKR_PIN_LEN_RANGE) {
		return err
	}
	f := failure(err)
	if info, err := t.ctx.GetTokenInfo(t.info.Slot); err == nil {
		t.info.PINState = pinState(info.Flags)
	}
	switch t.info.PINState {
	case hsm.PINFinal:
		f.Message += "; one try is left before the token locks itself"
	case hsm.PINLocked:
		f.Message += "; the token has locked itself"
	}
	return f
}
