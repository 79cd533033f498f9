package hsm

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// URI says which key, in which token, through which module (RFC 7512). An empty
// field is not asked for.
type URI struct {
	Token        string
	Serial       string
	Manufacturer string
	Model        string
	Object       string
	ID           string // bytes of CKA_ID
	Type         string // private, public, or empty

	ModulePath string // absolute
	PINSource  string // absolute path of a file that holds the PIN
}

const (
	scheme = "pkcs11:"
	maxURI = 4096
)

// Characters that stand for themselves (RFC 7512 section 2.3).
const (
	unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	inBoth     = unreserved + ":[]@!$'()*+,="
	inPath     = inBoth + "&"
	inQuery    = inBoth + "/?|"
)

// ParseURI reads the address of a key. Attributes that it does not know are
// refused, since each one narrows what is meant.
func ParseURI(text string) (*URI, error) {
	if len(text) > maxURI {
		return nil, fmt.Errorf("the PKCS#11 URI is longer than %d bytes", maxURI)
	}
	rest, ok := strings.CutPrefix(text, scheme)
	if !ok {
		return nil, fmt.Errorf("a PKCS#11 URI begins with %q", scheme)
	}
	u := &URI{}
	path, query, hasQuery := strings.Cut(rest, "?")
	if path != "" {
		if err := attributes(path, ";", inPath, u.pathField); err != nil {
			return nil, err
		}
	}
	if hasQuery {
		if err := attributes(query, "&", inQuery, u.queryField); err != nil {
			return nil, err
		}
	}
	if err := u.check(); err != nil {
		return nil, err
	}
	return u, nil
}

func attributes(text, separator, allowed string, field func(string) (*string, error)) error {
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, separator) {
		name, raw, ok := strings.Cut(part, "=")
		if !ok || name == "" {
			return fmt.Errorf("the PKCS#11 URI has an attribute without a name and value, as in name=value")
		}
		target, err := field(name)
		if err != nil {
			return err
		}
		if seen[name] {
			return fmt.Errorf("the PKCS#11 URI gives %s twice", name)
		}
		seen[name] = true
		if *target, err = unescape(raw, allowed); err != nil {
			return fmt.Errorf("%s of the PKCS#11 URI: %w", name, err)
		}
		if *target == "" {
			return fmt.Errorf("%s of the PKCS#11 URI is empty", name)
		}
	}
	return nil
}

func (u *URI) pathField(name string) (*string, error) {
	switch name {
	case "token":
		return &u.Token, nil
	case "serial":
		return &u.Serial, nil
	case "manufacturer":
		return &u.Manufacturer, nil
	case "model":
		return &u.Model, nil
	case "object":
		return &u.Object, nil
	case "id":
		return &u.ID, nil
	case "type":
		return &u.Type, nil
	}
	return nil, fmt.Errorf("the PKCS#11 URI has the attribute %q; known are token, serial, manufacturer, model, object, id and type", name)
}

func (u *URI) queryField(name string) (*string, error) {
	switch name {
	case "module-path":
		return &u.ModulePath, nil
	case "pin-source":
		return &u.PINSource, nil
	case "pin-value":
		return nil, errors.New("pin-value is refused, since it stays in the history of the shell and in lists of processes: name a file in pin-source, or enter the PIN when asked")
	case "module-name":
		return nil, errors.New("module-name is refused, since it depends on the machine which file it means: give module-path")
	}
	return nil, fmt.Errorf("the PKCS#11 URI has the query attribute %q; known are module-path and pin-source", name)
}

func unescape(raw, allowed string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch {
		case raw[i] != '%' && strings.IndexByte(allowed, raw[i]) < 0:
			return "", fmt.Errorf("the character %q must be written as %%%02X", raw[i], raw[i])
		case raw[i] != '%':
			b.WriteByte(raw[i])
		case i+2 >= len(raw):
			return "", errors.New("it ends within a percent sign and two digits")
		default:
			octet, err := hex.DecodeString(raw[i+1 : i+3])
			if err != nil {
				return "", errors.New("a percent sign is not followed by two hexadecimal digits")
			}
			b.WriteByte(octet[0])
			i += 2
		}
	}
	return b.String(), nil
}

func (u *URI) check() error {
	for _, s := range []string{u.Token, u.Serial, u.Manufacturer, u.Model, u.Object, u.ModulePath, u.PINSource} {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return errors.New("the PKCS#11 URI holds text that is not UTF-8, or a zero byte")
		}
	}
	if u.Type != "" && u.Type != "private" && u.Type != "public" {
		return fmt.Errorf("type of the PKCS#11 URI is %q, not private or public", u.Type)
	}
	switch {
	case u.ModulePath == "":
		return errors.New("the PKCS#11 URI names no module: end it with ?module-path=/path/of/the/module.so")
	case !filepath.IsAbs(u.ModulePath):
		return fmt.Errorf("module-path of the PKCS#11 URI is %q, which is not absolute", u.ModulePath)
	}
	return u.checkPINSource()
}

// checkPINSource turns the forms file:/path and file:///path into the path.
// A command in place of a file (RFC 7512 section 2.4) is not supported.
func (u *URI) checkPINSource() error {
	if u.PINSource == "" {
		return nil
	}
	path := strings.TrimPrefix(u.PINSource, "file:")
	if path != u.PINSource {
		path = strings.TrimPrefix(path, "//")
	}
	if !filepath.IsAbs(path) {
		return fmt.Errorf("pin-source of the PKCS#11 URI is %q, which is not the absolute path of a file", u.PINSource)
	}
	u.PINSource = path
	return nil
}

// String writes the address so that ParseURI reads the same.
func (u *URI) String() string {
	var path, query []string
	add := func(list *[]string, name, value, allowed string) {
		if value != "" {
			*list = append(*list, name+"="+escape(value, allowed))
		}
	}
	add(&path, "token", u.Token, unreserved)
	add(&path, "serial", u.Serial, unreserved)
	add(&path, "manufacturer", u.Manufacturer, unreserved)
	add(&path, "model", u.Model, unreserved)
	add(&path, "object", u.Object, unreserved)
	add(&path, "id", u.ID, "") // RFC 7512 section 2.3: all bytes percent-encoded
	add(&path, "type", u.Type, unreserved)
	add(&query, "module-path", u.ModulePath, unreserved+"/")
	add(&query, "pin-source", u.PINSource, unreserved+"/")
	return scheme + strings.Join(path, ";") + "?" + strings.Join(query, "&")
}

func escape(s, allowed string) string {
	var b strings.Builder
	for i := range len(s) {
		if strings.IndexByte(allowed, s[i]) >= 0 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}
