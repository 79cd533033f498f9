package trust

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/digitorus/timestamp"

	"theriac/internal/hsm/hsmtest"
)

// authority is a time-stamp authority of OpenSSL behind a web server.
type authority struct {
	t      *testing.T
	dir    string
	url    string
	ca     *x509.Certificate
	signer *x509.Certificate

	mu    sync.Mutex // guards reply
	reply func(query []byte) []byte
}

const tsaConfig = `[tsa]
default_tsa = config
[config]
serial = DIR/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`

// newAuthority makes a certificate authority and below it that of the stamps. The
// key is "ec:" and a curve, or one that "openssl req -newkey" takes. Changes are pairs of texts of the
// configuration.
func newAuthority(t *testing.T, key string, changes ...string) *authority {
	t.Helper()
	hsmtest.Need(t, "openssl")
	a := &authority{t: t, dir: t.TempDir()}
	config := strings.NewReplacer(changes...).Replace(strings.ReplaceAll(tsaConfig, "DIR", a.dir))
	a.write("tsa.conf", config)
	a.write("serial", "01\n")
	a.write("tsa.ext", "basicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\nextendedKeyUsage = critical,timeStamping\n")
	kind, curve, isEC := strings.Cut(key, "ec:")
	options := []string{"-newkey", kind, "-nodes"}
	if isEC {
		options = []string{"-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:" + curve, "-nodes"}
	}
	a.openssl(append(options[:len(options):len(options)], "req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")...)
	a.openssl(append(options[:len(options):len(options)], "req", "-new", "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test time stamps")...)
	a.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-set_serial", "77", "-days", "1", "-extfile", "tsa.ext", "-out", "tsa.pem")
	a.ca, a.signer = a.certificate("ca.pem"), a.certificate("tsa.pem")
	a.reply = a.stamp
	server := httptest.NewServer(http.HandlerFunc(a.serve))
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	query, err := io.ReadAll(r.Body)
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != stampQuery {
		a.t.Errorf("request %s %s: %v", r.Method, r.Header, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	w.Header().Set("Content-Type", stampReply)
	w.Write(a.reply(query))
}

// stamp lets OpenSSL answer a query.
func (a *authority) stamp(query []byte) []byte {
	a.write("query", string(query))
	a.openssl("ts", "-reply", "-config", "tsa.conf", "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply")
	return a.read("reply")
}

// openssl runs the program; the name of the command may follow the options.
func (a *authority) openssl(args ...string) {
	a.t.Helper()
	for i, arg := range args {
		if arg == "req" && i > 0 {
			args = append([]string{"req"}, append(args[:i:i], args[i+1:]...)...)
		}
	}
	cmd := exec.CommandContext(a.t.Context(), "openssl", args...)
	cmd.Dir = a.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		a.t.Errorf("openssl %q: %v\n%s", args, err, out)
	}
}

func (a *authority) write(name, text string) {
	if err := os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o600); err != nil {
		a.t.Error(err)
	}
}

func (a *authority) read(name string) []byte {
	text, err := os.ReadFile(filepath.Join(a.dir, name))
	if err != nil {
		a.t.Error(err)
	}
	return text
}

func (a *authority) certificate(name string) *x509.Certificate {
	a.t.Helper()
	cert, err := ParseCertificate(a.read(name))
	if err != nil {
		a.t.Fatal(err)
	}
	return cert
}

