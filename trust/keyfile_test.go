package trust

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/encrypted"
)

var secret = []byte("correct horse")

func sealed(t testing.TB, key *PrivateKey) []byte {
	t.Helper()
	text, err := SealKey(key, secret)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSealOpen(t *testing.T) {
	for _, algorithm := range algorithms {
		key := generate(t, algorithm)
		text := sealed(t, key)
		again, err := OpenKey(text, secret)
		if err != nil || again.Public().ID() != key.Public().ID() {
			t.Fatalf("%s: %v", algorithm, err)
		}
		a, _ := key.Sign(t.Context(), []byte("text"))
		b, _ := again.Sign(t.Context(), []byte("text"))
		if len(a) == 0 || !bytes.Equal(a, b) {
			t.Errorf("%s: another key", algorithm)
		}
	}
}

// TestCosignReadsOurs opens a file as cosign does (pkg/cosign/keys.go,
// LoadPrivateKey): the first PEM block, its label, the box, PKCS #8.
func TestCosignReadsOurs(t *testing.T) {
	key := generate(t, ECDSAP256)
	block, rest := pem.Decode(sealed(t, key))
	if block == nil || len(rest) > 0 || block.Type != "ENCRYPTED SIGSTORE PRIVATE KEY" || len(block.Headers) > 0 {
		t.Fatalf("block %+v, rest %q", block, rest)
	}
	der, err := encrypted.Decrypt(block.Bytes, secret)
	if err != nil {
		t.Fatal(err)
	}
	got, err := x509.ParsePKCS8PrivateKey(der)
	if k, ok := got.(*ecdsa.PrivateKey); err != nil || !ok || !k.Equal(key.key) {
		t.Errorf("read as %T, %v", got, err)
	}
}

// seal writes a key as cosign does.
func seal(t *testing.T, label string, key any, level encrypted.KDFParameterStrength) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := encrypted.EncryptWithCustomKDFParameters(der, secret, level)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: text})
}

func TestOpenCosign(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		label string
		level encrypted.KDFParameterStrength
	}{{sealedLabel, encrypted.Standard}, {oldSealedLabel, encrypted.Legacy}, {sealedLabel, encrypted.OWASP}} {
		key, err := OpenKey(seal(t, c.label, ed, c.level), secret)
		if err != nil || !ed.Equal(key.key) {
			t.Errorf("%s, level %d: %v", c.label, c.level, err)
		}
	}
}

// TestOtherKeys: cosign seals keys that are not used here.
func TestOtherKeys(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []any{r, p384, x} {
		der, err := x509.MarshalPKCS8PrivateKey(other)
		if err != nil {
			t.Fatal(err)
		}
		if key, err := parsePrivate(der); key != nil || !errors.Is(err, ErrAlgorithm) {
			t.Errorf("%T: %v", other, err)
		}
	}
}

func TestOpenKeyRefuses(t *testing.T) {
	key := generate(t, Ed25519)
	good := sealed(t, key)
	block0, _ := pem.Decode(good)
	edit := func(change func(*box)) string {
		var b box
		if err := json.Unmarshal(block0.Bytes, &b); err != nil {
			t.Fatal(err)
		}
		change(&b)
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return block(sealedLabel, text)
	}
	der, err := key.der()
	if err != nil {
		t.Fatal(err)
	}
	garbage, err := encrypted.Encrypt([]byte("no key, but long enough"), secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text, passphrase string
		want                   error
		says                   string
	}{
		{"wrong passphrase", string(good), "correct hors", ErrPassphrase, "wrong passphrase"},
		{"empty passphrase", string(good), "", ErrPassphrase, "empty"},
		{"altered ciphertext", edit(func(b *box) { b.Ciphertext[0] ^= 1 }), "", ErrPassphrase, ""},
		{"altered ciphertext, passphrase", edit(func(b *box) { b.Ciphertext[len(b.Ciphertext)-1] ^= 1 }), string(secret), ErrPassphrase, "altered"},
		{"nothing", "", string(secret), ErrKey, "PEM"},
		{"cut off", string(good[:len(good)/2]), string(secret), ErrKey, "PEM"},
		{"two", string(good) + string(good), string(secret), ErrKey, "PEM"},
		{"no JSON", block(sealedLabel, []byte("{")), string(secret), ErrKey, "want a key"},
		{"other JSON", block(sealedLabel, []byte(`{"kdf":{"name":"scrypt","cost":1}}`)), string(secret), ErrKey, `kdf: unknown field "cost"`},
		{"other derivation", edit(func(b *box) { b.KDF.Name = "argon2" }), string(secret), ErrAlgorithm, "argon2"},
		{"other cipher", edit(func(b *box) { b.Cipher.Name = "none" }), string(secret), ErrAlgorithm, "none"},
		{"expensive", edit(func(b *box) { b.KDF.Params.N = 1 << 30 }), string(secret), ErrAlgorithm, "N=1073741824"},
		{"cheap", edit(func(b *box) { b.KDF.Params.N = 2 }), string(secret), ErrAlgorithm, "N=2"},
		{"parallel", edit(func(b *box) { b.KDF.Params.P = 1 << 20 }), string(secret), ErrAlgorithm, "p=1048576"},
		{"short nonce", edit(func(b *box) { b.Cipher.Nonce = b.Cipher.Nonce[:23] }), string(secret), ErrKey, "length"},
		{"no salt", edit(func(b *box) { b.KDF.Salt = nil }), string(secret), ErrKey, "length"},
		{"no ciphertext", edit(func(b *box) { b.Ciphertext = nil }), string(secret), ErrKey, "length"},
		{"no key inside", block(sealedLabel, garbage), string(secret), ErrKey, "PKCS #8"},
		{"plain", block("PRIVATE KEY", der), string(secret), ErrUnencrypted, "theriac keys new"},
		{"plain SEC 1", block("EC PRIVATE KEY", der), string(secret), ErrUnencrypted, "cosign import-key-pair"},
		{"plain RSA", block("RSA PRIVATE KEY", der), string(secret), ErrUnencrypted, "theriac keys new"},
		{"SSH", block("OPENSSH PRIVATE KEY", der), string(secret), ErrKey, "ssh-add"},
		{"OpenSSL", block("ENCRYPTED PRIVATE KEY", der), string(secret), ErrKey, "OpenSSL"},
		{"public", string(key.Public().PEM()), string(secret), ErrKey, "found PUBLIC KEY"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, err := OpenKey([]byte(c.text), []byte(c.passphrase))
			if k != nil || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v", err)
			}
			for _, other := range []error{ErrPassphrase, ErrKey, ErrAlgorithm, ErrUnencrypted} {
				if other != c.want && errors.Is(err, other) {
					t.Errorf("%v is %v as well", err, other)
				}
			}
		})
	}
	if _, err := SealKey(key, nil); !errors.Is(err, ErrUnencrypted) {
		t.Errorf("sealed without a passphrase: %v", err)
	}
}

