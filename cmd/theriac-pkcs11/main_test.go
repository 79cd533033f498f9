package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/internal/hsm"
	"theriac/internal/hsm/hsmtest"
)

// builds is the folder of the program, built once for all tests.
var builds string

func TestMain(m *testing.M) {
	var err error
	if builds, err = os.MkdirTemp("", "theriac-pkcs11-"); err != nil {
		panic(err)
	}
	status := m.Run()
	os.RemoveAll(builds)
	os.Exit(status)
}

// fixture is the built program with a SoftHSM of two tokens.
type fixture struct {
	t       *testing.T
	program string
	*hsmtest.Module
}

func newFixture(t *testing.T) *fixture {
	m := hsmtest.New(t)
	m.Token("release")
	m.Token("other")
	m.Key("release", "EC:prime256v1", "signing p256", "01")
	m.Key("release", "EC:edwards25519", "signing ed25519", "02")
	program := filepath.Join(builds, "theriac-pkcs11")
	if _, err := os.Stat(program); err != nil {
		program = hsmtest.Build(t, builds)
	}
	return &fixture{t, program, m}
}

// raw runs the program on a text.
func (f *fixture) raw(input []byte) (*hsm.Answer, int, error) {
	f.t.Helper()
	cmd := exec.CommandContext(f.t.Context(), f.program)
	cmd.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if _, ended := errors.AsType[*exec.ExitError](err); err != nil && !ended {
		f.t.Fatal(err)
	}
	if bytes.Count(out, []byte("\n")) != 1 {
		f.t.Fatalf("the answer is not one line: %q (%s)", out, stderr.Bytes())
	}
	answer, err := hsm.ParseAnswer(out)
	return answer, cmd.ProcessState.ExitCode(), err
}

func (f *fixture) ask(r hsm.Request) (*hsm.Answer, error) {
	f.t.Helper()
	r.Version = hsm.Version
	text, err := hsm.Marshal(r)
	if err != nil {
		f.t.Fatal(err)
	}
	answer, status, err := f.raw(text)
	if want := map[bool]int{true: 0, false: 1}[err == nil]; status != want {
		f.t.Errorf("exit status %d with the error %v", status, err)
	}
	return answer, err
}

func (f *fixture) must(r hsm.Request) *hsm.Answer {
	f.t.Helper()
	answer, err := f.ask(r)
	if err != nil {
		f.t.Fatalf("%s %s: %v", r.Operation, r.URI, err)
	}
	return answer
}

// refused checks that a request fails with the code, and that its message holds
// the words.
func (f *fixture) refused(r hsm.Request, code hsm.Code, words string) {
	f.t.Helper()
	answer, err := f.ask(r)
	if !hsm.Is(err, code) || !strings.Contains(err.Error(), words) {
		f.t.Errorf("%s %s: error %v, want %s with %q", r.Operation, r.URI, err, code, words)
	}
	if answer != nil && (answer.Signature != nil || answer.Key != nil || answer.Tokens != nil) {
		f.t.Errorf("%s %s: a failure that answers: %+v", r.Operation, r.URI, answer)
	}
}

// holds reports whether the signature is that of the key over the message.
func holds(t *testing.T, key *hsm.Key, message, signature []byte) bool {
	t.Helper()
	block, rest := pem.Decode([]byte(key.Public))
	if block == nil || block.Type != "PUBLIC KEY" || len(rest) > 0 {
		t.Fatalf("no public key: %q", key.Public)
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return verify(public, message, signature)
}

func verify(public crypto.PublicKey, message, signature []byte) bool {
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return ecdsa.VerifyASN1(k, digest[:], signature)
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, signature)
	}
	return false
}

func TestSign(t *testing.T) {
	f := newFixture(t)
	for _, object := range []string{"signing p256", "signing ed25519"} {
		uri := f.URI("release", object)
		public := f.must(hsm.Request{Operation: hsm.Public, URI: uri})
		if public.Token.Label != "release" || public.Token.Login != hsm.LoginPIN || public.Key.Label != object {
			t.Errorf("public %s: %+v, %+v", object, public.Token, public.Key)
		}
		for _, message := range [][]byte{[]byte("m"), bytes.Repeat([]byte("message"), 5000), make([]byte, hsm.MaxMessage)} {
			signed := f.must(hsm.Request{Operation: hsm.Sign, URI: uri, PIN: hsmtest.PIN, Message: message})
			if !holds(t, public.Key, message, signed.Signature) {
				t.Errorf("%s: the signature over %d bytes does not hold", object, len(message))
			}
			if holds(t, public.Key, append(message, 0), signed.Signature) {
				t.Errorf("%s: the signature holds for another message", object)
			}
		}
	}
}

