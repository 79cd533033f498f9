package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rfc8410 is the public key of RFC 8410 section 10.1.
const rfc8410 = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
`

func block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func spki(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestParsePublicForms(t *testing.T) {
	for name, text := range map[string]string{
		"plain":               rfc8410,
		"no line feed":        strings.TrimSpace(rfc8410),
		"folded":              strings.ReplaceAll(rfc8410, "\n", " "),
		"folded, block":       strings.ReplaceAll(strings.TrimSpace(rfc8410), "\n", "  \n\n   "),
		"carriage returns":    strings.ReplaceAll(rfc8410, "\n", "\r\n"),
		"blank lines around":  "\n\n" + rfc8410 + "\n",
		"lines of other size": strings.ReplaceAll(rfc8410, "GAb9E", "GAb\n9E"),
	} {
		key, err := ParsePublic([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if key.Algorithm() != Ed25519 || string(key.PEM()) != rfc8410 || key.Certificate() != nil {
			t.Errorf("%s: read as %s\n%s", name, key.Algorithm(), key.PEM())
		}
	}
}

func TestParsePublicRefuses(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	private, err := generate(t, Ed25519).der()
	if err != nil {
		t.Fatal(err)
	}
	good := spki(t, generate(t, ECDSAP256).public.key)
	// The parser of the library ignores further fields of a sequence.
	extended := append(slices.Clone(good), 5, 0)
	extended[1] += 2
	for _, c := range []struct {
		name, text string
		want       error
		says       string
	}{
		{"nothing", "", ErrKey, "one PEM block"},
		{"no PEM", "ssh-ed25519 AAAA", ErrKey, "one PEM block"},
		{"two", rfc8410 + rfc8410, ErrKey, "PEM block"},
		{"two of one label, folded", strings.ReplaceAll(rfc8410+rfc8410, "\n", " "), ErrKey, "PEM block"},
		{"text before", "key:\n" + rfc8410, ErrKey, "one PEM block"},
		{"text behind", rfc8410 + "x", ErrKey, "one PEM block"},
		{"headers", strings.Replace(rfc8410, "MCow", "A: b\n\nMCow", 1), ErrKey, "one PEM block"},
		{"other end", strings.Replace(rfc8410, "END PUBLIC", "END PRIVATE", 1), ErrKey, "ends as PRIVATE KEY"},
		{"empty", "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", ErrKey, "base64"},
		{"no padding", strings.Replace(rfc8410, "=", "", 1), ErrKey, "base64"},
		{"unused bits", strings.Replace(rfc8410, "ZuE=", "ZuF=", 1), ErrKey, "base64"},
		{"large", "-----BEGIN PUBLIC KEY-----\n" + strings.Repeat("A", maxPEM) + "\n-----END PUBLIC KEY-----\n", ErrKey, "bytes"},
		{"no DER", block("PUBLIC KEY", []byte("key")), ErrKey, "asn1"},
		{"more DER", block("PUBLIC KEY", append(slices.Clone(good), 0)), ErrKey, "trailing"},
		{"unused bits of the key", block("PUBLIC KEY", bytes.Replace(good, []byte{0x42, 0x00, 0x04}, []byte{0x42, 0x01, 0x04}, 1)), ErrKey, ""},
		{"one more field", block("PUBLIC KEY", extended), ErrKey, "canonical"},
		{"private", block("PRIVATE KEY", private), ErrKey, "found PRIVATE KEY"},
		{"P-384", block("PUBLIC KEY", spki(t, &p384.PublicKey)), ErrAlgorithm, "P-384"},
		{"RSA", block("PUBLIC KEY", spki(t, &r.PublicKey)), ErrAlgorithm, "RSA"},
		{"no certificate", block("CERTIFICATE", good), ErrKey, "certificate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key, err := ParsePublic([]byte(c.text))
			if key != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestSmallOrder forges a signature for each key that is refused, to show that
// the refusal has a reason.
func TestSmallOrder(t *testing.T) {
	var points [][]byte
	for _, s := range smallOrders {
		p, _ := hex.DecodeString(s)
		q := slices.Clone(p)
		q[31] |= 0x80
		points = append(points, p, q)
	}
	forged := 0
	for _, a := range points {
		_, err := ParsePublic([]byte(block("PUBLIC KEY", spki(t, ed25519.PublicKey(a)))))
		if !errors.Is(err, ErrKey) || !strings.Contains(err.Error(), "small order") {
			t.Errorf("%x: %v", a, err)
		}
		if forgeable(a, points) {
			forged++
		}
	}
	if forged != len(points) {
		t.Errorf("only %d of %d keys could be forged for", forged, len(points))
	}
}

// forgeable tries signatures of a point and the number zero, which nobody needs
// a private key for.
func forgeable(key ed25519.PublicKey, points [][]byte) bool {
	for message := range byte(200) {
		for _, r := range points {
			if ed25519.Verify(key, []byte{message}, append(slices.Clone(r), make([]byte, 32)...)) {
				return true
			}
		}
	}
	return false
}

// TestOpenSSL: keys, ids and signatures are those of OpenSSL, both ways.
func TestOpenSSL(t *testing.T) {
	for _, c := range []struct {
		algorithm    string
		generate     []string
		sign, verify []string
	}{
		{ECDSAP256, []string{"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
			[]string{"dgst", "-sha256", "-sign", "KEY", "-out", "SIG", "MSG"}, []string{"dgst", "-sha256", "-verify", "PUB", "-signature", "SIG", "MSG"}},
		{Ed25519, []string{"-algorithm", "ED25519"},
			[]string{"pkeyutl", "-sign", "-inkey", "KEY", "-rawin", "-in", "MSG", "-out", "SIG"},
			[]string{"pkeyutl", "-verify", "-pubin", "-inkey", "PUB", "-rawin", "-in", "MSG", "-sigfile", "SIG"}},
	} {
		t.Run(c.algorithm, func(t *testing.T) {
			dir := t.TempDir()
			openssl := func(args ...string) []byte {
				args = slices.Clone(args)
				for i, a := range args {
					if slices.Contains([]string{"KEY", "PUB", "SIG", "MSG", "CRT", "DER"}, a) {
						args[i] = filepath.Join(dir, a)
					}
				}
				return run(t, "openssl", args...)
			}
			read := func(name string) []byte {
				b, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			write := func(name string, content []byte) {
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			message := []byte("DSSEv1 4 text 5 hello")
			write("MSG", message)

			openssl(append([]string{"genpkey", "-out", "KEY"}, c.generate...)...)
			openssl("pkey", "-in", "KEY", "-pubout", "-out", "PUB")
			openssl("pkey", "-in", "KEY", "-pubout", "-outform", "der", "-out", "DER")
			openssl("req", "-x509", "-new", "-key", "KEY", "-subj", "/CN=Test lead", "-days", "1", "-out", "CRT")
			openssl(c.sign...)
			key, err := ParsePublic(read("PUB"))
			if err != nil {
				t.Fatal(err)
			}
			if err := key.Verify(message, read("SIG")); err != nil {
				t.Error(err)
			}
			if sum := sha256.Sum256(read("DER")); key.ID() != hex.EncodeToString(sum[:]) || key.Algorithm() != c.algorithm {
				t.Errorf("id %s, algorithm %s", key.ID(), key.Algorithm())
			}
			cert, err := ParsePublic(read("CRT"))
			if err != nil || cert.ID() != key.ID() || cert.Certificate() == nil || cert.Certificate().Subject.CommonName != "Test lead" {
				t.Errorf("certificate: %v", err)
			}
			if _, err := ParseCertificate(read("PUB")); !errors.Is(err, ErrKey) {
				t.Errorf("a key taken for a certificate: %v", err)
			}
			if c, err := ParseCertificate(read("CRT")); err != nil || !c.Equal(cert.Certificate()) {
				t.Errorf("certificate: %v", err)
			}

			ours := generate(t, c.algorithm)
			sig, err := ours.Sign(t.Context(), message)
			if err != nil {
				t.Fatal(err)
			}
			write("PUB", ours.Public().PEM())
			write("SIG", sig)
			openssl(c.verify...)
		})
	}
}

func FuzzParsePublic(f *testing.F) {
	f.Add([]byte(rfc8410))
	f.Add([]byte(strings.ReplaceAll(rfc8410, "\n", " ")))
	f.Add(generate(f, ECDSAP256).Public().PEM())
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := ParsePublic(text)
		if err != nil {
			if !errors.Is(err, ErrKey) && !errors.Is(err, ErrAlgorithm) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		again, err := ParsePublic(key.PEM())
		if err != nil || again.ID() != key.ID() || again.Certificate() != nil {
			t.Fatalf("%v: %s read as %s", err, key.ID(), key.PEM())
		}
	})
}
