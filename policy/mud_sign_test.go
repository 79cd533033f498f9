package policy

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// issue makes a certificate for a key; of itself where no issuer is given.
func issue(t testing.TB, name string, key crypto.Signer, usage x509.KeyUsage, above *x509.Certificate, by crypto.Signer) *x509.Certificate {
	t.Helper()
	c := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(name)) + 7), Subject: pkix.Name{CommonName: name}, KeyUsage: usage,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		BasicConstraintsValid: true, IsCA: usage&x509.KeyUsageCertSign != 0,
	}
	if above == nil {
		above, by = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, above, key.Public(), by)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

func keys(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	must := func(k crypto.Signer, err error) crypto.Signer {
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	p256, err256 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p384, err384 := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	p521, err521 := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	rsa3, errRSA := rsa.GenerateKey(rand.Reader, 3072)
	return map[string]crypto.Signer{
		"ed25519": must(ed, err), "p256": must(p256, err256), "p384": must(p384, err384), "p521": must(p521, err521), "rsa": must(rsa3, errRSA),
	}
}

// TestSignMUD: OpenSSL takes the signature for the description, and for nothing else.
func TestSignMUD(t *testing.T) {
	openssl := need(t, "openssl")
	p := Compile(load(t, filepath.Join("testdata", "device")))
	mud, err := p.MUD(updated, p.MUDURL())
	if err != nil {
		t.Fatal(err)
	}
	all := keys(t)
	root := issue(t, "root", all["p256"], x509.KeyUsageCertSign, nil, nil)
	middle := issue(t, "between", all["p384"], x509.KeyUsageCertSign, root, all["p256"])
	delete(all, "ed25519")
	for name, key := range all {
		t.Run(name, func(t *testing.T) {
			cert := issue(t, "maker "+name, key, x509.KeyUsageDigitalSignature, middle, all["p384"])
			signature, err := SignMUD(mud, key, cert, middle)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			write(t, dir, "root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.Raw}))
			write(t, dir, "mud.p7s", signature)
			for text, want := range map[string]bool{string(mud): true, string(mud) + " ": false, "": false} {
				write(t, dir, "mud.json", []byte(text))
				cmd := exec.CommandContext(t.Context(), openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "mud.p7s", "-content", "mud.json",
					"-CAfile", "root.pem", "-purpose", "any", "-out", "seen")
				cmd.Dir = dir
				out, err := cmd.CombinedOutput()
				if (err == nil) != want {
					t.Errorf("%d octets: %v, want %t\n%s", len(text), err, want, out)
				}
				if want {
					if seen, err := os.ReadFile(filepath.Join(dir, "seen")); err != nil || !bytes.Equal(seen, mud) {
						t.Errorf("what was verified is not the description: %v", err)
					}
				}
			}
			if bytes.Contains(signature, mud[:64]) {
				t.Error("the signature holds the description")
			}
		})
	}
}

func TestSignMUDRefuses(t *testing.T) {
	all := keys(t)
	root := issue(t, "root", all["p256"], x509.KeyUsageCertSign, nil, nil)
	other := issue(t, "other", all["p521"], x509.KeyUsageCertSign, nil, nil)
	cert := issue(t, "maker", all["p384"], x509.KeyUsageDigitalSignature, root, all["p256"])
	if _, err := SignMUD(nil, all["rsa"], cert); !errors.Is(err, ErrMUDKey) {
		t.Errorf("a foreign key: %v", err)
	}
	edwards := issue(t, "edwards", all["ed25519"], x509.KeyUsageDigitalSignature, nil, nil)
	if _, err := SignMUD(nil, all["ed25519"], edwards); !errors.Is(err, ErrMUDKey) {
		t.Errorf("a key that few readers know: %v", err)
	}
	if _, err := SignMUD(nil, all["p256"], root); !errors.Is(err, ErrMUDCertificate) {
		t.Errorf("a certificate for certificates: %v", err)
	}
	if _, err := SignMUD(nil, all["p384"], cert, other); err == nil {
		t.Error("a certificate that is not above the first is taken")
	}
}