// TestPublicAgrees compares what the helper says of a public key with what
// pkcs11-tool writes. (Of Ed25519 keys OpenSC 0.23 writes no SubjectPublicKeyInfo.)
func TestPublicAgrees(t *testing.T) {
	f := newFixture(t)
	file := filepath.Join(t.TempDir(), "key.der")
	f.Tool("release", "--read-object", "--type", "pubkey", "--label", "signing p256", "-o", file)
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	key := f.must(hsm.Request{Operation: hsm.Public, URI: f.URI("release", "signing p256")}).Key
	if block, _ := pem.Decode([]byte(key.Public)); block == nil || !bytes.Equal(block.Bytes, want) {
		t.Errorf("public key %q, want %x", key.Public, want)
	}
}

func TestSelection(t *testing.T) {
	f := newFixture(t)
	f.Key("release", "EC:prime256v1", "twin", "03")
	f.Key("release", "EC:prime256v1", "twin", "04")
	f.Key("release", "rsa:2048", "rsa key", "05")
	f.Key("release", "EC:secp384r1", "p384 key", "06")
	module := "?module-path=" + f.Path
	sign := func(uri string) hsm.Request {
		return hsm.Request{Operation: hsm.Sign, URI: uri, PIN: hsmtest.PIN, Message: []byte("m")}
	}
	public := func(uri string) hsm.Request {
		return hsm.Request{Operation: hsm.Public, URI: uri, PIN: hsmtest.PIN}
	}
	for _, ask := range []func(string) hsm.Request{sign, public} {
		f.refused(ask("pkcs11:token=nowhere"+module), hsm.NoToken, "no token that is present")
		f.refused(ask("pkcs11:serial=0000"+module), hsm.NoToken, "no token that is present")
		f.refused(ask("pkcs11:manufacturer=nobody;token=release"+module), hsm.NoToken, "no token that is present")
		f.refused(ask("pkcs11:object=twin"+module), hsm.AmbiguousToken, "2 tokens fit")
		f.refused(ask("pkcs11:token=release;object=none"+module), hsm.NoKey, "holds no private key")
		f.refused(ask("pkcs11:token=release;object=signing%20p256;id=%02"+module), hsm.NoKey, "holds no private key")
		f.refused(ask("pkcs11:token=release;object=twin"+module), hsm.AmbiguousKey, "2 p")
		f.refused(ask("pkcs11:token=release;object=rsa%20key"+module), hsm.Unsupported, "neither ECDSA P-256 nor Ed25519")
		f.refused(ask("pkcs11:token=release;object=p384%20key"+module), hsm.Unsupported, "neither ECDSA P-256 nor Ed25519")
	}
	f.refused(sign("pkcs11:token=release;object=twin;id=%03;type=public"+module), hsm.Unsupported, "cannot sign")
	for id, other := range map[string]string{"%03": "%04", "%04": "%03"} {
		uri := "pkcs11:model=SoftHSM%20v2;token=release;object=twin;type=private;id="
		signature := f.must(sign(uri + id + module)).Signature
		if !holds(t, f.must(public(uri+id+module)).Key, []byte("m"), signature) || holds(t, f.must(public(uri+other+module)).Key, []byte("m"), signature) {
			t.Errorf("the id %s does not choose its key", id)
		}
	}
}

