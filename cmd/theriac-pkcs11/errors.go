//go:build cgo && unix

package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// meaning is what the return values of a module mean to the user (PKCS #11 v2.40,
// section 5.1).
var meaning = map[pkcs11.Error]hsm.Failure{
	pkcs11.CKR_PIN_INCORRECT:              {Code: hsm.WrongPIN, Message: "the PIN is wrong"},
	pkcs11.CKR_PIN_INVALID:                {Code: hsm.WrongPIN, Message: "the PIN holds characters that the token does not take"},
	pkcs11.CKR_PIN_LEN_RANGE:              {Code: hsm.WrongPIN, Message: "the PIN is too short or too long for the token"},
	pkcs11.CKR_PIN_LOCKED:                 {Code: hsm.LockedPIN, Message: "the PIN is locked: the administrator of the token must unlock it"},
	pkcs11.CKR_PIN_EXPIRED:                {Code: hsm.LockedPIN, Message: "the PIN has expired and must be changed"},
	pkcs11.CKR_USER_PIN_NOT_INITIALIZED:   {Code: hsm.LockedPIN, Message: "the token has no PIN for its user yet"},
	pkcs11.CKR_USER_NOT_LOGGED_IN:         {Code: hsm.PINNeeded, Message: "the token needs a PIN for this"},
	pkcs11.CKR_TOKEN_NOT_PRESENT:          {Code: hsm.NoToken, Message: "the token is not present"},
	pkcs11.CKR_TOKEN_NOT_RECOGNIZED:       {Code: hsm.NoToken, Message: "the module does not know the token"},
	pkcs11.CKR_DEVICE_REMOVED:             {Code: hsm.NoToken, Message: "the token was taken out"},
	pkcs11.CKR_SLOT_ID_INVALID:            {Code: hsm.NoToken, Message: "the slot is gone"},
	pkcs11.CKR_MECHANISM_INVALID:          {Code: hsm.Unsupported, Message: "the token cannot sign with this kind of key"},
	pkcs11.CKR_KEY_TYPE_INCONSISTENT:      {Code: hsm.Unsupported, Message: "the token cannot sign with this kind of key"},
	pkcs11.CKR_KEY_FUNCTION_NOT_PERMITTED: {Code: hsm.Unsupported, Message: "the key is not meant for signing"},
	pkcs11.CKR_FUNCTION_NOT_SUPPORTED:     {Code: hsm.Unsupported, Message: "the module does not support what is needed to sign"},
	pkcs11.CKR_DATA_LEN_RANGE:             {Code: hsm.Unsupported, Message: "the message is too long for the token"},
	pkcs11.CKR_DEVICE_MEMORY:              {Code: hsm.Device, Message: "the token has no memory left"},
	pkcs11.CKR_SESSION_COUNT:              {Code: hsm.Device, Message: "the token has no session left"},
}

// failure says what an error means to the user.
func failure(err error) *hsm.Failure {
	if f, ok := errors.AsType[*hsm.Failure](err); ok {
		return f
	}
	code, ok := errors.AsType[pkcs11.Error](err)
	if !ok {
		return hsm.Failf(hsm.Device, "%v", err)
	}
	if f, known := meaning[code]; known {
		return &f
	}
	return hsm.Failf(hsm.Device, "the token refused: %s", words(err))
}

// words names the return value of a module.
func words(err error) string {
	code, ok := errors.AsType[pkcs11.Error](err)
	if !ok {
		return err.Error()
	}
	if f, known := meaning[code]; known {
		return f.Message
	}
	return fmt.Sprintf("return value %#x of the module (%v)", uint(code), code)
}

func isAny(err error, codes ...pkcs11.Error) bool {
	code, ok := errors.AsType[pkcs11.Error](err)
	return ok && slices.Contains(codes, code)
}
