//go:build cgo && unix

package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// TestFailure covers what SoftHSM never says.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		err   error
		code  hsm.Code
		words string
	}{
		{pkcs11.Error(pkcs11.CKR_PIN_LOCKED), hsm.LockedPIN, "the PIN is locked"},
		{pkcs11.Error(pkcs11.CKR_PIN_LEN_RANGE), hsm.WrongPIN, "too short or too long"},
		{fmt.Errorf("login: %w", pkcs11.Error(pkcs11.CKR_DEVICE_REMOVED)), hsm.NoToken, "taken out"},
		{pkcs11.Error(pkcs11.CKR_GENERAL_ERROR), hsm.Device, "0x5 of the module"},
		{pkcs11.Error(0x80001234), hsm.Device, "0x80001234"},
		{errors.New("something else"), hsm.Device, "something else"},
		{hsm.Failf(hsm.NoKey, "no key"), hsm.NoKey, "no key"},
	} {
		f := failure(c.err)
		if f.Code != c.code || !strings.Contains(f.Message, c.words) {
			t.Errorf("%v: %+v, want %s with %q", c.err, f, c.code, c.words)
		}
	}
}

// TestLoginWithoutATry checks what is refused before the token is asked: each
// wrong PIN costs a try.
func TestLoginWithoutATry(t *testing.T) {
	for _, c := range []struct {
		flags uint
		pin   string
		code  hsm.Code
	}{
		{pkcs11.CKF_LOGIN_REQUIRED | pkcs11.CKF_USER_PIN_LOCKED, "1234", hsm.LockedPIN},
		{pkcs11.CKF_LOGIN_REQUIRED, "", hsm.PINNeeded},
		{pkcs11.CKF_LOGIN_REQUIRED | pkcs11.CKF_USER_PIN_FINAL_TRY, "", hsm.PINNeeded},
		{pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH | pkcs11.CKF_USER_PIN_LOCKED, "", hsm.LockedPIN},
		{0, "", ""},
	} {
		tok := &token{info: describe(0, &pkcs11.TokenInfo{Label: "t", Flags: c.flags})} // without a module: a try would crash
		err := tok.login(c.pin)
		if c.code == "" && err != nil || c.code != "" && !hsm.Is(err, c.code) {
			t.Errorf("flags %#x, PIN %q: %v, want %q", c.flags, c.pin, err, c.code)
		}
	}
}

func TestPoint(t *testing.T) {
	point := make([]byte, 32)
	if bare, wrapped := fromPoint(ed25519s, point), fromPoint(ed25519s, append([]byte{4, 32}, point...)); bare == nil || string(bare) != string(wrapped) {
		t.Errorf("bare point %x, wrapped %x", bare, wrapped)
	}
	for _, bad := range [][]byte{nil, point[:31], append([]byte{4, 31}, point...)} {
		if der := fromPoint(ed25519s, bad); der != nil {
			t.Errorf("%x is taken for a point: %x", bad, der)
		}
	}
	if der := fromPoint(ecdsaP256, append([]byte{4}, make([]byte, 64)...)); der != nil {
		t.Errorf("a point beside the curve is taken: %x", der)
	}
}

func TestJoined(t *testing.T) {
	for _, n := range []int{0, 63, 65, 96} {
		if der, err := joined(make([]byte, n)); !hsm.Is(err, hsm.Device) {
			t.Errorf("%d bytes: %x, %v", n, der, err)
		}
	}
	raw := make([]byte, 64)
	raw[0], raw[63] = 0x80, 1
	der, err := joined(raw)
	if err != nil || len(der) != 40 || der[0] != 0x30 {
		t.Errorf("%x, %v", der, err)
	}
}