func TestPIN(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	uri := f.URI("release", "signing p256")
	sign := func(uri, pin string) hsm.Request {
		return hsm.Request{Operation: hsm.Sign, URI: uri, PIN: pin, Message: []byte("m")}
	}
	f.refused(sign(uri, ""), hsm.PINNeeded, `the token "release" needs a PIN`)
	f.refused(sign(uri, "000000"), hsm.WrongPIN, "the PIN is wrong")
	f.refused(sign(uri+"&pin-source="+file("wrong", "000000\n"), ""), hsm.WrongPIN, "the PIN is wrong")
	f.refused(sign(uri+"&pin-source="+file("empty", "\n"), ""), hsm.PINSource, "does not hold one line")
	f.refused(sign(uri+"&pin-source="+file("two", hsmtest.PIN+"\nx\n"), ""), hsm.PINSource, "does not hold one line")
	f.refused(sign(uri+"&pin-source="+file("long", strings.Repeat("1", 5000)), ""), hsm.PINSource, "no regular file of at most")
	f.refused(sign(uri+"&pin-source="+dir, ""), hsm.PINSource, "no regular file")
	f.refused(sign(uri+"&pin-source=/nowhere/pin", ""), hsm.PINSource, "no such file")
	f.refused(sign(uri+"&pin-value="+hsmtest.PIN, ""), hsm.BadRequest, "pin-value is refused")

	key := f.must(hsm.Request{Operation: hsm.Public, URI: uri}).Key
	for _, from := range []string{file("line", hsmtest.PIN+"\n"), file("dos", hsmtest.PIN+"\r\n"), file("bare", hsmtest.PIN)} {
		if !holds(t, key, []byte("m"), f.must(sign(uri+"&pin-source=file:"+from, "")).Signature) {
			t.Errorf("%s: the signature does not hold", from)
		}
	}
	if answer, _ := f.ask(sign(uri, "")); answer.Token == nil || answer.Token.Label != "release" {
		t.Errorf("who lacks the PIN is not told for which token: %+v", answer.Token)
	}
}

func TestAlwaysAuthenticate(t *testing.T) {
	f := newFixture(t)
	f.Key("release", "EC:prime256v1", "each time", "07", "--always-auth")
	uri := f.URI("release", "each time")
	key := f.must(hsm.Request{Operation: hsm.Public, URI: uri}).Key
	signed := f.must(hsm.Request{Operation: hsm.Sign, URI: uri, PIN: hsmtest.PIN, Message: []byte("m")})
	if !holds(t, key, []byte("m"), signed.Signature) {
		t.Error("the signature does not hold")
	}
}

// TestCertificate takes the public key from a certificate, as with smart cards.
func TestCertificate(t *testing.T) {
	f := newFixture(t)
	uri := f.URI("release", "signing p256")
	ask := hsm.Request{Operation: hsm.Public, URI: uri}
	want := f.must(ask).Key.Public
	file := filepath.Join(t.TempDir(), "cert.der")
	if err := os.WriteFile(file, certify(t, want), 0o600); err != nil {
		t.Fatal(err)
	}
	f.Tool("release", "--delete-object", "--type", "pubkey", "--label", "signing p256")
	f.refused(ask, hsm.PINNeeded, "needs a PIN")
	withPIN := ask
	withPIN.PIN = hsmtest.PIN
	f.refused(withPIN, hsm.NoKey, "does not tell the public key")
	f.Tool("release", "--write-object", file, "--type", "cert", "--label", "signing p256", "--id", "01")
	if got := f.must(withPIN).Key.Public; got != want {
		t.Errorf("public key of the certificate %s, want %s", got, want)
	}
}