// TestAdvice: what the errors tell people to do is possible where the program is
// there.
func TestAdvice(t *testing.T) {
	cosign, err := exec.LookPath("cosign")
	if err != nil {
		t.Skip("cosign is not installed")
	}
	dir := t.TempDir()
	key := filepath.Join(dir, "plain")
	run(t, "openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
	cmd := exec.CommandContext(t.Context(), cosign, "import-key-pair", "--key", key)
	cmd.Dir, cmd.Env = dir, append(cmd.Environ(), "COSIGN_PASSWORD="+string(secret))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := func(string) ([]byte, error) { return bytes.Clone(secret), nil }
	if _, err := OpenSigner(t.Context(), filepath.Join(dir, "import-cosign.key"), p); err != nil {
		t.Error(err)
	}
}

func TestOpenSignerFile(t *testing.T) {
	key := generate(t, Ed25519)
	path := file(t, "test-lead.key", sealed(t, key))
	der, _ := key.der()
	plain := file(t, "plain.key", []byte(block("PRIVATE KEY", der)))
	gone := errors.New("nobody there")
	for _, c := range []struct {
		name, ref string
		answer    string
		err       error // of the passphrase
		asked     int
		want      error
	}{
		{"right", path, string(secret), nil, 1, nil},
		{"wrong", path, "x", nil, 1, ErrPassphrase},
		{"nobody", path, "", gone, 1, gone},
		{"plain", plain, string(secret), nil, 0, ErrUnencrypted},
		{"folder", filepath.Dir(path), string(secret), nil, 0, ErrKey},
		{"large", file(t, "large", make([]byte, maxPEM+2)), string(secret), nil, 0, ErrKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			s, err := OpenSigner(t.Context(), c.ref, func(prompt string) ([]byte, error) {
				asked++
				if prompt != fmt.Sprintf("passphrase of %s", c.ref) {
					t.Errorf("prompt %q", prompt)
				}
				return []byte(c.answer), c.err
			})
			if !errors.Is(err, c.want) || asked != c.asked || (err == nil) != (s != nil) {
				t.Fatalf("asked %d times, %v", asked, err)
			}
			if s != nil && s.Public().ID() != key.Public().ID() {
				t.Errorf("another key")
			}
		})
	}
	if _, err := OpenSigner(t.Context(), path, nil); !errors.Is(err, ErrPassphrase) {
		t.Errorf("without anybody to ask: %v", err)
	}
	if _, err := OpenSigner(t.Context(), path+".gone", nil); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: %v", err)
	}
}

func TestPassphraseOnce(t *testing.T) {
	asked := 0
	p := Passphrase(func(string) ([]byte, error) { asked++; return []byte("pin"), nil }).once()
	first, _ := p("a")
	clear(first)
	if second, err := p("b"); err != nil || string(second) != "pin" || asked != 1 {
		t.Errorf("%q, asked %d times, %v", second, asked, err)
	}
}

// FuzzOpenKey leaves out the derivation of the key, which takes a tenth of a
// second and no input of its own: the form of the file, and what is in the box.
func FuzzOpenKey(f *testing.F) {
	for _, algorithm := range algorithms {
		key := generate(f, algorithm)
		der, err := key.der()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(key.Public().PEM(), der)
	}
	f.Add(sealed(f, generate(f, Ed25519)), []byte("0"))
	f.Add([]byte("-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\ne30=\n-----END ENCRYPTED COSIGN PRIVATE KEY-----"), []byte("0"))
	f.Fuzz(func(t *testing.T, text, der []byte) {
		known := func(err error) bool {
			return errors.Is(err, ErrKey) || errors.Is(err, ErrAlgorithm) || errors.Is(err, ErrUnencrypted) || errors.Is(err, ErrPassphrase)
		}
		if key, err := OpenKey(text, nil); key != nil || !known(err) {
			t.Fatalf("opened without a passphrase: %v", err)
		}
		key, err := parsePrivate(der)
		if err != nil {
			if !known(err) {
				t.Fatalf("another error: %v", err)
			}
			return
		}
		if _, err := key.Sign(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	})
}