func (a *authority) fetch(signature []byte) []byte {
	a.t.Helper()
	token, err := FetchStamp(a.t.Context(), a.url, signature)
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

func verifyStamp(token, signature []byte, authorities ...*x509.Certificate) (time.Time, error) {
	s, err := ReadStamp(token)
	if err != nil {
		return time.Time{}, err
	}
	return s.Verify(signature, authorities)
}

func TestStamp(t *testing.T) {
	signature := []byte("the bytes of a signature")
	for name, a := range map[string]*authority{
		"ec":       newAuthority(t, "ec:P-256"),
		"rsa":      newAuthority(t, "rsa:2048"),
		"sha512":   newAuthority(t, "ec:P-384", "signer_digest = sha256", "signer_digest = sha512", "ess_cert_id_alg = sha256", "ess_cert_id_alg = sha384"),
		"old form": newAuthority(t, "rsa:2048", "ess_cert_id_alg = sha256", "ess_cert_id_alg = sha1"),
		"fraction": newAuthority(t, "ec:P-256", "ordering = yes", "clock_precision_digits = 3"),
		"bare":     newAuthority(t, "ec:P-256", "ordering = yes", "", "tsa_name = yes", "", "accuracy = ", "# "),
	} {
		t.Run(name, func(t *testing.T) {
			before := time.Now().Truncate(time.Second)
			token := a.fetch(signature)
			for _, trusted := range []*x509.Certificate{a.ca, a.signer} {
				at, err := verifyStamp(token, signature, trusted)
				if err != nil || at.Before(before) || at.After(time.Now()) || at.Location() != time.UTC {
					t.Errorf("trusting %s: %s, %v", trusted.Subject, at, err)
				}
			}
			s, err := ReadStamp(token)
			if err != nil || s.Policy != "1.2.3.4.1" || s.Serial.Sign() <= 0 || !s.Signer.Equal(a.signer) {
				t.Errorf("%+v, %v", s, err)
			}
			if want := 1500*time.Millisecond + 100*time.Microsecond; s.Accuracy != want && name != "bare" {
				t.Errorf("accuracy %s", s.Accuracy)
			}
			// OpenSSL agrees.
			a.write("token", string(token))
			a.write("data", string(signature))
			a.openssl("ts", "-verify", "-in", "token", "-token_in", "-data", "data", "-CAfile", "ca.pem")
		})
	}
}

func TestStampRefused(t *testing.T) {
	signature := []byte("signature")
	a, stranger := newAuthority(t, "ec:P-256"), newAuthority(t, "ec:P-256")
	token := a.fetch(signature)
	for name, c := range map[string]struct {
		token, signature []byte
		trusted          []*x509.Certificate
		want             error
	}{
		"other signature":  {token, []byte("signaturf"), []*x509.Certificate{a.ca}, ErrStampOther},
		"other authority":  {token, signature, []*x509.Certificate{stranger.ca, stranger.signer}, ErrStampUntrusted},
		"nobody":           {token, signature, nil, ErrStampUntrusted},
		"other's token":    {stranger.fetch(signature), signature, []*x509.Certificate{a.ca, a.signer}, ErrStampUntrusted},
		"more behind it":   {append(bytes.Clone(token), 0), signature, []*x509.Certificate{a.ca}, ErrStampMalformed},
		"whole reply":      {a.read("reply"), signature, []*x509.Certificate{a.ca}, ErrStampMalformed},
		"nothing":          {nil, signature, []*x509.Certificate{a.ca}, ErrStampMalformed},
		"certificate":      {a.ca.Raw, signature, []*x509.Certificate{a.ca}, ErrStampMalformed},
		"indefinite BER":   {append(append([]byte{0x30, 0x80}, token[4:]...), 0, 0), signature, []*x509.Certificate{a.ca}, ErrStampMalformed},
		"too long":         {append([]byte{0x30, 0x83, 0x01, 0x00, 0x01}, make([]byte, 65537)...), signature, nil, ErrStampMalformed},
		"deep":             {bytes.Repeat([]byte{0x30, 0x80}, 30000), signature, nil, ErrStampMalformed},
		"length too large": {[]byte{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, signature, nil, ErrStampMalformed},
	} {
		if at, err := verifyStamp(c.token, c.signature, c.trusted...); !errors.Is(err, c.want) || !at.IsZero() {
			t.Errorf("%s: %s, %v, want %v", name, at, err, c.want)
		}
	}
	for n := range token {
		if _, err := ReadStamp(token[:n]); !errors.Is(err, ErrStampMalformed) {
			t.Errorf("cut off after %d of %d bytes: %v", n, len(token), err)
		}
	}
}

// TestStampWithoutCertificate takes the certificate of the signer from those that
// are trusted.
func TestStampWithoutCertificate(t *testing.T) {
	signature := []byte("signature")
	a := newAuthority(t, "ec:P-256")
	digest := sha256.Sum256(signature)
	query, err := (&timestamp.Request{HashAlgorithm: crypto.SHA256, HashedMessage: digest[:]}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := timestamp.ParseResponse(a.stamp(query))
	if err != nil {
		t.Fatal(err)
	}
	if at, err := verifyStamp(answer.RawToken, signature, a.signer); err != nil || at.IsZero() {
		t.Errorf("%s, %v", at, err)
	}
	if at, err := verifyStamp(answer.RawToken, signature, a.ca); !errors.Is(err, ErrStampUntrusted) {
		t.Errorf("%s, %v", at, err)
	}
}

// TestStampBits turns every bit of a token. None may go unnoticed.
func TestStampBits(t *testing.T) {
	signature := []byte("signature")
	a := newAuthority(t, "ec:P-256")
	token := a.fetch(signature)
	for i := range len(token) * 8 {
		token[i/8] ^= 1 << (i % 8)
		if at, err := verifyStamp(token, signature, a.ca); err == nil {
			t.Errorf("bit %d of byte %d of %d turned: verified, %s", i%8, i/8, len(token), at)
		}
		token[i/8] ^= 1 << (i % 8)
	}
}

func TestStampInParallel(t *testing.T) {
	signature := []byte("signature")
	a := newAuthority(t, "ec:P-256")
	token := a.fetch(signature)
	s, err := ReadStamp(token)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := verifyStamp(token, signature, a.ca); err != nil {
				t.Error(err)
			}
			if _, err := s.Verify(signature, []*x509.Certificate{a.ca}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// issued is a certificate with its key, for stamps that OpenSSL refuses to make.
type issued struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func issue(t *testing.T, by *issued, change func(*x509.Certificate)) *issued {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(5), Subject: pkix.Name{CommonName: "stamps"}, KeyUsage: x509.KeyUsageDigitalSignature,
		NotBefore: day(1), NotAfter: day(20), BasicConstraintsValid: true,
		ExtraExtensions: []pkix.Extension{{Id: oidExtKeyUsage, Critical: true, Value: timeStamping}},
	}
	change(template)
	parent := &issued{template, key}
	if by != nil {
		parent = by
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, &key.PublicKey, parent.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return &issued{cert, key}
}

// timeStamping is the DER of an extended key usage with that purpose.
var timeStamping = []byte{0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x08}

// day counts days so that today is the 15th: the library that makes these stamps
// also signs the true time, and wants it within the certificate.
func day(n int) time.Time { return stampToday.AddDate(0, 0, n-15) }

var stampToday = time.Now().UTC().Truncate(24 * time.Hour)

func asCA(c *x509.Certificate) {
	c.IsCA, c.KeyUsage, c.ExtraExtensions, c.Subject.CommonName = true, x509.KeyUsageCertSign, nil, "CA"
}

func (i *issued) stamp(t *testing.T, at time.Time, signature []byte) []byte {
	t.Helper()
	digest := sha256.Sum256(signature)
	s := &timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256, HashedMessage: digest[:], Time: at, Policy: []int{1, 2, 3},
		AddTSACertificate: true,
	}
	reply, err := s.CreateResponseWithOpts(i.cert, i.key, crypto.SHA256)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := timestamp.ParseResponse(reply)
	if err != nil {
		t.Fatal(err)
	}
	return answer.RawToken
}

// TestStampCertificates stamps with certificates of every kind.
func TestStampCertificates(t *testing.T) {
	signature := []byte("signature")
	ca := issue(t, nil, asCA)
	shortCA := issue(t, nil, func(c *x509.Certificate) { asCA(c); c.NotBefore, c.NotAfter = day(3), day(8) })
	usages := func(der ...byte) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtraExtensions[0].Value = der }
	}
	for name, c := range map[string]struct {
		signer *issued
		at     time.Time
		want   error
	}{
		"good":                    {issue(t, ca, func(*x509.Certificate) {}), day(10), nil},
		"first moment":            {issue(t, ca, func(*x509.Certificate) {}), day(1), nil},
		"last moment":             {issue(t, ca, func(*x509.Certificate) {}), day(20), nil},
		"too early":               {issue(t, ca, func(*x509.Certificate) {}), day(1).Add(-time.Second), ErrStampExpired},
		"too late":                {issue(t, ca, func(*x509.Certificate) {}), day(20).Add(time.Second), ErrStampExpired},
		"authority held":          {issue(t, shortCA, func(*x509.Certificate) {}), day(5), nil},
		"authority did not hold":  {issue(t, shortCA, func(*x509.Certificate) {}), day(10), ErrStampExpired},
		"not for stamps":          {issue(t, ca, func(c *x509.Certificate) { c.ExtraExtensions = nil }), day(10), ErrStampUntrusted},
		"for code":                {issue(t, ca, usages(0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03)), day(10), ErrStampUntrusted},
		"for stamps and code":     {issue(t, ca, usages(append(append([]byte{0x30, 0x14}, timeStamping[2:]...), 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03)...)), day(10), ErrStampUntrusted},
		"for stamps, not only":    {issue(t, ca, func(c *x509.Certificate) { c.ExtraExtensions[0].Critical = false }), day(10), ErrStampUntrusted},
		"key for encryption only": {issue(t, ca, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }), day(10), ErrStampUntrusted},
		"unknown critical extension": {issue(t, ca, func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}})
		}), day(10), ErrStampUntrusted},
		"signed by no authority": {issue(t, issue(t, ca, func(c *x509.Certificate) { c.Subject.CommonName = "no authority" }), func(*x509.Certificate) {}), day(10), ErrStampUntrusted},
		"self-signed":            {issue(t, nil, func(*x509.Certificate) {}), day(10), ErrStampUntrusted},
	} {
		at, err := verifyStamp(c.signer.stamp(t, c.at, signature), signature, ca.cert, shortCA.cert)
		if !errors.Is(err, c.want) || c.want == nil && !at.Equal(c.at) || c.want != nil && !at.IsZero() {
			t.Errorf("%s: %s, %v, want %v", name, at, err, c.want)
		}
	}
}