func certify(t *testing.T, public string) []byte {
	t.Helper()
	block, _ := pem.Decode([]byte(public))
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	_, issuer, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(nil, template, template, key, issuer)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestModule(t *testing.T) {
	f := newFixture(t)
	dir := t.TempDir()
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("no module"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, words := range map[string]string{
		"/nowhere/module.so": "the PKCS#11 module is missing",
		dir:                  "is no regular file",
		text:                 "cannot be loaded as a PKCS#11 module",
		noisy(t, dir):        "cannot be loaded as a PKCS#11 module",
	} {
		for _, operation := range []string{hsm.List, hsm.Public} {
			f.refused(hsm.Request{Operation: operation, URI: "pkcs11:?module-path=" + path}, hsm.BadModule, words)
		}
	}
	f.refused(hsm.Request{Operation: hsm.List, URI: "pkcs11:?module-path=libsofthsm2.so"}, hsm.BadRequest, "not absolute")
}

// noisy compiles a library that prints to standard output when it is loaded, and
// is no module.
func noisy(t *testing.T, dir string) string {
	t.Helper()
	source, module := filepath.Join(dir, "noisy.c"), filepath.Join(dir, "noisy.so")
	text := "#include <stdio.h>\n__attribute__((constructor)) static void loaded(void) { printf(\"{}\\n\"); fflush(stdout); }\n"
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "cc", "-shared", "-fPIC", "-o", module, source).CombinedOutput(); err != nil {
		t.Fatalf("cc: %v\n%s", err, out)
	}
	return module
}

func TestList(t *testing.T) {
	f := newFixture(t)
	f.Key("other", "EC:prime256v1", "loose", "08", "--extractable")
	shown := f.must(hsm.Request{Operation: hsm.List, URI: f.URI("", "")})
	labels := map[string]int{}
	for _, token := range shown.Tokens {
		labels[token.Label] = len(token.Keys)
		for _, k := range token.Keys {
			if k.Private || k.Extractable != nil || k.Public == "" {
				t.Errorf("without a PIN the key is shown as %+v", k)
			}
		}
	}
	if len(labels) != 2 || labels["release"] != 2 || labels["other"] != 1 {
		t.Errorf("keys of tokens: %v", labels)
	}
	f.refused(hsm.Request{Operation: hsm.List, URI: f.URI("", ""), PIN: hsmtest.PIN}, hsm.AmbiguousToken, "the PIN is that of one")

	keys := append(f.keysOf("release"), f.keysOf("other")...)
	if len(keys) != 3 {
		t.Fatalf("%d keys: %+v", len(keys), keys)
	}
	for i, want := range []hsm.Key{
		{Label: "signing ed25519", ID: "02", Algorithm: "ed25519"},
		{Label: "signing p256", ID: "01", Algorithm: "ecdsa-p256"},
		{Label: "loose", ID: "08", Algorithm: "ecdsa-p256"},
	} {
		loose := want.Label == "loose"
		k := keys[i]
		if k.Label != want.Label || k.ID != want.ID || k.Algorithm != want.Algorithm || !k.Private || k.Public == "" {
			t.Errorf("key %d is %+v", i, k)
		}
		if *k.Extractable != loose || *k.NeverExtractable == loose || !*k.Local {
			t.Errorf("%s: extractable %t, never %t, local %t", k.Label, *k.Extractable, *k.NeverExtractable, *k.Local)
		}
		// The address that the list gives is that of the key.
		if got := f.must(hsm.Request{Operation: hsm.Public, URI: k.URI}).Key; got.Public != k.Public {
			t.Errorf("%s is the address of another key", k.URI)
		}
	}
}

func (f *fixture) keysOf(token string) []hsm.Key {
	f.t.Helper()
	answer := f.must(hsm.Request{Operation: hsm.List, URI: f.URI(token, ""), PIN: hsmtest.PIN})
	if len(answer.Tokens) != 1 {
		f.t.Fatalf("tokens: %+v", answer.Tokens)
	}
	return answer.Tokens[0].Keys
}

// TestInput sends what is no request; the answer is always one line with a failure.
func TestInput(t *testing.T) {
	f := newFixture(t)
	whole, err := hsm.Marshal(hsm.Request{Version: hsm.Version, Operation: hsm.Sign, URI: f.URI("release", "signing p256"), PIN: hsmtest.PIN, Message: []byte("m")})
	if err != nil {
		t.Fatal(err)
	}
	inputs := map[string][]byte{
		"nothing":  nil,
		"too long": bytes.Repeat([]byte(" "), hsm.MaxRequest+1),
		"two":      append(bytes.Clone(whole), whole...),
	}
	for _, n := range []int{1, len(whole) / 2, len(whole) - 3} {
		inputs["cut at "+string(whole[n-1])] = whole[:n]
	}
	for name, input := range inputs {
		answer, status, err := f.raw(input)
		if !hsm.Is(err, hsm.BadRequest) || status != 1 || answer.Signature != nil {
			t.Errorf("%s: status %d, error %v", name, status, err)
		}
	}
	if _, status, err := f.raw(whole); err != nil || status != 0 {
		t.Errorf("the whole request: status %d, error %v", status, err)
	}
}

// TestWithoutCgo builds the program as the command line is built, and asks it.
func TestWithoutCgo(t *testing.T) {
	hsmtest.Need(t, "go")
	program := filepath.Join(t.TempDir(), "theriac-pkcs11")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), program)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	ended, ok := errors.AsType[*exec.ExitError](err)
	if !ok || ended.ExitCode() != 2 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "built without cgo") {
		t.Errorf("%v; stdout %q; stderr %q", err, &stdout, &stderr)
	}
}
