package hsm

import (
	"strings"
	"testing"
)

func TestParseURI(t *testing.T) {
	for text, want := range map[string]URI{
		"pkcs11:?module-path=/m.so":                                       {ModulePath: "/m.so"},
		"pkcs11:token=Release%20keys;object=a&b?module-path=/m%20x.so":    {Token: "Release keys", Object: "a&b", ModulePath: "/m x.so"},
		"pkcs11:serial=0a1B;id=%01%ff%00?module-path=/m":                  {Serial: "0a1B", ID: "\x01\xff\x00", ModulePath: "/m"},
		"pkcs11:id=A%42?module-path=/m":                                   {ID: "AB", ModulePath: "/m"},
		"pkcs11:manufacturer=M;model=N;type=private?module-path=/m":       {Manufacturer: "M", Model: "N", Type: "private", ModulePath: "/m"},
		"pkcs11:object=%C3%A4=?pin-source=file:/run/pin&module-path=/m":   {Object: "ä=", PINSource: "/run/pin", ModulePath: "/m"},
		"pkcs11:type=public?module-path=/m&pin-source=file:///run/pin?|x": {Type: "public", PINSource: "/run/pin?|x", ModulePath: "/m"},
		"pkcs11:?module-path=/m&pin-source=/run/pin":                      {PINSource: "/run/pin", ModulePath: "/m"},
	} {
		u, err := ParseURI(text)
		if err != nil || *u != want {
			t.Errorf("%s: %+v, %v, want %+v", text, u, err, want)
		}
	}
}

func TestParseURIRefuses(t *testing.T) {
	const module = "?module-path=/m"
	for text, words := range map[string]string{
		"":                                                     "begins with",
		"token=x" + module:                                     "begins with",
		"PKCS11:token=x" + module:                              "begins with",
		"pkcs11:":                                              "names no module",
		"pkcs11:token=x":                                       "names no module",
		"pkcs11:token=x?":                                      "without a name and value",
		"pkcs11:token" + module:                                "without a name and value",
		"pkcs11:=x" + module:                                   "without a name and value",
		"pkcs11:token=x;" + module:                             "without a name and value",
		"pkcs11:token=" + module:                               "token of the PKCS#11 URI is empty",
		"pkcs11:token=x;token=x" + module:                      "gives token twice",
		"pkcs11:slot-id=1" + module:                            `the attribute "slot-id"`,
		"pkcs11:Token=x" + module:                              `the attribute "Token"`,
		"pkcs11:x-vendor=1" + module:                           `the attribute "x-vendor"`,
		"pkcs11:token=a b" + module:                            "must be written as %20",
		"pkcs11:token=a/b" + module:                            "must be written as %2F",
		"pkcs11:token=ä" + module:                              "must be written as %C3",
		"pkcs11:token=a%2" + module:                            "ends within",
		"pkcs11:token=a%2x" + module:                           "two hexadecimal digits",
		"pkcs11:?module-path=/m%2":                             "ends within",
		"pkcs11:token=%ff" + module:                            "not UTF-8",
		"pkcs11:object=a%00" + module:                          "zero byte",
		"pkcs11:type=cert" + module:                            "not private or public",
		"pkcs11:?module-path=m.so":                             "not absolute",
		"pkcs11:?module-path=../m.so":                          "not absolute",
		"pkcs11:?module-name=opensc":                           "module-name is refused",
		"pkcs11:" + module + "&pin-value=1234":                 "pin-value is refused",
		"pkcs11:" + module + "&pin-source=|cmd":                "not the absolute path",
		"pkcs11:" + module + "&pin-source=pin":                 "not the absolute path",
		"pkcs11:" + module + "&pin-source=file:pin":            "not the absolute path",
		"pkcs11:" + module + "&pin-source=file://host/pin":     "not the absolute path",
		"pkcs11:" + module + "&pin-source=http://host/pin":     "not the absolute path",
		"pkcs11:" + module + "&other=1":                        `the query attribute "other"`,
		"pkcs11:token=" + strings.Repeat("x", maxURI) + module: "longer than",
		"pkcs11:" + module + "&module-path=/m":                 "gives module-path twice",
	} {
		if u, err := ParseURI(text); err == nil || u != nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %+v, %v, want %q", text, u, err, words)
		}
	}
}

// FuzzParseURI checks that what is read is written so that it reads the same, and
// that no relative path comes through.
func FuzzParseURI(f *testing.F) {
	f.Add("pkcs11:token=Release%20keys;object=a&b;id=%01%FF;type=private?module-path=/m.so&pin-source=file:///run/pin")
	f.Add("pkcs11:?module-path=/m&pin-value=1")
	f.Add("pkcs11:token=%")
	f.Fuzz(func(t *testing.T, text string) {
		u, err := ParseURI(text)
		if err != nil {
			return
		}
		if !strings.HasPrefix(u.ModulePath, "/") || u.PINSource != "" && !strings.HasPrefix(u.PINSource, "/") {
			t.Errorf("%q is read as %+v", text, u)
		}
		again, err := ParseURI(u.String())
		if err != nil && !strings.Contains(err.Error(), "longer than") {
			t.Fatalf("%q is written as %s: %v", text, u, err)
		}
		if err == nil && *again != *u {
			t.Errorf("%q is read as %+v, and again as %+v", text, u, again)
		}
	})
}