// TestStampTwin gives the certificate of the signer a twin of the same issuer and
// serial number, once with another key, and once with the same key and another
// name: the token names its certificate by digest.
func TestStampTwin(t *testing.T) {
	signature := []byte("signature")
	ca := issue(t, nil, asCA)
	tsa := issue(t, ca, func(*x509.Certificate) {})
	stranger := issue(t, nil, asCA) // another key under the name of the authority
	forged := issue(t, stranger, func(*x509.Certificate) {})
	if at, err := verifyStamp(forged.stamp(t, day(5), signature), signature, ca.cert, tsa.cert); !errors.Is(err, ErrStampUntrusted) {
		t.Errorf("forged certificate: %s, %v", at, err)
	}
	template := *tsa.cert
	template.Subject.CommonName, template.ExtraExtensions = "twin", []pkix.Extension{{Id: oidExtKeyUsage, Critical: true, Value: timeStamping}}
	der, err := x509.CreateCertificate(rand.Reader, &template, ca.cert, &tsa.key.PublicKey, ca.key)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadStamp(tsa.stamp(t, day(5), signature))
	if err != nil {
		t.Fatal(err)
	}
	twin, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.content.Certificates = []*x509.Certificate{twin}
	if at, err := s.Verify(signature, []*x509.Certificate{ca.cert}); !errors.Is(err, ErrStampUntrusted) || !strings.Contains(err.Error(), "another certificate") {
		t.Errorf("twin: %s, %v", at, err)
	}
}

