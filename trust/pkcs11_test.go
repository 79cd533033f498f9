package trust

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"theriac/internal/hsm"
	"theriac/internal/hsm/hsmtest"
)

// pinPad answers with a PIN and counts how often it is asked.
type pinPad struct {
	pin     string
	asked   int
	prompts []string
}

func (p *pinPad) ask(prompt string) ([]byte, error) {
	p.asked++
	p.prompts = append(p.prompts, prompt)
	return []byte(p.pin), nil
}

func TestPKCS11(t *testing.T) {
	m := hsmtest.New(t)
	m.Token("release")
	m.Key("release", "EC:prime256v1", "p256", "01")
	m.Key("release", "EC:edwards25519", "ed", "02")
	m.Key("release", "EC:prime256v1", "twin", "03")
	m.Key("release", "EC:prime256v1", "twin", "04")
	m.Key("release", "EC:secp384r1", "p384", "05")
	t.Setenv(helperEnv, hsmtest.Build(t, t.TempDir()))

	t.Run("sign", func(t *testing.T) { signInToken(t, m) })
	t.Run("pin source", func(t *testing.T) { signByPINSource(t, m) })
	t.Run("hidden", func(t *testing.T) { signHidden(t, m) })
	t.Run("swapped", func(t *testing.T) { refuseSwapped(t, m) })
	t.Run("wrong PIN", func(t *testing.T) { neverTryTwice(t, m) })
	t.Run("errors", func(t *testing.T) {
		for uri, want := range map[string]error{
			m.URI("release", "none"):                   ErrNoKey,
			m.URI("elsewhere", "p256"):                 ErrNoKey,
			m.URI("release", "twin"):                   ErrAmbiguous,
			m.URI("release", "p384"):                   ErrAlgorithm,
			"pkcs11:token=release":                     ErrNoKey,
			m.URI("release", "p256") + "&pin-value=12": ErrNoKey,
		} {
			pad := &pinPad{pin: hsmtest.PIN}
			if s, err := openPKCS11(t.Context(), uri, pad.ask); !errors.Is(err, want) || s != nil {
				t.Errorf("%s: %v, want %v", uri, err, want)
			}
		}
	})
}

func signInToken(t *testing.T, m *hsmtest.Module) {
	for object, algorithm := range map[string]string{"p256": ECDSAP256, "ed": Ed25519} {
		pad := &pinPad{pin: hsmtest.PIN}
		s, err := OpenSigner(t.Context(), m.URI("release", object), pad.ask)
		if err != nil {
			t.Fatal(err)
		}
		if pad.asked != 0 || s.Public().Algorithm() != algorithm {
			t.Errorf("%s: algorithm %s, the PIN was asked for %d times before there was anything to sign", object, s.Public().Algorithm(), pad.asked)
		}
		for _, message := range []string{"first", "second"} {
			signature, err := s.Sign(t.Context(), []byte(message))
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Public().Verify([]byte(message), signature); err != nil {
				t.Errorf("%s: %v", object, err)
			}
		}
		if id, err := s.KeyID(); err != nil || id != s.Public().ID() {
			t.Errorf("key id %s, %v", id, err)
		}
		if pad.asked != 1 || !strings.Contains(pad.prompts[0], `"release"`) {
			t.Errorf("%s: asked %q", object, pad.prompts)
		}
		if _, err := s.Sign(t.Context(), make([]byte, hsm.MaxMessage+1)); err == nil {
			t.Error("a text beyond the limit is signed")
		}
	}
}

func signByPINSource(t *testing.T, m *hsmtest.Module) {
	file := filepath.Join(t.TempDir(), "pin")
	if err := os.WriteFile(file, []byte(hsmtest.PIN+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := OpenSigner(t.Context(), m.URI("release", "ed")+"&pin-source="+file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), []byte("m")); err != nil {
		t.Error(err)
	}
}

// signHidden uses a key of which the token shows nothing without a PIN.
func signHidden(t *testing.T, m *hsmtest.Module) {
	m.Key("release", "EC:prime256v1", "hidden", "06", "--private")
	pad := &pinPad{pin: hsmtest.PIN}
	s, err := OpenSigner(t.Context(), m.URI("release", "hidden"), pad.ask)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), []byte("m")); err != nil || pad.asked != 1 {
		t.Errorf("%v; asked %d times", err, pad.asked)
	}
	if s, err := OpenSigner(t.Context(), m.URI("release", "hidden"), nil); !errors.Is(err, ErrPassphrase) || s != nil {
		t.Errorf("without anybody to ask: %v", err)
	}
}

