//go:build cgo && unix

package main

import (
	"github.com/miekg/pkcs11"

	"theriac/internal/hsm"
)

// maxObjects bounds what is read of one token.
const maxObjects = 1000

// find lists the objects of a class that the URI means.
func (t *token) find(class uint, uri *hsm.URI) ([]pkcs11.ObjectHandle, error) {
	template := []*pkcs11.Attribute{pkcs11.NewAttribute(pkcs11.CKA_CLASS, class)}
	if uri.Object != "" {
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_LABEL, uri.Object))
	}
	if uri.ID != "" {
		template = append(template, pkcs11.NewAttribute(pkcs11.CKA_ID, []byte(uri.ID)))
	}
	if err := t.ctx.FindObjectsInit(t.session, template); err != nil {
		return nil, err
	}
	defer t.ctx.FindObjectsFinal(t.session)
	var found []pkcs11.ObjectHandle
	for len(found) <= maxObjects {
		some, _, err := t.ctx.FindObjects(t.session, 100)
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			return found, nil
		}
		found = append(found, some...)
	}
	return nil, hsm.Failf(hsm.Unsupported, "more than %d objects of the token fit: add object or id", maxObjects)
}

// one returns the only object of a class that the URI means.
func (t *token) one(class uint, what string, uri *hsm.URI) (pkcs11.ObjectHandle, error) {
	found, err := t.find(class, uri)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, hsm.Failf(hsm.NoKey, "the token %q holds no %s that fits %s", t.info.Label, what, uri)
	case len(found) > 1:
		return 0, hsm.Failf(hsm.AmbiguousKey, "%d %ss in the token %q fit %s: add object or id", len(found), what, t.info.Label, uri)
	}
	return found[0], nil
}

// bytes reads one attribute; nil means that the token does not tell.
func (t *token) bytes(object pkcs11.ObjectHandle, attribute uint) ([]byte, error) {
	values, err := t.ctx.GetAttributeValue(t.session, object, []*pkcs11.Attribute{pkcs11.NewAttribute(attribute, nil)})
	if isAny(err, pkcs11.CKR_ATTRIBUTE_TYPE_INVALID, pkcs11.CKR_ATTRIBUTE_SENSITIVE) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return values[0].Value, nil
}

// flag reads one attribute that is true or false; nil means that the token does
// not tell.
func (t *token) flag(object pkcs11.ObjectHandle, attribute uint) (*bool, error) {
	value, err := t.bytes(object, attribute)
	if err != nil || len(value) != 1 {
		return nil, err
	}
	set := value[0] != 0
	return &set, nil
}