func TestFetchStampRefused(t *testing.T) {
	signature := []byte("signature")
	a := newAuthority(t, "ec:P-256")
	strict := newAuthority(t, "ec:P-256", "digests = sha256, sha384, sha512", "digests = sha512")
	old := a.stamp(must(StampRequest(signature)))
	for name, c := range map[string]struct {
		reply func([]byte) []byte
		words string
	}{
		"rejection":     {strict.stamp, "rejected"},
		"replayed":      {func([]byte) []byte { return old }, "it answers another request"},
		"nothing":       {func([]byte) []byte { return nil }, "malformed"},
		"cut off":       {func(q []byte) []byte { r := a.stamp(q); return r[:len(r)-1] }, "malformed"},
		"too long":      {func([]byte) []byte { return make([]byte, 10<<20) }, "malformed time stamp: longer than"},
		"other imprint": {func(q []byte) []byte { return a.stamp(otherImprint(q)) }, "over other bytes"},
		"no signature":  {func(q []byte) []byte { r := a.stamp(q); r[len(r)-1] ^= 1; return r }, "gives none"},
	} {
		a.mu.Lock()
		a.reply = c.reply
		a.mu.Unlock()
		token, err := FetchStamp(t.Context(), a.url, signature)
		if err == nil || token != nil || !strings.Contains(err.Error(), c.words) {
			t.Errorf("%s: %v, want %q", name, err, c.words)
		}
	}
}