// refuseSwapped gives a private key the public key of another one.
func refuseSwapped(t *testing.T, m *hsmtest.Module) {
	m.Key("release", "EC:prime256v1", "swapped", "07")
	m.Key("release", "EC:prime256v1", "source", "08")
	file := filepath.Join(t.TempDir(), "key.der")
	m.Tool("release", "--read-object", "--type", "pubkey", "--label", "source", "-o", file)
	m.Tool("release", "--delete-object", "--type", "pubkey", "--label", "swapped")
	m.Tool("release", "--write-object", file, "--type", "pubkey", "--label", "swapped", "--id", "07")
	pad := &pinPad{pin: hsmtest.PIN}
	s, err := OpenSigner(t.Context(), m.URI("release", "swapped"), pad.ask)
	if err != nil {
		t.Fatal(err)
	}
	if signature, err := s.Sign(t.Context(), []byte("m")); !errors.Is(err, ErrSignature) || signature != nil {
		t.Errorf("signature %x, %v", signature, err)
	}
}

// neverTryTwice checks that a wrong PIN costs one try of the token, however often
// something is to be signed.
func neverTryTwice(t *testing.T, m *hsmtest.Module) {
	pad := &pinPad{pin: "000000"}
	s, err := OpenSigner(t.Context(), m.URI("release", "p256"), pad.ask)
	if err != nil {
		t.Fatal(err)
	}
	count := filepath.Join(t.TempDir(), "runs")
	s.(*tokenSigner).helper.path = script(t, fmt.Sprintf("echo run >> %s\nexec %s\n", count, os.Getenv(helperEnv)))
	for range 3 {
		if signature, err := s.Sign(t.Context(), []byte("m")); !errors.Is(err, ErrPassphrase) || signature != nil {
			t.Errorf("signature %x, %v", signature, err)
		}
	}
	if runs, err := os.ReadFile(count); err != nil || string(runs) != "run\n" || pad.asked != 1 {
		t.Errorf("runs %q, %v; asked %d times", runs, err, pad.asked)
	}
	again := &pinPad{pin: hsmtest.PIN}
	if s, err = OpenSigner(t.Context(), m.URI("release", "p256"), again.ask); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sign(t.Context(), []byte("m")); err != nil || !strings.Contains(again.prompts[0], "the last one was wrong") {
		t.Errorf("%v; prompt %q", err, again.prompts)
	}
}

func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), helperName)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHelperMisbehaves replaces the helper by programs that do not keep to the
// protocol.
func TestHelperMisbehaves(t *testing.T) {
	for name, c := range map[string]struct{ text, words string }{
		"crash":         {"echo broken module >&2; kill -SEGV $$", "broken module"},
		"nothing":       {"exit 0", "read the answer"},
		"no JSON":       {"echo hello", "read the answer"},
		"cut off":       {`printf '{"version":1,"key":{'`, "read the answer"},
		"version":       {`echo '{"version":2}'`, "version 2"},
		"no key":        {`echo '{"version":1}'`, "without a key"},
		"status":        {`echo '{"version":1}'; exit 3`, "and then: exit status 3"},
		"endless":       {"cat /dev/zero | head -c 9000000", "longer than"},
		"late":          {"sleep 20", "did not answer"},
		"child is late": {"sleep 20 & exit 0", "WaitDelay"},
	} {
		path := script(t, c.text+"\n") // before any test starts a program, which would inherit the open file
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			uri, err := hsm.ParseURI("pkcs11:?module-path=/m.so")
			if err != nil {
				t.Fatal(err)
			}
			s := &tokenSigner{helper: helper{path, 3 * time.Second}, uri: uri}
			start := time.Now()
			err = s.open(t.Context())
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("%v, want %q", err, c.words)
			}
			if time.Since(start) > 15*time.Second {
				t.Error("it was waited for")
			}
		})
	}
}

func TestHelperIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := helper{script(t, "sleep 20\n"), time.Minute}.call(ctx, &hsm.Request{})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestFindHelper(t *testing.T) {
	path := script(t, "exit 0\n")
	t.Setenv("PATH", filepath.Dir(path))
	t.Setenv(helperEnv, "")
	if got, err := findHelper(); err != nil || got != path {
		t.Errorf("on PATH: %s, %v", got, err)
	}
	t.Setenv(helperEnv, "/opt/helper")
	if got, err := findHelper(); err != nil || got != "/opt/helper" {
		t.Errorf("by the environment: %s, %v", got, err)
	}
	t.Setenv(helperEnv, "helper")
	if got, err := findHelper(); err == nil {
		t.Errorf("a relative path is taken: %s", got)
	}
	t.Setenv(helperEnv, "")
	t.Setenv("PATH", "")
	if got, err := findHelper(); err == nil || !strings.Contains(err.Error(), helperEnv) {
		t.Errorf("nowhere: %s, %v", got, err)
	}
}

func TestLimited(t *testing.T) {
	l := &limited{max: 5}
	for _, s := range []string{"abc", "def", "ghi"} {
		if n, err := l.Write([]byte(s)); n != 3 || err != nil {
			t.Errorf("write %q: %d, %v", s, n, err)
		}
	}
	if !bytes.Equal(l.kept.Bytes(), []byte("abcde")) {
		t.Errorf("kept %q", l.kept.Bytes())
	}
}