// otherImprint returns the query with another digest and the same nonce.
func otherImprint(query []byte) []byte {
	r, err := timestamp.ParseRequest(query)
	if err != nil {
		panic(err)
	}
	r.HashedMessage[0] ^= 1
	return must(r.Marshal())
}

func must(text []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return text
}

func TestFetchStampServer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/page", http.StatusTemporaryRedirect)
		case "/page":
			fmt.Fprint(w, "<html>")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	for address, words := range map[string]string{
		server.URL + "/moved":    "307 Temporary Redirect",
		server.URL + "/page":     "not with a time stamp",
		server.URL + "/gone":     "404 Not Found",
		"file:///etc/passwd":     "not an http or https address",
		"ftp://127.0.0.1/":       "not an http or https address",
		"http:":                  "not an http or https address",
		"tsa.example":            "not an http or https address",
		"http://127.0.0.1:1/tsa": "connect",
	} {
		if token, err := FetchStamp(t.Context(), address, []byte("s")); err == nil || token != nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", address, err, words)
		}
	}
}

func TestStampRequest(t *testing.T) {
	signature := []byte("signature")
	first, second := must(StampRequest(signature)), must(StampRequest(signature))
	r, err := timestamp.ParseRequest(first)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(signature)
	if !bytes.Equal(r.HashedMessage, digest[:]) || !r.Certificates || r.Nonce == nil || bytes.Equal(first, second) {
		t.Errorf("%+v", r)
	}
}

func BenchmarkStamp(b *testing.B) {
	signature := []byte("signature")
	token, ca := sampleStamp(b)
	for b.Loop() {
		if _, err := verifyStamp(token, signature, ca); err != nil {
			b.Fatal(err)
		}
	}
}

// sampleStamp reads the stamp of testdata, which OpenSSL made over the text
// "signature".
func sampleStamp(t testing.TB) ([]byte, *x509.Certificate) {
	t.Helper()
	token, err := os.ReadFile("testdata/stamp/token.der")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/stamp/ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	ca, err := ParseCertificate(text)
	if err != nil {
		t.Fatal(err)
	}
	return token, ca
}

// TestStampSample verifies a stamp of which the certificates end within days of
// its time: it stands for ever.
func TestStampSample(t *testing.T) {
	token, ca := sampleStamp(t)
	at, err := verifyStamp(token, []byte("signature"), ca)
	if err != nil || at.IsZero() {
		t.Fatalf("%s, %v", at, err)
	}
	if block, _ := pem.Decode(must(os.ReadFile("testdata/stamp/ca.pem"))); block == nil || !bytes.Equal(block.Bytes, ca.Raw) {
		t.Error("the certificate was read differently")
	}
}

// FuzzReadStamp looks for a panic, and for a token that proves another time than
// the sample.
func FuzzReadStamp(f *testing.F) {
	token, ca := sampleStamp(f)
	sample, err := ReadStamp(token)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token)
	f.Add(token[:len(token)/2])
	f.Add([]byte{0x30, 0x80, 0, 0})
	f.Add(bytes.Repeat([]byte{0x30, 0x7f}, 60))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ReadStamp(text)
		if err != nil {
			if !errors.Is(err, ErrStampMalformed) {
				t.Errorf("error of another kind: %v", err)
			}
			return
		}
		if at, err := s.Verify([]byte("signature"), []*x509.Certificate{ca}); err == nil && !at.Equal(sample.Time) {
			t.Errorf("a token proves %s, and the authority said %s: %x", at, sample.Time, text)
		}
		if at, err := s.Verify([]byte("another"), []*x509.Certificate{ca}); err == nil {
			t.Errorf("a token proves %s for a signature that was never stamped: %x", at, text)
		}
	})
}
